"""The rounding rules that a package declares: for one figure, for a table, for a source.

One figure's stands in its row, under `rounding`. That of a whole table is a property of its resource in
datapackage.json, `"rounding": "truncation"`; outside figures can have one for each source instead,
`"rounding": {"bureau_2023": "truncation"}`. What a row says comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from recount.package.described import DESCRIPTOR, Described
from recount.package.problems import Problem

#: The tables of printed figures, which can have a column and a property of this name.
TABLES = ("statistics", "references")
RULE = "rounding"


def with_rules(frames: Mapping[str, pd.DataFrame], package: Described) -> dict[str, pd.DataFrame]:
    """The tables with the rules that the descriptor declares filled in where a row says nothing."""
    filled = dict(frames)
    for name, declared in _declared(package):
        if name not in frames:
            continue
        table = filled[name].copy()
        rules = [declared] * len(table) if isinstance(declared, str) else _by_source(table, declared)
        own = table[RULE] if RULE in table else [""] * len(table)
        table[RULE] = [said or general for said, general in zip(own, rules, strict=True)]
        filled[name] = table
    return filled


def problems(frames: Mapping[str, pd.DataFrame], package: Described) -> Iterator[Problem]:
    """Declarations in the descriptor that are no rule's name, or name sources that no figure has."""
    for name, declared in _declared(package):
        column = f"{name}.{RULE}"
        sources = set(frames[name]["source"]) if name in frames and "source" in frames[name] else set()
        if isinstance(declared, Mapping) and all(isinstance(rule, str) for rule in declared.values()):
            for source in declared:
                if source not in sources:
                    expected = "the source of a figure in references.csv"
                    yield Problem(DESCRIPTOR, None, column, repr(source), expected, "Correct the key.")
        elif not isinstance(declared, str):
            expected = "the name of a rounding rule, or of references one for each source"
            yield Problem(DESCRIPTOR, None, column, repr(declared), expected)


def _declared(package: Described) -> Iterator[tuple[str, Any]]:
    for table in package["resources"]:
        if table["name"] in TABLES and RULE in table:
            yield table["name"], table[RULE]


def _by_source(table: pd.DataFrame, declared: Any) -> list[str]:
    of_sources = table["source"] if "source" in table and isinstance(declared, Mapping) else [""] * len(table)
    return [declared.get(source, "") if source else "" for source in of_sources]
