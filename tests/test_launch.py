"""Links to hosts that run a chapter, and what those hosts need in the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from tiny_book import ROOT, make_book

from recount.book import BookError, build_site, launch
from recount.book.editions import keep_language
from recount.book.fetching import out_of_date, setup_cell, with_setup
from recount.book.launch import addresses, menu
from recount.book.layout import LANGUAGES, Book
from recount.book.repository import Repository
from recount.runs.keys import tags, text
from recount.runs.notebooks import read_notebook

URL = "https://github.com/someone/a-book"


def configure(root: Path, **said: str) -> Path:
    """Put a repository into a book's configuration."""
    path = root / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**config, "repository": said}, allow_unicode=True), encoding="utf-8")
    return root


def test_a_repository_at_github_is_run_by_binder_and_colab_and_by_a_hub_where_there_is_one():
    assert addresses(Repository.of({"url": f"{URL}.git/", "branch": "next/one"}), "chapters/lead") == {
        "Binder": "https://mybinder.org/v2/gh/someone/a-book/next%2Fone?urlpath=lab/tree/chapters/lead.ipynb",
        "Colab": "https://colab.research.google.com/github/someone/a-book/blob/next/one/chapters/lead.ipynb",
    }
    hub = addresses(Repository.of({"url": URL, "hub": "https://hub.example.org/"}), "chapters/lead")[
        "JupyterHub"
    ]
    assert hub.startswith("https://hub.example.org/hub/user-redirect/git-pull?")
    assert parse_qs(urlsplit(hub).query) == {
        "repo": [URL],
        "branch": ["main"],
        "urlpath": ["lab/tree/a-book/chapters/lead.ipynb"],
    }


def test_elsewhere_there_is_binder_and_no_colab_and_without_an_address_nothing():
    other = addresses(Repository("https://git.example.org/a/b"), "chapters/lead")
    assert list(other) == ["Binder"]
    assert other["Binder"].startswith(
        "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fa%2Fb/main?"
    )
    assert addresses(Repository.of({"url": "", "hub": "https://hub.example.org"}), "chapters/lead") == {}
    assert menu(Repository.of(None), "chapters/lead", "zh") is None
    assert setup_cell(Repository("")) is None


def test_an_address_that_is_none_is_said():
    with pytest.raises(BookError, match="repository: url: found 'someone/a-book', expected https"):
        Repository.of({"url": "someone/a-book"})


def test_the_chapters_hold_what_the_configuration_asks_for():
    assert [chapter.name for chapter in out_of_date(Book.find(ROOT))] == []


def test_a_chapter_gets_its_cell_once_before_its_parameters_and_loses_it_again():
    raw = read_notebook(ROOT / "chapters/closing.ipynb")
    bare = with_setup(raw, Repository(""))
    notebook = with_setup(with_setup(bare, Repository("https://old.example.org/x")), Repository(URL))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids.index("setup") == ids.index("parameters") - 1
    assert ids.count("setup") == 1
    cell = notebook["cells"][ids.index("setup")]
    assert tags(cell) == ["remove-cell"]
    assert URL in text(cell["source"])
    assert "old.example.org" not in json.dumps(notebook)
    assert with_setup(notebook, Repository("")) == bare
    assert any(kept["id"] == "setup" for kept in keep_language(notebook, "en")["cells"])


