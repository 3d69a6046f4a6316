"""The evidence of one dataset under several scenarios: figures as intervals, relations with their state.

A scenario is one `Settings`: a reading and a rounding rule, what counts as evidence, assumptions
switched on or off, figures printed otherwise. The report's figures, the lists it spells out and
outside references become items, relations become rules, and quantities that nothing ties together
get solvers of their own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from recount.arithmetic.derived import counterpart
from recount.arithmetic.intervals import Interval
from recount.arithmetic.solver import OFF, ON, OPEN, SPARE, Item, Rows, Rule, Solver, connected
from recount.audit.settings import Settings

if TYPE_CHECKING:  # the tables bring pandas, which the arithmetic does without
    from recount.package.dataset import Dataset

OWN = "report"
_ANYTHING = Interval.of(-np.inf, np.inf)
_STATES = {"off": OFF, "on": ON, "open": OPEN}


class Evidence:
    """Items, rules and solvers of a dataset under one scenario or more."""

    def __init__(self, data: Dataset, scenarios: Sequence[Settings]):
        self.data, self.scenarios = data, [settings.checked(data) for settings in scenarios]
        self.quantity: dict[str, str] = data.statistics["quantity"].to_dict()
        self.basis: dict[str, str] = data.relations["basis"].to_dict()
        self.question: dict[str, str] = data.relations["question"].to_dict()
        self.whole: dict[str, bool] = (data.quantities["integer"] == "true").to_dict()
        printed: dict[str, str] = data.statistics["printed"].to_dict()
        self.printed = [printed | dict(settings.overrides or {}) for settings in self.scenarios]
        self._interval = functools.lru_cache(maxsize=None)(data.interval)

    def interval(self, printed: str, quantity: str, scenario: int = 0) -> Interval:
        """What a printed figure of the report can stand for as a value of `quantity`."""
        return self._read(printed, quantity, self.scenarios[scenario])

    def _read(self, printed: str, quantity: str, settings: Settings) -> Interval:
        return self._interval(printed, settings.reading, settings.rounding, self.whole[quantity])

    @functools.cached_property
    def items(self) -> list[Item]:
        """Every figure that counts as evidence in some scenario, unbounded where it does not."""
        own, supposed = self._listed("overrides"), self._listed("published")
        printed: dict[str, str] = self.data.statistics["printed"].to_dict()
        items = [self._own(id, printed[id], own.get(id, {})) for id in self.quantity]
        counts = self.data.enumerations.groupby("quantity", sort=False).size()
        items += [self._list(str(quantity), float(length)) for quantity, length in counts.items()]
        if any(settings.evidence == "all" for settings in self.scenarios):
            items += [self._outside(row) for row in self.data.references.to_dict("records")]
        return items + [self._supposed(quantity, each) for quantity, each in sorted(supposed.items())]

    @functools.cached_property
    def own(self) -> dict[str, Item]:
        """The report's figures among them, by statistic."""
        return {item.id: item for item in self.items if item.kind == OWN}

    def _listed(self, setting: str) -> dict[str, dict[int, str]]:
        """For each id that a setting names, what it says of it in which scenarios."""
        told: dict[str, dict[int, str]] = {}
        for number, settings in enumerate(self.scenarios):
            for id, printed in (getattr(settings, setting) or {}).items():
                told.setdefault(id, {})[number] = printed
        return told

    def _own(self, id: str, printed: str, instead: Mapping[int, str]) -> Item:
        quantity = self.quantity[id]
        item = self._item(id, quantity, lambda settings: self._read(printed, quantity, settings), OWN)
        for number, other in instead.items():
            _put(item.interval, number, self.interval(other, quantity, number))
        return item

    def _list(self, quantity: str, length: float) -> Item:
        return self._item(f"list:{quantity}", quantity, lambda _: Interval.of(length), "list")

    def _outside(self, row: Mapping[str, str]) -> Item:
        """An outside figure: the rounding rule in question is the report's, not its source's."""

        def said(settings: Settings) -> Interval:
            counts = settings.evidence == "all"
            return self._interval(row["printed"], settings.reading) if counts else _ANYTHING

        return self._item(f"reference:{row['id']}", row["quantity"], said, "reference")

    def _supposed(self, quantity: str, each: Mapping[int, str]) -> Item:
        """A figure that an outside source is supposed to print in some scenarios."""
        item = self._item(f"published:{quantity}", quantity, lambda _: _ANYTHING, "reference")
        for number, printed in each.items():
            reading, whole = self.scenarios[number].reading, self.whole[quantity]
            _put(item.interval, number, self._interval(printed, reading, whole=whole))
        return item

    @functools.cached_property
    def _ways(self) -> tuple[list[Settings], Rows]:
        """Scenarios that differ in reading, rounding rule or what counts, and the one each is like."""
        return distinct(self.scenarios, lambda each: (each.reading, each.rounding, each.evidence))

    def _item(self, id: str, quantity: str, said: Callable[[Settings], Interval], kind: str) -> Item:
        ways, way = self._ways
        each = [said(settings) for settings in ways]
        lower, upper = np.array([e.lower for e in each], float), np.array([e.upper for e in each], float)
        return Item(id, quantity, Interval(lower[way], upper[way]), kind)

    def states(self, scenario: int = 0) -> dict[str, str]:
        """Each relation `on`, `off` or `open`, with the scenario's choices over the defaults."""
        return self._states(self.scenarios[scenario])

    def _states(self, settings: Settings) -> dict[str, str]:
        state: dict[str, str] = self.data.relations["default"].to_dict()
        for id, on in (settings.assumptions or {}).items():
            if on and self.question[id]:  # choosing one answer rules its rivals out
                state |= {rival: "off" for rival, q in self.question.items() if q == self.question[id]}
            state[id] = "on" if on else "off"
        return state

    @functools.cached_property
    def solvers(self) -> list[Solver]:
        """One solver for each set of quantities that the relations tie together."""
        chosen, choice = distinct(self.scenarios, lambda each: tuple((each.assumptions or {}).items()))
        states = [self._states(settings) for settings in chosen]
        codes = {id: np.array([_STATES[state[id]] for state in states])[choice] for id in self.basis}
        rules = [self.rule(id, code) for id, code in codes.items() if code.any()]
        return self.grouped(rules + [spare for subject in self.quantity for spare in self._spares(subject)])

    def grouped(self, rules: Sequence[Rule]) -> list[Solver]:
        """All quantities and items under `rules`, in sets that nothing ties together."""
        groups = connected(list(self.whole), rules)
        home = {quantity: number for number, group in enumerate(groups) for quantity in group}
        items: list[list[Item]] = [[] for _ in groups]
        tied: list[list[Rule]] = [[] for _ in groups]
        for item in self.items:
            items[home[item.quantity]].append(item)
        for rule in rules:
            if rule.relation.names:
                tied[home[rule.relation.names[0]]].append(rule)
        return [self._solver(*parts) for parts in zip(groups, items, tied, strict=True)]

    def _spares(self, statistic: str) -> list[Rule]:
        """The relations of a growth rate or gap as they would be, had percent been printed for points."""
        subject, made = self.quantity[statistic], []
        for id in self._of_rates.get(subject, ()):
            points = self.data.figure(self.printed[0][statistic]).points
            relation = counterpart(self.data.parsed_relations[id], subject, not points)
            if relation is not None:
                state = np.full(len(self.scenarios), SPARE, dtype=np.int8)
                made.append(Rule(self.spare(id, statistic), relation, state))
        return made

    @staticmethod
    def spare(rule: str, statistic: str) -> str:
        """The id of the rule that stands in for another where a statistic's percent were points."""
        return f"{rule} of {statistic}"

    @functools.cached_property
    def _of_rates(self) -> dict[str, list[str]]:
        """For each rate or share the relations that tie it to nothing but others."""
        tying: dict[str, list[str]] = {}
        for id, relation in self.data.parsed_relations.items():
            if all(self.data.units[name] == "ratio" for name in relation.names):
                for name in relation.names:
                    tying.setdefault(name, []).append(id)
        return tying

    def rule(self, id: str, state: ArrayLike) -> Rule:
        """A relation of the data in the given state in each scenario."""
        # a relation can be open in one scenario and chosen in another: it stays its question's answer
        states = np.array(state, dtype=np.int8)
        question = self.question[id] if OPEN in states else ""
        return Rule(id, self.data.parsed_relations[id], states, question)

    def _solver(self, quantities: Sequence[str], items: Sequence[Item], rules: Sequence[Rule]) -> Solver:
        natural, units = self.data.natural_bounds, self.data.units
        levels = {id for id in quantities if self.data.readings.units.has_size(units[id])}
        whole = {id: self.whole[id] for id in quantities}
        bounds = {id: natural[id] for id in quantities}
        return Solver(bounds, whole, levels, items, rules, len(self.scenarios))

    @functools.cached_property
    def home(self) -> dict[str, Solver]:
        """The solver that each quantity belongs to."""
        return {quantity: solver for solver in self.solvers for quantity in solver.quantities}

    def by_preference(self, solver: Solver) -> list[int]:
        """The units of a solver, by number, in the order in which an explanation should use them.

        Firm and near to the report comes first, assumptions and open questions come last.
        """
        kinds = {item.id: item.kind for item in solver.items}
        order = ["definition", "scope", OWN, "list", "reference", "assumption"]

        def place(unit: int) -> int:
            name = solver.units[unit]
            return order.index(kinds.get(name) or self.basis.get(name, "assumption"))

        return sorted(range(len(solver.units)), key=place)


def _put(interval: Interval, number: int, other: Interval) -> None:
    interval.lower[number], interval.upper[number] = other.lower, other.upper


def distinct(scenarios: Sequence[Settings],
             key: Callable[[Settings], Hashable]) -> tuple[list[Settings], Rows]:  # fmt: skip
    """The first of the scenarios with each key, and for every scenario which of these it is like."""
    first: dict[Hashable, Settings] = {}
    for settings in scenarios:
        first.setdefault(key(settings), settings)
    place = {found: number for number, found in enumerate(first)}
    return list(first.values()), np.array([place[key(settings)] for settings in scenarios], dtype=int)
