"""What is found where much is tied together: the smallest conflicts, the slip, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.conflicts import Case, factors, shares, table
from recount.arithmetic.traces import traces
from recount.audit import Audit, AuditError
from recount.figures.numerals import parse
from recount.package.small import report


def audited(case: Case) -> Audit:
    return Audit(report(case.figures, case.relations))


def members(audit: Audit) -> set[frozenset[str]]:
    return {frozenset(conflict.statistics) for conflict in (*audit.conflicts, *audit.overlapping)}


def first_explained(audit: Audit) -> list[tuple[str, ...]]:
    return [explanation.statistics for explanation in audit.explanations if explanation.rank == 1]


def test_a_wrong_part_among_parts_with_shares():
    audit = audited(shares(40))
    assert [conflict.statistics for conflict in audit.conflicts] == [("part1", "total", "share1")]
    assert frozenset({"total", *(f"part{i}" for i in range(40))}) in members(audit)
    assert first_explained(audit) == [("part1",)]
    assert {id for id, verdict in audit.one_way.items() if verdict == "contradicted"} == {
        "part1",
        "total",
        "share1",
    }


def test_a_wrong_factor_among_factors():
    audit = audited(factors(5))
    growth = {f"growth{year}" for year in range(5)}
    assert members(audit) == {frozenset(growth | {"overall"}), frozenset(growth | {"start", "end"})}
    assert ("growth1",) in first_explained(audit)


def test_a_wrong_cell_of_a_table():
    audit = audited(table(7))
    conflicts = [set(conflict.pieces) for conflict in (*audit.conflicts, *audit.overlapping)]
    assert all("cell1_1" in pieces for pieces in conflicts)
    row, column = "relation_2", "relation_9"
    assert [pieces & {*audit.data.relations["id"]} for pieces in conflicts] in (
        [{row}, {column}],
        [{column}, {row}],
    )
    assert first_explained(audit) == [("cell1_1",)]
    assert set(audit.one_way.values()) == {"contradicted", "consistent"}


def misprinted(side: int, seed: int, slips: int) -> Case:
    """A table with the first digits of some figures changed."""
    case, rng = table(side), Random(seed)
    chosen = rng.sample(sorted(case.figures), slips)
    wrong = {id: str(int(case.figures[id][0]) % 9 + 1) + case.figures[id][1:] for id in chosen}
    return Case(case.figures | wrong, case.relations, chosen[0])


def adds_up(case: Case, relation: str, figures: Collection[str]) -> bool:
    """Whether some of a sum's figures, to two decimals, can be true: in exact numbers, none below zero."""
    total, _, parts = relation.partition(" == ")
    exact = {id: Fraction(parse(case.figures[id]).value) for id in figures}
    half = Fraction(5 * 10**5)
    known = [exact[part] for part in parts.split(" + ") if part in exact]
    every = len(known) == len(parts.split(" + "))
    too_much = total in exact and sum(known) - half * len(known) > exact[total] + half
    too_little = total in exact and every and sum(known) + half * len(known) < exact[total] - half
    return not (too_much or too_little)


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_a_conflict_cannot_hold_and_does_without_any_of_its_pieces(seed, slips):
    case = misprinted(5, seed, slips)
    audit = audited(case)
    (judged,) = audit.judgements
    assert audit.conflicts
    for conflict in (*audit.conflicts, *audit.overlapping):
        assert judged.system.possible(conflict.pieces) is None
        for piece in conflict.pieces:
            assert judged.system.possible(set(conflict.pieces) - {piece}) is not None
        rules = [piece for piece in conflict.pieces if piece not in case.figures]
        if len(rules) == 1:
            relation = audit.data.relations.at[rules[0], "relation"]
            assert not adds_up(case, relation, conflict.statistics)
            for id in conflict.statistics:
                assert adds_up(case, relation, set(conflict.statistics) - {id})


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_each_trace_leaves_no_value_and_the_smallest_comes_first(seed, slips):
    (judged,) = audited(misprinted(5, seed, slips)).judgements
    found = traces(judged.system, judged.system.pieces)
    assert found
    assert [len(trace) for trace in found] == sorted(len(trace) for trace in found)
    for trace in found:
        assert judged.system.possible(trace) is None


