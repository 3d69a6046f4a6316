"""Shares and averages of whole things: a figure that such a number meets has passed a test."""

from __future__ import annotations

import pytest

from recount.audit import Audit
from recount.package.small import report


def verdict(figures: dict[str, str], relation: str, subject: str, **counted: str) -> tuple[str, list[str]]:
    """What comes of a figure, and what its verdict rests on; `counted` are whole numbers not printed."""
    whole = [*counted, *figures.keys() - {subject}]
    audit = Audit(report(figures, [relation], units=counted, whole=whole, limits={"served": (0, 1)}))
    return audit.verdicts[subject], sorted(audit.support[subject])


def test_a_share_of_ninety_that_some_number_meets():
    outcome = verdict(
        {"served": "99%", "counties": "90个"}, "served == yes / counties", "served", yes="count"
    )
    assert outcome == ("consistent", ["counties", "relation_1"])


def test_a_share_of_ninety_that_no_number_meets():
    assert (
        verdict({"served": "99.5%", "counties": "90个"}, "served == yes / counties", "served", yes="count")[0]
        == "contradicted"
    )


@pytest.mark.parametrize(("mean", "expected"), [("5.18", "consistent"), ("5.19", "contradicted")])
def test_a_mean_of_whole_numbers(mean, expected):
    """Of 28 answers (Brown and Heathers' own example)."""
    assert verdict({"mean": mean, "n": "28个"}, "mean == sum / n", "mean", sum="count")[0] == expected


def test_a_share_of_so_many_that_every_figure_is_met():
    figures = {"served": "99%", "people": "5000人"}
    assert verdict(figures, "served == yes / people", "served", yes="count") == ("unchecked", [])


def test_a_share_of_an_unknown_number():
    assert (
        verdict({"served": "99%"}, "served == yes / asked", "served", yes="count", asked="count")[0]
        == "unchecked"
    )


def test_what_is_not_whole_rules_nothing_out():
    figures = {"served": "99%", "land": "90元"}
    data = report(figures, ["served == part / land"], units={"part": "yuan"}, limits={"served": (0, 1)})
    assert Audit(data).verdicts["served"] == "unchecked"
