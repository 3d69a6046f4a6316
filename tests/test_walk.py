"""A walk through the built book: every statistic of the report, from every page that leads to it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from pages import anchors, parsed

from recount.audit import Audit
from recount.book.layout import LANGUAGES
from recount.package import load
from recount.words import printed_words, shown_unit, verdict_word


@pytest.fixture(scope="module")
def ledger():
    return Audit(load()).ledger


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(request, site):
    return request.param, site / request.param / "chapters"


def address(row) -> str:
    return f"{row.section}.html#{row.id}"


def prose(page: BeautifulSoup) -> str:
    """What a page says in paragraphs and lists, without its tables, charts and code."""
    said = [
        node
        for node in page.select("article p, article li")
        if not node.find_parent(["table", "figure", "details"])
        and not node.find_parent(class_=["cell", "cell_output", "toctree-wrapper"])
    ]
    return "\n".join(node.get_text() for node in said)


def test_the_landing_page_has_a_tile_for_each_statistic_that_shows_its_verdict_and_leads_to_its_place(
    edition, ledger
):
    lang, folder = edition
    tiles = {tile["href"]: tile for tile in parsed(folder / "index.html").select(".recount-overview a.tile")}
    assert list(tiles) == [address(row) for row in ledger.itertuples()]
    for row in ledger.itertuples():
        tile = tiles[address(row)]
        assert f"verdict-{row.verdict}" in tile["class"], row.id
        assert verdict_word(row.verdict, lang) in tile["aria-label"], row.id
        assert row.id in anchors(folder / f"{row.section}.html"), row.id


def test_the_ledger_leads_to_each_statistic_and_gives_the_same_verdict(edition, ledger):
    lang, folder = edition
    rows = {
        link["href"]: link.find_parent("tr")
        for link in parsed(folder / "ledger.html").select(".recount-ledger a")
    }
    for row in ledger.itertuples():
        shown = rows[address(row)].select_one(".verdict").get_text()
        assert shown == verdict_word(row.verdict, lang), row.id


def test_each_statistic_stands_in_the_table_of_its_chapter_with_its_verdict(edition, ledger):
    lang, folder = edition
    for row in ledger.itertuples():
        place = parsed(folder / f"{row.section}.html").find(id=row.id)
        line = place if place.name == "tr" else place.find_parent("tr")
        assert verdict_word(row.verdict, lang) in line.get_text(), row.id


def test_each_statistic_is_told_in_the_prose_of_its_chapter(edition, ledger):
    lang, folder = edition
    prose_of = {
        section: prose(parsed(folder / f"{section}.html")) for section in dict.fromkeys(ledger["section"])
    }
    missing = [
        row.id
        for row in ledger.itertuples()
        if printed_words(row.printed, lang, shown_unit(row._asdict())) not in prose_of[row.section]
    ]
    assert missing == []
