"""Tables of an edition: what they say of a statistic, and that text stays text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from packages import loaded, quantity, relation, statistic

from recount import tables
from recount.audit import Audit
from recount.dataset import load


@pytest.fixture(scope="module")
def audit() -> Audit:
    return Audit(load())


def cells(html: str, id: str) -> list[str]:
    row = BeautifulSoup(html, "html.parser").find(id=id)
    return [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]


def test_a_row_says_figure_verdict_reading_recomputed_and_support(audit):
    label, printed, verdict, read, found, support = cells(
        tables.statistics(audit, ["platform_credit"], "en", "bottlenecks"), "platform_credit"
    )
    assert label.startswith("Credit granted through the platform")
    assert printed == "24 trillion yuan 24万亿元"
    assert verdict == "contradicted"
    assert read == "23.5–24.5 trillion yuan"
    assert found == "0.4–3.7 trillion yuan"
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
    for piece in ("5.088 million", "16.63%", "3.81 million", "borrowers_growth_years == 1",
                  "without the assumption", "9 years"):  # fmt: skip
        assert piece in text


def test_the_ledger_has_every_statistic_with_what_it_is_filtered_by(audit):
    html = BeautifulSoup(tables.ledger(audit, "zh"), "html.parser")
    rows = html.select("tbody tr")
    assert [row["id"] for row in rows] == list(audit.printed)
    for name in ("section", "verdict", "support"):
        offered = {option["value"] for option in html.select_one(f"select[name={name}]")("option")} - {""}
        assert {row[f"data-{name}"] for row in rows} == offered


def test_text_of_a_package_cannot_become_markup(tmp_path):
    tag = "<script>alert(1)</script>"
    row = statistic("a", "5家") | {"label_zh": tag, "label_en": tag, "note_zh": tag, "note_en": tag}
    data = loaded(tmp_path, quantities=[quantity("a"), quantity("b")], statistics=[row, statistic("b", "6家")],
                  relations=[relation("r", "a == b") | {"note_zh": tag, "note_en": tag}])  # fmt: skip
    audit = Audit(data)
    for html in (tables.statistics(audit, ["a", "b"], "en", "lead"), tables.conflicts(audit, ["a"], "en", "lead"),
                 tables.ledger(audit, "en")):  # fmt: skip
        assert "<script>alert" not in html
