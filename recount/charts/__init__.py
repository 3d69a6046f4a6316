"""House style and the chart kinds that the chapters share."""

from importlib.util import find_spec

if find_spec("matplotlib") is None:
    raise ModuleNotFoundError(
        "recount.charts needs matplotlib, which is not installed: `pip install 'recount[charts]'`",
        name="matplotlib",
    )

from recount.charts.alternatives import Band, Option, alternatives
from recount.charts.bases import Stock, stock_bars
from recount.charts.canvas import Chart, layout_problems
from recount.charts.changes import Pair, State, before_after
from recount.charts.counts import counts
from recount.charts.growth import Level, Path, growth_path
from recount.charts.lists import enumeration
from recount.charts.missing import missing
from recount.charts.printed import printed_vs_recomputed
from recount.charts.shares import Gap, Share, share_rows, shares
from recount.charts.spans import Span, spans
from recount.charts.style import PALETTE, render
from recount.charts.tiles import tiles

__all__ = [
    "PALETTE",
    "Band",
    "Chart",
    "Gap",
    "Level",
    "Option",
    "Pair",
    "Path",
    "Share",
    "Span",
    "State",
    "Stock",
    "alternatives",
    "before_after",
    "counts",
    "enumeration",
    "growth_path",
    "layout_problems",
    "missing",
    "printed_vs_recomputed",
    "render",
    "share_rows",
    "shares",
    "spans",
    "stock_bars",
    "tiles",
]
