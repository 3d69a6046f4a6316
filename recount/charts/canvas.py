"""A page laid out in points from the top: title, unit line, rows of text and data strips, source.

Text lives on one axes in points, data on small axes in data units, so that what is drawn can be
read back. The height grows with the rows; nothing is placed relative to the bottom.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ParamSpec

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

from recount.charts.style import (
    BODY,
    LEADING,
    SMALL,
    TITLE,
    WIDTH,
    house_style,
    ink,
    render,
    shape_style,
    straight,
    text_width,
    wrap,
)
from recount.words import VERDICTS, verdict_word

VALUE_COLUMNS = ("id", "series", "lower", "upper", "unit", "label", "note")
_EDGE = 2.0  # points kept free at the page's sides


@dataclass(frozen=True)
class Chart:
    """A finished chart: the figure, what it draws, and what says it in words.

    `values` holds one row for each interval drawn, in the ledger's units: `id` (a statistic, or
    empty), `series` (what it is: keys of `recount.chapter.values.SERIES`), `lower`, `upper` (an
    unbounded end is infinite; not a number where only a mark is drawn), `unit`, `label` (the row's
    name on the chart) and `note` (a date or the like, in the edition's words). `alt` is built from
    the same values. A chart that is not `tabled` has no table of them under it on the page.
    """

    figure: Figure
    draws: tuple[str, ...]
    alt: str
    caption: str
    name: str
    values: pd.DataFrame
    kind: str = ""  # the function that drew it
    tabled: bool = True

    @property
    def title(self) -> str:
        """The finding, as it stands over the chart."""
        return str(self.figure.get_label())

    def svg(self) -> str:
        """The SVG text: transparent, text as paths, dark mode by style sheet, byte-stable."""
        return render(self.figure)


@dataclass
class Canvas:
    """The page being drawn; `y` is the distance in points from its top to the next row."""

    title: str
    unit: str = ""
    y: float = 2.0
    figure: Figure = field(init=False)
    page: Axes = field(init=False)
    _boxes: dict[Axes, tuple[float, float, float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.figure = Figure(figsize=(WIDTH / 72, WIDTH / 72), dpi=72)
        self.figure.patch.set_visible(False)
        self.figure.set_label(self.title)
        self.page = self.figure.add_axes((0, 0, 1, 1))
        self.page.set_axis_off()
        self.page.set_zorder(2)  # text over bars
        self.page.set_xlim(0, WIDTH)
        self.paragraph(self.title, TITLE)
        if self.unit:
            self.y += 1
            self.paragraph(self.unit, SMALL, "muted")
        self.y += 8

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = BODY,
        colour: str = "ink",
        align: str = "left",
    ) -> Text:
        """One line of text whose top is at `y`, kept inside the page's width."""
        text = straight(text)
        width = text_width(text, size)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        left = min(max(left, _EDGE), max(WIDTH - width - _EDGE, _EDGE))
        return self.page.text(
            left, y + size * 1.03, text, size=size, color=ink(colour), ha="left", va="baseline", zorder=5
        )

    def paragraph(self, text: str, size: float = BODY, colour: str = "ink") -> None:
        """Wrapped lines at the cursor, which moves below them."""
        for line in wrap(text, WIDTH - 3 * _EDGE, size, phrases=True):
            self.write(_EDGE, self.y, line, size, colour)
            self.y += size * LEADING

    def heading(self, label: str, verdict: str, lang: str) -> None:
        """A row's label at the left and, if there is a verdict, its mark and word at the right."""
        tag = 0.0
        if verdict:
            word = verdict_word(verdict, lang)
            tag = text_width(word, BODY) + 26
            self.write(WIDTH - _EDGE, self.y, word, BODY, verdict, "right")
            mark_x = WIDTH - _EDGE - text_width(word, BODY) - 9
            verdict_mark(self.page, mark_x, self.y + BODY * 0.64, verdict)
        for line in wrap(label, WIDTH - 2 * _EDGE - tag, BODY):
            self.write(_EDGE, self.y, line)
            self.y += BODY * LEADING

    def strip(self, height: float, x: float = _EDGE, width: float = WIDTH - 2 * _EDGE) -> Axes:
        """Bare data axes at the cursor, which moves below them; x in data units, y from 0 to 1."""
        axes = self.figure.add_axes((x / WIDTH, 0, width / WIDTH, 0.1))
        axes.set_axis_off()
        axes.set_ylim(0, 1)
        axes.patch.set_visible(False)
        self._boxes[axes] = (x, self.y, width, height)
        self.y += height
        return axes

    def locate(self, axes: Axes, x: float, y: float) -> tuple[float, float]:
        """Where a point of a strip, in data units, lies on the page, in points."""
        left, top, width, height = self._boxes[axes]
        shown = axes.transData.transform((x, y))
        across, up = axes.transAxes.inverted().transform(shown)
        return left + float(across) * width, top + (1 - float(up)) * height

    def stretch(self, axes: Axes) -> None:
        """Let a strip reach down to the cursor, behind the rows that were written since."""
        x, top, width, _ = self._boxes[axes]
        self._boxes[axes] = (x, top, width, self.y - top)

    def rule(self, gap: float = 5) -> None:
        """A thin line across the page."""
        self.y += gap
        self.page.plot([_EDGE, WIDTH - _EDGE], [self.y, self.y], color=ink("grid"), lw=0.8)
        self.y += gap

    def finish(self, source: str = "") -> Figure:
        """Write the source line, fix the height and put every strip where it belongs."""
        if source:
            self.y += 6
            self.paragraph(source, SMALL, "muted")
        height = self.y + 4
        self.figure.set_size_inches(WIDTH / 72, height / 72)
        self.page.set_ylim(height, 0)
        for axes, (x, top, width, deep) in self._boxes.items():
            axes.set_position((x / WIDTH, 1 - (top + deep) / height, width / WIDTH, deep / height))
        return self.figure


Parameters = ParamSpec("Parameters")


def draw(kind: Callable[Parameters, Chart]) -> Callable[Parameters, Chart]:
    """Decorator: a chart function runs under the house style."""

    @functools.wraps(kind)
    def styled(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Chart:
        with house_style():
            chart = kind(*args, **kwargs)
        return replace(chart, kind=kind.__name__)

    return styled


def verdict_mark(axes: Axes, x: float, y: float, verdict: str, size: float = 8, gid: str = "") -> None:
    """The shape of a verdict in its colour."""
    shape = VERDICTS[verdict]
    colour = ink(verdict)
    scale = {"D": 0.82, "X": 1.08}.get(shape.marker, 1.0)
    (mark,) = axes.plot(
        [x],
        [y],
        marker=shape.marker,
        markersize=size * scale,
        linestyle="none",
        markerfacecolor=colour if shape.filled else "none",
        markeredgecolor=colour,
        markeredgewidth=0.6 if shape.filled else 1.5,
        clip_on=False,
        zorder=6,
    )
    if gid:
        mark.set_gid(gid)


def bar(
    axes: Axes,
    lower: float,
    upper: float,
    middle: float,
    thickness: float,
    colour: str,
    *,
    look: str = "printed",
    gid: str = "",
    alpha: float = 1.0,
    width: float = 1.6,
) -> Polygon:
    """An interval as a bar in data units; an unbounded end is an arrow to the edge of the axes.

    `look` is one of `recount.charts.style.LOOKS`, `width` that of the outline in points.
    """
    left, right = sorted(axes.get_xlim())
    base, top = middle - thickness / 2, middle + thickness / 2
    tip = 7.0
    points = (
        [(lower, base), (lower, top)]
        if math.isfinite(lower)
        else [(_shift(axes, left, tip), base), (left, middle), (_shift(axes, left, tip), top)]
    )
    points += (
        [(upper, top), (upper, base)]
        if math.isfinite(upper)
        else [(_shift(axes, right, -tip), top), (right, middle), (_shift(axes, right, -tip), base)]
    )
    shape = Polygon(
        points,
        closed=True,
        **shape_style(look, colour, width),
        alpha=alpha,
        joinstyle="miter",
        zorder=4,
        clip_on=False,
    )
    shape.set_gid(gid)
    axes.add_patch(shape)
    return shape


def _shift(axes: Axes, value: float, points: float) -> float:
    """The data value `points` points to the right of a value."""
    trans = axes.transData
    x, y = trans.transform((value, 0.5))
    return float(trans.inverted().transform((x + points, y))[0])


def swatches(canvas: Canvas, texts: Sequence[tuple[str, str]], colour: str) -> None:
    """Texts with a swatch of their look before each, on as few lines as they need."""
    x = _EDGE
    for words, look in texts:
        need = 21 + text_width(words, SMALL)
        if x > _EDGE and x + need > WIDTH - _EDGE:
            x, canvas.y = _EDGE, canvas.y + SMALL * LEADING
        swatch = Rectangle((x, canvas.y + 3.5), 15, 7, **shape_style(look, colour, 1.4))
        canvas.page.add_patch(swatch)
        canvas.write(x + 21, canvas.y, words, SMALL, "muted")
        x += need + 18
    canvas.y += SMALL * LEADING + 3


def table(rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """Drawn values as the table a Chart carries; a row may end before `label` or `note`."""
    full = [(*row, *[""] * (len(VALUE_COLUMNS) - len(row))) for row in rows]
    return pd.DataFrame(full, columns=list(VALUE_COLUMNS))


def layout_problems(figure: Figure) -> list[str]:
    """Texts that leave the figure or overlap each other, in words; none for a good chart."""
    with house_style():
        canvas: Any = FigureCanvasAgg(figure)
        renderer = canvas.get_renderer()
        texts = [text for axes in figure.axes for text in axes.texts if text.get_text().strip()]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    width, height = figure.get_size_inches() * figure.dpi
    problems = [
        f"{text!r} leaves the figure"
        for text, box in boxes
        if box.x0 < -0.5 or box.x1 > width + 0.5 or box.y0 < -0.5 or box.y1 > height + 0.5
    ]
    for i, (text, box) in enumerate(boxes):
        problems += [f"{text!r} overlaps {other!r}" for other, that in boxes[i + 1 :] if _overlap(box, that)]
    return problems


def _overlap(box: Any, that: Any, slack: float = 1.5) -> bool:
    return bool(
        min(box.x1, that.x1) - max(box.x0, that.x0) > slack
        and min(box.y1, that.y1) - max(box.y0, that.y0) > slack
    )


def unique(ids: Sequence[str]) -> tuple[str, ...]:
    """Statistic ids in order, each once."""
    return tuple(dict.fromkeys(ids))
