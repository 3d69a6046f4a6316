"""The linear relations of a network, found by multiplying relations out.

Of a product of two levels either can be the factor, known as an interval, and both ways hold. A relation
of rates alone is linear in these.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction

from recount.arithmetic.cone import ONE, Factor, Factors, Linear, Ratio, Sum
from recount.arithmetic.polynomials import Polynomial, cleared, polynomial, times, written_out
from recount.arithmetic.relations import Expression, Name, Operation, Relation, compiled, names

# More inequalities than this, two of a sum and one of a quantity, make a network a large one.
_LARGE = 200

Terms = dict[str, Polynomial]
"""Factors by quantity, with "" for the number one."""


def linear(
    quantities: Sequence[str],
    levels: frozenset[str],
    relations: Sequence[Relation],
    choice: int | None = None,
) -> Linear | None:
    """What linear relations of a network say together; None where they say nothing.

    What contraction sees is left out, unless one `choice` is asked for of which quantity of a product is
    the factor: the last (0) or the first (-1).

    Parameters
    ----------
    quantities : in the order of the boxes
    levels : those that have a size
    relations : of the rules, in their order
    """
    index = {name: i for i, name in enumerate(quantities)} | {"": ONE}
    tied = [[index[name] for name in (*names(r.left), *names(r.right))] for r in relations]
    tangled = _tangled(tied) if choice is None else set(range(len(tied)))
    sums: list[Sum] = []
    ratios: dict[int, list[Ratio]] = {}
    for rule in tangled:
        for terms in _sums(relations[rule], levels, (0, -1) if choice is None else (choice,)):
            sums.append(Sum(rule, relations[rule].symbol, _factors(terms, index)))
            for ratio in _ratios(rule, terms, index, levels) if relations[rule].symbol == "==" else ():
                for quantity in ratio.value.slots:
                    ratios.setdefault(quantity, []).append(ratio)
    inside = {quantity for rule in tangled for quantity in tied[rule]}
    outside = [quantities for rule, quantities in enumerate(tied) if rule not in tangled]
    large = 2 * len(sums) + len(inside) > _LARGE
    return Linear(sums, ratios, {} if large else _gates(inside, outside)) if sums else None


def _sums(relation: Relation, levels: frozenset[str], choices: Sequence[int]) -> list[Terms]:
    """The relation as a sum of factors that is compared with zero.

    None where it is not linear, two where products of two quantities leave a choice.
    """
    sized = not levels.isdisjoint(relation.names)
    difference = polynomial(Operation("-", relation.left, relation.right))
    # an equation stays true by whatever it is multiplied with, an inequality by what is not negative
    equal = relation.symbol == "=="
    terms = cleared(difference, lambda atom: isinstance(atom, Name) and (equal or atom.id in levels))
    atoms = {atom for monomial in terms for atom, _ in monomial if not isinstance(atom, Name)}
    if any(not levels.isdisjoint(names(atom)) for atom in atoms):
        return []
    sums = []
    for choice in choices:
        factors: Terms = {}
        for monomial, number in terms.items():
            possible = [atom.id for atom, k in monomial if isinstance(atom, Name) and k > 0]
            possible = [name for name in possible if (name in levels) == sized] or [""]
            name = possible[choice]
            rest = (
                times({monomial: number}, {((Name(name), -1),): Fraction(1)}) if name else {monomial: number}
            )
            factors.setdefault(name, {}).update(rest)
        sums.append(factors)
    return sums if sums[0] != sums[-1] else sums[:1]


def _ratios(rule: int, terms: Terms, index: Mapping[str, int], levels: frozenset[str]) -> Iterator[Ratio]:
    """Each atom in the factors as one sum by another, where it multiplies levels alone."""
    powers = {pair: 0 for factor in terms.values() for monomial in factor for pair in monomial}
    for atom in {atom: 0 for atom, _ in powers}:
        over, under = Terms(), Terms()
        for name, factor in terms.items():
            having = {monomial: number for monomial, number in factor.items() if (atom, 1) in monomial}
            under[name] = times(having, {((atom, -1),): Fraction(1)})
            over[name] = {monomial: -number for monomial, number in factor.items() if monomial not in having}
        multiplied = {name for name, factor in under.items() if factor}
        if names(atom) and multiplied <= levels and not any(a == atom and k != 1 for a, k in powers):
            yield Ratio(rule, _factors(over, index), _factors(under, index), _factor(atom, index))


def _factors(terms: Terms, index: Mapping[str, int]) -> Factors:
    return {index[name]: _factor(written_out(factor), index) for name, factor in terms.items() if factor}


def _factor(expression: Expression, index: Mapping[str, int]) -> Factor:
    program = compiled(Relation.of(expression, "==", Name("")))
    return Factor(program.shape, tuple(index[name] for name in program.names[:-1]))


def _tangled(tied: Sequence[Sequence[int]]) -> set[int]:
    """The rules that stand in circles, or between them, of those that tie quantities.

    One that shares a single quantity with the others says nothing of it that contraction has not seen,
    unless some quantity stands in it twice.
    """
    tangled = set(range(len(tied)))
    standing = Counter(quantity for quantities in tied for quantity in quantities)
    touching = _touching(tied)
    waiting = deque(tangled)
    while waiting:
        rule = waiting.popleft()
        repeated = len(set(tied[rule])) < len(tied[rule])
        if rule in tangled and not repeated and sum(standing[q] > 1 for q in tied[rule]) < 2:
            tangled.discard(rule)
            standing.subtract(tied[rule])
            waiting += [other for quantity in tied[rule] for other in touching[quantity]]
    return tangled


def _gates(inside: Collection[int], outside: Sequence[Sequence[int]]) -> dict[int, int]:
    """The quantity `inside` circles from which each one hangs, by the rules outside of them."""
    gates = {quantity: quantity for quantity in inside}
    touching = _touching(outside)
    waiting = deque(inside)
    while waiting:
        quantity = waiting.popleft()
        for other in (other for rule in touching.get(quantity, ()) for other in outside[rule]):
            if other not in gates:
                gates[other] = gates[quantity]
                waiting.append(other)
    return gates


def _touching(tied: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """The rules that each quantity stands in."""
    touching: dict[int, list[int]] = {}
    for rule, quantities in enumerate(tied):
        for quantity in quantities:
            touching.setdefault(quantity, []).append(rule)
    return touching
