"""What a body of evidence leaves possible: all of it, any part of it, and all of it but one figure.

The evidence is made of *pieces*, each of which can be in or out: figures (a quantity lies in an interval),
relations, and open questions. Answers to one open question are a single piece: exactly one of them
holds, so what is possible is the hull of what each answer leaves (constructive disjunction).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from recount.arithmetic import ends
from recount.arithmetic.cone import Cone, Linear
from recount.arithmetic.contraction import Contractor, Floats, Program
from recount.arithmetic.ends import Ends, Nothing


class Quantity(NamedTuple):
    """What a quantity can be before any evidence."""

    lower: float
    upper: float
    whole: bool


def _possible(quantity: Quantity) -> Ends:
    return ends.whole(quantity.lower, quantity.upper) if quantity.whole else (quantity.lower, quantity.upper)


class Rule(NamedTuple):
    """A relation as evidence. Rules that share a question are its rival answers.

    A `spare` one holds only where it is asked for by name.
    """

    id: str
    program: Program
    question: str = ""
    spare: bool = False


class Figure(NamedTuple):
    """A figure as evidence: the quantity lies in an interval."""

    quantity: str
    ends: Ends


class Box(NamedTuple):
    """What some pieces of evidence leave of each quantity, in the order of the network."""

    low: Floats
    high: Floats
    active: list[bool]
    questions: tuple[str, ...] = ()


class Network:
    """Quantities, with the rules that tie them.

    `linear` says of the first rules what contraction does not see, if it may leave too much.
    """

    def __init__(
        self, quantities: Mapping[str, Quantity], rules: Sequence[Rule], linear: Linear | None = None
    ):
        self.quantities, self.rules, self.linear = list(quantities), list(rules), linear
        self.index = {name: i for i, name in enumerate(self.quantities)}
        self.natural = [_possible(quantity) for quantity in quantities.values()]
        self.whole = [quantity.whole for quantity in quantities.values()]
        self.contractor = Contractor(self.quantities, self.whole, [rule.program for rule in rules])
        self.number = {rule.id: number for number, rule in enumerate(rules)}
        self.questions: dict[str, list[Rule]] = {}
        for rule in rules:
            if rule.question:
                self.questions.setdefault(rule.question, []).append(rule)


class System:
    """A network with the figures that are evidence of its quantities.

    Parameters
    ----------
    network : the quantities and rules
    figures : by the id of the piece
    """

    def __init__(self, network: Network, figures: Mapping[str, Figure]):
        self.network, self.figures = network, dict(figures)
        rules = [rule.id for rule in network.rules if not rule.question and not rule.spare]
        #: All pieces of evidence: figures, rules, questions.
        self.pieces = [*self.figures, *rules, *network.questions]
        self._place = {
            piece: n for n, piece in enumerate([*self.figures, *network.number, *network.questions])
        }
        low, high = (list(ends) for ends in zip(*network.natural, strict=True))
        #: What is left of the quantities without any evidence.
        self.nothing_known: Box | None = Box(low, high, [False] * len(network.contractor.slots))

    def possible(self, pieces: Iterable[str]) -> Box | None:
        """What these pieces leave possible; None where they cannot all hold."""
        return self.answered(self.add(self.nothing_known, pieces), together=True)

    def add(self, box: Box | None, pieces: Iterable[str]) -> Box | None:
        """A box narrowed by more pieces, open questions aside (see `answered`); None for nothing left."""
        rules, limits, questions = [], [], []
        # in one order whatever the pieces come in: what narrowing leaves undone would differ by it
        for piece in sorted(pieces, key=self._place.__getitem__):
            if piece in self.figures:
                limits.append(self.figures[piece])
            elif piece in self.network.number:
                rules.append(piece)
            else:
                questions.append(piece)
        return box and self._narrowed(box, limits, rules, questions)

    def limited(self, box: Box | None, limits: Iterable[tuple[str, Ends]]) -> Box | None:
        """A box with some quantities limited further; None where nothing is left."""
        return box and self._narrowed(box, limits)

    def with_answer(self, box: Box | None, rule: Rule) -> Box | None:
        """A box under one answer to an open question; None where nothing is left."""
        return box and self._narrowed(box, rules=[rule.id])

    def answered(self, box: Box | None, together: bool = False) -> Box | None:
        """A box narrowed to the hull of what the answers to each of its open questions leave.

        None where nothing is left: by contraction, or by linear relations `together` too.
        """
        if box is None or not box.questions:
            return None if together and box and self._empty(box) else box
        low, high = box.low, box.high
        for question in box.questions:
            answers = (self.with_answer(box, rule) for rule in self.network.questions[question])
            left = [answer for answer in answers if answer and not (together and self._empty(answer))]
            if not left:
                return None
            lows = zip(*(answer.low for answer in left), strict=True)
            highs = zip(*(answer.high for answer in left), strict=True)
            low = [max(end, min(answers)) for end, answers in zip(low, lows, strict=True)]
            high = [min(end, max(answers)) for end, answers in zip(high, highs, strict=True)]
            if any(a > b for a, b in zip(low, high, strict=True)):
                return None
        return box._replace(low=low, high=high)

    def _empty(self, box: Box) -> bool:
        """Whether linear relations together rule a box out."""
        cone = self._cone(box)
        return cone is not None and cone.empty

    def _cone(self, box: Box) -> Cone | None:
        linear = self.network.linear
        return linear and Cone(linear, box.low, box.high, box.active)

    def at(self, box: Box, quantity: str) -> Ends:
        """What contraction leaves of one quantity in a box."""
        i = self.network.index[quantity]
        return box.low[i], box.high[i]

    def left(self, box: Box | None, quantity: str) -> Ends | None:
        """What a box that is answered leaves of one quantity, by its linear relations together too."""
        if box is None:
            return None
        linear = self.network.linear
        gate = linear and linear.gate.get(self.network.index[quantity])
        cone = None if gate is None else self._cone(box)
        if gate is not None and cone is not None:
            name = self.network.quantities[gate]
            try:
                limit = cone.ends(gate)
            except Nothing:  # only where a rate multiplies nothing: no conflict, as `answered` has found
                limit = self.at(box, name)
            box = self._narrowed(box, [(name, limit)]) or box
        return self.at(box, quantity)

    def _narrowed(
        self,
        box: Box,
        limits: Iterable[tuple[str, Ends]] = (),
        rules: Sequence[str] = (),
        questions: Sequence[str] = (),
    ) -> Box | None:
        low, high, active = list(box.low), list(box.high), box.active
        waiting: list[int] = []
        contractor = self.network.contractor
        if rules:
            active = list(active)
            waiting += [self.network.number[rule] for rule in rules]
            for number in waiting:
                active[number] = True
        try:
            for quantity, (a, b) in limits:
                i = self.network.index[quantity]
                if a > low[i] or b < high[i]:
                    low[i], high[i] = ends.meet(low[i], high[i], a, b)
                    if self.network.whole[i]:
                        low[i], high[i] = ends.whole(low[i], high[i])
                    waiting += contractor.touching[i]
            contractor.contract(low, high, active, waiting)
        except Nothing:
            return None
        return Box(low, high, active, (*box.questions, *questions))

    def leave_one_out(self, ids: Sequence[str], pieces: Iterable[str]) -> dict[str, Ends | None]:
        """What the pieces without each of the figures `ids` leave of that figure's quantity.

        None where the others cannot all hold. One half of the figures is put in before the other half is
        gone into, half by half: contraction only narrows, so `n log n` insertions serve all `n` figures.
        """
        left_out: dict[str, Ends | None] = {}

        def halve(box: Box | None, ids: Sequence[str]) -> None:
            if len(ids) > 1 and box is not None:
                middle = len(ids) // 2
                for part, rest in ((ids[:middle], ids[middle:]), (ids[middle:], ids[:middle])):
                    halve(self.add(box, rest), part)
                return
            answered = self.answered(box)
            for id in ids:
                left_out[id] = self.left(answered, self.figures[id].quantity)

        if ids:
            halve(self.add(self.nothing_known, set(pieces).difference(ids)), ids)
        return left_out
