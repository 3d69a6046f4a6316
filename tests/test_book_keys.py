"""What makes a chapter run again, and what does not."""

from __future__ import annotations

import copy
import shutil
from importlib import metadata
from pathlib import Path

import pytest
from tiny_book import cell, first_chapter, make_book

from recount.runs import keys

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


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_book(tmp_path / "book")


def write(root: Path, name: str, content: str = "other") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "data/table.csv", "data/deep/down.parquet", "chapters/beside.py", "chapters/_beside.py", "chapters/package/__init__.py",
        "loose.ipynb", "requirements.txt", "chapters/tests/cases.csv", "data/_build/x", "build.csv",
    ],
)  # fmt: skip
def test_a_file_that_a_chapter_could_use_counts(root: Path, name):
    pages = [root / "chapters" / "first.ipynb"]
    before = keys.surroundings(root, pages)
    write(root, name)
    after = keys.surroundings(root, pages)
    assert after != before
    write(root, name, "changed")
    assert keys.surroundings(root, pages) != after


@pytest.mark.parametrize(
    "name",
    [
        "README.md", "chapters/words.md", "chapters/first.ipynb", "_static/new.css", "_config.yml", "_toc.yml",
        "_build/executed/x.ipynb", "build/lib/x.py", "dist/x.whl", ".git/config", "data/.table.csv.swp",
        "chapters/.ipynb_checkpoints/x.ipynb", "chapters/__pycache__/x.pyc", "book.egg-info/PKG-INFO", "tests/test_x.py",
    ],
)  # fmt: skip
def test_prose_style_and_what_is_built_hidden_or_installed_do_not(root: Path, name):
    pages = [root / "chapters" / "first.ipynb"]
    before = keys.surroundings(root, pages)
    write(root, name)
    assert keys.surroundings(root, pages) == before


@pytest.mark.parametrize("mark", ["pyvenv.cfg", keys.SWEPT])
def test_an_environment_and_the_outcome_of_a_sweep_do_not(root: Path, mark):
    write(root, f"somewhere/{mark}")
    before = keys.surroundings(root)
    write(root, "somewhere/lib/module.py")
    assert keys.surroundings(root) == before


def test_linked_folders_count_and_circles_end(root: Path, tmp_path: Path):
    write(tmp_path, "elsewhere/table.csv", "a")
    (root / "data" / "linked").symlink_to(tmp_path / "elsewhere")
    (root / "data" / "round").symlink_to(root)
    before = keys.surroundings(root)
    write(tmp_path, "elsewhere/table.csv", "b")
    assert keys.surroundings(root) != before


def test_the_same_folder_elsewhere_has_the_same_key(root: Path, tmp_path: Path):
    copy = shutil.copytree(root, tmp_path / "copy")
    assert keys.surroundings(root) == keys.surroundings(copy)


def test_a_loose_notebook_depends_on_the_data_that_the_package_falls_back_on(tmp_path: Path, monkeypatch):
    write(tmp_path, "package/table.csv", "a")
    monkeypatch.setenv("RECOUNT_DATA", str(tmp_path / "package"))
    (tmp_path / "loose").mkdir()
    before = keys.surroundings(tmp_path / "loose")
    write(tmp_path, "package/table.csv", "b")
    assert keys.surroundings(tmp_path / "loose") != before


def test_versions_name_all_that_is_installed():
    installed = keys.versions()
    for name in ("numpy", "ipykernel", "pytest", "papermill"):
        assert installed[name] == metadata.version(name)
    assert installed["python"]
    assert "recount" not in installed
