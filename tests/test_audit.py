"""Verdicts, conflicts, support and slips on small reports whose answers are known by hand."""

from __future__ import annotations

import math

import pytest
from packages import loaded, quantity, reference, relation, statistic

from recount.audit import Audit, AuditError, Settings

GROWTH = {
    "quantities": [quantity("now", "yuan"), quantity("before", "yuan"), quantity("growth", "ratio", "-1")],
    "relations": [relation("growing", "now == before * (1 + growth)")],
}


def growing(tmp_path, now, before, growth):
    statistics = [statistic("now", now), statistic("before", before), statistic("growth", growth)]
    return Audit(loaded(tmp_path, statistics=statistics, **GROWTH))


def test_each_verdict_has_its_case(tmp_path):
    data = loaded(
        tmp_path,
        quantities=[
            quantity("whole"),
            quantity("part"),
            quantity("share", "ratio", "0", "1"),
            quantity("lone"),
            quantity("floor"),
            quantity("said"),
        ],
        statistics=[
            statistic("whole", "200家"),
            statistic("part", "50家"),
            statistic("share", "25%"),
            statistic("lone", "7家"),
            statistic("floor", "超3万家"),
            statistic("said", "12家"),
            statistic("said_again", "约12家", of="said"),
        ],
        relations=[relation("division", "share == part / whole"), relation("above", "floor >= whole")],
    )
    verdicts = Audit(data).verdicts
    assert verdicts["share"] == "confirmed"
    assert verdicts["part"] == "consistent"  # 49 to 51 is wider than 50
    assert verdicts["floor"] == "bounded"
    assert verdicts["lone"] == "unchecked"
    assert verdicts["said_again"] == "confirmed"


def test_recomputed_interval_leaves_the_statistic_itself_out(tmp_path):
    audit = growing(tmp_path, "110亿元", "100亿元", "10%")
    growth = audit.recomputed["growth"]
    assert float(growth.lower) == pytest.approx(109.5 / 100.5 - 1)
    assert float(growth.upper) == pytest.approx(110.5 / 99.5 - 1)
    assert audit.verdicts["growth"] == "consistent"


def test_a_wrong_growth_rate_is_a_conflict_of_three(tmp_path):
    audit = growing(tmp_path, "110.0亿元", "100.0亿元", "12.0%")
    assert [set(conflict.statistics) for conflict in audit.conflicts] == [{"now", "before", "growth"}]
    assert set(audit.verdicts.values()) == {"contradicted"}
    assert set(audit.support["growth"]) == {"now", "before", "growing"}
    assert {"printed": "10.0%", "kind": "digit_changed"} in audit.slips["growth"]


@pytest.mark.parametrize(
    ("printed", "meant", "kind"),
    [("11.0亿元", "110.0亿元", "power_of_ten"), ("110.0万元", "110.0亿元", "unit_word"),
     ("101.0亿元", "110.0亿元", "digits_swapped"), ("120.0亿元", "110.0亿元", "digit_changed"),
     ("10.0亿元", "110.0亿元", "digit_dropped"), ("1110.0亿元", "110.0亿元", "digit_doubled")],
)  # fmt: skip
def test_the_slip_that_was_made_is_among_those_shown(tmp_path, printed, meant, kind):
    slips = growing(tmp_path, printed, "100.0亿元", "10.0%").slips["now"]
    assert meant in [slip["printed"] for slip in slips]
    assert kind in [slip["kind"] for slip in slips]


def test_a_sign_that_was_lost_is_found(tmp_path):
    audit = growing(tmp_path, "90.0亿元", "100.0亿元", "10.0%")
    assert {"printed": "-10.0%", "kind": "sign"} in audit.slips["growth"]


def test_disputed_figures_are_set_aside_when_the_rest_is_judged(tmp_path):
    data = loaded(
        tmp_path,
        quantities=[*GROWTH["quantities"], quantity("share", "ratio", "0", "1"), quantity("part", "yuan")],
        statistics=[
            statistic("now", "110.0亿元"),
            statistic("before", "100.0亿元"),
            statistic("growth", "12.0%"),
            statistic("share", "50.0%"),
            statistic("part", "55.0亿元"),
        ],
        relations=[*GROWTH["relations"], relation("sharing", "share == part / now")],
    )
    audit = Audit(data)
    assert audit.verdicts["growth"] == "contradicted"
    assert audit.verdicts["share"] == "unchecked"  # all that bears on it is disputed


