"""The second generator: its reports are true, its oracle is right, and the audit does not accuse them."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from benchmarks.truths.audited import KINDS, LINEAR, audited, drafted
from benchmarks.truths.draft import Draft
from benchmarks.truths.printing import BARE, HEDGES, RATES, SCALES, Figure, Form, Hedge, printed
from benchmarks.truths.slips import KINDS as SLIPS
from benchmarks.truths.slips import misprinted, slip
from recount.figures.numerals import default_readings, parse

SEEDS = range(4)
NEEDS = "the oracle is HiGHS, through scipy: requirements-bench.txt"
YUAN, PERCENT = SCALES["yuan", "zh"], RATES["percent", "zh"][0]


def holds(draft: Draft, text: str) -> bool:
    """A relation at the true values, by Python's own exact fractions."""
    return bool(eval(text, {"__builtins__": {}}, draft.values))


@pytest.mark.parametrize("kind", KINDS)
def test_every_relation_and_every_figure_is_true_of_the_values(kind):
    for seed in range(25):
        draft = drafted(kind, seed)
        assert [text for text in draft.relations if not holds(draft, text)] == []
        assert [id for id, figure in draft.figures.items() if not figure.holds(draft.values[id])] == []
        for row in filter(None, draft.rows):
            rates = [term.constant + term.factor * draft.values.get(term.rate, Fraction(0)) for term in row]
            levels = [draft.values[term.level] for term in row]
            assert sum(rate * level for rate, level in zip(rates, levels, strict=True)) == 0
        assert len(draft.rows) == len(draft.relations)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_always_gives_the_same_report(kind):
    assert drafted(kind, 1) == drafted(kind, 1)
    assert drafted(kind, 1).figures != drafted(kind, 2).figures


@pytest.mark.parametrize(
    ("value", "form", "text", "bounds"),
    [
        ("96123456789", Form("zh", YUAN[1], 1), "961.2亿元", ("961.15e8", "961.25e8")),
        ("96123456789", Form("zh", YUAN[1], 0, "ceiling"), "962亿元", ("961e8", "962e8")),
        ("96123456789", Form("en", SCALES["yuan", "en"][1], 0, "truncation"), "96 billion yuan", ("96e9", "97e9")),
        ("-0.0325", Form("zh", PERCENT, 1), "-3.3%", ("-0.0335", "-0.0325")),
        ("1234567", Form("en", SCALES["count", "en"][3], 0, whole=True), "1,234,567 households",
         ("1234567", "1234567")),
        ("3.04", Form("zh", SCALES["count", "zh"][2], 0), "3户", ("2.5", "3.5")),
        ("103.24", Form("zh", BARE[0], 1), "103.2", ("103.15", "103.25")),
        ("0.413", Form("zh", PERCENT, 0, hedge=HEDGES["zh"][0]), "超过41%", ("0.41", None)),
        ("0.41", Form("zh", PERCENT, 0, hedge=HEDGES["zh"][0]), "超过40%", ("0.4", None)),
        ("0.398", Form("zh", PERCENT, 0, hedge=Hedge("nearly", before="近")), "近40%", ("0.38", "0.4")),
        ("346000", Form("zh", SCALES["count", "zh"][1], 0, hedge=Hedge("odd", inside="多")), None, None),
        ("304000", Form("zh", SCALES["count", "zh"][1], 0, hedge=Hedge("odd", inside="多")), "30多万户",
         ("300000", "400000")),
    ],
)  # fmt: skip
def test_a_value_is_printed_by_the_rule_of_its_form(value, form, text, bounds):
    figure = printed(Fraction(value), form)
    assert (figure and figure.text) == text
    if figure:
        assert figure.bounds == tuple(None if end is None else Fraction(end) for end in bounds)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_figure_says_agrees_with_the_published_readings(kind):
    """Two independent readings of the same print: the generator's own and that of readings.csv."""
    for draft in (drafted(kind, seed) for seed in SEEDS):
        for id, figure in draft.figures.items():
            if draft.units[id] != "count" or figure.form.place != 1:  # where only whole numbers are possible
                bounds = default_readings().bounds(parse(figure.text), "literal", draft.rounding)
                ends = (None if end is None else Fraction(end) for end in (bounds.lower, bounds.upper))
                assert tuple(ends) == figure.bounds, figure.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_true_report_is_never_contradicted_and_no_true_value_is_ruled_out(kind):
    for draft in (drafted(kind, seed) for seed in SEEDS):
        if draft.averages_in_full:
            continue  # `benchmarks.tables` tells these apart: an average of counts, printed like a count
        audit = audited(draft)
        assert audit.conflicts == []
        for id, interval in audit.recomputed.items():
            assert interval.lower <= draft.values[id] <= interval.upper, (draft.kind, id)


@pytest.mark.parametrize("kind", SLIPS)
def test_a_slip_prints_another_figure_and_leaves_the_others(kind):
    rng, drawn = Random(1), 0
    for draft in (drafted(name, seed) for name in KINDS for seed in SEEDS):
        wrong = slip(draft, rng, kind)
        if wrong is not None:
            report = misprinted(draft, wrong)
            changed = [id for id, figure in draft.figures.items() if report.figures[id].text != figure.text]
            assert changed == [wrong.id]
            drawn += 1
    assert drawn > 3


