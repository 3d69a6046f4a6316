"""The recipes of CONTRIBUTING.md, done one after the other on a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow
RECIPES = re.findall(
    r"^## (.+?)\n(.*?)(?=^## |\Z)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M | re.S
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of what the recipes change."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("recount", "data", "chapters", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
    for name in ("_toc.yml", "_config.yml"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def follow(folder: Path, language: str, path: str, text: str) -> None:
    """Do what one block says: put rows at the end of a file, write a file, or run it."""
    if path and language == "python":
        (folder / path).write_text(text, encoding="utf-8")
    elif path:
        with open(folder / path, "a", encoding="utf-8") as file:
            file.write(text)
    else:
        bin = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        command = [sys.executable, "-c", text] if language == "python" else ["sh", "-ec", text]
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(folder), "PATH": bin},
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("title", "recipe"), RECIPES, ids=[title for title, _ in RECIPES])
def test_a_recipe_does_what_it_says(copy, title, recipe):
    blocks = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", recipe, re.M | re.S)
    assert any(not path for _, path, _ in blocks), f"{title}: nothing is tried"
    for language, path, text in blocks:
        follow(copy, language, path, text)


def test_the_recipes_are_those_that_contributors_ask_for():
    titles = {title for title, _ in RECIPES}
    assert titles == {
        "A unit",
        "A statistic",
        "A relation",
        "An outside figure",
        "A rounding rule",
        "A chart kind",
        "A chapter",
    }
