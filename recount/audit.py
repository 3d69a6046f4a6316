"""Recompute every statistic from all the evidence except itself, and give it a verdict.

The evidence is the report's other figures, the lists it spells out, outside references and the
relations between quantities. A set of figures and relations that cannot all hold is a conflict;
its figures are contradicted, and are set aside while the rest is judged.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recount import numerals, slips
from recount.dataset import Dataset
from recount.intervals import Interval
from recount.relations import Expression, evaluate, names, parse_expression
from recount.settings import AuditError, Settings
from recount.solver import (
    Item,
    Narrowing,
    Possible,
    Rule,
    Solver,
    connected,
    is_empty,
    minimal,
    searched,
)

VERDICTS = ("confirmed", "consistent", "bounded", "contradicted", "unchecked")
OWN = "report"

__all__ = ["VERDICTS", "Audit", "AuditError", "Conflict", "Settings"]

# A support may reproduce the recomputed interval this loosely, as a part of its end's size: tighter
# would call in every figure that moves the ninth digit.
_CARRIES = 1e-3


@dataclass(frozen=True)
class Conflict:
    """A smallest set of figures and rules that cannot all hold."""

    units: tuple[str, ...]
    statistics: tuple[str, ...]
    assumptions: tuple[str, ...]


class Audit:
    """The audit of one dataset under one reading; everything is computed when first asked for."""

    def __init__(self, data: Dataset, settings: Settings | None = None):
        settings = settings or Settings()
        self.data, self.settings = data, settings.checked(data)
        self.printed: dict[str, str] = data.statistics["printed"].to_dict() | dict(settings.overrides or {})
        self._quantity: dict[str, str] = data.statistics["quantity"].to_dict()
        self._basis: dict[str, str] = data.relations["basis"].to_dict()
        self._whole: dict[str, bool] = (data.quantities["integer"] == "true").to_dict()
        self._question: dict[str, str] = data.relations["question"].to_dict()

    # -- the evidence ---------------------------------------------------------------------------

    def interval(self, printed: str, quantity: str = "") -> Interval:
        """What a printed figure can stand for under this audit's reading and rounding rule.

        With the `quantity` that it measures, of whole numbers only where that takes no others.
        """
        whole = self._whole.get(quantity, False)
        return self.data.interval(printed, self.settings.reading, self.settings.rounding, whole)

    def bounds(self, printed: str) -> numerals.Bounds:
        """The same with exact ends, each open or closed."""
        figure = self.data.figure(printed)
        return self.data.readings.bounds(figure, self.settings.reading, self.settings.rounding)

    @functools.cached_property
    def items(self) -> list[Item]:
        """Every figure that counts as evidence: the report's, its lists', outside references'."""
        items = [self._item(id, text) for id, text in self.printed.items()]
        counts = self.data.enumerations.groupby("quantity", sort=False).size()
        items += [Item(f"list:{q}", str(q), Interval.of(float(n)), "list") for q, n in counts.items()]
        if self.settings.evidence == "all":
            items += [
                Item(f"reference:{row['id']}", row["quantity"], self._outside(row["printed"]), "reference")
                for row in self.data.references.to_dict("records")
            ]
        return items

    def _item(self, id: str, printed: str) -> Item:
        quantity = self._quantity[id]
        return Item(id, quantity, self.interval(printed, quantity), OWN)

    def _outside(self, printed: str) -> Interval:
        """An outside figure's interval: the rounding rule in question is the report's, not its source's."""
        return self.data.interval(printed, self.settings.reading)

    @functools.cached_property
    def _state(self) -> dict[str, str]:
        """Each relation `on`, `off` or `open`, with the caller's choices over the defaults."""
        state: dict[str, str] = self.data.relations["default"].to_dict()
        for id, on in (self.settings.assumptions or {}).items():
            if on and self._question[id]:  # choosing one answer rules its rivals out
                state |= {rival: "off" for rival, q in self._question.items() if q == self._question[id]}
            state[id] = "on" if on else "off"
        return state

    def _rule(self, id: str, open: bool = False) -> Rule:
        return Rule(id, self.data.parsed_relations[id], self._question[id] if open else "")

    @functools.cached_property
    def solvers(self) -> list[Solver]:
        """One solver for each set of quantities that the relations tie together."""
        rules = [self._rule(id, value == "open") for id, value in self._state.items() if value != "off"]
        return [self._solver(group, rules) for group in connected(list(self.data.quantities.index), rules)]

    def _solver(self, quantities: Sequence[str], rules: Sequence[Rule]) -> Solver:
        members = set(quantities)
        return Solver(
            {id: self.data.natural(id) for id in quantities},
            {id: self._whole[id] for id in quantities},
            [item for item in self.items if item.quantity in members],
            [rule for rule in rules if members.issuperset(rule.relation.names)],
        )

    @functools.cached_property
    def _home(self) -> dict[str, Solver]:
        return {quantity: solver for solver in self.solvers for quantity in solver.quantities}

    # -- conflicts ------------------------------------------------------------------------------

    @functools.cached_property
    def conflicts(self) -> list[Conflict]:
        """Smallest sets that cannot all hold, found one after another, each set aside in turn."""
        return [conflict for solver in self.solvers for conflict in self._conflicts_of(solver)]

    def _conflicts_of(self, solver: Solver) -> list[Conflict]:
        found: list[Conflict] = []
        while solver.possible(solver.mask([_disputed(found)])).empty[0]:
            kept = [unit for unit in self._by_preference(solver) if unit not in _disputed(found)]
            units = searched(solver, [minimal(kept)], is_empty)[0]
            statistics = tuple(unit for unit in units if unit in self.printed)
            if not statistics:
                raise AuditError(
                    "references and relations contradict each other without any figure of the report: "
                    f"{', '.join(units)}. Correct or switch off one of them."
                )
            assumed = tuple(unit for unit in units if self._basis.get(unit) == "assumption")
            found.append(Conflict(tuple(units), statistics, assumed))
        return found

    def _by_preference(self, solver: Solver) -> list[str]:
        """Units in the order in which an explanation should use them: firm and near to the report first."""
        kinds = {item.id: item.kind for item in solver.items}
        order = ["definition", "arithmetic", "scope", "report", "list", "reference", "assumption"]

        def rank(unit: str) -> int:
            return order.index(kinds.get(unit) or self._basis.get(unit, "assumption"))

        return sorted(solver.units, key=rank)

    # -- leave one out --------------------------------------------------------------------------

    @functools.cached_property
    def _left_out(self) -> dict[str, list[str]]:
        """For each statistic the units its recomputation does without: itself and disputed others."""
        left_out = {}
        for id in self.printed:
            own = next((set(c.statistics) for c in self.conflicts if id in c.statistics), {id})
            left_out[id] = [id, *(other for other in _disputed(self.conflicts) if other not in own)]
        return left_out

    @functools.cached_property
    def recomputed(self) -> dict[str, Interval]:
        """What all the evidence except itself leaves possible for each statistic.

        Where conflicts overlap nothing would be left; such a figure is recomputed from the other
        members of its own conflict alone.
        """
        result: dict[str, Interval] = {}
        for solver in self.solvers:
            own = [item.id for item in solver.items if item.kind == OWN]
            mask = solver.mask([self._left_out[id] for id in own])
            possible = solver.possible(mask)
            if possible.empty.any():
                for row in np.flatnonzero(possible.empty):
                    conflict = next(c for c in self.conflicts if own[row] in c.statistics)
                    mask[:, row] = [unit in conflict.units and unit != own[row] for unit in solver.units]
                possible = solver.possible(mask)
            result |= {id: solver.at(possible, self._quantity[id], row) for row, id in enumerate(own)}
        return {id: result[id] for id in self.printed}

    @functools.cached_property
    def verdicts(self) -> dict[str, str]:
        """One of `VERDICTS` for each statistic."""
        return {id: self._verdict(id) for id in self.printed}

    def _verdict(self, id: str) -> str:
        if id in _disputed(self.conflicts):
            return "contradicted"
        natural, found = self.data.natural(self._quantity[id]), self.recomputed[id]
        limits = int(found.lower > natural.lower) + int(found.upper < natural.upper)
        if not limits:
            return "unchecked"
        if found.within(self.interval(self.printed[id], self._quantity[id])):
            return "confirmed"
        return "consistent" if limits == 2 else "bounded"

    # -- support --------------------------------------------------------------------------------

    @functools.cached_property
    def support(self) -> dict[str, list[str]]:
        """For each statistic a smallest set of units that carries its recomputed interval."""
        support: dict[str, list[str]] = {id: [] for id in self.printed}
        for solver in self.solvers:
            support |= self._supports_in(solver)
        for conflict in self.conflicts:
            support |= {id: [unit for unit in conflict.units if unit != id] for id in conflict.statistics}
        return support

    def _supports_in(self, solver: Solver) -> dict[str, list[str]]:
        asked = [
            item.id for item in solver.items
            if item.kind == OWN and self.verdicts[item.id] not in ("contradicted", "unchecked")
        ]  # fmt: skip
        units = self._by_preference(solver)
        searches = [minimal([unit for unit in units if unit not in self._left_out[id]]) for id in asked]

        def carried(possible: Possible, row: int, search: int) -> bool:
            id = asked[search]
            found, goal = solver.at(possible, self._quantity[id], row), self.recomputed[id]
            low, high = _slack(goal.lower), _slack(goal.upper)
            return bool(found.lower >= goal.lower - low and found.upper <= goal.upper + high)

        return dict(zip(asked, searched(solver, searches, carried), strict=True))

    def support_kind(self, id: str) -> str:
        """Of what kind the figures are that carry a verdict, joined by `+`.

        `definition` where relations and the quantities' own bounds do without a figure; empty where
        the verdict rests on nothing.
        """
        items = {item.id: item for item in self.items}
        kinds = set()
        for unit in self.support[id]:
            if unit in items:
                same = items[unit].kind == OWN and items[unit].quantity == self._quantity[id]
                kinds.add("restatement" if same else items[unit].kind)
        if self.support[id] and not kinds:
            return "definition"
        return "+".join(kind for kind in (OWN, "restatement", "list", "reference") if kind in kinds)

    # -- slips ----------------------------------------------------------------------------------

    @functools.cached_property
    def slips(self) -> dict[str, list[dict[str, Any]]]:
        """For each contradicted statistic the simple slips that would restore consistency."""
        found: dict[str, list[dict[str, Any]]] = {id: [] for id in self.printed}
        for conflict in self.conflicts:
            misread = [self._dropped(conflict, rule) for rule in conflict.assumptions]
            for id in conflict.statistics:
                found[id] = self._mending(conflict, id) + [slip for slip in misread if slip]
        return found

    def _others(self, conflict: Conflict) -> list[str]:
        return [id for id in _disputed(self.conflicts) if id not in conflict.statistics]

    def _mending(self, conflict: Conflict, id: str) -> list[dict[str, Any]]:
        candidates = slips.candidates(self.printed[id])
        if not candidates:
            return []
        quantity = self._quantity[id]
        intervals = [self.interval(candidate.printed, quantity) for candidate in candidates]
        each = Interval.of([i.lower for i in intervals], [i.upper for i in intervals])
        solver = self._home[quantity]
        mask = solver.mask([[id, *self._others(conflict)]] * len(candidates))
        empty = solver.possible(mask, Narrowing(quantity, each)).empty
        tried = zip(candidates, empty, strict=True)
        return [{"printed": slip.printed, "kind": slip.kind} for slip, gone in tried if not gone]

    def _dropped(self, conflict: Conflict, rule: str) -> dict[str, Any] | None:
        """The slip of having read an assumption into the words, and what then remains possible."""
        tied = self.data.parsed_relations[rule].names
        solver = self._home[tied[0]]
        possible = solver.possible(solver.mask([[rule, *self._others(conflict)]]))
        if possible.empty[0]:
            return None
        uncited = [quantity for quantity in tied if quantity not in set(self._quantity.values())]
        implied = {quantity: _ends(solver.at(possible, quantity)) for quantity in uncited}
        kind = self.data.relations.loc[rule, "slip"] or "assumption"
        return {"relation": rule, "kind": kind, "implied": implied}

    # -- what else follows ----------------------------------------------------------------------

    @functools.cached_property
    def alternatives(self) -> pd.DataFrame:
        """Each assumption and each answer to an open question, tried by itself on all the figures.

        The figures stand as printed; assumptions that conflict with them are set aside, rival
        answers too. Columns: `question`, `status` (`tenable` or `refuted`), `conflict` (units that
        rule it out).
        """
        tried = [id for id, basis in self._basis.items() if basis == "assumption" or self._question[id]]
        solver = self._solver(list(self.data.quantities.index), [self._rule(id) for id in self._basis])
        relaxed = {unit for c in self.conflicts for unit in (c.assumptions or c.statistics)}
        off = [id for id, value in self._state.items() if value != "on"]
        left_out = [[unit for unit in {*off, *relaxed, *self._rivals(id)} if unit != id] for id in tried]
        empty = solver.possible(solver.mask(left_out)).empty
        refuted = [row for row, gone in enumerate(empty) if gone]
        order = self._by_preference(solver)
        searches = [minimal([unit for unit in order if unit not in left_out[row]]) for row in refuted]
        conflicts = dict(zip(refuted, searched(solver, searches, is_empty), strict=True))
        rows = [
            (id, self._question[id], "refuted" if row in conflicts else "tenable", conflicts.get(row, []))
            for row, id in enumerate(tried)
        ]
        return pd.DataFrame(rows, columns=["id", "question", "status", "conflict"]).set_index("id")

    def _rivals(self, id: str) -> list[str]:
        question = self._question[id]
        return [rival for rival, q in self._question.items() if question and q == question]

    @functools.cached_property
    def implied(self) -> dict[str, Interval]:
        """What all undisputed evidence leaves possible for every quantity, cited or not."""
        result: dict[str, Interval] = {}
        for solver in self.solvers:
            possible = solver.possible(solver.mask([_disputed(self.conflicts)]))
            result |= {quantity: solver.at(possible, quantity) for quantity in solver.quantities}
        return result

    def evaluate(self, expression: str) -> Interval:
        """An expression over statistics and quantities, from printed and natural intervals alone."""
        parsed: Expression = parse_expression(expression)
        for name in names(parsed):
            if name not in self.printed and name not in self.data.quantities.index:
                raise AuditError(f"{expression!r}: {name!r} is neither a statistic nor a quantity")
        return evaluate(parsed, self.value)

    def value(self, name: str) -> Interval:
        """A statistic's printed interval, or else what the evidence printed for a quantity says."""
        if name in self.printed:
            return self.interval(self.printed[name], self._quantity[name])
        interval = self.data.natural(name)
        for item in self.items:
            if item.quantity == name:
                interval = interval.intersection(item.interval)
        return interval

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per statistic, in the order of the report."""
        return pd.DataFrame([self._record(id) for id in self.printed]).set_index("id", drop=False)

    def _record(self, id: str) -> dict[str, Any]:
        statistic = self.data.statistics.loc[id]
        quantity = self.data.quantities.loc[statistic["quantity"]]
        natural = self.data.natural(statistic["quantity"])
        printed, found = self.bounds(self.printed[id]), self.recomputed[id]
        return {
            "id": id, "section": statistic["section"], "printed": self.printed[id], "unit": quantity["unit"],
            "lower": -np.inf if printed.lower is None else float(printed.lower),
            "upper": np.inf if printed.upper is None else float(printed.upper),
            "recomputed_lower": float(found.lower), "recomputed_upper": float(found.upper),
            "verdict": self.verdicts[id], "support": self.support[id], "support_kind": self.support_kind(id),
            "assumptions": [unit for unit in self.support[id] if self._basis.get(unit) == "assumption"],
            "lowest": float(natural.lower), "highest": float(natural.upper),
            "conflict": next((list(c.units) for c in self.conflicts if id in c.statistics), []),
            "slips": self.slips[id],
            "kind": statistic["kind"], "quantity": quantity["id"], "scope": quantity["scope"],
            "as_of": statistic["as_of"], "label_zh": statistic["label_zh"], "label_en": statistic["label_en"],
        }  # fmt: skip


def _slack(end: Any) -> float:
    return float(_CARRIES * abs(end)) if np.isfinite(end) else 0.0


def _disputed(conflicts: Iterable[Conflict]) -> list[str]:
    return [id for conflict in conflicts for id in conflict.statistics]


def _ends(interval: Interval) -> list[float]:
    return [float(interval.lower), float(interval.upper)]
