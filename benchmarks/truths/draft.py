"""A report in the making: exact values, relations that hold of them, and the figures that print them.

A relation is kept in two shapes: as the text that an audit reads, written in one of the ways in which it can
be written, and, where it is linear in its levels, as a row for the oracle.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from benchmarks.truths.printing import (
    BARE,
    RATES,
    ROUNDINGS,
    SCALES,
    Bounds,
    Figure,
    Form,
    Scale,
    forms,
    printed,
)

ONE = Fraction(1)


class Term(NamedTuple):
    """`(constant + factor * rate) * level`; without a rate only the constant counts."""

    level: str
    constant: Fraction
    rate: str = ""
    factor: Fraction = ONE


Row = tuple[Term, ...]  # adds up to zero


class Pair(NamedTuple):
    """A rate that two others give: their `gap`, their `multiple`, or the `growth` from one to the other."""

    id: str
    way: str
    now: str
    then: str

    def of(self, now: Fraction, then: Fraction) -> Fraction:
        """What it is for two values."""
        return {"gap": now - then, "multiple": now / then, "growth": now / then - 1}[self.way]


@dataclass
class Draft:
    """Quantities with their exact values, relations, and printed figures.

    `kind` is what the report is of. `units` gives `yuan`, `count`, `ratio` or `year`; `signed` quantities
    can be below zero, `whole` ones take whole numbers only. `rows` are the relations as the oracle
    knows them, one for each, empty for a relation that is not linear in its levels; some of these are
    among the `pairs`.
    """

    kind: str
    rng: random.Random = field(compare=False)
    lang: str = "zh"
    rounding: str = "half_up"
    values: dict[str, Fraction] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    rates: dict[str, str] = field(default_factory=dict)
    signed: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    #: rates that can be below zero: growth, and gaps of rates
    changes: set[str] = field(default_factory=set)
    #: numbers without a unit's word, as indices are
    bare: set[str] = field(default_factory=set)
    relations: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)
    #: quantities that stand in a column of one table: a number of one may get into the row of another
    columns: list[tuple[str, ...]] = field(default_factory=list)
    #: the same change by the other measure, for rates: percent where points are printed, and the reverse
    mistakable: dict[str, Fraction] = field(default_factory=dict)

    @classmethod
    def new(cls, kind: str, rng: random.Random, *, half_up: bool = False) -> Draft:
        """An empty one in a language and with a rounding rule drawn at random, if that is not `half_up`."""
        rounding = "half_up" if half_up else rng.choice(("half_up", *ROUNDINGS))
        return cls(kind, rng, rng.choice(("zh", "zh", "en")), rounding)

    # -- quantities -----------------------------------------------------------------------------

    def level(self, id: str, value: Fraction | int, unit: str, *, signed: bool = False) -> str:
        """An amount or a count; a count whose value is whole takes whole numbers only."""
        assert id not in self.values, id
        self.values[id], self.units[id] = Fraction(value), unit
        if signed:
            self.signed.add(id)
        if unit == "count" and self.values[id].denominator == 1:
            self.whole.add(id)
        return id

    def rate(self, id: str, value: Fraction, measure: str = "percent") -> str:
        """A share, a growth rate, a gap or a multiple: `percent`, `points` or `times`."""
        self.values[id], self.units[id], self.rates[id] = value, "ratio", measure
        return id

    # -- relations ------------------------------------------------------------------------------

    def relate(self, *ways: str, row: Row = ()) -> None:
        """A relation, written in one of several ways, with its row if it is linear in its levels."""
        self.relations.append(self.rng.choice(ways))
        self.rows.append(row)

    @property
    def linear(self) -> bool:
        """Whether the oracle knows all relations."""
        return all(self.rows)

    def total(self, id: str, parts: Sequence[str]) -> None:
        """The parts add up to the total."""
        terms = " + ".join(parts)
        last = parts[-1]
        others = "".join(f" - {part}" for part in parts[:-1])
        row = (Term(id, ONE), *(Term(part, -ONE) for part in parts))
        self.relate(f"{id} == {terms}", f"{terms} == {id}", f"{last} == {id}{others}", row=row)

    def quotient(self, id: str, part: str, whole: str, measure: str = "percent", times: int = 1) -> str:
        """The part is a share of the whole, or so much for each, or for every `times`, of the whole.

        `measure` is that of a rate, or the unit of an average.
        """
        row = (Term(part, Fraction(times)), Term(whole, Fraction(0), id, -ONE))
        by = "" if times == 1 else f" * {times}"
        of = "" if times == 1 else f" / {times}"
        self.relate(
            f"{id} == {part} / {whole}{by}",
            f"{part} == {id} * {whole}{of}",
            f"{whole} == {part} / {id}{by}",
            row=row,
        )
        assert id not in self.values, id
        value = self.values[part] / self.values[whole] * times
        if measure in ("yuan", "count"):
            self.values[id], self.units[id] = value, measure
        else:
            self.rate(id, value, measure)
        return id

    def growth(self, id: str, now: str, then: str) -> str:
        """The growth rate from one level to another."""
        self.rate(id, self.values[now] / self.values[then] - 1)
        self.changes.add(id)
        row = (Term(now, ONE), Term(then, -ONE, id, -ONE))
        self.relate(
            f"{id} == {now} / {then} - 1",
            f"{now} == {then} * (1 + {id})",
            f"{id} == ({now} - {then}) / {then}",
            f"{then} == {now} / (1 + {id})",
            row=row,
        )
        return id

    def pair(self, id: str, way: str, now: str, then: str, measure: str = "percent") -> None:
        """The gap, the multiple or the growth of two rates."""
        pair = Pair(id, way, now, then)
        if way != "multiple":
            self.changes.add(id)
        self.rate(id, pair.of(self.values[now], self.values[then]), measure)
        ways = {
            "gap": (f"{id} == {now} - {then}", f"{now} == {then} + {id}", f"{then} == {now} - {id}"),
            "multiple": (f"{id} == {now} / {then}", f"{now} == {then} * {id}", f"{then} == {now} / {id}"),
            "growth": (f"{id} == {now} / {then} - 1", f"{now} == {then} * (1 + {id})"),
        }
        self.relate(*ways[way])
        self.pairs.append(pair)

    # -- printing -------------------------------------------------------------------------------

    def print(self, ids: Iterable[str], *, keep: float = 1.0, hedged: float = 0.15) -> None:
        """Print each of the quantities, or leave it out."""
        for id in ids:
            if self.rng.random() < keep:
                self._print(id, hedged)

    def column(self, ids: Sequence[str], *, keep: float = 1.0) -> None:
        """Print quantities as a column of a table: one scale, as many decimals, no hedges; some missing."""
        self.columns.append(tuple(ids))
        largest = max(abs(self.values[id]) for id in ids)
        whole = all(id in self.whole for id in ids)
        shared = forms(self._scales(ids[0]), largest, self.rng, self.lang, self.rounding, whole)
        for id in ids:
            if self.rng.random() >= keep:
                continue
            for form in shared:
                if figure := printed(self.values[id], form):
                    self.figures[id] = figure
                    break

    def _print(self, id: str, hedged: float) -> None:
        value, whole = self.values[id], id in self.whole
        for form in forms(self._scales(id), value, self.rng, self.lang, self.rounding, whole, hedged):
            if figure := printed(value, form):
                self.figures[id] = figure
                return

    def plainly(self, id: str, decimals: int = 0) -> None:
        """Print a quantity in the last scale of its unit, to so many decimals, without a hedge."""
        form = Form(self.lang, self._scales(id)[-1], decimals, self.rounding, None, id in self.whole)
        if figure := printed(self.values[id], form):
            self.figures[id] = figure

    def _scales(self, id: str) -> tuple[Scale, ...]:
        if self.units[id] == "ratio":
            return RATES[self.rates[id], self.lang][: 1 if abs(self.values[id]) > Fraction(1, 100) else None]
        return BARE if id in self.bare else SCALES[self.units[id], self.lang]

    # -- what can be at all ---------------------------------------------------------------------

    def natural(self, id: str) -> Bounds:
        """What the quantity can be before anything is printed of it."""
        if id in self.signed:
            return None, None
        return (-ONE if self.units[id] == "ratio" else Fraction(0)), None

    @property
    def averages_in_full(self) -> list[str]:
        """The figures that print an average of counts, which is no whole number, without decimals."""
        return [
            id
            for id, figure in self.figures.items()
            if self.units[id] == "count" and id not in self.whole and figure.form.place == 1
        ]

    @property
    def unprinted(self) -> dict[str, str]:
        """The units of the quantities of which no figure is printed."""
        return {id: unit for id, unit in self.units.items() if id not in self.figures}

    # -- parts ----------------------------------------------------------------------------------

    def without_figure(self, id: str) -> Draft:
        """The report with a figure left out."""
        return replace(self, figures={other: figure for other, figure in self.figures.items() if other != id})

    def without_relation(self, number: int) -> Draft:
        """The report without a relation, and without the quantities that only this one names."""
        relations = self.relations[:number] + self.relations[number + 1 :]
        named = set(re.findall(r"[A-Za-z_]\w*", " ".join(relations)))
        return replace(
            self,
            relations=relations,
            rows=self.rows[:number] + self.rows[number + 1 :],
            pairs=[pair for pair in self.pairs if pair.id in named],
            units={id: unit for id, unit in self.units.items() if id in named},
            figures={id: figure for id, figure in self.figures.items() if id in named},
        )
