"""Why a figure cannot be as printed: what the others of its conflict say, with a weight for each line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from recount.arithmetic.cone import ONE, Cone, Step
from recount.arithmetic.ends import meet
from recount.arithmetic.linear import linear
from recount.audit.conflicts import Conflict
from recount.audit.evidence import Evidence
from recount.audit.judgement import Judgement

# What of a line's constant is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Proof:
    """What the other members of a figure's conflict prove of it.

    The `quantity` is at `side` (`most` or `least`) `bound`, and its figure says otherwise. Each line is a row
    of `lines`: the `piece` of evidence, the `inequality` that it says, and the `weight` with which it
    is added to the others.
    """

    quantity: str
    side: str
    bound: float
    lines: pd.DataFrame


def prove(evidence: Evidence, judged: Judgement, conflict: Conflict, statistic: str) -> Proof | None:
    """The proof for one figure of a conflict; None where linear relations alone do not give one.

    Of a product either quantity can be the factor: the proof that says more is taken.
    """
    proofs = [_proof(evidence, judged, conflict, statistic, choice) for choice in (0, -1)]
    return max((proof for proof in proofs if proof), key=lambda proof: len(proof.lines), default=None)


def _proof(
    evidence: Evidence, judged: Judgement, conflict: Conflict, statistic: str, choice: int
) -> Proof | None:
    system, quantity = judged.system, evidence.quantity[statistic]
    network = system.network
    rules = [piece for piece in conflict.pieces if piece in network.number]
    relations = [evidence.data.parsed_relations[rule] for rule in rules]
    together = linear(network.quantities, evidence.levels(network.quantities), relations, choice)
    box = system.add(system.nothing_known, [piece for piece in conflict.pieces if piece != statistic])
    if together is None or box is None:
        return None
    # what stands in a sum is as printed, so that every line is somebody's; its factors may be narrowed
    factors = {slot for sum_ in together.sums for factor in sum_.factors.values() for slot in factor.slots}
    natural = zip(network.quantities, network.natural, zip(box.low, box.high, strict=True), strict=True)
    ends = {name: left if network.index[name] in factors else wide for name, wide, left in natural}
    printing: dict[str, list[str]] = {}
    for piece in (piece for piece in conflict.pieces if piece in system.figures and piece != statistic):
        figure = system.figures[piece]
        ends[figure.quantity] = meet(*ends[figure.quantity], *figure.ends)
        printing.setdefault(figure.quantity, []).append(piece)
    low, high = (list(side) for side in zip(*ends.values(), strict=True))
    cone = Cone(together, low, high, [True] * len(rules))
    printed = system.figures[statistic].ends
    for side in ("most", "least"):
        bound, steps = cone.proof(network.index[quantity], side == "most")
        if bound < printed[0] if side == "most" else bound > printed[1]:
            lines = [_line(step, rules, network.quantities, printing, low, high) for step in steps]
            frame = pd.DataFrame(lines, columns=["piece", "inequality", "weight"])
            return Proof(quantity, side, bound, frame)
    return None


def _line(
    step: Step,
    rules: list[str],
    quantities: list[str],
    printing: Mapping[str, list[str]],
    low: list[float],
    high: list[float],
) -> tuple[str, str, float]:
    """The piece of evidence, the inequality and the weight of a step."""
    if step.kind == "rule":
        terms = {quantities[unknown]: factor for unknown, factor in step.row.items() if unknown != ONE}
        at_low = [factor * low[unknown] for unknown, factor in step.row.items() if unknown != ONE]
        constant = step.row.get(ONE, 0.0) - sum(at_low)
        if abs(constant) > _ROUNDING * max(map(abs, [step.row.get(ONE, 0.0), *at_low])):
            terms["1"] = constant
        return rules[step.number], _inequality(terms), step.weight
    name = quantities[step.number]
    sign, end = ("<=", high[step.number]) if step.kind == "upper" else (">=", low[step.number])
    return " ".join(printing.get(name, ())), f"{name} {sign} {end:.10g}", step.weight


def _inequality(terms: Mapping[str, float]) -> str:
    """A sum that is not negative, with what is taken off on the left."""
    less = [_term(name, -factor) for name, factor in terms.items() if factor < 0]
    more = [_term(name, factor) for name, factor in terms.items() if factor > 0]
    return f"{' + '.join(less) or '0'} <= {' + '.join(more) or '0'}"


def _term(name: str, factor: float) -> str:
    number = f"{factor:.10g}"
    return number if name == "1" else name if number == "1" else f"{number} * {name}"
