"""Ends, open and closed: where they are drawn, where their labels go and what they decide."""

from __future__ import annotations

import math
import re
from typing import Any

import pandas as pd
import pytest
from drawn import TITLES, across, artists, extents, frame

from recount import charts
from recount.charts import Band, Chart, Level, Option, Path
from recount.words import LANGS

INF = math.inf
both = pytest.mark.parametrize("lang", LANGS)


@pytest.fixture
def ledger() -> pd.DataFrame:
    return frame()


def label_over_shape(chart: Chart, words: str, gid: str) -> bool:
    """Whether a text and a shape have more than a point of the page in common."""
    texts = [text for axes in chart.figure.axes for text in axes.texts if text.get_text() == words]
    label, drawn = extents(chart, texts + artists(chart, gid))
    return bool(
        min(label.x1, drawn.x1) - max(label.x0, drawn.x0) > 1
        and min(label.y1, drawn.y1) - max(label.y0, drawn.y0) > 1
    )


@pytest.mark.parametrize(
    ("lower", "upper", "printed"),
    [(3e6, INF, "超300万户次"), (-INF, 1e6, "100万元以下"), (-INF, INF, "不限"), (3e6, 3.1e6, "300余万户次")],
)
def test_the_label_of_a_count_is_beside_or_above_its_bar(
    lower: float, upper: float, printed: str, ledger: pd.DataFrame
) -> None:
    rows = ledger.loc[["jobs", "outlets"]].copy()
    rows.loc["jobs", ["lower", "upper", "printed"]] = [lower, upper, printed]
    rows.loc["outlets", ["lower", "upper"]] = [3.05e6, 3.05e6]
    for log in (None, False):
        chart = charts.counts(rows, "zh", TITLES["zh"], log=log)
        assert not label_over_shape(chart, printed, "jobs:printed")
        assert charts.layout_problems(chart.figure) == []


def _rank(ledger: pd.DataFrame, **values: Any) -> pd.DataFrame:
    row = {
        "unit": "rank",
        "kind": "rank",
        "lowest": 1.0,
        "highest": 31.0,
        "lower": 1.0,
        "upper": INF,
        "printed": "最多的省份之一",
        "recomputed_lower": 1.0,
        "recomputed_upper": 31.0,
        "verdict": "unchecked",
        **values,
    }
    return ledger.loc[["items"]].assign(**row)


def test_the_first_and_the_last_place_are_ends(ledger: pd.DataFrame) -> None:
    chart = charts.printed_vs_recomputed(_rank(ledger), "zh", TITLES["zh"])
    (bar,) = artists(chart, "items:printed")
    assert across(bar) == (1, 31)
    assert len(bar.get_xy()) == 5  # no tip
    ticks = [text.get_text() for axes in chart.figure.axes for text in axes.texts]
    assert {"第1位", "第10位", "第30位"} <= set(ticks)
    limited = _rank(ledger, recomputed_upper=4.0, verdict="bounded")
    (bar,) = artists(charts.printed_vs_recomputed(limited, "zh", "x"), "items:recomputed")
    assert across(bar) == (1, 4)


@pytest.mark.parametrize(
    ("printed", "ends", "drawn"),
    [
        ("100%", (0.995, 1.005), (0.995, 1.0)),
        ("99%以上", (0.99, 1.0), (0.99, INF)),
        ("0%", (-0.005, 0.005), (0.0, 0.005)),
        ("1%以下", (0.0, 0.01), (-INF, 0.01)),
    ],
)
def test_a_limit_that_is_printed_is_an_end(
    printed: str, ends: tuple[float, float], drawn: tuple[float, float], ledger: pd.DataFrame
) -> None:
    row = ledger.loc[["cover"]].assign(printed=printed, lower=ends[0], upper=ends[1])
    chart = charts.printed_vs_recomputed(row, "zh", TITLES["zh"])
    first = chart.values.iloc[0]
    assert (first["lower"], first["upper"]) == drawn


@both
@pytest.mark.parametrize("first", [0.998e12, 1.02e12, 1.05e12, 1.1e12, 1.18e12])
def test_no_value_of_the_axis_lies_on_a_mark(lang: str, first: float) -> None:
    path = Path(
        "余额",
        Level(2024.0, 4.85e12, 4.95e12),
        [Level(2019.0, first * 0.98, first * 1.02)],
        [Level(2019.1, first, first)],
    )
    chart = charts.growth_path([path], lang, TITLES[lang])
    marks = [line for axes in chart.figure.axes for line in axes.lines if line.get_marker() in "so"]
    values = [
        text
        for axes in chart.figure.axes
        for text in axes.texts
        if re.fullmatch(r"\d+(万亿元| trillion yuan)", text.get_text())
    ]
    assert len(values) >= 2
    for box in extents(chart, values):
        assert not [mark for mark in extents(chart, marks) if box.overlaps(mark)]


def test_ends_that_touch_fit_only_where_both_are_closed() -> None:
    band = {"id": "x", "label": "x", "lower": 2.0, "upper": 3.0, "unit": "year"}
    above, below = Option("a", 3.0, 4.0), Option("b", 1.0, 2.0)
    assert Band(**band).admits(above)  # type: ignore[arg-type]
    assert Band(**band).admits(below)  # type: ignore[arg-type]
    opened = Band(**band, lower_open=True, upper_open=True)  # type: ignore[arg-type]
    assert not opened.admits(above)
    assert not opened.admits(below)
    assert not Band(**band).admits(Option("a", 3.0, 4.0, lower_open=True))  # type: ignore[arg-type]
    assert not Band(**band).admits(Option("b", 1.0, 2.0, upper_open=True))  # type: ignore[arg-type]
    assert opened.admits(Option("c", 2.0, 3.0, lower_open=True, upper_open=True))
    more = Band("x", "x", 40.0, INF, "year", lower_open=True)
    assert more.words("en") == "printed more than 40 years"
    chart = charts.alternatives([Option("b", 30.0, 40.0)], more, "en", TITLES["en"])
    assert "ruled out" in chart.alt
