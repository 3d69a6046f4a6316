"""The benchmarks' own ground: reports are true, misprints are what they are called, counts add up."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest

import recount
from benchmarks import misprints
from benchmarks.__main__ import BEGIN, END, NAMES, README, written
from benchmarks.figures import ROUNDINGS, Figure, exact
from benchmarks.misprints import KINDS, Misprint
from benchmarks.reports import Quantity, Report, make
from benchmarks.results import least, most
from benchmarks.results import share as share_of
from benchmarks.size import BESIDE, ENGINE, code_lines
from benchmarks.soundness import facts, summed
from benchmarks.speed import difference
from recount.arithmetic.intervals import Interval
from recount.figures.numerals import default_readings, parse
from recount.figures.readings import READINGS

SIZES = [("newspaper", 110), ("newspaper", 9), ("dense", 40)]
SEEDS = range(6)


def holds(report: Report, text: str) -> bool:
    """A relation at the true values, by Python's own exact fractions."""
    names = {id: int(q.value) if q.unit == "year" else q.value for id, q in report.truth.items()}
    return bool(eval(text, {"__builtins__": {}}, names))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_every_relation_holds_of_the_truth(kind, size, seed):
    report = make(kind, size, seed)
    assert [text for text in report.relations.values() if not holds(report, text)] == []


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_every_printed_figure_is_true_under_every_reading(kind, size, rounding):
    for seed in SEEDS:
        report = make(kind, size, seed, rounding)
        for id, figure in report.figures.items():
            for reading in READINGS:
                bounds = default_readings().bounds(parse(figure.text), reading, rounding)
                value, low, high = report.truth[id].value, bounds.lower, bounds.upper
                assert low is None or Fraction(low) <= value, (figure.text, value, reading)
                assert high is None or value <= Fraction(high), (figure.text, value, reading)


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_a_report_has_as_many_statistics_as_asked_for_and_is_the_same_again(kind, size):
    first, again, other = make(kind, size, 1), make(kind, size, 1), make(kind, size, 2)
    assert len(first.figures) == size
    assert first == again != other


def test_the_report_of_110_statistics_has_74_relations():
    assert {len(make("newspaper", 110, seed).relations) for seed in SEEDS} == {74}


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_what_a_figure_says_agrees_with_the_published_readings(kind, size):
    """Two independent readings of the same print: the generator's own and that of readings.csv."""
    rng = Random(5)
    report = make(kind, size, 5)
    drawn = [misprints.draw(report, slip, rng, misprints.linked(report)) for slip in KINDS]
    figures = list(report.figures.values()) + [misprint.figure for misprint in drawn if misprint]
    for figure in figures:
        bounds = default_readings().bounds(parse(figure.text))
        if figure.unit not in ("户", "年"):  # of which only whole numbers are possible
            low, high = figure.range()
            assert (low, high) == tuple(None if end is None else Fraction(end)
                                        for end in (bounds.lower, bounds.upper)), figure  # fmt: skip


@pytest.mark.parametrize(
    ("value", "digits", "rounding", "number"),
    [("2.345", 2, "half_up", "2.35"), ("2.345", 2, "truncation", "2.34"), ("2.341", 2, "ceiling", "2.35"),
     ("-3.25", 1, "half_up", "-3.2"), ("-0.04", 1, "half_up", "0.0"), ("1349", -2, "half_up", "1300")],
)  # fmt: skip
def test_a_value_is_rounded_exactly(value, digits, rounding, number):
    assert exact(Fraction(value), "元", digits, rounding).number == number


def share(part: str, total: str, printed: str) -> Report:
    """A share of a total as printed, beside its truth of a quarter."""
    report = Report({}, {"share": "share == part / total"}, {})
    for id, value, unit, kind, text in (
        ("part", 25 * 10**8, "yuan", "stock", part), ("total", 10**10, "yuan", "stock", total),
        ("share", Fraction(1, 4), "ratio", "share", printed),
    ):  # fmt: skip
        report.truth[id] = Quantity(Fraction(value), unit, kind, id)
        report.figures[id] = Figure(text, "%" if unit == "ratio" else "亿元")
    return report


def test_a_misprint_is_visible_only_where_the_printed_numbers_can_no_longer_hold():
    report = share("25.0", "100.0", "25.0")
    tenfold = Misprint("share", "power_of_ten", Figure("2.50", "%"))
    rounded = Misprint("share", "digit_changed", Figure("25.1", "%"))
    assert misprints.visible(report, tenfold)
    assert not misprints.visible(report, rounded)  # 25.049 of 99.951 is 25.06%, which prints as 25.1%
    open_end = Misprint("total", "power_of_ten", Figure("10.0", "亿元", "超过"))
    assert not misprints.visible(report, open_end)


def test_two_misprints_that_cancel_out_cannot_be_seen():
    report = share("25.0", "100.0", "25.0")
    both = (Misprint("part", "power_of_ten", Figure("250.0", "亿元")),
            Misprint("total", "power_of_ten", Figure("1000.0", "亿元")))  # fmt: skip
    assert misprints.visible(report, both[0])
    assert misprints.visible(report, both[1])
    assert not misprints.visible(report, both[0], (both[1],))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_slip_prints_another_figure_that_can_be_read(kind):
    rng, drawn = Random(2), []
    for seed in range(20):
        report = make(("newspaper", "dense")[seed % 2], 40, seed)
        misprint = misprints.draw(report, kind, rng, misprints.linked(report))
        if misprint:
            parse(misprint.figure.text)
            assert misprint.figure != report.figures[misprint.statistic]
            drawn.append(misprint)
    assert len(drawn) >= 3
    assert {misprint.kind for misprint in drawn} == {kind}


