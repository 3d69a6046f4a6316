"""Figures that stand alone: what is printed, and what would have to be known to check it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.patches import Rectangle

from recount.charts.canvas import Canvas, Chart, draw, table
from recount.charts.rows import Row, ledger_rows, paragraph, sentence
from recount.charts.style import LEADING, SMALL, WIDTH, ink, shape_style, wrap
from recount.words import pick

_LEFT, _RIGHT = 112.0, 148.0  # where the printed figure's box ends and the other begins, in points
_PAD = 5.0
_WANTED = ("需要", "needed")
_FOUND = ("复算", "recomputed")
_CAPTION = (
    "左边实心框是报道的数字，右边虚线框是核对它所需要、而报道与资料都没有给出的数字；"
    "若有旁证，右边是实线框，写复算的范围。",
    "The solid box is the printed figure. The broken outline holds what would be needed to check it and is "
    "given neither by the report nor by the sources; where something bears on it the outline is whole and "
    "holds the recomputed range.",
)


@draw
def missing(
    rows: pd.DataFrame,
    needed: Mapping[str, str],
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Ledger rows, each with what is `needed` to check it: words by statistic.

    KeyError for a statistic without such words.
    """
    shown = ledger_rows(rows, lang)
    beside = {row.id: _beside(row, needed[row.id], lang) for row in shown}
    canvas = Canvas(title)
    for row in shown:
        canvas.heading(row.label, row.verdict, lang)
        _boxes(canvas, row, beside[row.id], lang)
        canvas.y += 8
    sentences = [
        sentence(row, lang) + pick(("，", ", "), lang) + beside[row.id]
        if not row.implied
        else sentence(row, lang)
        for row in shown
    ]
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(row.id for row in shown),
        alt=paragraph(title, sentences, lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-missing-{shown[0].id}",
        values=table((row.id, "printed", row.lower, row.upper, row.unit, row.label) for row in shown),
    )


def _beside(row: Row, needed: str, lang: str) -> str:
    if row.implied:
        return f"{pick(_FOUND, lang)} {row.recomputed(lang)}"
    return pick((f"{_WANTED[0]}{needed}", f"{_WANTED[1]}: {needed}"), lang)


def _boxes(canvas: Canvas, row: Row, beside: str, lang: str) -> None:
    """The figure in its box, a line to the other box, and the words in that."""
    canvas.y += 2
    figure = wrap(row.printed or row.interval(lang), _LEFT - 2 - 2 * _PAD, SMALL)
    words = wrap(beside, WIDTH - 4 - _RIGHT - 2 * _PAD, SMALL)
    height = max(len(figure), len(words)) * SMALL * LEADING + 2 * _PAD
    look, colour = ("recomputed", row.verdict) if row.implied else ("implied", "muted")
    box = Rectangle((2, canvas.y), _LEFT - 2, height, **shape_style("printed", "printed", 0), zorder=2)
    box.set_gid(f"{row.id}:printed")
    other = Rectangle((_RIGHT, canvas.y), WIDTH - 4 - _RIGHT, height, **shape_style(look, colour), zorder=2)
    other.set_gid(f"{row.id}:missing")
    for patch in (box, other):
        canvas.page.add_patch(patch)
    middle = canvas.y + height / 2
    canvas.page.plot(
        [_LEFT + 4, _RIGHT - 4],
        [middle] * 2,
        color=ink(colour),
        lw=1.4,
        zorder=2,
        ls="-" if row.implied else (0, (1.5, 2.5)),
    )
    for lines, x, shade in ((figure, 2 + _PAD, "paper"), (words, _RIGHT + _PAD, "ink")):
        top = middle - len(lines) * SMALL * LEADING / 2
        for nth, line in enumerate(lines):
            canvas.write(x, top + nth * SMALL * LEADING + 1, line, SMALL, shade)
    canvas.y += height
