"""Ledger rows as the charts read them, and the sentences that say one row in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from recount.wording import interval, printed_words, verdict_word

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
    a reader, no end.
    """
    records = ledger.reset_index(names="id") if "id" not in ledger.columns else ledger
    return [_row(record, lang) for record in records.to_dict("records")]


def _row(record: Mapping[Any, Any], lang: str) -> Row:
    unit = str(record["unit"])
    if unit == "ratio" and str(record.get("kind", "")) == "gap":
        unit = "points"
    printed = str(record.get("printed", "") or "")
    label = str(record.get(f"label_{lang}", record["id"]))
    kind = str(record.get("kind", ""))
    limits = (record.get("lowest"), record.get("highest"))
    lower, upper = natural(record["lower"], record["upper"], unit, kind, limits)
    recomputed = natural(record.get("recomputed_lower"), record.get("recomputed_upper"), unit,
                         kind, limits)  # fmt: skip
    return Row(
        id=str(record["id"]),
        section=str(record.get("section", "")),
        label=label[:1].upper() + label[1:],
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
    lower: Any, upper: Any, unit: str, kind: str = "", limits: tuple[Any, Any] = (None, None)
) -> tuple[float, float]:
    """Both ends as floats; an end that says no more than the quantity's nature is unbounded.

    `limits` are the lowest and highest possible value. Where they are not known, they are 0 and 1
    for a share, -1 and 1 for a gap, -1 for a growth rate and 0 for an amount.
    """
    low = -INF if lower is None or pd.isna(lower) else float(lower)
    high = INF if upper is None or pd.isna(upper) else float(upper)
    least, most = _limits(unit, kind)
    least = least if limits[0] is None or pd.isna(limits[0]) else float(limits[0])
    most = most if limits[1] is None or pd.isna(limits[1]) else float(limits[1])
    return (-INF if low <= least < high else low, INF if high >= most > low else high)


def _limits(unit: str, kind: str) -> tuple[float, float]:
    if unit == "points" or kind == "gap":
        return -1.0, 1.0
    if unit == "ratio":
        return (0.0, 1.0) if kind in SHARES else (-1.0, INF)
    return (-INF, INF) if unit in ("rank", "date") else (0.0, INF)


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
