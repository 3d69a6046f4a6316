"""A batch of what-ifs: each says what its audit says alone, to the last bit, whatever stands beside it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from benchmarks.misprints import draw, linked, misprinted
from benchmarks.reports import make
from recount.arithmetic.smallest import smallest
from recount.audit import Audit, AuditError, Settings, slips
from recount.audit.settings import EVIDENCE
from recount.figures.numerals import NumeralError
from recount.figures.readings import READINGS, ROUNDINGS
from recount.package import Dataset, load, report

REPORTS = ("the book's", *(f"{kind} {seed}" for kind in ("newspaper", "dense") for seed in range(3)))


@functools.cache
def dataset(name: str) -> Dataset:
    """The book's own dataset, or a generated report with a misprint."""
    if name == REPORTS[0]:
        return load()
    kind, seed = name.split()
    original, rng = make(kind, 20, int(seed)), Random(int(seed))
    slip = draw(original, "power_of_ten", rng, linked(original))
    return misprinted(original, (slip,) if slip else ()).dataset()


@functools.cache
def others(name: str, id: str) -> list[str]:
    """What a statistic could print instead: figures one slip away that can be read."""
    data = dataset(name)
    printed, unit = data.statistics.at[id, "printed"], data.units[data.statistics.at[id, "quantity"]]
    readable = [printed]
    for slip in slips.candidates(printed, data.readings):
        try:
            data.interval(slip.printed)
        except NumeralError:  # such as 11余户: more than 11 and less than 12 households
            continue
        if data.figure(slip.printed).unit == unit:
            readable.append(slip.printed)
    return readable


def changes(name: str) -> SearchStrategy[dict[str, Any]]:
    """One what-if of a report: any of its settings anew."""
    data = dataset(name)

    def figures(id: str) -> SearchStrategy[tuple[str, str]]:
        return st.sampled_from(others(name, id)).map(lambda printed: (id, printed))

    instead = st.lists(st.sampled_from(list(data.statistics.index)).flatmap(figures), max_size=3).map(dict)
    quantity = data.statistics["quantity"]
    published = instead.map(
        lambda chosen: {quantity[id]: printed for id, printed in list(chosen.items())[:1]}
    )
    assumed = st.dictionaries(st.sampled_from(list(data.relations.index)), st.booleans(), max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "reading": st.sampled_from(READINGS),
            "rounding": st.sampled_from(ROUNDINGS),
            "evidence": st.sampled_from(EVIDENCE),
            "assumptions": assumed,
            "overrides": instead,
            "published": published,
        },
    )


def bits(table: pd.DataFrame) -> tuple[bytes, list[str]]:
    """A table of scenarios as it is, bit for bit."""
    return table[["lower", "upper"]].to_numpy().tobytes(), list(table["verdict"])


def alone(audit: Audit, change: Mapping[str, Any]) -> pd.DataFrame | None:
    """A scenario by itself; nothing where outside evidence contradicts itself in it."""
    try:
        return audit.scenarios([change])
    except AuditError:
        return None


@settings(max_examples=12)
@given(st.data(), st.sampled_from(REPORTS))
def test_a_scenario_says_the_same_alone_and_among_others_in_any_order(data, name):
    audit = Audit(dataset(name))
    drawn = data.draw(st.lists(changes(name), min_size=2, max_size=6))
    answered = [(change, table) for change in drawn if (table := alone(audit, change)) is not None]
    order = data.draw(st.permutations([*answered, *answered]))
    table = audit.scenarios([change for change, _ in order])
    for number, (_, by_itself) in enumerate(order):
        assert bits(table.loc[[number]]) == bits(by_itself)


@settings(max_examples=25)
@given(st.data(), st.sampled_from(REPORTS))
def test_a_scenario_says_what_an_audit_with_these_settings_says(data, name):
    drawn = data.draw(st.lists(changes(name), min_size=1, max_size=3))
    try:
        table = Audit(dataset(name)).scenarios(drawn)
    except AuditError:  # outside evidence that contradicts itself does so alone, too
        assert any(alone(Audit(dataset(name)), change) is None for change in drawn)
        return
    for number, change in enumerate(drawn):
        audit = Audit(dataset(name), Settings(**change))
        rows = table.loc[number]
        ends = [(float(interval.lower), float(interval.upper)) for interval in audit.recomputed.values()]
        assert rows[["lower", "upper"]].to_numpy().tobytes() == np.array(ends).tobytes()
        assert set(rows.index[rows["verdict"] == "contradicted"]) == set(audit.disputed)


def test_more_scenarios_than_are_worked_out_at_a_time_say_the_same():
    data = report(
        {"now": "110.0亿元", "before": "100.0亿元", "growth": "10.0%"}, ["now == before * (1 + growth)"]
    )
    audit = Audit(data)
    figures = [f"{number / 10:.1f}亿元" for number in range(500, 3000)]
    table = audit.scenarios([{"overrides": {"now": printed}} for printed in figures])
    for number in (0, 600, 601, 1999, 2000, 2499):
        assert bits(table.loc[[number]]) == bits(audit.scenarios([{"overrides": {"now": figures[number]}}]))
    wrong = table.xs("now", level="statistic")["verdict"] == "contradicted"
    assert [figures[number] for number in range(2500) if not wrong[number]] == [
        f"{number / 10:.1f}亿元" for number in range(1099, 1102)
    ]


def test_no_scenario_is_an_empty_table():
    table = Audit(report({"a": "10家"}, [])).scenarios([])
    assert table.shape == (0, 3)
    assert table.index.names == ["scenario", "statistic"]


# -- the search for smallest parts -------------------------------------------------------------------


def one_by_one(order: list[int], does) -> list[int]:
    """What is left when pieces are dropped from the last to the first as long as the rest still does."""
    kept = list(order)
    for piece in reversed(order):
        rest = [other for other in kept if other != piece]
        if does(rest):
            kept = rest
    return kept


@st.composite
def searches(draw_):
    """Pieces in an order of preference, and sets of them any of which will do."""
    order = draw_(st.permutations("abcdefghijkl"[: draw_(st.integers(1, 12))]))
    enough = st.frozensets(st.sampled_from(order), max_size=5)
    return order, draw_(st.lists(enough, min_size=1, max_size=4))


@given(searches())
def test_the_smallest_part_prefers_what_comes_first(search):
    order, enough = search

    def does(pieces) -> bool:
        return any(pieces_needed <= set(pieces) for pieces_needed in enough)

    needed = smallest(order, frozenset(), lambda state, more: state.union(more), does)
    assert needed == one_by_one(order, does)
