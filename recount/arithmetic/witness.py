"""A proof that figures can all be true: one value for every quantity.

The search fixes one quantity after another inside what is still possible and contracts again. What it comes
to is a proof once `recount.audit.recheck`, which shares no code with it, has found nothing broken.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from random import Random

from recount.arithmetic.network import Box, System

_ATTEMPTS = 48
_TRIES = 8  # values of one quantity, before an attempt is given up


def search(system: System, box: Box, seed: int = 0) -> Iterator[dict[str, float]]:
    """Values for all quantities that seem to do inside a settled box, to be rechecked.

    The first attempt takes the middle of what is possible, the others any value. The same seed gives the
    same values.
    """
    random = Random(seed)
    for attempt in range(_ATTEMPTS):
        values = _attempt(system, box, random, attempt)
        if values is not None:
            yield dict(zip(system.network.quantities, values, strict=True))


def _attempt(system: System, box: Box, random: Random, attempt: int) -> list[float] | None:
    """One value after another, each inside of what those before it leave; None where that is nothing."""
    network = system.network
    for i in _order(box, network.whole, random, wide_first=attempt % 2 == 1):
        low, high = box.low[i], box.high[i]
        if math.isfinite(high - low) and high - low <= 4 * math.ulp(max(abs(low), abs(high))):
            continue
        for turn in range(_TRIES):
            value = _inside(low, high, network.whole[i], random, middle=attempt + turn == 0)
            limited = system.limited(box, [(network.quantities[i], (value, value))])
            if limited is not None:
                box = limited
                break
        else:
            return None
    middles = [min(max(a / 2 + b / 2, a), b) for a, b in zip(box.low, box.high, strict=True)]
    return [float(round(x)) if whole else x for x, whole in zip(middles, network.whole, strict=True)]


def _order(box: Box, whole: Collection[bool], random: Random, wide_first: bool) -> list[int]:
    """Whole numbers first, for the others can follow them; of each kind the narrow intervals first.

    That leaves the wide ones a choice. Where it does not (levels that are tied by rates alone), the
    wide ones come first.
    """
    keys = []
    for low, high, is_whole in zip(box.low, box.high, whole, strict=True):
        size = max(abs(low), abs(high), 1e-300)
        width = (high - low) / size if math.isfinite(size) else math.inf
        keys.append((not is_whole, (-1 if wide_first else 1) * width * random.uniform(0.5, 2.0)))
    return sorted(range(len(keys)), key=keys.__getitem__)


def _inside(low: float, high: float, whole: bool, random: Random, middle: bool) -> float:
    """A value in an interval: its middle, or anywhere inside.

    Without an upper end the value is as likely in each decade above the lower one, for what is
    possible often begins right there.
    """
    share = 0.5 if middle else random.betavariate(2, 2)
    if math.isfinite(low) and math.isfinite(high):
        value = low * (high / low) ** share if 0 < low < high / 100 else low + share * (high - low)
    elif math.isfinite(low):
        value = 10.0 ** random.uniform(-3, 12) if low == 0 else low + abs(low) * 10.0 ** random.uniform(-5, 1)
    elif math.isfinite(high):
        value = high - (1 + abs(high)) * 10.0 ** random.uniform(-5, 1)
    else:
        value = random.gauss() * 10.0 ** random.uniform(-3, 12)
    value = float(round(value)) if whole else value
    return min(max(value, low), high)
