"""What a page says to search engines and fact-check indexes, in schema.org's words (JSON-LD).

A statistic is a `ClaimReview`: the claim is the figure as printed, under the book's name for it, and
the rating is the verdict's word with what it means. There is no `ratingValue`: schema.org's number
places a claim between the worst and the best, false and true, and a verdict is no such place. It says
how a figure stands to the rest of the evidence: `confirmed` is agreement and not truth, `bounded` and
`unchecked` are no half-truths, and any number for them would be made up. `reviewAspect` says what
was rated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount.audit.records import Record
from recount.book.addresses import CODES
from recount.book.citation import Citation
from recount.book.layout import CHAPTERS
from recount.chapter.dictionary import said
from recount.words import capitalised, interval, pick, printed_words, shown_unit, verdict_meaning

Node = dict[str, Any]

_ASPECT = (
    "与报道其他数字及公开资料是否相合",
    "agreement with the report's other figures and with public sources",
)
_LEFT = ("{meaning}。复算：{interval}。", "{meaning}. Recomputed: {interval}.")
_MEANING = ("{meaning}。", "{meaning}.")
_LEDGER = (
    ("总账", "每个统计数的印出区间、复算区间、判定和依据。"),
    ("Ledger", "The printed and the recomputed interval, the verdict and the support of every statistic."),
)
_EDITION = ("中文版", "English edition")
_REPORT, _DATASET = f"{CHAPTERS}/index.html#report", f"{CHAPTERS}/data.html#package"
TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Setting:
    """What all pages of an edition share."""

    lang: str
    book: str
    """The edition's title."""
    citation: Citation
    report: Mapping[str, str]
    """The report the book is about: `name`, `published`, `place`, `language`."""
    invitation: str = ""


Locate = Callable[[str], str]
"""From a path below the edition to its address, seen from the page."""


def script(nodes: Sequence[Node]) -> str:
    """Nodes as an element of a page's head; nothing in them can end the element. '' without nodes."""
    if not nodes:
        return ""
    content: Node = {"@context": "https://schema.org", "@graph": list(nodes)}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/ld+json">{text}</script>'


def reviews(rows: Sequence[Record], setting: Setting, locate: Locate) -> list[Node]:
    """A ClaimReview for each record, and the report in which the claims appear."""
    if not rows:
        return []
    return [article(setting, locate), *(_review(row, setting, locate) for row in rows)]


def _review(row: Record, setting: Setting, locate: Locate) -> Node:
    lang = setting.lang
    address = locate(f"{CHAPTERS}/{row['section']}.html#{row['id']}")
    figure = printed_words(row["printed"], lang, shown_unit(row))
    claim = capitalised(row[f"label_{lang}"]) + pick(("：", ": "), lang) + figure
    return {
        "@type": "ClaimReview",
        "@id": address,
        "url": address,
        "claimReviewed": claim,
        "itemReviewed": {"@type": "Claim", "appearance": {"@id": locate(_REPORT)}},
        "author": authors(setting),
        "datePublished": setting.citation.released,
        "inLanguage": CODES[lang],
        "reviewRating": {
            "@type": "Rating",
            "alternateName": row[f"verdict_{lang}"],
            "reviewAspect": pick(_ASPECT, lang),
            "ratingExplanation": explanation(row, lang),
        },
    }


def explanation(row: Record, lang: str) -> str:
    """What the verdict means, and the recomputed interval where the evidence sets one."""
    meaning = capitalised(verdict_meaning(row["verdict"], lang))
    ends = row["recomputed_lower"], row["recomputed_upper"]
    if row["verdict"] == "unchecked" or ends == (None, None):
        return pick(_MEANING, lang).format(meaning=meaning)
    words = interval(*ends, shown_unit(row), lang)
    return pick(_LEFT, lang).format(meaning=meaning, interval=words)


def article(setting: Setting, locate: Locate) -> Node:
    """The report the statistics are from, by the name the book gives it; none of its words."""
    report = setting.report
    return {
        "@type": "NewsArticle",
        "@id": locate(_REPORT),
        "name": report["name"],
        "datePublished": report["published"],
        "inLanguage": report["language"],
        "spatialCoverage": {"@type": "Place", "name": report["place"]},
    }


def authors(setting: Setting) -> list[Node]:
    """Who wrote the book."""
    return [{"@type": "Organization", "name": name} for name in setting.citation.authors]


def book_nodes(setting: Setting, first: str, locate: Locate) -> list[Node]:
    """The book and the site it is published on, for its first page."""
    cited, lang = setting.citation, setting.lang
    work: Node = {
        "@type": "Book",
        "@id": locate(f"{first}#book"),
        "name": setting.book,
        "url": locate(first),
        "bookEdition": pick(_EDITION, lang),
        "description": setting.invitation,
        "author": authors(setting),
        "version": cited.version,
        "datePublished": cited.released,
        "inLanguage": CODES[lang],
        "license": list(cited.licences),
        "about": {"@id": locate(_REPORT)},
        "isBasedOn": {"@id": locate(_DATASET)},
        "isPartOf": {"@id": locate("index.html#site")},
    }
    site: Node = {
        "@type": "WebSite",
        "@id": locate("index.html#site"),
        "name": setting.book,
        "url": locate("index.html"),
        "inLanguage": CODES[lang],
    }
    return [site, work, article(setting, locate)]


def dataset(package: Mapping[str, Any], rows: Sequence[Record], setting: Setting, locate: Locate) -> Node:
    """The data package: its files, what they measure, of when and where."""
    lang = setting.lang
    files = [f"{package['name']}.zip", *(table["path"] for table in package["resources"])]
    words = said(package, "title", lang), said(package, "description", lang)
    return _data_node(_DATASET, "data", words, [f"data/{file}" for file in files], setting, locate) | {
        "version": package["version"],
        "keywords": package["keywords"],
        "license": [licence["path"] for licence in package["licenses"]],
        "temporalCoverage": span([row["as_of"] for row in rows]),
        "spatialCoverage": {"@type": "Place", "name": setting.report["place"]},
        "variableMeasured": list(dict.fromkeys(row[f"label_{lang}"] for row in rows)),
    }


def ledger(files: Sequence[str], setting: Setting, locate: Locate) -> Node:
    """The ledger as data of its own, computed from the package."""
    words = pick(_LEDGER, setting.lang)
    name = f"{CHAPTERS}/ledger.html#ledger-data"
    return _data_node(name, "ledger", words, files, setting, locate) | {
        "license": [licence for licence in setting.citation.licences if "creativecommons" in licence],
        "isBasedOn": {"@id": locate(_DATASET)},
    }


def _data_node(
    name: str, page: str, words: tuple[str, str], files: Sequence[str], setting: Setting, locate: Locate
) -> Node:
    """Data by its title and description, with the page that treats it and its files."""
    return {
        "@type": "Dataset",
        "@id": locate(name),
        "name": words[0],
        "description": words[1],
        "url": locate(f"{CHAPTERS}/{page}.html"),
        "creator": authors(setting),
        "datePublished": setting.citation.released,
        "inLanguage": list(CODES.values()),
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": path.rsplit("/", 1)[-1],
                "contentUrl": locate(path),
                "encodingFormat": TYPES[Path(path).suffix],
            }
            for path in files
        ],
    }


def span(periods: Sequence[str]) -> str:
    """The years from the first to the last of dates and periods (ISO 8601), as a period."""
    years = sorted(part[:4] for period in periods for part in period.split("/") if part)
    return f"{years[0]}/{years[-1]}" if years else ""
