"""An exact value as a printed figure, in Chinese or English, and what the figure can stand for.

Nothing here knows of the package. A figure is a whole number of units in its last place; its form says how
wide that place is, which words stand around it, and by which rule the number was got from the value.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

ROUNDINGS = ("half_up", "truncation", "ceiling")
Bounds = tuple[Fraction | None, Fraction | None]
_HALF = Fraction(1, 2)


class Scale(NamedTuple):
    """A word after the number and what one of it is in the unit's base."""

    word: str
    size: Fraction


class Hedge(NamedTuple):
    """A hedge: its kind, and the words before the number, right after it, and after the unit."""

    kind: str
    before: str = ""
    inside: str = ""
    after: str = ""


def _scales(**sizes: str) -> tuple[Scale, ...]:
    return tuple(Scale(word, Fraction(size)) for word, size in sizes.items())


#: For each unit and language the scales it is printed in, the largest first; the last one is the base.
SCALES = {
    ("yuan", "zh"): _scales(万亿元="1e12", 亿元="1e8", 万元="1e4", 元="1"),
    ("yuan", "en"): tuple(
        Scale(word, Fraction(size))
        for word, size in (
            (" trillion yuan", "1e12"),
            (" billion yuan", "1e9"),
            (" million yuan", "1e6"),
            (" yuan", "1"),
        )
    ),
    ("count", "zh"): _scales(亿户="1e8", 万户="1e4", 户="1"),
    ("count", "en"): (
        Scale(" billion households", Fraction("1e9")),
        Scale(" million households", Fraction("1e6")),
        Scale(" thousand households", Fraction("1e3")),
        Scale(" households", Fraction(1)),
    ),
    ("year", "zh"): _scales(年="1"),
    ("year", "en"): (Scale(" years", Fraction(1)),),
}
#: The scale of a bare number.
BARE = (Scale("", Fraction(1)),)
#: Rates: a share or growth rate, a gap of two of them, a multiple.
RATES = {
    ("percent", "zh"): (Scale("%", Fraction(1, 100)), Scale("‰", Fraction(1, 1000))),
    ("percent", "en"): (Scale("%", Fraction(1, 100)), Scale(" percent", Fraction(1, 100))),
    ("points", "zh"): (Scale("个百分点", Fraction(1, 100)),),
    ("points", "en"): (Scale(" percentage points", Fraction(1, 100)),),
    ("times", "zh"): (Scale("倍", Fraction(1)),),
    ("times", "en"): (Scale(" times", Fraction(1)),),
}
HEDGES = {
    "zh": (
        Hedge("above", before="超过"),
        Hedge("above", before="逾"),
        Hedge("at_least", after="以上"),
        Hedge("at_least", before="不低于"),
        Hedge("below", before="不足"),
        Hedge("below", before="不到"),
        Hedge("at_most", before="不超过"),
        Hedge("at_most", after="以内"),
        Hedge("nearly", before="近"),
        Hedge("about", before="约"),
        Hedge("about", after="左右"),
        Hedge("odd", inside="多"),
        Hedge("odd", inside="余"),
    ),
    "en": (
        Hedge("above", before="more than "),
        Hedge("above", before="over "),
        Hedge("at_least", before="at least "),
        Hedge("below", before="less than "),
        Hedge("at_most", before="up to "),
        Hedge("nearly", before="nearly "),
        Hedge("about", before="about "),
        Hedge("odd", before="just over "),
    ),
}


@dataclass(frozen=True)
class Form:
    """How a figure is printed.

    `decimals` digits stand after the point; the last is worth `place` in the unit's base. `whole` says that
    the quantity takes whole numbers only.
    """

    lang: str
    scale: Scale
    decimals: int
    rounding: str = "half_up"
    hedge: Hedge | None = None
    whole: bool = False

    @property
    def place(self) -> Fraction:
        """The worth of one unit in the last printed place."""
        return self.scale.size / 10**self.decimals

    @property
    def in_full(self) -> bool:
        """Whether a whole number stands there with all its digits."""
        return self.whole and self.place == 1 and self.scale.size == 1


