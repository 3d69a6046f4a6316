"""Every page of both editions of the real book."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from browser import open_browser
from pages import Page, pages

from benchmarks.visits import dead_links
from recount.book.layout import LANGUAGES, Book

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = Book(ROOT).docnames()
HTML_LANG = {"zh": "zh-CN", "en": "en", "": "zh-CN"}


@pytest.fixture(scope="module")
def every_page(site: Path) -> list[Page]:
    return pages(site)


def test_both_editions_have_every_chapter_and_the_first_page_leads_to_both(site, every_page):
    names = {page.name for page in every_page}
    wanted = {f"{lang}/{chapter}.html" for lang in LANGUAGES for chapter in CHAPTERS}
    assert wanted <= names
    first = next(page for page in every_page if page.name == "index.html")
    assert {f"{lang}/{CHAPTERS[0]}.html" for lang in LANGUAGES} <= set(first.links())


def test_every_page_says_its_language(every_page):
    wrong = [page.name for page in every_page if page.html.html["lang"] != HTML_LANG[page.edition]]
    assert wrong == []


def test_chinese_prose_is_in_the_chinese_edition_only(every_page):
    """A paragraph of the English edition may quote Chinese; it is not written in it."""
    mixed = []
    for page in every_page:
        if page.edition == "en":
            for paragraph in page.html.select(".bd-article p, .bd-article h1, .bd-article h2"):
                text = paragraph.get_text()
                han = len(re.findall(r"[\u4e00-\u9fff]", text))
                if han > len(text) / 2 and han > 10:
                    mixed.append((page.name, text[:60]))
    assert mixed == []


def test_no_page_shows_an_error(every_page):
    shown = [
        (page.name, element.get_text()[:200])
        for page in every_page
        for element in page.html.select(".output.traceback, .output.stderr, .system-message, .problematic")
    ]
    assert shown == []


def test_every_image_has_a_text_that_is_not_a_path(every_page):
    poor = []
    for page in every_page:
        for image in page.html.find_all("img"):
            alt = str(image.get("alt", "")).strip()
            if len(alt) < 4 or re.search(r"\.(svg|png|jpe?g|gif)$|^_?images?/|/", alt[-60:]):
                poor.append((page.name, image.get("src"), alt))
    assert poor == []


def test_charts_of_a_page_have_captions_and_anchors(every_page):
    poor = [
        (page.name, figure.get("id"))
        for page in every_page
        for figure in page.html.select("figure.recount-figure")
        if not figure.get("id") or not figure.find("figcaption")
    ]
    assert poor == []


def test_no_link_inside_the_site_is_dead(site: Path):
    assert dead_links(site) == []


def test_every_page_leads_to_the_same_page_of_the_other_edition(every_page):
    names = {page.name for page in every_page}
    for page in every_page:
        if page.edition and "/" in page.name.removeprefix(f"{page.edition}/"):
            other = "en" if page.edition == "zh" else "zh"
            switch = page.html.find("a", class_="edition-switch")
            assert switch["href"].lstrip("./") == page.name.replace(page.edition, other, 1)
            assert switch["href"].lstrip("./") in names


def test_the_site_names_no_place_of_the_machine_it_was_built_on(site: Path):
    where = str(ROOT).encode()
    naming = [
        str(path.relative_to(site))
        for path in site.rglob("*")
        if path.is_file() and where in path.read_bytes()
    ]
    assert naming == []


def test_downloaded_notebooks_are_executed_and_in_one_language(site: Path):
    for lang in LANGUAGES:
        for chapter in CHAPTERS:
            file = site / lang / "_sources" / f"{chapter}.ipynb"
            cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
            tags = {tag for cell in cells for tag in cell["metadata"].get("tags", [])}
            assert not tags & set(LANGUAGES) - {lang}, file
            ran = [c for c in cells if c["cell_type"] == "code" and c["execution_count"]]
            assert ran, file


SAMPLE = [
    f"{lang}/{page}.html"
    for lang in LANGUAGES
    for page in (CHAPTERS[0], CHAPTERS[len(CHAPTERS) // 2], CHAPTERS[-1], "search")
]


def test_in_a_browser_pages_ask_no_one_else_and_fit_a_phone(site: Path):
    """From disk, light and dark, wide and narrow."""
    faults: list[tuple[str, str]] = []
    with open_browser() as browser:
        for name in ["index.html", *SAMPLE]:
            for scheme, width in (("light", 1280), ("dark", 390)):
                tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
                asked: list[str] = []
                tab.on("request", lambda request, asked=asked: asked.append(request.url))
                tab.on(
                    "console",
                    lambda message, name=name: (
                        faults.append((name, message.text)) if message.type == "error" else None
                    ),
                )
                tab.goto((site / name).as_uri(), wait_until="load")
                tab.wait_for_timeout(300)
                outside = [url for url in asked if not url.startswith(("file:", "data:"))]
                faults.extend((name, url) for url in outside)
                if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                    faults.append((name, f"scrolls sideways at {width} pixels"))
                tab.close()
    assert faults == []


@pytest.mark.parametrize(("lang", "query"), [("zh", "普惠"), ("zh", "9.6万亿"), ("en", "loans")])
def test_search_finds_chinese_printed_figures_and_english(site: Path, lang: str, query: str):
    with open_browser() as browser:
        tab = browser.new_page()
        tab.goto(f"{(site / lang / 'search.html').as_uri()}?q={query}")
        tab.wait_for_selector("#search-results ul.search li", timeout=10_000)


def test_no_markup_is_left_in_the_text(every_page):
    """Emphasis next to Chinese punctuation is easily left as asterisks."""
    left = []
    for page in every_page:
        for block in page.html.select(".bd-article p, .bd-article li, .bd-article td, figcaption"):
            words = "".join(text for text in block.strings if not text.find_parent(["code", "pre"]))
            match = re.search(r".{0,12}(\*\*|\{glue|\]\().{0,12}", words)
            if match:
                left.append((page.name, match.group()))
    assert left == []
