"""The least a ratio can be in a cone, with the weights that prove it.

A *row* is an inequality: its weighted sum of the unknowns is not negative. Unknowns are not negative
either, so the rows leave a cone of values, and what is asked is the least value of one sum over another
on it (a linear-fractional programme, which a cone makes linear: Charnes and Cooper, "Programming with
linear fractional functionals", Naval Research Logistics 9, 1962). What is solved is its dual: weights for
the rows, such that rows times weights and `value` times the denominator stay below the numerator. It
begins at weights of zero, each step keeps them valid, and the simplex method may stop anywhere.

Nothing is believed of the floats that it computes with. The weights that come out are checked against the
rows by arithmetic rounded outward, and the value is the greatest that they prove (Neumaier and Shcherbina,
"Safe bounds in linear and mixed-integer linear programming", Mathematical Programming 99, 2004). What is
missed by less than a hundred-millionth part of itself, as where two intervals all but touch, stays unproved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf, nextafter

Row = Mapping[int, float]

# Rows are solved a little looser than they are, so that the weights keep a margin for rounding; where that
# is not enough, and this part of the value is missed, looser again.
_LOOSER, _MISSED = (1e-10, 1e-8), 1e-6
# What is taken for zero, and what is too small to divide by: ten times what rows were loosened by.
_NIL, _PIVOT = 1e-12, 1e-9

# Steps that lead nowhere can go on for ever; of a thousand programmes that gained anything none took more
# than 34 of them in a row.
_IDLE = 40

_SHORT = 1 - 2.0**-40
_ERROR, _LEAST = 2.0**-51, 2.0**-1060


def least_ratio(rows: Sequence[Row], over: Row, under: Row) -> tuple[float, dict[int, float]]:
    """The least that `over` can be as a multiple of `under`, where the rows hold and `under` is not zero.

    Parameters
    ----------
    rows : what holds: for each the factors of the unknowns, by number, near one in size
    over, under : the two sums likewise

    Returns
    -------
    A number from zero up that the ratio is never below: infinite where the rows leave `under` no value
    above zero, minus infinity where nothing shows that it is not negative. And the weights of the rows that
    prove it.
    """
    best, proof = -inf, dict[int, float]()
    for looser in _LOOSER:
        weights, sought = _solved(rows, over, under, looser)
        weights = _within(rows, weights, over)
        proved = _proved(rows, weights, over if sought < inf else {}, under)
        if proved > best:
            best, proof = proved, weights
        if proved >= sought * (1 - _MISSED):
            break
    return best, proof


def _solved(rows: Sequence[Row], over: Row, under: Row, looser: float) -> tuple[dict[int, float], float]:
    """Weights for the rows by the simplex method, and the value that they should prove."""
    lines, limits = _tableau(rows, over, under, looser)
    value = len(rows)  # the column of the value itself
    tableau = _Tableau(lines, limits, {value: 1.0})
    if min(limits.values(), default=0.0) < 0 and not tableau.made_feasible(value + 1):
        return {}, 0.0
    ray = tableau.raised()
    weights = tableau.weights if ray is None else ray
    least = _NIL * max(weights.values(), default=0.0)
    positive = {row: weight for row, weight in weights.items() if 0 <= row < value and weight > least}
    return positive, weights.get(value, 0.0) if ray is None else inf


class _Tableau:
    """Lines that each give what a basic column has left, and the gain by each other column."""

    def __init__(self, lines: dict[int, dict[int, float]], limits: dict[int, float], gains: dict[int, float]):
        self.lines, self.limits, self.gains = lines, limits, gains
        self.basis = {line: -2 - line for line in lines}  # slacks are below the rows, whatever unknowns are
        self.goals = [gains]

    @property
    def weights(self) -> dict[int, float]:
        """What each basic column is at."""
        return {self.basis[line]: limit for line, limit in self.limits.items()}

    def made_feasible(self, slack: int) -> bool:
        """Bring negative limits up to zero, by a column that takes from all lines and is then forced out."""
        for row in self.lines.values():
            row[slack] = -1.0
        goal = {slack: -1.0}
        self.goals = [self.gains, goal]
        self._pivot(min(self.limits, key=self.limits.__getitem__), slack)
        self.gains, gains = goal, self.gains
        self.raised()
        self.gains, self.goals = gains, [gains]
        if any(column == slack and self.limits[line] > _NIL for line, column in self.basis.items()):
            return False
        for row in (*self.lines.values(), gains):
            row.pop(slack, None)
        return True

    def raised(self) -> dict[int, float] | None:
        """Go where the gain is; the ray along which it has no end, or None where it has."""
        idle = 0
        while idle < _IDLE:
            entering = max(self.gains, key=self.gains.__getitem__)
            if self.gains[entering] <= _PIVOT:
                break
            leaving = self._leaving(entering)
            if leaving is None:
                ray = {
                    self.basis[line]: -row[entering] for line, row in self.lines.items() if entering in row
                }
                return ray | {entering: 1.0}
            idle = 0 if self.limits[leaving] > _NIL else idle + 1
            self._pivot(leaving, entering)
        return None

    def _leaving(self, entering: int) -> int | None:
        """The line that stops the entering column first; of those that tie, with the largest factor."""
        best: tuple[float, float] = (inf, 0.0)
        leaving = None
        for line, row in self.lines.items():
            factor = row.get(entering, 0.0)
            if factor > _PIVOT:
                key = (max(self.limits[line], 0.0) / factor, -factor)
                nearer = key[0] < best[0] - _NIL or (key[0] <= best[0] + _NIL and key[1] < best[1])
                if leaving is None or nearer:
                    best, leaving = key, line
        return leaving

    def _pivot(self, leaving: int, entering: int) -> None:
        """Solve one line for the entering column and put it into the others."""
        pivot = self.lines[leaving]
        pivot[self.basis[leaving]], self.basis[leaving] = 1.0, entering
        scale = 1 / pivot.pop(entering)
        for column in pivot:
            pivot[column] *= scale
        self.limits[leaving] *= scale
        items = [item for item in pivot.items() if abs(item[1]) > _NIL]
        for line, row in self.lines.items():
            factor = row.pop(entering, 0.0) if line != leaving else 0.0
            if factor:
                self.limits[line] -= factor * self.limits[leaving]
                _subtract(row, factor, items)
        for gains in self.goals:
            if entering in gains:
                _subtract(gains, gains.pop(entering), items)


def _tableau(
    rows: Sequence[Row], over: Row, under: Row, looser: float
) -> tuple[dict[int, dict[int, float]], dict[int, float]]:
    """For each unknown the limit of its factor and what rows and value add to it."""
    tableau: dict[int, dict[int, float]] = {}
    for number, row in enumerate(rows):
        for unknown, factor in row.items():
            tableau.setdefault(unknown, {})[number] = factor + looser * abs(factor)
    for unknown, factor in under.items():
        tableau.setdefault(unknown, {})[len(rows)] = factor
    return tableau, {unknown: over.get(unknown, 0.0) for unknown in tableau}


def _subtract(row: dict[int, float], factor: float, items: Sequence[tuple[int, float]]) -> None:
    for column, entry in items:
        row[column] = row.get(column, 0.0) - factor * entry


def _within(rows: Sequence[Row], weights: dict[int, float], over: Row) -> dict[int, float]:
    """A little less of all weights, where rounding has overstepped a limit; less of them proves less."""
    sums = _sums(rows, weights, over)
    parts = [limit / sum(sums[unknown]) for unknown, limit in over.items() if 0 < limit < sum(sums[unknown])]
    return {row: weight * min(parts) * _SHORT for row, weight in weights.items()} if parts else weights


def _sums(
    rows: Sequence[Row], weights: Mapping[int, float], unknowns: Iterable[int]
) -> dict[int, list[float]]:
    """For each unknown what rows with their weights add to its factor."""
    sums: dict[int, list[float]] = {unknown: [] for unknown in unknowns}
    for number, weight in weights.items():
        for unknown, factor in rows[number].items():
            if factor:
                sums.setdefault(unknown, []).append(weight * factor)
    return sums


def _proved(rows: Sequence[Row], weights: Mapping[int, float], over: Row, under: Row) -> float:
    """The greatest value that weights prove, with all rounding against it."""
    sums = _sums(rows, weights, (*over, *under))
    least, most = 0.0, inf
    for unknown, terms in sums.items():
        room, factor = _room(over.get(unknown, 0.0), terms), under.get(unknown, 0.0)
        if factor > 0:
            most = min(most, nextafter(room / factor, -inf) if room else 0.0)
        elif room < 0:
            least = max(least, nextafter(room / factor, inf) if factor else inf)
    if not over:  # any value at all shows that the lower sum is not above zero
        return inf if most > 0 and most >= least else 0.0
    if most >= least:
        return most
    return 0.0 if min(over.values()) >= 0 else -inf


def _room(limit: float, terms: Sequence[float]) -> float:
    """What a sum of terms leaves of a limit at least."""
    if not terms:
        return limit
    error = (len(terms) + 2) * _ERROR * sum(map(abs, terms)) + _LEAST
    return nextafter(limit - nextafter(sum(terms) + error, inf), -inf)
