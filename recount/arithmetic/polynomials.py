"""Expressions as sums of products: multiplied out, cleared of division, and written out again."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

from recount.arithmetic.relations import Expression, Name, Number, Operation, joined

# A product of atoms (quantities, or subexpressions taken as they stand) with their exponents.
Monomial = tuple[tuple[Expression, int], ...]
Polynomial = dict[Monomial, Fraction]


def polynomial(expression: Expression) -> Polynomial:
    """An expression as a sum of products; what cannot be multiplied out is an atom by itself."""
    if isinstance(expression, Number):
        return {(): Fraction(expression.value)} if expression.value else {}
    if isinstance(expression, Name):
        return {((expression, 1),): Fraction(1)}
    left, right = polynomial(expression.left), polynomial(expression.right)
    if expression.symbol in "+-":
        return _added(left, right, 1 if expression.symbol == "+" else -1)
    if expression.symbol == "*":
        return times(left, right)
    if expression.symbol == "/" and len(right) == 1:
        ((monomial, factor),) = right.items()
        return times(left, {tuple((atom, -n) for atom, n in monomial): 1 / factor})
    if expression.symbol == "**" and right == {(): 1}:
        return left
    return {((expression, 1),): Fraction(1)}


def _added(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    total = dict(left)
    for monomial, factor in right.items():
        total[monomial] = total.get(monomial, 0) + (factor if sign > 0 else -factor)
    return {monomial: factor for monomial, factor in total.items() if factor}


def times(left: Polynomial, right: Polynomial) -> Polynomial:
    product: Polynomial = {}
    for (m, a), (n, b) in itertools.product(left.items(), right.items()):
        powers: dict[Expression, int] = dict(m)
        for atom, k in n:
            powers[atom] = powers.get(atom, 0) + k
        monomial = tuple(sorted(((x, k) for x, k in powers.items() if k), key=repr))
        product[monomial] = product.get(monomial, 0) + a * b
    return {monomial: factor for monomial, factor in product.items() if factor}


def cleared(terms: Polynomial, of: Callable[[Expression], bool] = lambda atom: True) -> Polynomial:
    """The same comparison with zero, without division by the atoms asked for (positive ones, in a `<=`)."""
    lowest: dict[Expression, int] = {}
    for monomial in terms:
        for atom, k in monomial:
            if of(atom):
                lowest[atom] = min(lowest.get(atom, 0), k)
    return times(terms, {tuple((atom, -k) for atom, k in lowest.items() if k): Fraction(1)})


def written_out(terms: Polynomial) -> Expression:
    """A sum of products written out again."""
    return joined("+", [_monomial(monomial, factor) for monomial, factor in terms.items()])


def _monomial(monomial: Monomial, factor: Fraction) -> Expression:
    tops = [atom for atom, k in monomial for _ in range(max(k, 0))]
    bottoms = [atom for atom, k in monomial for _ in range(max(-k, 0))]
    if factor.numerator != 1 or not tops:
        tops.insert(0, Number.of(factor.numerator))
    if factor.denominator != 1:
        bottoms.append(Number.of(factor.denominator))
    top = joined("*", tops)
    return Operation("/", top, joined("*", bottoms)) if bottoms else top
