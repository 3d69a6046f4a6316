"""Dates and ranks in words: what has no size, only a place in an order.

A date is a decimal year in which every month is a twelfth, so that 2024 + 2/12 is the end of
February 2024. Tables give it to two decimals (2024.17).
"""

from __future__ import annotations

from decimal import Decimal

from recount.words.vocabulary import pick

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_BESIDE = Decimal("0.1")  # months: a date in two decimals of a year lies no further from a month's end
_INSTANT = Decimal("0.0101")  # years: an interval no wider is one date to two decimals


def date(value: Decimal, lang: str) -> str:
    """A date as its month; one that falls on the end of a month as that end."""
    months = value * 12
    ended = _ends_month(months)
    year, month = divmod(round(months) - 1 if ended else int(months), 12)
    words = (f"{year}年{month + 1}月", f"{_MONTHS[month]} {year}")
    if ended:
        words = (f"{year}年末", f"end of {year}") if month == 11 else (f"{words[0]}末", f"end of {words[1]}")
    return pick(words, lang)


def dates(low: Decimal | None, high: Decimal | None, lang: str) -> str:
    """An interval of dates by its ends; one as narrow as two decimals of a year is a single date."""
    if low is None:
        assert high is not None
        return date(high, lang) + pick(("或更早", " or earlier"), lang)
    if high is None:
        return date(low, lang) + pick(("或更晚", " or later"), lang)
    if high - low <= _INSTANT:
        return date(high if _ends_month(high * 12) else low, lang)
    return pick(("～", " to "), lang).join(dict.fromkeys((date(low, lang), date(high, lang))))


def rank(value: Decimal, lang: str) -> str:
    """A place in an order: 第3位, 3rd."""
    place = int(value)
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return pick((f"第{place}位", f"{place}{ending}"), lang)


def ranks(low: Decimal | None, high: Decimal | None, lang: str) -> str:
    """Places in an order, the first being the highest; of a half-line in which direction."""
    if low is None:
        assert high is not None
        return pick((f"前{int(high)}位", f"{rank(high, lang)} or higher"), lang)
    if high is None:
        return rank(low, lang) + pick(("或更靠后", " or lower"), lang)
    return pick(("～", "–"), lang).join(dict.fromkeys((rank(low, lang), rank(high, lang))))


def _ends_month(months: Decimal) -> bool:
    """Whether a number of months falls on the end of one."""
    return abs(months - round(months)) < _BESIDE
