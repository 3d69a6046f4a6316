"""Smallest parts of the evidence that still do what all of it does; many searches side by side.

Each search has its units in an order of preference, and finds the part that prefers what comes first:
the one of QuickXplain (Junker, "QuickXplain: preferred explanations and relaxations for
over-constrained problems", AAAI 2004). The fewest first units that still do end in one that cannot be
spared; it is kept, and those before it are searched again. All searches ask one question a round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from recount.arithmetic.relations import Mask
from recount.arithmetic.solver import Rows

Places = NDArray[np.int16]


def places(order: Sequence[int], taken: Mask) -> Places:
    """Each unit's place, in an order of all units, among those that a search takes (units × searches).

    Those that it does not take are placed after all others.
    """
    place = np.full(taken.shape, len(taken), dtype=np.int16)
    in_order = taken[order]
    place[order] = np.where(in_order, in_order.cumsum(axis=0) - 1, len(taken))
    return place


def smallest(place: Places, does: Callable[[Mask, Rows], Mask], known: Mask | None = None) -> Mask:
    """Smallest parts (units × searches) that do what all the units taken are known to do.

    `does(parts, searches)` answers for one part of each of these searches. A part that is `known` to
    do is tried first: it takes a single round to confirm where it is the one that is looked for.
    """
    kept, high = np.zeros(place.shape, dtype=bool), (place < len(place)).sum(axis=0)
    if known is not None:
        kept, high = _confirmed(place, does, known)
    low, searches = np.zeros_like(high), np.arange(len(high))
    while (searches := searches[high[searches] > 0]).size:
        middle = (low[searches] + high[searches]) // 2
        yes = does(kept[:, searches] | (place[:, searches] < middle), searches)
        high[searches[yes]], low[searches[~yes]] = middle[yes], middle[~yes] + 1
        found = searches[(low[searches] == high[searches]) & (high[searches] > 0)]
        kept[(place[:, found] == high[found] - 1).argmax(axis=0), found] = True
        low[found], high[found] = 0, high[found] - 1
    return kept


def _confirmed(place: Places, does: Callable[[Mask, Rows], Mask], known: Mask) -> tuple[Mask, Rows]:
    """What of a known part is needed, and how many first units complete it (none: it is all needed).

    Asked is for each of its units whether those before it, with those of the part after it, would do.
    """
    unit, search = np.nonzero(known)
    at = place[unit, search].astype(int)
    parts = (place[:, search] < at) | (known[:, search] & (place[:, search] > at))
    yes = does(parts, search)
    spared = np.full(known.shape[1], -1)
    np.maximum.at(spared, search[yes], at[yes])
    return known & (place > spared), np.maximum(spared, 0)
