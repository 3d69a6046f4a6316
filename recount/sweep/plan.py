"""The runs of a sweep: which chapter, with which parameters, under which name and key."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from recount.package import default_folder
from recount.runs import InputError
from recount.runs.keys import digest_files, execution_key, surroundings, tags, text
from recount.runs.notebooks import Notebook, read_notebook
from recount.sweep.grid import Grid, Point, SweepError, canonical

_HASH = 10  # hexadecimal digits that tell runs apart: two of 100,000 alike once in 200 sweeps
_READABLE = 80  # characters of a folder's name before the hash


@dataclass(frozen=True)
class Source:
    """A notebook to run: `name` is what its runs are called by."""

    name: str
    path: Path
    notebook: Notebook

    @property
    def code(self) -> Iterator[str]:
        """The source of each code cell."""
        return (text(cell["source"]) for cell in self.notebook["cells"] if cell["cell_type"] == "code")


@dataclass(frozen=True)
class Run:
    """One notebook with one combination of parameters."""

    source: Source
    point: Point
    name: str
    """The folder that keeps it: readable, then a hash of chapter and parameters."""
    key: str
    """What the outcome depends on: the notebook's code, parameters, data, package and versions."""


def sources(chapters: Sequence[str]) -> list[Source]:
    """The notebooks named: chapters of the book, or paths to files that end in `.ipynb`.

    Raises SweepError naming the argument.
    """
    if not chapters:
        raise SweepError(
            "found no chapter; expected one or more, such as lead, or a path to a notebook "
            "(only --audit-only needs none)"
        )
    named: dict[str, Source] = {}
    for chapter in dict.fromkeys(chapters):
        source = _source(chapter)
        other = named.setdefault(source.name, source)
        if other.path != source.path:
            raise SweepError(
                f"{chapter}: another notebook is called {source.name} too, {other.path}; their "
                "runs could not be told apart: sweep them one after the other"
            )
    return list(named.values())


def _source(chapter: str) -> Source:
    path = Path(chapter)
    if path.suffix == ".ipynb":
        if not path.is_file():
            raise SweepError(f"{chapter}: no such file; expected a notebook")
    else:
        path = _chapter(chapter)
    try:
        return Source(path.stem, path.resolve(), read_notebook(path))
    except InputError as error:
        raise SweepError(str(error)) from None


def _chapter(name: str) -> Path:
    """The file of a chapter of the book."""
    from recount.book.layout import Book

    try:
        known = {chapter.name: chapter.path for chapter in Book.find().chapters()}
    except InputError as error:
        raise SweepError(f"{name}: {error}, or name a notebook by its path") from None
    if name not in known:
        raise SweepError(
            f"{name}: no such chapter; expected one of {', '.join(known)}, or the path of an "
            ".ipynb file" + _meant(name, list(known))
        )
    return known[name]


def _meant(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]}?)" if close else ""


def declared(source: Source) -> list[str]:
    """The names that the notebook's `parameters` cell assigns; none where it has no such cell."""
    cells = [cell for cell in source.notebook["cells"] if "parameters" in tags(cell)]
    if not cells:
        return []
    try:
        body = ast.parse(text(cells[0]["source"])).body
    except SyntaxError as error:
        raise SweepError(f"{source.path.name}, cell {cells[0]['id']!r}: {error}") from None
    names: list[str] = []
    for statement in body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def check_names(grid: Grid, notebooks: Sequence[Source]) -> None:
    """Raises SweepError where a notebook has no parameter of a name in the grid."""
    for source in notebooks if grid.parameters else ():
        known = declared(source)
        if not known:
            raise SweepError(
                f"{source.path.name}: found no cell tagged `parameters`; expected one that "
                "gives each parameter its default"
            )
        for name in grid.parameters:
            if name not in known:
                raise SweepError(
                    f"--set {name}: {source.path.name} has no such parameter; expected one of "
                    f"{', '.join(known)}" + _meant(name, known)
                )


def plan(notebooks: Sequence[Source], grid: Grid) -> list[Run]:
    """A run for each notebook and combination, in that order."""
    data = cache(digest_files)
    runs = []
    for source in notebooks:
        root, pages = _surrounding(source.path)
        around = surroundings(root, {*pages, *grid.files, *(notebook.path for notebook in notebooks)})
        for point in grid:
            folder = data_folder(point)
            named = {} if root in folder.parents else {"named": data(folder)}
            key = execution_key(source.notebook, point.values, around | named)
            runs.append(Run(source, point, run_name(source.name, point), key))
    return runs


def _surrounding(notebook: Path) -> tuple[Path, list[Path]]:
    """The folder of the book that a notebook belongs to, and the book's pages; else its own folder."""
    for folder in notebook.parents:
        if (folder / "_toc.yml").is_file() and (folder / "_config.yml").is_file():
            from recount.book.layout import Book

            try:
                return folder, list(Book(folder).pages().values())
            except InputError as error:
                raise SweepError(f"{notebook}: {error}") from None
    return notebook.parent, []


def data_folder(point: Point) -> Path:
    """The data package that a run opens, as an absolute path."""
    named = point.values.get("data_dir")
    return Path(named if isinstance(named, str) and named else default_folder()).resolve()


def run_name(chapter: str, point: Point) -> str:
    """A run's folder: chapter, values (by the order of their parameters' names) and a hash.

    The same on every machine for the same chapter and values, in whatever order they are given.
    """
    words = [chapter, *(_words(name, point.values[name]) for name in sorted(point.values))]
    readable = "-".join(filter(None, map(_plain, words)))[:_READABLE].rstrip("-.")
    content = canonical({"chapter": chapter, "parameters": dict(point.values)})
    return f"{readable}-{hashlib.sha256(content.encode()).hexdigest()[:_HASH]}".lstrip("-.")


def _words(name: str, value: Any) -> str:
    """A value as part of a name: texts and ids by themselves, the rest with their parameter's name."""
    if isinstance(value, str) and value:
        return Path(value).name if name == "data_dir" else value
    if isinstance(value, dict) and value:
        return "-".join(map(str, value))
    return f"{name}-{'none' if value in (None, '', {}, []) else canonical(value)}"


def _plain(words: str) -> str:
    """Letters, digits, `_` and `.` of ASCII, which every file system takes."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", words).strip("-.")
