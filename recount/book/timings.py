"""What each chapter took when it was last run: kept beside the executed notebooks, told in a table.

It differs from run to run, so it is no part of the site, which is the same from the same sources.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recount.runs.files import write_text
from recount.runs.running import Ran

TABLE = "execution.csv"
_COLUMNS = ("chapter", "seconds", "of_cells", "most_memory_mb", "cells", "slowest_cell", "its_seconds")


def write_timing(ran: Ran, executed: Path) -> None:
    """Keep what a run took beside its notebook: seconds, seconds of each cell by id, memory in bytes."""
    taken = {"seconds": ran.seconds, "cells": dict(ran.cells), "memory": ran.memory}
    write_text(_path(executed), json.dumps(taken) + "\n")


def read_timing(executed: Path) -> dict[str, Any]:
    """What the last run took; empty where that is not known."""
    try:
        return dict(json.loads(_path(executed).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _path(executed: Path) -> Path:
    return executed.with_name(f".{executed.stem}.timing.json")


def write_table(runs: Sequence[tuple[str, Path]], target: Path) -> None:
    """A table of the last run of each chapter, the slowest first: its title, and its executed notebook."""
    taken = [(title, timing) for title, path in runs if (timing := read_timing(path))]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for title, timing in sorted(taken, key=lambda item: -item[1]["seconds"]):
        cells = timing["cells"]
        slowest = max(cells, key=cells.get, default="")
        memory = round(timing["memory"] / 1e6) if timing["memory"] else ""
        writer.writerow(
            [
                title,
                f"{timing['seconds']:.1f}",
                f"{sum(cells.values()):.1f}",
                memory,
                len(cells),
                slowest,
                f"{cells.get(slowest, 0):.1f}",
            ]
        )
    write_text(target, table.getvalue())
