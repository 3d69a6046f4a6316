"""Notebooks as they lie on disk: read them, clean what papermill adds, write them whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recount.book.layout import BookError
from recount.runs.files import write_text
from recount.runs.keys import tags, text

Notebook = dict[str, Any]

INJECTED = "injected-parameters"


def read_notebook(path: Path) -> Notebook:
    """A notebook with cell ids (nbformat 4.5 or later). Raises BookError naming the file."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BookError(f"{path} is not a notebook that can be read: {error}") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise BookError(f"{path}: found no list of cells, expected a notebook of nbformat 4.5")
    ids = [cell.get("id") for cell in cells]
    if None in ids:
        raise BookError(
            f"{path}: cell {ids.index(None) + 1} has no id, expected nbformat 4.5; "
            "open and save it in JupyterLab to get ids"
        )
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        raise BookError(f"{path}: cell id {doubled[0]!r} is used twice, expected unique ids")
    return notebook


def has_code(notebook: Notebook) -> bool:
    """Whether any cell can be executed."""
    return any(cell["cell_type"] == "code" and text(cell["source"]) for cell in notebook["cells"])


def clean(notebook: Notebook) -> Notebook:
    """An executed notebook without what differs between two equal runs: times, paths, random ids.

    The notebook is changed in place and returned.
    """
    notebook["metadata"].pop("papermill", None)
    for cell in notebook["cells"]:
        for added in ("papermill", "execution"):
            cell["metadata"].pop(added, None)
        if INJECTED in tags(cell):
            cell["id"] = INJECTED
    return notebook


def stderr_lines(notebook: Notebook) -> list[str]:
    """What the cells of an executed notebook wrote to stderr, as lines."""
    written = (
        text(output["text"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream" and output["name"] == "stderr"
    )
    return [line for chunk in written for line in chunk.splitlines() if line.strip()]


def write_notebook(notebook: Notebook, path: Path) -> None:
    """Write a notebook whole or not at all, the same bytes for the same content."""
    write_text(path, json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
