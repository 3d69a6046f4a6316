"""A report of a few figures, written down in a few lines: for examples, exercises and first trials.

    from recount.audit import Audit
    from recount.package.small import report

    data = report({"loans": "9.6亿元", "farm_loans": "2.5亿元", "farm_share": "26%"},
                  ["farm_share == farm_loans / loans"])
    Audit(data).verdicts

What a package says in seven tables is inferred here as far as it can be: each figure measures a
quantity of its own name, in the unit that it is printed in. A real report deserves the tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pandas as pd

from recount.arithmetic import relations as grammar
from recount.figures.numerals import NumeralError, default_readings, parse
from recount.figures.units import default_units
from recount.package.dataset import Dataset
from recount.package.problems import DataError, Problem

Limits = tuple[float | None, float | None]
Rules = Sequence[str] | Mapping[str, str]

_COLUMNS = {
    "statistics": ["id", "section", "printed", "quantity", "kind", "as_of"],
    "quantities": ["id", "unit", "lower", "upper", "integer", "as_of", "scope"],
    "relations": ["id", "relation", "basis", "default", "question", "slip"],
    "numerals": ["n", "section", "offset", "printed", "role", "statistic"],
    "references": ["id", "quantity", "printed", "as_of", "scope", "source", "tier"],
    "enumerations": ["quantity", "n", "item_zh", "item_en"],
}
_WORDS = {
    "statistics": ("label", "note"),
    "quantities": ("label", "definition"),
    "relations": ("note",),
    "references": ("note",),
}


def report(
    figures: Mapping[str, str],
    relations: Rules = (),
    *,
    units: Mapping[str, str] | None = None,
    assumptions: Rules = (),
    restates: Mapping[str, str] | None = None,
    outside: Mapping[str, str] | None = None,
    limits: Mapping[str, Limits] | None = None,
    whole: Collection[str] = (),
    labels: Mapping[str, str] | None = None,
) -> Dataset:
    """A dataset of the printed `figures` (id to figure) and the `relations` that tie them.

    `units` names the unit (`yuan`, `ratio`, `count` …) of each further quantity in the relations,
    one that is not printed. `assumptions` are relations that a reader adds; as a mapping, relations
    have names, in a list they are `relation_1` and so on. `restates` says which figures repeat
    another one's quantity, `outside` gives figures of other sources, by quantity.

    A quantity lies between its `limits` in the unit's base (yuan; 0.4 for 40%), None for no limit.
    Without them a ratio is at least -1 and anything else at least 0. `whole` lists those that take
    whole numbers only; `labels` are names for tables and charts.

    Raises DataError with all that is wrong: figures that cannot be read, relations that cannot,
    quantities of unknown unit.
    """
    restates, outside, words = restates or {}, outside or {}, labels or {}
    rules = _named(relations, "relation", "definition") + _named(assumptions, "assumption", "assumption")
    problems: list[Problem] = []
    of = {id: restates.get(id, id) for id in figures}
    printed = [(id, of[id], text) for id, text in figures.items()]
    printed += [(f"{id}__outside", id, text) for id, text in outside.items()]
    unit_of = _units(printed, units or {}, problems)
    problems += _unknown(rules, restates, {*unit_of, *figures, *outside})
    problems += [
        Problem("units", None, id, repr(unit), default_units().expected(unit))
        for id, unit in unit_of.items()
        if unit not in default_units().measuring
    ]
    if problems:
        raise DataError(problems)
    rows = {
        "statistics": [_statistic(id, text, of[id]) for id, text in figures.items()],
        "quantities": [
            _quantity(id, unit, (limits or {}).get(id), id in whole) for id, unit in unit_of.items()
        ],
        "relations": rules,
        "references": [
            {"id": id, "quantity": quantity, "printed": text, "tier": "1"}
            for id, quantity, text in printed
            if id not in figures
        ],
    }
    tables = {name: _table(name, rows.get(name, []), words) for name in _COLUMNS}
    data = Dataset(folder=Path(), readings=default_readings(), **tables)
    problems = list(_meaningless(data, printed))
    if problems:
        raise DataError(problems)
    return data


def _meaningless(data: Dataset, printed: Sequence[tuple[str, str, str]]) -> Iterator[Problem]:
    """Figures that leave their quantity no value."""
    for id, quantity, text in printed:
        try:
            data.check(text, quantity)
        except NumeralError as error:
            yield Problem("figures", None, id, repr(text), str(error))


def _named(rules: Rules, word: str, basis: str) -> list[dict[str, str]]:
    named = rules if isinstance(rules, Mapping) else {f"{word}_{n}": text for n, text in enumerate(rules, 1)}
    return [{"id": id, "relation": text, "basis": basis, "default": "on"} for id, text in named.items()]


def _units(
    printed: Sequence[tuple[str, str, str]], units: Mapping[str, str], problems: list[Problem]
) -> dict[str, str]:
    """The unit of every quantity, from the figures that measure it and those named."""
    unit_of: dict[str, str] = {}
    for id, quantity, text in printed:
        try:
            unit = parse(text).unit
        except NumeralError as error:
            problems.append(Problem("figures", None, id, repr(text), str(error)))
            continue
        if unit_of.setdefault(quantity, unit) != unit:
            problems.append(
                Problem(
                    "figures",
                    None,
                    id,
                    f"{text!r} in {unit}",
                    f"a figure in {unit_of[quantity]}, as {quantity} is printed",
                )
            )
    return unit_of | {id: unit for id, unit in units.items() if id not in unit_of}


def _unknown(
    rules: Sequence[Mapping[str, str]], restates: Mapping[str, str], known: Collection[str]
) -> Iterator[Problem]:
    """Relations that cannot be read, and names that no figure and no unit stands behind."""
    for rule in rules:
        try:
            names = grammar.parse(rule["relation"]).names
        except grammar.RelationError as error:
            yield Problem("relations", None, rule["id"], rule["relation"], str(error))
            continue
        for name in names:
            if name not in known:
                remedy = f"If it is not printed, name its unit: units={{{name!r}: 'yuan'}}."
                yield Problem("relations", None, rule["id"], repr(name), "the name of a figure", remedy)
    for id, name in restates.items():
        if name not in known:
            yield Problem("restates", None, id, repr(name), "the name of a figure that is given")


def _statistic(id: str, printed: str, quantity: str) -> dict[str, str]:
    return {
        "id": id,
        "printed": printed,
        "quantity": quantity,
        "kind": "gap" if parse(printed).points else "",
    }


def _quantity(id: str, unit: str, limits: Limits | None, whole: bool) -> dict[str, str]:
    lower, upper = limits if limits is not None else default_units().bounds(unit)
    return {
        "id": id,
        "unit": unit,
        "lower": _text(lower),
        "upper": _text(upper),
        "integer": str(whole).lower(),
    }


def _text(end: float | Decimal | None) -> str:
    return "" if end is None else str(end)


def _table(name: str, rows: Sequence[Mapping[str, str]], labels: Mapping[str, str]) -> pd.DataFrame:
    """Rows as text under all the columns that the table has; labels and notes say the id in words."""
    words = [f"{word}_{lang}" for word in _WORDS.get(name, ()) for lang in ("zh", "en")]
    table = pd.DataFrame(list(rows), columns=[*_COLUMNS[name], *words], dtype=object).fillna("").astype(str)
    for column in words:
        if column.startswith("label"):
            table[column] = [labels.get(id, id.replace("_", " ")) for id in table["id"]]
        elif name == "relations":
            rows_of_text = zip(table["id"], table["relation"], strict=True)
            table[column] = [labels.get(id, text) for id, text in rows_of_text]
    return table.set_index("id", drop=False).rename_axis(None) if "id" in table else table
