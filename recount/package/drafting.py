"""Start the data package of another report: empty tables, or a draft of its numerals.

The draft lists every numeric expression that `recount.figures.scanning` finds, with the hedge around it,
its unit and interval, and a guess at its role; the rest is for the analyst to classify and relate.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount import resources
from recount.figures.digits import ENGLISH_NUMBERS
from recount.figures.numerals import Figure, NumeralError, default_readings, parse, to_json
from recount.figures.scanning import Found, scan
from recount.figures.stretches import doubled, strip_space
from recount.package.described import known_tables
from recount.package.primer import readme
from recount.words import counted

#: What a draft says of an expression beyond the register's own columns.
DRAFT_FIELDS = (
    ("hedge", "string", "hedge words around it / 约数词"),
    ("unit", "string", "unit it was read in; empty: not read as a figure / 读出的单位；空为未能读数"),
    ("lower", "number", "lowest value, customary reading, rounded half up; empty: without end / 下端"),
    ("upper", "number", "highest value; empty: without end / 上端"),
    ("context", "string", "the text around it, not for publication / 上下文，不宜公开"),
)
_AROUND = 16  # characters of context on each side


class DraftError(ValueError):
    """A package that cannot be written, or a text that cannot be read."""


@dataclass(frozen=True)
class Drafted:
    """One numeric expression of a text with what could be made of it."""

    expression: Found
    section: str
    role: str
    figure: Figure | None  # None where it does not parse
    context: str

    def row(self, n: int) -> dict[str, object]:
        """The expression as row `n` of a drafted numerals.csv."""
        own: dict[str, object] = {
            "n": n,
            "section": self.section,
            "offset": self.expression.offset,
            "printed": self.expression.printed,
            "role": self.role,
            "statistic": "",
            "context": self.context,
        }
        if self.figure:
            record = to_json(self.figure, default_readings().bounds(self.figure))
            own |= {key: record[key] for key in ("hedge", "unit", "lower", "upper")}
        return own


def create(folder: Path, source: Path | None = None) -> str:
    """Write a new package into `folder`, its numerals drafted from the text `source` if one is named.

    Returns what was written, in a line or two. Raises DraftError, and writes nothing, where the
    folder holds anything already, is a file, or the text is not UTF-8.
    """
    if folder.exists() and not folder.is_dir():
        raise DraftError(f"{folder}: found a file; expected a new or empty folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise DraftError(f"{folder}: found files in it; expected a new or empty folder. Nothing was written.")
    drafted = draft(_text(source)) if source else []
    descriptor = _descriptor(folder.resolve().name, with_draft=source is not None)
    rows = {
        "numerals": [entry.row(n) for n, entry in enumerate(drafted, start=1)],
        "sections": [_section(id) for id in dict.fromkeys(entry.section for entry in drafted)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for resource in descriptor["resources"]:
        path = folder / resource["path"]
        if resource["name"] == "readings":
            shutil.copyfile(resources.path("readings.csv"), path)
        else:
            columns = [field["name"] for field in resource["schema"]["fields"]]
            _write(path, columns, rows.get(resource["name"], []))
    described = json.dumps(descriptor, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(described + "\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(descriptor), encoding="utf-8")
    (folder / "references.bib").write_text(
        "% Sources of references.csv; README.md shows an entry.\n", "utf-8"
    )
    summary = f"{folder}: an empty package; README.md explains its tables"
    return summary + (_summary(drafted) if source else "")


def draft(text: str) -> list[Drafted]:
    """Every numeric expression of `text`, in order; a doubled heading begins a new section."""
    places = [at for at, char in enumerate(text) if not char.isspace()]
    headings = doubled(text)
    entries = []
    for expression in scan(text):
        start = places[expression.offset]
        end = places[min(expression.offset + len(strip_space(expression.printed)), len(places)) - 1] + 1
        before = _flat(text[max(start - 60, 0) : start])
        figure = _figure(expression, before)
        part = 1 + sum(0 < heading <= expression.offset for heading in headings)
        context = _flat(text[max(start - _AROUND, 0) : end + _AROUND]).strip()
        entries.append(
            Drafted(expression, f"part_{part}", guess_role(expression, figure, before), figure, context)
        )
    return entries


def guess_role(expression: Found, figure: Figure | None, before: str = "") -> str:
    """The role that an expression most likely has: from the rule it met, what it says, what precedes."""
    printed = expression.printed
    if expression.rule == "quantity" and _YEARS.fullmatch(printed) and re.search(r"[^\x00-\u2fff]$", before):
        return "statistic" if figure and figure.hedge else "date"  # 2013—2023 in Chinese
    if expression.rule == "ordinal":
        return "statistic" if _PLACE.search(printed) or re.search(r"\brank\w* $", before) else "name"
    if expression.rule == "one_of":
        return "statistic" if re.search(r"^最.{2}|\bmost |est$", printed) else "name"
    if expression.rule != "quantity" or figure is None:
        return _ROLES.get(expression.rule, "statistic")
    if re.match(r"一(?![一二两三四五六七八九十百千万亿成])", printed) or re.search(
        "^one$|届$", printed.lower()
    ):
        return "name"
    if figure.unit in ("year", "month") and figure.sense in ("exact", "odd"):
        return "parameter"
    few = figure.unit == "count" and figure.sense == "exact" and figure.whole and (figure.value or 0) <= 12
    if few and (printed.lower() in ENGLISH_NUMBERS or _LISTED.fullmatch(printed)):
        return "enumeration"
    return "statistic"


_ROLES = dict.fromkeys(("quoted", "parallel", "marker", "vague", "name", "digits"), "name") | {
    "date": "date",
    "span": "parameter",
}
_PLACE = re.compile(
    r"^第[^届次批期轮年个季产方]+$|^首[位名]$|^榜首$|^(?:no|number|rank)|place$", re.IGNORECASE
)
_YEARS = re.compile(r"(?:1[89]|20)\d\d(?:[-~–—至](?:1[89]|20)?\d\d)?年?")
_LISTED = re.compile(r"[\d一二两三四五六七八九十]+(?:大|类|级|项|流|部门|部|种|条)|[两三四五六七八九十]+个")
# In these words the last character is no hedge.
_NOT_HEDGES = re.compile(r"(?:[节预签合违条集制契公邀]约|[通经渡度透难不]过|[附最临邻贴]近|[赶反]超)$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELLED = {"m": " million", "b": " billion", "k": " thousand"}
_SHORT = {"pct": " percent", "bps": " basis points", "bp": " basis points", "x": " times"}


def _figure(expression: Found, before: str) -> Figure | None:
    """The figure that an expression prints, with the hedges that stand before it; None if unreadable."""
    if _ROLES.get(expression.rule) == "name" or expression.rule == "multiple":
        text = {"twice": "2 times", "thrice": "3 times"}.get(expression.printed.lower())
        text = expression.printed if expression.printed.lower().endswith("fold") else text
        return _parsed(text) if text else None
    if expression.rule == "date":
        return _parsed(_chinese_date(expression.printed))
    printed = _readable(expression.printed)
    figure = _parsed(printed)
    if expression.rule in ("quantity", "fraction"):
        while longer := _hedged(printed, before):
            printed, before, figure = longer
    return figure


def _hedged(printed: str, before: str) -> tuple[str, str, Figure] | None:
    """The figure with one more hedge word of those that end `before`, and what stands before that."""
    words = [word for word in default_readings().words if "before" in word.positions]
    for word in sorted(words, key=lambda word: -len(word.text)):
        ending = before.rstrip()
        if not ending.lower().endswith(word.text) or (word.lang == "zh" and _NOT_HEDGES.search(ending)):
            continue
        rest = ending[: len(ending) - len(word.text)]
        if word.lang == "en" and rest[-1:].isalnum():
            continue
        text = f"{word.text}{' ' if word.lang == 'en' else ''}{printed}"
        if (figure := _parsed(text)) and figure.hedge:
            return text, rest, figure
    return None


def _parsed(text: str) -> Figure | None:
    try:
        figure = parse(text)
        default_readings().bounds(figure)
    except (NumeralError, ArithmeticError):
        return None
    return figure


def _readable(printed: str) -> str:
    """English notations that `parse` does not know, in words that it knows."""
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", printed)
    text = re.sub(r"^half an? ", "0.5 ", text, flags=re.IGNORECASE)
    text = re.sub(r"^an? (?=hundred)", "one ", text, flags=re.IGNORECASE)
    text = re.sub(r"^(\w+) and a (half|quarter)\b", _and_a_part, text, flags=re.IGNORECASE)
    if re.match(r"\D*[$¥]|RMB|CNY", text):
        text = re.sub(r"(?<=\d)[mbk]$", lambda match: _SPELLED[match.group()], text)
    return re.sub(r"(?<=\d) ?(?:pct|bps|bp|x)$", lambda match: _SHORT[match.group().strip()], text)


def _and_a_part(match: re.Match[str]) -> str:
    whole = ENGLISH_NUMBERS.get(match[1].lower(), match[1])
    return f"{whole}.{'5' if match[2].lower() == 'half' else '25'}"


def _chinese_date(printed: str) -> str:
    """An English date as a Chinese one, which is what `parse` reads; a Chinese one as it is."""
    if re.search("[年月]", printed):
        return printed
    if iso := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", printed):
        return "{}年{}月{}日".format(*iso.groups())
    years = re.findall(r"(?<!\d)\d{4}(?!\d|s)", printed)
    if len(years) != 1 or re.search(r"quarter|half|[QH]\d|\d[-–—/]\d", printed):
        return ""
    name = re.search("|".join(_MONTHS), printed.lower())
    day = re.search(r"(?<!\d)\d\d?(?!\d)", printed)
    text = f"{years[0]}年" + (f"{_MONTHS.index(name.group()) + 1}月" if name else "")
    if name and day:
        return f"{text}{day.group()}日"
    return text + ("末" if re.match(r"(?:the )?end", printed, re.IGNORECASE) else "")


def _flat(text: str) -> str:
    """Wrapped text on one line: no space between Chinese characters, one elsewhere."""
    joined = re.sub(r"(?<=[^\x00-\u2fff])\s+|\s+(?=[^\x00-\u2fff])", "", text)
    return re.sub(r"\s+", " ", joined)


def _text(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DraftError(f"{source}: found bytes that are no UTF-8 ({error}); expected UTF-8 text") from None


def _descriptor(name: str, with_draft: bool) -> dict[str, Any]:
    """The descriptor of a new package, every table described; a draft's numerals have more columns."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "report"
    tables = known_tables()
    del tables["terms"], tables["units"]  # a glossary is a book's; units are added where they are wanted
    for key in ("sources", "licenses"):
        del tables["readings"][key]
    if with_draft:
        tables["numerals"]["schema"]["fields"] += [
            {"name": column, "type": kind, "description": text} for column, kind, text in DRAFT_FIELDS
        ]
    own = {"profile": "data-package", "name": slug, "title": name, "version": "0.1.0"}
    return own | {"resources": list(tables.values())}


def _section(id: str) -> dict[str, object]:
    """A row of sections.csv, until the section is given the report's own name."""
    number = id.rpartition("_")[2]
    return {"id": id, "label_zh": f"第{number}部分", "label_en": f"Part {number}"}


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _summary(drafted: Sequence[Drafted]) -> str:
    """How many expressions were drafted, how they were classed, and how many have no interval."""
    roles = Counter(entry.role for entry in drafted)
    classed = ", ".join(f"{count} {role}" for role, count in roles.most_common())
    unread = sum(entry.figure is None and entry.role not in ("name", "date") for entry in drafted)
    line = f"\nnumerals.csv: {counted(len(drafted), 'numeric expression')}"
    return line + (f" ({classed}; {unread} to be read by hand)" if drafted else "")
