"""The cost of a full audit of newspaper-like reports of 100, 1,000 and 10,000 statistics."""

from __future__ import annotations

import statistics
import time
from random import Random

from benchmarks.misprints import KINDS, Misprint, draw, linked, misprinted
from benchmarks.reports import Report, make
from benchmarks.results import Result, most
from recount.audit import Audit
from recount.package.dataset import Dataset

SIZES = (100, 1_000, 10_000)
# One statistic in so many is misprinted, so that conflicts are there to be searched for.
_MISPRINTED = 100
# A report of this size is audited once, smaller ones three times.
_LONG = 10_000


def report(size: int) -> Report:
    """A newspaper-like report of that size with one misprint in a hundred statistics."""
    made, rng = make("newspaper", size, 7), Random(7)
    numbers = linked(made)
    chosen: dict[str, Misprint] = {}
    for number in range(size // _MISPRINTED):
        spot = number * len(numbers) // (size // _MISPRINTED)
        misprint = draw(made, KINDS[number % len(KINDS)], rng, numbers[spot : spot + 20])
        if misprint is not None:
            chosen[misprint.statistic] = misprint
    return misprinted(made, tuple(chosen.values()))


def audited(data: Dataset) -> dict[str, float]:
    """Seconds of each part of a full audit from a dataset in memory, in order."""
    seconds, start = {}, time.perf_counter()
    audit = Audit(data)
    for part in ("conflicts", "recomputed", "verdicts"):
        getattr(audit, part)
        now = time.perf_counter()
        seconds[part], start = now - start, now
    return seconds


def measure(quick: bool = False) -> list[Result]:
    """How the cost grows from the second size to the third, from medians where there are several runs."""
    sizes = SIZES[:2] if quick else SIZES
    reports = {size: report(size) for size in sizes}
    taken: dict[int, list[dict[str, float]]] = {size: [] for size in sizes}
    audited(reports[sizes[0]].dataset())  # warms up
    for turn in range(1 if quick else 3):
        for size in sizes:
            if turn == 0 or size < _LONG:
                taken[size].append(audited(reports[size].dataset()))
    total = {size: statistics.median(sum(run.values()) for run in runs) for size, runs in taken.items()}
    told = "; ".join(f"{size:,}: {total[size]:.3g} s ({_parts(taken[size][-1])})" for size in sizes)
    few, many = sizes[-2:]
    growth = total[many] / total[few]
    return [most(f"growth of cost from {few:,} to {many:,} statistics", 15, growth, told, " times")]


def _parts(seconds: dict[str, float]) -> str:
    return ", ".join(f"{part} {taken:.2g}" for part, taken in seconds.items())
