"""The pages of a built site, as tests look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup


@dataclass(frozen=True)
class Page:
    """One HTML file of a site."""

    site: Path
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(self.site).as_posix()

    @property
    def edition(self) -> str:
        """`zh` or `en`; the empty string for the page at the top."""
        return self.name.split("/")[0] if "/" in self.name else ""

    @property
    def html(self) -> BeautifulSoup:
        return parsed(self.path)

    def links(self) -> Iterator[str]:
        """Every address the page names, of links, images, scripts and style sheets."""
        for attribute in ("href", "src"):
            for element in self.html.find_all(attrs={attribute: True}):
                yield str(element[attribute])


def pages(site: Path) -> list[Page]:
    """Every page of a site; the theme's own files are not pages."""
    paths = (path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts)
    return [Page(site, path) for path in paths]


@cache
def parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path: Path) -> frozenset[str]:
    """The ids and names of a page."""
    html = parsed(path)
    names = [e["id"] for e in html.find_all(id=True)] + [e["name"] for e in html("a", {"name": True})]
    return frozenset(map(str, names))
