"""Relations are read from a short syntax, and narrowing them never loses a solution."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.arithmetic.contraction import Contractor
from recount.arithmetic.intervals import Interval
from recount.arithmetic.relations import (
    RelationError,
    compiled,
    evaluate,
    narrow,
    parse,
    parse_expression,
    written,
)


def contract(texts, box, whole=()):
    """Narrow a box (name -> (lower, upper)) by relations: what is left of it, or None for nothing."""
    intervals = {name: Interval(*map(float, ends)) for name, ends in box.items()}
    left = narrow([parse(text) for text in texts], intervals, whole)
    return left and {name: (interval.lower, interval.upper) for name, interval in left.items()}


@pytest.mark.parametrize(
    "text",
    ["a == f(b)", "a < b", "a == b == c", "a == b.c", "a", "a ==", "a == 'b'", "a == b if c else d",
     "a == b[0]", "a == True", "a == b // c", "a = b", "a == lambda: 0", "", "a == 1j"],
)  # fmt: skip
def test_nothing_but_plain_comparisons_is_read(text):
    with pytest.raises(RelationError, match=r"expected|not"):
        parse(text)


def test_a_relation_names_its_quantities_once_in_order():
    assert parse("end == start * (1 + growth) ** years - start").names == ("end", "start", "growth", "years")


def test_decimal_constants_are_exact():
    relation = parse("a >= 0.1 * b")
    assert "Decimal('0.1')" in repr(relation.left) + repr(relation.right)
    tenth = evaluate(parse_expression("0.1"), lambda name: Interval(0.0, 0.0))
    assert Decimal(tenth.lower) <= Decimal("0.1") <= Decimal(tenth.upper)


def test_share_of_a_whole_narrows_all_three():
    box = contract(["share == part / whole"], {"share": (0, 1), "part": (20, 30), "whole": (100, 120)})
    assert box["share"] == pytest.approx((20 / 120, 0.3))


def test_an_inequality_narrows_from_one_side():
    box = contract(["part <= whole"], {"part": (0, 50), "whole": (10, 40)})
    assert box == {"part": (0, 40), "whole": (10, 40)}


def test_whole_numbers_only():
    box = contract(["share == part / 90"], {"share": (0.985, 0.995), "part": (0, 90)}, whole=("part",))
    assert box["part"] == (89, 89)
    assert box["share"] == pytest.approx((89 / 90, 89 / 90))
    assert (
        contract(["share == part / 90"], {"share": (0.98, 0.985), "part": (0, 90)}, whole=("part",)) is None
    )


def test_an_unknown_exponent_is_found():
    texts = ["end == start + more", "end == start * (1 + growth) ** years"]
    box = {
        "end": (508.75, 508.85),
        "start": (0, math.inf),
        "more": (380.5, 381.5),
        "growth": (0.16625, 0.16635),
        "years": (1, 20),
    }
    contracted = contract(texts, box, whole=("years",))
    assert contracted["years"] == (9, 9)
    assert contract(texts, box | {"years": (1, 1)}, whole=("years",)) is None


def test_a_known_exponent_narrows_a_base_that_may_be_negative():
    box = contract(
        ["end == start * (1 + growth) ** 1"],
        {"end": (110, 110), "start": (100, 100), "growth": (-1, math.inf)},
    )
    assert box["growth"] == pytest.approx((0.1, 0.1))


def test_a_contradiction_leaves_nothing():
    assert contract(["a == b", "b >= c"], {"a": (1, 2), "b": (0, 9), "c": (3, 4)}) is None


def test_a_relation_that_is_not_active_does_nothing():
    contractor = Contractor(["a", "b"], [False, False], [compiled(parse("a == b"))])
    for active, left in ((True, [(1, 2), (1, 2)]), (False, [(0, 2), (1, 3)])):
        low, high = [0.0, 1.0], [2.0, 3.0]
        contractor.contract(low, high, [active], [0])
        assert list(zip(low, high, strict=True)) == left


values = st.integers(1, 50_000).map(lambda n: Fraction(n, 1000))
growths = st.integers(-5000, 9000).map(lambda n: Fraction(n, 10_000))
slack = st.integers(0, 200).map(lambda n: Fraction(n, 1000))


@given(values, growths, st.integers(1, 12), slack, slack)
def test_no_solution_is_ever_lost(start, growth, years, below, above):
    """An exact solution, surrounded by intervals or given as points, survives in every one of them."""
    end = start * (1 + growth) ** years
    truth = {
        "start": start,
        "end": end,
        "growth": growth,
        "years": Fraction(years),
        "gain": end - start,
        "ratio": end / start,
    }
    texts = [
        "end == start * (1 + growth) ** years",
        "gain == end - start",
        "ratio == end / start",
        "end <= 2 * end",
    ]
    around = {
        name: Interval.enclosing(value - below * (1 + abs(value)), value + above * (1 + abs(value)))
        for name, value in truth.items()
    }
    box = {name: (interval.lower, interval.upper) for name, interval in around.items()}
    contracted = contract(texts, box, whole=("years",))
    for name, value in truth.items():
        low, high = contracted[name]
        assert low == -math.inf or Fraction(low) <= value
        assert high == math.inf or value <= Fraction(high)


@given(st.lists(st.tuples(st.floats(-0.5, 0.9), st.floats(0, 0.3)), min_size=2, max_size=5))
def test_narrowing_is_never_wider_than_before_and_stands_still(rows):
    parts = {f"x{i}": (g, g + w) for i, (g, w) in enumerate(rows)}
    text = "total == " + " + ".join(parts)
    once = contract([text], parts | {"total": (-1, 2)})
    if once is not None:
        again = contract([text], once)
        for name in once:
            assert once[name][0] >= (parts | {"total": (-1, 2)})[name][0]
            assert again[name] == pytest.approx(once[name], rel=1e-8, abs=1e-12)


terms = st.lists(st.tuples(st.sampled_from("+-*"), st.integers(1, 9)), min_size=1, max_size=40)


@given(terms)
def test_a_long_expression_means_what_python_means_by_it(terms):
    text = " ".join(f"{symbol} {number}" for symbol, number in terms).removeprefix("+ ").removeprefix("* ")
    value = evaluate(parse_expression(text), lambda name: Interval(0.0, 0.0))
    assert value.lower <= eval(text) <= value.upper


@pytest.mark.parametrize("symbol", ["+", "-", "*"])
def test_a_thousand_terms_are_read_written_and_narrowed(symbol):
    names = [f"x{i}" for i in range(1000)]
    relation = parse(f"y == {f' {symbol} '.join(names)}")
    assert relation.names == ("y", *names)
    assert parse(f"y == {written(relation.right)}").names == relation.names
    box = narrow([relation], {"y": Interval(-math.inf, math.inf)} | dict.fromkeys(names, Interval(1.0, 1.0)))
    exact = {"+": 1000, "-": -998, "*": 1}[symbol]
    assert box["y"].lower <= exact <= box["y"].upper
    assert box["y"].width < 1e-9


def test_an_expression_that_is_too_long_says_what_to_do():
    with pytest.raises(RelationError, match=r"y == .*too many operators.*expected.*quantities and relations"):
        parse("y == " + " + ".join(f"x{i}" for i in range(100_000)))
