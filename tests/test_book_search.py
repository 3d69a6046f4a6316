"""Search terms: Python cuts the pages, the browser cuts the query, and both must agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browser import open_browser

from recount.book.search import SPLITTER, pieces
from recount.book.webfont import characters, subset


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("贷款", ["贷", "款", "贷款"]),
        ("小微贷", ["小", "微", "贷", "小微", "微贷"]),
        ("9.6万亿元", ["9.6", "万", "亿", "元", "万亿", "亿元"]),
        ("sme_loans rose 40%", ["sme_loans", "rose", "№40"]),
        ("2023年3家", ["№2023", "年", "№3", "家"]),
        ("", []),
        ("，。 —", []),
    ],
)
def test_terms_of_a_text(text, terms):
    assert pieces(text) == terms


QUERIES = ["贷款", "小微企业", "9.6万亿", "sme_loans", "40", "余额 loans 2023", "贷", "，", "3.14x"]


def test_the_browser_cuts_a_query_into_terms_the_index_has():
    with open_browser() as browser:
        page = browser.new_page()
        cut = page.evaluate(f"() => {{ {SPLITTER}; return {json.dumps(QUERIES)}.map(splitQuery) }}")
    for query, terms in zip(QUERIES, cut, strict=True):
        indexed = pieces(query)
        assert set(terms) <= set(indexed), query
        assert bool(terms) == bool(indexed), query


def test_the_font_is_cut_to_the_characters_of_the_pages(tmp_path: Path):
    from fontTools.ttLib import TTFont

    wanted = characters(["普惠 finance", "惠，“”"])
    assert wanted == "惠普，"
    font = TTFont(subset(wanted, tmp_path))
    assert set(map(ord, wanted)) == set(font.getBestCmap())
    assert "Open Font License" in str(font["name"].getDebugName(13))
