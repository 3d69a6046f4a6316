"""Shares of a whole: bars on a track from 0 to 100%, thresholds, gaps in percentage points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from recount.charts.canvas import Canvas, Chart, draw, table, unique
from recount.charts.rows import ledger_rows, paragraph
from recount.charts.scales import ticks, x_at
from recount.charts.style import LEADING, SMALL, WIDTH, ink, shape_style, text_width
from recount.words import interval, pick, verdict_word

_HEIGHT = 19.0
_FADE = 20  # steps in which an open end fades
_IMPLIED = ("推得", "implied")
_BEYOND = ("右端的箭头表示超过100%。", " An arrowhead at the right end: more than 100%.")
_GAP = ("差", "gap")
_MARK = ("标线", "line")
_CAPTION = (
    "横条从0起，全长为100%。深色到下限为止，浅色是上下限之间；向右渐淡表示没有上限。实心条是报道的数字，"
    "虚线框由其他数字推得，斜线条是外部资料。",
    "Bars start at 0; the track is 100% long. The bar reaches the lower end, pale colour the upper; "
    "fading to the right means no upper bound. Solid bars are printed by the report, a broken outline "
    "is implied by other numbers, hatched bars are outside figures.",
)


@dataclass(frozen=True)
class Share:
    """One share: its interval as ratios, whether it is implied, and its statistic if it is one."""

    label: str
    lower: float
    upper: float
    id: str = ""
    printed: str = ""
    verdict: str = ""
    implied: bool = False

    @property
    def look(self) -> str:
        """What the share is: implied, printed by the report, or an outside figure."""
        return "implied" if self.implied else "printed" if self.id else "observed"

    def words(self, lang: str) -> str:
        """The figure as printed, or the interval; an implied one says so."""
        figure = self.printed or interval(self.lower, self.upper, "ratio", lang)
        if not self.implied:
            return figure
        return pick((f"{_IMPLIED[0]}{figure}", f"{_IMPLIED[1]} {figure}"), lang)


@dataclass(frozen=True)
class Gap:
    """The difference between two shares, by their places in the list; ends as ratios."""

    first: int
    second: int
    lower: float
    upper: float
    id: str = ""
    printed: str = ""

    def words(self, lang: str) -> str:
        """The gap as printed, or its interval in percentage points."""
        return self.printed or interval(self.lower, self.upper, "points", lang)


def share_rows(ledger: pd.DataFrame, lang: str) -> list[Share]:
    """Ledger rows as shares, ready to be mixed with implied ones."""
    return [
        Share(row.label, row.lower, row.upper, row.id, row.printed, row.verdict)
        for row in ledger_rows(ledger, lang)
    ]


@draw
def shares(
    parts: Sequence[Share],
    lang: str,
    title: str,
    *,
    gaps: Sequence[Gap] = (),
    thresholds: Sequence[tuple[float, str]] = (),
    draws: Sequence[str] = (),
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Shares on tracks from 0 to 100%, with thresholds (ratio, label) and gaps between two bars.

    A share that is no statistic and is not implied is an outside figure. A gap is drawn below the
    later of its two bars. `draws` names further statistics that the chart is about.
    """
    if not parts:
        raise ValueError("shares: at least one share expected, none found")
    canvas = Canvas(title)
    room = canvas.y
    canvas.y += (SMALL * LEADING + 2) if thresholds else 0
    frame = canvas.strip(0)
    frame.set_xlim(0, 1)
    for index, part in enumerate(parts):
        canvas.heading(part.label, part.verdict, lang)
        axes = canvas.strip(_HEIGHT)
        axes.set_xlim(0, 1)
        _share(canvas, axes, part, lang, [x_at(canvas, frame, value) for value, _ in thresholds])
        for value, label in thresholds:
            line = axes.axvline(value, color=ink("ink"), lw=1.1, ls=(0, (3, 2)), zorder=5)
            line.set_gid(f"{label}:threshold")
        for gap in gaps:
            if max(gap.first, gap.second) == index:
                _gap(canvas, frame, parts, gap, lang)
        canvas.y += 6
    _name_thresholds(canvas, frame, thresholds, room)
    ticks(canvas, frame, "ratio", lang, count=5)
    ids = [part.id for part in parts] + [gap.id for gap in gaps] + list(draws)
    return Chart(
        figure=canvas.finish(source),
        draws=unique([id for id in ids if id]),
        alt=paragraph(title, _sentences(parts, gaps, thresholds, lang), lang),
        caption=caption or pick(_CAPTION, lang) + pick(_BEYOND, lang) * any(map(_beyond, parts)),
        name=name or f"fig-shares-{next((id for id in ids if id), 'implied')}",
        values=_values(parts, gaps, thresholds, lang),
    )


def _beyond(part: Share) -> bool:
    """Whether some known end is more than the whole."""
    return any(1 < end < math.inf for end in (part.lower, part.upper))


