"""The published cases of `examples/press-cases` as a page shows them: audits, gaps, tables, sources."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from recount.arithmetic.intervals import Interval
from recount.audit import Audit, Settings, slips
from recount.chapter import tables
from recount.chapter.markup import marked
from recount.figures.english import is_english
from recount.package import load
from recount.words import capitalised, interval, pick, printed_words, shown_unit, slip_words

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "press-cases"
_GRAVE = ("contradicted", "undecided")

_HEADINGS = {
    "figure": ("数字", "figure"),
    "printed": ("印作", "printed"),
    "recomputed": ("由其余数字复算", "recomputed from the rest"),
    "verdict": ("判定", "verdict"),
    "mends": ("能使之相合的改动或读法", "what would mend it"),
}
_NOTHING = ("没有简单的改动", "no simple change")
_UNLIMITED = ("其余数字不加限制", "not limited by the rest")
_FRONT = ("此为网站首页，原文地址不详", "the site's front page; the page's own address is not known")
_OTHERS = ("另有{}种改动", "{} more")
_MOST = 4  # changes shown in the table of all cases
_ASSUMED = ("假设", "assumption"), ("试算结果", "tried")
_TRIED = {"tenable": ("成立", "can hold"), "refuted": ("不成立", "ruled out")}
# what mends a case: one figure changed, an assumption dropped, by whether each does
_MENDS = {
    (True, False): ("改一个数字", "one figure"),
    (False, True): ("换一种读法", "another reading"),
    (True, True): ("改数字或换读法", "figure or reading"),
    (False, False): _NOTHING,
}


# -- the cases and their audits --------------------------------------------------------------------


@functools.cache
def catalogue() -> pd.DataFrame:
    """The table of cases (`source`, `label_*`, `shows_*`), indexed by case."""
    return _read("cases.csv").set_index("case")


def expected() -> pd.DataFrame:
    """The verdicts worked out by hand: `case`, the options it needs, `statistic`, `verdict`."""
    return _read("expected.csv").drop(columns=["slip", "becomes", "rank"]).drop_duplicates()


def _cases() -> Path:
    """The folder of the cases, which come with the book and not with the installed package."""
    if not FOLDER.is_dir():
        raise FileNotFoundError(
            f"{FOLDER}: found no such folder; expected the published cases. They come with the book: run "
            "this in a checkout of it, with recount installed from there (pip install --editable .)."
        )
    return FOLDER


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(_cases() / name, dtype=str, keep_default_na=False, encoding="utf-8")


def audited(
    case: str,
    reading: str = "customary",
    rounding: str = "half_up",
    assumptions: Mapping[str, bool] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Audit:
    """The audit of one case. Raises DataError where there is no such case, AuditError as Audit does."""
    settings = Settings(reading, rounding, assumptions=assumptions, overrides=overrides)
    return Audit(load(_cases() / case), settings)


def agreement(reading: str = "customary", rounding: str = "half_up") -> list[bool]:
    """For each row of `expected`, whether the audit gives that verdict."""
    audits: dict[tuple[str, ...], Audit] = {}  # several rows speak of one case under one choice
    agreed = []
    for _, row in expected().iterrows():
        chosen = (row["case"], row["assume"], row["without"], row["override"])
        if chosen not in audits:
            audits[chosen] = _chosen(*chosen, reading=reading, rounding=rounding)
        audit = audits[chosen]
        given = audit.verdicts[row["statistic"]] if row["statistic"] else verdict(audit)
        agreed.append(given == row["verdict"])
    return agreed


def _chosen(case: str, assume: str, without: str, override: str, reading: str, rounding: str) -> Audit:
    """The audit of a case under the options of a row of `expected`."""
    assumed = dict.fromkeys(assume.split(), True) | dict.fromkeys(without.split(), False)
    id, _, printed = override.partition("=")
    return audited(case, reading, rounding, assumed, {id: printed} if id else None)


def verdict(audit: Audit) -> str:
    """Of a case as a whole: the gravest where some figures cannot all hold, else `consistent`."""
    given = {audit.verdicts[id] for conflict in audit.conflicts for id in conflict.statistics}
    return next((grave for grave in _GRAVE if grave in given), "consistent")


def gap(printed: Interval, recomputed: Interval) -> float:
    """How far two intervals lie apart: the larger of the ends that face over the smaller, less one.

    0 where the intervals overlap, infinite where those ends differ in sign.
    """
    if printed.overlaps(recomputed):
        return 0.0
    low, high = sorted((printed, recomputed), key=lambda ends: float(ends.lower))
    near, far = float(low.upper), float(high.lower)
    if near * far <= 0:
        return math.inf
    return max(near / far, far / near) - 1


def least_gap(audit: Audit) -> float:
    """The gap between print and recomputation at the figure where it is smallest; 0 without one."""
    gaps = [gap(audit.value(id), audit.recomputed[id]) for id in audit.printed]
    return min((width for width in gaps if width > 0), default=0.0)


def mends(audit: Audit, lang: str) -> str:
    """In a word, what would make a case's figures hold together again; empty where they do."""
    if not audit.conflicts:
        return ""
    candidates = [slip for id in audit.printed for slip in audit.slips[id]]
    kinds = any("printed" in slip for slip in candidates), any("relation" in slip for slip in candidates)
    return pick(_MENDS[kinds], lang)


