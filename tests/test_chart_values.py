"""The table of drawn values under a chart: what it says, where it links, how it reaches the page."""

from __future__ import annotations

import math
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from drawn import TITLES

from recount import charts
from recount.audit import Audit
from recount.chapter import chapter as chapters
from recount.chapter.values import SERIES, drawn, ends, series_words
from recount.charts import Level, Path, Share
from recount.charts.methods import nine_ways
from recount.figures.readings import READINGS, ROUNDINGS
from recount.package import report
from recount.words import LANGS

INF = math.inf
both = pytest.mark.parametrize("lang", LANGS)


@pytest.fixture(scope="module")
def audit() -> Audit:
    figures = {"share": "28%", "part": "2.50亿元", "whole": "9.60亿元"}
    return Audit(report(figures, ["share == part / whole"]))


def page(html: str) -> Tag:
    details = BeautifulSoup(html, "html.parser").details
    assert isinstance(details, Tag)
    return details


def lines(html: str) -> list[list[str]]:
    """The rows of the table as texts."""
    rows = page(html).select("tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in rows]


@pytest.mark.parametrize(
    ("lower", "upper", "unit", "lang", "words"),
    [
        (9.55e12, 9.65e12, "yuan", "zh", ("9.55", "9.65", "万亿元")),
        (9.55e12, 9.65e12, "yuan", "en", ("9.55", "9.65", "trillion yuan")),
        (0.4, INF, "ratio", "zh", ("40", "无上限", "%")),
        (-INF, 5.0, "hour", "en", ("no lower end", "5", "hours")),
        (0.105, 0.115, "points", "en", ("10.5", "11.5", "percentage points")),
        (20463.0, 20463.0, "count", "zh", ("20,463", "20,463", "数")),
        (1.0, 31.0, "rank", "en", ("1st", "31st", "place")),
        (100.0, 2.45e13, "yuan", "en", ("100 yuan", "24.5 trillion yuan", "yuan")),
        (-INF, INF, "ratio", "en", ("no lower end", "no upper end", "")),
    ],
)
def test_both_ends_are_told_in_one_unit(
    lower: float, upper: float, unit: str, lang: str, words: tuple[str, str, str]
) -> None:
    assert ends(lower, upper, unit, lang) == words


def test_every_kind_of_value_has_words_in_both_languages() -> None:
    for key, (zh, en) in SERIES.items():
        assert zh != en, key
        assert zh.isascii() < en.isascii(), key
    assert series_words("before implied", "zh") == "原先，推得"
    assert series_words("before implied", "en") == "before, implied"
    assert series_words("", "en") == ""
    with pytest.raises(KeyError, match="guessed"):
        series_words("guessed", "en")


def test_a_printed_and_its_recomputed_interval_stand_under_one_name(audit: Audit) -> None:
    chart = charts.printed_vs_recomputed(audit.ledger, "en", TITLES["en"])
    html = drawn(chart, audit, "en")
    assert lines(html)[:3] == [
        ["Share"],
        ["printed", "27.5", "28.5", "%"],
        ["recomputed", "25.97", "26.11", "%"],
    ]


def test_names_link_to_where_the_book_treats_the_statistic(audit: Audit) -> None:
    share = Share("Our words", 0.275, 0.285, "share", "28%")
    chart = charts.shares([share, Share("Elsewhere", 0.3, 0.4)], "en", TITLES["en"])
    section = audit.data.statistics.loc["share", "section"]
    for own, address in ((section, "#share"), ("another", f"{section}.html#share")):
        (link,) = page(drawn(chart, audit, "en", own)).select("a")
        assert (link["href"], link.get_text()) == (address, "Our words")
    assert lines(drawn(chart, audit, "en")) == [
        ["Our words printed", "27.5", "28.5", "%"],
        ["Elsewhere outside figure", "30", "40", "%"],
    ]


@both
def test_the_table_is_closed_named_and_headed(lang: str, audit: Audit) -> None:
    html = drawn(charts.printed_vs_recomputed(audit.ledger, lang, "a < b"), audit, lang)
    details = page(html)
    assert not details.has_attr("open")
    assert details.summary is not None
    assert details.summary.get_text() == {"zh": "图中数值", "en": "Values drawn"}[lang]
    assert details.caption is not None
    assert details.caption.get_text() == "a < b"
    assert {th["scope"] for th in details.select("th")} == {"col", "row", "rowgroup"}
    assert "<script" not in html


def test_dates_tell_the_levels_of_a_path_apart(audit: Audit) -> None:
    path = Path("Loans", Level(2024.0, 9.0, 10.0), [Level(2014.0, 3.0, 4.0)], [Level(2020.25, 5.0, 6.0)])
    chart = charts.growth_path([path], "en", TITLES["en"], draws=("whole",))
    assert [line[0] for line in lines(drawn(chart, audit, "en"))] == [
        "Loans",
        "printed, end of 2023",
        "implied base, end of 2013",
        "outside figure, end of March 2020",
    ]


def test_marks_without_an_interval_are_told_by_verdict(audit: Audit) -> None:
    ways = [f"{reading} {rounding}" for reading in READINGS for rounding in ROUNDINGS]
    verdicts = {"share": dict.fromkeys(ways, "consistent") | {"loose ceiling": "contradicted"}}
    chart = nine_ways(audit.ledger.loc[["share"]], verdicts, "en", TITLES["en"])
    rows = lines(drawn(chart, audit, "en"))
    assert [line[0] for line in rows] == ["Share", "consistent", "contradicted"]
    assert rows[2][1] == "loose reading (rounded up)"


def test_the_overview_has_no_table(audit: Audit) -> None:
    assert drawn(charts.tiles(audit.ledger, "en", TITLES["en"]), audit, "en") == ""


def test_the_table_follows_its_chart_on_the_page(monkeypatch: pytest.MonkeyPatch, audit: Audit) -> None:
    shown: list[tuple[dict[str, str], dict[str, Any]]] = []
    monkeypatch.setattr(chapters, "Audit", lambda data, settings: audit)
    monkeypatch.setattr(chapters, "load", lambda folder: audit.data)
    monkeypatch.setattr(chapters, "display", lambda data, raw, metadata: shown.append((data, metadata)))
    chapter = chapters.Chapter("national", "en")
    chapter.draw(charts.printed_vs_recomputed(audit.ledger, "en", TITLES["en"], name="fig-one"))
    chapter.draw(charts.tiles(audit.ledger, "en", TITLES["en"], name="fig-two"))
    assert [next(iter(data)) for data, _ in shown] == ["image/svg+xml", "text/html", "image/svg+xml"]
    assert shown[1][1] == {"recount": {"values": "fig-one"}}
    assert shown[1][0]["text/html"].startswith("<details")
