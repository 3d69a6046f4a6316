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

from recount.arithmetic.ends import Ends
from recount.arithmetic.intervals import Interval
from recount.arithmetic.network import Box, System
from recount.audit import slips
from recount.audit.evidence import Evidence
from recount.audit.judgement import Judgement
from recount.audit.settings import Settings
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

    @property
    def record(self) -> dict[str, str]:
        """The same as plain values, with the other quantity where there is one."""
        return {"printed": self.printed, "kind": self.kind} | ({"quantity": self.of} if self.of else {})


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


class Case:
    """One network of evidence, and the slips that can be tried on its figures.

    Parameters
    ----------
    evidence, settings : what the network is of
    judged : the network with its conflicts
    """

    def __init__(self, evidence: Evidence, settings: Settings, judged: Judgement):
        self.evidence, self.settings = evidence, settings
        self.system, self.conflicts = judged.system, judged.conflicts
        self._every = (*self.conflicts.separate, *self.conflicts.overlapping)
        self._members = [set(conflict.statistics) for conflict in self._every]
        self.printed = evidence.printed | dict(settings.overrides or {})
        # what is asked for again and again, for one pair of figures after another
        self._boxes: dict[frozenset[str], Box | None] = {}
        self._considered: dict[str, list[Candidate]] = {}
        self._mended: dict[tuple[str, ...], list[Candidate]] = {}
        self._put_back: dict[tuple[frozenset[str], str], Box | None] = {}

    def explained(self) -> list[Explanation]:
        """The explanations of the network's conflicts: by one suspect or by two, the most plausible first."""
        suspects = list(dict.fromkeys(id for conflict in self._every for id in conflict.statistics))
        to_blame = [id for id in suspects if self._hold_without(id)]
        alone: list[Meant] = [{id: candidate} for id in to_blame for candidate in self.mended(id, [])]
        enough = {(id, candidate) for meant in alone for id, candidate in meant.items()}
        explained = {id for id, _ in enough}
        pairs = self._in_pairs([id for id in suspects if id not in explained])
        pairs = [meant for meant in pairs if enough.isdisjoint(meant.items())]
        return _ranked(alone + pairs, self._scores(alone) + self._scores(pairs))

    def mended(self, id: str, aside: Sequence[str]) -> list[Candidate]:
        """The slips of one figure that restore consistency, with some figures set aside."""
        key = (id, *aside)
        if key not in self._mended:
            tried = self._candidates(id)
            self._mended[key] = [candidate for candidate in tried if self._left(aside, {id: candidate})]
        return self._mended[key]

    # -- candidates -----------------------------------------------------------------------------

    def _candidates(self, id: str) -> list[Candidate]:
        if id not in self._considered:
            self._considered[id] = self._sought(id)
        return self._considered[id]

    def _sought(self, id: str) -> list[Candidate]:
        printed, quantity = self.printed[id], self.evidence.quantity[id]
        a_year_off = _a_year_off(printed) if self.evidence.data.units[quantity] == "year" else []
        candidates = [*self._elsewhere(printed, quantity)]
        candidates += [Candidate(text, "period") for text in a_year_off]
        other_unit = bool(self._spared(id))
        for slip in slips.candidates(printed, self.evidence.data.readings):
            possible = slip.printed not in a_year_off and self._readable(slip.printed, quantity)
            if possible and (other_unit or slip.kind != "percent_or_point"):
                candidates.append(Candidate(slip.printed, slip.kind))
        return candidates

    def _spared(self, id: str) -> list[str]:
        """The relations that say something else of a figure when its percent are points."""
        spares = {rule.id for rule in self.system.network.rules if rule.spare}
        return [rule for rule in self.system.pieces if self.evidence.spare(rule, id) in spares]

    def _readable(self, printed: str, quantity: str) -> bool:
        """Whether it can be read, and near its number there is something that the quantity can be."""
        try:
            near = self._near(printed, quantity)
        except NumeralError:  # such as 110.8 of a quantity that takes whole numbers only
            return False
        return near.overlaps(self.evidence.data.natural_bounds[quantity])

    def _elsewhere(self, printed: str, quantity: str) -> Iterator[Candidate]:
        """The figure as that of another date or territory: of the same unit, two relations away at most."""
        units, places = self.evidence.data.units, self.evidence.data.places
        date, scope = places[quantity]
        for other in _near_to(self.system, _near_to(self.system, {quantity})):
            moved = (places[other][0] != date, places[other][1] != scope)
            same = units[other] == units[quantity] and any(moved) and not all(moved)
            if same and self._readable(printed, other):
                yield Candidate(printed, "period" if moved[0] else "territory", other)

    # -- trials ---------------------------------------------------------------------------------

    def _pieces(self, aside: Iterable[str], meant: Meant) -> frozenset[str]:
        """The evidence without figures set aside and those to be replaced."""
        pieces = set(self.system.pieces).difference(aside, meant)
        for id in (id for id, candidate in meant.items() if candidate.kind == "percent_or_point"):
            # the figure stays the same number: what it is to the others changes
            spared = self._spared(id)
            pieces = pieces.difference(spared).union(self.evidence.spare(rule, id) for rule in spared)
        return frozenset(pieces)

    def _settled(self, pieces: frozenset[str]) -> Box | None:
        if pieces not in self._boxes:
            self._boxes[pieces] = self.system.add(self.system.nothing_known, pieces)
        return self._boxes[pieces]

    def _hold_without(self, *ids: str) -> bool:
        """Whether everything else holds together without these figures.

        It does not while a known conflict is left untouched, which costs nothing to see.
        """
        hit = not any(conflict.isdisjoint(ids) for conflict in self._members)
        return hit and self._left(ids, {}) is not None

    def _left(self, aside: Iterable[str], meant: Meant) -> Box | None:
        """What is left with candidates in place of figures, and other figures set aside."""
        return self.system.answered(self._limited(aside, meant))

    def _limited(self, aside: Iterable[str], meant: Meant) -> Box | None:
        """The same before open questions are answered."""
        return self.system.limited(self._settled(self._pieces(aside, meant)), self._limits(meant))

    def _limits(self, meant: Meant) -> list[tuple[str, Ends]]:
        limits = []
        for id, candidate in meant.items():
            quantity = candidate.of or self.evidence.quantity[id]
            interval = self._interval(candidate.printed, quantity)
            limits.append((quantity, (interval.lower, interval.upper)))
        return limits

    # -- pairs ----------------------------------------------------------------------------------

    def _in_pairs(self, suspects: Sequence[str]) -> list[Meant]:
        """Two suspects, or one with a figure next to it whose own conflict it hides."""
        known = set(suspects)
        pool = [*suspects, *(id for id in self._beside(known) if id not in known)][:_SUSPECTS]
        pairs = [pair for pair in itertools.combinations(pool, 2) if known.intersection(pair)]
        return [meant for pair in pairs if self._hold_without(*pair) for meant in self._both(*pair)]

    def _both(self, id: str, other: str) -> list[Meant]:
        """Candidates of both figures that do together."""
        quantity = self.evidence.quantity[other]
        seconds = [
            (second, self._interval(second.printed, second.of or quantity))
            for second in self._candidates(other)
        ]
        trials = 0
        doing: list[Meant] = []
        for first in self._candidates(id):
            box = self._limited([other], {id: first})
            answered = self.system.answered(box)
            if answered is None:
                continue
            room = Interval(*self.system.at(answered, quantity))
            for second, interval in seconds:
                elsewhere = second.of or second.kind == "percent_or_point"
                # a second candidate outside of what the first one leaves is not worth trying
                if trials == _PAIRS or not (elsewhere or interval.overlaps(room)):
                    continue
                trials += 1
                meant = {id: first, other: second}
                if second.kind == "percent_or_point":
                    left = self._left([], meant)
                else:
                    left = self.system.answered(self.system.limited(box, self._limits({other: second})))
                if left is not None:
                    doing.append(meant)
        return doing

    def _beside(self, suspects: Collection[str]) -> list[str]:
        """The report's figures of quantities that stand in one relation with a suspect's."""
        near = _near_to(self.system, {self.evidence.quantity[id] for id in suspects})
        figures = self.system.figures.items()
        return [id for id, figure in figures if id in self.evidence.quantity and figure.quantity in near]

    # -- ranking --------------------------------------------------------------------------------

    def _scores(self, explaining: Sequence[Meant]) -> list[float]:
        """Logarithm (base 10) of how much each explanation's slips say, by their number and their fit.

        Every figure that any of them blames is taken out, and put back one after another, mended or as
        printed: the product of the parts that these are of what was still possible is the chance of all
        of them together.
        """
        blamed = list(dict.fromkeys(id for meant in explaining for id in meant))[:_SUSPECTS]
        self._put_back.clear()
        ways = {id: Counter(candidate.kind for candidate in self._candidates(id)) for id in blamed}
        return [self._score(meant, blamed, ways) for meant in explaining]

    def _score(self, meant: Meant, blamed: Sequence[str], ways: Mapping[str, Counter[str]]) -> float:
        pieces = self._pieces(blamed, meant)
        box, score, as_printed = self._settled(pieces), 0.0, True
        for id in blamed:
            candidate = meant.get(id, Candidate(self.printed[id], ""))
            quantity = candidate.of or self.evidence.quantity[id]
            near = self._near(candidate.printed, quantity)
            left = self.system.answered(box)
            allowed = Interval(*self.system.at(left, quantity)) if left else Interval(math.inf, -math.inf)
            score += math.log10(_fit(near, allowed, self.evidence.whole[quantity]))
            score -= math.log10(ways[id][candidate.kind] or 1)
            hit = near if near.overlaps(allowed) else self._interval(candidate.printed, quantity)
            limits = [(quantity, (hit.lower, hit.upper))]
            as_printed = as_printed and id not in meant
            if as_printed:  # as explanations of later figures begin, too
                if (pieces, id) not in self._put_back:
                    self._put_back[pieces, id] = self.system.limited(box, limits)
                box = self._put_back[pieces, id]
            else:
                box = self.system.limited(box, limits)
        return score

    def _interval(self, printed: str, quantity: str) -> Interval:
        """What a figure can stand for as a value of a quantity."""
        reading, rounding = self.settings.reading, self.settings.rounding
        return self.evidence.interval(printed, reading, rounding, self.evidence.whole[quantity])

    def _near(self, printed: str, quantity: str) -> Interval:
        """A figure's interval; of one without an end, what lies within two steps of its number."""
        own, figure = self._interval(printed, quantity), self.evidence.data.figure(printed)
        reach = 2 * float(figure.step)
        if math.isinf(own.upper):
            return Interval(own.lower, own.lower + reach)
        return Interval(own.upper - reach, own.upper) if math.isinf(own.lower) else own


