"""Units of figures: the rows of units.csv, which a data package can extend by a table of its own.

A unit has a dimension, natural bounds, the words by which figures are printed in it, each with what one
of them is in the unit's base (`%` is 0.01, 周 is 7 days), and the scales in which values are worded.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Any

from recount import resources
from recount.figures.digits import word_list

LANGS = ("zh", "en")
#: The unit of a bare number, and of whatever is counted.
COUNT = "count"
ONE = Decimal(1)
#: What measures and has no unit in the table; a number of these is no number of things.
MEASURES = {
    "zh": word_list("公里 千米 平方公里 平方米 米 亩 公顷 公斤 千克 分钟 岁"),
    "en": (
        "square metres",
        "square meters",
        "square kilometres",
        "square kilometers",
        "p.p.",
        "°c",
        "°f",
        *word_list(
            "euros euro pounds pound yen cents cent pence pct bps bp x km kilometres kilometers miles "
            "mile metres meters acres hectares mu kg kilograms grams tons ton litres liters barrels "
            "minutes minute seconds decades decade centuries quarters kwh mwh gwh twh kw mw gw gb tb mb"
        ),
    ),
}
Scale = list[tuple[Decimal, str]]


class UnitError(ValueError):
    """A unit that no table knows, or a table of units that cannot be read."""


@dataclass(frozen=True)
class Unit:
    """One unit.

    `words` gives for each language the words that print it, with what one of them is in the base, `signs`
    those that stand before a number in English; `scales` the sizes in which its values are worded, largest
    first, each with what follows the number; `label` what it is called where numbers stand alone. A `level`
    is an amount of something, whose parts add up. `shows` names the unit whose values this one only words
    otherwise: points show a ratio.
    """

    id: str
    shows: str
    dimension: str
    whole: bool
    level: bool
    lower: Decimal | None
    upper: Decimal | None
    label: tuple[str, str]
    words: Mapping[str, Mapping[str, Decimal]]
    signs: tuple[str, ...]
    scales: Mapping[str, Scale]

    def word(self, lang: str) -> str:
        """The word that prints it most plainly; '' where it has none."""
        return next(iter(self.words[lang]), "")

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Unit:
        """The unit of a row; ValueError for a cell that cannot be read."""
        words = {lang: _factors(row, f"words_{lang}") for lang in LANGS}
        scales = {lang: _scale(row, lang) for lang in LANGS}
        whole, level = (_flag(row, column) for column in ("whole", "level"))
        lower, upper = (_number(row[end], end) if row[end] else None for end in ("lower", "upper"))
        return cls(
            row["id"],
            row.get("shows", ""),
            row["dimension"],
            whole,
            level,
            lower,
            upper,
            (row["label_zh"], row["label_en"]),
            words,
            tuple(_factors(row, "signs_en")),
            scales,
        )


@dataclass(frozen=True)
class Lexicon:
    """The unit words of one language: the unit and factor of each, and which of them count things."""

    words: Mapping[str, tuple[str, Decimal]]
    counted: tuple[str, ...]
    signs: Mapping[str, str]

    @cached_property
    def starting(self) -> Mapping[str, tuple[str, ...]]:
        """The words by their first character, longest first."""
        by_first: dict[str, list[str]] = {}
        for word in sorted(filter(None, self.words), key=len, reverse=True):
            by_first.setdefault(word[0], []).append(word)
        return {first: tuple(words) for first, words in by_first.items()}


class Units:
    """The units of one table, by id, in its order.

    Parameters
    ----------
    rows
        Rows of units.csv: cells as text under its columns. A row replaces an earlier one of the same id.

    Raises
    ------
    UnitError
        Names every row and cell that is wrong.

    Examples
    --------
    >>> default_units().dimension("yuan"), default_units().bounds("ratio")
    ('money', (Decimal('-1'), None))
    """

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._rows = [dict(row) for row in rows]
        self._units: dict[str, Unit] = {}
        problems = []
        for number, row in enumerate(self._rows, start=2):
            try:
                self._units[row["id"]] = Unit.of(row)
            except (KeyError, ValueError) as error:
                problems.append(f"units.csv, row {number}: {error}")
        if problems:
            raise UnitError("; ".join(problems))

    def __getitem__(self, id: str) -> Unit:
        try:
            return self._units[id]
        except KeyError:
            raise UnitError(f"found the unit {id!r}; expected {self.expected(id)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._units)

    def __contains__(self, id: object) -> bool:
        return id in self._units

    def extended(self, rows: Iterable[Mapping[str, str]]) -> Units:
        """These units with more, or with others under the same ids."""
        more = list(rows)
        return Units([*self._rows, *more]) if more else self

    @cached_property
    def measuring(self) -> tuple[str, ...]:
        """The units that a quantity can be in."""
        return tuple(id for id, unit in self._units.items() if not unit.shows)

    def expected(self, id: str) -> str:
        """What could have been meant by an id that is no unit's: the nearest, then all."""
        near = difflib.get_close_matches(id, self.measuring, n=1, cutoff=0.5)
        return (f"{near[0]}, or another of " if near else "") + ", ".join(self.measuring)

    def dimension(self, id: str) -> str:
        """What a unit measures: money, ratio, count, time …; UnitError for an unknown one."""
        return self[id].dimension

    def whole(self, id: str) -> bool:
        """Whether only whole numbers are printed in full in it."""
        return self[id].whole

    def bounds(self, id: str) -> tuple[Decimal | None, Decimal | None]:
        """The least and greatest value that anything in this unit can have; None for no end."""
        return self[id].lower, self[id].upper

    def has_size(self, id: str) -> bool:
        """Whether it is an amount of something, whose parts add up; a ratio, a time or a place is not."""
        return self[id].level

    @cached_property
    def _lexicons(self) -> dict[str, Lexicon]:
        return {lang: self._lexicon(lang) for lang in LANGS}

    def lexicon(self, lang: str) -> Lexicon:
        """The words of its units in `zh` or `en`; a number without a word is a count."""
        return self._lexicons[lang]

    def _lexicon(self, lang: str) -> Lexicon:
        words: dict[str, tuple[str, Decimal]] = {"": (COUNT, ONE)}
        for unit in self._units.values():
            words |= {word: (unit.id, factor) for word, factor in unit.words[lang].items()}
        counted = tuple(word for word, (id, _) in words.items() if word and id == COUNT)
        signs = {sign: unit.id for unit in self._units.values() for sign in unit.signs}
        return Lexicon(words, counted, signs if lang == "en" else {})


