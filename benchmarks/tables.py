"""What the audit makes of the second generator's reports, and how near it comes to what is possible.

The reports are made in `benchmarks.truths`; a linear programme says which misprints are impossible, and how
narrow an interval can be.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.results import Result, missing, share
from benchmarks.soundness import Tally, counted, summed
from benchmarks.truths.audited import KINDS, LINEAR, audited, drafted
from benchmarks.truths.draft import Draft
from benchmarks.truths.oracle import Oracle, Range
from benchmarks.truths.printing import Figure
from benchmarks.truths.slips import KINDS as SLIPS
from benchmarks.truths.slips import Slip, misprinted, slip
from recount.audit import Audit
from recount.figures.digits import NumeralError
from recount.figures.readings import READINGS
from recount.package.problems import DataError

#: Reports that print an average of counts, which is no whole number, without decimals: a sort of their own.
AVERAGE = "average in full"
_TRIES = 60
#: So many reports are named where a figure falls short.
_NAMED = 12
#: Digits of a ratio of widths that are kept for the percentiles.
_RATIO = "{:.3e}"


@dataclass(frozen=True)
class Counts:
    """How many reports are made: true ones, with one slip and with two, with an impossible figure, and
    tables of which all widths are compared.
    """

    true: int = 10_000
    single: int = 600
    double: int = 120
    figure: int = 450
    width: int = 900


FULL, QUICK = Counts(), Counts(true=120, single=48, double=12, figure=27, width=27)


def kind_of(number: int, kinds: Sequence[str] = tuple(KINDS)) -> str:
    """The kind of the report with this number."""
    return kinds[number % len(kinds)]


# -- truths -------------------------------------------------------------------------------------


def true_report(number: int) -> Tally:
    """One true report under the rule by which it is rounded, and one of the readings of hedge words."""
    kind = kind_of(number)
    draft = drafted(kind, number)
    sort = AVERAGE if draft.averages_in_full else kind
    tally: Tally = Counter({("reports", sort): 1})
    try:
        audit = audited(draft, READINGS[number // len(KINDS) % 3])
        ranges = audit.recomputed
    except (DataError, NumeralError):
        return tally + Counter({("unreadable", sort, str(number)): 1})
    tally["intervals", sort] = len(ranges)
    outside = [id for id, within in ranges.items() if not within.lower <= draft.values[id] <= within.upper]
    if audit.conflicts:
        tally["false contradiction", sort, str(number)] = 1
    elif not audit.unproved:
        tally["witness", sort] = 1
    if outside:
        tally["outside", sort, str(number)] = len(outside)
    return tally


# -- slips --------------------------------------------------------------------------------------


def one_slip(number: int) -> Tally:
    """One report with one slip, of each kind in turn, that the oracle proves impossible."""
    wanted, rng = SLIPS[number % len(SLIPS)], Random(f"slip {number}")
    tally: Tally = Counter()
    for draft in _drafts(number, rng):
        wrong = slip(draft, rng, wanted)
        if wrong is None:
            continue
        report = misprinted(draft, wrong)
        if Oracle(report, widened=True).possible():
            tally["possible", draft.kind, wanted] += 1
            continue
        if (facts := _facts(report, [wrong])) is not None:
            return tally + Counter({(fact, draft.kind, wanted): 1 for fact in facts})
        tally["unreadable", draft.kind, wanted] += 1
    return tally


def two_slips(number: int) -> Tally:
    """One report with two slips, each impossible by itself and both together."""
    rng = Random(f"two slips {number}")
    tally: Tally = Counter()
    for draft in _drafts(number, rng):
        wrong = [found for _ in range(2) if (found := slip(draft, rng, rng.choice(SLIPS)))]
        if len({found.id for found in wrong}) < 2:
            continue
        reports = [misprinted(draft, *some) for some in (wrong, wrong[:1], wrong[1:])]
        if any(Oracle(report, widened=True).possible() for report in reports):
            tally["possible", draft.kind] += 1
        elif (facts := _facts(reports[0], wrong)) is not None:
            return tally + Counter({(fact, draft.kind): 1 for fact in facts})
    return tally


def _drafts(number: int, rng: Random) -> Iterator[Draft]:
    """True reports to draw slips in: those that print an average in full are told elsewhere."""
    for attempt in range(_TRIES):
        draft = drafted(rng.choice(tuple(KINDS)), 10**6 + _TRIES * number + attempt)
        if not draft.averages_in_full:
            yield draft


def _facts(report: Draft, wrong: Sequence[Slip]) -> list[str] | None:
    """What the audit says of a report with these slips; None where it cannot read one of them."""
    try:
        audit = audited(report)
        conflicts = audit.conflicts
    except (DataError, NumeralError):
        return None
    culprits = {found.id for found in wrong}
    facts = ["reports"]
    if conflicts:
        facts.append("detected")
    if culprits <= {id for conflict in (*conflicts, *audit.overlapping) for id in conflict.statistics}:
        facts.append("contradicted")
    return facts + _places(audit, culprits)


def _places(audit: Audit, culprits: set[str]) -> list[str]:
    """Where the explanations have the culprits: shown at all, first with others, first alone."""
    named = {
        frozenset(explanation.statistics): explanation.rank for explanation in reversed(audit.explanations)
    }
    members = {id for statistics in named for id in statistics}
    facts = ["shown"] if culprits <= members else []
    best = {statistics for statistics, rank in named.items() if rank == min(named.values())}
    if frozenset(culprits) in best:
        facts.append("first or tied")
        facts += ["alone first"] * (len(best) == 1)
    return facts


# -- against the oracle -------------------------------------------------------------------------


def widths(number: int) -> Tally:
    """Of one table with missing cells the width of each recomputed interval over the best possible."""
    kind = kind_of(number, LINEAR)
    draft = drafted(kind, 2 * 10**6 + number)
    tally: Tally = Counter()
    if not draft.linear or draft.averages_in_full:
        return tally
    try:
        recomputed = audited(draft).recomputed
    except (DataError, NumeralError):
        return tally
    for id, interval in recomputed.items():
        best = Oracle(draft, without=id).allowed(id)
        if best is None:
            tally["unsolved", kind] += 1
        elif math.isinf(best[1] - best[0]):
            tally["unlimited", kind] += 1
            tally["unlimited by the audit too", kind] += math.isinf(interval.upper - interval.lower)
        else:
            ratio = _ratio(draft, id, (interval.lower, interval.upper), best)
            tally["width", kind, _RATIO.format(ratio)] += 1
    return tally


def _ratio(draft: Draft, id: str, reached: Range, best: Range) -> float:
    """The width over the best one; a hundredth of the last printed place counts as nothing."""
    least = float(draft.figures[id].form.place) / 100
    if id in draft.whole:
        best = (math.ceil(best[0] - 1e-6), math.floor(best[1] + 1e-6))
        least = 1.0
    return (reached[1] - reached[0] + least) / (max(best[1] - best[0], 0.0) + least)


def impossible_figure(number: int) -> Tally:
    """One figure of a table moved just outside of what the others allow: does the audit see it?"""
    report = with_impossible_figure(number)
    if report is None:
        return Counter()
    try:
        found = bool(audited(report).conflicts)
    except (DataError, NumeralError):
        return Counter({("unreadable", report.kind): 1})
    missed = {} if found else {("missed", report.kind, str(number)): 1}
    return Counter({("reports", report.kind): 1, ("detected", report.kind): int(found)} | missed)


def with_impossible_figure(number: int) -> Draft | None:
    """A table with one figure that the oracle proves impossible; None if none is met in some tries."""
    kind, rng = kind_of(number, LINEAR), Random(f"figure {number}")
    for attempt in range(_TRIES):
        draft = drafted(kind, 3 * 10**6 + _TRIES * number + attempt)
        plain = [id for id, figure in draft.figures.items() if figure.form.hedge is None]
        if not draft.linear or draft.averages_in_full or not plain:
            continue
        id = rng.choice(plain)
        if (moved := _outside(draft, id, rng)) is None:
            continue
        report = misprinted(draft, Slip(id, moved, "outside"))
        if not Oracle(report, widened=True).possible():
            return report
    return None


def _outside(draft: Draft, id: str, rng: Random) -> Figure | None:
    """The figure a few places below or above what the others allow."""
    figure, best = draft.figures[id], Oracle(draft, without=id).allowed(id)
    if best is None:
        return None
    place, away = float(figure.form.place), rng.choice((1, 1, 2, 5))
    numbers = [end / place for end in best if math.isfinite(end) and abs(end / place) < 10**12]
    moved = [
        figure.with_number(math.floor(number) - away if end == 0 else math.ceil(number) + away)
        for end, number in enumerate(numbers)
    ]
    least, _ = draft.natural(id)
    moved = [other for other in moved if least is None or other.value > max(least, 0)]
    return rng.choice(moved) if moved else None


# -- what is told -------------------------------------------------------------------------------


def measure(quick: bool = False) -> list[Result]:
    """Run the five experiments and tell what was reached."""
    counts = QUICK if quick else FULL
    work: list[tuple[Callable[[int], Tally], int, Callable[[Tally], list[Result]]]] = [
        (true_report, counts.true, _true),
        (one_slip, counts.single, _one),
        (two_slips, counts.double, _two),
        (impossible_figure, counts.figure, _impossible),
        (widths, counts.width, _widths),
    ]
    return [line for job, number, told in work for line in told(counted(job, range(number)))]


def _true(tally: Tally) -> list[Result]:
    reports, intervals = summed(tally, "reports"), summed(tally, "intervals")
    lines = []
    for fact, figure in (
        ("false contradiction", f"false contradictions in {reports:,} true reports"),
        ("outside", f"true values outside a recomputed interval, of {intervals:,}"),
        ("unreadable", f"true reports with a figure that cannot be read, of {reports:,}"),
    ):
        number = summed(tally, fact)
        lines.append(Result(figure, "0", f"{number:,}", number == 0, _where(tally, fact) if number else ""))
    lines.append(share("true reports with a witness", 99, summed(tally, "witness"), reports))
    return lines


def _where(tally: Tally, fact: str) -> str:
    """In which reports it is so: averages in full by their number, others by kind and seed."""
    averages, of = summed(tally, fact, AVERAGE), summed(tally, "reports", AVERAGE)
    note = f"{averages:,} in {of:,} reports that print an average of counts as a whole number"
    others = [f"{sort} {rest[0]}" for (noted, sort, *rest) in tally if noted == fact and sort != AVERAGE]
    return note + (f"; and in {', '.join(sorted(others)[:_NAMED])}" if others else "")


def _one(tally: Tally) -> list[Result]:
    reports = summed(tally, "reports")
    note = (
        f"{summed(tally, 'possible'):,} more slips drawn were possible, {summed(tally, 'unreadable'):,} "
        "could not be read, and are not counted"
    )
    lines = [
        share("one impossible slip: detected", 100, summed(tally, "detected"), reports, note),
        share("one impossible slip: culprit in a conflict", None, summed(tally, "contradicted"), reports),
        share("one impossible slip: shown among the explanations", 100, summed(tally, "shown"), reports),
        share("one impossible slip: first, ties counted", 95, summed(tally, "first or tied"), reports),
        share("one impossible slip: alone in first place", None, summed(tally, "alone first"), reports),
    ]
    for kind in SLIPS:
        whole = summed(tally, "reports", slip=kind)
        seen, shown = (100 * summed(tally, fact, slip=kind) / max(whole, 1) for fact in ("detected", "shown"))
        note = f"detected {seen:.1f}%, shown {shown:.1f}%"
        lines.append(
            share(
                f"of these `{kind}`: first, ties counted",
                None,
                summed(tally, "first or tied", slip=kind),
                whole,
                note,
            )
        )
    return lines


def _two(tally: Tally) -> list[Result]:
    reports = summed(tally, "reports")
    return [
        share("two impossible slips: detected", 100, summed(tally, "detected"), reports),
        share("two impossible slips: both in a conflict", None, summed(tally, "contradicted"), reports),
        share("two impossible slips: both among the explanations", None, summed(tally, "shown"), reports),
        share(
            "two impossible slips: the pair first, ties counted",
            None,
            summed(tally, "first or tied"),
            reports,
        ),
    ]


def _impossible(tally: Tally) -> list[Result]:
    reports = summed(tally, "reports")
    by_kind = ", ".join(_by_kind(tally, "detected"))
    missed = sorted(f"{kind} {rest[0]}" for (fact, kind, *rest) in tally if fact == "missed")
    by_kind += f"; missed: {', '.join(missed[:_NAMED])}" if missed else ""
    return [share("impossible single figures: found", 100, summed(tally, "detected"), reports, by_kind)]


def _by_kind(tally: Tally, fact: str) -> Iterator[str]:
    for kind in LINEAR:
        if whole := summed(tally, "reports", kind):
            yield f"{kind} {100 * summed(tally, fact, kind) / whole:.0f}%"


def _widths(tally: Tally) -> list[Result]:
    ratios = sorted(
        ratio
        for (fact, _, *rest), count in tally.items()
        if fact == "width"
        for ratio in [float(rest[0])] * count
    )
    if not ratios:
        return [missing("width over the best possible", "at most 1", "no width was measured")]
    name = "width of a recomputed interval over the best possible"
    note = f"{len(ratios):,} intervals; {summed(tally, 'unlimited'):,} more have no best width"
    return [
        Result(f"{name}: {word}", f"at most {most:g}", f"{reached:.4g}", reached <= most, note)
        for word, most, reached, note in (
            ("median", 1.0005, percentile(ratios, 50), note),
            ("90th percentile", 1.05, percentile(ratios, 90), ""),
            ("99th percentile", 1.5, percentile(ratios, 99), ""),
        )
    ]


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest of the sorted values that so many percent do not exceed."""
    return values[max(math.ceil(len(values) * part / 100) - 1, 0)]
