"""Printed figures: tables of worked cases, and properties that hold for any figure."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from recount import resources
from recount.figures.digits import amount
from recount.figures.numerals import (
    Bounds,
    Figure,
    NumeralError,
    Readings,
    default_readings,
    parse,
    to_json,
)
from recount.figures.scanning import scan
from recount.package import report

ANY = report({"a": "1人"})
CASES = Path(__file__).parent / "cases"
TINY = Fraction(1, 10**20)  # decimals carry 28 digits: a third is not exact
READINGS = ("literal", "customary", "loose")


def cases(*names: str) -> list[dict[str, str]]:
    rows = []
    for name in names:
        with open(CASES / name, encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def ids(row: dict[str, str]) -> str:
    return "-".join(row[key] for key in ("printed", "reading", "rounding") if row.get(key))


FIGURES = cases("chinese.csv", "english.csv")


@pytest.fixture(scope="module")
def readings() -> Readings:
    return default_readings()


def assert_bounds(bounds: Bounds, expected: str) -> None:
    """Compare with an interval as mathematics prints it: (0.4, inf) or [1/3, 11/30]."""
    lower, upper = (end.strip() for end in expected[1:-1].split(","))
    assert (bounds.lower_open, bounds.upper_open) == (expected[0] == "(", expected[-1] == ")")
    for bound, end in ((bounds.lower, lower), (bounds.upper, upper)):
        if end.endswith("inf"):
            assert bound is None
        else:
            assert bound is not None
            assert abs(Fraction(bound) - Fraction(end)) <= TINY


@pytest.mark.parametrize("case", FIGURES, ids=ids)
def test_a_printed_figure_says_its_value_unit_and_hedge(case: dict[str, str]) -> None:
    figure = parse(case["printed"])
    parsed = (figure.unit, figure.hedge, figure.sense)
    assert parsed == (case["unit"], case["hedge"], case["sense"])
    if case["value"]:
        assert figure.value is not None
        assert abs(Fraction(figure.value) - Fraction(case["value"])) <= TINY
    else:
        assert figure.value is None


@pytest.mark.parametrize("case", FIGURES, ids=ids)
def test_customary_bounds(case: dict[str, str], readings: Readings) -> None:
    assert_bounds(readings.bounds(parse(case["printed"])), case["bounds"])


@pytest.mark.parametrize("case", cases("readings.csv"), ids=ids)
def test_other_readings_and_roundings(case: dict[str, str], readings: Readings) -> None:
    bounds = readings.bounds(parse(case["printed"]), case["reading"], case["rounding"])
    assert_bounds(bounds, case["bounds"])


@pytest.mark.parametrize("case", cases("errors.csv"), ids=ids)
def test_what_cannot_be_read_is_named(case: dict[str, str]) -> None:
    with pytest.raises(NumeralError) as caught:
        parse(case["printed"])
    assert case["found"] in caught.value.given
    assert case["expected"] in caught.value.expected


@pytest.mark.parametrize("case", FIGURES, ids=ids)
def test_a_wider_reading_holds_the_narrower(case: dict[str, str], readings: Readings) -> None:
    figure = parse(case["printed"])
    literal, customary, loose = (readings.bounds(figure, name) for name in READINGS)
    assert within(literal, customary)
    assert within(customary, loose)


def within(inner: Bounds, outer: Bounds) -> bool:
    """Whether every value of `inner` lies in `outer`."""
    if outer.lower is not None:
        if inner.lower is None or inner.lower < outer.lower:
            return False
        if inner.lower == outer.lower and outer.lower_open and not inner.lower_open:
            return False
    if outer.upper is not None:
        if inner.upper is None or inner.upper > outer.upper:
            return False
        if inner.upper == outer.upper and outer.upper_open and not inner.upper_open:
            return False
    return True


HEDGED = st.sampled_from(["{}", "超{}", "{}以上", "不足{}", "{}以内", "近{}", "约{}", "至少{}"])
UNITS = st.sampled_from(["%", "个百分点", "万元", "亿元", "万亿元", "万户", "倍", "吨", "天"])
SCALE_OF = {"%": "0.01", "个百分点": "0.01", "万元": "1e4", "亿元": "1e8", "万亿元": "1e12"}
NUMBERS = st.decimals(min_value=0, max_value=99_999, places=2).filter(lambda number: number > 0)


@given(NUMBERS, UNITS, HEDGED)
def test_readings_are_nested_for_any_figure(number: Decimal, unit: str, hedge: str) -> None:
    figure = parse(hedge.format(f"{number}{unit}"))
    literal, customary, loose = (default_readings().bounds(figure, name) for name in READINGS)
    assert within(literal, customary)
    assert within(customary, loose)


RULES = [("half_up", "ROUND_HALF_UP"), ("truncation", "ROUND_DOWN"), ("ceiling", "ROUND_UP")]
TRUTHS = st.decimals(min_value=-99_999, max_value=99_999, places=6)


@pytest.mark.parametrize(("rounding", "rule"), RULES)
@given(number=TRUTHS, places=st.integers(min_value=0, max_value=3), unit=st.sampled_from(sorted(SCALE_OF)))
@example(number=Decimal("-2.5"), places=0, unit="%")
@example(number=Decimal("-0.04"), places=1, unit="%")
@example(number=Decimal("0"), places=0, unit="%")
def test_a_rounded_print_contains_the_true_number(
    rounding: str, rule: str, number: Decimal, places: int, unit: str
) -> None:
    printed = number.quantize(Decimal(1).scaleb(-places), rounding=rule)
    bounds = default_readings().bounds(parse(f"{printed}{unit}"), rounding=rounding)
    assert bounds.contains(number * Decimal(SCALE_OF[unit]))


@pytest.mark.parametrize(("rounding", "rule"), RULES)
@given(
    number=TRUTHS, whole=st.booleans(), unit=st.sampled_from([("家", 1), ("千家", 1000), ("万家", 10_000)])
)
@example(number=Decimal("3.04"), whole=False, unit=("家", 1))
@example(number=Decimal("-9999"), whole=True, unit=("万家", 10_000))
def test_a_printed_count_contains_the_true_one_and_the_true_average(
    rounding: str, rule: str, number: Decimal, whole: bool, unit: tuple[str, int]
) -> None:
    truth = number.to_integral_value() if whole else number
    word, size = unit
    printed = (truth / size).quantize(Decimal(1), rounding=rule)
    bounds = default_readings().bounds(parse(f"{printed}{word}"), rounding=rounding, whole=whole)
    if abs(printed) * size < 10_000 or printed % 1000:  # longer ones that end in 000 are rounded half up
        assert bounds.contains(truth)
    if whole and size == 1:
        assert bounds.lower == bounds.upper or printed % 1000 == 0


@given(st.integers(1, 10**9), st.integers(1, 3), st.booleans())
def test_a_round_number_contains_what_it_was_rounded_from(number: int, digits: int, negative: bool) -> None:
    place = Decimal(1).scaleb(max(0, len(str(number)) - digits))
    truth = Decimal(-number if negative else number)
    printed = (truth / place).quantize(Decimal(1), rounding="ROUND_HALF_UP") * place
    assume(printed)
    bounds = default_readings().bounds(parse(f"{printed:f}元"), rounding="round_number")
    assert bounds.contains(truth)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8), st.integers(0, 1))
def test_shares_adjusted_to_their_total_contain_the_true_ones(parts: list[int], places: int) -> None:
    """Largest remainders: all are cut off, and those cut most are raised until they add up to 100%."""
    unit = 100 * 10**places
    exact = [Fraction(part * unit, sum(parts)) for part in parts]
    shares = [int(share) for share in exact]
    short = sorted(range(len(parts)), key=lambda i: shares[i] - exact[i])[: unit - sum(shares)]
    for i in short:
        shares[i] += 1
    assert sum(shares) == unit
    for share, truth in zip(shares, exact, strict=True):
        printed = f"{Decimal(share).scaleb(-places):.{places}f}%"
        bounds = default_readings().bounds(parse(printed), rounding="adjusted")
        assert bounds.lower is not None
        assert bounds.upper is not None
        assert Fraction(bounds.lower) < truth / unit < Fraction(bounds.upper)


@pytest.mark.parametrize(
    ("printed", "rounding", "expected"),
    [
        ("-3%", "half_up", "(-0.035, -0.025]"),
        ("-3%", "truncation", "(-0.04, -0.03]"),
        ("-3%", "ceiling", "[-0.03, -0.02)"),
        ("0%", "half_up", "(-0.005, 0.005)"),
        ("0%", "truncation", "(-0.01, 0.01)"),
        ("0%", "ceiling", "[0, 0]"),
        ("20万人", "round_number", "[1.5e5, 2.5e5)"),
        ("100亿元", "round_number", "[5e9, 1.5e10)"),
        ("300亿元", "round_number", "[2.5e10, 3.5e10)"),
        ("50%", "round_number", "[0.45, 0.55)"),
        ("52%", "round_number", "[0.515, 0.525)"),
        ("50.0%", "round_number", "[0.4995, 0.5005)"),
        ("2.0万人", "round_number", "[1.95e4, 2.05e4)"),
        ("463,000", "round_number", "[462500, 463500)"),
        ("460,000", "round_number", "[455000, 465000)"),
        ("三分之二", "round_number", "[1/2, 5/6)"),
        ("第10名", "round_number", "[10, 10]"),
        ("33%", "adjusted", "(0.32, 0.34)"),
    ],
)
def test_rules_by_size_and_rules_that_are_declared(printed, rounding, expected, readings: Readings) -> None:
    assert_bounds(readings.bounds(parse(printed), rounding=rounding), expected)


def test_rules_that_have_to_be_declared_are_not_among_the_ways(readings: Readings) -> None:
    tried = {rounding for _, rounding in readings.ways}
    assert {"round_number", "adjusted"} == {*readings.roundings} - tried
    assert len(readings.ways) == len(readings.readings) * len(tried)


@given(st.integers(2**53, 10**24 - 1), st.booleans())
def test_whole_numbers_beyond_what_floats_tell_apart_are_enclosed(number: int, negative: bool) -> None:
    truth = -number if negative else number
    for rounding in ("half_up", "truncation", "ceiling"):
        interval = ANY.interval(f"{truth}人", rounding=rounding, whole=True)
        assert interval.lower <= truth <= interval.upper
        assert interval.upper - interval.lower <= 2 * abs(truth) / 2**52 or number % 1000 == 0


@given(st.integers(min_value=11, max_value=10**7), st.integers(min_value=1, max_value=4))
def test_a_count_cut_to_its_leading_digits_is_an_odd_one(count: int, kept: int) -> None:
    digits = str(count)
    cut = int(digits[:kept].ljust(len(digits), "0"))
    assume(cut < count and digits[:kept][-1] != "0")
    figure = parse(f"{cut}余家")
    bounds = default_readings().bounds(figure)
    assert bounds.contains(Decimal(count))
    assert not bounds.contains(Decimal(cut))
    assert bounds.upper is not None
    assert bounds.upper == cut + figure.step - 1


def in_chinese(number: int) -> str:
    """A whole number below 100 million in Chinese numerals, written the long way."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return in_chinese(high) + "万" + (gap + in_chinese(low) if low else "")
    text = ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += "零一二三四五六七八九"[digit] + name
        elif text and number and not text.endswith("零"):
            text += "零"
    return text or "零"


