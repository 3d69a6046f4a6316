"""Lists that the report counts and then gives: are there as many items as it says?"""

from __future__ import annotations

import pandas as pd

from recount.charts.canvas import Canvas, Chart, draw, table
from recount.charts.rows import Row, ledger_rows, paragraph
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width
from recount.words import listing, pick, verdict_word

_CAPTION = (
    "实心点是报道列出的一项；空心点是说了数目而没有列出的一项。",
    "A solid dot is an item the report names; a hollow dot is one it counts but does not name.",
)
_SAID = ("报道{printed}，列出{named}项", "printed {printed}, {named} named")
_LINE = SMALL * LEADING + 3


@draw
def enumeration(
    rows: pd.DataFrame,
    items: pd.DataFrame,
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Ledger rows that count a list, with the items of that list as labelled dots.

    `items` has the columns `quantity`, `item_zh` and `item_en`, as in enumerations.csv. Items that
    are counted but not named are hollow dots.
    """
    shown = ledger_rows(rows, lang)
    named = {row.id: _names(items, row, lang) for row in shown}
    canvas = Canvas(title)
    for row in shown:
        canvas.heading(row.label, row.verdict, lang)
        said = pick(_SAID, lang).format(printed=row.printed, named=len(named[row.id]))
        canvas.paragraph(said, SMALL, "muted")
        canvas.y += 3
        _dots(canvas, row, named[row.id])
        canvas.y += 8
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(row.id for row in shown),
        alt=paragraph(title, [_sentence(row, named[row.id], lang) for row in shown], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-list-{shown[0].id}",
        values=table(value for row in shown for value in _values(row, len(named[row.id]))),
    )


def _names(items: pd.DataFrame, row: Row, lang: str) -> list[str]:
    return [str(item) for item in items.loc[items["quantity"] == row.quantity, f"item_{lang}"]]


def _values(row: Row, named: int) -> list[tuple[str, str, float, float, str, str]]:
    return [
        (row.id, "printed", row.lower, row.upper, row.unit, row.label),
        (row.id, "named", float(named), float(named), row.unit, row.label),
    ]


def _dots(canvas: Canvas, row: Row, names: list[str]) -> None:
    """A dot and a name for each item, then hollow dots up to the printed count."""
    x = 2.0
    for name in names + [""] * max(int(row.lower) - len(names), 0):
        need = 15 + text_width(name, SMALL)
        if x > 2 and x + need > WIDTH - 2:
            x, canvas.y = 2.0, canvas.y + _LINE
        (dot,) = canvas.page.plot(
            [x + 5],
            [canvas.y + BODY * 0.62],
            "o",
            ms=7.5,
            mew=1.5,
            mfc=ink("blue") if name else "none",
            mec=ink("blue"),
        )
        dot.set_gid(f"{row.id}:{'named' if name else 'missing'}")
        canvas.write(x + 14, canvas.y + 0.5, name, SMALL)
        x += need + 14
    canvas.y += _LINE


def _sentence(row: Row, names: list[str], lang: str) -> str:
    said = pick(_SAID, lang).format(printed=row.printed, named=len(names))
    if lang == "zh":
        listed = f"（{listing(names, lang)}）" if names else ""
        return f"{row.label}：{said}{listed}，{verdict_word(row.verdict, lang)}"
    listed = f" ({listing(names, lang)})" if names else ""
    return f"{row.label}: {said}{listed}, {verdict_word(row.verdict, lang)}"
