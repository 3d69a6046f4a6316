"""A grid of what-ifs: the verdict of one figure if it were printed otherwise, however it is read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.patches import Rectangle

from recount.charts.canvas import Canvas, Chart, draw, table, verdict_mark
from recount.charts.rows import paragraph
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width
from recount.words import (
    VERDICTS,
    capitalised,
    pick,
    verdict_word,
    way_words,
    ways_words,
)

_ROW, _INDENT = 19.0, 12.0  # height of a way of reading, and how far its words stand in, in points
_CAPTION = (
    "每列是这个数假如印成的样子，每行一种读法配一种舍入规则；形状和颜色是判定，浅色竖带是报道印出的数。",
    "Each column is the figure as it might have been printed, each row a reading with a rounding rule. Shape "
    "and colour give the verdict; the light band is the figure that the report prints.",
)


@dataclass(frozen=True)
class Tried:
    """A figure as it might have been printed, and its verdict by way of reading (`literal half_up`).

    `head` is the number at the top of its column, `label` the figure in full.
    """

    head: str
    label: str
    verdicts: Mapping[str, str]


@draw
def what_ifs(
    tried: Sequence[Tried],
    printed: str,
    lang: str,
    title: str,
    *,
    id: str,
    unit: str = "",
    source: str = "",
    caption: str = "",
    name: str = "fig-what-ifs",
) -> Chart:
    """Figures across, the ways of reading down, each cell the mark of a verdict.

    `printed` is the label of the figure that the report prints, `unit` what the heads are counted in,
    `id` the statistic.
    """
    if printed not in [figure.label for figure in tried]:
        raise ValueError(f"what_ifs: {printed!r} is not tried; expected the printed figure among the others")
    canvas = Canvas(title, unit)
    _key(canvas, [key for key in VERDICTS if any(key in figure.verdicts.values() for figure in tried)], lang)
    ways = [way.split() for way in tried[0].verdicts]
    left = _INDENT + 10 + max(text_width(way_words(rule, lang), SMALL) for _, rule in ways)
    step = (WIDTH - left - 4) / len(tried)
    places = {figure.label: left + step * (nth + 0.5) for nth, figure in enumerate(tried)}
    top = canvas.y
    for figure in tried:
        canvas.write(places[figure.label], canvas.y + 2, figure.head, SMALL, "ink", "center")
    canvas.y += SMALL * LEADING + 3
    for reading, rules in itertools.groupby(ways, key=lambda way: way[0]):
        canvas.rule(3)
        canvas.write(2, canvas.y, capitalised(way_words(reading, lang)), SMALL, "ink")
        canvas.y += SMALL * LEADING + 1
        for _, rule in rules:
            _way(canvas, tried, places, f"{reading} {rule}", lang)
    corner = (places[printed] - step / 2 + 2, top)
    canvas.page.add_patch(
        Rectangle(corner, step - 4, canvas.y - top, facecolor=ink("blue"), alpha=0.12, lw=0)
    )
    return Chart(
        figure=canvas.finish(source),
        draws=(id,),
        alt=paragraph(title, [_told(figure, lang) for figure in tried], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name,
        values=table(
            ("", f"{way} {verdict}", math.nan, math.nan, "", figure.label)
            for figure in tried
            for way, verdict in figure.verdicts.items()
        ),
    )


def _key(canvas: Canvas, met: Sequence[str], lang: str) -> None:
    """The verdicts that occur, mark and word."""
    x = 2.0
    for key in met:
        word = verdict_word(key, lang)
        verdict_mark(canvas.page, x + 6, canvas.y + BODY * 0.64, key)
        canvas.write(x + 16, canvas.y, word, BODY, key)
        x += 32 + text_width(word, BODY)
    canvas.y += BODY * LEADING + 6


def _way(canvas: Canvas, tried: Sequence[Tried], places: Mapping[str, float], way: str, lang: str) -> None:
    words = way_words(way.split()[1], lang)
    canvas.write(_INDENT, canvas.y + (_ROW - SMALL * LEADING) / 2, words, SMALL, "muted")
    for figure in tried:
        gid = f"{figure.label}:{way} {figure.verdicts[way]}"
        verdict_mark(canvas.page, places[figure.label], canvas.y + _ROW / 2, figure.verdicts[way], gid=gid)
    canvas.y += _ROW


def _told(figure: Tried, lang: str) -> str:
    """A figure's verdicts, each with the ways of reading under which it is given."""
    ways = {key: [way for way, verdict in figure.verdicts.items() if verdict == key] for key in VERDICTS}
    colon, aside = ("：", "{}（{}）") if lang == "zh" else (": ", "{} ({})")
    parts = [
        aside.format(verdict_word(key, lang), ways_words(those, lang, figure.verdicts))
        for key, those in ways.items()
        if those
    ]
    return figure.label + colon + pick(("、", ", "), lang).join(parts)
