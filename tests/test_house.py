"""The house: every module lies in a storey, and imports go down only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "recount"
#: From the ground up, as `ARCHITECTURE.md` lists them.
STOREYS = ("resources", "arithmetic", "figures", "words", "package", "audit", "charts", "chapter", "runs",
           "book", "sweep", "cli", "__main__")  # fmt: skip
ROOMS = 15
#: What the page's Python has too, so that the engine runs unchanged in a browser.
IN_A_BROWSER = {"__future__", "collections", "functools", "math", "typing"}
ENGINE = ("ends", "contraction", "network", "smallest")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Each module that a file imports, anywhere in it, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def storey(module: str) -> str:
    """The storey of a module of the package; the first room below it."""
    return [*module.split("."), ""][1]


def upward(path: Path) -> list[str]:
    """The imports of a file that lead up, each as a message that names place and remedy."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    below = STOREYS[: STOREYS.index(own) + 1]
    return [
        f"{path.relative_to(PACKAGE.parent)}, line {line}: found an import of {module}; expected one of "
        f"{', '.join(below)}. Move what is shared down, or the caller up."
        for line, module in imported(path)
        if module.startswith("recount.") and storey(module) not in below
    ]


def test_every_room_is_a_storey_and_there_are_few():
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    rooms -= {"__init__", "__pycache__"}
    assert rooms == set(STOREYS)
    assert len(rooms) <= ROOMS


@pytest.mark.parametrize("name", STOREYS)
def test_imports_go_down_only(name):
    paths = [PACKAGE / f"{name}.py"] if (PACKAGE / f"{name}.py").exists() else (PACKAGE / name).rglob("*.py")
    assert [message for path in paths for message in upward(path)] == []


def test_an_import_that_leads_up_is_named_with_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / "recount")
    path = tmp_path / "recount" / "words" / "numbers.py"
    path.parent.mkdir(parents=True)
    path.write_text("import re\n\ndef f():\n    from recount.audit import Audit\n", encoding="utf-8")
    (message,) = upward(path)
    assert message.startswith("recount/words/numbers.py, line 4: found an import of recount.audit; expected")


def test_arithmetic_needs_the_standard_library_only_and_the_engine_what_a_browser_has():
    for path in (PACKAGE / "arithmetic").glob("*.py"):
        outside = {module.split(".")[0] for _, module in imported(path)} - {"recount"}
        if path.stem in ENGINE:
            assert outside <= IN_A_BROWSER, path.name
        assert outside <= {*IN_A_BROWSER, "ast", "dataclasses", "decimal", "fractions", "itertools", "operator",
                           "random"}, path.name  # fmt: skip
