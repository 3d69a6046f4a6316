"""True numbers are never called false: reports made from a truth, printed by rounding and honest hedges."""

from __future__ import annotations

from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.figures import ROUNDINGS
from benchmarks.misprints import draw, linked, misprinted, visible
from benchmarks.reports import Report, make
from recount.audit import Audit, Settings
from recount.figures.numerals import parse
from recount.figures.readings import READINGS

SIZES = {"newspaper": 14, "dense": 24}
seeds = st.integers(0, 10**9)


def reported(kind: str, seed: int, rounding: str = "half_up") -> Report:
    return make(kind, SIZES[kind], seed, rounding)


@settings(max_examples=60)
@given(st.sampled_from(sorted(SIZES)), seeds, st.sampled_from(ROUNDINGS), st.sampled_from(READINGS))
def test_a_true_report_is_never_contradicted(kind, seed, rounding, reading):
    audit = Audit(reported(kind, seed, rounding).dataset(), Settings(reading=reading, rounding=rounding))
    assert audit.conflicts == []
    assert "contradicted" not in audit.verdicts.values()


@settings(max_examples=20)
@given(seeds)
def test_a_figure_with_its_decimal_point_moved_is_found_and_its_slip_named(seed):
    report = reported("newspaper", seed)
    slip = draw(report, "power_of_ten", Random(seed), linked(report))
    assume(slip is not None and visible(report, slip))
    audit = Audit(misprinted(report, (slip,)).dataset())
    assert all(slip.statistic in conflict.statistics for conflict in audit.conflicts)
    named = [
        candidate["printed"]
        for candidate in audit.slips[slip.statistic]
        if candidate["kind"] == "power_of_ten"
    ]
    assert report.figures[slip.statistic].value in [parse(text).value for text in named]


@settings(max_examples=20)
@given(st.sampled_from(sorted(SIZES)), seeds)
def test_a_support_never_holds_the_statistic_itself(kind, seed):
    for id, support in Audit(reported(kind, seed).dataset()).support.items():
        assert id not in support
