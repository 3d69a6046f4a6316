"""What the benchmarks of the engine time, as a process in a checkout: this one or the one before.

A line on standard input names a job with its arguments as JSON; the answer is a line with its CPU seconds.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from benchmarks.reports import make
from recount.audit import Audit

try:  # first as it was called before: an editable install offers its modules to the older package too
    from recount.dataset import load  # type: ignore[import-not-found]
    from recount.small import report  # type: ignore[import-not-found]
except ImportError:
    from recount.package import load, report  # type: ignore[assignment]

PARTS = (
    "conflicts", "recomputed", "readings", "witness", "verdicts", "support", "explanations", "slips",
)  # fmt: skip


def _asked_for(audit: Any, parts: Iterable[str]) -> float:
    start = time.process_time()
    for part in parts:
        getattr(audit, part)
    return time.process_time() - start


def whole() -> float:
    """All of the report's audit, from its tables."""
    return _asked_for(Audit(load()), PARTS)


def verdicts(size: int) -> float:
    """Of a generated report with misprints, from its tables to verdicts."""
    from benchmarks.scale import report

    return _asked_for(Audit(report(size).dataset()), ("conflicts", "recomputed", "verdicts"))


def cost(figures: dict[str, str], relations: list[str]) -> float:
    """Of finding what is wrong with figures that these relations tie, and of judging the rest."""
    return _asked_for(Audit(report(figures, relations)), ("conflicts", "verdicts", "explanations"))


def megabytes(figures: dict[str, str], relations: list[str]) -> float:
    """The most memory that this process has held by then, in MB instead of seconds."""
    cost(figures, relations)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@cache
def _judged(kind: str, size: int) -> list[Any]:
    """What holds the recomputed intervals, with its conflicts searched for."""
    audit = Audit(make(kind, size, 1, plain=True).dataset() if size else load())
    _ = audit.conflicts
    return audit.judgements if hasattr(audit, "judgements") else [audit._panel]  # the latter before


def leave_one_out(kind: str = "", size: int = 0, repeats: int = 5) -> float:
    """Of a generated report, or of the book's own; the median of some in a row."""
    taken = []
    for _ in range(repeats):
        for judged in _judged(kind, size):
            vars(judged).pop("recomputed", None)
        start = time.process_time()
        for judged in _judged(kind, size):
            _ = judged.recomputed
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def scenarios(size: int, count: int) -> float:
    """What-ifs of a generated newspaper-like report."""
    from benchmarks.speed import scenarios

    report = make("newspaper", size, 1, plain=True)
    audit, asked = Audit(report.dataset()), scenarios(report, count)
    start = time.process_time()
    audit.scenarios(asked)
    return time.process_time() - start


JOBS: dict[str, Callable[..., float]] = {
    job.__name__: job for job in (whole, verdicts, cost, megabytes, leave_one_out, scenarios)
}

if __name__ == "__main__":
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(JOBS[name](**arguments)), flush=True)
