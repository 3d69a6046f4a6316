"""The command line: what it prints, its exit codes, and what it says of bad input."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from packages import make, quantity, statistic
from report_text import REPORT, needs_report

from recount.cli import FIELDS, main


def run(*arguments: str, stdin: str | None = None):
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.fixture(scope="module")
def records():
    result = run("audit", "--format", "json")
    assert result.exit_code == 0, result.output
    return {record["id"]: record for record in json.loads(result.stdout)}


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


def test_table_and_csv_name_every_statistic():
    table = run("audit").stdout
    assert "100 statistics" in table
    assert "conflict: " in table
    csv = run("audit", "--format", "csv").stdout.splitlines()
    assert len(csv) == 101
    assert csv[0].split(",") == list(FIELDS)


def test_options_change_the_audit(records):
    changed = run("audit", "--format", "json", "--override", "platform_credit=2.4万亿元", "--without",
                  "borrowers_one_year", "--evidence", "report", "--reading", "loose", "--rounding",
                  "truncation")  # fmt: skip
    found = {record["id"]: record for record in json.loads(changed.stdout)}
    assert found["platform_credit"]["printed"] == "2.4万亿元"
    assert found["platform_credit"]["verdict"] != "contradicted"
    assert found["borrowers_growth"]["verdict"] != "contradicted"
    assert found["sme_loans"]["lower"] == 9.6e12


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["audit", "--data", "/no/such/folder"], "no such folder; expected a data package"),
        (["audit", "--reading", "strict"], "'strict' is not one of"),
        (["audit", "--assume", "nothing"], "assumptions: found 'nothing'"),
        (["audit", "--override", "platform_credit"], "expected ID=FIGURE"),
        (["audit", "--override", "platform_credit=5家"], "in count; expected a figure in yuan"),
        (["coverage", "--source", "/no/such/file"], "does not exist"),
        (["parse", "五颗星星"], "五颗星星"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_exits_non_zero(arguments, told):
    result = run(*arguments)
    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_broken_package_is_told_with_all_its_problems(tmp_path):
    folder = make(tmp_path, quantities=[quantity("a", "yuan")],
                  statistics=[statistic("a", "5亿吨"), statistic("b", "3家", of="a")])  # fmt: skip
    result = run("audit", "--data", str(folder))
    assert result.exit_code == 1
    assert "2 problems in the data" in result.output


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
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["unit"] for record in found] == ["yuan", "ratio", "day"]
    assert list(found[0]) == ["printed", "value", "unit", "hedge", "lower", "upper", "lower_open", "upper_open"]
    assert (found[1]["lower"], found[1]["upper"], found[1]["lower_open"]) == (0.4, None, True)


def test_parse_goes_on_after_a_figure_it_cannot_read():
    result = run("parse", "9.6万亿元", "好多", "40%")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "好多" in result.stderr
