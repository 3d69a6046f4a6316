"""Search of the built site, asked in a browser as a reader asks it."""

from __future__ import annotations

import pytest
from browser import open_browser

from benchmarks.visits import served

# query, and a page that has to be among those found, in either edition
QUERIES = [
    ("zh", "普惠型小微企业贷款", "national"), ("zh", "无还本续贷", "bottlenecks"), ("zh", "碳账户", "integration"),
    ("zh", "新市民", "precision"), ("zh", "复利", "national"), ("zh", "户次", "national"), ("zh", "舍去尾数", "methods"),
    ("zh", "9.6万亿", "national"), ("zh", "24万亿元", "bottlenecks"), ("zh", "16.63%", "national"),
    ("zh", "302.9吨", "integration"), ("zh", "sme_loans", "national"), ("zh", "platform_credit", "bottlenecks"),
    ("zh", "overrides", "bottlenecks"), ("zh", "frictionless", "data"),
    ("en", "refinancing", "bottlenecks"), ("en", "compound growth", "national"), ("en", "percentage points", "national"),
    ("en", "carbon accounts", "integration"), ("en", "witness", "methods"), ("en", "9.6 trillion", "national"),
    ("en", "9.6万亿", "national"), ("en", "24万亿元", "bottlenecks"), ("en", "16.63%", "national"), ("en", "302.9", "integration"),
    ("en", "sme_loans", "national"), ("en", "counties_served", "integration"), ("en", "普惠金融", "glossary"),
    ("en", "涉农", "glossary"), ("en", "超过", "methods"),
]  # fmt: skip


@pytest.fixture(scope="module")
def tab():
    with open_browser() as browser:
        yield browser.new_page()


@pytest.mark.parametrize(
    ("lang", "query", "page"), QUERIES, ids=[f"{lang}-{query}" for lang, query, _ in QUERIES]
)
def test_a_query_finds_the_page_it_should(tab, site, lang, query, page):
    tab.goto((site / lang / "search.html").as_uri() + f"?q={query.replace('%', '%25')}")
    tab.wait_for_function(
        "document.querySelector('.search-summary')?.textContent.match(/\\d/)", timeout=10_000
    )
    tab.wait_for_timeout(200)
    addresses = tab.eval_on_selector_all(
        "#search-results ul.search li > a", "links => links.map((link) => link.href)"
    )
    assert any(f"/chapters/{page}.html" in address for address in addresses), addresses


@pytest.mark.parametrize(
    ("lang", "query", "contents"), [("zh", "贷款", "本页目录"), ("en", "loans", "On this page")]
)
def test_excerpts_are_of_the_article_and_hold_what_was_searched(tab, site, lang, query, contents):
    """Served, for from disk a page may not read the others."""
    with served(site) as base:
        tab.goto(f"{base}/{lang}/search.html?q={query}")
        tab.wait_for_function("""() => {
          const found = [...document.querySelectorAll("#search-results ul.search > li")];
          const done = document.querySelector(".search-summary")?.textContent.match(/\\d/);
          return done && found.length && found.every((result) => result.querySelector(".context"));
        }""")
        excerpts = tab.locator("#search-results .context").all_inner_texts()
    assert len(excerpts) > 5
    assert [excerpt for excerpt in excerpts if query not in excerpt.lower() or contents in excerpt] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_nowhere_is_not_found(tab, site, lang):
    tab.goto((site / lang / "search.html").as_uri() + "?q=龘靐")
    tab.wait_for_timeout(800)
    assert tab.locator("#search-results ul.search li").count() == 0