@given(st.integers(min_value=0, max_value=99_999_999))
@example(10_000_001)
def test_chinese_numerals_read_back(number: int) -> None:
    assert amount(in_chinese(number)).value == number


@given(NUMBERS, UNITS)
def test_typography_does_not_change_a_figure(number: Decimal, unit: str) -> None:
    plain = parse(f"{number}{unit}")
    wide = f"{number}{unit}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.%"})
    for other in (wide, f"  {number:,} {unit}\n", f"{number}\u3000{unit}"):
        figure = parse(other)
        assert (figure.value, figure.unit) == (plain.value, plain.unit)
        assert default_readings().bounds(figure) == default_readings().bounds(plain)


@given(
    st.integers(min_value=1, max_value=99_999),
    st.sampled_from(
        [
            ("超过{}%", "more than {}%"),
            ("近{}%", "nearly {} percent"),
            ("约{}个百分点", "about {} percentage points"),
            ("{}万亿元", "{} trillion yuan"),
            ("至少{}家", "at least {} companies"),
            ("{}天以上", "{} days or more"),
            ("{}小时以内", "within {} hours"),
            ("第{}名", "No. {}"),
        ]
    ),
)
def test_both_languages_agree(number: int, pair: tuple[str, str]) -> None:
    chinese_figure, english_figure = (parse(form.format(number)) for form in pair)
    assert chinese_figure.unit == english_figure.unit
    first, second = (default_readings().bounds(f) for f in (chinese_figure, english_figure))
    assert first == second


