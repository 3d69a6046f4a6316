"""Batched interval arithmetic on binary64, rounded outward.

An `Interval` holds two arrays of the same shape: one interval per element. Every result contains
each value that the operands can take: ends are rounded outward, by one or two units in the last
place for `+ - * /` and by up to nine for powers and logarithms. Unbounded ends are infinities. An
interval with no number in it is empty, and `Interval.empty` says so; what follows from an empty
interval is empty (the set-based intervals of IEEE 1788-2015).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from recount.arithmetic import outward
from recount.arithmetic.outward import ZERO, Ends, Floats, Mask, everywhere, extremes, quiet


def _turned(operation: Callable[[Interval, Interval], Interval]) -> Callable[[Interval, float], Interval]:
    return lambda right, left: operation(_interval(left), right)


@dataclass(frozen=True, eq=False, slots=True)
class Interval:
    """Closed intervals `[lower, upper]`, one per array element; operators work elementwise."""

    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, lower: ArrayLike, upper: ArrayLike | None = None) -> Interval:
        """Intervals from their ends (floats, infinities allowed); one argument gives points."""
        low = np.asarray(lower, dtype=np.float64)
        return cls(low, low if upper is None else np.asarray(upper, dtype=np.float64))

    @classmethod
    def enclosing(cls, lower: Decimal | Fraction | None, upper: Decimal | Fraction | None) -> Interval:
        """The smallest binary64 interval around exact ends; `None` is an unbounded end."""
        low = -np.inf if lower is None else outward.at_or_beyond(lower, -np.inf)
        return cls.of(low, np.inf if upper is None else outward.at_or_beyond(upper, np.inf))

    @property
    def empty(self) -> Mask:
        """True where no number is inside: crossed ends, an end that is no number, an infinity alone."""
        return ~outward.filled(self.lower, self.upper)

    @property
    def width(self) -> Floats:
        """Upper less lower end."""
        with quiet():
            return self.upper - self.lower

    def intersection(self, other: Interval) -> Interval:
        """The values in both."""
        return Interval(np.maximum(self.lower, other.lower), np.minimum(self.upper, other.upper))

    def hull(self, other: Interval) -> Interval:
        """The smallest interval around both; an empty one adds nothing."""
        mine, yours = _chosen(self.empty, _NOTHING, self), _chosen(other.empty, _NOTHING, other)
        return Interval(np.minimum(mine.lower, yours.lower), np.maximum(mine.upper, yours.upper))

    def within(self, other: Interval) -> Mask:
        """True where there are values and none of them lies outside the other."""
        return ~self.empty & (self.lower >= other.lower) & (self.upper <= other.upper)

    def overlaps(self, other: Interval) -> Mask:
        """True where the two share a value."""
        return ~self.intersection(other).empty

    def whole_numbers(self) -> Interval:
        """The hull of the whole numbers inside."""
        return Interval(np.ceil(self.lower), np.floor(self.upper))

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower)

    def __add__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with quiet():
            ends = outward.moved(self.lower + b.lower, self.upper + b.upper, outward.SUM_STEP)
            return _result(ends, self, b)

    def __sub__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with quiet():
            ends = outward.moved(self.lower - b.upper, self.upper - b.lower, outward.SUM_STEP)
            return _result(ends, self, b)

    def __mul__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with quiet():
            from_zero = (self.lower >= ZERO) & (b.lower >= ZERO)
            if everywhere(from_zero):
                lower = self.lower * b.lower
                # an upper zero times infinity is no number: fmax takes the lower zero instead
                upper = np.fmax(self.upper * b.upper, lower)
            else:
                lower, upper = extremes(x * y for x in (self.lower, self.upper) for y in (b.lower, b.upper))
                if not everywhere(lower <= upper):  # all four zero times infinity: everything, times zero
                    lower, upper = (np.where(end == end, end, 0.0) for end in (lower, upper))
            return _result(outward.moved(lower, upper, from_zero=from_zero), self, b)

    def __truediv__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with quiet():
            from_zero = (self.lower >= ZERO) & (b.lower >= ZERO)
            if everywhere(from_zero):
                lower, by_zero = self.lower / b.upper, b.upper == ZERO
                upper = np.fmax(self.upper / (b.lower + ZERO), lower)
            else:
                # zero by zero and infinity by infinity pass unseen: other corners have what they approach
                lower, upper = extremes(x / y for x in (self.lower, self.upper) for y in _sided(b))
                by_zero, across = (b.lower == ZERO) & (b.upper == ZERO), (b.lower < ZERO) & (b.upper > ZERO)
                if np.count_nonzero(across):
                    across = across & ((self.lower != ZERO) | (self.upper != ZERO))
                    lower, upper = np.where(across, -np.inf, lower), np.where(across, np.inf, upper)
            return _result(outward.moved(lower, upper, from_zero=from_zero), self, b, nowhere=by_zero)

    def __pow__(self, other: Interval | float) -> Interval:
        """Powers. One whole exponent takes any base; any other takes the base's part from zero up.

        Zero to the power of exactly zero is one; otherwise zero has powers above zero only.
        """
        b = _interval(other)
        with quiet():
            if everywhere(self.lower >= ZERO):
                return _general_power(self, b)
            whole, power = whole_point(b), _whole_power(self, b.lower)
            return power if everywhere(whole) else _chosen(whole, power, _general_power(self, b))

    __radd__, __rmul__ = __add__, __mul__
    __rsub__, __rtruediv__, __rpow__ = _turned(__sub__), _turned(__truediv__), _turned(__pow__)

    def __repr__(self) -> str:
        if self.lower.shape == ():
            return f"[{float(self.lower):.6g}, {float(self.upper):.6g}]"
        return f"Interval(lower={self.lower!r}, upper={self.upper!r})"


def whole_point(x: Interval) -> Mask:
    """True where an interval is a single whole number."""
    return (x.lower == x.upper) & (x.lower == np.rint(x.lower)) & np.isfinite(x.lower)


def logarithm(x: Interval) -> Interval:
    """Natural logarithm of the part of `x` above zero."""
    with quiet():
        lower, upper = np.log(np.fmax(x.lower, ZERO)), np.log(x.upper)
        return _result(outward.moved(lower, upper, outward.LOG_STEP), x, nowhere=x.upper <= ZERO)


def quotient(z: Interval, y: Interval) -> Interval:
    """All `x` with `x * y == z` for some values of `y` and `z` (the reverse of a product).

    Where both `y` and `z` can be zero every `x` will do; elsewhere it is the quotient.
    """
    divided, free = z / y, _holds_zero(y) & _holds_zero(z)
    return _chosen(free, _EVERYTHING, divided) if np.count_nonzero(free) else divided


def base_of(z: Interval, exponent: Interval, among: Interval) -> Interval:
    """All `x` of `among` with `x ** exponent == z`.

    Negative ones only where the exponent is one whole number; everything where it can be zero.
    """
    inverse = 1.0 / exponent
    with quiet():
        found, whole = _general_power(z, inverse).intersection(among), whole_point(exponent)
        if np.count_nonzero(whole):
            mirrored = _chosen(_even(exponent.lower), z, -z)
            below = (-_general_power(mirrored, inverse)).intersection(among)
            found = _chosen(whole, found.hull(below), found)
        found = _chosen(_holds_zero(exponent), among, found)
        return _result((found.lower, found.upper), z, exponent)


def exponent_of(z: Interval, base: Interval) -> Interval:
    """All `y` with `base ** y == z`, for bases from zero up; everything where zero's powers matter."""
    found = quotient(logarithm(z), logarithm(base))
    free = _holds_zero(base) & (_holds_zero(z) | (base.upper == ZERO) & ~z.empty)
    return _chosen(free, _EVERYTHING, found) if np.count_nonzero(free) else found


