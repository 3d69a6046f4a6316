"""Reports of a few lines: units are taken from the figures, and what is wrong is said at once."""

from __future__ import annotations

import pytest

from recount.audit import Audit, Settings
from recount.package import DataError, report

SHARE = ["share == part / whole"]


def test_units_come_from_the_figures_and_the_audit_runs():
    data = report({"share": "26%", "part": "2.50亿元", "whole": "9.60亿元"}, SHARE)
    assert data.quantities["unit"].to_dict() == {"share": "ratio", "part": "yuan", "whole": "yuan"}
    assert Audit(data).verdicts["share"] == "confirmed"


def test_a_relation_that_fails_is_found_and_named_as_the_caller_named_it():
    data = report({"share": "30%", "part": "2.50亿元", "whole": "9.60亿元"}, {"division": SHARE[0]})
    conflict = Audit(data).conflicts[0]
    assert set(conflict.pieces) == {"share", "part", "whole", "division"}


def test_english_figures_can_be_used_too():
    data = report({"share": "26%", "part": "$2.50 billion", "whole": "$9.60 billion"}, SHARE)
    assert data.quantities.loc["part", "unit"] == "dollar"
    assert Audit(data).verdicts["share"] == "confirmed"


def test_a_quantity_that_is_not_printed_needs_its_unit_only():
    data = report({"share": "26.0%", "part": "2.50亿元"}, SHARE, units={"whole": "yuan"})
    implied = Audit(data).implied["whole"]
    assert implied.lower == pytest.approx(2.495e8 / 0.2605)
    assert implied.upper == pytest.approx(2.505e8 / 0.2595)


def test_a_figure_may_restate_another():
    data = report({"share": "26.0%", "again": "约四分之一"}, restates={"again": "share"})
    audit = Audit(data)
    assert list(data.quantities.index) == ["share"]
    assert audit.support_kind("share") == "restatement"


def test_an_outside_figure_counts_as_evidence_until_it_is_left_out():
    data = report({"share": "26.0%"}, outside={"share": "26%"})
    assert Audit(data).verdicts["share"] == "consistent"
    assert Audit(data, Settings(evidence="report")).verdicts["share"] == "unchecked"


def test_an_assumption_can_be_switched_off():
    data = report({"whole": "9.60亿元", "part": "12.0亿元"}, assumptions={"same_scope": "part <= whole"})
    assert Audit(data).conflicts[0].assumptions == ("same_scope",)
    assert Audit(data, Settings(assumptions={"same_scope": False})).conflicts == []


def test_limits_and_whole_numbers():
    data = report(
        {"each": "3.4人", "all": "17人"},
        ["all == each * homes"],
        units={"homes": "count"},
        limits={"homes": (1, 100)},
        whole=["homes", "all"],
    )
    assert float(Audit(data).implied["homes"].lower) == float(Audit(data).implied["homes"].upper) == 5
    assert data.natural("each").lower == 0


def test_a_ratio_can_be_a_fall_and_an_amount_cannot_be_negative():
    data = report({"growth": "-3%", "loans": "9.6亿元"})
    assert data.natural("growth").lower == -1
    assert data.natural("loans").lower == 0


def test_labels_stand_for_ids_in_words():
    data = report({"share": "26%"}, labels={"share": "Farm share"})
    assert data.statistics.loc["share", "label_en"] == "Farm share"


def test_everything_wrong_is_said_at_once():
    with pytest.raises(DataError) as error:
        report(
            {"share": "a lot", "part": "2.50亿元", "again": "26%"},
            [*SHARE, "part +"],
            restates={"again": "part"},
        )
    message = str(error.value)
    for words in ("'a lot'", "'whole'", "units={'whole': 'yuan'}", "part +", "as part is printed"):
        assert words in message
