"""What an edition says: numbers, intervals, printed figures and the words of the verdicts."""

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount import words as wording
from recount.figures.readings import READINGS, ROUNDINGS, default_readings
from recount.words import (
    LANGS,
    VERDICTS,
    agreeing,
    bracket,
    counted,
    interval,
    number,
    points,
    printed_words,
)

INF = math.inf
PAGES = {"light": "#ffffff", "dark": "#14181e"}


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (9.6e12, "yuan", "9.6万亿元", "9.6 trillion yuan"),
        (1286e8, "yuan", "1286亿元", "128.6 billion yuan"),
        (4673.05e8, "yuan", "4673.05亿元", "467.305 billion yuan"),
        (2e5, "yuan", "20万元", "200 thousand yuan"),
        (999_999_999_999.9, "yuan", "1万亿元", "1 trillion yuan"),
        (0.154, "ratio", "15.4%", "15.4%"),
        (0.1 + 0.2, "ratio", "30%", "30%"),
        (127.25000000000001, "year", "127.25年", "127.25 years"),
        (-0.0249, "ratio", "−2.49%", "−2.49%"),
        (0.124, "points", "12.4个百分点", "12.4 percentage points"),
        (0.01, "points", "1个百分点", "1 percentage point"),
        (5_088_000, "count", "508.8万", "5.088 million"),
        (20_463, "count", "20,463", "20,463"),
        (46_000, "count", "4.6万", "46,000"),
        (13_000_000, "count", "1300万", "13 million"),
        (1, "year", "1年", "1 year"),
        (5, "hour", "5小时", "5 hours"),
        (302.9, "tonne", "302.9吨", "302.9 tonnes"),
        (1, "rank", "第1位", "1st"),
        (12, "rank", "第12位", "12th"),
        (2024.0, "date", "2023年末", "end of 2023"),
        (2024 + 2 / 12, "date", "2024年2月末", "end of February 2024"),
        (2.29243417e12, "yuan", "2.292万亿元", "2.292 trillion yuan"),
    ],
)
def test_number(value: float, unit: str, zh: str, en: str) -> None:
    assert number(value, unit, "zh") == zh
    assert number(value, unit, "en") == en


def test_digits_are_significant_and_kept() -> None:
    assert number(0.154, "ratio", "en", digits=4) == "15.40%"
    assert number(20463, "count", "en", digits=3) == "20,500"
    assert points(0.12437, "zh", digits=3) == "12.4个百分点"


@pytest.mark.parametrize(
    ("ends", "unit", "zh", "en"),
    [
        ((9.55e12, 9.65e12), "yuan", "9.55万亿～9.65万亿元", "9.55–9.65 trillion yuan"),
        ((2.27018e12, 2.31402e12), "yuan", "2.270万亿～2.315万亿元", "2.270–2.315 trillion yuan"),
        ((0, 3.64e12), "yuan", "0～3.64万亿元", "0–3.64 trillion yuan"),
        ((4.9e8, 9.6e12), "yuan", "4.9亿～9.6万亿元", "490 million yuan to 9.6 trillion yuan"),
        ((0.153, 0.155), "ratio", "15.3%～15.5%", "15.3–15.5%"),
        ((1_272_500, 1_283_500), "count", "127.25万～128.35万", "1.2725–1.2835 million"),
        ((121, 129), "count", "121～129", "121–129"),
        ((-0.025, -0.0248), "points", "−2.50～−2.48个百分点", "−2.50 to −2.48 percentage points"),
        ((5, 8), "day", "5～8天", "5–8 days"),
        ((40, 40), "count", "40", "40"),
        ((0.4, INF), "ratio", "至少40%", "at least 40%"),
        ((-INF, 5), "hour", "至多5小时", "at most 5 hours"),
        ((None, None), "yuan", "不受限", "not limited"),
        ((float("nan"), 5), "year", "至多5年", "at most 5 years"),
        ((0.29999999999999993, INF), "ratio", "至少30%", "at least 30%"),
        ((0.13264951, INF), "ratio", "至少13.26%", "at least 13.26%"),
        ((-INF, 0.31177777), "ratio", "至多31.18%", "at most 31.18%"),
        ((999_999_950, INF), "count", "至少9.999亿", "at least 999.9 million"),
        ((-INF, 999_999_950), "count", "至多10亿", "at most 1 billion"),
        ((math.nextafter(0.1, 0), 0.11), "year", "0.10～0.11年", "0.10–0.11 years"),
        ((-5e-17, 0.3), "ratio", "0～30%", "0–30%"),
        ((1, 3), "rank", "第1位～第3位", "1st–3rd"),
        ((2, 2), "rank", "第2位", "2nd"),
        ((1, INF), "rank", "第1位或更靠后", "1st or lower"),
        ((-INF, 3), "rank", "前3位", "3rd or higher"),
        ((2024.16, 2024.17), "date", "2024年2月末", "end of February 2024"),
        ((2023.99, 2024.0), "date", "2023年末", "end of 2023"),
        ((2019 + 10.4 / 12, 2019 + 10.9 / 12), "date", "2019年11月", "November 2019"),
        ((2013, 2024.17), "date", "2012年末～2024年2月末", "end of 2012 to end of February 2024"),
        (
            (2020.16, 2021.17),
            "date",
            "2020年2月末～2021年2月末",
            "end of February 2020 to end of February 2021",
        ),
        ((2019.5, INF), "date", "2019年6月末或更晚", "end of June 2019 or later"),
        ((-INF, 2024.29), "date", "2024年4月或更早", "April 2024 or earlier"),
    ],
)
def test_interval(ends: tuple[float, float], unit: str, zh: str, en: str) -> None:
    assert interval(*ends, unit, "zh") == zh
    assert interval(*ends, unit, "en") == en


