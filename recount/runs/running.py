"""Run one notebook through papermill, and tell what came of it."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recount.book.layout import BookError
from recount.runs.keys import text
from recount.runs.notebooks import INJECTED, Notebook, clean, read_notebook

LIMIT = 600
"""Seconds that a notebook may take."""


class RunError(BookError):
    """A notebook did not run through.

    `place` names the cell, `reason` is what it said, `notebook` holds the outputs up to there
    (None where there are none).
    """

    def __init__(self, place: str, reason: str, notebook: Notebook | None = None):
        super().__init__(f"{place}:\n  {reason}" if place else reason)
        self.place, self.reason, self.notebook = place, reason, notebook


@dataclass(frozen=True)
class Ran:
    """A notebook that ran through: with its outputs, and what it took."""

    notebook: Notebook
    seconds: float
    """From its beginning to its end, by the wall clock."""
    cells: Mapping[str, float] = field(default_factory=dict)
    """The seconds of each code cell, by its id, where they are known."""
    memory: int | None = None
    """The most that its process held, in bytes; None where that is not known."""
    used: tuple[str, ...] | None = None
    """The files and folders it read and the package's modules it imported; None where not known."""


def run_notebook(
    path: Path,
    parameters: Mapping[str, Any],
    *,
    folder: Path | None = None,
    limit: float = LIMIT,
    on_cell: Callable[[], None] = lambda: None,
) -> Ran:
    """Run a notebook with these parameters, in `folder` (default: its own), in a process of its own.

    `on_cell` is called after each code cell. The notebook may take `limit` seconds. The result holds no
    times, paths or random ids. Raises RunError with the notebook up to the error.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.WARNING)
    begun = time.monotonic()
    facts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        output, stderr = Path(scratch) / "output.ipynb", Path(scratch) / "stderr"
        try:
            notebook = papermill.execute_notebook(
                str(path),
                str(output),
                parameters=dict(parameters),
                engine_name=engine(),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                execution_timeout=limit,
                folder=folder or path.parent,
                stderr=stderr,
                on_cell=on_cell,
                facts=facts,
            )
        except PapermillExecutionError as error:
            place = cell_place(read_notebook(path), error.source)
            said = f"{error.ename}: {error.evalue}".strip()
            raise RunError(place, said, _tried(output, facts)) from None
        except Exception as error:
            last = stderr.read_text(encoding="utf-8", errors="replace").strip() if stderr.exists() else ""
            words = f"\n  the kernel's last words: {last[-500:]}" if last else ""
            raise RunError("", f"{type(error).__name__}: {error}{words}", _tried(output, facts)) from error
    used = facts.get("used")
    return Ran(
        clean(json.loads(json.dumps(notebook))),
        time.monotonic() - begun,
        facts.get("seconds", {}),
        facts.get("memory"),
        None if used is None else tuple(dict.fromkeys(used)),
    )


def stop() -> None:
    """End the notebooks that run in forks, for whoever started them is to end."""
    from recount.runs import forks

    forks.stop()


def engine() -> str:
    """The papermill engine to run with: forks where there are any (RECOUNT_ENGINE=kernels: never)."""
    from recount.runs import forks, kernel

    wanted = os.environ.get("RECOUNT_ENGINE", "forks")
    return forks.ENGINE if forks.AVAILABLE and wanted == "forks" else kernel.ENGINE


def _tried(output: Path, facts: Mapping[str, Any]) -> Notebook | None:
    """What papermill saved of a run that failed, or else as far as the engine came."""
    if output.exists():
        return clean(read_notebook(output))
    return clean(json.loads(json.dumps(facts["notebook"]))) if "notebook" in facts else None


def cell_place(notebook: Notebook, source: str) -> str:
    """Which cell has this source: its number, id and first line."""
    place = f"cell {INJECTED!r}"
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == "code" and text(cell["source"]) == source:
            place = f"cell {number}, id {cell['id']!r}"
            break
    first = next((line for line in source.splitlines() if line.strip()), "")
    return f"{place} ({first.strip()})"


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
