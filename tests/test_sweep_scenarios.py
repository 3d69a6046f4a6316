"""A grid answered from the audit alone: the same as audits one by one, in batches of any size."""

from __future__ import annotations

import csv
import itertools
import math

import fastparquet
import pandas as pd
import pytest
from packages import loaded, make, quantity, reference, relation, statistic
from sweeping import sweep

from recount.audit import Audit, Settings
from recount.figures.readings import READINGS, ROUNDINGS
from recount.package import load
from recount.sweep import scenarios, table
from recount.sweep.grid import Grid, SweepError
from recount.sweep.store import Store


def small(folder):
    """Two figures that must be equal, one with a hedge, and an assumption that makes it three."""
    return make(
        folder,
        quantities=[quantity(name) for name in "abc"],
        statistics=[statistic("a", "近100家"), statistic("b", "105家"), statistic("c", "98家")],
        relations=[relation("tie", "a == b"), relation("guess", "c == a", "assumption", "off")],
    )


GRID = {
    "reading": READINGS, "rounding": ROUNDINGS, "evidence": ["report", "all"],
    "assumptions": [None, {"guess": True}], "overrides": [None, {"b": "96家"}, {"a": "105家", "c": "约100家"}],
    "published": [None, {"c": "97家"}],
}  # fmt: skip


def test_each_scenario_is_what_an_audit_of_its_settings_says(tmp_path):
    data, grid = load(small(tmp_path / "data")), Grid.of(**GRID)
    answers = scenarios.audited(Audit(data), grid)
    assert len(answers) == len(grid) == 3 * 3 * 2 * 2 * 3 * 2
    bounds = pd.concat(
        [batch.bounds for batch in scenarios.batches(Audit(data), grid, 50)], ignore_index=True
    )
    for number, point in enumerate(grid):
        if number % 7:  # one in seven is enough, and seven divides none of the grid's sizes
            continue
        audit = Audit(data, Settings(**point.values))
        way = f"{point.values['reading']} {point.values['rounding']}"
        row, ends = answers.iloc[number], bounds[bounds["scenario"] == number].set_index("statistic")
        for id in "abc":
            assert row[f"verdict_{id}"] == audit.readings[id][way], (number, id)
            assert ends.loc[id, "verdict"] == row[f"verdict_{id}"]
            assert (ends.loc[id, "lower"], ends.loc[id, "upper"]) == (
                float(audit.recomputed[id].lower),
                float(audit.recomputed[id].upper),
            ), (number, id)


def test_the_real_report_s_nine_ways_of_reading():
    data = load()
    grid = Grid.of(reading=READINGS, rounding=ROUNDINGS)
    answers, readings = scenarios.audited(Audit(data), grid), Audit(data).readings
    for number, way in enumerate(itertools.product(READINGS, ROUNDINGS)):
        verdicts = {id: answers[f"verdict_{id}"][number] for id in readings}
        assert verdicts == {id: ways[" ".join(way)] for id, ways in readings.items()}


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_the_size_of_the_batches_changes_nothing(tmp_path, size):
    data = load(small(tmp_path / "data"))
    grid = Grid.of(reading=READINGS, overrides={"less": {"b": "96家"}, "as printed": None})
    whole = scenarios.audited(Audit(data), grid)
    parts = pd.concat([batch.rows for batch in scenarios.batches(Audit(data), grid, size)], ignore_index=True)
    pd.testing.assert_frame_equal(parts, whole)


def test_several_processes_answer_the_same_in_the_same_order(tmp_path):
    data, grid = load(small(tmp_path / "data")), Grid.of(**GRID)
    alone, shared = (
        list(scenarios.batches(Audit(data), grid, 30)),
        list(scenarios.shared_out(data, grid, 30, 2)),
    )
    assert len(alone) == len(shared) == 8
    for mine, theirs in zip(alone, shared, strict=True):
        pd.testing.assert_frame_equal(mine.rows, theirs.rows)
        pd.testing.assert_frame_equal(mine.bounds, theirs.bounds)


