"""What a set of evidence leaves possible, for many subsets of it at once.

The evidence is a list of *units*, each of which can be in or out: items (a figure's interval for
one quantity) and relations. Answers to one open question are a single unit: exactly one of them
holds, so what is possible is the hull of what each answer leaves (constructive disjunction).
Every function takes a mask of units × rows; rows do not affect each other.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recount.intervals import Floats, Interval
from recount.relations import Mask, Network, Relation


@dataclass(frozen=True)
class Item:
    """A figure as evidence: `quantity` lies in `interval`. Kind: report, list or reference."""

    id: str
    quantity: str
    interval: Interval
    kind: str


@dataclass(frozen=True)
class Rule:
    """A relation as evidence. Relations that share a question are its rival answers."""

    id: str
    relation: Relation
    question: str = ""


@dataclass(frozen=True)
class Possible:
    """What is left of each quantity (quantities × rows), and which rows hold no value at all."""

    box: Interval
    empty: Mask


@dataclass(frozen=True)
class Narrowing:
    """A further interval for one quantity, its own in each row."""

    quantity: str
    interval: Interval


class Solver:
    """Items and rules over quantities with natural bounds, as a batch of what-ifs."""

    def __init__(self, natural: Mapping[str, Interval], whole: Mapping[str, bool],
                 items: Sequence[Item], rules: Sequence[Rule]):  # fmt: skip
        self.quantities = list(natural)
        self.index = {name: i for i, name in enumerate(self.quantities)}
        self.items, self.rules = list(items), list(rules)
        self._natural = Interval.of([natural[q].lower for q in natural], [natural[q].upper for q in natural])
        mask = np.array([whole[q] for q in natural], dtype=bool)
        self._network = Network([rule.relation for rule in self.rules], self.quantities, mask)
        self._unit_of_rule, rule_units = _group_rules(self.rules)
        self.units = [item.id for item in self.items] + rule_units
        self.unit_index = {name: i for i, name in enumerate(self.units)}
        self._questions = _questions(self.rules)

    def mask(self, left_out: Sequence[Sequence[str]]) -> Mask:
        """Every unit in, but for those that each row leaves out (units × rows)."""
        units = np.ones((len(self.units), len(left_out)), dtype=bool)
        for row, names in enumerate(left_out):
            units[[self.unit_index[name] for name in names if name in self.unit_index], row] = False
        return units

    def at(self, possible: Possible, quantity: str, row: int = 0) -> Interval:
        """One quantity's interval in one row of a result."""
        i = self.index[quantity]
        return Interval(possible.box.lower[i, row], possible.box.upper[i, row])

    def possible(self, units: Mask, extra: Narrowing | None = None) -> Possible:
        """What the units that are in leave possible, row by row."""
        active = units[len(self.items) :][self._unit_of_rule]
        if not self._questions:
            return self._contract(units, active, extra)
        rivals = [rule for question in self._questions for rule in question]
        blocks = []
        for choice in rivals:
            block = active.copy()
            block[[rule for rule in rivals if rule != choice]] = False
            blocks.append(block)
        tall = self._contract(np.tile(units, len(blocks)), np.hstack(blocks), _repeated(extra, len(blocks)))
        return self._disjunction(tall, units.shape[1])

    def _disjunction(self, tall: Possible, rows: int) -> Possible:
        lower = np.full((len(self.quantities), rows), -np.inf)
        box, empty, block = Interval(lower, -lower), np.zeros(rows, dtype=bool), 0
        for question in self._questions:
            lower = np.full((len(self.quantities), rows), np.inf)
            union, ruled_out = Interval(lower, -lower), np.ones(rows, dtype=bool)
            for _ in question:
                part = slice(block * rows, (block + 1) * rows)
                gone = tall.empty[part]
                lower, upper = tall.box.lower[:, part], tall.box.upper[:, part]
                left = Interval(np.where(gone, np.inf, lower), np.where(gone, -np.inf, upper))
                union, ruled_out, block = union.hull(left), ruled_out & gone, block + 1
            box, empty = box.intersection(union), empty | ruled_out
        return Possible(box, empty)

    def _contract(self, units: Mask, active: Mask, extra: Narrowing | None) -> Possible:
        rows = units.shape[1]
        lower = np.repeat(self._natural.lower[:, None], rows, axis=1)
        upper = np.repeat(self._natural.upper[:, None], rows, axis=1)
        for unit, item in enumerate(self.items):
            i, present = self.index[item.quantity], units[unit]
            lower[i] = np.where(present, np.maximum(lower[i], item.interval.lower), lower[i])
            upper[i] = np.where(present, np.minimum(upper[i], item.interval.upper), upper[i])
        if extra is not None:
            i = self.index[extra.quantity]
            lower[i] = np.maximum(lower[i], extra.interval.lower)
            upper[i] = np.minimum(upper[i], extra.interval.upper)
        empty = self._network.contract(lower, upper, active)
        return Possible(Interval(lower, upper), empty)


def connected(quantities: Sequence[str], rules: Sequence[Rule]) -> list[list[str]]:
    """Quantities in groups that no rule ties to one another; answers to one question go together."""
    group = {name: name for name in quantities}

    def root(name: str) -> str:
        while group[name] != name:
            group[name] = group[group[name]]
            name = group[name]
        return name

    anchors: dict[str, str] = {}
    for rule in rules:
        tied = list(rule.relation.names)
        if tied:
            tied.append(anchors.setdefault(rule.question or rule.id, tied[0]))
        for name in tied[1:]:
            group[root(name)] = root(tied[0])
    members: dict[str, list[str]] = {}
    for name in quantities:
        members.setdefault(root(name), []).append(name)
    return list(members.values())


Search = Generator[list[str], bool, list[str]]


def searched(solver: Solver, searches: Sequence[Search],
             holds: Callable[[Possible, int, int], bool]) -> list[list[str]]:  # fmt: skip
    """Run searches side by side: the subsets that they ask about make one batch a round.

    `holds(possible, row, search)` answers for one of them.
    """
    results: list[list[str]] = [[] for _ in searches]
    asking = {number: next(search) for number, search in enumerate(searches)}
    while asking:
        mask = np.zeros((len(solver.units), len(asking)), dtype=bool)
        for row, subset in enumerate(asking.values()):
            mask[[solver.unit_index[unit] for unit in subset], row] = True
        possible = solver.possible(mask)
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


def minimal(candidates: list[str]) -> Search:
    """Search for a smallest-by-inclusion part of `candidates` that still does what all of them do.

    Yields subsets and is sent whether each does; prefers what comes first (QuickXplain: Junker,
    "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004).
    """
    if (yield []):
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


def _group_rules(rules: Sequence[Rule]) -> tuple[NDArray[np.intp], list[str]]:
    """The unit of each rule, and the units' names: a rule's id, or its question's."""
    names = list(dict.fromkeys(rule.question or rule.id for rule in rules))
    position = {name: i for i, name in enumerate(names)}
    return np.array([position[rule.question or rule.id] for rule in rules], dtype=np.intp), names


def _questions(rules: Sequence[Rule]) -> list[list[int]]:
    answers: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        if rule.question:
            answers.setdefault(rule.question, []).append(number)
    return list(answers.values())


def _repeated(extra: Narrowing | None, times: int) -> Narrowing | None:
    if extra is None:
        return None
    lower: Floats = np.tile(extra.interval.lower, times)
    return Narrowing(extra.quantity, Interval(lower, np.tile(extra.interval.upper, times)))
