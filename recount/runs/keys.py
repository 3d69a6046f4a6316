"""What an executed chapter depends on, as one hash.

A chapter runs again when the key differs: its code cells, its parameters, what it uses of the data and
of this package (`recount.runs.sources`), or the versions it computes with. Prose, labels of a page and
its style are not in it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import recount

COMPUTES_WITH = (
    "numpy", "pandas", "matplotlib", "seaborn", "babel", "frictionless", "pybtex", "ipython",
)  # fmt: skip
"""Distributions whose version can change what a cell puts out."""

STEERING_TAGS = frozenset({"parameters", "raises-exception", "skip-execution"})
"""Tags of a code cell that change how it is run."""


def execution_key(
    notebook: Mapping[str, Any],
    parameters: Mapping[str, Any],
    surroundings: Mapping[str, Any],
) -> str:
    """The key of one chapter run with these parameters in these surroundings.

    `notebook` is a notebook in nbformat 4.5 as a mapping. Cell ids count, because outputs are
    put back by cell id.
    """
    cells = [
        [cell["id"], text(cell["source"]), sorted(STEERING_TAGS.intersection(tags(cell)))]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return digest({"cells": cells, "parameters": parameters, "surroundings": surroundings})


def surroundings(data: Path) -> dict[str, Any]:
    """All that a chapter can depend on: the data, the examples, the package's source and the versions.

    For runs that did not tell what they used, and for what depends on everything.
    """
    package = Path(recount.__file__).parent
    building, examples = package / "book", package.parent / "examples"
    sources = (path for path in package.rglob("*") if building not in path.parents)
    return {
        "data": digest_files(data, data.rglob("*")) if data.is_dir() else "",
        "examples": digest_files(examples, examples.rglob("*")) if examples.is_dir() else "",
        "package": digest_files(package, sources),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """The version of each distribution of COMPUTES_WITH ('' where absent) and of Python."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in COMPUTES_WITH:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def digest_files(root: Path, paths: Iterable[Path]) -> str:
    """A hash of the names below `root` and the bytes of files. Hidden files are left out."""
    sums = {}
    for path in paths:
        name = path.relative_to(root)
        hidden = any(part.startswith((".", "__pycache__")) for part in name.parts)
        if path.is_file() and not hidden:
            sums[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digest(sums)


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
