"""Chapters through papermill: run when stale, kept when sound, named when they fail."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tiny_book import ROOT, cell, make_book, notebook, second_chapter, write_chapter

from recount.book.execution import ChapterError, execute
from recount.book.layout import Book, BookError
from recount.files import write_text
from recount.runs import InputError
from recount.runs.notebooks import INJECTED, read_notebook


def silent(line: str) -> None:
    """A listener that does not care."""


def run(book: Book, *langs: str):
    return execute(book, langs or ("zh",), say=silent)


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Book:
    """A book whose chapters have been executed in both editions."""
    book = Book.find(make_book(tmp_path_factory.mktemp("done") / "book"))
    run(book, "zh", "en")
    return book


@pytest.fixture
def book(done: Book, tmp_path: Path) -> Book:
    """A copy of it that may be changed."""
    return Book.find(shutil.copytree(done.root, tmp_path / "book"))


def texts(book: Book, lang: str, chapter: str) -> str:
    return json.dumps(read_notebook(book.executed(lang, chapter))["cells"], ensure_ascii=False)


def test_each_chapter_is_run_in_each_edition_with_its_language(done: Book):
    assert "图 1" in texts(done, "zh", "first")
    assert "chart 1" in texts(done, "en", "first")
    assert "chart 1" not in texts(done, "zh", "first")


def test_nothing_changed_nothing_executed(book: Book):
    outcome = run(book, "zh", "en")
    assert str(outcome) == "0 chapters executed, 4 up to date"


def test_prose_runs_nothing_and_code_runs_its_chapter(book: Book):
    path = book.root / "chapters" / "second.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# The other", "# The second"), encoding="utf-8")
    assert run(book).executed == ()
    path.write_text(text.replace("print('fine')", "print('finer')"), encoding="utf-8")
    assert run(book).executed == ("second (zh)",)
    assert "finer" in texts(book, "zh", "second")


def module(root: Path, value: int) -> None:
    (root / "chapters" / "beside.py").write_text(f"value = {value}\n", encoding="utf-8")


def database(root: Path, value: int) -> None:
    with closing(sqlite3.connect(root / "data" / "kept.sqlite")) as kept, kept:
        kept.execute("create table if not exists numbers (n)")
        kept.execute("delete from numbers")
        kept.execute("insert into numbers values (?)", (value,))


def table(root: Path, value: int) -> None:
    (root / "data" / "table.csv").write_text(f"value = {value}\n", encoding="utf-8")


def distribution(root: Path, value: int) -> None:
    """A library outside the book, which it does not name; its version says what it is."""
    place = root.parent / "installed"
    shutil.rmtree(place, ignore_errors=True)
    (place / f"tinylib-{value}.dist-info").mkdir(parents=True)
    (place / f"tinylib-{value}.dist-info" / "METADATA").write_text(f"Name: tinylib\nVersion: {value}\n")
    (place / "tinylib.py").write_text(f"value = {value}\n", encoding="utf-8")


READ = "import subprocess, sys\ncode = 'print(open(\"../data/table.csv\").read())'"


@pytest.mark.parametrize(
    ("write", "code"),
    [
        (module, "import beside\nprint('value =', beside.value)"),
        (database, "import sqlite3\nprint('value =', *sqlite3.connect('../data/kept.sqlite').execute('select n from numbers').fetchone())"),
        (table, "print(open('../data/table.csv').read())"),
        (table, "!cat ../data/table.csv"),
        (table, f"{READ}\nprint(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout)"),
        (distribution, "import tinylib\nprint('value =', tinylib.value)"),
    ],
    ids=["module beside it", "SQLite", "file", "shell", "subprocess", "distribution"],
)  # fmt: skip
def test_a_chapter_is_never_older_than_what_it_used(book: Book, write, code, monkeypatch):
    monkeypatch.syspath_prepend(str(book.root.parent / "installed"))
    monkeypatch.setenv("PYTHONPATH", str(book.root.parent / "installed"))
    write(book.root, 1)
    write_chapter(book.root, "second", second_chapter(code))
    run(book)
    assert "value = 1" in texts(book, "zh", "second")
    write(book.root, 2)
    assert "second (zh)" in run(book).executed
    assert "value = 2" in texts(book, "zh", "second")
    assert run(book).executed == ()


def test_prose_style_and_settings_run_nothing(book: Book):
    for name in (
        "_static/recount.css",
        "_config.yml",
        "README.md",
        "chapters/notes.md",
        "tests/test_it.py",
        ".env",
    ):
        path = book.root / name
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("\n# a comment\n")
    assert run(book, "zh", "en").executed == ()


def test_the_package_runs_all_chapters_but_not_its_part_that_makes_pages(book: Book, tmp_path: Path):
    package = shutil.copytree(ROOT / "recount", tmp_path / "elsewhere" / "recount")
    code = "from recount.book import Book\nfrom recount.book.execution import execute\nprint(*execute(Book.find(), ['zh'], say=str).executed)"

    def executed() -> str:
        environment = {**os.environ, "PYTHONPATH": str(package.parent)}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=book.root, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    executed()
    for module, runs in (("book/site", ""), ("figures/hedges", "first (zh) second (zh)")):
        with open(package / f"{module}.py", "a", encoding="utf-8") as file:
            file.write("\n# a comment\n")
        assert executed() == runs, module


def test_an_executed_notebook_cut_short_is_run_again(book: Book):
    output = book.executed("zh", "second")
    output.write_text(output.read_text(encoding="utf-8")[:200], encoding="utf-8")
    assert run(book).executed == ("second (zh)",)


def test_two_runs_write_the_same_bytes(book: Book):
    before = book.executed("zh", "first").read_bytes()
    book.executed("zh", "first").unlink()
    run(book)
    assert book.executed("zh", "first").read_bytes() == before


def test_no_time_path_or_random_id_is_kept(done: Book):
    kept = read_notebook(done.executed("en", "first"))
    assert INJECTED in [content["id"] for content in kept["cells"]]
    assert set(kept["metadata"]) == {"kernelspec", "language_info", "recount"}
    assert str(done.root) not in json.dumps(kept)


def test_a_raising_cell_is_named_and_the_other_chapters_are_kept(book: Book):
    write_chapter(book.root, "second", second_chapter("\nshare = 1 / 0  # of nothing\nprint(share)"))
    book.executed("zh", "first").unlink()
    before = book.executed("zh", "second").read_bytes()
    with pytest.raises(ChapterError) as error:
        run(book)
    message = str(error.value)
    assert "chapter second (zh), cell 4, id 'work' (share = 1 / 0  # of nothing)" in message
    assert "ZeroDivisionError: division by zero" in message
    assert (book.root / "_build" / "failed" / "zh" / "second.ipynb").is_file()
    assert book.executed("zh", "second").read_bytes() == before
    write_chapter(book.root, "second", second_chapter())
    assert str(run(book)) == "0 chapters executed, 2 up to date"  # what was good of it is still there


def test_a_kernel_that_dies_fails_its_chapter(book: Book):
    write_chapter(book.root, "second", second_chapter("import os\nos._exit(3)"))
    with pytest.raises(ChapterError, match=r"chapter second \(zh\), DeadKernelError"):
        run(book)


def test_what_a_chapter_writes_to_stderr_is_a_warning_each_time(book: Book):
    code = "import sys\nprint('look out', file=sys.stderr)"
    write_chapter(book.root, "second", second_chapter(code))
    warning = ("chapter second (zh) wrote to stderr: look out",)
    assert run(book).warnings == warning
    again = run(book)
    assert (again.executed, again.warnings) == ((), warning)


def test_a_notebook_without_code_is_not_executed(book: Book):
    write_chapter(book.root, "second", notebook(cell("markdown", "t", "# 只有文字", "zh")))
    assert str(run(book)) == "0 chapters executed, 1 up to date"


def test_a_cell_may_raise_where_its_tag_says_so(book: Book):
    content = second_chapter("1 / 0")
    content["cells"][-1]["metadata"]["tags"] = ["raises-exception"]
    write_chapter(book.root, "second", content)
    run(book)
    assert "ZeroDivisionError" in texts(book, "zh", "second")


def test_a_module_that_a_chapter_cannot_import_is_named_and_the_others_are_kept(book: Book):
    write_chapter(book.root, "second", second_chapter("import nowhere"))
    book.executed("zh", "first").unlink()
    with pytest.raises(
        ChapterError, match=r"second \(zh\), cell 4, id 'work' .*\n.*'nowhere'\n.*install what is missing"
    ):
        run(book)
    assert book.executed("zh", "first").is_file()


def test_a_file_that_is_no_notebook_is_named_and_nothing_is_lost(book: Book):
    (book.root / "chapters" / "second.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"second\.ipynb.*not a notebook"):
        run(book)
    assert book.executed("zh", "second").is_file()


# -- the table of contents ------------------------------------------------------------------------


def contents(book: Book, text: str) -> None:
    (book.root / "_toc.yml").write_text(text, encoding="utf-8")


def test_parts_sections_suffixes_and_globs_are_read_as_sphinx_does(book: Book):
    for name in ("third", "fourth"):
        write_chapter(book.root, name, second_chapter())
    (book.root / "chapters" / "words.md").write_text("# 文字 Words\n", encoding="utf-8")
    contents(
        book,
        """
