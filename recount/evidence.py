"""The evidence of one dataset under several scenarios: figures as intervals, relations with their state.

A scenario is one `Settings`: a reading and a rounding rule, what counts as evidence, assumptions
switched on or off, figures printed otherwise. The report's figures, the lists it spells out and
outside references become items, relations become rules, and quantities that nothing ties together
get solvers of their own.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from recount.derived import counterpart
from recount.intervals import Interval
from recount.settings import Settings
from recount.solver import OFF, ON, OPEN, SPARE, Item, Rule, Solver, connected

if TYPE_CHECKING:  # the tables bring pandas, which the arithmetic does without
    from recount.dataset import Dataset

OWN = "report"
# Quantities measured in anything else have a size, of which there can be shares and growth rates.
_SIZELESS = ("ratio", "year", "month", "day", "hour", "date", "rank")
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
        settings = self.scenarios[scenario]
        return self._interval(printed, settings.reading, settings.rounding, self.whole[quantity])

    @functools.cached_property
    def items(self) -> list[Item]:
        """Every figure that counts as evidence in some scenario, unbounded where it does not."""
        items = [self._own(id) for id in self.quantity]
        counts = self.data.enumerations.groupby("quantity", sort=False).size()
        items += [self._item(f"list:{q}", str(q), [Interval.of(float(n))], "list") for q, n in counts.items()]
        if any(settings.evidence == "all" for settings in self.scenarios):
            items += [self._outside(row) for row in self.data.references.to_dict("records")]
        supposed = {q for settings in self.scenarios for q in settings.published or ()}
        return items + [self._supposed(quantity) for quantity in sorted(supposed)]

    @functools.cached_property
    def own(self) -> dict[str, Item]:
        """The report's figures among them, by statistic."""
        return {item.id: item for item in self.items if item.kind == OWN}

    def _own(self, id: str) -> Item:
        quantity = self.quantity[id]
        each = [self.interval(printed[id], quantity, number) for number, printed in enumerate(self.printed)]
        return self._item(id, quantity, each, OWN)

    def _outside(self, row: Mapping[str, str]) -> Item:
        """An outside figure: the rounding rule in question is the report's, not its source's."""
        each = [
            self._interval(row["printed"], settings.reading) if settings.evidence == "all" else _ANYTHING
            for settings in self.scenarios
        ]  # fmt: skip
        return self._item(f"reference:{row['id']}", row["quantity"], each, "reference")

    def _supposed(self, quantity: str) -> Item:
        """A figure that an outside source is supposed to print in some scenarios."""
        each = [
            self._interval(figures[quantity], reading, whole=self.whole[quantity]) if quantity in figures
            else _ANYTHING
            for figures, reading in ((each.published or {}, each.reading) for each in self.scenarios)
        ]  # fmt: skip
        return self._item(f"published:{quantity}", quantity, each, "reference")

    def _item(self, id: str, quantity: str, each: Sequence[Interval], kind: str) -> Item:
        lower, upper = np.empty(len(self.scenarios)), np.empty(len(self.scenarios))
        lower[:], upper[:] = [interval.lower for interval in each], [interval.upper for interval in each]
        return Item(id, quantity, Interval(lower, upper), kind)

    def states(self, scenario: int = 0) -> dict[str, str]:
        """Each relation `on`, `off` or `open`, with the scenario's choices over the defaults."""
        state: dict[str, str] = self.data.relations["default"].to_dict()
        for id, on in (self.scenarios[scenario].assumptions or {}).items():
            if on and self.question[id]:  # choosing one answer rules its rivals out
                state |= {rival: "off" for rival, q in self.question.items() if q == self.question[id]}
            state[id] = "on" if on else "off"
        return state

    @functools.cached_property
    def solvers(self) -> list[Solver]:
        """One solver for each set of quantities that the relations tie together."""
        states = [self.states(scenario) for scenario in range(len(self.scenarios))]
        codes = {id: [_STATES[state[id]] for state in states] for id in self.basis}
        rules = [self.rule(id, code) for id, code in codes.items() if any(code)]
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

    def rule(self, id: str, state: Sequence[int]) -> Rule:
        """A relation of the data in the given state in each scenario."""
        # a relation can be open in one scenario and chosen in another: it stays its question's answer
        question = self.question[id] if OPEN in state else ""
        return Rule(id, self.data.parsed_relations[id], np.array(state, dtype=np.int8), question)

    def _solver(self, quantities: Sequence[str], items: Sequence[Item], rules: Sequence[Rule]) -> Solver:
        natural, units = self.data.natural_bounds, self.data.units
        levels = {id for id in quantities if units[id] not in _SIZELESS}
        whole = {id: self.whole[id] for id in quantities}
        bounds = {id: natural[id] for id in quantities}
        return Solver(bounds, whole, levels, items, rules, len(self.scenarios))

    @functools.cached_property
    def home(self) -> dict[str, Solver]:
        """The solver that each quantity belongs to."""
        return {quantity: solver for solver in self.solvers for quantity in solver.quantities}

    def by_preference(self, solver: Solver, scenario: int = 0) -> list[str]:
        """A scenario's units in the order in which an explanation should use them.

        Firm and near to the report comes first, assumptions and open questions come last.
        """
        kinds = {item.id: item.kind for item in solver.items}
        order = ["definition", "arithmetic", "scope", OWN, "list", "reference", "assumption"]

        def place(unit: str) -> int:
            return order.index(kinds.get(unit) or self.basis.get(unit, "assumption"))

        return sorted(solver.present(scenario), key=place)
