"""The ledger for machines: one plain record for each statistic, as JSON, CSV and Parquet.

The columns, their order and their meaning in both languages stand in `ledger.schema.json` (JSON
Schema 2020-12), which the files are published with.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.words import LANGS, verdict_word

if TYPE_CHECKING:
    from recount.audit import Audit

SCHEMA = Path(__file__).parents[1] / "resources" / "ledger.schema.json"
ADDRESSES = ("address", *(f"url_{lang}" for lang in LANGS))
Record = dict[str, Any]


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of a ledger file."""
    content: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return content


def columns() -> list[str]:
    """The names of a record's columns, in order."""
    return list(schema()["items"]["properties"])


def records(audit: Audit) -> list[Record]:
    """The ledger's rows without what belongs to a place (`ADDRESSES`): plain values, no end is infinite."""
    plain_rows = []
    for row in audit.ledger.to_dict("records"):
        bounds = audit.meant(row["id"])
        row |= {"lower_open": bounds.lower_open, "upper_open": bounds.upper_open}
        row |= {f"verdict_{lang}": verdict_word(row["verdict"], lang) for lang in LANGS}
        plain_rows.append({name: plain(row[name]) for name in columns() if name not in ADDRESSES})
    return plain_rows


def addressed(rows: Iterable[Record], folder: str, url: Callable[[str, str], str | None]) -> list[Record]:
    """The records with every column: where each statistic stands.

    `folder` is that of the chapters below an edition; `url` makes of a language and a path below
    its edition a web address, or None where there is no such edition.
    """
    placed = []
    for row in rows:
        address = f"{folder}/{row['section']}.html#{row['id']}"
        row = row | {"address": address} | {f"url_{lang}": url(lang, address) for lang in LANGS}
        placed.append({name: row[name] for name in columns()})
    return placed


def plain(value: Any) -> Any:
    """A value of the ledger as JSON has it: an end that is infinite, or not a number, is null."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def to_json(rows: Iterable[Record]) -> str:
    """An array, one record a line."""
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def to_csv(rows: Iterable[Record], fields: Sequence[str]) -> str:
    """Rows under the names of `fields`; lists of ids are joined by a space, structures are JSON."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fields, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) and " " not in item for item in value):
        return " ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def write_parquet(rows: Sequence[Record], target: Path) -> None:
    """Write the records as a Parquet file: lists and objects as JSON, which its readers know as a type."""
    import fastparquet  # not through pandas, which means to read and write by pyarrow (170 MB) alone
    import pandas as pd

    described = schema()["items"]["properties"]
    kinds = {name: _kind(column) for name, column in described.items()}
    numbers = [name for name, kind in kinds.items() if kind == "float"]
    table = pd.DataFrame(rows, columns=columns(), dtype=object)
    table = table.astype(dict.fromkeys(numbers, "float64"))
    table = table.astype({name: "bool" for name, kind in kinds.items() if kind == "bool"})
    coded = {name: kind for name, kind in kinds.items() if kind in ("utf8", "json")}
    fastparquet.write(str(target), table, compression=None, write_index=False, object_encoding=coded)


def _kind(column: Mapping[str, Any]) -> str:
    """The Parquet type of a column of the schema, in fastparquet's word."""
    types = column["type"] if isinstance(column["type"], list) else [column["type"]]
    if types[0] in ("array", "object"):
        return "json"
    return {"number": "float", "boolean": "bool", "string": "utf8"}[types[0]]
