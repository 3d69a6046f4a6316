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
from recount.words import interval, number, pick, verdict_word

_HEIGHT = 290.0
_SIDE = 129.0  # points at the right for the names of the paths
_HALF = 4.0  # half the drawn width of an interval, in points
_FAINT = 0.15  # how much less a label minds a line of the grid than a mark
_ARROW = 30.0  # length of the arrow of an open end, in points
_IMPLIED = ("推得", "implied")
_SEEN = ("外部资料", "outside figure")
_CAPTION = (
    "纵轴为对数刻度，同样的增速是同样的斜率。实心条是报道的数额，空心条是由增速推得的基数，二者之间的色带是按"
    "年均增速复合的路径，圆点是外部资料，点上的短线是它的范围。",
    "The axis is logarithmic: equal growth has equal slope. Solid bars are printed levels, hollow "
    "bars the bases their growth implies, the bands between them the path at the average growth; "
    "dots are outside figures, with a line for their range where it is wide enough to be seen.",
)


_OPEN = ("；带箭头的虚线表示这一侧没有界限。", "; a broken line with an arrow has no end on that side.")


@dataclass(frozen=True)
class Level:
    """An interval at a date (a decimal year); `text` is its label, '' for none.

    One end may be infinite, but not both.
    """

    year: float
    lower: float
    upper: float
    text: str = ""

    @property
    def known(self) -> tuple[float, float]:
        """Both ends; the one there is in place of an infinite one."""
        ends = [end for end in (self.lower, self.upper) if math.isfinite(end)]
        if not ends:
            raise ValueError(f"growth_path: level at {self.year} without an end, one expected")
        return ends[0], ends[-1]

    @property
    def open(self) -> bool:
        """Whether one end is infinite."""
        return not (math.isfinite(self.lower) and math.isfinite(self.upper))

    @property
    def middle(self) -> float:
        """The geometric middle, or the end there is."""
        low, high = self.known
        return low if low == high else math.sqrt(low) * math.sqrt(high)


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
        caption=caption or _told(paths, lang),
        name=name or f"fig-growth-{ids[0] if ids else 'implied'}",
        values=_values(paths, unit, lang),
    )


def _told(paths: Sequence[Path], lang: str) -> str:
    """The caption, with a word on open ends where there are any."""
    words = pick(_CAPTION, lang)
    some = any(level.open for path in paths for level in _levels(path))
    return words.rstrip("。.") + pick(_OPEN, lang) if some else words


def _unit_line(unit: str, lang: str) -> str:
    words = {"yuan": ("元", "Yuan"), "count": ("户", "Number")}.get(unit, ("", ""))
    return pick((f"{words[0]}，对数刻度", f"{words[1]}, logarithmic scale"), lang)


def _levels(path: Path) -> list[Level]:
    return [path.level, *path.bases, *path.observed]


def _limits(axes: Axes, paths: Sequence[Path]) -> None:
    levels = [level for path in paths for level in _levels(path)]
    low, high = min(level.known[0] for level in levels), max(level.known[1] for level in levels)
    if low <= 0:
        raise ValueError(f"growth_path: end {low} found, positive ends expected")
    if low == high:  # a single value stands between others
        low, high = low / 1.5, high * 1.5
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
        values = LogLocator(base=10, subs=subs, numticks=12).tick_values(low, high)
        inside = [float(value) for value in values if low * 1.02 < value < high / 1.02]
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


def _name_grid(canvas: Canvas, axes: Axes, placer: Placer, values: list[float], unit: str, lang: str) -> None:
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
        placer.block((x, y - 1, WIDTH - _SIDE, y + 1), _FAINT)


def _draw_path(canvas: Canvas, axes: Axes, placer: Placer, path: Path, colour: str) -> None:
    name = path.id or path.label
    for base in path.bases:
        (low, high), (least, most) = base.known, path.level.known
        fan = Polygon(
            [(base.year, low), (base.year, high), (path.level.year, most), (path.level.year, least)],
            closed=True,
            facecolor=ink(colour),
            edgecolor=ink(colour),
            alpha=0.3,
            lw=1.0,
            zorder=2,
        )
        fan.set_gid(f"{name}:path")
        axes.add_patch(fan)
        for n in range(1, 60):  # labels keep off the path: a string of small boxes along it
            share = n / 60
            x, y = canvas.locate(
                axes,
                base.year + (path.level.year - base.year) * share,
                base.middle ** (1 - share) * path.level.middle**share,
            )
            placer.block((x - 3, y - 3, x + 3, y + 3))
        _interval(canvas, axes, placer, base, colour, f"{name}:base", "implied")
    _interval(canvas, axes, placer, path.level, colour, f"{name}:printed", "printed")
    for seen in path.observed:
        if seen.open:
            _open(canvas, axes, placer, seen, colour, f"{name}:observed", "o")
            continue
        middle = seen.middle
        (dot,) = axes.plot(
            [seen.year] * 3,
            [seen.lower, middle, seen.upper],
            "o-",
            ms=6,
            mew=0.9,
            markevery=[1],
            mfc=ink(colour),
            mec=ink("paper"),
            color=ink(colour),
            lw=1.6,
            solid_capstyle="butt",
            zorder=5,
        )
        dot.set_gid(f"{name}:observed")
        x, y = canvas.locate(axes, seen.year, middle)
        placer.block((x - 5, y - 5, x + 5, y + 5))


