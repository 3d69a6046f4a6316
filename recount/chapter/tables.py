"""Tables of an edition as HTML: the statistics of a section, conflicts, assumptions, small results.

Text is escaped; links between statistics go to `PAGE.html#ID`, which is where the book keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from recount.audit import VERDICTS, Audit
from recount.chapter.markup import marked
from recount.words import (
    DEPENDENCE,
    capitalised,
    dependence,
    interval,
    pick,
    printed_words,
    readings_words,
    shown_unit,
    slip_words,
    support_words,
    verdict_meaning,
    verdict_word,
    way_words,
    ways_named,
    ways_words,
)

HEADINGS = {
    "statistic": ("统计数", "statistic"),
    "printed": ("报道数字", "printed"),
    "read": ("读作", "read as"),
    "recomputed": ("由其余证据复算", "recomputed from the rest"),
    "verdict": ("判定", "verdict"),
    "readings": ("各种读法", "ways of reading"),
    "support": ("依据", "support"),
    "section": ("部分", "section"),
}
_COLUMNS = ("statistic", "printed", "verdict", "read", "recomputed", "support")
_OWN = ("本部分的统计数", "The statistics of this section")
_CHOSEN = ("所论的统计数", "The statistics treated here")
_CONTRADICTING = ("互相矛盾的数字", "Numbers that contradict each other")
_NOTHING = ("无其他证据", "nothing else bears on it")
_ASSUMING = ("假设：", "assuming: ")
_OUTSIDE = ("外部资料：", "outside figure: ")
_BY_RULE = ("（{}）", " ({})")
_LIST = ("报道自列的清单", "the report's own list")
_IN_ALL = ("{}下都不能同时成立", "in {}")
_IN_SOME = ("只在这些读法下不能同时成立：", "only when read so: ")
_OVERLAPPING = (
    "下列数字也不能同时成立，它们与另一处矛盾共用数字：",
    "These cannot all hold either; they share figures with another conflict:",
)
_TOGETHER = (
    "下列数字任何一个单独出错都说不通，两处差错合起来可以使全部数字相合（最可信的在前）：",
    "No single slip in these figures would make all of them agree; two together would (the "
    "most plausible first):",
)
_OF = ("，所指为{}", ", of {}")
_MOST = 10  # explanations that are shown


def html_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str = "",
    anchors: Sequence[str] = (),
    seen: bool = True,
) -> str:
    """A table in its own scrolling box; cells are HTML already, headings and caption are text.

    A caption that is not `seen` is for those who hear the page: a heading above says the same.
    Without one the book takes the heading above the table.
    """
    body = []
    for number, cells in enumerate(rows):
        anchor = f' id="{escape(anchors[number])}"' if anchors else ""
        first, *rest = cells
        others = "".join(f"<td>{cell}</td>" for cell in rest)
        body.append(f'<tr{anchor}><th scope="row">{first}</th>{others}</tr>')
    return box(column_heads(headings), f"<tbody>{''.join(body)}</tbody>", caption, seen)


def box(head: str, body: str, caption: str, seen: bool = True) -> str:
    """The box with a table, whose parts are HTML already; the caption is text."""
    unseen = "" if seen else ' class="recount-unseen"'
    title = f"<caption{unseen}>{escape(caption)}</caption>" if caption else ""
    return f'<div class="recount-scroll"><table class="recount">{title}{head}{body}</table></div>'


def column_heads(headings: Iterable[str]) -> str:
    """The line of headings of a table; one that is empty heads nothing and is a plain cell."""
    cells = (f'<th scope="col">{escape(text)}</th>' if text else "<td></td>" for text in headings)
    return f"<thead><tr>{''.join(cells)}</tr></thead>"


def figure(printed: str, unit: str, lang: str, original: bool = False) -> str:
    """A printed figure in the edition's words; `original` adds the report's own, where it differs."""
    words = printed_words(printed, lang, unit)
    html = f'<span class="printed">{marked(words, lang)}</span>'
    if original and words != printed:
        html += f'<small class="printed" lang="zh">{escape(printed)}</small>'
    return html


def badge(verdict: str, lang: str) -> str:
    """A verdict's word as a badge; its meaning on hover."""
    word, meaning = escape(verdict_word(verdict, lang)), escape(verdict_meaning(verdict, lang))
    return f'<span class="verdict verdict-{verdict}" title="{meaning}">{word}</span>'


