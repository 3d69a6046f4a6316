"""Levels over time on a logarithmic axis: what is printed, what it implies, what others saw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator

from recount.charts.canvas import Canvas, Chart, draw, table, unique, verdict_mark
from recount.charts.place import Placer
from recount.charts.rows import paragraph
from recount.charts.style import (
    BODY,
    LEADING,
    LOOKS,
    SERIES,
    SMALL,
    WIDTH,
    ink,
    shape_style,
    text_width,
    wrap,
)
from recount.wording import interval, number, pick, verdict_word

_HEIGHT = 290.0
_SIDE = 129.0  # points at the right for the names of the paths
_HALF = 4.0  # half the drawn width of an interval, in points
_IMPLIED = ("推得", "implied")
_SEEN = ("外部资料", "outside figure")
_CAPTION = (
    "纵轴为对数刻度，同样的增速是同样的斜率。实心条是报道的数额，空心条是由增速推得的基数，二者之间的色带是按"
    "年均增速复合的路径，圆点是外部资料，点上的短线是它的范围。",
    "The axis is logarithmic: equal growth has equal slope. Solid bars are printed levels, hollow "
    "bars the bases their growth implies, the bands between them the path at the average growth; "
    "dots are outside figures, with a line for their range where it is wide enough to be seen.",
)


@dataclass(frozen=True)
class Level:
    """An interval at a date (a decimal year); `text` is its label, '' for none."""

    year: float
    lower: float
    upper: float
    text: str = ""


@dataclass(frozen=True)
class Path:
    """One series: the printed level, the bases it implies, and outside figures for the same.

    `growth` is a label for the path, such as 年均15.4%.
    """

    label: str
    level: Level
    bases: Sequence[Level] = ()
    observed: Sequence[Level] = ()
    id: str = ""
    verdict: str = ""
    growth: str = ""


@draw
def growth_path(
    paths: Sequence[Path],
    lang: str,
    title: str,
    *,
    unit: str = "yuan",
    draws: Sequence[str] = (),
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Up to four series over decimal years on a logarithmic axis, named at their right ends.

    `draws` names the statistics that the chart shows beside the levels (growth rates, years).
    ValueError for an end that is not positive or more series than colours.
    """
    if not 0 < len(paths) <= len(SERIES):
        raise ValueError(f"growth_path: {len(paths)} series found, 1 to {len(SERIES)} expected")
    canvas = Canvas(title, _unit_line(unit, lang))
    axes = canvas.strip(_HEIGHT, 2, WIDTH - 4 - _SIDE)
    _limits(axes, paths)
    placer = Placer(canvas, (2.0, canvas.y - _HEIGHT, WIDTH - _SIDE, canvas.y))
    values = _grid(canvas, axes)
    for path, colour in zip(paths, SERIES, strict=False):
        _draw_path(canvas, axes, placer, path, colour)
    _name_grid(canvas, axes, placer, values, unit, lang)
    _labels(canvas, axes, placer, paths, unit, lang)
    canvas.y += 20
    ids = [path.id for path in paths if path.id] + list(draws)
    return Chart(
        figure=canvas.finish(source),
        draws=unique(ids),
        alt=paragraph(title, [_sentence(path, unit, lang) for path in paths], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-growth-{ids[0] if ids else 'implied'}",
        values=_values(paths, unit, lang),
    )


def _unit_line(unit: str, lang: str) -> str:
    words = {"yuan": ("元", "Yuan"), "count": ("户", "Number")}.get(unit, ("", ""))
    return pick((f"{words[0]}，对数刻度", f"{words[1]}, logarithmic scale"), lang)


def _levels(path: Path) -> list[Level]:
    return [path.level, *path.bases, *path.observed]


def _log(level: Level) -> float:
    """The logarithm of an interval's geometric middle."""
    return (math.log(level.lower) + math.log(level.upper)) / 2


def _limits(axes: Axes, paths: Sequence[Path]) -> None:
    levels = [level for path in paths for level in _levels(path)]
    low, high = min(level.lower for level in levels), max(level.upper for level in levels)
    if low <= 0:
        raise ValueError(f"growth_path: end {low} found, positive ends expected")
    first, last = min(level.year for level in levels), max(level.year for level in levels)
    axes.set_yscale("log")
    axes.set_ylim(low / (high / low) ** 0.13, high * (high / low) ** 0.09)
    axes.set_xlim(first - 0.06 * (last - first) - 0.2, last + 0.25)


def _grid(canvas: Canvas, axes: Axes) -> list[float]:
    """Lines at round values, which are returned, and the years along the foot."""
    low, high = axes.get_ylim()
    left, right = axes.get_xlim()
    inside: list[float] = []
    for subs in ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 2.0, 3.0, 5.0, 7.0)):
        found = LogLocator(base=10, subs=subs, numticks=12).tick_values(low, high)
        inside = [float(value) for value in found if low * 1.02 < value < high / 1.02]
        if len(inside) >= 3:
            break
    for value in inside:
        axes.plot([left, right], [value, value], color=ink("grid"), lw=0.8, zorder=0)
    axes.plot([left, right], [low, low], color=ink("grid"), lw=1.2, zorder=0)
    free = 0.0
    for year in MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]).tick_values(left, right):
        text = str(int(year))
        x, y = canvas.locate(axes, year, low)
        half = text_width(text, SMALL) / 2
        if left < year < right and x - half > free:
            axes.plot([year, year], [low, low * (high / low) ** 0.012], color=ink("muted"), lw=0.8)
            canvas.write(x, y + 3, text, SMALL, "muted", "center")
            free = x + half + 8
    return inside


