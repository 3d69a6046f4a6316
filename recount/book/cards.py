"""Pictures of a page's title, 1200 by 630 pixels, for those who share its address."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from recount.files import write_bytes

_VERSION = "1"  # of the drawing, so that older pictures are not taken for it


def card(title: str, book: str, target: Path, cache: Path) -> None:
    """Write the picture of a page titled `title` of the book; one drawn before is taken from `cache`."""
    name = hashlib.sha256(f"{_VERSION}\0{title}\0{book}".encode()).hexdigest()[:24]
    kept = cache / f"{name}.png"
    if not kept.is_file():
        from recount.book.card_drawing import drawn  # with Matplotlib, which takes a second to import

        write_bytes(kept, drawn(title, book))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, target)
