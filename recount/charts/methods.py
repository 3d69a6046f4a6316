"""Charts of the method itself: intervals in turn, and verdicts under every way of reading."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from recount.charts.canvas import Canvas, Chart, bar, draw, table, unique, verdict_mark
from recount.charts.rows import Row, ledger_rows, paragraph
from recount.charts.scales import fit, ticks
from recount.charts.style import BODY, LEADING, SERIES, SMALL, WIDTH, ink, text_width, wrap
from recount.words import VERDICTS, bracket, listing, pick, verdict_word

_ROW = 19.0  # height of one bar's row in points
_TURNS_CAPTION = (
    "每组一条标尺，各行是同一个数先后或在不同读法下的区间；实心端点含在区间内，空心端点不含，箭头表示没有界限。",
    "Each group has its own scale, and each row is one interval of the same number, in turn or under "
    "another reading. A solid end belongs to the interval, a hollow one does not; an arrow means no bound.",
)
# Short enough for the head of a column; a package's own rules go by their names.
_SHORT = {
    "literal": ("字面", "literal"),
    "customary": ("习惯", "customary"),
    "loose": ("放宽", "loose"),
    "half_up": ("入", "half"),
    "truncation": ("舍", "cut"),
    "ceiling": ("进", "up"),
    "round_number": ("整", "round"),
    "adjusted": ("调", "adj."),
}
_WAYS_CAPTION = (
    "每行一个统计数，每列一种读法：约数词的每种读法（上一行）各配每种舍入规则（入：四舍五入，舍：舍去尾数，"
    "进：进一）。形状和颜色是判定，浅色竖带是本页所用的读法。",
    "One row for each statistic, one column for each way of reading: every reading of hedge words by every "
    "rounding rule (half: rounded half up; cut: cut off; up: rounded up). Shape and colour give "
    "the verdict; the light band is the way that this page uses.",
)
_LABELS, _HEAD = 164.0, 2 * SMALL * LEADING + 4  # room for labels and for the columns' headings
_APART = 9.0  # between the columns of one reading and the next


@dataclass(frozen=True)
class Turn:
    """One interval of a group, with what it is called; an open end is not in it."""

    label: str
    lower: float
    upper: float
    lower_open: bool = False
    upper_open: bool = False


@dataclass(frozen=True)
class Turns:
    """Intervals of one number in one unit, under a heading; `id` is its statistic, if any."""

    label: str
    unit: str
    turns: Sequence[Turn]
    id: str = ""


@draw
def in_turn(
    groups: Sequence[Turns],
    lang: str,
    title: str,
    *,
    draws: Sequence[str] = (),
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Intervals of the same number one under the other: readings of a figure, steps of a narrowing."""
    if not groups:
        raise ValueError("in_turn: at least one group expected, none found")
    canvas = Canvas(title)
    for group in groups:
        canvas.y += 5
        canvas.heading(group.label, "", lang)
        canvas.y += 1
        _turns(canvas, group, lang)
        canvas.y += 4
    return Chart(
        figure=canvas.finish(source),
        draws=unique([*(group.id for group in groups if group.id), *draws]),
        alt=paragraph(title, [_told(group, lang) for group in groups], lang),
        caption=caption or pick(_TURNS_CAPTION, lang),
        name=name or "fig-in-turn",
        values=table(
            (group.id, "", turn.lower, turn.upper, group.unit, group.label, turn.label)
            for group in groups
            for turn in group.turns
        ),
    )


def _words(turn: Turn, unit: str, lang: str) -> str:
    return bracket(turn.lower, turn.upper, unit, lang, turn.lower_open, turn.upper_open)


def _told(group: Turns, lang: str) -> str:
    colon, between = ("：", "，") if lang == "zh" else (": ", ", ")
    said = [f"{turn.label} {_words(turn, group.unit, lang)}" for turn in group.turns]
    return group.label + colon + between.join(said)


def _turns(canvas: Canvas, group: Turns, lang: str) -> None:
    words = [_words(turn, group.unit, lang) for turn in group.turns]
    side = max(text_width(turn.label, SMALL) for turn in group.turns) + 10
    left = side + max(text_width(text, SMALL) for text in words) + 16
    frame = canvas.strip(0, left, WIDTH - left - 10)
    fit(frame, [(turn.lower, turn.upper) for turn in group.turns], group.unit, log=False)
    for nth, (turn, text) in enumerate(zip(group.turns, words, strict=True)):
        top = canvas.y + (_ROW - SMALL * LEADING) / 2
        canvas.write(2, top, turn.label, SMALL, "muted")
        canvas.write(side, top, text, SMALL, "ink")
        axes = canvas.strip(_ROW, left, WIDTH - left - 10)
        axes.set_xlim(frame.get_xlim())
        _segment(axes, turn, SERIES[nth % len(SERIES)], f"{group.id or group.label}:{turn.label}")
    canvas.y += 2
    ticks(canvas, frame, group.unit, lang)


