"""Which slips would make a report hold together again: of one figure, or of two.

A figure can only be to blame alone if everything else holds together without it. Each candidate
slip of such a figure is tried against all the other evidence, and then pairs of figures neither of
which can be to blame alone. A candidate is the figure printed otherwise, or the same figure as that
of another date or territory. What was printed stays: this is an explanation, not a correction.

Explanations are ranked by how little chance they leave. All kinds of slip count as equally frequent,
for nobody has counted them in newspapers; of `n` slips of one kind that a figure can have suffered
each has one part in `n`. And a figure that has to lie in some range, for all that the others say, hits
it by chance as often as its own width is a part of that range: an explanation that makes all figures
hit narrow ranges says more than one that leaves them room.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recount.arithmetic.intervals import Interval
from recount.arithmetic.relations import Mask
from recount.arithmetic.solver import Possible, Solver
from recount.audit import slips
from recount.audit.evidence import OWN, Evidence
from recount.audit.panel import Conflicts
from recount.figures.digits import NumeralError

# Figures that pairs are made of, and candidates for one pair: the most plausible kinds come first.
_SUSPECTS, _PAIRS = 16, 2000
_TIE = math.log10(3)


@dataclass(frozen=True)
class Candidate:
    """What may have been meant: a figure as `printed`, of the statistic's quantity or another one."""

    printed: str
    kind: str
    of: str = ""


@dataclass(frozen=True)
class Explanation:
    """Slips that together restore consistency; `rank` 1 is the most plausible.

    Those within a factor of three of the best of a rank are ties. Item by item: the statistics, what
    was meant for each, the kinds of slip, and the quantity that the figure is of instead (empty where
    it is of the statistic's own).
    """

    statistics: tuple[str, ...]
    printed: tuple[str, ...]
    slips: tuple[str, ...]
    rank: int
    of: tuple[str, ...] = ()


Meant = Mapping[str, Candidate]
Trial = tuple[Iterable[str], Meant]


def explanations(evidence: Evidence, found: Conflicts, solvers: Sequence[Solver]) -> list[Explanation]:
    """Every explanation of a scenario's conflicts, network by network, the most plausible first."""
    result: list[Explanation] = []
    suspects = dict.fromkeys(id for c in (*found.separate, *found.overlapping) for id in c.statistics)
    for solver in solvers:
        own = [id for id in suspects if evidence.quantity[id] in solver.index]
        if own:
            result += Case(evidence, solver).explained(own)
    return result


