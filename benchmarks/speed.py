"""Leave-one-out of 110 statistics and 74 relations, and 100 scenarios of it, against codac."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reports import Report, make
from benchmarks.results import Result, compared, least, most
from recount.arithmetic.intervals import Interval
from recount.audit import Audit, Settings
from recount.package.dataset import Dataset

STATISTICS, RELATIONS = 110, 74
_GIVEN = "the same: times faster than codac given the connected statistics"
_CHILD = Path(__file__).with_name("codac_child.py")

Box = list[float]


class Peer:
    """codac in a child process, with one network's contractors built."""

    def __init__(self, report: Report, data: Dataset):
        network = {
            "quantities": list(report.truth),
            "natural": {id: _box(data.natural(id)) for id in report.truth},
            "relations": list(report.relations.values()),
        }
        self._process = subprocess.Popen([sys.executable, str(_CHILD)], text=True, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE)  # fmt: skip
        self.version = self._ask(network)["version"]

    def run(self, by: str, printed: Sequence[Mapping[str, Box]]) -> dict[str, Any]:
        """Seconds and bounds of a leave-one-out for each set of printed intervals."""
        return self._ask({"by": by, "printed": printed})

    def close(self) -> None:
        """Let the child end."""
        self._process.communicate()

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("codac's process ended early; is codac installed (requirements-bench.txt)?")
        answer: dict[str, Any] = json.loads(line)
        return answer


def scenarios(report: Report, count: int) -> list[dict[str, Any]]:
    """What-ifs: the other readings, and one figure or two printed with 约 (about)."""
    bare = [id for id, figure in report.figures.items() if not figure.hedge and figure.unit != "年"]
    asked: list[dict[str, Any]] = [{"reading": "literal"}, {"reading": "loose"}]
    for number in range(count - len(asked)):
        chosen = {bare[number % len(bare)], bare[(number + number // len(bare)) % len(bare)]}
        asked.append({"overrides": {id: f"约{report.figures[id].text}" for id in sorted(chosen)}})
    return asked


def measure(quick: bool = False) -> list[Result]:
    """The ratios of medians of alternated runs, and the largest difference between the bounds."""
    times = 2 if quick else 9
    report = make("newspaper", STATISTICS, 1, plain=True)
    assert (len(report.figures), len(report.relations)) == (STATISTICS, RELATIONS)
    data = report.dataset()
    peer = Peer(report, data)
    results = _alone(peer, data, times)
    results += _scenarios(peer, report, data, 3 if quick else 5, 10 if quick else 100)
    peer.close()
    return results + _dense(times)


@dataclass(frozen=True)
class Race:
    """Median seconds of a leave-one-out by us and by codac in its two ways, and how far bounds differ."""

    ours: float
    connected: float
    whole: float
    worst: float

    def told(self, version: str) -> str:
        """The three times in milliseconds."""
        peer = f"codac {version} {_ms(self.connected)} ms by connected statistics, {_ms(self.whole)} ms whole"
        return f"{_ms(self.ours)} ms; {peer}"


def _race(peer: Peer, data: Dataset, times: int) -> Race:
    printed = [printed_intervals(Audit(data))]
    ours, connected, whole, worst = [], [], [], 0.0
    for turn in range(times + 1):
        audit = Audit(data)
        # neither side's building is timed; nor is our search for conflicts, which codac has none of
        _ = audit.solvers, audit.conflicts
        start = time.perf_counter()
        recomputed = audit.recomputed
        seconds = time.perf_counter() - start
        answer = peer.run("components", printed)
        worst = max(worst, difference(recomputed, answer["bounds"][0], printed[0]))
        if turn:  # the first run of both warms up
            ours.append(seconds)
            connected.append(answer["seconds"])
        if turn < 3:
            whole.append(peer.run("whole", printed)["seconds"])
    median = statistics.median
    return Race(median(ours), median(connected), median(whole), worst)


def _alone(peer: Peer, data: Dataset, times: int) -> list[Result]:
    race, what = _race(peer, data, times), f"full leave-one-out, {STATISTICS} statistics"
    return [
        least(f"{what}: times faster than codac", 4, race.whole / race.ours, race.told(peer.version)),
        most("the same: largest difference of a bound, in % of the printed width", 0.1, 100 * race.worst),
        compared(_GIVEN, race.connected / race.ours),
    ]


def _dense(times: int) -> list[Result]:
    report = make("dense", STATISTICS, 1, plain=True)
    data = report.dataset()
    peer = Peer(report, data)
    race = _race(peer, data, times)
    peer.close()
    what = f"the same in a dense network with {len(report.relations)} relations: times faster than codac"
    return [compared(what, race.whole / race.ours, race.told(peer.version))]


def _scenarios(peer: Peer, report: Report, data: Dataset, times: int, count: int) -> list[Result]:
    asked = scenarios(report, count)
    printed = [printed_intervals(Audit(data, Settings(**scenario))) for scenario in asked]
    ours, theirs, worst = [], [], 0.0
    for _ in range(times):
        start = time.perf_counter()
        table = Audit(data).scenarios(asked)
        ours.append(time.perf_counter() - start)
        answer = peer.run("components", printed)
        theirs.append(answer["seconds"])
        for number, bounds in enumerate(answer["bounds"]):
            rows = table.loc[number]
            found = {id: Interval.of(rows.loc[id, "lower"], rows.loc[id, "upper"]) for id in rows.index}
            worst = max(worst, difference(found, bounds, printed[number]))
    median, other = statistics.median(ours), statistics.median(theirs)
    whole = peer.run("whole", printed)["seconds"]
    told = f"{median:.2f} s; codac {whole:.2f} s; largest difference of a bound {100 * worst:.2g}% of a width"
    return [
        least(f"{count} scenarios of the first: times faster than codac", 20, whole / median, told),
        compared(_GIVEN, other / median, f"codac {other:.2f} s"),
    ]


def printed_intervals(audit: Audit) -> dict[str, Box]:
    """What each printed figure can stand for in an audit, as both engines are given it."""
    return {id: _box(audit.interval(text, id)) for id, text in audit.printed.items()}


def difference(ours: Mapping[str, Interval], theirs: Mapping[str, Box], printed: Mapping[str, Box]) -> float:
    """The largest distance between bounds as a part of the printed width; infinite if one has none.

    Of a figure without width (a whole number) or without an end the bound's own size is the measure.
    """
    worst = 0.0
    for id, (low, high) in theirs.items():
        width = printed[id][1] - printed[id][0]
        for ours_end, end in ((float(ours[id].lower), low), (float(ours[id].upper), high)):
            if ours_end != end:
                size = width if 0 < width < math.inf else abs(end)
                worst = max(worst, abs(ours_end - end) / size)
    return worst


def _box(interval: Interval) -> Box:
    return [float(interval.lower), float(interval.upper)]


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.3g}"