def test_the_cell_does_nothing_where_the_package_is(tmp_path: Path):
    """No command that it could run is on the path, and nothing is left behind."""
    source = text(setup_cell(Repository(URL))["source"])
    assert len(source.splitlines()) <= 25
    run = subprocess.run(
        [sys.executable, "-c", source],
        cwd=tmp_path,
        env={"PATH": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_where_the_package_is_not_the_cell_fetches_the_branch_of_the_repository(tmp_path: Path):
    """Asked of a Python that knows no package, with a git that only says what it is asked."""
    asked = tmp_path / "told"
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text(f'#!/bin/sh\necho "$@" > {asked}\nexit 7\n', encoding="utf-8")
    git.chmod(0o755)
    source = text(setup_cell(Repository(URL, "next"))["source"])
    run = subprocess.run(
        [sys.executable, "-S", "-I", "-c", source],
        cwd=tmp_path,
        env={"PATH": str(git.parent)},
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert asked.read_text(encoding="utf-8").split() == [
        "clone",
        "--quiet",
        "--depth=1",
        "--branch",
        "next",
        URL,
        str(tmp_path.resolve() / "recount-book"),
    ]


@pytest.mark.parametrize(("loaded", "asked"), [("1", False), ("0", True)])
def test_a_session_that_holds_older_packages_has_to_be_started_again(
    tmp_path: Path, loaded: str, asked: bool
):
    """Asked where fetching does nothing but is said to have installed version 1 of all."""
    source = text(setup_cell(Repository(URL))["source"])
    pretend = f"""import importlib.metadata, subprocess, sys, types
subprocess.run = lambda *command, **options: None
importlib.metadata.version = lambda name: "1"
sys.modules["pandas"] = types.SimpleNamespace(__version__="{loaded}")
"""
    run = subprocess.run(
        [sys.executable, "-S", "-I", "-c", pretend + source], cwd=tmp_path, capture_output=True, text=True
    )
    assert (run.returncode != 0) is asked
    assert ("restart the session" in run.stderr) is asked


def test_a_book_is_not_built_with_chapters_that_do_not_know_where_they_are(tmp_path: Path, capsys):
    root = configure(make_book(tmp_path / "book"), url=URL)
    with pytest.raises(BookError, match=r"chapters/first\.ipynb, chapters/second\.ipynb: .*make launch"):
        build_site(root, say=lambda line: None)
    assert launch.main([str(root)]) == 0
    assert capsys.readouterr().out == f"2 chapters written; repository: {URL}\n"
    assert out_of_date(Book.find(root)) == []


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    root = configure(
        make_book(tmp_path_factory.mktemp("launch") / "book"), url=URL, hub="https://hub.example.org"
    )
    launch.main([str(root)])
    return build_site(root, say=lambda line: None)


@pytest.mark.parametrize(("lang", "words"), [("zh", "运行本章"), ("en", "Run this chapter")])
def test_each_page_leads_to_the_hosts_in_its_language(built: Path, lang: str, words: str):
    page = BeautifulSoup((built / lang / "chapters/second.html").read_text(encoding="utf-8"), "html.parser")
    summary = page.find("summary", attrs={"aria-label": words})
    links = {link.get_text(strip=True): link["href"] for link in summary.parent.find_all("a")}
    assert links == addresses(Repository(URL, hub="https://hub.example.org"), "chapters/second")
    assert all(words.split("本")[0] in link["title"] for link in summary.parent.find_all("a"))
    assert not summary.parent.find_all("img")
    assert "make lab" in summary.parent.get_text()
    assert ('lang = "en"' in summary.parent.get_text()) is (lang == "en")


def test_the_cell_is_no_part_of_the_page_but_of_the_notebook_to_take_away(built: Path):
    assert "recount-book" not in (built / "en/chapters/second.html").read_text(encoding="utf-8")
    assert "recount-book" in (built / "en/_sources/chapters/second.ipynb").read_text(encoding="utf-8")


def test_without_an_address_pages_lead_to_no_host(site: Path):
    if not Repository.of(Book.find(ROOT).config().get("repository")).url:
        for lang in LANGUAGES:
            html = (site / lang / "chapters/lead.html").read_text(encoding="utf-8")
            assert not re.search("mybinder|colab|launch-buttons|make lab", html)


def test_binder_installs_the_pinned_versions_and_the_checkout():
    folder = ROOT / ".binder"
    asked = [line.split() for line in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()]
    assert {flag: (folder / name).resolve() for flag, name in asked} == {"-r": ROOT / "requirements-lab.txt"}
    python = (folder / "runtime.txt").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"python-3\.1[1-9]", python)
    assert os.access(folder / "postBuild", os.X_OK)
    assert "--editable ." in (folder / "postBuild").read_text(encoding="utf-8")
