"""Relations between quantities, as text, as trees and as programs.

A relation is one comparison (`==`, `<=` or `>=`) of two expressions built from quantity ids, decimal
numbers, `+ - * / **` and parentheses. Nothing else is accepted and nothing is executed: the text is
parsed by Python's own grammar and every node outside the list is refused.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from recount.arithmetic.contraction import Contractor, Program, Shape
from recount.arithmetic.ends import Ends, Nothing
from recount.arithmetic.intervals import Interval


class RelationError(ValueError):
    """A relation's text that is not one comparison of plain arithmetic."""


class Name(NamedTuple):
    """A quantity, by id."""

    id: str


class Number(NamedTuple):
    """A decimal constant, exact."""

    value: Decimal

    @classmethod
    def of(cls, value: int) -> Number:
        """A whole number as a constant."""
        return cls(Decimal(value))


class Operation(NamedTuple):
    """`left symbol right`, with symbol one of `+ - * / **`."""

    symbol: str
    left: Expression
    right: Expression


Expression = Name | Number | Operation
ONE = Number.of(1)


class Relation(NamedTuple):
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
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.Eq: "==",
    ast.LtE: "<=",
    ast.GtE: ">=",
}
# Operators that may be grouped anew: a quotient may not, for its divisor could be zero.
_CHAINS: tuple[tuple[type[ast.operator], ...], ...] = ((ast.Add, ast.Sub), (ast.Mult,))
_INTERVALS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}


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
    """Expressions joined by one operator, half by half: a thousand lie ten deep then, not a thousand."""
    return _halved([(symbol, part) for part in parts])


def _halved(terms: Sequence[tuple[str, Expression]]) -> Expression:
    """Terms, each with the operator before it (the first one's is not looked at), as a tree of halves."""
    if len(terms) == 1:
        return terms[0][1]
    middle = (len(terms) + 1) // 2
    left, right = terms[:middle], terms[middle:]
    symbol = right[0][0]
    if symbol == "-":  # a - b + c is a - (b - c)
        right = [("+" if sign == "-" else "-", term) for sign, term in right]
    return Operation(symbol, _halved(left), _halved(right))


def written(expression: Expression) -> str:
    """An expression as text, with every parenthesis that keeps its meaning."""
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Number):
        return str(expression.value)
    left, right = written(expression.left), written(expression.right)
    return f"({left} {expression.symbol} {right})"


def evaluate(expression: Expression, values: Callable[[str], Interval]) -> Interval:
    """The interval of an expression when `values` gives each quantity's."""
    if isinstance(expression, Name):
        return values(expression.id)
    if isinstance(expression, Number):
        return Interval.enclosing(expression.value, expression.value)
    left, right = evaluate(expression.left, values), evaluate(expression.right, values)
    return _INTERVALS[expression.symbol](left, right)


def narrow(
    relations: Iterable[Relation], box: Mapping[str, Interval], whole: Collection[str] = ()
) -> dict[str, Interval] | None:
    """What relations leave of a box of intervals, by contraction; None where they leave no value.

    Parameters
    ----------
    relations : as `parse` reads them
    box : an interval for each quantity that they name
    whole : the quantities that take whole numbers only

    Examples
    --------
    >>> box = {"share": Interval(0, 1), "part": Interval(20, 30), "whole": Interval(100, 120)}
    >>> narrow([parse("share == part / whole")], box)["share"]
    [0.166667, 0.3]
    """
    programs = [compiled(relation) for relation in relations]
    contractor = Contractor(list(box), [name in whole for name in box], programs)
    low, high = [interval.lower for interval in box.values()], [interval.upper for interval in box.values()]
    try:
        contractor.contract(low, high, [True] * len(programs), range(len(programs)))
    except Nothing:
        return None
    ends = zip(box.items(), low, high, strict=True)
    return {name: Interval(a, b, interval.unit) for (name, interval), a, b in ends}


def compiled(relation: Relation) -> Program:
    """A relation as contraction takes it."""
    constants: list[Ends] = []
    steps: list[tuple[str, int, int]] = []
    quantities = relation.names
    index = {name: i for i, name in enumerate(quantities)}
    numbers = [*_numbers(relation.left), *_numbers(relation.right)]
    first = len(quantities) + len(numbers)

    def place(expression: Expression) -> int:
        if isinstance(expression, Name):
            return index[expression.id]
        if isinstance(expression, Number):
            point = Interval.enclosing(expression.value, expression.value)
            constants.append((point.lower, point.upper))
            return len(quantities) + len(constants) - 1
        steps.append((expression.symbol, place(expression.left), place(expression.right)))
        return first + len(steps) - 1

    left, right = place(relation.left), place(relation.right)
    shape = Shape(len(quantities), tuple(constants), tuple(steps), left, relation.symbol, right)
    return Program(quantities, shape)


def _numbers(expression: Expression) -> list[Number]:
    if isinstance(expression, Operation):
        return _numbers(expression.left) + _numbers(expression.right)
    return [expression] if isinstance(expression, Number) else []


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise RelationError(f"{text!r}: not an expression ({error})") from None
    except (RecursionError, MemoryError):
        raise RelationError(
            f"{text[:60]!r}…: found too many operators one inside the other; expected some thousand at most. "
            "Give parts of it quantities and relations of their own."
        ) from None


def _expression(node: ast.expr, text: str) -> Expression:
    if isinstance(node, ast.Name):
        return Name(node.id)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return Number(Decimal(_segment(text, node).replace("_", "")))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Operation("-", Number(Decimal(0)), _expression(node.operand, text))
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        first, *others = _chain(node)
        terms = [("", _expression(first[1], text))]
        return _halved(terms + [(symbol, _expression(operand, text)) for symbol, operand in others])
    raise RelationError(
        f"{text!r}: {_segment(text, node)!r} is not a quantity, a decimal number or + - * / **"
    )


def _chain(node: ast.BinOp) -> list[tuple[str, ast.expr]]:
    """The terms of a sum or the factors of a product from left to right, each with the operator before it."""
    alike = next((kind for kind in _CHAINS if isinstance(node.op, kind)), None)
    right_to_left: list[tuple[str, ast.expr]] = [(_OPERATORS[type(node.op)], node.right)]
    left = node.left
    while alike and isinstance(left, ast.BinOp) and isinstance(left.op, alike):
        right_to_left.append((_OPERATORS[type(left.op)], left.right))
        left = left.left
    return [("", left), *reversed(right_to_left)]


def _segment(text: str, node: ast.expr) -> str:
    """The digits as written, not the float that Python made of them."""
    assert node.end_lineno is not None
    lines = text.strip().encode().splitlines(keepends=True)[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1][: node.end_col_offset]
    return b"".join([lines[0][node.col_offset :], *lines[1:]]).decode()


def tied_together(names: Sequence[str], sets: Iterable[Sequence[str]]) -> list[list[str]]:
    """Names in groups: those of one set together, and all that sets with a member in common tie."""
    group = {name: name for name in names}

    def root(name: str) -> str:
        while group[name] != name:
            group[name] = group[group[name]]
            name = group[name]
        return name

    for tied in sets:
        for name in tied[1:]:
            group[root(name)] = root(tied[0])
    members: dict[str, list[str]] = {}
    for name in names:
        members.setdefault(root(name), []).append(name)
    return list(members.values())
