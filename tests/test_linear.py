"""What linear relations say together: found however they are written, true of every true report, proved."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.arithmetic.cone import Cone
from recount.arithmetic.linear import linear
from recount.arithmetic.polynomials import polynomial
from recount.arithmetic.programming import least_ratio
from recount.arithmetic.relations import Operation, parse
from recount.audit import Audit
from recount.package import load
from recount.package.small import report


def audit(figures: dict[str, str], relations: list[str], levels: str) -> Audit:
    """The audit of figures and relations, `levels` being amounts that nobody printed."""
    return Audit(report(figures, relations, units=dict.fromkeys(levels.split(), "yuan")))


def about(interval, lower: float, upper: float) -> bool:
    return (interval.lower, interval.upper) == pytest.approx((lower, upper), rel=1e-6)


# -- worked examples ------------------------------------------------------------------------------

PAIRS = ["ab == a + b", "bc == b + c", "ac == a + c", "total == a + b + c"]


def test_sums_of_pairs_give_the_sum_of_all():
    printed = {"ab": "10元", "bc": "12元", "ac": "8元"}
    true = audit(printed | {"total": "15元"}, PAIRS, "a b c")
    assert about(true.recomputed["total"], 14.25, 15.75)
    assert true.conflicts == []
    (conflict,) = audit(printed | {"total": "17元"}, PAIRS, "a b c").conflicts
    assert conflict.statistics == ("ab", "bc", "ac", "total")


MEANS = {
    "divided": ["mean == t / n", "x == ta / na", "y == tb / nb", "t == ta + tb", "n == na + nb"],
    "multiplied": ["t == mean * n", "ta == x * na", "tb == y * nb", "t - ta == tb", "n == na + nb"],
    "in one": ["mean * (na + nb) == x * na + y * nb"],
    "in one, divided": ["mean == (x * na + y * nb) / n", "n == na + nb"],
}


@pytest.mark.parametrize("written", MEANS)
def test_a_mean_lies_between_those_of_the_parts_however_it_is_written(written):
    figures = {"mean": "3.5%", "x": "5.0%", "y": "2.0%"}
    inside = audit(figures, MEANS[written], "t ta tb n na nb")
    assert inside.conflicts == []
    assert about(inside.recomputed["mean"], 0.0195, 0.0505)
    assert about(inside.recomputed["x"], 0.0345, inf)
    (conflict,) = audit(figures | {"mean": "5.5%"}, MEANS[written], "t ta tb n na nb").conflicts
    assert conflict.statistics == ("mean", "x", "y")


@pytest.mark.parametrize("partition", ["total == a + b", "a + b <= total", "total == a + b + c"])
@pytest.mark.parametrize("second", ["sb == b / total", "b == sb * total"])
def test_two_shares_of_more_than_half_of_one_total(partition, second):
    relations = ["sa == a / total", second, partition]
    (conflict,) = audit({"sa": "52%", "sb": "52%"}, relations, "a b c total").conflicts
    assert conflict.statistics == ("sa", "sb")
    other = audit({"sa": "52%", "sb": "41%"}, relations, "a b c total").recomputed["sb"]
    assert about(other, 0.475 if partition == "total == a + b" else 0.0, 0.485)


@pytest.mark.parametrize(
    "relations",
    [
        ["b == a * (1 + first)", "c == b * (1 + second)", "c == a * (1 + both)"],
        ["first == b / a - 1", "second == (c - b) / b", "both == c / a - 1"],
    ],
)
def test_growth_upon_growth_needs_no_level(relations):
    both = audit({"first": "10%", "second": "20%", "both": "32%"}, relations, "a b c")
    assert about(both.recomputed["both"], 1.095 * 1.195 - 1, 1.105 * 1.205 - 1)
    assert about(both.recomputed["first"], 1.315 / 1.205 - 1, 1.325 / 1.195 - 1)
    assert len(audit({"first": "10%", "second": "20%", "both": "30%"}, relations, "a b c").conflicts) == 1


@pytest.mark.parametrize("index", ["index * then == 100 * now", "now == index * then / 100"])
@pytest.mark.parametrize(
    "growth", ["now == then * (1 + g)", "then == now / (1 + g)", "g == (now - then) / then"]
)
def test_an_index_and_a_growth_rate_agree_however_they_are_written(index, growth):
    grown = audit({"index": "101.2", "g": "1.2%"}, [index, growth], "now then")
    assert about(grown.recomputed["g"], 0.0115, 0.0125)
    (conflict,) = audit({"index": "101.2", "g": "-0.62%"}, [index, growth], "now then").conflicts
    assert conflict.statistics == ("index", "g")


def test_growth_over_years_reaches_the_number_of_years_and_what_hangs_from_it():
    relations = ["end == start * (1 + rate) ** 3", "end == start * rise", "double == 2 * rate"]
    recomputed = audit({"rate": "10%", "rise": "1.331倍", "double": "20%"}, relations, "start end").recomputed
    assert about(recomputed["rise"], 1.0975**3, 1.1025**3)
    assert about(recomputed["double"], 2 * (1.3305 ** (1 / 3) - 1), 2 * (1.3315 ** (1 / 3) - 1))


def test_a_cross_table_needs_no_total():
    """Rows of two tables that share their columns: 10 + 20, 30 + ?; columns 40 and 60."""
    figures = {"a11": "10元", "a12": "20元", "a21": "30元", "c1": "40元", "c2": "60元", "r2": "70元"}
    rows = ["r1 == a11 + a12", "r2 == a21 + a22", "c1 == a11 + a21", "c2 == a12 + a22", "c1 + c2 == r1 + r2"]
    table = audit(figures, rows, "a22 r1")
    assert table.conflicts == []
    assert about(table.recomputed["r2"], 68.5, 71.5)


def test_a_level_of_zero_has_no_growth_and_accuses_nobody():
    relations = ["now == then * (1 + growth)", "total == now + other", "old == then + other_then"]
    figures = {"now": "0元", "then": "0元", "growth": "50%", "total": "7元", "other": "7元", "old": "7元"}
    assert audit(figures, relations, "other_then").conflicts == []


# -- proofs ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report_audit() -> Audit:
    return Audit(load())


def added_up(lines) -> dict[str, float]:
    """The factor of each quantity, "" for the constant, in the sum of all lines by their weights."""
    total: dict[str, float] = {}
    for text, weight in zip(lines["inequality"], lines["weight"], strict=True):
        line = parse(text)
        sign = 1 if line.symbol == "<=" else -1
        for monomial, factor in polynomial(Operation("-", line.right, line.left)).items():
            name = monomial[0][0].id if monomial else ""
            total[name] = total.get(name, 0.0) + sign * weight * float(factor)
    return total


def test_the_lines_of_a_proof_add_up_to_it(report_audit):
    """Of the report's own conflict: all drops out but the credit and what it is at most."""
    proof = report_audit.proof("platform_credit")
    assert proof.side == "most"
    assert proof.bound == pytest.approx(344_999 * 10**7 / 0.9325)
    total = added_up(proof.lines)
    assert total.pop("platform_credit") == pytest.approx(-1)
    assert total.pop("") == pytest.approx(proof.bound)
    sizes = {"platform_inclusive_credit": 1.0, "platform_credits": 1e7, "platform_inclusive_credits": 1e7}
    assert {name: pytest.approx(0, abs=1e-6 * sizes[name]) for name in sizes} == total


