"""Smallest parts of the evidence that still do what all of it does.

Of all such parts the one is found that prefers what comes first in a given order, by QuickXplain (Junker,
"QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004): what is
needed of the less preferred half, given the other half, and then of that one, given what is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

State = TypeVar("State")


def smallest(
    order: Sequence[str],
    nothing: State,
    add: Callable[[State, Sequence[str]], State],
    does: Callable[[State], bool],
    known: Collection[str] = (),
) -> list[str]:
    """The preferred smallest part of `order` that does.

    Parameters
    ----------
    order : pieces, the preferred ones first; all together they do
    nothing : the state without any of them
    add : the state with more pieces
    does : whether a state does; one with more pieces than one that does must do too
    known : a part that is known to do, from which the search starts; it changes nothing but the time

    Returns
    -------
    The pieces that are needed, in order; empty where nothing is.
    """
    kept: list[str] = []
    before = _before(order, nothing, add, known)
    for place, state in reversed(before):
        # as long as what comes before the last of the known pieces does not do without it, it is needed
        if does(add(state, kept)):
            order = order[:place]
            break
        kept.insert(0, order[place])
    else:
        if known:
            return kept
    state = add(nothing, kept)
    return ([] if does(state) else _needed(order, state, add, does)) + kept


def _before(
    order: Sequence[str], state: State, add: Callable[[State, Sequence[str]], State], known: Collection[str]
) -> list[tuple[int, State]]:
    """The place of each known piece, with the state of all that comes before it."""
    states, start = [], 0
    for place in sorted(order.index(piece) for piece in known):
        state, start = add(state, order[start:place]), place
        states.append((place, state))
    return states


def _needed(
    order: Sequence[str],
    state: State,
    add: Callable[[State, Sequence[str]], State],
    does: Callable[[State], bool],
) -> list[str]:
    """What of `order` is needed beside a state that does not do by itself."""
    if len(order) == 1:
        return list(order)
    preferred, others = order[: len(order) // 2], order[len(order) // 2 :]
    with_preferred = add(state, preferred)
    late = [] if does(with_preferred) else _needed(others, with_preferred, add, does)
    with_late = add(state, late) if late else state
    early = [] if late and does(with_late) else _needed(preferred, with_late, add, does)
    return early + late