def _share(canvas: Canvas, axes: Axes, part: Share, lang: str, avoid: Sequence[float] = ()) -> None:
    axes.add_patch(Rectangle((0, 0.12), 1, 0.76, lw=0, facecolor=ink("grid"), alpha=0.35, zorder=1))
    colour = ink("blue")
    low = part.lower if math.isfinite(part.lower) else 0.0
    high = part.upper if math.isfinite(part.upper) else max(low, 1.0)
    name = f"{part.id or part.label}:{part.look}"
    width = 0.0 if part.look == "printed" else 1.5
    fill = Rectangle((0, 0.12), low, 0.76, **shape_style(part.look, "blue", width), zorder=3)
    fill.set_gid(name)
    axes.add_patch(fill)
    # pale where the value lies somewhere up to a known end, fading where no end is known
    steps = [(low, high, 0.34)]
    if not math.isfinite(part.upper):
        width = (high - low) / _FADE
        steps = [(low + width * n, low + width * (n + 1), 0.36 * (1 - n / _FADE)) for n in range(_FADE)]
    for start, stop, alpha in steps:
        pale = Rectangle((start, 0.12), stop - start, 0.76, lw=0, facecolor=colour, alpha=alpha, zorder=2)
        if part.look == "observed" and len(steps) == 1:  # an outside figure is hatched up to its end
            hatch = shape_style("observed", "blue")["hatch"]
            pale.set(facecolor="none", edgecolor=colour, hatch=hatch, alpha=0.7)
        pale.set_gid(f"{name} between")
        axes.add_patch(pale)
    if _beyond(part):  # what is more than the whole is cut off
        axes.plot([1.0], [0.5], ">", ms=9, mew=0, color=ink("ink"), clip_on=False, zorder=6)
    _name(canvas, part.words(lang), part, (_page(canvas, axes, low), _page(canvas, axes, high)), avoid)


def _page(canvas: Canvas, axes: Axes, share: float) -> float:
    """Where a share's end is seen, in points: one beyond the track before the arrowhead."""
    return x_at(canvas, axes, share) if share <= 1 else x_at(canvas, axes, 1.0) - 6


def _name(canvas: Canvas, words: str, part: Share, ends: tuple[float, float], avoid: Sequence[float]) -> None:
    """A bar's words: beyond its end, inside it, or over its pale part, clear of the thresholds."""
    width = text_width(words, SMALL)
    inside = "paper" if part.look == "printed" else "ink"
    places = [(ends[1] + 7, "ink"), (ends[0] - 7 - width, inside), (ends[0] + 8, "ink")]
    if not math.isfinite(part.upper):
        places = [places[1], places[2]]
    fitting = [
        (left, colour)
        for left, colour in places
        if left > 4 and left + width < WIDTH - 4 and not any(left - 4 < x < left + width + 4 for x in avoid)
    ]
    left, colour = (fitting or places)[0]
    canvas.write(left, canvas.y - _HEIGHT / 2 - SMALL * 0.66, words, SMALL, colour)


def _gap(canvas: Canvas, frame: Axes, parts: Sequence[Share], gap: Gap, lang: str) -> None:
    """A dimension line between the middles of two bars' ends, with its words at the right."""
    ends = sorted(_middle(parts[index]) for index in (gap.first, gap.second))
    left, right = (x_at(canvas, frame, end) for end in ends)
    canvas.y += 4
    height = SMALL * LEADING
    middle = canvas.y + height / 2
    (line,) = canvas.page.plot([left, right], [middle, middle], color=ink("ink"), lw=1.3, zorder=4)
    line.set_gid(f"{gap.id or pick(_GAP, lang)}:gap")
    for x in (left, right):
        canvas.page.plot([x, x], [middle - 5, middle + 5], color=ink("ink"), lw=1.3, zorder=4)
    words = f"{pick(_GAP, lang)} {gap.words(lang)}"
    fits = right + 8 + text_width(words, SMALL) < WIDTH - 4
    canvas.write(right + 8 if fits else left - 8, canvas.y, words, SMALL, "ink", "left" if fits else "right")
    canvas.y += height


def _middle(part: Share) -> float:
    ends = [end for end in (part.lower, part.upper) if math.isfinite(end)]
    return min(sum(ends) / len(ends), 1.0)


def _name_thresholds(
    canvas: Canvas, frame: Axes, thresholds: Sequence[tuple[float, str]], top: float
) -> None:
    for value, label in thresholds:
        canvas.write(x_at(canvas, frame, value), top, label, SMALL, "ink", "center")


def _sentences(
    parts: Sequence[Share], gaps: Sequence[Gap], thresholds: Sequence[tuple[float, str]], lang: str
) -> list[str]:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    sentences = [
        part.label
        + colon
        + part.words(lang)
        + (comma + verdict_word(part.verdict, lang) if part.verdict else "")
        for part in parts
    ]
    sentences += [f"{pick(_GAP, lang)}{colon}{gap.words(lang)}" for gap in gaps]
    return sentences + [
        f"{pick(_MARK, lang)}{colon}{label}{comma}{interval(value, value, 'ratio', lang)}"
        for value, label in thresholds
    ]


def _values(
    parts: Sequence[Share], gaps: Sequence[Gap], thresholds: Sequence[tuple[float, str]], lang: str
) -> pd.DataFrame:
    rows = [(part.id, part.look, part.lower, part.upper, "ratio", part.label) for part in parts]
    rows += [
        (gap.id, "gap", gap.lower, gap.upper, "points", "" if gap.id else pick(_GAP, lang)) for gap in gaps
    ]
    return table(rows + [("", "threshold", value, value, "ratio", label) for value, label in thresholds])
