"""Leave-one-out of 110 statistics and 74 relations, and 100 scenarios of it, against before and codac."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.children import Child, children, in_turns, seconds
from benchmarks.reports import Report, make
from benchmarks.results import Result, least, most, seconds_of
from recount.arithmetic.intervals import Interval
from recount.audit import Audit
from recount.package import Dataset

STATISTICS, RELATIONS = 110, 74
_CHILD = Path(__file__).with_name("codac_child.py")

Box = list[float]


class Peer:
    """codac in a child process, with one network's contractors built."""

    def __init__(self, report: Report, data: Dataset):
        self.child = Child(_CHILD)
        network = {
            "quantities": list(report.truth),
            "natural": {id: _box(data.natural(id)) for id in report.truth},
            "relations": list(report.relations.values()),
        }
        self.version = self.child.ask(network)["version"]
        #: What it answered last.
        self.bounds: list[dict[str, Box]] = []

    def run(self, by: str, printed: Sequence[Mapping[str, Box]]) -> float:
        """CPU seconds of a leave-one-out for each set of printed intervals."""
        answer = self.child.ask({"by": by, "printed": printed})
        self.bounds = answer["bounds"]
        return float(answer["seconds"])


_OUTSIDE = "the same: how far a bound lies outside of codac's, in % of the printed width"


def scenarios(report: Report, count: int) -> list[dict[str, Any]]:
    """What-ifs: the other readings, and one figure or two printed with 约 (about)."""
    bare = [id for id, figure in report.figures.items() if not figure.hedge and figure.unit != "年"]
    asked: list[dict[str, Any]] = [{"reading": "literal"}, {"reading": "loose"}]
    for number in range(count - len(asked)):
        chosen = {bare[number % len(bare)], bare[(number + number // len(bare)) % len(bare)]}
        asked.append({"overrides": {id: f"约{report.figures[id].text}" for id in sorted(chosen)}})
    return asked


def measure(quick: bool = False) -> list[Result]:
    """The ratios of medians of CPU times in turns, and how far a bound is off."""
    times = 2 if quick else 9
    report = make("newspaper", STATISTICS, 1, plain=True)
    assert (len(report.figures), len(report.relations)) == (STATISTICS, RELATIONS)
    data = report.dataset()
    peer = Peer(report, data)
    with children() as (now, old):
        results = [
            *_alone(now, old, peer, data, times),
            _dense(now, old, times),
            *_scenarios(now, peer, report, data, 10 if quick else 100, 1 if quick else 3),
        ]
    peer.child.close()
    return results


def _alone(now: Child, old: Child, peer: Peer, data: Dataset, times: int) -> list[Result]:
    printed = [printed_intervals(Audit(data))]
    network = {"kind": "newspaper", "size": STATISTICS}
    ours, former, connected, whole = in_turns(
        times,
        seconds(now, "leave_one_out", **network),
        seconds(old, "leave_one_out", **network, repeats=1),
        lambda: peer.run("components", printed),
        lambda: peer.run("whole", printed),
    )
    peer.run("components", printed)
    worst = excess(Audit(data).recomputed, peer.bounds[0], printed[0])
    what, codac = f"leave-one-out of {STATISTICS} statistics", f"codac {peer.version}"
    return [
        least(f"{what}: times faster than before", 8, former / ours, seconds_of(ours, former)),
        least(
            "the same: times faster than codac given the connected statistics",
            0.8,
            connected / ours,
            seconds_of(ours, connected, codac),
        ),
        least(
            "the same: times faster than codac given the whole network",
            30,
            whole / ours,
            seconds_of(ours, whole, codac),
        ),
        most(_OUTSIDE, 0.1, 100 * worst),
    ]


def _dense(now: Child, old: Child, times: int) -> Result:
    network = {"kind": "dense", "size": STATISTICS}
    ours, former = in_turns(
        times,
        seconds(now, "leave_one_out", **network, repeats=1),
        seconds(old, "leave_one_out", **network, repeats=1),
    )
    figure = f"leave-one-out of {STATISTICS} statistics, dense network: times faster than before"
    return least(figure, 1.8, former / ours, seconds_of(ours, former))


def _scenarios(now: Child, peer: Peer, report: Report, data: Dataset, count: int, times: int) -> list[Result]:
    asked = scenarios(report, count)
    printed = [printed_intervals(Audit(data).with_(**scenario)) for scenario in asked]
    ours, theirs = in_turns(
        times,
        seconds(now, "scenarios", size=STATISTICS, count=count),
        lambda: peer.run("components", printed),
    )
    table = Audit(data).scenarios(asked)
    worst = max(excess(_intervals(table.loc[i]), peer.bounds[i], printed[i]) for i in range(count))
    figure = f"{count} scenarios of it: times faster than codac given the connected statistics"
    note = seconds_of(ours, theirs, f"codac {peer.version}")
    return [
        least(figure, 3, theirs / ours, note),
        most(_OUTSIDE, 0.1, 100 * worst),
    ]


def _intervals(rows: Any) -> dict[str, Interval]:
    return {id: Interval(rows.at[id, "lower"], rows.at[id, "upper"]) for id in rows.index}


def printed_intervals(audit: Audit) -> dict[str, Box]:
    """What each printed figure can stand for in an audit, as both engines are given it."""
    return {id: _box(audit.interval(text, id)) for id, text in audit.printed.items()}


def excess(ours: Mapping[str, Interval], theirs: Mapping[str, Box], printed: Mapping[str, Box]) -> float:
    """How far one of our bounds lies outside of theirs, as a part of the printed width.

    A bound further in is none of it: linear relations taken together may leave less. Of a figure without
    width (a whole number) or without an end the bound's own size is the measure.
    """
    worst = 0.0
    for id, (low, high) in theirs.items():
        width = printed[id][1] - printed[id][0]
        for end, outside in ((low, low - ours[id].lower), (high, ours[id].upper - high)):
            if outside > 0:
                size = width if 0 < width < math.inf else abs(end)
                worst = max(worst, outside / size)
    return worst


def _box(interval: Interval) -> Box:
    return [interval.lower, interval.upper]
