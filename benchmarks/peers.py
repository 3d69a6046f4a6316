"""Other ways to execute the chapters, as commands: `python benchmarks/peers.py WAY NOTEBOOK…`.

Each prints the seconds that the cells themselves took, by their kernels' clock, where it knows them.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any


def computing(notebook: Any) -> float:
    """Seconds between the kernel's beginning of each cell and its reply."""
    total = 0.0
    for cell in notebook.cells:
        times = cell.metadata.get("execution", {})
        if {"iopub.execute_input", "shell.execute_reply"} <= times.keys():
            begun, done = (
                datetime.fromisoformat(times[name].replace("Z", "+00:00"))
                for name in ("iopub.execute_input", "shell.execute_reply")
            )
            total += (done - begun).total_seconds()
    return total


def jupyter_book(paths: list[Path]) -> float:
    """What Jupyter Book 1 does when it executes notebooks itself: one after the other, by nbclient."""
    import nbformat
    from jupyter_cache.executors.utils import single_nb_execution

    total = 0.0
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        single_nb_execution(
            notebook, cwd=str(path.parent), timeout=600, allow_errors=False, record_timing=True
        )
        total += computing(notebook)
    return total


def nbclient_alone(paths: list[Path]) -> float:
    """nbclient as its own documentation has it."""
    import nbformat
    from nbclient import NotebookClient

    total = 0.0
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
        total += computing(notebook)
    return total


def jupyter_cache(paths: list[Path], executor: str) -> float:
    """jupyter-cache's executors; the parallel one takes as many processes as there are cores."""
    from jupyter_cache import get_cache
    from jupyter_cache.executors import load_executor

    with tempfile.TemporaryDirectory() as folder:
        cache = get_cache(folder)
        for path in paths:
            cache.add_nb_to_project(str(path))
        done = load_executor(executor, cache=cache).run_and_cache(timeout=600, allow_errors=False)
    if len(done.succeeded) != len(paths):
        raise RuntimeError(f"{executor}: {done}")
    return 0.0


def ours(paths: list[Path]) -> float:
    """The book's own execution of its Chinese edition, which is the notebooks' default."""
    from recount.book.execution import execute
    from recount.book.layout import Book

    book = Book.find(paths[0].parents[1])
    outcome = execute(book, ["zh"], say=lambda line: None)
    if len(outcome.executed) != len(paths):
        raise RuntimeError(str(outcome))
    return 0.0


WAYS = {
    "ours": ours,
    "jupyter-book": jupyter_book,
    "nbclient": nbclient_alone,
    "jupyter-cache-serial": lambda paths: jupyter_cache(paths, "local-serial"),
    "jupyter-cache-parallel": lambda paths: jupyter_cache(paths, "local-parallel"),
}


if __name__ == "__main__":
    print(WAYS[sys.argv[1]]([Path(name).resolve() for name in sys.argv[2:]]))