def test_a_proof_holds_rates_at_their_ends(report_audit):
    proof = report_audit.proof("borrowers")
    assert proof.side == "least"
    assert proof.bound == pytest.approx(report_audit.recomputed["borrowers"].lower)
    total = added_up(proof.lines)
    assert total["borrowers"] == pytest.approx(1)
    assert total[""] == pytest.approx(-proof.bound)


def test_what_no_conflict_holds_or_no_sum_refutes_has_no_proof(report_audit):
    assert report_audit.proof("sme_loans") is None
    powers = audit(
        {"start": "100元", "end": "200元", "rate": "10%", "years": "3年"},
        ["end == start * (1 + rate) ** years"],
        "",
    )
    assert powers.disputed
    assert powers.proof("years") is None


# -- of true reports ------------------------------------------------------------------------------

amounts = st.integers(1000, 9999)


@given(st.lists(st.tuples(amounts, amounts), min_size=2, max_size=4), st.integers(0, 3))
def test_nothing_is_said_against_a_true_report(parts, digits):
    """Parts at two dates, of which only shares and growth rates are printed, to so many digits."""
    true: dict[str, Fraction] = {}
    relations = []
    for date, i in (("then", 0), ("now", 1)):
        total = sum(part[i] for part in parts)
        relations.append(f"{date} == " + " + ".join(f"{date}{n}" for n in range(len(parts))))
        for n, part in enumerate(parts):
            relations.append(f"share_{date}{n} == {date}{n} / {date}")
            true[f"share_{date}{n}"] = Fraction(part[i], total)
    for n, (then, now) in enumerate(parts):
        relations.append(f"now{n} == then{n} * (1 + growth{n})")
        true[f"growth{n}"] = Fraction(now, then) - 1
    relations.append("now == then * (1 + growth)")
    true["growth"] = Fraction(sum(now for _, now in parts), sum(then for then, _ in parts)) - 1
    levels = [f"{date}{n}" for date in ("then", "now") for n in ("", *range(len(parts)))]
    printed = {id: f"{float(value) * 100:.{digits + 2}f}%" for id, value in true.items()}
    outcome = audit(printed, relations, " ".join(levels))
    assert outcome.conflicts == []
    for id, interval in outcome.recomputed.items():
        assert interval.lower <= true[id] <= interval.upper, id


