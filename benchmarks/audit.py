"""The audit of the book's own report, against the engine before."""

from __future__ import annotations

import sys

from benchmarks.before import ROOT
from benchmarks.children import children, in_turns, seconds
from benchmarks.results import Result, least, most, seconds_of
from benchmarks.workshop import RECOUNT, Workshop, before

_STAGES = """import time
import recount.cli
from recount.audit import Audit
from recount.package import load
imported = time.process_time()
load()
print(imported, time.process_time() - imported)
"""


def measure(quick: bool = False) -> list[Result]:
    """Medians of CPU times, in turns."""
    times = 2 if quick else 7
    with children() as (now, old):
        mine, theirs = in_turns(times, seconds(now, "whole"), seconds(old, "whole"))
        ours, former = in_turns(times, seconds(now, "leave_one_out"), seconds(old, "leave_one_out"))
    sides = [Workshop(root) for root in (ROOT, before().root)]
    command, was = in_turns(times, *(lambda side=side: _command(side) for side in sides))
    imports, tables = map(float, sides[0].run("-c", _STAGES, python=sys.executable).printed.split())
    stages = f"now start and imports {imports:.2f} s, the tables {tables:.2f} s, the audit the rest"
    process = "`recount audit` as a process: of before"
    whole, alone = (
        "whole audit of the report: times faster than before",
        "its leave-one-out alone: times faster",
    )
    return [
        least(whole, 12, theirs / mine, seconds_of(mine, theirs)),
        least(alone, 15, former / ours, seconds_of(ours, former)),
        most(process, 0.2, command / was, f"{seconds_of(command, was)}; {stages}"),
    ]


def _command(shop: Workshop) -> float:
    """CPU seconds of the command from its start to its end, both by the same Python and libraries."""
    return shop.run(*RECOUNT, "audit", python=sys.executable).cpu
