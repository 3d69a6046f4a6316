"""Relations between quantities, and what follows from them.

A relation is one comparison (`==`, `<=` or `>=`) of two expressions built from quantity ids, decimal
numbers, `+ - * / **` and parentheses. Nothing else is accepted and nothing is executed: the text is
parsed by Python's own grammar and every node outside the list is refused.

`Network.contract` narrows the quantities' intervals by forward-backward contraction (hull
consistency, HC4: Benhamou, Goualard, Granvilliers and Puget, "Revising hull and box consistency",
ICLP 1999): each relation is evaluated upward over intervals, the comparison narrows both sides,
and the narrowing is carried down to the quantities, until nothing moves. Values are only ever
removed when no choice of the other quantities can keep them.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from recount.intervals import Floats, Interval, base_of, exponent_of, quotient, whole_point

# A bound that moves by less than this part of itself does not start another round: what is left
# unnarrowed is far below any printed width, and slow geometric convergence is cut short.
_STILL = 1e-9
_ROUNDS = 200
# Below this many rows, picking out those that still move costs more than it saves.
_FEW = 64

Mask = NDArray[np.bool_]


class RelationError(ValueError):
    """A relation's text that is not one comparison of plain arithmetic."""


@dataclass(frozen=True)
class Name:
    """A quantity, by id."""

    id: str


@dataclass(frozen=True)
class Number:
    """A decimal constant, exact."""

    value: Decimal

    @classmethod
    def of(cls, value: int) -> Number:
        """A whole number as a constant."""
        return cls(Decimal(value))


@dataclass(frozen=True)
class Operation:
    """`left symbol right`, with symbol one of `+ - * / **`; in derived facts also `min` and `max`."""

    symbol: str
    left: Expression
    right: Expression


Expression = Name | Number | Operation
ONE = Number.of(1)


@dataclass(frozen=True)
class Relation:
    """A comparison: `left symbol right`, with symbol one of `== <= >=`."""

    text: str
    left: Expression
    symbol: str
    right: Expression

    @classmethod
    def of(cls, left: Expression, symbol: str, right: Expression) -> Relation:
        """A comparison of expressions, with its text."""
        return cls(f"{written(left)} {symbol} {written(right)}", left, symbol, right)

    @property
    def names(self) -> tuple[str, ...]:
        """The quantities it ties, in order of appearance, each once."""
        return tuple(dict.fromkeys([*names(self.left), *names(self.right)]))


_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
    ast.Eq: "==", ast.LtE: "<=", ast.GtE: ">=",
}  # fmt: skip
_FORWARD: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
    "min": lambda x, y: Interval(np.minimum(x.lower, y.lower), np.minimum(x.upper, y.upper)),
    "max": lambda x, y: Interval(np.maximum(x.lower, y.lower), np.maximum(x.upper, y.upper)),
}  # fmt: skip


def parse(text: str) -> Relation:
    """Read a relation; `RelationError` says what is not allowed and where."""
    tree = _tree(text)
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _OPERATORS:
        raise RelationError(f"{text!r}: expected one comparison with ==, <= or >=")
    symbol = _OPERATORS[type(tree.ops[0])]
    return Relation(text, _expression(tree.left, text), symbol, _expression(tree.comparators[0], text))


def parse_expression(text: str) -> Expression:
    """Read an expression without a comparison, such as `platform_credit / platform_credits`."""
    return _expression(_tree(text), text)


def names(expression: Expression) -> list[str]:
    """Quantity ids of an expression, in order of appearance."""
    if isinstance(expression, Operation):
        return names(expression.left) + names(expression.right)
    return [expression.id] if isinstance(expression, Name) else []


def joined(symbol: str, parts: Sequence[Expression]) -> Expression:
    """Expressions joined by one operator, from the left."""
    return functools.reduce(functools.partial(Operation, symbol), parts)


def written(expression: Expression) -> str:
    """An expression as text, with every parenthesis that keeps its meaning."""
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Number):
        return str(expression.value)
    left, right = written(expression.left), written(expression.right)
    if expression.symbol in ("min", "max"):
        return f"{expression.symbol}({left}, {right})"
    return f"({left} {expression.symbol} {right})"


def evaluate(expression: Expression, values: Callable[[str], Interval]) -> Interval:
    """The interval of an expression when `values` gives each quantity's."""
    if isinstance(expression, Name):
        return values(expression.id)
    if isinstance(expression, Number):
        return Interval.enclosing(expression.value, expression.value)
    left, right = evaluate(expression.left, values), evaluate(expression.right, values)
    return _FORWARD[expression.symbol](left, right)


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise RelationError(f"{text!r}: not an expression ({error})") from None


def _expression(node: ast.expr, text: str) -> Expression:
    if isinstance(node, ast.Name):
        return Name(node.id)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        # the digits as written, not the float that Python made of them
        return Number(Decimal((ast.get_source_segment(text.strip(), node) or "").replace("_", "")))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Operation("-", Number(Decimal(0)), _expression(node.operand, text))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        symbol = _OPERATORS[type(node.op)]
        return Operation(symbol, _expression(node.left, text), _expression(node.right, text))
    found = ast.get_source_segment(text.strip(), node) or text
    raise RelationError(f"{text!r}: {found!r} is not a quantity, a decimal number or + - * / **")


