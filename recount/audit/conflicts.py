"""Sets of figures and relations that cannot all hold, looked for in one network."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recount.arithmetic.network import Box, System
from recount.arithmetic.smallest import smallest
from recount.arithmetic.traces import traces
from recount.audit.evidence import Evidence
from recount.audit.settings import AuditError

# In a network of so many figures the neighbourhood of each is searched. In a larger one conflicts are looked
# for among the evidence that contraction came to its contradictions by.
_NEIGHBOURHOODS = 32
_OVERLAPPING = 16


class Conflict(NamedTuple):
    """A smallest set of figures and rules that cannot all hold."""

    pieces: tuple[str, ...]
    statistics: tuple[str, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Conflicts:
    """Disjoint ones, set aside one after another, and others that share a figure."""

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


def conflicts(evidence: Evidence, system: System) -> Conflicts:
    """The conflicts of one network: smallest first; their figures are set aside, the rest is tried again."""
    search = _Search(evidence, system)
    search.check()
    taken, result = list(system.pieces), Conflicts()
    while system.possible(taken) is None:
        result = _sorted_out(result, search.minimal_sets(taken))
        taken = [piece for piece in taken if piece not in result.disputed]
    return result


class _Search:
    def __init__(self, evidence: Evidence, system: System):
        self.evidence, self.system = evidence, system
        self.preferred = evidence.by_preference(system.pieces)
        self._orders: dict[str, list[str]] = {}
        # linear relations are asked together only where contraction alone sees no conflict: it is quicker
        self._together = False
        self._kept: dict[tuple[str, ...], list[str]] = {}

    def check(self) -> None:
        """Raise AuditError for a relation such as `growth == growth + 1`, before a figure is blamed for it.

        Contraction does not see it: it pushes an end up by one again and again.
        """
        for piece in self.system.pieces:
            if piece in self.evidence.impossible:
                raise AuditError(self._blameless([piece]))

    def minimal_sets(self, taken: list[str]) -> set[Conflict]:
        """Conflicts among the pieces taken.

        Then again without each member of those that came out, for what they overlap with (Reiter, "A
        theory of diagnosis from first principles", Artificial Intelligence 32, 1987; one level of his tree).
        """
        self._together = False
        self._together = not self._fails_of(taken)
        starts = [piece for piece in taken if piece in self.evidence.quantity] or [""]
        if len(starts) > _NEIGHBOURHOODS:
            sets = self._traced(taken)
            return {self._conflict(members) for members in self._without_each(taken, sets)}
        sets = [self._smallest(taken, start) for start in starts]
        again = []
        for member in (piece for piece in taken if any(piece in members for members in sets)):
            rest = [piece for piece in taken if piece != member]
            if self._fails_of(rest):
                again.append(self._smallest(rest, starts[-1]))
        return {self._conflict(members) for members in (*sets, *again)}

    def _traced(self, taken: list[str]) -> list[list[str]]:
        """Of each trace of a contradiction a smallest conflict, unless one that is known is in it.

        Of those that share a figure with others only some: read by the wrong rule, every share of one total
        contradicts it.
        """
        sets: list[list[str]] = []
        touched: set[str] = set()
        for trace in traces(self.system, taken):
            if len(sets) >= _OVERLAPPING and not touched.isdisjoint(trace):
                continue
            if not any(set(members) <= set(trace) for members in sets) and self._fails_of(trace):
                sets.append(self._smallest(trace, ""))
                touched.update(piece for piece in sets[-1] if piece in self.evidence.quantity)
        return sets or [self._smallest(taken, "")]

    def _without_each(self, taken: list[str], sets: list[list[str]]) -> list[list[str]]:
        """The conflicts, with one more without each member that all of them share."""
        shared = set(taken).intersection(*sets)
        for member in (piece for piece in taken if piece in shared):
            rest = [piece for piece in taken if piece != member]
            if all(member in members for members in sets) and self._fails_of(rest):
                sets = [*sets, self._traced(rest)[0]]
        return sets

    def _fails_of(self, pieces: Iterable[str]) -> bool:
        return self._fails(self.system.add(self.system.nothing_known, pieces))

    def _smallest(self, taken: Iterable[str], start: str) -> list[str]:
        """A smallest conflict among the pieces taken, as near as can be to a figure."""
        kept = set(taken)
        order = tuple(piece for piece in self._order(start) if piece in kept)
        members = smallest(order, self.system.nothing_known, self.system.add, self._fails)
        if self._together or self.system.network.linear is None:
            return members
        # what contraction needs for it may be more than what linear relations together do
        return self._refined(tuple(members))

    def _refined(self, members: tuple[str, ...]) -> list[str]:
        """A smallest part of a conflict that cannot hold by linear relations together."""
        if members not in self._kept:
            self._kept[members] = smallest(
                members, self.system.nothing_known, self.system.add, self._impossible
            )
        return self._kept[members]

    def _impossible(self, box: Box | None) -> bool:
        return self.system.answered(box, together=True) is None

    def _fails(self, box: Box | None) -> bool:
        return self.system.answered(box, self._together) is None

    def _order(self, start: str) -> list[str]:
        """All pieces, the nearest to a figure first."""
        if start and start not in self._orders:
            away = _distances(self.system, self.evidence.quantity[start])
            self._orders[start] = sorted(self.preferred, key=lambda piece: away.get(piece, 0))
        return self._orders.get(start, self.preferred)

    def _conflict(self, members: list[str]) -> Conflict:
        pieces = tuple(piece for piece in self.system.pieces if piece in members)
        statistics = tuple(piece for piece in pieces if piece in self.evidence.quantity)
        if not statistics:
            raise AuditError(self._blameless(pieces))
        assumed = tuple(piece for piece in pieces if self.evidence.basis.get(piece) == "assumption")
        return Conflict(pieces, statistics, assumed)

    def _blameless(self, pieces: Sequence[str]) -> str:
        """What is wrong where no figure of the report is to blame."""
        texts = self.evidence.data.relations["relation"]
        named = [f"{piece} ({texts[piece]})" if piece in texts.index else piece for piece in pieces]
        if len(pieces) == 1:
            return (
                f"{named[0]}: found no value that satisfies it, whatever the figures; expected a relation "
                f"that can hold. Correct it, or switch it off: assumptions={{{pieces[0]!r}: False}}."
            )
        return (
            "references and relations contradict each other without any figure of the report: found "
            f"{', '.join(named)}; expected what can hold together. Correct or switch off one of them."
        )


def _sorted_out(old: Conflicts, new: Iterable[Conflict]) -> Conflicts:
    """The smallest of the new conflicts stand by themselves as long as they share no figure."""
    separate, overlapping = list(old.separate), list(old.overlapping)
    taken = set(old.disputed)
    for conflict in sorted(
        new, key=lambda c: (len(c.pieces), len(c.assumptions), len(c.statistics), c.pieces)
    ):
        if taken.isdisjoint(conflict.statistics):
            separate.append(conflict)
            taken |= set(conflict.statistics)
        else:
            overlapping.append(conflict)
    return Conflicts(tuple(separate), tuple(overlapping))


def _distances(system: System, quantity: str) -> dict[str, int]:
    """How many relations lie between a quantity and each piece."""
    away, pieces, step = {quantity: 0}, dict[str, int](), 0
    reached = [quantity]
    while reached:
        step, met = step + 1, set(reached)
        touched = [
            rule
            for rule in system.network.rules
            if rule.id not in pieces and not met.isdisjoint(rule.program.names)
        ]
        for rule in touched:
            pieces[rule.id] = step
            pieces.setdefault(rule.question, step)
        reached = [name for rule in touched for name in rule.program.names if name not in away]
        away |= dict.fromkeys(reached, step)
    return pieces | {id: away.get(figure.quantity, step) for id, figure in system.figures.items()}
