"""Which slips would make a report hold together again: of one figure, or of two.

A figure can only be to blame alone if everything else holds together without it. Each candidate
slip of such a figure is tried against all the other evidence; where no figure alone can be to
blame, pairs are tried. What was printed stays as it is: this is an explanation, not a correction.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recount import slips
from recount.evidence import Evidence
from recount.intervals import Interval
from recount.panel import Conflicts
from recount.slips import Slip
from recount.solver import Solver

# Candidates of each figure of a pair that are tried with each of the other's.
_EACH = 40


@dataclass(frozen=True)
class Explanation:
    """Slips that together restore consistency; `rank` 1 is the most plausible, ties share a rank."""

    statistics: tuple[str, ...]
    printed: tuple[str, ...]
    slips: tuple[str, ...]
    rank: int


Trial = tuple[Iterable[str], Mapping[str, Slip]]


def explanations(evidence: Evidence, found: Conflicts, solvers: Sequence[Solver]) -> list[Explanation]:
    """Every explanation of a scenario's conflicts, network by network, the most plausible first."""
    result: list[Explanation] = []
    suspects = dict.fromkeys(id for c in (*found.separate, *found.overlapping) for id in c.statistics)
    for solver in solvers:
        own = [id for id in suspects if evidence.quantity[id] in solver.index]
        if own:
            result += _ranked(_alone(evidence, solver, own) or _in_pairs(evidence, solver, own))
    return result


def mended(evidence: Evidence, solver: Solver, id: str, aside: Sequence[str]) -> list[Slip]:
    """The slips of one figure that restore consistency, with some figures set aside."""
    trials: list[Trial] = [(aside, {id: slip}) for slip in _slips(evidence, id)]
    return [instead[id] for instead in _tried(evidence, solver, trials)]


def _slips(evidence: Evidence, id: str) -> list[Slip]:
    return slips.candidates(evidence.printed[0][id], evidence.data.readings)


def _alone(evidence: Evidence, solver: Solver, suspects: Sequence[str]) -> list[Mapping[str, Slip]]:
    possible = solver.possible(solver.mask([[id] for id in suspects]))
    to_blame = [id for id, empty in zip(suspects, possible.empty, strict=True) if not empty]
    return _tried(evidence, solver, [([], {id: slip}) for id in to_blame for slip in _slips(evidence, id)])


def _in_pairs(evidence: Evidence, solver: Solver, suspects: Sequence[str]) -> list[Mapping[str, Slip]]:
    pairs = list(itertools.combinations(suspects, 2))
    possible = solver.possible(solver.mask(pairs))
    found: list[Mapping[str, Slip]] = []
    for pair, empty in zip(pairs, possible.empty, strict=True):
        if empty:
            continue
        each = [mended(evidence, solver, id, [other])[:_EACH] for id, other in (pair, pair[::-1])]
        both: list[Trial] = [([], dict(zip(pair, two, strict=True))) for two in itertools.product(*each)]
        found += _tried(evidence, solver, both)
    return found


def _tried(evidence: Evidence, solver: Solver, trials: Sequence[Trial]) -> list[Mapping[str, Slip]]:
    """Those trials (figures left out, slips instead of figures) that leave a possible value."""
    if not trials:
        return []
    within = Interval(np.full((len(solver.quantities), len(trials)), -np.inf),
                      np.full((len(solver.quantities), len(trials)), np.inf))  # fmt: skip
    for row, (_, instead) in enumerate(trials):
        for id, slip in instead.items():
            quantity = evidence.quantity[id]
            i, interval = solver.index[quantity], evidence.interval(slip.printed, quantity)
            within.lower[i, row] = np.maximum(within.lower[i, row], interval.lower)
            within.upper[i, row] = np.minimum(within.upper[i, row], interval.upper)
    mask = solver.mask([[*aside, *instead] for aside, instead in trials])
    for row, (_, instead) in enumerate(trials):
        for id in (id for id, slip in instead.items() if slip.kind == "percent_or_point"):
            # the figure stays the same number: what it is to the others changes
            spares = [rule.id for rule in solver.rules if evidence.spare(rule.id, id) in solver.unit_index]
            solver.put(mask, row, spares, False)
            solver.put(mask, row, [evidence.spare(rule, id) for rule in spares], True)
    empty = solver.possible(mask, within=within).empty
    return [instead for (_, instead), gone in zip(trials, empty, strict=True) if not gone]


def _ranked(found: Sequence[Mapping[str, Slip]]) -> list[Explanation]:
    def place(instead: Mapping[str, Slip]) -> int:
        return sum(slips.rank(slip.kind) for slip in instead.values())

    ranks = {key: number for number, key in enumerate(sorted({place(each) for each in found}), start=1)}
    made = []
    for each in sorted(found, key=place):
        printed, kinds = zip(*((slip.printed, slip.kind) for slip in each.values()), strict=True)
        made.append(Explanation(tuple(each), printed, kinds, ranks[place(each)]))
    return made
