"""Where things are in a book, and what its `_toc.yml` and `_config.yml` say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from recount.runs import InputError

LANGUAGES = ("zh", "en")
"""The editions. The first is the one a plain `jupyter-book build .` makes."""

CHAPTERS = "chapters"


_TEXT_NOTEBOOK = {"jupytext", "kernelspec", "file_format"}
"""What the head of a text page names where the page is a notebook."""
_CODE_CELL = re.compile(r"^(?:`{3,}|~{3,}|:{3,})\{code-cell\}", re.MULTILINE)


class BookError(InputError):
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

    def pages(self) -> dict[str, Path]:
        """The pages of `_toc.yml` in order, root first: their names without suffix, and their files.

        Raises BookError naming each page that has no file, or that has code and is no notebook file.
        """
        pages: dict[str, Path] = {}
        problems: list[str] = []
        for docname in dict.fromkeys(self._listed()):
            path = next((path for path in self._files(docname) if path.is_file()), None)
            if path is None:
                problems.append(
                    f"_toc.yml: found {docname}, which has no file; expected {docname}.ipynb or .md"
                )
            else:
                pages[docname] = path
                problems += [] if path.suffix == ".ipynb" else list(_code_in_text(docname, path))
        if problems:
            raise BookError("\n".join(problems))
        return pages

    def docnames(self) -> list[str]:
        """The names of the pages, without suffix."""
        return list(self.pages())

    def chapters(self) -> list[Chapter]:
        """The pages that are notebooks, in order."""
        return [
            Chapter(docname.removeprefix(f"{CHAPTERS}/"), docname, path)
            for docname, path in self.pages().items()
            if path.suffix == ".ipynb"
        ]

    def _listed(self) -> Iterator[str]:
        """The pages that the table of contents names, as sphinx-external-toc reads it."""
        from sphinx_external_toc.api import FileItem, GlobItem
        from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

        try:
            contents = parse_toc_yaml(self.root / "_toc.yml")
        except (OSError, ValueError, yaml.YAMLError, MalformedError) as error:
            raise BookError(f"_toc.yml cannot be read: {error}") from error

        def below(name: str) -> Iterator[str]:
            yield re.sub(r"\.(ipynb|md)$", "", name)
            for item in (item for tree in contents[name].subtrees for item in tree.items):
                if isinstance(item, FileItem):
                    yield from below(str(item))
                elif isinstance(item, GlobItem):
                    yield from self._matching(str(item))

        return below(contents.root.docname)

    def _matching(self, pattern: str) -> list[str]:
        """The pages that a `glob:` of the table of contents stands for, matched as Sphinx does."""
        from sphinx.util.matching import patfilter

        files = (path.relative_to(self.root) for path in self.root.rglob("*.*"))
        names = {
            path.with_suffix("").as_posix()
            for path in files
            if path.suffix in (".ipynb", ".md") and not path.parts[0].startswith((".", "_build"))
        }
        if matching := sorted(patfilter(names, pattern)):
            return matching
        raise BookError(f"_toc.yml: found `glob: {pattern}`, which no page matches; mend it or take it out")

    def _files(self, docname: str) -> list[Path]:
        return [self.root / f"{docname}{suffix}" for suffix in (".ipynb", ".md")]


def _code_in_text(docname: str, path: Path) -> Iterator[str]:
    """What is wrong where a text page is a notebook: its code would be published without output."""
    content = path.read_text(encoding="utf-8")
    head = re.match(r"---\n(.*?)^(?:---|\.\.\.)\s*$", content, re.MULTILINE | re.DOTALL)
    try:
        named = yaml.safe_load(head[1]) if head else {}
    except yaml.YAMLError:
        named = {}
    if _CODE_CELL.search(content) or (isinstance(named, dict) and _TEXT_NOTEBOOK & named.keys()):
        yield (
            f"{docname}.md: found a notebook written as text, which is not run; expected a notebook file: "
            f"`jupytext --to ipynb {docname}.md`, then remove the text"
        )


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file that holds a mapping. Raises BookError naming the file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BookError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise BookError(f"{path.name}: found {type(content).__name__}, expected a mapping")
    return content
