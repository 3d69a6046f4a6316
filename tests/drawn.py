"""A small ledger for the tests of the charts, and what a chart draws, read back from it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Polygon, Rectangle

from recount.charts import Chart
from recount.charts.robustness import UNIT as WIDE
from recount.charts.style import house_style

INF = math.inf
FIELDS = ("id", "section", "printed", "quantity", "unit", "kind", "lower", "upper",
          "recomputed_lower", "recomputed_upper", "verdict", "label_zh", "label_en")  # fmt: skip
ROWS = [
    ("stock", "national", "9.6万亿元", "stock", "yuan", "stock", 9.55e12, 9.65e12, 9.1e12, 9.8e12,
     "consistent", "贷款余额", "loans"),
    ("rate", "national", "15.4%", "rate", "ratio", "growth", 0.1535, 0.1545, 0.1538, 0.1542,
     "confirmed", "年均增速", "average growth"),
    ("cover", "national", "超过40%", "cover", "ratio", "share", 0.4, 1.0, 1 / 3, 1.0,
     "bounded", "覆盖率", "coverage"),
    ("credit", "bottlenecks", "24万亿元", "credit", "yuan", "flow", 2.35e13, 2.45e13, 4e11, 3.7e12,
     "contradicted", "累计授信", "credit granted"),
    ("items", "bottlenecks", "三大", "items", "count", "count", 3, 3, 3, 3,
     "confirmed", "瓶颈数", "bottlenecks"),
    ("kinds", "precision", "120余个", "kinds", "count", "count", 121, 129, 17, INF,
     "bounded", "险种数", "products"),
    ("outlets", "national", "20463个", "outlets", "count", "count", 20463, 20463, 0, INF,
     "unchecked", "网点数", "outlets"),
    ("jobs", "national", "超1300万人", "jobs", "count", "count", 1.3e7, INF, 1.37e7, 1.41e7,
     "confirmed", "就业人数", "jobs"),
    ("window", "precision", "5小时", "window", "hour", "duration", 4.5, 5.5, 5.5, 6,
     "undecided", "受理时限", "time to review"),
    ("lead", "national", "11个百分点", "lead", "ratio", "gap", 0.105, 0.115, -0.4, 0.5,
     "consistent", "占比之差", "lead of the share"),
]  # fmt: skip
TITLES = {"zh": "标题写的是发现", "en": "The title is the finding"}


def frame() -> pd.DataFrame:
    """The rows as a ledger."""
    return pd.DataFrame(ROWS, columns=list(FIELDS)).set_index("id", drop=False)


def artists(chart: Chart, gid: str) -> list[Any]:
    """What a chart draws under an id."""
    return [artist for axes in chart.figure.axes for artist in axes.get_children() if artist.get_gid() == gid]


def across(artist: Any) -> tuple[float, float]:
    """The extent of an artist along the x axis, in data units."""
    if isinstance(artist, Rectangle):
        return artist.get_x(), artist.get_x() + artist.get_width()
    points: Any = artist.get_xy()[:, 0] if isinstance(artist, Polygon) else artist.get_xdata()
    return float(min(points)), float(max(points))


def extents(chart: Chart, drawn: list[Any]) -> list[Any]:
    """The rectangles that artists take on the page, in points."""
    with house_style():
        renderer: Any = FigureCanvasAgg(chart.figure).get_renderer()
        return [artist.get_window_extent(renderer) for artist in drawn]


def gids(chart: Chart) -> set[str]:
    """The ids of everything that a chart draws under one."""
    names = (artist.get_gid() for axes in chart.figure.axes for artist in axes.get_children())
    return {gid for gid in names if gid}


def spans(chart: Chart, gid: str) -> list[tuple[float, float]]:
    """What the artists with an id span, in data units; an arrow at an end is an end at infinity.

    Upright in a growth path; with what lies between its ends, for a bar from nought.
    """
    drawn = artists(chart, gid)
    if chart.kind == "spans" and gid.endswith(":printed"):
        return [_years(*map(_pointed, [*drawn, *artists(chart, gid.replace(":printed", ":implied"))]))]
    if chart.kind in ("shares", "stock_bars", "gains") and not gid.endswith(":threshold"):
        return [_from_nought(chart, artist, f"{gid} between") for artist in drawn]
    read = _upright if chart.kind == "growth_path" else _pointed
    return [read(artist) for artist in drawn]


def _years(sure: tuple[float, float], *unsure: tuple[float, float]) -> tuple[float, float]:
    """How long a span is, from its sure part and the parts where its start and its end may lie.

    With two of these the end is so many years after the start; with one the shortest and the longest.
    """
    if len(unsure) == 2:
        (start, latest), (end, last) = unsure
        return end - start, last - latest
    ends = [*sure, *(end for part in unsure for end in part)]
    return sure[1] - sure[0], max(ends) - min(ends)


def _upright(artist: Any) -> tuple[float, float]:
    if isinstance(artist, Rectangle):
        return artist.get_y(), artist.get_y() + artist.get_height()
    values: Any = artist.get_ydata()
    if artist.get_linestyle() == "--":  # an arrow from the end there is
        known, tip = map(float, values)
        return (known, INF) if tip > known else (-INF, known)
    return float(min(values)), float(max(values))


def _pointed(artist: Any) -> tuple[float, float]:
    low, high = across(artist)
    if isinstance(artist, Rectangle):  # a band ends at an edge of the axes where it has no end
        left, right = sorted(artist.axes.get_xlim()) if artist.axes else (low, high)
        return -INF if low == left else low, INF if high == right else high
    if not isinstance(artist, Polygon):
        return low, high
    corners = [float(x) for x in artist.get_xy()[:-1, 0]]
    edges: Any = artist.axes
    if len(corners) > 4:  # one tip or two, each at the edge of the axes
        left, right = sorted(edges.get_xlim())
        low = -INF if math.isclose(low, left) and corners.count(low) == 1 else low
        high = INF if math.isclose(high, right) and corners.count(high) == 1 else high
    return low, high


def _from_nought(chart: Chart, artist: Any, between: str) -> tuple[float, float]:
    """A bar's end, and that of its pale or hollow part; a part that fades out to 100% has no end."""
    low = across(artist)[1]
    ends = [across(other)[1] for other in artists(chart, between) if other.axes is artist.axes]
    return low, INF if len(ends) > 1 else [low, *ends][-1]


def solid(artist: Any) -> bool:
    """Whether a dot is filled."""
    return bool(artist.get_markerfacecolor() != "none")


def counted(chart: Chart, gid: str) -> int | None:
    """How many statistics what is drawn under an id stands for; None where nothing is."""
    drawn = artists(chart, gid)
    if chart.kind in ("firmness", "years"):
        return len(drawn)
    if not drawn:
        return None
    (mark,) = drawn
    if chart.kind == "switches":
        (words,) = artists(chart, f"{gid} number")
        return int(words.get_text())
    if isinstance(mark, Rectangle):
        return round(mark.get_height() / WIDE)
    left, right = (deep(mark, side) for side in (0, -1))
    assert left[1] - left[0] == pytest.approx(right[1] - right[0])
    return round((left[1] - left[0]) / WIDE)


def deep(band: Any, side: int) -> tuple[float, float]:
    """Where a band begins and ends down the page, at its left end (0) or its right end (-1)."""
    corners = band.get_path().vertices
    x = sorted({x for x, _ in corners})[side]
    ys = [float(y) for at, y in corners if at == x]
    return min(ys), max(ys)
