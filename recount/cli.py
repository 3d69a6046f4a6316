"""The command line: `recount audit`, `coverage`, `init`, `ledger-diff`, `parse`, `sweep`."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from recount import __version__
from recount.audit.records import plain, to_csv
from recount.figures.numerals import NumeralError, default_readings, parse, to_json
from recount.resources import ResourceError
from recount.sweep.command import sweep
from recount.words import counted

# Importing pandas would cost more than parsing: audit and dataset are imported where they are used.
FIELDS = (
    "id", "section", "printed", "unit", "lower", "upper", "recomputed_lower", "recomputed_upper", "verdict",
    "support", "support_kind", "conflict", "slips", "assumptions", "alternatives", "readings",
    "contradicted_under", "witness",
)  # fmt: skip
_MOST = 10  # explanations of one conflict that are printed

_READING = click.option(
    "--reading",
    metavar="NAME",
    default="customary",
    show_default=True,
    help="What hedge words mean: literal, customary, loose, or what else the readings name.",
)
_ROUNDING = click.option(
    "--rounding",
    metavar="NAME",
    default="half_up",
    show_default=True,
    help="How printed figures were rounded: half_up, truncation, ceiling, or what else the readings name.",
)
_DATA = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="A data package; without it that of RECOUNT_DATA, or data/ here.",
)


class _Commands(click.Group):
    """The commands, each of which says what to do where the installation is incomplete."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except ResourceError as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recount")
def main() -> None:
    """Recompute every number of a statistics-laden report from the other numbers in it."""


main.add_command(sweep)


@main.command()
@_DATA
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)
@_READING
@_ROUNDING
@click.option(
    "--evidence",
    type=click.Choice(["report", "all"]),
    default="all",
    show_default=True,
    help="The report's own numbers only, or outside references too.",
)
@click.option("--assume", multiple=True, metavar="ID", help="Switch an assumption on (repeatable).")
@click.option("--without", multiple=True, metavar="ID", help="Switch an assumption off (repeatable).")
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="ID=FIGURE",
    help="What if a statistic were printed otherwise (repeatable).",
)
@click.option("--readings", is_flag=True, help="Table of the verdicts under every way of reading.")
def audit(
    folder: Path | None,
    form: str,
    reading: str,
    rounding: str,
    evidence: str,
    assume: Sequence[str],
    without: Sequence[str],
    overrides: Sequence[str],
    readings: bool,
) -> None:
    """Recompute every statistic of a data package from the rest and give it a verdict."""
    from recount.audit import Audit, AuditError, Settings
    from recount.package import DataError, load

    chosen = dict.fromkeys(assume, True) | dict.fromkeys(without, False)
    printed = dict(_override(text) for text in overrides)
    try:
        data = load(folder)
        if data.statistics.empty:
            raise click.ClickException(f"{data.folder}: found no statistics; expected rows in statistics.csv")
        audited = Audit(data, Settings(reading, rounding, evidence, chosen or None, printed or None))
        records = list(_records(audited))
        remarks = list(_remarks(audited))
    except (DataError, AuditError) as error:
        raise click.ClickException(str(error)) from None
    if form == "json":
        click.echo(json.dumps(records, ensure_ascii=False, indent=2, allow_nan=False))
    elif form == "csv":
        click.echo(to_csv(records, FIELDS), nl=False)
    elif readings:
        click.echo(_by_way(records))
    else:
        click.echo("\n".join([_table(records), *remarks]))


@main.command()
@click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The report's text, in UTF-8.",
)
@_DATA
def coverage(source: Path, folder: Path | None) -> None:
    """Check that every numeric expression of a text is registered at its place, and no other."""
    from recount.figures import scanning
    from recount.package import DataError, load

    try:
        registered = load(folder).numerals
        result = scanning.coverage(source.read_text(encoding="utf-8"), registered)
    except (DataError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    for problem in result.problems():
        click.echo(problem, err=True)
    click.echo(result.summary)
    if not result.ok:
        sys.exit(1)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="TEXT",
    help="A report's text, in UTF-8: list its numeric expressions.",
)
def init(folder: Path, source: Path | None) -> None:
    """Write the data package of another report into DIR, a new or empty folder, to be filled in."""
    from recount.package.drafting import DraftError, create

    try:
        click.echo(create(folder, source))
    except (DraftError, OSError) as error:
        raise click.ClickException(str(error)) from None