@dataclass(frozen=True)
class Figure:
    """A printed figure: `number` units of the last place in a form."""

    number: int
    form: Form

    @property
    def digits(self) -> str:
        """The number's digits without sign and point, so many that one stands before the point."""
        return str(abs(self.number)).zfill(self.form.decimals + 1)

    @property
    def text(self) -> str:
        """The figure as printed."""
        form, digits = self.form, self.digits
        cut = len(digits) - form.decimals
        before, after = digits[:cut], digits[cut:]
        if form.lang == "en":
            before = f"{int(before):,}"
        number = ("-" if self.number < 0 else "") + before + (f".{after}" if after else "")
        hedge = form.hedge or Hedge("")
        return f"{hedge.before}{number}{hedge.inside}{form.scale.word}{hedge.after}"

    @property
    def value(self) -> Fraction:
        """The number printed, in the unit's base."""
        return self.number * self.form.place

    @property
    def bounds(self) -> Bounds:
        """The least and the greatest value that it can stand for, both taken in; None for no limit."""
        form = self.form
        if form.hedge:
            return _hedged(form.hedge.kind, self.value, self.step)
        if form.in_full:
            return self.value, self.value
        below, above = _ROUNDED[form.rounding][:: -1 if self.number < 0 else 1]
        return self.value - below * form.place, self.value + above * form.place

    @property
    def step(self) -> Fraction:
        """The worth of one unit in the last place that is not zero; zeros after the point count as digits."""
        if self.form.decimals:
            return self.form.place
        digits = str(abs(self.number))
        return self.form.place * 10 ** (len(digits) - len(digits.rstrip("0")))

    def holds(self, value: Fraction) -> bool:
        """Whether a value may be printed so: ends that the words leave out are left out."""
        kind = self.form.hedge.kind if self.form.hedge else self.form.rounding
        if self.number < 0 and not self.form.hedge:  # a negative number is rounded by its size
            return self.with_number(-self.number).holds(-value)
        lower, upper = self.bounds
        above = lower is None or (value > lower if kind in _OPEN_BELOW else value >= lower)
        below = upper is None or (value < upper if kind in _OPEN_ABOVE else value <= upper)
        exact = self.form.in_full and self.form.hedge is None
        return value == self.value if exact else above and below

    def with_number(self, number: int) -> Figure:
        """The same form with another number."""
        return replace(self, number=number)


#: How far the value may lie below and above a rounded number that is positive, in units of the last place.
_ROUNDED = {
    "half_up": (_HALF, _HALF),
    "truncation": (Fraction(0), Fraction(1)),
    "ceiling": (Fraction(1), Fraction(0)),
}
_OPEN_BELOW = ("above", "odd", "ceiling")
_OPEN_ABOVE = ("below", "nearly", "odd", "half_up", "truncation")
_NUMBER: dict[str, Callable[[Fraction], int]] = {
    "half_up": lambda x: floor(x + _HALF),
    "truncation": floor,
    "ceiling": ceil,
}


def _hedged(kind: str, value: Fraction, step: Fraction) -> Bounds:
    """What a hedged number can stand for in the strict sense of its word."""
    near = min(step / 2, abs(value) / 20)
    return {
        "above": (value, None),
        "at_least": (value, None),
        "below": (None, value),
        "at_most": (None, value),
        "nearly": (value - near, value),
        "about": (value - near, value + near),
        "odd": (value, value + step),
    }[kind]


def printed(value: Fraction, form: Form) -> Figure | None:
    """The value in a form, or None where it cannot be printed so and be true and legible."""
    numbers = value / form.place
    if form.hedge is None:
        number = _NUMBER[form.rounding](abs(numbers))
        candidates = [-number if numbers < 0 else number]
    else:
        candidates = [floor(numbers), ceil(numbers), floor(numbers) - 1, ceil(numbers) + 1]
    for number in candidates:
        figure = Figure(number, form)
        if figure.holds(value) and _legible(figure, value):
            return figure
    return None


def _legible(figure: Figure, value: Fraction) -> bool:
    """Whether nobody would read another precision into it, and nothing is hedged that is not positive."""
    form, digits = figure.form, str(abs(figure.number))
    # thousands with no scale word are taken for rounded ones, and a number is not printed as 0
    rounded = form.decimals == 0 and form.scale.size == 1 and len(digits) >= 5 and digits.endswith("000")
    if rounded or (figure.number == 0 and value != 0):
        return False
    if form.hedge is None:
        return True
    if form.hedge.inside and (form.decimals or figure.number % 10 or figure.number == 0):
        return False
    return figure.number > 0


def forms(
    scales: tuple[Scale, ...],
    value: Fraction,
    rng: random.Random,
    lang: str,
    rounding: str,
    whole: bool,
    hedged: float = 0.0,
) -> list[Form]:
    """Forms for a value, in the order in which to try them; the last resort is plain and fine."""
    size = abs(value)
    fitting = [scale for scale in scales if scale.size / 5 <= size < scale.size * 100_000] or [scales[-1]]
    chosen: list[Form] = []
    if rng.random() < hedged:
        scale = rng.choice(fitting)
        hedge = rng.choice(HEDGES[lang])
        decimals = 0 if hedge.inside else _decimals(size / scale.size, rng.randint(1, 3))
        chosen.append(Form(lang, scale, decimals, rounding, hedge, whole))
    scale = rng.choice(fitting)
    decimals = _decimals(size / scale.size, rng.choice((2, 2, 3, 3, 4, 5)))
    if whole and scale.size == 1:
        decimals = 0
    chosen.append(Form(lang, scale, decimals, rounding, None, whole))
    # figures that end in three zeros, or that would be printed as 0
    chosen += [Form(lang, scale, decimals + more, rounding, None, whole) for more in (1, 2, 3)]
    return chosen


def _decimals(number: Fraction, digits: int) -> int:
    """Places after the point for so many digits that count; four at most."""
    places = digits - 1
    while number >= 10 and places > 0:
        number, places = number / 10, places - 1
    while 0 < number < 1 and places < 4:
        number, places = number * 10, places + 1
    return min(places, 4)
