"""What becomes of the verdicts when something is read or assumed otherwise, and what would settle more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.patches import FancyArrowPatch, PathPatch, Rectangle
from matplotlib.path import Path

from recount.charts.canvas import Canvas, Chart, bar, draw, table, unique, verdict_mark
from recount.charts.rows import paragraph
from recount.charts.scales import fit, ticks, x_at
from recount.charts.style import BODY, LEADING, SMALL, WIDTH, ink, text_width, wrap
from recount.words import VERDICTS, number, pick, verdict_word

_DOT, _ACROSS = 15.0, 20  # side of a dot's square in points, dots in a line
_FIRM_CAPTION = (
    "每点一个统计数，按默认判定分行；实心点的判定在所试的每一种组合下都不变，空心点的至少变一次。",
    "One dot for each statistic, in rows by its verdict under the defaults. A solid dot keeps its verdict "
    "in every combination tried; a hollow one changes it in at least one.",
)
_KEEP = (("始终不变", "会改变"), ("never changing", "changing"))
_FIRM = ("{verdict}：{all}个，其中{kept}个不变", "{verdict}: {all}, of which {kept} never change")
UNIT = 2.6  # height of a statistic in a column of verdicts, in points
_BLOCK, _BETWEEN = 20.0, 14.0  # width of a block, gap, in points
_MOVES_CAPTION = (
    "左右两列是同一批统计数的判定，带子的宽度是个数；深色的带子换了判定。",
    "Both columns hold the same statistics; a band is as wide as it has statistics, and a dark one leads to "
    "another verdict.",
)
_SWITCHES_CAPTION = (
    "每行一条假设或一个答案，箭头从默认判定指向改动之后的判定，旁边的数是统计数的个数。",
    "One row for each assumption or answer. An arrow leads from the verdict under the defaults to the one "
    "after the change; the number beside it counts statistics.",
)
_WORTH_CAPTION = (
    "实心条是所试各个数值中至少消去的余地，虚线框到至多消去的为止；一个全无旁证的统计数余地为1，完全确定的为0。",
    "The solid bar is the room taken away by every value tried, the broken outline reaches to the most that "
    "one takes away. A statistic on which nothing bears has a room of 1, one that is pinned down has 0.",
)


@draw
def firmness(
    kept: Mapping[str, tuple[str, bool]],
    lang: str,
    title: str,
    *,
    source: str = "",
    name: str = "fig-firmness",
) -> Chart:
    """A dot for each statistic in the row of its verdict: solid if it never changes.

    `kept` maps a statistic to its verdict and whether it keeps it in all that was tried.
    """
    canvas, sentences, rows = Canvas(title), [], []
    for verdict in VERDICTS:
        ids = [id for id, (given, _) in kept.items() if given == verdict]
        if ids:
            firm = sum(kept[id][1] for id in ids)
            words = pick(_FIRM, lang).format(verdict=verdict_word(verdict, lang), all=len(ids), kept=firm)
            sentences.append(words)
            rows += [
                ("", "", count, count, "count", verdict_word(verdict, lang), note)
                for count, note in zip((firm, len(ids) - firm), pick(_KEEP, lang), strict=True)
            ]
            _dots(canvas, verdict, (firm, len(ids) - firm), words, lang)
    return Chart(
        figure=canvas.finish(source),
        draws=(),
        alt=paragraph(title, sentences, lang),
        caption=pick(_FIRM_CAPTION, lang),
        name=name,
        values=table(rows),
    )


def _dots(canvas: Canvas, verdict: str, counts: tuple[int, int], words: str, lang: str) -> None:
    """One verdict's line of words and its dots: how many are solid, how many hollow."""
    canvas.y += 4
    verdict_mark(canvas.page, 8, canvas.y + BODY * 0.64, verdict)
    canvas.write(20, canvas.y, words)
    canvas.y += BODY * LEADING + 3
    firm, varying = (f"{verdict_word(verdict, lang)}:{note}" for note in pick(_KEEP, lang))
    for nth in range(sum(counts)):
        solid = nth < counts[0]
        x = 8 + (nth % _ACROSS + 0.5) * (WIDTH - 16) / _ACROSS
        y = canvas.y + (nth // _ACROSS + 0.5) * _DOT
        (dot,) = canvas.page.plot(
            [x],
            [y],
            "o",
            ms=9,
            mew=1.5,
            color=ink(verdict),
            zorder=4,
            markerfacecolor=ink(verdict) if solid else "none",
        )
        dot.set_gid(firm if solid else varying)
    canvas.y += _DOT * math.ceil(sum(counts) / _ACROSS) + 5


@draw
def moves(
    before: Mapping[str, str],
    after: Mapping[str, str],
    heads: tuple[str, str],
    lang: str,
    title: str,
    *,
    source: str = "",
    name: str = "fig-moves",
) -> Chart:
    """Two columns of verdicts of the same statistics, with bands from the one to the other.

    `heads` are the columns' headings.
    """
    flows = Counter((before[id], after[id]) for id in before)
    columns = [[key for key in VERDICTS if key in verdicts.values()] for verdicts in (before, after)]
    canvas = Canvas(title)
    side = max(text_width(_counted(key, 99, lang), SMALL) for keys in columns for key in keys) + 22
    lefts = (side, WIDTH - side - _BLOCK)
    for x, head, align in ((2.0, heads[0], "left"), (WIDTH - 2, heads[1], "right")):
        canvas.write(x, canvas.y, head, BODY, "ink", align)
    canvas.y += BODY * LEADING + 5
    totals = [Counter(verdicts.values()) for verdicts in (before, after)]
    tops = [
        _blocks(canvas, total, keys, left, head, lang)
        for total, keys, left, head in zip(totals, columns, lefts, heads, strict=True)
    ]
    names = {pair: " → ".join(verdict_word(key, lang) for key in pair) for pair in flows}
    for pair in ((a, b) for a in columns[0] for b in columns[1] if flows[a, b]):
        _band(canvas, flows[pair], pair, names[pair], tops, lefts)
    canvas.y += len(before) * UNIT + (max(map(len, columns)) - 1) * _BETWEEN + 6
    rows = [
        ("", "", total[key], total[key], "count", verdict_word(key, lang), head)
        for total, keys, head in zip(totals, columns, heads, strict=True)
        for key in keys
    ]
    return Chart(
        figure=canvas.finish(source),
        draws=(),
        alt=paragraph(title, [f"{names[pair]} {n}" for pair, n in flows.items() if pair[0] != pair[1]], lang),
        caption=pick(_MOVES_CAPTION, lang),
        name=name,
        values=table([*rows, *(("", "", n, n, "count", names[pair]) for pair, n in flows.items())]),
    )


def _counted(verdict: str, count: int, lang: str) -> str:
    return f"{verdict_word(verdict, lang)} {count}"


def _blocks(
    canvas: Canvas, counts: Mapping[str, int], keys: Sequence[str], left: float, head: str, lang: str
) -> dict[str, float]:
    """The blocks of the column under a heading, and where each begins."""
    y, tops, outer = canvas.y, {}, left < WIDTH / 2
    for key in keys:
        height = counts[key] * UNIT
        block = Rectangle((left, y), _BLOCK, height, facecolor=ink(key), lw=0, zorder=3)
        block.set_gid(f"{verdict_word(key, lang)}:{head}")
        canvas.page.add_patch(block)
        middle = y + max(height, 6) / 2
        x = left - 8 if outer else left + _BLOCK + 8
        verdict_mark(canvas.page, x, middle, key)
        words = _counted(key, counts[key], lang)
        canvas.write(
            x - 9 if outer else x + 9, middle - SMALL * 0.66, words, SMALL, key, "right" if outer else "left"
        )
        tops[key] = y
        y += height + _BETWEEN
    return tops


def _band(
    canvas: Canvas,
    count: int,
    pair: tuple[str, str],
    name: str,
    tops: list[dict[str, float]],
    lefts: tuple[float, float],
) -> None:
    start, end = pair
    a, b = tops[0][start], tops[1][end]
    tops[0][start] += count * UNIT
    tops[1][end] += count * UNIT
    x, to = lefts[0] + _BLOCK, lefts[1]
    half, deep = (x + to) / 2, count * UNIT
    points = [
        (x, a),
        (half, a),
        (half, b),
        (to, b),
        (to, b + deep),
        (half, b + deep),
        (half, a + deep),
        (x, a + deep),
        (x, a),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    changed = start != end
    patch = PathPatch(
        Path(points, codes),
        facecolor=ink(start if changed else "grid"),
        lw=0,
        alpha=0.62 if changed else 0.45,
        zorder=2,
    )
    patch.set_gid(f"{name}:")
    canvas.page.add_patch(patch)


@dataclass(frozen=True)
class Switch:
    """One change of what is assumed, and the statistics whose verdict follows: (from, to) to ids."""

    label: str
    moves: Mapping[tuple[str, str], Sequence[str]]


@draw
def switches(
    changes: Sequence[Switch], lang: str, title: str, *, source: str = "", name: str = "fig-switches"
) -> Chart:
    """Verdicts across, changes down: an arrow from verdict to verdict, with how many statistics take it."""
    if not changes:
        raise ValueError("switches: at least one change expected, none found")
    canvas = Canvas(title)
    met = {verdict for change in changes for pair in change.moves for verdict in pair}
    keys = [key for key in VERDICTS if key in met]
    step = WIDTH / len(keys)
    places = {key: step * (nth + 0.5) for nth, key in enumerate(keys)}
    for key, x in places.items():
        verdict_mark(canvas.page, x, canvas.y + 6, key, gid=f"{verdict_word(key, lang)}:column")
        canvas.write(x, canvas.y + 14, verdict_word(key, lang), SMALL, key, "center")
    canvas.y += 14 + SMALL * LEADING
    canvas.rule(4)
    sentences, rows = [], []
    for change in changes:
        for line in wrap(change.label, WIDTH - 8, SMALL):
            canvas.write(2, canvas.y, line, SMALL, "ink")
            canvas.y += SMALL * LEADING
        for (start, end), ids in change.moves.items():
            words = f"{verdict_word(start, lang)} → {verdict_word(end, lang)}"
            _arrow(canvas, places, (start, end), len(ids), f"{change.label}:{words}")
            sentences.append(f"{change.label} {words} {len(ids)}")
            rows.append(("", "", len(ids), len(ids), "count", change.label, words))
        canvas.rule(3)
    return Chart(
        figure=canvas.finish(source),
        draws=unique([id for change in changes for ids in change.moves.values() for id in ids]),
        alt=paragraph(title, sentences, lang),
        caption=pick(_SWITCHES_CAPTION, lang),
        name=name,
        values=table(rows),
    )


def _arrow(canvas: Canvas, places: Mapping[str, float], pair: tuple[str, str], count: int, gid: str) -> None:
    y, end = canvas.y + 9, pair[1]
    a, b = (places[key] for key in pair)
    for x in places.values():
        canvas.page.plot([x], [y], ".", ms=2.5, color=ink("grid"), zorder=1)
    side = 1 if b > a else -1
    arrow = FancyArrowPatch(
        (a + side * 7, y),
        (b - side * 3, y),
        arrowstyle="-|>",
        mutation_scale=11,
        lw=1.8,
        color=ink(end),
        shrinkA=0,
        shrinkB=0,
        zorder=3,
    )
    arrow.set_gid(gid)
    canvas.page.add_patch(arrow)
    verdict_mark(canvas.page, a, y, pair[0])
    beside = canvas.write(
        b + side * 8, y - SMALL * 0.66, str(count), SMALL, end, "left" if side > 0 else "right"
    )
    beside.set_gid(f"{gid} number")
    canvas.y += 19


@dataclass(frozen=True)
class Gain:
    """The room that a figure would take away: at least and at most; `printed` if the report has one."""

    id: str
    label: str
    least: float
    most: float
    printed: bool = False


@draw
def gains(
    further: Sequence[Gain],
    lang: str,
    title: str,
    *,
    unit: str = "",
    source: str = "",
    name: str = "fig-gains",
) -> Chart:
    """What each further figure would take away of what is open, the least solid and the most outlined."""
    canvas = Canvas(title, unit)
    scale = canvas.strip(0)
    fit(scale, [(0.0, 1.14 * gain.most) for gain in further], "count", log=False)  # room for the number
    for gain in further:
        _gain(canvas, scale, gain, lang)
    canvas.stretch(scale)
    ticks(canvas, scale, "count", lang)
    return Chart(
        figure=canvas.finish(source),
        draws=(),
        alt=paragraph(title, [f"{gain.label} {_range(gain, lang)}" for gain in further], lang),
        caption=pick(_WORTH_CAPTION, lang),
        name=name,
        values=table((gain.id, "implied", gain.least, gain.most, "count", gain.label) for gain in further),
    )


def _range(gain: Gain, lang: str) -> str:
    ends = [number(round(end, 2), "count", lang) for end in (gain.least, gain.most)]
    return ends[0] if ends[0] == ends[1] else pick(("{}至{}", "{} to {}"), lang).format(*ends)


def _gain(canvas: Canvas, scale: object, gain: Gain, lang: str) -> None:
    for line in wrap(gain.label, WIDTH - 4, SMALL):
        canvas.write(2, canvas.y, line, SMALL, "ink" if not gain.printed else "muted")
        canvas.y += SMALL * LEADING
    axes = canvas.strip(16)
    axes.set_xlim(scale.get_xlim())  # type: ignore[attr-defined]
    colour = "muted" if gain.printed else "blue"
    bar(axes, 0.0, gain.least, 0.5, 0.62, colour, gid=f"{gain.id}:implied")
    if gain.most > gain.least:
        bar(axes, gain.least, gain.most, 0.5, 0.62, colour, look="implied", gid=f"{gain.id}:implied between")
    words = _range(gain, lang)
    canvas.write(x_at(canvas, axes, gain.most) + 8, canvas.y - 8 - SMALL * 0.66, words, SMALL)
    canvas.y += 5
