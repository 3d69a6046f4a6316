"""Interval arithmetic holds every exact result, and says when nothing is left."""

from __future__ import annotations

import math
import operator
import subprocess
import sys
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
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

from recount.arithmetic.intervals import Interval, base_of, exponent_of, logarithm, quotient

finite = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: 0.0 if abs(x) < 1e-12 else x)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    ends = sorted((draw(finite), draw(finite)))
    return Interval.of(*ends)


@st.composite
def with_point(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval and an exact value inside it."""
    interval = draw(intervals())
    share = Fraction(draw(st.integers(0, 16)), 16)
    low, high = Fraction(float(interval.lower)), Fraction(float(interval.upper))
    return interval, low + (high - low) * share


def holds(interval: Interval, value: Fraction) -> bool:
    low, high = float(interval.lower), float(interval.upper)
    above = math.isinf(low) or Fraction(low) <= value
    return above and (math.isinf(high) or value <= Fraction(high))


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
    power = Interval.of(base) ** Interval.of(exponent)
    if exponent != 0:
        root = base_of(power, Interval.of(exponent), Interval.of(0.0, np.inf))
        assert root.lower <= base <= root.upper
    found = exponent_of(power, Interval.of(base))
    assert found.lower <= exponent <= found.upper


@given(with_point(), st.integers(-4, 5).filter(bool))
def test_what_a_whole_power_leaves_of_its_base_holds_that_base(a, n):
    x, p = a
    if p != 0:
        left = base_of(x ** float(n), Interval.of(float(n)), x)
        assert holds(left, p)


@pytest.mark.parametrize(
    ("computed", "lower", "upper"),
    [
        (Interval.of(1, 2) + Interval.of(3, 4), 4, 6),
        (Interval.of(-2, 3) ** 2.0, 0, 9),
        (Interval.of(-2, 3) ** 3.0, -8, 27),
        (Interval.of(-4, -2) ** -2.0, 1 / 16, 1 / 4),
        (Interval.of(1, 2) / Interval.of(-1, 3), -np.inf, np.inf),
        (Interval.of(1, 2) / Interval.of(0, 4), 0.25, np.inf),
        (Interval.of(-2, -1) / Interval.of(0, 4), -np.inf, -0.25),
        (Interval.of(0, np.inf) * Interval.of(0, 5), 0, np.inf),
        (Interval.of(4, 9) ** 0.5, 2, 3),
        (base_of(Interval.of(-8, 27), Interval.of(3.0), Interval.of(-9, 9)), -2, 3),
        (base_of(Interval.of(4, 9), Interval.of(2.0), Interval.of(-9, 9)), -3, 3),
        (base_of(Interval.of(4, 9), Interval.of(2.0), Interval.of(-1, 9)), 2, 3),
        (1 - Interval.of(0.25, 0.5), 0.5, 0.75),
        (100 / Interval.of(4, 5), 20, 25),
    ],
)  # fmt: skip
def test_worked_examples(computed, lower, upper):
    assert computed.lower <= lower
    assert computed.upper >= upper
    for found, expected in ((computed.lower, lower), (computed.upper, upper)):
        assert found == expected or abs(found - expected) <= 1e-12 * max(1, abs(expected))


BOXES = [(a, b) for a in ENDS for b in ENDS if a <= b and (a < b or math.isfinite(a))]
FROM_ZERO = [box for box in BOXES if box[0] >= 0]
EMPTIES = [(2.0, 1.0), (np.inf, np.inf), (-np.inf, -np.inf), (np.inf, -np.inf), (np.nan, 1.0), (1.0, np.nan)]


def batch(boxes) -> Interval:
    return Interval.of([low for low, _ in boxes], [high for _, high in boxes])


def check_ends(found: Interval, cases, oracle, steps: int) -> None:
    """Every row holds the exact result, is at most some floats wider, and is empty where that is."""
    for case, low, high, empty in zip(cases, found.lower, found.upper, found.empty, strict=True):
        exact = oracle(*case)
        assert empty == (exact == NOTHING), (case, low, high, exact)
        if exact != NOTHING:
            assert low <= exact[0], (case, low, exact)
            assert high >= exact[1], (case, high, exact)
            assert floats_apart(low, exact[0]) <= steps, (case, low, exact)
            assert floats_apart(high, exact[1]) <= steps, (case, high, exact)


def check_batches(operation, oracle, steps: int, lefts=BOXES, rights=BOXES) -> None:
    cases = [(x, y) for x in lefts for y in rights]
    check_ends(operation(batch([x for x, _ in cases]), batch([y for _, y in cases])), cases, oracle, steps)


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
    check_batches(operation, oracle, 3, boxes, boxes)


def test_powers_and_logarithms_of_extreme_ends_are_exact_to_ten_floats():
    exponents = [y for y in BOXES if y[0] != y[1] or not float(y[0]).is_integer()]
    check_batches(operator.pow, power_of, 10, BOXES, exponents)
    whole = [(float(n), float(n)) for n in (-1023, -4, -3, -2, -1, 0, 1, 2, 3, 7, 64, 1074)]
    check_batches(operator.pow, whole_power_of, 10, BOXES, whole)
    check_ends(logarithm(batch(BOXES)), [(x,) for x in BOXES], logarithm_of, 10)


@given(st.data())
def test_what_a_reverse_operation_leaves_holds_what_was_there(data):
    """Whatever x and y, what `x op y` and one of them leave of the other holds it, zeros included."""
    x, y = (data.draw(st.sampled_from([e for e in ENDS if math.isfinite(e)])) for _ in "xy")
    everything, from_zero = Interval.of(-np.inf, np.inf), Interval.of(0.0, np.inf)
    a, b = Interval.of(x), Interval.of(y)
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
        found = exponent_of(power, a)
        assert found.lower <= y <= found.upper


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0), st.integers(1, 40))
def test_roots_hold_the_exact_root(z, n):
    """The exact n-th root is inside: the ends' n-th powers lie on either side of z, in whole numbers."""
    root = base_of(Interval.of(z), Interval.of(float(n)), Interval.of(0.0, np.inf))
    assert Fraction(float(root.lower)) ** n <= Fraction(z)
    assert math.isinf(root.upper) or Fraction(float(root.upper)) ** n >= Fraction(z)


@pytest.mark.parametrize("nothing", EMPTIES, ids=str)
@pytest.mark.parametrize(
    "some", [(1.0, 2.0), (0.0, 0.0), (-1.0, 1.0), (0.0, np.inf), (-np.inf, np.inf)], ids=str
)
def test_nothing_follows_from_an_empty_interval(nothing, some):
    empty, x = Interval.of(*nothing), Interval.of(*some)
    assert empty.empty
    assert not x.empty
    for operation in (
        operator.add,
        operator.sub,
        operator.mul,
        operator.truediv,
        operator.pow,
        quotient,
        Interval.intersection,
    ):
        assert operation(empty, x).empty, operation
        assert operation(x, empty).empty, operation
    reverse = [
        base_of(empty, x, x),
        base_of(x, empty, x),
        base_of(x, x, empty),
        exponent_of(empty, x),
        exponent_of(x, empty),
    ]
    for result in [-empty, empty**2.0, empty**0.0, logarithm(empty), empty.whole_numbers(), *reverse]:
        assert result.empty
    for hull in (empty.hull(x), x.hull(empty)):
        assert (hull.lower, hull.upper) == some
    assert not empty.overlaps(x)
    assert not empty.within(x)


def test_a_row_does_not_depend_on_the_rows_beside_it():
    """Fast ways for batches without negative numbers, empties or overflow give what the others give."""
    x, y = batch(FROM_ZERO), batch([*FROM_ZERO[1:], FROM_ZERO[0]])
    beside = Interval.of([-3.0, 2.0], [3.0, 1.0])
    mixed_x, mixed_y = (
        Interval(np.append(i.lower, beside.lower), np.append(i.upper, beside.upper)) for i in (x, y)
    )
    for operation in (operator.add, operator.sub, operator.mul, operator.truediv, quotient):
        alone, among = operation(x, y), operation(mixed_x, mixed_y)
        assert alone.lower.tolist() == among.lower[: len(FROM_ZERO)].tolist()
        assert alone.upper.tolist() == among.upper[: len(FROM_ZERO)].tolist()


@pytest.mark.parametrize(
    "operation", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, quotient]
)
def test_one_interval_serves_every_row(operation):
    """A single interval, in an array of one or in none, is taken with each of the others."""
    many = batch(BOXES)
    for low, high in [(-1.0, 2.0), (0.0, 3.0), (2.0, 2.0)]:
        alone, one = Interval.of(low, high), Interval.of([low], [high])
        repeated = Interval.of([low] * len(BOXES), [high] * len(BOXES))
        for few in (alone, one):
            for found, expected in (
                (operation(many, few), operation(many, repeated)),
                (operation(few, many), operation(repeated, many)),
            ):
                assert found.empty.tolist() == expected.empty.tolist()
                full = ~expected.empty
                assert np.allclose(found.lower[full], expected.lower[full], rtol=1e-14, atol=0)
                assert np.allclose(found.upper[full], expected.upper[full], rtol=1e-14, atol=0)


