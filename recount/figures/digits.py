"""Printed numbers, Arabic, Chinese and English, as exact decimals that remember their precision."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

ONE = Decimal(1)
#: The most digits of a number: with them sums of its value and half its place are exact in a Decimal.
LONGEST = 24
_SHOWN = 60  # characters of a text that an error repeats
_THOUSAND = Decimal(1000)

HAN_DIGITS = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN_SCALES = {"万亿": Decimal(10) ** 12, "亿": Decimal(10) ** 8, "万": Decimal(10) ** 4}
SCALE = "万亿|亿|万"
ARABIC = r"\d[\d,]*(?:\.\d+)?"
HAN = r"[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?"
_PART = rf"(?:{ARABIC}(?:[十百千]?(?:{SCALE})|[十百千])?|(?:{HAN})?(?:{SCALE})|{HAN})"
# A part ends where it must: else a long run of digits could be split in exponentially many ways.
_NO_SPLIT = (
    r"(?!(?<=[\d,])\d|(?<=\d)[十百千]|(?<=[^万亿])[万亿]|(?<=万)亿"
    r"|(?:(?<=[零〇一二两三四五六七八九])|(?<=[^\d][十百千]))[零〇一二两三四五六七八九]"
    r"|(?:(?<=[零〇一二两三四五六七八九])(?<!点.)(?<!点..)|(?<=[^\d][十百千]))[十百千])"
)
#: A number as Chinese text prints it: 20463, 9.6万亿, 3千万, 1亿3000万, 一百二十, 六百六十八万.
NUMBER = rf"{_PART}(?:{_NO_SPLIT}{_PART})*"


def word_list(text: str) -> tuple[str, ...]:
    """The words of a vocabulary written as one string."""
    return tuple(text.split())


_ENGLISH_ONES = word_list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS = word_list("twenty thirty forty fifty sixty seventy eighty ninety")
ENGLISH_NUMBERS = {word: n for n, word in enumerate(_ENGLISH_ONES)} | {
    word: 10 * n for n, word in enumerate(_ENGLISH_TENS, start=2)
}
ENGLISH_SCALES = {
    "hundred": Decimal(10) ** 2,
    "thousand": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
}


class NumeralError(ValueError):
    """A printed figure, or a table of readings, that says nothing certain."""

    def __init__(self, text: str, given: str, expected: str) -> None:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        super().__init__(f"{shown!r}: found {given}; expected {expected}")
        self.text, self.given, self.expected = text, given, expected

    def __reduce__(self) -> tuple[type[NumeralError], tuple[str, str, str]]:
        return NumeralError, (self.text, self.given, self.expected)  # it crosses processes


@dataclass(frozen=True)
class Number:
    """A number with the value of one unit in its last printed and in its last non-zero place.

    Zeros after a decimal point are printed on purpose, so they count as places: 2.50 has step 0.01.
    """

    value: Decimal
    place: Decimal
    step: Decimal
    scaled: bool = False  # printed with 万, 亿, million …, not in full

    def times(self, factor: Decimal, scaled: bool = False) -> Number:
        """The number in a unit `factor` times as large."""
        size = abs(factor)
        return Number(self.value * factor, self.place * size, self.step * size, self.scaled or scaled)

    def unhedged(self) -> Number:
        """The number as one printed without a hedge word, before its unit is applied.

        Newspapers round a long count without saying so: 463,000 is one of five digits or more that
        ends in three zeros, so it is taken as rounded to the thousand, not as exact to the unit.
        Shorter ones (5000, 120) are exact, and so is what a hedge word counts from.
        """
        if self.scaled or self.place != 1 or abs(self.value) < 10 * _THOUSAND or self.value % _THOUSAND:
            return self
        return replace(self, place=_THOUSAND)


def whole_number(value: int) -> Number:
    """A whole number printed to its last digit; its step is the place of its last non-zero digit.

    >>> whole_number(120).step
    Decimal('10')
    """
    digits = str(value)
    _check_length(digits)
    zeros = len(digits) - len(digits.rstrip("0")) if value else 0
    return Number(Decimal(value), ONE, ONE.scaleb(zeros))


def share(text: str, part: int | Decimal, whole: int | Decimal, full: int | Decimal = 0) -> Number:
    """The fraction part/whole of the figure `text`: place 1/whole, step the fraction itself.

    Of a mixed number such as 1 3/5 `full` is the number before the fraction, which must be below one.
    """
    if not whole:
        raise NumeralError(text, "a fraction of nothing", "a denominator above zero")
    if full and part >= whole:
        raise NumeralError(text, f"{part}/{whole} after a whole number", "a fraction below one")
    value = Decimal(part) / whole
    return Number(full + value, ONE / whole, value)


def arabic(text: str) -> Number:
    """`20463`, `1,234` or `302.9`; a comma must group three digits."""
    if "," in text and not re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        raise NumeralError(text, "a comma that groups no three digits", "1,234 or 1234")
    plain = text.replace(",", "")
    _check_length(plain)
    if "." not in plain:
        return whole_number(int(plain))
    place = ONE.scaleb(-len(plain.partition(".")[2]))
    return Number(Decimal(plain), place, place)


def chinese(text: str) -> Number:
    """`一百二十`, `两千三` (2300), `三点五` or, digit by digit, `二〇二四`; without 万 and 亿.

    百三 and 千五 are refused: some say 103 so, and more say 130.
    """
    _check_length(text)
    if len(text) == 2 and text[0] in "百千" and text[1] in HAN_DIGITS:
        size = HAN_UNITS[text[0]]
        low, high = (size + HAN_DIGITS[text[1]] * ones for ones in (1, size // 10))
        raise NumeralError(text, f"what can be {low} or {high}", f"一{text[0]}零{text[1]} or 一{text}")
    if "点" in text:
        front, _, back = text.partition("点")
        return arabic(f"{chinese(front).value}." + "".join(str(HAN_DIGITS[char]) for char in back))
    if len(text) > 1 and all(char in HAN_DIGITS for char in text):
        if len(text) == 4 or "〇" in text:
            return whole_number(int("".join(str(HAN_DIGITS[char]) for char in text)))
        if text[0] == "零":  # the gap in 一万零二
            return chinese(text[1:])
        raise NumeralError(text, "digits without 十, 百 or 千", "a number such as 一百二十")
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in HAN_DIGITS:
            if digit:
                raise NumeralError(text, f"{char!r} after another digit", "十, 百 or 千")
            digit = HAN_DIGITS[char]
            continue
        unit = HAN_UNITS[char]
        if unit >= last:
            raise NumeralError(text, f"{char!r} out of order", "千, then 百, then 十")
        total, digit, last = total + (digit or 1) * unit, None, unit
    if digit:
        spoken = len(text) > 2 and last > 10 and text[-2] in HAN_UNITS  # 两千三 is 2300
        total += digit * (last // 10 if spoken else 1)
    return whole_number(total)


def amount(text: str) -> Number:
    """Any `NUMBER`: parts such as 1亿 and 3000万 are added, each smaller than the one before."""
    total: Number | None = None
    for match in re.finditer(_PART, text):
        part = _part(match.group())
        if total is None:
            total = part
            continue
        if match.group() in HAN_DIGITS and total.scaled and match.start() > 1:
            part = part.times(total.place / 10, scaled=True)  # 一万二 is 12000
        if text[0] in "万亿" or not total.scaled or part.value >= total.place:
            raise NumeralError(text, f"{match.group()!r} in the wrong place", "parts in order")
        total = Number(total.value + part.value, part.place, part.step, part.scaled)
    if total is None:
        raise NumeralError(text, "no number", "digits or a Chinese numeral")
    _check_length(text, total.value.adjusted() - total.place.adjusted())
    return total


def _check_length(text: str, digits: int = 0) -> None:
    """Raise NumeralError for a number, or as much of one as `text` is, with too many digits."""
    if max(len(text) if not digits else 0, digits) > LONGEST:
        raise NumeralError(text, f"a number of {digits or len(text)} characters", f"at most {LONGEST}")


def _part(text: str) -> Number:
    digits = re.match(ARABIC, text)
    if digits is None:
        han = re.match(HAN, text)
        number = chinese(han.group()) if han else whole_number(1)
        rest = text[han.end() if han else 0 :]
    else:
        number, rest = arabic(digits.group()), text[digits.end() :]
        if rest[:1] in HAN_UNITS:
            number = number.times(Decimal(HAN_UNITS[rest[0]]), scaled=True)
            rest = rest[1:]
    return number.times(HAN_SCALES[rest], scaled=True) if rest else number


def english(words: list[str]) -> Number:
    """`['twenty', 'five']`, `['one', 'hundred', 'and', 'twenty']`; raises on other words."""
    total = current = 0
    for word in words:
        if word in ENGLISH_NUMBERS:
            current += ENGLISH_NUMBERS[word]
        elif word in ("hundred", "thousand"):
            current = max(current, 1) * int(ENGLISH_SCALES[word])
            if word == "thousand":
                total, current = total + current, 0
        elif word != "and":
            raise NumeralError(" ".join(words), repr(word), "a number in words up to thousands")
    return whole_number(total + current)
