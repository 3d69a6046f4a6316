"""What can be wrong in a data package, told by file, row and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a package: where, what was found, what was expected, what to do."""

    file: str
    row: int | None
    column: str | None
    given: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        text = f"{place}: found {self.given}; expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class DataError(ValueError):
    """A package that cannot be used; `.problems` lists every reason."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''} in the data"
        super().__init__("\n".join([count, *(f"- {problem}" for problem in self.problems)]))
