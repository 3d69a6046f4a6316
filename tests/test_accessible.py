"""The built site by keyboard alone, on a phone's width, and as a screen reader is told it."""

from __future__ import annotations

import re

import pytest
from browser import open_browser
from pages import pages, parsed
from tiny_book import cell, make_book, notebook, parameters, write_chapter

from recount.book import build_site
from recount.book.layout import LANGUAGES
from recount.chapter.markup import marked

CHINESE, CHINESE_CODE = re.compile("[\u3400-\u9fff]"), re.compile("^zh")
ENGLISH = re.compile(r"(?<![\w])[a-z]{3,} [a-z]{2,}(?![\w])", re.ASCII)
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}

# Notes each stop of the focus: the element, and whether it shows that it has the focus.
NOTE_STOPS = """() => {
  const still = document.createElement("style");
  still.textContent = "*, *::before, *::after { transition: none !important; }";
  document.head.append(still);
  const look = (e) => { const s = getComputedStyle(e); return [s.boxShadow, s.backgroundColor, s.borderColor].join(); };
  const can = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const there = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0;
  window.expected = [...document.querySelectorAll(can)].filter(there);
  const unfocused = new Map(window.expected.map((e) => [e, look(e)]));
  window.stops = [];
  document.addEventListener("focusin", ({ target }) => {
    const s = getComputedStyle(target);
    const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
    window.stops.push({ target, outlined, focused: look(target), unfocused: unfocused.get(target) });
  });
  // what came into sight only on the way, as the contents of a section do, is looked at when it is left
  document.addEventListener("focusout", ({ target }) => {
    const stop = window.stops.findLast((s) => s.target === target);
    setTimeout(() => { if (stop && stop.unfocused === undefined) stop.unfocused = look(target); });
  });
  return window.expected.length;
}"""

TELL_STOPS = """() => {
  const tell = (e) => `${e.tagName} .${e.className} ${(e.getAttribute("aria-label") || e.textContent).trim().slice(0, 30)}`;
  const targets = window.stops.map((stop) => stop.target);
  const told = window.expected.filter((e) => targets.includes(e));
  const first = targets.filter((e, i) => window.expected.includes(e) && targets.indexOf(e) === i);
  return {
    missed: window.expected.filter((e) => !targets.includes(e)).map(tell),
    dim: window.stops.filter((s) => !s.outlined && s.focused === s.unfocused).map((stop) => tell(stop.target)),
    disorder: first.filter((e, i) => e !== told[i]).map(tell),
  };
}"""


@pytest.fixture(scope="module")
def browser():
    with open_browser() as opened:
        yield opened


