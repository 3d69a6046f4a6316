"""What `make` installs: what a target needs, once, in versions that one file gives."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(path.name for path in ROOT.glob("requirements*.txt"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
BROWSER_AND_TESTS = {"playwright", "axe-playwright-python", "pytest", "hypothesis", "distributed"}


def lines(name: str) -> list[str]:
    content = (
        line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    )
    return [line for line in content if line]


def named(name: str) -> set[str]:
    """The distributions that a requirements file asks for, and those that it includes."""
    names: set[str] = set()
    for line in lines(name):
        if line.startswith("-r "):
            names |= named(line.removeprefix("-r "))
        elif not line.startswith("-c "):
            names.add(line)
    return names


def constrained(name: str) -> bool:
    """Whether the versions of a requirements file are those of constraints.txt."""
    return any(
        line == "-c constraints.txt" or (line.startswith("-r ") and constrained(line.removeprefix("-r ")))
        for line in lines(name)
    )


def pinned(name: str) -> bool:
    pattern = re.sub(r"[-_.]+", "[-_.]+", re.escape(name).replace(r"\-", "-"))
    return re.search(rf"^{pattern}==\S+", CONSTRAINTS, re.M | re.I) is not None


@pytest.mark.parametrize("name", FILES)
def test_every_version_is_in_the_one_file(name):
    assert constrained(name)
    assert [asked for asked in named(name) if not pinned(asked)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-lab.txt"])
def test_book_and_lab_need_neither_browser_nor_tests(name):
    assert not named(name) & BROWSER_AND_TESTS


def test_the_book_needs_no_lab():
    assert "jupyterlab" not in named("requirements.txt")
    assert {"jupyterlab"} | named("requirements.txt") == named("requirements-lab.txt")


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The set-up parts of this checkout, with an environment whose Python notes what it is asked for."""
    for name in (*FILES, "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\ncase "$*" in *pip*) echo "$*" >> asked;; esac\n', encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def set_up(checkout: Path, *files: str) -> list[str]:
    """The requirements files that are installed when these are wanted."""
    asked = checkout / "asked"
    asked.unlink(missing_ok=True)
    subprocess.run(["sh", ".ci/setup", ".venv", *files], cwd=checkout, check=True, capture_output=True)
    return re.findall(r"-r (\S+)", asked.read_text(encoding="utf-8")) if asked.exists() else []


def test_what_is_there_is_not_installed_again(checkout):
    assert set_up(checkout, "requirements.txt") == ["requirements.txt"]
    assert set_up(checkout, "requirements.txt") == []
    assert set_up(checkout, "requirements.txt", "requirements-test.txt") == ["requirements-test.txt"]
    assert set_up(checkout, "requirements.txt", "requirements-lab.txt") == ["requirements-lab.txt"]
    assert set_up(checkout, "requirements-test.txt", "requirements-lab.txt", "requirements.txt") == []


def test_a_new_pin_is_installed_where_it_is_wanted(checkout):
    set_up(checkout, "requirements.txt", "requirements-lab.txt")
    with (checkout / "constraints.txt").open("a", encoding="utf-8") as file:
        file.write("something==1.0\n")
    assert set_up(checkout, "requirements.txt") == ["requirements.txt"]
    assert set_up(checkout, "requirements.txt", "requirements-lab.txt") == ["requirements-lab.txt"]
