"""What `CITATION.cff` says: the one place for title, version, date, authors and licences."""

from __future__ import annotations

from dataclasses import dataclass

from recount.book.layout import Book, read_yaml

FILE = "CITATION.cff"
LICENCES = {
    "MIT": "https://spdx.org/licenses/MIT",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True)
class Citation:
    """How the book is cited; `licences` are addresses, `released` is a date as ISO 8601 has it."""

    title: str = ""
    version: str = ""
    released: str = ""
    authors: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


def citation(book: Book) -> Citation:
    """The book's citation; an empty one where it has no file. Raises BookError for one that is broken."""
    if not (book.root / FILE).is_file():
        return Citation()
    content = read_yaml(book.root / FILE)
    licences = content.get("license", [])
    return Citation(
        title=str(content.get("title", "")),
        version=str(content.get("version", "")),
        released=str(content.get("date-released", "")),
        authors=tuple(str(author["name"]) for author in content.get("authors", [])),
        licences=tuple(LICENCES[name] for name in ([licences] if isinstance(licences, str) else licences)),
        keywords=tuple(map(str, content.get("keywords", []))),
    )
