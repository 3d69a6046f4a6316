"""Everything an edition words: verdicts, kinds of support, slips, numbers and intervals, zh and en.

Values come in as the engine holds them (money in yuan, percent and percentage points as ratios)
and go out as a reader of the edition expects them: 9.6万亿元, 9.6 trillion yuan, 15.4%, 508.8万.
"""

from recount.words.numbers import MINUS, bracket, interval, number, points, scales_of
from recount.words.printed import figure_words, printed_words
from recount.words.vocabulary import (
    DEPENDENCE,
    LANGS,
    READING_WORDS,
    ROUNDING_WORDS,
    SLIPS,
    SUPPORT,
    VERDICTS,
    Verdict,
    agreeing,
    all_ways,
    capitalised,
    counted,
    dependence,
    listing,
    pick,
    readings_words,
    shown_unit,
    slip_words,
    support_words,
    tally,
    verdict_meaning,
    verdict_word,
    way_words,
    ways_words,
)

__all__ = [
    "DEPENDENCE",
    "LANGS",
    "MINUS",
    "READING_WORDS",
    "ROUNDING_WORDS",
    "SLIPS",
    "SUPPORT",
    "VERDICTS",
    "Verdict",
    "agreeing",
    "all_ways",
    "bracket",
    "capitalised",
    "counted",
    "dependence",
    "figure_words",
    "interval",
    "listing",
    "number",
    "pick",
    "points",
    "printed_words",
    "readings_words",
    "scales_of",
    "shown_unit",
    "slip_words",
    "support_words",
    "tally",
    "verdict_meaning",
    "verdict_word",
    "way_words",
    "ways_words",
]