def _a_year_off(printed: str) -> list[str]:
    numbers = re.findall(r"\d+", printed)
    if len(numbers) != 1:
        return []
    return [printed.replace(numbers[0], str(int(numbers[0]) + by)) for by in (-1, 1) if int(numbers[0]) + by]


def _near_to(system: System, quantities: Collection[str]) -> list[str]:
    """The quantities that stand in a relation with one of these."""
    kept = set(quantities)
    tied = [rule.program.names for rule in system.network.rules if not kept.isdisjoint(rule.program.names)]
    return list(dict.fromkeys(itertools.chain(*tied)))


def _fit(own: Interval, allowed: Interval, whole: bool) -> float:
    """A figure's width as a part of the range that it had to hit, or of ten times its size.

    A hundredth of that where it misses the range: a hedge that is true, but far from the value.
    """
    size = max(abs(own.lower), abs(own.upper))
    width = own.width + whole
    room = min(allowed.width, 10 * size) + whole
    missed = 1.0 if own.overlaps(allowed) else 0.01
    return missed * (min(1.0, max(width, 1e-12 * size) / room) if room > 0 < size else 1.0)


def _ranked(explaining: Sequence[Meant], scores: Sequence[float]) -> list[Explanation]:
    """One slip before two; among as many, by score, then by the order of the kinds."""

    def kinds(meant: Meant) -> int:
        return sum(slips.rank(candidate.kind) for candidate in meant.values())

    order = sorted(
        zip(explaining, scores, strict=True), key=lambda f: (len(f[0]), -round(f[1], 6), kinds(f[0]))
    )
    explained: list[Explanation] = []
    rank, best = 0, (0, 0.0)
    for meant, score in order:
        if not explained or len(meant) > best[0] or score < best[1] - _TIE:
            rank, best = rank + 1, (len(meant), score)
        slipped = [(candidate.printed, candidate.kind, candidate.of) for candidate in meant.values()]
        printed, kinds_of_slip, of = zip(*slipped, strict=True)
        explained.append(Explanation(tuple(meant), printed, kinds_of_slip, rank, of))
    return explained
