"""Spans of time: where their ends may lie, what is drawn of them and what is said."""

from __future__ import annotations

import math

import pytest
from drawn import TITLES, across, artists, spans

from recount import charts
from recount.charts import Chart, Span, layout_problems
from recount.words import LANGS

INF = math.inf
TODAY = 2024.25
BACK = Span("window", "A window", 9.5, 10.5, (TODAY, TODAY), printed="10 years", verdict="consistent")
AHEAD = Span("plan", "A plan", 5.0, 5.0, (2023.0, 2024.0), ahead=True)
OPEN = Span("", "Open", 3.0, INF, (2023.5, 2023.5))
both = pytest.mark.parametrize("lang", LANGS)


def make(*rows: Span, lang: str = "en") -> Chart:
    return charts.spans(rows, (TODAY, "today"), lang, TITLES[lang])


def test_the_unknown_end_follows_from_the_known_one() -> None:
    assert (BACK.start, BACK.end) == ((2013.75, 2014.75), (TODAY, TODAY))
    assert (AHEAD.start, AHEAD.end) == ((2023.0, 2024.0), (2028.0, 2029.0))


def test_solid_is_what_surely_belongs_and_hollow_where_an_end_may_lie() -> None:
    chart = make(BACK, AHEAD)
    (solid,), (hollow,) = artists(chart, "window:printed"), artists(chart, "window:implied")
    assert across(solid) == (2014.75, TODAY)
    assert across(hollow) == (2013.75, 2014.75)
    assert solid.get_facecolor()[3] == 1
    assert hollow.get_facecolor()[3] == 0
    assert across(artists(chart, "plan:printed")[0]) == (2024.0, 2028.0)
    assert [across(part) for part in artists(chart, "plan:implied")] == [(2023.0, 2024.0), (2028.0, 2029.0)]
    assert spans(chart, "window:printed") == [(9.5, 10.5)]
    assert spans(chart, "plan:printed") == [(5.0, 5.0)]


def test_a_span_without_a_longest_length_points_back() -> None:
    chart = make(OPEN, BACK)
    (part,) = artists(chart, "Open:implied")
    assert across(part) == (part.axes.get_xlim()[0], 2020.5)
    assert len(part.get_xy()) == 6  # a tip
    assert spans(chart, "Open:printed") == [(3.0, INF)]


def test_a_span_that_need_not_hold_any_time_is_hollow_throughout() -> None:
    brief = Span("brief", "Brief", 0.5, 0.5, (2022.0, 2023.0), ahead=True)
    chart = make(brief, BACK)
    assert artists(chart, "brief:printed") == []
    assert len(artists(chart, "brief:implied")) == 2


def test_the_mark_crosses_every_bar_at_its_date_and_stays_in_its_row() -> None:
    chart = make(BACK, AHEAD, OPEN)
    marks = artists(chart, "today:threshold")
    assert len(marks) == 3
    for mark in marks:
        assert across(mark) == (TODAY, TODAY)
        assert tuple(mark.get_ydata()) == (0, 1)


@both
def test_words_tell_both_ends_and_labels_fit(lang: str) -> None:
    chart = make(BACK, AHEAD, OPEN, lang=lang)
    assert layout_problems(chart.figure) == []
    assert chart.draws == ("window", "plan")
    said = {
        "zh": ["起于2013年9月末～2014年9月末", "止于2027年末～2028年末", "相符"],
        "en": ["starting end of September 2013", "ending end of 2027 to end of 2028", "consistent"],
    }
    for words in said[lang]:
        assert words in chart.alt
    assert list(chart.values["series"]) == [
        "printed",
        "implied",
        "printed",
        "implied",
        "implied",
        "printed",
        "implied",
    ]


def test_nothing_to_draw_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one span"):
        make()
