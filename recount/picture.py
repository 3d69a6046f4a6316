"""Draw the README's picture anew: `python -m recount.picture _static/overview.svg`."""

from __future__ import annotations

import sys
from pathlib import Path

from recount import charts
from recount.audit import Audit
from recount.dataset import load
from recount.wording import tally


def overview() -> str:
    """The overview of all verdicts in English, as SVG text; the same bytes for the same data."""
    ledger = Audit(load()).ledger
    title = f"{len(ledger)} statistics of one report: {tally(ledger['verdict'].value_counts(), 'en')}"
    return charts.tiles(ledger, "en", title, name="fig-overview").svg()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(overview(), encoding="utf-8")
