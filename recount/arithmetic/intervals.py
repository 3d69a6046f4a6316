"""An interval of real numbers with its unit: what a printed figure can stand for, and what follows.

The ends are floats, rounded outward so that each holds every exact result (see `ends`). An interval
with no number in it is `empty`, and what follows from an empty one is empty (the set-based intervals of
IEEE 1788-2015).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite, isnan, nextafter
from typing import ClassVar, SupportsFloat

from recount.arithmetic import ends
from recount.arithmetic.ends import Ends

Operation = Callable[[float, float, float, float], Ends]


def _with_number(
    operation: Operation, turned: bool = False
) -> Callable[[Interval, Interval | float], Interval]:
    """An operator of two intervals, or of an interval and a number on either side."""

    def operator(self: Interval, other: Interval | float) -> Interval:
        if not isinstance(other, Interval):
            try:
                other = Interval(float(other), float(other))
            except (TypeError, ValueError):
                return NotImplemented
        x, y = (other, self) if turned else (self, other)
        return _computed(operation, x, y, unit=_unit_of(operation, x.unit, y.unit))

    return operator


def _unit_of(operation: Operation, left: str, right: str) -> str:
    """The unit of a result as far as it is plain: sums and differences of one unit, amounts times shares."""
    if operation in (ends.add, ends.subtract):
        return left if left == right or not right else right if not left else ""
    if operation is ends.divide:
        return "ratio" if left == right != "" else left if right in ("", "ratio") else ""
    if operation is ends.multiply:
        plain = [unit for unit in (left, right) if unit not in ("", "ratio")]
        return plain[0] if len(plain) == 1 else "" if plain else left or right
    return ""


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `lower` to `upper`, both included.

    Parameters
    ----------
    lower, upper : float
        The ends, in `unit`; infinities where there is no end.
    unit : str
        The unit of both (`yuan`, `ratio`, `count` …), or empty.

    Examples
    --------
    >>> loans = Interval(9.55e12, 9.65e12, "yuan")
    >>> farm = Interval(2.45e12, 2.55e12, "yuan")
    >>> f"{farm / loans:.3f}"
    '[0.254, 0.267] ratio'
    >>> farm / loans < 0.3, 0.26 in farm / loans
    (True, True)

    Arithmetic takes intervals and numbers. Comparisons with `<`, `<=`, `>` and `>=` hold where they hold
    of every value; `in` and `overlaps` ask whether something is possible.
    """

    lower: float
    upper: float
    unit: str = ""

    __array_ufunc__: ClassVar[None] = None  # a number of numpy on the left leaves the operation to us

    @classmethod
    def of(cls, lower: float, upper: float | None = None, unit: str = "") -> Interval:
        """One number as an interval, or the interval between two."""
        return cls(float(lower), float(lower if upper is None else upper), unit)

    @classmethod
    def enclosing(cls, lower: SupportsFloat | None, upper: SupportsFloat | None, unit: str = "") -> Interval:
        """The smallest interval of floats around exact ends (Decimal, Fraction); None is no end."""
        low = -inf if lower is None else _at_or_beyond(lower, -inf)
        return cls(low, inf if upper is None else _at_or_beyond(upper, inf), unit)

    @property
    def empty(self) -> bool:
        """Whether no number is inside: crossed ends, an end that is no number, an infinity alone."""
        return not (self.lower <= self.upper and self.lower < inf and self.upper > -inf)

    @property
    def mid(self) -> float:
        """The middle; infinite where one end is, zero where both are."""
        if isfinite(self.lower) and isfinite(self.upper):
            return self.lower / 2 + self.upper / 2
        return 0.0 if self.lower == -self.upper else self.lower + self.upper

    @property
    def width(self) -> float:
        """Upper less lower end."""
        return self.upper - self.lower

    def intersection(self, other: Interval) -> Interval:
        """The values in both; where there is none, the ends that face each other, crossed."""
        if self.empty or other.empty:
            return NOTHING
        lower, upper = max(self.lower, other.lower), min(self.upper, other.upper)
        return Interval(lower, upper, self.unit or other.unit)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval around both; an empty one adds nothing."""
        if self.empty or other.empty:
            return other if self.empty else self
        return Interval(*ends.hull(self._ends, other._ends), self.unit or other.unit)

    def within(self, other: Interval) -> bool:
        """Whether there are values and none of them lies outside the other."""
        return not self.empty and self.lower >= other.lower and self.upper <= other.upper

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a value."""
        shared = self.lower <= other.upper and other.lower <= self.upper
        return shared and not self.empty and not other.empty

    def log(self) -> Interval:
        """The natural logarithm of the part above zero."""
        return _computed(ends.logarithm, self)

    def whole_numbers(self) -> Interval:
        """The hull of the whole numbers inside."""
        return _computed(ends.whole, self, unit=self.unit)

    @property
    def _ends(self) -> Ends:
        return self.lower, self.upper

    __add__, __radd__ = _with_number(ends.add), _with_number(ends.add)
    __sub__, __rsub__ = _with_number(ends.subtract), _with_number(ends.subtract, turned=True)
    __mul__, __rmul__ = _with_number(ends.multiply), _with_number(ends.multiply)
    __truediv__, __rtruediv__ = _with_number(ends.divide), _with_number(ends.divide, turned=True)
    __pow__, __rpow__ = _with_number(ends.power), _with_number(ends.power, turned=True)

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower, self.unit)

    def __float__(self) -> float:
        if self.lower != self.upper:
            raise ValueError(f"{self!r} is not one number: take .lower, .upper or .mid")
        return self.lower

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    def __lt__(self, other: Interval | float) -> bool:
        return self.upper < (other.lower if isinstance(other, Interval) else other)

    def __le__(self, other: Interval | float) -> bool:
        return self.upper <= (other.lower if isinstance(other, Interval) else other)

    def __gt__(self, other: Interval | float) -> bool:
        return self.lower > (other.upper if isinstance(other, Interval) else other)

    def __ge__(self, other: Interval | float) -> bool:
        return self.lower >= (other.upper if isinstance(other, Interval) else other)

    def __format__(self, spec: str) -> str:
        """Both ends by the format of a number (six digits if none is asked for), then the unit."""
        spec = spec or ".6g"
        return f"[{self.lower:{spec}}, {self.upper:{spec}}] {self.unit}".rstrip()

    def __repr__(self) -> str:
        return format(self)


NOTHING = Interval(inf, -inf)


def _computed(operation: Callable[..., Ends], *operands: Interval, unit: str = "") -> Interval:
    """The interval that an operation on ends gives, empty where an operand is or nothing follows."""
    if any(operand.empty for operand in operands):
        return NOTHING
    try:
        return Interval(*operation(*(end for x in operands for end in (x.lower, x.upper))), unit)
    except ends.Nothing:
        return NOTHING


def _at_or_beyond(exact: SupportsFloat, side: float) -> float:
    """The float nearest to an exact number of those on its way to `side`, an infinity."""
    try:
        near = float(exact)
    except OverflowError:
        near = inf if exact > 0 else -inf  # type: ignore[operator]
    if isnan(near):
        raise ValueError(f"{exact!r} is not a number")
    short = near > exact if side < 0 else near < exact  # type: ignore[operator]
    return nextafter(near, side) if short else near
