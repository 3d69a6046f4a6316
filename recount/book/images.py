"""Charts as pages show them: room is kept for each before it arrives, and only those near are loaded."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

_IMAGE = re.compile(r"<img\b[^>]*>")
_SOURCE = re.compile(r"""\ssrc=["']([^"'?#]+)""")
_ROOT = re.compile(r"<svg\b[^>]*>")
_PIXELS_A_POINT = 4 / 3


def with_sizes(html: str, folder: Path) -> str:
    """A page whose images have their width and height and, all but the first, wait to be near.

    `folder` is where the page lies. An image that has its attributes, or whose file is not in the
    site, is left as it is. The first image is what a reader sees first, so it is asked for early.
    """
    first = True

    def sized(match: re.Match[str]) -> str:
        nonlocal first
        tag = match[0]
        begins, first = first, False
        source = _SOURCE.search(tag)
        size = pixels(folder / unquote(source[1])) if source and " loading=" not in tag else None
        if size is None:
            return tag
        hint = 'fetchpriority="high"' if begins else 'decoding="async"'
        given = f' width="{size[0]}" height="{size[1]}" loading="{"eager" if begins else "lazy"}" {hint}'
        return f"<img{given}{tag[4:]}"

    return _IMAGE.sub(sized, html)


def pixels(path: Path) -> tuple[int, int] | None:
    """Width and height of an SVG in pixels of a style sheet; None where there is no such file or size."""
    if path.suffix != ".svg" or not path.is_file():
        return None
    with path.open(encoding="utf-8") as file:
        root = _ROOT.search(file.read(5000))
    box = re.search(r"""\sviewBox=["']([^"']+)["']""", root[0]) if root else None
    if box is None:
        return None
    _, _, width, height = (float(number) for number in box[1].replace(",", " ").split())
    return round(width * _PIXELS_A_POINT), round(height * _PIXELS_A_POINT)
