"""What the figures of a report allow, by linear programming: HiGHS, through scipy.

A relation that is linear in its levels, with rates known to lie in intervals, is two inequalities for levels
that are not negative: by the lower ends of all coefficients the sum is zero at most, by the upper ends zero
at least. That is exact where each rate stands in one term (Oettli and Prager, "Compatibility of approximate
solution of linear equations with given error bounds for coefficients and right-hand sides", Numerische
Mathematik 6, 1964). The least and the greatest value of a rate, one level over another, is a programme of the
same kind (Charnes and Cooper, "Programming with linear fractional functionals", 1962).

All figures are made homogeneous by one more variable, and every level is counted in units of its own size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]

from benchmarks.truths.draft import Draft, Pair, Term

Range = tuple[float, float]
#: Figures are widened by this part of their last place and of their value before they can be impossible.
MARGIN_OF_PLACE, MARGIN_OF_VALUE = Fraction(1, 1000), Fraction(1, 10**8)
_OPTIONS = {"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9}
_UNKNOWN = (-np.inf, np.inf)


class Oracle:
    """The linear programme of the relations of a report that are linear in its levels.

    `without` leaves the figure of one quantity out; `widened` moves all ends outward. Of a report with other
    relations it knows pairs of rates one by one, and allows what the rest rules out.
    """

    def __init__(self, draft: Draft, *, without: str = "", widened: bool = False):
        self.draft, self.without, self.widened = draft, without, widened
        self.levels = list(dict.fromkeys(term.level for row in draft.rows for term in row))
        self.sizes = [float(abs(draft.values[id])) or 1.0 for id in self.levels]
        self.at = {id: number for number, id in enumerate(self.levels)}
        self.rows: list[list[float]] = []  # each at most zero; the last variable is the one that stands for 1
        self._limit_levels()
        for row in filter(None, draft.rows):
            self._add(row)

    def known(self, id: str) -> Range:
        """What is printed of a quantity, or possible of it at all."""
        least, most = self.draft.natural(id)
        if id in self.draft.figures and id != self.without:
            figure = self.draft.figures[id]
            lower, upper = figure.bounds
            margin = self.widened * (
                MARGIN_OF_PLACE * figure.form.place + MARGIN_OF_VALUE * abs(figure.value)
            )
            least = _tighter(max, least, None if lower is None else lower - margin)
            most = _tighter(min, most, None if upper is None else upper + margin)
        return (-np.inf if least is None else float(least)), (np.inf if most is None else float(most))

    def _limit_levels(self) -> None:
        for id, number in self.at.items():
            low, high = self.known(id)
            for end, sign in ((low, -1.0), (high, 1.0)):
                if np.isfinite(end):
                    row = [0.0] * (len(self.levels) + 1)
                    row[number], row[-1] = sign, -sign * end / self.sizes[number]
                    self.rows.append(row)

    def _add(self, terms: Sequence[Term]) -> None:
        ends = [self._coefficient(term) for term in terms]
        for side, sign in ((0, 1.0), (1, -1.0)):
            if all(np.isfinite(pair[side]) for pair in ends):
                row = [0.0] * (len(self.levels) + 1)
                for term, pair in zip(terms, ends, strict=True):
                    row[self.at[term.level]] += sign * pair[side] * self.sizes[self.at[term.level]]
                largest = max(map(abs, row)) or 1.0
                self.rows.append([value / largest for value in row])

    def _coefficient(self, term: Term) -> Range:
        constant, factor = float(term.constant), float(term.factor)
        if not term.rate:
            return constant, constant
        low, high = sorted(constant + factor * end for end in self.known(term.rate))
        if low != high and term.level in self.draft.signed:
            raise ValueError(f"{term.level} can be below zero and has a coefficient that is not known")
        return low, high

    # -- questions ------------------------------------------------------------------------------

    def possible(self) -> bool:
        """Whether the figures can all be true; in doubt they can."""
        if not all(self._paired(pair) for pair in self.draft.pairs):
            return False
        return self._solved([0.0] * len(self.levels), self._normal()) != "impossible"

    def _paired(self, pair: Pair) -> bool:
        """Whether two rates of zero or more, each anywhere between its ends, can give what is printed."""
        (low, high), now, then = self.known(pair.id), self.known(pair.now), self.known(pair.then)
        if pair.way == "gap":
            return low <= now[1] - then[0] and now[0] - then[1] <= high
        shift = pair.way == "growth"
        below = max(now[0], 0.0) / then[1] if np.isfinite(then[1]) else 0.0
        above = now[1] / then[0] if then[0] > 0 else np.inf
        return low + shift <= above and below <= high + shift

    def allowed(self, id: str) -> Range | None:
        """The least and the greatest value of a quantity; None where there is none, or none is found."""
        if id in self.at:
            number = self.at[id]
            goal = [0.0] * len(self.levels)
            goal[number] = 1.0
            ends = [self._extreme(goal, self._amounts(), side) for side in (0, 1)]
            size = self.sizes[number]
        else:
            row = next(row for row in self.draft.rows if any(term.rate == id for term in row))
            term = next(term for term in row if term.rate == id)
            ends = [self._quotient(row, term, side) for side in (0, 1)]
            size = 1.0 / self.sizes[self.at[term.level]]
        if None in ends:
            return None
        low, high = self.known(id)
        return max(ends[0] * size, low), min(ends[1] * size, high)

    def _quotient(self, row: Sequence[Term], term: Term, side: int) -> float | None:
        """An end of a rate: of what the row's other terms come to for one of the level that it multiplies."""
        goal = [0.0] * len(self.levels)
        for other in row:
            constant = float(other.constant)
            ends = (constant, constant) if other is term else self._coefficient(other)
            # divided by minus the rate's factor: one below zero keeps the sides, one above turns them
            end = ends[side if term.factor < 0 else 1 - side] / -float(term.factor)
            if not np.isfinite(end):
                return _UNKNOWN[side]
            goal[self.at[other.level]] += end * self.sizes[self.at[other.level]]
        one_of_it = [float(level == term.level) for level in self.levels] + [0.0]
        return self._extreme(goal, one_of_it, side)

    def _extreme(self, goal: Sequence[float], normal: Sequence[float], side: int) -> float | None:
        """The least (side 0) or the greatest value of a goal; None if it is not found."""
        size = max(map(abs, goal)) or 1.0
        sign = -1.0 if side else 1.0
        answer = self._solved([sign * value / size for value in goal], normal)
        if answer == "unbounded":
            return _UNKNOWN[side]
        return None if isinstance(answer, str) else sign * size * answer

    # -- programmes -----------------------------------------------------------------------------

    def _amounts(self) -> list[float]:
        """Amounts are as printed."""
        return [0.0] * len(self.levels) + [1.0]

    def _normal(self) -> list[float]:
        """What is set to one: where no level is printed the sum of all levels."""
        printed = any(id in self.draft.figures and id != self.without for id in self.levels)
        return self._amounts() if printed else [1.0] * len(self.levels) + [0.0]

    def _solved(self, goal: Sequence[float], normal: Sequence[float]) -> float | str:
        """The least value of the goal; `impossible`, `unbounded` or `unsolved` where there is none."""
        signed = [id in self.draft.signed for id in self.levels]
        answer = linprog(
            [*goal, 0.0],
            A_ub=np.array(self.rows),
            b_ub=np.zeros(len(self.rows)),
            A_eq=np.array([normal]),
            b_eq=[1.0],
            bounds=[(None if free else 0, None) for free in signed] + [(0, None)],
            method="highs",
            options=_OPTIONS,
        )
        return {0: answer.fun, 2: "impossible", 3: "unbounded"}.get(answer.status, "unsolved")


def _tighter(
    choose: Callable[..., Fraction], end: Fraction | None, other: Fraction | None
) -> Fraction | None:
    """The tighter of two ends, either of which may be missing."""
    ends = [value for value in (end, other) if value is not None]
    return choose(ends) if ends else None
