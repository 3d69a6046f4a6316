"""A data package in memory: its tables as text, and what its figures and relations say."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from recount.arithmetic import relations
from recount.arithmetic.intervals import Interval
from recount.figures import numerals
from recount.figures.numerals import Figure, NumeralError, Readings

# An open end moves in by this part of the last printed place: far above the rounding of binary
# arithmetic, far below anything that other figures could tell apart.
_HAIR = Decimal("1e-9")
# Tables whose words are wanted in one language only. (Terms are shown with their counterparts.)
_WORDED = ("statistics", "quantities", "relations", "references", "enumerations", "sections")


def _columns(names: str) -> Callable[[], pd.DataFrame]:
    """What makes an empty table of these columns, for a package that leaves it out."""
    return lambda: pd.DataFrame(columns=names.split(), dtype=str)


@dataclass(eq=False, repr=False)
class Dataset:
    """The tables of one package, as text, indexed by id where they have one.

    `lang` is `zh` or `en` where the words of other languages are left out, else empty. `others` holds
    the tables that only this package has, `origins` what to call the place of each table.
    """

    folder: Path
    readings: Readings
    statistics: pd.DataFrame
    quantities: pd.DataFrame
    relations: pd.DataFrame
    numerals: pd.DataFrame = field(default_factory=_columns("n section offset printed role statistic"))
    references: pd.DataFrame = field(default_factory=_columns("id quantity printed as_of scope source tier"))
    enumerations: pd.DataFrame = field(default_factory=_columns("quantity n item_zh item_en"))
    sections: pd.DataFrame = field(default_factory=_columns("id label_zh label_en"))
    terms: pd.DataFrame = field(
        default_factory=_columns(
            "id group term_zh term_en definition_zh definition_en source see_also statistics"
        )
    )
    others: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    lang: str = ""

    def copy(self) -> Dataset:
        """Itself with tables of its own: what is changed in them changes nothing here."""
        frames = {name: table.copy() for name, table in self.frames().items()}
        return replace(self, **frames, others={name: table.copy() for name, table in self.others.items()})

    def frames(self) -> dict[str, pd.DataFrame]:
        """Its tables by name, but for those that only this package has."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}

    def for_language(self, lang: str) -> Dataset:
        """Itself without the labels, notes and definitions of other languages; terms keep theirs."""
        kept = {
            name: table[[column for column in table.columns if _language(column) in ("", lang)]]
            for name in _WORDED
            for table in [getattr(self, name)]
        }
        return replace(self, **kept, lang=lang)

    def section_names(self, lang: str) -> dict[str, str]:
        """What the sections of the report are called, by id; one without a name is called by its id."""
        return dict(zip(self.sections["id"], self.sections[f"label_{lang}"], strict=True))

    @functools.cached_property
    def parsed_relations(self) -> dict[str, relations.Relation]:
        """Each relation of the table, parsed."""
        return {id: relations.parse(text) for id, text in self.relations["relation"].items()}

    @functools.cached_property
    def natural_bounds(self) -> dict[str, Interval]:
        """What each quantity can be before any evidence: its lowest and highest possible value."""
        table = self.quantities
        ends = zip(table["id"], table["lower"], table["upper"], strict=True)
        return {id: Interval.enclosing(end(low), end(high)) for id, low, high in ends}

    def natural(self, quantity: str) -> Interval:
        """What a quantity can be before any evidence: its lowest and highest possible value."""
        return self.natural_bounds[quantity]

    @functools.cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """The date or period of each quantity, and its scope (as printed in the table)."""
        table = self.quantities
        return dict(zip(table["id"], zip(table["as_of"], table["scope"], strict=True), strict=True))

    @functools.cached_property
    def units(self) -> dict[str, str]:
        """The unit of each quantity; `readings.units` says what the units are."""
        return dict(zip(self.quantities["id"], self.quantities["unit"], strict=True))

    @functools.cached_property
    def whole(self) -> dict[str, bool]:
        """Whether each quantity takes whole numbers only."""
        return {id: cell == "true" for id, cell in self.quantities["integer"].items()}

    def figure(self, printed: str) -> Figure:
        """A printed figure taken apart, by this package's own hedge words."""
        return numerals.parse(printed, self.readings)

    def interval(
        self,
        printed: str,
        reading: str = "customary",
        rounding: str = "half_up",
        whole: bool | None = None,
    ) -> Interval:
        """The values a printed figure can stand for, in the unit's base (yuan, ratio, count …).

        An end that is left out lies a hair inside: 4倍 rounded up does not allow 3. Where only `whole`
        numbers are possible, the ends are the outermost of these that the figure allows; without a word on
        that the figure is read alone (`Readings.bounds`).
        """
        figure = self.figure(printed)
        bounds = self.readings.bounds(figure, reading, rounding, whole)
        lower, upper = bounds.lower, bounds.upper
        hair = _HAIR * (figure.place if figure.sense == "exact" else figure.step)
        if lower is not None and bounds.lower_open:
            lower += hair
        if upper is not None and bounds.upper_open:
            upper -= hair
        return Interval.enclosing(lower, upper)

    @functools.cached_property
    def rules(self) -> dict[str, str]:
        """The rounding rules declared for figures, by the id of a statistic or `reference:` and its id.

        A figure without one is read by the rule of the audit, an outside one rounded half up.
        """
        declared: dict[str, str] = {}
        for prefix, table in (("", self.statistics), ("reference:", self.references)):
            if "rounding" in table:
                rules = zip(table["id"], table["rounding"], strict=True)
                declared |= {f"{prefix}{id}": rule for id, rule in rules if rule}
        return declared

    def check(self, printed: str, quantity: str, rule: str = "") -> None:
        """Raise NumeralError, with a remedy, if some way of reading leaves a quantity of whole numbers none.

        `rule` is the rounding rule declared for the figure, if one is.
        """
        for reading, rounding in self.readings.ways if self.whole[quantity] else ():
            try:
                self.interval(printed, reading, rule or rounding, whole=True)
            except NumeralError as error:
                of = f"{quantity}, which takes whole numbers only,"
                way = f"read as {reading} {rule or rounding}"
                remedy = "correct the figure, or let the quantity take other numbers (integer: false)"
                raise NumeralError(
                    printed, f"{error.given} for {of} {way}", f"{error.expected}: {remedy}"
                ) from None


def end(text: str) -> Decimal | None:
    """A lowest or highest value as a table has it; None where there is none."""
    return Decimal(text) if text else None


def _language(column: str) -> str:
    """The language of a column of words; empty for any other."""
    lang = column.rpartition("_")[2]
    return lang if lang in ("zh", "en") else ""
