"""Reports that are true, or misprinted in one or two places, and what the audit says of them."""

from __future__ import annotations

import functools
import multiprocessing
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.figures import ROUNDINGS
from benchmarks.misprints import KINDS, Misprint, draw, linked, misprinted, together, visible
from benchmarks.reports import Report, make
from benchmarks.results import Result, share
from recount.audit import Audit
from recount.figures.readings import READINGS

# Statistics of a generated report: a few groups of a newspaper, or one table.
SIZES = {"newspaper": 16, "dense": 24}
PROCESSES = 2
_TRIES = 40
# Whether a verdict stands under all nine ways of reading is asked of every so many'th misprint.
_NINTH = 10


@dataclass(frozen=True)
class Counts:
    """How many reports of each sort are made; every second one is dense."""

    true: int = 10_000
    single: int = 800
    double: int = 160


FULL, QUICK = Counts(), Counts(true=100, single=60, double=20)

# What the engine before reached of 720 and 160 reports with slips: unchanged or better is asked for.
_FIRST, _ALONE, _NINE_WAYS = 100 * 701 / 720, 100 * 630 / 720, 100 * 71 / 72
_PAIR, _PAIR_FIRST, _BOTH = 100 * 154 / 160, 100 * 143 / 160, 100 * 159 / 160

Tally = Counter[tuple[str, ...]]


def network(number: int) -> str:
    """The kind of network of the report with this number."""
    return ("newspaper", "dense")[number % 2]