format: jb-book
root: chapters/first.ipynb
parts:
- caption: one
  chapters:
  - file: chapters/words
    sections:
    - file: chapters/second.ipynb
    - url: https://example.org
- chapters:
  - glob: chapters/*[oh][ui]r*
""",
    )
    assert book.docnames() == [f"chapters/{name}" for name in ("first", "words", "second", "fourth", "third")]
    assert [chapter.name for chapter in book.chapters()] == ["first", "second", "fourth", "third"]


TEXT = "---\njupytext:\n  text_representation:\n    format_name: myst\nkernelspec:\n  name: python3\n---\n# Words\n"


@pytest.mark.parametrize(
    ("toc", "text", "complaint"),
    [
        ("root: [", "", "_toc.yml cannot be read"),
        ("format: jb-book\nchapters: []", "", "_toc.yml cannot be read: 'root' key not found"),
        ("format: jb-book\nroot: chapters/first\nchapter: []", "", "_toc.yml cannot be read: Unknown keys"),
        ("format: nothing\nroot: chapters/first", "", "_toc.yml cannot be read: 'format' key value not recognised"),
        ("root: chapters/first\nentries:\n- file: chapters/none", "", r"_toc.yml: found chapters/none, which has no file"),
        ("root: chapters/first\nentries:\n- glob: chapters/z*", "", "found `glob: chapters/z.`, which no page matches"),
        ("root: chapters/first\nentries:\n- file: chapters/words", TEXT, "words.md: found a notebook written as text.*jupytext --to ipynb"),
        ("root: chapters/first\nentries:\n- glob: chapters/w*", TEXT, "words.md: found a notebook written as text"),
        ("root: chapters/words", "# Words\n\n```{code-cell}\n1 + 1\n```\n", "words.md: found a notebook written as text"),
    ],
)  # fmt: skip
def test_contents_that_cannot_be_published_whole_are_refused_by_name(book: Book, toc, text, complaint):
    contents(book, toc)
    if text:
        (book.root / "chapters" / "words.md").write_text(text, encoding="utf-8")
    with pytest.raises(BookError, match=complaint):
        run(book)
    assert book.executed("zh", "second").is_file()


def test_pages_that_the_contents_do_not_name_must_stay_out(book: Book):
    text = (book.root / "_config.yml").read_text(encoding="utf-8")
    (book.root / "_config.yml").write_text(text.replace("only_build_toc_files: true", ""), encoding="utf-8")
    with pytest.raises(BookError, match=r"_config\.yml: expected `only_build_toc_files: true`"):
        run(book)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "kept.txt"
    write_text(target, "good")
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "half \ud800 written")
    assert target.read_text(encoding="utf-8") == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
