"""A printed figure said in the edition's language: 超过40% -> more than 40%."""

from __future__ import annotations

from fractions import Fraction

from recount.digits import NumeralError
from recount.numerals import parse
from recount.readings import Figure
from recount.wording.numbers import interval, number

_EN = {
    "exact": "{}",
    "above": "more than {}",
    "at_least": "at least {}",
    "below": "less than {}",
    "at_most": "at most {}",
    "nearly": "nearly {}",
    "about": "about {}",
    "odd": "over {}",
}
_FRACTIONS = ("/", "分之", "每")


def printed_words(text: str, lang: str, unit: str = "") -> str:
    """A printed figure as the edition says it: unchanged in zh, in English words in en.

    `unit` overrides the unit read from the text (`points` for a difference of two shares). A text
    that is no figure (最多的省份之一) is returned as it is.
    """
    if lang == "zh":
        return text
    try:
        return figure_words(parse(text), unit)
    except NumeralError:
        return text


def figure_words(figure: Figure, unit: str = "") -> str:
    """A parsed figure in English, hedge first; ranges as intervals, fractions as fractions."""
    unit = unit or ("points" if "百分点" in figure.word or "point" in figure.word else figure.unit)
    if unit == "rank" and figure.sense != "exact":
        return "among the highest"
    if figure.value is None:
        return interval(figure.low, figure.high, unit, "en")
    if unit == "ratio" and any(mark in figure.printed for mark in _FRACTIONS):
        part = Fraction(figure.value).limit_denominator(100)
        words = f"{part.numerator} in {part.denominator}"
    else:
        words = number(figure.value, unit, "en")
    return _EN[figure.sense].format(words)
