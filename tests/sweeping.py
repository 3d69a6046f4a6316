"""Notebooks that keep a diary of their runs, and the sweep command on them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from click.testing import CliRunner, Result
from tiny_book import cell, notebook

from recount.cli import main

COMMAND = [sys.executable, "-c", "from recount.cli import main; main()", "sweep"]


def diary(folder: Path) -> Path:
    return folder / ".diary.txt"  # hidden: what a run writes beside its notebook else counts for the next


def write_notebook(
    folder: Path, name: str = "tiny", code: str = "", declares: str = "n = 0\nword = ''"
) -> Path:
    """A notebook with parameters whose code cell writes `NAME n word` into the folder's diary."""
    note = f"with open({str(diary(folder))!r}, 'a') as file:\n    file.write(f'{name} {{n}} {{word}}\\n')"
    content = notebook(
        cell("code", "parameters", declares, "parameters"),
        cell("code", "note", note),
        cell("code", "work", code or "print('worked on', n)"),
    )
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def begun(folder: Path) -> Counter[str]:
    """How often each run was begun, by what it noted."""
    path = diary(folder)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return Counter(line.strip() for line in lines)


def sweep(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["sweep", *map(str, arguments)])


def done(*arguments: object) -> Result:
    """The same, and it must have gone well."""
    result = sweep(*arguments)
    assert result.exit_code == 0, result.output
    return result


def records(out: Path) -> dict[str, dict]:
    """The records of the runs in a folder, by run."""
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*/run.json")}
