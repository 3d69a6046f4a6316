"""What changed between two ledgers: verdicts, figures, bounds, supports, readings; told as Markdown.

A ledger is a list of records with the names of `recount audit --format json`; the published
`ledger.json` has the same ones. A name that one of the two ledgers lacks is not compared.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount.figures.numerals import NumeralError, parse
from recount.words import VERDICTS, counted, interval, ways_words

Record = Mapping[str, Any]

MARKER = "<!-- recount ledger-diff -->"
"""First line of the Markdown: by it an earlier comment is found again."""

_SAME = 1e-9  # ends that differ by less, as a part of their size, are the rounding of another machine
_NEEDED = ("id", "printed", "unit", "verdict", "lower", "upper", "recomputed_lower", "recomputed_upper")
_BOUNDS = {"printed": ("lower", "upper"), "recomputed": ("recomputed_lower", "recomputed_upper")}
_LISTS = {"support": "support", "assumptions": "assumption", "conflict": "conflict"}
_OTHER = ("slips", "alternatives")
_MOST = 60_000  # a comment on GitHub holds 65,536 characters


class LedgerError(ValueError):
    """A file is no ledger; the message says which, what was found and what was expected."""


@dataclass(frozen=True)
class Difference:
    """Two ledgers beside each other, by statistic."""

    before: Mapping[str, Record]
    after: Mapping[str, Record]

    @property
    def added(self) -> list[str]:
        """Statistics that only the later ledger has."""
        return [id for id in self.after if id not in self.before]

    @property
    def removed(self) -> list[str]:
        """Statistics that only the earlier ledger has."""
        return [id for id in self.before if id not in self.after]

    @property
    def common(self) -> list[str]:
        """Statistics of both, in the order of the later one."""
        return [id for id in self.after if id in self.before]

    def where(self, differ: Callable[[Record, Record], bool]) -> list[str]:
        """The statistics whose two records differ in this respect."""
        return [id for id in self.common if differ(self.before[id], self.after[id])]

    @property
    def changed(self) -> list[str]:
        """The statistics of both ledgers that differ in anything that is told."""
        return self.where(lambda old, new: any(differ(old, new) for differ in _RESPECTS))


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """The records of a ledger file. Raises LedgerError, or OSError where there is none."""
    expected = "expected the output of: recount audit --format json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise LedgerError(f"{path}: not JSON ({error}); {expected}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LedgerError(f"{path}: found no array of records; {expected}")
    for number, row in enumerate(rows, 1):
        missing = [name for name in _NEEDED if name not in row]
        if missing:
            raise LedgerError(f"{path}: record {number} has no {', '.join(missing)}; {expected}")
    return rows


def compare(before: Iterable[Record], after: Iterable[Record]) -> Difference:
    """The difference of two ledgers."""
    return Difference({row["id"]: row for row in before}, {row["id"]: row for row in after})


def markdown(difference: Difference, before: str = "before", after: str = "after", most: int = _MOST) -> str:
    """The difference as Markdown with a table for each respect, at most about `most` characters long.

    `before` and `after` name the two ledgers. Rows that would make it longer are counted instead.
    """
    parts = [MARKER, f"## {_headline(difference)}", _tally(difference, before, after)]
    left = most - sum(map(len, parts))
    for title, heads, rows in _sections(difference, before, after):
        if rows:
            parts.append(_table(title, heads, rows, left))
            left -= len(parts[-1])
    return "\n\n".join(part for part in parts if part) + "\n"


# -- what differs ---------------------------------------------------------------------------------


def _verdict(old: Record, new: Record) -> bool:
    return bool(old["verdict"] != new["verdict"])


def _figure(old: Record, new: Record) -> bool:
    return bool(old["printed"] != new["printed"])


def _moved(old: Record, new: Record) -> list[str]:
    """Which of the two intervals, printed and recomputed, have other ends."""
    return [
        name
        for name, ends in _BOUNDS.items()
        if old["unit"] != new["unit"] or not all(_same(old[end], new[end]) for end in ends)
    ]


def _same(end: float | None, other: float | None) -> bool:
    if end is None or other is None:
        return end is other
    return math.isclose(end, other, rel_tol=_SAME, abs_tol=1e-12)


def _unlike(name: str, old: Record, new: Record) -> bool:
    return name in old and name in new and old[name] != new[name]


def _lists(old: Record, new: Record) -> bool:
    return any(name in old and name in new and set(old[name]) != set(new[name]) for name in _LISTS)


def _readings(old: Record, new: Record) -> bool:
    return _unlike("readings", old, new)


def _others(old: Record, new: Record) -> bool:
    return any(_unlike(name, old, new) for name in _OTHER)


_RESPECTS: tuple[Callable[[Record, Record], Any], ...] = (
    _verdict,
    _figure,
    _moved,
    _lists,
    _readings,
    _others,
)


# -- how it is told -------------------------------------------------------------------------------

_Section = tuple[str, Sequence[str], list[list[str]]]


def _headline(difference: Difference) -> str:
    statistics, verdicts = counted(len(difference.common), "statistic"), len(difference.where(_verdict))
    aside = f" ({counted(verdicts, 'verdict')})" if verdicts else ""
    changes = [f"{len(difference.changed):,} of {statistics} changed{aside}"] if difference.changed else []
    changes += [f"{len(difference.added)} added"] if difference.added else []
    changes += [f"{len(difference.removed)} removed"] if difference.removed else []
    return "Ledger: " + (", ".join(changes) or f"{statistics}, nothing changed")


def _tally(difference: Difference, before: str, after: str) -> str:
    """How many statistics had and have each verdict, where that differs."""
    counts = [[row["verdict"] for row in ledger.values()] for ledger in (difference.before, difference.after)]
    names = [*VERDICTS, *sorted({*counts[0], *counts[1]} - set(VERDICTS))]
    numbers = [(name, counts[0].count(name), counts[1].count(name)) for name in names]
    rows = [[name, f"{old}", f"{new}"] for name, old, new in numbers if old != new]
    return _table("", ("verdict", before, after), rows) if rows else ""


def _sections(difference: Difference, before: str, after: str) -> Iterable[_Section]:
    old, new = difference.before, difference.after
    two = ("statistic", before, after)
    yield (
        "Verdicts",
        two,
        [[_code(id), old[id]["verdict"], _strong(new[id]["verdict"])] for id in difference.where(_verdict)],
    )
    yield (
        "Added",
        ("statistic", "printed", "verdict"),
        [[_code(id), new[id]["printed"], new[id]["verdict"]] for id in difference.added],
    )
    yield (
        "Removed",
        ("statistic", "printed", "verdict"),
        [[_code(id), old[id]["printed"], old[id]["verdict"]] for id in difference.removed],
    )
    yield (
        "Figures",
        two,
        [[_code(id), old[id]["printed"], new[id]["printed"]] for id in difference.where(_figure)],
    )
    yield (
        "Bounds",
        ("statistic", "interval", before, after),
        [
            [_code(id), name, *_intervals(old[id], new[id], name)]
            for id in difference.common
            for name in _moved(old[id], new[id])
        ],
    )
    yield (
        "What verdicts rest on",
        ("statistic", "", "no longer", "now"),
        [
            [_code(id), word, _codes(old[id], new[id], name), _codes(new[id], old[id], name)]
            for id in difference.where(_lists)
            for name, word in _LISTS.items()
            if set(old[id].get(name, [])) != set(new[id].get(name, []))
        ],
    )
    yield (
        "Under each way of reading",
        ("statistic", "ways", before, after),
        [
            [_code(id), ways_words(ways, "en", new[id]["readings"]), *verdicts]
            for id in difference.where(_readings)
            for verdicts, ways in _ways(old[id]["readings"], new[id]["readings"]).items()
        ],
    )
    yield (
        "Also changed",
        ("statistic", "what"),
        [
            [_code(id), ", ".join(name for name in _OTHER if _unlike(name, old[id], new[id]))]
            for id in difference.where(_others)
        ],
    )


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], room: int = _MOST) -> str:
    """A Markdown table under its title, with as many rows as there is room for."""
    lines = [_row(heads), _row(["---"] * len(heads))]
    shown = 0
    for cells in rows:
        lines.append(_row([_escaped(cell) for cell in cells]))
        if sum(map(len, lines)) > room:
            lines.pop()
            break
        shown += 1
    more = [] if shown == len(rows) else ["", f"{len(rows) - shown} more, not shown here."]
    return "\n".join([*([f"### {title}", ""] if title else []), *lines, *more])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _code(id: str) -> str:
    return f"`{id}`"


def _strong(word: str) -> str:
    return f"**{word}**"


def _codes(has: Record, lacks: Record, name: str) -> str:
    """What the one record lists under a name and the other does not."""
    return ", ".join(_code(item) for item in has.get(name, []) if item not in lacks.get(name, []))


def _ways(old: Mapping[str, str], new: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """The ways of reading by how the verdict under them changed, from which to which."""
    changes: dict[tuple[str, str], list[str]] = {}
    for way in new:
        if old.get(way, "") != new[way]:
            changes.setdefault((old.get(way, ""), new[way]), []).append(way)
    return changes


def _intervals(old: Record, new: Record, name: str) -> list[str]:
    """The interval of each record in words; where these are the same, with every digit."""
    low, high = _BOUNDS[name]
    words = [interval(row[low], row[high], _unit(row), "en") for row in (old, new)]
    if words[0] == words[1]:
        words = [f"{row[low]!r} to {row[high]!r}" for row in (old, new)]
    return words


def _unit(row: Record) -> str:
    """The unit to word a record in: differences of shares are percentage points."""
    try:
        return "points" if row["unit"] == "ratio" and parse(row["printed"]).points else str(row["unit"])
    except NumeralError:
        return str(row["unit"])
