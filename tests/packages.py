"""Small data packages for tests: the book's own schemas, other tables."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from recount.package import Dataset, load
from recount.package.described import known_tables

DATA = Path(__file__).resolve().parent.parent / "data"


def columns(table: str) -> list[str]:
    """A table's columns, in the order of its schema."""
    return [field["name"] for field in known_tables()[table]["schema"]["fields"]]


def write_table(folder: Path, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows to a table; what a row leaves out is empty."""
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns(table), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def quantity(
    id: str, unit: str = "count", lower: str = "0", upper: str = "", integer: bool = False
) -> dict[str, str]:
    """A row of quantities.csv."""
    words = dict.fromkeys(("label_zh", "label_en", "definition_zh", "definition_en"), id)
    return {"id": id, "unit": unit, "lower": lower, "upper": upper, "integer": str(integer).lower()} | words


def statistic(id: str, printed: str, of: str = "", kind: str = "count") -> dict[str, str]:
    """A row of statistics.csv that measures the quantity of its own name, or `of`."""
    return {
        "id": id,
        "section": "lead",
        "printed": printed,
        "quantity": of or id,
        "kind": kind,
        "label_zh": id,
        "label_en": id,
    }


def relation(
    id: str, text: str, basis: str = "definition", default: str = "on", question: str = "", slip: str = ""
) -> dict[str, str]:
    """A row of relations.csv."""
    return {
        "id": id,
        "relation": text,
        "basis": basis,
        "default": default,
        "question": question,
        "slip": slip,
    }


def reference(id: str, of: str, printed: str, source: str = "a_source") -> dict[str, str]:
    """A row of references.csv."""
    return {"id": id, "quantity": of, "printed": printed, "source": source, "tier": "1"}


def make(
    folder: Path,
    *,
    quantities: Sequence[Mapping[str, str]],
    statistics: Sequence[Mapping[str, str]],
    relations: Sequence[Mapping[str, str]] = (),
    references: Sequence[Mapping[str, str]] = (),
    enumerations: Sequence[Mapping[str, object]] = (),
    terms: Sequence[Mapping[str, str]] = (),
    sections: Sequence[Mapping[str, str]] = (),
) -> Path:
    """Write a package of these rows and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "datapackage.json", folder)
    (folder / "references.bib").write_text(
        "@misc{a_source, title = {A source}, year = {2024}}\n", encoding="utf-8"
    )
    tables = {
        "numerals": (),
        "quantities": quantities,
        "statistics": statistics,
        "relations": relations,
        "references": references,
        "enumerations": enumerations,
        "terms": terms,
        "sections": sections,
    }
    for name, rows in tables.items():
        write_table(folder, name, rows)
    return folder


def loaded(folder: Path, **tables: Sequence[Mapping[str, str]]) -> Dataset:
    """A package of these rows, written and loaded."""
    return load(make(folder, **tables))  # type: ignore[arg-type]
