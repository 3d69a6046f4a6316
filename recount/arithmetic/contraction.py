"""Narrowing intervals by relations, until nothing moves.

A relation is evaluated upward over intervals, its comparison narrows both sides, and the narrowing is
carried down to the quantities (hull consistency, HC4: Benhamou, Goualard, Granvilliers and Puget, "Revising
hull and box consistency", ICLP 1999). Values are only ever removed when no choice of the other
quantities can keep them. Relations wait in a queue; one that narrows a quantity calls for the others
that it stands in.

Each shape of relation (`share == part / whole`, say) is written out once as straight Python: walking the
steps of a relation costs several times what they compute.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import inf
from typing import NamedTuple

from recount.arithmetic import ends
from recount.arithmetic.ends import Ends

# A bound that moves by less than this part of itself does not call for others: what is left unnarrowed
# is far below any printed width, and slow geometric convergence is cut short.
_STILL = 1e-9
_VISITS = 200

Floats = list[float]


class Shape(NamedTuple):
    """A relation but for its quantities, as numbered values: quantities, constants, what steps compute.

    There are `arity` quantities. A step is an operator (`+ - * / **`) with the numbers of its two
    operands; `symbol` (`==`, `<=` or `>=`) compares the values `left` and `right`.
    """

    arity: int
    constants: tuple[Ends, ...]
    steps: tuple[tuple[str, int, int], ...]
    left: int
    symbol: str
    right: int

    @property
    def repeats(self) -> bool:
        """Whether some quantity stands in it twice, so that one visit may not be enough."""
        used = Counter([self.left, self.right])
        used.update(operand for _, i, j in self.steps for operand in (i, j))
        return any(used[quantity] > 1 for quantity in range(self.arity))


class Program(NamedTuple):
    """A relation ready to be narrowed by: its quantities and its shape."""

    names: tuple[str, ...]
    shape: Shape


# What each operator computes of its operands x and y, and what the result z leaves of each of them.
_FORWARD = {
    "+": "add(x, y)",
    "-": "subtract(x, y)",
    "*": "multiply(x, y)",
    "/": "ratio(x, y)",
    "**": "power(x, y)",
}
_BACKWARD = {
    "+": ("subtract(z, y)", "subtract(z, x)"),
    "-": ("add(z, y)", "subtract(x, z)"),
    "*": ("quotient(z, y)", "quotient(z, x)"),
    "/": ("multiply(z, y)", "quotient(x, z)"),
    "**": ("base_of(z, y, x)", "exponent_of(z, x, y)"),
}

Revision = Callable[[Floats, Floats, Sequence[int]], tuple[Floats, Floats]]


@cache
def revision(shape: Shape) -> Revision:
    """A function that says what a relation of this shape leaves of its quantities in a box.

    It takes the box's lower and upper ends and the places of the quantities, and returns their new ends;
    `Nothing` is raised where none is left. Value number i has the ends `ai` and `bi`.
    """
    quantities = range(shape.arity)
    lines = ["def revise(low, high, slots):"]
    lines += [f"q{i} = slots[{i}]; a{i} = low[q{i}]; b{i} = high[q{i}]" for i in quantities]
    lines += [f"a{n}, b{n} = {low!r}, {high!r}" for n, (low, high) in enumerate(shape.constants, shape.arity)]
    first = shape.arity + len(shape.constants)
    steps = [(symbol, first + n, i, j) for n, (symbol, i, j) in enumerate(shape.steps)]
    for symbol, z, i, j in steps:
        lines.append(f"a{z}, b{z} = {_call(_FORWARD[symbol], i, j, z)}; c{z} = a{z}; d{z} = b{z}")
    if shape.symbol != ">=":
        lines += [
            *_narrow(shape.left, "-inf", f"b{shape.right}"),
            *_narrow(shape.right, f"a{shape.left}", "inf"),
        ]
    if shape.symbol != "<=":
        lines += [
            *_narrow(shape.left, f"a{shape.right}", "inf"),
            *_narrow(shape.right, "-inf", f"b{shape.left}"),
        ]
    for symbol, z, i, j in reversed(steps):
        undo = []
        for operand, backward in zip((i, j), _BACKWARD[symbol], strict=True):
            undo += [f"e, f = {_call(backward, i, j, z)}", *_narrow(operand, "e", "f")]
        # what has not been narrowed has nothing to hand down, but that a power narrows a base below zero
        unless = f" or a{i} < 0" if symbol == "**" else ""
        lines += [f"if a{z} != c{z} or b{z} != d{z}{unless}:", *(" " + line for line in undo)]
    lines.append("return [{}], [{}]".format(*(", ".join(f"{end}{i}" for i in quantities) for end in "ab")))
    scope = {name: getattr(ends, name) for name in dir(ends)}
    exec("\n ".join(lines), scope)
    return scope["revise"]


def _call(pattern: str, x: int, y: int, z: int) -> str:
    name, _, operands = pattern.partition("(")
    places = {"x": x, "y": y, "z": z}
    return f"{name}({', '.join(f'a{places[o]}, b{places[o]}' for o in operands.rstrip(')').split(', '))})"


def _narrow(value: int, least: str, most: str) -> list[str]:
    lines = [] if least == "-inf" else [f"if {least} > a{value}: a{value} = {least}"]
    lines += [] if most == "inf" else [f"if {most} < b{value}: b{value} = {most}"]
    return [*lines, f"if a{value} > b{value}: raise Nothing"]


class Contractor:
    """Relations over numbered quantities, ready to narrow boxes.

    Parameters
    ----------
    names : the quantities; a box is a list of lower and a list of upper ends in this order
    whole : for each whether it takes whole numbers only
    programs : the relations
    """

    def __init__(self, names: Sequence[str], whole: Sequence[bool], programs: Iterable[Program]):
        self.whole = list(whole)
        index = {name: i for i, name in enumerate(names)}
        self.slots, self.revisions, self.again = [], [], []
        self.touching: list[list[int]] = [[] for _ in names]
        for number, program in enumerate(programs):
            slots = [index[name] for name in program.names]
            self.slots.append(slots)
            self.revisions.append(revision(program.shape))
            #: Whether a relation's own narrowing can let it narrow further.
            self.again.append(program.shape.repeats or any(self.whole[quantity] for quantity in slots))
            for quantity in slots:
                self.touching[quantity].append(number)

    def contract(self, low: Floats, high: Floats, active: Sequence[bool], waiting: Iterable[int]) -> None:
        """Narrow a box in place by the relations that are `active`; `Nothing` where no value is left.

        The relations `waiting` are visited first: all of them, or those that are new and those that touch a
        quantity that moved.
        """
        queue = deque(number for number in dict.fromkeys(waiting) if active[number])
        queued = set(queue)
        visits = _VISITS * len(self.slots)
        while queue and visits:
            visits -= 1
            number = queue.popleft()
            queued.discard(number)
            slots = self.slots[number]
            for quantity, a, b in zip(slots, *self.revisions[number](low, high, slots), strict=True):
                if (a != low[quantity] or b != high[quantity]) and self._moved(quantity, a, b, low, high):
                    for other in self.touching[quantity]:
                        if other not in queued and active[other] and (other != number or self.again[number]):
                            queued.add(other)
                            queue.append(other)

    def _moved(self, quantity: int, a: float, b: float, low: Floats, high: Floats) -> bool:
        """Put new ends in place; whether they moved far enough to matter to others."""
        was_low, was_high = low[quantity], high[quantity]
        if self.whole[quantity]:
            a, b = ends.whole(a, b)
        low[quantity], high[quantity] = a, b
        return far(a, was_low) or far(b, was_high)


def far(end: float, before: float) -> bool:
    """Whether a bound moved by enough to matter to others."""
    return end != before and (abs(before) == inf or abs(end - before) > _STILL * abs(before))
