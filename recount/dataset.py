"""Load a data package and say everything that is wrong with it at once.

A package is a folder with `datapackage.json` (Frictionless Data Package) and the tables it
describes. The table layer (types, constraints, keys) is checked by frictionless against the
schemas; what a schema cannot say (figures that parse, relations that name known quantities,
intervals that hold a value) is checked here. A table described without a schema is held to the
book's, and a package without readings is read by the book's.
"""

from __future__ import annotations

import functools
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from recount import numerals, relations
from recount.intervals import Interval
from recount.numerals import Figure, NumeralError, Readings, default_readings

BASES = ("definition", "arithmetic", "scope", "assumption")
DEFAULTS = ("on", "off", "open")

# What a table must offer even where a package leaves it out.
_OPTIONAL = {
    "numerals": ["n", "section", "offset", "printed", "role", "statistic"],
    "references": ["id", "quantity", "printed", "as_of", "scope", "source", "tier"],
    "enumerations": ["quantity", "n", "item_zh", "item_en"],
    "terms": ["id", "group", "term_zh", "term_en", "definition_zh", "definition_en", "source", "see_also",
              "statistics"],
}  # fmt: skip
# An open end moves in by this part of the last printed place: far above the rounding of binary
# arithmetic, far below anything that other figures could tell apart.
_HAIR = Decimal("1e-9")
_REQUIRED = ("statistics", "quantities", "relations")
# The book's own package, whose schemas and readings stand in where another has none.
_BOOK = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a package: where, what was found, what was expected, what to do."""

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        text = f"{place}: found {self.found}; expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class DataError(ValueError):
    """A package that cannot be used; `.problems` lists every reason."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''} in the data"
        super().__init__("\n".join([count, *(f"- {problem}" for problem in self.problems)]))


@dataclass(frozen=True)
class Dataset:
    """The tables of one package, as text, indexed by id where they have one."""

    folder: Path
    statistics: pd.DataFrame
    quantities: pd.DataFrame
    relations: pd.DataFrame
    numerals: pd.DataFrame
    references: pd.DataFrame
    enumerations: pd.DataFrame
    readings: Readings
    terms: pd.DataFrame = field(default_factory=pd.DataFrame)

    @functools.cached_property
    def parsed_relations(self) -> dict[str, relations.Relation]:
        """Each relation of the table, parsed."""
        return {id: relations.parse(text) for id, text in self.relations["relation"].items()}

    @functools.cached_property
    def natural_bounds(self) -> dict[str, Interval]:
        """What each quantity can be before any evidence: its lowest and highest possible value."""
        table = self.quantities
        ends = zip(table["id"], table["lower"], table["upper"], strict=True)
        return {id: Interval.enclosing(_decimal(low), _decimal(high)) for id, low, high in ends}

    def natural(self, quantity: str) -> Interval:
        """What a quantity can be before any evidence: its lowest and highest possible value."""
        return self.natural_bounds[quantity]

    @functools.cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """The date or period of each quantity, and its scope (as printed in the table)."""
        table = self.quantities
        return dict(zip(table["id"], zip(table["as_of"], table["scope"], strict=True), strict=True))

    @functools.cached_property
    def units(self) -> dict[str, str]:
        """The unit of each quantity."""
        return dict(zip(self.quantities["id"], self.quantities["unit"], strict=True))

    def figure(self, printed: str) -> Figure:
        """A printed figure taken apart, by this package's own hedge words."""
        return numerals.parse(printed, self.readings)

    def interval(self, printed: str, reading: str = "customary", rounding: str = "half_up",
                 whole: bool = False) -> Interval:  # fmt: skip
        """The values a printed figure can stand for, in the unit's base (yuan, ratio, count …).

        An end that is left out lies a hair inside: 4倍 rounded up does not allow 3. Where only `whole`
        numbers are possible, the ends are the outermost of these that the figure allows.
        """
        figure = self.figure(printed)
        bounds = self.readings.bounds(figure, reading, rounding)
        lower, upper = bounds.lower, bounds.upper
        hair = _HAIR * (figure.place if figure.sense == "exact" else figure.step)
        if lower is not None and bounds.lower_open:
            lower = Decimal(math.floor(lower) + 1) if whole else lower + hair
        if upper is not None and bounds.upper_open:
            upper = Decimal(math.ceil(upper) - 1) if whole else upper - hair
        if whole:
            lower = None if lower is None else Decimal(math.ceil(lower))
            upper = None if upper is None else Decimal(math.floor(upper))
        return Interval.enclosing(lower, upper)


def default_folder() -> Path:
    """The curated dataset: `RECOUNT_DATA` where it is set, else `data/` beside the package."""
    named = os.environ.get("RECOUNT_DATA")
    return Path(named) if named else _BOOK


