"""Charts of published cases: how far figures are from holding together; means of whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from recount.charts.canvas import Canvas, Chart, draw, table, verdict_mark
from recount.charts.rows import paragraph
from recount.charts.scales import ticks, x_at
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width
from recount.words import number, pick, verdict_word

_LEFT = 44.0  # points at the left for reports without a gap
_ZERO = 12.0  # where among these their mark stands
_ROW = 15.0  # height of a report's mark in points
_UNIT = (
    "印出的数与复算的数最近处相差多少（大者比小者多出的百分数，对数刻度）",
    "Least distance of print from recomputation: by how much the larger exceeds the smaller (log scale)",
)
_NONE = ("没有差距", "no gap")
_CAPTION = (
    "每个例子取印出的数字与由其余数字复算的范围相距最近的一个，点的位置是大者比小者多出的百分数，横轴为对数刻度；"
    "左端零处是数字可以同时成立的例子。点旁写明怎样能使它们重新相合：改一个数字，换一种读法，或两者都可。",
    "For each case the figure where print and recomputation are nearest: its mark shows by how much the "
    "larger exceeds the smaller, on a logarithmic axis. Cases whose figures can all hold stand at nought, "
    "at the left. Beside a mark stands what would mend the case: one figure changed, another reading, or "
    "either.",
)


_SIDE = 16.0  # points at both sides of the ladders of possible means
_PRINTED = ("印作", "printed")
_STEPS_CAPTION = (
    "每条竖线是一个可能的均值，即整数除以人数；竖带是印出的均值取整以前的范围。带内有竖线，印出的均值才可能。",
    "Each tick is a possible mean, a whole number over the people. The band is what the printed mean can "
    "have been before it was rounded; the mean is possible only where a tick stands in the band.",
)


@dataclass(frozen=True)
class Miss:
    """A report: the least gap between a printed figure and its recomputation, as a ratio.

    `gap` is 0 where its figures can all hold. `mend` says what would make them hold.
    """

    id: str
    label: str
    gap: float
    verdict: str
    mend: str = ""

    def words(self, lang: str) -> str:
        """The gap and what would mend it."""
        if not self.gap:
            return pick(_NONE, lang)
        return ("；" if lang == "zh" else "; ").join(
            part for part in (number(self.gap, "ratio", lang, 2), self.mend) if part
        )


@draw
def misses(
    cases: Sequence[Miss],
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """One mark for each report on a logarithmic axis, the widest gap first, those without one last.

    ValueError where no report has a gap, or one is infinite.
    """
    shown = sorted(cases, key=lambda case: -case.gap)
    wide = [case.gap for case in shown if case.gap]
    if not wide or not all(math.isfinite(gap) for gap in wide):
        raise ValueError(f"misses: gaps {wide}; expected at least one, all finite")
    canvas = Canvas(title, pick(_UNIT, lang))
    frame = canvas.strip(0, _LEFT, WIDTH - _LEFT - 4)
    frame.set_xscale("log")
    frame.set_xlim(min(wide) / 1.5, max(wide) * 1.5)
    for case in shown:
        canvas.heading(case.label, case.verdict, lang)
        _mark(canvas, frame, case, lang)
    canvas.y += 4
    canvas.stretch(frame)
    _grid(frame)
    canvas.write(_ZERO, canvas.y + 3, "0", SMALL, "muted", "center")
    ticks(canvas, frame, "ratio", lang)
    return Chart(
        figure=canvas.finish(source),
        draws=(),
        alt=paragraph(title, [_sentence(case, lang) for case in shown], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or "fig-misses",
        values=table((case.id, "gap", case.gap, case.gap, "ratio", case.label) for case in shown),
    )


def _mark(canvas: Canvas, frame: Axes, case: Miss, lang: str) -> None:
    """The mark at its gap with its words beside it, to the right where there is room."""
    x = x_at(canvas, frame, case.gap) if case.gap else _ZERO
    middle = canvas.y + _ROW / 2
    verdict_mark(canvas.page, x, middle, case.verdict, gid=f"{case.id}:gap")
    words = case.words(lang)
    fits = x + 9 + text_width(words, SMALL) < WIDTH - 2
    start = x - 6 if fits else x - 14 - text_width(words, SMALL)
    if case.gap and start > _LEFT:
        canvas.page.plot([_LEFT, start], [middle, middle], color=ink("grid"), lw=1, zorder=1)
    canvas.write(
        x + 9 if fits else x - 9, middle - SMALL * 0.66, words, SMALL, "muted", "left" if fits else "right"
    )
    canvas.y += _ROW + (LEADING - 1) * BODY


def _grid(frame: Axes) -> None:
    """A faint line at each power of ten, behind the rows."""
    left, right = frame.get_xlim()
    for power in range(math.ceil(math.log10(left)), math.floor(math.log10(right)) + 1):
        frame.axvline(10.0**power, color=ink("grid"), lw=0.7, alpha=0.6, zorder=0)


def _sentence(case: Miss, lang: str) -> str:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    return f"{case.label}{colon}{case.words(lang)}{comma}{verdict_word(case.verdict, lang)}"


@dataclass(frozen=True)
class Steps:
    """The means that whole numbers can have for so many people, and the verdict on the printed one."""

    id: str
    label: str
    people: int
    verdict: str = ""

    def within(self, lower: float, upper: float) -> list[float]:
        """The possible means from `lower` to `upper`."""
        first, last = math.ceil(lower * self.people), math.floor(upper * self.people)
        return [total / self.people for total in range(first, last + 1)]


@draw
def steps(
    rows: Sequence[Steps],
    mean: tuple[float, float],
    printed: str,
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """For each number of people the possible means as ticks, against the band of the printed mean.

    `mean` holds the ends of what the printed mean can stand for, `printed` is how it was printed.
    """
    if not rows:
        raise ValueError("steps: at least one row expected, none found")
    reach = 2.6 / min(row.people for row in rows)
    left, right = mean[0] - reach, mean[1] + reach
    canvas = Canvas(title)
    frame = canvas.strip(0, _SIDE, WIDTH - 2 * _SIDE)
    frame.set_xlim(left, right)
    canvas.write(
        x_at(canvas, frame, sum(mean) / 2),
        canvas.y,
        f"{pick(_PRINTED, lang)} {printed}",
        SMALL,
        "printed",
        "center",
    )
    canvas.y += SMALL * LEADING + 2
    for row in rows:
        canvas.heading(row.label, row.verdict, lang)
        band = _ladder(canvas, row, mean, (left, right))
        band.set_gid(f"{pick(_PRINTED, lang)} {printed}:printed")
        canvas.y += 6
    return Chart(
        figure=canvas.finish(source),
        draws=(),
        alt=paragraph(title, [_stepped(row, mean, printed, (left, right), lang) for row in rows], lang),
        caption=caption or pick(_STEPS_CAPTION, lang),
        name=name or "fig-steps",
        values=table(
            [
                ("", "printed", *mean, "count", f"{pick(_PRINTED, lang)} {printed}"),
                *(
                    (row.id, "step", value, value, "count", row.label)
                    for row in rows
                    for value in row.within(left, right)
                ),
            ]
        ),
    )


def _ladder(canvas: Canvas, row: Steps, mean: tuple[float, float], ends: tuple[float, float]) -> Artist:
    """The ticks of a row over its piece of the band, which is returned; means below where there is room."""
    axes = canvas.strip(22, _SIDE, WIDTH - 2 * _SIDE)
    axes.set_xlim(*ends)
    band = axes.axvspan(*mean, color=ink("printed"), alpha=0.16, lw=0, zorder=1)
    axes.plot(ends, (0, 0), color=ink("grid"), lw=1.2, zorder=1)
    free = 0.0
    for value in row.within(*ends):
        inside = mean[0] <= value <= mean[1]
        (tick,) = axes.plot(
            [value, value],
            [0, 0.9 if inside else 0.6],
            zorder=3,
            solid_capstyle="butt",
            color=ink("confirmed" if inside else "ink"),
            lw=3.0 if inside else 1.5,
        )
        tick.set_gid(f"{row.id}:step")
        text, x = f"{value:.3f}", x_at(canvas, axes, value)
        half = text_width(text, SMALL) / 2
        if x - half >= free:
            canvas.write(x, canvas.y + 2, text, SMALL, "confirmed" if inside else "muted", "center")
            free = x + half + 4
    canvas.y += SMALL * LEADING
    return band


def _stepped(
    row: Steps, mean: tuple[float, float], printed: str, ends: tuple[float, float], lang: str
) -> str:
    """The possible means beside and inside the band, in words."""
    possible = row.within(*ends)
    hits = [f"{value:.4f}" for value in possible if mean[0] <= value <= mean[1]]
    below = [f"{value:.3f}" for value in possible if value < mean[0]][-1:]
    above = [f"{value:.3f}" for value in possible if value > mean[1]][:1]
    verdict = verdict_word(row.verdict, lang) if row.verdict else ""
    if lang == "zh":
        rounded = f"{'、'.join(hits)}取整为{printed}" if hits else f"没有取整为{printed}的"
        return f"{row.label}：可能的均值两侧有{'和'.join(below + above)}，{rounded}，{verdict}".rstrip("，")
    rounded = f"{' and '.join(hits)} rounds to {printed}" if hits else f"none rounds to {printed}"
    sides = " and ".join(below + above)
    return f"{row.label}: possible means on either side are {sides}, {rounded}, {verdict}".rstrip(", ")
