"""Find every numeric expression of an English text.

What counts as a numeric expression, in the order the rules are tried at each place:

1.  A date: day, month and year as far as printed, a quarter or half of a year, a span of years, a
    decade, a year alone (1500 to 2099 without a unit, a currency or a hedge), a time of day.
2.  A list marker: 1. or 1) at the start of a sentence, (1).
3.  One of the …: a rank among several.
4.  A fraction in words or signs: two thirds, a quarter of, half, one in three, 9 out of 10, 1/3.
5.  A multiple in one word: twice, doubled, halved, tenfold.
6.  An ordinal: 3rd, No. 1, twenty-first.
7.  A vague plural with a number in it: tens of thousands, several hundred, a dozen, millions.
8.  A name: a number word with a noun tied to it (one-stop) or in capitals (the Big Four), letters
    with digits (G20, COVID-19), a Roman numeral of two letters or more.
9.  A range: 5 to 8 days, $3-5 million, between 40% and 50%. From 5 to 8 is two quantities.
10. A quantity: sign, currency, number, -odd or +, scale, unit, and `or more` and its like. Hedges
    before the number (more than, nearly) are not part of it, nor is the noun that is counted.
11. Any other run with a digit in it.

`NOT_NUMBERS` lists the phrases in which `one` is a pronoun; they are passed over.
"""

from __future__ import annotations

import re

from recount.figures.digits import ENGLISH_NUMBERS, ENGLISH_SCALES, word_list
from recount.figures.units import MEASURES, default_units

#: Phrases in which `one` is no number.
NOT_NUMBERS = ("no one", "one another", "one's", "one by one", "this one", "that one", "which one")

_ONES, _TENS = [list(ENGLISH_NUMBERS)[part] for part in (slice(20), slice(20, None))]
_ORDINALS = word_list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth "
    "fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth"
)
# A scan should not cut off the measures and the money that `parse` has no unit for.
_MEASURES = MEASURES["en"]
_LEXICON = default_units().lexicon("en")
_COUNTED = (*_LEXICON.counted, "times")
_OWN_UNITS = {word for word in _LEXICON.words if word and word not in _LEXICON.counted} - {"fold", "-fold"}


