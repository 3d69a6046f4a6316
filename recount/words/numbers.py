"""Numbers and intervals with their units, in both languages.

House form of an interval: `9.55万亿～9.65万亿元` (the numeral unit repeated, as GB/T 15835 asks)
and `9.55–9.65 trillion yuan`; an open end is said in words (超过40%, more than 40%). `bracket`
gives the mathematical form, for the places where the ends' closedness matters. Ends are rounded
outward at the digits shown, so that no stated bound leaves out a possible value.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from recount.figures.units import Scale
from recount.figures.units import known as known_unit
from recount.words.places import date, dates, rank, ranks
from recount.words.vocabulary import known, pick

MINUS = "\u2212"

Number = float | int | Decimal

_ENDS = {
    "above": ("超过", "more than "),
    "at_least": ("至少", "at least "),
    "below": ("不到", "less than "),
    "at_most": ("至多", "at most "),
    "any": ("不受限", "not limited"),
}
_NOTHING = Decimal("1e-300")  # less than this is what outward rounding leaves of nought
_SHORTEST, _ROUNDED = 6, 4  # significant digits: a figure given short; one that was computed
# what binary arithmetic leaves beside a short decimal: digits that are read, and a part of its size
_READ, _DUST = Context(prec=14), Decimal("9e-13")
_NEAREST, _DOWN, _UP = ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING
_DIRECTIONS = {"nearest": _NEAREST, "down": _DOWN, "up": _UP}


def number(value: Number, unit: str, lang: str, digits: int | None = None, direction: str = "nearest") -> str:
    """One number with its unit.

    `digits` counts significant digits. Without it a number of up to six is given in full, a longer
    one (that was computed) with four, and no digit before the decimal point is rounded away.
    `direction` says how: `nearest`, or `down` for what is called a lower bound and `up` for an upper
    one, so that the words bound it too.
    """
    exact = _decimal(value)
    if unit == "rank":
        return rank(exact, lang)
    if unit == "date":
        return date(exact, lang)
    text, suffix = _single(exact, unit, lang, known(direction, _DIRECTIONS, "direction"), digits)
    return _join(text, suffix)


def points(value: Number, lang: str, digits: int | None = None) -> str:
    """A difference of two percentages: 0.124 -> 12.4个百分点 / 12.4 percentage points."""
    return number(value, "points", lang, digits)


def interval(
    lower: Number | None,
    upper: Number | None,
    unit: str,
    lang: str,
    lower_open: bool = False,
    upper_open: bool = False,
) -> str:
    """An interval in words, with as many digits as its width deserves, its ends rounded outward.

    An end that is None, NaN or infinite is unbounded. Whether a bounded interval holds its own
    ends is left to `bracket`; of a half-line it decides between 超过 and 至少, more than and at
    least. ValueError when the ends are the wrong way round.
    """
    low, high = _end(lower), _end(upper)
    if low is None and high is None:
        return pick(_ENDS["any"], lang)
    if unit in ("rank", "date"):
        if low is not None and high is not None:
            _same(low, high)  # the right way round
        return (ranks if unit == "rank" else dates)(low, high, lang)
    if high is None:
        assert low is not None
        word = _ENDS["above" if lower_open else "at_least"]
        return pick(word, lang) + number(low, unit, lang, direction="down")
    if low is None:
        word = _ENDS["below" if upper_open else "at_most"]
        return pick(word, lang) + number(high, unit, lang, direction="up")
    if _same(low, high):
        return number((low + high) / 2, unit, lang)
    low, high = (Decimal(0) if abs(end) <= _DUST * max(abs(low), abs(high)) else end for end in (low, high))
    (first, before), (last, suffix) = _pair(low, high, unit, lang)
    if lang == "en":
        dash = " to " if low < 0 or before != suffix else "–"
        return f"{first}{before if before != suffix else ''}{dash}{_join(last, suffix)}"
    base = scales_of(unit, lang)[-1][1]
    repeated = "" if first == "0" else before.removesuffix(base) if base.isalpha() else before
    return f"{_join(first, repeated)}～{_join(last, suffix)}"


def bracket(
    lower: Number | None,
    upper: Number | None,
    unit: str,
    lang: str,
    lower_open: bool = False,
    upper_open: bool = False,
) -> str:
    """An interval with brackets that say which ends belong to it: `[9.55, 9.65) 万亿元`.

    Its ends are rounded outward.
    """
    low, high = _end(lower), _end(upper)
    left = "(" if low is None or lower_open else "["
    right = ")" if high is None or upper_open else "]"
    shown = [end for end in (low, high) if end is not None]
    if not shown:
        return f"({MINUS}∞, ∞)"
    size, suffix = _scale(max(shown, key=abs), unit, lang)
    if len(shown) == 2 and not _same(shown[0], shown[1]):
        texts = _both([end / size for end in shown])
    else:
        way = _NEAREST if len(shown) == 2 else _UP if low is None else _DOWN
        texts = [_digits(end / size, _decimals(end / size, None), way) for end in shown]
    first = f"{MINUS}∞" if low is None else texts[0]
    last = "∞" if high is None else texts[-1]
    return f"{left}{first}, {last}{right} {suffix.strip()}".rstrip()


def _decimal(value: Number) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not exact.is_finite():
        raise ValueError(f"number {value!r}: expected a finite value; word an interval instead")
    return _READ.plus(exact) if abs(exact) > _NOTHING else Decimal(0)


def _end(value: Number | None) -> Decimal | None:
    if value is None or not math.isfinite(value):
        return None
    return _decimal(value)


def _same(low: Decimal, high: Decimal) -> bool:
    """Whether two ends differ by no more than the engine's outward rounding."""
    if low > high + abs(high) * Decimal("1e-9"):
        raise ValueError(f"interval from {low} to {high}: its lower end lies above its upper end")
    return abs(high - low) <= max(abs(low), abs(high)) * Decimal("1e-9")


