"""10,000 what-ifs of the book's own report by the batch engine, against one run of a chapter."""

from __future__ import annotations

import itertools
import re
import statistics
import time
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.results import Result, compared, most
from recount.audit import Audit
from recount.audit import whatif as robustness
from recount.audit.settings import EVIDENCE
from recount.figures.numerals import NumeralError
from recount.figures.readings import READINGS, ROUNDINGS
from recount.package.dataset import Dataset, load
from recount.runs.notebooks import read_notebook
from recount.runs.running import Ran, run_notebook

Changes = list[dict[str, Any]]

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
COUNT = 10_000
# Of a figure so many others are tried where several are changed at once.
_EACH = 200


def figures(audit: Audit, id: str, count: int) -> list[str]:
    """Up to `count` other figures for a statistic, of as many digits, from half of it to twice it."""
    printed = audit.printed[id]
    number = re.search(r"\d[\d,]*(\.\d+)?", printed)
    if number is None:
        return []
    value, decimals = float(number[0].replace(",", "")), len((number[1] or ".")[1:])
    found, rng = dict[str, None](), Random(id)
    for _ in range(10 * count):
        digits = f"{value * rng.uniform(0.5, 2):.{decimals}f}"
        other = printed[: number.start()] + digits + printed[number.end() :]
        if len(found) < count and _readable(audit, other):
            found[other] = None
    return list(found)


def _readable(audit: Audit, printed: str) -> bool:
    try:
        audit.interval(printed)
    except NumeralError:  # such as 11余户: more than 11 and less than 12 households
        return False
    return True


def amounts(audit: Audit, id: str, count: int) -> Changes:
    """As many different amounts for one statistic, in steps of a hundred million yuan."""
    return [{"overrides": {id: f"{number}亿元"}} for number in range(count, 2 * count)]


def grid(audit: Audit, count: int) -> Changes:
    """Readings, roundings and kinds of evidence by assumptions by figures of three networks."""
    assumed = [change.settings for change in robustness.changes(audit)][:7]
    others = [[audit.printed[id], *figures(audit, id, 4)]
              for id in ("sme_loans", "platform_credit", "borrowers_growth")]  # fmt: skip
    ways = itertools.product(READINGS, ROUNDINGS, EVIDENCE, [{}, *assumed], *others)
    each = [
        {"reading": r, "rounding": q, "evidence": e, **assumption,
         "overrides": dict(zip(("sme_loans", "platform_credit", "borrowers_growth"), printed, strict=True))}
        for r, q, e, assumption, *printed in ways
    ]  # fmt: skip
    return Random(1).sample(each, count)


def pairs(audit: Audit, count: int) -> Changes:
    """As many pairs of figures printed otherwise, drawn from all statistics."""
    rng = Random(2)
    others = {id: found for id in audit.printed if (found := figures(audit, id, _EACH))}
    drawn = [rng.sample(sorted(others), 2) for _ in range(count)]
    return [{"overrides": {id: rng.choice(others[id]) for id in ids}} for ids in drawn]


def measure(quick: bool = False) -> list[Result]:
    """Medians of batches and of chapter runs, in turns; the target is for the first kind of batch."""
    data, count, times = load(), COUNT // 10 if quick else COUNT, 1 if quick else 3
    audit = Audit(data)
    batches = {
        "figures of one statistic of the largest network": amounts(audit, "sme_loans", count),
        "readings, assumptions and figures of three networks": grid(audit, count),
        "figures of one statistic that is in a conflict": amounts(audit, "platform_credit", count),
        "pairs of figures from all statistics": pairs(audit, count),
    }
    chapter = _typical()
    runs: list[float] = []
    taken: dict[str, list[float]] = {name: [] for name in batches}
    for _ in range(times):
        runs.append(_run(chapter).seconds)
        for name, changes in batches.items():
            taken[name].append(_seconds(data, changes))
    run = statistics.median(runs)
    of = f"one run of {chapter.name}, the chapter in the middle of all by the time it takes: {run:.2f} s"
    results: list[Result] = []
    for name, seconds in taken.items():
        figure, ours = f"{count:,} scenarios ({name}): times one chapter run", statistics.median(seconds)
        told = f"{ours:.2f} s; {of}"
        results.append(compared(figure, ours / run, told) if results else most(figure, 3, ours / run, told))
    return results


def _run(chapter: Path) -> Ran:
    return run_notebook(read_notebook(chapter), {"lang": "en"}, chapter.parent)


def _typical() -> Path:
    """The chapter that takes the median time of all."""
    seconds = {path: _run(path).seconds for path in sorted(CHAPTERS.glob("*.ipynb"))}
    return sorted(seconds, key=lambda path: seconds[path])[len(seconds) // 2]


def _seconds(data: Dataset, changes: Changes) -> float:
    start = time.perf_counter()
    Audit(data).scenarios(changes)
    return time.perf_counter() - start
