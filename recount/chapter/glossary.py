"""The glossary and the sources: terms with their definitions, and how often each source is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from recount.chapter.markup import marked
from recount.chapter.tables import html_table
from recount.package import Dataset
from recount.words import capitalised, pick

GROUPS = {
    "credit": ("贷款与保障", "Loans and cover"),
    "borrowers": ("借款人", "Borrowers"),
    "institutions": ("机构", "Institutions"),
    "territory": ("地域", "Territory"),
    "quantities": ("数量与比率", "Amounts and rates"),
    "figures": ("怎样读数字", "How figures are read"),
    "method": ("方法", "Method"),
    "verdicts": ("判定", "Verdicts"),
}
"""The groups of terms, in the order of the page."""

TIERS = {
    "official": ("官方", "official"),
    "press": ("报刊与其他", "press and others"),
    "methods": ("方法", "methods"),
}
"""The groups of sources: `keywords` of an entry. Official ones have tier 1, the press has tier 2."""

_HEADINGS = (("术语", "term"), ("英文", "Chinese"), ("定义", "definition"))
_OWN = ("本书自己的定义", "the book's own definition")
_SEE = ("参见", "see also")
_USED = ("用于", "matters for")
_SOURCES = ("来源", "sources")
_USES = (("来源", "source"), ("数字", "figures"), ("术语", "terms"))
# Of these the commonest reading, by which GB 2312 sorts, is not the one in the term.
_READ_AS = str.maketrans({"重": "虫"})


@dataclass(frozen=True)
class Source:
    """One entry of the bibliographies: its key, group, and a short name in each language."""

    key: str
    group: str
    zh: str
    en: str

    @property
    def address(self) -> str:
        """Where the bibliography has it, which lists the groups in their order here."""
        return f"bibliography.html#{self.key.replace('_', '-')}-{list(TIERS).index(self.group) + 1}"

    def link(self, lang: str) -> str:
        """Its short name as a link to its entry."""
        return f'<a href="{self.address}">{marked(pick((self.zh, self.en), lang), lang)}</a>'


def sources(folder: Path) -> dict[str, Source]:
    """The entries of a package's bibliographies by key; none where it has no such files."""
    from pybtex.database import parse_file  # comes with sphinxcontrib-bibtex

    entries = {}
    for name in ("references.bib", "methods.bib"):
        path = folder / name
        for key, entry in parse_file(str(path)).entries.items() if path.is_file() else ():
            fields = {field: _plain(text) for field, text in entry.fields.items()}
            people = ["".join(map(_plain, person.last_names)) for person in entry.persons.get("author", [])]
            group = fields.get("keywords", "methods")
            entries[key] = Source(key, group, *(_short(fields, people, lang) for lang in ("zh", "en")))
    return entries


def _plain(latex: str) -> str:
    """A field's text without what is meant for TeX."""
    from pybtex.richtext import Text

    return str(Text.from_latex(latex))


def _short(fields: Mapping[str, str], people: Sequence[str], lang: str) -> str:
    """Who and when: the publisher of a page, the authors of a paper."""
    organization = fields.get("organization", "")
    if lang == "en":
        organization = fields.get("organization_en", organization)
    and_others = ("、", "等") if lang == "zh" else (" and ", " and others")
    names = and_others[0].join(people) if len(people) < 3 else people[0] + and_others[1]
    who = organization or names or fields.get("title", "")
    when = (fields.get("date") or fields.get("year", ""))[:4]
    return f"{who} {when}".strip() if lang == "en" or not when else f"{who}，{when}"


def table(data: Dataset, group: str, lang: str) -> str:
    """The terms of one group: both languages side by side, definition, sources. Each is an address."""
    known = sources(data.folder)
    terms = data.terms[data.terms["group"] == group] if len(data.terms) else data.terms
    cells = [_row(data, id, known, lang) for id in terms.index]
    return html_table(
        [pick(heading, lang) for heading in _HEADINGS],
        cells,
        pick(GROUPS[group], lang),
        list(terms.index),
        seen=False,
    )


