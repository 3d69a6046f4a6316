"""Run the chapters that are stale, several at a time, and keep each with the key it was made under."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recount.book.layout import Book, BookError, Chapter
from recount.book.timings import PAGE, Timing, read_timing, write_page, write_timing
from recount.runs.keys import execution_key, versions
from recount.runs.locks import locked
from recount.runs.notebooks import Notebook, has_code, read_notebook, stderr_lines, write_notebook
from recount.runs.progress import Progress
from recount.runs.running import LIMIT, Ran, RunError, cores, run_notebook, stop
from recount.runs.sources import Sources


class ChapterError(BookError):
    """A chapter did not run through; the message names chapter, cell and error."""


@dataclass(frozen=True)
class Run:
    """One chapter in one edition."""

    chapter: Chapter
    lang: str
    output: Path
    notebook: Notebook = field(repr=False)
    sources: Sources = field(repr=False)

    @property
    def title(self) -> str:
        return f"{self.chapter.name} ({self.lang})"

    @property
    def parameters(self) -> dict[str, Any]:
        return {"lang": self.lang}

    @property
    def cells(self) -> int:
        """How many code cells it has."""
        return sum(cell["cell_type"] == "code" for cell in self.notebook["cells"])

    def key(self, used: Sequence[str] | None) -> str:
        """The key of a run that uses these sources, by name; all that there are for None."""
        names = self.sources.everything if used is None else used
        around = {"used": self.sources.digests(names), "versions": versions()}
        return execution_key(self.notebook, self.parameters, around)

    def is_fresh(self) -> bool:
        """Whether the executed notebook is there and would have the same key if it were run now."""
        kept = executed_facts(self.output)
        return bool(kept) and kept.get("key") == self.key(kept.get("used"))


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
    """Each chapter that has code, in each edition, with the sources as they are now."""
    sources = Sources(book.root)
    notebooks = [(chapter, read_notebook(chapter.path)) for chapter in book.chapters()]
    return [
        Run(chapter, lang, book.executed(lang, chapter.name), notebook, sources)
        for chapter, notebook in notebooks
        if has_code(notebook)
        for lang in langs
    ]


def execute(
    book: Book,
    langs: Sequence[str],
    jobs: int | None = None,
    say: Callable[[str], None] = print,
    limit: float = LIMIT,
) -> Outcome:
    """Run what is stale of these editions, `jobs` at a time (default: as many as cores).

    Every stale chapter is tried, for at most `limit` seconds; those that ran through are kept. Where
    another process executes chapters of the book, it is waited for. Raises ChapterError with one
    paragraph for each chapter that did not run through.
    """
    with locked(book.build / ".executing"):
        runs = plan(book, langs)
        stale = [run for run in runs if not run.is_fresh()]
        if stale:
            _execute(book, stale, jobs or cores(), say, limit)
            write_page([(run.title, run.output) for run in runs], book.build / PAGE)
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


def _execute(book: Book, stale: Sequence[Run], jobs: int, say: Callable[[str], None], limit: float) -> None:
    """Run all of them; those that took longest last time first, so that none is left for the end."""
    errors: list[str] = []

    def attempt(run: Run) -> None:
        try:
            progress.done(run.title, run_chapter(book, run, progress, limit).seconds)
        except ChapterError as error:
            errors.append(str(error))

    known = {run.title: timing.seconds for run in stale if (timing := read_timing(run.output))}
    order = sorted(stale, key=lambda run: (-known.get(run.title, float("inf")), -run.cells))
    with Progress(sum(run.cells for run in stale), say) as progress, ThreadPoolExecutor(max(1, jobs)) as pool:
        try:
            list(pool.map(attempt, order))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            stop()
            raise
    if errors:
        raise ChapterError("\n\n".join(sorted(errors)))


def run_chapter(book: Book, run: Run, progress: Progress, limit: float = LIMIT) -> Ran:
    """Run one chapter and keep the result. Raises ChapterError.

    What a failed chapter did up to its error is left in `_build/failed/` to be looked at.
    """
    failed = book.build / "failed" / run.lang / f"{run.chapter.name}.ipynb"
    done = iter(range(1, run.cells + 2))
    try:
        ran = run_notebook(
            run.chapter.path,
            run.parameters,
            limit=limit,
            on_cell=lambda: progress.cell(run.title, next(done), run.cells),
        )
    except RunError as error:
        where = ""
        if error.notebook is not None:
            write_notebook(error.notebook, failed)
            where = f"\n  the notebook up to there: {failed.relative_to(book.root)}"
        raise ChapterError(f"chapter {run.title}, {error}{where}") from None
    failed.unlink(missing_ok=True)
    keep(ran, run)
    return ran


def keep(ran: Ran, run: Run) -> None:
    """Write an executed notebook with its key, and what it took."""
    used = None if ran.used is None else run.sources.names(ran.used)
    facts = {"key": run.key(used), "parameters": run.parameters, "used": used}
    write_timing(Timing(ran.seconds, dict(ran.cells), ran.memory), run.output)
    write_notebook({**ran.notebook, "metadata": {**ran.notebook["metadata"], "recount": facts}}, run.output)


def executed_facts(path: Path) -> dict[str, Any]:
    """The `key`, `parameters` and `used` of an executed notebook; empty where none can be read."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))["metadata"]["recount"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def executed_key(path: Path) -> str | None:
    """The key an executed notebook was made under; None where there is none to be read."""
    return executed_facts(path).get("key")