def test_the_files_hold_the_table_and_every_interval(tmp_path, monkeypatch):
    monkeypatch.setattr(scenarios, "BATCH", 4)
    package, out = small(tmp_path / "data"), tmp_path / "out"
    result = sweep(
        "--audit-only",
        "--set",
        "reading=literal,customary,loose",
        "--set",
        f"data_dir={package}",
        "--set",
        "overrides={b: 96家},null,{b: 5%}".replace("5%", "3家"),
        "--out",
        out,
        "--bounds",
    )
    assert result.exit_code == 0, result.output
    assert "9 scenarios: 9 done, 0 failed" in result.stdout
    with (out / "scenarios.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "scenario",
        "label",
        "reading",
        "data_dir",
        "overrides",
        "status",
        "error",
        "verdict_a",
        "verdict_b",
        "verdict_c",
    ]
    assert [int(row["scenario"]) for row in rows] == list(range(9))
    assert {row["overrides"] for row in rows} == {'{"b":"96家"}', "", '{"b":"3家"}'}
    parquet = fastparquet.ParquetFile(str(out / "scenarios.parquet")).to_pandas()
    assert [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in parquet.to_dict("records")
    ] == rows
    bounds = fastparquet.ParquetFile(str(out / "bounds.parquet")).to_pandas()
    assert len(bounds) == 27
    verdicts = bounds.pivot(index="scenario", columns="statistic", values="verdict")
    assert [list(verdicts.loc[n]) for n in range(9)] == [
        [row[f"verdict_{id}"] for id in "abc"] for row in rows
    ]


def test_a_scenario_without_an_answer_does_not_stop_the_others(tmp_path):
    """Outside figures that contradict each other leave nothing to hold the report against."""
    data = loaded(
        tmp_path / "data",
        quantities=[quantity("a"), quantity("b")],
        statistics=[statistic("a", "5家")],
        relations=[relation("tie", "a == b", "assumption", "off")],
        references=[reference("one", "a", "7家"), reference("other", "b", "9家")],
    )
    grid = Grid.of(assumptions=[None, {"tie": True}, {"tie": False}], evidence=["all", "report"])
    expected = []
    for point in grid:
        try:
            Audit(data).scenarios([dict(point.values)])
            expected.append("done")
        except ValueError:
            expected.append("failed")
    assert expected.count("failed") == 1
    answers = scenarios.audited(Audit(data), grid)
    assert list(answers["status"]) == expected
    row = answers[answers["status"] == "failed"].iloc[0]
    assert row["error"]
    assert row.isna()["verdict_a"]
    assert answers[answers["status"] == "done"]["error"].eq("").all()
    assert scenarios.write(data, grid, Store(str(tmp_path / "out"))) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--set", "lang=zh,en"],
            "--set lang: not a setting of the audit; expected one of reading, rounding, ",
        ),
        (["--set", "reading=strict"], "--set reading: found 'strict'; expected one of 'literal'"),
        (["--set", "published={borrowers: a lot}"], "--set published['borrowers']: found 'a lot'"),
        (["--set", "published={nothing: 5家}"], "--set published: found 'nothing'; expected one of"),
        (["--set", "data_dir=a,b"], "--set data_dir: found several values; expected one with --audit-only"),
        (["--set", "data_dir=/no/such"], "--set data_dir: "),
        (["closing"], "--audit-only runs no chapter, found closing; leave out either"),
        (["--dask", "tcp://127.0.0.1:1"], "--audit-only needs no cluster; leave out --dask"),
    ],
)
def test_what_cannot_be_answered_is_named(arguments, message, tmp_path):
    result = sweep("--audit-only", *arguments, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert message in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_data_frame_is_made_in_python_too(tmp_path):
    data = load(small(tmp_path / "data"))
    with pytest.raises(SweepError, match="--set lang: not a setting"):
        scenarios.audited(Audit(data), Grid.of(lang=["zh"]))
    assert len(scenarios.audited(Audit(data), Grid.of())) == 1


def test_every_column_is_described_in_both_languages(tmp_path):
    data = load(small(tmp_path / "data"))
    described = dict(table.described(scenarios.audited(Audit(data), Grid.of(reading=["loose"])).columns))
    assert list(described) == ["scenario", "label", "reading", "status", "error", "verdict_…"]
    assert all(zh and en and zh != en for zh, en in described.values())


@pytest.mark.parametrize(
    ("values", "among", "shown"),
    [
        (["a", None], ["a", None], ["a", None]), ([1, 2], [1, 2], [1, 2]), ([1, None], [1, None], [1, None]),
        ([1, 2.5], [1, 2.5], [1.0, 2.5]), ([True, False], [True, False], [True, False]),
        ([1, "1"], [1, "1"], ["1", '"1"']), ([{"b": 1, "a": 2}], [{"b": 1, "a": 2}], ['{"a":2,"b":1}']),
        ([True, 1], [True, 1], ["true", "1"]), ([None, [1, 2]], [None, [1, 2]], [None, "[1,2]"]),
    ],
)  # fmt: skip
def test_a_column_holds_every_value_so_that_no_two_look_alike(values, among, shown):
    held = [
        None if value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value
        for value in table.column(values, among)
    ]
    assert held == shown