def rows(audit: Audit, case: str, *ids: str) -> pd.DataFrame:
    """Ledger rows of a case for a chart, their ids led by the case's name."""
    chosen = audit.ledger.loc[list(ids) or list(audit.printed)].copy()
    chosen["id"] = [f"{case}-{id}" for id in chosen["id"]]
    return chosen.set_index("id", drop=False)


# -- tables ----------------------------------------------------------------------------------------


def table(audit: Audit, lang: str, most: int = 4) -> str:
    """The figures of one case: printed, recomputed, verdict, and up to `most` slips of each."""
    keys = ("figure", "printed", "recomputed", "verdict", "mends")
    body = []
    for id in audit.printed:
        lines = tables.slip_lines(audit, id, lang, most)
        badge = tables.badge(audit.verdicts[id], lang)
        body.append([*_figure(audit, id, lang), badge, _lines(lines, audit.verdicts[id], lang)])
    return tables.html_table([pick(_HEADINGS[key], lang) for key in keys], body)


def overview(audits: Mapping[str, Audit], lang: str) -> str:
    """All cases in one table; each case is its own address in the book."""
    keys = ("figure", "printed", "recomputed", "mends")
    head = tables.column_heads(pick(_HEADINGS[key], lang) for key in keys)
    body = "".join(_case(case, audit, lang, len(keys)) for case, audit in audits.items())
    return tables.box(head, body, "")


def assumptions(audit: Audit, lang: str) -> str:
    """Each assumption of a case, tried by itself on the figures as printed: whether they can all hold."""
    body = [
        [marked(audit.data.relations.loc[id, f"note_{lang}"], lang), escape(pick(_TRIED[status], lang))]
        for id, status in audit.alternatives["status"].items()
    ]
    return tables.html_table([pick(pair, lang) for pair in _ASSUMED], body)


def _case(case: str, audit: Audit, lang: str, width: int) -> str:
    """A line for the case, its verdict and sources, over one for each figure."""
    about, whole = catalogue().loc[case], verdict(audit)
    sources = pick(("；", "; "), lang).join(_reference(key, lang) for key in about["source"].split())
    # the verdict first: on a phone a long name reaches beyond the part of the table that shows
    name = f"{tables.badge(whole, lang)} {marked(about[f'label_{lang}'], lang)}<small>{sources}</small>"
    explained = _lines(_foremost(audit, lang), whole, lang)
    lines = []
    for label, *cells in (_figure(audit, id, lang) for id in audit.printed):
        lines.append(f'<th scope="row">{label}</th>' + "".join(f"<td>{cell}</td>" for cell in cells))
    lines[0] += f'<td rowspan="{len(lines)}">{explained}</td>'
    heading = f'<tr><th scope="rowgroup" colspan="{width}">{name}</th></tr>'
    return f'<tbody id="{case}">{heading}{"".join(f"<tr>{line}</tr>" for line in lines)}</tbody>'


def _foremost(audit: Audit, lang: str) -> list[str]:
    """The most plausible changes to a figure, every tie, the readings, and how many changes more."""
    pens = [
        (slips.rank(slip["kind"]), id, slip)
        for id in audit.printed
        for slip in audit.slips[id]
        if "printed" in slip
    ]
    best = min((place for place, _, _ in pens), default=0)
    lines = [_pen(audit, id, slip, lang) for place, id, slip in pens if place == best][:_MOST]
    others = len(pens) - len(lines)
    readings = [slip for id in audit.printed for slip in audit.slips[id] if "relation" in slip]
    lines += dict.fromkeys(_reading(audit, slip, lang) for slip in readings)
    return lines + ([pick(_OTHERS, lang).format(others)] if others else [])


def _pen(audit: Audit, id: str, slip: Mapping[str, Any], lang: str) -> str:
    """One slip of the pen: what was printed, what may have been meant, the kind of slip."""
    unit = shown_unit(audit.ledger.loc[id])
    unit = unit if unit == "points" else ""  # what may have been meant can be in points where print is not
    before, after = (tables.figure(text, unit, lang) for text in (audit.printed[id], slip["printed"]))
    return f"{before} → {after}{_aside(marked(slip_words(slip['kind'], lang), lang), lang)}"