def _row(data: Dataset, id: str, known: Mapping[str, Source], lang: str) -> list[str]:
    term = data.terms.loc[id]
    other = pick(("en", "zh"), lang)
    return [
        marked(capitalised(term[f"term_{lang}"]), lang),
        f'<span lang="{other}">{escape(term[f"term_{other}"])}</span>',
        marked(term[f"definition_{lang}"], lang) + _after(data, term, known, lang),
    ]


def _after(data: Dataset, term: pd.Series, known: Mapping[str, Source], lang: str) -> str:
    """What stands below a definition: where it is from, related terms, statistics that it matters for."""
    cited = [known[key].link(lang) for key in term["source"].split()]
    words = data.terms[f"term_{lang}"]
    see = [f'<a href="#{id}">{marked(words[id], lang)}</a>' for id in term["see_also"].split()]
    used = [_statistic(data, id, lang) for id in term["statistics"].split()]
    colon = pick(("：", ": "), lang)
    lines = [f"{pick(_SOURCES, lang)}{colon}{_joined(cited, lang)}" if cited else escape(pick(_OWN, lang))]
    after = ((_SEE, see), (_USED, used))
    lines += [f"{pick(word, lang)}{colon}{_joined(links, lang)}" for word, links in after if links]
    return "".join(f"<small>{line}</small>" for line in lines)


def _statistic(data: Dataset, id: str, lang: str) -> str:
    row = data.statistics.loc[id]
    return f'<a href="{row["section"]}.html#{id}">{marked(row[f"label_{lang}"], lang)}</a>'


def _joined(parts: Sequence[str], lang: str) -> str:
    return pick(("；", "; "), lang).join(parts)


def index(data: Dataset, lang: str) -> str:
    """Every term as a link to its row, in the order of the edition's dictionaries."""
    terms = data.terms[f"term_{lang}"] if len(data.terms) else pd.Series(dtype=str)
    ordered = sorted(terms.items(), key=lambda item: dictionary_order(item[1], lang))
    links = [f'<a href="#{id}">{marked(term, lang)}</a>' for id, term in ordered]
    return f'<p class="recount-index">{" · ".join(links)}</p>'


def dictionary_order(term: str, lang: str) -> tuple[int, bytes]:
    """By letter, or by pinyin: the common characters of GB 2312 stand in the order of their reading.

    That order holds for the 3,755 common characters; the rare ones come last, by radical.
    """
    if lang == "en":
        return 0, term.removeprefix("the ").casefold().encode()
    encoded = term.translate(_READ_AS).encode("gb18030")
    return (0 if 0xB0 <= encoded[0] <= 0xD7 else 1), encoded


def uses(data: Dataset) -> pd.DataFrame:
    """How many outside figures and how many definitions rest on each source, by key."""
    figures = Counter(data.references["source"]) if len(data.references) else Counter()
    terms = Counter(key for cell in data.terms.get("source", []) for key in cell.split())
    known = sources(data.folder)
    table = pd.DataFrame(
        [(key, source.group, figures[key], terms[key]) for key, source in known.items()],
        columns=["key", "group", "figures", "terms"],
    )
    return table.set_index("key")


def uses_table(data: Dataset, group: str, lang: str) -> str:
    """The sources of one group that figures or terms rest on, the most used first."""
    known, counted = sources(data.folder), uses(data)
    counted = counted[(counted["group"] == group) & (counted["figures"] + counted["terms"] > 0)]
    ordered = counted.sort_values(["figures", "terms"], ascending=False, kind="stable")
    cells = [
        [f"{known[key].link(lang)}<small><code>{key}</code></small>", _number(figures), _number(terms)]
        for key, figures, terms in zip(ordered.index, ordered["figures"], ordered["terms"], strict=True)
    ]
    headings = [pick(heading, lang) for heading in _USES]
    return html_table(headings, cells, pick(TIERS[group], lang), seen=False)


def _number(count: int) -> str:
    return f'<span class="num">{count}</span>' if count else "—"
