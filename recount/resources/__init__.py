"""Files that the package reads, and carries wherever it is installed."""

from __future__ import annotations

import csv
import io
from importlib import resources
from pathlib import Path


class ResourceError(FileNotFoundError):
    """A file of the package itself that is not where the package was installed."""


def path(name: str) -> Path:
    """Where a file of this folder lies.

    Raises ResourceError, which says what to do, where the installed package lacks it.
    """
    place = Path(str(resources.files(__name__) / name))
    if not place.is_file():
        raise ResourceError(
            f"{place}: found no such file; expected {name}, which recount carries with it. The installation "
            "is incomplete: install recount again (pip install --force-reinstall), from a wheel or checkout "
            "that has recount/resources."
        )
    return place


def text(name: str) -> str:
    """A file of this folder, which is UTF-8.

    Raises ResourceError where the installed package lacks it.
    """
    return path(name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV table of this folder, as text.

    Raises ResourceError where the installed package lacks it.
    """
    return list(csv.DictReader(io.StringIO(text(name))))
