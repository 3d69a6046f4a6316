"""A witness rechecked: does each relation, and each printed interval, hold of these values?

This shares no code with the search that found the values: relations are read and evaluated anew, in decimal
arithmetic, and printed intervals are taken with their exact ends.
"""

from __future__ import annotations

import ast
import decimal
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from math import isfinite

from recount.figures.readings import Bounds

# Agreement up to this part of the largest number in a relation: beyond what binary arithmetic loses,
# far below what any figure prints.
_EXACT = Decimal("1e-9")
# A decimal end is rarely a binary number: what the nearest one may be off by.
_BINARY = Decimal(2) ** -50


def failures(
    values: Mapping[str, float],
    relations: Iterable[str],
    bounds: Mapping[str, Iterable[Bounds]],
    whole: Collection[str] = (),
) -> list[str]:
    """What `values` (quantity to value) break: the relations' texts, and quantities out of bounds.

    Relations hold up to one part in 10^9 of their largest number; an end that `bounds` leaves out
    is left out exactly. `whole` quantities take whole numbers only, and infinity is no value.
    """
    endless = [name for name, value in values.items() if not isfinite(value)]
    if endless:
        return endless
    exact = {name: Decimal(value) for name, value in values.items()}
    with decimal.localcontext(prec=60):
        broken = [text for text in relations if not _holds(text, exact)]
    outside = [name for name, limits in bounds.items() if not all(_lies(exact[name], b) for b in limits)]
    return broken + outside + [name for name in whole if exact[name] != exact[name].to_integral_value()]


def _lies(value: Decimal, bounds: Bounds) -> bool:
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
    spine = [node]  # a sum of a thousand parts is a thousand operations, each the left side of the next
    while isinstance(spine[-1], ast.BinOp):
        spine.append(spine[-1].left)
    left, large = _value(spine.pop(), text, values)
    while spine:
        operation = spine.pop()
        assert isinstance(operation, ast.BinOp)
        right, larger = _value(operation.right, text, values)
        left = _ARITHMETIC[type(operation.op)](left, right)
        # a sum is as exact as its largest term, a product as exact as itself
        is_sum = isinstance(operation.op, ast.Add | ast.Sub)
        large = max(large, larger, abs(left)) if is_sum else abs(left)
    return left, large
