"""The data package as one file, the same bytes for the same content."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file can tell
_READABLE = 0o644 << 16


def write_archive(package: Path) -> Path | None:
    """Zip the data package in a folder into that folder, under its own name; None where there is none.

    The archive holds one folder with every file of the package.
    """
    described = package / "datapackage.json"
    if not described.is_file():
        return None
    name = json.loads(described.read_text(encoding="utf-8"))["name"]
    target = package / f"{name}.zip"
    target.unlink(missing_ok=True)
    files = sorted(path for path in package.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(f"{name}/{path.relative_to(package).as_posix()}", _TIME)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                _READABLE,
                3,
            )
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    return target
