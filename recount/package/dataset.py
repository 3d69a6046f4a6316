"""Load a data package and say everything that is wrong with it at once.

A package is a folder with `datapackage.json` (Frictionless Data Package) and the tables it
describes. `recount.package.tables` reads them and checks types, constraints and keys against the
schemas; what a schema cannot say is checked by `recount.package.meaning`. What a package leaves out,
schemas, readings and units, is as recount has it (`recount.package.described`).
"""

from __future__ import annotations

import functools
import json
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from recount import resources
from recount.arithmetic import relations
from recount.arithmetic.intervals import Interval
from recount.figures import numerals
from recount.figures.numerals import Figure, NumeralError, Readings, default_readings
from recount.figures.units import UnitError, declare, default_units
from recount.package import tables
from recount.package.described import DESCRIPTOR, with_schemas
from recount.package.meaning import end, meaning
from recount.package.problems import DataError, Problem
from recount.package.tables import Tables

DEFAULTS = ("on", "off", "open")

# An open end moves in by this part of the last printed place: far above the rounding of binary
# arithmetic, far below anything that other figures could tell apart.
_HAIR = Decimal("1e-9")
# Tables whose words are wanted in one language only. (Terms are shown with their counterparts.)
_WORDED = ("statistics", "quantities", "relations", "references", "enumerations", "sections")
_REQUIRED = ("statistics", "quantities", "relations")
_INDEXED = ("statistics", "quantities", "relations", "references", "terms")
_CHECKOUT = Path(__file__).resolve().parents[2] / "data"
_KEPT = 8  # packages that are kept as they were read


def _columns(names: str) -> Callable[[], pd.DataFrame]:
    """What makes an empty table of these columns, for a package that leaves it out."""
    return lambda: pd.DataFrame(columns=names.split(), dtype=str)


@dataclass(eq=False, repr=False)
class Dataset:
    """The tables of one package, as text, indexed by id where they have one.

    `lang` is `zh` or `en` where the words of other languages are left out, else empty. `others` holds
    the tables that only this package has, `origins` what to call the place of each table.
    """

    folder: Path
    readings: Readings
    statistics: pd.DataFrame
    quantities: pd.DataFrame
    relations: pd.DataFrame
    numerals: pd.DataFrame = field(default_factory=_columns("n section offset printed role statistic"))
    references: pd.DataFrame = field(default_factory=_columns("id quantity printed as_of scope source tier"))
    enumerations: pd.DataFrame = field(default_factory=_columns("quantity n item_zh item_en"))
    sections: pd.DataFrame = field(default_factory=_columns("id label_zh label_en"))
    terms: pd.DataFrame = field(
        default_factory=_columns(
            "id group term_zh term_en definition_zh definition_en source see_also statistics"
        )
    )
    others: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""

    def copy(self) -> Dataset:
        """Itself with tables of its own: what is changed in them changes nothing here."""
        frames = {name: table.copy() for name, table in self.frames().items()}
        return replace(self, **frames, others={name: table.copy() for name, table in self.others.items()})

    def frames(self) -> dict[str, pd.DataFrame]:
        """Its tables by name, but for those that only this package has."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}

    def for_language(self, lang: str) -> Dataset:
        """Itself without the labels, notes and definitions of other languages; terms keep theirs."""
        kept = {
            name: table[[column for column in table.columns if _language(column) in ("", lang)]]
            for name in _WORDED
            for table in [getattr(self, name)]
        }
        return replace(self, **kept, lang=lang)

    def section_names(self, lang: str) -> dict[str, str]:
        """What the sections of the report are called, by id; one without a name is called by its id."""
        return dict(zip(self.sections["id"], self.sections[f"label_{lang}"], strict=True))

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
        """The unit of each quantity; `readings.units` says what the units are."""
        return dict(zip(self.quantities["id"], self.quantities["unit"], strict=True))

    def figure(self, printed: str) -> Figure:
        """A printed figure taken apart, by this package's own hedge words."""
        return numerals.parse(printed, self.readings)

    def interval(
        self, printed: str, reading: str = "customary", rounding: str = "half_up", whole: bool = False
    ) -> Interval:
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
    """The curated dataset: `RECOUNT_DATA` where it is set, else `data/` here or in recount's checkout.

    Raises DataError, which says what to do, where there is none.
    """
    named = os.environ.get("RECOUNT_DATA")
    if named:
        return Path(named)
    here = Path.cwd() / "data"
    for place in (here, _CHECKOUT):
        if (place / DESCRIPTOR).is_file():
            return place
    raise DataError(
        [
            Problem(
                str(here),
                None,
                None,
                f"no {DESCRIPTOR} in it",
                "a data package",
                "Name the folder of one (--data DIR, or RECOUNT_DATA=DIR), or start one with "
                "`recount init DIR --from TEXT`.",
            )
        ]
    )


