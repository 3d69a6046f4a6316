"""What a data package says of its tables, with what it leaves to recount.

A package may leave out the schema of a table that recount knows, and the tables `readings` and `units`:
`tables.json` has those schemas, and recount carries those tables. Published, a package has them written in.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recount import resources

DESCRIPTOR = "datapackage.json"
#: The tables that recount carries itself.
CARRIED = ("readings", "units")
#: What of a table can be said in a file of its own.
DESCRIBING = ("schema", "dialect", "checklist")
#: Where a descriptor can say that something of a table lies elsewhere.
ADDRESSES = ("path", "extrapaths", *DESCRIBING)

Described = dict[str, Any]


@functools.lru_cache(maxsize=1)
def _tables() -> dict[str, Described]:
    return {table["name"]: table for table in json.loads(resources.text("tables.json"))["resources"]}


def known_tables() -> dict[str, Described]:
    """How recount describes each table that it knows, by name: a resource of a descriptor, schema and all."""
    return copy.deepcopy(_tables())


def with_schemas(package: Described) -> Described:
    """A descriptor with the schema of each table that recount knows and the package does not describe."""
    known = known_tables()
    tables = [
        table | {"schema": known[table["name"]]["schema"]}
        if table["name"] in known and not table.get("schema")
        else table
        for table in package["resources"]
    ]
    return package | {"resources": tables}


def described(folder: Path) -> Described:
    """The descriptor of the package in a folder, with the schemas and tables that it leaves to recount.

    Raises OSError where there is none, ValueError where it is no JSON.
    """
    package = with_schemas(json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8")))
    named = {table["name"] for table in package["resources"]}
    carried = [table for name, table in known_tables().items() if name in CARRIED and name not in named]
    return package | {"resources": [*package["resources"], *carried]}


def content_digest(folder: Path, package: Described) -> str:
    """A hash of all that a package consists of: its descriptor, the files it names, its bibliographies."""
    total = hashlib.sha256()
    for path in [folder / DESCRIPTOR, *files(folder, package), *sorted(folder.glob("*.bib"))]:
        content = path.read_bytes() if path.is_file() else None
        total.update(f"{path.name} {'-' if content is None else len(content)}\n".encode())
        total.update(content or b"")
    return total.hexdigest()


def files(folder: Path, package: Described) -> list[Path]:
    """The files that a package names for its tables: their parts, in order, and schemas of their own."""
    tables = package["resources"]
    describing = [table.get(key) for table in tables for key in DESCRIBING]
    names = [part for table in tables for part in parts(table)]
    return [folder / name for name in [*names, *describing] if isinstance(name, str)]


def place_of(table: Described) -> str:
    """What to call the place of a table: its file, its files, or the descriptor that holds its rows."""
    return " + ".join(parts(table)) or f"{DESCRIPTOR}, {table.get('name', 'a resource')}"


def parts(table: Mapping[str, Any]) -> list[str]:
    """The names of the files that a table consists of, in their order."""
    path = table.get("path") or []
    return [*([path] if isinstance(path, str) else path), *table.get("extrapaths", [])]


def table_path(folder: Path, table: Described) -> Path:
    """Where the file of a described table lies: in the package, or among what recount carries."""
    own = folder / table["path"]
    return own if own.is_file() or table["name"] not in CARRIED else resources.path(table["path"])


def write_whole(folder: Path) -> None:
    """Write into a copy of a package what it leaves to recount, so that it is understood without."""
    package = described(folder)
    for table in package["resources"]:
        if table["name"] in CARRIED and not (folder / table["path"]).exists():
            shutil.copyfile(table_path(folder, table), folder / table["path"])
    (folder / DESCRIPTOR).write_text(
        json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
