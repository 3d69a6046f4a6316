"""A proof that figures can all be true: one value for every quantity, and its recheck.

The search fixes one quantity after another inside what is still possible and contracts again, in
many trials side by side; a trial that comes to nothing is replaced by a copy of one that goes on.
The recheck shares no code with it: relations are evaluated anew, in decimal arithmetic.
"""

from __future__ import annotations

import ast
import decimal
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal

import numpy as np

from recount.arithmetic.intervals import Floats, Interval
from recount.arithmetic.relations import Mask
from recount.arithmetic.solver import Solver
from recount.figures.readings import Bounds

_TRIALS = 32
_RECHECKED = 8  # of each attempt
_ATTEMPTS = 6
# Agreement up to this part of the largest number in a relation: beyond what binary arithmetic loses,
# far below what any figure prints.
_EXACT = Decimal("1e-9")
# A decimal end is rarely a binary number: what the nearest one may be off by.
_BINARY = Decimal(2) ** -50


def search(solver: Solver, box: Interval, on: Mask, seed: int = 0) -> Iterator[dict[str, float]]:
    """Values for all quantities of `box` that seem to do under the rules that are `on`, to be rechecked.

    `box` holds one column of intervals, `on` one flag per rule. The same seed gives the same values.
    """
    random = np.random.default_rng(seed)
    for attempt in range(_ATTEMPTS):
        for values in _dive(solver, box, on, random, wide_first=attempt % 2 == 1).T:
            yield dict(zip(solver.quantities, values.tolist(), strict=True))


def _dive(solver: Solver, box: Interval, on: Mask, random: np.random.Generator, wide_first: bool) -> Floats:
    """The values that different trials end with (quantities × trials); none where all come to nothing."""
    active = solver.active(np.repeat(on[:, None], _TRIALS, axis=1))
    lower, upper = np.repeat(box.lower, _TRIALS, axis=1), np.repeat(box.upper, _TRIALS, axis=1)
    nothing = np.empty((len(solver.quantities), 0))
    if solver.network.contract(lower, upper, active).any():
        return nothing
    for quantity in _order(lower[:, 0], upper[:, 0], solver.whole, random, wide_first):
        low, high = lower[quantity], upper[quantity]
        if np.all(high - low <= 4 * np.spacing(np.maximum(np.abs(low), np.abs(high)))):
            continue
        values = _inside(low, high, bool(solver.whole[quantity]), random)
        low[:], high[:] = values, values
        empty = solver.network.contract(lower, upper, active, [quantity]).any(axis=0)
        if empty.all():
            return nothing
        alive = np.flatnonzero(~empty)
        taken = np.where(empty, random.choice(alive, _TRIALS), np.arange(_TRIALS))
        lower, upper = lower[:, taken], upper[:, taken]
    middle = np.clip(lower / 2 + upper / 2, lower, upper)
    ends = np.where(solver.whole[:, None], np.round(middle), middle)
    return ends[:, np.sort(np.unique(ends, axis=1, return_index=True)[1])][:, :_RECHECKED]


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
    """A value in each interval: the middle of the first, anywhere inside of the others.

    Without an upper end the value is as likely in each decade above the lower one, for what is
    possible often begins right there.
    """
    share = np.concatenate([[0.5], random.beta(2, 2, _TRIALS - 1)])
    with np.errstate(all="ignore"):
        upward = np.where(low == 0, 10.0 ** random.uniform(-3, 12, _TRIALS),
                          low + np.abs(low) * 10.0 ** random.uniform(-5, 1, _TRIALS))  # fmt: skip
        downward = high - (1 + np.abs(high)) * 10.0 ** random.uniform(-5, 1, _TRIALS)
        anywhere = random.normal(size=_TRIALS) * 10.0 ** random.uniform(-3, 12, _TRIALS)
        even, by_decade = low + share * (high - low), low * (high / low) ** share
        bounded = np.where((low > 0) & (high > 100 * low), by_decade, even)
        value = np.where(np.isfinite(high), np.where(np.isfinite(low), bounded, downward),
                         np.where(np.isfinite(low), upward, anywhere))  # fmt: skip
    values = np.clip(np.round(value) if whole else value, low, high)
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
    try:
        (left, large), (right, larger) = (_value(side, text, values) for side in sides)
    except decimal.DecimalException:  # a division by zero, or a power that is beyond all numbers
        return False
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
