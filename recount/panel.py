"""Conflicts, leave-one-out and verdicts of every statistic in every scenario, in one batch.

A set of figures and relations that cannot all hold is a conflict; its figures are contradicted, and
are set aside while the rest is judged. Each statistic is recomputed from all the evidence except
itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from recount.evidence import OWN, Evidence
from recount.intervals import Interval
from recount.settings import AuditError
from recount.solver import Solver, conflicting, is_empty, searched


class Conflict(NamedTuple):
    """A smallest set of figures and rules that cannot all hold."""

    units: tuple[str, ...]
    statistics: tuple[str, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Conflicts:
    """Of one scenario: disjoint ones, set aside one after another, and others that share a figure."""

    separate: tuple[Conflict, ...] = ()
    overlapping: tuple[Conflict, ...] = ()

    @functools.cached_property
    def disputed(self) -> list[str]:
        """The figures that are set aside."""
        return [id for conflict in self.separate for id in conflict.statistics]

    @functools.cached_property
    def members(self) -> dict[str, set[str]]:
        """For each of them the figures of its conflict."""
        return {id: set(conflict.statistics) for conflict in self.separate for id in conflict.statistics}


class Panel:
    """Every scenario of a body of evidence, judged; computed when first asked for."""

    def __init__(self, evidence: Evidence, known: Iterable[Conflict] = ()):
        """Where a `known` conflict, or part of it, holds in a scenario, no other is looked for first."""
        self.evidence = evidence
        self._known = [set(conflict.units) for conflict in known]
        self._scenarios = np.arange(len(evidence.scenarios))

    # -- conflicts ------------------------------------------------------------------------------

    @functools.cached_property
    def conflicts(self) -> list[Conflicts]:
        """What cannot hold together, scenario by scenario."""
        found = [Conflicts() for _ in self._scenarios]
        for solver in self.evidence.solvers:
            for scenario, more in self._conflicts_of(solver).items():
                old = found[scenario]
                found[scenario] = Conflicts(old.separate + more.separate, old.overlapping + more.overlapping)
        return found

    def _conflicts_of(self, solver: Solver) -> dict[int, Conflicts]:
        """Smallest conflicts first; their figures are set aside and the rest is tried again."""
        found: dict[int, Conflicts] = {}
        pending = self._scenarios
        while pending.size:
            left_out = [found.get(int(scenario), Conflicts()).disputed for scenario in pending]
            pending = pending[solver.possible(solver.mask(left_out, pending), pending).empty]
            for scenario, sets in self._minimal_sets(solver, pending.tolist(), found).items():
                old = found.get(scenario, Conflicts())
                found[scenario] = _sorted_out(old, [self._conflict(units, solver) for units in sets])
        return found

    def _minimal_sets(self, solver: Solver, pending: Sequence[int],
                      found: dict[int, Conflicts]) -> dict[int, set[frozenset[str]]]:  # fmt: skip
        """Conflicts of each pending scenario, looked for in the neighbourhood of each figure.

        Then again without each member of those found, for what they overlap with (Reiter, "A theory
        of diagnosis from first principles", Artificial Intelligence 32, 1987; one level of his tree).
        """
        seeds = self._searched(solver, [
            (scenario, [unit for unit in self.evidence.by_preference(solver, scenario) if unit in units])
            for scenario in pending for units in self._known
            if units <= set(solver.units) and units.isdisjoint(found.get(scenario, Conflicts()).disputed)
        ])  # fmt: skip
        pending = [scenario for scenario in pending if not seeds.get(scenario)]
        own = [item for item in solver.items if item.kind == OWN] if pending else []
        near = {item.id: _distances(solver, item.quantity) for item in own}
        orders: list[tuple[int, list[str]]] = []
        for scenario in pending:
            disputed = set(found.get(scenario, Conflicts()).disputed)
            kept = [unit for unit in self.evidence.by_preference(solver, scenario) if unit not in disputed]
            starts = [away for id, away in near.items() if id not in disputed] or [{}]
            orders += [(scenario, _nearest_first(kept, away)) for away in starts]
        first = seeds | self._searched(solver, orders)
        whole = dict(orders)
        again = [
            (scenario, [unit for unit in whole[scenario] if unit != without])
            for scenario in whole for without in sorted(frozenset().union(*first[scenario]))
        ]
        for scenario, sets in self._searched(solver, again).items():
            first[scenario] |= sets
        return first

    def _searched(self, solver: Solver,
                  orders: Sequence[tuple[int, list[str]]]) -> dict[int, set[frozenset[str]]]:  # fmt: skip
        """A minimal conflict of each list of units that has one; what comes first is preferred."""
        homes = [scenario for scenario, _ in orders]
        found = searched(solver, [conflicting(units) for _, units in orders], is_empty, homes)
        sets: dict[int, set[frozenset[str]]] = {scenario: set() for scenario in homes}
        for scenario, units in zip(homes, found, strict=True):
            if units:
                sets[scenario].add(frozenset(units))
        return sets

    def _conflict(self, members: frozenset[str], solver: Solver) -> Conflict:
        quantity, basis = self.evidence.quantity, self.evidence.basis
        units = tuple(unit for unit in solver.units if unit in members)
        statistics = tuple(unit for unit in units if unit in quantity)
        if not statistics:
            raise AuditError(
                "references and relations contradict each other without any figure of the report: "
                f"{', '.join(units)}. Correct or switch off one of them."
            )
        return Conflict(units, statistics, tuple(u for u in units if basis.get(u) == "assumption"))

    # -- leave one out --------------------------------------------------------------------------

    @functools.cached_property
    def recomputed(self) -> dict[str, Interval]:
        """What all the evidence except itself leaves possible for each statistic, by scenario.

        Where conflicts overlap nothing would be left; such a figure is recomputed from the other
        members of its own conflict alone.
        """
        result: dict[str, Interval] = {}
        for solver in self.evidence.solvers:
            own = [item.id for item in solver.items if item.kind == OWN]
            if own:
                result |= self._recomputed_in(solver, own)
        return {id: result[id] for id in self.evidence.quantity}

    def _recomputed_in(self, solver: Solver, own: Sequence[str]) -> dict[str, Interval]:
        scenarios = np.repeat(self._scenarios, len(own))
        mask = solver.mask([()] * len(scenarios), scenarios)
        mask[np.tile(np.arange(len(own)), len(self._scenarios)), np.arange(len(scenarios))] = False
        for number, found in enumerate(self.conflicts):
            disputed = [id for id in found.disputed if id in solver.unit_index]
            for place, id in enumerate(own) if disputed else ():
                kept = found.members.get(id, {id}) - {id}
                without = [other for other in disputed if other not in kept]
                solver.put(mask, number * len(own) + place, without, False)
        possible = solver.possible(mask, scenarios)
        if possible.empty.any():
            for row in np.flatnonzero(possible.empty).tolist():
                id, disputes = own[row % len(own)], self.conflicts[scenarios[row]].separate
                conflict = next(c for c in disputes if id in c.statistics)
                mask[:, row] = [unit in conflict.units and unit != id for unit in solver.units]
            possible = solver.possible(mask, scenarios)
        shape = (len(self._scenarios), len(own))
        result = {}
        for place, id in enumerate(own):
            i = solver.index[self.evidence.quantity[id]]
            lower, upper = possible.box.lower[i].reshape(shape), possible.box.upper[i].reshape(shape)
            result[id] = Interval(lower[:, place], upper[:, place])
        return result

    def left_out(self, id: str, scenario: int = 0) -> list[str]:
        """The units that a statistic's recomputation does without: itself and disputed others."""
        found = self.conflicts[scenario]
        own = found.members.get(id, {id})
        return [id, *(other for other in found.disputed if other not in own)]

    # -- verdicts -------------------------------------------------------------------------------

    @functools.cached_property
    def verdicts(self) -> list[dict[str, str]]:
        """For each scenario, of each statistic: confirmed, consistent, bounded, contradicted, unchecked."""
        judged = {id: self._judged(id) for id in self.evidence.quantity}
        result = []
        for scenario, found in enumerate(self.conflicts):
            verdicts = {id: each[scenario] for id, each in judged.items()}
            result.append(verdicts | dict.fromkeys(found.disputed, "contradicted"))
        return result

    def _judged(self, id: str) -> list[str]:
        quantity = self.evidence.quantity[id]
        natural, found = self.evidence.data.natural_bounds[quantity], self.recomputed[id]
        below, above = found.lower > natural.lower, found.upper < natural.upper
        inside = found.within(self.evidence.own[id].interval)
        choices = [~(below | above), inside, below & above]
        return [str(v) for v in np.select(choices, ["unchecked", "confirmed", "consistent"], "bounded")]


def _sorted_out(old: Conflicts, new: Iterable[Conflict]) -> Conflicts:
    """The smallest of the new conflicts stand by themselves as long as they share no figure."""
    separate, overlapping = list(old.separate), list(old.overlapping)
    taken = set(old.disputed)
    for conflict in sorted(new, key=lambda c: (len(c.units), len(c.assumptions), len(c.statistics), c.units)):
        if taken.isdisjoint(conflict.statistics):
            separate.append(conflict)
            taken |= set(conflict.statistics)
        else:
            overlapping.append(conflict)
    return Conflicts(tuple(separate), tuple(overlapping))


def _nearest_first(units: Sequence[str], away: dict[str, int]) -> list[str]:
    return sorted(units, key=lambda unit: away.get(unit, 0))


def _distances(solver: Solver, quantity: str) -> dict[str, int]:
    """How many relations lie between a quantity and each unit."""
    away, units, step = {quantity: 0}, dict[str, int](), 0
    reached = [quantity]
    while reached:
        step, met = step + 1, set(reached)
        touched = [r for r in solver.rules if r.id not in units and not met.isdisjoint(r.relation.names)]
        for rule in touched:
            units[rule.id] = step
            units.setdefault(rule.question, step)
        reached = [name for rule in touched for name in rule.relation.names if name not in away]
        away |= dict.fromkeys(reached, step)
    return units | {item.id: away.get(item.quantity, step) for item in solver.items}
