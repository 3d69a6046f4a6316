"""Slips of the pen: a true figure that suffers one is found again among the candidates, by its kind."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recount import resources
from recount import words as wording
from recount.audit import slips
from recount.audit.slips import KINDS, candidates, rank
from recount.figures import numerals
from recount.figures.readings import Readings

READINGS = resources.path("readings.csv")

#: How a number is printed: a form, and whether its thousands are grouped by commas.
FORMS = st.sampled_from([
    ("{}亿元", False), ("{}万户", False), ("超{}%", False), ("{}个百分点", False), ("{}家以上", False),
    ("约{}万亿元", False), ("{}吨", False), ("{}", True), ("${} billion", True), ("more than {}%", True),
    ("{} percentage points", True), ("about {} companies", True), ("{} million yuan", True),
    ("5亿{}万元", False), ("{}-99999.9%", False), ("between 0.01 and {} days", True),
])  # fmt: skip
numbers = st.builds(
    lambda number, places: f"{number / 10**places:.{places}f}", st.integers(1, 99999), st.integers(0, 2)
)


def grouped(number: str) -> str:
    whole, point, decimals = number.partition(".")
    return f"{int(whole):,}" + point + decimals


@st.composite
def figures(draw: st.DrawFn) -> tuple[str, bool, str]:
    """A number, whether it is grouped, and a form that reads with it."""
    number, (form, commas) = draw(numbers), draw(FORMS)
    assume(readable(shown(form, number, commas)))
    return form, commas, number


def shown(form: str, number: str, commas: bool) -> str:
    return form.format(grouped(number) if commas else number)


def readable(text: str) -> bool:
    try:
        numerals.parse(text)
    except numerals.NumeralError:
        return False
    return True


def says(text: str) -> tuple[Decimal | None, ...]:
    figure = numerals.parse(text)
    return figure.value, figure.low, figure.high


def tidy(number: str) -> bool:
    """Whether a newspaper would print it so: no zero in front, and a digit on both sides of a point."""
    whole, point, decimals = number.partition(".")
    return whole.isdigit() and (whole == "0" or whole[0] != "0") and (decimals.isdigit() or not point)


def assert_found(printed: str, meant: str, kind: str) -> None:
    """The figure meant is a candidate of that kind, or of one ranked before it that leads there too."""
    assume(readable(printed) and says(printed) != says(meant))
    assume(numerals.parse(printed).unit == numerals.parse(meant).unit)
    leading_there = [slip for slip in candidates(printed) if says(slip.printed) == says(meant)]
    assert leading_there, (printed, meant)
    assert min(rank(slip.kind) for slip in leading_there) <= rank(kind)


def kinds_to(printed: str, meant: str) -> list[str]:
    return [slip.kind for slip in candidates(printed) if slip.printed == meant]


@pytest.mark.parametrize(
    ("printed", "meant", "kind"),
    [
        ("24万亿元", "2.4万亿元", "power_of_ten"),
        ("0.05亿元", "0.5亿元", "power_of_ten"),
        ("5亿元", "0.05亿元", "power_of_ten"),
        ("50亿元", "5亿元", "power_of_ten"),
        ("463 people", "463,000 people", "power_of_ten"),
        ("463,000", "46,300", "power_of_ten"),
        ("24万亿元", "24亿元", "unit_word"),
        ("34户", "34万户", "unit_word"),
        ("34万户", "34户", "unit_word"),
        ("24万亿元", "24元", "unit_word"),
        ("20多家", "20多万家", "unit_word"),
        ("3~30万元", "3~30亿元", "unit_word"),
        ("$500", "$500 million", "unit_word"),
        ("$21.1 billion", "$21.1", "unit_word"),
        ("$5bn", "$5tn", "unit_word"),
        ("twenty thousand people", "twenty million people", "unit_word"),
        ("353", "353万", "unit_word"),
        ("1.25%", "1.25个百分点", "percent_or_point"),
        ("12.4个百分点", "12.4%", "percent_or_point"),
        ("百分之五", "五个百分点", "percent_or_point"),
        ("5%-7%", "5-7个百分点", "percent_or_point"),
        ("more than 5 percent", "more than 5 percentage points", "percent_or_point"),
        ("5.0 percentage points", "5.0%", "percent_or_point"),
        ("5pp", "5%", "percent_or_point"),
        ("5.35%", "-5.35%", "sign"),
        ("约-4.4%", "约4.4%", "sign"),
        ("-$5.5 billion", "$5.5 billion", "sign"),
        ("$5.5 billion", "-$5.5 billion", "sign"),
        ("minus 5%", "5%", "sign"),
        ("754.6亿元", "745.6亿元", "digits_swapped"),
        ("13.25%", "12.35%", "digits_swapped"),
        ("5.0%", "0.5%", "digits_swapped"),
        ("643,000", "463,000", "digits_swapped"),
        ("302.9吨", "402.9吨", "digit_changed"),
        ("1.5%", "0.5%", "digit_changed"),
        ("2.50%", "2.40%", "digit_changed"),
        ("5%-7%", "5%-8%", "digit_changed"),
        ("１，２３４家", "１，２３５家", "digit_changed"),
        ("三成", "两成", "digit_changed"),
        ("百分之三", "百分之二", "digit_changed"),
        ("两倍", "三倍", "digit_changed"),
        ("三百家", "二百家", "digit_changed"),
        ("three times", "four times", "digit_changed"),
        ("2024年2月", "2024年3月", "digit_changed"),
        ("$1.116 million", "$1.16 million", "digit_doubled"),
        ("4,633,000", "463,000", "digit_doubled"),
        ("$1.16 million", "$1.116 million", "digit_dropped"),
        ("13.2%", "13.25%", "digit_dropped"),
        ("3.25%", "13.25%", "digit_dropped"),
        ("46,000", "463,000", "digit_dropped"),
    ],
)
def test_known_slips(printed, meant, kind):
    assert kinds_to(printed, meant) == [kind]


@pytest.mark.parametrize("printed", ["最大的银行之一", "一半", "no such thing", ""])
def test_a_figure_without_a_digit_or_a_reading_has_none(printed):
    assert candidates(printed) == []


@pytest.mark.parametrize(
    ("printed", "never"),
    [
        ("5%", "05%"), ("5%", "00%"), ("12%", "12万%"), ("2.5%", "2.50%"), ("2024年", "202年"),
        ("3年", "3万年"), ("1/3", "-1/3"), ("463,000", "4630,000"), ("463,000", "46300"),
    ],
)  # fmt: skip
def test_what_is_no_slip(printed, never):
    assert never not in [slip.printed for slip in candidates(printed)]


@given(figures(), st.integers(-3, 3).filter(bool))
def test_a_decimal_point_out_of_place_is_undone(figure, places):
    form, commas, number = figure
    moved = f"{Decimal(number).scaleb(places):f}"
    if "." not in number and "." in moved:
        moved = moved.rstrip("0").rstrip(".")
    assert_found(shown(form, moved, commas), shown(form, number, commas), "power_of_ten")


WORDS = {
    "zh": ("", "万", "亿", "万亿"),
    "en": ("", " thousand", " million", " billion", " trillion"),
    "short": ("", " mn", "bn", "tn"),
}
AROUND = {"zh": ("{}户", "超{}元", "{}多家"), "en": ("${}", "about {} yuan", "{} people"), "short": ("${}",)}


@given(numbers, st.sampled_from(sorted(WORDS)), st.data())
def test_a_wrong_a_missing_and_an_added_unit_word_are_undone(number, lang, data):
    meant, printed = data.draw(st.lists(st.sampled_from(WORDS[lang]), min_size=2, max_size=2, unique=True))
    around = data.draw(st.sampled_from(AROUND[lang]))
    number = grouped(number) if lang != "zh" else number
    assert_found(around.format(number + printed), around.format(number + meant), "unit_word")


PERCENTS = [
    ("{}%", "{}个百分点"), ("超{}%", "超{}个百分点"), ("百分之{}", "{}个百分点"), ("{}%左右", "{}个百分点左右"),
    ("more than {}%", "more than {} percentage points"), ("{} percent", "{} percentage points"),
    ("{} per cent", "{} percentage points"),
]  # fmt: skip


@pytest.mark.parametrize("pair", PERCENTS)
@given(number=numbers)
def test_percent_for_point_and_point_for_percent_are_undone(pair, number):
    share, points = (form.format(number) for form in pair)
    assert kinds_to(share, points) == ["percent_or_point"]
    back = [slip for slip in candidates(points) if slip.kind == "percent_or_point"]
    assert [(says(slip.printed), "%" in slip.printed) for slip in back] == [(says(share), True)]


@given(numbers, st.sampled_from(["{}%", "约{}亿元", "${} billion", "about {}%", "{}"]), st.booleans())
def test_a_reversed_sign_is_undone(number, form, reverse):
    plain = form.format(number)
    signed = plain.replace("$", "-$") if "$" in plain else plain.replace(number, f"-{number}")
    printed, meant = (plain, signed) if reverse else (signed, plain)
    assert kinds_to(printed, meant) == ["sign"]


@given(figures(), st.data())
def test_two_digits_swapped_are_swapped_back(figure, data):
    form, commas, number = figure
    places = [i for i, char in enumerate(number) if char.isdigit()]
    assume(len(places) > 1)
    i, j = data.draw(st.sampled_from(list(pairwise(places))))
    letters = list(number)
    letters[i], letters[j] = letters[j], letters[i]
    slipped = "".join(letters)
    assume(tidy(slipped))
    assert_found(shown(form, slipped, commas), shown(form, number, commas), "digits_swapped")


@given(figures(), st.data(), st.sampled_from("0123456789"))
def test_a_changed_digit_is_changed_back(figure, data, digit):
    form, commas, number = figure
    i = data.draw(st.sampled_from([i for i, char in enumerate(number) if char.isdigit()]))
    slipped = number[:i] + digit + number[i + 1 :]
    assume(tidy(slipped))
    assert_found(shown(form, slipped, commas), shown(form, number, commas), "digit_changed")


@given(figures(), st.data())
def test_a_doubled_digit_is_taken_away(figure, data):
    form, commas, number = figure
    i = data.draw(st.sampled_from([i for i, char in enumerate(number) if char.isdigit()]))
    slipped = number[:i] + number[i] + number[i:]
    assume(tidy(slipped))
    assert_found(shown(form, slipped, commas), shown(form, number, commas), "digit_doubled")


@given(figures(), st.data())
def test_a_dropped_digit_is_put_back(figure, data):
    form, commas, number = figure
    i = data.draw(st.sampled_from([i for i, char in enumerate(number) if char.isdigit()]))
    slipped = (number[:i] + number[i + 1 :]).removesuffix(".")
    assume(tidy(slipped) and ("." in slipped or "." not in number))
    assert_found(shown(form, slipped, commas), shown(form, number, commas), "digit_dropped")


@given(
    st.sampled_from(["{}成", "{}倍", "百分之{}", "{}成以上", "{}百余家", "二十{}家", "三分之{}", "第{}"]),
    st.permutations("一二三四五六七八九"),
)
def test_a_chinese_digit_is_changed_back(form, digits):
    printed, meant = form.format(digits[0]), form.format(digits[1])
    assert_found(printed, meant, "digit_changed")


@given(figures())
def test_every_candidate_can_be_read_and_says_something_else(figure):
    form, commas, number = figure
    printed = shown(form, number, commas)
    original = numerals.parse(printed)
    slips = candidates(printed)
    for slip in slips:
        other = numerals.parse(slip.printed)
        assert (other.printed, other.unit, other.sense) == (slip.printed, original.unit, original.sense)
        assert slip.kind == "percent_or_point" or says(slip.printed) != says(printed)
    assert len({slip.printed for slip in slips}) == len(slips)
    assert all(("," in printed) or not commas or "," not in number for slip in slips)


@given(figures())
def test_candidates_are_ranked_by_kind_then_by_how_far_the_figure_moves(figure):
    form, commas, number = figure
    printed = shown(form, number, commas)
    value = numerals.parse(printed).value
    assume(value)
    ranked = candidates(printed)
    assert [rank(slip.kind) for slip in ranked] == sorted(rank(slip.kind) for slip in ranked)
    for nearer, farther in pairwise(ranked):
        if nearer.kind == farther.kind:
            assert move(value, nearer) <= move(value, farther) * (1 + 1e-12)


def move(value: Decimal, slip: slips.Slip) -> float:
    sizes = sorted(abs(x) for x in (value, numerals.parse(slip.printed).value))
    return float(sizes[1] / sizes[0]) if sizes[0] else float("inf")


@settings(max_examples=25)
@given(figures())
def test_the_same_figure_has_the_same_candidates_every_time(figure):
    form, commas, number = figure
    first = candidates(shown(form, number, commas))
    slips._candidates.cache_clear()
    assert candidates(shown(form, number, commas)) == first
    first.clear()
    assert candidates(shown(form, number, commas))


def test_commas_group_the_digits_of_a_grouped_figure():
    for slip in candidates("1,463,000"):
        number = slip.printed.removeprefix("-").partition(" ")[0].rstrip("万亿")
        whole, point, decimals = number.partition(".")
        assert number == f"{int(whole.replace(',', '')):,}" + point + decimals


def test_hedge_words_are_those_of_the_package():
    with READINGS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    new = {"kind": "word", "name": "堪堪", "sense": "about", "lang": "zh", "before": "true"}
    own = Readings([*rows, dict.fromkeys(rows[0], "") | new])
    assert candidates("堪堪70%") == []
    assert "堪堪7%" in [slip.printed for slip in candidates("堪堪70%", own)]


def test_every_kind_has_a_rank_and_words():
    assert [rank(kind) for kind in KINDS] == list(range(len(KINDS)))
    assert list(wording.SLIPS) == list(KINDS)
    with pytest.raises(ValueError, match="power_of_ten"):
        rank("gremlin")


def test_nobody_prints_a_little_more_than_nothing():
    assert all(numerals.parse(slip.printed).value for slip in candidates("just over $2 billion"))
    assert "0%" in [slip.printed for slip in candidates("5%")]
