"""Interval arithmetic holds every exact result, and says when nothing is left."""

from __future__ import annotations

import math
import operator
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from exact_intervals import (
    ENDS,
    NOTHING,
    floats_apart,
    logarithm_of,
    power_of,
    product_of,
    quotient_of,
    sum_of,
    whole_power_of,
)
from hypothesis import given
from hypothesis import strategies as st

from recount.arithmetic import ends
from recount.arithmetic.intervals import NOTHING as EMPTY
from recount.arithmetic.intervals import Interval

finite = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-12 else x)


def of(lower: float, upper: float | None = None) -> Interval:
    return Interval(lower, lower if upper is None else upper)


def reverse(operation, *operands: Interval) -> Interval:
    """A function on ends as one of intervals; empty where nothing is left."""
    try:
        return Interval(*operation(*(end for x in operands for end in (x.lower, x.upper))))
    except ends.Nothing:
        return EMPTY


def quotient(z: Interval, y: Interval) -> Interval:
    return reverse(ends.quotient, z, y)


def base_of(z: Interval, exponent: Interval, among: Interval) -> Interval:
    return reverse(ends.base_of, z, exponent, among).intersection(among)


def exponent_of(z: Interval, base: Interval) -> Interval:
    return reverse(ends.exponent_of, z, base, of(-0.5, 0.5))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    return of(*sorted((draw(finite), draw(finite))))


