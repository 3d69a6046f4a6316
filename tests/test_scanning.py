"""The scanner on invented sentences, and the register of numerals against the real report."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_text import REPORT, needs_report

from recount.figures.numerals import parse
from recount.figures.scanning import coverage, scan, strip_space

ROOT = Path(__file__).parent.parent
INVENTED = "去年末贷款余额 1.2万亿元，同比增长5.3%；覆盖超过40家企业、近70%的农户。一是扩大三大任务。"

with open(ROOT / "tests/cases/scanning.csv", encoding="utf-8", newline="") as file:
    SENTENCES = [(row["sentence"], row["expected"]) for row in csv.DictReader(file)]


def register(text: str) -> pd.DataFrame:
    return pd.DataFrame([(f.offset, f.printed) for f in scan(text)], columns=["offset", "printed"])


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_what_counts_as_a_numeric_expression(sentence: str, expected: str) -> None:
    assert [expression.printed for expression in scan(sentence)] == list(filter(None, expected.split("|")))


def test_offsets_ignore_white_space_of_any_kind() -> None:
    (expression,) = scan("余额\n 2 794.29\u3000亿\n元")
    assert (expression.offset, expression.printed) == (2, "2794.29亿元")


def test_a_register_of_the_same_text_covers_it() -> None:
    result = coverage(INVENTED, register(INVENTED))
    assert result.ok
    assert result.summary == "6 of 6"
    assert result.problems() == []


def test_a_changed_digit_is_named_with_its_place() -> None:
    result = coverage(INVENTED.replace("5.3%", "5.8%"), register(INVENTED))
    (entry,) = result.absent
    assert (entry.printed, entry.text, entry.moved) == ("5.3%", "5.8%", 0)
    assert strip_space(INVENTED)[entry.offset :].startswith("5.3%")
    assert "5.8%" in entry.context
    assert len(entry.context) <= 12
    assert not result.missing
    assert result.summary == "5 of 6"
    assert "5.3%" in result.problems()[0]
    assert str(entry.offset) in result.problems()[0]


def test_an_added_figure_is_missing_from_the_register() -> None:
    result = coverage(INVENTED.replace("农户", "农户和80万商户"), register(INVENTED))
    assert [expression.printed for expression in result.missing] == ["80万"]
    (entry,) = result.absent
    assert (entry.printed, entry.moved) == ("一是", len("和80万商户"))
    assert result.summary.startswith("6 of 7")


def test_a_deleted_figure_is_absent_from_the_text() -> None:
    result = coverage(INVENTED.replace("近70%的", ""), register(INVENTED))
    gone = [entry.printed for entry in result.absent if not entry.moved]
    assert gone == ["70%"]
    assert result.missing == []
    assert result.summary.startswith("5 of 6")


def test_a_displaced_text_is_named_once() -> None:
    result = coverage("前言。" + INVENTED, register(INVENTED))
    (entry,) = result.absent
    assert (entry.printed, entry.moved) == ("1.2万亿元", 3)
    assert not result.ok
    assert "displaced" in result.summary


def test_a_wrong_offset_in_the_register_is_named() -> None:
    table = register(INVENTED)
    table.loc[2, "offset"] += 1
    (entry,) = coverage(INVENTED, table).absent
    assert (entry.printed, entry.moved) == ("40家", -1)


@given(st.lists(st.integers(min_value=2, max_value=99_999), min_size=1, max_size=8), st.data())
def test_any_figure_changed_added_or_deleted_is_noticed(values: list[int], data: st.DataObject) -> None:
    parts = [f"共有{value}家企业。" for value in values]
    table = register("".join(parts))
    assert len(table) == len(values)
    at = data.draw(st.integers(min_value=0, max_value=len(parts) - 1))
    change = data.draw(st.sampled_from(["digit", "add", "delete"]))
    if change == "digit":
        parts[at] = parts[at].replace(str(values[at]), str(values[at] + 1))
    elif change == "add":
        parts.insert(at, "另有7款产品。")
    else:
        del parts[at]
    assert not coverage("".join(parts), table).ok


@pytest.fixture(scope="module")
def numerals() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data/numerals.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def report() -> str:
    return REPORT.read_text(encoding="utf-8")


@needs_report
def test_the_register_covers_the_report(report: str, numerals: pd.DataFrame) -> None:
    result = coverage(report, numerals)
    assert result.problems() == []
    assert result.summary == "158 of 158"


@needs_report
def test_every_digit_of_the_report_is_guarded(report: str, numerals: pd.DataFrame) -> None:
    digits = [at for at, char in enumerate(report) if char in "0123456789"]
    assert digits
    for at in digits:
        other = str((int(report[at]) + 1) % 10)
        offset = len(strip_space(report[:at]))
        result = coverage(report[:at] + other + report[at + 1 :], numerals)
        assert result.summary == "157 of 158"
        (entry,) = result.absent
        assert entry.offset <= offset < entry.offset + len(entry.printed)


@needs_report
def test_every_expression_of_the_report_is_guarded(report: str, numerals: pd.DataFrame) -> None:
    text = strip_space(report)
    for offset, printed in zip(numerals["offset"], numerals["printed"], strict=True):
        without = text[:offset] + text[offset + len(printed) :]
        result = coverage(without, numerals)
        assert not result.ok
        twice = text[:offset] + printed + "、" + text[offset:]
        assert not coverage(twice, numerals).ok


def test_the_register_and_the_statistics_agree(numerals: pd.DataFrame) -> None:
    statistics = pd.read_csv(ROOT / "data/statistics.csv", keep_default_na=False).set_index("id")
    cited = numerals["statistic"] != ""
    assert (cited == numerals["role"].isin(["statistic", "parameter", "enumeration"])).all()
    assert set(numerals.loc[cited, "statistic"]) == set(statistics.index)
    for _, row in numerals[cited].iterrows():
        assert row["section"] == statistics.loc[row["statistic"], "section"]


def test_the_register_is_in_the_order_of_the_text(numerals: pd.DataFrame) -> None:
    assert list(numerals["n"]) == list(range(1, len(numerals) + 1))
    assert numerals["offset"].is_monotonic_increasing
    sections = ["lead", "national", "bottlenecks", "precision", "integration", "closing"]
    assert list(numerals["section"].drop_duplicates()) == sections


def test_the_space_of_a_mixed_number_is_kept():
    (whole, mixed, plain) = scan("三家\n网点，约1 3/5的客户，\n13/5的网点")
    assert (whole.printed, mixed.printed, plain.printed) == ("三家", "1 3/5", "13/5")
    assert float(parse(mixed.printed).value) == 1.6
    assert plain.offset - mixed.offset == len("13/5的客户，")
