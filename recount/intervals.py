"""Batched interval arithmetic on binary64, rounded outward.

An `Interval` holds two arrays of the same shape: one interval per element. Every result contains
each value that the operands can take. The processor's rounding mode is left alone: a result is
computed as usual and then moved outward by at least the error it can carry (Rump, Zimmermann,
Boldo and Melquiond, "Computing predecessor and successor in rounding to nearest", BIT 2009).
Unbounded ends are infinities. An empty interval is one whose lower end is not below or at its
upper end, and `Interval.empty` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# pow and log of a C library may be off by a few units in the last place: this covers eight.
_LIBM = 2.0**-50


def _quiet() -> np.errstate:
    """Overflow, underflow and operations on infinities are part of the work here, not news."""
    return np.errstate(all="ignore")


def _down(x: Floats) -> Floats:
    return np.nextafter(x, -np.inf)


def _up(x: Floats) -> Floats:
    return np.nextafter(x, np.inf)


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
        low = -np.inf if lower is None else float(lower)
        high = np.inf if upper is None else float(upper)
        if lower is not None and np.isfinite(low) and Fraction(low) > Fraction(lower):
            low = float(np.nextafter(low, -np.inf))
        if upper is not None and np.isfinite(high) and Fraction(high) < Fraction(upper):
            high = float(np.nextafter(high, np.inf))
        return cls.of(low, high)

    @property
    def empty(self) -> NDArray[np.bool_]:
        """True where no value is left (an end that is not a number counts as empty)."""
        return ~(self.lower <= self.upper)

    @property
    def width(self) -> Floats:
        """Upper less lower end."""
        return self.upper - self.lower

    def intersection(self, other: Interval) -> Interval:
        """The values in both."""
        return Interval(np.maximum(self.lower, other.lower), np.minimum(self.upper, other.upper))

    def hull(self, other: Interval) -> Interval:
        """The smallest interval around both; an empty one adds nothing."""
        mine, yours = self.empty, other.empty
        lower = np.minimum(np.where(mine, np.inf, self.lower), np.where(yours, np.inf, other.lower))
        upper = np.maximum(np.where(mine, -np.inf, self.upper), np.where(yours, -np.inf, other.upper))
        return Interval(lower, upper)

    def within(self, other: Interval) -> NDArray[np.bool_]:
        """True where no value of this one lies outside the other."""
        return ~self.empty & (self.lower >= other.lower) & (self.upper <= other.upper)

    def overlaps(self, other: Interval) -> NDArray[np.bool_]:
        """True where the two share a value."""
        return ~self.intersection(other).empty

    def whole_numbers(self) -> Interval:
        """The hull of the whole numbers inside."""
        return Interval(np.ceil(self.lower), np.floor(self.upper))

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower)

    def __add__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with _quiet():
            return Interval(_down(self.lower + b.lower), _up(self.upper + b.upper))

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -_interval(other)

    def __mul__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with _quiet():
            products = [x * y for x in (self.lower, self.upper) for y in (b.lower, b.upper)]
        # zero times an unbounded end is zero: the factor is exactly zero, the end is only approached
        lower, upper = _extremes([np.where(np.isnan(p), 0.0, p) for p in products])
        return _emptied(Interval(_down(lower), _up(upper)), self, b)

    def __truediv__(self, other: Interval | float) -> Interval:
        b = _interval(other)
        with _quiet():
            # a divisor that ends in zero is approached from its own side only
            low = np.where(b.lower == 0, 0.0, b.lower)
            high = np.where(b.upper == 0, -0.0, b.upper)
            quotients = [x / y for x in (self.lower, self.upper) for y in (low, high)]
        lower, upper = _extremes([np.where(np.isnan(q), 0.0, q) for q in quotients])
        across = (b.lower < 0) & (b.upper > 0) & ~((self.lower == 0) & (self.upper == 0))
        lower, upper = np.where(across, -np.inf, _down(lower)), np.where(across, np.inf, _up(upper))
        by_zero = (b.lower == 0) & (b.upper == 0)
        lower, upper = np.where(by_zero, np.inf, lower), np.where(by_zero, -np.inf, upper)
        return _emptied(Interval(lower, upper), self, b)

    def __pow__(self, other: Interval | float) -> Interval:
        """Powers. A whole exponent takes any base; any other takes the base's part from zero up."""
        b = _interval(other)
        general = _general_power(self, b)
        pick = whole_point(b) & (self.lower < 0)
        if not np.any(pick):
            return general
        integral = _whole_power(self, b.lower)
        return Interval(
            np.where(pick, integral.lower, general.lower), np.where(pick, integral.upper, general.upper)
        )

    def __radd__(self, other: float) -> Interval:
        return self + other

    def __rsub__(self, other: float) -> Interval:
        return _interval(other) - self

    def __rmul__(self, other: float) -> Interval:
        return self * other

    def __rtruediv__(self, other: float) -> Interval:
        return _interval(other) / self

    def __rpow__(self, other: float) -> Interval:
        return _interval(other) ** self

    def __repr__(self) -> str:
        if self.lower.shape == ():
            return f"[{float(self.lower):.6g}, {float(self.upper):.6g}]"
        return f"Interval(lower={self.lower!r}, upper={self.upper!r})"