def _interval(
    canvas: Canvas, axes: Axes, placer: Placer, level: Level, colour: str, gid: str, look: str
) -> None:
    """An interval as an upright bar, at least as tall as its outline."""
    if level.open:
        _open(canvas, axes, placer, level, colour, gid, "s", look)
        return
    left, right = axes.get_xlim()
    half = _HALF * (right - left) / (WIDTH - 4 - _SIDE)
    shape = Rectangle(
        (level.year - half, level.lower),
        2 * half,
        level.upper - level.lower,
        **shape_style(look, colour),
        zorder=4,
    )
    shape.set_gid(gid)
    axes.add_patch(shape)
    axes.plot(
        [level.year],
        [level.middle],
        "s",
        ms=7.5,
        mew=1.7,
        mec=ink(colour),
        mfc=ink(colour if LOOKS[look][0] else "paper"),
        zorder=5,
    )
    (x0, y0), (x1, y1) = (
        canvas.locate(axes, level.year - half, level.lower),
        canvas.locate(axes, level.year + half, level.upper),
    )
    placer.block((x0 - 3, min(y1, y0 - 5) - 2, x1 + 3, max(y0, y1 + 5) + 2))


def _open(
    canvas: Canvas,
    axes: Axes,
    placer: Placer,
    level: Level,
    colour: str,
    gid: str,
    marker: str,
    look: str = "printed",
) -> None:
    """A mark at the end there is and a broken line with an arrow to the side that has none."""
    low, high = axes.get_ylim()
    up = math.isinf(level.upper)
    tip = level.middle * (high / low) ** ((_ARROW if up else -_ARROW) / _HEIGHT)
    size = 6.0 if marker == "o" else 7.5
    (line,) = axes.plot(
        [level.year] * 2,
        [level.middle, tip],
        marker=marker,
        ms=size,
        mew=1.7,
        markevery=[0],
        mfc=ink(colour if LOOKS[look][0] else "paper"),
        mec=ink(colour),
        color=ink(colour),
        lw=1.6,
        ls=(0, (3.0, 1.5)),
        clip_on=False,
        zorder=5,
    )
    line.set_gid(gid)
    axes.plot(
        [level.year], [tip], "^" if up else "v", ms=7, mew=0, color=ink(colour), clip_on=False, zorder=5
    )
    (x, y), (_, far) = (canvas.locate(axes, level.year, end) for end in (level.middle, tip))
    placer.block((x - 5, min(y, far) - 5, x + 5, max(y, far) + 5))


def _labels(canvas: Canvas, axes: Axes, placer: Placer, paths: Sequence[Path], unit: str, lang: str) -> None:
    for path, colour in zip(paths, SERIES, strict=False):
        for level, implied in [(b, True) for b in path.bases] + [(o, False) for o in path.observed]:
            words = _implied(level, unit, lang) if implied else level.text
            if words:
                x, y = canvas.locate(axes, level.year, level.middle)
                placer.put(x, y, words, SMALL, colour, spare=implied)
        if path.growth and path.bases:
            base = path.bases[0]
            share = 0.62  # nearer the end, where paths lie further apart
            year = base.year + share * (path.level.year - base.year)
            middle = base.middle ** (1 - share) * path.level.middle**share
            placer.put(*canvas.locate(axes, year, middle), path.growth, SMALL, colour)
    _names(canvas, axes, paths, placer.settle(), unit, lang)


def _implied(base: Level, unit: str, lang: str) -> str:
    """The label of an implied base."""
    figure = interval(base.lower, base.upper, unit, lang)
    return base.text or pick((f"推得{figure}", f"implied {figure}"), lang)


def _names(
    canvas: Canvas, axes: Axes, paths: Sequence[Path], left_out: Sequence[str], unit: str, lang: str
) -> None:
    """Name, level and verdict of each path at its right end, pushed apart where needed.

    Below them stand the bases for whose labels there was no room beside their marks.
    """
    blocks = []
    for path, colour in zip(paths, SERIES, strict=False):
        level = path.level
        figure = level.text or interval(level.lower, level.upper, unit, lang)
        lines = [(line, BODY, colour) for line in wrap(path.label, _SIDE - 12, BODY)]
        lines += [(line, SMALL, "ink") for line in wrap(figure, _SIDE - 12, SMALL)]
        bases = [
            f"{number(base.year, 'date', lang)} {_implied(base, unit, lang)}"
            for base in path.bases
            if _implied(base, unit, lang) in left_out
        ]
        lines += [(line, SMALL, colour) for text in bases for line in wrap(text, _SIDE - 12, SMALL)]
        height = sum(size * LEADING for _, size, _ in lines) + SMALL * LEADING * bool(path.verdict)
        _, y = canvas.locate(axes, level.year, level.middle)
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
        for series, levels in (("printed", [path.level]), ("base", path.bases), ("observed", path.observed))
        for level in levels
    )
