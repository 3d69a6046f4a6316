"""The outside addresses of a book: in its bibliographies, tables, prose, and built pages."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

Places = Mapping[str, list[str]]
"""Each address with the places it is written in."""

_TEXTS = ("README.md", "CITATION.cff", "_config.yml", "data/*.csv", "data/datapackage.json",
          "benchmarks/*.md", "examples/*.md", "examples/*/*.csv", "examples/*/*/*.csv",
          "examples/*/*/datapackage.json", "examples/*/*/*.md")  # fmt: skip
_BIBLIOGRAPHIES = ("data/*.bib", "examples/**/*.bib")
_NOTEBOOKS = ("chapters/*.ipynb",)
_PAGES = ("_build/site/**/*.html",)

_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_LINK = re.compile(r'<a\b[^>]*?\bhref="(https?://[^"]+)"')
_RESERVED = ("example.org", "example.com", "example.net", "localhost", "127.0.0.1")


def collect(root: Path) -> dict[str, list[str]]:
    """Every outside address below the folder of a book, and where it is written.

    A DOI counts as the address that resolves it. The part after # is left out: it does not
    reach the server. The built site counts where there is one.
    """
    found: dict[str, list[str]] = {}
    for address, place in _written(root):
        bare = urldefrag(address).url
        host = urlsplit(bare).hostname or ""
        if host and not any(host == name or host.endswith(f".{name}") for name in _RESERVED):
            places = found.setdefault(bare, [])
            if place not in places:
                places.append(place)
    return found


def addresses(text: str) -> list[str]:
    """The addresses in a text, without the punctuation and the brackets that follow them."""
    return [_trimmed(match.group()) for match in _ADDRESS.finditer(text)]


def _trimmed(address: str) -> str:
    """An address without what belongs to the sentence: a bracket counts where it was opened within."""
    while address:
        last = address[-1]
        pair = {")": "(", "]": "["}.get(last)
        if last in ".,;:!?'*" or (pair and address.count(last) > address.count(pair)):
            address = address[:-1]
        else:
            break
    return address


def _written(root: Path) -> Iterator[tuple[str, str]]:
    """Every address with the place it is written in, sources before pages."""
    for path in _files(root, _BIBLIOGRAPHIES):
        yield from _of_bibliography(path, _name(path, root))
    for path in _files(root, _TEXTS):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for address in addresses(line):
                yield address, f"{_name(path, root)}:{number}"
    for path in _files(root, _NOTEBOOKS):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for address in addresses("".join(cell["source"])):
                yield address, f"{_name(path, root)}, cell {cell['id']}"
    for path in _files(root, _PAGES):
        for address in _LINK.findall(path.read_text(encoding="utf-8")):
            yield html.unescape(address), _name(path, root)


def _files(root: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(root.glob(pattern))


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _of_bibliography(path: Path, name: str) -> Iterator[tuple[str, str]]:
    from pybtex.database import parse_file

    for key, entry in parse_file(str(path)).entries.items():
        if "url" in entry.fields:
            yield entry.fields["url"], f"{name}, {key}"
        if "doi" in entry.fields:
            yield f"https://doi.org/{entry.fields['doi']}", f"{name}, {key}"
