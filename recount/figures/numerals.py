"""A printed figure, Chinese or English, taken apart: value, unit, hedge and precision.

`parse` says what is printed; `Readings.bounds` says what that may mean. Arithmetic is decimal.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from recount.figures import english
from recount.figures.digits import (
    HAN_DIGITS,
    HAN_SCALES,
    NUMBER,
    SCALE,
    Number,
    NumeralError,
    amount,
    arabic,
    share,
    whole_number,
    word_list,
)
from recount.figures.hedges import Hedges, Vocabulary
from recount.figures.readings import Bounds, Figure, Readings, default_readings
from recount.figures.units import COUNT, ONE

__all__ = ["Bounds", "Figure", "NumeralError", "Readings", "default_readings", "parse", "to_json"]

HALF = Decimal("0.5")
# What is counted, after its classifier; no number, no measure and no hedge begins or ends such a noun.
_NOUN = re.compile(r"(?![一二两三四五六七八九十百千万亿几多余来月年天日周])[\u4e00-\u9fff]{1,8}")
_NO_NOUN = re.compile(r"^之|百分|基点|工作日|小时|星期|[零一二三四五六七八九十百千万亿]{2}|[余多]$")

# Words that leave a figure as it is; the reaching ones join a hedge that follows it: 高达…以上.
_REACHING = word_list("高达 多达 达到 已达 达")
_BEFORE = word_list(
    "累计 共计 合计 总计 共 平均 年均 户均 人均 仅 只有 为 已 有 了 连续 未来 过去 最近 截至 截止 自"
)
_AFTER = word_list("以来 来 不等 之间 间 合一")

#: Full-width forms, the minus sign and the ideographic space, as in ASCII: each one character for one.
ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-", 0x3000: " "}
_START = re.compile(rf"(?P<sign>[-负])?(?:(?P<half>一半|半数|半)|(?P<num>{NUMBER}))")
_TENTHS = re.compile(r"(?P<low>[一二两三四五六七八九\d])成(?P<num>[一二三四五六七八九半\d])(?P<tail>.*)")
_RANGE = re.compile(
    rf"(?P<low>{NUMBER})(?P<unit>[^\d\-~–—至到]{{0,4}})[\-~–—至到](?P<num>{NUMBER})(?P<tail>.*)"
)
_PAIR = re.compile(
    rf"(?P<low>[一二两三四五六七八])(?P<num>[二三四五六七八九]|(?<=一)两(?![余多以左上有]|$))"
    rf"(?P<scale>[十百千]?(?:{SCALE})?)(?P<tail>.*)"
)
# As a digit 两 begins a number or stands before 百, 千, 万 or 亿; at the end of one it is a weight.
_LIANG = re.compile(r"(?<=.)两$")
# 1又3/5 and 一又五分之三 are mixed numbers; so is 1 3/5, which has 又 in place of its space by then.
_FRACTION = re.compile(
    rf"(?:(?P<full>{NUMBER})又)?"
    rf"(?:(?P<den>{NUMBER})分之(?P<num>{NUMBER})|(?P<up>\d+)/(?P<down>\d+))(?P<tail>.*)"
)
_MIXED = re.compile(r"(?<=\d)\s+(?=\d+\s*/\s*\d)")
_LONGEST = 120  # characters of a printed figure
_RANK = re.compile(rf"(?:全国|全省|全市|全球|世界)?(?:第(?P<num>{NUMBER})(?P<word>名|位|大)?|首位|首名|榜首)")
_DATE = re.compile(
    r"(?P<year>\d{4}|[零〇一二三四五六七八九]{4})年"
    r"(?:(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月(?:(?P<day>\d{1,2})日)?)?"
    r"(?P<edge>年?[初末底])?(?:以来|起)?"
)


def parse(text: str, readings: Readings | None = None) -> Figure:
    """What a printed figure such as 超1300万人, 5~8天 or `more than 40%` says.

    The hedge words are those of `readings`, by default the dataset's. Raises NumeralError that
    names the text, what was found and what was expected.
    """
    return _parsed(text, default_readings() if readings is None else readings)


@lru_cache(maxsize=16384)  # an audit reads the same figures, and their slips, many times over
def _parsed(text: str, table: Readings) -> Figure:
    printed = text.strip()
    plain = printed.translate(ASCII)
    if not plain:
        raise NumeralError(text, "nothing", "a printed figure")
    if len(plain) > _LONGEST:
        raise NumeralError(text, f"a text of {len(plain)} characters", f"a figure of at most {_LONGEST}")
    if english.is_english(plain):
        return english.parse(printed, plain, table)
    return _Chinese(printed, re.sub(r"\s", "", _MIXED.sub("又", plain)), table).figure()


def to_json(figure: Figure, bounds: Bounds) -> dict[str, object]:
    """The record of a parsed figure: numbers as int where whole, null for an unbounded end."""
    return {
        "printed": figure.printed,
        "value": _json_number(figure.value),
        "unit": figure.unit,
        "hedge": figure.hedge,
        "lower": _json_number(bounds.lower),
        "upper": _json_number(bounds.upper),
        "lower_open": bounds.lower_open,
        "upper_open": bounds.upper_open,
    }


def _json_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


@lru_cache(maxsize=8)
def _every(classifiers: tuple[str, ...]) -> re.Pattern[str]:
    """One in so many, each with its classifier: 每3家企业中有1家."""
    word = "|".join(sorted(classifiers, key=len, reverse=True))
    return re.compile(rf"每(?P<den>{NUMBER})(?P<word>{word})(?P<between>.*?)(?P<num>{NUMBER})(?P=word)")


@lru_cache(maxsize=8)
def _vocabulary(readings: Readings) -> Vocabulary:
    return Vocabulary.of(readings, "zh", _BEFORE, _AFTER, _REACHING)


class _Chinese:
    """One Chinese (or wordless) figure being taken apart; `text` has no white space."""

    def __init__(self, printed: str, text: str, readings: Readings) -> None:
        self.printed = printed
        self.text = text
        self.hedges = Hedges(printed, _vocabulary(readings))
        self.units = readings.units
        self.lexicon = self.units.lexicon("zh")

    def figure(self) -> Figure:
        """The whole figure: the special forms first, then hedge, number, unit, hedge."""
        if match := _every(self.lexicon.counted).fullmatch(self.text):
            return self._every(match)
        if re.search(r"最.+之一$", self.text):
            self.hedges.strip_after("之一")
            return self._of(whole_number(1), "rank", "")
        text = self.hedges.strip_before(self.text)
        if match := _DATE.fullmatch(text):
            return self._date(match)
        if re.fullmatch(r"\d{1,2}月(?:\d{1,2}日|[初末底])?", text):
            raise NumeralError(self.printed, "a date without a year", "a year before the month")
        if match := _RANK.fullmatch(text):
            number = amount(match["num"]) if match["num"] else whole_number(1)
            return self._of(number, "rank", match["word"] or "")
        text = re.sub(r"个([多余])(月|百分点|小时|工作日|星期)", r"\1个\2", text)
        for pattern, read in (
            (_FRACTION, self._fraction),
            (_RANGE, self._range),
            (_PAIR, self._pair),
            (_TENTHS, self._tenths),
        ):
            if (match := pattern.fullmatch(text)) and (figure := read(match)):
                return figure
        if figure := self._quantity(text):
            return figure
        raise self._no_number(text)

    def _of(self, number: Number, unit: str, word: str) -> Figure:
        hedge, sense = self.hedges.printed(), self.hedges.sense()
        return Figure.of(self.printed, number, unit, word, hedge, sense, self.units)

    def _every(self, match: re.Match[str]) -> Figure:
        """每3家…至少一家 is one in three; only the words just before the second number hedge it."""
        between = re.sub(r"(?:中|里)?就?有$", "", match["between"])
        for word in self.hedges.vocabulary.before:
            if between.endswith(word):
                self.hedges.strip_before(word)
                break
        return self._share(match["num"], match["den"], match["word"])

    def _share(self, part: str, whole: str, word: str, full: str = "") -> Figure:
        before = amount(full).value if full else 0
        number = share(self.printed, amount(part).value, amount(whole).value, before)
        return self._of(number, "ratio", word)

    def _date(self, match: re.Match[str]) -> Figure:
        """A date as a decimal year: 2024年2月 is the twelfth that begins at 2024 + 1/12."""
        if self.hedges.printed():
            raise NumeralError(self.printed, f"a date and {self.hedges.printed()!r}", "a plain date")
        year = Decimal(int(amount(match["year"]).value))
        month, day = int(amount(match["month"] or "1").value), int(match["day"] or 1)
        if not (1 <= month <= 12 and 1 <= day <= 31):
            raise NumeralError(self.printed, "no such month or day", "a date")
        twelfth, length = ONE / 12, ONE
        start = year + (month - 1) * twelfth
        if match["month"]:
            length = twelfth
        if match["day"]:
            start, length = start + (day - 1) * twelfth / 31, twelfth / 31
        if edge := match["edge"]:
            start = start if edge.endswith("初") else start + length
            length = Decimal(0)
        return Figure(self.printed, start, "date", "年", "", "exact", length, length)

    def _fraction(self, match: re.Match[str]) -> Figure:
        self._after(match["tail"], "the fraction")
        if match["den"] in ("百", "千", "万") and not match["full"]:
            rate = ONE / amount(match["den"]).value
            return self._of(amount(match["num"]).times(rate), "ratio", "分之")
        if match["den"]:
            return self._share(match["num"], match["den"], "分之", match["full"])
        return self._share(match["up"], match["down"], "", match["full"])

    def _after(self, tail: str, what: str) -> None:
        if rest := self.hedges.strip_after(tail):
            raise NumeralError(
                self.printed,
                f"{rest!r} after {what}",
                self.hedges.expected("after"),
            )

    def _range(self, match: re.Match[str]) -> Figure:
        word, unit, scale = self._unit(match["tail"])
        if match["unit"] not in ("", word):
            raise NumeralError(self.printed, f"ends in {match['unit']!r} and {word!r}", "one unit")
        low, high, shared = match["low"], amount(match["num"]), _scale_word(match["num"])
        start = amount(low)
        if shared and not start.scaled and not match["unit"]:
            bare = amount(match["num"].removesuffix(shared) or "一")
            if start.value < bare.value:
                start = amount(low + shared)
        return self._between(start.times(scale), high.times(scale), unit, shared + word)

    def _pair(self, match: re.Match[str]) -> Figure | None:
        """Two neighbouring digits, 七八成 or 三五家, are a range."""
        low, high = HAN_DIGITS[match["low"]], HAN_DIGITS[match["num"]]
        if high - low != 1 and (low, high) != (3, 5):
            return None
        word, unit, scale = self._unit(match["tail"])
        ends = [amount(match[key] + match["scale"]).times(scale) for key in ("low", "num")]
        return self._between(ends[0], ends[1], unit, word)

    def _between(self, low: Number, high: Number, unit: str, word: str) -> Figure:
        if self.hedges.printed():
            raise NumeralError(self.printed, f"a range and {self.hedges.printed()!r}", "one of them")
        if unit == "year" and high.value >= 1000:
            raise NumeralError(self.printed, "a span of dates", "one date, or a number of years")
        return Figure.between(self.printed, low, high, unit, word, self.units)

    def _quantity(self, text: str) -> Figure | None:
        match = _START.match(text)
        if match is None:
            return None
        half, digits = match["half"], match["num"]
        if digits and (weight := _LIANG.search(digits)):
            digits = digits[: weight.start()]
        number = Number(HALF, HALF, HALF) if half else amount(digits)
        rest = text[match.start("half") + len(half) if half else match.start("num") + len(digits) :]
        scale = "" if half else _scale_word(digits)
        for inside in self.hedges.vocabulary.inside:
            if rest.startswith(inside):
                self.hedges.back.append(inside)
                rest = rest[len(inside) :]
                if late := re.match(SCALE, rest):  # 1300多万: 多 is in hundreds of 万
                    scale += late.group()
                    rest = rest[late.end() :]
                    number = number.times(HAN_SCALES[late.group()], scaled=True)
                break
        word, unit, factor = self._unit(rest)
        if half and not word:
            unit = "ratio"
        if not self.hedges.printed():
            number = number.unhedged()
        number = number.times(-factor if match["sign"] else factor)
        if unit in ("year", "month") and number.place == 1 and self.hedges.front[-1:] == ["近"]:
            self.hedges.front.pop()  # 近3年 is the last three years
        return self._of(number, unit, scale + word)

    def _tenths(self, match: re.Match[str]) -> Figure:
        """三成五 is 35%."""
        last = "五" if match["num"] == "半" else match["num"]
        digits = [str(amount(char).value) for char in (match["low"], last)]
        self._after(match["tail"], "成")
        return self._of(arabic("".join(digits)).times(Decimal("0.01")), "ratio", "成")

    def _unit(self, tail: str) -> tuple[str, str, Decimal]:
        """The unit word at the start of `tail`, its unit and scale; hedges after it are kept."""
        taken, words = list(self.hedges.back), self.lexicon.words
        for word in (*self.lexicon.starting.get(tail[:1], ()), ""):
            if tail.startswith(word) and not self.hedges.strip_after(tail[len(word) :]):
                return (word, *words[word])
            self.hedges.back = list(taken)
        if noun := self._counted(tail):
            return noun, COUNT, ONE
        known = next((word for word in self.lexicon.starting.get(tail[:1], ()) if tail.startswith(word)), "")
        if known:
            self._after(tail[len(known) :], known)
        raise NumeralError(self.printed, f"the unit {tail!r}", "a unit: " + " ".join(filter(None, words)))

    def _counted(self, tail: str) -> str:
        """The classifier and the noun that `tail` begins with, else ''; hedges after them are kept."""
        word = next((w for w in self.lexicon.starting.get(tail[:1], ()) if tail.startswith(w)), "")
        if not word or self.lexicon.words[word][0] != COUNT:
            return ""
        taken, noun = list(self.hedges.back), _NOUN.match(tail, len(word))
        for end in range(len(word) + 1, noun.end() + 1 if noun else 0):
            if not self.hedges.strip_after(tail[end:]) and not _NO_NOUN.search(tail[len(word) : end]):
                return tail[:end]
            self.hedges.back = list(taken)
        return ""

    def _no_number(self, text: str) -> NumeralError:
        start = _START.search(text)
        if start is None:
            return NumeralError(self.printed, f"no number in {text!r}", "digits or 一二三 …")
        return NumeralError(
            self.printed,
            f"{text[: start.start()]!r} before the number",
            self.hedges.expected("before"),
        )


def _scale_word(number: str) -> str:
    """The 万, 亿 or 万亿 that ends a printed number, with 千 or 百 after Arabic digits."""
    match = re.search(rf"(?:(?<=\d)[十百千])?(?:{SCALE})$|(?<=\d)[十百千]$", number)
    return match.group() if match else ""
