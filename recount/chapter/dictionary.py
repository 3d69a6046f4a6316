"""The data dictionary: what `datapackage.json` says of each table, as the book shows it.

Nothing here is typed twice: titles, descriptions, constraints, sources and licences are read from
the descriptor, rows from the tables. What a descriptor says in Chinese stands beside the English
under the same name with `_zh`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from recount.chapter.markup import marked
from recount.chapter.tables import html_table
from recount.package.described import described, table_path
from recount.words import pick

DOWNLOADS = "../data"
"""Where a page finds the files of the package."""

_TYPES = {
    "string": ("文本", "text"),
    "integer": ("整数", "whole number"),
    "number": ("数", "number"),
    "boolean": ("是否", "true or false"),
}
_RULES = {
    "required": ("必填", "required"),
    "unique": ("不重复", "unique"),
    "primary": ("主键", "primary key"),
    "pattern": ("形如 {}", "of the form {}"),
    "minimum": ("不小于 {}", "at least {}"),
    "maximum": ("不大于 {}", "at most {}"),
    "enum": ("取值：{}", "one of {}"),
    "reference": ("指向 {}", "refers to {}"),
}
_FACTS = {
    "rows": ("行数", "rows"),
    "fields": ("字段数", "fields"),
    "sources": ("来源", "from"),
    "licences": ("许可", "licence"),
    "file": ("下载", "download"),
}
_OTHER_FILES = {  # by the end of the name
    "json": ("描述文件，上面的词典即由它生成", "the descriptor, from which this dictionary is made"),
    ".bib": ("参考文献，BibTeX 格式", "bibliography in BibTeX"),
}
_FIELD_HEADINGS = (("字段", "field"), ("含义、类型与约束", "meaning, type and constraints"))
_EXAMPLES = ("表中的几行", "Some of its rows")
_ROW = ("第{}行", "row {}")


def read(folder: Path) -> dict[str, Any]:
    """The descriptor of the package in a folder, with the tables that it leaves to recount."""
    return described(folder)


def resource(package: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One table's part of a descriptor; an empty one where the package has no such table."""
    table: dict[str, Any] = next((entry for entry in package["resources"] if entry["name"] == name), {})
    return table


def rows(folder: Path, table: Mapping[str, Any]) -> pd.DataFrame:
    """A table as text, row by row as it stands in its file; empty without a file."""
    if not table:
        return pd.DataFrame()
    path = table_path(folder, dict(table))
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def said(thing: Mapping[str, Any], key: str, lang: str) -> str:
    """A title or description in the edition's language, else as it stands, else nothing."""
    own = f"{key}_zh" if lang == "zh" else key
    return str(thing.get(own) or thing.get(key) or "")


def about(folder: Path, name: str, lang: str) -> str:
    """A table in words: what it holds, how many rows, where from, on which terms, its file."""
    package = read(folder)
    table = resource(package, name)
    if not table:
        return ""
    path = table["path"]
    facts = {
        "rows": f"{len(rows(folder, table)):,}",
        "fields": str(len(_fields(table))),
        "sources": _joined([_linked(entry, lang) for entry in table.get("sources", [])], lang),
        "licences": _joined([_linked(entry, lang) for entry in _licences(package, table)], lang),
        "file": f'<a href="{DOWNLOADS}/{escape(path)}" download>{escape(path)}</a>',
    }
    items = "".join(
        f"<li>{pick(_FACTS[key], lang)}{pick(('：', ': '), lang)}{value}</li>"
        for key, value in facts.items()
        if value
    )
    return f"<p>{marked(said(table, 'description', lang), lang)}</p><ul>{items}</ul>"


def fields(folder: Path, name: str, lang: str) -> str:
    """The fields of a table: name, meaning, type and constraints. Each is an address on the page."""
    table = resource(read(folder), name)
    rows = []
    for field in _fields(table):
        meaning = marked(said(field, "description", lang), lang)
        rows.append([_field_name(field, lang), f"{meaning}<small>{_rules(field, table, lang)}</small>"])
    anchors = [f"{name}.{field['name']}" for field in _fields(table)]
    headings = [pick(heading, lang) for heading in _FIELD_HEADINGS]
    return html_table(headings, rows, said(table, "title", lang), anchors, seen=False)


