"""Slips are single, printed like the figure, and undone by the same kind of slip."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount import numerals
from recount.slips import KINDS, candidates

figures = st.builds(
    lambda number, places, unit: f"{number / 10**places:.{places}f}{unit}",
    st.integers(1, 99999), st.integers(0, 2), st.sampled_from(["亿元", "万户", "%", "个百分点", "家", "万亿元"]),
)  # fmt: skip


def kinds_to(printed: str, meant: str) -> list[str]:
    return [slip.kind for slip in candidates(printed) if slip.printed == meant]


@pytest.mark.parametrize(
    ("printed", "meant", "kind"),
    [
        ("24万亿元", "2.4万亿元", "power_of_ten"),
        ("24万亿元", "24亿元", "unit_word"),
        ("302.9吨", "402.9吨", "digit_changed"),
        ("754.6亿元", "745.6亿元", "digits_swapped"),
        ("1.16百万", "1.16百万", None),
        ("$1.16 million", "$1.116 million", "digit_dropped"),
        ("$1.116 million", "$1.16 million", "digit_doubled"),
        ("1.25%", "1.25个百分点", "percent_or_point"),
        ("12.4个百分点", "12.4%", "percent_or_point"),
        ("5.35%", "-5.35%", "sign"),
        ("0.05亿元", "0.5亿元", "power_of_ten"),
        ("5亿元", "0.05亿元", "power_of_ten"),
    ],
)
def test_known_slips(printed, meant, kind):
    assert kinds_to(printed, meant) == ([kind] if kind else [])


def test_figures_without_a_single_arabic_number_have_none():
    assert candidates("三大") == candidates("3~30万元") == candidates("六成以上") == []


@given(figures)
def test_every_candidate_can_be_read_and_says_something_else(printed):
    found = candidates(printed)
    assert all(numerals.parse(slip.printed).printed == slip.printed for slip in found)
    assert printed not in [slip.printed for slip in found]
    assert len({slip.printed for slip in found}) == len(found)


@given(figures)
def test_candidates_are_ranked_by_kind_and_always_the_same(printed):
    found = candidates(printed)
    assert [KINDS.index(slip.kind) for slip in found] == sorted(KINDS.index(slip.kind) for slip in found)
    assert found == candidates(printed)


@settings(max_examples=25)
@given(figures)
def test_a_slip_of_the_pen_can_be_undone_by_its_opposite(printed):
    """A dropped digit is undone by a doubled one only where the two are alike: those two are left out."""
    for slip in candidates(printed):
        if slip.kind in ("power_of_ten", "unit_word", "digits_swapped", "digit_changed", "sign"):
            value = numerals.parse(printed).value
            back = {numerals.parse(other.printed).value for other in candidates(slip.printed)}
            assert value in back