def test_open_ends_in_words() -> None:
    assert interval(0.4, INF, "ratio", "zh", lower_open=True) == "超过40%"
    assert interval(0.4, None, "ratio", "en", lower_open=True) == "more than 40%"
    assert interval(None, 5, "hour", "zh", upper_open=True) == "不到5小时"
    assert interval(None, 5, "hour", "en", upper_open=True) == "less than 5 hours"


def test_brackets_tell_open_from_closed() -> None:
    assert bracket(9.55e12, 9.65e12, "yuan", "zh", upper_open=True) == "[9.55, 9.65) 万亿元"
    assert bracket(0.4, None, "ratio", "en", lower_open=True) == "(40, ∞) %"
    assert bracket(121, 129, "count", "en") == "[121, 129]"


SHOWN = re.compile(r"(−?[\d,]+(?:\.\d+)?)((?: trillion| billion| million| thousand|%)?)((?: yuan)?)")
SIZES = {"": 0, " trillion": 12, " billion": 9, " million": 6, " thousand": 3, "%": -2}


def read_back(text: str, counts: bool) -> list[tuple[Fraction, Fraction]]:
    """Each number of an English interval, exactly, with one unit of its last shown digit."""
    shown_numbers = SHOWN.findall(text)
    ends = []
    for digits, size, unit in shown_numbers:
        shared = "–" in text or not (counts or size + unit)  # the last number's size is said for both
        size_of_one = Fraction(10) ** SIZES[shown_numbers[-1][1] if shared else size]
        shown = digits.replace(",", "").replace("−", "-")
        ends.append((Fraction(shown) * size_of_one, size_of_one / 10 ** len(shown.partition(".")[2])))
    return ends


ENDS = (
    st.floats(-1e14, 1e14) | st.decimals(-10_000, 10_000, places=3).map(float) | st.sampled_from([0.0, 1.0])
)
WIDTHS = st.floats(1e-6, 1e13) | st.decimals("0.001", 10_000, places=3).map(float)


@given(ENDS, WIDTHS, st.sampled_from(["yuan", "count", "ratio"]))
def test_a_worded_interval_holds_the_interval_and_little_more(low, width, unit):
    """Outward, by less than one unit of the last digit; half-lines too."""
    high = low + width
    if high - low < 1e-8 * max(abs(low), abs(high)):
        return  # said as one number
    if unit == "count" and low < 0:
        return  # there are no fewer than none
    dust = Fraction(max(abs(low), abs(high))) * Fraction(1, 10**12) + Fraction(1, 10**300)
    (least, step), (most, last) = read_back(interval(low, high, unit, "en"), unit == "count")
    assert least - dust <= Fraction(low) < least + step + dust
    assert most - last - dust < Fraction(high) <= most + dust
    for end, words in ((low, interval(low, None, unit, "en")), (high, interval(None, high, unit, "en"))):
        dust = abs(Fraction(end)) * Fraction(1, 10**12) + Fraction(1, 10**300)
        [(shown, step)] = read_back(words, unit == "count")
        beyond = Fraction(end) - shown if words.startswith("at least") else shown - Fraction(end)
        assert -dust <= beyond < step + dust


@given(st.decimals(0, 1000, places=2), st.decimals("0.01", 10, places=2), st.integers(1, 50))
def test_ends_of_printed_figures_are_said_as_they_are(value, width, slips):
    """What binary arithmetic leaves beside a short decimal moves no end."""
    low, high = float(value), float(value + width)
    for _ in range(slips % 4):
        low, high = math.nextafter(low, -INF), math.nextafter(high, INF)
    assert interval(low, high, "year", "en") == interval(float(value), float(value + width), "year", "en")


