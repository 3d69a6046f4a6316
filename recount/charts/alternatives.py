"""Several answers to one question, each against the printed band: which are tenable."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from recount.charts.canvas import Canvas, Chart, bar, draw, table
from recount.charts.rows import paragraph
from recount.charts.scales import fit, ticks, x_at
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width
from recount.words import interval, pick

_FITS = ("成立", "fits")
_FAILS = ("不成立", "ruled out")
_BAND = {"printed": ("报道", "printed"), "reference": ("外部资料", "outside figure")}
_SIDE = 120.0  # widest label, in points, that goes to the left of its bar
_LEAST = 120.0  # narrowest room for the bars, in points
_ROW = 20.0  # height of one answer in points
_THIN = 0.012  # a bar of less than this share of the axis has a clear edge
_CAPTION = (
    "竖带是报道数字的区间；空心条是每个答案所要求的区间，落入竖带（圆点）的成立，落在带外（叉）的不成立。",
    "The vertical band is the interval of the printed figure; each hollow bar is what one answer "
    "would require. Answers that reach the band (dot) fit, those outside it (cross) are ruled out.",
)


@dataclass(frozen=True)
class Option:
    """One answer: the interval it would require, in the unit of the band; an open end is not in it."""

    label: str
    lower: float
    upper: float
    lower_open: bool = False
    upper_open: bool = False

    def words(self, unit: str, lang: str) -> str:
        """The interval in words."""
        return interval(self.lower, self.upper, unit, lang, self.lower_open, self.upper_open)


@dataclass(frozen=True)
class Band:
    """The interval against which the options are held: a printed figure, or an outside one.

    `series` is `printed` or `reference`; `printed` is the figure as it stands in its source.
    """

    id: str
    label: str
    lower: float
    upper: float
    unit: str
    printed: str = ""
    verdict: str = ""
    series: str = "printed"
    lower_open: bool = False
    upper_open: bool = False

    def words(self, lang: str) -> str:
        """Where the figure comes from, and the figure as printed or its interval in words."""
        figure = self.printed or interval(
            self.lower, self.upper, self.unit, lang, self.lower_open, self.upper_open
        )
        return f"{pick(_BAND[self.series], lang)} {figure}"

    def admits(self, option: Option) -> bool:
        """Whether some value satisfies both; ends that touch do where neither is open."""
        if option.lower == self.upper:
            return not (option.lower_open or self.upper_open)
        if option.upper == self.lower:
            return not (option.upper_open or self.lower_open)
        return option.lower < self.upper and option.upper > self.lower


@draw
def alternatives(
    options: Sequence[Option],
    band: Band,
    lang: str,
    title: str,
    *,
    draws: Sequence[str] = (),
    log: bool | None = None,
    source: str = "",
    caption: str = "",
    name: str = "",
) -> Chart:
    """Each option's interval against the printed band, tenable or ruled out by shape and word.

    `draws` names further statistics the chart is about, beside that of the band.
    """
    if not options:
        raise ValueError("alternatives: at least one option expected, none found")
    canvas = Canvas(title)
    canvas.heading(band.label, band.verdict, lang)
    canvas.y += 2
    words = [option.words(band.unit, lang) for option in options]
    side = max(text_width(option.label, BODY) for option in options)
    value = max(text_width(text, SMALL) for text in words)
    right = max(text_width(pick(pair, lang), BODY) for pair in (_FITS, _FAILS)) + 30
    beside = side <= _SIDE and side + value + 26 + right <= WIDTH - _LEAST
    left = side + value + 26 if beside else 2.0
    top = canvas.y
    canvas.y += SMALL * LEADING + 4
    frame = canvas.strip(0, left, WIDTH - left - right)
    ends = [(band.lower, band.upper), *((option.lower, option.upper) for option in options)]
    fit(frame, ends, band.unit, log)
    _name_band(canvas, frame, band, lang, top)
    for option, text in zip(options, words, strict=True):
        if beside:
            middle = canvas.y + _ROW / 2
            canvas.write(side + 2, middle - BODY * 0.66, option.label, BODY, "ink", "right")
            canvas.write(left - 12, middle - SMALL * 0.66, text, SMALL, "muted", "right")
        else:
            canvas.y += 4
            after = 2 + text_width(option.label, BODY) + 12
            if after + text_width(text, SMALL) < WIDTH - 2:  # both on one line
                canvas.write(after, canvas.y + BODY - SMALL, text, SMALL, "muted")
                canvas.heading(option.label, "", lang)
            else:
                canvas.heading(option.label, "", lang)
                canvas.write(2, canvas.y - 1, text, SMALL, "muted")
                canvas.y += SMALL * LEADING
        axes = canvas.strip(_ROW, left, WIDTH - left - right)
        axes.set_xscale(frame.get_xscale())
        axes.set_xlim(frame.get_xlim())
        _option(canvas, axes, option, band, lang)
    canvas.y += 3
    ticks(canvas, frame, band.unit, lang)
    return Chart(
        figure=canvas.finish(source),
        draws=tuple(dict.fromkeys([band.id, *draws])),
        alt=paragraph(title, _sentences(options, band, lang), lang),
        caption=caption or pick(_CAPTION, lang),
        name=name or f"fig-alternatives-{band.id}",
        values=table(
            [
                (band.id, band.series, band.lower, band.upper, band.unit, band.label),
                *(
                    ("", _series(option, band), option.lower, option.upper, band.unit, option.label)
                    for option in options
                ),
            ]
        ),
    )


def _name_band(canvas: Canvas, frame: Axes, band: Band, lang: str, top: float) -> None:
    limits = sorted(frame.get_xlim())
    ends = [min(max(end, limits[0]), limits[1]) for end in (band.lower, band.upper)]
    middle = sum(x_at(canvas, frame, end) for end in ends) / 2
    canvas.write(middle, top, band.words(lang), SMALL, "printed", "center")


def _option(canvas: Canvas, axes: Axes, option: Option, band: Band, lang: str) -> None:
    """One answer's bar over its piece of the band, and at the right whether it fits."""
    limits = sorted(axes.get_xlim())
    ends = [min(max(end, limits[0]), limits[1]) for end in (band.lower, band.upper)]
    piece = axes.axvspan(ends[0], ends[1], color=ink("printed"), alpha=0.16, lw=0, zorder=1)
    piece.set_gid(f"{band.id}:{band.series}")
    for end in (band.lower, band.upper):
        if math.isfinite(end):
            axes.axvline(
                end,
                color=ink("printed"),
                lw=1.1,
                zorder=1,
                ls="-" if band.series == "printed" else (0, (3, 2)),
            )
    fits = band.admits(option)
    colour = "confirmed" if fits else "contradicted"
    if option.upper - option.lower < (limits[1] - limits[0]) * _THIN:  # seen on the edge of the band
        bar(axes, option.lower, option.upper, 0.5, 0.62, "paper", width=5.0)
    bar(
        axes,
        option.lower,
        option.upper,
        0.5,
        0.46,
        colour,
        look="recomputed",
        gid=f"{option.label}:{_series(option, band)}",
    )
    if option.upper - option.lower < (limits[1] - limits[0]) * _THIN:
        axes.plot(
            [(option.lower + option.upper) / 2],
            [0.5],
            "o" if fits else "X",
            ms=8,
            clip_on=False,
            mew=1.2 if fits else 0,
            mfc=ink(colour),
            mec=ink("paper"),
            zorder=6,
        )
    words = pick(_FITS if fits else _FAILS, lang)
    x = WIDTH - 16 - max(text_width(pick(pair, lang), BODY) for pair in (_FITS, _FAILS))
    middle = canvas.y - _ROW / 2
    canvas.page.plot([x], [middle], "o" if fits else "X", ms=8, mew=0, color=ink(colour), zorder=6)
    canvas.write(x + 9, middle - BODY * 0.66, words, BODY, colour)


def _series(option: Option, band: Band) -> str:
    return "fits" if band.admits(option) else "fails"


def _sentences(options: Sequence[Option], band: Band, lang: str) -> list[str]:
    colon, comma = ("：", "，") if lang == "zh" else (": ", ", ")
    first = f"{band.label}{colon}{band.words(lang)}"
    return [first] + [
        f"{option.label}{colon}{option.words(band.unit, lang)}{comma}"
        f"{pick(_FITS if band.admits(option) else _FAILS, lang)}"
        for option in options
    ]
