"""Sets of figures and relations that cannot all hold, looked for in one network in all its scenarios."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from recount.arithmetic.relations import Mask
from recount.arithmetic.searching import places, smallest
from recount.arithmetic.solver import Rows, Solver, alike, words
from recount.audit.evidence import OWN, Evidence
from recount.audit.settings import AuditError


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

    def and_others(self, more: Conflicts) -> Conflicts:
        """With those of another network."""
        return Conflicts(self.separate + more.separate, self.overlapping + more.overlapping)


def conflicts(evidence: Evidence, solver: Solver) -> list[Conflicts]:
    """The conflicts of one network, in each kind of scenarios that there are for it."""
    return _Search(evidence, solver).run()


class _Search:
    def __init__(self, evidence: Evidence, solver: Solver):
        self.evidence, self.solver = evidence, solver
        self.scenarios = solver.kinds[0]
        self.taken = solver.mask([()] * len(self.scenarios), self.scenarios)

    def run(self) -> list[Conflicts]:
        """Smallest conflicts first; their figures are set aside and the rest is tried again."""
        found = [Conflicts() for _ in self.scenarios]
        kinds = np.arange(len(self.scenarios))
        while (kinds := kinds[self._empty(self.taken[:, kinds], kinds)]).size:
            for kind, sets in self._minimal_sets(kinds).items():
                found[kind] = _sorted_out(found[kind], sets)
                self.solver.put(self.taken, kind, found[kind].disputed, False)
        return found

    def _empty(self, units: Mask, kinds: Rows) -> Mask:
        return self.solver.impossible(units, self.scenarios[kinds])

    def _minimal_sets(self, kinds: Rows) -> dict[int, set[Conflict]]:
        """Conflicts in these kinds of scenarios, looked for in the neighbourhood of each figure.

        Then again without each member of those found, for what they overlap with (Reiter, "A theory
        of diagnosis from first principles", Artificial Intelligence 32, 1987; one level of his tree).
        """
        taken, rows = self.taken[:, kinds], np.arange(len(kinds))
        starts = np.vstack([taken[self.own], ~taken[self.own].any(axis=0)])
        first, last = starts.argmax(axis=0), len(starts) - 1 - starts[::-1].argmax(axis=0)
        found = np.zeros((len(starts), *taken.shape), dtype=bool)
        found[first, :, rows] = self._smallest(taken, kinds, first).T
        # the first may well be what is found from elsewhere too
        start, row = np.nonzero(starts & (np.arange(len(starts))[:, None] != first))
        known = found[first[row], :, row].T
        found[start, :, row] = self._smallest(taken[:, row], kinds[row], start, known).T
        member, row = np.nonzero(found.any(axis=0))
        again = self._without(member, taken[:, row], kinds[row], last[row], found[:, :, row])
        start, every = np.nonzero(starts)
        sets = np.hstack([found[start, :, every].T, again])
        return self._named(sets, kinds[np.concatenate([every, row])])

    def _without(self, member: Rows, taken: Mask, kinds: Rows, start: Rows, found: Mask) -> Mask:
        """A conflict in which the `member` has no part, for each search; nothing where there is none.

        What was `found` from each start will do where it lacks the member.
        """
        rows = np.arange(len(member))
        taken[member, rows] = False
        known = np.zeros(taken.shape, dtype=bool)
        for conflict in found:
            lacks = conflict.any(axis=0) & ~conflict[member, rows] & ~known.any(axis=0)
            known[:, lacks] = conflict[:, lacks]
        sure = known.any(axis=0)
        unsure = np.flatnonzero(~sure)
        unsure = unsure[self._empty(taken[:, unsure], kinds[unsure])]
        result = np.zeros(taken.shape, dtype=bool)
        result[:, sure] = self._smallest(taken[:, sure], kinds[sure], start[sure], known[:, sure])
        result[:, unsure] = self._smallest(taken[:, unsure], kinds[unsure], start[unsure])
        return result

    def _smallest(self, taken: Mask, kinds: Rows, start: Rows, known: Mask | None = None) -> Mask:
        """A smallest conflict among the units taken, as near as can be to where each search starts."""
        place = np.empty(taken.shape, dtype=np.int16)
        for each in np.unique(start):
            searches = np.flatnonzero(start == each)
            place[:, searches] = places(self.orders[each], taken[:, searches])
        return smallest(place, lambda units, searches: self._empty(units, kinds[searches]), known)

    @functools.cached_property
    def own(self) -> list[int]:
        """The units that are figures of the report."""
        return [unit for unit, item in enumerate(self.solver.items) if item.kind == OWN]

    @functools.cached_property
    def orders(self) -> list[list[int]]:
        """All units, the nearest to each of `own` first; and one order where none of these is left."""
        preferred = self.evidence.by_preference(self.solver)
        orders = []
        for unit in self.own:
            away = _distances(self.solver, self.solver.items[unit].quantity)
            orders.append(sorted(preferred, key=lambda unit: away.get(self.solver.units[unit], 0)))
        return [*orders, preferred]

    def _named(self, sets: Mask, kinds: Rows) -> dict[int, set[Conflict]]:
        """The conflicts among these sets of units, by the kind of scenario that each was found in."""
        some = sets.any(axis=0)
        sets, kinds = sets[:, some], kinds[some]
        first, number = alike(words(sets), len(kinds))
        each = [self._conflict(units) for units in sets[:, first].T]
        named: dict[int, set[Conflict]] = {}
        for column in alike([number, kinds], len(kinds))[0]:
            named.setdefault(int(kinds[column]), set()).add(each[number[column]])
        return named

    def _conflict(self, members: Mask) -> Conflict:
        quantity, basis = self.evidence.quantity, self.evidence.basis
        units = tuple(self.solver.units[unit] for unit in np.flatnonzero(members))
        statistics = tuple(unit for unit in units if unit in quantity)
        if not statistics:
            raise AuditError(
                "references and relations contradict each other without any figure of the report: "
                f"{', '.join(units)}. Correct or switch off one of them."
            )
        return Conflict(units, statistics, tuple(u for u in units if basis.get(u) == "assumption"))


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
