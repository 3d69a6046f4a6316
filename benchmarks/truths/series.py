"""One thing over time: indices, monthly growth, unknown years, changes of sign, small differences."""

from __future__ import annotations

import random
from fractions import Fraction

from benchmarks.truths.draft import ONE, Draft, Term
from benchmarks.truths.tables import amount


def _rate(rng: random.Random, low: float, high: float, grain: int = 100_000) -> Fraction:
    """A rate at random, to a part of a percent that nobody prints."""
    return Fraction(round(rng.uniform(low, high) * grain), grain)


def indices(rng: random.Random) -> Draft:
    """Levels over some years, indices to a base year of 100, and growth from year to year."""
    draft = Draft.new("indices", rng)
    unit = rng.choice(("yuan", "count"))
    years = range(rng.randint(3, 6))
    value = amount(rng, unit, 1e4, 1e7)
    for year in years:
        draft.level(f"level_{year}", round(value), unit)
        value *= 1 + _rate(rng, -0.08, 0.2)
    base = rng.choice(years[:2])
    told = [
        draft.quotient(f"index_{year}", f"level_{year}", f"level_{base}", "count", 100)
        for year in years
        if year != base
    ]
    for id in told:  # an index is a bare number
        draft.bare.add(id)
    growths = [draft.growth(f"growth_{year}", f"level_{year}", f"level_{year - 1}") for year in years[1:]]
    draft.column([f"level_{year}" for year in years], keep=rng.choice((0.0, 0.4, 0.8)))
    draft.column(told, keep=0.8)
    draft.print(growths, keep=0.7)
    return draft


def monthly(rng: random.Random) -> Draft:
    """The same months of two years: month on month, year on year, and the change of the latter in points."""
    draft = Draft.new("monthly", rng)
    unit = rng.choice(("yuan", "count"))
    months = range(rng.randint(2, 4))
    for year in (0, 1):
        value = (
            amount(rng, unit, 1e5, 1e6) if not year else draft.values["level_0_0"] * (1 + _rate(rng, 0, 0.3))
        )
        for month in months:
            draft.level(f"level_{year}_{month}", round(value), unit)
            value *= 1 + _rate(rng, -0.06, 0.08)
    levels = [f"level_{year}_{month}" for year in (0, 1) for month in months]
    rates = [
        draft.growth(f"mom_{year}_{month}", f"level_{year}_{month}", f"level_{year}_{month - 1}")
        for year in (0, 1)
        for month in months[1:]
    ]
    rates += [draft.growth(f"yoy_{month}", f"level_1_{month}", f"level_0_{month}") for month in months]
    if rng.random() < 0.5:
        draft.pair("quickening", "gap", f"yoy_{months[-1]}", f"yoy_{months[-2]}", "points")
        rates.append("quickening")
    if rng.random() < 0.5:
        draft.column(levels, keep=0.6)
    else:
        draft.print(levels, keep=0.2)
    draft.print(rates, keep=0.85, hedged=0.05)
    return draft


def shares_over_time(rng: random.Random) -> Draft:
    """A share at two dates, and its change in points and in percent, which are mistaken for each other."""
    draft = Draft.new("shares_over_time", rng)
    unit = rng.choice(("yuan", "count"))
    for date in ("then", "now"):
        whole = amount(rng, unit, 1e5, 1e7)
        draft.level(f"whole_{date}", whole, unit)
        draft.level(f"part_{date}", round(whole * _rate(rng, 0.1, 0.9)), unit)
        draft.quotient(f"share_{date}", f"part_{date}", f"whole_{date}")
    draft.pair("gap", "gap", "share_now", "share_then", "points")
    draft.pair("share_growth", "growth", "share_now", "share_then")
    draft.growth("part_growth", "part_now", "part_then")
    draft.growth("whole_growth", "whole_now", "whole_then")
    draft.mistakable = {"gap": draft.values["share_growth"], "share_growth": draft.values["gap"]}
    draft.print(draft.units, keep=0.75)
    return draft