def share_misprint() -> tuple[Report, Misprint]:
    misprint = Misprint("share", "power_of_ten", Figure("2.50", "%"))
    return misprints.misprinted(share("25.0", "100.0", "25.0"), (misprint,)), misprint


def told(conflicts=((),), explanations=()) -> SimpleNamespace:
    """What the counters read of an audit."""
    return SimpleNamespace(
        conflicts=[SimpleNamespace(statistics=ids) for ids in conflicts if ids], overlapping=[],
        explanations=[SimpleNamespace(statistics=ids, rank=rank) for ids, rank in explanations],
    )  # fmt: skip


ALL = ("part", "total", "share")


@pytest.mark.parametrize(
    ("audit", "expected"),
    [
        (told(), ["reports"]),
        (told([("part", "total")]), ["reports", "detected"]),
        (told([ALL]), ["reports", "detected", "shown"]),
        (told([ALL], [(("part",), 1), (("share",), 2)]), ["reports", "detected", "shown", "explained"]),
        (told([ALL], [(("part",), 1), (("share",), 1)]), ["reports", "detected", "shown", "explained", "first or tied"]),
        (told([ALL], [(("share",), 1), (("share",), 1), (("part",), 2)]),
         ["reports", "detected", "shown", "explained", "first or tied", "alone first"]),
        (told([ALL], [(("part", "share"), 1)]), ["reports", "detected", "shown"]),
    ],
)  # fmt: skip
def test_what_an_audit_says_is_counted_as_it_is(audit, expected):
    report, misprint = share_misprint()
    assert facts(audit, report, [misprint]) == expected


def test_of_two_misprints_that_nothing_ties_each_is_explained_in_its_own_place():
    report, first = share_misprint()
    for id in ALL:
        report.truth[f"other_{id}"] = replace(report.truth[id], what=f"other_{id}")
        report.figures[f"other_{id}"] = report.figures[id]
    report.relations["other"] = "other_share == other_part / other_total"
    second = replace(first, statistic="other_share")
    conflicts = [ALL, tuple(f"other_{id}" for id in ALL)]
    one = told(conflicts, [(("share",), 1)])
    both = told(conflicts, [(("share",), 1), (("other_part",), 1), (("other_share",), 1)])
    assert facts(one, report, [first, second]) == ["reports", "detected", "shown"]
    assert facts(both, report, [first, second])[-2:] == ["explained", "first or tied"]


def test_tallies_are_summed_over_what_is_not_asked_for():
    tally = Counter({("shown", "dense", "sign"): 2, ("shown", "newspaper", "sign"): 3, ("shown", "dense", "period"): 5,
                     ("reports", "dense", "sign"): 7})  # fmt: skip
    assert summed(tally, "shown") == 10
    assert summed(tally, "shown", kind="dense") == 7
    assert summed(tally, "shown", slip="sign") == 5


def test_a_shortfall_is_printed_as_one():
    assert share_of("first", 94, 93, 100).row() == "| first | at least 94% | 93.0% (93 of 100) | **no** |  |"
    assert most("growth", 15, 14.96).met
    assert least("times faster", 4, 3.999).met is False


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_keeps_its_text_around_the_results(name):
    text = README.read_text(encoding="utf-8")
    once = written(text, name, "| a |")
    assert written(once, name, "| b |") == written(text, name, "| b |")
    begin, end = BEGIN.format(name=name), END.format(name=name)
    assert once.partition(begin)[0] == text.partition(begin)[0]
    assert once.partition(end)[2] == text.partition(end)[2]
    with pytest.raises(ValueError, match="markers"):
        written("no markers", name, "| a |")


def test_bounds_are_compared_by_the_printed_width():
    ours = {"a": Interval.of(10.0, 20.0), "b": Interval.of(1.0, np.inf)}
    printed = {"a": [9.0, 29.0], "b": [2.0, 3.0]}
    assert difference(ours, {"a": [10.0, 20.5], "b": [1.0, np.inf]}, printed) == pytest.approx(0.5 / 20)
    assert difference(ours, {"a": [10.0, 20.0], "b": [1.0, 7.0]}, printed) == np.inf


def test_lines_of_code_are_those_that_hold_code():
    text = '"""Words.\n\nMore words."""\n\nx = (\n    1\n)  # why\n\n\ndef f():\n    """Says."""\n    # because\n    return x\n'
    assert code_lines(text) == 5


def test_every_module_of_the_package_that_the_engine_uses_is_counted_or_named_beside_it():
    listing = "import recount.audit, sys; print(*(name for name in sys.modules if name.startswith('recount.')))"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    used = {name.removeprefix("recount.") for name in done.stdout.split()}
    assert used - {*ENGINE, *BESIDE} == set()
    assert all((Path(recount.__file__).parent / f"{name}.py").is_file() for name in ENGINE)
