"""Spans of time on one axis: what surely belongs to each, and where its start or end may lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from recount.charts.canvas import Canvas, Chart, bar, draw, table, unique
from recount.charts.rows import paragraph
from recount.charts.scales import x_at
from recount.charts.style import LEADING, SMALL, WIDTH, ink, text_width
from recount.words import interval, pick, verdict_word

Dates = tuple[float, float]  # earliest and latest, as decimal years
_HEIGHT, _THICK = 17.0, 0.66  # of a row's strip in points, of its bar as a part of that
_ENDS = (("起点", "终点"), ("start", "end"))
_SAID = (("起于", "止于"), ("starting ", "ending "))
_CAPTION = (
    "实心条是无论怎样取整都在内的时间，虚线框是起点或终点可能所在的时间，条左端的箭头表示起点可以更早。",
    "Solid: time that belongs to the span however it is rounded. Broken outline: where its start or its "
    "end may lie; an arrow at the left means that it may have started earlier still.",
)


@dataclass(frozen=True)
class Span:
    """A number of years, from `lower` to `upper`, counted from or back from a date.

    `anchor` holds the earliest and latest date of the end that is known, as decimal years: the last
    day of the span or, where it looks `ahead`, the first.
    """

    id: str
    label: str
    lower: float
    upper: float
    anchor: Dates
    ahead: bool = False
    printed: str = ""
    verdict: str = ""

    @property
    def start(self) -> Dates:
        """Between which dates the span starts."""
        return self.anchor if self.ahead else (self.anchor[0] - self.upper, self.anchor[1] - self.lower)

    @property
    def end(self) -> Dates:
        """Between which dates it ends."""
        return (self.anchor[0] + self.lower, self.anchor[1] + self.upper) if self.ahead else self.anchor

    def words(self, lang: str) -> str:
        """The years as printed, or their interval."""
        return self.printed or interval(self.lower, self.upper, "year", lang)


@draw
def spans(
    rows: Sequence[Span],
    mark: tuple[float, str],
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """A bar for each span; `mark` is a date and its name, a broken line across the bars.

    ValueError where there is no span.
    """
    if not rows:
        raise ValueError("spans: at least one span expected, none found")
    canvas = Canvas(title)
    frame = canvas.strip(0)
    frame.set_xlim(*_limits(rows, mark[0]))
    canvas.write(x_at(canvas, frame, mark[0]), canvas.y, mark[1], SMALL, "ink", "center")
    canvas.y += SMALL * LEADING + 1
    for row in rows:
        canvas.heading(row.label, row.verdict, lang)
        canvas.y += 1
        _row(canvas, frame, row, mark, lang)
        canvas.y += 3
    _years(canvas, frame)
    return Chart(
        figure=canvas.finish(source),
        draws=unique([row.id for row in rows if row.id]),
        alt=paragraph(title, [_sentence(row, lang) for row in rows], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-spans-{rows[0].id or 'implied'}",
        values=table(value for row in rows for value in _values(row, lang)),
    )


def _limits(rows: Sequence[Span], mark: float) -> Dates:
    known = [date for row in rows for date in (*row.start, *row.end) if math.isfinite(date)] + [mark]
    low, high = min(known), max(known)
    room = 0.05 * (high - low) + 0.1
    return low - room, high + room


def _row(canvas: Canvas, frame: Axes, row: Span, mark: tuple[float, str], lang: str) -> None:
    """The bar, solid in its middle and hollow at uncertain ends, the mark, and the years beside it."""
    axes = canvas.strip(_HEIGHT)
    axes.set_xlim(frame.get_xlim())
    if row.start[1] < row.end[0]:
        bar(axes, row.start[1], row.end[0], 0.5, _THICK, "blue", gid=f"{row.id or row.label}:printed")
    for part in (row.start, row.end):
        if part[0] < part[1]:
            bar(axes, *part, 0.5, _THICK, "blue", look="implied", gid=f"{row.id or row.label}:implied")
    (line,) = axes.plot([mark[0]] * 2, [0, 1], color=ink("ink"), lw=1.1, ls=(0, (3, 2)), zorder=6)
    line.set_gid(f"{mark[1]}:threshold")
    first, last = sorted(axes.get_xlim())
    left = x_at(canvas, axes, max(row.start[0], first)) - 8
    right = x_at(canvas, axes, min(row.end[1], last)) + 8
    if row.end[1] < mark[0]:  # the words keep off the mark
        right = max(right, x_at(canvas, axes, mark[0]) + 8)
    words, top = row.words(lang), canvas.y - _HEIGHT / 2 - SMALL * 0.66
    fits = right + text_width(words, SMALL) < WIDTH - 2
    canvas.write(right if fits else left, top, words, SMALL, "ink", "left" if fits else "right")


def _years(canvas: Canvas, frame: Axes) -> None:
    """The years under the rows."""
    left, right = frame.get_xlim()
    canvas.page.plot(
        [x_at(canvas, frame, left), x_at(canvas, frame, right)],
        [canvas.y] * 2,
        color=ink("grid"),
        lw=1,
        zorder=1,
    )
    for year in MaxNLocator(nbins=8, integer=True, steps=[1, 2, 5, 10]).tick_values(left, right):
        if left < year < right:
            x = x_at(canvas, frame, float(year))
            canvas.page.plot([x, x], [canvas.y, canvas.y + 3], color=ink("grid"), lw=1, zorder=1)
            canvas.write(x, canvas.y + 4, f"{year:.0f}", SMALL, "muted", "center")
    canvas.y += SMALL * LEADING + 4


def _sentence(row: Span, lang: str) -> str:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    parts = [row.words(lang)]
    parts += [
        word + interval(*dates, "date", lang)
        for word, dates in zip(pick(_SAID, lang), (row.start, row.end), strict=True)
    ]
    if row.verdict:
        parts.append(verdict_word(row.verdict, lang))
    return row.label + colon + comma.join(parts)


def _values(row: Span, lang: str) -> list[tuple[str, str, float, float, str, str, str]]:
    """The years, and the dates between which an uncertain end lies."""
    rows = [(row.id, "printed", row.lower, row.upper, "year", row.label, "")]
    rows += [
        (row.id, "implied", *dates, "date", row.label, word)
        for word, dates in zip(pick(_ENDS, lang), (row.start, row.end), strict=True)
        if dates[0] < dates[1]
    ]
    return rows
