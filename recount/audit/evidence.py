"""The evidence of one dataset: printed figures as intervals, relations with their state, and networks.

How the report is read and what counts (`Settings`) gives each figure its interval and each relation its
state. The report's figures, the lists it spells out and outside references become figures of quantities;
quantities that no relation ties together fall into networks of their own.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from recount.arithmetic.linear import linear
from recount.arithmetic.network import Figure, Network, Quantity, Rule, System
from recount.arithmetic.points import counterpart
from recount.arithmetic.polynomials import polynomial
from recount.arithmetic.relations import Operation, Relation, compiled, tied_together
from recount.audit.settings import Settings

if TYPE_CHECKING:  # the tables bring pandas, which the arithmetic does without
    from recount.package import Dataset

OWN = "report"
_COMPARED = {"==": operator.eq, "<=": operator.le, ">=": operator.ge}
_ORDER = ("definition", "scope", OWN, "list", "reference", "assumption")


class Part(NamedTuple):
    """Quantities that relations tie together, and these relations with their questions, if any."""

    quantities: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    spares: tuple[str, ...]


Case = tuple[Part, tuple[tuple[str, Figure], ...]]


class Evidence:
    """The evidence of a dataset under any settings. What is worked out once is kept for all of them."""

    def __init__(self, data: Dataset):
        self.data = data
        self.quantity: dict[str, str] = data.statistics["quantity"].to_dict()
        self.basis: dict[str, str] = data.relations["basis"].to_dict()
        self.question: dict[str, str] = data.relations["question"].to_dict()
        self.default: dict[str, str] = data.relations["default"].to_dict()
        self.whole = data.whole
        self.printed: dict[str, str] = data.statistics["printed"].to_dict()
        self.lists: dict[str, int] = data.enumerations.groupby("quantity", sort=False).size().to_dict()
        self.references = data.references.to_dict("records")
        self.interval = functools.lru_cache(maxsize=None)(data.interval)
        self._parts = functools.lru_cache(maxsize=None)(self._connected)
        self._network = functools.lru_cache(maxsize=None)(self._built)

    # -- figures --------------------------------------------------------------------------------

    def figures(self, settings: Settings) -> Iterator[tuple[str, Figure]]:
        """Every figure that counts as evidence, by the id of its piece."""
        reading, rounding, everything = settings.reading, settings.rounding, settings.evidence == "all"
        rules, usual = self.data.rules, self.data.readings.usual[1]
        for id, printed in (self.printed | dict(settings.overrides or {})).items():
            yield id, self._figure(printed, self.quantity[id], reading, rules.get(id, rounding))
        for quantity, length in self.lists.items():
            yield f"list:{quantity}", Figure(quantity, (float(length), float(length)))
        for row in self.references if everything else ():
            piece = f"reference:{row['id']}"  # the settings' rule is the report's, not its source's
            rule = rules.get(piece, usual)
            yield piece, self._figure(row["printed"], row["quantity"], reading, rule)
        for quantity, printed in sorted((settings.published or {}).items()):
            yield f"published:{quantity}", self._figure(printed, quantity, reading, usual)

    def _figure(self, printed: str, quantity: str, reading: str, rounding: str) -> Figure:
        interval = self.interval(printed, reading, rounding, self.whole[quantity])
        return Figure(quantity, (interval.lower, interval.upper))

    def kind(self, piece: str) -> str:
        """Of what kind a piece is: report, list, reference, or a relation's basis (questions: assumption)."""
        if piece in self.quantity:
            return OWN
        prefix = piece.partition(":")[0]
        if prefix in ("list", "reference", "published"):
            return "reference" if prefix == "published" else prefix
        return self.basis.get(piece, "assumption")

    def by_preference(self, pieces: Iterable[str]) -> list[str]:
        """Pieces in the order in which an explanation should use them.

        Firm and near to the report comes first, assumptions and open questions come last.
        """
        return sorted(pieces, key=lambda piece: _ORDER.index(self.kind(piece)))

    # -- relations ------------------------------------------------------------------------------

    def states(self, settings: Settings) -> dict[str, str]:
        """Each relation `on`, `off` or `open`, with the settings' choices over the defaults."""
        state = dict(self.default)
        for id, on in (settings.assumptions or {}).items():
            if on and self.question[id]:  # choosing one answer rules its rivals out
                state |= {rival: "off" for rival, q in self.question.items() if q == self.question[id]}
            state[id] = "on" if on else "off"
        return state

    @functools.cached_property
    def impossible(self) -> set[str]:
        """The relations that no value at all satisfies, such as `growth == growth + 1`."""
        impossible = set()
        for id, relation in self.data.parsed_relations.items():
            if compiled(relation).shape.repeats:
                terms = polynomial(Operation("-", relation.left, relation.right))
                if terms.keys() == {()} and not _COMPARED[relation.symbol](terms[()], 0):
                    impossible.add(id)
        return impossible

    @functools.cached_property
    def _spares(self) -> dict[str, Relation]:
        """The relations of growth rates and gaps as they would be, had percent been printed for points."""
        spares = {}
        for statistic, subject in self.quantity.items():
            for id in self._of_rates.get(subject, ()):
                points = self.data.figure(self.printed[statistic]).points
                relation = counterpart(self.data.parsed_relations[id], subject, not points)
                if relation is not None:
                    spares[self.spare(id, statistic)] = relation
        return spares

    @staticmethod
    def spare(rule: str, statistic: str) -> str:
        """The id of the rule that stands in for another where a statistic's percent were points."""
        return f"{rule} of {statistic}"

    @functools.cached_property
    def _of_rates(self) -> dict[str, list[str]]:
        """For each rate or share the relations that tie it to nothing but others."""
        tying: dict[str, list[str]] = {}
        for id, relation in self.data.parsed_relations.items():
            if all(self.data.units[name] == "ratio" for name in relation.names):
                for name in relation.names:
                    tying.setdefault(name, []).append(id)
        return tying

    # -- networks -------------------------------------------------------------------------------

    def parts(self, settings: Settings, states: Mapping[str, str] | None = None) -> list[Case]:
        """The evidence in parts that nothing ties together, each with its figures.

        Relations are in the settings' `states`, or in others.
        """
        parts, home = self._parts(tuple((states or self.states(settings)).items()))
        figures: list[list[tuple[str, Figure]]] = [[] for _ in parts]
        for id, figure in self.figures(settings):
            figures[home[figure.quantity]].append((id, figure))
        return [(part, tuple(own)) for part, own in zip(parts, figures, strict=True)]

    def system(self, part: Part, figures: Iterable[tuple[str, Figure]]) -> System:
        """The network of a part with its figures."""
        return System(self._network(part), dict(figures))

    def _connected(self, states: Sequence[tuple[str, str]]) -> tuple[list[Part], dict[str, int]]:
        """Quantities in parts that no relation ties to one another, and the part that each is in.

        Answers to one question go together.
        """
        rules = {id: self.question[id] if state == "open" else "" for id, state in states if state != "off"}
        tied = {id: self.data.parsed_relations[id].names for id in rules}
        tied |= {id: relation.names for id, relation in self._spares.items()}
        anchors: dict[str, str] = {}
        sets = [
            [*names, anchors.setdefault(rules.get(id) or id, names[0])] for id, names in tied.items() if names
        ]
        groups = tied_together(list(self.whole), sets)
        home = {quantity: number for number, group in enumerate(groups) for quantity in group}
        members: list[list[str]] = [[] for _ in groups]
        for id, names in tied.items():
            if names:
                members[home[names[0]]].append(id)
        parts = [
            Part(
                tuple(group),
                tuple((id, rules[id]) for id in ids if id in rules),
                tuple(id for id in ids if id not in rules),
            )
            for group, ids in zip(groups, members, strict=True)
        ]
        return parts, home

    def _built(self, part: Part) -> Network:
        natural = self.data.natural_bounds
        quantities = {
            id: Quantity(natural[id].lower, natural[id].upper, self.whole[id]) for id in part.quantities
        }
        relations = {id: self.data.parsed_relations[id] for id, _ in part.rules}
        rules = [Rule(id, compiled(relations[id]), question) for id, question in part.rules]
        rules += [Rule(id, compiled(self._spares[id]), spare=True) for id in part.spares]
        together = linear(part.quantities, self.levels(part.quantities), list(relations.values()))
        return Network(quantities, rules, together)

    def levels(self, quantities: Iterable[str]) -> frozenset[str]:
        """Those that have a size, of which there can be shares and growth rates."""
        units, known = self.data.units, self.data.readings.units
        return frozenset(id for id in quantities if known.has_size(units[id]))
