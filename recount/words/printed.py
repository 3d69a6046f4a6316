"""A printed figure said in the edition's language: 超过40% -> more than 40%, and back."""

from __future__ import annotations

import re
from fractions import Fraction

from recount.figures.digits import NumeralError
from recount.figures.english import is_english
from recount.figures.numerals import parse
from recount.figures.readings import Figure
from recount.words.numbers import interval, number
from recount.words.vocabulary import pick

_HEDGED = {
    "exact": ("{}", "{}"),
    "above": ("超过{}", "more than {}"),
    "at_least": ("至少{}", "at least {}"),
    "below": ("不到{}", "less than {}"),
    "at_most": ("至多{}", "at most {}"),
    "nearly": ("近{}", "nearly {}"),
    "about": ("约{}", "about {}"),
    "odd": ("略超{}", "over {}"),
}
_FRACTION = re.compile(r"/|分之|每|\b(?:in|out of|hal(?:f|ves)|third|quarter|fifth|tenth|hundredth)s?\b")


def printed_words(text: str, lang: str, unit: str = "") -> str:
    """A printed figure as the edition says it: unchanged in its own language, else in words of it.

    `unit` overrides the unit read from the text (`points` for a difference of two shares). A text
    that is no figure (最多的省份之一) is returned as it is.
    """
    if lang == "zh" and not is_english(text):
        return text
    try:
        return figure_words(parse(text), unit, lang)
    except NumeralError:
        return text


def figure_words(figure: Figure, unit: str = "", lang: str = "en") -> str:
    """A parsed figure in words, hedge first; ranges as intervals, fractions as fractions."""
    unit = unit or ("points" if figure.points else figure.unit)
    if unit == "rank" and figure.sense != "exact":
        return pick(("位居前列", "among the highest"), lang)
    if figure.value is None:
        return interval(figure.low, figure.high, unit, lang)
    if unit == "ratio" and _FRACTION.search(figure.printed.lower()):
        part = Fraction(figure.value).limit_denominator(100)
        words = pick(("{}/{}", "{} in {}"), lang).format(part.numerator, part.denominator)
    else:
        words = number(figure.value, unit, lang)
    return pick(_HEDGED[figure.sense], lang).format(words)
