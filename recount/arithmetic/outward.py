"""Ends of intervals, computed as usual and then moved outward (arrays of binary64 of any shape).

The processor's rounding mode is left alone: a computed end is off by at most half a step between
floats, so a move by one step or more holds the exact one (Rump, Zimmermann, Boldo and Melquiond,
"Computing predecessor and successor in rounding to nearest", BIT 2009). Called within `quiet`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Ends = tuple[Floats, Floats]

# Constants are arrays because numpy takes twice as long to look at a Python number.
ZERO, _INF, _MINUS_INF = np.array(0.0), np.array(np.inf), np.array(-np.inf)
_MAX = np.finfo(np.float64).max

# How far an end is moved: by a part of itself, one to two steps, and by the least step there is,
# which sums (exact below the normal numbers) and logarithms (never down there) do without.
STEP, SUM_STEP = (np.array(2.0**-52), np.array(2.0**-1074)), (np.array(2.0**-52), ZERO)
# pow and log of a C library may be off by a few steps: these cover four.
POWER_STEP, LOG_STEP = (np.array(2.0**-50), np.array(2.0**-1072)), (np.array(2.0**-50), ZERO)


def quiet() -> np.errstate:
    """Overflow, underflow and operations on infinities are part of the work here, not news."""
    return np.errstate(all="ignore")


def everywhere(mask: Mask) -> bool:
    """`mask.all()`, in a third of the time."""
    return np.count_nonzero(mask) == mask.size


def filled(lower: Floats, upper: Floats) -> Mask:
    """Where a number lies between the ends: they do not cross and are numbers, not one infinity twice."""
    return (lower <= upper) & (lower < _INF) & (upper > _MINUS_INF)


def at_or_beyond(exact: Decimal | Fraction, side: float) -> float:
    """The float nearest to an exact number of those on its way to `side`, an infinity."""
    try:
        near = float(exact)
    except OverflowError:
        near = math.inf if exact > 0 else -math.inf
    short = near > exact if side < 0 else near < exact
    return math.nextafter(near, side) if short else near


def extremes(corners: Iterator[Floats]) -> Ends:
    """The least and the greatest, passing over what is no number; one corner is in memory at a time."""
    lower = upper = next(corners)
    for corner in corners:
        lower, upper = np.fmin(lower, corner), np.fmax(upper, corner)
    return lower, upper


def moved(lower: Floats, upper: Floats, steps: Ends = STEP, from_zero: Mask | None = None) -> Ends:
    """The ends moved outward; a lower one stays at zero where (`from_zero`) nothing can be below."""
    low, high = lower - _move(lower, steps), upper + _move(upper, steps)
    if not everywhere(low <= high):
        # overflow the wrong way: the exact end is beyond the greatest float, but not infinite
        low, high = np.where(lower == _INF, _MAX, low), np.where(upper == _MINUS_INF, -_MAX, high)
    if from_zero is not None:
        raised = np.fmax(low, ZERO)
        low = raised if everywhere(from_zero) else np.where(from_zero, raised, low)
    return low, high


def _move(end: Floats, steps: Ends) -> Floats:
    move = np.abs(end)
    move *= steps[0]
    if steps[1] is not ZERO:
        move += steps[1]
    return move
