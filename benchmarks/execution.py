"""Executing all chapters from nothing, against other ways to execute the same notebooks."""

from __future__ import annotations

import statistics
from pathlib import Path

from benchmarks.results import Result, compared, most
from benchmarks.workshop import Workshop, workshop
from recount.runs.running import cores

PEERS = str(Path(__file__).with_name("peers.py"))
FEW = ("closing", "lead", "glossary")
"""The chapters of a trial."""


def measure(quick: bool = False) -> list[Result]:
    """Medians in turns; peers that no target names are measured once."""
    with workshop(FEW if quick else ()) as shop:
        ours: list[float] = []
        theirs: list[float] = []
        computing: list[float] = []
        for _ in range(1 if quick else 2):
            shop.clean()
            ours.append(way(shop, "ours")[0])
            seconds, cells = way(shop, "jupyter-book")
            theirs.append(seconds)
            computing.append(cells)
        mine, serial = statistics.median(ours), statistics.median(theirs)
        own, chapters = statistics.median(computing), len(shop.chapters)
        told = f"{chapters} chapters: {mine:.1f} s; Jupyter Book {serial:.1f} s, cells {own:.1f} s"
        floor, figure = own / cores(), "cold execution of all chapters: of Jupyter Book's own, one by one"
        results = [
            most(figure, 0.4, mine / serial, told),
            most("the same: times the cells' own computing by cores", 1.8, mine / floor, f"{floor:.1f} s"),
        ]
        for name in ("nbclient", "jupyter-cache-serial", "jupyter-cache-parallel"):
            peer = way(shop, name)[0]
            results.append(compared(f"the same: of {name}", mine / peer, f"{peer:.1f} s"))
        loop = sum(papermill(shop, path) for path in shop.chapters)
        results.append(compared("the same: of papermill's command in a loop", mine / loop, f"{loop:.1f} s"))
    return results


def way(shop: Workshop, name: str) -> tuple[float, float]:
    """Seconds to execute all chapters in this way, and those of the cells themselves."""
    seconds, printed = shop.timed(PEERS, name, *map(str, shop.chapters))
    return seconds, float(printed.strip().splitlines()[-1])


def papermill(shop: Workshop, path: Path, *parameters: str) -> float:
    """Seconds of papermill's own command on one notebook."""
    output = shop.root / "papermill.ipynb"
    return shop.seconds("-m", "papermill", "--cwd", str(path.parent), str(path), str(output), *parameters)
