"""How long the engine takes to import and how long it is, and what it says of published cases."""

from __future__ import annotations

import ast
import csv
import io
import os
import statistics
import subprocess
import sys
import tempfile
import tokenize
from pathlib import Path

from benchmarks.results import Result, most, share
from recount.audit import Audit, Settings
from recount.package.dataset import load

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "examples" / "press-cases"
# The engine: `intervals`, `relations`, `audit` and what they are split into.
ENGINE = (
    "intervals", "outward", "relations", "contraction", "derived", "solver", "evidence", "searching",
    "conflicts", "panel", "witness", "proofs", "explanations", "ledger", "audit",
)  # fmt: skip
# What the engine uses and is not counted: the reading of figures and tables, slips of the pen, parameters.
BESIDE = (
    "numerals", "readings", "digits", "hedges", "english", "stretches", "dataset", "tables", "slips",
    "misprints", "settings",
)  # fmt: skip
_TIMED = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def import_time(times: int) -> Result:
    """Fresh processes, in turn; inside each only the import is timed, not the interpreter's start."""
    with tempfile.TemporaryDirectory() as compiled:
        # byte code is kept, as on any user's machine, even where this one is set not to
        settings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        return _imported(times, settings | {"PYTHONPYCACHEPREFIX": compiled})


def _imported(times: int, settings: dict[str, str]) -> Result:
    modules = ("numpy", "recount.audit")
    taken: dict[str, list[float]] = {module: [] for module in modules}
    for turn in range(times + 1):
        for module in modules:
            command = [sys.executable, "-c", _TIMED.format(module)]
            done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True, env=settings)
            if turn:  # the first run may have to compile
                taken[module].append(float(done.stdout))
    numpy, engine = (statistics.median(taken[module]) for module in modules)
    told = f"{1000 * engine:.0f} ms; numpy {1000 * numpy:.0f} ms"
    return most("import of the engine alone, times `import numpy`", 1.5, engine / numpy, told)


def length() -> Result:
    """The engine's lines, as they stand in its files; and without blank lines, comments and docstrings."""
    texts = [(ROOT / "recount" / f"{name}.py").read_text(encoding="utf-8") for name in ENGINE]
    lines, code = sum(len(text.splitlines()) for text in texts), sum(map(code_lines, texts))
    told = f"{code} without blank lines, comments and docstrings; {', '.join(ENGINE)}"
    return Result("engine's length in lines", "at most 900", str(lines), lines <= 900, told)


def code_lines(text: str) -> int:
    """How many lines of a program's text hold code."""
    lines: set[int] = set()
    skipped = {"COMMENT", "NL", "NEWLINE", "INDENT", "DEDENT", "ENDMARKER"}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if tokenize.tok_name[token.type] not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def press_cases() -> Result:
    """The rows of `expected.csv` that the audit agrees with: verdicts, and slips with their rank."""
    with (CASES / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row for row in rows if not as_expected(row)]
    told = ", ".join(f"not `{row['case']}` {row['statistic']}".strip() for row in wrong)
    return share("press cases: verdicts and slips as expected", 100, len(rows) - len(wrong), len(rows), told)


def as_expected(row: dict[str, str]) -> bool:
    """Whether a published case has the verdict and, where one is named, the slip that is expected."""
    chosen = dict.fromkeys(row["assume"].split(), True) | dict.fromkeys(row["without"].split(), False)
    statistic, _, printed = row["override"].partition("=")
    overrides = {statistic: printed} if row["override"] else None
    audit = Audit(load(CASES / row["case"]), Settings(assumptions=chosen, overrides=overrides))
    if not row["statistic"]:
        return ("contradicted" if audit.conflicts else "consistent") == row["verdict"]
    if audit.verdicts[row["statistic"]] != row["verdict"]:
        return False
    if not row["slip"]:
        return True
    slips, slip = audit.slips[row["statistic"]], (row["slip"], row["becomes"])
    shown = [(each["kind"], each.get("printed") or each["relation"]) for each in slips]
    return slip in shown and (not row["rank"] or shown.index(slip) == int(row["rank"]) - 1)


def measure(quick: bool = False) -> list[Result]:
    """The three of them."""
    return [import_time(5 if quick else 25), length(), press_cases()]
