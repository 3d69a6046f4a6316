"""The engine's own files run in a web page, by Brython, and leave what they leave here."""

from __future__ import annotations

import math

import pytest

from benchmarks.browser import PageError, Problem, agree, solved_in_page
from recount.arithmetic.linear import linear
from recount.arithmetic.network import Figure, Network, Quantity, Rule, System
from recount.arithmetic.relations import compiled, parse
from tests.browser import find_browser


def rule(id: str, text: str, question: str = "", spare: bool = False) -> Rule:
    return Rule(id, compiled(parse(text)), question, spare)


def problem() -> Problem:
    """Every operator, a whole number, ends at infinity and below zero, rival answers, linear relations."""
    money, rate = Quantity(0.0, math.inf, False), Quantity(-1.0, math.inf, False)
    levels = ("part", "total", "level", "other", "rest")
    quantities = dict.fromkeys(levels, money) | dict.fromkeys(("share", "growth", "times"), rate)
    quantities["years"] = Quantity(0.0, math.inf, True)
    texts = {
        "share": "share == part / total",
        "growth": "level == part * (1 + growth) ** years",
        "adds up": "total == part + other",
        "times": "other == part * times",
    }
    rules = [rule(id, text) for id, text in texts.items()]
    rules += [
        rule("within", "rest == total - part", "rest"),
        rule("beside", "rest == total + part", "rest"),
        rule("points", "growth == share", spare=True),
    ]
    printed = {
        "part": (9.5, 10.5),
        "total": (39.0, 41.0),
        "share": (0.245, 0.255),
        "level": (19.0, math.inf),
        "growth": (-0.5, 0.105),
        "years": (7.0, 9.0),
        "times": (2.5, 3.5),
    }
    figures = {f"{quantity} printed": Figure(quantity, ends) for quantity, ends in printed.items()}
    together = linear(list(quantities), frozenset(levels), [parse(text) for text in texts.values()])
    system = System(Network(quantities, rules, together), figures)
    return Problem(system, list(figures), system.pieces)


@pytest.fixture
def page() -> None:
    pytest.importorskip("brython", reason="the engine runs in a page by Brython: requirements-bench.txt")
    find_browser()


@pytest.mark.usefixtures("page")
def test_the_engine_leaves_in_a_page_what_it_leaves_here():
    asked = problem()
    here, there = asked.solved(), solved_in_page([asked])["bounds"]
    assert [id for id, ends in here.items() if not agree(ends, there[id])] == []
    assert here["growth printed"][0] > -0.5  # the network does narrow


@pytest.mark.usefixtures("page")
def test_a_page_that_fails_says_what_it_is_that_failed():
    system = problem().system
    with pytest.raises(PageError, match="no such figure"):
        solved_in_page([Problem(system, ["no such figure"], system.pieces)])


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ((1.0, math.inf), (1.0 + 1e-12, math.inf), True),
        ((1.0, 2.0), (1.0, 2.001), False),
        ((1.0, 2.0), (1.0, math.inf), False),
        (None, None, True),
        (None, (1.0, 2.0), False),
    ],
)
def test_bounds_agree_where_they_are_the_same_but_for_rounding(ours, theirs, same):
    assert agree(ours, theirs) is same
