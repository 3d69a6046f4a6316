"""What the schemas of a data package cannot say of its tables, checked.

Figures parse, fit their quantity and can be true; relations name known quantities; sources and terms
that are named exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from recount.arithmetic import relations
from recount.figures.numerals import NumeralError
from recount.package.problems import Problem

if TYPE_CHECKING:
    from recount.package.dataset import Dataset


def meaning(data: Dataset) -> Iterator[Problem]:
    """What the schemas cannot see, table by table."""
    yield from _bounds_problems(data)
    for name in ("statistics", "references"):
        yield from _figure_problems(data, name)
    yield from _relation_problems(data)
    yield from _source_problems(data)
    yield from _term_problems(data)


def end(text: str) -> Decimal | None:
    """A lowest or highest value as a table has it; None where there is none."""
    return Decimal(text) if text else None


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, Any]]:
    """Rows with the line each stands on in its file (the header is line 1)."""
    for line, (_, row) in enumerate(table.iterrows(), start=2):
        yield line, row


def _bounds_problems(data: Dataset) -> Iterator[Problem]:
    for line, row in _rows(data.quantities):
        lower, upper = end(row["lower"]), end(row["upper"])
        if lower is not None and upper is not None and lower > upper:
            yield Problem("quantities.csv", line, "lower", f"[{lower}, {upper}]", "a lowest value not above "
                          "the highest", "Exchange or correct the two.")  # fmt: skip


def _figure_problems(data: Dataset, name: str) -> Iterator[Problem]:
    """Figures that do not parse, do not fit their quantity's unit, or leave no possible value."""
    table: pd.DataFrame = getattr(data, name)
    for line, row in _rows(table):
        if row["quantity"] not in data.quantities.index:
            continue  # the foreign key says so already
        quantity = data.quantities.loc[row["quantity"]]
        try:
            figure = data.figure(row["printed"])
            interval = data.interval(row["printed"])
        except NumeralError as error:
            yield Problem(f"{name}.csv", line, "printed", repr(row["printed"]), str(error))
            continue
        if figure.unit != quantity["unit"]:
            yield Problem(f"{name}.csv", line, "printed", f"{row['printed']!r} in {figure.unit}",
                          f"a figure in {quantity['unit']}, the unit of {quantity['id']}",
                          "Correct the figure, or the quantity's unit.")  # fmt: skip
        elif not interval.overlaps(data.natural(row["quantity"])):
            yield Problem(f"{name}.csv", line, "printed", f"{row['printed']!r}, which is {interval}",
                          f"a value possible for {quantity['id']}: {data.natural(row['quantity'])}",
                          "Correct the figure, or the quantity's lowest and highest value.")  # fmt: skip


def _relation_problems(data: Dataset) -> Iterator[Problem]:
    for line, row in _rows(data.relations):
        try:
            relation = relations.parse(row["relation"])
        except relations.RelationError as error:
            yield Problem("relations.csv", line, "relation", row["relation"], str(error))
            continue
        if not relation.names:
            yield Problem("relations.csv", line, "relation", repr(row["relation"]),
                          "the id of a quantity in it", "Take it out, or name what it relates.")  # fmt: skip
        for name in relation.names:
            if name not in data.quantities.index:
                yield Problem("relations.csv", line, "relation", repr(name), "the id of a quantity",
                              "Add it to quantities.csv, or correct the name.")  # fmt: skip
        for kind, taken in (("id", row["id"]), ("question", row["question"])):
            if taken in data.statistics.index:
                yield Problem("relations.csv", line, kind, repr(taken), "a name that no statistic has",
                              "Support and conflicts name both: rename one of them.")  # fmt: skip
        if row["default"] == "open" and not row["question"]:
            yield Problem("relations.csv", line, "question", "nothing", "the question that this open "
                          "relation is one answer to")  # fmt: skip


def _source_problems(data: Dataset) -> Iterator[Problem]:
    if data.references.empty:
        return
    keys = _keys(data.folder, "references.bib")
    for line, row in _rows(data.references):
        if row["source"] not in keys:
            yield Problem("references.csv", line, "source", repr(row["source"]), "a key of references.bib",
                          "Add the source's entry, or correct the key.")  # fmt: skip


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
                    yield Problem("terms.csv", line, column, repr(name), expected)


def _keys(folder: Path, *files: str) -> set[str]:
    """The keys of the bibliographies of a package; none where it has no such file."""
    from pybtex.database import parse_file  # comes with sphinxcontrib-bibtex

    found = [folder / name for name in files if (folder / name).is_file()]
    return {key for path in found for key in parse_file(str(path)).entries}
