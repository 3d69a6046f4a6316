"""The command line: what it prints, its exit codes, and what it says of bad input."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from packages import make, quantity, statistic
from report_text import REPORT, needs_report

from recount.audit import Audit
from recount.audit.explanations import Explanation
from recount.cli import FIELDS, main
from recount.figures.readings import READINGS, ROUNDINGS

CASES = Path(__file__).resolve().parent.parent / "examples" / "press-cases"


def run(*arguments: str, stdin: str | None = None):
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.fixture(scope="module")
def records():
    result = run("audit", "--format", "json")
    assert result.exit_code == 0, result.output
    return {record["id"]: record for record in json.loads(result.stdout)}


@pytest.fixture(scope="module")
def table():
    return run("audit").stdout.splitlines()


@pytest.fixture(scope="module")
def ninefold():
    return run("audit", "--readings").stdout.splitlines()


def test_json_has_a_record_for_each_statistic_with_every_field(records):
    assert len(records) == 100
    for record in records.values():
        assert tuple(record) == FIELDS
        assert record["verdict"]
    coverage = records["coverage"]
    assert coverage["lower"] == 0.4
    assert coverage["upper"] is None
    assert records["sme_loans"]["lower"] == 9.55e12


def test_json_shows_the_findings(records):
    platform = ("platform_credit", "platform_credits", "platform_inclusive_share")
    for id in platform:
        assert records[id]["verdict"] == "contradicted"
        assert set(platform) <= set(records[id]["conflict"])
    slips = records["borrowers_growth"]["slips"]
    assert any(slip.get("implied") == {"borrowers_growth_years": [9.0, 9.0]} for slip in slips)
    answers = {a["answer"]: a["status"] for a in records["national_share_borrowers"]["alternatives"]}
    assert answers == {"share_borrowers_without": "refuted", "share_borrowers_with": "tenable"}
    dates = {a["answer"]: a["status"] for a in records["national_share_loans"]["alternatives"]}
    assert dates["share_loans_2023_12"] == "tenable"
    assert dates["share_loans_2024_01"] == "refuted"


def test_json_tells_the_nine_ways_of_reading_and_the_value_in_the_proof(records):
    for record in records.values():
        assert len(record["readings"]) == 9
        under = [way for way, verdict in record["readings"].items() if verdict == "contradicted"]
        assert record["contradicted_under"] == under
        if record["verdict"] == "contradicted":
            assert (len(under), record["witness"]) == (9, None)
        elif record["verdict"] != "undecided":
            assert isinstance(record["witness"], float)


def test_csv_holds_structures_as_json_and_names_in_a_row():
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(run("audit", "--format", "csv").stdout))}
    row = rows["platform_credit"]
    assert json.loads(row["readings"])["literal half_up"] == "contradicted"
    assert len(json.loads(row["contradicted_under"])) == 9
    assert "platform_cap" in row["conflict"].split()
    assert json.loads(row["slips"])[0]["printed"] == "2.4万亿元"


def test_table_tells_agreement_overlapping_conflicts_and_explanations(table, ninefold):
    varying = sum(len(set(line.split()[1:])) > 1 for line in ninefold[2:-1])
    ways = f"{len(READINGS) * len(ROUNDINGS)} ways of reading ({', '.join(READINGS)}; {', '.join(ROUNDINGS)})"
    assert f"the same under {ways}: {100 - varying} of 100 verdicts" in table
    assert any(line.startswith("conflict (overlapping): borrowers_with_mybank, ") for line in table)
    assert "explanation: platform_credit 2.4万亿元 (power_of_ten)" in table


def test_two_slips_make_one_explanation(monkeypatch):
    both = Explanation(("turnover", "costs"), ("363", "283"), ("digit_changed", "period"), 1, ("", "profit"))
    monkeypatch.setattr(Audit, "explanations", [both, replace(both, rank=2)])
    lines = run("audit", "--data", str(CASES / "wholesale_typo")).stdout.splitlines()
    explanations = [line for line in lines if line.startswith("explanation: ")]
    assert explanations == ["explanation: turnover 363 (digit_changed) and costs 283 of profit (period)"]


def test_an_assumption_that_can_be_dropped_is_told_before_slips_and_instead_of_pairs(table):
    explanations = [line for line in table if line.startswith("explanation: ")]
    assert "explanation: without borrowers_one_year (period)" in explanations
    assert explanations.index("explanation: without platform_share_by_amount (basis)") < explanations.index(
        "explanation: platform_credit 2.4万亿元 (power_of_ten)"
    )
    assert not any(" and " in line for line in explanations)


def test_of_many_explanations_as_plausible_the_first_are_told_and_the_rest_counted(monkeypatch):
    candidates = [
        Explanation(("platform_credit",), (f"{n}万亿元",), ("digit_changed",), 1) for n in range(1, 13)
    ]
    monkeypatch.setattr(Audit, "explanations", candidates)
    lines = run("audit").stdout.splitlines()
    *first, rest = [line for line in lines if line.startswith("explanation: ") and "without" not in line]
    assert first == [f"explanation: platform_credit {n}万亿元 (digit_changed)" for n in range(1, 11)]
    assert (
        rest
        == "explanation: 2 more as plausible, of platform_credits, platform_credit, platform_inclusive_share"
    )


def test_what_neither_conflict_nor_proof_was_found_for_is_named(monkeypatch):
    monkeypatch.setattr(Audit, "unproved", ["coverage"])
    assert "neither conflict nor proof: coverage" in run("audit").stdout.splitlines()


def test_the_ninefold_table_has_a_column_for_each_way(ninefold):
    heads, rules, *rows, closing = ninefold
    ways = [f"{reading} {rule}" for reading, rule in zip(heads.split()[1:], rules.split(), strict=True)]
    assert ways == [f"{reading} {rule}" for reading in READINGS for rule in ROUNDINGS]
    cells = next(row.split() for row in rows if row.startswith("platform_credit "))
    assert cells[1:] == ["contradicted"] * 9
    assert len(rows) == 100
    assert all(name in closing for name in (*READINGS, *ROUNDINGS))


def test_table_and_csv_name_every_statistic(table):
    assert any(line.startswith("100 statistics: ") for line in table)
    assert any(line.startswith("conflict: ") for line in table)
    lines = run("audit", "--format", "csv").stdout.splitlines()
    assert len(lines) == 101
    assert lines[0].split(",") == list(FIELDS)


def test_options_change_the_audit(records):
    changed = run(
        "audit",
        "--format",
        "json",
        "--override",
        "platform_credit=2.4万亿元",
        "--without",
        "borrowers_one_year",
        "--evidence",
        "report",
        "--reading",
        "loose",
        "--rounding",
        "truncation",
    )
    changed_rows = {record["id"]: record for record in json.loads(changed.stdout)}
    assert changed_rows["platform_credit"]["printed"] == "2.4万亿元"
    assert changed_rows["platform_credit"]["verdict"] != "contradicted"
    assert changed_rows["borrowers_growth"]["verdict"] != "contradicted"
    assert changed_rows["sme_loans"]["lower"] == 9.6e12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", "--data", "/no/such/folder"], "no such folder; expected a data package"),
        (["audit", "--reading", "strict"], "found 'strict'; expected one of 'literal', 'customary', 'loose'"),
        (["audit", "--assume", "nothing"], "assumptions: found 'nothing'"),
        (["audit", "--override", "platform_credit"], "expected ID=FIGURE"),
        (["audit", "--override", "platform_credit=5家"], "in count; expected a figure in yuan"),
        (["coverage", "--source", "/no/such/file"], "does not exist"),
        (["parse", "五颗星星"], "五颗星星"),
    ],
)
def test_bad_input_is_told_and_exits_non_zero(arguments, message):
    result = run(*arguments)
    assert result.exit_code != 0
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_broken_package_is_told_with_all_its_problems(tmp_path):
    folder = make(
        tmp_path,
        quantities=[quantity("a", "yuan")],
        statistics=[statistic("a", "5亿吨"), statistic("b", "3家", of="a")],
    )
    result = run("audit", "--data", str(folder))
    assert result.exit_code == 1
    assert "2 problems in the data" in result.output
    assert "5亿吨" in result.output
    assert "3家" in result.output


@needs_report
def test_every_numeric_expression_of_the_report_is_registered():
    result = run("coverage", "--source", str(REPORT))
    assert (result.exit_code, result.stdout.strip()) == (0, "158 of 158")


@needs_report
def test_one_changed_digit_of_the_report_is_named(tmp_path):
    text = REPORT.read_text(encoding="utf-8")
    changed = tmp_path / "changed.txt"
    changed.write_text(re.sub("16.63%", "16.68%", text, count=1), encoding="utf-8")
    result = run("coverage", "--source", str(changed))
    assert result.exit_code == 1
    assert "157 of 158" in result.stdout
    assert "offset 439: registered '16.63%', the text has '16.68%'" in result.stderr


def test_parse_prints_one_object_a_line():
    result = run("parse", stdin="9.6万亿元\n超过40%\n\n5~8天\n")
    figures = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["unit"] for record in figures] == ["yuan", "ratio", "day"]
    assert list(figures[0]) == [
        "printed",
        "value",
        "unit",
        "hedge",
        "lower",
        "upper",
        "lower_open",
        "upper_open",
    ]
    assert (figures[1]["lower"], figures[1]["upper"], figures[1]["lower_open"]) == (0.4, None, True)


def test_parse_goes_on_after_a_figure_it_cannot_read():
    result = run("parse", "9.6万亿元", "好多", "40%")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "好多" in result.stderr