_EVERYTHING, _NOTHING = Interval.of(-np.inf, np.inf), Interval.of(np.inf, -np.inf)


def _interval(x: Interval | float) -> Interval:
    return x if isinstance(x, Interval) else Interval.of(x)


def _even(n: Floats) -> Mask:
    return np.rint(n * 0.5) * 2 == n


def _holds_zero(x: Interval) -> Mask:
    return (x.lower <= ZERO) & (x.upper >= ZERO)


def _sided(x: Interval) -> Ends:
    """The ends, a lower zero positive and an upper one negative: where their reciprocals tend to."""
    return x.lower + ZERO, -(ZERO - x.upper)


def _chosen(where: Mask, one: Interval, other: Interval) -> Interval:
    return Interval(np.where(where, one.lower, other.lower), np.where(where, one.upper, other.upper))


def _result(ends: Ends, *operands: Interval, nowhere: Mask | None = None) -> Interval:
    """The interval of these ends, empty where an operand is or where (`nowhere`) there is no value."""
    # widths: below zero where ends cross, no number for an end that is none or an infinity alone
    least = operands[0].upper - operands[0].lower
    for operand in operands[1:]:
        least = np.minimum(least, operand.upper - operand.lower)
    filled = least >= ZERO
    if not everywhere(filled):
        nowhere = ~filled if nowhere is None else nowhere | ~filled
    if nowhere is None or not np.count_nonzero(nowhere):
        return Interval(*ends)
    return _chosen(nowhere, _NOTHING, Interval(*ends))


def _general_power(x: Interval, y: Interval) -> Interval:
    # zero added drops zero's sign, which a negative power would make infinity's
    low, high = np.fmax(x.lower, ZERO) + ZERO, x.upper + ZERO
    exponents = (y.lower,) if everywhere(y.lower == y.upper) else (y.lower, y.upper)
    lower, upper = extremes(base**exponent for base in (low, high) for exponent in exponents)
    lower, upper = outward.moved(lower, upper, outward.POWER_STEP, from_zero=low >= ZERO)
    nowhere, zero = high < ZERO, (high == ZERO) & ((y.lower != ZERO) | (y.upper != ZERO))
    if np.count_nonzero(zero):
        lower, upper = np.where(zero, 0.0, lower), np.where(zero, 0.0, upper)
        nowhere = nowhere | zero & (y.upper <= ZERO)
    return _result((lower, upper), x, y, nowhere=nowhere)


def _whole_power(x: Interval, n: Floats) -> Interval:
    """Powers with a whole exponent `n` of any base: even ones fold at zero, odd ones are monotone."""
    even, across = _even(n), (x.lower < ZERO) & (x.upper > ZERO)
    # numpy is thirty times slower on negative bases
    powers = (np.where(even, p, np.copysign(p, end)) for end in _sided(x) for p in [np.abs(end) ** n])
    lower, upper = extremes(powers)
    pole = across & (n < ZERO)
    lower = np.where(across & even & (n > ZERO), 0.0, np.where(pole & ~even, -np.inf, lower))
    upper = np.where(pole, np.inf, upper)
    ends = outward.moved(lower, upper, outward.POWER_STEP, from_zero=even | (x.lower >= ZERO))
    return _result(ends, x, nowhere=(n < ZERO) & (x.lower == ZERO) & (x.upper == ZERO))
