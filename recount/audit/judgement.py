"""One network of evidence, judged: its conflicts, what each figure is recomputed to, and verdicts.

A set of figures and relations that cannot all hold is a conflict; its figures are contradicted, and are
set aside while the rest is judged. Each figure of the report is recomputed from all the evidence except
itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from math import isfinite

from recount.arithmetic.ends import Ends
from recount.arithmetic.network import Box, System
from recount.arithmetic.smallest import smallest
from recount.audit.conflicts import Conflicts, conflicts
from recount.audit.evidence import Evidence

# A support may reproduce the recomputed interval this loosely, as a part of its end's size: tighter
# would call in every figure that moves the ninth digit.
_CARRIES = 1e-3


class Judgement:
    """What the evidence of one network comes to; everything is computed when first asked for."""

    def __init__(self, evidence: Evidence, system: System):
        self.evidence, self.system = evidence, system
        #: The report's figures among the evidence, in its order.
        self.own = [id for id in system.figures if id in evidence.quantity]

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
        if low <= least and high >= most:
            return "unchecked"
        printed = self.system.figures[id].ends
        if printed[0] <= low and high <= printed[1]:
            return "confirmed"
        return "consistent" if low > least and high < most else "bounded"

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
        low, high = low - _slack(low), high + _slack(high)

        def carries(box: Box | None) -> bool:
            answered = self.system.answered(box)
            if answered is None:
                return True
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