@main.command(name="ledger-diff")
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--names",
    nargs=2,
    default=("before", "after"),
    metavar="BEFORE AFTER",
    help="What to call the two ledgers.",
)
def ledger_diff(old: Path, new: Path, names: tuple[str, str]) -> None:
    """Tell as Markdown what changed from one ledger to another (files of `audit --format json`)."""
    from recount.audit import differences

    try:
        changes = differences.compare(differences.read_ledger(old), differences.read_ledger(new))
    except (differences.LedgerError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(differences.markdown(changes, *names), nl=False)


@main.command(name="parse")
@click.argument("text", nargs=-1)
@_READING
@_ROUNDING
def parse_command(text: Sequence[str], reading: str, rounding: str) -> None:
    """Read printed figures (arguments, or lines of standard input), one JSON object a line.

    Each is read alone: a count printed in full counts whole things, where an audit asks its quantity.
    """
    readings, failed = default_readings(), False
    for line in text or (line.strip() for line in sys.stdin):
        if not line:
            continue
        try:
            figure = parse(line)
            record = to_json(figure, readings.bounds(figure, reading, rounding))
        except NumeralError as error:
            click.echo(f"Error: {error}", err=True)
            failed = True
        else:
            click.echo(json.dumps(record, ensure_ascii=False))
    if failed:
        sys.exit(1)


def _override(text: str) -> tuple[str, str]:
    id, equals, figure = text.partition("=")
    if not equals or not figure:
        raise click.BadParameter(f"{text!r}: expected ID=FIGURE, such as platform_credit=2.4万亿元")
    return id, figure


def _records(audited: Any) -> Iterator[dict[str, Any]]:
    """The ledger's rows for machines: unbounded ends are null, and rival answers are added."""
    tried = audited.alternatives[audited.alternatives["question"] != ""]
    for row in audited.ledger.to_dict("records"):
        tied = [id for id in tried.index if row["quantity"] in audited.data.parsed_relations[id].names]
        row["alternatives"] = [
            {
                "question": tried.loc[id, "question"],
                "answer": id,
                "status": tried.loc[id, "status"],
                "conflict": tried.loc[id, "conflict"],
            }
            for id in tied
        ]
        yield {field: plain(row[field]) for field in FIELDS}


def _table(records: Sequence[dict[str, Any]]) -> str:
    heads = ("id", "printed", "recomputed", "verdict", "support")
    rows = [
        (
            r["id"],
            r["printed"],
            "" if r["verdict"] == "unchecked" else _ends(r),
            r["verdict"],
            r["support_kind"],
        )
        for r in records
    ]
    verdicts = [r["verdict"] for r in records]
    tally = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    summary = f"{counted(len(records), 'statistic')}: {tally}"
    return "\n".join([_aligned([heads, *rows]), summary, _agreement(records)])


def _by_way(records: Sequence[dict[str, Any]]) -> str:
    """A column for each way of reading, headed by the hedge words' reading and the rounding rule."""
    ways = [way.split() for way in records[0]["readings"]]
    heads = [("id", *(reading for reading, _ in ways)), ("", *(rule for _, rule in ways))]
    rows = [(record["id"], *record["readings"].values()) for record in records]
    return "\n".join([_aligned([*heads, *rows]), _agreement(records)])


def _agreement(records: Sequence[dict[str, Any]]) -> str:
    same = sum(len(set(record["readings"].values())) == 1 for record in records)
    tried = [way.split() for way in records[0]["readings"]]
    readings, rules = (", ".join(dict.fromkeys(way[place] for way in tried)) for place in (0, 1))
    ways = f"{counted(len(tried), 'way')} of reading ({readings}; {rules})"
    return f"the same under {ways}: {same} of {counted(len(records), 'verdict')}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    padded = [[_padded(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    return "\n".join("  ".join(row).rstrip() for row in padded)


def _remarks(audited: Any) -> Iterator[str]:
    """What the table does not show: conflicts, what would explain them, proof, refuted answers."""
    for conflict in audited.conflicts:
        yield f"conflict: {', '.join(conflict.pieces)}"
    for conflict in audited.overlapping:
        yield f"conflict (overlapping): {', '.join(conflict.pieces)}"
    for conflict in audited.conflicts:
        yield from _explained(audited, conflict)
    if audited.unproved:
        yield f"neither conflict nor proof: {', '.join(audited.unproved)}"
    for id, row in audited.alternatives[audited.alternatives["status"] == "refuted"].iterrows():
        yield f"refuted: {id}, by {', '.join(unit for unit in row['conflict'] if unit != id)}"


def _explained(audited: Any, conflict: Any) -> Iterator[str]:
    """What would do away with a conflict: an assumption dropped, the most plausible slips of figures."""
    slips = [slip for id in conflict.statistics for slip in audited.slips[id] if "relation" in slip]
    dropped = {slip["relation"]: slip["kind"] for slip in slips}
    for rule, kind in dropped.items():
        yield f"explanation: without {rule} ({kind})"
    best = [e for e in audited.explanations if e.rank == 1 and set(e.statistics) & set(conflict.statistics)]
    if dropped:  # next to one assumption too many, two slips at once are far-fetched
        best = [e for e in best if len(e.statistics) == 1]
    for explanation in best[:_MOST]:
        of = explanation.of or ("",) * len(explanation.printed)
        meant = [f"{text} of {q}" if q else text for text, q in zip(explanation.printed, of, strict=True)]
        parts = zip(explanation.statistics, meant, explanation.slips, strict=True)
        yield "explanation: " + " and ".join(f"{id} {figure} ({kind})" for id, figure, kind in parts)
    if len(best) > _MOST:
        yield f"explanation: {len(best) - _MOST} more as plausible, of {', '.join(conflict.statistics)}"


def _ends(record: dict[str, Any]) -> str:
    lower, upper = record["recomputed_lower"], record["recomputed_upper"]
    low = "(-∞" if lower is None else f"[{lower:.6g}"
    high = "∞)" if upper is None else f"{upper:.6g}]"
    return f"{low}, {high}"


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
