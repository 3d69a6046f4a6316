"""Notebooks as they lie on disk: read them, clean what papermill adds, write them whole."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat

from recount.files import write_text
from recount.runs import InputError
from recount.runs.keys import tags, text

Notebook = dict[str, Any]

INJECTED = "injected-parameters"


class NotebookError(InputError):
    """A file is no notebook that can be run here."""


def read_notebook(path: Path) -> Notebook:
    """A notebook for Python, of nbformat 4.0 or later, as one of nbformat 4.5.

    Cells without an id (before 4.5 none has one) are given one here, by their kind and their place
    among the cells of that kind; the file stays as it is. Raises NotebookError naming the file.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotebookError(f"{path} is not a notebook that can be read: {error}") from error
    cells = raw.get("cells") if isinstance(raw, dict) else None
    if not isinstance(cells, list) or raw.get("nbformat") != 4:
        version = raw.get("nbformat", "none") if isinstance(raw, dict) else "none"
        raise NotebookError(
            f"{path}: found no list of cells of nbformat 4 (its nbformat: {version}); expected a notebook "
            "of nbformat 4.0 or later: `jupyter nbconvert --to notebook` writes an older one anew"
        )
    _give_ids(path, cells)
    try:
        notebook: Notebook = nbformat.reader.reads(json.dumps({**raw, "nbformat_minor": 5}))
        nbformat.validate(notebook, relax_add_props=True)
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError) as error:
        said = str(error).strip().splitlines()[0]
        raise NotebookError(
            f"{path} is not a sound notebook: {said}; mend it, for example by saving it anew in JupyterLab"
        ) from None
    if has_code(notebook):
        _require_python(path, notebook["metadata"])
    return notebook


def _give_ids(path: Path, cells: list[Any]) -> None:
    known = Counter(cell.get("id") for cell in cells if isinstance(cell, dict))
    doubled = sorted(str(name) for name, times in known.items() if name is not None and times > 1)
    if doubled:
        raise NotebookError(f"{path}: cell id {doubled[0]!r} is used twice, expected unique ids")
    kinds: Counter[str] = Counter()
    for cell in cells:
        if isinstance(cell, dict) and cell.get("id") is None:
            kind = str(cell.get("cell_type"))
            while (name := f"{kind}-{kinds[kind] + 1}") in known:
                kinds[kind] += 1
            kinds[kind] += 1
            cell["id"] = name


def _require_python(path: Path, metadata: dict[str, Any]) -> None:
    kernel = metadata.get("kernelspec", {})
    name = str(kernel.get("name", "python3"))
    unsaid = "python" if "python" in name else name
    language = kernel.get("language") or metadata.get("language_info", {}).get("name") or unsaid
    if str(language).lower() not in ("python", "ipython"):
        raise NotebookError(
            f"{path}: found code for {language} (kernel {name!r}); expected Python, the language of all "
            "that is run here: choose a Python kernel for it, or leave its code out"
        )


def has_code(notebook: Notebook) -> bool:
    """Whether any cell can be executed."""
    return any(cell["cell_type"] == "code" and text(cell["source"]) for cell in notebook["cells"])


def clean(notebook: Notebook) -> Notebook:
    """An executed notebook without what differs between two equal runs: times, paths, random ids, and
    how much of what was printed came at a time.

    The notebook is changed in place and returned.
    """
    notebook["metadata"].pop("papermill", None)
    for cell in notebook["cells"]:
        for added in ("papermill", "execution"):
            cell["metadata"].pop(added, None)
        if INJECTED in tags(cell):
            cell["id"] = INJECTED
        if cell["cell_type"] == "code":
            cell["outputs"] = _joined(cell["outputs"])
    return notebook


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs with neighbours of the same stream as one."""
    joined: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream" and joined and joined[-1].get("name") == output["name"]:
            joined[-1]["text"] += output["text"]
        else:
            joined.append(output)
    return joined


def stderr_lines(notebook: Notebook) -> list[str]:
    """What the cells of an executed notebook wrote to stderr, as lines."""
    written = (
        text(output["text"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "stream" and output["name"] == "stderr"
    )
    return [line for chunk in written for line in chunk.splitlines() if line.strip()]


def written(notebook: Notebook) -> str:
    """A notebook as the content of a file, the same for the same notebook."""
    return str(nbformat.writes(nbformat.from_dict(notebook))) + "\n"


def write_notebook(notebook: Notebook, path: Path) -> None:
    """Write a notebook whole or not at all."""
    write_text(path, written(notebook))
