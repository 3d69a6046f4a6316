"""A proof that figures can all be true: one value for every quantity, and its recheck.

The search fixes one quantity after another inside what is still possible and contracts again. The
recheck shares no code with it: relations are evaluated anew, in decimal arithmetic.
"""

from __future__ import annotations

import ast
import decimal
import math
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Protocol

from recount.arithmetic.network import Box, System

_ATTEMPTS = 48
_TRIES = 8  # values of one quantity, before an attempt is given up
# Agreement up to this part of the largest number in a relation: beyond what binary arithmetic loses,
# far below what any figure prints.
_EXACT = Decimal("1e-9")
# A decimal end is rarely a binary number: what the nearest one may be off by.
_BINARY = Decimal(2) ** -50


class Limits(Protocol):
    """Exact ends, None where there is none, each open or closed."""

    lower: Decimal | None
    upper: Decimal | None
    lower_open: bool
    upper_open: bool


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


def failures(
    values: Mapping[str, float],
    relations: Iterable[str],
    bounds: Mapping[str, Iterable[Limits]],
    whole: Collection[str] = (),
) -> list[str]:
    """What `values` (quantity to value) break: the relations' texts, and quantities out of bounds.

    Relations hold up to one part in 10^9 of their largest number; an end that `bounds` leaves out
    is left out exactly. `whole` quantities take whole numbers only.
    """
    exact = {name: Decimal(value) for name, value in values.items()}
    with decimal.localcontext(prec=60):
        broken = [text for text in relations if not _holds(text, exact)]
    outside = [name for name, each in bounds.items() if not all(_lies(exact[name], b) for b in each)]
    return broken + outside + [name for name in whole if exact[name] != exact[name].to_integral_value()]


def _lies(value: Decimal, bounds: Limits) -> bool:
    slack = abs(value) * _BINARY
    lower, upper = bounds.lower, bounds.upper
    if lower is not None and (value < lower - slack or (bounds.lower_open and value <= lower)):
        return False
    return upper is None or not (value > upper + slack or (bounds.upper_open and value >= upper))


def _holds(text: str, values: Mapping[str, Decimal]) -> bool:
    comparison = ast.parse(text, mode="eval").body
    assert isinstance(comparison, ast.Compare)
    sides = (comparison.left, comparison.comparators[0])
    try:
        (left, large), (right, larger) = (_value(side, text, values) for side in sides)
    except decimal.DecimalException:  # a division by zero, or a power that is beyond all numbers
        return False
    slack = _EXACT * max(large, larger)
    below, above = left <= right + slack, left >= right - slack
    symbol = comparison.ops[0]
    return (below or isinstance(symbol, ast.GtE)) and (above or isinstance(symbol, ast.LtE))


_ARITHMETIC: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _value(node: ast.expr, text: str, values: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """An expression's value, and the largest number met on the way to it."""
    if isinstance(node, ast.Name):
        return values[node.id], abs(values[node.id])
    if isinstance(node, ast.Constant):
        value = Decimal((ast.get_source_segment(text, node) or "").replace("_", ""))
        return value, abs(value)
    if isinstance(node, ast.UnaryOp):
        value, large = _value(node.operand, text, values)
        return -value, large
    assert isinstance(node, ast.BinOp)
    (left, large), (right, larger) = _value(node.left, text, values), _value(node.right, text, values)
    value = _ARITHMETIC[type(node.op)](left, right)
    # a sum is as exact as its largest term, a product as exact as itself
    return value, max(large, larger, abs(value)) if isinstance(node.op, ast.Add | ast.Sub) else abs(value)
