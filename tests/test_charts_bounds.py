"""What lies outside the usual: open ends over time, falls, shares above the whole, figures that stand alone."""

from __future__ import annotations

import math

import pytest
from drawn import TITLES, across, artists, frame, spans

from recount import charts
from recount.charts import Level, Pair, Path, Share, State, Stock, layout_problems
from recount.words import LANGS

INF = math.inf
both = pytest.mark.parametrize("lang", LANGS)


@both
def test_a_level_without_an_end_is_an_arrow_from_the_end_there_is(lang: str) -> None:
    path = Path(
        "Lines",
        Level(2024.0, 460.0, 470.0),
        [],
        [Level(2020.5, 101.0, INF), Level(2021.0, -INF, 120.0)],
        "stock",
    )
    chart = charts.growth_path([path], lang, TITLES[lang])
    assert spans(chart, "stock:observed") == [(101.0, INF), (-INF, 120.0)]
    assert {"zh": "虚线", "en": "broken line"}[lang] in chart.caption
    assert layout_problems(chart.figure) == []
    printed = charts.growth_path(
        [Path("Lines", Level(2024.0, 460.0, INF), [], [], "stock")], lang, TITLES[lang]
    )
    assert spans(printed, "stock:printed") == [(460.0, INF)]
    with pytest.raises(ValueError, match="without an end"):
        charts.growth_path([Path("x", Level(2024.0, -INF, INF))], lang, TITLES[lang])


@both
def test_a_fall_has_no_plus_and_stands_beside_the_longer_bar(lang: str) -> None:
    fall = Stock(
        "x", 100.0, 101.0, (-0.226, -0.225), "2023", "2022", "stock", "rate", growth_printed="−22.6%"
    )
    rise = Stock("y", 100.0, 101.0, (0.011, 0.012), "2023", "2022", "other", "pace", growth_printed="1.2%")
    chart = charts.stock_bars([fall, rise], lang, TITLES[lang])
    (words,), (base,) = artists(chart, "rate:growth"), artists(chart, "stock:base")
    assert words.get_text() == "−22.6%"
    assert across(base)[1] == pytest.approx(100.0 / (1 - 0.225), rel=0.01)
    assert artists(chart, "pace:growth")[0].get_text() == "+1.2%"
    assert "+−" not in chart.alt
    assert layout_problems(chart.figure) == []


@both
def test_a_share_above_the_whole_is_cut_off_with_an_arrowhead(lang: str) -> None:
    chart = charts.shares([Share("x", 1.2, 1.3, "stock"), Share("y", 0.4, 0.5, "other")], lang, TITLES[lang])
    assert spans(chart, "stock:printed") == [(1.2, 1.3)]
    heads = [line for axes in chart.figure.axes for line in axes.lines if line.get_marker() == ">"]
    assert [across(head) for head in heads] == [(1.0, 1.0)]
    assert "100%" in chart.caption.split("：")[-1].split(":")[-1]
    assert layout_problems(chart.figure) == []


def test_an_outside_figure_known_only_from_above_is_hatched() -> None:
    chart = charts.shares([Share("x", 0.0, 0.7)], "en", TITLES["en"], draws=("stock",))
    assert artists(chart, "x:observed between")[0].get_hatch()


@both
def test_a_bar_too_narrow_to_show_its_kind_has_a_mark(lang: str) -> None:
    pair = Pair("x", State(1.0, 1.0), State(5.0, 5.001, "", "stock"))
    wide = Pair("y", State(1.0, 3.0), State(4.0, 6.0))
    chart = charts.before_after([pair, wide], lang, TITLES[lang], unit="day")
    marks = [line for axes in chart.figure.axes for line in axes.lines if line.get_marker() == "D"]
    assert [across(mark)[0] for mark in marks] == pytest.approx([1.0, 5.0005])
    hollow, filled = marks
    assert hollow.get_markerfacecolor() != hollow.get_markeredgecolor()
    assert filled.get_markerfacecolor() == filled.get_markeredgecolor()
    assert {"zh": "菱形", "en": "diamond"}[lang] in chart.caption


@both
def test_a_lone_figure_stands_beside_what_it_needs(lang: str) -> None:
    rows = frame().loc[["outlets", "stock"]]
    chart = charts.missing(rows, {"outlets": "a list", "stock": "another"}, lang, TITLES[lang])
    (needed,), (known,) = artists(chart, "outlets:missing"), artists(chart, "stock:missing")
    assert needed.get_linestyle() != known.get_linestyle()
    assert "a list" in chart.alt
    assert "another" not in chart.alt  # something bears on it
    assert layout_problems(chart.figure) == []
    with pytest.raises(KeyError):
        charts.missing(rows, {}, lang, TITLES[lang])
