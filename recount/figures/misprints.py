"""Every text one slip of the pen away from a printed figure, with the kind of the slip.

Most of them say nothing: `recount.audit.slips` keeps what can be read, and ranks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from recount.figures import english, numerals
from recount.figures.digits import HAN_DIGITS, NUMBER
from recount.figures.readings import Figure, Readings

_NUMBER = re.compile(r"(?<![\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\d,])")
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")  # nobody prints a leading zero
_WIDE = {ord(char): ord(char) + 0xFEE0 for char in "0123456789.,"}
_SIGN = r"(?:[-\u2212\uff0d负]|minus )"
_MULTIPLES = ("万亿", "亿", "万")
_ENGLISH_MULTIPLES = ("trillion", "billion", "million", "thousand")
_SHORT_MULTIPLES = ("tn", "bn", "mn")
_DIGIT_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PERCENT = r" ?(?:[%％]|\bper ?cent\b)"
_POINT = r" ?(?:个?百分点|\bpercentage points?\b|(?<![a-z])pp\b)"
_PARTS = r".(?:hal(?:f|ves)|third|quarter|fifth|tenth)s?\b"  # one third is not two third


def misprints(printed: str, figure: Figure, readings: Readings) -> Iterator[tuple[str, str]]:
    """Each text one slip away from `printed`, which says `figure`, and the kind; readable or not."""
    plain = printed.translate(numerals.ASCII)
    in_english = english.is_english(plain)
    spans = [match.span() for match in _NUMBER.finditer(plain)]
    for start, end in spans:
        number, wide = plain[start:end], plain[start] != printed[start]
        for other, kind in _other_numbers(number.replace(",", "")):
            text = _grouped(other, number, in_english)
            yield printed[:start] + (text.translate(_WIDE) if wide else text) + printed[end:], kind
        if readings.units.has_size(figure.unit):  # such are printed with a multiple
            yield from _multiplied(printed, end, in_english, readings)
    if len(spans) == 1:
        yield _signed(printed, spans[0][0], readings), "sign"
    yield from _other_multiples(printed)
    yield from _percent_or_point(printed, in_english)
    yield from _other_numerals(printed)


def _other_numbers(number: str) -> Iterator[tuple[str, str]]:
    """What digits and a point may have been before one slip."""
    slipped = [(other, "power_of_ten") for other in _shifted(number)]
    places = [i for i, char in enumerate(number) if char != "."]
    for i, j in pairwise(places):
        swapped = number[:i] + number[j] + number[i + 1 : j] + number[i] + number[j + 1 :]
        slipped.append((swapped, "digits_swapped"))
        if j == i + 1 and number[i] == number[j]:
            slipped.append((number[:i] + number[j:], "digit_doubled"))
    for digit in "0123456789":
        slipped += [(number[:i] + digit + number[i + 1 :], "digit_changed") for i in places]
        slipped += [(number[:i] + digit + number[i:], "digit_dropped") for i in range(len(number) + 1)]
    return ((other, kind) for other, kind in slipped if _PLAIN.fullmatch(other) and other != number)


def _shifted(number: str) -> Iterator[str]:
    for places in (-3, -2, -1, 1, 2, 3):
        text = f"{Decimal(number).scaleb(places):f}"
        if "." not in number and "." in text:  # 50 for 5: a zero too many, and none is printed after a point
            text = text.rstrip("0").rstrip(".")
        yield text


def _grouped(number: str, like: str, in_english: bool) -> str:
    """The number with commas if the printed one has them, or is English and too short to tell."""
    whole, point, decimals = number.partition(".")
    if "," in like or (in_english and len(like.partition(".")[0]) < 4):
        whole = f"{int(whole):,}"
    return whole + point + decimals


@lru_cache(maxsize=8)
def _before(currencies: tuple[str, ...]) -> re.Pattern[str]:
    """A sign and a currency, at the end of what stands before a number."""
    currency = "|".join(sorted(map(re.escape, currencies), key=len, reverse=True))
    return re.compile(rf"(?P<sign>{_SIGN})?(?P<currency>(?:(?:{currency}) ?)?)$", re.IGNORECASE)


def _signed(printed: str, start: int, readings: Readings) -> str:
    """The figure with the sign before its number taken away, or with one set before it."""
    match = _before(tuple(readings.units.lexicon("en").signs)).search(printed, 0, start)
    if match is None:
        return printed
    before, rest = printed[: match.start()], match["currency"] + printed[start:]
    return before + ("" if match["sign"] else "-") + rest


def _multiplied(printed: str, end: int, in_english: bool, readings: Readings) -> Iterator[tuple[str, str]]:
    """A unit word left out after the number that ends there; without words it may be any."""
    inside = "|".join(re.escape(w.text) for w in readings.words if w.lang == "zh" and "inside" in w.positions)
    if not in_english and (match := re.compile(rf"(?:{inside})?[十百千]?(?![万亿])").match(printed, end)):
        place = match.end()
        yield from ((printed[:place] + word + printed[place:], "unit_word") for word in _MULTIPLES)
    has = re.match(rf"[ -]?(?:{'|'.join(_ENGLISH_MULTIPLES + _SHORT_MULTIPLES)})\b", printed[end:], re.I)
    if not has and not re.search(r"[\u4e00-\u9fff]", printed):
        for word in _ENGLISH_MULTIPLES:
            yield f"{printed[:end]} {word}{printed[end:]}", "unit_word"


def _other_multiples(printed: str) -> Iterator[tuple[str, str]]:
    """Another unit word for one that is printed, or none."""
    for family in (_MULTIPLES, _ENGLISH_MULTIPLES, _SHORT_MULTIPLES):
        words = "|".join(family)
        pattern = rf"(?:{words})(?!分之)" if family is _MULTIPLES else rf"[ -]?(?<![a-z])(?:{words})\b"
        for match in re.finditer(pattern, printed, re.IGNORECASE):
            gap = match.group()[: match.group()[0] in " -"]
            before, after = printed[: match.start()], printed[match.end() :]
            for other in (*family, ""):
                yield before + (gap if other else "") + other + after, "unit_word"


def _percent_or_point(printed: str, in_english: bool) -> Iterator[tuple[str, str]]:
    points = re.sub(_POINT, "%", printed)
    one_unit = re.sub(rf"{_PERCENT}(?=.*{_PERCENT})", "", printed)  # 5%-7%: said once is enough
    for_percent = re.sub(_PERCENT, " percentage points" if in_english else "个百分点", one_unit)
    share = re.sub(rf"百分之({NUMBER})", r"\1个百分点", printed)
    yield from ((text, "percent_or_point") for text in (points, for_percent, share) if text != printed)


def _other_numerals(printed: str) -> Iterator[tuple[str, str]]:
    """Another digit in a number in words: 两成 for 三成, four times for three times."""
    for match in re.finditer(rf"[{''.join(HAN_DIGITS)}]", printed):
        before, after = printed[: match.start()], printed[match.end() :]
        alone = not re.search(r"[十百千点零之第]$", before) and not re.match(r"[十百千点零分]", after)
        for digit in "一两三四五六七八九" if alone else "一二三四五六七八九":
            yield before + digit + after, "digit_changed"
    for match in re.finditer(rf"\b(?:{'|'.join(_DIGIT_WORDS)})\b(?!{_PARTS})", printed):
        for word in _DIGIT_WORDS:
            yield printed[: match.start()] + word + printed[match.end() :], "digit_changed"
