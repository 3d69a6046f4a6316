"""Ledger rows as the charts read them, and the sentences that say one row in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from recount.figures.digits import NumeralError
from recount.figures.numerals import parse
from recount.figures.units import known as named_unit
from recount.words import capitalised, interval, printed_words, shown_unit, verdict_word

INF = math.inf
SHARES = ("share", "threshold")  # kinds whose ratios lie between 0 and 1


@dataclass(frozen=True)
class Row:
    """One statistic of the ledger; unbounded ends are infinite, `implied` tells if it has any."""

    id: str
    section: str
    label: str
    printed: str
    unit: str
    lower: float
    upper: float
    recomputed_lower: float
    recomputed_upper: float
    verdict: str
    lower_open: bool = False
    upper_open: bool = False
    quantity: str = ""
    limits: tuple[float, float] = (-INF, INF)

    @property
    def implied(self) -> bool:
        """Whether the rest of the evidence limits the value at all."""
        known = math.isfinite(self.recomputed_lower) or math.isfinite(self.recomputed_upper)
        return known and self.verdict != "unchecked"

    def interval(self, lang: str) -> str:
        """The printed interval in words."""
        return interval(self.lower, self.upper, self.unit, lang, self.lower_open, self.upper_open)

    def recomputed(self, lang: str) -> str:
        """The recomputed interval in words."""
        return interval(self.recomputed_lower, self.recomputed_upper, self.unit, lang)


def ledger_rows(ledger: pd.DataFrame, lang: str) -> list[Row]:
    """The rows of a ledger (or a part of one) in its order, worded for one language.

    Needs the columns the audit gives; `printed_zh`/`printed_en`, `lower_open` and `upper_open` are
    used when they are there, and so are `lowest` and `highest`, a quantity's natural limits. A gap
    between two shares is worded in percentage points. An end that no value can pass anyway is, for
    a reader, no end, unless the figure says that very value or it is a place among ranked ones.
    """
    records = ledger.reset_index(names="id") if "id" not in ledger.columns else ledger
    return [_row(record, lang) for record in records.to_dict("records")]


def _row(record: Mapping[Any, Any], lang: str) -> Row:
    unit = shown_unit(record)
    printed = str(record.get("printed", "") or "")
    label = str(record.get(f"label_{lang}", record["id"]))
    kind = str(record.get("kind", ""))
    limits = (record.get("lowest"), record.get("highest"))
    said = _said(printed)
    lower, upper = natural(record["lower"], record["upper"], unit, kind, limits, said)
    recomputed = natural(
        record.get("recomputed_lower"), record.get("recomputed_upper"), unit, kind, limits, said
    )
    return Row(
        id=str(record["id"]),
        section=str(record.get("section", "")),
        label=capitalised(label),
        printed=str(record.get(f"printed_{lang}") or printed_words(printed, lang, unit)),
        unit=unit,
        lower=lower,
        upper=upper,
        recomputed_lower=recomputed[0],
        recomputed_upper=recomputed[1],
        verdict=str(record.get("verdict", "")),
        lower_open=bool(record.get("lower_open", False)),
        upper_open=bool(record.get("upper_open", False)),
        quantity=str(record.get("quantity", "")),
        limits=(0.0, 1.0) if unit == "ratio" and kind in SHARES else (-INF, INF),
    )


def natural(
    lower: Any,
    upper: Any,
    unit: str,
    kind: str = "",
    limits: tuple[Any, Any] = (None, None),
    said: Iterable[float] = (),
) -> tuple[float, float]:
    """Both ends as floats; an end that says no more than the quantity's nature is unbounded.

    `limits` are the lowest and highest possible value. Where they are not known, they are 0 and 1
    for a share, -1 and 1 for a gap, -1 for a growth rate and 0 for an amount. A limit that is one
    of the values `said`, and the first or last of ranked places, is an end like any other.
    """
    low, high = _or(lower, -INF), _or(upper, INF)
    nature = _limits(unit, kind)
    least, most = _or(limits[0], nature[0]), _or(limits[1], nature[1])
    if low <= least < high:
        low = least if unit == "rank" or least in said else -INF
    if high >= most > low:
        high = most if unit == "rank" or most in said else INF
    return low, high


def _or(value: Any, default: float) -> float:
    return default if value is None or pd.isna(value) else float(value)


def _said(printed: str) -> tuple[float, ...]:
    """The values that an unhedged figure or a range names; none of a hedged figure."""
    try:
        figure = parse(printed)
    except NumeralError:
        return ()
    if figure.sense not in ("exact", "range"):
        return ()
    return tuple(float(value) for value in (figure.value, figure.low, figure.high) if value is not None)


def _limits(unit: str, kind: str) -> tuple[float, float]:
    if unit == "points" or kind == "gap":
        return -1.0, 1.0
    if unit == "ratio":
        return (0.0, 1.0) if kind in SHARES else (-1.0, INF)
    least = named_unit(unit).lower
    return (-INF, INF) if least is None or unit == "rank" else (float(least), INF)


def sentence(row: Row, lang: str) -> str:
    """One row for an alternative text: label, printed figure, recomputed interval, verdict."""
    printed = row.printed or row.interval(lang)
    word = verdict_word(row.verdict, lang) if row.verdict else ""
    if lang == "zh":
        implied = f"，复算{row.recomputed(lang)}" if row.implied else ""
        return f"{row.label}：报道{printed}{implied}，{word}"
    implied = f", recomputed {row.recomputed(lang)}" if row.implied else ""
    return f"{row.label}: printed {printed}{implied}, {word}"


def paragraph(title: str, sentences: list[str], lang: str) -> str:
    """An alternative text: the finding, then one clause for each thing drawn."""
    stop, between = ("。", "；") if lang == "zh" else (". ", "; ")
    return f"{title.rstrip('。.')}{stop}{between.join(sentences)}{stop.rstrip()}"
