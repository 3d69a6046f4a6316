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

from recount.relations import Mask
from recount.solver import Rows

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
    do, if it is smallest and preferred, is confirmed by as many questions as it has units.
    """
    kept, searches = np.zeros(place.shape, dtype=bool), np.arange(place.shape[1])
    left = place < len(place) if known is None else known
    guided = np.full(len(searches), known is not None)
    low, high = np.zeros(len(searches), dtype=int), _last(place, left)
    while (searches := searches[high[searches] > 0]).size:
        middle = np.where(guided, high - 1, (low + high) // 2)[searches]
        yes = does(kept[:, searches] | (place[:, searches] < middle), searches)
        high[searches[yes]], low[searches[~yes]] = middle[yes], middle[~yes] + 1
        guided[searches[yes]] = False
        found = searches[low[searches] == high[searches]]
        found = found[high[found] > 0]
        kept[(place[:, found] == high[found] - 1).argmax(axis=0), found] = True
        # of a known part what is not kept yet will do, else the units before the one just kept
        rest = _last(place[:, found], left[:, found] & ~kept[:, found])
        low[found], high[found] = 0, np.where(guided[found], rest, high[found] - 1)
    return kept


def _last(place: Places, units: Mask) -> Rows:
    """How many first units hold all of these."""
    return np.where(units, place + 1, 0).max(axis=0, initial=0).astype(int)
