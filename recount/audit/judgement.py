"""One network of evidence, judged: its conflicts, what each figure is recomputed to, and verdicts.

A set of figures and relations that cannot all hold is a conflict; its figures are contradicted, and are
set aside while the rest is judged. Each figure of the report is recomputed from all the evidence except
itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from math import inf, isfinite

from recount.arithmetic.ends import Ends
from recount.arithmetic.network import Box, System
from recount.arithmetic.smallest import smallest
from recount.audit.conflicts import Conflicts, conflicts
from recount.audit.evidence import Evidence

# A support may reproduce the recomputed interval this loosely, as a part of its end's size: tighter
# would call in every figure that moves the ninth digit.
_CARRIES = 1e-3

# How many figures on either side of a printed one are tried, and what part of each edge is left out.
_NEIGHBOURS, _EDGE = 20, 1e-6


class Judgement:
    """What the evidence of one network comes to; everything is computed when first asked for."""

    def __init__(self, evidence: Evidence, system: System):
        self.evidence, self.system = evidence, system
        #: The report's figures among the evidence, in its order.
        self.own = [id for id in system.figures if id in evidence.quantity]
        self._lattice: dict[str, Ends | None] = {}

    @functools.cached_property
    def conflicts(self) -> Conflicts:
        """What cannot hold together."""
        return conflicts(self.evidence, self.system)

    @functools.cached_property
    def recomputed(self) -> dict[str, Ends]:
        """What all the evidence except itself leaves possible for each figure of the report.

        Where conflicts overlap nothing would be left; such a figure is recomputed from the other
        members of its own conflict alone.
        """
        disputed, members = set(self.conflicts.disputed), self.conflicts.members
        standing = [id for id in self.own if id not in disputed]
        pieces = [piece for piece in self.system.pieces if piece not in disputed]
        recomputed = self.system.leave_one_out(standing, pieces)
        undisputed = self.system.add(self.system.nothing_known, pieces if disputed else ())
        for id in disputed:
            box = self.system.answered(self.system.add(undisputed, members[id] - {id}))
            if box is None:
                conflict = next(c for c in self.conflicts.separate if id in c.statistics)
                box = self.system.possible(set(conflict.pieces) - {id})
            recomputed[id] = self.system.left(box, self.evidence.quantity[id])
        return {id: ends for id in self.own if (ends := recomputed[id]) is not None}

    def left_out(self, id: str) -> set[str]:
        """The pieces that a figure's recomputation does without: itself and disputed others."""
        own = self.conflicts.members.get(id, {id})
        return {id, *(other for other in self.conflicts.disputed if other not in own)}

    @functools.cached_property
    def verdicts(self) -> dict[str, str]:
        """Confirmed, consistent, bounded, contradicted or unchecked, for each figure of the report."""
        verdicts = {id: self._verdict(id) for id in self.own}
        return verdicts | dict.fromkeys(self.conflicts.disputed, "contradicted")

    def _verdict(self, id: str) -> str:
        low, high = self.recomputed[id]
        network = self.system.network
        least, most = network.natural[network.index[self.evidence.quantity[id]]]
        limited = low > least or high < most
        printed = self.system.figures[id].ends
        if limited and printed[0] <= low and high <= printed[1]:
            return "confirmed"
        if (low > least and high < most) or self._ruled_out(id):
            return "consistent"
        return "bounded" if limited else "unchecked"

    def _ruled_out(self, id: str) -> Ends | None:
        """Another figure near this one, printed as finely, that whole numbers in the rest rule out.

        It lies within what this one is recomputed to, an interval, which shows the ends alone. Where there is
        one, this one has passed a test that it could have failed: of 90 counties 99% are 89,
        and 99.5% are no number of counties at all.
        """
        if id not in self._lattice:
            self._lattice[id] = next(self._shifted_and_impossible(id), None)
        return self._lattice[id]

    def _shifted_and_impossible(self, id: str) -> Iterator[Ends]:
        network, figure = self.system.network, self.system.figures[id]
        place = network.index[figure.quantity]
        beside = {i for rule in network.contractor.touching[place] for i in network.contractor.slots[rule]}
        (low, high), (least, most) = figure.ends, self.recomputed[id]
        step = high - low
        of_whole = not network.whole[place] and any(network.whole[i] for i in beside)
        if not of_whole or not 0 < step < inf:
            return
        pieces = set(self.system.pieces).difference(self.left_out(id))
        box = self.system.add(self.system.nothing_known, pieces)
        for away in (sign * n for n in range(1, _NEIGHBOURS) for sign in (1, -1)):
            # a figure's ends belong to it or to the next one, so both are left out
            ends = low + (away + _EDGE) * step, high + (away - _EDGE) * step
            inside = ends[0] >= least and ends[1] <= most
            if inside and self.system.answered(self.system.limited(box, [(figure.quantity, ends)])) is None:
                yield ends

    @functools.cached_property
    def support(self) -> dict[str, list[str]]:
        """For each figure that something bears on a smallest set of pieces that carries its recomputation."""
        order = self.evidence.by_preference(self.system.pieces)
        bearing = [id for id in self.own if self.verdicts[id] not in ("contradicted", "unchecked")]
        support = {id: self._support(id, order) for id in bearing}
        for conflict in self.conflicts.separate:
            support |= {id: [piece for piece in conflict.pieces if piece != id] for id in conflict.statistics}
        return support

    def _support(self, id: str, order: Sequence[str]) -> list[str]:
        quantity, (low, high) = self.evidence.quantity[id], self.recomputed[id]
        ruled_out = self._lattice.get(id)
        low, high = low - _slack(low), high + _slack(high)

        def carries(box: Box | None) -> bool:
            answered = self.system.answered(box)
            if answered is None:
                return True
            if ruled_out:
                return self.system.answered(self.system.limited(box, [(quantity, ruled_out)])) is None
            left = self.system.at(answered, quantity)
            if left[0] >= low and left[1] <= high:
                return True
            sharp = self.system.left(answered, quantity) if linear else left
            return sharp is None or (sharp[0] >= low and sharp[1] <= high)

        without = self.left_out(id)
        order = [piece for piece in order if piece not in without]
        linear = False  # contraction is quick: the linear relations together are asked where it needs them
        linear = not carries(self.system.add(self.system.nothing_known, order))
        return smallest(order, self.system.nothing_known, self.system.add, carries)

    def answers(self) -> Iterator[tuple[Box, list[str]]]:
        """What all undisputed evidence leaves once open questions are answered, and the rules then in force.

        Of a question's answers the first that leaves a value is taken.
        """
        pieces = set(self.system.pieces).difference(self.conflicts.disputed)
        box = self.system.add(self.system.nothing_known, pieces)
        rules = [rule.id for rule in self.system.network.rules if rule.id in pieces]
        for question, answers in self.system.network.questions.items():
            if box is not None and question in pieces:
                tried = ((rule, self.system.with_answer(box, rule)) for rule in answers)
                rule, box = next((pair for pair in tried if pair[1] is not None), (answers[0], None))
                rules.append(rule.id)
        if box is not None:
            yield box, rules

    @functools.cached_property
    def possible(self) -> dict[str, Ends]:
        """What all undisputed evidence leaves of every quantity, cited or not."""
        box = self.system.possible(set(self.system.pieces).difference(self.conflicts.disputed))
        assert box is not None
        left = {quantity: self.system.left(box, quantity) for quantity in self.system.network.quantities}
        return {quantity: ends for quantity, ends in left.items() if ends is not None}


def _slack(end: float) -> float:
    return _CARRIES * abs(end) if isfinite(end) else 0.0
