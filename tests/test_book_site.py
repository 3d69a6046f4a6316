"""Two editions as one site, from a book of two chapters."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tiny_book import cell, make_book, notebook, parameters, second_chapter, write_chapter

from recount.book import BookError, build_site
from recount.book.layout import Book
from recount.book.site import new_site, recover


def build(root: Path) -> list[str]:
    """Build the site; returns what was said."""
    said: list[str] = []
    build_site(root, say=said.append)
    return said


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = make_book(tmp_path_factory.mktemp("built") / "book")
    build(root)
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy of the built book that may be changed."""
    return shutil.copytree(built, tmp_path / "book")


def soup(root: Path, page: str) -> BeautifulSoup:
    html = (root / "_build" / "site" / page).read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser")


def snapshot(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_first_page_offers_both_editions_and_stands_alone(built: Path):
    page = soup(built, "index.html")
    links = {link["lang"]: link["href"] for link in page.find_all("a")}
    assert links == {"zh-CN": "zh/chapters/first.html", "en": "en/chapters/first.html"}
    assert [link["href"][:5] for link in page.find_all("link")] == ["data:"]
    assert not page.find_all("img")
    assert not page.find_all("script", src=True)
    assert not page.find_all("meta", attrs={"http-equiv": re.compile("refresh", re.I)})


@pytest.mark.parametrize(
    ("lang", "code", "title", "other"), [("zh", "zh-CN", "贷款", "en"), ("en", "en", "Loans", "zh")]
)
def test_an_edition_is_in_its_language_and_leads_to_the_other(built, lang, code, title, other):
    page = soup(built, f"{lang}/chapters/first.html")
    assert page.html["lang"] == code
    assert page.h1.get_text().startswith(title)
    switch = page.find("a", class_="edition-switch")
    assert switch["href"] == f"../../{other}/chapters/first.html"


def test_the_contents_carry_the_chapters_own_headings(built: Path):
    english = soup(built, "en/chapters/first.html").find("nav", class_="bd-links").get_text()
    chinese = soup(built, "zh/chapters/first.html").find("nav", class_="bd-links").get_text()
    assert "The other" in english
    assert "另一章" in chinese
    assert "另一章" not in english


def test_several_charts_of_one_cell_each_have_their_own_alt_caption_and_anchor(built: Path):
    figures = soup(built, "en/chapters/first.html").find_all("figure")
    assert [figure["id"] for figure in figures] == ["fig-1", "fig-2"]
    assert [figure.img["alt"] for figure in figures] == ["chart 1", "chart 2"]
    assert [figure.find(class_="caption-text").get_text() for figure in figures] == [
        "chart 1",
        "chart 2",
    ]
    assert all("dark-light" in figure.img["class"] for figure in figures)


def test_mathematics_is_in_the_page_and_its_font_in_the_site(built: Path):
    formula = soup(built, "zh/chapters/first.html").find("math")
    assert [part.name for part in formula.msup.find_all(True)] == ["mi", "mn"]
    assert formula.get_text() == "a2"
    assert (built / "_build/site/zh/_static/fonts/STIXTwoMath.woff2").stat().st_size < 40_000


def test_a_reader_can_take_away_the_executed_notebook(built: Path):
    text = (built / "_build/site/en/_sources/chapters/first.ipynb").read_text(encoding="utf-8")
    assert "chart 1" in text
    assert "贷款" not in text
    assert 'lang = \\"en\\"' in text


def test_nothing_changed_nothing_is_done(root: Path):
    build(root)
    before = snapshot(root / "_build" / "site")
    said = build(root)
    assert said[0] == "0 chapters executed, 4 up to date"
    assert snapshot(root / "_build" / "site") == before


def test_a_prose_edit_reaches_the_page_and_executes_nothing(root: Path):
    path = root / "chapters" / "second.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# The other", "# The renamed"), encoding="utf-8")
    assert build(root)[0].startswith("0 chapters executed")
    assert "The renamed" in soup(root, "en/chapters/second.html").h1.get_text()


def test_a_chart_that_changed_leaves_no_old_image_in_the_site(root: Path):
    path = root / "chapters" / "first.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("#246", "#642"), encoding="utf-8")
    build(root)
    assert len(list((root / "_build/site/zh/_images").iterdir())) == 2


def broken(root: Path) -> None:
    write_chapter(root, "second", second_chapter("raise ValueError('nothing adds up')"))


def complaining(root: Path) -> None:
    content = notebook(
        cell("markdown", "t", "# 另一章\n\n[nowhere](missing.md)", "zh"),
        cell("markdown", "e", "# The other", "en"),
        parameters(),
    )
    write_chapter(root, "second", content)