def _segment(axes: Axes, turn: Turn, colour: str, gid: str) -> None:
    """A bar with a dot at each end that there is: solid where the end belongs to the interval."""
    bar(axes, turn.lower, turn.upper, 0.5, 0.26, colour, gid=gid)
    for end, opened in ((turn.lower, turn.lower_open), (turn.upper, turn.upper_open)):
        if math.isfinite(end):
            axes.plot(
                [end],
                [0.5],
                "o",
                ms=7,
                mew=1.8,
                color=ink(colour),
                zorder=6,
                clip_on=False,
                markerfacecolor=ink("paper" if opened else colour),
            )


@draw
def nine_ways(
    rows: pd.DataFrame,
    verdicts: Mapping[str, Mapping[str, str]],
    lang: str,
    title: str,
    *,
    chosen: str = "",
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Ledger rows down, the ways of reading across, each cell the mark of a verdict.

    `verdicts[id]["literal half_up"]` is the verdict of a statistic under one way, `chosen` the way
    to be set off.
    """
    shown = ledger_rows(rows, lang)
    canvas = Canvas(title)
    met = [key for key in VERDICTS if any(key in verdicts[row.id].values() for row in shown)]
    _key(canvas, met, lang)
    ways = list(verdicts[shown[0].id]) if shown else []
    group = list(dict.fromkeys(way.split()[0] for way in ways))
    step = (WIDTH - _LABELS - 4 - _APART * (len(group) - 1)) / max(1, len(ways))
    places = {
        way: _LABELS + step * (nth + 0.5) + _APART * group.index(way.split()[0])
        for nth, way in enumerate(ways)
    }
    top = canvas.y
    _headings(canvas, places, lang)
    for row in shown:
        _ways(canvas, row, verdicts[row.id], places)
    if chosen:
        corner = (places[chosen] - step / 2, top + SMALL * LEADING)
        height = canvas.y - corner[1]
        canvas.page.add_patch(Rectangle(corner, step, height, facecolor=ink("blue"), alpha=0.12, lw=0))
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(row.id for row in shown),
        alt=paragraph(title, [_tally(row.label, verdicts[row.id], lang) for row in shown], lang),
        caption=caption or pick(_WAYS_CAPTION, lang),
        name=name or "fig-nine-ways",
        values=table(
            (row.id, f"{way} {verdict}", math.nan, math.nan, row.unit, row.label)
            for row in shown
            for way, verdict in verdicts[row.id].items()
        ),
    )


def _key(canvas: Canvas, met: Sequence[str], lang: str) -> None:
    """The verdicts that occur, mark and word, on as few lines as they need."""
    x = 2.0
    for key in met:
        word = verdict_word(key, lang)
        need = 32 + text_width(word, BODY)
        if x + need > WIDTH:
            x, canvas.y = 2.0, canvas.y + BODY * LEADING
        verdict_mark(canvas.page, x + 6, canvas.y + BODY * 0.64, key)
        canvas.write(x + 16, canvas.y, word, BODY, key)
        x += need
    canvas.y += BODY * LEADING + 6


def _headings(canvas: Canvas, places: Mapping[str, float], lang: str) -> None:
    columns: dict[str, list[float]] = {}
    for way, x in places.items():
        reading, rule = way.split()
        columns.setdefault(reading, []).append(x)
        canvas.write(x, canvas.y + SMALL * LEADING, _short(rule, lang), SMALL, "muted", "center")
    for reading, across in columns.items():
        middle = (across[0] + across[-1]) / 2
        canvas.write(middle, canvas.y, _short(reading, lang), SMALL, "ink", "center")
    canvas.y += _HEAD
    canvas.page.plot([2, WIDTH - 2], [canvas.y, canvas.y], color=ink("grid"), lw=0.8)
    canvas.y += 4


def _short(name: str, lang: str) -> str:
    return pick(_SHORT.get(name, (name, name)), lang)


def _ways(canvas: Canvas, row: Row, verdicts: Mapping[str, str], places: Mapping[str, float]) -> None:
    lines = wrap(row.label, _LABELS - 12, SMALL)
    height = max(len(lines) * SMALL * LEADING, 20)
    for nth, line in enumerate(lines):
        canvas.write(2, canvas.y + nth * SMALL * LEADING, line, SMALL, "ink")
    for way, x in places.items():
        verdict_mark(
            canvas.page, x, canvas.y + height / 2, verdicts[way], gid=f"{row.id}:{way} {verdicts[way]}"
        )
    canvas.y += height + 5


def _tally(label: str, verdicts: Mapping[str, str], lang: str) -> str:
    """How often each verdict is met, and under which ways a rarer one."""
    colon = "：" if lang == "zh" else ": "
    counts = {key: sum(verdict == key for verdict in verdicts.values()) for key in VERDICTS}
    parts = [f"{verdict_word(key, lang)} {count}" for key, count in counts.items() if count]
    return label + colon + listing(parts, lang)