def load(folder: str | Path | None = None) -> Dataset:
    """Read and check a package; raises `DataError` with every problem found.

    What was read once in this process is not read again until a file of the package changes; each
    caller gets tables of its own.
    """
    place = Path(folder) if folder is not None else default_folder()
    package = _described(place)
    return _loaded(place, package).copy()


def _described(place: Path) -> dict[str, Any]:
    """The descriptor of a package, with what the package leaves to recount."""
    descriptor = place / DESCRIPTOR
    if not descriptor.is_file():
        lacking = "no such folder" if not place.is_dir() else f"no {DESCRIPTOR} in it"
        raise DataError(
            [
                Problem(
                    str(place),
                    None,
                    None,
                    lacking,
                    "a data package",
                    f"Name a folder that holds {DESCRIPTOR} and its tables.",
                )
            ]
        )
    try:
        package = json.loads(descriptor.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(
            [Problem(DESCRIPTOR, None, None, str(error), "a descriptor in JSON (UTF-8)")]
        ) from None
    named = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(named, list) or not all(
        isinstance(resource, dict) and resource.get("name") for resource in named
    ):
        raise DataError(
            [
                Problem(
                    DESCRIPTOR,
                    None,
                    "resources",
                    "no list of tables with their names",
                    'a list such as [{"name": "statistics", "path": "statistics.csv"}, …]',
                    "Write each table out here; nothing is fetched.",
                )
            ]
        )
    return with_schemas(package)


_read: dict[tuple[str, str], Dataset] = {}


def _loaded(place: Path, package: dict[str, Any]) -> Dataset:
    """The package as it was read, or is read now, and checked; not to be handed out."""
    key = (str(place.absolute()), tables.digest(place, package))
    if key not in _read:
        for old in list(_read)[: len(_read) + 1 - _KEPT]:
            del _read[old]
        _read[key] = _checked(place, package)
    return _read[key]


def _checked(place: Path, package: dict[str, Any]) -> Dataset:
    contents = tables.read(place, package)
    missing = [name for name in _REQUIRED if name not in {table["name"] for table in package["resources"]}]
    problems = contents.problems + [
        Problem(DESCRIPTOR, None, "resources", f"no {name} table", f"a resource named {name}")
        for name in missing
    ]
    if problems:
        raise DataError(problems)
    dataset = _assembled(place, contents)
    problems = list(meaning(dataset))
    if problems:
        raise DataError(problems)
    return dataset


def _assembled(folder: Path, contents: Tables) -> Dataset:
    frames = dict(contents.frames)
    readings = _readings(contents, frames.pop("readings", None), frames.pop("units", None))
    if "numerals" in frames:
        frames["numerals"] = frames["numerals"].astype({"n": int, "offset": int})
    own = {item.name for item in fields(Dataset)}
    known = {
        name: table.set_index("id", drop=False).rename_axis(None) if name in _INDEXED else table
        for name, table in frames.items()
        if name in own
    }
    others = {name: table for name, table in frames.items() if name not in own}
    return Dataset(folder, readings, others=others, origins=contents.origins, **known)


def _readings(contents: Tables, rules: pd.DataFrame | None, units: pd.DataFrame | None) -> Readings:
    """The readings of a package, which replace recount's, in its units, which are added to recount's."""
    if rules is None and units is None:
        return default_readings()
    known, reason = default_units(), "units"
    try:
        if units is not None:
            known = known.extended(units.to_dict("records"))
            declare(known)
        reason = "readings"
        if rules is not None:
            return Readings(rules.to_dict("records"), contents.origins["readings"], known)
        return Readings(resources.rows("readings.csv"), units=known)
    except (UnitError, NumeralError) as error:
        raise DataError(
            [
                Problem(
                    contents.origins[reason],
                    None,
                    None,
                    str(error),
                    f"a table of {reason} as recount has it",
                    "The data dictionary describes it.",
                )
            ]
        ) from None


def _language(column: str) -> str:
    """The language of a column of words; empty for any other."""
    lang = column.rpartition("_")[2]
    return lang if lang in ("zh", "en") else ""
