"""A font for Chinese characters on devices that have none: only the characters the pages use.

The pages name the fonts of all common systems first; a browser fetches this one only where none
of them has the character. It is cut from the font the charts are drawn with (Noto Sans SC, SIL
Open Font License, whose text stays in the file).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from recount.book.layout import BookError

RANGES = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
"""Chinese characters and their punctuation; the same as `unicode-range` in `_static/recount.css`."""

_WANTED = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in RANGES) + "]")


def characters(texts: Iterable[str]) -> str:
    """The characters of these texts that the font is for, each once, in order."""
    found: set[str] = set()
    for text in texts:
        found.update(_WANTED.findall(text))
    return "".join(sorted(found))


def source_font() -> Path:
    """The font file in the package `zhplot`. Raises BookError where it is not installed."""
    spec = find_spec("zhplot")
    fonts = sorted(Path(spec.origin).parent.rglob("*.[to]tf")) if spec and spec.origin else []
    if not fonts:
        raise BookError("the package zhplot and its font are not installed: run `make book` once")
    return fonts[0]


def subset(wanted: str, cache: Path) -> Path:
    """A WOFF file with the glyphs of the characters `wanted`, made once and kept in `cache`."""
    named = f"{metadata.version('zhplot')} {metadata.version('fonttools')} {wanted}"
    target = cache / f"{hashlib.sha256(named.encode()).hexdigest()[:20]}.woff"
    if not target.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        _cut(wanted, target)
    return target


def _cut(wanted: str, target: Path) -> None:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(
        flavor="woff",
        hinting=False,
        recalc_timestamp=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        layout_features=["*"],
        ignore_missing_glyphs=True,
    )
    font = load_font(str(source_font()), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=wanted)
    subsetter.subset(font)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    os.close(handle)
    save_font(font, temporary, options)
    os.chmod(temporary, 0o644)
    os.replace(temporary, target)
