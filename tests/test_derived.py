"""Facts that follow from several relations: found, true of every true report, and named by their parents."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.arithmetic.derived import counterpart, facts
from recount.arithmetic.relations import Expression, Name, Number, parse


def found(relations: dict[str, str], levels: str, positive: str | None = None) -> dict[str, set[str]]:
    """Each derived fact's text, with the relations it follows from."""
    parsed = {id: parse(text) for id, text in relations.items()}
    derived = facts(parsed, levels.split(), (levels if positive is None else positive).split())
    return {fact.relation.text: set(fact.parents) for fact in derived}


def value(expression: Expression, values: dict[str, Fraction]) -> Fraction:
    if isinstance(expression, Name):
        return values[expression.id]
    if isinstance(expression, Number):
        return Fraction(expression.value)
    left, right = value(expression.left, values), value(expression.right, values)
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "**": lambda: left ** int(right),
        "min": lambda: min(left, right),
        "max": lambda: max(left, right),
    }[expression.symbol]()


SHARES = {"a_share": "sa == a / total", "b_share": "b == sb * total"}


def test_shares_of_a_partition_sum_to_one():
    assert found(SHARES | {"sum": "total == a + b"}, "a b total") == {
        "(sa + sb) == 1": {"a_share", "b_share", "sum"}
    }


def test_shares_of_some_parts_sum_to_one_at_most():
    at_most = {"(sa + sb) <= 1": {"a_share", "b_share", "sum"}}
    assert found(SHARES | {"sum": "a + b <= total"}, "a b total") == at_most
    assert found(SHARES | {"sum": "total == a + b + c"}, "a b c total") == at_most


def test_a_part_that_may_be_negative_leaves_no_limit():
    assert found(SHARES | {"sum": "total == a + b + c"}, "a b c total", "a b total") == {}


GROWTH = {
    "grows_a": "a1 == a0 * (1 + ga)", "grows_b": "gb == b1 / b0 - 1", "grows": "g == (t1 - t0) / t0",
    "now": "t1 == a1 + b1", "then": "t0 - a0 == b0",
}  # fmt: skip
LEVELS = "a0 a1 b0 b1 t0 t1"


def test_a_total_s_growth_lies_between_its_parts():
    assert found(GROWTH, LEVELS) == {
        "(g + 1) <= max((1 + ga), (gb + 1))": set(GROWTH),
        "(g + 1) >= min((1 + ga), (gb + 1))": set(GROWTH),
    }


def test_without_all_parts_growth_says_nothing():
    without = {id: text for id, text in GROWTH.items() if id != "grows_b"}
    assert found(without, LEVELS) == {}


def test_an_average_lies_between_the_groups_averages():
    relations = {
        "x": "avg == t / n",
        "xa": "ta == avg_a * na",
        "xb": "avg_b == tb / nb",
        "sum": "t == ta + tb",
        "count": "n == na + nb",
    }
    assert set(found(relations, "t ta tb n na nb")) == {
        "avg <= max(avg_a, avg_b)",
        "avg >= min(avg_a, avg_b)",
    }


def test_a_chain_of_ratios_that_closes_needs_no_level():
    relations = {
        "now": "s1 == p1 / w1",
        "then": "s0 == p0 / w0",
        "part": "p1 == p0 * (1 + gp) ** 5",
        "whole": "w1 == w0 * (1 + gw)",
    }
    ((text, parents),) = found(relations, "p0 p1 w0 w1").items()
    assert parents == set(relations)
    ((fact,),) = [facts({id: parse(t) for id, t in relations.items()}, ["p0", "p1", "w0", "w1"], [])]
    half, growth = Fraction(1, 2), {"gp": Fraction(1, 10), "gw": Fraction(1, 5)}
    true = growth | {"s0": half, "s1": half * (1 + growth["gp"]) ** 5 / (1 + growth["gw"])}
    assert value(fact.relation.left, true) == value(fact.relation.right, true), text


def test_rates_and_times_are_no_levels():
    assert found({"one": "x == y * z", "two": "z == x / y"}, "") == {}


positive = st.integers(1, 10**6).map(Fraction)


@given(st.lists(st.tuples(positive, positive), min_size=2, max_size=4))
def test_every_derived_fact_holds_of_a_true_report(parts):
    """Parts at two dates with all their shares and growth rates, exactly."""
    relations, truth = {}, {}
    for i, (then, now) in enumerate(parts):
        truth |= {f"then{i}": then, f"now{i}": now, f"growth{i}": now / then - 1}
        relations |= {f"growing{i}": f"now{i} == then{i} * (1 + growth{i})"}
    for date in ("then", "now"):
        names = [f"{date}{i}" for i in range(len(parts))]
        truth[date] = sum((truth[name] for name in names), Fraction(0))
        relations[date] = f"{date} == " + " + ".join(names)
        for name in names:
            truth[f"share_{name}"] = truth[name] / truth[date]
            relations[f"sharing_{name}"] = f"share_{name} == {name} / {date}"
    truth["growth"] = truth["now"] / truth["then"] - 1
    relations["growing"] = "growth == now / then - 1"
    levels = [name for name in truth if not name.startswith(("share", "growth"))]
    derived = facts({id: parse(text) for id, text in relations.items()}, levels, levels)
    assert len(derived) > len(parts)
    for fact in derived:
        left, right = value(fact.relation.left, truth), value(fact.relation.right, truth)
        holds = {"==": left == right, "<=": left <= right, ">=": left >= right}
        assert holds[fact.relation.symbol], fact.relation.text


@pytest.mark.parametrize(
    ("text", "subject", "points", "other"),
    [
        ("rise == after / before - 1", "rise", True, "rise == (after - before)"),
        ("after == before * (1 + rise)", "rise", True, "rise == (after - before)"),
        ("(after - before) / before == rise", "rise", True, "rise == (after - before)"),
        ("rise == after - before", "rise", False, "rise == ((after / before) - 1)"),
        ("after == before + rise", "rise", False, "rise == ((after / before) - 1)"),
        ("rise == after / before", "rise", True, None),
        ("rise <= after - before", "rise", False, None),
        ("rise == after - before", "rise", True, None),
    ],
)
def test_percent_and_points_of_one_relation(text, subject, points, other):
    relation = counterpart(parse(text), subject, points)
    assert (relation and relation.text) == other