def test_two_conflicts_are_both_found(tmp_path):
    tables = {
        "quantities": [quantity(name) for name in "abcd"],
        "statistics": [
            statistic("a", "10家"),
            statistic("b", "20家"),
            statistic("c", "1家"),
            statistic("d", "2家"),
        ],
        "relations": [relation("first", "a == b"), relation("second", "c == d"), relation("tie", "a >= c")],
    }
    conflicts = Audit(loaded(tmp_path, **tables)).conflicts
    assert sorted(conflict.statistics for conflict in conflicts) == [("a", "b"), ("c", "d")]


def test_an_assumption_is_named_and_can_be_switched_off(tmp_path):
    tables = {
        "quantities": [
            quantity("end"),
            quantity("gain"),
            quantity("rate", "ratio", "-1"),
            quantity("base"),
            quantity("years", "year", "1", "20", integer=True),
        ],
        "statistics": [
            statistic("end", "508.8万户"),
            statistic("gain", "381万户"),
            statistic("rate", "16.63%"),
        ],
        "relations": [
            relation("sum", "end == base + gain"),
            relation("compound", "end == base * (1 + rate) ** years"),
            relation("one_year", "years == 1", "assumption", slip="period"),
        ],
    }
    data = loaded(tmp_path, **tables)
    audit = Audit(data)
    assert audit.conflicts[0].assumptions == ("one_year",)
    assert audit.alternatives.loc["one_year", "status"] == "refuted"
    slip = {"relation": "one_year", "kind": "period", "implied": {"years": [9.0, 9.0]}}
    assert slip in audit.slips["rate"]
    freed = Audit(data, Settings(assumptions={"one_year": False}))
    assert freed.conflicts == []
    assert (float(freed.implied["years"].lower), float(freed.implied["years"].upper)) == (9, 9)


RIVALS = {
    "quantities": [quantity("share", "ratio", "0", "1"),
                   *(quantity(name, integer=True) for name in ("part", "small", "large"))],
    "statistics": [statistic("share", "50.0%"), statistic("part", "60家")],
    "relations": [relation("of_small", "share == part / small", default="open", question="of_what"),
                  relation("of_large", "share == part / large", default="open", question="of_what")],
    "references": [reference("small_1", "small", "100家"), reference("large_1", "large", "120家")],
}  # fmt: skip


def test_rival_answers_are_tried_one_by_one(tmp_path):
    audit = Audit(loaded(tmp_path, **RIVALS))
    assert audit.alternatives["status"].to_dict() == {"of_small": "refuted", "of_large": "tenable"}
    assert audit.verdicts["share"] == "consistent"
    low, high = audit.recomputed["share"].lower, audit.recomputed["share"].upper
    assert (float(low), float(high)) == pytest.approx((0.5, 0.6))
    assert audit.support_kind("share") == "report+reference"


def test_choosing_an_answer_rules_its_rivals_out(tmp_path):
    data = loaded(tmp_path, **RIVALS)
    chosen = Audit(data, Settings(assumptions={"of_small": True}))
    assert chosen.verdicts["share"] == "contradicted"


def test_without_outside_evidence_only_the_report_counts(tmp_path):
    audit = Audit(loaded(tmp_path, **RIVALS), Settings(evidence="report"))
    assert (audit.recomputed["share"].lower, audit.recomputed["share"].upper) == (0, 1)
    assert audit.support_kind("share") == "report"  # 60 of a whole number are 50.0%, and never 49.9%


def test_a_list_is_counted_not_believed(tmp_path):
    items = [{"quantity": "kinds", "n": n, "item_zh": "x", "item_en": "x"} for n in (1, 2, 3)]
    tables = {"quantities": [quantity("kinds", integer=True)], "statistics": [statistic("kinds", "四大")]}
    audit = Audit(loaded(tmp_path / "four", enumerations=items, **tables))
    assert audit.verdicts["kinds"] == "contradicted"
    tables["statistics"] = [statistic("kinds", "三大")]
    audit = Audit(loaded(tmp_path / "three", enumerations=items, **tables))
    assert audit.verdicts["kinds"] == "confirmed"
    assert audit.support_kind("kinds") == "list"