sizes = st.integers(-290, 290).flatmap(lambda n: st.integers(1, 9).map(lambda digit: float(f"{digit}e{n}")))


@given(sizes, sizes, st.floats(0.0, 2.0), st.floats(1e-12, 1e3), st.booleans())
def test_of_whatever_size_levels_are_true_values_stay(first, second, share, room, unlimited):
    """A whole with two parts and their shares, in boxes around true values from 1e-290 to 1e290."""
    names = ("a", "b", "total", "sa", "grown")
    texts = ("total == a + b", "a == sa * total", "grown == a * (1 + sa)")
    together = linear(names, frozenset({"a", "b", "total", "grown"}), [parse(text) for text in texts])
    assert together is not None
    total = first + second
    true = (first, second, total, first / total, first * (1 + first / total))
    low = [max(0.0, value * (1 - room * share) * (1 - 1e-9)) for value in true]
    high = [inf if unlimited else value * (1 + room) for value in true]
    cone = Cone(together, low, high, [True] * 3)
    assert not cone.empty
    for place, value in enumerate(true):
        least, most = cone.ends(place)
        assert least * (1 - 1e-9) <= value <= most * (1 + 1e-9)


# -- the programme itself -------------------------------------------------------------------------


def test_the_least_ratio_of_two_sums():
    rows = [{0: 1.0, 1: -2.0}, {0: -1.0, 1: 3.0}]  # y between x/3 and x/2
    assert least_ratio(rows, {0: 1.0}, {1: 1.0})[0] == pytest.approx(2)
    assert least_ratio(rows, {1: 1.0}, {0: 1.0})[0] == pytest.approx(1 / 3)
    assert least_ratio(rows, {0: 1.0, 1: 1.0}, {1: 1.0})[0] == pytest.approx(3)
    assert least_ratio([], {0: 1.0}, {1: 1.0})[0] == 0


def test_what_leaves_the_lower_sum_no_value_is_told_by_infinity():
    assert least_ratio([{0: 1.0, 1: -2.0}, {0: -1.0, 1: 1.5}], {0: 1.0}, {1: 1.0})[0] == inf


factors = st.integers(-8, 8).map(lambda n: n / 4)


@given(
    st.lists(st.dictionaries(st.integers(0, 4), factors, max_size=4), max_size=7),
    st.dictionaries(st.integers(0, 4), st.integers(0, 8).map(float), min_size=1),
    st.dictionaries(st.integers(0, 4), factors, min_size=1),
)
def test_the_weights_prove_the_value_exactly(rows, over, under):
    """Added with their weights the rows leave no room below the value, in exact arithmetic."""
    value, weights = least_ratio(rows, over, under)
    assert value >= 0
    assert all(weight >= 0 for weight in weights.values())
    impossible = value == inf
    for unknown in range(5):
        used = sum(
            (Fraction(w) * Fraction(rows[n].get(unknown, 0.0)) for n, w in weights.items()), Fraction(0)
        )
        below, above = Fraction(under.get(unknown, 0.0)), Fraction(over.get(unknown, 0.0))
        if impossible:  # the weights alone show that the lower sum is not above zero
            assert used < 0 or (used == 0 and below <= 0) or below <= 0
        elif value:
            assert used + Fraction(value) * below <= above