@pytest.mark.parametrize(("direction", "words"), [("down", "12.3%"), ("nearest", "12.4%"), ("up", "12.4%")])
def test_a_bound_is_rounded_in_its_own_direction(direction, words):
    assert number(0.12351, "ratio", "en", 3, direction) == words
    assert number(-0.12351, "ratio", "en", 3, "down") == "−12.4%"
    with pytest.raises(ValueError, match="expected one of nearest, down, up"):
        number(1, "ratio", "en", direction="inward")


def test_dates_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="above its upper end"):
        interval(2024, 2023, "date", "en")


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 verdicts"), (1, "1 verdict"), (2, "2 verdicts"), (1200, "1,200 verdicts")]
)
def test_things_are_counted_in_english(count, words):
    assert counted(count, "verdict") == words
    assert agreeing(count, "county", "counties") == ("county" if count == 1 else "counties")


@given(st.floats(-1e14, 1e14), st.floats(1e-6, 1e13), st.sampled_from(["yuan", "count", "ratio"]))
def test_rounding_moves_an_end_by_less_than_a_fifth_of_the_width(low: float, width: float, unit: str) -> None:
    """Read back from the brackets, both ends stay within a tenth of the width of the truth."""
    high = low + width
    if high - low < 1e-6 * max(abs(low), abs(high)):
        return
    text = bracket(low, high, unit, "en")
    body, _, suffix = text.partition("] ")
    ends = [float(end.replace(",", "").replace("−", "-")) for end in body.strip("[]").split(", ")]
    sizes = {f"{words.strip()}": float(size) for size, words in wording.scales_of(unit, "en")}
    for end, truth in zip(ends, (low, high), strict=True):
        assert abs(end * sizes[suffix] - truth) < 0.201 * width


def test_ends_the_wrong_way_round_and_unknown_units_are_refused() -> None:
    with pytest.raises(ValueError, match="lower end lies above"):
        interval(2, 1, "year", "zh")
    with pytest.raises(ValueError, match="unit 'furlong'"):
        number(1, "furlong", "en")
    with pytest.raises(ValueError, match="language 'fr'"):
        number(1, "year", "fr")
    with pytest.raises(ValueError, match="finite"):
        number(INF, "year", "en")


@pytest.mark.parametrize(
    ("printed", "en"),
    [
        ("9.6万亿元", "9.6 trillion yuan"),
        ("超过40%", "more than 40%"),
        ("高达70%以上", "at least 70%"),
        ("每3家至少一家", "at least 1 in 3"),
        ("近10个百分点", "nearly 10 percentage points"),
        ("约1/3", "about 1 in 3"),
        ("120余个", "over 120"),
        ("3~30万元", "30–300 thousand yuan"),
        ("5小时以内", "at most 5 hours"),
        ("首位", "1st"),
        ("最多的省份之一", "among the highest"),
        ("不是数字", "不是数字"),
    ],
)
def test_printed_figures_in_english(printed: str, en: str) -> None:
    assert printed_words(printed, "en") == en
    assert printed_words(printed, "zh") == printed