def test_what_holds_together_leaves_no_trace():
    (judged,) = Audit(report({"a": "3亿元", "b": "4亿元", "c": "7亿元"}, ["c == a + b"])).judgements
    assert traces(judged.system, judged.system.pieces) == []


def test_figures_of_one_quantity_leave_a_trace_without_a_relation():
    (judged,) = Audit(report({"a": "3亿元", "again": "4亿元"}, restates={"again": "a"})).judgements
    assert traces(judged.system, judged.system.pieces) == [["a", "again"]]


def test_a_true_sum_of_a_thousand_parts_is_proved():
    rng = Random(1)
    amounts = [rng.randint(500, 9999) for _ in range(1000)]
    figures = {f"part{i}": f"{amount}元" for i, amount in enumerate(amounts)} | {"total": f"{sum(amounts)}元"}
    audit = Audit(report(figures, ["total == " + " + ".join(f"part{i}" for i in range(1000))]))
    assert audit.conflicts == audit.unproved == []


# -- edges ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "relation", ["growth == growth + 1", "growth >= growth + 1", "a == 0 - a - 1", "1 == 2 + 0 * a"]
)
def test_a_relation_that_nothing_satisfies_is_blamed_and_no_figure(relation):
    data = report({"growth": "5%", "a": "3亿元", "b": "4亿元"}, [relation, "b == a * (1 + growth)"])
    with pytest.raises(AuditError, match=r"relation_1 \(.*\): found no value .* expected .* switch it off"):
        _ = Audit(data).conflicts


def test_a_relation_that_always_holds_is_none_of_those():
    data = report({"growth": "5%"}, ["growth == growth + 0", "growth <= growth + 1", "growth >= growth - 1"])
    assert Audit(data).conflicts == []


@pytest.mark.parametrize(
    ("figures", "relation"),
    [({"share": "50%", "part": "0家", "whole": "0家"}, "share == part / whole"),
     ({"share": "50%", "part": "0家", "whole": "0亿元"}, "share == part / whole"),
     ({"growth": "10%", "now": "0家", "before": "0家"}, "growth == now / before - 1"),
     ({"growth": "10%", "now": "0家", "before": "0家"}, "now == before * (1 + growth)")],
)  # fmt: skip
def test_a_share_or_growth_of_nothing_is_not_false(figures, relation):
    audit = Audit(report(figures, [relation], whole=[id for id, text in figures.items() if text == "0家"]))
    assert audit.conflicts == []
    assert "contradicted" not in audit.ledger["verdict"].tolist()


def test_a_share_of_nothing_that_is_something_is_false():
    figures = {"share": "50%", "part": "3家", "whole": "0家"}
    audit = Audit(report(figures, ["share == part / whole"], whole=["part", "whole"]))
    assert [conflict.statistics for conflict in audit.conflicts] == [("part", "whole")]


@settings(max_examples=20)
@given(st.integers(2**53 - 4, 2**70), st.integers(0, 2**70))
def test_whole_numbers_that_no_float_tells_apart_are_not_called_false(one, other):
    figures = {"one": f"{one}家", "other": f"{other}家", "all": f"{one + other}家"}
    audit = Audit(report(figures, ["all == one + other"], whole=list(figures)))
    assert audit.conflicts == []


def test_a_huge_whole_number_that_is_far_off_is_found():
    figures = {"one": f"{2**60}家", "other": f"{2**60}家", "all": f"{2**61 + 2**20}家"}
    audit = Audit(report(figures, ["all == one + other"], whole=list(figures)))
    assert [conflict.statistics for conflict in audit.conflicts] == [("one", "other", "all")]