def _name_grid(
    canvas: Canvas, axes: Axes, placer: Placer, values: list[float], unit: str, lang: str
) -> None:
    """The value of each line at its left, above it or else below; none where marks take both."""
    for value in values:
        x, y = canvas.locate(axes, axes.get_xlim()[0], value)
        text = number(value, unit, lang)
        for top in (y - SMALL * 1.3, y + 1):
            box = (x, top, x + text_width(text, SMALL), top + SMALL * 1.3)
            if placer.free(box):
                canvas.write(x, top, text, SMALL, "muted")
                placer.block(box)
                break
    for value in values:  # only now: a name stands right on its line
        x, y = canvas.locate(axes, axes.get_xlim()[0], value)
        placer.block((x, y - 1, WIDTH - _SIDE, y + 1))


def _draw_path(canvas: Canvas, axes: Axes, placer: Placer, path: Path, colour: str) -> None:
    name = path.id or path.label
    for base in path.bases:
        fan = Polygon([(base.year, base.lower), (base.year, base.upper),
                       (path.level.year, path.level.upper), (path.level.year, path.level.lower)],
                      closed=True, facecolor=ink(colour), edgecolor=ink(colour), alpha=0.3,
                      lw=1.0, zorder=2)  # fmt: skip
        fan.set_gid(f"{name}:path")
        axes.add_patch(fan)
        for n in range(1, 60):  # labels keep off the path: a string of small boxes along it
            share = n / 60
            x, y = canvas.locate(
                axes,
                base.year + (path.level.year - base.year) * share,
                math.exp((1 - share) * _log(base) + share * _log(path.level)),
            )
            placer.block((x - 3, y - 3, x + 3, y + 3))
        _interval(canvas, axes, placer, base, colour, f"{name}:base", "implied")
    _interval(canvas, axes, placer, path.level, colour, f"{name}:printed", "printed")
    for seen in path.observed:
        middle = math.exp(_log(seen))
        (dot,) = axes.plot([seen.year] * 3, [seen.lower, middle, seen.upper], "o-", ms=6, mew=0.9,
                           markevery=[1], mfc=ink(colour), mec=ink("paper"), color=ink(colour),
                           lw=1.6, solid_capstyle="butt", zorder=5)  # fmt: skip
        dot.set_gid(f"{name}:observed")
        x, y = canvas.locate(axes, seen.year, middle)
        placer.block((x - 5, y - 5, x + 5, y + 5))


