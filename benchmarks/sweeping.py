"""Sweeps of one chapter, against before and against papermill's command in a loop."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from benchmarks.children import in_turns
from benchmarks.results import Result, most, seconds_of
from benchmarks.workshop import RECOUNT, Workshop, before, now, temporary

CHAPTER = "index"
"""The chapter that shows the whole audit and does little else."""
LOOPED = 5
"""Runs of papermill's command that are timed; a loop takes as many times longer as it has more runs."""


def measure(quick: bool = False) -> list[Result]:
    """Medians of wall times, in turns."""
    count, looped = (4, 2) if quick else (100, LOOPED)
    new, old = now(), before()
    _ = new.python, old.python  # their making is not timed
    ours, former, single = in_turns(
        1 if quick else 2,
        lambda: sweep(new, count),
        lambda: sweep(old, count),
        lambda: loop(new, looped) / looped,
        warm=False,
    )
    figure, note = f"sweep of {count} runs of `{CHAPTER}`", f"{single:.2f} s a run, from a loop of {looped}"
    return [
        most(f"{figure}, wall time: of before", 1, ours / former, seconds_of(ours, former)),
        most("the same: of papermill's command in a loop", 0.45, ours / (count * single), note),
    ]


def changes(count: int) -> list[dict[str, str]]:
    """So many figures for one statistic, as values of `overrides`."""
    return [{"sme_loans": f"{2 + number / 1000:.3f}万亿元"} for number in range(count)]


def sweep(shop: Workshop, count: int) -> float:
    """Seconds of a sweep over so many figures for one statistic."""
    folder = temporary("sweep")
    figures, out = folder / "figures.yml", folder / "out"
    figures.write_text(json.dumps(changes(count), ensure_ascii=False), encoding="utf-8")
    run = shop.run(*RECOUNT, "sweep", CHAPTER, "--set", f"overrides=@{figures}", "--out", str(out))
    if lost(out, count):
        raise RuntimeError(f"{out}: {lost(out, count)} runs of {count} are missing:\n{run.printed[-2000:]}")
    return run.wall


def loop(shop: Workshop, count: int) -> float:
    """Seconds of so many runs, each by papermill's command."""
    path, output = shop.root / "chapters" / f"{CHAPTER}.ipynb", temporary("papermill") / "output.ipynb"
    command = ("-m", "papermill", "--cwd", str(path.parent), str(path), str(output), "-y")
    return sum(shop.run(*command, json.dumps({"overrides": change})).wall for change in changes(count))


def lost(out: Path, count: int) -> int:
    """How many of so many runs the table of a sweep has not as done."""
    with open(out / "runs.csv", encoding="utf-8", newline="") as file:
        return count - sum(row["status"] == "done" for row in csv.DictReader(file))