def link(audit: Audit, id: str, lang: str, section: str = "") -> str:
    """A statistic's label as a link to where the book treats it."""
    row = audit.data.statistics.loc[id]
    page = "" if row["section"] == section else f"{row['section']}.html"
    return f'<a href="{page}#{id}">{marked(capitalised(row[f"label_{lang}"]), lang)}</a>'


def statistics(audit: Audit, ids: Sequence[str], lang: str, section: str, anchors: bool = True) -> str:
    """Statistics with what is printed, what it can mean, what the rest allows, and the verdict."""
    headings = [pick(HEADINGS[key], lang) for key in _COLUMNS]
    rows = [
        [
            *_leading(audit, id, lang, section),
            marked(read_as(audit, id, lang), lang),
            _found(audit, id, lang),
            support(audit, id, lang, section),
        ]
        for id in ids
    ]
    if anchors:
        title = pick(("此统计数的地址", "address of this statistic"), lang)
        for id, row in zip(ids, rows, strict=True):
            row[0] += f' <a class="permalink" href="#{id}" title="{title}">#{id}</a>'
    caption = pick(_OWN if anchors else _CHOSEN, lang)
    return html_table(headings, rows, caption, list(ids) if anchors else (), seen=False)


def _leading(audit: Audit, id: str, lang: str, section: str, notes: bool = True) -> list[str]:
    """The cells that every table of statistics begins with: label, printed figure, verdict."""
    row = audit.ledger.loc[id].to_dict()
    label = marked(capitalised(row[f"label_{lang}"]), lang)
    if section != row["section"]:
        label = link(audit, id, lang, section)
    note = audit.data.statistics.loc[id, f"note_{lang}"]
    if note and notes:
        label += f"<small>{marked(note, lang)}</small>"
    printed = figure(row["printed"], shown_unit(row), lang, original=True)
    return [label, printed, badge(row["verdict"], lang)]


def _found(audit: Audit, id: str, lang: str) -> str:
    """What the rest of the evidence leaves possible, in words."""
    row = audit.ledger.loc[id].to_dict()
    if row["verdict"] == "unchecked":
        return marked(pick(_NOTHING, lang), lang)
    ends = _within_nature(row["recomputed_lower"], row["recomputed_upper"], row)
    return marked(interval(*ends, shown_unit(row), lang), lang)


def _within_nature(lower: float, upper: float, row: Mapping[str, Any]) -> tuple[float, float]:
    """Both ends, unbounded where they only restate what is possible anyway; a point stays one."""
    point = lower == upper
    low = lower if point or lower > row["lowest"] else -np.inf
    return low, upper if point or upper < row["highest"] else np.inf


def read_as(audit: Audit, id: str, lang: str) -> str:
    """What a printed figure can stand for, in words, within what is possible for its quantity."""
    row = audit.ledger.loc[id].to_dict()
    ends = _within_nature(row["lower"], row["upper"], row)
    bounds = audit.meant(id)
    if not np.isfinite(ends).any():
        ends = row["lower"], row["upper"]
    words = interval(*ends, shown_unit(row), lang, bounds.lower_open, bounds.upper_open)
    if id not in audit.data.rules:
        return words
    return words + pick(_BY_RULE, lang).format(way_words(audit.rule(id), lang))


def support(audit: Audit, id: str, lang: str, section: str) -> str:
    """What a verdict rests on: kinds in a word, the figures and assumptions one click away."""
    evidence = audit.support[id]
    if not evidence:
        return "—"
    parts = [named for piece in evidence if (named := _evidence(audit, piece, lang, section))]
    kinds = support_words(audit.support_kind(id), lang)
    items = "".join(f"<li>{part}</li>" for part in parts)
    return f"<details><summary>{marked(kinds, lang)}</summary><ul>{items}</ul></details>"


def _evidence(audit: Audit, piece: str, lang: str, section: str) -> str:
    """One piece of a support or conflict in words; relations that define need none."""
    if piece in audit.printed:
        row = audit.ledger.loc[piece]
        return f"{link(audit, piece, lang, section)} {figure(row['printed'], shown_unit(row), lang)}"
    if piece.startswith("reference:"):
        row = audit.data.references.loc[piece.removeprefix("reference:")]
        label = audit.data.quantities.loc[row["quantity"], f"label_{lang}"]
        unit = audit.data.quantities.loc[row["quantity"], "unit"]
        words = figure(row["printed"], "" if unit == "ratio" else unit, lang)
        return f"{pick(_OUTSIDE, lang)}{marked(label, lang)} {words}"
    if piece.startswith("list:"):
        return marked(pick(_LIST, lang), lang)
    if piece in audit.data.relations.index and audit.data.relations.loc[piece, "basis"] == "assumption":
        return marked(pick(_ASSUMING, lang) + audit.data.relations.loc[piece, f"note_{lang}"], lang)
    return ""