@pytest.mark.parametrize(
    ("kind", "number", "slips"),
    [
        ("digits_swapped", 4512, {5412, 4152, 4521}),
        ("digits_swapped", 1000, set()),
        ("sign", 12, set()),  # a total cannot be below zero
    ],
)
def test_the_slips_of_a_kind(kind, number, slips):
    draft = Draft("by hand", Random(0))
    draft.level("total", number, "count")
    draft.figures["total"] = Figure(number, Form("zh", SCALES["count", "zh"][2], 0, whole=True))
    drawn = {slip(draft, Random(seed), kind) for seed in range(30)} - {None}
    assert {wrong.figure.number for wrong in drawn} == slips


# -- the oracle ---------------------------------------------------------------------------------


def by_hand(figures: dict[str, float], **values: float) -> Draft:
    """A draft of counts with some of them printed in full."""
    draft = Draft("by hand", Random(0))
    for id, value in values.items():
        draft.level(id, Fraction(value), "count")
    for id, number in figures.items():
        draft.figures[id] = Figure(int(number), Form("zh", SCALES["count", "zh"][2], 0, whole=True))
    return draft


def sums_of_pairs(total: int) -> Draft:
    """Three sums of two of three numbers, and the sum of all."""
    draft = by_hand({"ab": 10, "bc": 12, "ac": 8, "abc": total}, a=3, b=7, c=5, ab=10, bc=12, ac=8, abc=15)
    for id in ("ab", "bc", "ac", "abc"):
        draft.total(id, list(id))
    return draft


def test_the_oracle_finds_what_follows_from_several_sums_at_once():
    oracle = pytest.importorskip("benchmarks.truths.oracle", reason=NEEDS).Oracle
    assert oracle(sums_of_pairs(15), widened=True).possible()
    assert not oracle(sums_of_pairs(16), widened=True).possible()
    assert oracle(sums_of_pairs(15), without="abc").allowed("abc") == pytest.approx((15, 15))
    assert oracle(sums_of_pairs(15), without="ab").allowed("ab") == pytest.approx((10, 10))


def shares(first: int, second: int) -> Draft:
    """Two shares in percent of one total of which no amount is printed."""
    draft = by_hand({}, a=30, b=30, all=60)
    draft.total("all", ["a", "b"])
    for id, part, number in (("share_a", "a", first), ("share_b", "b", second)):
        draft.quotient(id, part, "all")
        draft.figures[id] = Figure(number, Form("zh", PERCENT, 0))
    return draft


def test_the_oracle_knows_that_shares_add_up_to_one():
    oracle = pytest.importorskip("benchmarks.truths.oracle", reason=NEEDS).Oracle
    assert oracle(shares(50, 50), widened=True).possible()
    assert not oracle(shares(52, 52), widened=True).possible()
    assert oracle(shares(52, 52), without="share_b").allowed("share_b") == pytest.approx((0.475, 0.485))


@pytest.mark.parametrize("kind", LINEAR)
def test_the_oracle_allows_every_true_value(kind):
    oracle = pytest.importorskip("benchmarks.truths.oracle", reason=NEEDS).Oracle
    for draft in (drafted(kind, seed) for seed in SEEDS[:2]):
        assert oracle(draft, widened=True).possible()
        for id in draft.figures:
            low, high = oracle(draft, without=id).allowed(id)
            value = float(draft.values[id])
            assert low - 1e-7 * abs(low) <= value <= high + 1e-7 * abs(high), (draft.kind, id)


def test_the_smallest_failing_part_of_a_report_keeps_what_it_fails_by():
    smallest = pytest.importorskip("benchmarks.smallest", reason=NEEDS)
    draft = drafted("signs", 1)
    kept = next(iter(draft.figures))
    smaller = smallest.smallest(draft, lambda part: kept in part.figures and bool(part.relations))
    assert list(smaller.figures) == [kept]
    assert len(smaller.relations) == 1


def test_an_impossible_report_that_the_audit_contradicts_is_not_missed():
    smallest = pytest.importorskip("benchmarks.smallest", reason=NEEDS)
    assert not smallest.missed(shares(52, 52))
    assert not smallest.missed(shares(50, 50))
    assert smallest.accused(shares(52, 52))


# -- the tables ---------------------------------------------------------------------------------


def test_each_experiment_counts_what_it_was_asked_for():
    tables = pytest.importorskip("benchmarks.tables", reason=NEEDS)
    for experiment, fact in (
        (tables.true_report, "intervals"),
        (tables.one_slip, "reports"),
        (tables.two_slips, "reports"),
        (tables.impossible_figure, "reports"),
        (tables.widths, "width"),
    ):
        assert tables.summed(experiment(1), fact) > 0, experiment.__name__


@pytest.mark.parametrize(("part", "value"), [(50, 2), (90, 4), (99, 4), (25, 1)])
def test_a_percentile_is_one_of_the_values(part, value):
    tables = pytest.importorskip("benchmarks.tables", reason=NEEDS)
    assert tables.percentile([1, 2, 3, 4], part) == value


def test_the_width_of_what_is_known_exactly_is_compared_too():
    tables = pytest.importorskip("benchmarks.tables", reason=NEEDS)
    draft = sums_of_pairs(15)
    assert tables._ratio(draft, "ab", (10, 10), (10, 10)) == 1
    assert tables._ratio(draft, "ab", (8, 13), (10, 10)) == 6
