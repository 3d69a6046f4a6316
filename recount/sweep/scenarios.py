"""The grid answered from the audit alone: thousands of scenarios in batches, and no notebook run."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.audit import VERDICTS, Audit
from recount.audit.settings import AuditError
from recount.package import load
from recount.sweep import table
from recount.sweep.checks import SETTINGS, check_settings, opened
from recount.sweep.grid import Grid, Point, SweepError
from recount.sweep.table import DONE, FAILED

if TYPE_CHECKING:  # the book's own page answers a grid, and does without what keeps one
    import pandas as pd

    from recount.package import Dataset
    from recount.sweep.store import Store

BATCH = 1000
"""Scenarios answered at once, which bounds the memory."""
PARQUET, CSV, BOUNDS = "scenarios.parquet", "scenarios.csv", "bounds.parquet"


@dataclass(frozen=True)
class Answers:
    """A batch of scenarios: the table's rows, and `lower`, `upper`, `verdict` by scenario and statistic."""

    rows: pd.DataFrame
    bounds: pd.DataFrame
    failed: int


def audited(audit: Audit, grid: Grid) -> pd.DataFrame:
    """The table of a grid of changes to an audit's settings: a row for each scenario.

    A verdict is that of the scenario's one way of reading (see `Audit.scenarios`). Raises SweepError
    naming a parameter or value that an audit cannot use.
    """
    import pandas as pd

    check(grid, audit.data)
    return pd.concat([batch.rows for batch in batches(audit, grid, BATCH)], ignore_index=True)


def package(grid: Grid) -> Dataset:
    """The data package that the grid names, or the book's own."""
    named = grid.values("data_dir") if "data_dir" in grid.parameters else [None]
    if len(named) > 1:
        raise SweepError(
            "--set data_dir: found several values; expected one with --audit-only, whose table "
            "has the statistics of one package"
        )
    return opened(named[0])


def check(grid: Grid, data: Dataset) -> None:
    """Raises SweepError where a parameter is none of an audit's, or a value one that it cannot use."""
    for name in grid.parameters:
        if name not in (*SETTINGS, "data_dir"):
            raise SweepError(
                f"--set {name}: not a setting of the audit; expected one of "
                f"{', '.join((*SETTINGS, 'data_dir'))} with --audit-only"
            )
    check_settings(grid, data)


def batches(audit: Audit, grid: Grid, size: int) -> Iterator[Answers]:
    """The answers to the grid in order, so many scenarios at a time."""
    return (_answered(audit, grid, points, first) for first, points in _cut(grid, size))


def shared_out(data: Dataset, grid: Grid, size: int, jobs: int) -> Iterator[Answers]:
    """The same from several processes, each of which opens the data again.

    Answers wait for their turn; no more batches are begun than a few ahead of it.
    """
    begun: deque[Future[Answers]] = deque()
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for first, points in _cut(grid, size):
            begun.append(pool.submit(_answered_there, str(data.folder), grid, points, first))
            if len(begun) > 2 * jobs:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _cut(grid: Grid, size: int) -> Iterator[tuple[int, list[Point]]]:
    """The points in batches, each with the number of its first."""
    points, first = iter(grid), 0
    while batch := list(islice(points, size)):
        yield first, batch
        first += len(batch)


def _answered_there(folder: str, grid: Grid, points: Sequence[Point], first: int) -> Answers:
    return _answered(_opened(folder), grid, points, first)


@cache
def _opened(folder: str) -> Audit:
    return Audit(load(folder))


def write(
    data: Dataset,
    grid: Grid,
    store: Store,
    bounds: bool = False,
    jobs: int = 1,
    on_batch: Callable[[int], None] = lambda count: None,
) -> int:
    """Write the table as Parquet and CSV, with `bounds` also every interval; the number that failed.

    Several `jobs` are begun where there is enough to do for each. Files grow batch by batch on this
    machine and are put in the store whole.
    """
    jobs = min(jobs, len(grid) // (2 * BATCH))
    answered = shared_out(data, grid, BATCH, jobs) if jobs > 1 else batches(Audit(data), grid, BATCH)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="recount-sweep-") as scratch:
        files = {name: Path(scratch) / name for name in (PARQUET, CSV, *([BOUNDS] if bounds else []))}
        for nth, answers in enumerate(answered):
            table.to_parquet(answers.rows, files[PARQUET], append=nth > 0)
            with files[CSV].open("ab") as csv:
                csv.write(table.to_csv(answers.rows, header=nth == 0))
            if bounds:
                table.to_parquet(answers.bounds, files[BOUNDS], append=nth > 0)
            failed += answers.failed
            on_batch(len(answers.rows))
        for name, file in files.items():
            store.upload(name, file)
    return failed


def _answered(audit: Audit, grid: Grid, points: Sequence[Point], first: int) -> Answers:
    import pandas as pd

    answers, errors = _asked(audit, [_change(point) for point in points])
    ids = list(audit.printed)
    verdicts = answers["verdict"].to_numpy(dtype=object).reshape(len(points), len(ids))
    rows = [
        {"scenario": first + n, "label": point.label, "status": FAILED if error else DONE, "error": error}
        | dict(point.values)
        for n, (point, error) in enumerate(zip(points, errors, strict=True))
    ]
    columns = {
        f"{table.VERDICT_PREFIX}{id}": table.verdict_column(verdicts[:, n]) for n, id in enumerate(ids)
    }
    plain = table.frame(rows, [], grid, table.OF_SCENARIOS)
    bounds = pd.DataFrame(
        {
            "scenario": answers.index.get_level_values(0).to_numpy() + first,
            "statistic": pd.Categorical(answers.index.get_level_values(1), categories=ids),
            "lower": answers["lower"].to_numpy(),
            "upper": answers["upper"].to_numpy(),
            "verdict": pd.Categorical(answers["verdict"], categories=VERDICTS),
        }
    )
    return Answers(pd.concat([plain, pd.DataFrame(columns)], axis=1), bounds, sum(map(bool, errors)))


def _change(point: Point) -> dict[str, Any]:
    return {name: value for name, value in point.values.items() if name != "data_dir"}


def _asked(audit: Audit, changes: Sequence[dict[str, Any]]) -> tuple[pd.DataFrame, list[str]]:
    """The scenarios' answers and errors; one that cannot be answered does not stop the others."""
    import pandas as pd

    try:
        return audit.scenarios(changes), [""] * len(changes)
    except AuditError as error:
        if len(changes) == 1:
            index = pd.MultiIndex.from_product([[0], list(audit.printed)], names=["scenario", "statistic"])
            nothing = {"lower": float("nan"), "upper": float("nan"), "verdict": None}
            return pd.DataFrame(nothing, index=index), [str(error)]
    half = len(changes) // 2
    (first, errors), (other, more) = _asked(audit, changes[:half]), _asked(audit, changes[half:])
    other = other.set_axis(other.index.set_levels(other.index.levels[0] + half, level=0))
    return pd.concat([first, other]), errors + more