@st.composite
def with_point(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval and an exact value inside it."""
    interval = draw(intervals())
    share = Fraction(draw(st.integers(0, 16)), 16)
    low, high = Fraction(interval.lower), Fraction(interval.upper)
    return interval, low + (high - low) * share


def holds(interval: Interval, value: Fraction) -> bool:
    above = math.isinf(interval.lower) or Fraction(interval.lower) <= value
    return above and (math.isinf(interval.upper) or value <= Fraction(interval.upper))


@given(with_point(), with_point())
def test_sum_difference_product_and_quotient_hold_the_exact_one(a, b):
    (x, p), (y, q) = a, b
    assert holds(x + y, p + q)
    assert holds(x - y, p - q)
    assert holds(x * y, p * q)
    if q != 0:
        assert holds(x / y, p / q)


@given(with_point(), st.integers(-5, 9))
def test_whole_powers_hold_the_exact_one(a, n):
    x, p = a
    if p != 0 or n > 0:
        assert holds(x ** float(n), p**n)


@given(with_point(), with_point())
def test_what_a_product_leaves_of_a_factor_holds_that_factor(a, b):
    (x, p), (y, _) = a, b
    assert holds(quotient(x * y, y), p)
    assert holds((x + y) - y, p)


@given(st.floats(1e-3, 1e6), st.floats(-8, 8))
def test_roots_and_exponents_undo_a_power(base, exponent):
    power = of(base) ** of(exponent)
    if exponent != 0:
        root = base_of(power, of(exponent), of(0.0, math.inf))
        assert root.lower <= base <= root.upper
    inverse = exponent_of(power, of(base))
    assert inverse.lower <= exponent <= inverse.upper


@given(with_point(), st.integers(-4, 5).filter(bool))
def test_what_a_whole_power_leaves_of_its_base_holds_that_base(a, n):
    x, p = a
    if p != 0:
        left = base_of(x ** float(n), of(float(n)), x)
        assert holds(left, p)


@pytest.mark.parametrize(
    ("computed", "lower", "upper"),
    [
        (of(1, 2) + of(3, 4), 4, 6),
        (of(-2, 3) ** 2.0, 0, 9),
        (of(-2, 3) ** 3.0, -8, 27),
        (of(-4, -2) ** -2.0, 1 / 16, 1 / 4),
        (of(1, 2) / of(-1, 3), -math.inf, math.inf),
        (of(1, 2) / of(0, 4), 0.25, math.inf),
        (of(-2, -1) / of(0, 4), -math.inf, -0.25),
        (of(0, math.inf) * of(0, 5), 0, math.inf),
        (of(4, 9) ** 0.5, 2, 3),
        (base_of(of(-8, 27), of(3.0), of(-9, 9)), -2, 3),
        (base_of(of(4, 9), of(2.0), of(-9, 9)), -3, 3),
        (base_of(of(4, 9), of(2.0), of(-1, 9)), 2, 3),
        (1 - of(0.25, 0.5), 0.5, 0.75),
        (100 / of(4, 5), 20, 25),
    ],
)
def test_worked_examples(computed, lower, upper):
    assert computed.lower <= lower
    assert computed.upper >= upper
    for end, expected in ((computed.lower, lower), (computed.upper, upper)):
        assert end == expected or abs(end - expected) <= 1e-12 * max(1, abs(expected))


BOXES = [(a, b) for a in ENDS for b in ENDS if a <= b and (a < b or math.isfinite(a))]
FROM_ZERO = [box for box in BOXES if box[0] >= 0]
EMPTIES = [
    (2.0, 1.0),
    (math.inf, math.inf),
    (-math.inf, -math.inf),
    (math.inf, -math.inf),
    (math.nan, 1.0),
    (1.0, math.nan),
]


def check(result: Interval, exact, steps: int, case: object) -> None:
    """The exact result is inside, not by more than some floats, and nothing is where that is nothing."""
    assert result.empty == (exact == NOTHING), (case, result, exact)
    if exact != NOTHING:
        assert result.lower <= exact[0], (case, result, exact)
        assert result.upper >= exact[1], (case, result, exact)
        assert floats_apart(result.lower, exact[0]) <= steps, (case, result, exact)
        assert floats_apart(result.upper, exact[1]) <= steps, (case, result, exact)


def check_all(operation, oracle, steps: int, lefts=BOXES, rights=BOXES) -> None:
    for x in lefts:
        for y in rights:
            check(operation(of(*x), of(*y)), oracle(x, y), steps, (x, y))


@pytest.mark.parametrize(
    ("operation", "oracle"),
    [
        (operator.add, sum_of),
        (operator.sub, lambda x, y: sum_of(x, (-y[1], -y[0]))),
        (operator.mul, product_of),
        (operator.truediv, quotient_of),
    ],
    ids=["sum", "difference", "product", "quotient"],
)
@pytest.mark.parametrize("boxes", [BOXES, FROM_ZERO], ids=["any", "from zero"])
def test_arithmetic_on_extreme_ends_is_exact_to_three_floats(operation, oracle, boxes):
    """Zeros of both signs, subnormals, the greatest floats and infinities, each with each."""
    check_all(operation, oracle, 3, boxes, boxes)


def test_powers_and_logarithms_of_extreme_ends_are_exact_to_ten_floats():
    exponents = [y for y in BOXES if y[0] != y[1] or not float(y[0]).is_integer()]
    check_all(operator.pow, power_of, 10, BOXES, exponents)
    whole = [(float(n), float(n)) for n in (-1023, -4, -3, -2, -1, 0, 1, 2, 3, 7, 64, 1074)]
    check_all(operator.pow, whole_power_of, 10, BOXES, whole)
    for x in BOXES:
        check(reverse(ends.logarithm, of(*x)), logarithm_of(x), 10, x)


@given(st.data())
def test_what_a_reverse_operation_leaves_holds_what_was_there(data):
    """Whatever x and y, what `x op y` and one of them leave of the other holds it, zeros included."""
    x, y = (data.draw(st.sampled_from([e for e in ENDS if math.isfinite(e)])) for _ in "xy")
    everything, from_zero = of(-math.inf, math.inf), of(0.0, math.inf)
    a, b = of(x), of(y)
    for reverse, value in [(quotient(a * b, b), x), (quotient(a * b, a), y), (a + b - b, x)]:
        assert reverse.lower <= value <= reverse.upper
    if x > 0 or (x == 0 and y >= 0):
        power, base = a**b, from_zero
    elif y.is_integer() and (x or y >= 0):
        power, base = a**b, everything
    else:
        return
    root = base_of(power, b, base)
    assert root.lower <= x <= root.upper
    if x >= 0:
        inverse = exponent_of(power, a)
        assert inverse.lower <= y <= inverse.upper


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0), st.integers(1, 40))
def test_roots_hold_the_exact_root(z, n):
    """The exact n-th root is inside: the ends' n-th powers lie on either side of z, in whole numbers."""
    root = base_of(of(z), of(float(n)), of(0.0, math.inf))
    assert Fraction(root.lower) ** n <= Fraction(z)
    assert math.isinf(root.upper) or Fraction(root.upper) ** n >= Fraction(z)


@pytest.mark.parametrize("nothing", EMPTIES, ids=str)
@pytest.mark.parametrize(
    "some", [(1.0, 2.0), (0.0, 0.0), (-1.0, 1.0), (0.0, math.inf), (-math.inf, math.inf)], ids=str
)
def test_nothing_follows_from_an_empty_interval(nothing, some):
    empty, x = of(*nothing), of(*some)
    assert empty.empty
    assert not x.empty
    for operation in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow):
        assert operation(empty, x).empty, operation
        assert operation(x, empty).empty, operation
    assert empty.intersection(x).empty
    assert x.intersection(empty).empty
    for result in (-empty, empty**2.0, empty**0.0, 1 - empty, empty.whole_numbers()):
        assert result.empty
    for hull in (empty.hull(x), x.hull(empty)):
        assert (hull.lower, hull.upper) == some
    assert not empty.overlaps(x)
    assert not empty.within(x)


def test_what_cannot_be_negative_stays_so():
    for x in (of(0.0), of(1e-300), of(0.0, math.inf)):
        for result in (x + 0, x * x, x / of(1.0, 2.0), x**2.0, x**0.5, x**3.0):
            assert result.lower >= 0 or result == x + 0


