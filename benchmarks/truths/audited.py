"""A report of this kind as the package takes it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from benchmarks.truths import averages, series, tables
from benchmarks.truths.draft import Draft
from recount.audit import Audit
from recount.package import Dataset
from recount.package.small import report

#: The kinds of report by name. Those of `LINEAR` have nothing but relations that the oracle knows.
KINDS: dict[str, Callable[[random.Random], Draft]] = {
    maker.__name__: maker
    for maker in (
        tables.cross,
        tables.nested,
        series.indices,
        series.monthly,
        series.shares_over_time,
        series.years,
        series.signs,
        series.near,
        averages.weighted,
        averages.heads,
        averages.ratios,
        averages.counts,
    )
}
LINEAR = ("cross", "nested", "indices", "monthly", "signs", "near", "weighted", "heads", "counts")


def drafted(kind: str, seed: int) -> Draft:
    """A true report of a kind; the same seed gives the same one."""
    return KINDS[kind](random.Random(f"{kind} {seed}"))


def dataset(draft: Draft) -> Dataset:
    """The report as a data package in memory; rows of one column differ in the territory that they are of."""
    data = report(
        {id: figure.text for id, figure in draft.figures.items()},
        draft.relations,
        units=draft.unprinted,
        limits=dict.fromkeys(draft.signed.intersection(draft.units), (None, None)),
        whole=draft.whole.intersection(draft.units),
    )
    scope = {id: f"row {n}" for column in draft.columns for n, id in enumerate(column)}
    quantities = data.quantities.assign(scope=[scope.get(id, "") for id in data.quantities["id"]])
    return replace(data, quantities=quantities)


def audited(draft: Draft, reading: str = "literal") -> Audit:
    """Its audit under the rounding rule by which it was printed."""
    return Audit(dataset(draft), reading=reading, rounding=draft.rounding)
