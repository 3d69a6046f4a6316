"""What pages load, and how they are built to be light: over every page of both editions."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from browser import find_browser
from bs4 import BeautifulSoup
from docutils.utils.math import MathError
from fontTools.ttLib import TTFont
from pages import pages, parsed
from tiny_book import make_book

from benchmarks.site import CHAPTER_LIMIT, LANDING_LIMIT
from benchmarks.visits import open_browser, page_names, served, visit
from recount.book import build_site
from recount.book.assets import pruned, words
from recount.book.heard import pixels
from recount.book.layout import LANGUAGES
from recount.book.mathematics import mathml
from recount.book.webfont import characters

CHART = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 300 150.0'></svg>"


@pytest.fixture(scope="module")
def browser():
    find_browser()
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def first_loads(site: Path, browser):
    """Every page opened over HTTP, as on a first visit."""
    with served(site) as base:
        return {page: visit(browser, site, page, base) for page in page_names(site)}


def test_no_page_asks_anyone_else_or_complains(first_loads):
    complaints = {page: [*seen.outside, *seen.errors] for page, seen in first_loads.items()}
    assert {page: lines for page, lines in complaints.items() if lines} == {}


def test_from_disk_in_the_dark_and_on_a_phone_pages_ask_no_one_else_and_do_not_complain(site: Path, browser):
    options = {"color_scheme": "dark", "viewport": {"width": 390, "height": 800}}
    complaints = {}
    for page in page_names(site):
        seen = visit(browser, site, page, site.as_uri(), **options)
        assert seen.files[0] == site / page
        complaints[page] = [*seen.outside, *seen.errors]
    assert {page: lines for page, lines in complaints.items() if lines} == {}


def test_first_loads_are_light(first_loads):
    landing = {"index.html", *(f"{lang}/chapters/index.html" for lang in LANGUAGES)}
    limits = {page: LANDING_LIMIT if page in landing else CHAPTER_LIMIT for page in first_loads}
    heavy = {page: seen.bytes for page, seen in first_loads.items() if seen.bytes > 1000 * limits[page]}
    assert heavy == {}


def test_a_chapter_loads_one_sheet_one_script_fonts_and_the_charts_near_its_top(first_loads):
    for page, seen in first_loads.items():
        if "/chapters/" in page:
            kinds = [path.suffix for path in seen.files if path.suffix in (".css", ".js")]
            assert sorted(kinds) == [".css", ".js"], page
            assert {path.suffix for path in seen.files} <= {
                ".html",
                ".css",
                ".js",
                ".woff2",
                ".svg",
                ".png",
            }, page


def test_of_the_theme_s_files_none_lies_in_the_site_that_was_joined_or_is_idle(site: Path):
    for lang in LANGUAGES:
        static = site / lang / "_static"
        there = {path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()}
        assert {
            "book.css",
            "book.js",
            "searchtools.js",
            "fonts/STIXTwoMath.woff2",
            "fonts/recount-sc.woff2",
        } <= there
        assert not [name for name in there if "fontawesome" in name or name.endswith(".map")]
        assert sum((static / name).stat().st_size for name in there) < 600_000


def test_the_font_has_the_characters_of_the_scripts_messages_too(site: Path):
    """Sphinx writes them in escapes; one of them is in no chapter."""
    static = site / "zh" / "_static"
    messages = re.sub(
        r"\\u([0-9a-f]{4})",
        lambda m: chr(int(m[1], 16)),
        (static / "translations.js").read_text(encoding="utf-8"),
    )
    drawn = TTFont(static / "fonts" / "recount-sc.woff2").getBestCmap()
    assert "匹配" in messages
    assert [character for character in characters([messages]) if ord(character) not in drawn] == []


def test_images_keep_their_room_and_all_but_the_first_of_a_page_wait(site: Path):
    for page in pages(site):
        images = page.html.find_all("img")
        for nth, image in enumerate(images):
            assert int(image["width"]) > 0, page.name
            assert int(image["height"]) > 0, page.name
            assert image["loading"] == ("eager" if nth == 0 else "lazy"), page.name


def test_the_methods_page_has_its_formulas_as_mathml(site: Path):
    for lang, words_ in (
        ("zh", ["四舍五入", "舍去尾数", "进一"]),
        ("en", ["half up", "cut off", "rounded up"]),
    ):
        page = parsed(site / lang / "chapters" / "methods.html")
        table = page.select_one("div.math > math[display=block] mtable")
        rows = [row.get_text().replace("\xa0", " ") for row in table.find_all("mtr")]
        assert [row[: len(word)] for row, word in zip(rows, words_, strict=True)] == words_
        assert rows[1].endswith("[x,x+u)")
        assert not re.search(r"\\(frac|text|left)\b", page.select_one("article").get_text())


def test_a_bracket_grows_with_its_fraction_and_rows_are_flush(site: Path, browser):
    tab = browser.new_page()
    tab.goto((site / "zh/chapters/methods.html").as_uri())
    tab.wait_for_timeout(300)
    tall, flat = tab.evaluate(
        "[...document.querySelectorAll('div.math mtable mo')].filter((m) => m.textContent === '[')"
        ".map((m) => m.getBoundingClientRect().height)"
    )
    assert tall > 1.2 * flat
    ends = tab.evaluate(
        "[...document.querySelectorAll('div.math mtable mtd:first-child mi')]"
        ".map((m) => Math.round(m.getBoundingClientRect().right))"
    )
    assert len(ends) == 3
    assert len(set(ends)) == 1
    tab.close()


def test_what_the_page_could_do_it_still_can(site: Path, browser):
    """The switch of colours, the contents on a phone, the menu of downloads, copying of code."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, permissions=["clipboard-read", "clipboard-write"]
    )
    tab = context.new_page()
    tab.goto((site / "en/chapters/methods.html").as_uri())
    shown = tab.evaluate("document.documentElement.dataset.mode")
    tab.click(".theme-switch-button")
    assert tab.evaluate("document.documentElement.dataset.mode") != shown
    tab.click(".primary-toggle")
    assert tab.evaluate("document.getElementById('pst-primary-sidebar-modal').open")
    tab.keyboard.press("Escape")
    tab.click("details.page-menu > summary")
    assert tab.is_visible("details.page-menu a")
    tab.keyboard.press("Escape")
    assert not tab.is_visible("details.page-menu a")
    block = tab.locator("div.highlight:has(button.recount-copy):visible").first
    block.locator("button.recount-copy").click()
    tab.wait_for_function("document.querySelector('button.recount-copy[aria-live]')")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == block.locator("pre").evaluate("(pre) => pre.textContent.trimEnd()")
    context.close()


