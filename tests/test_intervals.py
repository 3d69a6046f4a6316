"""Interval arithmetic holds every exact result, and says when nothing is left."""

from __future__ import annotations

import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.intervals import Interval, base_of, exponent_of, logarithm, quotient

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


def test_a_division_by_exactly_zero_leaves_nothing():
    assert (Interval.of(1, 2) / Interval.of(0.0, 0.0)).empty


def test_nothing_follows_from_nothing():
    nothing, one = Interval.of(2, 1), Interval.of(1.0)
    results = [nothing + one, nothing * one, nothing / one, one / nothing, nothing**2.0]
    for result in [*results, logarithm(nothing)]:
        assert result.empty
    assert not nothing.hull(one).empty
    assert float(nothing.hull(one).lower) == 1.0


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
        "import recount.intervals, recount.audit;"
        "assert before == (round(2.675, 2), 1/3, numpy.geterr())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
