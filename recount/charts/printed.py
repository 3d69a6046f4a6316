"""Printed against recomputed intervals: one strip for each statistic, each on its own scale."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from recount.charts.canvas import Canvas, Chart, bar, draw, swatches, table
from recount.charts.rows import Row, ledger_rows, paragraph, sentence
from recount.charts.scales import fit, ticks
from recount.charts.style import BODY, LEADING, SMALL, ink, text_width
from recount.words import pick

_PRINTED = ("报道", "printed")
_RECOMPUTED = ("复算", "recomputed")
_KEY = (
    ("实心：报道的数字可能的范围", "空心：由其余证据复算的范围"),
    ("solid: what the printed figure can mean", "hollow: what all other evidence allows"),
)
_NOTHING = ("没有其他数字与它相关", "no other number bears on it")
_CAPTION = (
    "每个数字各用一条标尺。实心条是报道数字的取值区间，空心条是不用该数字、只由其余证据复算的区间；"
    "箭头表示这一侧没有界限。",
    "Each number has its own scale. The solid bar is the interval of the printed figure, the "
    "hollow bar what all other evidence allows without it; an arrow means no bound on that side.",
)


@draw
def printed_vs_recomputed(
    rows: pd.DataFrame,
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Strips of ledger rows: printed interval (solid) over recomputed interval (hollow).

    A strip whose ends lie more than thirtyfold apart is logarithmic. A statistic that nothing
    bears on shows its printed interval alone and says so.
    """
    shown = ledger_rows(rows, lang)
    canvas = Canvas(title)
    swatches(canvas, list(zip(pick(_KEY, lang), ("printed", "recomputed"), strict=True)), "printed")
    for row in shown:
        canvas.y += 7
        _strip(canvas, row, lang)
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(row.id for row in shown),
        alt=paragraph(title, [sentence(row, lang) for row in shown], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-recomputed-{shown[0].id}",
        values=table(value for row in shown for value in drawn(row)),
    )


def drawn(row: Row) -> list[tuple[str, str, float, float, str, str]]:
    """The intervals a strip draws for a row."""
    intervals = [(row.id, "printed", row.lower, row.upper, row.unit, row.label)]
    if row.implied:
        intervals.append(
            (row.id, "recomputed", row.recomputed_lower, row.recomputed_upper, row.unit, row.label)
        )
    return intervals


def _strip(canvas: Canvas, row: Row, lang: str) -> None:
    canvas.heading(row.label, row.verdict, lang)
    printed = f"{pick(_PRINTED, lang)} {row.printed or row.interval(lang)}"
    implied = pick(_NOTHING, lang)
    if row.implied:
        implied = f"{pick(_RECOMPUTED, lang)} {row.recomputed(lang)}"
    canvas.write(2, canvas.y, printed, SMALL, "printed")
    gap = 2 + text_width(printed, SMALL) + 18
    if gap + text_width(implied, SMALL) > canvas.page.get_xlim()[1]:
        gap, canvas.y = 2, canvas.y + SMALL * LEADING
    canvas.write(gap, canvas.y, implied, SMALL, row.verdict if row.implied else "muted")
    canvas.y += SMALL * LEADING + 3
    axes = canvas.strip(30 if row.implied else 16)
    fit(
        axes,
        [value[2:4] for value in drawn(row)],
        row.unit,
        limits=row.limits if row.limits[1] < math.inf else None,
    )
    bar(
        axes,
        row.lower,
        row.upper,
        0.74 if row.implied else 0.55,
        0.36 if row.implied else 0.66,
        "printed",
        gid=f"{row.id}:printed",
    )
    if row.implied:
        bar(
            axes,
            row.recomputed_lower,
            row.recomputed_upper,
            0.26,
            0.3,
            row.verdict,
            look="recomputed",
            gid=f"{row.id}:recomputed",
        )
        _gap(axes, row)
    ticks(canvas, axes, row.unit, lang)
    canvas.y += BODY * 0.3


def _gap(axes: Axes, row: Row) -> None:
    """A dotted line across the empty space between two intervals that exclude each other."""
    if row.recomputed_lower > row.upper:
        ends = (row.upper, row.recomputed_lower)
    elif row.recomputed_upper < row.lower:
        ends = (row.lower, row.recomputed_upper)
    else:
        return
    axes.plot(
        [ends[0], ends[0], ends[1]],
        [0.74, 0.26, 0.26],
        color=ink(row.verdict),
        lw=1.1,
        linestyle=(0, (1.5, 2.5)),
        zorder=3,
    )
