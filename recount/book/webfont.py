"""A font with only the Chinese characters that pages use, for devices that have none.

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
from pathlib import Path

from recount.files import write_bytes

RANGES = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
"""Chinese characters and their punctuation; the same as `unicode-range` in `_static/recount.css`."""

_WANTED = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in RANGES) + "]")


def characters(texts: Iterable[str]) -> str:
    """The characters of these texts that the font is for, each once, in order."""
    return "".join(sorted({character for text in texts for character in _WANTED.findall(text)}))


def subset(wanted: str, cache: Path) -> Path:
    """A WOFF2 file with the glyphs of the characters `wanted`, made once and kept in `cache`."""
    from recount.charts.style import font_path

    font = font_path()
    named = f"{font.name} {metadata.version('fonttools')} {wanted}"
    target = cache / f"{hashlib.sha256(named.encode()).hexdigest()[:20]}.woff2"
    if not target.is_file():
        write_bytes(target, _cut(font, wanted))
    return target


def _cut(source: Path, wanted: str) -> bytes:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(
        flavor="woff2",
        recalc_timestamp=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        layout_features=["*"],
        ignore_missing_glyphs=True,
    )
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=wanted)
    subsetter.subset(font)
    content = io.BytesIO()
    save_font(font, content, options)
    return content.getvalue()
