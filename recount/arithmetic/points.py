"""Relations of percentage points read as relations of percent, and the reverse."""

from __future__ import annotations

from fractions import Fraction

from recount.arithmetic.polynomials import cleared, polynomial, times
from recount.arithmetic.relations import ONE, Name, Operation, Relation


def counterpart(relation: Relation, subject: str, points: bool) -> Relation | None:
    """What the relation would say if `subject` were in points instead of percent, or the reverse.

    `subject == after / before - 1` is `subject == after - before` in points; None for a relation of
    another form.
    """
    names = [Name(name) for name in relation.names]
    if relation.symbol != "==" or len(names) != 3 or subject not in relation.names:
        return None
    x = Name(subject)
    terms = cleared(polynomial(Operation("-", relation.left, relation.right)))
    after, before = (name for name in names if name != x)
    for a, b in ((after, before), (before, after)):
        difference, growth = Operation("-", a, b), Operation("-", Operation("/", a, b), ONE)
        here, there = (growth, difference) if points else (difference, growth)
        same = cleared(polynomial(Operation("-", x, here)))
        if terms in (same, times(same, {(): Fraction(-1)})):
            return Relation.of(x, "==", there)
    return None
