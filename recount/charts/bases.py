"""A level and the base its growth implies a year before, as a pair of bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from recount.charts.canvas import Canvas, Chart, draw, swatches, table, unique
from recount.charts.rows import paragraph
from recount.charts.scales import ticks, x_at
from recount.charts.style import SMALL, WIDTH, ink, shape_style, text_width
from recount.words import interval, pick, verdict_word

_HEIGHT = 17.0
_GAP = 8.0  # between the longer bar and the growth beside it, in points
_IMPLIED = ("推得", "implied")
_CAPTION = (
    "实心条是报道的数额，虚线框是由数额与增速推得的上年数额，条末的浅色是上下限之间，箭头标出一年的增减。",
    "The solid bar is the printed level; the broken outline is the level a year before that the level "
    "and its growth imply; the pale end of a bar lies between its limits; the arrow marks the year's "
    "change.",
)


@dataclass(frozen=True)
class Stock:
    """A level, its growth over one step and the base both imply; ends in the unit and as ratios.

    `now` and `then` name the two dates. Without `base` it is the level over one plus the growth.
    """

    label: str
    lower: float
    upper: float
    growth: tuple[float, float]
    now: str
    then: str
    id: str = ""
    growth_id: str = ""
    printed: str = ""
    growth_printed: str = ""
    verdict: str = ""
    base: tuple[float, float] | None = None

    @property
    def start(self) -> tuple[float, float]:
        """The implied base."""
        if self.base is not None:
            return self.base
        return self.lower / (1 + self.growth[1]), self.upper / (1 + self.growth[0])


@draw
def stock_bars(
    rows: Sequence[Stock],
    lang: str,
    title: str,
    *,
    unit: str = "yuan",
    draws: Sequence[str] = (),
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Pairs of bars from zero on one axis: the implied base (hollow) under the level (solid).

    `draws` names further statistics that the chart is about.
    """
    if not rows:
        raise ValueError("stock_bars: at least one stock expected, none found")
    canvas = Canvas(title)
    frame = canvas.strip(0)
    frame.set_xlim(0, max(_reach(row, lang) for row in rows))
    for row in rows:
        canvas.heading(row.label, row.verdict, lang)
        _pair(canvas, frame, row, unit, lang)
        canvas.y += 8
    ticks(canvas, frame, unit, lang)
    ids = [id for row in rows for id in (row.id, row.growth_id) if id] + list(draws)
    return Chart(
        figure=canvas.finish(source),
        draws=unique(ids),
        alt=paragraph(title, [_sentence(row, unit, lang) for row in rows], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-base-{ids[0] if ids else 'implied'}",
        values=_values(rows, unit),
    )


def _pair(canvas: Canvas, frame: Axes, row: Stock, unit: str, lang: str) -> None:
    """What the two bars are, on a line above them; then the bars and the growth between."""
    level = (row.lower, row.upper)
    texts = (
        f"{row.then} {pick(_IMPLIED, lang)} {interval(*row.start, unit, lang)}",
        f"{row.now} {row.printed or interval(*level, unit, lang)}",
    )
    swatches(canvas, list(zip(texts, ("implied", "printed"), strict=True)), "blue")
    _bar(canvas, frame, row, row.start, "implied")
    middle = canvas.y + 1.5
    canvas.y += 3
    _bar(canvas, frame, row, level, "printed")
    left, right = (x_at(canvas, frame, sum(ends) / 2) for ends in (row.start, level))
    beyond = x_at(canvas, frame, max(row.upper, row.start[1])) + _GAP
    canvas.page.annotate(
        "",
        (right, middle),
        (left, middle),
        arrowprops={
            "arrowstyle": "-|>",
            "color": ink("orange"),
            "lw": 1.6,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 10,
        },
    )
    words = canvas.write(beyond, middle - SMALL * 0.66, _growth(row, lang), SMALL, "orange")
    words.set_gid(f"{row.growth_id or row.label}:growth")


def _reach(row: Stock, lang: str) -> float:
    """Where the axis must end so that the growth fits beside the longer bar."""
    room = WIDTH - 4
    beside = text_width(_growth(row, lang), SMALL) + _GAP + 4
    return max(row.upper, row.start[1]) * room / (room - min(beside, room / 2))


def _bar(canvas: Canvas, frame: Axes, row: Stock, ends: tuple[float, float], look: str) -> None:
    """A bar from zero to the lower end of an interval, pale from there to the upper end."""
    axes = canvas.strip(_HEIGHT)
    axes.set_xlim(frame.get_xlim())
    name = f"{row.id or row.label}:{'printed' if look == 'printed' else 'base'}"
    shape = Rectangle((0, 0.06), ends[0], 0.88, **shape_style(look, "blue", 1.5), zorder=3)
    between = Rectangle(
        (ends[0], 0.06), ends[1] - ends[0], 0.88, facecolor=ink("blue"), lw=0, alpha=0.3, zorder=2
    )
    for part, gid in ((shape, name), (between, f"{name} between")):
        part.set_gid(gid)
        axes.add_patch(part)


def _growth(row: Stock, lang: str) -> str:
    words = row.growth_printed or interval(*row.growth, "ratio", lang)
    return words if row.growth[0] < 0 else f"+{words}"


def _sentence(row: Stock, unit: str, lang: str) -> str:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    parts = [
        f"{row.now} {row.printed or interval(row.lower, row.upper, unit, lang)}",
        _growth(row, lang),
        f"{row.then} {pick(_IMPLIED, lang)} {interval(*row.start, unit, lang)}",
    ]
    if row.verdict:
        parts.append(verdict_word(row.verdict, lang))
    return row.label + colon + comma.join(parts)


def _values(stocks: Sequence[Stock], unit: str) -> pd.DataFrame:
    rows: list[tuple[str, str, float, float, str, str, str]] = []
    for row in stocks:
        rows.append((row.id, "printed", row.lower, row.upper, unit, row.label, row.now))
        rows.append((row.id, "base", *row.start, unit, row.label, row.then))
        rows.append((row.growth_id, "growth", *row.growth, "ratio", "" if row.growth_id else row.label, ""))
    return table(rows)
