"""What one more figure would settle: worked examples, and figures supposed to be published."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.audit import Audit, AuditError, Settings
from recount.audit.worth import figure, worth
from recount.figures.numerals import parse
from recount.figures.readings import default_readings
from recount.package import report

# an end and a growth rate; the start is printed nowhere
GROWTH = report(
    {"end": "110.0亿元", "growth": "10.0%"}, ["end == start * (1 + growth)"], units={"start": "yuan"}
)
# three figures of which one is wrong
TRIO = report(
    {"loans": "100亿元", "farm_loans": "26亿元", "farm_share": "30%"}, ["farm_share == farm_loans / loans"]
)


def found(data, **settings):
    return {gain.quantity: gain for gain in worth(Audit(data, Settings(**settings)))}


def test_the_missing_start_of_a_growth_rate_settles_both_its_end_and_the_rate():
    start = found(GROWTH)["start"]
    assert start.always == ("end", "growth")
    # the rate is left about half a point wide, of ten per cent
    assert 1.9 < start.least <= start.most < 2


def test_a_second_source_for_a_figure_settles_that_one_alone():
    end = found(GROWTH)["end"]
    assert end.always == ("end",)
    assert end.least == pytest.approx(1, abs=0.01)


def test_the_best_comes_first():
    ranked = worth(Audit(GROWTH))
    assert ranked[0].quantity == "start"
    assert [gain.least for gain in ranked] == sorted((gain.least for gain in ranked), reverse=True)


def test_a_figure_that_tells_which_of_three_is_wrong_settles_all_three():
    share = found(TRIO)["farm_share"]
    by_figure = dict(zip(share.tried, share.settled, strict=True))
    # what the other two give refutes the share alone; its own figure again leaves the dispute as it is
    assert by_figure["26.00%"] == ("loans", "farm_loans", "farm_share")
    assert by_figure["30.00%"] == ("farm_share",)
    assert share.always == ("farm_share",)
    assert share.least < 1.1 < 2.9 < share.most


def test_only_some_quantities_can_be_asked_for():
    assert [gain.quantity for gain in worth(Audit(GROWTH), ["start"])] == ["start"]


def test_a_published_figure_counts_like_an_outside_one():
    outside = report(
        {"end": "110.0亿元", "growth": "10.0%"},
        ["end == start * (1 + growth)"],
        units={"start": "yuan"},
        outside={"start": "100.0亿元"},
    )
    supposed = Audit(GROWTH, Settings(published={"start": "100.0亿元"}))
    assert supposed.verdicts == Audit(outside).verdicts
    assert supposed.recomputed["growth"].lower == Audit(outside).recomputed["growth"].lower
    assert supposed.support_kind("growth") == Audit(outside).support_kind("growth")


def test_published_figures_differ_from_scenario_to_scenario():
    table = Audit(GROWTH).scenarios(
        [{}, {"published": {"start": "100.0亿元"}}, {"published": {"start": "9亿元"}}]
    )
    verdicts = [table.loc[(number, "growth"), "verdict"] for number in range(3)]
    assert verdicts == ["unchecked", "consistent", "contradicted"]


def test_a_published_figure_can_refute_one_figure_of_a_conflict_alone():
    table = Audit(TRIO).scenarios([{}, {"published": {"farm_share": "26.0%"}}])
    assert table.loc[0]["verdict"].to_dict() == dict.fromkeys(TRIO.statistics["id"], "contradicted")
    verdicts = table.loc[1]["verdict"].to_dict()
    assert verdicts.pop("farm_share") == "contradicted"
    assert set(verdicts.values()) <= {"confirmed", "consistent"}


@pytest.mark.parametrize(
    ("published", "message"),
    [
        ({"nothing": "5亿元"}, "published: found 'nothing'; expected one of"),
        ({"start": "5家"}, r"published\['start'\]: found '5家', in count; expected a figure in yuan"),
        ({"start": "lots"}, r"published\['start'\]: found 'lots'"),
        (["start"], "published: found .*; expected a mapping"),
    ],
)
def test_a_wrong_published_figure_is_named_with_what_was_expected(published, message):
    with pytest.raises(AuditError, match=message):
        Audit(GROWTH, Settings(published=published))


@given(
    value=st.decimals(min_value="0.002", max_value="1e14", places=4),
    unit=st.sampled_from(["yuan", "day", "hour", "tonne"]),
)
def test_a_figure_stands_for_the_value_it_was_made_from(value: Decimal, unit: str):
    stands_for(figure(value, unit), value, unit)


@given(value=st.integers(1, 10**12), unit=st.just("count") | st.just("year"))
def test_so_does_a_number_or_a_span_of_years(value: int, unit: str):
    stands_for(
        figure(Decimal(value if unit == "count" else value % 900 + 1), unit),
        Decimal(value if unit == "count" else value % 900 + 1),
        unit,
    )


@given(value=st.decimals(min_value="0.0001", max_value="5", places=6))
def test_so_does_a_share(value: Decimal):
    stands_for(figure(value, "ratio"), value, "ratio")


def stands_for(text: str, value: Decimal, unit: str) -> None:
    read = parse(text)
    assert read.unit == unit
    bounds = default_readings().bounds(read, "customary", "half_up")
    assert bounds.lower <= value <= bounds.upper
    assert abs(read.value - value) <= value / 1000