def test_what_cannot_be_negative_stays_so():
    x = Interval.of([0.0, 1e-300, 0.0], [0.0, 1e-300, np.inf])
    for result in (x + x, x * x, x / Interval.of(1.0, 2.0), x**2.0, x**0.5, x**3.0):
        assert (result.lower >= 0).all()


def test_no_warning_escapes_and_numpy_is_left_as_it_was():
    boxes = batch([*BOXES, *EMPTIES])
    before = np.geterr(), np.nextafter(1.0, 2.0), 1 / 3
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        for operation in (
            operator.add,
            operator.sub,
            operator.mul,
            operator.truediv,
            operator.pow,
            quotient,
            exponent_of,
        ):
            operation(boxes, boxes)
        base_of(boxes, boxes, boxes)
        _ = logarithm(boxes), boxes.width, boxes.empty, -boxes, boxes.whole_numbers(), boxes.hull(boxes)
        assert set(np.geterr().values()) == {"raise"}
    assert before == (np.geterr(), np.nextafter(1.0, 2.0), 1 / 3)


def test_exact_ends_beyond_the_greatest_float_are_enclosed():
    greatest, huge = float(np.finfo(np.float64).max), 10**400
    for value in (Fraction(huge), Decimal("1e400")):
        above, below = Interval.enclosing(value, value), Interval.enclosing(-value, -value)
        assert (above.lower, above.upper, below.lower, below.upper) == (greatest, np.inf, -np.inf, -greatest)
    long = Decimal("1." + "0" * 40 + "1")  # more digits than decimal arithmetic keeps
    for value, low in ((long, 1.0), (long.copy_negate(), -math.nextafter(1.0, 2.0))):
        assert Interval.enclosing(value, value).lower == low
        assert Interval.enclosing(value, value).upper == math.nextafter(low, 2.0)
    tiny = Interval.enclosing(Fraction(1, huge), Fraction(1, huge))
    assert (tiny.lower, tiny.upper) == (0.0, 5e-324)


