"""Run the chapters that are stale, several at a time, through papermill."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount.book.keys import execution_key, surroundings
from recount.book.layout import Book, BookError, Chapter
from recount.book.notebooks import Notebook, has_code, read_notebook, stderr_lines, write_notebook
from recount.book.running import RunError, cores, run_notebook


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
    failed = book.build / "failed" / run.lang / f"{run.chapter.name}.ipynb"
    try:
        ran = run_notebook(run.chapter.path, run.parameters)
    except RunError as error:
        where = ""
        if error.notebook is not None:
            write_notebook(error.notebook, failed)
            where = f"\n  the notebook up to there: {failed.relative_to(book.root)}"
        raise ChapterError(f"chapter {run.title}, {error}{where}") from None
    failed.unlink(missing_ok=True)
    keep(ran.notebook, run)


def keep(notebook: Notebook, run: Run) -> None:
    """Write an executed notebook with its key."""
    notebook["metadata"]["recount"] = {"key": run.key, "parameters": run.parameters}
    write_notebook(notebook, run.output)


def executed_key(path: Path) -> str | None:
    """The key an executed notebook was made under; None where there is none to be read."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return str(notebook["metadata"]["recount"]["key"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