def test_exact_ends_beyond_the_greatest_float_are_enclosed():
    greatest, huge = sys.float_info.max, 10**400
    for value in (Fraction(huge), Decimal("1e400")):
        above, below = Interval.enclosing(value, value), Interval.enclosing(-value, -value)
        assert (above.lower, above.upper, below.lower, below.upper) == (
            greatest,
            math.inf,
            -math.inf,
            -greatest,
        )
    long = Decimal("1." + "0" * 40 + "1")  # more digits than decimal arithmetic keeps
    for value, low in ((long, 1.0), (long.copy_negate(), -math.nextafter(1.0, 2.0))):
        assert Interval.enclosing(value, value).lower == low
        assert Interval.enclosing(value, value).upper == math.nextafter(low, 2.0)
    tiny = Interval.enclosing(Fraction(1, huge), Fraction(1, huge))
    assert (tiny.lower, tiny.upper) == (0.0, 5e-324)


def test_a_division_by_exactly_zero_leaves_nothing():
    assert (of(1, 2) / of(0.0, 0.0)).empty


def test_overflow_stays_an_enclosure():
    huge = of(1e308, 1e308) * of(10.0)
    assert huge.lower <= 1.7976931348623157e308
    assert huge.upper == math.inf


def test_decimal_ends_are_enclosed_not_rounded_into_the_interval():
    tenth = Interval.enclosing(Decimal("0.1"), Decimal("0.1"))
    assert Fraction(tenth.lower) <= Fraction(1, 10) <= Fraction(tenth.upper)
    assert tenth.lower < tenth.upper or Fraction(tenth.lower) == Fraction(1, 10)
    assert Interval.enclosing(None, Decimal(3)).lower == -math.inf


def test_whole_numbers_inside():
    inside = [of(*ends).whole_numbers() for ends in ((0.2, 2.9), (3.0, 3.0), (4.1, 4.9), (-math.inf, 0.5))]
    assert inside[:2] == [of(1, 2), of(3)]
    assert inside[2].empty
    assert inside[3] == of(-math.inf, 0.0)


# -- what a caller sees of an interval ---------------------------------------------------------------

LOANS, FARM = Interval(9.55e12, 9.65e12, "yuan"), Interval(2.45e12, 2.55e12, "yuan")


def test_an_interval_has_plain_ends_a_middle_a_width_and_its_unit():
    assert (type(LOANS.lower), type(LOANS.upper)) == (float, float)
    assert (LOANS.mid, LOANS.width, LOANS.unit) == (9.6e12, 1e11, "yuan")
    assert repr(LOANS) == "[9.55e+12, 9.65e+12] yuan"
    assert f"{LOANS / 1e12:.2f}" == "[9.55, 9.65] yuan"
    assert of(-math.inf, math.inf).mid == 0
    assert of(3, math.inf).mid == math.inf


def test_one_number_is_a_number_and_a_range_is_not():
    assert float(of(3.0)) == 3.0
    with pytest.raises(ValueError, match=r"is not one number: take \.lower, \.upper or \.mid"):
        float(LOANS)


def test_comparisons_hold_of_every_value_and_membership_of_some():
    assert FARM < LOANS
    assert LOANS > 9.5e12
    assert LOANS >= 9.55e12
    assert not LOANS > 9.6e12
    assert not LOANS < 9.6e12
    assert 9.6e12 in LOANS
    assert 9.66e12 not in LOANS
    assert of(0, 1) <= of(1, 2)
    assert not of(0, 1) < of(1, 2)
    assert of(0, 1) == of(0, 1)
    assert len({of(0, 1), of(0, 1)}) == 1


@pytest.mark.parametrize(
    ("result", "unit"),
    [
        (LOANS + FARM, "yuan"),
        (LOANS - 1, "yuan"),
        (2 * LOANS, "yuan"),
        (FARM / LOANS, "ratio"),
        (LOANS * (FARM / LOANS), "yuan"),
        (LOANS / Interval(10, 20, "count"), ""),
        (LOANS * LOANS, ""),
        (LOANS + Interval(1, 2, "count"), ""),
    ],
)
def test_a_unit_is_kept_where_it_is_plain_and_dropped_where_it_is_not(result, unit):
    assert result.unit == unit


def test_an_interval_meets_numbers_of_other_libraries_and_refuses_words():
    numpy = pytest.importorskip("numpy")
    for product in (LOANS * numpy.float64(2), numpy.float64(2) * LOANS):
        assert product.lower <= 19.1e12 < 19.3e12 <= product.upper
    with pytest.raises(TypeError):
        LOANS + "yuan"


def test_importing_the_package_leaves_floating_point_alone():
    code = (
        "before = (round(2.675, 2), 1/3); import recount.arithmetic.intervals, recount.audit;"
        "assert before == (round(2.675, 2), 1/3)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_two_intervals_do_not_share_tells_how_far_they_are_apart():
    apart = Interval(1, 2, "yuan").intersection(Interval(5, 6))
    assert apart.empty
    assert (apart.lower, apart.upper, apart.width) == (5, 2, -3)
