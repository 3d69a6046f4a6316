"""What an executed notebook depends on, as one hash: where that is another, the notebook runs again.

It is made of

1. the notebook's code cells: their source, ids, order, and the tags that steer how they run;
2. its parameters;
3. every file below the book's folder (for a notebook of no book: below its own), except
   - prose: Markdown, and the pages of the book, whose code counts for each of them alone;
   - style and settings, and what is for developers (_ASIDE), at the top of the folder;
   - what is hidden, built (_BUILT, a sweep's folder) or installed (an environment, `*.egg-info`);
4. the data package and the examples that this package falls back on, where they lie elsewhere;
5. the source of this package, but for `recount/book`, which only makes pages of what has run;
6. the versions of Python and of all installed distributions.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any

import recount

STEERING_TAGS = frozenset({"parameters", "raises-exception", "skip-execution"})
"""Tags of a code cell that change how it is run."""

SWEPT = "sweep.json"
"""A folder with this file in it is the outcome of a sweep."""

_ASIDE = ("_config.yml", "_toc.yml", "_static", "tests", "benchmarks")
_BUILT = ("_build", "build", "dist")
_INSTALLED = ("__pycache__", "node_modules")


def execution_key(
    notebook: Mapping[str, Any], parameters: Mapping[str, Any], surroundings: Mapping[str, Any]
) -> str:
    """The key of one notebook run with these parameters in these surroundings.

    `notebook` is one of nbformat 4.5 as a mapping. Cell ids count, because outputs are put back by them.
    """
    cells = [
        [cell["id"], text(cell["source"]), sorted(STEERING_TAGS.intersection(tags(cell)))]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return digest({"cells": cells, "parameters": parameters, "surroundings": surroundings})


def surroundings(root: Path, pages: Collection[Path] = ()) -> dict[str, Any]:
    """All that a notebook can depend on besides itself, as it is now, hashed.

    `root` is the book's folder; `pages` are files that count for themselves alone.
    """

    def counts(name: PurePath) -> bool:
        return name.parts[0] not in _ASIDE and name.suffix != ".md" and root / name not in pages

    return {"files": digest_files(root, counts), **computing(), **fallbacks(root)}


def computing() -> dict[str, Any]:
    """What computes: the source of this package and the versions of all that is installed."""
    package = Path(recount.__file__).resolve().parent
    return {
        "package": digest_files(package, lambda name: name.parts[0] != "book"),
        "versions": versions(),
    }


def fallbacks(root: Path) -> dict[str, str]:
    """The data and the examples that notebooks of any folder can open, where they are not below `root`."""
    from recount.package import DataError, default_folder

    folders = {"examples": Path(recount.__file__).resolve().parents[1] / "examples"}
    with suppress(DataError):  # without a package to fall back on, notebooks name their own
        folders["data"] = default_folder().resolve()
    return {
        name: digest_files(folder)
        for name, folder in folders.items()
        if root.resolve() not in folder.parents and folder.is_dir()
    }


def versions() -> dict[str, str]:
    """The version of Python and of each installed distribution but this one, whose source counts.

    A distribution's folder of metadata is called by its name and version, with no other hyphen; to read
    what all of them say of themselves would take a second.
    """
    places = [Path(place) for place in reversed(sys.path) if Path(place).is_dir()]
    folders = [path for place in places for kind in ("dist", "egg") for path in place.glob(f"*.{kind}-info")]
    named = (path.stem.partition("-") for path in folders)
    installed = {name: version for name, _, version in named if name != "recount"}
    return {"python": platform.python_version(), **installed}


def digest_files(root: Path, counts: Callable[[PurePath], bool] = lambda name: True) -> str:
    """A hash of the files below a folder: of their names from there, and of their bytes.

    What is hidden, built or installed is left out, and files whose name does not count.
    """
    sums = {}
    for path in _files(root):
        name = path.relative_to(root)
        if counts(name) and path.is_file():
            try:
                sums[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:  # what cannot be read, a notebook cannot read either
                sums[name.as_posix()] = ""
    return digest(sums)


def _files(root: Path) -> Iterator[Path]:
    seen = set()
    for place, folders, names in os.walk(root, followlinks=True):
        seen.add(os.path.realpath(place))  # links can lead round in a circle
        folders[:] = [name for name in folders if _is_source(root, Path(place, name), seen)]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _is_source(root: Path, folder: Path, seen: Collection[str]) -> bool:
    aside = folder.name.startswith(".") or folder.name.endswith(".egg-info") or folder.name in _INSTALLED
    built = folder.parent == root and folder.name in _BUILT
    marked = (folder / "pyvenv.cfg").exists() or (folder / SWEPT).exists()
    return not (aside or built or marked) and os.path.realpath(folder) not in seen


def digest(content: Any) -> str:
    """A hash of anything JSON can hold; the order of keys does not matter."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))


def text(source: str | list[str]) -> str:
    """A cell's source, which a notebook file may hold as lines."""
    return source if isinstance(source, str) else "".join(source)
