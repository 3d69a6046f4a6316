"""Weighted means, so much per head or per hundred, ratios of ratios, averages of counts."""

from __future__ import annotations

import random
from fractions import Fraction

from benchmarks.truths.draft import ONE, Draft, Term
from benchmarks.truths.tables import amount


def weighted(rng: random.Random) -> Draft:
    """A mean rate of parts weighted by their size, over their amounts or written as products."""
    draft = Draft.new("weighted", rng)
    parts = "abcd"[: rng.randint(2, 4)]
    for part in parts:
        draft.level(f"loans_{part}", amount(rng, "yuan", 1e4, 1e6), "yuan")
        draft.rate(f"rate_{part}", Fraction(rng.randint(1_000, 12_000), 100_000))
    draft.level("loans", sum(draft.values[f"loans_{part}"] for part in parts), "yuan")
    draft.total("loans", [f"loans_{part}" for part in parts])
    interest = sum(draft.values[f"loans_{part}"] * draft.values[f"rate_{part}"] for part in parts)
    draft.rate("rate", interest / draft.values["loans"])
    products = " + ".join(f"loans_{part} * rate_{part}" for part in parts)
    row = (
        Term("loans", Fraction(0), "rate"),
        *(Term(f"loans_{p}", Fraction(0), f"rate_{p}", -ONE) for p in parts),
    )
    draft.relate(f"rate == ({products}) / loans", f"rate * loans == {products}", row=row)
    draft.print((id for id in draft.units if id.startswith("loans")), keep=rng.choice((0.0, 0.5, 0.9)))
    draft.print((id for id in draft.units if id.startswith("rate")), keep=0.9, hedged=0.05)
    return draft


def heads(rng: random.Random) -> Draft:
    """Amounts per head and things per hundred households of some regions and of all."""
    draft = Draft.new("heads", rng)
    regions = "abc"[: rng.randint(2, 3)]
    for region in regions:
        homes = draft.level(f"homes_{region}", amount(rng, "count", 1e3, 1e6), "count")
        draft.level(f"income_{region}", amount(rng, "yuan", 1, 10) * draft.values[homes], "yuan")
        cars = draft.values[homes] * Fraction(rng.randint(20, 180), 100)
        draft.level(f"cars_{region}", round(cars) + 1, "count")
    for thing, unit in (("homes", "count"), ("income", "yuan"), ("cars", "count")):
        parts = [f"{thing}_{region}" for region in regions]
        draft.level(thing, sum(draft.values[part] for part in parts), unit)
        draft.total(thing, parts)
        draft.column([*parts, thing], keep=rng.choice((0.3, 0.6, 1.0)))
    for suffix in (*(f"_{region}" for region in regions), ""):
        draft.quotient(f"per_home{suffix}", f"income{suffix}", f"homes{suffix}", "yuan")
        draft.quotient(f"per_hundred{suffix}", f"cars{suffix}", f"homes{suffix}", "count", 100)
        draft.print([f"per_home{suffix}", f"per_hundred{suffix}"], keep=0.7, hedged=0.1)
    return draft


def ratios(rng: random.Random) -> Draft:
    """A share here as a multiple of the share elsewhere, and output per worker as a multiple of another's."""
    draft = Draft.new("ratios", rng)
    for place in ("here", "there"):
        workers = draft.level(f"workers_{place}", amount(rng, "count", 1e3, 1e6), "count")
        draft.level(f"output_{place}", amount(rng, "yuan", 5, 30) * draft.values[workers], "yuan")
        share = Fraction(rng.randint(50, 950), 1000)
        draft.level(f"women_{place}", round(draft.values[workers] * share), "count")
        draft.quotient(f"per_worker_{place}", f"output_{place}", workers, "yuan")
        draft.quotient(f"share_{place}", f"women_{place}", workers)
    for id, of in (("lead", "per_worker"), ("concentration", "share")):
        draft.pair(id, "multiple", f"{of}_here", f"{of}_there", "times")
    draft.print(draft.units, keep=0.75, hedged=0.1)
    return draft


def counts(rng: random.Random) -> Draft:
    """Whole counts, some in full, and their averages, which are no whole numbers but may be printed so."""
    draft = Draft.new("counts", rng)
    homes = draft.level("homes", amount(rng, "count", 5, 1e4), "count")
    draft.level("people", round(draft.values[homes] * Fraction(rng.randint(150, 500), 100)) + 1, "count")
    draft.level("children", round(draft.values["people"] * Fraction(rng.randint(5, 35), 100)), "count")
    draft.level("adults", draft.values["people"] - draft.values["children"], "count")
    draft.total("people", ["adults", "children"])
    draft.quotient("size", "people", homes, "count")
    draft.quotient("young", "children", "people")
    if draft.values["children"] % draft.values[homes]:
        draft.quotient("per_ten", "children", homes, "count", 10)
    # an average of 3.04 persons is printed as 3.04, 3.0 or 3
    for id in ("size", "per_ten"):
        if id in draft.units and draft.values[id].denominator > 1:
            draft.plainly(id, rng.choice((0, 0, 1, 2)))
    draft.print((id for id in ("homes", "people", "children", "adults", "young")), keep=0.85, hedged=0.1)
    return draft
