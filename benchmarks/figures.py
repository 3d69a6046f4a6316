"""A true value as a newspaper prints it, and what the print says, by exact arithmetic of its own.

Nothing here uses the package under test: the intervals are this module's own, so that a misprint
can be called visible or not without asking the engine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from random import Random

Range = tuple[Fraction | None, Fraction | None]

# Unit words with the size of one of them in the unit's base (yuan, count, ratio, year).
SIZES = {
    "万亿元": Fraction(10**12), "亿元": Fraction(10**8), "万元": Fraction(10**4), "元": Fraction(1),
    "亿户": Fraction(10**8), "万户": Fraction(10**4), "户": Fraction(1),
    "%": Fraction(1, 100), "个百分点": Fraction(1, 100), "年": Fraction(1),
}  # fmt: skip
HEDGES = ("超过", "以上", "不足", "近", "余", "多")
ROUNDINGS = ("half_up", "truncation", "ceiling")
# Shares of hedged figures, and of figures with two to five significant digits, as in the press.
_HEDGED = 0.25
_DIGITS = (2, 3, 3, 4, 4, 5)


@dataclass(frozen=True)
class Figure:
    """A printed figure: its digits, its unit word and a hedge word."""

    number: str
    unit: str
    hedge: str = ""

    @property
    def text(self) -> str:
        """The figure in Chinese notation, with the hedge where it stands: 超过40%, 120余亿元."""
        if self.hedge == "以上":
            return f"{self.number}{self.unit}{self.hedge}"
        if self.hedge in ("余", "多"):
            return f"{self.number}{self.hedge}{self.unit}"
        return f"{self.hedge}{self.number}{self.unit}"

    @property
    def value(self) -> Fraction:
        """The number printed, in the unit's base."""
        return Fraction(self.number) * SIZES[self.unit]

    def range(self) -> Range:
        """The closed hull of the values it can stand for, rounded half up; None is unbounded."""
        number, size = Fraction(self.number), SIZES[self.unit]
        half = _last_place(self.number, self.unit) / 2
        step = last_step(self.number)
        ends: dict[str, Range] = {
            "": (number, number) if self.unit == "年" else (number - half, number + half),
            "超过": (number, None), "以上": (number, None), "不足": (None, number),
            "近": (number - min(step, abs(number) / 10), number),
            "余": (number, number + step), "多": (number, number + step),
        }  # fmt: skip
        low, high = ends[self.hedge]
        return (None if low is None else low * size, None if high is None else high * size)


def places(number: str) -> int:
    """How many decimal places a number is printed with."""
    return len(number.partition(".")[2])


def _last_place(number: str, unit: str) -> Fraction:
    """One unit in the last place that was meant: of a long number that ends in 000, the thousand."""
    if unit in ("元", "户") and "." not in number and abs(int(number)) >= 10_000 and number.endswith("000"):
        return Fraction(1000)
    return Fraction(1, 10 ** places(number))


def last_step(number: str) -> Fraction:
    """One unit in the last decimal place, or of a whole number in the last that is not zero: 10 for 120."""
    digits = number.lstrip("-")
    if "." in digits or not digits.strip("0"):
        return Fraction(1, 10 ** places(number))
    return Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))


def whole(value: Fraction, rounding: str) -> int:
    """A value to a whole number, exactly, by one of the rounding rules; of a negative one its size."""
    size = abs(value)
    if rounding == "truncation":
        number = math.floor(size)
    else:
        number = math.ceil(size) if rounding == "ceiling" else math.floor(size + Fraction(1, 2))
    return -number if value < 0 else number


def decimal(value: Fraction, digits: int, rounding: str = "half_up") -> str:
    """A value in decimal notation with so many places (a negative number of places gives zeros)."""
    number = whole(value * Fraction(10) ** digits, rounding)
    if digits <= 0:
        return str(number * 10**-digits)
    text = str(abs(number)).rjust(digits + 1, "0")
    return ("-" if number < 0 else "") + text[:-digits] + "." + text[-digits:]


def money_unit(value: Fraction) -> str:
    """The unit word under which a sum of money is printed."""
    for unit in ("万亿元", "亿元", "万元"):
        if abs(value) >= SIZES[unit]:
            return unit
    return "元"


def exact(value: Fraction, unit: str, digits: int, rounding: str = "half_up") -> Figure:
    """A value printed by rounding alone."""
    return Figure(decimal(value / SIZES[unit], digits, rounding), unit)


def printed(value: Fraction, unit: str, rng: Random, rounding: str = "half_up") -> Figure:
    """A value under a unit word: rounded, or with a hedge that is true of it under every reading."""
    amount = value / SIZES[unit]
    if unit == "年":
        return Figure(str(amount), unit)
    if unit in ("%", "个百分点"):
        digits = rng.choice((0, 1, 1, 2, 2))
    else:
        before_point = len(str(math.floor(abs(amount))))
        digits = max(0, rng.choice(_DIGITS) - before_point)
    if amount > 0 and rng.random() < _HEDGED:
        hedged = _hedged(amount, unit, digits, rng.choice(HEDGES))
        if hedged is not None:
            return hedged
    return exact(value, unit, digits, rounding)


def _hedged(amount: Fraction, unit: str, digits: int, hedge: str) -> Figure | None:
    """The figure with this hedge where it is true, else nothing."""
    if hedge in ("余", "多"):  # of round amounts: 120余, 1300多
        if amount < 10 or unit in ("%", "个百分点"):
            return None
        digits = -max(0, len(str(math.floor(amount))) - 2)
    number = decimal(amount, digits, "ceiling" if hedge in ("不足", "近") else "truncation")
    figure, given, step = Figure(number, unit, hedge), Fraction(number), last_step(number)
    true = given > 0 and {
        "超过": given < amount, "以上": given <= amount, "不足": amount < given,
        "近": given - min(step / 2, given / 20) <= amount < given,
        "余": given < amount < given + step, "多": given < amount < given + step,
    }[hedge]  # fmt: skip
    return figure if true else None
