"""Sweeps of one chapter, against papermill's command in a loop; and on a cluster that loses a worker."""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.execution import papermill
from benchmarks.results import Result, compared, most
from benchmarks.workshop import Workshop, workshop

LIGHT, HEAVY = "index", "closing"
"""The chapter that shows the whole audit and does little else, and one that computes long."""
RECOUNT = ("-c", "from recount.cli import main; main()", "sweep")
LOOPED = 5
"""Runs of papermill's command that are timed; a loop takes as many times longer as it has more runs."""


def measure(quick: bool = False) -> list[Result]:
    """Medians in turns for 100 runs of a light chapter; other sweeps are told for comparison."""
    times, (few, many, most_runs) = (1, (2, 6, 8)) if quick else (2, (10, 100, 300))
    with workshop() as shop:
        ours, loops = [], []
        for turn in range(times):
            ours.append(sweep(shop, LIGHT, many, f"turn-{turn}"))
            loops.append(loop(shop, LIGHT))
        one = statistics.median(loops)
        results = [_against(LIGHT, many, statistics.median(ours), one)]
        for count in (few, most_runs):
            told = _against(LIGHT, count, sweep(shop, LIGHT, count, f"count-{count}"), one)
            results.append(compared(told.figure, float(told.reached), told.told))
        heavy = _against(HEAVY, few, sweep(shop, HEAVY, few, "heavy"), loop(shop, HEAVY))
        results.append(compared(heavy.figure, float(heavy.reached), heavy.told))
        again = sweep(shop, LIGHT, many, "turn-0")
        told = f"{again:.1f} s; nothing is run again"
        results.append(compared(f"the sweep of {many} once more: of the first", again / ours[0], told))
        results.append(_with_a_loss(shop, 6 if quick else 40))
    return results


def _against(chapter: str, count: int, seconds: float, one: float) -> Result:
    figure = f"sweep of {count} runs of `{chapter}`: of papermill's command in a loop"
    told = f"{seconds:.1f} s; papermill {one:.2f} s a run, from a loop of {LOOPED}"
    return most(figure, 0.25, seconds / (count * one), told)


def sweep(shop: Workshop, chapter: str, count: int, name: str) -> float:
    """Seconds of a sweep over so many figures for one statistic."""
    out = shop.root / "sweeps" / name
    seconds = shop.seconds(*command(shop, chapter, count, out))
    if lost(out, count):
        raise RuntimeError(f"{out}: {lost(out, count)} runs of {count} are missing")
    return seconds


def changes(count: int) -> list[dict[str, str]]:
    """So many figures for one statistic, as values of `overrides`."""
    return [{"sme_loans": f"{2 + number / 1000:.3f}万亿元"} for number in range(count)]


def command(shop: Workshop, chapter: str, count: int, out: Path) -> tuple[str, ...]:
    """What a user types after `python` for them all."""
    figures = shop.root / f"figures-{count}.yml"
    figures.write_text(json.dumps(changes(count), ensure_ascii=False), encoding="utf-8")
    return (*RECOUNT, chapter, "--set", f"overrides=@{figures}", "--out", str(out))


def loop(shop: Workshop, chapter: str) -> float:
    """Seconds of one run by papermill's command, from a loop of a few."""
    path = shop.root / "chapters" / f"{chapter}.ipynb"
    given = [json.dumps({"overrides": change}) for change in changes(LOOPED)]
    return sum(papermill(shop, path, "-y", parameters) for parameters in given) / LOOPED


def lost(out: Path, count: int) -> int:
    """How many of so many runs the table of a sweep has not as done."""
    with open(out / "runs.csv", encoding="utf-8", newline="") as file:
        return count - sum(row["status"] == "done" for row in csv.DictReader(file))


def _with_a_loss(shop: Workshop, count: int) -> Result:
    """A sweep on two local workers, of which one is killed when half of the runs are done."""
    out = shop.root / "sweeps" / "cluster"
    with cluster(shop) as (address, workers):
        process = subprocess.Popen(
            [sys.executable, *command(shop, LIGHT, count, out), "--dask", address], cwd=shop.root,
            env=environment(shop), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while len(list(out.glob("*/run.json"))) < count // 2 and process.poll() is None:
            time.sleep(0.05)
        workers[0].kill()
        process.wait()
    gone = lost(out, count)
    figure = f"sweep of {count} runs on two local Dask workers, one killed half way: runs lost"
    return Result(figure, "0", str(gone), gone == 0 and process.returncode == 0)


@contextmanager
def cluster(shop: Workshop) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address and two workers of one thread each, without nannies."""
    place = shop.root / "scheduler.json"
    started = [_start(shop, "dask_scheduler", "--port", "0", "--scheduler-file", str(place))]
    try:
        while not place.exists():
            time.sleep(0.05)
        address = json.loads(place.read_text(encoding="utf-8"))["address"]
        for _ in range(2):
            started.append(_start(shop, "dask_worker", address, "--no-nanny", "--nthreads", "1"))
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _start(shop: Workshop, program: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options],
        cwd=shop.root, env=environment(shop), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def environment(shop: Workshop) -> dict[str, str]:
    """That of the copy of the checkout."""
    return {**os.environ, "PYTHONPATH": str(shop.root)}
