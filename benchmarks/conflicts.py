"""What one wrong figure costs where much is tied together: conflicts, verdicts and explanations."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from benchmarks.children import TIMED, Child, children, in_turns, seconds
from benchmarks.results import Result, least, most, seconds_of

#: Parts of a total, each with its share; factors one after another; rows, and columns, of a table.
PARTS, FACTORS, SIDE = 100, 12, 15
LARGE = 45
_TARGET, _MEGABYTES = 20, 250


@dataclass(frozen=True)
class Case:
    """Figures as printed and what ties them; two digits of the figure `wrong` are swapped."""

    figures: dict[str, str]
    relations: list[str]
    wrong: str

    @property
    def arguments(self) -> dict[str, Any]:
        """What both engines make a report of."""
        return {"figures": self.figures, "relations": self.relations}


def shares(parts: int) -> Case:
    """A total, its parts and the share of each."""
    rng = Random(parts)
    amounts = [rng.randint(500, 9999) for _ in range(parts)]
    figures = {f"part{i}": _money(amount) for i, amount in enumerate(amounts)}
    figures["total"] = _money(sum(amounts))
    figures |= {f"share{i}": f"{100 * amount / sum(amounts):.2f}%" for i, amount in enumerate(amounts)}
    relations = ["total == " + _sum("part{}", parts)]
    relations += [f"share{i} == part{i} / total" for i in range(parts)]
    return _misprinted(figures, relations, "part1")


def factors(years: int) -> Case:
    """A level, its growth year by year, the level at the end and the growth over all years."""
    rng, level = Random(years), 100.0
    figures = {"start": f"{level:.1f}亿元"}
    for year in range(years):
        growth = rng.randint(110, 290) / 1000
        level *= 1 + growth
        figures[f"growth{year}"] = f"{100 * growth:.1f}%"
    figures |= {"end": f"{level:.1f}亿元", "overall": f"{level - 100:.1f}%"}
    product = " * ".join(f"(1 + growth{year})" for year in range(years))
    return _misprinted(figures, [f"1 + overall == {product}", "end == start * (1 + overall)"], "growth1")


def table(side: int) -> Case:
    """A cross table with its margins."""
    rng, each = Random(side), range(side)
    cells = [[rng.randint(500, 9999) for _ in each] for _ in each]
    figures = {f"cell{i}_{j}": _money(cells[i][j]) for i in each for j in each}
    figures |= {f"row{i}": _money(sum(cells[i])) for i in each}
    figures |= {f"column{j}": _money(sum(row[j] for row in cells)) for j in each}
    figures["total"] = _money(sum(map(sum, cells)))
    relations = [f"row{i} == " + _sum(f"cell{i}_{{}}", side) for i in each]
    relations += [f"column{j} == " + _sum(f"cell{{}}_{j}", side) for j in each]
    relations += ["total == " + _sum("row{}", side), "total == " + _sum("column{}", side)]
    return _misprinted(figures, relations, "cell1_1")


def _money(amount: int) -> str:
    return f"{amount / 100:.2f}亿元"


def _sum(name: str, terms: int) -> str:
    return " + ".join(name.format(i) for i in range(terms))


def _misprinted(figures: dict[str, str], relations: list[str], wrong: str) -> Case:
    """The case with the first two different digits that are side by side in one figure swapped."""
    text = figures[wrong]
    spot = next(i for i, pair in enumerate(pairwise(text)) if _swappable(*pair))
    swapped = text[:spot] + text[spot + 1] + text[spot] + text[spot + 2 :]
    return Case(figures | {wrong: swapped}, relations, wrong)


def _swappable(digit: str, next_digit: str) -> bool:
    return digit.isdecimal() and next_digit.isdecimal() and digit != next_digit != "0"


def measure(quick: bool = False) -> list[Result]:
    """Against before once, for it takes minutes; the memory of a large table in a process of its own."""
    part = 3 if quick else 1
    cases = {
        f"one wrong figure among {2 * PARTS // part + 1}, a total of parts with shares": shares(
            PARTS // part
        ),
        f"among {FACTORS // part} growth factors one after another": factors(FACTORS // part),
        f"among {(SIDE // part) ** 2} cells of a table with margins": table(SIDE // part),
    }
    results = []
    with children() as (now, old):
        for figure, case in cases.items():
            (ours,) = in_turns(1 if quick else 3, seconds(now, "cost", **case.arguments))
            (former,) = in_turns(1, seconds(old, "cost", **case.arguments), warm=False)
            what = f"{figure}: times faster to conflicts, verdicts and explanations"
            results.append(least(what, _TARGET, former / ours, seconds_of(ours, former)))
    large = Child(TIMED)
    used = float(large.ask(["megabytes", table(LARGE // part).arguments]))
    large.close()
    figure = f"memory of the same for a table of {(LARGE // part) ** 2:,} cells"
    return [*results, most(figure, _MEGABYTES, used, unit=" MB")]