def conflicts(audit: Audit, ids: Sequence[str], lang: str, section: str) -> str:
    """The smallest sets of numbers and relations that cannot all hold, of those that touch `ids`.

    After them further such sets that share a figure with one, and pairs of slips where no single
    slip explains everything.
    """
    headings = [
        pick(("不能同时成立的数字", "numbers that cannot all hold"), lang),
        pick(("它们之间的关系与假设", "what ties them"), lang),
        pick(("能使之相合的差错或读法", "slips or readings to mend it"), lang),
    ]
    rows = []
    for conflict in audit.conflicts:
        if not set(conflict.statistics) & set(ids):
            continue
        members = [
            _evidence(audit, piece, lang, section) for piece in conflict.pieces if piece in audit.printed
        ]
        ties = [_tie(audit, piece, lang) for piece in conflict.pieces if piece not in audit.printed]
        mends = [text for id in conflict.statistics for text in slip_lines(audit, id, lang)]
        ways = f"<small>{marked(_ways(audit, conflict.statistics, lang), lang)}</small>"
        rows.append([_lines(members) + ways, _lines(ties), _lines(list(dict.fromkeys(mends)))])
    table = html_table(headings, rows, pick(_CONTRADICTING, lang), seen=False) if rows else ""
    return table + _overlapping(audit, ids, lang, section) + _together(audit, ids, lang, section)


def _ways(audit: Audit, ids: Sequence[str], lang: str) -> str:
    """Under which ways of reading figures contradict each other."""
    ways = [
        way for way in audit.readings[ids[0]] if all(audit.readings[id][way] == "contradicted" for id in ids)
    ]
    tried = audit.readings[ids[0]]
    if len(ways) == len(tried):
        return pick(_IN_ALL, lang).format(ways_named(tried, lang))
    return pick(_IN_SOME, lang) + ways_words(ways, lang, tried)


def _overlapping(audit: Audit, ids: Sequence[str], lang: str, section: str) -> str:
    between = pick(("；", "; "), lang)
    items = [
        between.join(part for piece in conflict.pieces if (part := _evidence(audit, piece, lang, section)))
        for conflict in audit.overlapping
        if set(conflict.statistics) & set(ids)
    ]
    return _told(pick(_OVERLAPPING, lang), items)


def _together(audit: Audit, ids: Sequence[str], lang: str, section: str) -> str:
    """Pairs of slips, best first, where neither one slip nor an assumption dropped would do."""
    pairs = [e for e in audit.explanations if len(e.statistics) > 1 and set(e.statistics) & set(ids)]
    pairs = [e for e in pairs if not any(audit.slips[id] for id in e.statistics)]
    pairs.sort(key=lambda e: e.rank)
    items = []
    for e in pairs[:_MOST]:
        slips = zip(e.statistics, e.printed, e.slips, e.of or ("",) * len(e.statistics), strict=True)
        parts = [
            f"{link(audit, id, lang, section)} {_slip(audit, id, printed, kind, of, lang)}"
            for id, printed, kind, of in slips
        ]
        items.append(pick(("；", "; "), lang).join(parts))
    if len(pairs) > _MOST:
        items.append(pick((f"另有{len(pairs) - _MOST}种", f"{len(pairs) - _MOST} more"), lang))
    return _told(pick(_TOGETHER, lang), items)


def _told(lead: str, items: Sequence[str]) -> str:
    """A sentence and the list that it announces, whose items are HTML; nothing without items."""
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="recount-more"><p>{escape(lead)}</p><ul>{listed}</ul></div>' if items else ""