@lru_cache(maxsize=1)
def default_units() -> Units:
    """The units that the package knows by itself."""
    return Units(resources.rows("units.csv"))


_declared: dict[str, Unit] = {}


def declare(units: Units) -> None:
    """Let values in the units of a data package be worded in this process, which a loaded package does."""
    _declared.update({id: units[id] for id in units if id not in default_units()})


def known(id: str) -> Unit:
    """A unit of the package's own or of a data package that is loaded; UnitError for any other."""
    return _declared[id] if id in _declared else default_units()[id]


def _factors(row: Mapping[str, str], column: str) -> dict[str, Decimal]:
    """The words of a cell, `word` or `word=factor` separated by semicolons."""
    factors = {}
    for item in row.get(column, "").split(";"):
        word, equals, factor = item.strip().partition("=")
        if word or equals:
            factors[word.strip()] = _number(factor, f"the factor of {word!r} in {column}") if equals else ONE
    return factors


def _scale(row: Mapping[str, str], lang: str) -> Scale:
    """The scales of a cell, largest first; an English word is set off from its number."""
    sizes = sorted(_factors(row, f"scales_{lang}").items(), key=lambda pair: -pair[1])
    gap = " " if lang == "en" else ""
    return [(size, f"{gap if word[:1].isalpha() else ''}{word}") for word, size in sizes]


def _number(text: str, what: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{what} is {text!r}, expected a number") from None


def _flag(row: Mapping[str, str], column: str) -> bool:
    value: Any = row[column].lower()
    if value not in ("true", "false"):
        raise ValueError(f"{column} is {row[column]!r}, expected true or false")
    return bool(value == "true")
