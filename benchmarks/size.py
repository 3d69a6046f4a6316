"""How long the package is and how much it installs, and what it says of published cases."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from benchmarks.before import ROOT
from benchmarks.results import Result, most, share
from benchmarks.workshop import now, temporary
from recount.audit import Audit
from recount.package import load

CASES = ROOT / "examples" / "press-cases"
LINES = {
    "`arithmetic/`": (("recount/arithmetic",), 1_000),
    "`book/` and `runs/` together": (("recount/book", "recount/runs"), 3_600),
    "all of `recount/`": (("recount",), 15_500),
}


def measure(quick: bool = False) -> list[Result]:
    """Nothing here is a time; a trial does as much as the rest."""
    return [*map(_length, LINES), *_installed(), press_cases()]


def _length(name: str) -> Result:
    folders, limit = LINES[name]
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    lines = {str(file.relative_to(ROOT)): lines_of(file) for file in files}
    longest = max(lines, key=lambda name: lines[name])
    note = f"{len(files)} files, of which `{longest}` is the longest with {lines[longest]}"
    return most(f"lines of {name}", limit, sum(lines.values()), note)


def lines_of(file: Path) -> int:
    """All lines of a file, blank ones and comments too."""
    return len(file.read_text(encoding="utf-8").splitlines())


def _installed() -> list[Result]:
    """The wheel with what it needs, and the environment of `make book`, without what an empty one holds."""
    shop, alone = now(), temporary("wheel") / "environment"
    python = str(alone / "bin" / "python")
    shop.run("-m", "venv", str(alone), python=sys.executable)
    empty = megabytes(alone)
    pins = str(shop.root / "constraints.txt")
    shop.run("-m", "pip", "install", "--quiet", "-c", pins, str(shop.root), python=python, folder=alone)
    wheel, book = megabytes(alone), megabytes(Path(shop.python).parents[1])
    note = f"{megabytes(alone, '*.pyc'):.0f} MB of it byte code"
    return [
        most("installed size of the wheel with its needs", 240, wheel - empty, note, " MB"),
        most("installed size of `make book`", 520, book - empty, "", " MB"),
    ]


def megabytes(folder: Path, pattern: str = "*") -> float:
    """What the files below a folder hold, a million bytes each."""
    return sum(path.lstat().st_size for path in folder.rglob(pattern) if path.is_file()) / 1e6


def press_cases() -> Result:
    """The rows of `expected.csv` that the audit agrees with: verdicts, and slips with their rank."""
    with (CASES / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row for row in rows if not as_expected(row)]
    note = ", ".join(f"not `{row['case']}` {row['statistic']}".strip() for row in wrong)
    return share("press cases: verdicts and slips as expected", 100, len(rows) - len(wrong), len(rows), note)


def as_expected(row: dict[str, str]) -> bool:
    """Whether a published case has the verdict and, where one is named, the slip that is expected."""
    chosen = dict.fromkeys(row["assume"].split(), True) | dict.fromkeys(row["without"].split(), False)
    statistic, _, printed = row["override"].partition("=")
    overrides = {statistic: printed} if row["override"] else None
    audit = Audit(load(CASES / row["case"]), assumptions=chosen, overrides=overrides)
    if not row["statistic"]:
        return ("contradicted" if audit.conflicts else "consistent") == row["verdict"]
    if audit.verdicts[row["statistic"]] != row["verdict"]:
        return False
    if not row["slip"]:
        return True
    slips, slip = audit.slips[row["statistic"]], (row["slip"], row["becomes"])
    shown = [(candidate["kind"], candidate.get("printed") or candidate["relation"]) for candidate in slips]
    return slip in shown and (not row["rank"] or shown.index(slip) == int(row["rank"]) - 1)
