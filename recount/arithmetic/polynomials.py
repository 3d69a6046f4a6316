"""Expressions as sums of products: multiplied out, cleared of division, and written out again."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

from recount.arithmetic.relations import ONE, Expression, Name, Number, Operation, joined, names

# A product of atoms (quantities, or subexpressions taken as they stand) with their exponents.
Monomial = tuple[tuple[Expression, int], ...]
Polynomial = dict[Monomial, Fraction]
# A product of sums is multiplied out to so many terms.
_TERMS = 64


def polynomial(expression: Expression) -> Polynomial:
    """An expression as a sum of products; what cannot be multiplied out is an atom by itself."""
    if isinstance(expression, Number):
        return {(): Fraction(expression.value)} if expression.value else {}
    if isinstance(expression, Name):
        return {((expression, 1),): Fraction(1)}
    if expression.symbol == "*":
        return _multiplied(expression)
    left, right = polynomial(expression.left), polynomial(expression.right)
    if expression.symbol in "+-":
        return _added(left, right, 1 if expression.symbol == "+" else -1)
    if expression.symbol == "/" and right:
        return times(left, _inverse(right, expression.right))
    if expression.symbol == "**" and right == {(): 1}:
        return left
    return {((expression, 1),): Fraction(1)}


def _inverse(terms: Polynomial, expression: Expression) -> Polynomial:
    """One by an expression; by a sum it is an atom of itself."""
    if len(terms) > 1:
        return {((Operation("/", ONE, expression), 1),): Fraction(1)}
    ((monomial, factor),) = terms.items()
    return {tuple((atom, -n) for atom, n in monomial): 1 / factor}


def _multiplied(expression: Expression) -> Polynomial:
    """A product; sums whose multiplying out would take too many terms are atoms of it."""
    factors = [(factor, polynomial(factor)) for factor in _factors(expression)]
    many = math.prod(len(terms) for _, terms in factors) > _TERMS
    product: Polynomial = {(): Fraction(1)}
    for factor, terms in factors:
        product = times(product, {((factor, 1),): Fraction(1)} if many and len(terms) > 1 else terms)
    return product


def _factors(expression: Expression) -> list[Expression]:
    if isinstance(expression, Operation) and expression.symbol == "*":
        return _factors(expression.left) + _factors(expression.right)
    return [expression]


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
    for divisor in _divisors(terms, of):
        inverse = (Operation("/", ONE, divisor), 1)
        rest = {tuple(pair for pair in m if pair != inverse): a for m, a in terms.items() if inverse in m}
        whole = times({m: a for m, a in terms.items() if inverse not in m}, polynomial(divisor))
        terms = _added(rest, whole, 1)
    lowest: dict[Expression, int] = {}
    for monomial in terms:
        for atom, k in monomial:
            if of(atom):
                lowest[atom] = min(lowest.get(atom, 0), k)
    return times(terms, {tuple((atom, -k) for atom, k in lowest.items() if k): Fraction(1)})


def _divisors(terms: Polynomial, of: Callable[[Expression], bool]) -> list[Expression]:
    """The sums that terms are divided by and that are made of atoms asked for."""
    atoms = {atom: 0 for monomial in terms for atom, k in monomial if k == 1}
    return [
        atom.right
        for atom in atoms
        if isinstance(atom, Operation)
        and (atom.symbol, atom.left) == ("/", ONE)
        and any(of(Name(name)) for name in names(atom.right))
    ]


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
