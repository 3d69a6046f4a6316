"""The values of a grid, looked at before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from recount.audit.settings import AuditError, Settings, check_choice
from recount.package import DataError, Dataset, load
from recount.sweep.grid import Grid, SweepError
from recount.words import LANGS

if TYPE_CHECKING:  # scenarios do without the book
    from recount.sweep.plan import Source

SETTINGS = tuple(field.name for field in fields(Settings))
"""What an audit can be told."""


def check_values(grid: Grid, notebooks: Sequence[Source]) -> None:
    """Raises SweepError at the first value that a chapter of the book could not use.

    Only notebooks that open a `recount.chapter.Chapter` are known to take these parameters as the
    book does; what others make of theirs, only they know.
    """
    if any("recount.chapter" in code for source in notebooks for code in source.code):
        for language in grid.values("lang") if "lang" in grid.parameters else ():
            check_choice("--set lang", language, LANGS, SweepError)
        packages = grid.values("data_dir") if "data_dir" in grid.parameters else [None]
        for package in packages:
            check_settings(grid, opened(package))


def check_settings(grid: Grid, data: Dataset) -> None:
    """Raises SweepError at the first value that an audit of this data could not use."""
    for name in SETTINGS:
        for value in grid.values(name) if name in grid.parameters else ():
            try:
                Settings(**{name: value}).checked(data)
            except AuditError as error:
                raise SweepError(f"--set {error}") from None


def opened(package: Any) -> Dataset:
    """The data package of a value of `data_dir`; raises SweepError with all its problems."""
    if package is not None and not isinstance(package, str):
        raise SweepError(f"--set data_dir: found {package!r}; expected the path of a data package")
    try:
        return load(package or None)
    except DataError as error:
        raise SweepError(f"--set data_dir: {error}" if package else str(error)) from None