def read(text: str) -> tuple[Figure, Bounds] | None:
    """The figure and its bounds; None where it is refused. Nothing else may be raised."""
    try:
        figure = parse(text)
        return figure, default_readings().bounds(figure, "loose")
    except NumeralError:
        return None


@given(st.text("0123456789.,%~-/一二三十百千万亿元个家年月日多余约近超以上下内每第成分之半", max_size=9))
def test_any_text_is_read_or_refused(text: str) -> None:
    if result := read(text):
        figure, bounds = result
        assert figure.printed == text.strip()
        assert bounds.lower is None or bounds.upper is None or bounds.lower <= bounds.upper


ENGLISH = ["about", "nearly", "up to", "5", "1,200", "2.5", "%", "$", "million", "one", "third"]


@given(st.lists(st.sampled_from([*ENGLISH, "-odd", "years", "and", "in", "-", "to"]), max_size=6))
def test_any_english_text_is_read_or_refused(words: list[str]) -> None:
    if result := read(" ".join(words)):
        assert result[0].sense in ("exact", "range") or result[0].hedge


@pytest.mark.parametrize("printed", ["40%", "超过40%", "3~30万元", "约1/3", "120余个", "-4.4%"])
def test_a_record_is_plain_json(printed: str, readings: Readings) -> None:
    figure = parse(printed)
    record = to_json(figure, readings.bounds(figure))
    assert list(record) == [
        "printed",
        "value",
        "unit",
        "hedge",
        "lower",
        "upper",
        "lower_open",
        "upper_open",
    ]
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_a_record_has_whole_numbers_and_null_ends(readings: Readings) -> None:
    figure = parse("超40亿元")
    record = to_json(figure, readings.bounds(figure))
    assert record["value"] == 4_000_000_000
    assert isinstance(record["value"], int)
    assert record["upper"] is None
    assert (record["lower_open"], record["upper_open"]) == (True, True)
    share = to_json(parse("40%"), readings.bounds(parse("40%")))
    assert (share["value"], share["lower"], share["upper"]) == (0.4, 0.395, 0.405)


