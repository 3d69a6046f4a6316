"""What a set of evidence leaves possible, for many subsets of it and many scenarios at once.

The evidence is a list of *units*, each of which can be in or out: items (a figure's interval for
one quantity), relations, and open questions. Answers to one open question are a single unit:
exactly one of them holds, so what is possible is the hull of what each answer leaves (constructive
disjunction). A *scenario* is one way to take the evidence: it gives each item its interval and each
relation its state. Every function takes a mask of units × rows and each row's scenario; rows do not
affect each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recount.contraction import Network
from recount.derived import facts
from recount.intervals import Interval
from recount.relations import Mask, Relation, tied_together

# A SPARE rule holds only in the rows that call for it.
OFF, ON, OPEN, SPARE = 0, 1, 2, 3
Rows = NDArray[np.intp]


class Item(NamedTuple):
    """A figure as evidence: `quantity` lies in `interval` (one per scenario).

    Kind: report, list or reference.
    """

    id: str
    quantity: str
    interval: Interval
    kind: str


class Rule(NamedTuple):
    """A relation as evidence: OFF, ON, OPEN or SPARE in each scenario.

    Relations that share a question are its rival answers.
    """

    id: str
    relation: Relation
    state: NDArray[np.int8]
    question: str = ""


class Possible(NamedTuple):
    """What is left of each quantity (quantities × rows), and which rows hold no value at all."""

    box: Interval
    empty: Mask


class Solver:
    """Items and rules over quantities with natural bounds, as a batch of what-ifs."""

    def __init__(self, natural: Mapping[str, Interval], whole: Mapping[str, bool], levels: Collection[str],
                 items: Sequence[Item], rules: Sequence[Rule], scenarios: int = 1):  # fmt: skip
        """`levels` are the quantities that have a size, of which there can be ratios."""
        self.quantities = list(natural)
        self.index = {name: i for i, name in enumerate(self.quantities)}
        self.items, self.rules = list(items), list(rules)
        self._lower = np.array([natural[q].lower for q in natural], dtype=np.float64)
        self._upper = np.array([natural[q].upper for q in natural], dtype=np.float64)
        self.whole = np.array([whole[q] for q in natural], dtype=bool)
        positive = [q for q in natural if natural[q].lower >= 0]
        lasting = {rule.id: rule.relation for rule in rules if SPARE not in rule.state}
        self.facts = facts(lasting, levels, positive)
        relations = [rule.relation for rule in self.rules] + [fact.relation for fact in self.facts]
        self.network = Network(relations, self.quantities, self.whole)
        place = {rule.id: i for i, rule in enumerate(self.rules)}
        self._parents = [[place[parent] for parent in fact.parents] for fact in self.facts]
        self._state = np.zeros((len(self.rules), scenarios), dtype=np.int8)
        for number, rule in enumerate(self.rules):
            self._state[number] = rule.state
        self._answers: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            if rule.question:
                self._answers.setdefault(rule.question, []).append(number)
        self.units = [item.id for item in self.items] + [rule.id for rule in self.rules] + [*self._answers]
        self.unit_index = {name: i for i, name in enumerate(self.units)}
        self._present = self._presence()

    def _presence(self) -> Mask:
        """Which units count in each scenario (units × scenarios)."""
        asked = [(self._state[answers] == OPEN).any(axis=0) for answers in self._answers.values()]
        figures = np.ones((len(self.items), self._state.shape[1]), dtype=bool)
        return np.vstack([figures, self._state == ON, *asked])

    def present(self, scenario: int = 0) -> list[str]:
        """The units that count in a scenario."""
        return [unit for unit, counts in zip(self.units, self._present[:, scenario], strict=True) if counts]

    def mask(self, left_out: Sequence[Iterable[str]], scenarios: Rows | None = None) -> Mask:
        """Every unit of each row's scenario, but for those that the row leaves out (units × rows)."""
        units = self._present[:, np.zeros(len(left_out), dtype=int) if scenarios is None else scenarios]
        for row, names in enumerate(left_out):
            self.put(units, row, names, False)
        return units

    def put(self, units: Mask, row: int, names: Iterable[str], included: bool) -> None:
        """Take units into a row of a mask, or out of it; names of other solvers are passed over."""
        units[[self.unit_index[name] for name in names if name in self.unit_index], row] = included

    def at(self, possible: Possible, quantity: str, row: int = 0) -> Interval:
        """One quantity's interval in one row of a result."""
        i = self.index[quantity]
        return Interval(possible.box.lower[i, row], possible.box.upper[i, row])

    def possible(self, units: Mask, scenarios: Rows | None = None,
                 within: Interval | None = None) -> Possible:  # fmt: skip
        """What the units that are in leave possible, row by row; `within` narrows a row further."""
        if scenarios is None:
            scenarios = np.zeros(units.shape[1], dtype=int)
        box = self._start(units, scenarios, within)
        first = len(self.items)
        in_force = units[first : first + len(self.rules)]
        state = self._state[:, scenarios]
        on, blocks = in_force & ((state == ON) | (state == SPARE)), []
        for number, answers in enumerate(self._answers.values()):
            asked = units[first + len(self.rules) + number]
            open_to = {rule: asked & (state[rule] == OPEN) for rule in answers}
            if np.any(list(open_to.values())):
                blocks.append(open_to)
        return self._disjunction(box, on, blocks) if blocks else self.contracted(box, on)

    def settled(self, units: Mask) -> tuple[Interval, Mask]:
        """The first scenario's box, and the rules in force with each open question answered.

        `units` has one column. Of a question's answers the first that leaves a value is taken.
        """
        box = self._start(units, np.zeros(1, dtype=int), None)
        first = len(self.items)
        on = units[first : first + len(self.rules)] & (self._state[:, :1] == ON)
        for number, answers in enumerate(self._answers.values()):
            trials = [rule for rule in answers if self._state[rule, 0] == OPEN]
            for rule in trials if units[first + len(self.rules) + number, 0] else ():
                tried = on.copy()
                tried[rule] = True
                if not self.contracted(Interval(box.lower.copy(), box.upper.copy()), tried).empty[0]:
                    on = tried
                    break
        return box, on[:, 0]

    def _disjunction(self, box: Interval, on: Mask, blocks: Sequence[Mapping[int, Mask]]) -> Possible:
        """Each open question's answers one by one: the hull of what they leave, question by question."""
        choices = [(number, *answer) for number, open_to in enumerate(blocks) for answer in open_to.items()]
        active = np.hstack([on] * len(choices))
        rows = on.shape[1]
        for block, (_, rule, where) in enumerate(choices):
            active[rule, block * rows : (block + 1) * rows] |= where
        times = (1, len(choices))
        tall = self.contracted(Interval(np.tile(box.lower, times), np.tile(box.upper, times)), active)
        lower, upper, empty = box.lower.copy(), box.upper.copy(), np.zeros(rows, dtype=bool)
        for number, open_to in enumerate(blocks):
            union = Interval(np.full_like(lower, np.inf), np.full_like(lower, -np.inf))
            ruled_out = np.ones(rows, dtype=bool)
            asked = np.logical_or.reduce(list(open_to.values()))
            for block, (question, _, where) in enumerate(choices):
                if question != number:
                    continue
                part = slice(block * rows, (block + 1) * rows)
                # an answer that is not open in a row's scenario is none, unless no other is either
                gone = tall.empty[part] | (asked & ~where)
                left = Interval(np.where(gone, np.inf, tall.box.lower[:, part]),
                                np.where(gone, -np.inf, tall.box.upper[:, part]))  # fmt: skip
                union, ruled_out = union.hull(left), ruled_out & gone
            np.fmax(lower, union.lower, out=lower)
            np.fmin(upper, union.upper, out=upper)
            empty |= ruled_out
        return Possible(Interval(lower, upper), empty)

    def _start(self, units: Mask, scenarios: Rows, within: Interval | None) -> Interval:
        rows = len(scenarios)
        lower, upper = np.tile(self._lower[:, None], rows), np.tile(self._upper[:, None], rows)
        for unit, item in enumerate(self.items):
            i, present = self.index[item.quantity], units[unit]
            np.maximum(lower[i], np.where(present, item.interval.lower[scenarios], -np.inf), out=lower[i])
            np.minimum(upper[i], np.where(present, item.interval.upper[scenarios], np.inf), out=upper[i])
        if within is not None:
            lower, upper = np.maximum(lower, within.lower), np.minimum(upper, within.upper)
        return Interval(lower, upper)

    def active(self, on: Mask) -> Mask:
        """Rules and the facts that follow from those (relations × rows)."""
        if not self.facts:
            return on
        return np.vstack([on, *(on[parents].all(axis=0) for parents in self._parents)])

    def contracted(self, box: Interval, on: Mask) -> Possible:
        """The box narrowed by the rules that are on in each row, and what follows from them."""
        empty = self.network.contract(box.lower, box.upper, self.active(on))
        return Possible(box, np.logical_or.reduce(empty))


