"""Run the chapters that are stale, several at a time, through papermill."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount.book.keys import execution_key, surroundings, text
from recount.book.layout import Book, BookError, Chapter
from recount.book.notebooks import (
    INJECTED,
    Notebook,
    clean,
    has_code,
    read_notebook,
    stderr_lines,
    write_notebook,
)

CELL_SECONDS = 600
"""Time a single cell may take."""


class ChapterError(BookError):
    """A chapter did not run through; the message names chapter, cell and error."""


@dataclass(frozen=True)
class Run:
    """One chapter in one edition."""

    chapter: Chapter
    lang: str
    key: str
    output: Path

    @property
    def title(self) -> str:
        return f"{self.chapter.name} ({self.lang})"

    @property
    def parameters(self) -> dict[str, Any]:
        return {"lang": self.lang}

    def is_fresh(self) -> bool:
        """Whether the executed notebook is there and was made under the same key."""
        return executed_key(self.output) == self.key


@dataclass(frozen=True)
class Outcome:
    """What `execute` did."""

    executed: tuple[str, ...]
    fresh: tuple[str, ...]
    warnings: tuple[str, ...]
    """What chapters wrote to stderr, by chapter, now or when they were last run."""

    def __str__(self) -> str:
        noun = "chapter" if len(self.executed) == 1 else "chapters"
        return f"{len(self.executed)} {noun} executed, {len(self.fresh)} up to date"


def plan(book: Book, langs: Sequence[str]) -> list[Run]:
    """Each chapter that has code, in each edition, with the key it should have."""
    around = surroundings(book.data)
    runs = []
    for chapter in book.chapters():
        notebook = read_notebook(chapter.path)
        if has_code(notebook):
            for lang in langs:
                key = execution_key(notebook, {"lang": lang}, around)
                runs.append(Run(chapter, lang, key, book.executed(lang, chapter.name)))
    return runs


def execute(
    book: Book,
    langs: Sequence[str],
    jobs: int | None = None,
    say: Callable[[str], None] = print,
) -> Outcome:
    """Run what is stale of these editions, `jobs` at a time (default: as many as cores).

    Every stale chapter is tried; those that ran through are kept. Raises ChapterError with one
    paragraph for each chapter that did not.
    """
    runs = plan(book, langs)
    stale = [run for run in runs if not run.is_fresh()]
    errors: list[str] = []

    def attempt(run: Run) -> None:
        try:
            run_chapter(book, run)
            say(f"  executed {run.title}")
        except ChapterError as error:
            errors.append(str(error))

    if stale:
        quieten(["papermill", "traitlets"])
        with ThreadPoolExecutor(max(1, jobs or cores())) as pool:
            list(pool.map(attempt, stale))
    if errors:
        raise ChapterError("\n\n".join(sorted(errors)))
    done = {run.title for run in stale}
    return Outcome(
        executed=tuple(run.title for run in stale),
        fresh=tuple(run.title for run in runs if run.title not in done),
        warnings=tuple(
            f"chapter {run.title} wrote to stderr: {line}"
            for run in runs
            for line in stderr_lines(read_notebook(run.output))
        ),
    )


def run_chapter(book: Book, run: Run) -> None:
    """Run one chapter and keep the result. Raises ChapterError.

    What a failed chapter did up to its error is left in `_build/failed/` to be looked at.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from recount.book.kernel import ENGINE

    failed = book.build / "failed" / run.lang / f"{run.chapter.name}.ipynb"
    failed.parent.mkdir(parents=True, exist_ok=True)
    ipython = book.build / ".ipython"
    ipython.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        stderr = Path(scratch) / "stderr"
        try:
            notebook = papermill.execute_notebook(
                str(run.chapter.path),
                str(failed),
                parameters=run.parameters,
                engine_name=ENGINE,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                execution_timeout=CELL_SECONDS,
                folder=run.chapter.path.parent,
                stderr=stderr,
                ipython=ipython,
            )
        except PapermillExecutionError as error:
            reason = cell_report(read_notebook(run.chapter.path), error)
            where = failed.relative_to(book.root)
            raise ChapterError(
                f"chapter {run.title}, {reason}\n  the notebook up to there: {where}"
            ) from None
        except Exception as error:
            said = stderr.read_text(encoding="utf-8").strip() if stderr.exists() else ""
            last = f"\n  the kernel's last words: {said[-500:]}" if said else ""
            kind = type(error).__name__
            raise ChapterError(f"chapter {run.title}: {kind}: {error}{last}") from error
    failed.unlink(missing_ok=True)
    keep(json.loads(json.dumps(notebook)), run)


def keep(notebook: Notebook, run: Run) -> None:
    """Write an executed notebook with its key."""
    clean(notebook)
    notebook["metadata"]["recount"] = {"key": run.key, "parameters": run.parameters}
    write_notebook(notebook, run.output)


def executed_key(path: Path) -> str | None:
    """The key an executed notebook was made under; None where there is none to be read."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return str(notebook["metadata"]["recount"]["key"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def cell_report(notebook: Notebook, error: Any) -> str:
    """Which cell raised (its number, id and first line) and what it said.

    `error` has papermill's `source`, `ename` and `evalue`.
    """
    place = f"cell {INJECTED!r}"
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] == "code" and text(cell["source"]) == error.source:
            place = f"cell {number}, id {cell['id']!r}"
            break
    first = next((line for line in error.source.splitlines() if line.strip()), "")
    said = f"{error.ename}: {error.evalue}".strip()
    return f"{place} ({first.strip()}):\n  {said}"


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def quieten(names: Iterable[str]) -> None:
    """Let only warnings through from the loggers of other packages."""
    for name in names:
        logging.getLogger(name).setLevel(logging.WARNING)
