"""What each chapter took when it was last run, as a table.

It differs from run to run, so it is no part of the site, which is the same from the same sources.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from pathlib import Path

from recount.files import write_text
from recount.runs.running import Ran

Row = dict[str, str]


def read_timings(table: Path) -> dict[str, Row]:
    """The rows of the table by chapter and edition; none where there is no such table."""
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        return {row["chapter"]: row for row in csv.DictReader(file) if row.get("seconds")}


def add_timings(table: Path, taken: Mapping[str, Ran], titles: Collection[str]) -> None:
    """Put what runs took into the table, the slowest first; other chapters than `titles` leave it."""
    rows = read_timings(table) | {title: _row(title, ran) for title, ran in taken.items()}
    kept = sorted((rows[title] for title in titles if title in rows), key=lambda row: -float(row["seconds"]))
    content = io.StringIO()
    writer = csv.DictWriter(content, kept[0] if kept else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    write_text(table, content.getvalue())


def _row(title: str, ran: Ran) -> Row:
    slowest = max(ran.cells, key=lambda cell: ran.cells[cell], default="")
    return {
        "chapter": title,
        "seconds": f"{ran.seconds:.1f}",
        "of_cells": f"{sum(ran.cells.values()):.1f}",
        "most_memory_mb": "" if ran.memory is None else f"{ran.memory / 1e6:.0f}",
        "cells": str(len(ran.cells)),
        "slowest_cell": slowest,
        "its_seconds": f"{ran.cells.get(slowest, 0):.1f}",
    }
