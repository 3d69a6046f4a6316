"""One number of a report misprinted, by the kind of slip, and whether the misprint can be seen at all.

A misprint is *linked* when an equality ties its number to numbers that are all printed. It is
*visible* when the printed figures of one such equality can no longer hold together, which is
decided here with fractions at the corners of the printed intervals and without the engine.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from benchmarks.figures import Figure, exact, places
from benchmarks.reports import Report, unit_word

KINDS = (
    "power_of_ten", "unit_word", "percent_or_point", "digits_swapped", "digit_changed",
    "digit_dropped", "digit_doubled", "sign", "period", "territory",
)  # fmt: skip

# Beyond every sum and below every positive amount that the generator makes: where a hedge leaves
# an end open, and where a quantity could be zero, the corner lies here.
_FAR, _NEAR = Fraction(10**40), Fraction(1, 10**40)


@dataclass(frozen=True)
class Misprint:
    """A statistic of a report with the figure printed for it in place of the right one."""

    statistic: str
    kind: str
    figure: Figure


def misprinted(report: Report, misprints: tuple[Misprint, ...]) -> Report:
    """The report with those figures printed."""
    return replace(report, figures=report.figures | {m.statistic: m.figure for m in misprints})


def equalities(report: Report) -> dict[str, list[str]]:
    """The equalities between numbers that are all printed, each with the numbers it ties."""
    tied = {
        id: [name for name in report.truth if name in _names(text)]
        for id, text in report.relations.items()
        if "==" in text
    }
    return {id: names for id, names in tied.items() if report.figures.keys() >= set(names)}


def linked(report: Report) -> list[str]:
    """The statistics that such an equality ties, in the report's order."""
    tied = {name for names in equalities(report).values() for name in names}
    return [id for id in report.figures if id in tied]


def together(report: Report, ids: Iterable[str]) -> list[set[str]]:
    """The quantities that relations tie to each other, however distantly, for each group of these."""
    groups: list[set[str]] = []
    for text in report.relations.values():
        tied = _names(text) & report.truth.keys()
        joined = [group for group in groups if group & tied]
        groups = [group for group in groups if not group & tied] + [tied.union(*joined)]
    return [group for group in groups if not group.isdisjoint(ids)]


def draw(report: Report, kind: str, rng: Random, among: list[str]) -> Misprint | None:
    """A misprint of one kind in one of these statistics; nothing where none of them can have it."""
    for id in rng.sample(among, len(among)):
        figures = [f for f in _slips(report, id, kind, rng) if f.text != report.figures[id].text]
        if report.truth[id].whole:
            figures = [figure for figure in figures if _meets_a_whole_number(figure)]
        if figures:
            return Misprint(id, kind, rng.choice(figures))
    return None


def _meets_a_whole_number(figure: Figure) -> bool:
    """Whether there is something that it counts; the reader refuses any other by name."""
    low, high = figure.range()
    return low is None or high is None or math.floor(high) >= math.ceil(low)


def visible(report: Report, misprint: Misprint, others: tuple[Misprint, ...] = ()) -> bool:
    """Whether an equality between printed numbers shows that this figure, or these, cannot be right."""
    wrong = misprinted(report, (misprint, *others))
    ties = equalities(report)
    return any(misprint.statistic in ties[id] and not can_hold(wrong, id, ties[id]) for id in ties)


def can_hold(report: Report, relation: str, names: list[str]) -> bool:
    """Whether an equality has a solution within the printed ranges of the numbers it ties.

    Each number stands once in it and left less right is monotone in every one of them, so that it
    takes its least and greatest value at corners of the ranges and every value between these.
    """
    left, _, right = report.relations[relation].partition("==")
    difference = compile(f"({left.strip()}) - ({right.strip()})", relation, "eval")
    ranges = [_corners(report, name) for name in names]
    if any(not ends for ends in ranges):
        return False
    signs = set()
    for corner in itertools.product(*ranges):
        value = eval(difference, {"__builtins__": {}}, dict(zip(names, corner, strict=True)))
        signs.add((value > 0) - (value < 0))
        if 0 in signs or len(signs) == 2:
            return True
    return False


def _corners(report: Report, name: str) -> tuple[Fraction | int, ...]:
    """The two ends of a printed range, within what the quantity can be; none where nothing is left."""
    quantity = report.truth[name]
    low, high = report.figures[name].range()
    low = -_FAR if low is None else low
    high = _FAR if high is None else high
    if quantity.lowest:
        low = max(low, Fraction(quantity.lowest))
    if low > high:
        return ()
    if quantity.unit == "year":
        return (int(low),)
    if quantity.lowest == "0":
        low, high = max(low, _NEAR), max(high, _NEAR)
    return (low, high)


