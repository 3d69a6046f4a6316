"""The values that a chart draws, as a small table under it that opens on demand."""

from __future__ import annotations

import math
import re
from itertools import groupby
from typing import Any

from recount.audit import VERDICTS, Audit
from recount.chapter.markup import marked
from recount.chapter.tables import box, column_heads
from recount.charts import Chart
from recount.figures.units import known as unit_named
from recount.words import (
    bracket,
    capitalised,
    number,
    pick,
    verdict_word,
    ways_words,
)

# What a row of `Chart.values` is; `series` holds one or more of these, or a way of reading and a verdict.
SERIES = {
    "printed": ("报道", "printed"),
    "recomputed": ("复算", "recomputed"),
    "implied": ("推得", "implied"),
    "base": ("推得的基数", "implied base"),
    "observed": ("外部资料", "outside figure"),
    "reference": ("外部资料", "outside figure"),
    "before": ("原先", "before"),
    "after": ("现在", "after"),
    "fits": ("成立", "fits"),
    "fails": ("不成立", "ruled out"),
    "growth": ("增速", "growth"),
    "gap": ("相差", "gap"),
    "threshold": ("标线", "line"),
    "named": ("列出", "named"),
    "step": ("可能的均值", "possible mean"),
}
_SUMMARY = ("图中数值", "Values drawn")
_HEADINGS = (("所画", "drawn"), ("下限", "lower end"), ("上限", "upper end"), ("单位", "unit"))
_WAYS = (("所画", "drawn"), ("读法", "ways of reading"))
_NO_END = (("无下限", "no lower end"), ("无上限", "no upper end"))
_BRACKET = re.compile(r"[\[(](.+?), (.+?)[\])] ?(.*)")
_FAR = 1000.0  # ends further apart than this many times are each worded by themselves
_Row = dict[str, Any]


def drawn(chart: Chart, audit: Audit, lang: str, section: str = "") -> str:
    """A chart's `values` as a table in a closed `details` element; '' where the chart has none.

    Names are links to the statistics' addresses in the book; `section` is the page it stands on.
    """
    rows = chart.values.to_dict("records")
    if not chart.tabled or not rows:
        return ""
    marks = all(math.isnan(row["lower"]) for row in rows)
    headings = _WAYS if marks else _HEADINGS
    groups = [list(group) for _, group in groupby(rows, key=lambda row: (row["id"], row["label"]))]
    body = "".join(_group(group, marks, audit, lang, section) for group in groups)
    return (
        f'<details class="recount-values"><summary>{pick(_SUMMARY, lang)}</summary>'
        f"{box(column_heads(pick(pair, lang) for pair in headings), body, chart.title)}</details>"
    )


def series_words(series: str, lang: str) -> str:
    """What a row is, in the edition's words. KeyError for a word that `SERIES` does not have."""
    return pick(("，", ", "), lang).join(pick(SERIES[key], lang) for key in series.split())


def ends(lower: float, upper: float, unit: str, lang: str) -> tuple[str, str, str]:
    """Lower end, upper end and the unit both are in, in words; an end there is none of says so."""
    known = [end for end in (lower, upper) if math.isfinite(end)]
    sizes = sorted(abs(end) for end in known)
    own = unit in ("rank", "date") or (len(sizes) == 2 and 0 < sizes[0] < sizes[1] / _FAR)
    if own or not known:
        sides = ((lower, "down"), (upper, "up"))
        texts = [number(end, unit, lang, direction=way) if math.isfinite(end) else "" for end, way in sides]
        word = pick(unit_named(unit).label, lang)
    else:
        parts = _BRACKET.fullmatch(bracket(lower, upper, unit, lang))
        assert parts is not None
        texts, word = [parts[1], parts[2]], parts[3] or pick(unit_named(unit).label, lang)
    for place, end in enumerate((lower, upper)):
        if not math.isfinite(end):
            texts[place] = pick(_NO_END[place], lang)
    return texts[0], texts[1], word


def _group(rows: list[_Row], marks: bool, audit: Audit, lang: str, section: str) -> str:
    """The rows of one name, under it; a single row has the name in its own line."""
    name = _name(rows[0], audit, lang, section)
    lines = _marked(rows, lang) if marks else [_line(row, lang) for row in rows]
    cells = [[f"<td>{marked(cell, lang)}</td>" for cell in line[1:]] for line in lines]
    firsts = [marked(line[0], lang) for line in lines]
    if len(lines) == 1 and not marks:
        note = f"<small>{firsts[0]}</small>" if firsts[0] not in ("", name) else ""
        return f'<tbody><tr><th scope="row">{name}{note}</th>{"".join(cells[0])}</tr></tbody>'
    width = len(lines[0])
    head = f'<tr><th scope="rowgroup" colspan="{width}">{name}</th></tr>'
    body = [
        f'<tr><th scope="row">{first}</th>{"".join(rest)}</tr>'
        for first, rest in zip(firsts, cells, strict=True)
    ]
    return f"<tbody>{head}{''.join(body)}</tbody>"


def _line(row: _Row, lang: str) -> list[str]:
    note = [series_words(row["series"], lang), row["note"]]
    said = pick(("，", ", "), lang).join(part for part in note if part)
    return [said, *ends(row["lower"], row["upper"], row["unit"], lang)]


def _marked(rows: list[_Row], lang: str) -> list[list[str]]:
    """For each verdict that was marked the ways of reading under which it was."""
    ways: dict[str, list[str]] = {}
    for row in rows:
        way, _, verdict = row["series"].rpartition(" ")
        ways.setdefault(verdict, []).append(way)
    return [[verdict_word(key, lang), ways_words(ways[key], lang)] for key in VERDICTS if key in ways]


def _name(row: _Row, audit: Audit, lang: str, section: str) -> str:
    """The row's name, as a link where it is a statistic of the book."""
    label = str(row["label"])
    if row["id"] not in audit.printed:
        return marked(label or str(row["id"]), lang)
    statistic = audit.data.statistics.loc[row["id"]]
    page = "" if statistic["section"] == section else f"{statistic['section']}.html"
    words = label or capitalised(str(statistic[f"label_{lang}"]))
    return f'<a href="{page}#{row["id"]}">{marked(words, lang)}</a>'
