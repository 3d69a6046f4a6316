"""Smallest parts of the evidence that still do what all of it does.

Of all such parts the one is found that prefers what comes first in a given order, by QuickXplain (Junker,
"QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004): what is
needed of the less preferred half, given the other half, and then of that one, given what is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

State = TypeVar("State")


def smallest(
    order: Sequence[str],
    state: State,
    add: Callable[[State, Sequence[str]], State],
    does: Callable[[State], bool],
) -> list[str]:
    """The preferred smallest part of `order` that does.

    Parameters
    ----------
    order : pieces, the preferred ones first; all together they do
    state : what is there without any of them
    add : the state with more pieces
    does : whether a state does; one with more pieces than one that does must do too

    Returns
    -------
    The pieces that are needed, in order; empty where nothing is.
    """
    if not order or does(state):
        return []
    if len(order) == 1:
        return list(order)
    preferred, others = order[: len(order) // 2], order[len(order) // 2 :]
    late = smallest(others, add(state, preferred), add, does)
    return smallest(preferred, add(state, late), add, does) + late
