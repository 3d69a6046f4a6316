"""Where things are in a book, and what its `_toc.yml` and `_config.yml` say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("zh", "en")
"""The editions. The first is the one a plain `jupyter-book build .` makes."""

CHAPTERS = "chapters"


class BookError(Exception):
    """The book cannot be built; the message says where the fault is and what to do."""


@dataclass(frozen=True)
class Chapter:
    """A page of the book that is a notebook."""

    name: str
    """Path below `chapters/` without suffix, such as `lead`."""
    docname: str
    """Path below the root without suffix, as Sphinx names it: `chapters/lead`."""
    path: Path


@dataclass(frozen=True)
class Book:
    """A folder with `_config.yml`, `_toc.yml`, `chapters/` and `data/`."""

    root: Path

    @classmethod
    def find(cls, root: Path | str | None = None) -> Book:
        """The book at `root`, or else at the working directory or around this package.

        Raises BookError where there is none.
        """
        package = Path(__file__).resolve().parents[2]
        places = [Path(root)] if root is not None else [Path.cwd(), package]
        for place in places:
            if (place / "_config.yml").is_file() and (place / "_toc.yml").is_file():
                return cls(place.resolve())
        tried = " and ".join(str(place) for place in places)
        raise BookError(f"no book (_config.yml and _toc.yml) in {tried}: run this in the checkout")

    @property
    def build(self) -> Path:
        return self.root / "_build"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def site(self) -> Path:
        return self.build / "site"

    def executed(self, lang: str, chapter: str) -> Path:
        """Where a chapter is kept with its outputs."""
        return self.build / "executed" / lang / f"{chapter}.ipynb"

    def config(self) -> dict[str, Any]:
        """The content of `_config.yml`."""
        return read_yaml(self.root / "_config.yml")

    def docnames(self) -> list[str]:
        """The pages of `_toc.yml` in order, root first, without suffix."""
        toc = read_yaml(self.root / "_toc.yml")
        if "root" not in toc:
            raise BookError("_toc.yml: no `root`, which names the first page")
        names = [toc["root"], *_files(toc)]
        return [name.removesuffix(".ipynb").removesuffix(".md") for name in names]

    def chapters(self) -> list[Chapter]:
        """The pages of `_toc.yml` that are notebooks, in order.

        Raises BookError naming each page that has no file.
        """
        chapters, missing = [], []
        for docname in self.docnames():
            path = self.root / f"{docname}.ipynb"
            if path.is_file():
                name = docname.removeprefix(f"{CHAPTERS}/")
                chapters.append(Chapter(name, docname, path))
            elif not (self.root / f"{docname}.md").is_file():
                missing.append(docname)
        if missing:
            raise BookError(f"_toc.yml names pages that have no file: {', '.join(missing)}")
        return chapters


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises BookError naming the file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BookError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise BookError(f"{path.name}: found {type(content).__name__}, expected a mapping")
    return content


def _files(entry: dict[str, Any]) -> Iterator[str]:
    """The files of a table of contents below one entry, depth first."""
    for part in entry.get("parts", []) + entry.get("chapters", []) + entry.get("sections", []):
        if "file" in part:
            yield part["file"]
        yield from _files(part)
