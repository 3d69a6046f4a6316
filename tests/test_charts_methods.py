"""The charts of the methods chapter: what they draw, what they say of it, and that labels fit."""

from __future__ import annotations

import math

import pytest

from recount.audit import Audit
from recount.charts import layout_problems
from recount.charts.methods import Turn, Turns, in_turn, nine_ways
from recount.figures.readings import READINGS, ROUNDINGS
from recount.package import report

WAYS = [f"{reading} {rounding}" for reading in READINGS for rounding in ROUNDINGS]
NEARLY = Turns(
    "近70%", "ratio", [Turn("literal", 0.665, 0.7, False, True), Turn("loose", 0.56, 0.735)], "data_share"
)
ABOVE = Turns("超过40%", "ratio", [Turn("literal", 0.4, math.inf, True, True)])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_intervals_in_turn_are_drawn_and_told_with_their_ends(lang):
    chart = in_turn([NEARLY, ABOVE], lang, "A title", source="A source")
    assert layout_problems(chart.figure) == []
    assert chart.draws == ("data_share",)
    assert chart.values[["lower", "upper"]].values.tolist() == [[0.665, 0.7], [0.56, 0.735], [0.4, math.inf]]
    assert "[66.5, 70.0) %" in chart.alt
    assert "(40, ∞) %" in chart.alt


def test_a_solid_dot_is_a_closed_end_and_a_hollow_one_an_open_end():
    axes = [axes for axes in in_turn([NEARLY], "en", "A title").figure.axes if axes.patches and axes.lines]
    first = {line.get_xdata()[0]: line for line in axes[0].lines}
    assert first[0.665].get_markerfacecolor() == first[0.665].get_color()
    assert first[0.7].get_markerfacecolor() != first[0.7].get_color()


def test_nothing_to_draw_is_an_error():
    with pytest.raises(ValueError, match="at least one group"):
        in_turn([], "en", "A title")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_way_of_reading_has_its_mark(lang):
    audit = Audit(
        report({"share": "28%", "part": "2.50亿元", "whole": "9.60亿元"}, ["share == part / whole"])
    )
    verdicts = {id: dict.fromkeys(WAYS, "consistent") for id in audit.printed}
    verdicts["share"]["loose ceiling"] = "contradicted"
    chart = nine_ways(audit.ledger, verdicts, lang, "A title", chosen=WAYS[3])
    assert layout_problems(chart.figure) == []
    assert chart.draws == ("share", "part", "whole")
    assert list(chart.values["series"][:9]) == [f"{way} {verdicts['share'][way]}" for way in WAYS]
    assert ("相符 8" if lang == "zh" else "consistent 8") in chart.alt