def true_report(number: int) -> Tally:
    """One true report, rounded by one of the rules and audited under it, by one of the readings."""
    kind = network(number)
    rounding, reading = ROUNDINGS[number // 2 % 3], READINGS[number // 6 % 3]
    report = make(kind, SIZES[kind], number, rounding)
    audit = Audit(report.dataset(), reading=reading, rounding=rounding)
    tally: Tally = Counter({("reports", kind): 1})
    tally["false contradiction", kind] += bool(audit.conflicts)
    tally["statistics", kind] += len(report.figures)
    tally["witness", kind] += not audit.conflicts and not audit.unproved
    tally["unproved statistics", kind] += len(audit.unproved)
    return tally


def one_slip(number: int) -> Tally:
    """One report with one misprint: of each kind in turn, in a number that an equality ties."""
    kind, slip = network(number), KINDS[number // 2 % len(KINDS)]
    rng, tally = Random(number), Counter()  # type: Random, Tally
    for attempt in range(_TRIES):
        report = make(kind, SIZES[kind], 10**6 + _TRIES * number + attempt)
        misprint = draw(report, slip, rng, linked(report))
        if misprint is None:
            continue
        if visible(report, misprint):
            audit = Audit(misprinted(report, (misprint,)).dataset())
            seen = facts(audit, report, (misprint,))
            if number // (2 * len(KINDS)) % _NINTH == 0:
                seen.append("nine ways")
                seen += ["contradicted"] * (audit.verdicts[misprint.statistic] == "contradicted")
            return tally + Counter({(fact, kind, slip): 1 for fact in seen})
        tally["invisible", kind, slip] += 1
    return tally


def two_slips(number: int) -> Tally:
    """One report with two misprints, each visible whether the other is there or not."""
    kind, rng = network(number), Random(number)
    tally: Tally = Counter()
    for attempt in range(_TRIES):
        report = make(kind, SIZES[kind], 2 * 10**6 + _TRIES * number + attempt)
        numbers = linked(report)
        first = draw(report, rng.choice(KINDS), rng, numbers)
        second = draw(report, rng.choice(KINDS), rng, numbers)
        if first is None or second is None or first.statistic == second.statistic:
            continue
        orders = ((first, second), (second, first))
        if all(visible(report, slip) and visible(report, slip, (other,)) for slip, other in orders):
            audit = Audit(misprinted(report, (first, second)).dataset())
            groups = together(report, (first.statistic, second.statistic))
            where = "together" if len(groups) == 1 else "apart"
            return tally + Counter({(fact, kind, where): 1 for fact in facts(audit, report, (first, second))})
        tally["invisible", kind, ""] += 1
    return tally


def facts(audit: Audit, report: Report, misprints: Sequence[Misprint]) -> list[str]:
    """What an audit made of a report with these misprints, each fact at most once.

    Explanations are told for each group of statistics that relations tie, and ranked within it: two
    misprints in different groups are found where each is.
    """
    culprits = {misprint.statistic for misprint in misprints}
    disputed = {id for conflict in (*audit.conflicts, *audit.overlapping) for id in conflict.statistics}
    seen = ["reports"]
    if all(any(group & set(c.statistics) for c in audit.conflicts) for group in together(report, culprits)):
        seen.append("detected")
    if culprits <= disputed:
        seen.append("shown")
    places = [_place(audit, group, culprits & group) for group in together(report, culprits)]
    if all(places):
        seen.append("explained")
        if all("first" in place for place in places):
            seen.append("first or tied")
        if all(place == "alone first" for place in places):
            seen.append("alone first")
    return seen


def _place(audit: Audit, group: set[str], culprits: set[str]) -> str:
    """Where a group's explanations have the culprits: `alone first`, `tied first`, `shown` or nowhere."""
    inside = [explanation for explanation in audit.explanations if group.issuperset(explanation.statistics)]
    ranked = [(explanation.rank, frozenset(explanation.statistics)) for explanation in inside]
    places = [rank for rank, statistics in ranked if statistics == culprits]
    if not places:
        return ""
    best = min(rank for rank, _ in ranked)
    if min(places) > best:
        return "shown"
    rivals = {statistics for rank, statistics in ranked if rank == best}
    return "alone first" if len(rivals) == 1 else "tied first"


def counted(work: Callable[[int], Tally], numbers: Iterable[int], processes: int = PROCESSES) -> Tally:
    """The tallies of all numbers added up, over several processes."""
    total: Tally = Counter()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for tally in pool.imap_unordered(functools.partial(_named, work), numbers, chunksize=4):
            total += tally
    return total


def _named(work: Callable[[int], Tally], number: int) -> Tally:
    """A report's tally; an error says which report it was, and can be sent from process to process."""
    try:
        return work(number)
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        raise RuntimeError(f"{work.__name__}({number}) ended in an error:\n{trace}") from None


def summed(tally: Tally, fact: str, kind: str = "", slip: str = "") -> int:
    """How often a fact was found, in all or of one kind of network or slip."""
    return sum(
        count
        for (noted, network, *rest), count in tally.items()
        if noted == fact and (not kind or network == kind) and (not slip or rest == [slip])
    )


def measure(quick: bool = False) -> list[Result]:
    """Run the three experiments and tell what was reached, by kind of slip and of network."""
    counts = QUICK if quick else FULL
    untouched = counted(true_report, range(counts.true))
    single = counted(one_slip, range(counts.single))
    double = counted(two_slips, range(counts.double))
    return [*_true(untouched), *_one(single), *_two(double)]


def _true(tally: Tally) -> list[Result]:
    false, reports = summed(tally, "false contradiction"), summed(tally, "reports")
    unproved, statistics = summed(tally, "unproved statistics"), summed(tally, "statistics")
    note = _by(tally, "witness", SIZES, "kind") + f"; {unproved:,} of {statistics:,} statistics unproved"
    return [
        Result(f"false contradictions in {reports:,} true reports", "0", f"{false:,}", false == 0),
        share("true reports with a witness", 99.98, summed(tally, "witness"), reports, note),
    ]


def _one(tally: Tally) -> list[Result]:
    reports, unseen = summed(tally, "reports"), summed(tally, "invisible")
    uncounted = f"{unseen:,} more slips drawn could not be seen and are not counted"
    first = "first or tied"
    lines = [
        share("one slip: detected", 100, summed(tally, "detected"), reports, uncounted),
        share("one slip: culprit among those shown", 100, summed(tally, "shown"), reports),
        share(
            "one slip: culprit first, ties counted",
            _FIRST,
            summed(tally, first),
            reports,
            _by(tally, first, SIZES, "kind"),
        ),
        share(
            "one slip: culprit alone in first place",
            _ALONE,
            summed(tally, "alone first"),
            reports,
            _by(tally, "alone first", SIZES, "kind"),
        ),
        share(
            "one slip: contradicted under all nine ways of reading",
            _NINE_WAYS,
            summed(tally, "contradicted"),
            summed(tally, "nine ways"),
            f"asked of every {_NINTH}th report, for it takes nine audits",
        ),
    ]
    for slip in KINDS:
        part, whole = summed(tally, first, slip=slip), summed(tally, "reports", slip=slip)
        alone, seen = summed(tally, "alone first", slip=slip), summed(tally, "detected", slip=slip)
        note = (
            f"detected {_percent(seen, whole)}, alone first {_percent(alone, whole)}, "
            f"{summed(tally, 'invisible', slip=slip):,} could not be seen"
        )
        lines.append(share(f"of these `{slip}`: culprit first, ties counted", None, part, whole, note))
    return lines


def _two(tally: Tally) -> list[Result]:
    reports, pair = summed(tally, "reports"), summed(tally, "explained")
    note = _by(tally, "explained", SIZES, "kind") + "; "
    note += _by(tally, "explained", ("together", "apart"), "slip")
    return [
        share("two slips: the pair among those shown", _PAIR, pair, reports, note),
        share(
            "two slips: the pair first, ties counted", _PAIR_FIRST, summed(tally, "first or tied"), reports
        ),
        share("two slips: both among the contradicted", _BOTH, summed(tally, "shown"), reports),
    ]


def _by(tally: Tally, fact: str, values: Iterable[str], by: str) -> str:
    """A fact's share under each value of one of the two properties."""
    shares = []
    for value in values:
        chosen: dict[str, Any] = {by: value}
        shares.append(
            f"{value} {_percent(summed(tally, fact, **chosen), summed(tally, 'reports', **chosen))}"
        )
    return ", ".join(shares)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "none"
