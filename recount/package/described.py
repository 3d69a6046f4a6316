"""What a data package says of its tables, with what it leaves to recount.

A package may leave out the schema of a table that recount knows, and the tables `readings` and `units`:
`tables.json` has those schemas, and recount carries those tables. Published, a package has them written in.
"""

from __future__ import annotations

import copy
import functools
import json
import shutil
from pathlib import Path
from typing import Any

from recount import resources

DESCRIPTOR = "datapackage.json"
#: The tables that recount carries itself.
CARRIED = ("readings", "units")

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
