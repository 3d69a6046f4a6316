"""A sweep from the plan to the table: what is done already is taken over, the rest is run and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount import __version__
from recount.runs.keys import SWEPT, digest
from recount.runs.notebooks import written
from recount.sweep import table
from recount.sweep.checks import check_values
from recount.sweep.grid import Grid, SweepError, canonical
from recount.sweep.plan import Run, check_names, data_folder, declared, plan, sources
from recount.sweep.store import Record, Store
from recount.sweep.table import DONE, FAILED
from recount.sweep.task import Outcome, Task

if TYPE_CHECKING:
    import pandas as pd

Keep = Callable[[int, Outcome], None]
Runner = Callable[[Sequence[Task], Keep], None]
"""Does tasks and hands each outcome with the task's number to Keep, as soon as it is there."""

PARQUET, CSV = "runs.parquet", "runs.csv"


@dataclass(frozen=True)
class Prepared:
    """A sweep that has been checked: every run and where its outcome goes."""

    grid: Grid
    runs: Sequence[Run]
    store: Store
    records: dict[str, Record]
    """What is known of the runs, by name: their records where these still hold."""

    @property
    def todo(self) -> list[Run]:
        """The runs that are not done: never run, failed, or of other code or data."""
        return [run for run in self.runs if self.records.get(run.name, {}).get("status") != DONE]

    @property
    def failed(self) -> list[Record]:
        """The records of the runs that failed."""
        records = (self.records.get(run.name, {}) for run in self.runs)
        return [record for record in records if record.get("status") == FAILED]

    def table(self) -> pd.DataFrame:
        """The table of the runs that have been tried."""
        known = [self.records[run.name] for run in self.runs if run.name in self.records]
        rows = [record | record["parameters"] for record in known]
        return table.frame(rows, [record["verdicts"] for record in known], self.grid)

    def write_table(self) -> None:
        """Write the table as Parquet and CSV."""
        runs = self.table()
        self.store.write(PARQUET, table.parquet_bytes(runs))
        self.store.write(CSV, table.to_csv(runs))


def prepare(chapters: Sequence[str], grid: Grid, out: str | None = None) -> Prepared:
    """Check everything that can be checked before a run, and read what is known from before.

    `out` is a folder or an address for fsspec (default: a folder below `_build/sweeps/` that is
    named after the chapters and the grid). Raises SweepError.
    """
    notebooks = sources(chapters)
    table.check_columns(grid)
    check_names(grid, notebooks)
    check_values(grid, notebooks)
    runs = plan(notebooks, grid)
    if len({run.name for run in runs}) < len(runs):
        raise SweepError("two runs would share a folder; expected fewer runs in one sweep")
    store = Store(out or default_out([source.name for source in notebooks], grid))
    store.write(SWEPT, _description([source.name for source in notebooks], grid))
    return Prepared(grid, runs, store, _valid(store.records(run.name for run in runs), runs))


def default_out(names: Sequence[str], grid: Grid) -> str:
    """The folder of a sweep of these chapters (or of scenarios) over this grid."""
    content = {name: [canonical(value) for value in grid.values(name)] for name in grid.parameters}
    readable = "-".join([*names, *grid.parameters])[:60]
    return f"_build/sweeps/{readable}-{digest([list(names), content])[:8]}"


def run(prepared: Prepared, runner: Runner, on_end: Callable[[Record], None] = lambda record: None) -> None:
    """Do what is not done, keep each run as it ends, and write the table, also where this is broken off.

    `on_end` is called with the record of each run. Raises SweepError where outcomes cannot be kept.
    """
    todo = prepared.todo

    def keep(number: int, outcome: Outcome) -> None:
        record = _record(todo[number], outcome)
        name = todo[number].source.name
        notebook = (f"{name}.ipynb", written(outcome.notebook).encode()) if outcome.notebook else None
        prepared.store.keep(todo[number].name, notebook, record)
        prepared.records[todo[number].name] = record
        on_end(record)

    try:
        if todo:
            runner([task(run) for run in todo], keep)
    finally:
        prepared.write_table()


def task(run: Run) -> Task:
    """What a run needs."""
    source, package = run.source, str(data_folder(run.point))
    opens = "data_dir" in declared(source)
    named = run.point.values.get("data_dir")  # relative to here, not to where the notebook runs
    return Task(
        source.name,
        source.notebook,
        dict(run.point.values),
        str(source.path.parent),
        package if opens else "",
        package if named else None,
    )


def _record(run: Run, outcome: Outcome) -> Record:
    return {
        "run": run.name,
        "chapter": run.source.name,
        "label": run.point.label,
        "parameters": dict(run.point.values),
        "status": outcome.status,
        "error": outcome.error,
        "seconds": round(outcome.seconds, 3),
        "memory": outcome.memory,
        "verdicts": dict(outcome.verdicts),
        "key": run.key,
    }


def _valid(records: Mapping[str, Record], runs: Sequence[Run]) -> dict[str, Record]:
    """The records made under the runs' keys; a label is what the grid now says."""
    wanted = {run.name: run for run in runs}
    return {
        name: record | {"label": wanted[name].point.label}
        for name, record in records.items()
        if record.get("key") == wanted[name].key and _whole(record)
    }


def _whole(record: Mapping[str, Any]) -> bool:
    known = ("run", "chapter", "parameters", "status", "error", "seconds", "memory", "verdicts")
    return all(name in record for name in known)


def _description(names: Sequence[str], grid: Grid) -> bytes:
    """What this sweep is: for whoever finds the folder."""
    content = {
        "recount": __version__,
        "chapters": list(names),
        "parameters": {
            name: [
                {"value": choice.value, "label": choice.label} if choice.label else choice.value
                for choice in values
            ]
            for name, values in grid.parameters.items()
        },
        "runs": len(names) * len(grid),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
