"""Load a data package and say everything that is wrong with it at once.

A package is a folder with `datapackage.json` (Frictionless Data Package) and the tables it
describes. `recount.package.tables` reads them and checks types, constraints and keys against the
schemas; what a schema cannot say is checked by `recount.package.meaning`. What a package leaves out,
schemas, readings and units, is as recount has it (`recount.package.described`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from recount import resources
from recount.figures.numerals import NumeralError, Readings, default_readings
from recount.figures.units import UnitError, declare, default_units
from recount.package import kept, rules
from recount.package.dataset import Dataset
from recount.package.described import DESCRIPTOR, content_digest, place_of, with_schemas
from recount.package.meaning import meaning
from recount.package.problems import DataError, Problem

_REQUIRED = ("statistics", "quantities", "relations")
_INDEXED = ("statistics", "quantities", "relations", "references", "terms")
_CHECKOUT = Path(__file__).resolve().parents[2] / "data"
_KEPT = 8  # packages that are kept as they were read


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
    digest = content_digest(place, package)
    key = (str(place.absolute()), digest)
    if key not in _read:
        for old in list(_read)[: len(_read) + 1 - _KEPT]:
            del _read[old]
        frames = kept.fetch(digest)
        if frames is None:
            _read[key] = _checked(place, package, digest)
        else:
            _read[key] = _assembled(place, package, frames)
    return _read[key]


def _checked(place: Path, package: dict[str, Any], digest: str) -> Dataset:
    from recount.package import tables  # with frictionless, which takes most of a second to import

    contents = tables.read(place, package)
    missing = [name for name in _REQUIRED if name not in {table["name"] for table in package["resources"]}]
    problems = contents.problems + [
        Problem(DESCRIPTOR, None, "resources", f"no {name} table", f"a resource named {name}")
        for name in missing
    ]
    if problems:
        raise DataError(problems)
    dataset = _assembled(place, package, contents.frames)
    problems = [*rules.problems(contents.frames, package), *meaning(dataset)]
    if problems:
        raise DataError(problems)
    kept.keep(digest, contents.frames)
    return dataset


def _assembled(folder: Path, package: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> Dataset:
    frames = rules.with_rules(tables, package)
    origins = {table["name"]: place_of(table) for table in package["resources"]}
    readings = _readings(origins, frames.pop("readings", None), frames.pop("units", None))
    if "numerals" in frames:
        frames["numerals"] = frames["numerals"].astype({"n": int, "offset": int})
    own = {item.name for item in fields(Dataset)}
    known = {
        name: table.set_index("id", drop=False).rename_axis(None) if name in _INDEXED else table
        for name, table in frames.items()
        if name in own
    }
    others = {name: table for name, table in frames.items() if name not in own}
    return Dataset(folder, readings, others=others, origins=origins, **known)


def _readings(origins: Mapping[str, str], rules: pd.DataFrame | None, units: pd.DataFrame | None) -> Readings:
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
            return Readings(rules.to_dict("records"), origins["readings"], known)
        return Readings(resources.rows("readings.csv"), units=known)
    except (UnitError, NumeralError) as error:
        raise DataError(
            [
                Problem(
                    origins[reason],
                    None,
                    None,
                    str(error),
                    f"a table of {reason} as recount has it",
                    "The data dictionary describes it.",
                )
            ]
        ) from None
