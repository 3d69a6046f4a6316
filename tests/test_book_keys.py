"""What makes a chapter run again, and what does not."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from tiny_book import cell, first_chapter, make_book

import recount
from recount.book.execution import plan
from recount.book.layout import Book
from recount.runs import keys
from recount.runs.sources import Sources

AROUND = {"data": "d", "package": "p", "versions": {"numpy": "2"}}


def key_of(notebook=None, parameters=None, around=None) -> str:
    return keys.execution_key(notebook or first_chapter(), parameters or {"lang": "zh"}, around or AROUND)


def changed(index: int, **content) -> dict:
    notebook = first_chapter()
    notebook["cells"][index].update(content)
    return notebook


def test_equal_notebooks_have_equal_keys():
    assert key_of(copy.deepcopy(first_chapter())) == key_of()


@pytest.mark.parametrize(
    "notebook",
    [
        changed(3, source="word = lang"),
        changed(3, id="renamed"),
        changed(3, metadata={"tags": ["raises-exception"]}),
        {**first_chapter(), "cells": first_chapter()["cells"][:-2]},
        {**first_chapter(), "cells": first_chapter()["cells"][::-1]},
    ],
    ids=["source", "id", "steering tag", "cell removed", "order"],
)
def test_code_counts(notebook):
    assert key_of(notebook) != key_of()


def with_outputs() -> dict:
    output = {"output_type": "stream", "name": "stdout", "text": "old"}
    return changed(3, outputs=[output], execution_count=7)


@pytest.mark.parametrize(
    "notebook",
    [
        changed(0, source="# 另一个标题"),
        changed(0, id="renamed"),
        changed(3, metadata={"tags": ["hide-input"], "collapsed": True}),
        changed(3, source=['word = {"zh": "图", "en": "chart"}[lang]\n', "6 * 7"]),
        with_outputs(),
        {**first_chapter(), "metadata": {"title": "x"}},
        {**first_chapter(), "cells": [*first_chapter()["cells"], cell("markdown", "more", "x")]},
    ],
    ids=["prose", "prose id", "style tag", "source as lines", "outputs", "metadata", "more prose"],
)
def test_what_cells_do_not_compute_does_not_count(notebook):
    assert key_of(notebook) == key_of()


def test_parameters_and_surroundings_count():
    assert key_of(parameters={"lang": "en"}) != key_of()
    for name, value in (("data", "other"), ("package", "other"), ("versions", {"numpy": "3"})):
        assert key_of(around={**AROUND, name: value}) != key_of(), name


def names(book: Book, *used: Path) -> list[str]:
    return Sources(book.root).names(map(str, used))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book.find(make_book(tmp_path / "book"))


def test_what_was_used_has_the_same_name_on_every_machine(book: Book):
    package = Path(recount.__file__).resolve().parent
    used = [book.data / "table.csv", book.data / "table.csv", package / "audit.py", book.data]
    assert names(book, *used) == ["data", "data/table.csv", "package:recount/audit.py"]
    assert Sources(package.parent).names([str(package / "audit.py")]) == ["recount/audit.py"]


def test_what_is_built_hidden_or_installed_is_no_source(book: Book):
    used = [book.build / "x.json", book.data / ".swp", book.root, Path("/usr/lib/x.py"), book.data / "__pycache__/x.pyc"]
    assert names(book, *used) == []


def test_a_file_counts_by_its_content_when_the_plan_was_made(book: Book):
    sources = Sources(book.root)
    table = book.data / "table.csv"
    table.write_text("a,b\n1,3\n", encoding="utf-8")
    then, now = sources.digests(["data/table.csv"]), Sources(book.root).digests(["data/table.csv"])
    assert then != now
    assert Sources(book.root).digests(["data/none.csv"]) == {"data/none.csv": ""}


@pytest.mark.parametrize(
    ("changed", "zh", "en"),
    [
        ("id,label_zh,label_en\na,甲,alpha\n", True, False),
        ("id,label_zh,label_en\na,子,A\n", False, True),
        ("id,label_zh,label_en\nb,甲,A\n", False, False),
        ("id,label_zh,label_en,note_en\na,甲,A,new\n", True, False),
        ("id,label_zh,label_en\r\na,\"甲\",A\r\n", True, True),
    ],
    ids=["English label", "Chinese label", "value", "English column", "quotes"],
)
def test_words_of_another_language_do_not_count(book: Book, changed: str, zh: bool, en: bool):
    table = book.data / "words.csv"
    table.write_text("id,label_zh,label_en\na,甲,A\n", encoding="utf-8")
    asked = ["data/words.csv#zh", "data/words.csv#en"]
    before = Sources(book.root).digests(asked)
    table.write_text(changed, encoding="utf-8", newline="")
    after = Sources(book.root).digests(asked)
    assert [before[name] == after[name] for name in asked] == [zh, en]


def test_a_folder_counts_by_the_names_in_it(book: Book):
    def digest() -> str:
        return Sources(book.root).digests(["data"])["data"]

    before = digest()
    (book.data / "table.csv").write_text("other", encoding="utf-8")
    (book.data / ".table.csv.swp").write_text("x", encoding="utf-8")
    assert digest() == before
    (book.data / "new.csv").write_text("x", encoding="utf-8")
    assert digest() != before


def test_a_run_that_did_not_tell_what_it_used_depends_on_everything(book: Book):
    first, _ = plan(book, ["zh"])
    assert first.key([]) == plan(book, ["zh"])[0].key([])
    told, untold = first.key([]), first.key(None)
    (book.data / "table.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    assert plan(book, ["zh"])[0].key([]) == told
    assert plan(book, ["zh"])[0].key(None) != untold


def test_the_package_counts_but_not_its_part_that_builds(tmp_path: Path, monkeypatch):
    package = tmp_path / "recount"
    (package / "book").mkdir(parents=True)
    for name in ("__init__.py", "audit.py", "book/site.py"):
        (package / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(keys.recount, "__file__", str(package / "__init__.py"))

    before = keys.surroundings(tmp_path / "none")
    (package / "book" / "site.py").write_text("x = 1", encoding="utf-8")
    assert keys.surroundings(tmp_path / "none") == before
    (package / "audit.py").write_text("x = 1", encoding="utf-8")
    assert keys.surroundings(tmp_path / "none")["package"] != before["package"]


def test_versions_name_what_chapters_compute_with():
    found = keys.versions()
    assert {"python", "numpy", "pandas", "matplotlib", "seaborn"} <= set(found)
    assert found["numpy"] == __import__("numpy").__version__
