"""Words of an edition: verdicts with their marks, kinds of support, slips, lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from recount.figures.readings import default_readings

LANGS = ("zh", "en")
T = TypeVar("T")


@dataclass(frozen=True)
class Verdict:
    """How one verdict is worded and marked.

    `marker` is a matplotlib marker, `glyph` the nearest character; `filled` says whether the marker
    is solid. Colours reach a contrast of 4.5 on the page in their mode, differ in lightness (so in
    greyscale too) and stay apart under the three kinds of colour blindness.
    """

    key: str
    zh: str
    en: str
    means_zh: str
    means_en: str
    marker: str
    glyph: str
    filled: bool
    light: str
    dark: str


VERDICTS: dict[str, Verdict] = {
    verdict.key: verdict
    for verdict in (
        Verdict(
            "confirmed", "证实", "confirmed",
            "复算区间落在报道区间之内", "the recomputed interval lies inside the printed one",
            "o", "●", True, "#024a33", "#6ee8b0",
        ),
        Verdict(
            "consistent", "相符", "consistent",
            "两个区间相交，复算区间两端有界",
            "the two intervals overlap, and the recomputed one is bounded on both sides",
            "D", "◆", True, "#0762ad", "#55b9ff",
        ),
        Verdict(
            "bounded", "仅有界", "bounded only",
            "其余数字只从一侧限定它", "the other numbers limit it from one side only",
            ">", "▶", True, "#966100", "#eebd44",
        ),
        Verdict(
            "contradicted", "矛盾", "contradicted",
            "没有任何取值能同时满足两者，所试的各种读法都是如此",
            "no value satisfies both, in any of the ways of reading that were tried",
            "X", "×", True, "#ae0220", "#ff7572",
        ),
        Verdict(
            "undecided", "未决", "undecided",
            "换一种读法或舍入规则，矛盾便不存在；或既未找出矛盾，也未能证明可以同时成立",
            "the conflict goes away under another reading of the words or the rounding, or neither a "
            "conflict nor a proof that all can hold was found",
            "D", "◇", False, "#5d0ac7", "#ab5ff7",
        ),
        Verdict(
            "unchecked", "无从复算", "unchecked",
            "没有其他数字与它相关", "nothing else in the evidence bears on it",
            "o", "○", False, "#70767e", "#8b9199",
        ),
    )
}  # fmt: skip

SUPPORT = {
    "report": ("报道内其他数字", "other numbers of the report"),
    "restatement": ("同一数字重述", "a restatement of the same number"),
    "list": ("报道自列清单", "a list the report itself gives"),
    "reference": ("外部资料", "outside sources"),
    "definition": ("定义与日期", "definitions and dates"),
}

SLIPS = {  # in the order of recount.audit.slips.KINDS
    "percent_or_point": ("百分比与百分点混用", "percent for percentage point, or the reverse"),
    "power_of_ten": ("小数点或位数错位", "a decimal point out of place"),
    "unit_word": (
        "数量单位误用、漏写或多写（如万、亿）",
        "the unit word wrong, left out or added (such as 万 for 亿)",
    ),
    "by_or_to": ("“增加了”与“增加到”混用", "an increase to for an increase by, or the reverse"),
    "sign": ("增减方向颠倒", "the sign reversed"),
    "basis": ("另一种口径", "another basis"),
    "period": ("所指期间不同", "a different period"),
    "territory": ("所指地域不同", "a different territory"),
    "assumption": ("不作此假设", "without the assumption"),
    "digits_swapped": ("相邻两位数字颠倒", "two neighbouring digits swapped"),
    "digit_changed": ("一位数字有误", "one digit changed"),
    "digit_doubled": ("多出一位重复数字", "one digit doubled"),
    "digit_dropped": ("漏掉一位数字", "one digit dropped"),
}

# Ways of reading, as keys of `Audit.readings`: one of each. A package's own rules go by their names.
READING_WORDS = {
    "literal": ("字面读法", "literal reading"),
    "customary": ("习惯读法", "customary reading"),
    "loose": ("放宽读法", "loose reading"),
}
ROUNDING_WORDS = {
    "half_up": ("四舍五入", "rounded half up"),
    "truncation": ("舍去尾数", "cut off"),
    "ceiling": ("进一", "rounded up"),
    "round_number": ("约整数", "a round number"),
    "adjusted": ("按合计调整", "adjusted to the total"),
}
_SPELLED = {
    "zh": tuple("零一两三四五六七八九十"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}

DEPENDENCE = {
    "none": ("各种读法一致", "same in every way of reading"),
    "rounding": ("随舍入规则而变", "depends on the rounding"),
    "reading": ("随约数词的读法而变", "depends on the hedge words"),
    "both": ("随两者而变", "depends on both"),
}


def pick(pair: tuple[T, T], lang: str) -> T:
    """The zh or the en half of a pair; ValueError for any other language."""
    if lang not in LANGS:
        raise ValueError(f"language {lang!r}: expected one of {', '.join(LANGS)}")
    return pair[LANGS.index(lang)]


def verdict_word(verdict: str, lang: str) -> str:
    """The edition's word for a verdict key."""
    entry = known(verdict, VERDICTS, "verdict")
    return pick((entry.zh, entry.en), lang)


def verdict_meaning(verdict: str, lang: str) -> str:
    """One clause that says when the verdict is given."""
    entry = known(verdict, VERDICTS, "verdict")
    return pick((entry.means_zh, entry.means_en), lang)


def support_words(kinds: str, lang: str) -> str:
    """Words for a `support_kind` of the ledger, such as `report+reference`; '' stays ''."""
    words = [pick(known(kind, SUPPORT, "support kind"), lang) for kind in kinds.split("+") if kind]
    return listing(words, lang)