def talking(root: Path) -> None:
    write_chapter(root, "second", second_chapter("import sys; print('hm', file=sys.stderr)"))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (broken, r"chapter second .* id 'work' .*\n.*ValueError: nothing adds up"),
        (complaining, r"zh edition .*\n.*second.*missing\.md"),
        (talking, r"chapter second \(en\) wrote to stderr: hm"),
    ],
)
def test_a_failed_build_says_why_every_time_and_leaves_the_last_good_site(root, spoil, complaint):
    before = snapshot(root / "_build" / "site")
    spoil(root)
    for _ in range(2):
        with pytest.raises(BookError, match=complaint):
            build(root)
    assert snapshot(root / "_build" / "site") == before
    assert not list((root / "_build").glob("site.new.*"))


def test_a_mended_book_builds_again(root: Path):
    broken(root)
    with pytest.raises(BookError):
        build(root)
    write_chapter(root, "second", second_chapter("print('mended')"))
    build(root)
    assert "mended" in soup(root, "zh/chapters/second.html").get_text()


def test_a_chapter_taken_out_leaves_the_site(root: Path):
    (root / "_toc.yml").write_text("format: jb-book\nroot: chapters/first\n", encoding="utf-8")
    path = root / "chapters" / "first.ipynb"
    text = path.read_text(encoding="utf-8")
    text = text.replace("[另一章](second.ipynb)", "x").replace("[the other](second.ipynb)", "x")
    path.write_text(text, encoding="utf-8")
    build(root)
    pages = [path.name for path in (root / "_build/site/en/chapters").iterdir()]
    assert pages == ["first.html"]


def test_a_build_killed_while_it_replaced_the_site_is_put_right(root: Path):
    book = Book.find(root)
    before = snapshot(book.site)
    os.replace(book.site, book.build / "site.old")
    (book.build / "site.new.abc").mkdir()
    recover(book)
    assert snapshot(book.site) == before
    assert not list(book.build.glob("site.[no]*"))


def test_a_site_is_not_replaced_by_a_half_assembled_one(root: Path):
    book = Book.find(root)
    before = snapshot(book.site)

    def fill_the_disk() -> None:
        with new_site(book) as folder:
            (folder / "index.html").write_text("half", encoding="utf-8")
            raise OSError("disk full")

    with pytest.raises(OSError, match="full"):
        fill_the_disk()
    assert snapshot(book.site) == before


def command(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=root, capture_output=True, text=True, encoding="utf-8"
    )


def test_the_command_says_where_the_site_is_and_fails_with_a_message(root: Path):
    run = command(root, "recount.book", ".")
    assert run.returncode == 0
    assert (root / "_build/site/index.html").as_uri() in run.stdout
    broken(root)
    run = command(root, "recount.book", ".")
    assert run.returncode == 1
    assert "nothing adds up" in run.stderr
    assert "Traceback" not in run.stderr


def test_jupyter_book_alone_builds_the_chinese_edition(root: Path):
    arguments = "import sys; sys.argv[0] = 'jupyter-book'; from jupyter_book.cli.main import main"
    run = subprocess.run(
        [sys.executable, "-c", f"{arguments}; main()", "build", ".", "-W"],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    assert "0 chapters executed, 2 up to date" in run.stdout
    html = (root / "_build/html/chapters/first.html").read_text(encoding="utf-8")
    assert 'lang="zh-CN"' in html
    assert "edition-switch" not in html
    broken(root)
    run = subprocess.run(
        [sys.executable, "-c", f"{arguments}; main()", "build", "."],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode != 0
    assert "nothing adds up" in run.stderr + run.stdout


def test_a_jupyter_book_without_the_extension_shows_the_charts_all_the_same(built: Path, tmp_path: Path):
    plain = tmp_path / "plain"
    (plain / "chapters").mkdir(parents=True)
    shutil.copy(built / "_build/executed/en/first.ipynb", plain / "chapters")
    (plain / "_toc.yml").write_text("format: jb-book\nroot: chapters/first\n", encoding="utf-8")
    config = 'title: plain\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: "off"\n'
    (plain / "_config.yml").write_text(config, encoding="utf-8")
    arguments = "import sys; sys.argv[0] = 'jupyter-book'; from jupyter_book.cli.main import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", arguments, "build", "."],
        cwd=plain,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr[-2000:]
    page = BeautifulSoup(
        (plain / "_build/html/chapters/first.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert [image["alt"] for image in page.find_all("img", alt=re.compile("chart"))] == ["chart 1", "chart 2"]
    assert not page.find_all(class_="recount-files")
