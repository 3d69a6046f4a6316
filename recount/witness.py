"""A proof that figures can all be true: one value for every quantity, and its recheck.

The search fixes one quantity after another inside what is still possible and contracts again, in
many trials side by side; a trial that comes to nothing is replaced by a copy of one that goes on.
The recheck shares no code with it: relations are evaluated anew, in decimal arithmetic.
"""

from __future__ import annotations

import ast
import decimal
import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal

import numpy as np

from recount.intervals import Floats, Interval
from recount.readings import Bounds
from recount.relations import Mask
from recount.solver import Solver

_TRIALS = 32
_ATTEMPTS = 6
# Agreement up to this part of the largest number in a relation: beyond what binary arithmetic loses,
# far below what any figure prints.
_EXACT = Decimal("1e-9")
# A decimal end is rarely a binary number: what the nearest one may be off by.
_BINARY = Decimal(2) ** -50


def search(solver: Solver, box: Interval, on: Mask, seed: int = 0) -> dict[str, float] | None:
    """A value for each quantity of `box` under the rules that are `on`; None where none is found.

    `box` holds one column of intervals, `on` one flag per rule. The same seed gives the same values.
    """
    random = np.random.default_rng(seed)
    for attempt in range(_ATTEMPTS):
        found = _dive(solver, box, on, random, wide_first=attempt % 2 == 1)
        if found is not None:
            return dict(zip(solver.quantities, found.tolist(), strict=True))
    return None


def _dive(solver: Solver, box: Interval, on: Mask, random: np.random.Generator,
          wide_first: bool) -> Floats | None:  # fmt: skip
    active = solver.active(np.repeat(on[:, None], _TRIALS, axis=1))
    lower, upper = np.repeat(box.lower, _TRIALS, axis=1), np.repeat(box.upper, _TRIALS, axis=1)
    if solver.network.contract(lower, upper, active).any():
        return None
    for quantity in _order(lower[:, 0], upper[:, 0], solver.whole, random, wide_first):
        low, high = lower[quantity], upper[quantity]
        if np.all(high - low <= 4 * np.spacing(np.maximum(np.abs(low), np.abs(high)))):
            continue
        values = _inside(low, high, bool(solver.whole[quantity]), random)
        low[:], high[:] = values, values
        empty = solver.network.contract(lower, upper, active, [quantity]).any(axis=0)
        if empty.all():
            return None
        alive = np.flatnonzero(~empty)
        taken = np.where(empty, random.choice(alive, _TRIALS), np.arange(_TRIALS))
        lower, upper = lower[:, taken], upper[:, taken]
    middle = lower[:, 0] / 2 + upper[:, 0] / 2
    return np.where(solver.whole, np.round(middle), np.clip(middle, lower[:, 0], upper[:, 0]))


def _order(lower: Floats, upper: Floats, whole: Mask, random: np.random.Generator,
           wide_first: bool) -> list[int]:  # fmt: skip
    """Whole numbers first, for the others can follow them; of each kind the narrow intervals first.

    That leaves the wide ones a choice. Where it does not (levels that are tied by rates alone), the
    wide ones come first.
    """
    with np.errstate(all="ignore"):
        width = (upper - lower) / np.maximum(np.maximum(np.abs(lower), np.abs(upper)), 1e-300)
    key = np.where(np.isfinite(width), width, np.inf) * random.uniform(0.5, 2.0, len(width))
    return [int(i) for i in np.lexsort((-key if wide_first else key, ~whole))]


def _inside(low: Floats, high: Floats, whole: bool, random: np.random.Generator) -> Floats:
    """A value in each interval: the middle of the first, anywhere inside of the others."""
    share = np.concatenate([[0.5], random.beta(2, 2, _TRIALS - 1)])
    with np.errstate(all="ignore"):
        floor = np.where(np.isfinite(high), high - 10 * (1 + np.abs(high)), -1e6)
        floor = np.where(np.isfinite(low), low, floor)
        ceiling = np.where(np.isfinite(high), high, np.maximum(10 * np.abs(floor), 1e9))
        wide = (floor > 0) & (ceiling > 100 * floor)
        spread = np.where(wide, np.exp(np.log(np.where(wide, floor, 1)) * (1 - share)
                                       + np.log(np.where(wide, ceiling, 1)) * share),
                          floor + share * (ceiling - floor))  # fmt: skip
    values = np.clip(np.round(spread) if whole else spread, low, high)
    return np.where(low < high, values, low)


def failures(values: Mapping[str, float], relations: Iterable[str],
             bounds: Mapping[str, Iterable[Bounds]], whole: Collection[str] = ()) -> list[str]:  # fmt: skip
    """What `values` (quantity to value) break: the relations' texts, and quantities out of bounds.

    Relations hold up to one part in 10^9 of their largest number; an end that `bounds` leaves out
    is left out exactly. `whole` quantities take whole numbers only.
    """
    exact = {name: Decimal(value) for name, value in values.items()}
    with decimal.localcontext(prec=60):
        broken = [text for text in relations if not _holds(text, exact)]
    outside = [name for name, each in bounds.items() if not all(_lies(exact[name], b) for b in each)]
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
    (left, large), (right, larger) = (_value(side, text, values) for side in sides)
    slack = _EXACT * max(large, larger)
    below, above = left <= right + slack, left >= right - slack
    symbol = comparison.ops[0]
    return (below or isinstance(symbol, ast.GtE)) and (above or isinstance(symbol, ast.LtE))


_ARITHMETIC: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}  # fmt: skip


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
