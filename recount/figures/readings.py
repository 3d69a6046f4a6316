"""What a printed figure says, and what it may mean: the rules of readings.csv applied to it.

Three things are kept apart. Digits and their place belong to the figure; whether only whole numbers are
possible, to the quantity that it measures; how far the one stands for the other, to the reading.

A hedge is read literally, as is customary, or loosely; an unhedged figure is read by a rounding rule. The
literal sense of 以上, 以下 and 以内 (the number is included) and of 超过 and 不满 (it is not) is that of the
Civil Code of the People's Republic of China, article 1259. A negative number is rounded by its size, as
GB/T 8170 has it and as newspapers do: −3% rounded half up is −3.5% to −2.5%, the latter included.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import product
from pathlib import Path

from recount import resources
from recount.figures.digits import Number, NumeralError
from recount.figures.units import LANGS, Units, default_units

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
    whole: bool = False  # a count printed in full: read alone, it counts whole things

    @property
    def points(self) -> bool:
        """Whether it is printed in percentage points."""
        named = "点" in self.word or "point" in self.word or self.word.startswith("pp")
        return self.unit == "ratio" and named

    @property
    def round(self) -> bool:
        """Whether it ends in zeros that may be no digits: 20万, 100亿, 50%; not a third, not a rank."""
        ratio = self.step / self.place if self.place else self.place
        return self.unit != "rank" and ratio > 1 and ratio.normalize().as_tuple().digits == (1,)

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

    @property
    def empty(self) -> bool:
        """Whether no number lies between the ends."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower > self.upper or (self.lower == self.upper and (self.lower_open or self.upper_open))

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


@dataclass(frozen=True)
class _Rule:
    """How far the values of a figure reach below and above what is printed.

    `nonzero`: steps count in the last place that is not zero, else in the last printed one. `magnitude`:
    a negative figure is read by its size, below and above change sides. `tried`: a rule that any report
    may have followed; others are for figures that they are declared for.
    """

    below: _End
    above: _End
    nonzero: bool
    magnitude: bool
    tried: bool

    def bounds(self, low: Decimal, high: Decimal, unit: Decimal) -> Bounds:
        """The values that a figure from `low` to `high` (mostly one number) can stand for."""
        if not self.magnitude or low > 0:
            return self._reach(low, high, unit)
        if high < 0:
            return _mirrored(self._reach(-high, -low, unit))
        above = self._reach(low, high, unit)  # of zero the size is known, not the sign
        return Bounds(_minus(above.upper), above.upper, above.upper_open, above.upper_open)

    def _reach(self, low: Decimal, high: Decimal, unit: Decimal) -> Bounds:
        down, up = self.below.distance(unit, low), self.above.distance(unit, high)
        return Bounds(
            None if down is None else low - down,
            None if up is None else high + up,
            self.below.open or down is None,
            self.above.open or up is None,
        )