def _reading(audit: Audit, slip: Mapping[str, Any], lang: str) -> str:
    """One slip of reading: its kind, and what the quantities that no figure cites would have to be."""
    values = []
    for quantity, (lower, upper) in slip["implied"].items():
        row = audit.data.quantities.loc[quantity]
        values.append(f"{row[f'label_{lang}']} {interval(lower, upper, row['unit'], lang)}")
    words = marked(slip_words(slip["kind"], lang), lang)
    return words + (_aside(marked(pick(("；", "; "), lang).join(values), lang), lang) if values else "")


def _aside(words: str, lang: str) -> str:
    return f"（{words}）" if lang == "zh" else f" ({words})"


def _figure(audit: Audit, id: str, lang: str) -> list[str]:
    """Cells of one figure: label, printed, recomputed."""
    row = audit.ledger.loc[id].to_dict()
    unit, printed = shown_unit(row), row["printed"]
    words = printed_words(printed, lang, unit)
    shown = f'<span class="printed">{marked(words, lang)}</span>'
    if words != printed:
        original = "en" if is_english(printed) else "zh"
        shown += f'<small class="printed" lang="{original}">{escape(printed)}</small>'
    return [marked(capitalised(row[f"label_{lang}"]), lang), shown, marked(_found(row, unit, lang), lang)]


def _found(row: Mapping[str, Any], unit: str, lang: str) -> str:
    """What the rest leaves possible; a quantity's own limits are no finding."""
    low, high = row["recomputed_lower"], row["recomputed_upper"]
    low = -math.inf if low <= row["lowest"] < high else low
    high = math.inf if high >= row["highest"] > low else high
    if math.isinf(low) and math.isinf(high):
        return pick(_UNLIMITED, lang)
    multiple = lang == "zh" and row["printed"].endswith("倍")  # 3倍, where English says 300%
    return interval(low, high, "times" if multiple else unit, lang)


def _lines(lines: Sequence[str], given: str, lang: str) -> str:
    """Slips and readings one below the other, or that there are none."""
    return "<br>".join(lines) or (escape(pick(_NOTHING, lang)) if given in _GRAVE else "—")


# -- sources ---------------------------------------------------------------------------------------


@functools.cache
def _entries() -> dict[str, Any]:
    """The entries of the bibliography in the order in which the cases name them."""
    from pybtex.database import parse_file  # comes with sphinxcontrib-bibtex

    entries = parse_file(str(FOLDER / "references.bib")).entries
    named = dict.fromkeys(key for keys in catalogue()["source"] for key in keys.split())
    return {key: entries[key] for key in named}


def _reference(key: str, lang: str) -> str:
    """A source in a word or two, as a link to its entry: who published it, and the year."""
    fields = _entries()[key].fields
    who = _plain(fields["organization"]).split(",")[0].split("（")[0]
    return f'<a href="#{key}">{marked(_authors(key, lang) or who, lang)} {escape(fields["date"][:4])}</a>'


def sources(lang: str) -> str:
    """The sources of the cases as a list; each entry is its own address on the page."""
    items = "".join(f'<li id="{key}">{_entry(key, lang)}</li>' for key in _entries())
    return f"<ul>{items}</ul>"


def _entry(key: str, lang: str) -> str:
    """One source: authors, title, where and when it appeared, its address."""
    fields = _entries()[key].fields
    language = "zh" if fields.get("language") == "chinese" else "en"
    comma, stop = ("，", "。") if lang == "zh" else (", ", ". ")
    where = comma.join([_plain(fields["organization"]), fields["date"]])
    title = escape(_plain(fields["title"]))
    if language == "zh":  # Chinese titles have marks of their own, and no slanted letters
        titled = title if title.startswith("[") else f"《{title}》"
        title = f'<cite lang="zh" style="font-style: normal">{titled}</cite>'
    else:
        title = f'<cite lang="en">{title}</cite>'
    parts = [part for part in (marked(_authors(key, lang), lang), title, marked(where, lang)) if part]
    return f"{stop.join(parts)}{stop}{_address(fields, lang)}"


def _address(fields: Mapping[str, str], lang: str) -> str:
    if "doi" in fields:
        return _link(f"https://doi.org/{fields['doi']}", f"doi:{fields['doi']}")
    link = _link(fields["url"], fields["url"])
    if urlsplit(fields["url"]).path.strip("/"):
        return link
    note = pick(_FRONT, lang)
    return link + _aside(note, lang)


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _authors(key: str, lang: str) -> str:
    """Family names, as references in a text have them."""
    people = _entries()[key].persons.get("author", [])
    names = ["".join(_plain(part) for part in person.last_names) for person in people]
    return ("、" if lang == "zh" else " and ").join(names)


def _plain(latex: str) -> str:
    """A field's text without what is meant for TeX."""
    from pybtex.richtext import Text

    return str(Text.from_latex(latex))