def test_a_division_by_exactly_zero_leaves_nothing():
    assert (Interval.of(1, 2) / Interval.of(0.0, 0.0)).empty


def test_overflow_stays_an_enclosure():
    huge = Interval.of(1e308, 1e308) * Interval.of(10.0)
    assert float(huge.lower) <= 1.7976931348623157e308
    assert float(huge.upper) == np.inf


def test_decimal_ends_are_enclosed_not_rounded_into_the_interval():
    tenth = Interval.enclosing(Decimal("0.1"), Decimal("0.1"))
    assert Fraction(float(tenth.lower)) <= Fraction(1, 10) <= Fraction(float(tenth.upper))
    assert tenth.lower < tenth.upper or Fraction(float(tenth.lower)) == Fraction(1, 10)
    assert Interval.enclosing(None, Decimal(3)).lower == -np.inf


def test_whole_numbers_inside():
    inside = Interval.of([0.2, 3.0, 4.1], [2.9, 3.0, 4.9]).whole_numbers()
    assert inside.lower.tolist() == [1, 3, 5]
    assert inside.empty.tolist() == [False, False, True]


def test_rows_are_worked_one_by_one():
    x = Interval.of([1, -1], [2, 1])
    both = x * Interval.of(2.0)
    for row, (low, high) in enumerate([(2, 4), (-2, 2)]):
        assert both.lower[row] <= low
        assert both.upper[row] >= high


def test_importing_the_package_leaves_floating_point_alone():
    code = (
        "import numpy, math; before = (round(2.675, 2), 1/3, numpy.geterr());"
        "import recount.arithmetic.intervals, recount.audit;"
        "assert before == (round(2.675, 2), 1/3, numpy.geterr())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
