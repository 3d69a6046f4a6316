"""Conflicts, leave-one-out and verdicts of every statistic in every scenario, in one batch.

A set of figures and relations that cannot all hold is a conflict; its figures are contradicted, and
are set aside while the rest is judged. Each statistic is recomputed from all the evidence except
itself. A network of quantities is worked out once for all scenarios that are the same to it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recount.arithmetic.intervals import Interval
from recount.arithmetic.relations import Mask
from recount.arithmetic.solver import Solver
from recount.audit.conflicts import Conflict, Conflicts, conflicts
from recount.audit.evidence import OWN, Evidence

__all__ = ["Conflict", "Conflicts", "Panel"]


class Panel:
    """Every scenario of a body of evidence, judged; computed when first asked for."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence

    # -- conflicts ------------------------------------------------------------------------------

    @functools.cached_property
    def _by_network(self) -> list[list[Conflicts]]:
        """The conflicts of each solver, in each kind of scenarios that there are for it."""
        return [conflicts(self.evidence, solver) for solver in self.evidence.solvers]

    @functools.cached_property
    def conflicts(self) -> list[Conflicts]:
        """What cannot hold together, scenario by scenario."""
        result = [Conflicts() for _ in self.evidence.scenarios]
        for solver, found in zip(self.evidence.solvers, self._by_network, strict=True):
            if any(each.separate for each in found):
                kinds = solver.kinds[1].tolist()
                result = [each.and_others(found[kind]) for each, kind in zip(result, kinds, strict=True)]
        return result

    # -- leave one out --------------------------------------------------------------------------

    @functools.cached_property
    def recomputed(self) -> dict[str, Interval]:
        """What all the evidence except itself leaves possible for each statistic, by scenario.

        Where conflicts overlap nothing would be left; such a figure is recomputed from the other
        members of its own conflict alone.
        """
        result: dict[str, Interval] = {}
        for solver, found in zip(self.evidence.solvers, self._by_network, strict=True):
            own = [item.id for item in solver.items if item.kind == OWN]
            if own:
                result |= self._recomputed_in(solver, own, found)
        return {id: result[id] for id in self.evidence.quantity}

    def _recomputed_in(self, solver: Solver, own: Sequence[str],
                       found: Sequence[Conflicts]) -> dict[str, Interval]:  # fmt: skip
        first, kind = solver.kinds
        scenarios, mask = np.repeat(first, len(own)), self._others(solver, own, found)
        possible = solver.possible(mask, scenarios)
        lower, upper = possible.box.lower, possible.box.upper
        gone = np.flatnonzero(possible.empty)
        if gone.size:
            for row in gone.tolist():
                id = own[row % len(own)]
                conflict = next(c for c in found[row // len(own)].separate if id in c.statistics)
                mask[:, row] = False
                solver.put(mask, row, [unit for unit in conflict.units if unit != id], True)
            alone = solver.possible(mask[:, gone], scenarios[gone])
            lower[:, gone], upper[:, gone] = alone.box.lower, alone.box.upper
        result = {}
        for place, id in enumerate(own):
            i = solver.index[self.evidence.quantity[id]]
            result[id] = Interval(lower[i, place :: len(own)][kind], upper[i, place :: len(own)][kind])
        return result

    @staticmethod
    def _others(solver: Solver, own: Sequence[str], found: Sequence[Conflicts]) -> Mask:
        """All units but each of `own` and disputed figures, kind by kind, except the rest of its conflict."""
        mask = solver.mask([()] * (len(own) * len(found)), np.repeat(solver.kinds[0], len(own)))
        units = [solver.unit_index[id] for id in own]
        mask[np.tile(units, len(found)), np.arange(mask.shape[1])] = False
        for kind in (kind for kind, each in enumerate(found) if each.separate):
            row, each = kind * len(own), found[kind]
            mask[[solver.unit_index[id] for id in each.disputed], row : row + len(own)] = False
            for id, members in each.members.items():
                solver.put(mask, row + own.index(id), members - {id}, True)
        return mask

    def left_out(self, id: str, scenario: int = 0) -> list[str]:
        """The units that a statistic's recomputation does without: itself and disputed others."""
        found = self.conflicts[scenario]
        own = found.members.get(id, {id})
        return [id, *(other for other in found.disputed if other not in own)]

    # -- verdicts -------------------------------------------------------------------------------

    @functools.cached_property
    def judged(self) -> NDArray[Any]:
        """The verdicts as words (scenarios × statistics).

        Each is confirmed, consistent, bounded, contradicted or unchecked.
        """
        words = np.empty((len(self.evidence.scenarios), len(self.evidence.quantity)), dtype=object)
        place = {id: number for number, id in enumerate(self.evidence.quantity)}
        for id, number in place.items():
            words[:, number] = self._judged(id)
        for scenario, found in enumerate(self.conflicts):
            words[scenario, [place[id] for id in found.disputed]] = "contradicted"
        return words

    @functools.cached_property
    def verdicts(self) -> list[dict[str, str]]:
        """The same for each scenario by statistic."""
        return [dict(zip(self.evidence.quantity, each, strict=True)) for each in self.judged.tolist()]

    def _judged(self, id: str) -> NDArray[Any]:
        quantity = self.evidence.quantity[id]
        natural, found = self.evidence.data.natural_bounds[quantity], self.recomputed[id]
        below, above = found.lower > natural.lower, found.upper < natural.upper
        inside = found.within(self.evidence.own[id].interval)
        choices = [~(below | above), inside, below & above]
        number = np.select(choices, [0, 1, 2], 3)
        return np.array(["unchecked", "confirmed", "consistent", "bounded"], dtype=object)[number]