def connected(quantities: Sequence[str], rules: Sequence[Rule]) -> list[list[str]]:
    """Quantities in groups that no rule ties to one another; answers to one question go together."""
    anchors: dict[str, str] = {}
    sets = [
        [*rule.relation.names, anchors.setdefault(rule.question or rule.id, rule.relation.names[0])]
        for rule in rules if rule.relation.names
    ]  # fmt: skip
    return tied_together(quantities, sets)


Search = Generator[list[str], bool, list[str]]


def searched(solver: Solver, searches: Sequence[Search], holds: Callable[[Possible, int, int], bool],
             scenarios: Sequence[int] | None = None) -> list[list[str]]:  # fmt: skip
    """Run searches side by side: the subsets that they ask about make one batch a round.

    `holds(possible, row, search)` answers for one of them; each has its own scenario.
    """
    home = np.array(scenarios if scenarios is not None else [0] * len(searches), dtype=int)
    results: list[list[str]] = [[] for _ in searches]
    asking = {number: next(search) for number, search in enumerate(searches)}
    while asking:
        mask = np.zeros((len(solver.units), len(asking)), dtype=bool)
        for row, subset in enumerate(asking.values()):
            mask[[solver.unit_index[unit] for unit in subset], row] = True
        possible = solver.possible(mask, home[list(asking)])
        following = {}
        for row, number in enumerate(asking):
            try:
                following[number] = searches[number].send(holds(possible, row, number))
            except StopIteration as stop:
                results[number] = stop.value
        asking = following
    return results


def is_empty(possible: Possible, row: int, _search: int) -> bool:
    """Whether a subset of the units cannot hold together."""
    return bool(possible.empty[row])


def conflicting(candidates: list[str]) -> Search:
    """Search for a minimal conflict among `candidates`; nothing where they can all hold."""
    if not (yield candidates):
        return []
    return (yield from minimal(candidates))


def minimal(candidates: list[str]) -> Search:
    """Search for a smallest-by-inclusion part of `candidates` that still does what all of them do.

    Yields subsets and is sent whether each does; prefers what comes first (QuickXplain: Junker,
    "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004).
    """
    if not candidates or (yield []):
        return []
    return (yield from _split([], [], candidates))


def _split(kept: list[str], added: list[str], candidates: list[str]) -> Search:
    if added and (yield kept):
        return []
    if len(candidates) == 1:
        return candidates
    half = len(candidates) // 2
    first, second = candidates[:half], candidates[half:]
    from_second = yield from _split(kept + first, first, second)
    from_first = yield from _split(kept + from_second, from_second, first)
    return from_first + from_second