def slip_lines(audit: Audit, id: str, lang: str, most: int = 4) -> list[str]:
    """The first `most` slips of one statistic and how many more there are; readings in full."""
    reprints = [slip for slip in audit.slips[id] if "printed" in slip]
    lines = [
        _slip(audit, id, slip["printed"], slip["kind"], slip.get("quantity", ""), lang)
        for slip in reprints[:most]
    ]
    if len(reprints) > most:
        rest = len(reprints) - most
        printed = figure(audit.printed[id], shown_unit(audit.ledger.loc[id]), lang)
        lines.append(f"{printed}{pick((f'：另有{rest}种', f': {rest} more'), lang)}")
    for slip in audit.slips[id]:
        if "relation" in slip:
            lines.append(_reading(audit, slip, lang))
    return lines


def _slip(audit: Audit, id: str, printed: str, kind: str, of: str, lang: str) -> str:
    """What is printed, what may have been meant (`of` another quantity), and the kind of slip."""
    # percent and points differ in nothing but the word: each is told as it is printed
    unit = "" if kind == "percent_or_point" else shown_unit(audit.ledger.loc[id])
    before, after = figure(audit.printed[id], unit, lang), figure(printed, unit, lang)
    label = audit.data.quantities.loc[of, f"label_{lang}"] if of else ""
    meant = after + marked(pick(_OF, lang).format(label), lang) if of else after
    opening, closing = pick((("（", "）"), (" (", ")")), lang)
    return f"{before} → {meant}{opening}{marked(slip_words(kind, lang), lang)}{closing}"


def _reading(audit: Audit, slip: Mapping[str, Any], lang: str) -> str:
    note = audit.data.relations.loc[slip["relation"], f"note_{lang}"]
    kind = slip_words(slip["kind"], lang)
    implied = []
    for quantity, (lower, upper) in slip["implied"].items():
        natural = audit.data.natural(quantity)
        if lower > natural.lower or upper < natural.upper:
            row = audit.data.quantities.loc[quantity]
            implied.append(f"{row[f'label_{lang}']} {interval(lower, upper, row['unit'], lang)}")
    without = pick((f"不作此假设（{kind}）：{note}", f"without the assumption ({kind}): {note}"), lang)
    return marked(without + (pick(("此时：", " Then: "), lang) + "；".join(implied) if implied else ""), lang)


def _tie(audit: Audit, piece: str, lang: str) -> str:
    if piece not in audit.data.relations.index:
        return _evidence(audit, piece, lang, "")
    row = audit.data.relations.loc[piece]
    word = pick(_ASSUMING, lang) if row["basis"] == "assumption" else ""
    return f"{marked(word + row[f'note_{lang}'], lang)} <code>{escape(row['relation'])}</code>"


def _lines(parts: Sequence[str]) -> str:
    return "<br>".join(part for part in parts if part) or "—"


def alternatives(audit: Audit, ids: Sequence[str], lang: str) -> str:
    """Assumptions and rival answers, each tried by itself: tenable or refuted, and by what."""
    headings = [
        pick(("假设或答案", "assumption or answer"), lang),
        pick(("试算结果", "tried"), lang),
        pick(("被什么排除", "ruled out by"), lang),
    ]
    words = {"tenable": ("成立", "can hold"), "refuted": ("不成立", "ruled out")}
    rows = []
    for id in ids:
        status, conflict = audit.alternatives.loc[id, "status"], audit.alternatives.loc[id, "conflict"]
        parts = [_evidence(audit, piece, lang, "") for piece in conflict if piece != id]
        note = marked(audit.data.relations.loc[id, f"note_{lang}"], lang)
        rows.append([note, pick(words[status], lang), _lines(parts)])
    return html_table(headings, rows, headings[0], seen=False)


def counts(
    ledger: pd.DataFrame,
    column: str,
    word: Mapping[str, str],
    heading: str,
    lang: str,
    names: Mapping[str, str] | None = None,
) -> str:
    """How many statistics of each section (across) have each value of a column, of those that occur.

    `word` names the values, in the order in which they stand, `heading` what they are; `names` the sections.
    """
    table = pd.crosstab(ledger[column], ledger["section"], margins=True)
    sections = [*dict.fromkeys(ledger["section"]), "All"]
    total = pick(("合计", "total"), lang)
    shown = {value: marked(words, lang) for value, words in word.items() if value in table.index}
    shown["All"] = marked(total, lang)
    rows = [
        [name, *(f'<span class="num">{table.loc[value, section]}</span>' for section in sections)]
        for value, name in shown.items()
    ]
    heads = [heading, *((names or {}).get(section, section) for section in sections[:-1]), total]
    return html_table(heads, rows, pick((f"各部分的{heading}", f"{heading} by section"), lang), seen=False)


