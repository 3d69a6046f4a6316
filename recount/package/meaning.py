"""What the schemas of a data package cannot say of its tables, checked.

Figures parse, fit their quantity and can be true; relations name known quantities; sources and terms
that are named exist.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from recount.arithmetic import relations
from recount.figures.numerals import NumeralError
from recount.package.dataset import Dataset, end
from recount.package.problems import Problem

# An entry of a bibliography, by its kind and key; what else BibTeX writes so.
_ENTRY = re.compile(r"^[ \t]*@(\w+)\s*[{(]\s*([^\s,{}()]+)\s*,", re.MULTILINE)
_NO_ENTRIES = ("comment", "preamble", "string")


def meaning(data: Dataset) -> Iterator[Problem]:
    """What the schemas cannot see, table by table."""
    yield from _quantity_problems(data)
    yield from _section_problems(data)
    for name in ("statistics", "references"):
        yield from _figure_problems(data, name)
    yield from _relation_problems(data)
    yield from _source_problems(data)
    yield from _term_problems(data)


def _origin(data: Dataset, name: str) -> str:
    """What to call the place of a table."""
    return data.origins.get(name, f"{name}.csv")


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, Any]]:
    """Rows with the line each stands on in its file (the header is line 1)."""
    for line, (_, row) in enumerate(table.iterrows(), start=2):
        yield line, row


def _quantity_problems(data: Dataset) -> Iterator[Problem]:
    """Units that no table knows, limits that are the wrong way round."""
    units = data.readings.units
    for line, row in _rows(data.quantities):
        if row["unit"] not in units.measuring:
            yield Problem(
                _origin(data, "quantities"),
                line,
                "unit",
                repr(row["unit"]),
                units.expected(row["unit"]),
                "Correct it, or give it a row in a table `units` of the package.",
            )
        lower, upper = end(row["lower"]), end(row["upper"])
        if lower is not None and upper is not None and lower > upper:
            yield Problem(
                _origin(data, "quantities"),
                line,
                "lower",
                f"[{lower}, {upper}]",
                "a lowest value not above the highest",
                "Exchange or correct the two.",
            )


def _section_problems(data: Dataset) -> Iterator[Problem]:
    """Sections that have no name where others have one."""
    if data.sections.empty:
        return
    named = list(data.sections["id"])
    for line, row in _rows(data.statistics):
        if row["section"] not in named:
            near = difflib.get_close_matches(row["section"], named, n=1)
            yield Problem(
                _origin(data, "statistics"),
                line,
                "section",
                repr(row["section"]),
                " or ".join(near or named),
                "Correct it, or give it a row in sections.csv.",
            )


def _figure_problems(data: Dataset, name: str) -> Iterator[Problem]:
    """Figures that do not parse, do not fit their quantity's unit, or leave no possible value."""
    table: pd.DataFrame = getattr(data, name)
    known = ("", *data.readings.roundings)
    for line, row in _rows(table):
        rule = row.get("rounding", "")
        if row["quantity"] not in data.quantities.index:
            continue  # the foreign key says so already
        quantity = data.quantities.loc[row["quantity"]]
        try:
            figure = data.figure(row["printed"])
            fits = figure.unit == quantity["unit"]
            if fits and rule in known:
                data.check(row["printed"], quantity["id"], rule)
            whole = fits and quantity["integer"] == "true"
            interval = data.interval(row["printed"], *data.readings.usual, whole)
        except NumeralError as error:
            yield Problem(_origin(data, name), line, "printed", repr(row["printed"]), str(error))
            continue
        if rule not in known:
            yield _unknown_rule(data, name, line, rule)
        if not fits:
            yield Problem(
                _origin(data, name),
                line,
                "printed",
                f"{row['printed']!r} in {figure.unit}",
                f"a figure in {quantity['unit']}, the unit of {quantity['id']}",
                "Correct the figure, or the quantity's unit.",
            )
        elif not interval.overlaps(data.natural(row["quantity"])):
            yield Problem(
                _origin(data, name),
                line,
                "printed",
                f"{row['printed']!r}, which is {interval}",
                f"a value possible for {quantity['id']}: {data.natural(row['quantity'])}",
                "Correct the figure, or the quantity's lowest and highest value.",
            )


def _unknown_rule(data: Dataset, name: str, line: int, rule: str) -> Problem:
    return Problem(
        _origin(data, name),
        line,
        "rounding",
        repr(rule),
        f"a rounding rule: {', '.join(data.readings.roundings)}",
        "Correct it here or in datapackage.json, leave it empty, or give the rule a row in readings.csv.",
    )


def _relation_problems(data: Dataset) -> Iterator[Problem]:
    for line, row in _rows(data.relations):
        try:
            relation = relations.parse(row["relation"])
        except relations.RelationError as error:
            yield Problem(_origin(data, "relations"), line, "relation", row["relation"], str(error))
            continue
        if not relation.names:
            yield Problem(
                _origin(data, "relations"),
                line,
                "relation",
                repr(row["relation"]),
                "the id of a quantity in it",
                "Take it out, or name what it relates.",
            )
        for name in relation.names:
            if name not in data.quantities.index:
                yield Problem(
                    _origin(data, "relations"),
                    line,
                    "relation",
                    repr(name),
                    "the id of a quantity",
                    "Add it to quantities.csv, or correct the name.",
                )
        for kind, taken in (("id", row["id"]), ("question", row["question"])):
            if taken in data.statistics.index:
                yield Problem(
                    _origin(data, "relations"),
                    line,
                    kind,
                    repr(taken),
                    "a name that no statistic has",
                    "Support and conflicts name both: rename one of them.",
                )
        if row["default"] == "open" and not row["question"]:
            yield Problem(
                _origin(data, "relations"),
                line,
                "question",
                "nothing",
                "the question that this open relation is one answer to",
            )


def _source_problems(data: Dataset) -> Iterator[Problem]:
    if data.references.empty:
        return
    keys = _keys(data.folder, "references.bib")
    for line, row in _rows(data.references):
        if row["source"] not in keys:
            yield Problem(
                _origin(data, "references"),
                line,
                "source",
                repr(row["source"]),
                "a key of references.bib",
                "Add the source's entry, or correct the key.",
            )


def _term_problems(data: Dataset) -> Iterator[Problem]:
    """Sources, related terms and statistics of a term: each cell lists them, separated by spaces."""
    if data.terms.empty:
        return
    files = ("references.bib", "methods.bib")
    known = {
        "source": (_keys(data.folder, *files), f"a key of {' or '.join(files)}"),
        "see_also": (set(data.terms.index), "the id of a term"),
        "statistics": (set(data.statistics.index), "the id of a statistic"),
    }
    for line, row in _rows(data.terms):
        for column, (names, expected) in known.items():
            for name in row[column].split():
                if name not in names:
                    yield Problem(_origin(data, "terms"), line, column, repr(name), expected)


def _keys(folder: Path, *files: str) -> set[str]:
    """The keys of the bibliographies of a package; none where it has no such file."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in files if (folder / name).is_file()]
    return {key for text in texts for kind, key in _ENTRY.findall(text) if kind.lower() not in _NO_ENTRIES}