@pytest.mark.parametrize(
    ("printed", "unit", "zh"),
    [
        ("29.06 trillion yuan", "yuan", "29.06万亿元"),
        ("850 billion yuan", "", "8500亿元"),
        ("28.6342 million", "count", "2863.42万"),
        ("70 percent", "ratio", "70%"),
        ("over 15 trillion yuan", "yuan", "超过15万亿元"),
        ("13.13 percentage points", "points", "13.13个百分点"),
        ("$21.1 billion", "dollar", "211亿美元"),
        ("about one third", "", "约1/3"),
        ("5 to 8 days", "day", "5～8天"),
        ("nearly 40%", "", "近40%"),
        ("an English phrase", "", "an English phrase"),
    ],
)
def test_english_figures_in_chinese(printed: str, unit: str, zh: str) -> None:
    assert printed_words(printed, "zh", unit) == zh


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("unit", ["yuan", "count", "ratio", "year"])
def test_what_outward_rounding_leaves_of_nought_is_nought(lang: str, unit: str) -> None:
    for end in (-5e-324, 5e-324, -1e-301):
        assert number(end, unit, lang) == number(0, unit, lang)
        assert interval(end, 300, unit, lang) == interval(0, 300, unit, lang)
        assert bracket(end, 300, unit, lang) == bracket(0, 300, unit, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_every_key_has_words_of_its_own(lang: str) -> None:
    for table, word in (
        (VERDICTS, wording.verdict_word),
        (VERDICTS, wording.verdict_meaning),
        (wording.SUPPORT, wording.support_words),
        (wording.SLIPS, wording.slip_words),
        *(
            (table, lambda key, lang, table=table: wording.pick(table[key], lang))
            for table in (wording.READING_WORDS, wording.ROUNDING_WORDS, wording.DEPENDENCE)
        ),
    ):
        words = [word(key, lang) for key in table]
        assert all(words)
        assert len(set(words)) == len(words)


def test_support_and_tally() -> None:
    assert wording.support_words("report+reference", "zh") == "报道内其他数字和外部资料"
    assert wording.support_words("", "en") == ""
    counts = {"unchecked": 2, "confirmed": 3}
    assert wording.tally(counts, "en") == "3 confirmed, 2 unchecked"
    assert wording.tally(counts, "zh") == "证实 3，无从复算 2"
    with pytest.raises(ValueError, match="verdict 'maybe'"):
        wording.verdict_word("maybe", "zh")


NINE = [f"{reading} {rule}" for reading in READINGS for rule in ROUNDINGS]


def test_the_ways_of_reading_that_have_words_are_those_of_the_readings() -> None:
    words = (tuple(wording.READING_WORDS), tuple(wording.ROUNDING_WORDS))
    assert words == (default_readings().readings, default_readings().roundings)


def test_a_package_s_own_ways_go_by_their_names_and_are_counted() -> None:
    every = [f"{reading} {rule}" for reading in ("strict", "loose") for rule in ("half_up", "bankers")]
    assert wording.ways_words(every, "zh", every) == "四种读法"
    assert wording.ways_words(every, "en", every) == "all four"
    assert wording.ways_words(["strict bankers", "loose bankers"], "en", every) == "bankers"
    assert wording.ways_words(["strict bankers"], "zh", every) == "strict（bankers）"
    assert wording.all_ways(18, "en") == "all 18"


@pytest.mark.parametrize(
    ("other", "depends", "zh", "en"),
    [
        ((), "none", "九种读法一致", "same in all nine"),
        (("ceiling",), "rounding", "进一：矛盾", "rounded up: contradicted"),
        (("half_up", "ceiling"), "rounding", "四舍五入、进一：矛盾", "rounded half up, rounded up: contradicted"),
        (("loose",), "reading", "放宽读法：矛盾", "loose reading: contradicted"),
        (("literal truncation", "literal ceiling"), "both", "字面读法（舍去尾数、进一）：矛盾",
         "literal reading (cut off, rounded up): contradicted"),
        (("loose", "ceiling"), "both", "进一、放宽读法：矛盾", "rounded up, loose reading: contradicted"),
        (tuple(NINE), "none", "九种读法：矛盾", "all nine: contradicted"),
    ],
)  # fmt: skip
def test_under_which_ways_of_reading_a_verdict_is_another(other, depends, zh, en) -> None:
    readings = {way: "contradicted" if any(name in way for name in other) else "consistent" for way in NINE}
    assert wording.dependence(readings) == depends
    assert wording.readings_words(readings, "consistent", "zh") == zh
    assert wording.readings_words(readings, "consistent", "en") == en


def test_an_undecided_verdict_names_every_way_and_a_firm_contradiction_says_so() -> None:
    readings = {way: "bounded" if "ceiling" in way else "contradicted" for way in NINE}
    words = wording.readings_words(readings, "undecided", "en")
    assert words == "rounded up: bounded only; rounded half up, cut off: contradicted"
    firm = dict.fromkeys(NINE, "contradicted")
    assert wording.readings_words(firm, "contradicted", "en") == "contradicted in all nine"
    assert wording.readings_words(firm, "contradicted", "zh") == "九种读法都矛盾"


def _linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _luminance(linear: np.ndarray) -> float:
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _lightness(colour: str) -> float:
    return float(116 * np.cbrt(_luminance(_linear(colour))) - 16)


def _lab(linear: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(xyz @ linear / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB
SIGHT = {
    "usual": np.eye(3),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip


@pytest.mark.parametrize("mode", PAGES)
def test_verdict_colours_read_on_the_page_in_greyscale_and_without_some_cones(mode: str) -> None:
    colours = {key: getattr(verdict, mode) for key, verdict in VERDICTS.items()}
    page = _luminance(_linear(PAGES[mode]))
    for colour in colours.values():
        low, high = sorted((page, _luminance(_linear(colour))))
        assert (high + 0.05) / (low + 0.05) >= 4.5
    for first, second in itertools.combinations(colours.values(), 2):
        assert abs(_lightness(first) - _lightness(second)) >= 3.5
        for matrix in SIGHT.values():
            seen = [_lab(np.clip(matrix @ _linear(colour), 0, 1)) for colour in (first, second)]
            assert np.linalg.norm(seen[0] - seen[1]) >= 9


def test_no_two_verdicts_share_a_shape() -> None:
    assert len({(verdict.marker, verdict.filled) for verdict in VERDICTS.values()}) == len(VERDICTS)
    assert len({verdict.glyph for verdict in VERDICTS.values()}) == len(VERDICTS)