def ledger(audit: Audit, lang: str) -> str:
    """Every statistic in one table, with controls to filter and sort it where scripts run."""
    table, names = audit.ledger, audit.data.section_names(lang)
    titles = [pick(HEADINGS[key], lang) for key in ("section", "verdict", "support", "readings")]
    depends = {key: pick(DEPENDENCE[key], lang) for key in DEPENDENCE if key in _dependences(table)}
    choices = [
        _choice(titles[0], "section", _words(table["section"], lambda id, _: names.get(id, id), lang), lang),
        _choice(titles[1], "verdict", _words(table["verdict"], verdict_word, lang), lang),
        _choice(titles[2], "support", _words(table["support_kind"], _kinds, lang), lang),
        _choice(titles[3], "readings", depends, lang),
    ]
    search = pick(("查找", "search"), lang)
    shown = pick(("显示 {shown} 项，共 {all} 项", "{shown} of {all} shown"), lang)
    up = pick(("，按“{by}”升序", ", sorted by {by}, ascending"), lang)
    down = pick(("，按“{by}”降序", ", sorted by {by}, descending"), lang)
    words = f'data-words="{escape(shown)}" data-ascending="{escape(up)}" data-descending="{escape(down)}"'
    headings = [pick(("序号", "no."), lang), *(pick(HEADINGS[key], lang) for key in _LEDGER)]
    rows = "".join(_ledger_row(audit, id, n, lang) for n, id in enumerate(audit.printed, start=1))
    script = files("recount.resources").joinpath("ledger.js").read_text(encoding="utf-8")
    return (
        '<div class="recount-ledger"><div class="recount-controls" hidden>'
        f'<label>{search} <input type="search"></label>{"".join(choices)}</div>'
        f'<p role="status" {words}></p>'
        f"{box(column_heads(headings), f'<tbody>{rows}</tbody>', pick(_LEDGER_CAPTION, lang), seen=False)}"
        f"<script>{script}</script></div>"
    )


_LEDGER_CAPTION = ("总账：每个统计数一行", "The ledger, a row for each statistic")
_LEDGER = ("statistic", "printed", "verdict", "recomputed", "readings", "support")


def _dependences(table: pd.DataFrame) -> list[str]:
    return [dependence(readings) for readings in table["readings"]]


def _ledger_row(audit: Audit, id: str, n: int, lang: str) -> str:
    row = audit.ledger.loc[id].to_dict()
    label, printed, mark = _leading(audit, id, lang, "ledger", notes=False)
    recomputed = _found(audit, id, lang)
    kinds = marked(_kinds(row["support_kind"], lang), lang)
    place = VERDICTS.index(row["verdict"])
    depends = dependence(row["readings"])
    ways = marked(readings_words(row["readings"], row["verdict"], lang), lang)
    facts = {
        "section": row["section"],
        "verdict": row["verdict"],
        "support": row["support_kind"],
        "readings": depends,
    }
    data = "".join(f' data-{key}="{escape(value or "none")}"' for key, value in facts.items())
    section = marked(audit.data.section_names(lang).get(row["section"], row["section"]), lang)
    return (
        f'<tr id="{id}"{data}><td data-sort="{n}">{n}</td>'
        f'<th scope="row">{label}<small>{section}</small></th>'
        f'<td>{printed}</td><td data-sort="{place}">{mark}</td><td>{recomputed}</td>'
        f'<td class="ways" data-sort="{list(DEPENDENCE).index(depends)}">{ways}</td><td>{kinds}</td></tr>'
    )


def _kinds(kinds: str, lang: str) -> str:
    return support_words(kinds, lang) or pick(("无", "none"), lang)


def _words(column: pd.Series, word: Callable[[str, str], str], lang: str) -> dict[str, str]:
    """The values of a column in order of appearance, each with its word."""
    return {value or "none": word(value, lang) for value in dict.fromkeys(column)}


def _choice(label: str, name: str, words: Mapping[str, str], lang: str) -> str:
    every = pick(("全部", "all"), lang)
    options = "".join(f'<option value="{escape(key)}">{escape(word)}</option>' for key, word in words.items())
    first = f'<option value="">{every}</option>'
    return f'<label>{marked(label, lang)} <select name="{name}">{first}{options}</select></label>'
