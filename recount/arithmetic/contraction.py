"""Narrowing intervals by relations, for many relations and many what-ifs at once.

`Network.contract` narrows the quantities' intervals by forward-backward contraction (hull
consistency, HC4: Benhamou, Goualard, Granvilliers and Puget, "Revising hull and box consistency",
ICLP 1999): each relation is evaluated upward over intervals, the comparison narrows both sides,
and the narrowing is carried down to the quantities, until nothing moves. Values are only ever
removed when no choice of the other quantities can keep them.

Relations of one shape (`share == part / whole`, say) are evaluated together, as rows of one array;
they see each other's narrowing in the next round.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from recount.arithmetic.intervals import Floats, Interval, base_of, exponent_of, quotient, whole_point
from recount.arithmetic.relations import (
    FORWARD,
    Expression,
    Mask,
    Name,
    Number,
    Operation,
    Relation,
    tied_together,
)

# A bound that moves by less than this part of itself does not start another round: what is left
# unnarrowed is far below any printed width, and slow geometric convergence is cut short.
_STILL = 1e-9
_ROUNDS = 200
_HUGE = np.finfo(np.float64).max
# Below this many cells, picking out those that still move costs more than it saves.
_FEW = 256

Index = NDArray[np.intp]


class _Shape(NamedTuple):
    """Relations alike but for their quantities: `slots[j, i]` is the j-th quantity of the i-th."""

    left: Expression
    symbol: str
    right: Expression
    members: Index
    slots: Index
    shared: bool  # some quantity stands in two of them
    whole: bool  # some quantity takes whole numbers only
    again: bool  # narrowing by them can let them narrow further


class Network:
    """Relations over numbered quantities, ready to be contracted for many rows at once."""

    def __init__(self, relations: Sequence[Relation], quantities: Sequence[str], whole: Mask):
        """`whole[i]` says that quantity i takes whole numbers only."""
        self.whole = whole
        self.index = {name: i for i, name in enumerate(quantities)}
        self.shapes = self._shaped(relations)
        self.touching: list[list[int]] = [[] for _ in quantities]
        for number, shape in enumerate(self.shapes):
            for quantity in np.unique(shape.slots):
                self.touching[quantity].append(number)
        self.group = self._grouped(relations)

    def _shaped(self, relations: Sequence[Relation]) -> list[_Shape]:
        alike: dict[tuple[Expression, str, Expression], list[tuple[int, list[int]]]] = {}
        for number, relation in enumerate(relations):
            slot = {name: Name(str(j)) for j, name in enumerate(relation.names)}
            key = (_renamed(relation.left, slot), relation.symbol, _renamed(relation.right, slot))
            alike.setdefault(key, []).append((number, [self.index[name] for name in relation.names]))
        shapes = []
        for (left, symbol, right), found in alike.items():
            slots = np.array([quantities for _, quantities in found], dtype=int).T
            shared = np.unique(slots).size < slots.size
            twice = len([*_leaves(left), *_leaves(right)]) > len(slots)
            whole = bool(self.whole[slots].any())
            members = np.array([number for number, _ in found], dtype=int)
            again = shared or twice or whole
            shapes.append(_Shape(left, symbol, right, members, slots, shared, whole, again))
        return shapes

    def _grouped(self, relations: Sequence[Relation]) -> Index:
        """A number for each quantity, the same for those that relations tie together."""
        group = np.zeros(len(self.index), dtype=int)
        for number, members in enumerate(tied_together(list(self.index), [r.names for r in relations])):
            group[[self.index[name] for name in members]] = number
        return group

    def contract(self, lower: Floats, upper: Floats, active: Mask,
                 moved: Sequence[int] | None = None) -> Mask:  # fmt: skip
        """Narrow `lower` and `upper` (quantities × rows) in place; True where a group is left empty.

        `active` (relations × rows) says which relations hold in which row. Rows do not affect each
        other, nor do groups of quantities that no relation ties together: the result is groups ×
        rows, by the numbers of `group`. Where only some quantities have `moved` since the last
        time, naming them saves work.
        """
        lower[self.whole], upper[self.whole] = np.ceil(lower[self.whole]), np.floor(upper[self.whole])
        with np.errstate(all="ignore"):
            return _Contraction(self, lower, upper, active, moved).run()


class _Contraction:
    """One contraction under way: the box, what is empty, and when each bound last moved."""

    def __init__(self, network: Network, lower: Floats, upper: Floats, active: Mask,
                 moved: Sequence[int] | None):  # fmt: skip
        self.network, self.lower, self.upper, self.active = network, lower, upper, active
        self.empty = np.zeros((network.group.max(initial=-1) + 1, lower.shape[1]), dtype=bool)
        np.logical_or.at(self.empty, network.group, ~(lower <= upper))
        self.any_empty = bool(self.empty.any())
        self.stamp = np.zeros(lower.shape, dtype=np.int32)
        self.stamp[slice(None) if moved is None else list(moved)] = 1
        self.seen = [0] * len(network.shapes)
        tied = range(len(network.touching)) if moved is None else moved
        self.waiting = {shape for quantity in tied for shape in network.touching[quantity]}

    def run(self) -> Mask:
        """Visit the shapes round after round in one order, so that no row's steps depend on other rows."""
        number = len(self.network.shapes)
        for clock in range(2, 2 + _ROUNDS * number):
            if not self.waiting:
                break
            if clock % number in self.waiting:
                self.waiting.remove(clock % number)
                self.visit(clock % number, clock)
        return self.empty

    def visit(self, number: int, clock: int) -> None:
        """Narrow by the relations of a shape where one of their quantities moved since the last visit."""
        shape = self.network.shapes[number]
        need = np.maximum.reduce(self.stamp[shape.slots]) > self.seen[number]
        need &= self.active[shape.members]
        if self.any_empty:
            need &= ~self.empty[self.network.group[shape.slots[0]]]
        # where its own narrowing can matter to it again, this visit is still to be seen
        self.seen[number] = clock - shape.again
        if need.any():
            self.revise(shape, need, clock)

    def revise(self, shape: _Shape, need: Mask, clock: int) -> None:
        """Evaluate the relations of a shape in the rows that need it, and narrow their quantities."""
        which, rows = _part(need, 1), _part(need, 0)
        need = need[which][:, rows]
        quantities = shape.slots[:, which]
        flat = quantities.reshape(-1)
        lower, upper = (self._taken(ends, flat, rows) for ends in (self.lower, self.upper))
        cells = (*quantities.shape, lower.shape[1])
        box = [Interval(*ends) for ends in zip(lower.reshape(cells), upper.reshape(cells), strict=True)]
        low, high = lower.reshape(cells).copy(), upper.reshape(cells).copy()
        for slot, ends in enumerate(_revised(shape, box)):
            np.fmax(low[slot], ends.lower, out=low[slot], where=need)
            np.fmin(high[slot], ends.upper, out=high[slot], where=need)
        crossed = ~np.logical_and.reduce(low <= high)
        if crossed.any():
            self._fail(quantities[0], rows, crossed & need)
        low, high = low.reshape(lower.shape), high.reshape(upper.shape)
        if shape.shared:
            flat, low, high, lower, upper = _narrowest(flat, low, high, lower, upper)
        if shape.whole:
            whole = self.network.whole[flat]
            low[whole], high[whole] = np.ceil(low[whole]), np.floor(high[whole])
        if shape.whole or shape.shared:
            crossed = ~(low <= high)
            if crossed.any():
                self._fail(flat, rows, crossed)
        self._write(flat, rows, Interval(low, high), Interval(lower, upper), clock)

    @staticmethod
    def _taken(ends: NDArray[Any], quantities: Index, rows: Index | slice) -> NDArray[Any]:
        return ends[quantities] if isinstance(rows, slice) else ends[quantities[:, None], rows]

    def _fail(self, quantities: Index, rows: Index | slice, where: Mask) -> None:
        failed = np.zeros((len(quantities), self.empty.shape[1]), dtype=bool)
        failed[:, rows] = where
        self.any_empty = True
        np.logical_or.at(self.empty, self.network.group[quantities], failed)

    def _write(self, quantities: Index, rows: Index | slice, new: Interval, old: Interval,
               clock: int) -> None:  # fmt: skip
        """Put narrowed bounds in place, and call for the relations that they matter to."""
        low, high = new.lower, new.upper
        # an end that was unbounded counts as the greatest float, from which anything is far
        least, most = np.fmax(old.lower, -_HUGE), np.fmin(old.upper, _HUGE)
        far = (low - least > _STILL * np.abs(least)) | (most - high > _STILL * np.abs(most))
        place = (quantities, rows) if isinstance(rows, slice) else (quantities[:, None], rows)
        # a row that has just failed is of no further use: its ends may cross
        self.lower[place], self.upper[place] = low, high
        if far.any():
            self.stamp[place] = np.where(far, clock, self._taken(self.stamp, quantities, rows))
            for quantity in quantities[far.any(axis=1)].tolist():
                self.waiting.update(self.network.touching[quantity])


