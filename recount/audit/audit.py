"""Recompute every statistic from all the evidence except itself, and give it a verdict.

The evidence is the report's other figures, the lists it spells out, outside references and the
relations between quantities. What the evidence says under one reading stands in `Audit`; whether it
would say the same under another, in `Audit.readings` and `Audit.scenarios`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from recount.arithmetic.intervals import Interval
from recount.arithmetic.outward import Floats
from recount.arithmetic.relations import Mask, evaluate, names, parse_expression
from recount.arithmetic.searching import places, smallest
from recount.arithmetic.solver import ON, Rows, Solver
from recount.audit.evidence import OWN, Evidence
from recount.audit.panel import Conflict, Panel
from recount.audit.settings import AuditError, Settings
from recount.figures.readings import READINGS, ROUNDINGS, Bounds

if TYPE_CHECKING:  # the arithmetic does without pandas, and without the grammar of printed figures
    import pandas as pd

    from recount.audit.explanations import Explanation
    from recount.package.dataset import Dataset

VERDICTS = ("confirmed", "consistent", "bounded", "contradicted", "undecided", "unchecked")

__all__ = ["VERDICTS", "Audit", "AuditError", "Conflict", "Settings"]

# A support may reproduce the recomputed interval this loosely, as a part of its end's size: tighter
# would call in every figure that moves the ninth digit.
_CARRIES = 1e-3


class Audit:
    """The audit of one dataset under one reading; everything is computed when first asked for."""

    def __init__(self, data: Dataset, settings: Settings | None = None):
        self.data, self.settings = data, settings or Settings()
        self._evidence = Evidence(data, [self.settings])
        self._panel = Panel(self._evidence)
        self.printed = self._evidence.printed[0]

    # -- figures --------------------------------------------------------------------------------

    def interval(self, printed: str, quantity: str = "") -> Interval:
        """What a printed figure can stand for under this audit's reading and rounding rule.

        With the `quantity` that it measures, of whole numbers only where that takes no others.
        """
        whole = self._evidence.whole.get(quantity, False)
        return self.data.interval(printed, self.settings.reading, self.settings.rounding, whole)

    def bounds(self, printed: str) -> Bounds:
        """The same with exact ends, each open or closed."""
        figure = self.data.figure(printed)
        return self.data.readings.bounds(figure, self.settings.reading, self.settings.rounding)

    def value(self, name: str) -> Interval:
        """A statistic's printed interval, or else what the evidence printed for a quantity says."""
        if name in self.printed:
            return self.interval(self.printed[name], self._evidence.quantity[name])
        interval = self.data.natural(name)
        for item in self._evidence.items:
            if item.quantity == name:
                interval = interval.intersection(Interval(item.interval.lower[0], item.interval.upper[0]))
        return interval

    def evaluate(self, expression: str) -> Interval:
        """An expression over statistics and quantities, from printed and natural intervals alone."""
        parsed = parse_expression(expression)
        for name in names(parsed):
            if name not in self.printed and name not in self.data.natural_bounds:
                raise AuditError(f"{expression!r}: {name!r} is neither a statistic nor a quantity")
        return evaluate(parsed, self.value)

    # -- conflicts and verdicts -----------------------------------------------------------------

    @property
    def solvers(self) -> list[Solver]:
        """One for each set of quantities that the relations tie together."""
        return self._evidence.solvers

    @property
    def relation_states(self) -> dict[str, str]:
        """Each relation `on`, `off` or `open` (one answer among rivals) under the settings."""
        return self._evidence.states()

    @functools.cached_property
    def conflicts(self) -> list[Conflict]:
        """Smallest sets that cannot all hold and share no figure; each is set aside in turn."""
        return list(self._panel.conflicts[0].separate)

    @functools.cached_property
    def overlapping(self) -> list[Conflict]:
        """Further sets that cannot all hold, and share a figure with one of `conflicts`."""
        return list(self._panel.conflicts[0].overlapping)

    @functools.cached_property
    def disputed(self) -> list[str]:
        """The figures of all `conflicts`."""
        return self._panel.conflicts[0].disputed

    @functools.cached_property
    def recomputed(self) -> dict[str, Interval]:
        """What all the evidence except itself leaves possible for each statistic."""
        each = self._panel.recomputed
        return {id: Interval(found.lower[0], found.upper[0]) for id, found in each.items()}

    @functools.cached_property
    def verdicts(self) -> dict[str, str]:
        """One of `VERDICTS` for each statistic.

        `contradicted` only where it is so in every reading, and standing only with a witness.
        """
        found = self._panel.verdicts[0]
        varying = {id for id in self.disputed if set(self.readings[id].values()) != {"contradicted"}}
        unproved = {id for id in self.unproved if found[id] != "unchecked"}
        return found | dict.fromkeys(varying | unproved, "undecided")

    @functools.cached_property
    def readings(self) -> dict[str, dict[str, str]]:
        """Each statistic's verdict under each reading of hedges and rounding rule, as `literal half_up`."""
        ways = [(reading, rounding) for reading in READINGS for rounding in ROUNDINGS]
        evidence = Evidence(self.data, [replace(self.settings, reading=r, rounding=q) for r, q in ways])
        verdicts = Panel(evidence).verdicts
        return {
            id: {" ".join(way): each[id] for way, each in zip(ways, verdicts, strict=True)}
            for id in self.printed
        }

    def scenarios(self, changes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """What-ifs in one batch: a row per scenario and statistic, with `lower`, `upper` and `verdict`.

        A change names some of this audit's settings anew, such as `{"reading": "literal"}`; its
        assumptions, overrides and published figures are added to the audit's own. The verdict is
        that of the one way of reading. The index is (scenario, statistic), scenarios numbered from 0.

        No scenario's row depends on the others, so a batch can be split: 10,000 scenarios of a hundred
        statistics hold up to half a gigabyte, and memory grows with their number.
        """
        import pandas as pd

        panel = Panel(Evidence(self.data, [self.settings.changed(change) for change in changes]))
        names = ["scenario", "statistic"]
        index = pd.MultiIndex.from_product([range(len(changes)), list(self.printed)], names=names)
        ends = [(found.lower, found.upper) for found in panel.recomputed.values()]
        columns = np.array(ends, dtype=float).reshape(len(self.printed), 2, len(changes)).transpose(2, 0, 1)
        table = pd.DataFrame(columns.reshape(-1, 2), index=index, columns=["lower", "upper"])
        return table.assign(verdict=panel.judged.reshape(-1))

    # -- proof ----------------------------------------------------------------------------------

    @functools.cached_property
    def _proofs(self) -> list[tuple[Solver, dict[str, float] | None]]:
        return [(solver, self._proof(solver)) for solver in self._evidence.solvers]

    def _proof(self, solver: Solver) -> dict[str, float] | None:
        """Values that all undisputed evidence of one network allows, rechecked; None without any."""
        from recount.arithmetic import witness

        box, on = solver.settled(solver.mask([self.disputed]))
        relations = [rule.relation.text for rule, counts in zip(solver.rules, on, strict=True) if counts]
        whole = [quantity for quantity in solver.quantities if self._evidence.whole[quantity]]
        limits = {quantity: self._limits[quantity] for quantity in solver.quantities}
        tried = witness.search(solver, box, on)
        return next((found for found in tried if not witness.failures(found, relations, limits, whole)), None)

    @functools.cached_property
    def _limits(self) -> dict[str, list[Bounds]]:
        """What is printed of each quantity and not disputed, and what is possible of it at all."""
        table = self.data.quantities
        ends = zip(table["id"], table["lower"], table["upper"], strict=True)
        limits = {
            id: [Bounds(Decimal(low) if low else None, Decimal(high) if high else None, False, False)]
            for id, low, high in ends
        }
        for id, printed in self.printed.items():
            if id not in self.disputed:
                limits[self._evidence.quantity[id]].append(self.bounds(printed))
        for item in self._evidence.items:
            if item.kind != OWN:
                low, high = Decimal(float(item.interval.lower[0])), Decimal(float(item.interval.upper[0]))
                limits[item.quantity].append(Bounds(low, high, False, False))
        return limits

    @functools.cached_property
    def witness(self) -> dict[str, float]:
        """One value for each quantity such that all undisputed figures and relations hold at once.

        Quantities of a network for which none was found are missing.
        """
        return {quantity: value for _, found in self._proofs for quantity, value in (found or {}).items()}

    @functools.cached_property
    def unproved(self) -> list[str]:
        """The undisputed statistics for which neither a conflict nor a witness was found."""
        quantity, disputed = self._evidence.quantity, set(self.disputed)
        return [id for id in self.printed if quantity[id] not in self.witness and id not in disputed]

    # -- support --------------------------------------------------------------------------------

    @functools.cached_property
    def support(self) -> dict[str, list[str]]:
        """For each statistic a smallest set of units that carries its recomputed interval."""
        support: dict[str, list[str]] = {id: [] for id in self.printed}
        for solver in self._evidence.solvers:
            support |= self._supports_in(solver)
        for conflict in self.conflicts:
            support |= {id: [unit for unit in conflict.units if unit != id] for id in conflict.statistics}
        return support

    def _supports_in(self, solver: Solver) -> dict[str, list[str]]:
        found = self._panel.verdicts[0]
        asked = [item.id for item in solver.items
                 if item.kind == OWN and found[item.id] not in ("contradicted", "unchecked")]  # fmt: skip
        taken = solver.mask([self._panel.left_out(id) for id in asked])
        place = np.array([solver.index[self._evidence.quantity[id]] for id in asked], dtype=int)
        lower = np.array([self.recomputed[id].lower for id in asked])
        upper = np.array([self.recomputed[id].upper for id in asked])
        lower, upper = lower - _slack(lower), upper + _slack(upper)

        def carried(units: Mask, searches: Rows) -> Mask:
            box, rows = solver.possible(units).box, np.arange(len(searches))
            found = box.lower[place[searches], rows], box.upper[place[searches], rows]
            return (found[0] >= lower[searches]) & (found[1] <= upper[searches])

        return dict(zip(asked, self._smallest(solver, taken, carried), strict=True))

    def _smallest(self, solver: Solver, taken: Mask, does: Callable[[Mask, Rows], Mask]) -> list[list[str]]:
        """The units of a smallest part of what each search takes that still does, as preferred."""
        order = self._evidence.by_preference(solver)
        parts = smallest(places(order, taken), does)
        return [[solver.units[unit] for unit in order if part[unit]] for part in parts.T]

    def support_kind(self, id: str) -> str:
        """Of what kind the figures are that carry a verdict, joined by `+`.

        `definition` where relations and the quantities' own bounds do without a figure; empty where
        the verdict rests on nothing.
        """
        items = {item.id: item for item in self._evidence.items}
        kinds = set()
        for unit in self.support[id]:
            if unit in items:
                same = items[unit].kind == OWN and items[unit].quantity == self._evidence.quantity[id]
                kinds.add("restatement" if same else items[unit].kind)
        if self.support[id] and not kinds:
            return "definition"
        return "+".join(kind for kind in (OWN, "restatement", "list", "reference") if kind in kinds)

    def assumed(self, id: str) -> list[str]:
        """The assumptions in a statistic's support."""
        return [unit for unit in self.support[id] if self._evidence.basis.get(unit) == "assumption"]

    # -- slips ----------------------------------------------------------------------------------

    @functools.cached_property
    def explanations(self) -> list[Explanation]:
        """Slips of one figure, or else of two, that make the whole report hold together again."""
        from recount.audit.explanations import explanations

        return explanations(self._evidence, self._panel.conflicts[0], self._evidence.solvers)

    @functools.cached_property
    def slips(self) -> dict[str, list[dict[str, Any]]]:
        """For each disputed statistic the simple slips that would restore consistency, best first."""
        from recount.audit import slips
        from recount.audit.explanations import Case

        found: dict[str, list[dict[str, Any]]] = {id: [] for id in self.printed}
        for conflict in self.conflicts:
            others = [id for id in self.disputed if id not in conflict.statistics]
            misread = [self._dropped(rule, others) for rule in conflict.assumptions]
            for id in conflict.statistics:
                solver = self._evidence.home[self._evidence.quantity[id]]
                mending = Case(self._evidence, solver).mended(id, others)
                made = [slip for slip in misread if slip]
                made += [
                    {"printed": slip.printed, "kind": slip.kind} | ({"quantity": slip.of} if slip.of else {})
                    for slip in mending
                ]
                found[id] = sorted(made, key=lambda slip: slips.rank(slip["kind"]))
        return found

    def _dropped(self, rule: str, others: Sequence[str]) -> dict[str, Any] | None:
        """The slip of having read an assumption into the words, and what then remains possible."""
        tied = self.data.parsed_relations[rule].names
        solver = self._evidence.home[tied[0]]
        possible = solver.possible(solver.mask([[rule, *others]]))
        if possible.empty[0]:
            return None
        uncited = [quantity for quantity in tied if quantity not in set(self._evidence.quantity.values())]
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
        import pandas as pd

        basis, question = self._evidence.basis, self._evidence.question
        tried = [id for id, kind in basis.items() if kind == "assumption" or question[id]]
        refuted: dict[str, list[str]] = {}
        for solver in self._evidence.grouped([self._evidence.rule(id, [ON]) for id in basis]):
            refuted |= self._refuted(solver, [id for id in tried if id in solver.unit_index])
        rows = [
            (id, question[id], "refuted" if id in refuted else "tenable", refuted.get(id, [])) for id in tried
        ]
        return pd.DataFrame(rows, columns=["id", "question", "status", "conflict"]).set_index("id")

    def _refuted(self, solver: Solver, tried: Sequence[str]) -> dict[str, list[str]]:
        """Those of `tried` that the rest of the evidence rules out, with what does."""
        relaxed = {unit for c in self.conflicts for unit in (c.assumptions or c.statistics)}
        off = {id for id, state in self._evidence.states().items() if state != "on"}
        rivals = [{r for r, q in self._evidence.question.items() if q == self._evidence.question[id] != ""}
                  for id in tried]  # fmt: skip
        left_out = [off | relaxed | others - {id} for id, others in zip(tried, rivals, strict=True)]
        left_out = [without - {id} for id, without in zip(tried, left_out, strict=True)]
        taken = solver.mask(left_out)
        gone = np.flatnonzero(solver.possible(taken).empty).tolist()
        sets = self._smallest(solver, taken[:, gone], lambda units, _: solver.possible(units).empty)
        return dict(zip([tried[row] for row in gone], sets, strict=True))

    @functools.cached_property
    def implied(self) -> dict[str, Interval]:
        """What all undisputed evidence leaves possible for every quantity, cited or not."""
        result: dict[str, Interval] = {}
        for solver in self._evidence.solvers:
            possible = solver.possible(solver.mask([self.disputed]))
            result |= {quantity: solver.at(possible, quantity) for quantity in solver.quantities}
        return result

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per statistic, in the order of the report."""
        from recount.audit.ledger import ledger

        return ledger(self)


def _slack(ends: Floats) -> Floats:
    return np.where(np.isfinite(ends), _CARRIES * np.abs(ends), 0.0)


def _ends(interval: Interval) -> list[float]:
    return [float(interval.lower), float(interval.upper)]
