"""Printed figures: tables of worked cases, and properties that hold for any figure."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from recount.numerals import (
    Bounds,
    NumeralError,
    Readings,
    default_readings,
    parse,
)

CASES = Path(__file__).parent / "cases"
TINY = Fraction(1, 10**20)  # decimals carry 28 digits: a third is not exact
READINGS = ("literal", "customary", "loose")
ROUNDINGS = ("half_up", "truncation", "ceiling")


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
    for found, end in ((bounds.lower, lower), (bounds.upper, upper)):
        if end.endswith("inf"):
            assert found is None
        else:
            assert found is not None
            assert abs(Fraction(found) - Fraction(end)) <= TINY


@pytest.mark.parametrize("case", FIGURES, ids=ids)
def test_a_printed_figure_says_its_value_unit_and_hedge(case: dict[str, str]) -> None:
    figure = parse(case["printed"])
    found = (figure.unit, figure.hedge, figure.sense)
    assert found == (case["unit"], case["hedge"], case["sense"])
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
    assert case["found"] in caught.value.found
    assert case["expected"] in caught.value.expected
