"""Where pages are: twins, canonical addresses, cards, the sitemap, reports of errors, the first page."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from browser import open_browser
from bs4 import BeautifulSoup
from pages import anchors, parsed
from PIL import Image
from tiny_book import cell, make_book, notebook, parameters, write_chapter

from recount.book import build_site, launch
from recount.book.addresses import CODES, report_link, shortened, sitemap
from recount.book.alone import landing_page
from recount.book.layout import Book
from recount.book.ledgers import statistic_pages

BASE = "https://example.org/book"
ROW = '<table><tr id="sme_loans"><th>贷款 <a class="permalink" href="#sme_loans" title="t">#sme_loans</a></th></tr></table>'


def test_a_sitemap_lists_every_page_of_both_editions_with_its_twin():
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    root = ElementTree.fromstring(sitemap(BASE, ["chapters/index", "chapters/lead"]))
    places = [entry.text for entry in root.findall("s:url/s:loc", space)]
    assert sorted(places) == sorted(
        f"{BASE}/{lang}/chapters/{name}.html" for lang in CODES for name in ("index", "lead")
    )
    for entry in root.findall("s:url", space):
        assert {link.get("hreflang") for link in entry.findall("x:link", space)} == set(CODES.values())


def test_a_report_opens_a_message_that_names_the_statistic():
    html = report_link(
        "https://github.com/o/r.git", "https://example.org/zh/chapters/national.html", "sme_loans", "zh"
    )
    link = BeautifulSoup(html, "html.parser").select_one("a.report")
    parts = urlsplit(link["href"])
    assert f"{parts.netloc}{parts.path}" == "github.com/o/r/issues/new"
    assert parse_qs(parts.query)["title"] == ["统计数 sme_loans"]
    assert "https://example.org/zh/chapters/national.html#sme_loans" in parse_qs(parts.query)["body"][0]


TABLE = f"from IPython.display import HTML\nHTML({ROW!r})"


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """The site of a book whose address and repository are configured, with a statistic in it."""
    root = make_book(tmp_path_factory.mktemp("published") / "book")
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["config"]["recount_base_url"] = BASE
    config["repository"] = {"url": "https://github.com/o/r"}
    (root / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    long = "\n\n很长的一段。" * 60, "\n\nA long text." * 60
    write_chapter(
        root,
        "second",
        notebook(
            cell("markdown", "title-zh", "# 另一章", "zh"),
            cell("markdown", "title-en", "# The other", "en"),
            parameters(),
            cell("code", "table", TABLE),
            cell("markdown", "early-zh", "## 前" + long[0], "zh"),
            cell("markdown", "early-en", "## Early" + long[1], "en"),
            cell("markdown", "late-zh", "## 后" + long[0], "zh"),
            cell("markdown", "late-en", "## Late" + long[1], "en"),
        ),
    )
    launch.main([str(root)])
    return build_site(root, say=lambda line: None)


def test_a_description_is_cut_to_length():
    assert shortened("字 " * 300).endswith("…")
    assert len(shortened("字 " * 300)) <= 200
    assert shortened("a\n b") == "a b"


def test_without_a_base_a_page_names_its_twins_by_relative_links_and_claims_no_address(site: Path):
    page = parsed(site / "en/chapters/lead.html")
    links = {link["hreflang"]: link["href"] for link in page.head.select('link[rel="alternate"][hreflang]')}
    assert links == {"zh-Hans": "../../zh/chapters/lead.html", "en": "../../en/chapters/lead.html"}
    assert not page.select('link[rel="canonical"], meta[property="og:url"], a.report')


def test_each_statistic_of_the_data_has_its_page(site: Path):
    for id, page in statistic_pages(Book.find(Path(__file__).parents[1])).items():
        for lang in CODES:
            assert id in anchors(site / lang / page), id


def test_pages_of_a_published_book_know_their_place(published: Path):
    page = BeautifulSoup((published / "en/chapters/second.html").read_text(encoding="utf-8"), "html.parser")
    links = {link["hreflang"]: link["href"] for link in page.head.select('link[rel="alternate"][hreflang]')}
    assert links == {
        "zh-Hans": f"{BASE}/zh/chapters/second.html",
        "en": f"{BASE}/en/chapters/second.html",
        "x-default": f"{BASE}/",
    }
    assert page.select_one('link[rel="canonical"]')["href"] == f"{BASE}/en/chapters/second.html"
    assert page.select_one('meta[property="og:url"]')["content"] == f"{BASE}/en/chapters/second.html"
    assert page.select_one('meta[property="og:title"]')["content"] == "The other"
    assert page.select_one('meta[name="description"]')["content"].startswith("A long text.")
    card = page.select_one('meta[property="og:image"]')["content"].removeprefix(f"{BASE}/")
    with Image.open(published / card) as picture:
        assert picture.size == (1200, 630)
    assert page.select_one("a.report")["href"].startswith("https://github.com/o/r/issues/new?")
    assert (published / "sitemap.xml").is_file()
    assert f"{BASE}/sitemap.xml" in (published / "robots.txt").read_text(encoding="utf-8")


def test_headings_have_one_address_in_both_editions(published: Path):
    for lang in ("zh", "en"):
        page = BeautifulSoup(
            (published / lang / "chapters/second.html").read_text(encoding="utf-8"), "html.parser"
        )
        assert page.find(id="second-early")
        assert page.find(id="second-late")


@pytest.fixture(scope="module")
def tab(published: Path, tmp_path_factory):
    site = shutil.copytree(published, tmp_path_factory.mktemp("served") / "site")
    book, first = Book.find(published.parents[1]), {lang: f"{lang}/chapters/first.html" for lang in CODES}
    places = {"sme_loans": "chapters/second.html"}  # as of a book with a data package
    landing = landing_page(book.config(), first, places, book.build / "fonts", b"<svg/>")
    (site / "index.html").write_text(landing, encoding="utf-8")
    with open_browser() as browser:
        yield browser.new_context(locale="en-GB", viewport={"width": 1000, "height": 500}).new_page(), site


def test_the_switch_leads_to_the_same_place_and_back(tab):
    page, site = tab
    page.goto((site / "zh/chapters/second.html").as_uri())
    page.evaluate("document.getElementById('second-late').scrollIntoView()")
    page.wait_for_timeout(300)
    page.evaluate("document.querySelector('a.edition-switch').click()")
    page.wait_for_url("**/en/chapters/second.html#second-late")
    page.wait_for_timeout(300)
    page.evaluate("document.querySelector('a.edition-switch').click()")
    page.wait_for_url("**/zh/chapters/second.html#second-late")


def test_the_first_page_knows_the_edition_read_last_and_where_each_statistic_is(tab):
    page, site = tab
    page.goto((site / "index.html").as_uri() + "#choose")
    page.evaluate("localStorage.clear()")
    page.goto("about:blank")
    page.goto((site / "index.html").as_uri())
    assert page.locator("a").count() == 2  # nothing is known yet: both are offered
    page.goto((site / "zh/chapters/second.html").as_uri())
    page.goto((site / "index.html").as_uri())
    page.wait_for_url("**/zh/chapters/first.html")
    page.goto((site / "index.html").as_uri() + "#sme_loans")
    page.wait_for_url("**/zh/chapters/second.html#sme_loans")
    page.goto((site / "index.html").as_uri() + "#choose")
    assert page.locator("a").count() == 2


def test_a_statistic_s_address_is_copied(tab):
    page, site = tab
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto((site / "en/chapters/second.html").as_uri())
    page.evaluate(
        "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }"
    )
    page.click("a.permalink")
    page.wait_for_selector(".recount-copied")
    assert page.evaluate("window.copied").endswith("/en/chapters/second.html#sme_loans")
    assert page.url.endswith("#sme_loans")