def load(folder: str | Path | None = None) -> Dataset:
    """Read and check a package; raises `DataError` with every problem found."""
    place = Path(folder) if folder is not None else default_folder()
    descriptor = place / "datapackage.json"
    if not descriptor.is_file():
        found = "no such folder" if not place.is_dir() else "no datapackage.json in it"
        raise DataError([Problem(str(place), None, None, found, "a data package",
                                 "Name a folder that holds datapackage.json and its tables.")])  # fmt: skip
    tables, problems = _tables(descriptor)
    missing = [name for name in _REQUIRED if name not in tables]
    problems += [
        Problem("datapackage.json", None, "resources", f"no {name} table", f"a resource named {name}")
        for name in missing
    ]
    if problems:
        raise DataError(problems)
    dataset = _assembled(place, tables)
    problems = list(_meaning(dataset))
    if problems:
        raise DataError(problems)
    return dataset


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _tables(descriptor: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The package's tables as text (row numbers are the file's lines), and the schema's complaints."""
    frictionless = _frictionless()
    try:
        package = frictionless.Package(str(descriptor))
        for resource in package.resources:
            if not resource.schema.fields and str(resource.name) in _book_schemas():
                resource.schema = frictionless.Schema.from_descriptor(_book_schemas()[str(resource.name)])
        report = package.validate()
    except frictionless.FrictionlessException as error:
        return {}, [Problem(descriptor.name, None, None, error.error.message, "a valid descriptor")]
    problems = [Problem(descriptor.name, None, None, e.message, "a valid descriptor") for e in report.errors]
    for task in report.tasks:
        problems += [_complaint(Path(task.place).name, error) for error in task.errors]
    tables = {}
    for resource in package.resources:
        path = descriptor.parent / str(resource.path)
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        except (OSError, ValueError) as error:
            if not problems:
                problems.append(Problem(path.name, None, None, str(error), "a CSV table in UTF-8"))
            continue
        tables[str(resource.name)] = table
    return tables, problems


@functools.lru_cache(maxsize=1)
def _book_schemas() -> dict[str, dict[str, Any]]:
    """The book's schema of each table; the sections are left open, they are each report's own."""
    descriptor = json.loads((_BOOK / "datapackage.json").read_text(encoding="utf-8"))
    schemas = {resource["name"]: resource["schema"] for resource in descriptor["resources"]}
    for schema in schemas.values():
        for column in schema["fields"]:
            if column["name"] == "section":
                del column["constraints"]["enum"]
    return schemas


def _frictionless() -> Any:
    """The library, imported when a package is read: parsing a figure need not wait for it.

    jsonschema, beneath it, imports rfc3987_syntax where that is installed, which compiles forty
    grammars for more than a second to check a kind of address that no data package has. Hidden
    while jsonschema is imported, it is done without.
    """
    hidden = "rfc3987_syntax"
    if "jsonschema" not in sys.modules and hidden not in sys.modules:
        sys.modules[hidden] = None  # type: ignore[assignment]
        try:
            import jsonschema  # noqa: F401
        finally:
            del sys.modules[hidden]
    import frictionless

    return frictionless


def _complaint(file: str, error: Any) -> Problem:
    row = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None) or None
    cell = getattr(error, "cell", None)
    found = f"{cell!r}" if cell is not None else error.title.lower()
    return Problem(file, row, column, found, f"{error.note or error.message}", error.description)


def _assembled(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Dataset:
    full = {name: pd.DataFrame(columns=columns, dtype=str) for name, columns in _OPTIONAL.items()}
    full.update(tables)
    indexed = {
        name: full[name].set_index("id", drop=False).rename_axis(None)
        for name in ("statistics", "quantities", "relations", "references", "terms")
    }
    return Dataset(
        folder=folder,
        numerals=full["numerals"].astype({"n": int, "offset": int}),
        enumerations=full["enumerations"],
        readings=Readings(full["readings"].to_dict("records")) if "readings" in full else default_readings(),
        **indexed,
    )


def _meaning(data: Dataset) -> Iterator[Problem]:
    """What the schemas cannot see, table by table."""
    yield from _bounds_problems(data)
    for name in ("statistics", "references"):
        yield from _figure_problems(data, name)
    yield from _relation_problems(data)
    yield from _source_problems(data)
    yield from _term_problems(data)


def _rows(table: pd.DataFrame) -> Iterator[tuple[int, Any]]:
    """Rows with the line each stands on in its file (the header is line 1)."""
    for line, (_, row) in enumerate(table.iterrows(), start=2):
        yield line, row


def _bounds_problems(data: Dataset) -> Iterator[Problem]:
    for line, row in _rows(data.quantities):
        lower, upper = _decimal(row["lower"]), _decimal(row["upper"])
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
