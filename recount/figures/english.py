"""English figures: $21.1 billion, more than 40%, about one third, 120-odd, 5 to 8 days."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from recount.figures.digits import (
    ARABIC,
    ENGLISH_NUMBERS,
    ENGLISH_SCALES,
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
from recount.figures.units import COUNT, MEASURES, ONE, Lexicon

# What is counted: a noun in the plural, or a single one after "one", with up to three words before it; no
# measure, no sum of money, no other number, none of the words that join a sentence.
_WORD = re.compile(r"[a-z][a-z'’-]+")
_LONGEST = 4
_PLURALS = word_list("people children men women staff police cattle sheep fish")
_JOINING = word_list(
    "a an and any as at between but by each every for from half in into is more most of on or out over "
    "per than that the their these this those to under was with"
)
_OTHER_MEASURES = word_list(
    "rupees rupee won rubles roubles pesos francs kronor inches feet yards ounces degrees point points "
    "notches watts kilowatts megawatts gigawatts volts bytes megabytes gigabytes pints gallons carats knots"
)
_NUMBERS = (*ENGLISH_NUMBERS, *ENGLISH_SCALES, *(f"{word}s" for word in ENGLISH_SCALES), "dozen", "dozens")
_NO_NOUNS = frozenset({*_JOINING, *_NUMBERS, *_OTHER_MEASURES, *MEASURES["en"]})
_REACHING = ("as many as", "as much as", "as high as", "reaching")
_BEFORE = ("a total of", "an average of", "the past", "the last", "the next", "the", "only", "in")
_ORDINALS = word_list("first second third fourth fifth sixth seventh eighth ninth tenth")
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "hundredth": 100}

_SMALL = "|".join(sorted(ENGLISH_NUMBERS, key=len, reverse=True))
_WORDS = rf"(?:(?:{_SMALL}|hundred and|thousand and|hundred|thousand)(?:[ -]|\b)(?!odd))+"
_NUMBER = rf"(?:{ARABIC}|{_WORDS}|an?(?= (?:hundred|thousand|million|billion|trillion)))"
_SCALE = rf"(?:[ -]?(?:{'|'.join(ENGLISH_SCALES)})\b)?"
_FRACTION = re.compile(
    rf"(?:(?:(?P<num>an?|\d+|{_SMALL})[ -])?(?P<part>{'|'.join(_PARTS)})s?"
    rf"|(?P<up>\d+|{_SMALL}) (?:in|out of|in every) (?P<down>\d+|{_SMALL}))"
)
# 0x10, 0b101, 1e5: not how anything is printed.
_PROGRAM = re.compile(r"(?<![\w.,])(?:0[xob][0-9a-f]+|\d[\d.]*e[+-]?\d+)\b")
_RANK = re.compile(
    r"(?:ranked |the )?(?:no\. ?(?P<no>\d+)|(?P<nth>\d+)(?:st|nd|rd|th)|"
    rf"(?P<word>{'|'.join(_ORDINALS)}))(?: place)?"
)


@lru_cache(maxsize=8)
def _patterns(signs: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A quantity and a range, before which a sign of currency may stand."""
    currency = rf"(?P<cur>{'|'.join(sorted(map(re.escape, signs), key=len, reverse=True))})? ?"
    quantity = re.compile(
        rf"(?P<sign>-|minus )?{currency}(?P<num>{_NUMBER})(?P<odd>[ -]odd\b|\+)?(?P<scale>{_SCALE})"
        r"(?P<late>[ -]odd\b|\+)?(?P<tail>.*)"
    )
    symbols = re.escape("".join(sign for sign in signs if len(sign) == 1))
    span = re.compile(
        rf"(?:from |(?P<between>between ))?{currency}(?P<low>{_NUMBER})(?P<low_scale>{_SCALE}) ?"
        rf"(?P<unit>[%a-z]*?) ?(?(between)and |(?:to |-(?=[{symbols}]?\d)))"
        rf"[{symbols}]?(?P<num>{_NUMBER})(?P<scale>{_SCALE})(?P<tail>.*)"
    )
    return quantity, span


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
        self.units = readings.units
        self.lexicon: Lexicon = self.units.lexicon("en")

    def figure(self) -> Figure:
        """The whole figure: rank, fraction and range first, then number, unit and hedge."""
        if match := _RANK.fullmatch(self.text):
            return self._rank(match)
        text = self.hedges.strip_before(self.text)
        if match := _FRACTION.fullmatch(text):
            return self._fraction(match)
        if match := _PROGRAM.search(text):
            raise NumeralError(
                self.printed, f"{match.group()!r}, as programs write numbers", "decimal digits"
            )
        quantity, span = _patterns(tuple(self.lexicon.signs))
        if match := span.fullmatch(text):
            return self._range(match)
        if match := quantity.fullmatch(text):
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
        return Figure.of(self.printed, number, unit, word, hedge, sense, self.units)

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
        return Figure.between(self.printed, low.times(factor), high.times(factor), unit, word, self.units)

    def _quantity(self, match: re.Match[str]) -> Figure:
        number = _number(match["num"], match["scale"])
        for inside in (match["odd"], match["late"]):
            if inside:
                self._inside(inside.strip(" -"))
        word, unit, factor = self._unit(match["tail"], match["cur"], single=number.value == 1)
        if not self.hedges.printed():
            number = number.unhedged()
        words = [match["cur"] or "", match["scale"].strip(" -"), word]
        number = number.times(-factor if match["sign"] else factor)
        return self._of(number, unit, " ".join(filter(None, words)))

    def _inside(self, word: str) -> None:
        if word not in self.hedges.vocabulary.inside:
            raise NumeralError(self.printed, f"{word!r} after the number", "a hedge word of readings.csv")
        self.hedges.back.append(word)

    def _unit(self, tail: str, currency: str | None, single: bool = False) -> tuple[str, str, Decimal]:
        """The unit word at the start of `tail`, its unit and scale; hedges after it are kept."""
        tail = tail.strip() if not tail.startswith("-fold") else tail
        taken, words = list(self.hedges.back), self.lexicon.words
        tail = tail.removeprefix("-") if tail[1:] in words else tail
        for word in (*self.lexicon.starting.get(tail[:1], ()), ""):
            rest = tail[len(word) :]
            if tail.startswith(word) and not (word.isalpha() and rest[:1].isalpha()):
                if not self.hedges.strip_after(rest.strip()):
                    unit, factor = words[word]
                    if currency and word:
                        raise NumeralError(self.printed, f"{currency} and {word}", "one unit")
                    return word, self.lexicon.signs[currency] if currency else unit, factor
                self.hedges.back = list(taken)
        if not currency and (noun := self._counted(tail, single)):
            return noun, COUNT, ONE
        units = f"a unit ({', '.join(filter(None, words))}) or what is counted"
        expected = f"{units}, then {self.hedges.expected('after')}"
        raise NumeralError(self.printed, f"{tail!r} after the number", expected)

    def _counted(self, tail: str, single: bool) -> str:
        """The noun at the start of `tail` that is counted, '' if there is none; hedges after it are kept."""
        taken, words = list(self.hedges.back), tail.split(" ")
        for length in range(1, min(len(words), _LONGEST) + 1):
            if not self._noun(words[:length], single):
                continue
            if not self.hedges.strip_after(" ".join(words[length:])):
                return " ".join(words[:length])
            self.hedges.back = list(taken)
        return ""

    def _noun(self, words: list[str], single: bool) -> bool:
        """Whether the words name things that can be counted, or the one thing that is."""
        known = (self.lexicon.words.get(word, (COUNT, ONE))[0] for word in words)
        if not all(map(_WORD.fullmatch, words)) or set(known) != {COUNT} or not _NO_NOUNS.isdisjoint(words):
            return False
        last = words[-1].rpartition("-")[2]
        return single or last in _PLURALS or re.search(r"[^siu]s$", last) is not None


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