class Readings:
    """The rows of readings.csv: hedge rules by reading, rounding rules, and the hedge words.

    `units` are those that figures are read in (default: the package's own). Raises NumeralError naming
    every row and column that is wrong.
    """

    def __init__(
        self, rows: Iterable[Mapping[str, object]], source: str = "readings.csv", units: Units | None = None
    ) -> None:
        self.units = default_units() if units is None else units
        self._rules: dict[tuple[str, str, str], _Rule] = {}
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
        #: How hedge words can be read, and by which rules figures can have been rounded.
        self.readings, self.roundings = self._names("hedge"), self._names("rounding")
        tried = (self._names("hedge", tried=True), self._names("rounding", tried=True))
        #: The pairs of both that a verdict is asked under: all but those of rules that have to be declared.
        self.ways = tuple(product(*tried))
        if not self.ways:
            raise NumeralError(source, "no reading or no rounding rule that is tried", "one of each at least")
        #: The reading and the rule that are taken where nothing is said: customary, rounded half up.
        self.usual = (_usual("customary", tried[0]), _usual("half_up", tried[1]))

    def _names(self, kind: str, tried: bool = False) -> tuple[str, ...]:
        """The readings or the rounding rules, in the order of the table."""
        names = (n for (k, n, _), rule in self._rules.items() if k == kind and (rule.tried or not tried))
        return tuple(dict.fromkeys(names))

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

    def bounds(
        self,
        figure: Figure,
        reading: str = "customary",
        rounding: str = "half_up",
        whole: bool | None = None,
    ) -> Bounds:
        """The bounds of `figure` under a reading of its hedge and a rounding rule.

        Parameters
        ----------
        figure : what is printed
        reading, rounding : names of rules of the table
        whole : whether the quantity that the figure measures takes whole numbers only; None where a figure
            is read alone, and a count printed in full (`Figure.whole`) counts whole things: an average of
            3.04 persons is printed 3人 too, but only its quantity says so

        Returns
        -------
        Bounds
            In the unit's base; of whole numbers closed. A hedge that would leave no value is read with its
            ends included: 近1家 is one, since no whole number is less than one and yet nearly one.

        Raises
        ------
        NumeralError
            For an unknown reading or rounding rule, and where no value is left.

        Examples
        --------
        >>> from recount.figures.numerals import parse
        >>> bounds = default_readings().bounds(parse("3人"), whole=False)
        >>> bounds.lower, bounds.upper
        (Decimal('2.5'), Decimal('3.5'))
        """
        for name, known in ((reading, self.readings), (rounding, self.roundings)):
            if name not in known:
                raise NumeralError(figure.printed, f"the rule {name!r}", " or ".join(known))
        bounds = self._raw(figure, reading, rounding)
        snapped = figure.whole if whole is None else whole
        meant = _snap(bounds) if snapped else bounds
        if meant.empty and figure.sense != "exact":
            closed = Bounds(bounds.lower, bounds.upper, bounds.lower is None, bounds.upper is None)
            meant = _snap(closed) if snapped else closed
        if meant.empty:
            kind = "whole number" if snapped else "value"
            ends = f"from {bounds.lower:f} to {bounds.upper:f}"
            raise NumeralError(figure.printed, f"no {kind} {ends}", f"a figure that some {kind} meets")
        return meant

    def _raw(self, figure: Figure, reading: str, rounding: str) -> Bounds:
        low = figure.low if figure.value is None else figure.value
        high = figure.high if figure.value is None else figure.value
        if low is None or high is None:
            raise NumeralError(figure.printed, "neither a value nor two ends", "a parsed figure")
        if figure.unit == "date":
            return Bounds(low, high + figure.place, False, bool(figure.place))
        key = ("rounding", rounding, "exact") if figure.sense == "exact" else ("hedge", reading, figure.sense)
        if key not in self._rules:
            raise NumeralError(figure.printed, f"no rule for {key[1:]}", "a row in readings.csv")
        rule = self._rules[key]
        zeros = figure.sense != "exact" or figure.round
        return rule.bounds(low, high, figure.step if rule.nonzero and zeros else figure.place)

    def _add(self, row: dict[str, str], words: list[Word]) -> None:
        kind, name, sense = row["kind"], row["name"], row["sense"]
        if sense not in SENSES:
            raise ValueError(f"sense is {sense!r}, expected one of {', '.join(SENSES)}")
        if kind == "word":
            words.append(_word(row))
        elif kind in ("hedge", "rounding"):
            if (kind, name, sense) in self._rules:
                raise ValueError(f"{kind} {name} {sense} stands twice")
            self._rules[kind, name, sense] = _rule(row)
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


def _rule(row: dict[str, str]) -> _Rule:
    """The rule of a row; tables without the last three columns count as recount did before it had them."""
    place = _one_of(row, "place", ("last", "nonzero"), "last" if row["kind"] == "rounding" else "nonzero")
    by, tried = _one_of(row, "by", ("value", "magnitude")), _one_of(row, "tried", ("true", "false"))
    return _Rule(
        _end(row, "lower"), _end(row, "upper"), place == "nonzero", by == "magnitude", tried == "true"
    )


def _one_of(row: dict[str, str], column: str, allowed: tuple[str, str], default: str = "") -> str:
    """A cell that has one of two words, in small letters; the first of them, or `default`, where blank."""
    value = row.get(column, "").lower() or default or allowed[0]
    if value not in allowed:
        raise ValueError(f"{column} is {row[column]!r}, expected {' or '.join(allowed)}")
    return value


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


def _usual(name: str, tried: tuple[str, ...]) -> str:
    return name if name in tried else tried[0]


def _minus(end: Decimal | None) -> Decimal | None:
    return None if end is None else -end


def _mirrored(bounds: Bounds) -> Bounds:
    """The bounds on the other side of zero."""
    return Bounds(_minus(bounds.upper), _minus(bounds.lower), bounds.upper_open, bounds.lower_open)


def _snap(bounds: Bounds) -> Bounds:
    """The whole numbers within the bounds, closed at both bounded ends."""
    lower, upper = bounds.lower, bounds.upper
    if lower is not None:
        lower = Decimal(math.floor(lower) + 1 if bounds.lower_open else math.ceil(lower))
    if upper is not None:
        upper = Decimal(math.ceil(upper) - 1 if bounds.upper_open else math.floor(upper))
    return Bounds(lower, upper, lower is None, upper is None)


def __getattr__(name: str) -> tuple[str, ...]:
    """`READINGS` and `ROUNDINGS`: those that the package's own table has any report tried under."""
    if name not in ("READINGS", "ROUNDINGS"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(dict.fromkeys(way[name == "ROUNDINGS"] for way in default_readings().ways))