def _scale(value: Decimal, unit: str, lang: str, way: str = _NEAREST) -> tuple[Decimal, str]:
    scales = scales_of(unit, lang)
    short = unit == "count" and lang == "zh" and abs(value) < 10**5 and value % 100 != 0
    # 999.99995 million is 1 billion once it is rounded for print, unless towards nought
    slack = _DUST if way == (_DOWN if value > 0 else _UP) else Decimal("5e-7")
    for size, suffix in scales:
        if abs(value) >= size * (1 - slack) and not (short and size > 1):
            return Decimal(size), suffix
    return Decimal(scales[-1][0]), scales[-1][1]


def scales_of(unit: str, lang: str) -> Scale:
    """The sizes a unit is counted in, largest first, each with the words that follow it.

    ValueError for a unit that is worded otherwise, as dates are.
    """
    scales = known_unit(unit).scales
    sizes = pick((scales["zh"], scales["en"]), lang)
    if not sizes:
        raise ValueError(f"unit {unit!r}: found no scales in units.csv; expected a unit that has some")
    return sizes


def _decimals(scaled: Decimal, digits: int | None) -> int:
    """Decimal places for one number in display units."""
    leading = scaled.adjusted() if scaled else 0
    if digits is not None:
        return digits - 1 - leading
    plain = scaled.normalize().as_tuple()
    if len(plain.digits) <= _SHORTEST:
        return max(-int(plain.exponent), 0)
    return max(_ROUNDED - 1 - leading, 0)


def _places(ends: list[Decimal]) -> list[int]:
    """Decimal places for both ends of an interval in display units.

    An end is shown to a fifth of the width or finer, and to three digits at least; one place more
    where that states both ends exactly, so that 127.25 to 128.35 is not rounded for nothing.
    """
    width = ends[1] - ends[0]
    base = max(-(width / 5).adjusted(), 0)
    finer = Decimal(1).scaleb(-base - 1)
    if all(abs(end - end.quantize(finer)) <= width * Decimal("1e-6") for end in ends):
        base += 1
    return [max(base, 2 - (end.adjusted() if end else 0)) for end in ends]


def _both(ends: list[Decimal]) -> list[str]:
    """Both ends as text, outward, with trailing zeros kept only where the other end needs the place."""
    places, largest = _places(ends), max(map(abs, ends))
    sides = list(zip(ends, places, (_DOWN, _UP), strict=True))
    texts = [_digits(end, count, way, of=largest) for end, count, way in sides]
    if places[0] != places[1]:
        return texts
    needed = max(len(text.partition(".")[2]) for text in texts)
    return [
        text if text == "0" else _digits(end, needed, way, keep=True, of=largest)
        for (end, _, way), text in zip(sides, texts, strict=True)
    ]


def _digits(
    scaled: Decimal, places: int, way: str = _NEAREST, keep: bool = False, of: Decimal | None = None
) -> str:
    """A number in display units as text; what lies by no more than dust beside a place is on it.

    `of` is the size that the dust is a part of (default: the number's own).
    """
    place = Decimal(1).scaleb(-places)
    rounded = scaled.quantize(place, rounding=ROUND_HALF_UP)
    if abs(rounded - scaled) > _DUST * abs(scaled if of is None else of):
        rounded = scaled.quantize(place, rounding=way)
    text = f"{rounded:,.{max(places, 0)}f}"
    if "." in text and not keep:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS) if rounded else text.lstrip("-")


def _join(text: str, suffix: str) -> str:
    if suffix.startswith(("万", "亿")):  # 1286亿元, but 20,463 and 4,673.05 million
        text = text.replace(",", "")
    singular = text.lstrip(MINUS) == "1" and suffix.startswith(" ") and suffix.endswith("s")
    return text + (suffix[:-1] if singular else suffix)


def _pair(low: Decimal, high: Decimal, unit: str, lang: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Both ends as (number, suffix), in one scale unless they lie more than tenfold apart."""
    size, suffix = _scale(max(low, high, key=abs), unit, lang)
    small = min(abs(low), abs(high))
    if small and small * 10 < size:
        return _single(low, unit, lang, _DOWN), _single(high, unit, lang, _UP)
    texts = _both([low / size, high / size])
    return (texts[0], suffix), (texts[1], suffix)


def _single(value: Decimal, unit: str, lang: str, way: str, digits: int | None = None) -> tuple[str, str]:
    size, suffix = _scale(value, unit, lang, way)
    scaled = value / size
    return _digits(scaled, _decimals(scaled, digits), way, keep=digits is not None), suffix