def _any(words: object) -> str:
    """The words as alternatives, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_UNDER_100 = rf"(?:(?:{_any(_TENS)})(?:[ -](?:{_any(_ONES[1:10])})\b)?|(?:{_any(_ONES)}))\b"
_HUNDREDS = rf"{_UNDER_100}(?:[ -]hundred\b(?:(?: and |[ -]){_UNDER_100})?)?"
_WORDS = (
    rf"\b(?:{_HUNDREDS}(?:[ -]thousand\b(?:(?: and |[ -]){_HUNDREDS})?)?"
    rf"|an? hundred\b(?:(?: and |[ -]){_UNDER_100})?|an?(?= (?:thousand|million|billion|trillion)\b))"
)
_DIGITS = r"(?<!\d)(?<!\d[.,])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?[½⅓⅔¼¾]?"
_NUMBER = rf"(?:{_DIGITS}|{_WORDS}(?: and a (?:half|quarter)\b)?)"
_SCALE = rf"(?:(?:[ -]?(?:{_any(ENGLISH_SCALES)})|(?<=\d)[mbk])(?![A-Za-z]))"
_UNIT = (
    rf"(?:[ -]?(?:[%‰]|per ?cent(?![A-Za-z])|percentage[ -]points?(?![A-Za-z])"
    rf"|(?:{_any([*_OWN_UNITS, *_MEASURES])})(?![A-Za-z])|fold\b))"
)
_CODES = "RMB|CNY|USD|EUR|GBP|HKD|JPY|Rs"
_CURRENCY = rf"(?:(?:(?<![A-Za-z])(?:US|HK|NZ|[ACS]))?[$€£¥]|(?<![A-Za-z])(?:{_CODES})\.?) ?"
_AFTER = r"(?: (?:or (?:more|less|fewer|so|above|over|below|under)|and above)\b)"
_ODD = r"(?:[ -]odd\b|\+)"
_REST = rf"{_ODD}?(?:{_SCALE}{_ODD}?{_UNIT}?|{_UNIT}|(?![A-Za-z0-9]|[.,]\d)){_AFTER}?"
_SIGN = r"(?:(?<![\w.)%])-|\bminus )?"
_MONEY = f"(?:{_CURRENCY})?{_NUMBER}"

_MONTH = (
    "(?-i:Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?|July?|Aug(?:ust|\\.)?"
    "|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?)"
)
_YEAR = r"(?<![\d.,$€£¥])(?:1[5-9]|20)\d\d(?!\d|[.,]\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_EDGE = r"(?:\b(?:the )?(?:end|beginning|start)(?: of |-)|\b(?:early|mid|late|fiscal|year-end|FY)[ -]?)?"
_PART = r"(?:half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth)s?"
_CLOSED = (
    r"(?=$|[.,;:)]| (?:of|in|to|from|by|as|more|less|higher|lower|over|and|or|since|during|at|on|than|the)\b)"
)
_FEW = rf"(?:\d{{1,2}}|{_UNDER_100})"
_MULTIPLE = "twice|thrice|doubl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|quadrupl(?:e[sd]?|ing)|halv(?:e[sd]?|ing)"
_BIG = "dozen|hundred|thousand|million|billion|trillion"
_NAMED = "|".join(word.capitalize() for word in ENGLISH_NUMBERS)

_RULES = {
    "date": rf"{_EDGE}(?:{_DAY} {_MONTH}\b(?:,? {_YEAR})?"
    rf"|\b{_MONTH} {_DAY}\b(?!,\d|\.\d|[ -]?(?:%|per ?cent|{_BIG}|to \d))(?:,? {_YEAR})?"
    rf"|\b{_MONTH},?(?: of)? {_YEAR}"
    rf"|{_YEAR}-\d\d?-\d\d?(?!\d)|(?<!\d)\d\d?[/.]\d\d?[/.](?:\d{{4}}|\d\d)(?!\d)"
    rf"|\bbetween {_YEAR} and {_YEAR}"
    rf"|\b(?:(?:[QH][1-4]|(?:first|second|third|fourth|last) (?:quarter|half))(?: of)?,? (?:fiscal )?)?"
    rf"{_YEAR}(?:s\b|(?:[-–—/]| to )(?:{_YEAR}|\d\d(?!\d)))?(?!{_SCALE}|{_UNIT}|{_ODD})"
    rf"(?! ?(?:{_any(_COUNTED)})\b)(?![A-Za-z]))"
    r"|(?<![\d:])\d\d?(?::\d\d)*(?: ?(?:[ap]m\b|[ap]\.m\.)|(?<=\d:\d\d)(?![\d:]))"
    r"|\b(?:[QH][1-4]|FY\d\d)\b",
    "marker": r"(?:^|(?<=[.;:!?] ))\d\d?[.)](?= (?-i:[A-Z]))|(?<=\()\d\d?(?=\))",
    "one_of": r"\bone of(?: (?:the|its|their|our|his|her|these|those)\b(?: [a-z]+'s\b)?"
    r"(?: (?:most [a-z]+|(?:[a-z]+ )?[a-z]{2,}est)\b)?)?",
    "fraction": rf"{_WORDS}[ -]{_PART}\b|\ban? (?:third|quarter|fifth|tenth){_CLOSED}"
    rf"|\bhalf an? (?:{_BIG})\b|\b(?:an? )?half\b|(?<![\d/])\d+/\d+(?![\d/])|[½⅓⅔¼¾]"
    rf"|\b{_FEW} (?:out of|(?:in|of) every|in) (?!{_YEAR}){_NUMBER}(?!{_SCALE}|{_UNIT}|[A-Za-z\d])",
    "multiple": rf"\b(?:{_MULTIPLE}|(?:{_any(ENGLISH_NUMBERS)})fold)\b",
    "ordinal": r"\b(?:No\.? ?|number |ranked |ranks )\d+\b(?![.,]\d|%)|\bnumber one\b"
    rf"|\b\d+(?:,\d{{3}})*(?:st|nd|rd|th)\b(?: place)?|\b(?:(?:{_any(_TENS)})[ -])?(?:{_any(_ORDINALS)})\b",
    "vague": rf"\b(?:several|few|many|a couple of) (?:{_BIG})\b"
    rf"|\b(?:(?:an?|{_UNDER_100}) )?(?:half-?)?dozens?\b"
    rf"|\b(?:tens|hundreds|thousands|millions|billions|trillions)\b(?: of (?:{_BIG})s\b)*",
    "name": rf"\b(?:{_any(ENGLISH_NUMBERS)})-(?!(?:{_any([*_OWN_UNITS, *_MEASURES])}|{_BIG}|odd|fold|{_PART}"
    rf"|{_any(_ONES)}|{_any(_ORDINALS)})\b)[a-z]+(?:-[a-z]+)*"
    rf"|(?-i:(?<=[a-z] )(?:{_NAMED})\b)(?!{_SCALE}|{_UNIT})"
    rf"|(?-i:(?<![A-Za-z0-9])(?!(?:{_CODES})\d)[A-Z][A-Za-z]*-?\d[A-Za-z0-9]*(?:\.\d+)?)"
    r"|(?-i:(?<![A-Za-z0-9])[a-z]{1,3}\d+[A-Za-z]*\b)"
    r"|(?-i:\b(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})\b)",
    "range": rf"\bbetween {_SIGN}{_MONEY}{_SCALE}?{_UNIT}? and {_MONEY}{_REST}"
    rf"|(?:{_CURRENCY})?{_DIGITS}{_SCALE}?%?[-–—~](?:{_CURRENCY})?{_DIGITS}{_REST}"
    rf"|(?<!from )(?:\b\d{{1,3}}(?:\.\d+)?|\b{_UNDER_100}) to {_NUMBER}(?={_SCALE}|{_UNIT}){_REST}",
    "quantity": rf"{_SIGN}{_MONEY}{_REST}",
    "digits": r"\d(?:[\w.,:/-]*\w)?",
}
_EXPRESSION = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES.items()), re.IGNORECASE)
_MASKED = re.compile(rf"\b(?:{_any(NOT_NUMBERS)})(?!\w)", re.IGNORECASE)
# A bare year after one of these is an amount.
_AMOUNT_AHEAD = re.compile(
    r"\b(?:than|over|under|nearly|almost|about|around|roughly|approximately|some|least|most|only|total of) $",
    re.IGNORECASE,
)
_SPLIT_WORDS = frozenset({*ENGLISH_NUMBERS, *ENGLISH_SCALES, *_ORDINALS, *_LEXICON.words})


def find(text: str) -> list[tuple[int, str, str]]:
    """Every numeric expression of an English text: offset without white space, as printed, rule.

    White space within an expression is printed as one space, and a word divided at the end of a
    line as one word.
    """
    line = _Line(text)
    masked = _MASKED.sub(lambda match: "\ufffc" * len(match.group()), line.matched)
    expressions = []
    for match in _EXPRESSION.finditer(masked):
        start, end, rule = match.start(), match.end(), match.lastgroup or ""
        printed = "".join(line.printed[start:end])
        if rule == "date" and printed.isdigit() and _AMOUNT_AHEAD.search(masked[:start]):
            rule = "quantity"
        elif rule == "quantity" and start in line.paragraphs and re.match(r"\d\d?[.)] ", masked[start:]):
            rule = "marker"
        expressions.append((line.offsets[start], printed, rule))
    return expressions


class _Line:
    """A wrapped text as one line: what to match, what is printed there, and its offset."""

    def __init__(self, text: str) -> None:
        self.printed: list[str] = []
        self.offsets: list[int] = []
        self.paragraphs = {0}
        matched: list[str] = []
        offset = 0
        for match in re.finditer(r"\s+|\S", text):
            char = match.group()
            if char.isspace():
                start, end = match.span()
                before, after = text[max(start - 24, 0) : start], text[end : end + 24]
                shown = self._gap(char, before, after, matched)
            else:
                shown = {"−": "-", "’": "'", "\u00ad": "", "\u200b": ""}.get(char, char)
            if shown:
                matched.append(shown)
                self.printed.append(" " if char.isspace() else char)
                self.offsets.append(offset)
            if char.count("\n") > 1:
                self.paragraphs.add(len(matched))
            offset += not char.isspace()
        self.matched = "".join(matched)

    def _gap(self, space: str, before: str, after: str, matched: list[str]) -> str:
        """What white space stands for: a space, a comma between thousands, or a divided word's nothing."""
        if space in "\u00a0\u2009\u202f" and re.search(r"\d$", before) and re.match(r"\d{3}(?!\d)", after):
            return ","
        if "\n" in space and (divided := re.search(r"([^\W\d_]+|\d)-$", before)):
            first, second = divided[1], re.match(r"[^\W\d_]*", after).group()  # type: ignore[union-attr]
            if (first + second).lower() in _SPLIT_WORDS:
                for column in (matched, self.printed, self.offsets):
                    column.pop()  # the hyphen is the printer's
            return ""
        return " "