class Network:
    """Relations over numbered quantities, ready to be contracted for many rows at once."""

    def __init__(self, relations: Sequence[Relation], quantities: Sequence[str], whole: Mask):
        """`whole[i]` says that quantity i takes whole numbers only."""
        self.index = {name: i for i, name in enumerate(quantities)}
        self.relations = list(relations)
        self.whole = whole
        self._touching: list[list[int]] = [[] for _ in quantities]
        # one pass is final for a relation that has each quantity once, and none of whole numbers
        self._again = []
        for number, relation in enumerate(self.relations):
            for name in relation.names:
                self._touching[self.index[name]].append(number)
            written = [*names(relation.left), *names(relation.right)]
            rounded = any(whole[self.index[name]] for name in written)
            self._again.append(rounded or len(written) > len(relation.names))

    def contract(self, lower: Floats, upper: Floats, active: Mask,
                 moved: Sequence[int] | None = None) -> Mask:  # fmt: skip
        """Narrow `lower` and `upper` (quantities × rows) in place; True for the rows left empty.

        `active` (relations × rows) says which relations hold in which row. Rows do not affect each
        other. Where only some quantities have `moved` since the last time, naming them saves work.
        """
        lower[self.whole], upper[self.whole] = np.ceil(lower[self.whole]), np.floor(upper[self.whole])
        empty: Mask = np.any(~(lower <= upper), axis=0)
        first = range(len(self.relations)) if moved is None else self._tied(moved)
        waiting = {number: active[number] for number in first}
        budget = _ROUNDS * max(1, len(self.relations))
        with np.errstate(all="ignore"):
            while waiting and budget:
                number = next(iter(waiting))
                rows = waiting.pop(number) & ~empty
                if not rows.any():
                    continue
                budget -= 1
                state = _State(lower, upper, empty, rows)
                self._revise(self.relations[number], state)
                for quantity, where in state.moved():
                    for other in self._touching[quantity]:
                        if other != number or self._again[number]:
                            mask = where & active[other]
                            waiting[other] = waiting[other] | mask if other in waiting else mask
        return empty

    def _tied(self, quantities: Sequence[int]) -> list[int]:
        return list(dict.fromkeys(number for q in quantities for number in self._touching[q]))

    def _revise(self, relation: Relation, state: _State) -> None:
        left, right = self._upward(relation.left, state), self._upward(relation.right, state)
        (low, high), (least, most) = (left[0].lower, left[0].upper), (right[0].lower, right[0].upper)
        new_left, new_right = left[0], right[0]
        if relation.symbol in ("==", "<="):
            new_left = Interval(low, np.minimum(high, most))
            new_right = Interval(np.maximum(least, low), most)
        if relation.symbol in ("==", ">="):
            new_left = Interval(np.maximum(low, least), new_left.upper)
            new_right = Interval(new_right.lower, np.minimum(most, high))
        self._downward(relation.left, left, new_left, state)
        self._downward(relation.right, right, new_right, state)

    def _upward(self, expression: Expression, state: _State) -> tuple:
        """The expression's interval, with those of its operands beneath it."""
        if isinstance(expression, Name):
            return (state.get(self.index[expression.id]),)
        if isinstance(expression, Number):
            return (_point(expression.value),)
        left, right = self._upward(expression.left, state), self._upward(expression.right, state)
        return (_FORWARD[expression.symbol](left[0], right[0]), left, right)

    def _downward(self, expression: Expression, was: tuple, now: Interval, state: _State) -> None:
        """Carry a node's narrowed interval down to the quantities beneath it."""
        if isinstance(expression, Name):
            quantity = self.index[expression.id]
            state.narrow(quantity, now, bool(self.whole[quantity]))
        elif isinstance(expression, Number):
            state.fail(now.empty)
        else:
            z, (x, *_), (y, *_) = now, was[1], was[2]
            left, right = _backward(expression.symbol, z, x, y)
            self._downward(expression.left, was[1], x.intersection(left), state)
            self._downward(expression.right, was[2], y.intersection(right), state)


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


class _State:
    """The intervals of the rows that one relation is revised in, and what has moved there."""

    def __init__(self, lower: Floats, upper: Floats, empty: Mask, rows: Mask):
        self._lower, self._upper, self._empty = lower, upper, empty
        few = 2 * np.count_nonzero(rows) < rows.size and rows.size > _FEW
        self._part: NDArray[np.intp] | slice = np.flatnonzero(rows) if few else slice(None)
        self._live = rows[self._part]
        self._moved: dict[int, Mask] = {}

    def get(self, quantity: int) -> Interval:
        return Interval(self._lower[quantity, self._part], self._upper[quantity, self._part])

    def fail(self, where: Mask) -> None:
        failed = np.zeros_like(self._empty)
        failed[self._part] = where & self._live
        self._empty |= failed

    def moved(self) -> Iterator[tuple[int, Mask]]:
        """Each quantity that moved, and the rows where it did."""
        for quantity, where in self._moved.items():
            rows = np.zeros_like(self._empty)
            rows[self._part] = where
            yield quantity, rows

    def narrow(self, quantity: int, to: Interval, whole: bool) -> None:
        if whole:
            to = to.whole_numbers()
        lower, upper = self._lower[quantity, self._part], self._upper[quantity, self._part]
        low, high = np.fmax(lower, to.lower), np.fmin(upper, to.upper)
        failed = self._live & ~(low <= high)
        if failed.any():
            self.fail(failed)
            self._live = self._live & ~failed
        changed = self._live & ((low > lower) | (high < upper))
        if not changed.any():
            return
        far = (low - lower > _STILL * np.abs(lower)) | (upper - high > _STILL * np.abs(upper))
        far |= np.isinf(lower) & (low > lower) | np.isinf(upper) & (high < upper)
        self._lower[quantity, self._part] = np.where(changed, low, lower)
        self._upper[quantity, self._part] = np.where(changed, high, upper)
        if np.any(moved := changed & far):
            self._moved[quantity] = self._moved.get(quantity, False) | moved
