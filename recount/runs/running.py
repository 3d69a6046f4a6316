"""Run one notebook through papermill, and tell what came of it."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recount.runs import InputError
from recount.runs.keys import tags
from recount.runs.notebooks import INJECTED, Notebook, clean, write_notebook

LIMIT = 600
"""Seconds that a notebook may take."""

GLANCE = 0.5
"""Seconds that whoever waits for threads waits at a time.

Python sees an interrupt that comes just before a wait begins only when the wait ends.
"""

_REMEDIES = {
    "ModuleNotFoundError": "a chapter can import what is installed and the modules beside it: install what "
    "is missing and add it to the requirements, or put the module beside the notebook",
}


class RunError(InputError):
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
    """The seconds of each code cell that was run, by its id."""
    memory: int | None = None
    """The most that its kernel held, in bytes; None where the system does not tell."""


def run_notebook(
    notebook: Notebook,
    parameters: Mapping[str, Any],
    folder: Path,
    *,
    limit: float = LIMIT,
    on_cell: Callable[[], object] = lambda: None,
) -> Ran:
    """Run a notebook with these parameters, in `folder`, in a kernel of its own.

    `on_cell` is called after each code cell. The notebook may take `limit` seconds. A cell tagged
    `raises-exception` may raise. The result holds no times, paths or random ids. Raises RunError with
    the notebook up to the error.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import remove_error_markers

    from recount.runs.kernel import ENGINE

    for name in ("papermill", "traitlets"):  # what they would say is in the error
        logging.getLogger(name).setLevel(logging.CRITICAL)
    begun = time.monotonic()
    facts: dict[str, Any] = {"memory": None}
    with tempfile.TemporaryDirectory() as scratch:
        path, stderr = Path(scratch) / "notebook.ipynb", Path(scratch) / "stderr"
        write_notebook(notebook, path)
        try:
            papermill.execute_notebook(
                str(path),
                None,
                parameters=dict(parameters),
                engine_name=ENGINE,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                execution_timeout=limit,
                folder=folder,
                stderr=stderr,
                on_cell=on_cell,
                facts=facts,
            )
        except PapermillExecutionError:
            pass  # also for errors that a cell may raise, and not for exit(): see below
        except Exception as error:
            last = stderr.read_text(encoding="utf-8", errors="replace").strip() if stderr.exists() else ""
            words = f"\n  the kernel's last words: {last[-500:]}" if last else ""
            tried = clean(facts["notebook"]) if "notebook" in facts else None
            raise RunError("", f"{type(error).__name__}: {error}{words}", tried) from error
    tried = remove_error_markers(facts["notebook"])
    for cell in tried["cells"]:
        if cell["metadata"]["papermill"]["exception"]:
            raise RunError(_place(cell, notebook), _reason(cell), clean(tried))
    seconds = {
        cell["id"]: float(cell["metadata"]["papermill"]["duration"])
        for cell in tried["cells"]
        if cell.get("execution_count") and INJECTED not in tags(cell)
    }
    return Ran(clean(tried), time.monotonic() - begun, seconds, facts["memory"])


def _place(cell: Notebook, notebook: Notebook) -> str:
    """Which cell of the notebook this is: its number, id and first line."""
    place = f"cell {INJECTED!r}"
    for number, other in enumerate(notebook["cells"], 1):
        if INJECTED not in tags(cell) and other["id"] == cell["id"]:
            place = f"cell {number}, id {cell['id']!r}"
    first = next((line for line in cell["source"].splitlines() if line.strip()), "")
    return f"{place} ({first.strip()})"


def _reason(cell: Notebook) -> str:
    """What the cell raised, and what can be done where that is known."""
    raised = [output for output in cell["outputs"] if output["output_type"] == "error"]
    if not raised:
        return "it ended in an error and did not say which"
    name = raised[-1]["ename"]
    remedy = f"\n  {_REMEDIES[name]}" if name in _REMEDIES else ""
    return f"{name}: {raised[-1]['evalue']}".strip() + remedy


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
