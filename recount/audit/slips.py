"""The simple slips by which a figure, or the reading of it, can come to say something else.

Slips of the pen are sought here: each candidate is the figure as it might have been meant, printed
the same way, and the kind of slip that would have turned it into what was printed. Slips of reading
(another basis, period or territory) are the relations' own, named in their `slip` column; all kinds
share one order, `KINDS`.

Its principle is that of data editing: systematic errors come before random ones (de Waal, Pannekoek
and Scholtus, Handbook of Statistical Data Editing and Imputation, Wiley 2011). A figure a thousand
times too large, a sign or a unit can be wrong in few ways, so such a slip seldom mends a conflict by
chance. Another reading supposes no misprint at all, but it sets a quantity free, and so mends more
easily. Typing errors come last (Scholtus, "Automatic correction of simple typing errors in numerical
data with balance edits", Statistics Netherlands, discussion paper 09046, 2009); among them the order
is that of how often the kind is met, over the number of ways it can be made. Of the errors in decimal
numbers 60 to 95 percent are one digit changed, 10 to 20 two neighbours swapped, 10 to 20 a digit left
out or added (Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29, Amsterdam 1969);
a number of n digits has n - 1 swaps, 9n changes and about 10n ways to have lost one. A digit typed
twice stands before a lost one on the second count alone. How often newspapers make each slip is not
known: the order within each of the three groups is a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from recount.figures import numerals
from recount.figures.misprints import misprints
from recount.figures.readings import Figure, Readings, default_readings

#: The most plausible first: systematic slips, other readings of the words, typing errors.
KINDS = (
    "percent_or_point",
    "power_of_ten",
    "unit_word",
    "by_or_to",
    "sign",
    "basis",
    "period",
    "territory",
    "assumption",
    "digits_swapped",
    "digit_changed",
    "digit_doubled",
    "digit_dropped",
)


@dataclass(frozen=True)
class Slip:
    """A figure that may have been meant, and the slip that would explain what was printed."""

    printed: str
    kind: str


def rank(kind: str) -> int:
    """The place of a kind in `KINDS`: the lower, the more plausible. ValueError for another word."""
    if kind not in KINDS:
        raise ValueError(f"slip {kind!r}: expected one of {', '.join(KINDS)}")
    return KINDS.index(kind)


def candidates(printed: str, readings: Readings | None = None) -> list[Slip]:
    """Every figure one slip of the pen away from a printed one, by kind, then the smallest move first.

    Each says something else than what is printed, in the same unit, and can be read with the hedge
    words of `readings` (by default the book's). Of two that say the same the first is kept. A figure
    that cannot be read has none.
    """
    return list(_candidates(printed.strip(), default_readings() if readings is None else readings))


@lru_cache(maxsize=1024)
def _candidates(printed: str, readings: Readings) -> tuple[Slip, ...]:
    original = _read(printed, readings)
    if original is None:
        return ()
    ranked = []
    for text, kind in dict.fromkeys(misprints(printed, original, readings)):
        figure = _read(text, readings)
        if figure is None or (figure.unit, figure.sense) != (original.unit, original.sense):
            continue
        if figure.sense != "exact" and 0 in _ends(figure):  # nobody prints "just over $0 billion"
            continue
        if kind == "percent_or_point" or _ends(figure) != _ends(original):
            says = (*_ends(figure), figure.place, kind == "percent_or_point")
            ranked.append((rank(kind), _move(original, figure), text, says))
    first: dict[tuple[object, ...], Slip] = {}
    for place, _, text, says in sorted(ranked):
        first.setdefault(says, Slip(text, KINDS[place]))
    return tuple(first.values())


def _read(text: str, readings: Readings) -> Figure | None:
    try:
        return numerals.parse(text, readings)
    except numerals.NumeralError:
        return None


def _ends(figure: Figure) -> tuple[Decimal, ...]:
    return tuple(end for end in (figure.value, figure.low, figure.high) if end is not None)


def _move(original: Figure, figure: Figure) -> float:
    """By what factor the figure moves; infinite to and from zero."""
    factor = 1.0
    for before, after in zip(_ends(original), _ends(figure), strict=True):
        low, high = sorted((abs(before), abs(after)))
        factor = max(factor, float(high / low) if low else float("inf" if high else 1))
    return factor
