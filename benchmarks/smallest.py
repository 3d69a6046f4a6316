"""The smallest part of a generated report that still goes wrong, as code.

    python -m benchmarks.smallest true 316      # a true report that is contradicted, or cannot be read
    python -m benchmarks.smallest figure 11     # a figure that the oracle proves impossible, missed

The numbers are those that the table of `benchmarks.tables` names.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from benchmarks.tables import kind_of, with_impossible_figure
from benchmarks.truths.audited import audited, drafted
from benchmarks.truths.draft import Draft
from benchmarks.truths.oracle import Oracle
from recount.figures.digits import NumeralError
from recount.package.problems import DataError


def smallest(draft: Draft, fails: Callable[[Draft], bool]) -> Draft:
    """The report with every figure and relation left out without which it still fails."""
    failing = next((smaller for smaller in _smaller(draft) if fails(smaller)), None)
    return draft if failing is None else smallest(failing, fails)


def _smaller(draft: Draft) -> Iterator[Draft]:
    yield from (draft.without_relation(number) for number in range(len(draft.relations)))
    yield from (draft.without_figure(id) for id in draft.figures)


def accused(draft: Draft) -> bool:
    """Whether an audit contradicts the report, cannot read it, or rules one of its true values out."""
    try:
        audit = audited(draft)
        ranges = audit.recomputed
    except (DataError, NumeralError):
        return True
    inside = all(within.lower <= draft.values[id] <= within.upper for id, within in ranges.items())
    return bool(audit.conflicts) or not inside


def missed(draft: Draft) -> bool:
    """Whether the oracle proves the report impossible and an audit does not."""
    return any(draft.rows) and not Oracle(draft, widened=True).possible() and not audited(draft).conflicts


def code(draft: Draft) -> str:
    """The report as a call of `recount.package.small.report`, with its audit."""
    arguments = [repr({id: figure.text for id, figure in draft.figures.items()}), repr(draft.relations)]
    arguments.append(f"units={draft.unprinted!r}")
    if signed := draft.signed & draft.units.keys():
        arguments.append(f"limits={dict.fromkeys(sorted(signed), (None, None))!r}")
    arguments.append(f"whole={sorted(draft.whole & draft.units.keys())!r}")
    return f"Audit(report({', '.join(arguments)}), reading='literal', rounding={draft.rounding!r})"


def main() -> None:
    """Print the smallest failing part of a report."""
    parser = argparse.ArgumentParser("python -m benchmarks.smallest", description=__doc__)
    parser.add_argument("experiment", choices=("true", "figure"))
    parser.add_argument("number", type=int, help="the report's number in the experiment")
    arguments = parser.parse_args()
    if arguments.experiment == "true":
        draft, fails = drafted(kind_of(arguments.number), arguments.number), accused
    else:
        draft, fails = with_impossible_figure(arguments.number), missed
    if draft is None:
        parser.error(f"figure {arguments.number}: no impossible figure was met")
    if not fails(draft):
        parser.error(
            f"{arguments.experiment} {arguments.number}: expected a report that goes wrong; it does not"
        )
    print(code(smallest(draft, fails)))


if __name__ == "__main__":
    main()