def test_words_found_by_search_are_marked_on_the_page(site: Path, browser):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((site / "en/chapters/methods.html").as_uri() + "?highlight=contraction")
    tab.wait_for_selector("article .highlighted", timeout=10_000)
    context.close()


def test_every_icon_is_drawn(site: Path, browser):
    tab = browser.new_page()
    for page in ("zh/chapters/lead.html", "zh/search.html"):
        tab.goto((site / page).as_uri())
        bare = tab.evaluate(
            "[...document.querySelectorAll('i.fa-solid, i.fas, span.fa-solid')]"
            ".filter((i) => !getComputedStyle(i).maskImage.startsWith('url')).map((i) => i.className)"
        )
        assert bare == []
    tab.close()


@pytest.mark.parametrize(
    ("base", "links"),
    [
        ("https://example.org/b/", ["https://example.org/b/zh/x.html", "https://example.org/b/en/x.html"]),
        ("", [None, None]),
    ],
)
def test_the_404_page_leads_on_at_any_depth(base, links, tmp_path: Path):
    from recount.book.alone import missing_page
    from recount.book.layout import Book

    config = Book.find(Path(__file__).parents[1]).config()
    page = BeautifulSoup(
        missing_page(config, {"zh": "zh/x.html", "en": "en/x.html"}, base, tmp_path), "html.parser"
    )
    assert [link.get("href") for link in page.find_all("a")] == links
    assert [section["lang"] for section in page.find_all("section")] == ["zh-CN", "en"]
    assert not page.find_all(src=True)
    assert bool(page.find("script")) is not bool(base)


def test_without_a_base_the_404_page_finds_the_top_of_the_site(site: Path, browser):
    tab = browser.new_page()
    content = (site / "404.html").read_text(encoding="utf-8")
    tab.route(
        "**/*", lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8", status=404)
    )
    tab.goto("http://127.0.0.1/some/book/en/chapters/gone.html")
    assert (
        tab.evaluate("document.querySelector('section[lang=en] a').href")
        == "http://127.0.0.1/some/book/en/chapters/index.html"
    )
    tab.close()


