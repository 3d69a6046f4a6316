"""One run as a task that travels: a notebook, its parameters, its data; and what comes back."""

from __future__ import annotations

import ast
import io
import tempfile
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recount.runs.keys import text
from recount.runs.notebooks import INJECTED, Notebook
from recount.runs.running import RunError, run_notebook
from recount.sweep.table import DONE, FAILED

_PROBE = "recount-sweep-verdicts"
_MIME = "application/vnd.recount.verdicts+json"
# a notebook that has opened no chapter shall not wait for the package to be imported
_ASK = """\
import sys

if "recount.chapter" in sys.modules:
    sys.modules["recount.chapter"].tell_verdicts()
"""


@dataclass(frozen=True)
class Task:
    """What a run needs, wherever it is done."""

    name: str
    """The notebook's, without suffix."""
    notebook: Notebook
    parameters: Mapping[str, Any]
    folder: str
    """Where the notebook is; it is run there if there is such a folder, else in an empty one."""
    package: str = ""
    """The data package that it opens, as a path; '' for a notebook without a parameter `data_dir`."""
    data: str | None = None
    """What to pass as `data_dir`, where the parameters' own name for the package does not do."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run. A failed one has the notebook up to its error, if any."""

    status: str
    error: str
    seconds: float
    memory: int | None
    verdicts: Mapping[str, str] = field(default_factory=dict)
    notebook: Notebook | None = None


def perform(task: Task) -> Outcome:
    """Run the notebook, and ask at its end for the verdicts of the chapter that it opened."""
    begun = time.monotonic()
    passed = dict(task.parameters) | ({"data_dir": task.data} if task.data else {})
    with tempfile.TemporaryDirectory(prefix="recount-sweep-") as scratch:
        own = Path(task.folder)
        try:
            ran = run_notebook(_asking(task.notebook), passed, own if own.is_dir() else Path(scratch))
        except RunError as error:
            spent = time.monotonic() - begun
            return Outcome(FAILED, str(error), spent, None, {}, _as_given(error.notebook, task))
    return Outcome(DONE, "", ran.seconds, ran.memory, _verdicts(ran.notebook), _as_given(ran.notebook, task))


def _asking(notebook: Notebook) -> Notebook:
    """The notebook with a last cell that tells the verdicts."""
    cell: Notebook = {"cell_type": "code", "id": _PROBE, "metadata": {}, "source": _ASK}
    return {**notebook, "cells": [*notebook["cells"], cell | {"outputs": [], "execution_count": None}]}


def _verdicts(notebook: Notebook) -> dict[str, str]:
    last = notebook["cells"][-1]
    contents = (output["data"] for output in last["outputs"] if "data" in output)
    return next((dict(data[_MIME]) for data in contents if _MIME in data), {})


def _as_given(notebook: Notebook | None, task: Task) -> Notebook | None:
    """Without the cell that was added, and with the data's name as the parameters give it."""
    if notebook is None:
        return None
    cells: list[Notebook] = [cell for cell in notebook["cells"] if cell["id"] != _PROBE]
    for cell in cells:
        if cell["id"] == INJECTED and task.data:
            cell["source"] = _renamed(text(cell["source"]), task.parameters)
    if not task.parameters:  # papermill adds no cell then
        cells = [cell for cell in cells if cell["id"] != INJECTED]
    return {**notebook, "cells": cells}


def _renamed(source: str, parameters: Mapping[str, Any]) -> str:
    """The injected parameters with `data_dir` as given; without it where none was."""
    lines = source.splitlines()
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "data_dir":
            given = [f"data_dir = {parameters['data_dir']!r}"] if "data_dir" in parameters else []
            lines[statement.lineno - 1 : statement.end_lineno] = given
    return "\n".join(lines) + "\n"


def zipped(folder: Path) -> bytes:
    """The files of a data package, hidden ones left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                archive.write(path, name.as_posix())
    return buffer.getvalue()
