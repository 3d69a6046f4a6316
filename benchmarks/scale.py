"""How the cost grows: of newspaper-like reports to 10,000 statistics, and of a single network to 500."""

from __future__ import annotations

from random import Random

from benchmarks.children import Child, children, in_turns, seconds
from benchmarks.misprints import KINDS, Misprint, draw, linked, misprinted
from benchmarks.reports import Report, make
from benchmarks.results import Result, least, most, seconds_of

MANY = 10_000
TIED = (250, 500)
# One statistic in so many is misprinted, so that conflicts are there to be searched for.
_MISPRINTED = 100


def report(size: int) -> Report:
    """A newspaper-like report of that size with one misprint in a hundred statistics."""
    original, rng = make("newspaper", size, 7), Random(7)
    numbers = linked(original)
    chosen: dict[str, Misprint] = {}
    for number in range(size // _MISPRINTED):
        spot = number * len(numbers) // (size // _MISPRINTED)
        misprint = draw(original, KINDS[number % len(KINDS)], rng, numbers[spot : spot + 20])
        if misprint is not None:
            chosen[misprint.statistic] = misprint
    return misprinted(original, tuple(chosen.values()))


def measure(quick: bool = False) -> list[Result]:
    """Against before once; growth from medians of CPU times in turns."""
    many = MANY // 10 if quick else MANY
    few, times = many // 10, 1 if quick else 3
    with children() as (now, old):
        small, large = in_turns(times, *(seconds(now, "verdicts", size=size) for size in (few, many)))
        (former,) = in_turns(1, seconds(old, "verdicts", size=many), warm=False)
        figure, growth = f"{many:,} statistics to verdicts", f"{few:,} take {small:.3g} s"
        return [
            least(f"{figure}: times faster than before", 6, former / large, seconds_of(large, former)),
            most(f"the same: growth from {few:,}", 12, large / small, growth, " times"),
            *(_tied(now, kind, times) for kind in ("series", "table")),
        ]


def _tied(now: Child, kind: str, times: int) -> Result:
    half, all = in_turns(
        times, *(seconds(now, "leave_one_out", kind=kind, size=size, repeats=1) for size in TIED)
    )
    figure = f"leave-one-out of one network of tied statistics, a {kind}: growth from {TIED[0]} to {TIED[1]}"
    return most(figure, 4, all / half, seconds_of(all, half, str(TIED[0])), " times")
