"""Run the chapters that are stale, several at a time, and keep each with the key it was made under."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from recount.book.layout import Book, BookError, Chapter
from recount.book.timings import add_timings, read_timings
from recount.runs.keys import execution_key, surroundings
from recount.runs.locks import locked
from recount.runs.notebooks import Notebook, has_code, read_notebook, stderr_lines, write_notebook
from recount.runs.progress import Progress
from recount.runs.running import GLANCE, LIMIT, Ran, RunError, cores, run_notebook


class ChapterError(BookError):
    """A chapter did not run through; the message names chapter, cell and error."""


@dataclass(frozen=True, eq=False)
class Run:
    """One chapter in one edition."""

    chapter: Chapter
    lang: str
    output: Path
    notebook: Notebook = field(repr=False)
    key: str
    """What the outcome depends on, as it was when the run was planned."""

    @property
    def title(self) -> str:
        return f"{self.chapter.name} ({self.lang})"

    @property
    def cells(self) -> int:
        """How many code cells it has."""
        return sum(cell["cell_type"] == "code" for cell in self.notebook["cells"])

    def is_fresh(self) -> bool:
        """Whether the executed notebook is there and would have the same key if it were run now."""
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
    """Each chapter that has code, in each edition, with its key as things are now."""
    if book.config().get("only_build_toc_files") is not True:
        raise BookError(
            "_config.yml: expected `only_build_toc_files: true`; else notebooks that _toc.yml does not name "
            "would be published without having run"
        )
    around = surroundings(book.root, set(book.pages().values()))
    notebooks = [(chapter, read_notebook(chapter.path)) for chapter in book.chapters()]
    return [
        Run(
            chapter,
            lang,
            book.executed(lang, chapter.name),
            notebook,
            execution_key(notebook, {"lang": lang}, around),
        )
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
            table, taken = book.build / "execution.csv", dict[str, Ran]()
            try:
                _execute(book, _slowest_first(stale, table), jobs or cores(), say, limit, taken)
            finally:
                add_timings(table, taken, [run.title for run in runs])
    return Outcome(
        executed=tuple(run.title for run in stale),
        fresh=tuple(run.title for run in runs if run not in stale),
        warnings=tuple(
            f"chapter {run.title} wrote to stderr: {line}"
            for run in runs
            for line in stderr_lines(read_notebook(run.output))
        ),
    )


def _execute(
    book: Book,
    stale: Sequence[Run],
    jobs: int,
    say: Callable[[str], None],
    limit: float,
    taken: dict[str, Ran],
) -> None:
    """Run all of them in this order, and put what each took into `taken`."""
    errors: list[str] = []
    busy: set[str] = set()
    stopping = threading.Event()

    def attempt(run: Run) -> None:
        busy.add(run.title)  # before it is asked: else one could begin unseen while all are stopped
        try:
            if not stopping.is_set():
                taken[run.title] = run_chapter(book, run, progress, limit)
                progress.tell(f"  executed {run.title}, {taken[run.title].seconds:.1f} s")
        except ChapterError as error:
            errors.append(str(error))
        finally:
            busy.discard(run.title)
            progress.advance(0, run.title)

    total = sum(run.cells for run in stale)
    with Progress(total, "cell", say) as progress, ThreadPoolExecutor(max(1, jobs)) as pool:
        try:
            begun = [pool.submit(attempt, run) for run in stale]
            while wait(begun, GLANCE).not_done:
                pass
            for future in begun:
                future.result()
        except KeyboardInterrupt:
            from recount.runs.kernel import stop

            stopping.set()
            stop(lambda: not busy)
            raise
    if errors:
        raise ChapterError("\n\n".join(sorted(errors)))


def _slowest_first(runs: Sequence[Run], table: Path) -> list[Run]:
    """By what they took last time, so that none is left for the end."""
    known = {title: float(row["seconds"]) for title, row in read_timings(table).items()}
    return sorted(runs, key=lambda run: (-known.get(run.title, float("inf")), -run.cells))


def run_chapter(book: Book, run: Run, progress: Progress, limit: float = LIMIT) -> Ran:
    """Run one chapter and keep the result. Raises ChapterError.

    What a failed chapter did up to its error is left in `_build/failed/` to be looked at.
    """
    failed = book.build / "failed" / run.lang / f"{run.chapter.name}.ipynb"
    done = iter(range(1, run.cells + 2))
    parameters = {"lang": run.lang}
    try:
        ran = run_notebook(
            run.notebook,
            parameters,
            run.chapter.path.parent,
            limit=limit,
            on_cell=lambda: progress.advance(1, run.title, f"{next(done)}/{run.cells}"),
        )
    except RunError as error:
        where = ""
        if error.notebook is not None:
            write_notebook(error.notebook, failed)
            where = f"\n  the notebook up to there: {failed.relative_to(book.root)}"
        raise ChapterError(f"chapter {run.title}, {error}{where}") from None
    failed.unlink(missing_ok=True)
    metadata = {**ran.notebook["metadata"], "recount": {"key": run.key, "parameters": parameters}}
    write_notebook({**ran.notebook, "metadata": metadata}, run.output)
    return ran


def executed_key(path: Path) -> str | None:
    """The key an executed notebook was made under; None where there is none to be read."""
    try:
        key: str = json.loads(path.read_text(encoding="utf-8"))["metadata"]["recount"]["key"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return key