def whole_point(x: Interval) -> NDArray[np.bool_]:
    """True where an interval is a single whole number."""
    return (x.lower == x.upper) & (x.lower == np.round(x.lower)) & np.isfinite(x.lower)


def logarithm(x: Interval) -> Interval:
    """Natural logarithm of the part of `x` from zero up."""
    with _quiet():
        lower, upper = np.log(np.maximum(x.lower, 0.0)), np.log(x.upper)
    return _emptied(_widened(lower, upper), x)


def quotient(z: Interval, y: Interval) -> Interval:
    """All `x` with `x * y == z` for some values of `y` and `z` (the reverse of a product).

    Where both `y` and `z` can be zero every `x` will do; elsewhere it is the quotient.
    """
    divided = z / y
    free = (y.lower <= 0) & (y.upper >= 0) & (z.lower <= 0) & (z.upper >= 0)
    return Interval(np.where(free, -np.inf, divided.lower), np.where(free, np.inf, divided.upper))


def base_of(z: Interval, exponent: Interval, among: Interval) -> Interval:
    """All `x` of `among` with `x ** exponent == z`.

    Negative ones only where the exponent is one whole number; everything where it can be zero.
    """
    inverse = Interval.of(1.0) / exponent
    root = _general_power(z, inverse)
    whole = whole_point(exponent)
    odd = whole & (np.mod(exponent.lower, 2) == 1)
    turned = Interval(np.where(odd, -z.upper, z.lower), np.where(odd, -z.lower, z.upper))
    root = root.intersection(among)
    both = root.hull((-_general_power(turned, inverse)).intersection(among))
    free = (exponent.lower <= 0) & (exponent.upper >= 0)
    lower, upper = np.where(whole, both.lower, root.lower), np.where(whole, both.upper, root.upper)
    return Interval(np.where(free, among.lower, lower), np.where(free, among.upper, upper))


def exponent_of(z: Interval, base: Interval) -> Interval:
    """All `y` with `base ** y == z`, for bases from zero up."""
    return quotient(logarithm(z), logarithm(base))


def _interval(x: Interval | float) -> Interval:
    return x if isinstance(x, Interval) else Interval.of(x)


def _extremes(values: list[Floats]) -> tuple[Floats, Floats]:
    return np.minimum.reduce(values), np.maximum.reduce(values)


def _emptied(result: Interval, *operands: Interval) -> Interval:
    """`result`, empty wherever an operand is: nothing can follow from no value."""
    empty = np.asarray(False)
    for operand in operands:
        empty = empty | operand.empty
    if not empty.any():
        return result
    return Interval(np.where(empty, np.inf, result.lower), np.where(empty, -np.inf, result.upper))


def _widened(lower: Floats, upper: Floats) -> Interval:
    with _quiet():
        low = np.where(np.isfinite(lower), _down(lower - np.abs(lower) * _LIBM), lower)
        high = np.where(np.isfinite(upper), _up(upper + np.abs(upper) * _LIBM), upper)
    # an overflow to infinity is no proof that the exact value is above every float
    return Interval(np.where(lower == np.inf, np.finfo(np.float64).max, low), high)


def _general_power(x: Interval, y: Interval) -> Interval:
    base = Interval(np.maximum(x.lower, 0.0), x.upper)
    with _quiet():
        corners = [np.power(a, b) for a in (base.lower, base.upper) for b in (y.lower, y.upper)]
    lower, upper = _extremes(corners)
    wide = _widened(lower, upper)
    return _emptied(Interval(np.maximum(wide.lower, 0.0), wide.upper), base, y)


def _whole_power(x: Interval, n: Floats) -> Interval:
    """Powers with a whole exponent `n` of any base: even ones fold at zero, odd ones are monotone."""
    size = np.abs(n)
    with _quiet():
        lower, upper = _extremes([np.power(x.lower, size), np.power(x.upper, size)])
    even = np.mod(n, 2) == 0
    lower = np.where((x.lower < 0) & (x.upper > 0) & even, 0.0, lower)
    wide = _widened(lower, upper)
    power = Interval(np.where(even, np.maximum(wide.lower, 0.0), wide.lower), wide.upper)
    inverse = Interval.of(1.0) / power
    down = n < 0
    lower, upper = np.where(down, inverse.lower, power.lower), np.where(down, inverse.upper, power.upper)
    return _emptied(Interval(lower, upper), x)
