"""Whether a verdict stands when the report is read otherwise, an assumption falls or evidence is left out.

One change at a time for assumptions and for the answers to open questions, each with every way of
reading and with both kinds of evidence. The verdicts are those of each combination by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.audit.settings import EVIDENCE
from recount.figures.readings import default_readings

if TYPE_CHECKING:
    import pandas as pd

    from recount.audit import Audit


@dataclass(frozen=True)
class Change:
    """An assumption set aside or adopted, or a question answered; `relations` say the same thing.

    `kind` is `set_aside`, `adopted` or `answered`.
    """

    kind: str
    relations: tuple[str, ...]

    @property
    def settings(self) -> dict[str, Any]:
        """The change as a scenario of `Audit.scenarios`."""
        return {"assumptions": dict.fromkeys(self.relations, self.kind != "set_aside")}


def changes(audit: Audit) -> list[Change]:
    """Every single change of what is assumed, in the order of the relations.

    An assumption in force is set aside, one not in force adopted, an answer to an open question
    chosen. Relations with one note are parts of one assumption and change together.
    """
    table, state = audit.data.relations, audit.relation_states
    note = f"note_{audit.data.lang or 'en'}"
    parts: dict[tuple[str, str], list[str]] = {}
    for id in table.index:
        if table.loc[id, "basis"] == "assumption" or table.loc[id, "question"]:
            kind = {"on": "set_aside", "off": "adopted", "open": "answered"}[state[id]]
            parts.setdefault((kind, table.loc[id, note] or id), []).append(id)
    return [Change(kind, tuple(relations)) for (kind, _), relations in parts.items()]


def combinations(changed: Sequence[Change]) -> list[dict[str, Any]]:
    """Every way of reading with both kinds of evidence, without a change and with each of them."""
    single = [{}, *(change.settings for change in changed)]
    ways = itertools.product(default_readings().ways, EVIDENCE, single)
    return [{"reading": r, "rounding": q, "evidence": e, **change} for (r, q), e, change in ways]


def tried(audit: Audit, scenarios: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The verdict of every statistic (down) under each scenario (across, numbered from 0)."""
    return audit.scenarios(scenarios)["verdict"].unstack("scenario").loc[list(audit.printed)]


def lifted(audit: Audit, changed: Sequence[Change]) -> dict[str, list[Change]]:
    """For each figure in a conflict the single changes under which it is in none."""
    table = tried(audit, [change.settings for change in changed])
    return {
        id: [change for number, change in enumerate(changed) if table.loc[id, number] != "contradicted"]
        for id in audit.disputed
    }


def changed(
    before: Mapping[str, str], after: Mapping[str, str], ids: Iterable[str]
) -> dict[tuple[str, str], list[str]]:
    """Of `ids` those with another verdict after, by the pair of verdicts."""
    moved: dict[tuple[str, str], list[str]] = {}
    for id in ids:
        if before[id] != after[id]:
            moved.setdefault((before[id], after[id]), []).append(id)
    return moved
