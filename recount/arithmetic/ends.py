"""Interval arithmetic on pairs of float ends, rounded outward: what the engine computes with.

A function takes the ends of one interval or two and returns a pair that holds every exact result. The
processor's rounding is left alone: a computed end is off by at most half a step between floats (powers
and logarithms of a C library by a few), so an end moved outward by a step (by four) holds the exact one
(Rump, Zimmermann, Boldo and Melquiond, "Computing predecessor and successor in rounding to nearest", BIT
2009). Operands are never empty; where nothing follows from them `Nothing` is raised. Unbounded ends are
infinities, and zero times an unbounded end is zero, as in IEEE 1788-2015.
"""

from math import ceil, floor, inf, log, nextafter

Ends = tuple[float, float]
EVERYTHING = (-inf, inf)

# What covers four steps of a float, and of the least ones there are.
_PART, _LEAST = 2.0**-50, 2.0**-1072


class Nothing(Exception):  # noqa: N818 - no error: an answer
    """No value is left."""


def meet(a: float, b: float, c: float, d: float) -> Ends:
    """The values in both."""
    low, high = (a if a > c else c), (b if b < d else d)
    if low > high:
        raise Nothing
    return low, high


def hull(*intervals: Ends) -> Ends:
    """The smallest interval around all."""
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def whole(a: float, b: float) -> Ends:
    """The whole numbers inside."""
    low, high = (a if a == -inf else float(ceil(a))), (b if b == inf else float(floor(b)))
    if low > high:
        raise Nothing
    return low, high


def add(a: float, b: float, c: float, d: float) -> Ends:
    """`x + y`."""
    return nextafter(a + c, -inf), nextafter(b + d, inf)


def subtract(a: float, b: float, c: float, d: float) -> Ends:
    """`x - y`."""
    return nextafter(a - d, -inf), nextafter(b - c, inf)


def multiply(a: float, b: float, c: float, d: float) -> Ends:
    """`x * y`."""
    if a >= 0 and c >= 0:
        low = a * c
        high = b * d if b and d else 0.0
        return (nextafter(low, -inf) if low else 0.0), nextafter(high, inf)
    corners = [x * y if x and y else 0.0 for x in (a, b) for y in (c, d)]
    return nextafter(min(corners), -inf), nextafter(max(corners), inf)


def divide(a: float, b: float, c: float, d: float) -> Ends:
    """`x / y` for the `y` that are not zero; nothing where there is no other."""
    if c < 0:
        if d > 0:
            return (0.0, 0.0) if a == b == 0 else EVERYTHING
        a, b, c, d = -b, -a, -d, -c
    if d == 0:
        raise Nothing
    if a >= 0:
        low = a / d
        high = b / c if c else (inf if b else 0.0)
        return (nextafter(low, -inf) if low else 0.0), nextafter(high, inf)
    low = a / c if c else -inf
    high = b / d if b < 0 else b / c if c else (inf if b else 0.0)
    return nextafter(low, -inf), nextafter(high, inf)


def ratio(a: float, b: float, c: float, d: float) -> Ends:
    """All `z` with `x == z * y`, for `x` and `y` that are one over the other in a relation.

    Where both can be zero any number is one, but none below zero of two that are not: a share or growth of
    what is nothing is not false. Nothing where `y` is zero and `x` is not.
    """
    if a <= 0 <= b and c <= 0 <= d:
        return (0.0, inf) if a >= 0 <= c else EVERYTHING
    return divide(a, b, c, d)


def power(a: float, b: float, c: float, d: float) -> Ends:
    """`x ** y`: any base for an exponent that is one whole number, else the base's part from zero up.

    Zero to the power of exactly zero is one; otherwise zero has powers above zero only.
    """
    if a < 0 and c == d and c == floor(c):
        return _whole_power(a, b, c)
    if b < 0:
        raise Nothing
    a = max(a, 0.0)
    if b == 0 and (c or d):
        if d <= 0:
            raise Nothing
        return 0.0, 0.0
    if c >= 0 and (c == d or a >= 1):  # then it rises with the base, and with the exponent if that varies
        return max(_down(_pow(a, c)), 0.0), _up(_pow(b, d))
    corners = (_pow(a, c), _pow(b, c), _pow(a, d), _pow(b, d))
    return max(_down(min(corners)), 0.0), _up(max(corners))


def _whole_power(a: float, b: float, n: float) -> Ends:
    """Powers of a base that reaches below zero: those of its size, mirrored where the exponent is odd."""
    low, high = power(max(-b, 0.0), -a, n, n)
    below = (low, high) if n % 2 == 0 else (-high, -low)
    return hull(below, power(0.0, b, n, n)) if b > 0 else below


def _pow(base: float, exponent: float) -> float:
    """Of a base that is not negative; beyond the greatest float, or zero's negative powers: infinity."""
    try:
        return base**exponent
    except (OverflowError, ZeroDivisionError):
        return inf


def logarithm(a: float, b: float) -> Ends:
    """The natural logarithm of the part above zero."""
    if b <= 0:
        raise Nothing
    return _down(log(a) if a > 0 else -inf), _up(inf if b == inf else log(b))


def _down(end: float) -> float:
    return nextafter(inf, 0.0) if end == inf else end - abs(end) * _PART - _LEAST


def _up(end: float) -> float:
    return nextafter(-inf, 0.0) if end == -inf else end + abs(end) * _PART + _LEAST


def quotient(a: float, b: float, c: float, d: float) -> Ends:
    """All `x` with `x * y == z` for some of the `z` (first) and `y`: every one where both can be zero."""
    if c <= 0 <= d and a <= 0 <= b:
        return EVERYTHING
    return divide(a, b, c, d)


def base_of(z: float, zz: float, c: float, d: float, a: float, b: float) -> Ends:
    """All `x` with `x ** y == z` (first) for some of the `y`, given that they are among the last interval's.

    Negative ones only where the exponent is one whole number; any where it can be zero.
    """
    if c <= 0 <= d:
        return a, b
    inverse, roots = divide(1.0, 1.0, c, d), []
    if a >= 0 or c != d or c != floor(c):
        return power(max(z, 0.0), zz, *inverse)
    for sign in (1.0, -1.0):
        least, most = (-zz, -z) if sign < 0 and c % 2 else (z, zz)
        try:
            low, high = power(max(least, 0.0), most, *inverse)
            roots.append(meet(*((low, high) if sign > 0 else (-high, -low)), a, b))
        except Nothing:
            continue
    if not roots:
        raise Nothing
    return hull(*roots)


def exponent_of(z: float, zz: float, a: float, b: float, c: float, d: float) -> Ends:
    """All `y` with `x ** y == z` (first), for bases `x` from zero up; everything where zero's powers matter.

    A known whole exponent, the last interval, may have a negative base, of which there is no logarithm.
    """
    if (c == d and c == floor(c)) or (a <= 0 <= b and (z <= 0 <= zz or b == 0)):
        return EVERYTHING
    return quotient(*logarithm(z, zz), *logarithm(max(a, 0.0), b))