def _narrowest(quantities: Index, low: Floats, high: Floats, *old: Floats) -> tuple:
    """Each quantity once, with the narrowest of the bounds that several relations leave it."""
    order = np.argsort(quantities, kind="stable")
    once, first = np.unique(quantities[order], return_index=True)
    low, high = np.maximum.reduceat(low[order], first), np.minimum.reduceat(high[order], first)
    return once, low, high, *(ends[order[first]] for ends in old)


def _part(need: Mask, axis: int) -> Index | slice:
    """The rows or columns with any need, or all where that is most of them."""
    if need.size <= _FEW:
        return slice(None)
    any_need = need.any(axis=axis)
    few = 4 * np.count_nonzero(any_need) < 3 * any_need.size
    return np.flatnonzero(any_need) if few else slice(None)


def _renamed(expression: Expression, slot: dict[str, Name]) -> Expression:
    if isinstance(expression, Name):
        return slot[expression.id]
    if isinstance(expression, Number):
        return expression
    return Operation(expression.symbol, _renamed(expression.left, slot), _renamed(expression.right, slot))


def _leaves(expression: Expression) -> Iterator[Name]:
    if isinstance(expression, Operation):
        yield from _leaves(expression.left)
        yield from _leaves(expression.right)
    elif isinstance(expression, Name):
        yield expression


