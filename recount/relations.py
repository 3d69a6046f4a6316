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
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from recount.intervals import Interval, base_of, exponent_of, quotient, whole_point

# A bound that moves by less than this part of itself does not start another round: what is left
# unnarrowed is far below any printed width, and slow geometric convergence is cut short.
_STILL = 1e-9
_ROUNDS = 200

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


@dataclass(frozen=True)
class Operation:
    """`left symbol right`, with symbol one of `+ - * / **`."""

    symbol: str
    left: Expression
    right: Expression


Expression = Name | Number | Operation


@dataclass(frozen=True)
class Relation:
    """A comparison: `left symbol right`, with symbol one of `== <= >=`."""

    text: str
    left: Expression
    symbol: str
    right: Expression

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
        for number, relation in enumerate(self.relations):
            for name in relation.names:
                self._touching[self.index[name]].append(number)

    def contract(self, lower: NDArray[np.float64], upper: NDArray[np.float64], active: Mask) -> Mask:
        """Narrow `lower` and `upper` (quantities × rows) in place; True for the rows left empty.

        `active` (relations × rows) says which relations hold in which row. Rows do not affect
        each other.
        """
        state = _State(lower, upper, self.whole)
        waiting = dict.fromkeys(range(len(self.relations)))
        budget = _ROUNDS * max(1, len(self.relations))
        while waiting and budget and not state.empty.all():
            number = next(iter(waiting))
            del waiting[number]
            budget -= 1
            state.changed.clear()
            if active[number].any():
                self._revise(self.relations[number], state, active[number])
            for quantity in state.changed:
                waiting.update(dict.fromkeys(self._touching[quantity]))
        return state.empty

    def _revise(self, relation: Relation, state: _State, rows: Mask) -> None:
        left, right = self._upward(relation.left, state), self._upward(relation.right, state)
        new_left, new_right = left[0], right[0]
        if relation.symbol in ("==", "<="):
            new_left = new_left.intersection(Interval(np.full_like(right[0].upper, -np.inf), right[0].upper))
            new_right = new_right.intersection(Interval(left[0].lower, np.full_like(left[0].lower, np.inf)))
        if relation.symbol in ("==", ">="):
            new_left = new_left.intersection(Interval(right[0].lower, np.full_like(right[0].lower, np.inf)))
            new_right = new_right.intersection(Interval(np.full_like(left[0].upper, -np.inf), left[0].upper))
        self._downward(relation.left, left, new_left, state, rows)
        self._downward(relation.right, right, new_right, state, rows)

    def _upward(self, expression: Expression, state: _State) -> tuple:
        """The expression's interval, with those of its operands beneath it."""
        if isinstance(expression, Name):
            return (state.get(self.index[expression.id]),)
        if isinstance(expression, Number):
            return (state.constant(expression.value),)
        left, right = self._upward(expression.left, state), self._upward(expression.right, state)
        return (_FORWARD[expression.symbol](left[0], right[0]), left, right)

    def _downward(self, expression: Expression, was: tuple, now: Interval, state: _State, rows: Mask) -> None:
        """Carry a node's narrowed interval down to the quantities beneath it."""
        if isinstance(expression, Name):
            state.narrow(self.index[expression.id], now, rows)
        elif isinstance(expression, Number):
            state.fail(now.empty & rows)
        else:
            z, (x, *_), (y, *_) = was[0].intersection(now), was[1], was[2]
            left, right = _backward(expression.symbol, z, x, y)
            self._downward(expression.left, was[1], x.intersection(left), state, rows)
            self._downward(expression.right, was[2], y.intersection(right), state, rows)


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
    exponent = exponent_of(z, Interval(np.maximum(x.lower, 0.0), x.upper))
    # a known whole exponent may have a negative base, of which there is no logarithm
    known = whole_point(y)
    exponent = Interval(np.where(known, y.lower, exponent.lower), np.where(known, y.upper, exponent.upper))
    return base_of(z, y, x), exponent


class _State:
    """The quantities' intervals in every row, and which rows and quantities have moved."""

    def __init__(self, lower: NDArray[np.float64], upper: NDArray[np.float64], whole: Mask):
        self.lower, self.upper, self.whole = lower, upper, whole
        self.changed: set[int] = set()
        lower[whole], upper[whole] = np.ceil(lower[whole]), np.floor(upper[whole])
        self.empty: Mask = np.any(~(lower <= upper), axis=0)

    def get(self, quantity: int) -> Interval:
        return Interval(self.lower[quantity], self.upper[quantity])

    def constant(self, value: Decimal) -> Interval:
        point = Interval.enclosing(value, value)
        rows = self.lower.shape[1]
        return Interval(np.full(rows, point.lower), np.full(rows, point.upper))

    def fail(self, rows: Mask) -> None:
        self.empty |= rows

    def narrow(self, quantity: int, to: Interval, rows: Mask) -> None:
        if self.whole[quantity]:
            to = to.whole_numbers()
        lower, upper = self.lower[quantity], self.upper[quantity]
        live = rows & ~self.empty
        raised: Mask = live & (to.lower > lower)
        lowered: Mask = live & (to.upper < upper)
        failed = live & ~(np.maximum(lower, to.lower) <= np.minimum(upper, to.upper))
        self.empty |= failed
        with np.errstate(invalid="ignore"):
            moved = raised & ~(to.lower - lower <= _STILL * np.abs(lower))
            moved = moved | lowered & ~(upper - to.upper <= _STILL * np.abs(upper))
        lower[raised], upper[lowered] = to.lower[raised], to.upper[lowered]
        if np.any(moved & ~failed):
            self.changed.add(quantity)
