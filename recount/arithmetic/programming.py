"""The least a ratio can be in a cone, with the weights that prove it.

A *row* is an inequality: its weighted sum of the unknowns is not negative. Unknowns are not negative
either, so the rows leave a cone of values, and what is asked is the least value of one sum over another
on it (a linear-fractional programme, which a cone makes linear: Charnes and Cooper, "Programming with
linear fractional functionals", Naval Research Logistics 9, 1962). What is solved is its dual: weights for
the rows, such that rows times weights and `value` times the denominator stay below the numerator. It
begins at weights of zero, each step keeps them valid, and the simplex method may stop anywhere.

Nothing is believed of the floats that it computes with. The weights that come out are checked against the
rows by arithmetic rounded outward, and the value is the greatest that they prove (Neumaier and Shcherbina,
"Safe bounds in linear and mixed-integer linear programming", Mathematical Programming 99, 2004).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, nextafter

Row = Mapping[int, float]

# Rows are solved a little looser than they are, so that the weights keep a margin for rounding.
_LOOSER = 1e-10
# What is taken for zero, and what is too small to divide by: ten times what rows were loosened by.
_NIL, _PIVOT = 1e-12, 1e-9

# Steps that lead nowhere can go on for ever; of a thousand programmes that gained anything none took more
# than 34 of them in a row.
_IDLE = 40

_ERROR, _LEAST = 2.0**-51, 2.0**-1060


def least_ratio(rows: Sequence[Row], over: Row, under: Row) -> tuple[float, dict[int, float]]:
    """The least that `over` can be as a multiple of `under`, where the rows hold and `under` is not zero.

    Parameters
    ----------
    rows : what holds: for each the factors of the unknowns, by number, near one in size
    over, under : the two sums likewise; the factors of `over` are not negative

    Returns
    -------
    A number that the ratio is never below (infinite where the rows leave `under` no value but zero),
    and the weights of the rows that prove it.
    """
    weights, value = _solved(rows, over, under)
    return _proved(rows, weights, over if value < inf else {}, under), weights


def _solved(rows: Sequence[Row], over: Row, under: Row) -> tuple[dict[int, float], float]:
    """Weights for the rows by the simplex method, and the value for which they were sought."""
    tableau, limits = _tableau(rows, over, under)
    value = len(rows)  # the column of the value itself
    gains: dict[int, float] = {value: 1.0}
    basis = {line: -2 - line for line in tableau}  # slacks are below the rows, whatever unknowns are called
    idle = 0
    while idle < _IDLE:
        entering = max(gains, key=gains.__getitem__)
        if gains[entering] <= _PIVOT:
            break
        leaving = _leaving(tableau, limits, entering)
        if leaving is None:
            ray = {basis[line]: -row[entering] for line, row in tableau.items() if entering in row}
            return _positive(ray | {entering: 1.0}, value), inf
        idle = 0 if limits[leaving] > _NIL else idle + 1
        _pivot(tableau, limits, gains, basis, leaving, entering)
    return _positive({basis[line]: limit for line, limit in limits.items()}, value), 0.0


def _tableau(
    rows: Sequence[Row], over: Row, under: Row
) -> tuple[dict[int, dict[int, float]], dict[int, float]]:
    """For each unknown the limit of its factor and what rows and value add to it."""
    tableau: dict[int, dict[int, float]] = {}
    for number, row in enumerate(rows):
        for unknown, factor in row.items():
            tableau.setdefault(unknown, {})[number] = factor + _LOOSER * abs(factor)
    for unknown, factor in under.items():
        tableau.setdefault(unknown, {})[len(rows)] = factor
    return tableau, {unknown: over.get(unknown, 0.0) for unknown in tableau}


def _leaving(tableau: Mapping[int, Row], limits: Mapping[int, float], entering: int) -> int | None:
    """The line that stops the entering column first; of those that tie, with the largest factor."""
    best: tuple[float, float] = (inf, 0.0)
    leaving = None
    for line, row in tableau.items():
        factor = row.get(entering, 0.0)
        if factor > _PIVOT:
            key = (max(limits[line], 0.0) / factor, -factor)
            if leaving is None or key[0] < best[0] - _NIL or (key[0] <= best[0] + _NIL and key[1] < best[1]):
                best, leaving = key, line
    return leaving


def _pivot(
    tableau: dict[int, dict[int, float]],
    limits: dict[int, float],
    gains: dict[int, float],
    basis: dict[int, int],
    leaving: int,
    entering: int,
) -> None:
    """Solve one line for the entering column and put it into the others."""
    pivot = tableau[leaving]
    pivot[basis[leaving]], basis[leaving] = 1.0, entering
    scale = 1 / pivot.pop(entering)
    for column in pivot:
        pivot[column] *= scale
    limits[leaving] *= scale
    items = [item for item in pivot.items() if abs(item[1]) > _NIL]
    for line, row in tableau.items():
        factor = row.pop(entering, 0.0) if line != leaving else 0.0
        if factor:
            limits[line] = limits[line] - factor * limits[leaving]
            _subtract(row, factor, items)
    _subtract(gains, gains.pop(entering), items)


def _subtract(row: dict[int, float], factor: float, items: Sequence[tuple[int, float]]) -> None:
    for column, entry in items:
        row[column] = row.get(column, 0.0) - factor * entry


def _positive(weights: Mapping[int, float], value: int) -> dict[int, float]:
    least = _NIL * max(weights.values(), default=0.0)
    return {row: weight for row, weight in weights.items() if 0 <= row < value and weight > least}


def _proved(rows: Sequence[Row], weights: Mapping[int, float], over: Row, under: Row) -> float:
    """The greatest value that weights prove, with all rounding against it."""
    sums: dict[int, list[float]] = {unknown: [] for unknown in (*over, *under)}
    for number, weight in weights.items():
        for unknown, factor in rows[number].items():
            sums.setdefault(unknown, []).append(weight * factor)
    value = inf
    for unknown, terms in sums.items():
        size = sum(map(abs, terms))
        used = nextafter(sum(terms) + (len(terms) + 2) * _ERROR * size + _LEAST * bool(terms), inf)
        room = nextafter(over.get(unknown, 0.0) - (used if terms else 0.0), -inf)
        factor = under.get(unknown, 0.0)
        if factor > 0:
            value = min(value, nextafter(room / factor, -inf))
        elif terms and room < 0:
            return 0.0
    return max(value, 0.0) if over else inf if value > 0 else 0.0
