"""Draw the README's picture anew: `python -m recount.chapter.picture _static/overview.svg`."""

from __future__ import annotations

import sys
from pathlib import Path

from recount import charts
from recount.audit import Audit
from recount.package import load
from recount.words import counted, tally


def overview() -> str:
    """The overview of all verdicts in English, as SVG text; the same bytes for the same data."""
    data = load()
    ledger = Audit(data).ledger
    verdicts = tally(ledger["verdict"].value_counts(), "en")
    title = f"{counted(len(ledger), 'statistic')} of one report: {verdicts}"
    return charts.tiles(ledger, "en", title, sections=data.section_names("en"), name="fig-overview").svg()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(overview(), encoding="utf-8")
