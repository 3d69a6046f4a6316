"""What each chapter took when it was last run: kept beside the executed notebooks, told in a page.

It differs from run to run, so it is no part of the site, which is the same from the same sources.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from recount.runs.files import write_text

PAGE = "execution.html"


@dataclass(frozen=True)
class Timing:
    """One run: seconds by the wall clock, seconds of each code cell by its id, most memory in bytes."""

    seconds: float
    cells: dict[str, float]
    memory: int | None

    @property
    def computing(self) -> float:
        """Seconds of all cells."""
        return sum(self.cells.values())

    @property
    def slowest(self) -> tuple[str, float]:
        """The cell that took longest, and its seconds."""
        return max(self.cells.items(), key=lambda item: item[1], default=("", 0.0))


def timing_path(executed: Path) -> Path:
    """Where the timing of an executed notebook is kept."""
    return executed.with_name(f".{executed.stem}.timing.json")


def write_timing(timing: Timing, executed: Path) -> None:
    """Keep what a run took beside its notebook."""
    write_text(timing_path(executed), json.dumps(asdict(timing)) + "\n")


def read_timing(executed: Path) -> Timing | None:
    """What the last run took; None where that is not known."""
    try:
        return Timing(**json.loads(timing_path(executed).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_page(runs: Sequence[tuple[str, Path]], target: Path) -> None:
    """A page with the last run of each chapter: its title, and where its executed notebook is."""
    timed = [(title, timing) for title, path in runs if (timing := read_timing(path))]
    rows = [
        f"<tr><th scope=row>{html.escape(title)}<td>{timing.seconds:.1f}<td>{timing.computing:.1f}"
        f"<td>{'' if timing.memory is None else f'{timing.memory / 1e6:.0f}'}"
        f"<td>{len(timing.cells)}<td>{html.escape(timing.slowest[0])}<td>{timing.slowest[1]:.1f}"
        for title, timing in sorted(timed, key=lambda each: -each[1].seconds)
    ]
    total = sum(timing.seconds for _, timing in timed)
    write_text(target, _PAGE.format(rows="\n".join(rows), runs=len(timed), total=f"{total:.0f}"))


_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>What the chapters took</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-x: auto; }}
table {{ border-collapse: collapse; }}
caption {{ text-align: left; padding-bottom: 1rem; }}
th, td {{ text-align: left; padding: 0.2rem 0.8rem; border-bottom: 1px solid #8886; font-weight: normal; }}
td {{ font-variant-numeric: tabular-nums; }} td:not(:nth-child(6)) {{ text-align: right; }}
</style>
<h1>What the chapters took</h1>
<table>
<caption>The last run of each chapter and edition, slowest first: {runs} runs, {total} s together.
A run's own time ends when its notebook does; several ran at once.</caption>
<thead><tr><th scope="col">chapter<th scope="col">seconds<th scope="col">of these, cells
<th scope="col">most memory, MB<th scope="col">cells<th scope="col">slowest cell<th scope="col">seconds
<tbody>
{rows}
</table>
</html>
"""
