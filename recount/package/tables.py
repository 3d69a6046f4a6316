"""The tables of a package, read and checked in one pass by frictionless.

Dialect, encoding, parts, inline rows and compression are what the descriptor says. Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
from frictionless.resources import TableResource

from recount.package.described import ADDRESSES, DESCRIPTOR, parts, place_of
from recount.package.problems import Problem
from recount.package.rules import RULE

_TYPED = ("boolean", "integer", "number")
# Columns that a table can do without, the last ones of their schemas.
_OPTIONAL = (RULE,)


@dataclass
class Tables:
    """The tables of a package as text, by name, and what is wrong with them."""

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path, package: Mapping[str, Any]) -> Tables:
    """Read every table of a described package, and check each against its schema.

    A cell is the text that the file has; one of a number or a truth value is written in one way
    (`1200`, `true`) whatever the descriptor says of separators and words.
    """
    tables = Tables(problems=[*_elsewhere(package), *_missing(folder, package)])
    if tables.problems:
        return tables
    try:
        opened = frictionless.Package.from_descriptor(_local(package), basepath=str(folder))
        opened.to_descriptor(validate=True)
    except frictionless.FrictionlessException as error:
        tables.problems += [_of_descriptor(reason) for reason in error.reasons or [error.error]]
        return tables
    for resource, table in zip(opened.resources, package["resources"], strict=True):
        if isinstance(resource, TableResource):
            _read_table(resource, place_of(table), tables)
    return tables


def _elsewhere(package: Mapping[str, Any]) -> Iterator[Problem]:
    """Addresses, which are not fetched."""
    for table in package["resources"]:
        if isinstance(table, str):
            yield _of_address("resources", table)
            continue
        for key in ADDRESSES:
            for value in table[key] if isinstance(table.get(key), list) else [table.get(key)]:
                if isinstance(value, str) and "://" in value:
                    yield _of_address(f"{table.get('name', 'resource')}.{key}", value)


def _of_address(column: str, address: str) -> Problem:
    return Problem(
        DESCRIPTOR,
        None,
        column,
        repr(address),
        "a file of the package",
        "Nothing is fetched: download it into the folder and name it there.",
    )


def _missing(folder: Path, package: Mapping[str, Any]) -> Iterator[Problem]:
    """Files that the descriptor names and the folder lacks."""
    for table in package["resources"]:
        for part in parts(table) if isinstance(table, Mapping) else ():
            if "://" not in part and not (folder / part).is_file():
                yield Problem(
                    DESCRIPTOR,
                    None,
                    f"{table.get('name', 'resource')}.path",
                    f"no file {part}",
                    f"it in {folder}",
                    "Add the file, or take it out of the path.",
                )


def _local(package: Mapping[str, Any]) -> dict[str, Any]:
    """The descriptor without the profiles that it names by address, which would be fetched."""
    tables = [
        {key: value for key, value in table.items() if not _profile(key, value)}
        for table in package["resources"]
    ]
    return {key: value for key, value in package.items() if not _profile(key, value)} | {"resources": tables}


def _profile(key: str, value: Any) -> bool:
    return key in ("profile", "$schema") and "://" in str(value)


def _read_table(resource: Any, where: str, tables: Tables) -> None:
    """Read one table into `tables`, with what is wrong in it."""
    given = bool(resource.schema.fields)
    rows: list[dict[str, str]] = []
    labels: list[str] = []
    try:
        with resource as opened:
            labels = list(opened.labels)
            errors = list(opened.header.errors)
            for row in opened.row_stream:
                rows.append(_texts(row, opened.schema, given))
                errors += row.errors
    except frictionless.FrictionlessException as error:
        errors = [error.error]
    tables.problems += [_complaint(where, error) for error in errors if not _left_out(error)]
    tables.frames[resource.name] = pd.DataFrame(rows, columns=labels, dtype=str)


def _left_out(error: Any) -> bool:
    """Whether a column is missed that may be missing."""
    return error.type in ("missing-label", "missing-cell") and error.field_name in _OPTIONAL


def _texts(row: Any, schema: Any, given: bool) -> dict[str, str]:
    """The cells of a row as text, by column."""
    typed = {column.name for column in schema.fields if column.type in _TYPED} if given else ()
    texts = {}
    for name, cell in zip(row.field_names, row.cells, strict=False):
        value = row[name] if name in typed else None if cell in schema.missing_values else cell
        texts[name] = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return texts


def _of_descriptor(error: Any) -> Problem:
    return Problem(DESCRIPTOR, None, None, error.message, "a valid descriptor")


def _complaint(where: str, error: Any) -> Problem:
    row, cell = getattr(error, "row_number", None), getattr(error, "cell", None)
    column = getattr(error, "field_name", None) or None
    given = f"{cell!r}" if cell is not None else error.title.lower()
    return Problem(where, row, column, given, f"{error.note or error.message}", error.description)