@pytest.fixture
def tab(browser):
    """A page in a window of its own, as wide as a desk's."""
    context = browser.new_context(
        viewport=DESK, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"]
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def focused(tab, script: str = "e.className") -> object:
    return tab.evaluate(f"(() => {{ const e = document.activeElement; return {script}; }})()")


def walk_to(tab, selector: str, most: int = 60) -> None:
    """Press Tab until an element has the focus; begins near it, as a walk from the top is another test."""
    tab.evaluate(
        """(selector) => {
      const can = [...document.querySelectorAll("a[href], button, input, select, summary")]
        .filter((e) => e.checkVisibility({ visibilityProperty: true }));
      const at = can.indexOf(document.querySelector(selector));
      can[Math.max(at - 2, 0)].focus();
    }""",
        selector,
    )
    for _ in range(most):
        if focused(tab, f"e === document.querySelector({selector!r})"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["index", "national", "ledger"])
def test_tab_reaches_every_control_in_order_and_shows_where_it_is(site, tab, lang, name):
    tab.goto((site / lang / "chapters" / f"{name}.html").as_uri())
    tab.wait_for_timeout(200)
    expected = tab.evaluate(NOTE_STOPS)
    assert expected > 50
    for _ in range(expected + 60):
        tab.keyboard.press("Tab")
    assert tab.evaluate(TELL_STOPS) == {"missed": [], "dim": [], "disorder": []}


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_theme_and_the_search_work_by_key(site, tab, key):
    tab.goto((site / "en/chapters/national.html").as_uri())
    before = tab.evaluate("document.documentElement.dataset.mode")
    walk_to(tab, ".theme-switch-button")
    tab.keyboard.press(key)
    assert tab.evaluate("document.documentElement.dataset.mode") != before
    walk_to(tab, ".search-button-field")
    tab.keyboard.press(key)
    tab.wait_for_function("document.activeElement.matches('dialog input[type=search]')")
    tab.keyboard.press("Escape")
    assert not tab.evaluate("document.getElementById('pst-search-dialog').open")
    assert "search-button-field" in focused(tab)
    tab.keyboard.press(key)
    tab.wait_for_function("document.activeElement.matches('dialog input[type=search]')")
    tab.keyboard.type("MYbank")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search.html?q=MYbank*")


def test_the_edition_switch_a_tile_and_a_permalink_work_by_key(site, tab):
    tab.goto((site / "en/chapters/index.html").as_uri())
    walk_to(tab, "a.edition-switch")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/zh/chapters/index.html*")
    walk_to(tab, "a.tile")
    tile = focused(tab, "e.href")
    tab.keyboard.press("Enter")
    tab.wait_for_url(str(tile))
    assert tab.evaluate("document.querySelector(':target') !== null")
    walk_to(tab, "a.permalink")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".recount-copied[role=status]")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_what_opens_on_demand_opens_by_key(site, tab, key):
    tab.goto((site / "en/chapters/national.html").as_uri())
    for selector in ("td details > summary", "details.recount-values > summary", "details.hide > summary"):
        assert not tab.evaluate("(s) => document.querySelector(s).parentElement.open", selector)
        walk_to(tab, selector)
        tab.keyboard.press(key)
        assert tab.evaluate("(s) => document.querySelector(s).parentElement.open", selector), selector
    button = "details.hide[open] button.recount-copy"
    walk_to(tab, button)
    tab.keyboard.press(key)
    tab.wait_for_function("(s) => document.querySelector(s).textContent === 'Copied'", arg=button)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_contents_open_and_close_by_key_on_a_phone(site, phone, key):
    phone.goto((site / "zh/chapters/national.html").as_uri())
    for button, dialog in (
        (".primary-toggle", "pst-primary-sidebar-modal"),
        (".secondary-toggle", "pst-secondary-sidebar-modal"),
    ):
        walk_to(phone, button)
        phone.keyboard.press(key)
        phone.wait_for_function("(id) => document.getElementById(id).open", arg=dialog)
        assert focused(phone, f"document.getElementById('{dialog}').contains(e)")
        phone.keyboard.press("Escape")
        phone.wait_for_function("(id) => !document.getElementById(id).open", arg=dialog)
        phone.wait_for_function("(button) => document.activeElement.matches(button)", arg=button)


@pytest.mark.parametrize(
    ("lang", "sorted_by"),
    [
        ("zh", ("按“判定”升序", "按“判定”降序")),
        ("en", ("sorted by verdict, ascending", "sorted by verdict, descending")),
    ],
)
def test_the_ledger_is_filtered_and_sorted_by_key_and_says_so(site, tab, lang, sorted_by):
    tab.goto((site / lang / "chapters/ledger.html").as_uri())
    status = tab.locator(".recount-ledger [role=status]")
    whole = status.inner_text()
    walk_to(tab, ".recount-controls select[name=verdict]")
    tab.keyboard.press("ArrowDown")
    fewer = status.inner_text()
    assert fewer != whole
    tab.keyboard.press("ArrowUp")
    assert status.inner_text() == whole
    walk_to(tab, ".recount-controls input")
    tab.keyboard.type("zzzz")
    assert tab.locator(".recount-ledger tbody tr:visible").count() == 0
    assert status.inner_text() not in (whole, fewer)
    tab.keyboard.press("Control+A")
    tab.keyboard.press("Delete")
    walk_to(tab, ".recount-ledger thead th:nth-child(4) button")
    for key, direction, said in zip(("Enter", "Space"), ("ascending", "descending"), sorted_by, strict=True):
        tab.keyboard.press(key)
        assert tab.locator(".recount-ledger th[aria-sort]").get_attribute("aria-sort") == direction
        assert status.inner_text().endswith(said)
        ranks = tab.eval_on_selector_all(
            ".recount-ledger tbody td:nth-child(4)", "cells => cells.map(c => +c.dataset.sort)"
        )
        assert ranks == sorted(ranks, reverse=direction == "descending")


