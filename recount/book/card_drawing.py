"""The picture of a page's title."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from recount.charts.style import house_style, ink, text_width, wrap

_WIDTH, _HEIGHT = 600.0, 315.0  # points; drawn at two pixels a point
_EDGE = 36.0
_SIZES = (40.0, 33.0, 27.0)  # of the title, the largest that fits
_LINE, _DEEP = 1.3, 132.0  # the title's line height over its size, and the room for it


def drawn(title: str, book: str) -> bytes:
    """The picture, as a PNG."""
    with house_style():
        figure = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72), dpi=144, facecolor=ink("paper"))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, _WIDTH)
        axes.set_ylim(_HEIGHT, 0)
        # the book's mark: what is printed, and what the rest leaves possible
        axes.add_patch(Rectangle((_EDGE, 38), 150, 15, facecolor=ink("printed"), lw=0))
        axes.add_patch(Rectangle((_EDGE + 62, 60), 240, 15, facecolor="none", edgecolor=ink("blue"), lw=3))
        size, lines = _title(title)
        for nth, line in enumerate(lines):
            axes.text(_EDGE, 118 + size * (0.8 + _LINE * nth), line, size=size, color=ink("ink"))
        for nth, line in enumerate(wrap(book, _WIDTH - 2 * _EDGE, 17)[:2]):
            axes.text(_EDGE, 278 + 21 * nth, line, size=17, color=ink("muted"))
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    out = io.BytesIO()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # four hues and the steps between them: a palette makes the file a quarter of the size
    picture.quantize(32).save(out, "png", optimize=True)
    return out.getvalue()


def _title(title: str) -> tuple[float, list[str]]:
    room = _WIDTH - 2 * _EDGE
    for size in _SIZES:
        lines = wrap(title, room, size, phrases=True)
        if len(lines) * size * _LINE <= _DEEP and all(text_width(line, size) <= room for line in lines):
            return size, lines
    return _SIZES[-1], lines[:3]
