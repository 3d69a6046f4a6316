"""What pages load, and how they are built to be light: over every page of both editions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import find_browser
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from pages import pages, parsed

from benchmarks.site import CHAPTER_LIMIT, LANDING_LIMIT
from benchmarks.visits import open_browser, page_names, served, visit
from recount.book.assets import needed_static, pruned, words
from recount.book.images import with_sizes
from recount.book.layout import LANGUAGES
from recount.book.mathematics import math_characters, mathml, slanted
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
    told = {page: [*seen.outside, *seen.errors] for page, seen in first_loads.items()}
    assert {page: found for page, found in told.items() if found} == {}


def test_from_disk_in_the_dark_and_on_a_phone_pages_ask_no_one_else_and_do_not_complain(site: Path, browser):
    options = {"color_scheme": "dark", "viewport": {"width": 390, "height": 800}}
    told = {}
    for page in page_names(site):
        seen = visit(browser, site, page, site.as_uri(), **options)
        assert seen.files[0] == site / page
        told[page] = [*seen.outside, *seen.errors]
    assert {page: found for page, found in told.items() if found} == {}


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
            assert {path.suffix for path in seen.files} <= {".html", ".css", ".js", ".woff2", ".svg", ".png"}, page


def test_nothing_lies_in_the_site_that_no_page_names(site: Path):
    for lang in LANGUAGES:
        there = {p.relative_to(site / lang / "_static").as_posix() for p in (site / lang / "_static").rglob("*") if p.is_file()}
        assert there == needed_static(site / lang)


def test_the_font_has_the_characters_of_the_scripts_messages_too(site: Path):
    """Sphinx writes them in escapes; one of them is in no chapter."""
    static = site / "zh" / "_static"
    messages = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), (static / "translations.js").read_text(encoding="utf-8"))
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
    for lang, words_ in (("zh", ["四舍五入", "舍去尾数", "进一"]), ("en", ["half up", "cut off", "rounded up"])):
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
        ".map((m) => m.getBoundingClientRect().height)")  # fmt: skip
    assert tall > 1.2 * flat
    ends = tab.evaluate(
        "[...document.querySelectorAll('div.math mtable mtd.right mi')]"
        ".map((m) => Math.round(m.getBoundingClientRect().right))")  # fmt: skip
    assert len(ends) == 3
    assert len(set(ends)) == 1
    tab.close()


def test_what_the_page_could_do_it_still_can(site: Path, browser):
    """The switch of colours, the contents on a phone, the menu of downloads, copying of code."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
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
            ".filter((i) => !getComputedStyle(i).maskImage.startsWith('url')).map((i) => i.className)")  # fmt: skip
        assert bare == []
    tab.close()


@pytest.mark.parametrize(
    ("base", "links"),
    [("https://example.org/b/", ["https://example.org/b/zh/x.html", "https://example.org/b/en/x.html"]), ("", [None, None])],
)
def test_the_404_page_leads_on_at_any_depth(base, links, tmp_path: Path):
    from recount.book.layout import Book
    from recount.book.missing import missing_page

    config = Book.find(Path(__file__).parents[1]).config()
    page = BeautifulSoup(missing_page(config, {"zh": "zh/x.html", "en": "en/x.html"}, base, tmp_path), "html.parser")
    assert [link.get("href") for link in page.find_all("a")] == links
    assert [section["lang"] for section in page.find_all("section")] == ["zh-CN", "en"]
    assert not page.find_all(src=True)
    assert bool(page.find("script")) is not bool(base)


def test_without_a_base_the_404_page_finds_the_top_of_the_site(site: Path, browser):
    tab = browser.new_page()
    content = (site / "404.html").read_text(encoding="utf-8")
    tab.route("**/*", lambda route: route.fulfill(body=content, content_type="text/html; charset=utf-8", status=404))
    tab.goto("http://127.0.0.1/some/book/en/chapters/gone.html")
    assert tab.evaluate("document.querySelector('section[lang=en] a').href") == "http://127.0.0.1/some/book/en/chapters/index.html"
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
        (r"\begin{aligned} a &= b \\ c &= \frac{d}{e} \end{aligned}", "a=bc=de", 'class="right"'),
        (r"\begin{gathered} \frac{a}{b} \\ {c & d}\end{gathered}", None, None),
        (r"x < y", "x<y", "&lt;"),
    ],
)
def test_formulas_are_translated(latex, text, part):
    if text is None:  # a mark of columns inside braces is none
        with pytest.raises(ValueError, match="not understood"):
            mathml(latex, block=True)
        return
    made = mathml(latex, block=True)
    assert BeautifulSoup(made, "html.parser").get_text() == text
    assert part in made


@pytest.mark.parametrize("latex", [r"\unknowncommand x", r"\frac{a}"])
def test_a_formula_that_is_not_understood_is_an_error(latex):
    with pytest.raises(ValueError, match=re.escape(latex)):
        mathml(latex)


def test_the_font_for_formulas_gets_slanted_letters():
    assert math_characters([f"<p>普 {mathml('h + a')}</p>"]) == "".join(sorted({"h", "+", "a", "ℎ", "𝑎"}))
    assert slanted("τ") == "𝜏"


def test_styles_are_cut_to_what_pages_have():
    page = '<div class="kept" id="here" style="color: var(--inline)"><p>x</p></div>'
    css = """
    /* a comment */ :root { --used: 1px; --idle: var(--chain); --chain: 2px; --inline: red; }
    .kept, .gone { margin: var(--used); animation: turn 1s } .kept .gone { margin: 0 } #there { margin: 0 }
    .kept:not(.gone) > p::before { content: "{;}" } blockquote { margin: 0 }
    @media print { .gone { margin: 0 } #here { margin: 0 } }  @media screen { .gone { margin: 0 } }
    @keyframes turn { from { top: 0 } } @keyframes turns { from { top: 0 } }
    @font-face { font-family: "Font Awesome 6 Free"; src: url(x.woff2) }
    """
    assert pruned(css, words([page], [])).splitlines() == [
        ":root{--used:1px;--inline:red}",
        ".kept{margin:var(--used);animation:turn 1s}",
        '.kept:not(.gone) > p::before{content:"{;}"}',
        "@media print{#here{margin:0}}",
        "@keyframes turn{from { top: 0 }}",
    ]


def test_a_class_that_a_script_gives_keeps_its_style():
    assert pruned(".late { top: 0 }", words([], ["e.classList.add('late')"])) == ".late{top:0}\n"


def test_sizes_are_read_from_the_drawing_and_put_once(tmp_path: Path):
    (tmp_path / "a.svg").write_text(CHART, encoding="utf-8")
    page = '<img alt="a" src="a.svg"><img alt="b" src="a.svg"/><img alt="c" src="gone.svg">'
    sized = with_sizes(page, tmp_path)
    first, second, third = BeautifulSoup(sized, "html.parser").find_all("img")
    assert (first["width"], first["height"], first["loading"]) == ("400", "200", "eager")
    assert (second["loading"], second["decoding"]) == ("lazy", "async")
    assert "loading" not in third.attrs
    assert with_sizes(sized, tmp_path) == sized
