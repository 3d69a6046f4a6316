"""The cell by which a chapter that comes alone, as to Colab, fetches the package and the data.

For that it needs the repository's address, and only `_config.yml` knows it: `python -m
recount.book.launch` writes it into each chapter, in a cell that does nothing where the package is. The
build refuses chapters whose cell says otherwise. Without an address there is no cell.
"""

from __future__ import annotations

import json
from string import Template
from typing import Any

from recount.book.layout import CHAPTERS, Book, BookError, Chapter
from recount.book.repository import Repository
from recount.runs.keys import tags
from recount.runs.notebooks import Notebook, read_notebook

SETUP = "setup"
"""Id of the cell."""

_SOURCE = Template("""\
# Fetches the package and its data where a notebook comes alone, as to Colab; else does nothing.
import importlib.util
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

if importlib.util.find_spec("recount") is None:
    checkout = Path("recount-book").resolve()
    if not checkout.exists():
        clone = ["git", "clone", "--quiet", "--depth=1", "--branch", $branch]
        subprocess.run([*clone, $url, checkout], check=True)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--editable", f"{checkout}[charts]"]
    subprocess.run(install, check=True)
    sys.path.insert(0, str(checkout))
    importlib.invalidate_caches()
    loaded = [name for name in ("numpy", "pandas", "matplotlib") if name in sys.modules]
    if any(version(name) != sys.modules[name].__version__ for name in loaded):
        raise RuntimeError("请重启会话后重新运行 / restart the session and run again")""")


def setup_cell(repository: Repository) -> dict[str, Any] | None:
    """The cell that makes a chapter run where it comes alone; None without an address."""
    if not repository.url:
        return None
    values = {"url": json.dumps(repository.url), "branch": json.dumps(repository.branch)}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": SETUP,
        "metadata": {"tags": ["remove-cell"]},
        "outputs": [],
        "source": _SOURCE.substitute(values),
    }


def with_setup(notebook: Notebook, repository: Repository) -> Notebook:
    """A copy of a chapter whose set-up cell is as the repository asks, before that of the parameters."""
    cells = [cell for cell in notebook["cells"] if cell["id"] != SETUP]
    cell = setup_cell(repository)
    if cell:
        at = next((i for i, other in enumerate(cells) if "parameters" in tags(other)), 0)
        cells.insert(at, cell)
    return {**notebook, "cells": cells}


def out_of_date(book: Book) -> list[Chapter]:
    """The chapters whose set-up cell is not as `_config.yml` asks."""
    repository = Repository.of(book.config().get("repository"))
    chapters = [(chapter, read_notebook(chapter.path)) for chapter in book.chapters()]
    return [chapter for chapter, notebook in chapters if with_setup(notebook, repository) != notebook]


def require_setup(book: Book) -> None:
    """Raises BookError where a chapter would be linked to and not run, or names an old address."""
    stale = [f"{CHAPTERS}/{chapter.name}.ipynb" for chapter in out_of_date(book)]
    if stale:
        raise BookError(
            f"{', '.join(stale)}: the cell {SETUP!r} is not what `repository` in _config.yml asks for; "
            "run `make launch` (python -m recount.book.launch), which writes it, and commit the chapters"
        )
