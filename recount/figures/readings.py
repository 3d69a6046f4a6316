"""What a printed figure says, and what it may mean: the rules of readings.csv applied to it.

A hedge is read literally, as is customary, or loosely; an unhedged figure is read by a rounding
rule. The literal sense of 以上, 以下 and 以内 (the number is included) and of 超过 and 不满 (it is
not) is that of the Civil Code of the People's Republic of China, article 1259.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from recount import resources
from recount.figures.digits import Number, NumeralError
from recount.figures.units import LANGS, Units, default_units

#: How hedge words can be read, and how figures can have been rounded; readings.csv has the rules.
READINGS = ("literal", "customary", "loose")
ROUNDINGS = ("half_up", "truncation", "ceiling")
SENSES = ("exact", "above", "at_least", "below", "at_most", "nearly", "about", "odd", "range")
#: Where a hedge word may stand: before the number, inside it, or after the unit; a column for each.
POSITIONS = ("before", "inside", "after")


@dataclass(frozen=True)
class Figure:
    """What a printed figure says, before any reading.

    `place` is the value of one unit in the last printed place (9.6万亿元: 1e11), `step` that of one
    unit in the last non-zero place (120: 10); of a fraction such as 1/3 they are 1/3 and the value
    itself. An unhedged number of five digits or more that ends in three zeros (463,000) is rounded to
    the thousand: its place is 1000, and it is not `whole`. A date is a decimal year: a year or a month
    is the period that begins at `value` and is `place` long, an end of month or year is a point
    (place 0).
    """

    printed: str
    value: Decimal | None  # None for a range
    unit: str  # an id of units.csv
    word: str  # the unit as printed: % 个百分点 户次 亿元
    hedge: str  # the hedge words as printed, … where they straddle; '' if none
    sense: str  # one of SENSES
    place: Decimal
    step: Decimal
    low: Decimal | None = None  # ends of a printed range
    high: Decimal | None = None
    whole: bool = False  # a count printed in full: only whole numbers can be meant

    @property
    def points(self) -> bool:
        """Whether it is printed in percentage points."""
        named = "点" in self.word or "point" in self.word or self.word.startswith("pp")
        return self.unit == "ratio" and named

    @classmethod
    def of(
        cls,
        printed: str,
        number: Number,
        unit: str,
        word: str,
        hedge: str,
        sense: str,
        units: Units | None = None,
    ) -> Figure:
        """A figure with one value, already in its unit; `units` are those known (default: the package's)."""
        whole = _whole(number, unit, units)
        return cls(printed, number.value, unit, word, hedge, sense, number.place, number.step, whole=whole)

    @classmethod
    def between(
        cls, printed: str, low: Number, high: Number, unit: str, word: str, units: Units | None = None
    ) -> Figure:
        """A printed range, already in its unit."""
        if low.value > high.value:
            raise NumeralError(printed, "a range whose ends are swapped", "the lower end first")
        place, step = max(low.place, high.place), max(low.step, high.step)
        whole = _whole(low, unit, units) and _whole(high, unit, units)
        return cls(printed, None, unit, word, "", "range", place, step, low.value, high.value, whole)


@dataclass(frozen=True)
class Bounds:
    """The values a figure can stand for; None is an unbounded end, which is always open."""

    lower: Decimal | None
    upper: Decimal | None
    lower_open: bool
    upper_open: bool

    def contains(self, value: Decimal) -> bool:
        """Whether `value` lies within the bounds."""
        if self.lower is not None and (value < self.lower or (self.lower_open and value == self.lower)):
            return False
        return self.upper is None or value < self.upper or (not self.upper_open and value == self.upper)


@dataclass(frozen=True)
class Word:
    """A hedge word, its sense, its language (zh or en) and where it may stand."""

    text: str
    sense: str
    lang: str
    positions: frozenset[str]


@dataclass(frozen=True)
class _End:
    """How far one end lies from the value: `step` units, at most `share` of the value."""

    step: Decimal | None
    share: Decimal | None
    open: bool

    def distance(self, unit: Decimal, value: Decimal) -> Decimal | None:
        if self.step is None:
            return None
        reach = self.step * unit
        return reach if self.share is None else min(reach, self.share * abs(value))


class Readings:
    """The rows of readings.csv: hedge rules by reading, rounding rules, and the hedge words.

    `units` are those that figures are read in (default: the package's own). Raises NumeralError naming
    every row and column that is wrong.
    """

    def __init__(
        self, rows: Iterable[Mapping[str, object]], source: str = "readings.csv", units: Units | None = None
    ) -> None:
        self.units = default_units() if units is None else units
        self._ends: dict[tuple[str, str, str], tuple[_End, _End]] = {}
        words: list[Word] = []
        problems: list[str] = []
        for number, row in enumerate(rows, start=2):
            try:
                self._add({key: _cell(value) for key, value in row.items()}, words)
            except (KeyError, ValueError) as error:
                problems.append(f"row {number}: {error}")
        if problems:
            raise NumeralError(source, "; ".join(problems), "the columns and words that the table documents")
        self.words = tuple(words)
        self.readings = tuple(dict.fromkeys(n for k, n, _ in self._ends if k == "hedge"))
        self.roundings = tuple(dict.fromkeys(n for k, n, _ in self._ends if k == "rounding"))

    @classmethod
    def read(cls, path: Path | str, units: Units | None = None) -> Readings:
        """Read the table from a CSV file (UTF-8)."""
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                return cls(csv.DictReader(file), str(path), units)
        except FileNotFoundError:
            raise NumeralError(
                str(path), "no such file", "a readings.csv; pass its rows or its path"
            ) from None

    def bounds(self, figure: Figure, reading: str = "customary", rounding: str = "half_up") -> Bounds:
        """The bounds of `figure` under a reading of its hedge and a rounding rule.

        Raises NumeralError for an unknown reading or rounding, and where no value is left.
        """
        for name, known in ((reading, self.readings), (rounding, self.roundings)):
            if name not in known:
                raise NumeralError(figure.printed, f"the rule {name!r}", " or ".join(known))
        bounds = self._raw(figure, reading, rounding)
        if figure.whole:
            bounds = _snap(bounds)
        lower, upper = bounds.lower, bounds.upper
        if lower is not None and upper is not None and lower > upper:
            raise NumeralError(figure.printed, "bounds with no value inside", "a possible figure")
        return bounds

    def _raw(self, figure: Figure, reading: str, rounding: str) -> Bounds:
        low = figure.low if figure.value is None else figure.value
        high = figure.high if figure.value is None else figure.value
        if low is None or high is None:
            raise NumeralError(figure.printed, "neither a value nor two ends", "a parsed figure")
        if figure.unit == "date":
            return Bounds(low, high + figure.place, False, bool(figure.place))
        exact = figure.sense == "exact"
        key = ("rounding", rounding, "exact") if exact else ("hedge", reading, figure.sense)
        if key not in self._ends:
            raise NumeralError(figure.printed, f"no rule for {key[1:]}", "a row in readings.csv")
        below, above = self._ends[key]
        unit = figure.place if exact else figure.step
        down, up = below.distance(unit, low), above.distance(unit, high)
        return Bounds(
            None if down is None else low - down,
            None if up is None else high + up,
            below.open or down is None,
            above.open or up is None,
        )

    def _add(self, row: dict[str, str], words: list[Word]) -> None:
        kind, name, sense = row["kind"], row["name"], row["sense"]
        if sense not in SENSES:
            raise ValueError(f"sense is {sense!r}, expected one of {', '.join(SENSES)}")
        if kind == "word":
            words.append(_word(row))
        elif kind in ("hedge", "rounding"):
            if (kind, name, sense) in self._ends:
                raise ValueError(f"{kind} {name} {sense} stands twice")
            self._ends[kind, name, sense] = (_end(row, "lower"), _end(row, "upper"))
        else:
            raise ValueError(f"kind is {kind!r}, expected hedge, rounding or word")


@lru_cache(maxsize=1)
def default_readings() -> Readings:
    """The readings that the package knows by itself."""
    return Readings(resources.rows("readings.csv"))


def _word(row: dict[str, str]) -> Word:
    """A hedge word with its language and its positions."""
    lang = row.get("lang", "")
    if lang not in LANGS:
        raise ValueError(f"lang of {row['name']!r} is {lang!r}, expected {' or '.join(LANGS)}")
    positions = frozenset(position for position in POSITIONS if row.get(position, "").lower() == "true")
    if not positions:
        raise ValueError(f"{row['name']!r} may stand nowhere, expected true under {' or '.join(POSITIONS)}")
    return Word(row["name"], row["sense"], lang, positions)


def _whole(number: Number, unit: str, units: Units | None) -> bool:
    return (units or default_units()).whole(unit) and not number.scaled and number.place == 1


def _cell(value: object) -> str:
    """A cell as text, whether it comes from csv or from pandas."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()


def _end(row: dict[str, str], side: str) -> _End:
    numbers: list[Decimal | None] = []
    for column in (f"{side}_step", f"{side}_share"):
        try:
            numbers.append(Decimal(row[column]) if row[column] else None)
        except InvalidOperation:
            raise ValueError(f"{column} is {row[column]!r}, expected a number or blank") from None
    flag = row[f"{side}_open"].lower()
    if flag not in ("true", "false"):
        raise ValueError(f"{side}_open is {flag!r}, expected true or false")
    return _End(numbers[0], numbers[1], flag == "true")


def _snap(bounds: Bounds) -> Bounds:
    """The whole numbers within the bounds, closed at both bounded ends."""
    lower, upper = bounds.lower, bounds.upper
    if lower is not None:
        lower = Decimal(math.floor(lower) + 1 if bounds.lower_open else math.ceil(lower))
    if upper is not None:
        upper = Decimal(math.ceil(upper) - 1 if bounds.upper_open else math.floor(upper))
    return Bounds(lower, upper, lower is None, upper is None)
