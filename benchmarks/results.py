"""What a benchmark reports: a figure, what it should reach and what it reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the table. Without a target it is told for comparison only."""

    figure: str
    target: str
    reached: str
    met: bool | None
    note: str = ""

    def row(self) -> str:
        """As a line of a Markdown table."""
        verdict = "" if self.met is None else ("yes" if self.met else "**no**")
        return f"| {self.figure} | {self.target} | {self.reached} | {verdict} | {self.note} |"


def least(figure: str, target: float, reached: float, note: str = "", unit: str = "") -> Result:
    """A figure that should be at least the target."""
    return Result(
        figure, f"at least {_number(target)}{unit}", f"{_number(reached)}{unit}", reached >= target, note
    )


def most(figure: str, target: float, reached: float, note: str = "", unit: str = "") -> Result:
    """A figure that should be at most the target."""
    return Result(
        figure, f"at most {_number(target)}{unit}", f"{_number(reached)}{unit}", reached <= target, note
    )


def exactly(figure: str, target: int, reached: int, note: str = "") -> Result:
    """A count that should be the target and no other."""
    return Result(figure, str(target), str(reached), reached == target, note)


def missing(figure: str, target: str, why: str) -> Result:
    """A figure that cannot be measured, and so is not reached."""
    return Result(figure, target, "", False, why)


def compared(figure: str, reached: float, note: str = "") -> Result:
    """A figure without a target, told for comparison."""
    return Result(figure, "", _number(reached), None, note)


def share(figure: str, target: float | None, part: int, whole: int, note: str = "") -> Result:
    """A share in percent that should be at least the target (none: told for comparison)."""
    reached = 100 * part / whole if whole else 0.0
    of = f"{reached:.1f}% ({part:,} of {whole:,})"
    if target is None:
        return Result(figure, "", of, None, note)
    return Result(figure, f"at least {target:.4g}%", of, bool(whole) and reached >= target, note)


def seconds_of(now: float, other: float, name: str = "before") -> str:
    """Two times, as a note to their ratio."""
    return f"{_time(now)}; {name} {_time(other)}"


def table(results: Iterable[Result]) -> str:
    """All results as a Markdown table."""
    head = "| figure | to reach | reached | met | |\n|---|---|---|---|---|\n"
    return head + "".join(result.row() + "\n" for result in results)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _time(seconds: float) -> str:
    return f"{_number(seconds)} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"