def test_grim_a_mean_that_no_total_of_whole_numbers_gives(tmp_path):
    """Brown and Heathers, the GRIM test: 5.19 cannot be the mean of 28 whole numbers, but of 32 it can."""

    def verdict(count):
        data = loaded(
            tmp_path / count,
            quantities=[
                quantity("mean", "count"),
                quantity("people", integer=True),
                quantity("total", integer=True),
            ],
            statistics=[statistic("mean", "5.19"), statistic("people", f"{count}人")],
            relations=[relation("average", "mean == total / people")],
        )
        return Audit(data).verdicts["mean"]

    assert verdict("28") == "contradicted"
    assert verdict("32") != "contradicted"


def test_an_open_end_of_whole_numbers_is_left_out(tmp_path):
    """Ten years that were cut off are ten, eleven would have been printed as eleven."""
    data = loaded(
        tmp_path,
        quantities=[quantity("years", "year", "1", "20", integer=True)],
        statistics=[statistic("years", "10年")],
    )
    cut = Audit(data, Settings(rounding="truncation"))
    assert (float(cut.value("years").lower), float(cut.value("years").upper)) == (10, 10)


def test_outside_figures_that_contradict_each_other_are_an_error_not_a_verdict(tmp_path):
    data = loaded(
        tmp_path,
        quantities=[quantity("a")],
        statistics=[statistic("a", "5家")],
        references=[reference("one", "a", "1家"), reference("two", "a", "2家")],
    )
    with pytest.raises(AuditError, match=r"reference:one.*reference:two.*Correct or switch off"):
        _ = Audit(data).ledger


def test_overlapping_conflicts_leave_no_statistic_without_an_interval(tmp_path):
    data = loaded(
        tmp_path,
        quantities=[quantity(name) for name in "abc"],
        statistics=[statistic("a", "1家"), statistic("b", "2家"), statistic("c", "3家")],
        relations=[relation("ab", "a == b"), relation("bc", "b == c"), relation("ac", "a == c")],
    )
    ledger = Audit(data).ledger
    for row in ledger.itertuples():
        assert math.isfinite(row.recomputed_lower)
        assert row.recomputed_lower <= row.recomputed_upper


def test_an_override_replaces_a_figure_everywhere(tmp_path):
    tables = {
        "statistics": [
            statistic("now", "110.0亿元"),
            statistic("before", "100.0亿元"),
            statistic("growth", "12.0%"),
        ],
        **GROWTH,
    }
    data = loaded(tmp_path, **tables)
    mended = Audit(data, Settings(overrides={"growth": "10.0%"}))
    assert mended.conflicts == []
    assert mended.ledger.loc["growth", "printed"] == "10.0%"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(reading="strict"), r"reading: found 'strict'; expected one of 'literal', 'customary', 'loose'"),
        (Settings(reading=3), "reading: found 3"),
        (Settings(rounding="up"), "rounding: found 'up'; expected one of 'half_up'"),
        (Settings(evidence="none"), "evidence: found 'none'; expected one of 'report', 'all'"),
        (Settings(assumptions={"nothing": True}), "assumptions: found 'nothing'; expected one of"),
        (Settings(assumptions={"growing": "yes"}), r"assumptions\['growing'\]: found 'yes'; expected true or false"),
        (Settings(assumptions=["growing"]), "assumptions: found .*; expected a mapping"),
        (Settings(overrides={"now": "lots"}), r"overrides\['now'\]: found 'lots'"),
        (Settings(overrides={"now": 5}), r"overrides\['now'\]: found 5"),
        (Settings(overrides={"now": "5家"}), r"overrides\['now'\]: found '5家', in count; expected a figure in yuan"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_what_was_expected(tmp_path, settings, message):
    tables = {"statistics": [statistic("now", "110亿元")], **GROWTH}
    with pytest.raises(AuditError, match=message):
        Audit(loaded(tmp_path, **tables), settings)


def test_a_package_without_statistics_has_an_empty_ledger(tmp_path):
    audit = Audit(loaded(tmp_path, statistics=[], **GROWTH))
    assert audit.ledger.empty
    assert audit.verdicts == {}