def examples(folder: Path, name: str, lang: str, most: int = 3) -> str:
    """A few rows of a table, the first, the last and some between: a column each, a line a field."""
    table = rows(folder, resource(read(folder), name))
    if table.empty:
        return ""
    last = len(table) - 1
    places = sorted({round(n * last / max(most - 1, 1)) for n in range(most)})
    headings = [pick(_FIELD_HEADINGS[0], lang), *(pick(_ROW, lang).format(place + 1) for place in places)]
    shown = [
        [_code(column), *(marked(table[column].iloc[place], lang) or "—" for place in places)]
        for column in table.columns
    ]
    return f'<div class="recount-more">{html_table(headings, shown, pick(_EXAMPLES, lang))}</div>'


def links(folder: Path, lang: str) -> str:
    """Every column that names rows of another table: the foreign keys of the package."""
    items = []
    for table in read(folder)["resources"]:
        for column, target in _references(table).items():
            field = next(entry for entry in _fields(table) if entry["name"] == column)
            meaning = marked(said(field, "description", lang), lang)
            own = _code(f"{table['name']}.{column}")
            items.append(f"<li>{own} → {_code(target)}{pick(('：', ': '), lang)}{meaning}</li>")
    return f"<ul>{''.join(items)}</ul>"


def files(folder: Path, lang: str) -> str:
    """Every file of the package as a link to the site's copy, with the rows that a table has."""
    package = read(folder)
    tables = {table["path"]: table for table in package["resources"]}
    bibliographies = sorted(path.name for path in folder.glob("*.bib"))
    items = []
    for path in ["datapackage.json", *tables, *bibliographies]:
        title = said(tables[path], "title", lang) if path in tables else pick(_OTHER_FILES[path[-4:]], lang)
        link = f'<a href="{DOWNLOADS}/{escape(path)}" download>{escape(path)}</a>'
        items.append(f"<li>{link}{pick(('：', ': '), lang)}{marked(title, lang)}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _fields(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(table.get("schema", {}).get("fields", []))


def _references(table: Mapping[str, Any]) -> dict[str, str]:
    """The columns that are foreign keys, with the column of the table that each refers to."""
    targets = {}
    for key in table.get("schema", {}).get("foreignKeys", []):
        target = key["reference"]
        for own, other in zip(_list(key["fields"]), _list(target["fields"]), strict=True):
            targets[own] = f"{target['resource'] or table['name']}.{other}"
    return targets


def _list(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _field_name(field: Mapping[str, Any], lang: str) -> str:
    return f"{_code(field['name'])}<small>{marked(said(field, 'title', lang), lang)}</small>"


def _rules(field: Mapping[str, Any], table: Mapping[str, Any], lang: str) -> str:
    """The type of a field and what its values have to satisfy."""
    kind = pick(_TYPES[field["type"]], lang) if field["type"] in _TYPES else str(field["type"])
    rules = field.get("constraints", {})
    words = [escape(kind)]
    if field["name"] in _list(table["schema"].get("primaryKey", [])):
        words.append(_rule("primary", "", lang))
    words += [_rule(key, "", lang) for key in ("required", "unique") if rules.get(key)]
    words += [
        _rule(key, _code(rules[key], lang), lang) for key in ("pattern", "minimum", "maximum") if key in rules
    ]
    if "enum" in rules:
        values = [_code(value, lang) for value in rules["enum"] if value]
        words.append(_rule("enum", pick(("、", ", "), lang).join(values), lang))
    if target := _references(table).get(field["name"]):
        words.append(_rule("reference", _code(target), lang))
    return pick(("；", "; "), lang).join(words)


def _rule(key: str, value: str, lang: str) -> str:
    return pick(_RULES[key], lang).format(value)


def _licences(package: Mapping[str, Any], table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A table's licences: its own, else the package's."""
    return list(table.get("licenses") or package.get("licenses", []))


def _linked(thing: Mapping[str, Any], lang: str) -> str:
    """A source or licence by its title; one with a path is a link, to the site's copy of a file."""
    title, path = marked(said(thing, "title", lang), lang), thing.get("path", "")
    if not path:
        return title
    address = path if "://" in path else f"{DOWNLOADS}/{path}"
    return f'<a href="{escape(address)}">{title}</a>'


def _joined(parts: Sequence[str], lang: str) -> str:
    return pick(("；", "; "), lang).join(part for part in parts if part)


def _code(value: object, lang: str = "zh") -> str:
    """A name or value as code; on an English page a Chinese one is marked, on a Chinese page code is code."""
    return f"<code>{escape(str(value)) if lang == 'zh' else marked(value, lang)}</code>"
