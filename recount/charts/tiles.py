"""The whole audit in one picture: a tile for each statistic, in the order of the report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import groupby

import pandas as pd
from matplotlib.patches import FancyBboxPatch

from recount.charts.canvas import Canvas, Chart, draw, table, verdict_mark
from recount.charts.rows import Row, ledger_rows, paragraph
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width
from recount.words import VERDICTS, counted, listing, pick, tally, verdict_word

_COLUMNS, _GAP = 16, 4.0
_SIZE = (WIDTH - 4 - (_COLUMNS - 1) * _GAP) / _COLUMNS  # side of a tile in points
_CAPTION = (
    "每格是报道中的一个统计数字，按出现的先后排列；形状和颜色表示复算的结论。",
    "Each tile is one statistic of the report, in the order in which it appears; shape and colour "
    "give its verdict.",
)
_ALL = ("共{total}个统计数字：{tally}", "{counted}: {tally}")


@draw
def tiles(
    ledger: pd.DataFrame,
    lang: str,
    title: str,
    *,
    sections: Mapping[str, str] | None = None,
    link: str = "",
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """One tile for each ledger row, grouped by section, shaped and coloured by verdict.

    `sections` has their names; one without is named by its id. `link` is an address with `{id}` in it, such
    as `ledger.html#{id}`: each tile becomes a link, which works where the page holds the SVG inline.
    """
    shown, names = ledger_rows(ledger, lang), sections or {}
    canvas = Canvas(title)
    _legend(canvas, shown, lang)
    for section, members in groupby(shown, key=lambda row: row.section):
        rows = list(members)
        canvas.y += 6
        canvas.write(2, canvas.y, names.get(section, section), SMALL, "ink")
        canvas.write(WIDTH - 2, canvas.y, str(len(rows)), SMALL, "muted", "right")
        canvas.y += SMALL * LEADING + 3
        _grid(canvas, rows, link)
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(row.id for row in shown),
        alt=paragraph(title, _sentences(shown, names, lang), lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or "fig-overview",
        values=table((row.id, row.verdict, math.nan, math.nan, row.unit, row.label) for row in shown),
        tabled=False,  # the ledger, a click away, has all of it
    )


def _counts(rows: list[Row]) -> dict[str, int]:
    """How many tiles each verdict has, of those that have any."""
    counts = {key: sum(row.verdict == key for row in rows) for key in VERDICTS}
    return {key: count for key, count in counts.items() if count}


def _legend(canvas: Canvas, rows: list[Row], lang: str) -> None:
    """Mark, word and count of each verdict that occurs, on as few lines as they need."""
    x = 2.0
    for verdict, count in _counts(rows).items():
        words = f"{verdict_word(verdict, lang)} {count}"
        need = 20 + text_width(words, BODY)
        if x + need > WIDTH - 2:
            x, canvas.y = 2.0, canvas.y + BODY * LEADING
        verdict_mark(canvas.page, x + 6, canvas.y + BODY * 0.64, verdict, 8.5)
        canvas.write(x + 16, canvas.y, words, BODY, verdict)
        x += need + 15
    canvas.y += BODY * LEADING + 4


def _grid(canvas: Canvas, rows: list[Row], link: str) -> None:
    x = 2.0
    for row in rows:
        if x + _SIZE > WIDTH - 1:
            x, canvas.y = 2.0, canvas.y + _SIZE + _GAP
        _tile(canvas, row, x, link)
        x += _SIZE + _GAP
    canvas.y += _SIZE + _GAP


def _tile(canvas: Canvas, row: Row, x: float, link: str) -> None:
    loud = row.verdict == "contradicted"
    box = FancyBboxPatch(
        (x + 3, canvas.y + 3),
        _SIZE - 6,
        _SIZE - 6,
        boxstyle="round,pad=3,rounding_size=4.5",
        lw=1.1,
        edgecolor=ink(row.verdict),
        facecolor=ink(row.verdict),
        alpha=0.30 if loud else 0.13,
    )
    box.set_gid(f"tile-{row.id}")
    if link:
        box.set_url(link.format(id=row.id))
    canvas.page.add_patch(box)
    verdict_mark(canvas.page, x + _SIZE / 2, canvas.y + _SIZE / 2, row.verdict, 9)


def _sentences(rows: list[Row], names: Mapping[str, str], lang: str) -> list[str]:
    """The counts, section by section, and the names of what is contradicted."""
    all_of_them = counted(len(rows), "statistic")
    whole = pick(_ALL, lang).format(total=len(rows), counted=all_of_them, tally=tally(_counts(rows), lang))
    colon = "：" if lang == "zh" else ": "
    parts = [
        f"{names.get(section, section)}{colon}{tally(_counts(list(members)), lang)}"
        for section, members in groupby(rows, key=lambda row: row.section)
    ]
    against = [row.label for row in rows if row.verdict == "contradicted"]
    if against:
        parts.append(verdict_word("contradicted", lang) + colon + listing(against, lang))
    return [whole, *parts]
