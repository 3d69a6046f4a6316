"""Building the book: from nothing, again, and after one thing was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.results import Result, compared, most
from benchmarks.workshop import BUILD, Workshop, workshop


def measure(quick: bool = False) -> list[Result]:
    """A build after nothing, and one after each kind of change, one after the other."""
    taken: dict[str, float] = {}
    executed: dict[str, str] = {}
    with workshop() as shop:
        for name, change in CHANGES.items():
            change(shop)
            taken[name], said = shop.timed(*BUILD)
            executed[name] = re.findall(r"(\d+) chapters? executed", said)[-1]
    cold = taken.pop("cold")
    results = [compared("cold build of both editions, in seconds", cold, f"chapters run: {executed['cold']}")]
    for name, seconds in taken.items():
        figure, told = f"build, {name}: of a cold build", f"{seconds:.1f} s; chapters run: {executed[name]}"
        if name not in LIMITS:
            results.append(compared(figure, seconds / cold, told))
            continue
        results.append(most(figure, LIMITS[name], seconds / cold, told))
        started = executed[name]
        results.append(Result(f"build, {name}: chapters run", "0", started, started == "0"))
    return results


def _nothing(shop: Workshop) -> None:
    """Changes nothing."""


def _prose(shop: Workshop) -> None:
    _edit(shop.chapters[0], "markdown", "\n\nEdited.")


def _code(shop: Workshop) -> None:
    _edit(shop.chapters[0], "code", "\n# edited")


def _edit(path: Path, kind: str, added: str) -> None:
    """Add to the last cell of a kind."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [cell for cell in notebook["cells"] if cell["cell_type"] == kind][-1]
    cell["source"] = "".join(cell["source"]) + added
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def _label(shop: Workshop) -> None:
    _exchange(shop.root / "data" / "quantities.csv", "label_en")


def _term(shop: Workshop) -> None:
    _exchange(shop.root / "data" / "terms.csv", "definition_en")


def _value(shop: Workshop) -> None:
    _exchange(shop.root / "data" / "quantities.csv", "definition_zh")
    _exchange(shop.root / "data" / "quantities.csv", "definition_en")


def _exchange(path: Path, column: str) -> None:
    """Lengthen one word of a table's column."""
    import pandas as pd

    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[0, column] += "x"
    table.to_csv(path, index=False)


def _style(shop: Workshop) -> None:
    with open(shop.root / "_static" / "recount.css", "a", encoding="utf-8") as file:
        file.write("\n/* edited */\n")


CHANGES = {
    "cold": _nothing,
    "nothing changed": _nothing,
    "the prose of one chapter edited": _prose,
    "the code of one chapter edited": _code,
    "the site's style edited": _style,
    "an English label edited": _label,
    "a term's definition edited": _term,
    "a text of both languages edited that all chapters use": _value,
}
LIMITS = {"nothing changed": 0.15, "the prose of one chapter edited": 0.2}
