"""The exact results of interval operations, from their definitions: an oracle for tests.

An interval is a pair of ends, each a float (infinities allowed) or an exact fraction; `NOTHING` has
no value in it. Roots and logarithms come from decimal arithmetic with sixty digits.
"""

from __future__ import annotations

import decimal
import math
import struct
from decimal import Decimal
from fractions import Fraction
from functools import cache

End = float | Fraction
Box = tuple[End, End]
NOTHING: Box = (math.inf, -math.inf)

GREATEST, NORMAL, LEAST = 1.7976931348623157e308, 2.0**-1022, 5e-324
ENDS = [
    -math.inf,
    -GREATEST,
    -3.0,
    -1.0,
    -0.7,
    -NORMAL,
    -LEAST,
    -0.0,
    0.0,
    LEAST,
    NORMAL,
    0.7,
    1.0,
    3.0,
    GREATEST,
    math.inf,
]

_DIGITS = decimal.Context(prec=60, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[])


def _ordinal(x: float) -> int:
    bits = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def floats_apart(x: float, exact: End) -> int:
    """How many floats lie between a float and the float next to an exact value."""
    try:
        near = float(exact)
    except OverflowError:
        near = math.inf if exact > 0 else -math.inf
    return abs(_ordinal(float(x)) - _ordinal(near))


def _finite(x: End) -> bool:
    return isinstance(x, Fraction) or math.isfinite(x)


def _exact(x: End) -> End:
    return Fraction(x) if _finite(x) else x


def _hull(boxes: list[Box]) -> Box:
    full = [box for box in boxes if box != NOTHING]
    return (min(low for low, _ in full), max(high for _, high in full)) if full else NOTHING


def sum_of(x: Box, y: Box) -> Box:
    low, high = ([_exact(x[i]), _exact(y[i])] for i in (0, 1))
    return (-math.inf if -math.inf in low else sum(low)), (math.inf if math.inf in high else sum(high))


def _times(a: End, b: End) -> End:
    if a == 0 or b == 0:  # an infinite end is approached, never reached
        return Fraction(0)
    if _finite(a) and _finite(b):
        return _exact(a) * _exact(b)
    return math.inf if (a > 0) == (b > 0) else -math.inf


def product_of(x: Box, y: Box) -> Box:
    corners = [_times(a, b) for a in x for b in y]
    return min(corners), max(corners)


def _reciprocal(low: End, high: End) -> Box:
    """Of the part above zero of an interval that begins in zero or above."""
    if high == 0:
        return NOTHING
    return (1 / _exact(high) if _finite(high) else Fraction(0)), (1 / _exact(low) if low else math.inf)


def quotient_of(x: Box, y: Box) -> Box:
    parts = []
    if y[1] > 0:
        parts.append(product_of(x, _reciprocal(max(y[0], 0), y[1])))
    if y[0] < 0:
        low, high = _reciprocal(max(-y[1], 0), -y[0])
        parts.append(product_of(x, (-high, -low)))
    return _hull(parts)


@cache
def _power(a: End, b: End) -> End:
    """The limit of powers of bases from zero up towards (a, b)."""
    if b == 0 or a == 1:
        return Fraction(1)
    if a in (0, math.inf) or math.isinf(b):
        grows = (a > 1) == (b > 0)
        return math.inf if grows else Fraction(0)
    result = _DIGITS.power(Decimal(a), Decimal(b))
    if result.is_infinite() or result.adjusted() > 400:
        return Fraction(10) ** 400
    return Fraction(10) ** -400 if result.adjusted() < -400 else Fraction(result)


def power_of(x: Box, y: Box) -> Box:
    """Powers of the base's part from zero up; zero has powers above zero only."""
    low, high = max(x[0], 0.0), x[1]
    if high < 0 or (high == 0 and y[1] <= 0):
        return NOTHING
    if high == 0:
        return Fraction(0), Fraction(0)
    corners = [_power(a, b) for a in (low, high) for b in y]
    return min(corners), max(corners)


def whole_power_of(x: Box, y: Box) -> Box:
    n = y[0]
    if n == 0:
        return Fraction(1), Fraction(1)
    parts = [power_of(x, y)]
    if x[0] < 0:
        low, high = power_of((max(-x[1], 0.0), -x[0]), y)
        parts.append((low, high) if n % 2 == 0 else (-high, -low))
    return _hull(parts)


def logarithm_of(x: Box) -> Box:
    if x[1] <= 0:
        return NOTHING
    low = Fraction(_DIGITS.ln(Decimal(x[0]))) if x[0] > 0 else -math.inf
    return low, (math.inf if math.isinf(x[1]) else Fraction(_DIGITS.ln(Decimal(x[1]))))
