"""The page of published cases: gaps, what mends a case, its tables and sources, its charts."""

from __future__ import annotations

import math

import pytest
from bs4 import BeautifulSoup
from pybtex.database import parse_file

from recount.arithmetic.intervals import Interval
from recount.chapter import press
from recount.charts.canvas import layout_problems
from recount.charts.cases import Miss, Steps, misses, steps


def page(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


@pytest.fixture(scope="module")
def audits():
    return {case: press.audited(case) for case in press.catalogue().index}


@pytest.mark.parametrize(
    ("printed", "recomputed", "gap"),
    [
        ((353, 353), (398, 398), 45 / 353),
        ((398, 398), (353, 353), 45 / 353),  # the same from either side
        ((2e9, 3e9), (1e8, 3e8), 2e9 / 3e8 - 1),  # between the ends that face each other
        ((-7.25, -7.15), (-7.88, -7.87), 7.87 / 7.25 - 1),
        ((1, 2), (2, 3), 0),
        ((0.7, 0.9), (-5.4, -5.3), math.inf),
    ],
)
def test_a_gap_says_by_how_much_the_larger_of_the_facing_ends_exceeds_the_smaller(printed, recomputed, gap):
    assert press.gap(Interval.of(*printed), Interval.of(*recomputed)) == pytest.approx(gap)


def test_the_least_gap_of_a_case_is_that_of_the_figure_that_needs_to_move_least(audits):
    # turnover 353 to 398, costs 283 to 238, profit 115 to 70
    assert press.least_gap(audits["wholesale_typo"]) == pytest.approx(398 / 353 - 1)
    assert press.least_gap(audits["investment_sectors_2018"]) == 0


@pytest.mark.parametrize(
    ("case", "what"),
    [
        ("wholesale_typo", "one figure"),
        ("nbs_investment_2020", "another reading"),
        ("insurance_rate", "figure or reading"),
        ("investment_sectors_2019", ""),
    ],
)
def test_what_mends_a_case_is_said_by_kind(audits, case, what):
    assert press.mends(audits[case], "en") == what


def test_the_audit_agrees_with_what_was_worked_out_by_hand():
    assert all(press.agreement())


def test_a_case_whose_verdict_hangs_on_the_reading_is_not_called_contradicted():
    assert press.verdict(press.audited("grim_32")) == "consistent"
    assert press.verdict(press.audited("grim_32", rounding="truncation")) == "undecided"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_of_all_cases_has_every_figure_once_and_each_case_as_an_address(audits, lang):
    table = page(press.overview(audits, lang))
    assert [body["id"] for body in table.select("tbody")] == list(audits)
    for case, audit in audits.items():
        first, *rows = table.select(f"tbody#{case} tr")
        assert f"verdict-{press.verdict(audit)}" in first.select_one(".verdict")["class"]
        assert len(rows) == len(audit.printed)
        assert int(rows[0].select_one("[rowspan]")["rowspan"]) == len(rows)


def test_the_table_lists_the_most_plausible_change_with_its_ties_and_readings(audits):
    last = {
        body["id"]: body.select("tr")[1].select("td")[-1].get_text(" ")
        for body in page(press.overview(audits, "en")).select("tbody")
    }
    assert "283" in last["wholesale_typo"]
    assert "238" in last["wholesale_typo"]
    for figure in ("211 billion", "10%", "over 200 million"):
        assert figure in last["alibaba_fee"]
    assert "basis" in last["nbs_investment_2020"]
    assert "43.285–43.329 trillion yuan" in last["nbs_investment_2020"]
    assert "1.25 percentage points" in last["insurance_rate"]  # not 1.25% for 1.25%
    assert last["grim_32"] == "—"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_source_is_listed_once_and_every_case_leads_to_its_own(audits, lang):
    listed = [item["id"] for item in page(press.sources(lang)).select("li")]
    assert sorted(listed) == sorted(parse_file(str(press.FOLDER / "references.bib")).entries)
    table = page(press.overview(audits, lang))
    for case, keys in press.catalogue()["source"].items():
        links = [link["href"] for link in table.select(f"tbody#{case} th a")]
        assert links == [f"#{key}" for key in keys.split()]


def test_a_source_whose_own_address_is_not_known_says_so():
    items = {item["id"]: item.get_text() for item in page(press.sources("en")).select("li")}
    assert "front page" in items["nyt_2014_math"]
    assert "front page" not in items["smartertimes_2000_sum"]
    assert "doi:10.1177/1948550616673876" in items["brown_2017_grim"]


@pytest.mark.parametrize(("reading", "rounding"), [("literal", "truncation"), ("loose", "ceiling")])
def test_every_case_can_be_shown_under_other_readings(audits, reading, rounding):
    other = {case: press.audited(case, reading, rounding) for case in audits}
    assert len(page(press.overview(other, "zh")).select("tbody")) == len(audits)
    for case, audit in other.items():
        assert len(page(press.table(audit, "en")).select("tbody tr")) == len(audits[case].printed)


MISSES = [
    Miss("a", "The first case", 5.3, "contradicted", "one figure"),
    Miss("b", "The second case", 0.0012, "contradicted", "figure or reading"),
    Miss("c", "The third case", 0.0, "consistent"),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_gaps_are_drawn_widest_first_and_told_in_words(lang):
    chart = misses(MISSES[::-1], lang, "A title")
    assert list(chart.values["id"]) == ["a", "b", "c"]
    assert "530%" in chart.alt
    assert "0.12%" in chart.alt
    assert layout_problems(chart.figure) == []


@pytest.mark.parametrize("gaps", [[0.0], [0.1, math.inf]])
def test_gaps_that_cannot_be_drawn_are_refused(gaps):
    with pytest.raises(ValueError, match="expected at least one, all finite"):
        misses([Miss(str(gap), "A case", gap, "contradicted") for gap in gaps], "en", "A title")


def test_means_of_whole_numbers_are_whole_numbers_over_the_people():
    assert Steps("x", "x", 28).within(5.17, 5.22) == [145 / 28, 146 / 28]
    assert Steps("x", "x", 32).within(5.185, 5.195) == [166 / 32]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chart_of_means_tells_which_number_of_people_can_give_it(lang):
    rows = [Steps("few", "28", 28, "contradicted"), Steps("more", "32", 32, "consistent")]
    chart = steps(rows, (5.185, 5.195), "5.19", lang, "A title")
    first, second = chart.alt.split("；" if lang == "zh" else "; ")
    assert "5.1875" not in first
    assert "5.1875" in second
    assert layout_problems(chart.figure) == []


def test_away_from_the_book_it_is_said_where_the_cases_are(monkeypatch, tmp_path):
    monkeypatch.setattr(press, "FOLDER", tmp_path / "nowhere")
    with pytest.raises(
        FileNotFoundError, match="nowhere: found no such folder; expected the published cases"
    ):
        press.audited("grim_28")