def years(rng: random.Random) -> Draft:
    """Average growth over some years of which the number may be left unsaid, of two things."""
    draft = Draft.new("years", rng)
    number = rng.randint(2, 10)
    draft.level("span", number, "year")
    printed = ["span"] if rng.random() < 0.4 else []
    for thing in ("one", "other")[: rng.randint(1, 2)]:
        rate = _rate(rng, 0.01, 0.25, 1000)
        draft.level(f"{thing}_start", amount(rng, "yuan", 1e4, 1e7), "yuan")
        draft.level(f"{thing}_end", draft.values[f"{thing}_start"] * (1 + rate) ** number, "yuan")
        draft.rate(f"{thing}_average", rate)
        draft.relate(
            f"{thing}_end == {thing}_start * (1 + {thing}_average) ** span",
            f"{thing}_start == {thing}_end / (1 + {thing}_average) ** span",
            f"{thing}_end / {thing}_start == (1 + {thing}_average) ** span",
        )
        draft.growth(f"{thing}_growth", f"{thing}_end", f"{thing}_start")
        printed += [f"{thing}_{word}" for word in ("start", "end", "average", "growth")]
    draft.print((id for id in printed if id != "span"), keep=0.8)
    if "span" in printed:
        draft.plainly("span")
    return draft


def signs(rng: random.Random) -> Draft:
    """Profits and losses of some units over two years: totals and changes that can be below zero."""
    draft = Draft.new("signs", rng, half_up=True)
    parts = [f"unit_{'abcd'[n]}" for n in range(rng.randint(2, 4))]
    for id in (f"{part}_{year}" for part in parts for year in (0, 1)):
        draft.level(id, rng.choice((-1, 1)) * amount(rng, "yuan", 1e4, 1e6), "yuan", signed=True)
    for year in (0, 1):
        of_year = [f"{part}_{year}" for part in parts]
        draft.level(f"all_{year}", sum(draft.values[id] for id in of_year), "yuan", signed=True)
        draft.total(f"all_{year}", of_year)
    for part in (*parts, "all"):
        _change(draft, f"{part}_change", f"{part}_1", f"{part}_0")
    for year in (0, 1):
        draft.column([f"{part}_{year}" for part in (*parts, "all")], keep=rng.choice((0.7, 0.9)))
    draft.print((f"{part}_change" for part in (*parts, "all")), keep=0.8, hedged=0.0)
    return draft


def _change(draft: Draft, id: str, now: str, then: str) -> None:
    """The difference of two levels, which can be below zero."""
    draft.level(id, draft.values[now] - draft.values[then], "yuan", signed=True)
    row = (Term(now, ONE), Term(then, -ONE), Term(id, -ONE))
    draft.relate(f"{id} == {now} - {then}", f"{now} == {then} + {id}", f"{then} == {now} - {id}", row=row)


def near(rng: random.Random) -> Draft:
    """A surplus of two nearly equal flows, its share in their sum, and the flows of a year before."""
    draft = Draft.new("near", rng, half_up=True)
    out = amount(rng, "yuan", 1e5, 1e8)
    draft.level("exports", out, "yuan")
    draft.level("imports", round(out * (1 + _rate(rng, -0.02, 0.02, 10**7))), "yuan")
    draft.level("trade", draft.values["exports"] + draft.values["imports"], "yuan")
    draft.total("trade", ["exports", "imports"])
    _change(draft, "surplus", "exports", "imports")
    for flow in ("exports", "imports"):
        draft.level(
            f"{flow}_before", round(draft.values[flow] * (1 + _rate(rng, -0.01, 0.01, 10**7))), "yuan"
        )
    draft.level("trade_before", draft.values["exports_before"] + draft.values["imports_before"], "yuan")
    draft.total("trade_before", ["exports_before", "imports_before"])
    for flow in ("exports", "imports", "trade"):
        draft.growth(f"{flow}_growth", flow, f"{flow}_before")
    draft.print(draft.units, keep=0.75, hedged=0.08)
    return draft
