"""What lies on disk for a notebook to use, each file as it was before anything ran.

A run tells which files it read, which of a data package's tables it used and which modules of this
package it imported (`recount.runs.preloaded`). Their hashes are part of the key under which the result
is kept: so a chapter runs again when one of these changes, and not when any other does.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import recount
from recount.book.layout import LANGUAGES
from recount.runs.keys import digest

_ELSEWHERE = "package:"
"""Begins the name of a file that lies beside the package and not in the book."""

_MADE = ("_build", "build", "dist", "__pycache__", "recount.egg-info")


class Sources:
    """The files that notebooks of the book at `root` can use, read once."""

    def __init__(self, root: Path):
        package = Path(recount.__file__).resolve().parent
        self._root, self._beside = root, package.parent
        self._content: dict[str, bytes] = {}
        for folder in (root / "data", root / "examples", package, package.parent / "examples"):
            for path in sorted(folder.rglob("*")):
                name = self.name(path)
                if name and path.is_file():
                    self._content[name] = path.read_bytes()
        building = f"{self.name(package / 'book')}/"
        self.everything = sorted(name for name in self._content if not name.startswith(building))
        """What a notebook could use: all of these but the part of the package that builds."""

    def names(self, used: Iterable[str]) -> list[str]:
        """What counts of the paths that a run used, by names that are the same on every machine."""
        return sorted(set(filter(None, map(self._named, used))))

    def _named(self, path: str) -> str:
        file, mark, lang = path.partition("#")
        name = self.name(Path(file))
        return name + mark + lang if name and lang else name

    def name(self, path: Path) -> str:
        """A path by its place in the book, or else beside the package; empty for what does not count.

        What is built, hidden or installed is no source, and neither is the book as a whole.
        """
        for root, before in ((self._root, ""), (self._beside, _ELSEWHERE)):
            if path != root and root in path.parents:
                parts = path.relative_to(root).parts
                made = any(part.startswith((".", "__editable__")) or part in _MADE for part in parts)
                return "" if made else before + "/".join(parts)
        return ""

    def digests(self, names: Iterable[str]) -> dict[str, str]:
        """A hash of each file, table or folder by name; empty where there is none."""
        return {name: self._digest(name) for name in names}

    @functools.cache  # noqa: B019 - lives as long as one build
    def _digest(self, name: str) -> str:
        file, _, lang = name.partition("#")
        path = self._path(file)
        if path.is_dir():
            return digest(sorted(each.name for each in path.iterdir() if self.name(each)))
        if file not in self._content and path.is_file():
            self._content[file] = path.read_bytes()
        content = self._content.get(file)
        if content is None:
            return ""
        return digest(list(in_language(content, lang))) if lang else hashlib.sha256(content).hexdigest()

    def _path(self, name: str) -> Path:
        elsewhere = name.startswith(_ELSEWHERE)
        return self._beside / name.removeprefix(_ELSEWHERE) if elsewhere else self._root / name


def in_language(table: bytes, lang: str) -> Iterator[list[str]]:
    """The rows of a CSV table, head included, without the columns of other languages' words."""
    others = tuple(f"_{other}" for other in LANGUAGES if other != lang)
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    kept = [place for place, column in enumerate(rows[0]) if not column.endswith(others)] if rows else []
    for row in rows:
        yield [row[place] for place in kept if place < len(row)]
