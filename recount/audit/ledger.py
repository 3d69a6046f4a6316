"""The ledger of an audit: one row per statistic, in the order of the report."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from recount.audit import Audit


def ledger(audit: Audit) -> pd.DataFrame:
    """Every statistic with its printed and recomputed interval, verdict, support, conflict and slips."""
    if not audit.printed:
        return pd.DataFrame({"id": []})
    rows = [_record(audit, id) for id in audit.printed]
    return pd.DataFrame(rows, index=list(audit.printed))


def _record(audit: Audit, id: str) -> dict[str, Any]:
    statistic = audit.data.statistics.loc[id]
    quantity = audit.data.quantities.loc[statistic["quantity"]]
    natural = audit.data.natural(statistic["quantity"])
    printed, recomputed = audit.meant(id), audit.recomputed[id]
    readings = audit.readings[id]
    return {
        "id": id,
        "section": statistic["section"],
        "printed": audit.printed[id],
        "unit": quantity["unit"],
        "lower": -inf if printed.lower is None else float(printed.lower),
        "upper": inf if printed.upper is None else float(printed.upper),
        "recomputed_lower": recomputed.lower,
        "recomputed_upper": recomputed.upper,
        "verdict": audit.verdicts[id],
        "support": audit.support[id],
        "support_kind": audit.support_kind(id),
        "assumptions": audit.assumed(id),
        "lowest": natural.lower,
        "highest": natural.upper,
        "conflict": next((list(c.pieces) for c in audit.conflicts if id in c.statistics), []),
        "slips": audit.slips[id],
        "rounding": audit.rule(id),
        "readings": readings,
        "contradicted_under": [way for way, verdict in readings.items() if verdict == "contradicted"],
        "witness": audit.witness.get(quantity["id"]) if id not in audit.disputed else None,
        "kind": statistic["kind"],
        "quantity": quantity["id"],
        "scope": quantity["scope"],
        "as_of": statistic["as_of"],
        **{name: statistic[name] for name in ("label_zh", "label_en") if name in statistic},
    }
