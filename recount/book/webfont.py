"""Fonts with only the characters the pages use; first, one for Chinese on devices that have none.

The pages name the fonts of all common systems first; a browser fetches this one only where none
of them has the character. It is cut from the font the charts are drawn with (Noto Sans SC, SIL
Open Font License, whose text stays in the file).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from recount.book.layout import BookError
from recount.runs.files import write_bytes

RANGES = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
"""Chinese characters and their punctuation; the same as `unicode-range` in `_static/recount.css`."""

_WANTED = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in RANGES) + "]")


def characters(texts: Iterable[str]) -> str:
    """The characters of these texts that the font is for, each once, in order."""
    found: set[str] = set()
    for text in texts:
        found.update(_WANTED.findall(text))
    return "".join(sorted(found))


def package_font(package: str) -> Path:
    """The font file in an installed package. Raises BookError where it is not installed."""
    spec = find_spec(package)
    fonts = sorted(Path(spec.origin).parent.rglob("*.[to]tf")) if spec and spec.origin else []
    if not fonts:
        raise BookError(f"the package {package} and its font are not installed: run `make book` once")
    return fonts[0]


def source_font() -> Path:
    """The font for Chinese, which the charts are drawn with."""
    return package_font("zhplot")


def subset(wanted: str, cache: Path) -> Path:
    """A WOFF2 file with the Chinese glyphs of the characters `wanted`, made once and kept in `cache`."""
    return cut(source_font(), wanted, cache)


def cut(font: Path, wanted: str, cache: Path, features: tuple[str, ...] = ("*",)) -> Path:
    """A WOFF2 file of a font with the glyphs of the characters `wanted`, made once and kept in `cache`."""
    said = metadata.version("fonttools")
    named = f"{hashlib.sha256(font.read_bytes()).hexdigest()} {said} {features} {wanted}"
    target = cache / f"{hashlib.sha256(named.encode()).hexdigest()[:20]}.woff2"
    if not target.is_file():
        write_bytes(target, _cut(font, wanted, features))
    return target


def _cut(source: Path, wanted: str, features: tuple[str, ...]) -> bytes:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(
        flavor="woff2",
        hinting=False,
        recalc_timestamp=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        layout_features=list(features),
        ignore_missing_glyphs=True,
    )
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=wanted)
    subsetter.subset(font)
    made = io.BytesIO()
    save_font(font, made, options)
    return made.getvalue()
