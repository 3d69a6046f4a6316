"""Tables of an edition: what they say of a statistic, and that text stays text."""

from __future__ import annotations

import csv
import io
from base64 import b64decode

import pytest
from bs4 import BeautifulSoup
from packages import loaded, quantity, relation, statistic

from recount.audit import Audit, Settings
from recount.audit.explanations import Explanation
from recount.chapter import proofs, tables
from recount.figures.readings import default_readings
from recount.package import load, report
from recount.words import ways_named

EVERY = [f"{reading} {rule}" for reading, rule in default_readings().ways]


@pytest.fixture(scope="module")
def audit() -> Audit:
    return Audit(load())


def cells(html: str, id: str) -> list[str]:
    row = BeautifulSoup(html, "html.parser").find(id=id)
    return [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]


def test_a_row_says_figure_verdict_reading_recomputed_and_support(audit):
    label, printed, verdict, read, recomputed, support = cells(
        tables.statistics(audit, ["platform_credit"], "en", "bottlenecks"), "platform_credit"
    )
    assert label.startswith("Credit granted through the platform")
    assert printed == "24 trillion yuan 24万亿元"
    assert verdict == "contradicted"
    assert read == "23.5–24.5 trillion yuan"
    assert recomputed == "0.4–3.7 trillion yuan"
    assert "340,000" in support
    assert "assuming:" in support


def test_each_edition_has_its_own_words(audit):
    zh = cells(tables.statistics(audit, ["coverage"], "zh", "national"), "coverage")
    assert zh[1:4] == ["超过40%", "仅有界", "超过40%"]
    en = cells(tables.statistics(audit, ["coverage"], "en", "national"), "coverage")
    assert en[2:4] == ["bounded only", "more than 40%"]


def test_what_nothing_bears_on_is_said_to_be_so(audit):
    row = cells(tables.statistics(audit, ["export_insurance"], "en", "precision"), "export_insurance")
    assert row[2] == "unchecked"
    assert row[4] == "nothing else bears on it"
    assert row[5] == "—"


def test_a_natural_limit_is_no_finding_and_a_first_place_is_exact(audit):
    years = cells(tables.statistics(audit, ["sme_growth_years"], "en", "national"), "sme_growth_years")
    assert years[4] == "at least 6 years"
    rank = cells(tables.statistics(audit, ["platform_rank"], "zh", "national"), "platform_rank")
    assert rank[3] == rank[4] == "第1位"


def test_a_conflict_names_its_members_its_ties_and_what_would_mend_it(audit):
    html = tables.conflicts(audit, ["borrowers"], "en", "national")
    text = BeautifulSoup(html, "html.parser").get_text(" ", strip=True)
    for piece in (
        "5.088 million",
        "16.63%",
        "3.81 million",
        "borrowers_growth_years == 1",
        "without the assumption",
        "9 years",
    ):
        assert piece in text


def test_the_ledger_has_every_statistic_with_what_it_is_filtered_by(audit):
    html = BeautifulSoup(tables.ledger(audit, "zh"), "html.parser")
    rows = html.select("tbody tr")
    assert [row["id"] for row in rows] == list(audit.printed)
    for name in ("section", "verdict", "support", "readings"):
        offered = {option["value"] for option in html.select_one(f"select[name={name}]")("option")} - {""}
        assert {row[f"data-{name}"] for row in rows} == offered


def test_the_ledger_says_of_each_verdict_whether_the_reading_matters(audit):
    page = BeautifulSoup(tables.ledger(audit, "en"), "html.parser")
    place = [head.get_text() for head in page.select("thead th")].index("ways of reading")
    cell = {
        row["id"]: row.find_all(["th", "td"])[place].get_text(" ", strip=True)
        for row in page.select("tr[id]")
    }
    assert set(cell) == set(audit.printed)
    for id, readings in audit.readings.items():
        same = len(set(readings.values())) == 1
        firm = "contradicted in all nine" if audit.verdicts[id] == "contradicted" else "same in all nine"
        assert (cell[id] == firm) == same, id
    assert cell["review_window"] == "rounded up: contradicted"


def test_counts_by_section_add_up_and_leave_out_what_does_not_occur(audit):
    words = {"undecided": "undecided", "contradicted": "contradicted", "unchecked": "unchecked"}
    ledger = audit.ledger[audit.ledger["verdict"].isin(words)]
    html = BeautifulSoup(tables.counts(ledger, "verdict", words, "verdict", "en"), "html.parser")
    heads, *rows = [[cell.get_text() for cell in row(["th", "td"])] for row in html("tr")]
    assert heads[0] == "verdict"
    assert heads[-1] == "total"
    assert "Lead" not in heads  # its one statistic has another verdict
    assert [row[0] for row in rows] == ["contradicted", "unchecked", "total"]
    numbers = [[int(number) for number in row[1:]] for row in rows]
    assert numbers[-1] == [sum(column) for column in zip(*numbers[:-1], strict=True)]
    assert [row[-1] for row in numbers] == [7, 35, 42]


