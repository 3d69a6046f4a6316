"""One figure of a true report misprinted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from benchmarks.truths.draft import Draft
from benchmarks.truths.printing import SCALES, Figure, printed

KINDS = ("digit_changed", "digits_swapped", "scale", "percent_or_points", "sign", "other_row")


class Slip(NamedTuple):
    """A statistic, what is printed of it by mistake, and the kind of mistake."""

    id: str
    figure: Figure
    kind: str


def slip(draft: Draft, rng: random.Random, kind: str) -> Slip | None:
    """A slip of that kind on a figure drawn at random; None where the report has none to suffer it."""
    ids = list(draft.figures)
    rng.shuffle(ids)
    for id in ids:
        figure = draft.figures[id]
        slips = [wrong for wrong in _WAYS[kind](draft, id, figure, rng) if wrong.text != figure.text]
        if slips:
            return Slip(id, rng.choice(slips), kind)
    return None


def misprinted(draft: Draft, *slips: Slip) -> Draft:
    """The report with the slips in it."""
    return replace(draft, figures=draft.figures | {slip.id: slip.figure for slip in slips})


def _sign(figure: Figure) -> int:
    return -1 if figure.number < 0 else 1


def _changed(draft: Draft, id: str, figure: Figure, rng: random.Random) -> Iterator[Figure]:
    """Another digit in one place; the number keeps its length."""
    digits = str(abs(figure.number))
    for place, digit in enumerate(digits):
        for other in "0123456789" if place else "123456789":
            if other != digit:
                changed = digits[:place] + other + digits[place + 1 :]
                yield figure.with_number(_sign(figure) * int(changed))


def _swapped(draft: Draft, id: str, figure: Figure, rng: random.Random) -> Iterator[Figure]:
    """Two neighbouring digits in each other's place, none of them leading if it is 0."""
    digits = str(abs(figure.number))
    for place in range(len(digits) - 1):
        first, second = digits[place : place + 2]
        if first != second and (place or second != "0"):
            swapped = digits[:place] + second + first + digits[place + 2 :]
            yield figure.with_number(_sign(figure) * int(swapped))


def _scale(draft: Draft, id: str, figure: Figure, rng: random.Random) -> Iterator[Figure]:
    """Another scale word, such as 万 for 亿, or the decimal point in the next place."""
    form = figure.form
    if draft.units[id] in ("yuan", "count") and id not in draft.bare:
        for scale in SCALES[draft.units[id], draft.lang]:
            if scale != form.scale:
                yield Figure(figure.number, replace(form, scale=scale))
    if form.decimals and form.hedge is None:
        for decimals in (form.decimals - 1, form.decimals + 1):
            yield Figure(figure.number, replace(form, decimals=decimals))


def _measure(draft: Draft, id: str, figure: Figure, rng: random.Random) -> Iterator[Figure]:
    """The change in percent where points are meant, or in points where percent are; the word stays."""
    if id in draft.mistakable:
        other = printed(draft.mistakable[id], figure.form)
        if other:
            yield other


def _turned(draft: Draft, id: str, figure: Figure, rng: random.Random) -> Iterator[Figure]:
    """The other sign, of what can be below zero."""
    if figure.form.hedge is None and id in draft.changes | draft.signed:
        yield figure.with_number(-figure.number)


def _row(draft: Draft, id: str, figure: Figure, rng: random.Random) -> Iterator[Figure]:
    """The number of another row of the same column."""
    for column in draft.columns:
        if id in column:
            yield from (draft.figures[other] for other in column if other != id and other in draft.figures)


_WAYS = {
    "digit_changed": _changed,
    "digits_swapped": _swapped,
    "scale": _scale,
    "percent_or_points": _measure,
    "sign": _turned,
    "other_row": _row,
}
