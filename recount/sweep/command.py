"""`recount sweep`: the options of the command, and what it says."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from recount.sweep.engine import Prepared
    from recount.sweep.grid import Grid
    from recount.sweep.store import Record

# Importing the book would cost more than other commands need: it is imported where it is used.
_MOST = 10  # failed runs that are named
_NEEDS = "`recount sweep` needs {missing}, which is not installed: `pip install 'recount[sweep]'`"


@click.command()
@click.argument("chapters", nargs=-1, metavar="CHAPTER…")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUES",
    help="A parameter and its values, by commas, or @FILE: a YAML list, or labels with values (repeatable).",
)
@click.option(
    "--out",
    metavar="DIR",
    help="A folder, or an address that fsspec knows, such as s3://….  "
    "[default: a folder below _build/sweeps]",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Runs, or processes, at a time.  [default: the cores]",
)
@click.option("--dask", metavar="ADDRESS", help="Run on the cluster of this Dask scheduler.")
@click.option("--audit-only", is_flag=True, help="Verdicts alone, from the audit: no chapter, no notebook.")
@click.option("--bounds", is_flag=True, help="With --audit-only: also every recomputed interval.")
def sweep(
    chapters: Sequence[str],
    settings: Sequence[str],
    out: str | None,
    jobs: int | None,
    dask: str | None,
    audit_only: bool,
    bounds: bool,
) -> None:
    """Run chapters under every combination of parameters, into one table.

    CHAPTER is a chapter of the book, such as lead, or the path of a notebook. What is done is kept: the
    same command goes on where it was broken off.
    """
    try:
        from recount.sweep.grid import Grid, SweepError
    except ModuleNotFoundError as error:
        raise click.ClickException(_NEEDS.format(missing=error.name)) from None
    try:
        _check_options(chapters, jobs, dask, audit_only, bounds)
        grid = Grid.parsed(settings)
        with _stoppable(
            "what is under way is dropped"
            if dask or audit_only
            else "what is under way is finished and kept; once more to drop it"
        ):
            ok = _audit(grid, out, bounds, jobs) if audit_only else _runs(chapters, grid, out, jobs, dask)
    except SweepError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        if error.name not in ("papermill", "nbformat", "fsspec", "fastparquet", "tqdm", "ipykernel"):
            raise
        raise click.ClickException(_NEEDS.format(missing=error.name)) from None
    if not ok:
        sys.exit(1)


def _check_options(
    chapters: Sequence[str], jobs: int | None, dask: str | None, audit_only: bool, bounds: bool
) -> None:
    from recount.sweep.grid import SweepError

    if audit_only and chapters:
        raise SweepError(f"--audit-only runs no chapter, found {', '.join(chapters)}; leave out either")
    if audit_only and dask:
        raise SweepError("--audit-only needs no cluster; leave out --dask")
    if bounds and not audit_only:
        raise SweepError(
            "--bounds: expected together with --audit-only; the intervals of a chapter's run "
            "are in its notebook"
        )
    if dask and jobs:
        raise SweepError(
            "--jobs is for runs on this machine; with --dask the workers' threads decide: leave "
            "out one of the two"
        )


def _runs(chapters: Sequence[str], grid: Grid, out: str | None, jobs: int | None, dask: str | None) -> bool:
    """Run and say how it went; whether all runs are done."""
    from recount.runs.progress import Progress
    from recount.sweep.cluster import cluster
    from recount.sweep.engine import prepare, run
    from recount.sweep.local import local

    prepared = prepare(chapters, grid, out)
    total, todo = len(prepared.runs), len(prepared.todo)
    if total > todo:
        click.echo(f"{total - todo} of {_noun(total)} done before, {todo} to go", err=True)
    with Progress(todo, "run") as progress:

        def ended(record: Record) -> None:
            failed = record["status"] == "failed"
            place = f"[{progress.advance()}/{todo}]"
            progress.tell(f"{place} {_line(record)}", also_beside_a_bar=failed)

        runner = (
            (lambda tasks, keep: cluster(tasks, keep, dask))
            if dask
            else (lambda tasks, keep: local(tasks, keep, jobs))
        )
        try:
            run(prepared, runner, ended)
        except KeyboardInterrupt:
            left = _noun(len(prepared.todo) - len(prepared.failed))
            click.echo(f"stopped with {left} to go; the same command goes on from here", err=True)
            raise
    _summary(prepared)
    return not prepared.failed


def _line(record: Record) -> str:
    first = f": {' '.join(record['error'].split())}" if record["error"] else ""
    return f"{record['status']} {record['run']} ({record['seconds']:.1f} s){first}"


def _noun(count: int, singular: str = "run") -> str:
    return f"{count:,} {singular}" if count == 1 else f"{count:,} {singular}s"


def _summary(prepared: Prepared) -> None:
    from recount.sweep.engine import CSV, PARQUET

    total, failed, store = len(prepared.runs), prepared.failed, prepared.store
    click.echo(f"{_noun(total)}: {total - len(failed)} done, {len(failed)} failed")
    click.echo(f"{store.path(PARQUET)}\n{store.path(CSV)}")
    for record in failed[:_MOST]:
        click.echo(f"failed: {record['run']}: {' '.join(record['error'].split())}", err=True)
    if len(failed) > _MOST:
        click.echo(f"failed: {len(failed) - _MOST} more; the table has them all", err=True)


def _audit(grid: Grid, out: str | None, bounds: bool, jobs: int | None) -> bool:
    """Answer the grid from the audit and say where the table is; whether every scenario has an answer."""
    from recount.runs.progress import Progress
    from recount.runs.running import cores
    from recount.sweep import scenarios, table
    from recount.sweep.engine import default_out
    from recount.sweep.store import Store

    table.check_columns(grid)
    data = scenarios.package(grid)
    scenarios.check(grid, data)
    store = Store(out or default_out(["audit"], grid))
    with Progress(len(grid), "scenario") as progress:

        def answered(count: int) -> None:
            progress.tell(f"[{progress.advance(count)}/{len(grid)}] answered", also_beside_a_bar=False)

        failed = scenarios.write(data, grid, store, bounds, jobs or cores(), answered)
    total = len(grid)
    click.echo(f"{_noun(total, 'scenario')}: {total - failed} done, {failed} failed")
    for name in (scenarios.PARQUET, scenarios.CSV, *([scenarios.BOUNDS] if bounds else [])):
        click.echo(store.path(name))
    if failed:
        click.echo("failed: the table's column error says why", err=True)
    return not failed


@contextmanager
def _stoppable(meaning: str) -> Iterator[None]:
    """SIGTERM stops as Ctrl-C does, which is told with its `meaning`. A second one stops at once."""
    stopped: list[int] = []

    def stop(number: int, frame: Any) -> None:
        if stopped:
            os._exit(128 + number)
        stopped.append(number)
        click.echo(f"stopping: {meaning}", err=True)
        raise KeyboardInterrupt

    try:
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread, which alone may set these
        yield
        return
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(128 + (stopped[0] if stopped else signal.SIGINT))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
