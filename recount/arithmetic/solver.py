"""What a set of evidence leaves possible, for many subsets of it and many scenarios at once.

The evidence is a list of *units*, each of which can be in or out: items (a figure's interval for
one quantity), relations, and open questions. Answers to one open question are a single unit:
exactly one of them holds, so what is possible is the hull of what each answer leaves (constructive
disjunction). A *scenario* is one way to take the evidence: it gives each item its interval and each
relation its state. Every function takes a mask of units × rows and each row's scenario; rows do not
affect each other, and rows that come to the same are worked out once.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recount.arithmetic.contraction import Network
from recount.arithmetic.derived import facts
from recount.arithmetic.intervals import Interval
from recount.arithmetic.relations import Mask, Relation, tied_together

# A SPARE rule holds only in the rows that call for it.
OFF, ON, OPEN, SPARE = 0, 1, 2, 3
Rows = NDArray[np.intp]
# So many rows at a time stay in the processor's cache.
_AT_ONCE = 2000


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
        self._scenarios = scenarios
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

    @functools.cached_property
    def kinds(self) -> tuple[Rows, Rows]:
        """Scenarios that are the same to this network: the first of each kind, and each one's kind."""
        return alike(self._varying.values(), self._scenarios)

    @functools.cached_property
    def _varying(self) -> dict[int, Rows]:
        """Of each unit that is not the same in all scenarios, a number for what it is in each."""
        ends: list[list[NDArray[Any]]] = [[item.interval.lower, item.interval.upper] for item in self.items]
        states: list[list[NDArray[Any]]] = [[state] for state in self._state]
        each = [alike(rows, self._scenarios)[1] for rows in ends + states]
        return {unit: kind for unit, kind in enumerate(each) if kind.any()}

    def _alike(self, units: Mask, scenarios: Rows) -> tuple[Rows, Rows]:
        """Rows that take the same units of the same scenarios, or of such as do not differ in them."""
        items = len(self.items)  # a rule counts though only its question is in
        told = (np.where(units[unit] | (unit >= items), kind[scenarios], -1)
                for unit, kind in self._varying.items())  # fmt: skip
        return alike([*words(units), *told], len(scenarios))

    def possible(self, units: Mask, scenarios: Rows | None = None,
                 within: Interval | None = None) -> Possible:  # fmt: skip
        """What the units that are in leave possible, row by row; `within` narrows a row further."""
        if scenarios is None:
            scenarios = np.zeros(units.shape[1], dtype=int)
        if within is not None:
            return self._worked_out(units, scenarios, within)
        found, kind = self._once(units, scenarios)
        return Possible(Interval(found.box.lower[:, kind], found.box.upper[:, kind]), found.empty[kind])

    def impossible(self, units: Mask, scenarios: Rows) -> Mask:
        """Whether the units that are in cannot all hold, row by row."""
        found, kind = self._once(units, scenarios)
        return found.empty[kind]

    def _once(self, units: Mask, scenarios: Rows) -> tuple[Possible, Rows]:
        """What each kind of row leaves possible, and the kind of each row."""
        first, kind = self._alike(units, scenarios)
        lower = np.empty((len(self.quantities), len(first)))
        upper, empty = np.empty_like(lower), np.empty(len(first), dtype=bool)
        for start in range(0, len(first), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            found = self._worked_out(units[:, first[part]], scenarios[first[part]], None)
            lower[:, part], upper[:, part], empty[part] = found.box.lower, found.box.upper, found.empty
        return Possible(Interval(lower, upper), empty), kind

    def _worked_out(self, units: Mask, scenarios: Rows, within: Interval | None) -> Possible:
        first, state = len(self.items), self._state[:, scenarios]
        on = units[first : first + len(self.rules)] & ((state == ON) | (state == SPARE))
        left = self.contracted(self._start(units, scenarios, within), on)
        questions = []
        for number, answers in enumerate(self._answers.values()):
            asked = units[first + len(self.rules) + number] & ~left.empty
            questions.append({rule: np.flatnonzero(asked & (state[rule] == OPEN)) for rule in answers})
        return self._disjunction(left, on, questions)

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

    def _disjunction(self, left: Possible, on: Mask, questions: Sequence[Mapping[int, Rows]]) -> Possible:
        """What holds whatever the answers, narrowed to the hull of what each question's answers leave.

        A question gives, for each of its answers, the rows in which it is open.
        """
        lower, upper, empty = left.box.lower.copy(), left.box.upper.copy(), left.empty.copy()
        for answers in questions:
            union = Interval(np.full_like(lower, np.inf), np.full_like(lower, -np.inf))
            for rule, rows in answers.items():
                if rows.size:
                    tried = self._answered(left, on, rule, rows)
                    union.lower[:, rows] = np.fmin(union.lower[:, rows], tried.lower)
                    union.upper[:, rows] = np.fmax(union.upper[:, rows], tried.upper)
            asked = np.unique(np.concatenate(list(answers.values())))
            lower[:, asked] = np.fmax(lower[:, asked], union.lower[:, asked])
            upper[:, asked] = np.fmin(upper[:, asked], union.upper[:, asked])
            empty[asked] |= union.lower[0, asked] > union.upper[0, asked]
        return Possible(Interval(lower, upper), empty)

    def _answered(self, left: Possible, on: Mask, rule: int, rows: Rows) -> Interval:
        """What one answer leaves of some rows, with crossed ends where it leaves nothing."""
        on = on[:, rows]
        on[rule] = True
        facts = [fact.relation for fact, of in zip(self.facts, self._parents, strict=True) if rule in of]
        names = dict.fromkeys(name for told in (self.rules[rule].relation, *facts) for name in told.names)
        box = Interval(left.box.lower[:, rows], left.box.upper[:, rows])
        found = self.contracted(box, on, [self.index[name] for name in names])
        return Interval(np.where(found.empty, np.inf, box.lower), np.where(found.empty, -np.inf, box.upper))

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

    def contracted(self, box: Interval, on: Mask, moved: Sequence[int] | None = None) -> Possible:
        """The box narrowed by the rules that are on in each row, and what follows from them.

        Where the box is narrowed already, `moved` are the quantities that have more to tell.
        """
        empty = self.network.contract(box.lower, box.upper, self.active(on), moved)
        return Possible(box, np.logical_or.reduce(empty))


def connected(quantities: Sequence[str], rules: Sequence[Rule]) -> list[list[str]]:
    """Quantities in groups that no rule ties to one another; answers to one question go together."""
    anchors: dict[str, str] = {}
    sets = [
        [*rule.relation.names, anchors.setdefault(rule.question or rule.id, rule.relation.names[0])]
        for rule in rules if rule.relation.names
    ]  # fmt: skip
    return tied_together(quantities, sets)


def alike(rows: Iterable[NDArray[Any]], columns: int) -> tuple[Rows, Rows]:
    """Columns that agree in all rows: the first of each kind, and the number of each one's kind."""
    kind = np.zeros(columns, dtype=int)
    for row in rows:
        if columns and (row != row[0]).any():
            values, code = np.unique(row, return_inverse=True)
            kind = np.unique(kind * len(values) + code, return_inverse=True)[1]
    return np.unique(kind, return_index=True)[1], kind


def words(mask: Mask) -> NDArray[np.uint64]:
    """The columns of a mask as whole numbers, of 64 bits each (numbers × columns)."""
    padded = np.zeros((-(-len(mask) // 64) * 64, mask.shape[1]), dtype=bool)
    padded[: len(mask)] = mask
    return np.packbits(padded, axis=0).T.copy().view(np.uint64).T
