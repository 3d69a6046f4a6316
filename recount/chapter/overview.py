"""The whole audit at one glance: a tile for each statistic, in the order of the report, each a link.

HTML and not a chart, so that tiles flow on any width, follow the page's colours, and can be reached
with the keyboard and told by a screen reader. `recount.charts.tiles` draws the same as a picture.
"""

from __future__ import annotations

from html import escape
from itertools import groupby

import pandas as pd

from recount.audit import Audit
from recount.words import (
    VERDICTS,
    capitalised,
    pick,
    printed_words,
    shown_unit,
    verdict_meaning,
    verdict_word,
)

_CAPTION = (
    "每格是一个统计数，按报道中的先后排列，形状和颜色是判定；点开可到它在书中的位置。",
    "One tile for each statistic, in the order of the report; shape and colour give its verdict. A tile "
    "leads to where the book treats it.",
)


def overview(audit: Audit, lang: str) -> str:
    """Key and tiles, grouped by section, as a figure."""
    table = audit.ledger
    groups = [
        _group(audit, str(section), [str(id) for id in ids], lang)
        for section, ids in groupby(table.index, key=lambda id: table.loc[id, "section"])
    ]
    return (
        f'<figure class="recount-overview">{_key(table, lang)}{"".join(groups)}'
        f"<figcaption>{escape(pick(_CAPTION, lang))}</figcaption></figure>"
    )


def _key(table: pd.DataFrame, lang: str) -> str:
    counts = table["verdict"].value_counts()
    items = "".join(
        f'<li title="{escape(verdict_meaning(key, lang))}">'
        f'<span class="tile verdict-{key}" aria-hidden="true">{verdict.glyph}</span> '
        f"{escape(verdict_word(key, lang))} {counts[key]}</li>"
        for key, verdict in VERDICTS.items()
        if key in counts
    )
    return f'<ul class="recount-key">{items}</ul>'


def _group(audit: Audit, section: str, ids: list[str], lang: str) -> str:
    tiles = "".join(f"<li>{_tile(audit, id, lang)}</li>" for id in ids)
    name = escape(audit.data.section_names(lang).get(section, section))
    return (
        f'<p><a href="{section}.html">{name}</a> <span>{len(ids)}</span></p>'
        f'<ol aria-label="{name}">{tiles}</ol>'
    )


def _tile(audit: Audit, id: str, lang: str) -> str:
    row = audit.ledger.loc[id]
    printed = printed_words(row["printed"], lang, shown_unit(row))
    colon, comma = pick((("：", "，"), (": ", ", ")), lang)
    words = capitalised(row[f"label_{lang}"]) + colon + printed + comma + verdict_word(row["verdict"], lang)
    return (
        f'<a class="tile verdict-{row["verdict"]}" href="{row["section"]}.html#{id}" title="{escape(words)}" '
        f'aria-label="{escape(words)}">{VERDICTS[row["verdict"]].glyph}</a>'
    )
