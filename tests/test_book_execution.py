"""Chapters through papermill: run when stale, kept when sound, named when they fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_book import ROOT, cell, make_book, notebook, parameters, second_chapter, write_chapter

from recount.book.execution import ChapterError, execute
from recount.book.layout import Book, BookError
from recount.package.dataset import load
from recount.runs.files import write_text
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


def test_a_data_value_runs_the_chapters_that_read_it(book: Book):
    write_chapter(book.root, "second", second_chapter('print(open("../data/table.csv").read())'))
    run(book)
    (book.data / "table.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    assert run(book).executed == ("second (zh)",)
    assert "1,3" in texts(book, "zh", "second")


def test_a_new_file_runs_the_chapters_that_list_its_folder(book: Book):
    code = "from pathlib import Path\nprint(len(list(Path('../data').iterdir())))"
    write_chapter(book.root, "second", second_chapter(code))
    run(book)
    (book.data / "new.csv").write_text("a\n", encoding="utf-8")
    assert run(book).executed == ("second (zh)",)


def edit(table: Path, old: str, new: str) -> None:
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_words_of_the_other_language_and_tables_that_are_only_checked_run_nothing(book: Book):
    shutil.rmtree(book.data)
    shutil.copytree(ROOT / "data", book.data)
    code = "from recount.chapter import Chapter\nprint(Chapter('lead', lang, data_dir='../data').label('review_window'))"
    write_chapter(book.root, "second", second_chapter(code))
    label = load(book.data).statistics.loc["review_window", "label_en"]
    run(book, "zh", "en")
    edit(book.data / "terms.csv", "\n", "\r\n")
    assert run(book, "zh", "en").executed == ()
    edit(book.data / "statistics.csv", label, f"{label} indeed")
    assert run(book, "zh", "en").executed == ("second (en)",)
    assert f"{label} indeed" in texts(book, "en", "second")


def test_a_part_of_the_package_runs_the_chapters_that_use_it(book: Book, tmp_path: Path):
    package = shutil.copytree(ROOT / "recount", tmp_path / "elsewhere" / "recount")
    write_chapter(book.root, "second", second_chapter("import recount.figures.hedges\nprint(recount.figures.hedges.__name__)"))
    code = "from recount.book import Book\nfrom recount.book.execution import execute\nprint(*execute(Book.find(), ['zh'], say=str).executed)"

    def executed() -> str:
        environment = {**os.environ, "PYTHONPATH": str(package.parent)}
        done = subprocess.run([sys.executable, "-c", code], cwd=book.root, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert "second (zh)" in executed()
    for module, runs in (("audit", ""), ("hedges", "second (zh)"), ("book/site", ""), ("digits", "second (zh)")):
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
    assert INJECTED in [each["id"] for each in kept["cells"]]
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


def test_the_reader_s_ipython_startup_has_no_part(book: Book, tmp_path: Path, monkeypatch):
    startup = tmp_path / "profile" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print = None", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "profile"))
    book.executed("zh", "second").unlink()
    assert run(book).executed == ("second (zh)",)


def test_a_notebook_without_code_is_not_executed(book: Book):
    write_chapter(book.root, "second", notebook(cell("markdown", "t", "# 只有文字", "zh")))
    assert str(run(book)) == "0 chapters executed, 1 up to date"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "not a notebook"),
        ("{}", "no list of cells"),
        ('{"cells": [{"cell_type": "code", "source": "", "metadata": {}}]}', "cell 1 has no id"),
        (json.dumps(notebook(parameters(), parameters())), "'parameters' is used twice"),
    ],
)
def test_a_file_that_is_no_notebook_is_named(book: Book, content: str, complaint: str):
    (book.root / "chapters" / "second.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(BookError, match=rf"second\.ipynb.*{complaint}"):
        run(book)


def test_a_page_without_a_file_is_named(book: Book):
    (book.root / "chapters" / "second.ipynb").unlink()
    with pytest.raises(BookError, match=r"_toc\.yml.*chapters/second"):
        run(book)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "kept.txt"
    write_text(target, "good")
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "half \ud800 written")
    assert target.read_text(encoding="utf-8") == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]
