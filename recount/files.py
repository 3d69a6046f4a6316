"""Files written whole or not at all: no reader ever sees half of one, and a killed build leaves none."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def write_text(path: Path, content: str) -> None:
    """Write text in UTF-8, lines ended as on Unix, and the folders it lies in."""
    write_bytes(path, content.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file and the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # not tempfile, whose files only their owner may read
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