def _revised(shape: _Shape, box: Sequence[Interval]) -> list[Interval]:
    """What one relation leaves of each of its quantities."""
    left, right = _upward(shape.left, box), _upward(shape.right, box)
    (low, high), (least, most) = (left[0].lower, left[0].upper), (right[0].lower, right[0].upper)
    new_left, new_right = left[0], right[0]
    if shape.symbol in ("==", "<="):
        new_left = Interval(low, np.minimum(high, most))
        new_right = Interval(np.maximum(least, low), most)
    if shape.symbol in ("==", ">="):
        new_left = Interval(np.maximum(low, least), new_left.upper)
        new_right = Interval(new_right.lower, np.minimum(most, high))
    found = list(box)
    _downward(shape.left, left, new_left, found)
    _downward(shape.right, right, new_right, found)
    return found


def _upward(expression: Expression, box: Sequence[Interval]) -> tuple:
    """The expression's interval, with those of its operands beneath it."""
    if isinstance(expression, Name):
        return (box[int(expression.id)],)
    if isinstance(expression, Number):
        return (_point(expression.value),)
    left, right = _upward(expression.left, box), _upward(expression.right, box)
    return (FORWARD[expression.symbol](left[0], right[0]), left, right)


def _downward(expression: Expression, was: tuple, now: Interval, found: list[Interval]) -> None:
    """Carry a node's narrowed interval down to the quantities beneath it."""
    if isinstance(expression, Name):
        slot = int(expression.id)
        found[slot] = found[slot].intersection(now)
    elif isinstance(expression, Operation):
        (x, *_), (y, *_) = was[1], was[2]
        left, right = _backward(expression.symbol, now, x, y)
        _downward(expression.left, was[1], x.intersection(left), found)
        _downward(expression.right, was[2], y.intersection(right), found)


def _backward(symbol: str, z: Interval, x: Interval, y: Interval) -> tuple[Interval, Interval]:
    """What `x symbol y == z` leaves of x and of y."""
    if symbol == "+":
        return z - y, z - x
    if symbol == "-":
        return z + y, x - z
    if symbol == "*":
        return quotient(z, y), quotient(z, x)
    if symbol == "/":
        return z * y, quotient(x, z)
    if symbol == "max":
        return _largest(z, y), _largest(z, x)
    if symbol == "min":
        return -_largest(-z, -y), -_largest(-z, -x)
    exponent = exponent_of(z, Interval(np.maximum(x.lower, 0.0), x.upper))
    # a known whole exponent may have a negative base, of which there is no logarithm
    known = whole_point(y)
    exponent = Interval(np.where(known, y.lower, exponent.lower), np.where(known, y.upper, exponent.upper))
    return base_of(z, y, x), exponent


def _largest(z: Interval, other: Interval) -> Interval:
    """What is left of one of two whose larger is `z`: it must reach `z` where the `other` cannot."""
    return Interval(np.where(other.upper < z.lower, z.lower, -np.inf), z.upper)


@functools.lru_cache(maxsize=4096)
def _point(value: Decimal) -> Interval:
    return Interval.enclosing(value, value)