@pytest.mark.parametrize(
    ("latex", "text", "part"),
    [
        (r"\frac{a}{b}", "ab", "mfrac"),
        (r"\text{年数} \times 2", "年数×2", 'class="words"'),
        (r"\min\left(1, x\right)", "min(1,x)", "<mi>min</mi>"),
        (r"a/b", "a/b", 'lspace="0"'),
        (r"\Delta", "Δ", 'mathvariant="normal"'),
        (r"\sum_i x_i", "∑ixi", "munder"),
        (r"\begin{aligned} a &= b \\ c &= \frac{d}{e} \end{aligned}", "a=bc=de", 'class="ams-align"'),
        (r"x < y", "x<y", "&lt;"),
    ],
)
def test_formulas_are_translated(latex, text, part):
    formula = mathml(latex, block=True)
    assert BeautifulSoup(formula, "html.parser").get_text() == text
    assert part in formula


@pytest.mark.parametrize("latex", [r"\unknowncommand x", r"\frac{a}", r"\begin{gathered} a \end{gathered}"])
def test_a_formula_that_is_not_understood_is_an_error(latex):
    with pytest.raises(MathError):
        mathml(latex)


def test_styles_are_cut_to_what_pages_have():
    page = '<div class="kept" id="here"><p>x</p></div>'
    css = """
    /* a comment */ :root { --used: 1px }
    .kept, .gone { margin: var(--used) } .kept .gone { margin: 0 } #there { margin: 0 }
    .kept:not(.gone) > p::before { content: "{;}" } blockquote { margin: 0 }
    @media print { .gone { margin: 0 } #here { margin: 0 } }  @media screen { .gone { margin: 0 } }
    @keyframes turn { from { top: 0 } }
    @font-face { font-family: "Font Awesome 6 Free"; src: url(x.woff2) }
    """
    assert pruned(css, words([page], [])).splitlines() == [
        ":root{--used: 1px}",
        ".kept{margin: var(--used)}",
        '.kept:not(.gone) > p::before{content: "{;}"}',
        "@media print{#here{margin: 0}",
        "}",
        "@keyframes turn{from { top: 0 }}",
    ]


def test_a_class_that_a_script_gives_keeps_its_style():
    assert pruned(".late { top: 0 }", words([], ["e.classList.add('late')"])) == ".late{top: 0}\n"


@pytest.mark.parametrize(("name", "size"), [("a.svg", (400, 200)), ("gone.svg", None), ("a.png", None)])
def test_the_size_of_a_drawing_is_read_from_it(tmp_path: Path, name: str, size: tuple[int, int] | None):
    (tmp_path / "a.svg").write_text(CHART, encoding="utf-8")
    (tmp_path / "a.png").write_bytes(b"")
    assert pixels(tmp_path / name) == size


EXTENSION = """
from pathlib import Path

def setup(app):
    app.connect("builder-inited", lambda app: app.config.html_static_path.append(str(Path(__file__).parent / "theirs")))
    app.add_css_file("sub/theirs.css")
    app.add_js_file("theirs.js", loading_method="defer")
    app.add_js_file(None, body="window.theirs = 1;")
"""


def test_what_an_extension_adds_is_loaded_and_lies_in_the_site(tmp_path: Path, monkeypatch):
    root = make_book(tmp_path / "book")
    (tmp_path / "theirs" / "sub").mkdir(parents=True)
    (tmp_path / "theirs_extension.py").write_text(EXTENSION, encoding="utf-8")
    (tmp_path / "theirs" / "sub" / "theirs.css").write_text(
        ".nowhere { background: url(dot.png) }", encoding="utf-8"
    )
    (tmp_path / "theirs" / "sub" / "dot.png").write_bytes(b"dot")
    (tmp_path / "theirs" / "theirs.js").write_text("window.loaded = 1;", encoding="utf-8")
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    )
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["config"]["extensions"].append("theirs_extension")
    (root / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    edition = build_site(root, say=lambda line: None) / "en"
    page = parsed(edition / "chapters" / "first.html")
    assert [link["href"].partition("?")[0] for link in page.select("link[href*=theirs]")] == [
        "../_static/sub/theirs.css"
    ]
    assert [script["src"].partition("?")[0] for script in page.select("script[src*=theirs]")] == [
        "../_static/theirs.js"
    ]
    assert any("window.theirs = 1;" in script.get_text() for script in page.find_all("script"))
    for name in ("sub/theirs.css", "sub/dot.png", "theirs.js"):
        assert (edition / "_static" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes()
