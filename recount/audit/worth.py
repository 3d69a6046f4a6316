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

from recount.arithmetic.ends import Ends
from recount.audit.judgement import Judgement
from recount.figures.units import known

if TYPE_CHECKING:
    from recount.audit import Audit

# Where in the range that is still possible a value is tried; its ends may already exclude one another.
_PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)
_DIGITS = 4
_SCALES = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


class Way(NamedTuple):
    """A way out of the conflicts: assumptions set aside, and what is then left of each quantity."""

    dropped: Sequence[str]
    left: Mapping[str, Ends]


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
        return tuple(id for id in self.settled[0] if all(id in ids for ids in self.settled))


def worth(audit: Audit, quantities: Iterable[str] | None = None) -> list[Worth]:
    """What a figure for each of `quantities` (or of all) would settle, the best first.

    Quantities that nothing is tied to, dates and ranks are left out: a figure for the first settles
    the statistic itself at most, and the others are not printed to so many digits.
    """
    asked = None if quantities is None else set(quantities)
    today, before = room(audit), settled(audit)
    worths = []
    for judged in audit.judgements:
        tied = judged.system.network.quantities
        ways = _ways_out(judged) if len(tied) > 1 else []
        for quantity in tied:
            if known(audit.data.units[quantity]).word("zh") and (asked is None or quantity in asked):
                figures = _figures(audit, quantity, ways)
                what_ifs = [
                    audit.with_(published={quantity: printed}, assumptions=dict.fromkeys(dropped, False))
                    for printed, dropped in figures.items()
                ]
                gains = tuple(sum(today.values()) - sum(room(what_if).values()) for what_if in what_ifs)
                more = (tuple(id for id in settled(what_if) if id not in before) for what_if in what_ifs)
                if figures:
                    worths.append(Worth(quantity, tuple(figures), gains, tuple(more)))
    return sorted(worths, key=lambda worth: (-worth.least, -worth.most))


def settled(audit: Audit) -> list[str]:
    """The statistics that the evidence meets on both sides, or refutes alone."""
    alone = {conflict.statistics for conflict in audit.conflicts}
    return [
        id
        for id, verdict in audit.one_way.items()
        if verdict in ("confirmed", "consistent") or (id,) in alone
    ]


def room(audit: Audit) -> dict[str, float]:
    """How much the evidence leaves open about each statistic, from 0 to 1."""
    members = {id: conflict.statistics for conflict in audit.conflicts for id in conflict.statistics}
    rooms = {}
    for id, interval in audit.recomputed.items():
        printed = audit.value(id)
        size = max(abs(end) for end in (printed.lower, printed.upper) if math.isfinite(end))
        if id in members:
            rooms[id] = float(members[id] != (id,))
        else:
            rooms[id] = min(1.0, interval.width / size) if size else 1.0
    return rooms


def _ways_out(judged: Judgement) -> list[Way]:
    """What remains possible of a network when one member of each of its conflicts is set aside."""
    conflicts, system = judged.conflicts.separate, judged.system
    assumed = {id for conflict in conflicts for id in conflict.assumptions}
    ways = []
    for way in itertools.product(*([*conflict.statistics, *conflict.assumptions] for conflict in conflicts)):
        box = system.possible(set(system.pieces).difference(way))
        if box is not None:
            left = {quantity: system.at(box, quantity) for quantity in system.network.quantities}
            ways.append(Way([id for id in way if id in assumed], left))
    return sorted(ways, key=lambda way: len(way.dropped))


def _figures(audit: Audit, quantity: str, ways: Sequence[Way]) -> dict[str, Sequence[str]]:
    """Figures to suppose for a quantity, all different, with the assumptions that each refutes."""
    unit, whole = audit.data.units[quantity], audit.data.quantities.loc[quantity, "integer"] == "true"
    figures: dict[str, Sequence[str]] = {}
    for way in ways:
        low, high = way.left[quantity]
        if math.isinf(high):  # something has to be tried: as far as one more power of ten
            high = 10 * low
        for place in _PLACES if math.isfinite(low) and high > 0 else ():
            value = Decimal(low + place * (high - low))
            figures.setdefault(figure(value.to_integral_value() if whole else value, unit), way.dropped)
    return figures


def figure(value: Decimal, unit: str) -> str:
    """A value as a source would print it in Chinese, to four digits: `2.292万亿元`, `15.40%`.

    `unit` is one that is printed by a word, as ranks and dates are not. Numbers below ten thousand that
    are whole stay whole.
    """
    if unit == "ratio":
        return f"{_rounded(value * 100)}%"
    scale, word = next(((s, w) for s, w in _SCALES if abs(value) >= s), (Decimal(1), ""))
    digits = value if value == value.to_integral_value() and not word else _rounded(value / scale)
    return f"{digits:f}{word}{known(unit).word('zh')}"


def _rounded(value: Decimal) -> Decimal:
    if not value:
        return value
    place = Decimal(1).scaleb(value.adjusted() - _DIGITS + 1)
    return value.quantize(min(place, Decimal(1)), rounding=ROUND_HALF_EVEN)
