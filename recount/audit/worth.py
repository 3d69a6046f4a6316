"""What one more figure would settle, if somebody published it.

The room of a statistic is the width of what the rest of the evidence leaves possible for it, as a part
of the printed value and at most 1: nothing bears on it at 1, it is pinned down at 0. A figure that is
refuted with others keeps a room of 1, for it is not known which of them is wrong; one that is refuted
alone has none. The worth of a figure is the room that it takes away.

Nobody knows what the figure will say, so several values that are still possible are tried: the evidence
has a way out of every conflict, by setting one of its members aside, and each way out leaves a range of
values. Nothing is said of how likely they are.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, NamedTuple

from recount.arithmetic.intervals import Interval
from recount.arithmetic.solver import Solver
from recount.audit.evidence import Evidence
from recount.audit.panel import Conflict, Panel

if TYPE_CHECKING:
    from recount.audit import Audit

# Where in the range that is still possible a value is tried; its ends may already exclude one another.
_PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)
_DIGITS = 4
_SUFFIX = {
    "yuan": "元", "ratio": "%", "count": "个", "year": "年", "day": "天", "hour": "小时", "tonne": "吨",
}  # fmt: skip
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


class Way(NamedTuple):
    """A way out of the conflicts: assumptions set aside, and what is then left of each quantity."""

    dropped: Sequence[str]
    left: Mapping[str, Interval]


@dataclass(frozen=True)
class Worth:
    """What a figure for one quantity would be worth.

    For each of the figures that were `tried`: the room that it takes away from all statistics, and
    which of them it would meet on both sides, or refute alone, where today nothing does.
    """

    quantity: str
    tried: tuple[str, ...]
    gains: tuple[float, ...]
    settled: tuple[tuple[str, ...], ...]

    @property
    def least(self) -> float:
        """The room that it takes away whatever it says, as far as was tried."""
        return min(self.gains)

    @property
    def most(self) -> float:
        """The room that it could take away."""
        return max(self.gains)

    @property
    def always(self) -> tuple[str, ...]:
        """The statistics that it would settle whatever it says, in the order of the report."""
        return tuple(id for id in self.settled[0] if all(id in each for each in self.settled))


def worth(audit: Audit, quantities: Iterable[str] | None = None) -> list[Worth]:
    """What a figure for each of `quantities` (or of all) would settle, the best first.

    Quantities that nothing is tied to, dates and ranks are left out: a figure for the first settles
    the statistic itself at most, and the others are not printed to so many digits.
    """
    evidence, asked = Evidence(audit.data, [audit.settings]), None if quantities is None else set(quantities)
    tried: dict[str, dict[str, Sequence[str]]] = {}
    for solver in evidence.solvers:
        conflicts = [c for c in audit.conflicts if not set(c.units).isdisjoint(solver.units)]
        ways = _ways_out(solver, conflicts) if len(solver.quantities) > 1 else []
        for quantity in solver.quantities:
            if audit.data.units[quantity] in _SUFFIX and (asked is None or quantity in asked):
                tried[quantity] = _figures(audit, quantity, ways)
    return _ranked(audit, {quantity: figures for quantity, figures in tried.items() if figures})


def _ranked(audit: Audit, tried: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Worth]:
    changes = [{"published": {quantity: figure}, "assumptions": dict.fromkeys(dropped, False)}
               for quantity, figures in tried.items() for figure, dropped in figures.items()]  # fmt: skip
    scenarios = [audit.settings, *(audit.settings.changed(change) for change in changes)]
    panel = Panel(Evidence(audit.data, scenarios))
    today, *then = (room(panel, number) for number in range(len(scenarios)))
    before, *after = (settled(panel, number) for number in range(len(scenarios)))
    gains = iter([sum(today.values()) - sum(each.values()) for each in then])
    more = iter([tuple(id for id in each if id not in before) for each in after])
    found = []
    for quantity, figures in tried.items():
        number = len(figures)
        taken, met = itertools.islice(gains, number), itertools.islice(more, number)
        found.append(Worth(quantity, tuple(figures), tuple(taken), tuple(met)))
    return sorted(found, key=lambda one: (-one.least, -one.most))


def settled(panel: Panel, scenario: int = 0) -> list[str]:
    """The statistics that the evidence meets on both sides, or refutes alone."""
    verdicts, found = panel.verdicts[scenario], panel.conflicts[scenario]
    return [
        id for id, verdict in verdicts.items()
        if verdict in ("confirmed", "consistent") or found.members.get(id) == {id}
    ]  # fmt: skip


def room(panel: Panel, scenario: int = 0) -> dict[str, float]:
    """How much the evidence leaves open about each statistic, from 0 to 1."""
    members, result = panel.conflicts[scenario].members, {}
    for id, found in panel.recomputed.items():
        printed = panel.evidence.own[id].interval
        ends = [abs(float(end)) for end in (printed.lower[scenario], printed.upper[scenario])]
        size = max(end for end in ends if math.isfinite(end))
        width = float(found.upper[scenario] - found.lower[scenario])
        result[id] = float(members[id] != {id}) if id in members else min(1.0, width / size) if size else 1.0
    return result


def _ways_out(solver: Solver, conflicts: Sequence[Conflict]) -> list[Way]:
    """What remains possible of a network when one member of each of its conflicts is set aside."""
    members = [[*conflict.statistics, *conflict.assumptions] for conflict in conflicts]
    ways = list(itertools.product(*members))
    possible = solver.possible(solver.mask(ways))
    assumed = {id for conflict in conflicts for id in conflict.assumptions}
    found = [
        Way([id for id in way if id in assumed], {q: solver.at(possible, q, row) for q in solver.quantities})
        for row, way in enumerate(ways) if not possible.empty[row]
    ]  # fmt: skip
    return sorted(found, key=lambda way: len(way.dropped))


def _figures(audit: Audit, quantity: str, ways: Sequence[Way]) -> dict[str, Sequence[str]]:
    """Figures to suppose for a quantity, all different, with the assumptions that each refutes."""
    unit, whole = audit.data.units[quantity], audit.data.quantities.loc[quantity, "integer"] == "true"
    found: dict[str, Sequence[str]] = {}
    for way in ways:
        low, high = float(way.left[quantity].lower), float(way.left[quantity].upper)
        if math.isinf(high):  # something has to be tried: as far as one more power of ten
            high = 10 * low
        for place in _PLACES if math.isfinite(low) and high > 0 else ():
            value = Decimal(low + place * (high - low))
            found.setdefault(figure(value.to_integral_value() if whole else value, unit), way.dropped)
    return found


def figure(value: Decimal, unit: str) -> str:
    """A value as a source would print it in Chinese, to four digits: `2.292万亿元`, `15.40%`.

    `unit` is yuan, ratio, count, year, day, hour or tonne. Numbers below ten thousand that are whole
    stay whole.
    """
    if unit == "ratio":
        return f"{_rounded(value * 100)}%"
    scale, word = next(((s, w) for s, w in _SCALES if abs(value) >= s), (Decimal(1), ""))
    digits = value if value == value.to_integral_value() and not word else _rounded(value / scale)
    return f"{digits:f}{word}{_SUFFIX[unit]}"


def _rounded(value: Decimal) -> Decimal:
    if not value:
        return value
    place = Decimal(1).scaleb(value.adjusted() - _DIGITS + 1)
    return value.quantize(min(place, Decimal(1)), rounding=ROUND_HALF_EVEN)
