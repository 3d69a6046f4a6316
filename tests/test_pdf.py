"""An edition as one PDF: its text can be found, its parts are bookmarks, its fonts are in it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from browser import find_browser
from bs4 import BeautifulSoup
from pypdf import PdfReader
from tiny_book import cell, make_book, notebook, parameters, write_chapter

from recount.book import BookError, build_site, pdf
from recount.book.layout import Book
from recount.book.printing import print_page

SENTENCE = "普惠贷款余额是期末存量，不是当年发放额。"


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Book:
    root = make_book(tmp_path_factory.mktemp("printed") / "book")
    write_chapter(
        root,
        "second",
        notebook(
            cell(
                "markdown",
                "title-zh",
                f'# 另一章\n\n{SENTENCE}见[前一章](first.ipynb)和<a href="first.html#fig-1">图</a>，'
                '<a href="../data/table.csv">数据</a>。\n\n## 一月\n\n一',
                "zh",
            ),
            cell(
                "markdown",
                "title-en",
                "# The other\n\nSee [the first](first.ipynb).\n\n## A part\n\nWords.",
                "en",
            ),
            parameters(),
            cell("code", "seen", "print('seen')"),
            cell("code", "folded", "print('shown all the same')", "hide-input"),
            cell("code", "solved", "answer = 6 * 7\nprint('forty-two')", "hide-cell", "solution"),
        ),
    )
    build_site(root, say=lambda line: None)
    return Book.find(root)


def printable(book: Book, lang: str, **more) -> BeautifulSoup:
    html = print_page(
        book.site / lang,
        book.docnames(),
        lang,
        "题名",
        ["作者"],
        style="",
        font="f.woff",
        root="../site/zh",
        **more,
    )
    return BeautifulSoup(html, "html.parser")


def test_all_chapters_follow_each_other_and_each_anchor_is_there_once(book):
    page = printable(book, "zh")
    assert [section["id"] for section in page.select("section.print-chapter")] == ["first", "second"]
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    inside = [a["href"][1:] for a in page.find_all("a", href=re.compile("^#"))]
    assert {"first", "second", "first--fig-1"} <= set(inside)
    assert set(inside) <= set(ids)


def test_what_cannot_be_used_on_paper_is_left_out(book):
    page = printable(book, "zh")
    assert not page.select(".headerlink, .recount-files, nav.bd-links, button, div.cell details")
    code = " ".join(pre.get_text() for pre in page.select("div.cell_input pre"))
    assert "print('seen')" in code
    assert "answer = " not in code
    assert "shown all the same" not in code
    shown = page.get_text()
    assert "shown all the same" in shown
    assert "参考答案" in shown
    assert "forty-two" in shown


def test_links_to_files_beside_the_pages_need_the_address_of_the_site(book):
    assert not printable(book, "zh").find_all("a", href=re.compile("data/"))
    linked = printable(book, "zh", base="https://example.org/zh").find_all("a", href=re.compile("data/"))
    assert [a["href"] for a in linked] == ["https://example.org/zh/data/table.csv"]


def test_without_a_browser_the_command_says_what_to_install(book, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert pdf.main([str(book.root)]) == 1
    assert "apt-get install chromium" in capsys.readouterr().err


def test_without_a_built_site_the_command_says_so(tmp_path):
    root = make_book(tmp_path / "book")
    with pytest.raises(BookError, match="make book"):
        pdf.make_pdf(Book.find(root), "zh", "no browser is asked for")


def test_the_site_offers_what_was_printed_once_and_no_longer_when_it_is_built_anew(book, tmp_path):
    root = Path(shutil.copytree(book.root, tmp_path / "book"))
    copy = Book.find(root)

    def offered(page: str) -> list[Path]:
        html = (copy.site / page).read_text(encoding="utf-8")
        links = BeautifulSoup(html, "html.parser").find_all("a", href=re.compile(r"\.pdf$"))
        return [(copy.site / page).parent / link["href"] for link in links]

    printout = tmp_path / "a-zh.pdf"
    for content in (b"once", b"again"):
        printout.write_bytes(content)
        pdf.offer_pdf(copy, "zh", printout)
        for page in ("zh/chapters/first.html", "zh/search.html"):
            links = offered(page)
            assert [link.read_bytes() for link in links] == ([content] if "chapters" in page else [])
    assert offered("en/chapters/first.html") == []
    path = root / "chapters" / "second.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("# The other", "# The renamed"), encoding="utf-8"
    )
    build_site(root, say=lambda line: None)
    assert offered("zh/chapters/first.html") == []
    assert not list(copy.site.rglob("*.pdf"))


@pytest.fixture(scope="module")
def printed(book) -> PdfReader:
    return PdfReader(pdf.make_pdf(book, "zh", find_browser()))


def outline(entries, depth: int = 0):
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry, depth + 1)
        else:
            yield depth, entry.title.strip()


def test_chinese_can_be_searched_in_the_pdf(printed):
    """Character by character: a font may lead back to look-alikes such as ⼀ for 一."""
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in printed.pages))
    assert SENTENCE in text
    assert "一月" in text
    assert not re.search("[\u2e80-\u2fdf]", text)


def test_chapters_and_their_parts_are_bookmarks(printed):
    bookmarks = list(outline(printed.outline))
    assert [title for depth, title in bookmarks if depth == 0] == ["贷款", "另一章"]
    assert (1, "一月") in bookmarks


def test_every_font_is_in_the_pdf(printed):
    fonts = {}
    for page in printed.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            for descendant in [part.get_object() for part in font.get("/DescendantFonts", [font])]:
                fonts[descendant.get("/BaseFont")] = descendant
    assert any("NotoSansSC" in str(name) for name in fonts)
    for name, font in fonts.items():
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"]), name


def test_the_pdf_is_tagged_says_its_language_and_leads_from_part_to_part(printed):
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-Hans"
    assert printed.metadata.title
    links = [note.get_object() for page in printed.pages for note in page.get("/Annots", [])]
    assert any("/Dest" in link or "/D" in link.get("/A", {}) for link in links)
    assert not any("file:" in str(link.get("/A", {}).get("/URI", "")) for link in links)


def test_a_chart_is_drawn_as_lines_and_not_as_a_picture(printed):
    assert not [image for page in printed.pages for image in page.images]


def test_the_page_to_be_printed_needs_nothing_from_elsewhere(book):
    html = Path(pdf.write_print_page(book, "zh", book.docnames())).read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href)="https?://[^"]*\.(?:js|css|woff2?)', html)
