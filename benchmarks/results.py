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
    told: str = ""

    def row(self) -> str:
        """As a line of a Markdown table."""
        verdict = "" if self.met is None else ("yes" if self.met else "**no**")
        return f"| {self.figure} | {self.target} | {self.reached} | {verdict} | {self.told} |"


def least(figure: str, target: float, reached: float, told: str = "", unit: str = "") -> Result:
    """A figure that should be at least the target."""
    return Result(figure, f"at least {target:g}{unit}", f"{reached:.3g}{unit}", reached >= target, told)


def most(figure: str, target: float, reached: float, told: str = "", unit: str = "") -> Result:
    """A figure that should be at most the target."""
    return Result(figure, f"at most {target:g}{unit}", f"{reached:.3g}{unit}", reached <= target, told)


def compared(figure: str, reached: float, told: str = "") -> Result:
    """A figure without a target, told for comparison."""
    return Result(figure, "", f"{reached:.3g}", None, told)


def share(figure: str, target: float | None, part: int, whole: int, told: str = "") -> Result:
    """A share in percent that should be at least the target (none: told for comparison)."""
    reached = 100 * part / whole if whole else 0.0
    of = f"{reached:.1f}% ({part:,} of {whole:,})"
    if target is None:
        return Result(figure, "", of, None, told)
    return Result(figure, f"at least {target:g}%", of, bool(whole) and reached >= target, told)


def table(results: Iterable[Result]) -> str:
    """All results as a Markdown table."""
    head = "| figure | to reach | reached | met | |\n|---|---|---|---|---|\n"
    return head + "".join(result.row() + "\n" for result in results)
