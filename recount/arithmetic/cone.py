"""What relations that are linear leave of their quantities together, which none of them sees by itself.

A relation that is a sum of levels (amounts, counts), each times a factor made of rates, is linear in the
levels. Where the factors are known as intervals and the levels are not negative, it says two linear
inequalities and no more: the sum by the largest factors is not negative, by the smallest not positive
(Oettli and Prager, "Compatibility of approximate solution of linear equations with given error bounds",
Numerische Mathematik 6, 1964). A box that contraction has narrowed is narrowed further by
`programming.least_ratio`: a quantity over one, or what stands beside a rate over what it multiplies.

Levels that are zero have no shares and no growth: what a rate multiplies is taken to be more than zero,
unless nothing else is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import frexp, inf, ldexp, nextafter
from typing import NamedTuple

from recount.arithmetic import ends
from recount.arithmetic.contraction import Floats, Shape, revision
from recount.arithmetic.ends import Ends, Nothing
from recount.arithmetic.programming import Row, least_ratio

ONE = -1
"""The unknown that stands for the number one; the others are quantities by number."""

# A scaled factor below this could lose digits; a row that has one is left out.
_SMALLEST = 1e-250
# Factors out of this range are raised to it, or leave their row out; scales are powers of two up to this.
_TINY, _HUGE, _SCALE = 1e-100, 1e120, 400

# A quantity that contraction has narrowed to this part of itself is not asked about.
_PINNED = 1e-9
# Of a proof's lines these parts of a weight are rounding.
_NOTICED = 1e-6


class Factor(NamedTuple):
    """An expression of quantities: the relation `expression == value`, its value the last of the quantities.

    `slots` are the numbers of the others.
    """

    shape: Shape
    slots: tuple[int, ...]


Factors = dict[int, Factor]
Terms = dict[int, Ends]


class Sum(NamedTuple):
    """A rule as a sum of factors times quantities, compared with zero by `symbol`."""

    rule: int
    symbol: str
    factors: Factors


class Ratio(NamedTuple):
    """What a rule says of an expression in its factors: it is `over` by `under`, two sums without it."""

    rule: int
    over: Factors
    under: Factors
    value: Factor


class Linear(NamedTuple):
    """The linear relations of a network, as far as contraction does not see all that they say.

    `ratios` are those that bear on each quantity; `gate` names for each quantity that hangs from them, or
    stands in them, the one in them by which they reach it. Of a large network there is none: only conflicts
    are looked for, since what it takes to recompute each quantity grows with the square of its size.
    """

    sums: list[Sum]
    ratios: dict[int, list[Ratio]]
    gate: dict[int, int]


class Step(NamedTuple):
    """A line of a proof: an inequality, by the factors of what its quantities are above their lower ends.

    `kind` says whose it is: the `rule` of that number, or the `upper` or `lower` end of the quantity of it.
    Multiplied by their weights and added up, the lines of a proof leave what is proved.
    """

    kind: str
    number: int
    row: Row
    weight: float


class Cone:
    """What is possible in a box by the linear relations in force there.

    Each quantity is its lower end times the number one plus what it is above that; the unknowns are these
    differences and the number one, none of them negative, scaled by powers of two to be near one in size.
    """

    def __init__(self, linear: Linear, low: Floats, high: Floats, active: Sequence[bool]):
        # beyond the quantities there is a place for the value of a factor
        self.linear, self.low, self.high = linear, [*low, -inf], [*high, inf]
        in_force = [(sum_, self._terms(sum_.factors)) for sum_ in linear.sums if active[sum_.rule]]
        sums = [(sum_, terms) for sum_, terms in in_force if terms]
        self.active, self.scale = active, self._scales([terms for _, terms in sums])
        self.rows: list[Row] = []
        self._steps: list[Step] = []  # each row unscaled, with what its weight is to be multiplied by
        for sum_, terms in sums:
            if sum_.symbol != "<=":
                self._add(self._upper(terms), "rule", sum_.rule)
            if sum_.symbol != ">=":
                self._add(self._upper(_negative(terms)), "rule", sum_.rule)
        for unknown in self.scale:
            if unknown != ONE and high[unknown] < inf:
                width = nextafter(high[unknown] - low[unknown], inf)
                self._add({unknown: -1.0, ONE: width}, "upper", unknown)

    @cached_property
    def empty(self) -> bool:
        """Whether it is proved that no value is possible."""
        return any(self._least({}, row) == inf for row in ({ONE: 1.0}, *self._multiplied()))

    def _multiplied(self) -> Iterator[Row]:
        """What rates multiply, where it could be zero and need not be."""
        ratios = {id(ratio): ratio for ratios in self.linear.ratios.values() for ratio in ratios}
        for ratio in ratios.values():
            sums = self._sums(ratio) if self.active[ratio.rule] else None
            row = self._upper(sums[1]) if sums else {}
            if sums and row and not self._lower(sums[1]).get(ONE):
                yield row

    def ends(self, quantity: int) -> Ends:
        """What is possible of one quantity; `Nothing` where it is proved that none is."""
        low, high = self.low[quantity], self.high[quantity]
        if high - low <= _PINNED * abs(low):
            return low, high
        if quantity in self.scale:
            above = self._between({quantity: 1.0}, {quantity: 1.0}, {ONE: 1.0}, {ONE: 1.0})
            low, high = ends.meet(low, high, *ends.add(*above, low, low))
        for ratio in self.linear.ratios.get(quantity, ()):
            if self.active[ratio.rule]:
                low, high = ends.meet(low, high, *self._by(ratio, quantity))
        return low, high

    def proof(self, quantity: int, upper: bool) -> tuple[float, list[Step]]:
        """The end that linear relations leave of a quantity on one side, and the lines that prove it.

        Infinite, without a line, where they leave none.
        """
        if quantity not in self.scale:
            return (inf if upper else -inf), []
        above, unit = self._scaled({quantity: 1.0}), self._scaled({ONE: 1.0})
        (over, up), (under, down) = (unit, above) if upper else (above, unit)
        value, weights = least_ratio(self.rows, over, under)
        if value in (0, inf):
            return (inf if upper else self.low[quantity]), []
        value = ldexp(value, up - down)
        scale = (1 / value if upper else 1.0) * ldexp(1.0, up)
        steps = [
            step._replace(weight=step.weight * weight * scale)
            for step, weight in zip(self._steps, map(weights.get, range(len(self.rows))), strict=True)
            if weight
        ]
        # what the lines leave of a quantity is taken up by its lower end, above which nothing is negative
        left: dict[int, float] = {}
        size: dict[int, float] = {}
        for step in steps:
            for unknown, factor in step.row.items():
                left[unknown] = left.get(unknown, 0.0) - step.weight * factor
                size[unknown] = max(size.get(unknown, 0.0), abs(step.weight * factor))
        steps += [
            Step("lower", unknown, {unknown: 1.0}, weight)
            for unknown, weight in left.items()
            if unknown not in (ONE, quantity) and weight > _NOTICED * size[unknown]
        ]
        return self.low[quantity] + (1 / value if upper else value), steps

    def _by(self, ratio: Ratio, quantity: int) -> Ends:
        """What a ratio leaves of a quantity in it."""
        sums = self._sums(ratio)
        if sums is None:
            return -inf, inf
        over, under = sums
        shift = _shift(over, under)
        sure = shift is not None
        if shift is None:  # then by the least that the ratio is in the box, and its factors may be negative
            least = self._revised(ratio.value, -inf, inf)[0][-1]
            shift = -least if -inf < least < 0 else 0.0
        for unknown, (a, b) in under.items() if shift else ():
            moved = ends.multiply(a, b, shift, shift)
            low, high = ends.add(*moved, *over.get(unknown, (0.0, 0.0)))
            over[unknown] = max(low, 0.0) if sure else low, high  # not negative is what the shift is for
        value = self._between(self._lower(over), self._upper(over), self._lower(under), self._upper(under))
        place = ratio.value.slots.index(quantity)
        lows, highs = self._revised(ratio.value, *ends.subtract(*value, shift, shift))
        return lows[place], highs[place]

    def _revised(self, factor: Factor, low: float, high: float) -> tuple[Floats, Floats]:
        """What a value of a factor leaves of its quantities, and last of itself."""
        self.low[-1], self.high[-1] = low, high
        return revision(factor.shape)(self.low, self.high, (*factor.slots, len(self.low) - 1))

    def _sums(self, ratio: Ratio) -> tuple[Terms, Terms] | None:
        """A ratio's two sums, the lower one without negative factors and not nothing; None otherwise."""
        over, under = self._terms(ratio.over), self._terms(ratio.under)
        if over is None or under is None:
            return None
        if all(b <= 0 for _, b in under.values()):
            over, under = _negative(over), _negative(under)
        usable = all(a >= 0 for a, _ in under.values()) and self._upper(under)
        return (over, under) if usable else None

    def _between(self, least: Row, most: Row, under: Row, under_most: Row) -> Ends:
        """What a sum can be as a multiple of another, each between two sums."""
        low, inverse = self._least(least, under_most), self._least(under, most)
        if low == inf:
            raise Nothing
        return low, inf if inverse <= 0 else 0.0 if inverse == inf else nextafter(1 / inverse, inf)

    def _least(self, over: Row, under: Row) -> float:
        """The least ratio of two sums of unscaled unknowns."""
        over, under = _opposite(_raised(_opposite(over))), _raised(under)
        nothing = 0.0 if min(over.values(), default=0.0) >= 0 else -inf
        if max(map(abs, (*over.values(), *under.values())), default=0.0) >= _HUGE:
            return nothing
        (over, up), (under, down) = self._scaled(over), self._scaled(under)
        smallest = min(map(abs, (*over.values(), *under.values())), default=1.0)
        if smallest < _SMALLEST or abs(up - down) > 2 * _SCALE:
            return nothing
        value, _ = least_ratio(self.rows, over, under)
        return value if value in (0, inf, -inf) else nextafter(ldexp(value, up - down), 0)

    def _terms(self, factors: Factors) -> Terms | None:
        """A sum's factors in the box; None where nothing is left of one, or a quantity has no lower end."""
        terms = {}
        for unknown, factor in factors.items():
            if unknown != ONE and self.low[unknown] == -inf:
                return None
            try:
                lows, highs = self._revised(factor, -inf, inf)
            except Nothing:
                return None
            terms[unknown] = lows[-1], highs[-1]
        return terms

    def _upper(self, terms: Terms) -> dict[int, float]:
        """A sum of quantities by its largest factors, as a sum of unknowns."""
        row: dict[int, float] = {}
        constant = (0.0, 0.0)
        for unknown, (a, b) in terms.items():
            if unknown == ONE:
                constant = ends.add(*constant, a, b)
            else:
                if self.high[unknown] > self.low[unknown]:
                    row[unknown] = b
                if self.low[unknown]:
                    at_low = ends.multiply(a, b, self.low[unknown], self.low[unknown])
                    constant = ends.add(*constant, *at_low)
        return row | {ONE: constant[1]} if constant[1] else row

    def _lower(self, terms: Terms) -> dict[int, float]:
        """A sum of quantities by its smallest factors, as a sum of unknowns."""
        return _opposite(self._upper(_negative(terms)))

    def _scales(self, sums: Sequence[Terms]) -> dict[int, int]:
        """Of each unknown the power of two that is near its size: its width, or what its sums call for."""
        scale = {ONE: 0}
        waiting = {unknown for terms in sums for unknown in terms} - {ONE}
        for unknown in tuple(waiting):
            width = self.high[unknown] - self.low[unknown]
            if width < inf:
                waiting.discard(unknown)
                if width > 0:
                    scale[unknown] = _power(width)
        while waiting:
            before = len(waiting)
            for terms in sums:
                sizes = [self._size(u, f, scale) for u, f in terms.items() if u not in waiting]
                if largest := max(sizes, default=0.0):
                    for unknown in waiting.intersection(terms):
                        scale[unknown] = _power(largest / _magnitude(terms[unknown]))
                    waiting.difference_update(terms)
            if len(waiting) == before:
                scale[waiting.pop()] = 0
        return scale

    def _size(self, unknown: int, factor: Ends, scale: Mapping[int, int]) -> float:
        """About how large a term of a sum is."""
        size = _magnitude(factor)
        if unknown == ONE:
            return size
        return size * max(abs(self.low[unknown]), ldexp(1.0, scale[unknown]) if unknown in scale else 0.0)

    def _scaled(self, row: Row) -> tuple[Row, int]:
        """A sum by scaled unknowns, divided by a power of two to be near one in size, and that power."""
        scaled = {unknown: ldexp(factor, self.scale[unknown]) for unknown, factor in row.items() if factor}
        largest = max(map(abs, scaled.values()), default=1.0)
        power = frexp(largest)[1]
        return {unknown: ldexp(factor, -power) for unknown, factor in scaled.items()}, power

    def _add(self, row: Row, kind: str, number: int) -> None:
        """Take an inequality in, unless it says nothing or scaling would cost it digits."""
        row = _raised(row)
        if row and max(map(abs, row.values())) < _HUGE:
            scaled, power = self._scaled(row)
            if scaled and min(map(abs, scaled.values())) > _SMALLEST:
                self.rows.append(scaled)
                self._steps.append(Step(kind, number, row, ldexp(1.0, -power)))


def _power(size: float) -> int:
    """The power of two next to a size."""
    return max(-_SCALE, min(frexp(size)[1], _SCALE))


def _opposite(row: Row) -> dict[int, float]:
    return {unknown: -factor for unknown, factor in row.items()}


def _raised(row: Row) -> Row:
    """A sum without factors that are next to nothing: a larger sum, for no unknown is negative."""
    return {u: factor if abs(factor) >= _TINY else _TINY for u, factor in row.items() if factor}


def _negative(terms: Terms) -> Terms:
    return {unknown: (-b, -a) for unknown, (a, b) in terms.items()}


def _magnitude(factor: Ends) -> float:
    """About how large a factor is; one where it is not known."""
    size = max(abs(end) for end in factor)
    return size if 0 < size < inf else 1.0


def _shift(over: Terms, under: Terms) -> float | None:
    """What to add to a ratio of two sums so that neither has a negative factor; None where nothing does."""
    shift = 0.0
    for unknown, (a, _) in over.items():
        if a < 0:
            least = under[unknown][0] if unknown in under else 0.0
            if not least:
                return None
            shift = max(shift, nextafter(-a / least, inf))
    return shift