def test_places_and_steps() -> None:
    for printed, place, step in (
        ("9.6万亿元", "1e11", "1e11"),
        ("120家", "1", "10"),
        ("3000家", "1", "1000"),
        ("1300多万人", "1e4", "1e6"),
        ("近70%", "0.01", "0.1"),
        ("2.50%", "0.0001", "0.0001"),
        ("三成", "0.1", "0.1"),
        ("463,000", "1e3", "1e3"),
        ("1,460,000", "1e3", "1e4"),
        ("about 146,000", "1", "1e3"),
        ("46,300", "1", "1e2"),
        ("5000", "1", "1e3"),
        ("20000万元", "1e4", "1e8"),
    ):
        figure = parse(printed)
        assert (figure.place, figure.step) == (Decimal(place), Decimal(step)), printed


@given(st.integers(min_value=10_500, max_value=10**8), st.sampled_from(["{}", "{:,} people", "{}户"]))
def test_a_long_count_rounded_to_the_thousand_contains_the_true_one(count: int, form: str) -> None:
    printed = form.format(round(count, -3))
    assert default_readings().bounds(parse(printed)).contains(Decimal(count)) or count % 1000 == 500
    assert not parse(printed).whole


def test_a_figure_keeps_its_words() -> None:
    figure = parse(" 高达 2.4 万亿元以上 ")
    assert (figure.printed, figure.word) == ("高达 2.4 万亿元以上", "万亿元")
    assert parse("1300多万人").word == "万人"
    assert parse("12.4个百分点").word == "个百分点"


