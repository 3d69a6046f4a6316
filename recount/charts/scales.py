"""Limits, linear or logarithmic, and the few tick labels of a data strip."""

from __future__ import annotations

import math
from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator

from recount.charts.canvas import Canvas
from recount.charts.style import SMALL, WIDTH, ink, text_width
from recount.figures.units import known as named_unit
from recount.words import number, scales_of

_APART = 30  # ends further apart than this many times are drawn on a logarithmic scale


def fit(
    axes: Axes,
    ends: Iterable[tuple[float, float]],
    unit: str,
    log: bool | None = None,
    limits: tuple[float, float] | None = None,
) -> bool:
    """Set the limits so that all intervals fit, with room for arrows; return whether it is log.

    `log` None decides by itself: all ends positive and more than thirtyfold apart. An arrow points
    to the quantity's natural limit where one is near: `limits`, or zero for an amount.
    """
    pairs = list(ends)
    known = sorted(end for pair in pairs for end in pair if math.isfinite(end))
    if not known:
        axes.set_xlim(0, 1)
        return False
    low, high = known[0], known[-1]
    if log is None:
        log = unit != "rank" and low > 0 and high > low * _APART
    if log:
        if low <= 0:
            raise ValueError(f"logarithmic scale: end {low} found, positive ends expected")
        axes.set_xscale("log")
        low, high = math.log(low), math.log(high)
    if low == high and named_unit(unit).whole and not log:
        room = max(1.4, abs(high) * 0.05)  # a small number is seen between its neighbours
        low, high = low - room, high + room
    span = high - low or (1.0 if log else abs(high) * 0.1 or 1.0)
    arrow, plain = (0.55, 0.16) if len(pairs) < 3 else (0.2, 0.06)
    below = any(pair[0] == -math.inf for pair in pairs)
    above = any(pair[1] == math.inf for pair in pairs)
    start, stop = (
        low - span * (arrow if below else plain),
        high + span * (arrow if above else plain),
    )
    if log:
        axes.set_xlim(math.exp(start), math.exp(stop))
        return True
    least = named_unit(unit).lower
    floor, ceiling = limits or (-math.inf if least is None or least < 0 else 0.0, math.inf)
    if low >= floor > -math.inf and (below or start < floor):
        start = floor
    if high <= ceiling < math.inf and (above or stop > ceiling):
        stop = ceiling
    axes.set_xlim(start, stop)
    return False


def x_at(canvas: Canvas, axes: Axes, value: float) -> float:
    """Where a value of a strip lies on the page, in points from the left."""
    return canvas.locate(axes, value, 0.5)[0]


def ticks(canvas: Canvas, axes: Axes, unit: str, lang: str, count: int = 4) -> None:
    """A baseline under the strip with a few labelled ticks; a long unit is written once, last.

    Labels that would touch are left out. The cursor moves below the labels.
    """
    left, right = sorted(axes.get_xlim())
    values = _tick_values(left, right, axes.get_xscale() == "log", count, unit)
    texts, end = _tick_texts(values, unit, lang, shared=axes.get_xscale() != "log")
    first, last = x_at(canvas, axes, left), x_at(canvas, axes, right)
    canvas.page.plot([first, last], [canvas.y, canvas.y], color=ink("grid"), lw=1, zorder=1)
    limit = WIDTH
    if end:
        canvas.write(last, canvas.y + 3, end, SMALL, "muted", "right")
        limit = last - text_width(end, SMALL) - 6
    free = 0.0
    for value, text in zip(values, texts, strict=True):
        x, half = x_at(canvas, axes, value), text_width(text, SMALL) / 2
        canvas.page.plot([x, x], [canvas.y, canvas.y + 3], color=ink("grid"), lw=1, zorder=1)
        if max(x - half, 0) >= free and (x if limit == WIDTH else x + half) <= limit:
            canvas.write(x, canvas.y + 3, text, SMALL, "muted", "center")
            free = x + half + 8
    canvas.y += SMALL * 1.36 + 4


def _tick_values(left: float, right: float, log: bool, count: int, unit: str) -> list[float]:
    if log:
        values = LogLocator(base=10, numticks=count + 2).tick_values(left, right)
        inside = [float(value) for value in values if left <= value <= right]
        if len(inside) < 2:
            finer = LogLocator(base=10, subs=(1, 2, 5), numticks=12).tick_values(left, right)
            inside = [float(value) for value in finer if left <= value <= right]
        return inside
    steps, whole = [1, 2, 2.5, 5, 10], named_unit(unit).whole
    values = MaxNLocator(nbins=count, steps=steps, integer=whole).tick_values(left, right)
    inside = [float(value) for value in values if left <= value <= right]
    if unit == "rank":  # places are counted from the first
        inside = sorted({max(value, 1.0) for value in inside})
    return [value for value in inside if not whole or value == round(value)]


def _tick_texts(values: list[float], unit: str, lang: str, shared: bool) -> tuple[list[str], str]:
    """Labels, and the unit to write once at the end ('' when it is short or varies)."""
    if not shared or unit in ("rank", "date") or not values:
        return [number(value, unit, lang) for value in values], ""
    largest = max(abs(value) for value in values)
    size, suffix = next(
        ((float(size), suffix) for size, suffix in scales_of(unit, lang) if largest >= float(size)),
        (float(scales_of(unit, lang)[-1][0]), scales_of(unit, lang)[-1][1]),
    )
    plain = [number(round(value / size, 9), "count", "en") for value in values]
    if suffix.startswith(("万", "亿")):
        plain = [text.replace(",", "") for text in plain]
    if text_width(suffix, SMALL) <= SMALL * 1.2:
        return [text + suffix for text in plain], ""
    return plain, suffix.strip()
