"""Conflicts are smallest, what stands has a witness, explanations name what went wrong, readings are told."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.audit import VERDICTS, Audit, AuditError, Settings
from recount.audit.recheck import failures
from recount.figures.readings import READINGS, ROUNDINGS, Bounds
from recount.package import report

WAYS = [f"{reading} {rounding}" for reading in READINGS for rounding in ROUNDINGS]


# -- what contraction alone cannot see --------------------------------------------------------------


def growing(total: str) -> Audit:
    """Two parts that grew by 3% and 4%, and the growth of their total; no level is printed."""
    relations = [
        "a1 == a0 * (1 + ga)",
        "b1 == b0 * (1 + gb)",
        "t1 == t0 * (1 + g)",
        "t1 == a1 + b1",
        "t0 == a0 + b0",
    ]
    units = dict.fromkeys(("a0", "a1", "b0", "b1", "t0", "t1"), "yuan")
    return Audit(report({"ga": "3%", "gb": "4%", "g": total}, relations, units=units))


def shares(first: str, second: str) -> Audit:
    relations = ["sa == a / total", "sb == b / total", "total == a + b"]
    return Audit(
        report({"sa": first, "sb": second}, relations, units=dict.fromkeys(("a", "b", "total"), "yuan"))
    )


@pytest.mark.parametrize("audit", [growing("5.1%"), shares("52%", "52%")], ids=["growth", "shares"])
def test_a_contradiction_without_any_level_is_found_under_every_reading(audit):
    assert len(audit.conflicts) == 1
    assert set(audit.conflicts[0].statistics) == set(audit.printed)
    assert set(audit.verdicts.values()) == {"contradicted"}


@pytest.mark.parametrize("audit", [growing("3.5%"), shares("52%", "48%")], ids=["growth", "shares"])
def test_what_can_be_true_has_a_witness(audit):
    assert audit.conflicts == []
    assert audit.unproved == []
    assert set(audit.witness) == set(audit.data.quantities.index)


# -- witnesses --------------------------------------------------------------------------------------


def test_a_witness_holds_in_plain_arithmetic():
    audit = Audit(
        report(
            {"now": "110.0亿元", "before": "约100亿元", "growth": "超过9%", "households": "120余户"},
            ["now == before * (1 + growth)", "each == now / households"],
            units={"each": "yuan"},
            whole=["households"],
        )
    )
    w = audit.witness
    assert w["now"] == pytest.approx(w["before"] * (1 + w["growth"]), rel=1e-12)
    assert w["each"] == pytest.approx(w["now"] / w["households"], rel=1e-12)
    assert 109.95e8 <= w["now"] < 110.05e8
    assert w["growth"] > 0.09
    assert w["households"] in range(121, 130)
    assert Audit(audit.data).witness == w  # the same every time


def test_undecided_where_neither_conflict_nor_witness_is_found():
    """x is above y by as much as y is above x: impossible, but no bound of theirs shows it soon."""
    audit = Audit(
        report(
            {"d": "1亿元", "e": "1亿元", "sum": "2亿元", "lone": "7亿元"},
            ["sum == d + e", "d == x - y", "e == y - x"],
            units={"x": "yuan", "y": "yuan"},
        )
    )
    assert audit.conflicts == []
    assert set(audit.unproved) == {"d", "e", "sum"}
    assert audit.verdicts == {"d": "undecided", "e": "undecided", "sum": "undecided", "lone": "unchecked"}
    assert set(audit.witness) == {"lone"}


INSIDE = Bounds(Decimal(0), Decimal(1), False, True)


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"a": 0.5, "b": 0.25, "n": 2.0}, []),
        ({"a": 0.5, "b": 0.2500001, "n": 2.0}, ["b == a ** n"]),
        ({"a": 1.0, "b": 1.0, "n": 2.0}, ["a"]),  # an end that is left out
        ({"a": 0.0, "b": 0.0, "n": 2.0}, []),
        ({"a": 0.5, "b": 0.125, "n": 3.0}, ["n <= 2.5"]),
        ({"a": 0.25, "b": 0.125, "n": 1.5}, ["n"]),  # not a whole number
        ({"a": -0.5, "b": 0.25, "n": 2.0}, ["a"]),
    ],
)
def test_the_recheck_names_what_a_set_of_values_breaks(values, broken):
    assert failures(values, ["b == a ** n", "n <= 2.5"], {"a": [INSIDE]}, ["n"]) == broken


def test_the_recheck_allows_what_binary_arithmetic_loses_in_a_difference_of_large_numbers():
    assert failures({"a": 1e12 + 0.3, "b": 1e12, "c": 0.3}, ["c == a - b"], {}) == []
    assert failures({"a": 1e12 + 0.3, "b": 1e12, "c": 5000.0}, ["c == a - b"], {}) == ["c == a - b"]


def test_infinity_is_no_witness():
    values = {"base": float("inf"), "level": 5.0, "rate": -0.126, "years": 46679.0}
    assert failures(values, ["level == base * (1 + rate) ** years"], {}) == ["base"]


# -- conflicts --------------------------------------------------------------------------------------


@st.composite
def ladders(draw: st.DrawFn) -> dict[str, object]:
    """A few counts with comparisons among them: many of these cannot all hold."""
    names = "abcde"[: draw(st.integers(3, 5))]
    figures = {name: f"{draw(st.integers(1, 6))}家" for name in names}
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda p: p[0] != p[1])
    chosen = draw(st.lists(pairs, min_size=2, max_size=5, unique=True))
    symbols = draw(st.lists(st.sampled_from(["<=", "==", ">="]), min_size=len(chosen), max_size=len(chosen)))
    return {
        "figures": figures,
        "relations": [f"{a} {s} {b}" for (a, b), s in zip(chosen, symbols, strict=True)],
    }


@settings(max_examples=40)
@given(ladders())
def test_the_first_conflict_is_a_smallest_one(ladder):
    audit = Audit(report(ladder["figures"], ladder["relations"], whole=list(ladder["figures"])))
    for conflict in audit.conflicts[:1]:
        (system,) = [j.system for j in audit.judgements if conflict.pieces[0] in j.system.pieces]
        assert system.possible(conflict.pieces) is None
        for size in range(1, len(conflict.pieces)):
            for pieces in itertools.combinations(system.pieces, size):
                assert system.possible(pieces) is not None


def test_conflicts_that_share_a_figure_are_listed_and_the_rest_keeps_its_verdict():
    """The total is wrong: each part with its share speaks against it, and one of them is set aside with it."""
    audit = Audit(
        report(
            {
                "total": "2000亿元",
                "a": "60.00亿元",
                "sa": "30.0%",
                "b": "140.00亿元",
                "sb": "70.0%",
                "c": "30.00亿元",
                "sc": "50.0%",
            },
            {"a_share": "sa == a / total", "b_share": "sb == b / total", "c_share": "sc == c / a"},
        )
    )
    assert len(audit.conflicts) == 1
    assert "total" in audit.conflicts[0].statistics
    assert {"total"} == set.intersection(*(set(c.statistics) for c in [*audit.conflicts, *audit.overlapping]))
    assert audit.explanations[0].statistics == ("total",)
    assert audit.explanations[0].printed == ("200亿元",)
    for id in set(audit.printed) - set(audit.disputed):
        assert audit.verdicts[id] in ("consistent", "confirmed", "bounded", "unchecked")


# -- explanations -----------------------------------------------------------------------------------


def test_two_slips_at_once_are_explained_as_a_pair():
    figures = {
        "total": "2000.0亿元",
        "a": "600.0亿元",
        "b": "1040.0亿元",
        "sa": "30.00%",
        "sb": "70.00%",
        "before": "1600.0亿元",
        "growth": "52.0%",
    }
    relations = ["total == a + b", "sa == a / total", "sb == b / total", "total == before * (1 + growth)"]
    audit = Audit(report(figures, relations))
    first = audit.explanations[0]
    assert dict(zip(first.statistics, first.printed, strict=True)) == {"b": "1400.0亿元", "growth": "25.0%"}
    assert first.slips == ("digits_swapped", "digits_swapped")


def test_ties_share_a_rank_and_nothing_depends_on_the_run():
    audit = Audit(
        report({"turnover": "353", "costs": "283", "profit": "115"}, ["profit == turnover - costs"])
    )
    ranks = [explanation.rank for explanation in audit.explanations]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1
    assert Audit(audit.data).explanations == audit.explanations
    assert audit.explanations[0].statistics == ("costs",)


def test_percent_for_points_is_tried_on_the_relation():
    audit = Audit(
        report({"before": "12.00%", "after": "13.25%", "rise": "1.25%"}, ["rise == after / before - 1"])
    )
    assert {"printed": "1.25个百分点", "kind": "percent_or_point"} in audit.slips["rise"]
    audit = Audit(
        report({"before": "12.00%", "after": "13.25%", "rise": "10.4个百分点"}, ["after == before + rise"])
    )
    assert audit.slips["rise"][0] == {"printed": "10.4%", "kind": "percent_or_point"}


def test_a_share_is_not_mended_by_calling_it_points():
    audit = Audit(
        report({"before": "12.0%", "after": "30.0%", "rise": "1.2个百分点"}, ["after == before + rise"])
    )
    for id in ("before", "after"):
        assert "percent_or_point" not in [slip["kind"] for slip in audit.slips[id]]


# -- nine ways of reading ---------------------------------------------------------------------------


def test_contradicted_under_one_rounding_rule_alone_is_undecided():
    """1000 over 3 is 333.3: nobody who rounds up prints 333."""
    data = report({"total": "1000亿元", "parts": "3个", "each": "333亿元"}, ["each == total / parts"])
    assert Audit(data).verdicts["each"] != "contradicted"
    audit = Audit(data, Settings(rounding="ceiling"))
    assert audit.conflicts
    assert audit.verdicts["each"] == "undecided"
    assert audit.ledger.loc["each", "contradicted_under"] == [way for way in WAYS if way.endswith("ceiling")]


def test_every_way_is_told_of_every_statistic():
    audit = shares("52%", "48%")
    for ways in audit.readings.values():
        assert list(ways) == WAYS
        assert set(ways.values()) <= set(VERDICTS)


def test_the_way_that_is_shown_is_one_of_the_nine():
    data = report({"a": "近100亿元", "b": "93亿元", "c": "7亿元"}, ["a == b + c"])
    for reading, rounding in itertools.product(READINGS, ROUNDINGS):
        audit = Audit(data, Settings(reading=reading, rounding=rounding))
        shown = {id: ways[f"{reading} {rounding}"] for id, ways in audit.readings.items()}
        assert shown == {
            id: "contradicted" if id in audit.disputed else verdict for id, verdict in audit.verdicts.items()
        }


# -- scenarios --------------------------------------------------------------------------------------


def test_a_batch_of_scenarios_says_what_each_audit_says_alone():
    data = report(
        {"now": "110.0亿元", "before": "约100亿元", "growth": "10.0%", "share": "近30%", "part": "33亿元"},
        {"growing": "now == before * (1 + growth)", "sharing": "share == part / now"},
        assumptions={"steady": "part >= 0.2 * now"},
    )
    changes = [
        {},
        {"reading": "literal"},
        {"rounding": "truncation"},
        {"overrides": {"growth": "20.0%"}},
        {"assumptions": {"steady": False}},
        {"reading": "loose", "overrides": {"part": "超50亿元"}},
    ]
    table = Audit(data).scenarios(changes)
    assert table.shape == (len(changes) * len(data.statistics), 3)
    for number, change in enumerate(changes):
        alone = Audit(data, Settings(**change))
        for id, interval in alone.recomputed.items():
            row = table.loc[(number, id)]
            assert (row["lower"], row["upper"]) == pytest.approx(
                (float(interval.lower), float(interval.upper))
            )
            assert (row["verdict"] == "contradicted") == (id in alone.disputed)


def test_a_scenario_adds_to_the_audit_s_own_settings():
    data = report({"a": "10家", "b": "10家"}, ["a == b"])
    audit = Audit(data, Settings(overrides={"a": "11家"}))
    assert set(audit.scenarios([{}])["verdict"]) == {"contradicted"}
    assert set(audit.scenarios([{"overrides": {"b": "11家"}}])["verdict"]) == {"confirmed"}


def test_a_scenario_of_unknown_settings_is_refused():
    with pytest.raises(
        AuditError, match="expected some of reading, rounding, evidence, assumptions, overrides"
    ):
        shares("52%", "48%").scenarios([{"raeding": "literal"}])
