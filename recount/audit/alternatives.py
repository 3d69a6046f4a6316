"""Assumptions and rival answers, each tried by itself on the figures as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recount.arithmetic.network import System
from recount.arithmetic.smallest import smallest
from recount.audit.conflicts import Conflict
from recount.audit.evidence import Evidence
from recount.audit.settings import Settings


def refuted(
    evidence: Evidence, settings: Settings, conflicts: Sequence[Conflict], tried: Sequence[str]
) -> dict[str, list[str]]:
    """Those of the relations `tried` that the rest of the evidence rules out, with what does.

    Assumptions that are in a conflict are set aside, and so are rival answers, and what is not in force.
    """
    relaxed = {piece for c in conflicts for piece in (c.assumptions or c.statistics)}
    off = {id for id, state in evidence.states(settings).items() if state != "on"}
    against = {}
    for id, system in _homes(evidence, settings, tried):
        rivals = {other for other, q in evidence.question.items() if q == evidence.question[id] != ""}
        without = (off | relaxed | rivals) - {id}
        order = [piece for piece in evidence.by_preference(system.pieces) if piece not in without]
        if system.possible(order) is None:
            against[id] = smallest(order, system.nothing_known, system.add, lambda box: box is None)
    return against


def _homes(evidence: Evidence, settings: Settings, tried: Sequence[str]) -> Iterator[tuple[str, System]]:
    """Each relation with the network that it belongs to when every relation is in force."""
    parts = evidence.parts(settings, dict.fromkeys(evidence.basis, "on"))
    systems = [evidence.system(*part) for part in parts]
    home = {rule.id: system for system in systems for rule in system.network.rules}
    for id in tried:
        if id in home:
            yield id, home[id]
