"""Before and after: two intervals of one quantity and the arrow from one to the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from recount.charts.canvas import Canvas, Chart, bar, draw, table, unique
from recount.charts.rows import paragraph
from recount.charts.scales import fit, ticks, x_at
from recount.charts.style import LEADING, SMALL, ink
from recount.words import interval, pick, verdict_word

_KEY = (("原先", "现在"), ("before", "after"))
_CAPTION = (
    "灰条是原先的范围，蓝条是现在的范围，条端的箭头表示这一侧没有界限；实心条是报道的数字，斜线条是外部资料，"
    "虚线框由其他数字推得{log}。",
    "The grey bar is the range before, the blue bar the range after; an arrow at the end of a bar "
    "means no bound on that side. Solid bars are printed by the report, hatched bars are outside "
    "figures, and a broken outline is implied by other numbers{log}.",
)
_NARROW = 7.0  # a bar narrower than this cannot show what kind of value it is, in points
_MARKS = {"printed": ("D", True), "observed": ("D", False), "implied": ("o", False)}
_THIN = (
    "太窄的条上加一个记号：实心菱形是报道的数字，空心菱形是外部资料，空心圆由其他数字推得。",
    " A bar too narrow to be seen carries a mark: a solid diamond is printed, a hollow one an outside "
    "figure, a hollow circle is implied.",
)
_LOG = ("；横轴为对数刻度", "; the axis is logarithmic")


@dataclass(frozen=True)
class State:
    """A quantity at one of two times: its interval, its figure as printed, its statistic if any."""

    lower: float
    upper: float
    printed: str = ""
    id: str = ""
    implied: bool = False

    @property
    def look(self) -> str:
        """What the value is: implied, printed by the report, or an outside figure."""
        return "implied" if self.implied else "printed" if self.id else "observed"


@dataclass(frozen=True)
class Pair:
    """A change: two states in one unit, and a note such as how much shorter the second is."""

    label: str
    before: State
    after: State
    note: str = ""
    verdict: str = ""


@draw
def before_after(
    pairs: Sequence[Pair],
    lang: str,
    title: str,
    *,
    unit: str,
    draws: Sequence[str] = (),
    log: bool | None = None,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Each pair on one strip of a common axis: before (grey), after (blue), an arrow between.

    `unit` is the unit of all states; `log` None takes a logarithmic axis when the ends lie more
    than thirtyfold apart. `draws` names further statistics that the chart is about.
    """
    if not pairs:
        raise ValueError("before_after: at least one pair expected, none found")
    canvas = Canvas(title)
    frame = canvas.strip(0)
    states = [state for pair in pairs for state in (pair.before, pair.after)]
    is_log = fit(frame, [(state.lower, state.upper) for state in states], unit, log)
    for pair in pairs:
        canvas.heading(pair.label, pair.verdict, lang)
        if pair.note:
            canvas.paragraph(pair.note, SMALL, "muted")
        canvas.y += 2
        _pair(canvas, frame, pair, unit, lang)
        canvas.y += 7
    narrow = any(right - left < _NARROW for left, right in (_drawn(canvas, frame, state) for state in states))
    ticks(canvas, frame, unit, lang)
    ids = [state.id for state in states if state.id] + list(draws)
    words = pick(_CAPTION, lang).format(log=pick(_LOG, lang) if is_log else "")
    words += pick(_THIN, lang) if narrow else ""
    return Chart(
        figure=canvas.finish(source),
        draws=unique(ids),
        alt=paragraph(title, [_sentence(pair, unit, lang) for pair in pairs], lang),
        caption=caption or words,
        name=name or f"fig-change-{ids[0] if ids else 'implied'}",
        values=_values(pairs, unit),
    )


def _pair(canvas: Canvas, frame: Axes, pair: Pair, unit: str, lang: str) -> None:
    """Both bars on one lane: words of the earlier one above it, of the later one below."""
    key = pick(_KEY, lang)
    above, line = canvas.y, SMALL * LEADING
    canvas.y += line
    axes = canvas.strip(20.0)
    axes.set_xscale(frame.get_xscale())
    axes.set_xlim(frame.get_xlim())
    apart = pair.before.lower > pair.after.upper or pair.after.lower > pair.before.upper
    for state, word, middle in ((pair.before, key[0], 0.72), (pair.after, key[1], 0.28)):
        earlier = state is pair.before
        name = f"{state.id or pair.label}:{'before' if earlier else 'after'} {state.look}"
        bar(
            axes,
            state.lower,
            state.upper,
            0.5 if apart else middle,
            0.6 if apart else 0.36,
            "muted" if earlier else "blue",
            look=state.look,
            gid=name,
        )
        left, right = _drawn(canvas, axes, state)
        if right - left < _NARROW:
            _mark(axes, state, 0.5 if apart else middle, "muted" if earlier else "blue")
        text = f"{word} {state.printed or interval(state.lower, state.upper, unit, lang)}"
        canvas.write(
            (left + right) / 2,
            above if earlier else canvas.y + 1,
            text,
            SMALL,
            "muted" if earlier else "blue",
            "center",
        )
    if apart:
        _arrow(canvas, _drawn(canvas, axes, pair.before), _drawn(canvas, axes, pair.after))
    canvas.y += line


def _mark(axes: Axes, state: State, middle: float, colour: str) -> None:
    """A mark on a narrow bar that shows what kind of value it is."""
    marker, filled = _MARKS[state.look]
    ends = [end for end in (state.lower, state.upper) if math.isfinite(end)]
    axes.plot(
        [sum(ends) / len(ends)],
        [middle],
        marker,
        ms=7.5,
        mew=1.6,
        mec=ink(colour),
        mfc=ink(colour if filled else "paper"),
        clip_on=False,
        zorder=6,
    )


def _drawn(canvas: Canvas, axes: Axes, state: State) -> tuple[float, float]:
    """Both ends of a bar on the page, in points."""
    start, stop = sorted(axes.get_xlim())
    ends = max(state.lower, start), min(state.upper, stop)
    return x_at(canvas, axes, ends[0]), x_at(canvas, axes, ends[1])


def _arrow(canvas: Canvas, before: tuple[float, float], after: tuple[float, float]) -> None:
    """From the facing end of the earlier bar to that of the later one, where there is room."""
    start, end = (before[0], after[1]) if after[1] < before[0] else (before[1], after[0])
    if abs(end - start) < 14:
        return
    side = 4.0 if end > start else -4.0
    middle = canvas.y - 10
    canvas.page.annotate(
        "",
        (end - side, middle),
        (start + side, middle),
        arrowprops={
            "arrowstyle": "-|>",
            "color": ink("ink"),
            "lw": 1.3,
            "shrinkA": 0,
            "shrinkB": 0,
            "mutation_scale": 10,
        },
    )


def _sentence(pair: Pair, unit: str, lang: str) -> str:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    states = [
        f"{word} {state.printed or interval(state.lower, state.upper, unit, lang)}"
        for state, word in zip((pair.before, pair.after), pick(_KEY, lang), strict=True)
    ]
    tail = [text for text in (pair.note, pair.verdict and verdict_word(pair.verdict, lang)) if text]
    return pair.label + colon + comma.join(states + tail)


def _values(pairs: Sequence[Pair], unit: str) -> pd.DataFrame:
    return table(
        (state.id, f"{series} {state.look}", state.lower, state.upper, unit, pair.label)
        for pair in pairs
        for series, state in (("before", pair.before), ("after", pair.after))
    )
