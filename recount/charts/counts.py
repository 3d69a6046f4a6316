"""Counts with open ends, several on one axis."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from recount.charts.canvas import Canvas, Chart, bar, draw, table
from recount.charts.rows import Row, ledger_rows, paragraph, sentence
from recount.charts.scales import fit, ticks, x_at
from recount.charts.style import LEADING, SMALL, WIDTH, ink, text_width
from recount.words import pick

_CAPTION = (
    "圆点是印出的整数；条形是“余”“多”“超”所容许的范围，箭头表示没有上限{log}。",
    "A dot is a number printed in full; a bar is the range that words such as over or more than "
    "leave open, and an arrow means no upper bound{log}.",
)
_HEIGHT = 20.0  # of a row's strip, in points
_LOG = ("；横轴为对数刻度", "; the axis is logarithmic")


@draw
def counts(
    rows: pd.DataFrame,
    lang: str,
    title: str,
    *,
    log: bool | None = None,
    unit: str = "",
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Ledger rows with one unit on one axis: dots for exact counts, bars and arrows for open ends.

    `log` None takes a logarithmic axis when the counts lie more than thirtyfold apart. `unit` is
    the line under the title. ValueError when the rows have several units.
    """
    shown = ledger_rows(rows, lang)
    units = sorted({row.unit for row in shown})
    if len(units) != 1:
        raise ValueError(f"rows of counts: units {', '.join(units)} found, one unit expected")
    canvas = Canvas(title, unit)
    scale = canvas.strip(0)
    is_log = fit(scale, [(row.lower, row.upper) for row in shown], units[0], log)
    for row in shown:
        canvas.heading(row.label, row.verdict, lang)
        _lane(canvas, scale, row, lang)
        canvas.y += 5
    canvas.stretch(scale)
    ticks(canvas, scale, units[0], lang)
    words = pick(_CAPTION, lang).format(log=pick(_LOG, lang) if is_log else "")
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(row.id for row in shown),
        alt=paragraph(title, [sentence(row, lang) for row in shown], lang),
        caption=caption or words,
        name=name or f"fig-counts-{shown[0].id}",
        values=table((row.id, "printed", row.lower, row.upper, row.unit, row.label) for row in shown),
    )


def _lane(canvas: Canvas, scale: Axes, row: Row, lang: str) -> None:
    """The strip of a row, its label at the bar's right or left, or above where neither has room."""
    start, stop = scale.get_xlim()
    exact = row.lower == row.upper
    left = x_at(canvas, scale, max(row.lower, start)) - 9
    right = x_at(canvas, scale, min(row.upper, stop)) + (10 if exact else 8)
    label = row.printed or row.interval(lang)
    width = text_width(label, SMALL)
    fits_right = right + width <= WIDTH - 2
    fits_left = left - width >= 2
    if not (fits_right or fits_left):
        canvas.write(left + 9 if not exact else left, canvas.y, label, SMALL)
        canvas.y += SMALL * LEADING
    axes = canvas.strip(_HEIGHT)
    axes.set_xscale(scale.get_xscale())
    axes.set_xlim(scale.get_xlim())
    _shape(axes, row, exact)
    middle = canvas.y - _HEIGHT / 2
    if fits_right:
        canvas.write(right, middle - SMALL * 0.66, label, SMALL)
    elif fits_left:
        canvas.write(left, middle - SMALL * 0.66, label, SMALL, "ink", "right")
        left -= width + 6
    if left > 2:
        canvas.page.plot([2, left], [middle, middle], color=ink("grid"), lw=1, zorder=1)


def _shape(axes: Axes, row: Row, exact: bool) -> None:
    if not exact:
        bar(axes, row.lower, row.upper, 0.5, 0.5, "blue", gid=f"{row.id}:printed")
        return
    (dot,) = axes.plot([row.lower], [0.5], "o", ms=8.5, mew=0, color=ink("blue"), zorder=4)
    dot.set_gid(f"{row.id}:printed")
