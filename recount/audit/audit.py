"""Recompute every statistic from all the evidence except itself, and give it a verdict.

The evidence is the report's other figures, the lists it spells out, outside references and the
relations between quantities. What the evidence says under one reading stands in `Audit`; whether it
would say the same under another, in `Audit.readings`, `Audit.scenarios` and `Audit.with_`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from recount.arithmetic import witness
from recount.arithmetic.intervals import Interval
from recount.arithmetic.network import Figure
from recount.arithmetic.relations import evaluate, names, parse_expression
from recount.audit import slips
from recount.audit.conflicts import Conflict
from recount.audit.evidence import OWN, Evidence, Part
from recount.audit.explanations import Case, Explanation
from recount.audit.judgement import Judgement
from recount.audit.recheck import failures
from recount.audit.settings import AuditError, Settings
from recount.figures.readings import Bounds

if TYPE_CHECKING:  # the arithmetic does without pandas, and without the grammar of printed figures
    import pandas as pd

    from recount.audit.proof import Proof
    from recount.package import Dataset

VERDICTS = ("confirmed", "consistent", "bounded", "contradicted", "undecided", "unchecked")
# Networks under different settings that are remembered.
_KEPT = 1 << 14
_KINDS = (OWN, "restatement", "list", "reference")


class Audit:
    """The audit of one dataset under one reading; everything is computed when first asked for.

    Parameters
    ----------
    data : the dataset (`recount.package.load`, `recount.package.report`)
    settings : how the report is read and what counts as evidence; by default the book's choice
    changes : single settings by name, put over these: `Audit(data, rounding="ceiling")`

    Raises
    ------
    AuditError
        Naming the setting, what was found and what was expected.

    Examples
    --------
    >>> from recount.package import report
    >>> audit = Audit(report({"loans": "9.6亿元", "farm_loans": "2.5亿元", "farm_share": "36%"},
    ...                      ["farm_share == farm_loans / loans"]))
    >>> audit.recomputed["farm_share"]
    [0.253886, 0.267016] ratio
    >>> audit.with_(overrides={"farm_share": "26%"}).verdicts["farm_share"]
    'consistent'
    """

    def __init__(self, data: Dataset, settings: Settings | None = None, **changes: Any):
        self.data = data
        self.settings = (settings or Settings()).changed(changes).checked(data)
        self._evidence = Evidence(data)
        self._judged = functools.lru_cache(maxsize=_KEPT)(self._judge)

    def with_(self, **changes: Any) -> Audit:
        """The same audit under other settings: `audit.with_(reading="loose", assumptions={"a": False})`.

        Assumptions, overrides and published figures are added to the audit's own. Networks of
        evidence that the changes leave as they are are not worked out again.
        """
        audit = object.__new__(type(self))
        audit.data, audit._evidence, audit._judged = self.data, self._evidence, self._judged
        audit.settings = self.settings.changed(changes).checked(self.data)
        return audit

    # -- figures --------------------------------------------------------------------------------

    @functools.cached_property
    def printed(self) -> dict[str, str]:
        """The printed figure of each statistic, or what it is taken to print instead."""
        return self._evidence.printed | dict(self.settings.overrides or {})

    def interval(self, printed: str, quantity: str = "", rule: str = "") -> Interval:
        """What a printed figure can stand for under this audit's reading and rounding rule.

        With the `quantity` that it measures, of whole numbers only where that takes no others; `rule` is
        another rounding rule than the audit's.
        """
        whole, rounding = self._evidence.whole.get(quantity), rule or self.settings.rounding
        interval = self.data.interval(printed, self.settings.reading, rounding, whole)
        return Interval(interval.lower, interval.upper, self.data.figure(printed).unit)

    def bounds(self, printed: str) -> Bounds:
        """What a figure read alone can stand for, with exact ends, each open or closed."""
        figure = self.data.figure(printed)
        return self.data.readings.bounds(figure, self.settings.reading, self.settings.rounding)

    def rule(self, id: str) -> str:
        """The rounding rule that a statistic's figure is read by: the one declared for it, or the audit's."""
        return self.data.rules.get(id, self.settings.rounding)

    def meant(self, id: str) -> Bounds:
        """What a statistic's figure can stand for as a value of its quantity, with exact ends.

        What is printed coarser than in units keeps its own ends: 508.8万户 is 5,087,500 to 5,088,500
        households, the latter left out.
        """
        figure = self.data.figure(self.printed[id])
        whole = self._evidence.whole[self._evidence.quantity[id]] and figure.place <= 1
        return self.data.readings.bounds(figure, self.settings.reading, self.rule(id), whole)

    def value(self, name: str) -> Interval:
        """A statistic's printed interval, or else what the evidence printed for a quantity says."""
        if name in self.printed:
            return self.interval(self.printed[name], self._evidence.quantity[name], self.rule(name))
        natural = self.data.natural(name)
        interval = Interval(natural.lower, natural.upper, self.data.units[name])
        for _, figure in self._evidence.figures(self.settings):
            if figure.quantity == name:
                interval = interval.intersection(Interval(*figure.ends))
        return interval

    def evaluate(self, expression: str) -> Interval:
        """An expression over statistics and quantities, from printed and natural intervals alone."""
        parsed = parse_expression(expression)
        for name in names(parsed):
            if name not in self.printed and name not in self.data.natural_bounds:
                raise AuditError(f"{expression!r}: {name!r} is neither a statistic nor a quantity")
        return evaluate(parsed, self.value)

    # -- conflicts and verdicts -----------------------------------------------------------------

    @functools.cached_property
    def judgements(self) -> list[Judgement]:
        """One for each set of quantities that the relations tie together."""
        return [self._judged(*part) for part in self._evidence.parts(self.settings)]

    def _judge(self, part: Part, figures: tuple[tuple[str, Figure], ...]) -> Judgement:
        return Judgement(self._evidence, self._evidence.system(part, figures))

    @functools.cached_property
    def _home(self) -> dict[str, Judgement]:
        """The judgement of the network that each quantity belongs to."""
        return {
            quantity: judged for judged in self.judgements for quantity in judged.system.network.quantities
        }

    def _at_home(self, statistic: str) -> Judgement:
        return self._home[self._evidence.quantity[statistic]]

    @property
    def relation_states(self) -> dict[str, str]:
        """Each relation `on`, `off` or `open` (one answer among rivals) under the settings."""
        return self._evidence.states(self.settings)

    @functools.cached_property
    def conflicts(self) -> list[Conflict]:
        """Smallest sets that cannot all hold and share no figure; each is set aside in turn."""
        return [conflict for judged in self.judgements for conflict in judged.conflicts.separate]

    @functools.cached_property
    def overlapping(self) -> list[Conflict]:
        """Further sets that cannot all hold, and share a figure with one of `conflicts`."""
        return [conflict for judged in self.judgements for conflict in judged.conflicts.overlapping]

    @functools.cached_property
    def disputed(self) -> list[str]:
        """The figures of all `conflicts`."""
        return [id for conflict in self.conflicts for id in conflict.statistics]

    @functools.cached_property
    def recomputed(self) -> dict[str, Interval]:
        """What all the evidence except itself leaves possible for each statistic."""
        units, quantity = self.data.units, self._evidence.quantity
        return {id: Interval(*self._at_home(id).recomputed[id], units[quantity[id]]) for id in self.printed}

    @functools.cached_property
    def one_way(self) -> dict[str, str]:
        """Each statistic's verdict under this one reading, whether or not it is proved."""
        return {id: self._at_home(id).verdicts[id] for id in self.printed}

    @functools.cached_property
    def verdicts(self) -> dict[str, str]:
        """One of `VERDICTS` for each statistic.

        `contradicted` only where it is so in every reading, and standing only with a witness.
        """
        varying = {id for id in self.disputed if set(self.readings[id].values()) != {"contradicted"}}
        unproved = {id for id in self.unproved if self.one_way[id] != "unchecked"}
        return self.one_way | dict.fromkeys(varying | unproved, "undecided")

    @functools.cached_property
    def readings(self) -> dict[str, dict[str, str]]:
        """Each statistic's verdict under each reading of hedges and rounding rule, as `literal half_up`.

        The ways that the table of readings has any report tried under; a figure whose rule is declared
        keeps that rule.
        """
        tried = self.data.readings.ways
        ways = {f"{r} {q}": self.with_(reading=r, rounding=q).one_way for r, q in tried}
        return {id: {way: verdicts[id] for way, verdicts in ways.items()} for id in self.printed}

    def scenarios(self, changes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
        """What-ifs: a row per scenario and statistic, with `lower`, `upper` and `verdict`.

        A change names some of this audit's settings anew, as for `with_`. The verdict is that of the one
        way of reading. The index is (scenario, statistic), scenarios numbered from 0. Only networks of
        evidence that a change touches are worked out anew.
        """
        import pandas as pd

        rows: dict[str, list[Any]] = {"lower": [], "upper": [], "verdict": []}
        for change in changes:
            what_if = self.with_(**change)
            for id in self.printed:
                judged = what_if._at_home(id)
                low, high = judged.recomputed[id]
                rows["lower"].append(low)
                rows["upper"].append(high)
                rows["verdict"].append(judged.verdicts[id])
        index = [range(len(changes)), list(self.printed)]
        return pd.DataFrame(rows, pd.MultiIndex.from_product(index, names=["scenario", "statistic"]))

    # -- proof ----------------------------------------------------------------------------------

    @functools.cached_property
    def witness(self) -> dict[str, float]:
        """One value for each quantity such that all undisputed figures and relations hold at once.

        Quantities of a network for which none was found are missing.
        """
        proofs = (self._proof(judged) for judged in self.judgements)
        return {quantity: value for values in proofs for quantity, value in values.items()}

    def _proof(self, judged: Judgement) -> dict[str, float]:
        """Values that all undisputed evidence of one network allows, rechecked; empty without any."""
        limits = {quantity: self._limits[quantity] for quantity in judged.system.network.quantities}
        whole = [quantity for quantity in limits if self._evidence.whole[quantity]]
        for box, rules in judged.answers():
            relations = [self.data.relations.at[id, "relation"] for id in rules]
            for values in witness.search(judged.system, box):
                if not failures(values, relations, limits, whole):
                    return values
        return {}

    @functools.cached_property
    def _limits(self) -> dict[str, list[Bounds]]:
        """What is printed of each quantity and not disputed, and what is possible of it at all."""
        table = self.data.quantities
        ends = zip(table["id"], table["lower"], table["upper"], strict=True)
        limits = {
            id: [Bounds(Decimal(low) if low else None, Decimal(high) if high else None, False, False)]
            for id, low, high in ends
        }
        for id, figure in self._evidence.figures(self.settings):
            if id not in self.printed:
                low, high = (Decimal(end) for end in figure.ends)
                limits[figure.quantity].append(Bounds(low, high, False, False))
            elif id not in self.disputed:
                limits[figure.quantity].append(self.meant(id))
        return limits

    @functools.cached_property
    def unproved(self) -> list[str]:
        """The undisputed statistics for which neither a conflict nor a witness was found."""
        quantity, disputed = self._evidence.quantity, set(self.disputed)
        return [id for id in self.printed if quantity[id] not in self.witness and id not in disputed]

    # -- support --------------------------------------------------------------------------------

    @functools.cached_property
    def support(self) -> dict[str, list[str]]:
        """For each statistic a smallest set of pieces of evidence that carries its recomputed interval."""
        return {id: self._at_home(id).support.get(id, []) for id in self.printed}

    def support_kind(self, id: str) -> str:
        """Of what kind the figures are that carry a verdict, joined by `+`.

        `definition` where relations and the quantities' own bounds do without a figure; empty where
        the verdict rests on nothing.
        """
        figures, quantity = self._at_home(id).system.figures, self._evidence.quantity
        kinds = set()
        for piece in self.support[id]:
            if piece in figures:
                kind = self._evidence.kind(piece)
                same = kind == OWN and quantity[piece] == quantity[id]
                kinds.add("restatement" if same else kind)
        if self.support[id] and not kinds:
            return "definition"
        return "+".join(kind for kind in _KINDS if kind in kinds)

    def assumed(self, id: str) -> list[str]:
        """The assumptions in a statistic's support."""
        return [piece for piece in self.support[id] if self._evidence.basis.get(piece) == "assumption"]

    def proof(self, id: str) -> Proof | None:
        """Why a contradicted statistic cannot be as printed: the lines to add up, with their weights.

        None for any other, and where the relations of its conflict are not linear.

        Examples
        --------
        >>> from recount.package.small import report
        >>> data = report({"all": "24元", "each": "7元", "number": "2笔"}, ["all <= number * each"])
        >>> Audit(data).proof("all").bound
        15.0
        """
        from recount.audit.proof import prove

        judged = self._at_home(id)
        conflict = next((c for c in judged.conflicts.separate if id in c.statistics), None)
        return conflict and prove(self._evidence, judged, conflict, id)

    # -- slips ----------------------------------------------------------------------------------

    @functools.cached_property
    def _cases(self) -> list[Case]:
        return [
            Case(self._evidence, self.settings, judged)
            for judged in self.judgements
            if judged.conflicts.separate
        ]

    @functools.cached_property
    def explanations(self) -> list[Explanation]:
        """Slips of one figure, or else of two, that make the whole report hold together again."""
        return [explanation for case in self._cases for explanation in case.explained()]

    @functools.cached_property
    def slips(self) -> dict[str, list[dict[str, Any]]]:
        """For each disputed statistic the simple slips that would restore consistency, best first."""
        listed: dict[str, list[dict[str, Any]]] = {id: [] for id in self.printed}
        for case in self._cases:
            for conflict in case.conflicts.separate:
                others = [id for id in self.disputed if id not in conflict.statistics]
                misread = [slip for rule in conflict.assumptions if (slip := self._dropped(rule, others))]
                for id in conflict.statistics:
                    mending = [slip.record for slip in case.mended(id, others)]
                    listed[id] = sorted(misread + mending, key=lambda slip: slips.rank(slip["kind"]))
        return listed

    def _dropped(self, rule: str, others: Sequence[str]) -> dict[str, Any] | None:
        """The slip of having read an assumption into the words, and what then remains possible."""
        tied = self.data.parsed_relations[rule].names
        system = self._home[tied[0]].system
        box = system.possible(set(system.pieces).difference([rule, *others]))
        if box is None:
            return None
        cited = set(self._evidence.quantity.values())
        implied = {quantity: list(system.at(box, quantity)) for quantity in tied if quantity not in cited}
        kind = self.data.relations.loc[rule, "slip"] or "assumption"
        return {"relation": rule, "kind": kind, "implied": implied}

    # -- what else follows ----------------------------------------------------------------------

    @functools.cached_property
    def alternatives(self) -> pd.DataFrame:
        """Each assumption and each answer to an open question, tried by itself on all the figures.

        The figures stand as printed; assumptions that conflict with them are set aside, rival
        answers too. Columns: `question`, `status` (`tenable` or `refuted`), `conflict` (pieces of
        evidence that rule it out).
        """
        import pandas as pd

        from recount.audit.alternatives import refuted

        basis, question = self._evidence.basis, self._evidence.question
        tried = [id for id, kind in basis.items() if kind == "assumption" or question[id]]
        against = refuted(self._evidence, self.settings, self.conflicts, tried)
        rows = [
            (id, question[id], "refuted" if id in against else "tenable", against.get(id, [])) for id in tried
        ]
        return pd.DataFrame(rows, columns=["id", "question", "status", "conflict"]).set_index("id")

    @functools.cached_property
    def implied(self) -> dict[str, Interval]:
        """What all undisputed evidence leaves possible for every quantity, cited or not."""
        units = self.data.units
        return {
            quantity: Interval(*ends, units[quantity])
            for judged in self.judgements
            for quantity, ends in judged.possible.items()
        }

    @functools.cached_property
    def ledger(self) -> pd.DataFrame:
        """One row per statistic, in the order of the report."""
        from recount.audit.ledger import ledger

        return ledger(self)
