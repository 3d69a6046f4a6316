"""Figures by the year that they are of: one dot each, solid where an authority says it itself."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from recount.charts.canvas import Canvas, Chart, draw, table
from recount.charts.rows import paragraph
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width
from recount.words import pick

OFFICIAL, PRESS = "1", "2"
_KINDS = {OFFICIAL: ("官方公布", "official"), PRESS: ("报刊等刊载", "press and others")}
_CAPTION = (
    "每个圆点是一个外部数字，按它所属的年份排列；实心点由主管机关公布，空心点见于报刊等。",
    "Each dot is an outside figure, by the year that it is of. A solid dot is one that an authority "
    "says itself, a hollow one is reported by the press and others.",
)
_SAID = (
    "{year}年：官方{official}个，报刊等{press}个",
    "{year}: {official} official, {press} press and others",
)
_LEFT, _GAP = 44.0, 13.5  # where the dots begin, and how far apart they are, in points
_LINE = 16.0  # height of a row of dots


@draw
def years(
    references: pd.DataFrame,
    lang: str,
    title: str,
    *,
    source: str = "",
    caption: str = "",
    name: str = "fig-years",
) -> Chart:
    """Outside figures (`id`, `as_of`, `tier`, as in references.csv), a row of dots for each year.

    Every year from the first to the last has a row, so that a year without figures shows as one.
    """
    tiers_of = {year: _tiers(references, year) for year in _span(references)}
    canvas = Canvas(title)
    _legend(canvas, lang)
    for year, tiers in tiers_of.items():
        _row(canvas, year, tiers, lang)
    return Chart(
        figure=canvas.finish(source),
        draws=(),
        alt=paragraph(title, [_sentence(year, tiers, lang) for year, tiers in tiers_of.items()], lang),
        caption=caption or pick(_CAPTION, lang),
        name=name,
        values=table(row for year, tiers in tiers_of.items() for row in _values(year, tiers, lang)),
    )


def _rows(references: pd.DataFrame) -> list[tuple[str, str, str]]:
    columns = (references[column] for column in ("id", "as_of", "tier"))
    return [(id, of, tier) for id, of, tier in zip(*columns, strict=True) if of]


def _values(year: int, tiers: Sequence[str], lang: str) -> list[tuple[str, str, int, int, str, str, str]]:
    """How many figures of a year there are of each tier that it has."""
    counted = {tier: tiers.count(tier) for tier in _KINDS}
    return [
        ("", "", number, number, "count", str(year), pick(_KINDS[tier], lang))
        for tier, number in counted.items()
        if number
    ]


def _span(references: pd.DataFrame) -> list[int]:
    dated = [int(of[:4]) for _, of, _ in _rows(references)]
    return list(range(min(dated), max(dated) + 1)) if dated else []


def _tiers(references: pd.DataFrame, year: int) -> list[str]:
    """The tiers of the figures of one year, official ones first."""
    return sorted(tier for _, of, tier in _rows(references) if of.startswith(str(year)))


def _dot(canvas: Canvas, x: float, y: float, tier: str, gid: str = "") -> None:
    colour = ink("blue" if tier == OFFICIAL else "orange")
    (dot,) = canvas.page.plot(
        [x], [y], "o", ms=7.5, mew=1.5, mec=colour, mfc=colour if tier == OFFICIAL else "none"
    )
    if gid:
        dot.set_gid(gid)


def _legend(canvas: Canvas, lang: str) -> None:
    x = 2.0
    for tier, words in _KINDS.items():
        _dot(canvas, x + 5, canvas.y + BODY * 0.62, tier)
        canvas.write(x + 15, canvas.y + 0.5, pick(words, lang), SMALL, "muted")
        x += 15 + text_width(pick(words, lang), SMALL) + 18
    canvas.y += SMALL * LEADING + 6


def _row(canvas: Canvas, year: int, tiers: Sequence[str], lang: str) -> None:
    """The year, its dots on as many lines as they need, and how many they are."""
    canvas.write(2, canvas.y, str(year), SMALL, "ink" if tiers else "muted")
    x = _LEFT
    for tier in tiers:
        if x + _GAP > WIDTH - 26:
            x, canvas.y = _LEFT, canvas.y + _LINE
        _dot(canvas, x + 5, canvas.y + SMALL * 0.66, tier, f"{year}:{pick(_KINDS[tier], lang)}")
        x += _GAP
    if tiers:
        canvas.write(x + 4, canvas.y, str(len(tiers)), SMALL, "muted")
    canvas.y += _LINE + 2


def _sentence(year: int, tiers: Sequence[str], lang: str) -> str:
    return pick(_SAID, lang).format(year=year, official=tiers.count(OFFICIAL), press=tiers.count(PRESS))
