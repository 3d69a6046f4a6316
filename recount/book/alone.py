"""Pages that need no other file: the top of the site, and the page for addresses it does not have."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from recount.book.addresses import site_address
from recount.book.editions import edition_config
from recount.book.layout import LANGUAGES
from recount.book.webfont import characters, subset

TEMPLATES = Path(__file__).with_name("templates")


def landing_page(
    config: Mapping[str, Any], first: Mapping[str, str], places: Mapping[str, str], fonts: Path, icon: bytes
) -> str:
    """The page that offers both editions, as HTML.

    `first` leads from each language to its edition's first page, `places` from each statistic to its
    page below an edition; `fonts` is a folder for fonts that were cut before; `icon` is an SVG. Titles
    and the line under them come from each edition's configuration (`title`, `recount_invitation`).
    """
    drawn = f"image/svg+xml;base64,{b64encode(icon).decode()}"
    return _page("landing.html", config, first, fonts, places=dict(places), icon=drawn)


def missing_page(config: Mapping[str, Any], first: Mapping[str, str], base: str, fonts: Path) -> str:
    """The page for an address that is not there, as HTML; `base` is the site's address or empty."""
    return _page("missing.html", config, first, fonts, base=base, icon=",")


def _page(
    name: str, config: Mapping[str, Any], first: Mapping[str, str], fonts: Path, base: str = "", **values: Any
) -> str:
    editions = []
    for lang in LANGUAGES:
        edition = edition_config(config, lang)
        settings = edition["sphinx"]["config"]
        editions.append(
            {
                "lang": lang,
                "code": settings["language"].replace("_", "-"),
                "title": edition["title"],
                "invitation": settings.get("recount_invitation", ""),
                "href": first[lang],
                "address": site_address(base, first[lang]) if base else "",
            }
        )
    template = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template(name)
    values |= {"editions": editions, "first": dict(first), "lang": editions[0]["code"], "base": base}
    font = subset(characters([template.render(values)]), fonts).read_bytes()
    return template.render(values, font=b64encode(font).decode())
