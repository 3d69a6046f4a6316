"""Tables with two margins, and shares of shares."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from benchmarks.truths.draft import Draft


def amount(rng: random.Random, unit: str, smallest: float = 1.0, largest: float = 1e6) -> Fraction:
    """An amount of money to the yuan, or a whole count, at random on a logarithmic scale."""
    exponent = rng.uniform(0, 1)
    size = smallest * (largest / smallest) ** exponent
    return Fraction(round(size * (10_000 if unit == "yuan" else 1)) + 1)


def cross(rng: random.Random) -> Draft:
    """Rows by columns with all margins; some cells missing, some shares of a margin told."""
    draft = Draft.new("cross", rng)
    unit = rng.choice(("yuan", "count"))
    rows, columns = range(rng.randint(2, 5)), range(rng.randint(2, 4))
    size = 10 ** rng.uniform(1.5, 6)
    cells = [[f"cell_{r}_{c}" for c in columns] for r in rows]
    for id in (id for line in cells for id in line):
        draft.level(id, amount(rng, unit, size / 10, size * 3), unit)
    by_column = [list(line) for line in zip(*cells, strict=True)]
    sums = [(f"row_{r}", cells[r]) for r in rows] + [(f"column_{c}", by_column[c]) for c in columns]
    sums.append(("everything", [f"row_{r}" for r in rows]))
    for id, parts in sums:
        draft.level(id, sum(draft.values[part] for part in parts), unit)
        draft.total(id, parts)
    margin = [f"column_{c}" for c in columns]
    draft.total("everything", margin)
    for line in [*by_column, [f"row_{r}" for r in rows], [*margin, "everything"]]:
        draft.column(line, keep=rng.choice((0.6, 0.8, 1.0)))
    shares = [
        draft.quotient(f"{part}_in_{whole}", part, whole)
        for whole, parts in sums
        if rng.random() < 0.3
        for part in parts
    ]
    draft.print(shares, keep=0.7, hedged=0.1)
    return draft


def nested(rng: random.Random) -> Draft:
    """A whole, its parts and their parts, with shares in what is next above and in the whole."""
    draft = Draft.new("nested", rng)
    unit = rng.choice(("yuan", "count"))
    parts = _parted(draft, "whole", rng.randint(2, 4), unit)
    families = [("whole", parts)]
    families += [(part, _parted(draft, part, rng.randint(2, 3), unit)) for part in parts[: rng.randint(1, 2)]]
    leaves = [id for _, family in families for id in family if id not in dict(families)]
    for id in leaves:
        draft.level(id, amount(rng, unit, 1e4, 1e6), unit)
    for id, family in reversed(families):
        draft.level(id, sum(draft.values[part] for part in family), unit)
        draft.total(id, family)
    levels = list(draft.units) if rng.random() < 0.6 else []
    shares = [draft.quotient(f"{part}_in_{id}", part, id) for id, family in families for part in family]
    deep = [part for id, family in families[1:] for part in family]
    shares += [draft.quotient(f"{part}_in_all", part, "whole") for part in deep if rng.random() < 0.5]
    draft.print(levels, keep=0.6)
    draft.print(shares, keep=0.85, hedged=0.1)
    return draft


def _parted(draft: Draft, id: str, number: int, unit: str) -> Sequence[str]:
    return [f"{id}_{'abcd'[n]}" for n in range(number)]
