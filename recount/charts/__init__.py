"""House style and the chart kinds that the chapters share."""

from recount.charts.alternatives import Band, Option, alternatives
from recount.charts.canvas import Chart, layout_problems
from recount.charts.counts import counts
from recount.charts.printed import printed_vs_recomputed
from recount.charts.style import PALETTE, render
from recount.charts.tiles import tiles

__all__ = [
    "PALETTE",
    "Band",
    "Chart",
    "Option",
    "alternatives",
    "counts",
    "layout_problems",
    "printed_vs_recomputed",
    "render",
    "tiles",
]
