"""Facts that follow from several relations at once, which contraction of each by itself cannot see.

Two shares of 52% of one total are impossible, whatever the total; no interval of a quantity shows
it while the total is unknown. The cure is to divide the unknown size out. Every relation is brought
to a sum of products equal to zero. One that makes two levels proportional (`share == part / whole`,
`end == base * (1 + growth) ** years`) gives a *ratio*, an expression of the other quantities; one
that adds levels up (`total == a + b`) gives a *sum*. Then

- along a chain of ratios that returns to its start the product is one;
- the parts' ratios to their total add up to one, and those of some of its parts to one at most;
- where the parts of two sums stand in ratios, the ratio of the two totals lies between the least
  and the greatest of these (a weighted mean with weights that are not negative).

A ratio is one to something: levels that are zero have no shares and no growth, and are left out of
account.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from recount.arithmetic.polynomials import Monomial, Polynomial, cleared, polynomial, times, written_out
from recount.arithmetic.relations import ONE, Expression, Name, Operation, Relation, joined

# A chain longer than this ties figures so loosely that it tells nothing.
_LONGEST = 6


class Fact(NamedTuple):
    """A relation that holds wherever all of its `parents` (ids of relations) do."""

    relation: Relation
    parents: frozenset[str]


class Ratio(NamedTuple):
    """`upper == lower * value`, from one relation; `direct` where value is not one over another."""

    upper: str
    lower: str
    value: Expression
    parent: str
    direct: bool


class Sum(NamedTuple):
    """`total == parts added up`, or with `within` parts that add up to the total at most."""

    total: str
    parts: tuple[str, ...]
    within: bool
    parent: str


Chain = tuple[Expression, frozenset[str]]


def facts(
    relations: Mapping[str, Relation], levels: Collection[str], positive: Collection[str]
) -> list[Fact]:
    """What follows from `relations`, each fact once.

    `levels` are the quantities that have a size (yuan, counts), not ratios or times; `positive`
    those that cannot be below zero.
    """
    edges: dict[str, list[Ratio]] = {}
    sums: list[Sum] = []
    for id, relation in relations.items():
        terms = polynomial(Operation("-", relation.left, relation.right))
        sums += _sums(terms, relation.symbol, id, set(levels) & set(positive))
        for ratio in _ratios(terms, id, set(levels)) if relation.symbol == "==" else ():
            edges.setdefault(ratio.upper, []).append(ratio)
    shares = (fact for total in sums for fact in _shares(total, edges))
    following = itertools.chain(_cycles(edges), shares, _means([s for s in sums if not s.within], edges))
    return list({(fact.relation, fact.parents): fact for fact in following}.values())


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


def _ratios(terms: Polynomial, id: str, levels: Collection[str]) -> Iterator[Ratio]:
    """Every pair of levels that the relation makes proportional, both ways round."""
    whole = cleared(terms)
    pairs: dict[frozenset[Expression], tuple[Name, Name, Polynomial]] = {}
    for x, top, rest in _isolated(whole, levels):
        factors = [{atom for atom, k in monomial if k == 1} for monomial in rest]
        for y in set.intersection(*factors) if factors else ():
            scale = {(*((atom, -k) for atom, k in top if atom != x), (y, -1)): -1 / whole[top]}
            value = times(rest, scale)
            if not isinstance(y, Name) or y.id not in levels or {x, y} & {a for m in value for a, _ in m}:
                continue
            # of the two ways round the one without division is the one the report speaks of
            if frozenset((x, y)) not in pairs or all(k > 0 for m in value for _, k in m):
                pairs[frozenset((x, y))] = (x, y, value)
    for x, y, value in pairs.values():
        yield Ratio(x.id, y.id, written_out(value), id, True)
        yield Ratio(y.id, x.id, Operation("/", ONE, written_out(value)), id, False)


def _isolated(terms: Polynomial, levels: Collection[str]) -> Iterator[tuple[Name, Monomial, Polynomial]]:
    """Levels that stand in one term only, to the first power, with that term and the others."""
    for x in dict.fromkeys(atom for monomial in terms for atom, _ in monomial):
        where = [monomial for monomial in terms if x in dict(monomial)]
        if isinstance(x, Name) and x.id in levels and len(where) == 1 and dict(where[0])[x] == 1:
            yield x, where[0], {m: factor for m, factor in terms.items() if m != where[0]}


def _sums(terms: Polynomial, symbol: str, id: str, levels: Collection[str]) -> Iterator[Sum]:
    """The relation as a total of two parts or more, if it adds levels and nothing else."""
    singles = {m[0][0]: factor for m, factor in terms.items() if len(m) == 1 and m[0][1] == 1}
    named = {atom.id: factor for atom, factor in singles.items() if isinstance(atom, Name)}
    if len(named) < max(3, len(terms)) or not set(levels) >= named.keys() or {*named.values()} != {1, -1}:
        return
    for sign in (1, -1):
        alone, *more = (name for name, factor in named.items() if factor == sign)
        if not more and symbol in ("==", "<=" if sign < 0 else ">="):
            yield Sum(alone, tuple(name for name in named if name != alone), symbol != "==", id)


def _reached(start: str, edges: Mapping[str, Sequence[Ratio]]) -> dict[str, Chain]:
    """Each level that a chain of ratios ties to `start`, as a multiple of it, by a shortest chain."""
    chains: dict[str, Chain] = {start: (ONE, frozenset())}
    frontier = [start]
    for _ in range(_LONGEST):
        following = []
        for level in frontier:
            value, parents = chains[level]
            for ratio in edges.get(level, ()):
                if ratio.lower not in chains and ratio.parent not in parents:
                    # upper == lower * value, so lower is upper over value
                    chains[ratio.lower] = (_over(value, ratio.value), parents | {ratio.parent})
                    following.append(ratio.lower)
        frontier = following
    return chains


def _cycles(edges: Mapping[str, Sequence[Ratio]]) -> Iterator[Fact]:
    """A ratio outside the shortest chains closes one of them: both ways around must agree."""
    seen: set[str] = set()
    for start in edges:
        reached = _reached(start, edges) if start not in seen else {}
        seen |= set(reached)
        for ratio in (ratio for level in reached for ratio in edges.get(level, ())):
            if not ratio.direct or ratio.lower not in reached:
                continue
            (upper, above), (lower, below) = reached[ratio.upper], reached[ratio.lower]
            if ratio.parent not in above | below:
                yield _fact(upper, "==", _product(lower, ratio.value), above | below | {ratio.parent})


def _shares(total: Sum, edges: Mapping[str, Sequence[Ratio]]) -> Iterator[Fact]:
    reached = _reached(total.total, edges)
    known = [reached[part] for part in total.parts if part in reached]
    known = [(value, parents) for value, parents in known if total.parent not in parents]
    whole = len(known) == len(total.parts) and not total.within
    if len(known) > 1:
        parents = frozenset({total.parent}).union(*(parents for _, parents in known))
        yield _fact(joined("+", [value for value, _ in known]), "==" if whole else "<=", ONE, parents)


def _means(sums: Sequence[Sum], edges: Mapping[str, Sequence[Ratio]]) -> Iterator[Fact]:
    """A total's growth, or average, lies between those of its parts."""
    for above, below in itertools.permutations(sums, 2):
        tied = [(above.total, {below.total}), *((part, set(below.parts)) for part in above.parts)]
        pairs = [
            pair
            for level, others in tied
            for pair in edges.get(level, ())
            if pair.direct and pair.lower in others
        ]
        lowers = [r.lower for r in pairs]
        if [r.upper for r in pairs] == [level for level, _ in tied] and {*lowers[1:]} == set(below.parts):
            parents = frozenset({above.parent, below.parent, *(pair.parent for pair in pairs)})
            whole, *values = (pair.value for pair in pairs)
            yield _fact(whole, "<=", joined("max", values), parents)
            yield _fact(whole, ">=", joined("min", values), parents)


def _fact(left: Expression, symbol: str, right: Expression, parents: frozenset[str]) -> Fact:
    return Fact(Relation.of(left, symbol, right), parents)


def _product(left: Expression, right: Expression) -> Expression:
    if right == ONE or left == ONE:
        return left if right == ONE else right
    return Operation("*", left, right)


def _over(left: Expression, right: Expression) -> Expression:
    # over a reciprocal is times its denominator
    if isinstance(right, Operation) and right.symbol == "/" and right.left == ONE:
        return _product(left, right.right)
    return Operation("/", left, right)
