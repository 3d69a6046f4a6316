"""Load a data package and say everything that is wrong with it at once.

A package is a folder with `datapackage.json` (Frictionless Data Package) and the tables it
describes. The table layer (types, constraints, keys) is checked by frictionless against the
schemas; what a schema cannot say is checked by `recount.package.meaning`. A table described without a
schema is held to the book's, and a package without readings is read by the book's.
"""

from __future__ import annotations

import functools
import json
import math
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from recount.arithmetic import relations
from recount.arithmetic.intervals import Interval
from recount.figures import numerals
from recount.figures.numerals import Figure, Readings, default_readings
from recount.package.meaning import end, meaning
from recount.package.problems import DataError, Problem

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
# Tables that are used with the words of one language only. (Terms are shown with their counterparts,
# and what a hedge word's note says of its place is read by the parser.)
_WORDED = frozenset({"statistics", "quantities", "relations", "references", "enumerations"})
_REQUIRED = ("statistics", "quantities", "relations")
# The book's own package, whose schemas and readings stand in where another has none.
_BOOK = Path(__file__).resolve().parents[2] / "data"


class Dataset:
    """The tables of one package, as text, indexed by id where they have one.

    `lang` is `zh` or `en` where the words of other languages are left out, else empty. Each use of a
    table that has a file is told by the audit event `recount.used` with the file's path, `#` and `lang`:
    who runs a notebook can so learn what it depends on.
    """

    statistics: pd.DataFrame
    quantities: pd.DataFrame
    relations: pd.DataFrame
    numerals: pd.DataFrame
    references: pd.DataFrame
    enumerations: pd.DataFrame
    terms: pd.DataFrame
    readings: Readings

    def __init__(self, folder: Path, readings: Readings, files: Mapping[str, Path] | None = None,
                 lang: str = "", **tables: pd.DataFrame):  # fmt: skip
        self.folder, self.lang = folder, lang
        self._files = dict(files or {})
        self._tables = {"terms": pd.DataFrame(), "readings": readings, **tables}

    def __getattr__(self, name: str) -> Any:
        tables = self.__dict__.get("_tables", {})
        if name not in tables:
            raise AttributeError(f"{type(self).__name__} has no {name!r}")
        if name in self._files:
            sys.audit("recount.used", f"{self._files[name]}#{self.lang if name in _WORDED else ''}")
        return tables[name]

    def for_language(self, lang: str) -> Dataset:
        """Itself without the labels, notes and definitions of other languages; terms keep theirs."""
        kept = {name: table for name, table in self._tables.items() if name != "readings"}
        for name in _WORDED & kept.keys():
            columns = kept[name].columns
            kept[name] = kept[name][[column for column in columns if _language(column) in ("", lang)]]
        return Dataset(self.folder, self._tables["readings"], self._files, lang, **kept)

    @functools.cached_property
    def parsed_relations(self) -> dict[str, relations.Relation]:
        """Each relation of the table, parsed."""
        return {id: relations.parse(text) for id, text in self.relations["relation"].items()}

    @functools.cached_property
    def natural_bounds(self) -> dict[str, Interval]:
        """What each quantity can be before any evidence: its lowest and highest possible value."""
        table = self.quantities
        ends = zip(table["id"], table["lower"], table["upper"], strict=True)
        return {id: Interval.enclosing(end(low), end(high)) for id, low, high in ends}

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
    with _checking():
        return _checked(place, descriptor)


@contextmanager
def _checking() -> Iterator[None]:
    """What is read meanwhile is read to be checked, which is no use of it."""
    sys.audit("recount.checking")
    try:
        yield
    finally:
        sys.audit("recount.checked")


def _checked(place: Path, descriptor: Path) -> Dataset:
    tables, files, problems = _tables(descriptor)
    missing = [name for name in _REQUIRED if name not in tables]
    problems += [
        Problem("datapackage.json", None, "resources", f"no {name} table", f"a resource named {name}")
        for name in missing
    ]
    if problems:
        raise DataError(problems)
    dataset = _assembled(place, tables, files)
    problems = list(meaning(dataset))
    if problems:
        raise DataError(problems)
    return dataset


def _language(column: str) -> str:
    """The language of a column of words; empty for any other."""
    lang = column.rpartition("_")[2]
    return lang if lang in ("zh", "en") else ""


def _tables(descriptor: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Path], list[Problem]]:
    """The package's tables as text (row numbers are the file's lines), their files, and the schema's
    complaints."""
    frictionless = _frictionless()
    try:
        package = frictionless.Package(str(descriptor))
        for resource in package.resources:
            if not resource.schema.fields and str(resource.name) in _book_schemas():
                resource.schema = frictionless.Schema.from_descriptor(_book_schemas()[str(resource.name)])
        report = package.validate()
    except frictionless.FrictionlessException as error:
        return {}, {}, [Problem(descriptor.name, None, None, error.error.message, "a valid descriptor")]
    problems = [Problem(descriptor.name, None, None, e.message, "a valid descriptor") for e in report.errors]
    for task in report.tasks:
        problems += [_complaint(Path(task.place).name, error) for error in task.errors]
    tables, files = {}, {}
    for resource in package.resources:
        path = descriptor.parent / str(resource.path)
        try:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        except (OSError, ValueError) as error:
            if not problems:
                problems.append(Problem(path.name, None, None, str(error), "a CSV table in UTF-8"))
            continue
        tables[str(resource.name)], files[str(resource.name)] = table, path
    return tables, files, problems


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


def _assembled(folder: Path, tables: Mapping[str, pd.DataFrame], files: Mapping[str, Path]) -> Dataset:
    full = {name: pd.DataFrame(columns=columns, dtype=str) for name, columns in _OPTIONAL.items()}
    full.update(tables)
    indexed = {
        name: full[name].set_index("id", drop=False).rename_axis(None)
        for name in ("statistics", "quantities", "relations", "references", "terms")
    }
    return Dataset(
        folder,
        Readings(full["readings"].to_dict("records")) if "readings" in full else default_readings(),
        files,
        numerals=full["numerals"].astype({"n": int, "offset": int}),
        enumerations=full["enumerations"],
        **indexed,
    )