def slip_words(kind: str, lang: str) -> str:
    """Words for one kind of slip."""
    return pick(known(kind, SLIPS, "slip"), lang)


def dependence(readings: Mapping[str, str]) -> str:
    """What a verdict depends on, of the ways of reading: a key of `DEPENDENCE`.

    `readings` maps each way, such as `literal half_up`, to the verdict under it.
    """
    if len(set(readings.values())) == 1:
        return "none"
    kept = [all(len(set(group)) == 1 for group in _groups(readings, place)) for place in (0, 1)]
    return "reading" if kept[0] else "rounding" if kept[1] else "both"


def _groups(readings: Mapping[str, str], place: int) -> list[list[str]]:
    """The verdicts of the ways that share a reading (`place` 0) or a rounding rule (1)."""
    names = dict.fromkeys(way.split()[place] for way in readings)
    return [[verdict for way, verdict in readings.items() if way.split()[place] == name] for name in names]


def way_words(name: str, lang: str) -> str:
    """The words for a reading or a rounding rule; one that only a data package knows goes by its name."""
    return pick((READING_WORDS | ROUNDING_WORDS).get(name, (name, name)), lang)


def all_ways(count: int, lang: str) -> str:
    """All of so many ways of reading: `九种读法`, `all nine`."""
    words = _SPELLED[lang]
    number = words[count] if count < len(words) else f"{count}"
    return pick((f"{number}种读法", f"all {number}"), lang)


def ways_named(every: Iterable[str], lang: str) -> str:
    """All ways of reading that were tried, counted and named: `all nine ways of reading (literal …; …)`."""
    tried = [way.split() for way in every]
    names, rules = (dict.fromkeys(way_words(way[place], lang) for way in tried) for place in (0, 1))
    sentence = pick(("{}（{}，各配{}）", "{} ways of reading ({}; {})"), lang)
    comma = pick(("、", ", "), lang)
    return sentence.format(all_ways(len(tried), lang), comma.join(names), comma.join(rules))


def ways_words(ways: Iterable[str], lang: str, every: Iterable[str] = ()) -> str:
    """Ways of reading in few words: `进一`, `字面读法（舍去尾数、进一）`.

    `every` are all that were tried, by default those of the package's own table of readings.
    """
    tried = [tuple(way.split()) for way in every] or list(default_readings().ways)
    left = [tuple(way.split()) for way in ways]
    if len(left) == len(tried):
        return all_ways(len(tried), lang)
    names, rounding = (dict.fromkeys(way[place] for way in tried) for place in (0, 1))
    rules = [rule for rule in rounding if all((name, rule) in left for name in names)]
    parts = [way_words(rule, lang) for rule in rules]
    left = [way for way in left if way[1] not in rules]
    for reading in names:
        those = [way_words(rule, lang) for name, rule in left if name == reading]
        aside = pick((f"（{'、'.join(those)}）", f" ({', '.join(those)})"), lang)
        whole = len(those) + len(rules) == len(rounding)
        parts += [way_words(reading, lang) + ("" if whole else aside)] if those else []
    return pick(("、", ", "), lang).join(parts)


def readings_words(readings: Mapping[str, str], verdict: str, lang: str) -> str:
    """In which ways of reading a statistic's verdict is another than the one shown, and which."""
    others = [key for key in VERDICTS if key in readings.values() and key != verdict]
    if not others:
        same = all_ways(len(readings), lang)
        if verdict == "contradicted":
            return pick((f"{same}都矛盾", f"contradicted in {same}"), lang)
        return pick((f"{same}一致", f"same in {same}"), lang)
    colon, stop = pick((("：", "；"), (": ", "; ")), lang)
    groups = {key: [way for way, given in readings.items() if given == key] for key in others}
    parts = [
        ways_words(ways, lang, readings) + colon + verdict_word(key, lang) for key, ways in groups.items()
    ]
    return stop.join(parts)


def shown_unit(row: Mapping[str, Any]) -> str:
    """The unit to word a ledger row in: gaps of two ratios are percentage points."""
    unit = str(row["unit"])
    return "points" if unit == "ratio" and row.get("kind") == "gap" else unit


def capitalised(label: str) -> str:
    """A label as it begins a line."""
    return label[:1].upper() + label[1:]


def listing(items: Iterable[str], lang: str) -> str:
    """甲、乙和丙 / a, b, and c."""
    *first, last = list(items) or [""]
    between, before_two, before_last = pick((("、", "和", "和"), (", ", " and ", ", and ")), lang)
    return between.join(first) + (before_last if len(first) > 1 else before_two if first else "") + last


def agreeing(count: int, singular: str, plural: str = "") -> str:
    """The English noun or verb for so many: `singular` for one thing, else `plural` (default: with an s)."""
    return singular if count == 1 else plural or f"{singular}s"


def counted(count: int, singular: str, plural: str = "") -> str:
    """So many of a thing, in English: 1 verdict, 3 verdicts, 1,200 verdicts."""
    return f"{count:,} {agreeing(count, singular, plural)}"


def tally(counts: Mapping[str, int], lang: str) -> str:
    """Counts per verdict in the order of the verdicts: `证实 30，相符 12` / `30 confirmed, …`."""
    shown = [(verdict_word(key, lang), counts[key]) for key in VERDICTS if counts.get(key)]
    if lang == "zh":
        return "，".join(f"{word} {count}" for word, count in shown)
    return ", ".join(f"{count} {word}" for word, count in shown)


def known(key: str, table: Mapping[str, T], what: str) -> T:
    if key not in table:
        raise ValueError(f"{what} {key!r}: expected one of {', '.join(table)}")
    return table[key]
