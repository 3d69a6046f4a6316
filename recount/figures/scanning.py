"""Find every numeric expression of a report, and check the register of them against it.

A text is cut into stretches of one language; those in English have the rules of
`recount.figures.english_scanning`. What counts as a numeric expression in Chinese, in the order the rules
are tried at each place:

1.  A quoted term of at most five characters with a Chinese numeral in it is a name or a slogan,
    one expression as a whole: the numeral cannot be taken out of it.
2.  最…之一, and 之一 alone: a rank among several.
3.  A date: year, month and day as far as printed, with 初, 末, 底, 以来.
4.  An ordinal: 第 and a number with what it orders; 首位, 榜首; 下一步 and its like; N中全会.
5.  A fraction; 半 counts in 一半, 半数, 过半 and 近半 only. A parallel phrase: numerals that
    alternate with one or two other characters.
6.  A list marker: 一是 after a stop, 一、 and （一） at the start of a sentence.
7.  A vague run of years: 多年, 数年, 几年, with 连续. Other vague plurals (多项, 多家) hold no
    numeral and do not count.
8.  每N家; a span such as 近3年, 连续3年, 未来五年: the word belongs to it and is no hedge.
9.  A quantity: number, 余 or 多, 万 or 亿, unit, and one word after it such as 以上.
    Hedges before the number (超过, 近, 约) are not part of the expression; what is counted is
    not either, only its classifier: 三大, 六部门, 一项.
10. Any other Chinese numeral with the one character that follows it (and 式): a name; so is a
    bare 百, 千 or 万 before another character, and a run such as 百亿.

`NOT_NUMBERS` lists the words in which a numeral is no number; they are masked before all else.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

import pandas as pd

from recount.figures import english_scanning
from recount.figures.digits import NUMBER, SCALE, word_list
from recount.figures.stretches import stretches, strip_space
from recount.figures.units import MEASURES, default_units

#: Words in which a numeral is no number: adverbs, pronouns and connectives, then place names.
NOT_NUMBERS = word_list(
    "进一步 一直 统一 一定 一体 一样 一些 一般 一致 一起 一旦 一律 一向 一味 一度 一再 一时 一切 "
    "一经 一举 一贯 一流 一同 一并 一系列 一方面 唯一 单一 同一 合一 逐一 不一 划一 归一 专一 "
    "这一 那一 某一 另一 一线 一手 十足 万能 万物 百姓 百货 千方百计 三明治 二维码 两岸 亿万 "
    "四川 三亚 三明 三沙 三峡 三门峡 九江 百色 十堰 六安 六盘水 七台河 四平 五指山 百度 万科 万达"
)
# 十分 is "very" unless a fraction follows; 万一 is "in case" unless a number stands before it.
_MASKED = re.compile(
    "|".join(sorted(NOT_NUMBERS, key=len, reverse=True))
    + r"|十分(?!之)|(?<![\d零一二两三四五六七八九十百千])万一"
)

_DIGIT = "零〇一二两三四五六七八九十"
_NUMERAL = _DIGIT + "百千万亿"
_HAN = r"\u4e00-\u9fff"
# A scan should not cut off the measures that `parse` has no unit for.
_UNIT_WORDS = [re.escape(word) for word in (*default_units().lexicon("zh").words, *MEASURES["zh"]) if word]
_UNIT = "|".join(sorted(_UNIT_WORDS, key=len, reverse=True))
_SUFFIX = "及?以上|及?以下|以内|之内|以外|左右|上下|以来|有余|出头|[多余来]"
_YEARS = "年|个月|周|天|个季度"
_SMALL = f"[{_DIGIT}]{{1,3}}"
_STOP = r"(?:^|(?<=[。；：，！？]))"

_RULES = {
    "quoted": rf"(?<=“)(?=[^”]{{0,4}}[{_NUMERAL}])[{_HAN}]{{1,5}}(?=”)",
    "one_of": rf"最[{_HAN}]{{1,8}}?之一|之一",
    "date": rf"(?:\d{{4}}|[零〇一二三四五六七八九]{{4}})年(?:(?:\d{{1,2}}|{_SMALL})月"
    rf"(?:(?:\d{{1,2}}|{_SMALL})[日号])?)?(?:年?[初末底])?(?:以来|起)?"
    rf"|(?:\d{{1,2}}|{_SMALL})月(?:(?:\d{{1,2}}|{_SMALL})[日号]|[初末底])",
    "ordinal": rf"第(?:{NUMBER})(?:季度|产业|[名位大方届次批期轮年个])?|首位|首名|榜首"
    rf"|[下上]一(?:步|年|季度|个月|月|轮|届|阶段|期|次|代)|{_SMALL}中全会",
    "fraction": rf"(?:{NUMBER})分之(?:{NUMBER})(?:{_SUFFIX})?|\d+/\d+(?:{_SUFFIX})?"
    rf"|一半(?:{_SUFFIX})?|半数(?:{_SUFFIX})?|(?<=[过近])半",
    "parallel": rf"(?:[{_NUMERAL}][^\W\d_{_NUMERAL}]{{1,2}})+[{_NUMERAL}]"
    rf"(?:[^\W\d_{_NUMERAL}]{{2}}(?![{_HAN}])|[^\W\d_{_NUMERAL}])",
    "marker": rf"{_STOP}{_SMALL}(?:是|(?=、))|(?<=（){_SMALL}(?=）)",
    "vague": r"(?:连续|长达|历时)?[多数几]年",
    "every": rf"每(?:{NUMBER})(?:{_UNIT})",
    "span": rf"(?:近|连续|未来|过去|最近|今后)(?:{NUMBER})[多余]?(?:{_YEARS})(?:来|以来)?",
    "quantity": rf"(?:(?<![A-Za-z0-9])[-−])?(?=\d)(?:{NUMBER})"
    rf"(?:[^\W\d_]{{0,3}}[~～–—至-](?=\d)(?:{NUMBER}))?"
    rf"[余多几来]?(?:{SCALE})?(?:{_UNIT})?(?:{_SUFFIX})?"
    rf"|[数几]?(?=[{_DIGIT}]|[数几][百千万亿]|[百千万亿](?:家|个|户|人|名))"
    rf"(?:{NUMBER})(?:[至到](?:{NUMBER}))?[余多几来]?(?:{SCALE})?(?:{_UNIT})(?:{_SUFFIX})?"
    rf"|(?<=[超近约达破])[百千万亿]+(?:{_UNIT})(?:{_SUFFIX})?",
    "name": rf"[{_DIGIT}][{_NUMERAL}]*(?:余|多)?(?:[{_HAN}]式?)?"
    rf"|[百千万亿]{{2,}}(?:{_UNIT})?|[百千万](?![分元克瓦])[{_HAN}]",
}
# The space of a mixed number.
_MIXED = re.compile(r"(?<=\d)\s+(?=\d+/\d)")
_EXPRESSION = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in _RULES.items()))


@dataclass(frozen=True)
class Found:
    """A numeric expression: its offset in the text without white space, and the rule met."""

    offset: int
    printed: str
    rule: str


def scan(text: str) -> list[Found]:
    """Every numeric expression of `text`, Chinese or English, in order."""
    expressions: list[Found] = []
    for stretch in stretches(text):
        find = english_scanning.find if stretch.lang == "en" else _find
        expressions += [Found(stretch.offset + at, printed, rule) for at, printed, rule in find(stretch.text)]
    return expressions


def _find(text: str) -> list[tuple[int, str, str]]:
    """The expressions of a Chinese text: offset without white space, as printed, rule."""
    masked = _MASKED.sub(lambda match: "\ufffc" * len(match.group()), strip_space(text))
    gaps = [len(strip_space(text[: gap.start()])) for gap in _MIXED.finditer(text)]
    return [
        (match.start(), _spaced(match, gaps), match.lastgroup or "") for match in _EXPRESSION.finditer(masked)
    ]


def _spaced(match: re.Match[str], gaps: list[int]) -> str:
    """The expression, with the one space that says something: 1 3/5 is not 13/5."""
    printed = match.group()
    gap = next((at - match.start() for at in gaps if match.start() < at < match.end()), 0)
    return f"{printed[:gap]} {printed[gap:]}" if gap and "/" in printed else printed


@dataclass(frozen=True)
class Absent:
    """A registered expression that the text does not print at its offset.

    `moved` is how many characters further on it stands, with those after it; 0 if it is not there.
    """

    offset: int
    printed: str
    text: str  # what the text has instead
    context: str  # at most 12 characters around the place
    moved: int = 0

    def __str__(self) -> str:
        line = f"offset {self.offset}: registered {self.printed!r}, the text has {self.text!r}"
        if self.moved:
            way = "later" if self.moved > 0 else "earlier"
            line += f"; from here on it stands {abs(self.moved)} characters {way}"
        return f"{line} (near {self.context})"


@dataclass(frozen=True)
class Coverage:
    """How the expressions found in a text and those registered match."""

    expressions: list[Found]
    registered: list[tuple[int, str]]  # offset, printed
    missing: list[Found]  # in the text, not registered
    absent: list[Absent]  # registered, not in the text at that offset

    @property
    def ok(self) -> bool:
        """Whether every expression is registered at its offset, and nothing else is."""
        return not (self.missing or self.absent)

    @property
    def summary(self) -> str:
        """How many expressions match, in order: 158 of 158."""
        moved = sum(bool(entry.moved) for entry in self.absent)
        matched = len(self.registered) - len(self.absent) + moved
        total = max(len(self.expressions), len(self.registered))
        displaced = f", displaced in {moved} places" if moved else ""
        return f"{matched} of {total}{displaced}"

    def problems(self) -> list[str]:
        """One line for each place that does not match, in the order of the text."""
        lines = [(entry.offset, str(entry)) for entry in self.absent] + [
            (entry.offset, f"offset {entry.offset}: {entry.printed!r} is not registered")
            for entry in self.missing
        ]
        return [line for _, line in sorted(lines)]


def coverage(text: str, registered: pd.DataFrame) -> Coverage:
    """Compare the numeric expressions of `text` with a register (columns offset, printed).

    Expressions are aligned in order, so that one changed, added or deleted figure is named alone,
    and the change of offsets that follows it is told once.
    """
    stripped, expressions = strip_space(text), scan(text)
    table = registered.sort_values("offset")
    register = [
        (int(offset), str(printed)) for offset, printed in zip(table["offset"], table["printed"], strict=True)
    ]
    missing: list[Found] = []
    absent: list[Absent] = []
    by = 0
    aligned = difflib.SequenceMatcher(
        None, [printed for _, printed in register], [entry.printed for entry in expressions], False
    )
    for tag, first, last, start, stop in aligned.get_opcodes():
        if tag == "equal":
            by = _displaced(register[first:last], expressions[start:stop], by, stripped, absent)
            continue
        there = {entry.offset: entry for entry in expressions[start:stop]}
        for offset, printed in register[first:last]:
            entry = there.pop(offset + by, None)
            absent.append(_absent(stripped, offset, printed, offset + by, entry))
        missing += there.values()
    return Coverage(expressions, register, missing, absent)


def _displaced(
    register: list[tuple[int, str]], expressions: list[Found], by: int, text: str, absent: list[Absent]
) -> int:
    """Note in `absent` where equal expressions begin to stand elsewhere; the last displacement."""
    for (offset, printed), entry in zip(register, expressions, strict=True):
        if entry.offset - offset != by:
            by = entry.offset - offset
            if by:
                absent.append(replace(_absent(text, offset, printed, offset), moved=by))
    return by


def _absent(text: str, offset: int, printed: str, place: int, entry: Found | None = None) -> Absent:
    """What the text has at `place`: the expression found there, or just its characters."""
    has = entry.printed if entry else text[place : place + len(strip_space(printed))]
    return Absent(offset, printed, has, text[max(place - 4, 0) : max(place - 4, 0) + 12])
