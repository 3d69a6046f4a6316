"""English figures: $21.1 billion, more than 40%, about one third, 120-odd, 5 to 8 days."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from recount.figures.digits import (
    ARABIC,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
    ONE,
    Number,
    NumeralError,
    arabic,
    english,
    share,
    whole_number,
    word_list,
)
from recount.figures.hedges import Hedges, Vocabulary
from recount.figures.readings import Figure, Readings

#: Units, singular and plural; percent and percentage points are ratios.
UNITS: dict[str, tuple[str, Decimal]] = {
    "": ("count", ONE),
    **dict.fromkeys(("dollar", "dollars", "us dollars", "usd"), ("dollar", ONE)),
    **dict.fromkeys(("yuan", "rmb", "cny"), ("yuan", ONE)),
    **dict.fromkeys(
        ("%", "percent", "per cent", "percentage point", "percentage points", "pp"),
        ("ratio", Decimal("0.01")),
    ),
    **dict.fromkeys(("basis point", "basis points"), ("ratio", Decimal("0.0001"))),
    **dict.fromkeys(("times", "fold", "-fold"), ("ratio", ONE)),
    **dict.fromkeys(("year", "years"), ("year", ONE)),
    **dict.fromkeys(("month", "months"), ("month", ONE)),
    **dict.fromkeys(("day", "days"), ("day", ONE)),
    **dict.fromkeys(("week", "weeks"), ("day", Decimal(7))),
    **dict.fromkeys(("hour", "hours"), ("hour", ONE)),
    **dict.fromkeys(("tonne", "tonnes", "metric tons"), ("tonne", ONE)),
}
#: Things that are counted, in the plural; a single one may follow "one".
COUNTED = word_list(
    "accounts agencies banks borrowers businesses categories classes companies counties credits "
    "departments enterprises farmers firms flows functions households industries institutions "
    "jobs lines loans operators outlets people persons products projects provinces residents "
    "systems tiers times townships troops units villages workers"
)
UNITS.update({word: ("count", ONE) for word in COUNTED if word not in UNITS})
_UNITS_FROM = {  # by their first character, longest first
    first: tuple(sorted((word for word in UNITS if word.startswith(first)), key=len, reverse=True))
    for first in {word[:1] for word in UNITS if word}
}

_CURRENCIES = {"us$": "dollar", "$": "dollar", "rmb": "yuan", "cny": "yuan", "¥": "yuan"}
_REACHING = ("as many as", "as much as", "as high as", "reaching")
_BEFORE = ("a total of", "an average of", "the past", "the last", "the next", "the", "only", "in")
_ORDINALS = word_list("first second third fourth fifth sixth seventh eighth ninth tenth")
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "hundredth": 100}

_SMALL = "|".join(sorted(ENGLISH_NUMBERS, key=len, reverse=True))
_WORDS = rf"(?:(?:{_SMALL}|hundred and|thousand and|hundred|thousand)(?:[ -]|\b)(?!odd))+"
_NUMBER = rf"(?:{ARABIC}|{_WORDS}|an?(?= (?:hundred|thousand|million|billion|trillion)))"
_SCALE = rf"(?:[ -]?(?:{'|'.join(ENGLISH_SCALES)})\b)?"
_CURRENCY = rf"(?P<cur>{'|'.join(map(re.escape, _CURRENCIES))})? ?"
_QUANTITY = re.compile(
    rf"(?P<sign>-|minus )?{_CURRENCY}(?P<num>{_NUMBER})(?P<odd>[ -]odd\b|\+)?(?P<scale>{_SCALE})"
    r"(?P<late>[ -]odd\b|\+)?(?P<tail>.*)"
)
_RANGE = re.compile(
    rf"(?:from |(?P<between>between ))?{_CURRENCY}(?P<low>{_NUMBER})(?P<low_scale>{_SCALE}) ?"
    r"(?P<unit>[%a-z]*?) ?(?(between)and |(?:to |-(?=[$¥]?\d)))"
    rf"[$¥]?(?P<num>{_NUMBER})(?P<scale>{_SCALE})(?P<tail>.*)"
)
_FRACTION = re.compile(
    rf"(?:(?:(?P<num>an?|\d+|{_SMALL})[ -])?(?P<part>{'|'.join(_PARTS)})s?"
    rf"|(?P<up>\d+|{_SMALL}) (?:in|out of|in every) (?P<down>\d+|{_SMALL}))"
)
_RANK = re.compile(
    r"(?:ranked |the )?(?:no\. ?(?P<no>\d+)|(?P<nth>\d+)(?:st|nd|rd|th)|"
    rf"(?P<word>{'|'.join(_ORDINALS)}))(?: place)?"
)


def is_english(text: str) -> bool:
    """Whether a figure is written in English: Latin letters, $ or +, and no Chinese."""
    return bool(re.search(r"[A-Za-z$+]", text)) and not re.search(r"[\u3007\u4e00-\u9fff]", text)


def parse(printed: str, text: str, readings: Readings) -> Figure:
    """The figure that `text` says; see `recount.figures.numerals.parse`."""
    plain = re.sub(rf"\b({_SMALL})fold\b", r"\1 fold", text.lower())
    plain = re.sub(r"\s+", " ", plain.replace("\u2013", "-").replace("\u2014", "-")).strip()
    return _English(printed, plain, readings).figure()


@lru_cache(maxsize=8)
def _vocabulary(readings: Readings) -> Vocabulary:
    return Vocabulary.of(readings, "en", _BEFORE, (), _REACHING)


class _English:
    """One English figure being taken apart; `text` is lower case with single spaces."""

    def __init__(self, printed: str, text: str, readings: Readings) -> None:
        self.printed = printed
        self.text = text
        self.hedges = Hedges(printed, _vocabulary(readings))

    def figure(self) -> Figure:
        """The whole figure: rank, fraction and range first, then number, unit and hedge."""
        if match := _RANK.fullmatch(self.text):
            return self._rank(match)
        text = self.hedges.strip_before(self.text)
        if match := _FRACTION.fullmatch(text):
            return self._fraction(match)
        if match := _RANGE.fullmatch(text):
            return self._range(match)
        if match := _QUANTITY.fullmatch(text):
            return self._quantity(match)
        start = re.search(rf"\d|\b(?:{_SMALL})\b", text)
        if start is None:
            raise NumeralError(self.printed, f"no number in {text!r}", "digits or words")
        raise NumeralError(
            self.printed,
            f"{text[: start.start()].strip()!r} before the number",
            self.hedges.expected("before"),
        )

    def _of(self, number: Number, unit: str, word: str) -> Figure:
        hedge, sense = self.hedges.printed(), self.hedges.sense()
        return Figure.of(self.printed, number, unit, word, hedge, sense)

    def _rank(self, match: re.Match[str]) -> Figure:
        digits = match["no"] or match["nth"]
        place = int(digits) if digits else _ORDINALS.index(match["word"]) + 1
        return self._of(whole_number(place), "rank", "")

    def _fraction(self, match: re.Match[str]) -> Figure:
        part = _whole(match["up"] or match["num"] or "1")
        parts = _PARTS[match["part"]] if match["part"] else _whole(match["down"])
        return self._of(share(self.printed, part, parts), "ratio", "")

    def _range(self, match: re.Match[str]) -> Figure:
        word, unit, factor = self._unit(match["tail"], match["cur"])
        if match["unit"] not in ("", word):
            raise NumeralError(
                self.printed, f"ends in {match['unit']!r} and {word!r}", "one unit for both ends"
            )
        if self.hedges.printed():
            raise NumeralError(self.printed, f"a range and {self.hedges.printed()!r}", "one of them")
        high = _number(match["num"], match["scale"])
        low = _number(match["low"], match["low_scale"] or match["scale"])
        if not match["low_scale"] and low.value > high.value:
            low = _number(match["low"], "")
        word = f"{match['scale'].strip()} {word}".strip()
        return Figure.between(self.printed, low.times(factor), high.times(factor), unit, word)

    def _quantity(self, match: re.Match[str]) -> Figure:
        number = _number(match["num"], match["scale"])
        for inside in (match["odd"], match["late"]):
            if inside:
                self._inside(inside.strip(" -"))
        word, unit, factor = self._unit(match["tail"], match["cur"])
        if not self.hedges.printed():
            number = number.unhedged()
        words = [match["cur"] or "", match["scale"].strip(" -"), word]
        number = number.times(-factor if match["sign"] else factor)
        return self._of(number, unit, " ".join(filter(None, words)))

    def _inside(self, word: str) -> None:
        if word not in self.hedges.vocabulary.inside:
            raise NumeralError(self.printed, f"{word!r} after the number", "a hedge word of readings.csv")
        self.hedges.back.append(word)

    def _unit(self, tail: str, currency: str | None) -> tuple[str, str, Decimal]:
        """The unit word at the start of `tail`, its unit and scale; hedges after it are kept."""
        tail = tail.strip() if not tail.startswith("-fold") else tail
        taken = list(self.hedges.back)
        tail = tail.removeprefix("-") if tail[1:] in UNITS else tail
        for word in (*_UNITS_FROM.get(tail[:1], ()), ""):
            rest = tail[len(word) :]
            if tail.startswith(word) and not (word.isalpha() and rest[:1].isalpha()):
                if not self.hedges.strip_after(rest.strip()):
                    unit, factor = UNITS[word]
                    if currency and word:
                        raise NumeralError(self.printed, f"{currency} and {word}", "one unit")
                    return word, _CURRENCIES[currency] if currency else unit, factor
                self.hedges.back = list(taken)
        raise NumeralError(
            self.printed,
            f"{tail!r} after the number",
            "a unit (" + ", ".join(filter(None, UNITS)) + "), then " + self.hedges.expected("after"),
        )


def _whole(word: str) -> int:
    if word.isdigit():
        return int(word)
    return 1 if word in ("a", "an") else ENGLISH_NUMBERS[word]


def _number(text: str, scale: str) -> Number:
    """The number with its scale (thousand, million …), if it has one."""
    if text[0].isdigit():
        number = arabic(text)
    elif text in ("a", "an"):
        number = whole_number(1)
    else:
        number = english(re.split(r"[ -]+", text.strip(" -")))
    word = scale.strip(" -")
    return number.times(ENGLISH_SCALES[word], scaled=True) if word else number