def test_no_page_scrolls_sideways_on_a_phone_and_what_does_is_reached_by_key(site, phone):
    wide, unreached = {}, {}
    for page in pages(site):
        if page.html.find("meta", {"http-equiv": "refresh"}):
            continue
        phone.goto(page.path.as_uri() + ("#choose" if not page.edition else ""))
        phone.evaluate("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        phone.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        width = phone.evaluate("document.scrollingElement.scrollWidth")
        if width > PHONE["width"]:
            wide[page.name] = width
        boxes = phone.evaluate("""[...document.querySelectorAll('.recount-scroll, .output.text_html, div.math')]
          .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.checkVisibility() && (e.tabIndex !== 0 || !e.ariaLabel))
          .map((e) => e.textContent.trim().slice(0, 60))""")
        if boxes:
            unreached[page.name] = boxes
    assert (wide, unreached) == ({}, {})


def test_every_table_has_a_caption_and_its_headings_their_scope(site):
    for page in pages(site):
        for table in page.html.select("table"):
            assert table.caption is not None, page.name
            assert table.caption.get_text(strip=True), page.name
            assert table.find_all("th", {"scope": False}) == [], page.name


def test_chinese_words_in_the_english_edition_are_marked_as_chinese(site):
    unmarked = {}
    for page in (page for page in pages(site) if page.edition == "en"):
        for text in (
            text for article in page.html.select("article") for text in article.find_all(string=CHINESE)
        ):
            if not text.find_parent(["pre", "script", "option", "math"]) and not text.find_parent(
                lang=CHINESE_CODE
            ):
                unmarked.setdefault(page.name, []).append(str(text)[:40])
    assert unmarked == {}


def test_english_phrases_in_the_chinese_edition_are_marked_as_english(site):
    unmarked, marked = {}, 0
    for page in (page for page in pages(site) if page.edition == "zh"):
        for text in (
            text for article in page.html.select("article") for text in article.find_all(string=ENGLISH)
        ):
            if text.find_parent(["pre", "code", "script", "style", "option", "math"]):
                continue
            marked += 1
            if not text.find_parent(lang="en"):
                unmarked.setdefault(page.name, []).append(str(text)[:40])
    assert unmarked == {}
    assert marked > 50


def test_who_is_disturbed_by_motion_gets_none(site, tab):
    tab.goto((site / "en/chapters/national.html").as_uri())
    moving = tab.evaluate("""[...document.querySelectorAll('*')].filter((e) => {
      const s = getComputedStyle(e);
      return s.scrollBehavior === 'smooth' || [...s.transitionDuration.split(','), ...s.animationDuration.split(',')]
        .some((time) => parseFloat(time) > 0.01);
    }).length""")
    assert moving == 0


@pytest.mark.parametrize(
    ("lang", "given", "expected"),
    [
        ("en", "near 近 9.6万亿元", 'near <span lang="zh">近</span> 9.6<span lang="zh">万亿元</span>'),
        ("zh", "近", "近"),
        ("zh", "r <share> 余额（outstanding loans），见CSV和en.gov.cn、sme_loans，r < 1",
         'r &lt;<span lang="en">share</span>&gt; 余额（<span lang="en">outstanding loans</span>），见CSV和en.gov.cn、sme_loans，r &lt; 1'),
        ("zh", "王明. State Council's Order No. 746, 2021. doi.org/10.1/ab，MYbank",
         '王明. <span lang="en">State Council&#x27;s Order No</span>. 746, 2021. doi.org/10.1/ab，<span lang="en">MYbank</span>'),
    ],
)  # fmt: skip
def test_words_of_the_other_language_are_marked_where_they_are_written(lang, given, expected):
    assert marked(given, lang) == expected


FRAME = """import pandas as pd
pd.DataFrame({"a": [1], "b": ["%s"]}, index=["x"])"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """A site with what other programs than this package put out: frames of pandas, tables of Markdown, a citation."""
    root = make_book(tmp_path_factory.mktemp("foreign") / "book")
    (root / "data" / "references.bib").write_text(
        "@online{a, title = {T}, url = {https://example.org}, date = {2024}}\n", encoding="utf-8"
    )
    write_chapter(
        root,
        "second",
        notebook(
            cell(
                "markdown",
                "title-zh",
                "# 另一章\n\n见 outstanding loans 和`make lab`。\n\n## 甲\n\n| 一 | 二 |\n|---|---|\n| 1 | 2 |",
                "zh",
            ),
            cell(
                "markdown",
                "title-en",
                "# The other\n\nIt says 近百.\n\n## A *b*\n\n| one | two |\n|---|---|\n| 1 | 2 |",
                "en",
            ),
            parameters(),
            cell("code", "frame", FRAME % "贷款"),
            cell("code", "folded", "print(1)", "hide-input"),
            cell("markdown", "sources", "```{bibliography}\n:all:\n```"),
        ),
    )
    site = build_site(root, say=lambda line: None)
    return {lang: parsed(site / lang / "chapters" / "second.html") for lang in LANGUAGES}


def test_tables_of_others_get_the_heading_above_as_caption_and_their_headings_a_scope(foreign):
    for lang, captions in (("zh", ["甲", "甲（2）"]), ("en", ["A b", "A b (2)"])):
        tables = foreign[lang].select("article table")
        assert sorted(table.caption.get_text() for table in tables) == captions
        assert all(table.caption["class"] == ["recount-unseen"] for table in tables)
        assert not foreign[lang].select("article th:not([scope])")
        (frame,) = (table for table in tables if "dataframe" in table["class"])
        assert [cell["scope"] for cell in frame.find_all("th")] == ["col", "col", "row"]


def test_prose_and_frames_have_their_foreign_words_marked_and_code_has_not(foreign):
    assert {span.get_text() for span in foreign["zh"].select('article span[lang="en"]')} >= {
        "outstanding loans"
    }
    assert {span.get_text() for span in foreign["en"].select('article span[lang="zh"]')} >= {"近百", "贷款"}
    assert not foreign["zh"].select("article code span[lang], article pre span[lang]")


def test_a_list_of_sources_has_no_role_that_is_none_and_folded_code_is_named_by_what_it_shows(foreign):
    for page in foreign.values():
        assert page.select(".citation")
        assert not page.select('[role="doc-biblioentry"], [role="list"]')
        assert not page.select("summary[aria-label='Toggle hidden content']")


def test_the_frame_of_a_chinese_page_is_in_chinese(foreign):
    page = foreign["zh"]
    assert {e["title"] for e in page.select("button.sidebar-toggle")} == {
        "显示或隐藏侧栏",
        "显示或隐藏本页目录",
    }
    assert page.select_one("nav.bd-links")["aria-label"] == "全书目录"
    assert page.select_one("#pst-skip-link").get_text(strip=True) == "跳到正文"
    assert foreign["en"].select_one("nav.bd-links")["aria-label"] == "Main"
