"""The house: every module lies in a storey, imports go down only, and names say what they hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "recount"
#: From the ground up, as `ARCHITECTURE.md` lists them.
STOREYS = ("files", "resources", "arithmetic", "figures", "words", "package", "audit", "charts", "chapter",
           "runs", "book", "sweep", "cli", "__main__")  # fmt: skip
ROOMS = 15
#: What the page's Python has too, so that the engine runs unchanged in a browser.
IN_A_BROWSER = {"__future__", "collections", "functools", "math", "typing"}
ENGINE = ("ends", "contraction", "programming", "cone", "network", "smallest")
#: These say how a value came about, or that there is one; a name says what it holds.
EMPTY_NAMES = {"found", "told", "made", "one", "each"}


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
        assert outside <= {
            *IN_A_BROWSER,
            "ast",
            "dataclasses",
            "decimal",
            "fractions",
            "itertools",
            "operator",
            "random",
        }, path.name


def bound(path: Path) -> Iterator[tuple[int, str]]:
    """Each name that a file binds, anywhere in it, with the line: variables, fields and parameters."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.lineno, node.name


def empty_names(path: Path) -> list[str]:
    """The names of a file that say nothing, each as a message that names place and remedy."""
    return [
        f"{path.relative_to(PACKAGE.parent)}, line {line}: found the name {name}; expected one that says "
        "what it holds, such as verdict, rows or lower."
        for line, name in bound(path)
        if name in EMPTY_NAMES
    ]


def test_variables_are_named_for_what_they_hold():
    assert [message for path in sorted(PACKAGE.rglob("*.py")) for message in empty_names(path)] == []


@pytest.mark.parametrize(
    "code",
    [
        "found = 1",
        "found: int = 1",
        "def f(found): ...",
        "def f(*, found=1): ...",
        "f = lambda found: 1",
        "rows = [1 for found in ()]",
        "for first, *found in (): ...",
        "if found := 1: ...",
        "with open('') as found: ...",
        "try: ...\nexcept OSError as found: ...",
        "class Row:\n    found: int",
    ],
)
def test_a_name_that_says_nothing_is_named_with_its_line(code, tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / "recount")
    path = tmp_path / "recount" / "cli.py"
    path.parent.mkdir()
    path.write_text(f"print('found: {{one}}')\n{code}\n", encoding="utf-8")
    (message,) = empty_names(path)
    line = 3 if "\n" in code else 2
    assert message.startswith(f"recount/cli.py, line {line}: found the name found; expected one that says")
