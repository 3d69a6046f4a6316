"""The chart of a sweep's page: a figure as it might have been printed, by ways of reading."""

from __future__ import annotations

import pytest
from drawn import TITLES, artists, gids

from recount.charts import layout_problems
from recount.charts.grids import Tried, what_ifs
from recount.figures.readings import READINGS, ROUNDINGS
from recount.words import LANGS

WAYS = [f"{reading} {rounding}" for reading in READINGS for rounding in ROUNDINGS]


def tried(n: int) -> Tried:
    """Contradicted where the number is odd, but not under the last way of reading."""
    verdicts = {way: "contradicted" if n % 2 and way != WAYS[-1] else "consistent" for way in WAYS}
    return Tried(str(n), f"{n}亿元", verdicts)


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_has_a_mark_for_every_way_of_reading_in_its_place(lang):
    figures = [tried(n) for n in range(361, 368)]
    chart = what_ifs(figures, "364亿元", lang, TITLES[lang], id="saved", unit="亿元")
    assert layout_problems(chart.figure) == []
    assert chart.draws == ("saved",)
    assert gids(chart) == {
        f"{figure.label}:{way} {figure.verdicts[way]}" for figure in figures for way in WAYS
    }
    columns = [
        {
            mark.get_xdata()[0]
            for way in WAYS
            for mark in artists(chart, f"{figure.label}:{way} {figure.verdicts[way]}")
        }
        for figure in figures
    ]
    assert [len(column) for column in columns] == [1] * 7  # one under the other
    assert [min(column) for column in columns] == sorted(min(column) for column in columns)
    rows = [
        {
            mark.get_ydata()[0]
            for figure in figures
            for mark in artists(chart, f"{figure.label}:{way} {figure.verdicts[way]}")
        }
        for way in WAYS
    ]
    assert [len(row) for row in rows] == [1] * 9
    assert [min(row) for row in rows] == sorted(min(row) for row in rows)


def test_the_band_lies_under_the_printed_figure_alone():
    chart = what_ifs([tried(n) for n in (1, 2, 3)], "2亿元", "en", TITLES["en"], id="saved")
    (band,) = [patch for axes in chart.figure.axes for patch in axes.patches]
    (x,) = {artists(chart, f"2亿元:{way} consistent")[0].get_xdata()[0] for way in WAYS}
    assert band.get_x() < x < band.get_x() + band.get_width()
    for n in (1, 3):
        beside = artists(chart, f"{n}亿元:{WAYS[-1]} consistent")[0].get_xdata()[0]
        assert not band.get_x() <= beside <= band.get_x() + band.get_width()


def test_the_alternative_text_says_under_which_ways_each_verdict_is_given():
    chart = what_ifs([tried(1), tried(2)], "2亿元", "en", TITLES["en"], id="saved")
    assert "2亿元: consistent (all nine)" in chart.alt
    assert "consistent (loose reading (rounded up)), contradicted (" in chart.alt


def test_a_printed_figure_that_is_not_among_them_is_an_error():
    with pytest.raises(ValueError, match="'9亿元' is not tried; expected the printed figure"):
        what_ifs([tried(1)], "9亿元", "en", TITLES["en"], id="saved")
