"""Everything an edition words: verdicts, kinds of support, slips, numbers and intervals, zh and en.

Values come in as the engine holds them (money in yuan, percent and percentage points as ratios)
and go out as a reader of the edition expects them: 9.6万亿元, 9.6 trillion yuan, 15.4%, 508.8万.
"""

from recount.wording.figures import figure_words, printed_words
from recount.wording.numbers import MINUS, UNITS, bracket, interval, number, points, scales_of
from recount.wording.words import (
    LANGS,
    SECTIONS,
    SLIPS,
    SUPPORT,
    VERDICTS,
    Verdict,
    capitalised,
    listing,
    pick,
    section_words,
    shown_unit,
    slip_words,
    support_words,
    tally,
    verdict_meaning,
    verdict_word,
)

__all__ = [
    "LANGS",
    "MINUS",
    "SECTIONS",
    "SLIPS",
    "SUPPORT",
    "UNITS",
    "VERDICTS",
    "Verdict",
    "bracket",
    "capitalised",
    "figure_words",
    "interval",
    "listing",
    "number",
    "pick",
    "points",
    "printed_words",
    "scales_of",
    "section_words",
    "shown_unit",
    "slip_words",
    "support_words",
    "tally",
    "verdict_meaning",
    "verdict_word",
]
