"""By which evidence contraction comes to a contradiction.

Of each end of an interval it is kept what it came from: pieces of evidence, as the bits of a number. All
relations are tried on what the round before them left, so that of several contradictions the ones that
take the fewest steps come out first, each by itself. A trace is no smallest conflict, for what a relation
did not need of its quantities is in it too; but it is small where a network is large.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from math import ceil, floor, isfinite
from operator import or_

from recount.arithmetic.contraction import Contractor, far
from recount.arithmetic.ends import Nothing
from recount.arithmetic.network import System

_ROUNDS = 200


def traces(system: System, pieces: Collection[str]) -> list[list[str]]:
    """Parts of the evidence each of which leaves no value, the smallest first.

    Parameters
    ----------
    system : the network with its figures
    pieces : those that count; open questions among them stay open

    Returns
    -------
    The contradictions of the first round that has one; none where contraction finds none.
    """
    network, bit = system.network, {piece: 1 << n for n, piece in enumerate(pieces)}
    sources = [bit.get(rule.id, 0) for rule in network.rules]
    active = [bool(source) for source in sources]
    box = _Box(network.natural, network.whole)
    for piece in pieces:
        if piece in system.figures:
            figure = system.figures[piece]
            box.narrow(network.index[figure.quantity], *figure.ends, bit[piece])
    contradictions = box.contradictions or _contradictions(box, network.contractor, active, sources)
    traced = [[piece for piece in pieces if bits & bit[piece]] for bits in sorted(set(contradictions))]
    return sorted(traced, key=len)


class _Box:
    """An interval for each quantity, with the sources of its ends."""

    def __init__(self, natural: Collection[tuple[float, float]], whole: list[bool]):
        low, high = zip(*natural, strict=True)
        self.low, self.high, self.whole = list(low), list(high), whole
        self.low_from, self.high_from = [0] * len(low), [0] * len(low)
        #: The sources of every interval that has become empty.
        self.contradictions: list[int] = []

    def narrow(self, quantity: int, a: float, b: float, sources: int) -> bool:
        """Narrow an interval; whether it moved far enough to matter."""
        if self.whole[quantity]:
            a, b = (float(ceil(a)) if isfinite(a) else a), (float(floor(b)) if isfinite(b) else b)
        was_low, was_high = self.low[quantity], self.high[quantity]
        if a > was_low:
            self.low[quantity], self.low_from[quantity] = a, sources
        if b < was_high:
            self.high[quantity], self.high_from[quantity] = b, sources
        if self.low[quantity] > self.high[quantity]:
            self.contradictions.append(self.low_from[quantity] | self.high_from[quantity])
        return far(self.low[quantity], was_low) or far(self.high[quantity], was_high)


def _contradictions(box: _Box, contractor: Contractor, active: list[bool], sources: list[int]) -> list[int]:
    """The sources of each contradiction of the first round that has any."""
    waiting = {number: None for number, enforced in enumerate(active) if enforced}
    for _ in range(_ROUNDS):
        narrowings: list[tuple[int, float, float, int]] = []
        for number in waiting:
            slots = contractor.slots[number]
            known = _all(box.low_from[quantity] | box.high_from[quantity] for quantity in slots)
            try:
                left = contractor.revisions[number](box.low, box.high, slots)
            except Nothing:
                box.contradictions.append(sources[number] | known)
                continue
            for quantity, a, b in zip(slots, *left, strict=True):
                if a > box.low[quantity] or b < box.high[quantity]:
                    narrowings.append((quantity, a, b, sources[number] | known))
        moved = [narrowing[0] for narrowing in narrowings if box.narrow(*narrowing)]
        waiting = {n: None for quantity in moved for n in contractor.touching[quantity] if active[n]}
        if box.contradictions or not waiting:
            break
    return box.contradictions


def _all(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)
