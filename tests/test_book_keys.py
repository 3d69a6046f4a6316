"""What makes a chapter run again, and what does not."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from tiny_book import cell, first_chapter, make_book

from recount.book import keys
from recount.book.execution import plan
from recount.book.layout import Book

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


def test_every_data_file_counts(tmp_path: Path):
    book = Book.find(make_book(tmp_path / "book"))
    before = [run.key for run in plan(book, ["zh"])]
    (book.data / "table.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    after_change = [run.key for run in plan(book, ["zh"])]
    (book.data / "deep").mkdir()
    (book.data / "deep" / "new.csv").write_text("a\n", encoding="utf-8")
    after_new_file = [run.key for run in plan(book, ["zh"])]
    for one, two in ((before, after_change), (after_change, after_new_file)):
        assert not set(one) & set(two)


def test_hidden_files_do_not_count(tmp_path: Path):
    book = Book.find(make_book(tmp_path / "book"))
    before = [run.key for run in plan(book, ["zh"])]
    (book.data / ".table.csv.swp").write_text("x", encoding="utf-8")
    (book.data / "__pycache__").mkdir()
    (book.data / "__pycache__" / "x.pyc").write_text("x", encoding="utf-8")
    assert [run.key for run in plan(book, ["zh"])] == before


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