class Case:
    """One network in conflict, and the slips that can be tried on its figures."""

    def __init__(self, evidence: Evidence, solver: Solver):
        self.evidence, self.solver = evidence, solver

    def explained(self, suspects: Sequence[str]) -> list[Explanation]:
        """The explanations by one of the suspects, then those by two figures."""
        to_blame = self._to_blame([[id] for id in suspects])
        alone: list[Meant] = [{id: one} for (id,) in to_blame for one in self.mended(id, [])]
        enough = {(id, candidate) for meant in alone for id, candidate in meant.items()}
        explained = {id for id, _ in enough}
        pairs = self._in_pairs([id for id in suspects if id not in explained])
        pairs = [meant for meant in pairs if enough.isdisjoint(meant.items())]
        return _ranked(alone + pairs, self._scores(alone) + self._scores(pairs))

    def mended(self, id: str, aside: Sequence[str]) -> list[Candidate]:
        """The slips of one figure that restore consistency, with some figures set aside."""
        trials: list[Trial] = [(aside, {id: candidate}) for candidate in self._candidates(id)]
        return [meant[id] for meant in self._tried(trials)]

    def _candidates(self, id: str) -> list[Candidate]:
        printed, quantity = self.evidence.printed[0][id], self.evidence.quantity[id]
        a_year_off = _a_year_off(printed) if self.evidence.data.units[quantity] == "year" else []
        found = [*self._elsewhere(printed, quantity)]
        found += [Candidate(text, "period") for text in a_year_off]
        other_unit = bool(self._spared(id))
        for slip in slips.candidates(printed, self.evidence.data.readings):
            possible = slip.printed not in a_year_off and self._readable(slip.printed, quantity)
            if possible and (other_unit or slip.kind != "percent_or_point"):
                found.append(Candidate(slip.printed, slip.kind))
        return found

    def _spared(self, id: str) -> list[str]:
        """The relations that say something else of a figure when its percent are points."""
        units = self.solver.unit_index
        return [rule.id for rule in self.solver.rules if self.evidence.spare(rule.id, id) in units]

    def _readable(self, printed: str, quantity: str) -> bool:
        """Whether it can be read, and near its number there is something that the quantity can be."""
        try:
            near = self._near(printed, quantity)
        except NumeralError:  # such as 11余户: more than 11 and less than 12 households
            return False
        return bool(near.overlaps(self.evidence.data.natural_bounds[quantity]))

    def _elsewhere(self, printed: str, quantity: str) -> Iterator[Candidate]:
        """The figure as that of another date or territory: of the same unit, two relations away at most."""
        units, places = self.evidence.data.units, self.evidence.data.places
        date, scope = places[quantity]
        for other in _near_to(self.solver, _near_to(self.solver, {quantity})):
            moved = (places[other][0] != date, places[other][1] != scope)
            if units[other] == units[quantity] and any(moved) and not all(moved):
                yield Candidate(printed, "period" if moved[0] else "territory", other)

    def _to_blame(self, sets: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        """Those sets of figures without which everything else holds together."""
        if not sets:
            return []
        empty = self.solver.possible(self.solver.mask(sets)).empty
        return [ids for ids, gone in zip(sets, empty, strict=True) if not gone]

    def _in_pairs(self, suspects: Sequence[str]) -> list[Meant]:
        """Two suspects, or one with a figure next to it whose own conflict it hides."""
        found: list[Meant] = []
        known = set(suspects)
        pool = [*suspects, *(id for id in self._beside(known) if id not in known)][:_SUSPECTS]
        pairs = [pair for pair in itertools.combinations(pool, 2) if known.intersection(pair)]
        for pair in self._to_blame(pairs):
            found += self._tried(self._both(*pair))
        return found

    def _both(self, one: str, other: str) -> list[Trial]:
        """Candidates of both figures that fit together as far as each first one narrows the second."""
        firsts, seconds = self.mended(one, [other]), self.mended(other, [one])
        if not firsts or not seconds:
            return []
        left = self._outcome([([other], {one: first}) for first in firsts])
        quantity = self.evidence.quantity[other]
        ends = [self.evidence.interval(second.printed, quantity) for second in seconds]
        each = Interval.of([end.lower for end in ends], [end.upper for end in ends])
        trials: list[Trial] = []
        for row, first in enumerate(firsts):
            fits = each.overlaps(self.solver.at(left, quantity, row))
            for second, fit in zip(seconds, fits, strict=True):
                if fit or second.of or second.kind == "percent_or_point":
                    trials.append(([], {one: first, other: second}))
        return trials[:_PAIRS]

    def _beside(self, suspects: Collection[str]) -> list[str]:
        """The report's figures of quantities that stand in one relation with a suspect's."""
        near = _near_to(self.solver, {self.evidence.quantity[id] for id in suspects})
        return [item.id for item in self.solver.items if item.kind == OWN and item.quantity in near]

    def _tried(self, trials: Sequence[Trial]) -> list[Meant]:
        """Those trials (figures left out, candidates instead of figures) that leave a possible value."""
        if not trials:
            return []
        empty = self._outcome(trials).empty
        return [meant for (_, meant), gone in zip(trials, empty, strict=True) if not gone]

    def _outcome(self, trials: Sequence[Trial]) -> Possible:
        within = _unlimited(self.solver, len(trials))
        for row, (_, meant) in enumerate(trials):
            for id, candidate in meant.items():
                quantity = candidate.of or self.evidence.quantity[id]
                interval = self.evidence.interval(candidate.printed, quantity)
                _limit(within, self.solver.index[quantity], row, interval)
        return self.solver.possible(self._without(trials), within=within)

    def _without(self, trials: Sequence[Trial]) -> Mask:
        """The evidence of each trial but for the figures it replaces."""
        mask = self.solver.mask([[*aside, *meant] for aside, meant in trials])
        for row, (_, meant) in enumerate(trials):
            for id in (id for id, candidate in meant.items() if candidate.kind == "percent_or_point"):
                # the figure stays the same number: what it is to the others changes
                self.solver.put(mask, row, self._spared(id), False)
                self.solver.put(mask, row, [self.evidence.spare(rule, id) for rule in self._spared(id)], True)
        return mask

    def _scores(self, found: Sequence[Meant]) -> list[float]:
        """Logarithm (base 10) of how much each explanation's slips say, by their number and their fit.

        Every figure that any of them blames is taken out, and put back one after another, mended or as
        printed: the product of the parts that these are of what was still possible is the chance of all
        of them together.
        """
        if not found:
            return []
        blamed = list(dict.fromkeys(id for meant in found for id in meant))[:_SUSPECTS]
        ways = {id: Counter(candidate.kind for candidate in self._candidates(id)) for id in blamed}
        mask = self._without([(blamed, meant) for meant in found])
        within = _unlimited(self.solver, len(found))
        scores = np.zeros(len(found))
        for id in blamed:
            possible = self.solver.possible(mask, within=within)
            own = Candidate(self.evidence.printed[0][id], "")
            for row, meant in enumerate(found):
                candidate = meant.get(id, own)
                quantity = candidate.of or self.evidence.quantity[id]
                near = self._near(candidate.printed, quantity)
                allowed = self.solver.at(possible, quantity, row)
                scores[row] += math.log10(_fit(near, allowed, self.evidence.whole[quantity]))
                scores[row] -= math.log10(ways[id][candidate.kind] or 1)
                hit = near if near.overlaps(allowed) else self.evidence.interval(candidate.printed, quantity)
                _limit(within, self.solver.index[quantity], row, hit)
        return scores.tolist()

    def _near(self, printed: str, quantity: str) -> Interval:
        """A figure's interval; of one without an end, what lies within two steps of its number."""
        own, figure = self.evidence.interval(printed, quantity), self.evidence.data.figure(printed)
        reach = 2 * float(figure.step)
        if np.isinf(own.upper):
            return Interval(own.lower, own.lower + reach)
        return Interval(own.upper - reach, own.upper) if np.isinf(own.lower) else own


def _a_year_off(printed: str) -> list[str]:
    numbers = re.findall(r"\d+", printed)
    if len(numbers) != 1:
        return []
    return [printed.replace(numbers[0], str(int(numbers[0]) + by)) for by in (-1, 1) if int(numbers[0]) + by]


def _near_to(solver: Solver, quantities: Collection[str]) -> list[str]:
    """The quantities that stand in a relation with one of these."""
    kept = set(quantities)
    tied = [rule.relation.names for rule in solver.rules if not kept.isdisjoint(rule.relation.names)]
    return list(dict.fromkeys(itertools.chain(*tied)))


def _unlimited(solver: Solver, rows: int) -> Interval:
    shape = (len(solver.quantities), rows)
    return Interval(np.full(shape, -np.inf), np.full(shape, np.inf))


def _limit(within: Interval, quantity: int, row: int, interval: Interval) -> None:
    within.lower[quantity, row] = np.maximum(within.lower[quantity, row], interval.lower)
    within.upper[quantity, row] = np.minimum(within.upper[quantity, row], interval.upper)


def _fit(own: Interval, allowed: Interval, whole: bool) -> float:
    """A figure's width as a part of the range that it had to hit, or of ten times its size.

    A hundredth of that where it misses the range: a hedge that is true, but far from the value.
    """
    size = max(abs(float(own.lower)), abs(float(own.upper)))
    width = float(own.upper - own.lower) + whole
    room = min(float(allowed.upper - allowed.lower), 10 * size) + whole
    missed = 1.0 if own.overlaps(allowed) else 0.01
    return missed * (min(1.0, max(width, 1e-12 * size) / room) if room > 0 < size else 1.0)


def _ranked(found: Sequence[Meant], scores: Sequence[float]) -> list[Explanation]:
    """One slip before two; among as many, by score, then by the order of the kinds."""

    def kinds(meant: Meant) -> int:
        return sum(slips.rank(candidate.kind) for candidate in meant.values())

    order = sorted(zip(found, scores, strict=True), key=lambda f: (len(f[0]), -round(f[1], 6), kinds(f[0])))
    made: list[Explanation] = []
    rank, best = 0, (0, 0.0)
    for meant, score in order:
        if not made or len(meant) > best[0] or score < best[1] - _TIE:
            rank, best = rank + 1, (len(meant), score)
        told = [(candidate.printed, candidate.kind, candidate.of) for candidate in meant.values()]
        printed, slipped, of = zip(*told, strict=True)
        made.append(Explanation(tuple(meant), printed, slipped, rank, of))
    return made