def _interval(
    canvas: Canvas, axes: Axes, placer: Placer, level: Level, colour: str, gid: str, look: str
) -> None:
    """An interval as an upright bar, at least as tall as its outline."""
    left, right = axes.get_xlim()
    half = _HALF * (right - left) / (WIDTH - 4 - _SIDE)
    shape = Rectangle((level.year - half, level.lower), 2 * half, level.upper - level.lower,
                      **shape_style(look, colour), zorder=4)  # fmt: skip
    shape.set_gid(gid)
    axes.add_patch(shape)
    axes.plot([level.year], [math.exp(_log(level))], "s", ms=7.5, mew=1.7, mec=ink(colour),
              mfc=ink(colour if LOOKS[look][0] else "paper"), zorder=5)  # fmt: skip
    (x0, y0), (x1, y1) = (
        canvas.locate(axes, level.year - half, level.lower),
        canvas.locate(axes, level.year + half, level.upper),
    )
    placer.block((x0 - 3, min(y1, y0 - 5) - 2, x1 + 3, max(y0, y1 + 5) + 2))


def _labels(
    canvas: Canvas, axes: Axes, placer: Placer, paths: Sequence[Path], unit: str, lang: str
) -> None:
    for path, colour in zip(paths, SERIES, strict=False):
        for level, implied in [(b, True) for b in path.bases] + [(o, False) for o in path.observed]:
            words = level.text
            if implied and not words:
                figure = interval(level.lower, level.upper, unit, lang)
                words = pick((f"推得{figure}", f"implied {figure}"), lang)
            if words:
                x, y = canvas.locate(axes, level.year, math.exp(_log(level)))
                placer.put(x, y, words, SMALL, colour)
        if path.growth and path.bases:
            base = path.bases[0]
            share = 0.62  # nearer the end, where paths lie further apart
            year = base.year + share * (path.level.year - base.year)
            middle = math.exp((1 - share) * _log(base) + share * _log(path.level))
            placer.put(*canvas.locate(axes, year, middle), path.growth, SMALL, colour)
    placer.settle()
    _names(canvas, axes, paths, unit, lang)


def _names(canvas: Canvas, axes: Axes, paths: Sequence[Path], unit: str, lang: str) -> None:
    """Name, level and verdict of each path at its right end, pushed apart where needed."""
    blocks = []
    for path, colour in zip(paths, SERIES, strict=False):
        level = path.level
        figure = level.text or interval(level.lower, level.upper, unit, lang)
        lines = [(line, BODY, colour) for line in wrap(path.label, _SIDE - 12, BODY)]
        lines += [(line, SMALL, "ink") for line in wrap(figure, _SIDE - 12, SMALL)]
        height = sum(size * LEADING for _, size, _ in lines) + SMALL * LEADING * bool(path.verdict)
        _, y = canvas.locate(axes, level.year, math.exp(_log(level)))
        blocks.append((y - height / 2, height, lines, path.verdict))
    free = canvas.y - _HEIGHT
    for start, height, lines, verdict in sorted(blocks, key=lambda block: block[0]):
        y = max(start, free)
        free = y + height + 8
        for text, size, colour in lines:
            canvas.write(WIDTH - _SIDE + 8, y, text, size, colour)
            y += size * LEADING
        if verdict:
            verdict_mark(canvas.page, WIDTH - _SIDE + 13, y + SMALL * 0.66, verdict, 7)
            canvas.write(WIDTH - _SIDE + 22, y, verdict_word(verdict, lang), SMALL, verdict)
    canvas.y = max(canvas.y, free)


def _sentence(path: Path, unit: str, lang: str) -> str:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")

    def say(level: Level, tag: str = "") -> str:
        figure = interval(level.lower, level.upper, unit, lang)
        date = number(level.year, "date", lang)
        return f"{date}{tag}{figure}" if lang == "zh" else f"{date}{tag and ' '}{tag} {figure}"

    parts = [say(path.level)] + [path.growth] * bool(path.growth)
    parts += [say(base, pick(_IMPLIED, lang)) for base in path.bases]
    parts += [say(seen, pick(_SEEN, lang)) for seen in path.observed]
    if path.verdict:
        parts.append(verdict_word(path.verdict, lang))
    return path.label + colon + comma.join(parts)


def _values(paths: Sequence[Path], unit: str, lang: str) -> pd.DataFrame:
    return table(
        (path.id, series, level.lower, level.upper, unit, path.label, number(level.year, "date", lang))
        for path in paths
        for series, levels in (
            ("printed", [path.level]), ("base", path.bases), ("observed", path.observed)
        )
        for level in levels
    )  # fmt: skip