def _names(text: str) -> set[str]:
    return {word for word in text.replace("(", " ").replace(")", " ").split() if word[0].isalpha()}


# -- the kinds --------------------------------------------------------------------------------------


def _slips(report: Report, id: str, kind: str, rng: Random) -> list[Figure]:
    """The figures that a slip of this kind can make of a statistic's figure."""
    figure = report.figures[id]
    if kind == "unit_word":
        return [replace(figure, unit=unit) for unit in _OTHER_UNITS.get(figure.unit, ())]
    if kind == "percent_or_point":
        return _relative(report, id)
    if kind in ("period", "territory"):
        return _elsewhere(report, id, kind)
    if kind == "sign":
        number = figure.number.removeprefix("-") if figure.number.startswith("-") else f"-{figure.number}"
        return [_renumbered(figure, number)] if report.truth[id].signed else []
    if figure.unit == "年":
        return []
    return [_renumbered(figure, number) for number in _NUMBERS[kind](figure.number) if _printable(number)]


_OTHER_UNITS = {
    "万亿元": ("亿元",), "亿元": ("万亿元", "万元"), "万元": ("亿元",),
    "万户": ("亿户",), "亿户": ("万户",),
}  # fmt: skip


def _renumbered(figure: Figure, number: str) -> Figure:
    return replace(figure, number=number)


def _printable(number: str) -> bool:
    """Whether a newspaper could print the digits: a digit first, no needless zero, not all zeros."""
    digits = number.removeprefix("-")
    whole = digits.partition(".")[0]
    return whole.isdigit() and (whole == "0" or whole[0] != "0") and Fraction(digits) != 0


def _tenfold(number: str) -> list[str]:
    """The decimal point moved by up to three places; by one most often."""
    moved = []
    for power, often in ((1, 4), (-1, 4), (2, 2), (-2, 2), (3, 1), (-3, 1)):
        value, digits = Fraction(number) * Fraction(10) ** power, max(0, places(number) - power)
        text = exact(value, "元", digits).number
        moved += [text] * often
    return moved


def _swapped(number: str) -> list[str]:
    spots = [i for i, letter in enumerate(number) if letter.isdigit()]
    return [
        number[:i] + number[j] + number[i + 1 : j] + number[i] + number[j + 1 :]
        for i, j in itertools.pairwise(spots)
    ]


def _changed(number: str) -> list[str]:
    spots = [i for i, letter in enumerate(number) if letter.isdigit()]
    return [number[:i] + digit + number[i + 1 :] for i in spots for digit in "0123456789"]


def _dropped(number: str) -> list[str]:
    return [
        number[:i] + number[i + 1 :]
        for i, letter in enumerate(number)
        if letter.isdigit() and not number.endswith("." + letter)
    ]


def _doubled(number: str) -> list[str]:
    return [number[:i] + letter + number[i:] for i, letter in enumerate(number) if letter.isdigit()]


_NUMBERS = {
    "power_of_ten": _tenfold, "digits_swapped": _swapped, "digit_changed": _changed,
    "digit_dropped": _dropped, "digit_doubled": _doubled,
}  # fmt: skip


def _relative(report: Report, id: str) -> list[Figure]:
    """A gap between two rates told as a relative change: from 12% to 13.25% is up 10.4, not 1.25."""
    if report.truth[id].kind != "gap":
        return []
    for text in report.relations.values():
        left, _, right = text.partition(" == ")
        first, _, second = right.partition(" - ")
        # the relative change of a rate below zero means nothing, and nobody tells it
        if left == id and min(report.truth[first].value, report.truth[second].value) > 0:
            relative = report.truth[first].value / report.truth[second].value - 1
            return [exact(relative, "个百分点", places(report.figures[id].number))]
    return []


def _elsewhere(report: Report, id: str, kind: str) -> list[Figure]:
    """The figure of another date, or of another territory; or a number of years off by one."""
    own, figure = report.truth[id], report.figures[id]
    if own.unit == "year":
        years = int(own.value) if kind == "period" else 0
        return [replace(figure, number=str(n)) for n in (years - 1, years + 1) if years and n]
    values = [
        other.value
        for other in report.truth.values()
        if other.what == own.what
        and (other.as_of != own.as_of, other.scope != own.scope) == (kind == "period", kind == "territory")
    ]
    digits = places(figure.number)
    return [
        exact(value, unit, digits if unit == figure.unit else 2)
        for value in values
        for unit in [unit_word(replace(own, value=value))]
    ]
