"""New packages: valid as written, drafts that miss nothing, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from packages import write_table
from report_text import REPORT, needs_report

from recount import resources
from recount.audit import Audit
from recount.cli import main
from recount.figures.scanning import coverage, scan, strip_space
from recount.package import load
from recount.package.drafting import DraftError, create, draft
from recount.package.primer import BIBLIOGRAPHY, EXAMPLE, TEXT

ROOT = Path(__file__).resolve().parents[1]

ENGLISH = """Lending in 2023
Lending in 2023

At the end of June 2024, loans stood at some $21.1
billion, up nearly 40% on the year, and reached more than 3.5 mil-
lion firms through 120-odd banks, about one third of
them ranked first. Rates fell from 5.5% to
4.2%, or 1.3 percentage points; approval takes 5 to 8 days under
the Big Four's one-stop service, for 10-year loans of $3-5 million. The
three channels serve at least twenty-
five counties.
"""
CHINESE = """一、去年贷款
一、去年贷款

2023年末，贷款余额为1.2万
亿元，同比增长近 5.
3%；超过40家企业、约1/3的农户受益，节约40亿元。近3年，三大任务
和“一县一品”落地，办理时间为5~8天，
规模居全国首位。
"""


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def numerals(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "numerals.csv", dtype=str, keep_default_na=False)


def drafted(folder: Path, text: str) -> pd.DataFrame:
    """The numerals of a draft of `text`, after checking that its package is valid."""
    source = folder / "text.txt"
    source.write_text(text, encoding="utf-8")
    create(folder / "new", source)
    load(folder / "new")
    assert frictionless.validate(str(folder / "new" / "datapackage.json")).valid
    return numerals(folder / "new")


def test_an_empty_package_is_valid_and_has_the_tables_with_their_headers(tmp_path):
    result = run("init", str(tmp_path / "deep" / "new"))
    assert result.exit_code == 0, result.output
    folder = tmp_path / "deep" / "new"
    data = load(folder)
    assert data.statistics.empty
    assert "label_zh" in data.statistics
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    assert (folder / "readings.csv").read_text("utf-8") == resources.text("readings.csv")
    assert list(numerals(folder)) == ["n", "section", "offset", "printed", "role", "statistic"]
    assert "zhejiang" not in (folder / "datapackage.json").read_text("utf-8").lower()


def test_the_audit_of_a_package_without_statistics_says_so(tmp_path):
    create(tmp_path / "new")
    result = run("audit", "--data", str(tmp_path / "new"))
    assert result.exit_code == 1
    assert "no statistics; expected rows in statistics.csv" in result.output


def test_the_worked_example_is_a_package_whose_share_is_confirmed(tmp_path):
    create(tmp_path)
    for table in (
        "numerals",
        "statistics",
        "sections",
        "quantities",
        "relations",
        "references",
        "enumerations",
    ):
        write_table(tmp_path, table, EXAMPLE[table])
    (tmp_path / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    data = load(tmp_path)
    assert Audit(data).ledger["verdict"].to_dict()["small_share"] == "confirmed"
    result = coverage(TEXT, data.numerals)
    assert result.problems() == []
    assert [row["role"] for row in EXAMPLE["numerals"]] == [entry.role for entry in draft(TEXT)]
    readings = resources.rows("readings.csv")
    for row in EXAMPLE["readings"]:
        assert any(row.items() <= known.items() for known in readings)


def test_the_readme_explains_every_column_and_shows_an_example_of_every_table(tmp_path):
    create(tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    for resource in json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        section = readme.split(f"## {resource['path']}\n")[1].split("\n## ")[0]
        for field in resource["schema"]["fields"]:
            assert f"| `{field['name']}` | {field['description']}" in section
        assert section.split("```csv\n")[1].count("\n") >= 2


def test_nothing_of_an_english_text_is_missed(tmp_path):
    table = drafted(tmp_path, ENGLISH)
    assert list(table["printed"]) == [
        "2023",
        "2023",
        "the end of June 2024",
        "$21.1 billion",
        "40%",
        "3.5 million",
        "120-odd",
        "one third",
        "first",
        "5.5%",
        "4.2%",
        "1.3 percentage points",
        "5 to 8 days",
        "Four",
        "one-stop",
        "10-year",
        "$3-5 million",
        "three",
        "twenty-five",
    ]
    read = table.set_index("printed")[["hedge", "unit", "lower", "upper", "role"]].agg("|".join, axis=1)
    assert read["$21.1 billion"] == "some|dollar|21000000000|21200000000|statistic"
    assert read["40%"] == "nearly|ratio|0.36|0.4|statistic"
    assert read["3.5 million"] == "more than|count|3500000||statistic"
    assert read["120-odd"] == "odd|count|121|129|statistic"
    assert read["one third"].startswith("about|ratio|0.3|0.36")
    assert read["the end of June 2024"] == "|date|2024.5|2024.5|date"
    assert read["first"] == "|rank|1|1|statistic"
    assert read["5 to 8 days"] == "|day|5|8|statistic"
    assert read["$3-5 million"] == "|dollar|3000000|5000000|statistic"
    assert read["three"] == "|count|3|3|enumeration"
    assert read["one-stop"] == read["Four"] == "||||name"
    assert read["10-year"].endswith("|parameter")


def test_nothing_of_a_chinese_text_is_missed(tmp_path):
    table = drafted(tmp_path, CHINESE)
    assert list(table["printed"]) == [
        "一",
        "一",
        "2023年末",
        "1.2万亿元",
        "5.3%",
        "40家",
        "1/3",
        "40亿元",
        "近3年",
        "三大",
        "一县一品",
        "5~8天",
        "首位",
    ]
    assert list(table["role"]) == [
        "name",
        "name",
        "date",
        *["statistic"] * 5,
        "parameter",
        "enumeration",
        "name",
        "statistic",
        "statistic",
    ]
    assert list(table["hedge"]) == ["", "", "", "", "近", "超过", "约", "", "", "", "", "", ""]
    assert (table.loc[3, "lower"], table.loc[3, "upper"]) == ("1150000000000", "1250000000000")
    assert (table.loc[5, "lower"], table.loc[5, "upper"]) == ("41", "")
    assert table.loc[7, "context"].startswith("家企业、约1/3的农户受益，节约40亿元。")


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, CHINESE + "\n" + ENGLISH, ENGLISH + CHINESE])
def test_a_draft_covers_its_text_and_its_offsets_point_at_what_is_printed(tmp_path, text):
    table = drafted(tmp_path, text)
    assert coverage(text, table.astype({"offset": int})).problems() == []
    for offset, printed in zip(table["offset"].astype(int), table["printed"], strict=True):
        there = strip_space(text)[offset:].replace("mil-lion", "million")
        assert there.startswith(strip_space(printed))


def test_a_bilingual_text_has_the_expressions_of_both():
    both = [entry.expression.printed for entry in draft(CHINESE + "\n" + ENGLISH)]
    assert both == [entry.expression.printed for text in (CHINESE, ENGLISH) for entry in draft(text)]


def test_a_doubled_heading_runs_neither_into_its_copy_nor_into_the_text():
    text = "前言。\n贷款增长2013—2023\n贷款增长2013—\n2023\n5年来增长3%。"
    assert [expression.printed for expression in scan(text)] == ["2013—2023", "2013—2023", "5年来", "3%"]
    assert [entry.section for entry in draft(text)] == ["part_2"] * 4


@given(st.text(alphabet="0123456789.,%$-–/: \n()abfimnoxTR年月日万亿家第一至的元", max_size=40))
def test_every_digit_is_in_exactly_one_expression(text):
    stripped = strip_space(text)
    covered = [0] * len(stripped)
    for expression in scan(text):
        for at in range(expression.offset, expression.offset + len(strip_space(expression.printed))):
            covered[at] += 1
    assert [at for at, char in enumerate(stripped) if char.isdigit() and covered[at] != 1] == []


@given(
    st.integers(1, 999_999),
    st.sampled_from(["{} firms", "${} million", "{}%", "about {} tonnes", "{}-odd people"]),
)
def test_wrapping_an_english_text_changes_nothing(number, phrase):
    text = f"The bank says it lent to {phrase.format(f'{number:,}')} last year."
    whole = [entry.row(1) for entry in draft(text)]
    wrapped = [entry.row(1) for entry in draft(text.replace(" ", "\n"))]
    assert len(whole) == 1
    assert [dict(row, context="") for row in wrapped] == [dict(row, context="") for row in whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It grew 3% in 2019-20, the 1990s and Q1 2024.", "3%:statistic 2019-20:date 1990s:date Q1 2024:date"),
        ("More than 2000 of 2000 people in May 2024.", "2000:statistic 2000:statistic May 2024:date"),
        ("On May 5, 2024, in May 5 million people.", "May 5, 2024:date 5 million:statistic"),
        ("One of the largest banks; no one knows.", "One of the largest:statistic"),
        ("COVID-19, G20 and Basel III rules.", "COVID-19:name G20:name III:name"),
        ("Tens of thousands, a dozen, several million.", "Tens of thousands:name a dozen:name several million:name"),
        ("It doubled, or rose tenfold.", "doubled:statistic tenfold:statistic"),
        ("One in three, 9 out of 10, two-thirds, half.",
         "One in three:statistic 9 out of 10:statistic two-thirds:statistic half:statistic"),
        ("Sales of 1\u202f234\u202f567 units.", "1 234 567:statistic"),
        ("No. 1 again, in its 21st year.", "No. 1:statistic 21st:name"),
        ("1. Loans fell 4.4%. 2. Rates rose.", "1.:name 4.4%:statistic 2.:name"),
        ("打造百亿产业和百强企业，十分重要。", "百亿:name 百强:name"),
        ("第十八届会议第一次提出，排名第三。", "第十八届:name 第一次:name 第三:statistic"),
    ],
)  # fmt: skip
def test_expressions_and_guessed_roles(text, expected):
    assert " ".join(f"{entry.expression.printed}:{entry.role}" for entry in draft(text)) == expected


@pytest.mark.parametrize(
    ("text", "hedge"),
    [("节约40亿元", ""), ("大约40亿元", "大约"), ("通过40家银行", ""), ("不超过40家", "不超过"), ("附近3家", ""),
     ("The hangover 40% felt", ""), ("no more than\n40%", "no more than"), ("close to\n$5bn", "close to"),
     ("over the past 5 years", "")],
)  # fmt: skip
def test_hedges_are_taken_from_before_the_number_and_not_from_other_words(text, hedge):
    (entry,) = draft(text)
    assert entry.figure is not None
    assert entry.figure.hedge == hedge


def test_what_does_not_parse_is_listed_without_an_interval_and_counted(tmp_path):
    source = tmp_path / "text.txt"
    source.write_text("The road is 12 km long and cost £3.5m.", encoding="utf-8")
    result = run("init", str(tmp_path / "new"), "--from", str(source))
    assert "2 numeric expressions (2 statistic; 2 to be read by hand)" in result.output
    assert list(numerals(tmp_path / "new")["unit"]) == ["", ""]


@pytest.mark.parametrize("run_of_digits", ["1" * 200, "十" * 200, "一二" * 100, "五万" * 100])
def test_a_long_run_of_digits_is_one_expression_and_no_endless_search(run_of_digits):
    (entry,) = draft(f"编号为{run_of_digits}，请查。")
    assert entry.expression.printed == run_of_digits


def test_a_text_without_numbers_drafts_no_row(tmp_path):
    assert drafted(tmp_path, "No numbers here.\n").empty


def test_nothing_is_written_over_a_folder_in_use(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = run("init", str(tmp_path))
    assert result.exit_code == 1
    assert "expected a new or empty folder" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_bad_arguments_are_told_and_leave_nothing_behind(tmp_path):
    latin = tmp_path / "latin.txt"
    latin.write_bytes("caf\xe9 5%".encode("latin-1"))
    for arguments, message in [
        (["init", str(latin)], "found a file; expected a new or empty folder"),
        (["init", str(tmp_path / "new"), "--from", str(latin)], "expected UTF-8 text"),
        (["init", str(tmp_path / "new"), "--from", str(tmp_path / "none.txt")], "does not exist"),
    ]:
        result = run(*arguments)
        assert result.exit_code != 0
        assert message in result.output
        assert "Traceback" not in result.output
    assert not (tmp_path / "new").exists()
    with pytest.raises(DraftError, match="UTF-8"):
        create(tmp_path / "new", latin)


@needs_report
def test_the_report_is_drafted_whole_and_mostly_classed_as_it_was_by_hand(tmp_path):
    result = run("init", str(tmp_path / "new"), "--from", str(REPORT))
    assert "158 numeric expressions" in result.output
    drafted_table, register = numerals(tmp_path / "new"), numerals(ROOT / "data")
    assert list(drafted_table["printed"]) == list(register["printed"])
    assert list(drafted_table["offset"]) == list(register["offset"])
    assert (drafted_table["role"] == register["role"]).mean() > 0.95
    result = run("coverage", "--source", str(REPORT), "--data", str(tmp_path / "new"))
    assert (result.exit_code, result.stdout.strip()) == (0, "158 of 158")
    assert re.fullmatch("part_[0-9]+", drafted_table["section"].iloc[-1])