@pytest.mark.parametrize(
    ("first", "second", "rounding", "verdict", "words"),
    [
        ("2.5亿", "2.6亿", "half_up", "contradicted", f"in {ways_named(EVERY, 'en')}"),
        ("2.5亿", "2.47亿", "truncation", "undecided", "only when read so: cut off"),
        ("近100万", "105万", "half_up", "undecided", "only when read so: literal reading, customary reading"),
    ],
)
def test_a_conflict_says_under_which_ways_of_reading_it_is_one(
    first, second, rounding, verdict, words, tmp_path
):
    data = loaded(
        tmp_path,
        quantities=[quantity("a"), quantity("b")],
        statistics=[statistic("a", first), statistic("b", second)],
        relations=[relation("r", "a == b")],
    )
    audit = Audit(data, Settings(rounding=rounding))
    assert set(audit.verdicts.values()) == {verdict}
    html = BeautifulSoup(tables.conflicts(audit, ["a"], "en", ""), "html.parser")
    assert html.select_one("tbody th > small:last-child").get_text() == words


def test_further_conflicts_follow_the_table(audit):
    html = BeautifulSoup(tables.conflicts(audit, ["borrowers_growth"], "en", "national"), "html.parser")
    (box_text,) = [
        box.get_text() for box in html.select(".recount-more") if "with another conflict" in box.get_text()
    ]
    assert "8.927 million" in box_text
    assert "assuming:" in box_text


def pair(rank: int = 1, of: tuple[str, ...] = ()) -> Explanation:
    """Two slips that together explain a conflict."""
    return Explanation(
        ("borrowers", "borrowers_growth"), ("501.8万户", "16.63%"), ("digit_changed", "period"), rank, of
    )


def test_two_slips_are_told_together(audit, monkeypatch):
    single = Explanation(("borrowers",), ("608.8万户",), ("digit_changed",), 1)
    monkeypatch.setattr(audit, "explanations", [single, pair(of=("", "inclusive_growth"))])
    monkeypatch.setattr(audit, "slips", {id: [] for id in audit.printed})
    html = BeautifulSoup(tables.conflicts(audit, ["borrowers"], "en", "national"), "html.parser")
    items = [item.get_text() for item in html.select(".recount-more li")]
    label = audit.data.quantities.loc["inclusive_growth", "label_en"]
    assert len(items) == 1
    assert "5.088 million → 5.018 million (one digit changed); " in items[0]
    assert f"16.63% → 16.63%, of {label} (a different period)" in items[0]
    assert "501.8" not in tables.conflicts(audit, ["platform_credit"], "en", "bottlenecks")


def test_where_an_assumption_can_be_dropped_no_pairs_are_told(audit):
    text = BeautifulSoup(tables.conflicts(audit, ["borrowers"], "en", "national"), "html.parser").get_text()
    assert "without the assumption (a different period)" in text
    assert " → " not in text


def test_where_one_slip_explains_a_conflict_no_pairs_are_told(audit):
    html = tables.conflicts(audit, ["platform_credit"], "en", "bottlenecks")
    assert "340,000" in html
    assert "recount-more" not in html


def test_of_more_pairs_than_ten_the_rest_are_counted(audit, monkeypatch):
    monkeypatch.setattr(audit, "explanations", [pair(rank) for rank in (3, *[2] * 11, 1)])
    monkeypatch.setattr(audit, "slips", {id: [] for id in audit.printed})
    html = BeautifulSoup(tables.conflicts(audit, ["borrowers"], "zh", "national"), "html.parser")
    items = [item.get_text() for item in html.select(".recount-more")[-1]("li")]
    assert len(items) == 11
    assert items[-1] == "另有3种"


def test_the_proof_shows_every_value_and_can_be_taken_away(audit):
    html = BeautifulSoup(proofs.table(audit, "en"), "html.parser")
    address = html.select_one("a[download]")["href"]
    taken = list(csv.DictReader(io.StringIO(b64decode(address.partition(",")[2]).decode())))
    assert {row["quantity"]: float(row["value"]) for row in taken} == audit.witness
    shown = [float(code.get_text()) for code in html.select("td code")]
    assert shown == list(audit.witness.values())
    assert html.find("details") is not None


def test_without_values_there_is_no_proof_to_show(tmp_path):
    data = loaded(
        tmp_path,
        quantities=[quantity("a"), quantity("b")],
        statistics=[statistic("a", "5家"), statistic("b", "6家")],
        relations=[relation("r", "a == b")],
    )
    audit = Audit(data)
    audit.witness = {}
    assert proofs.table(audit, "en") == ""


def test_text_of_a_package_cannot_become_markup(tmp_path):
    tag = "<script>alert(1)</script>"
    row = statistic("a", "5家") | {"label_zh": tag, "label_en": tag, "note_zh": tag, "note_en": tag}
    data = loaded(
        tmp_path,
        quantities=[quantity("a"), quantity("b")],
        statistics=[row, statistic("b", "6家")],
        relations=[relation("r", "a == b") | {"note_zh": tag, "note_en": tag}],
    )
    audit = Audit(data)
    for html in (
        tables.statistics(audit, ["a", "b"], "en", "lead"),
        tables.conflicts(audit, ["a"], "en", "lead"),
        tables.ledger(audit, "en"),
        proofs.table(audit, "en"),
    ):
        assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "1.25% → 1.25个百分点"), ("en", "1.25% → 1.25 percentage points")]
)
def test_a_slip_from_percent_to_points_names_both_units(lang, words):
    audit = Audit(
        report({"before": "12.00%", "after": "13.25%", "rise": "1.25%"}, ["rise == after / before - 1"])
    )
    lines = [BeautifulSoup(line, "html.parser").get_text() for line in tables.slip_lines(audit, "rise", lang)]
    assert any(line.startswith(words) for line in lines), lines