@pytest.mark.parametrize(("reading", "rounding"), [("strict", "half_up"), ("literal", "bankers")])
def test_an_unknown_rule_is_named(reading: str, rounding: str, readings: Readings) -> None:
    with pytest.raises(NumeralError) as caught:
        readings.bounds(parse("40%"), reading, rounding)
    assert "strict" in caught.value.given or "bankers" in caught.value.given
    assert "literal" in caught.value.expected or "half_up" in caught.value.expected


@pytest.mark.parametrize(
    ("printed", "ends"), [("近1家", (1, 1)), ("11余户", (11, 12)), ("105余家", (105, 106)), ("近0%", (0, 0))]
)
def test_a_hedge_that_no_number_meets_is_read_with_its_ends(printed, ends, readings: Readings) -> None:
    for reading in ("literal", "customary"):
        bounds = readings.bounds(parse(printed), reading)
        assert (bounds.lower, bounds.upper) == ends
        assert not bounds.lower_open
        assert not bounds.upper_open


@pytest.mark.parametrize("printed", ["2.9家", "约2.9家", "2.5~2.9家"])
def test_what_no_whole_number_meets_is_refused_of_whole_things_only(printed, readings: Readings) -> None:
    readings.bounds(parse(printed), "literal", whole=False)
    with pytest.raises(NumeralError, match=r"no whole number from 2\.\d+ to 2\.9"):
        readings.bounds(parse(printed), "literal", whole=True)


def table() -> list[dict[str, str]]:
    with open(resources.path("readings.csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("kind", "hedges", "kind is 'hedges'"),
        ("sense", "abve", "sense is 'abve'"),
        ("lower_step", "half", "lower_step is 'half'"),
        ("upper_open", "yes", "upper_open is 'yes'"),
        ("place", "first", "place is 'first', expected last or nonzero"),
        ("by", "sign", "by is 'sign', expected value or magnitude"),
        ("tried", "maybe", "tried is 'maybe', expected true or false"),
    ],
)
def test_a_wrong_row_of_the_readings_is_named(column: str, value: str, named: str) -> None:
    rows = table()
    rows[3][column] = value
    with pytest.raises(NumeralError, match="row 5") as caught:
        Readings(rows)
    assert named in caught.value.given


def test_every_wrong_row_of_the_readings_is_named() -> None:
    rows = table()
    rows[0]["sense"] = rows[7]["sense"] = "x"
    rows.append(dict(rows[1]))
    with pytest.raises(NumeralError) as caught:
        Readings(rows)
    assert all(f"row {n}: " in caught.value.given for n in (2, 9, len(rows) + 1))


def test_missing_readings_are_named(tmp_path: Path) -> None:
    with pytest.raises(NumeralError, match="no such file"):
        Readings.read(tmp_path / "readings.csv")


def test_the_words_come_from_the_table() -> None:
    rows = table()
    with pytest.raises(NumeralError):
        parse("堪堪70%")
    new = {"kind": "word", "name": "堪堪", "sense": "about", "lang": "zh", "before": "true"}
    own = Readings([*rows, dict.fromkeys(rows[0], "") | new])
    assert parse("堪堪70%", own).sense == "about"


@pytest.mark.parametrize(
    "text", ["1" * 10_000 + "元", "1," * 5000, "一" * 10_000, "万" * 10_000, "3." + "1" * 10_000]
)
def test_a_number_of_ten_thousand_digits_is_refused_in_few_words_and_scanned(text: str) -> None:
    with pytest.raises(NumeralError) as caught:
        parse(text)
    assert len(str(caught.value)) < 200
    assert scan(f"共{text}")


@pytest.mark.parametrize("text", ["1" * 25, "一" * 30 + "元", "No. " + "1" * 40, f"{'1' * 24}亿{'1' * 8}元"])
def test_a_number_too_long_to_reckon_with_exactly_is_refused(text: str) -> None:
    with pytest.raises(NumeralError, match="at most 24"):
        parse(text)
