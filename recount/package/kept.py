"""Tables of packages that were read and found sound, kept in the user's cache (or in RECOUNT_CACHE).

The same content is not read and checked again by the same source: a kernel or a command opens it at
once. What is kept is found by a hash of all that reading it depends on, so that it is never stale.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pandas as pd
from platformdirs import user_cache_path

import recount
from recount.files import write_text

_MOST = 64  # packages that are kept


def fetch(digest: str) -> dict[str, pd.DataFrame] | None:
    """The tables of the package of this content, by name, or None where they are not kept."""
    try:
        content = json.loads(_path(digest).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {name: pd.DataFrame(table, dtype=str) for name, table in content.items()}


def keep(digest: str, frames: Mapping[str, pd.DataFrame]) -> None:
    """Keep the tables of a sound package; where nothing can be written, they are read again next time."""
    content = {name: table.to_dict("list") for name, table in frames.items()}
    path = _path(digest)
    with suppress(OSError):
        write_text(path, json.dumps(content, ensure_ascii=False))
        by_age = sorted(path.parent.glob("*.json"), key=lambda other: other.stat().st_mtime)
        for old in by_age[:-_MOST]:
            old.unlink()


def _path(digest: str) -> Path:
    named = hashlib.sha256(f"{digest} {_reader()}".encode()).hexdigest()
    return Path(os.environ.get("RECOUNT_CACHE") or user_cache_path("recount")) / f"{named}.json"


@functools.cache
def _reader() -> str:
    """What reads and checks: this package's source, its resources, frictionless and Python."""
    folder = Path(recount.__file__).parent
    total = hashlib.sha256(f"{metadata.version('frictionless')} {platform.python_version()}".encode())
    for part in ("arithmetic", "figures", "package", "resources"):
        for path in sorted((folder / part).glob("*.*")):
            total.update(f"\n{part}/{path.name}\n".encode() + path.read_bytes())
    return total.hexdigest()
