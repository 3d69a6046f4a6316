"""The README of a new package: each table explained, with the rows of one worked example."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

#: The made-up sentence that the example rows register.
TEXT = (
    "In 2023 the bank lent 50 billion yuan. Of this 20.4 billion yuan, more than 40%, went to small "
    "firms through two channels: outlets and agents."
)
_BOTH = {
    "lending": {"label_zh": "贷款", "label_en": "lending"},
    "small_lending": {"label_zh": "小企业贷款", "label_en": "lending to small firms"},
    "small_share": {"label_zh": "小企业贷款占比", "label_en": "share of small firms in lending"},
    "channels": {"label_zh": "渠道数", "label_en": "number of channels"},
}


def _quantity(id: str, unit: str, upper: str, zh: str, en: str) -> dict[str, str]:
    whole = "true" if unit == "count" else "false"
    bounds = {"lower": "0", "upper": upper, "integer": whole}
    scope = {"as_of": "2023", "scope": "bank", "definition_zh": zh, "definition_en": en}
    return {"id": id, "unit": unit} | bounds | scope | _BOTH[id]


def _statistic(id: str, printed: str, kind: str) -> dict[str, str]:
    own = {"id": id, "section": "part_1", "printed": printed, "quantity": id, "kind": kind}
    return own | {"as_of": "2023"} | _BOTH[id]


def _numeral(n: int, offset: int, printed: str, role: str, statistic: str = "") -> dict[str, str]:
    return {
        "n": str(n),
        "section": "part_1",
        "offset": str(offset),
        "printed": printed,
        "role": role,
        "statistic": statistic,
    }


#: The worked example, table by table; columns that are left out are empty.
EXAMPLE: dict[str, list[dict[str, str]]] = {
    "numerals": [
        _numeral(1, 2, "2023", "date"),
        _numeral(2, 17, "50 billion yuan", "statistic", "lending"),
        _numeral(3, 37, "20.4 billion yuan", "statistic", "small_lending"),
        _numeral(4, 61, "40%", "statistic", "small_share"),
        _numeral(5, 88, "two", "enumeration", "channels"),
    ],
    "statistics": [
        _statistic("lending", "50 billion yuan", "flow"),
        _statistic("small_lending", "20.4 billion yuan", "flow"),
        _statistic("small_share", "more than 40%", "share"),
        _statistic("channels", "two", "count"),
    ],
    "quantities": [
        _quantity("lending", "yuan", "", "全年发放的贷款。", "Loans paid out in the year."),
        _quantity("small_lending", "yuan", "", "其中给小企业的部分。", "The part paid to small firms."),
        _quantity("small_share", "ratio", "1", "小企业贷款除以贷款。", "That part over all lending."),
        _quantity("channels", "count", "", "原文列出的渠道。", "Channels that the text lists."),
    ],
    "relations": [
        {
            "id": "share_of_small",
            "relation": "small_share == small_lending / lending",
            "basis": "definition",
            "default": "on",
            "note_zh": "占比的定义。",
            "note_en": "What a share is.",
        },
    ],
    "references": [
        {
            "id": "lending_in_the_accounts",
            "quantity": "lending",
            "printed": "50.2 billion yuan",
            "as_of": "2023",
            "scope": "bank",
            "source": "bank_2024",
            "tier": "1",
        },
    ],
    "enumerations": [
        {"quantity": "channels", "n": "1", "item_zh": "网点", "item_en": "outlets"},
        {"quantity": "channels", "n": "2", "item_zh": "代理", "item_en": "agents"},
    ],
    "sections": [{"id": "part_1", "label_zh": "第1部分", "label_en": "Part 1"}],
    "readings": [
        {
            "kind": "hedge",
            "name": "customary",
            "sense": "nearly",
            "lower_step": "1",
            "lower_share": "0.1",
            "lower_open": "false",
            "upper_step": "0",
            "upper_open": "true",
            "note_en": "short of the number by no more than one step, at most 10%",
        },
        {"kind": "word", "name": "almost", "sense": "nearly", "lang": "en"}
        | {"before": "true", "inside": "false", "after": "false"},
    ],
}
#: The example's source, as references.bib has it.
BIBLIOGRAPHY = """@misc{bank_2024,
  author = {{The Bank}},
  title  = {Annual accounts},
  year   = {2024},
  url    = {https://example.org/accounts}
}
"""

_NOTES = {
    "numerals": "List every expression, also those that are no statistic, so that nothing is passed over. "
    "`printed` leaves out hedges before the number; `recount coverage` compares the table with the text.",
    "statistics": "`printed` is the whole figure with its hedges, as `recount parse` reads it. "
    "Leave `rounding` empty unless a figure is known to follow a rule.",
    "sections": "Give each its name; a report without sections needs no rows here.",
    "quantities": "A quantity need not be printed anywhere: give a row to whatever a relation needs. "
    "The unit must be that of its figures; percent and percentage points are `ratio`.",
    "relations": "Quantities stand under their ids, numbers are plain, growth is a ratio: "
    "`end == start * (1 + growth) ** years`. An `assumption` can be switched off in the audit.",
    "references": "Each needs an entry in `references.bib`, such as the one shown below.",
    "enumerations": "What the text lists, item by item, where it also prints their number.",
    "readings": "The rules by which figures become intervals, complete as they are: change them only to "
    "read words differently, or to add a word.",
}


def readme(descriptor: Mapping[str, Any]) -> str:
    """The README of the package that `descriptor` describes, in Markdown."""
    parts = [_INTRODUCTION.format(title=descriptor["title"], text=TEXT)]
    parts += [_section(resource) for resource in descriptor["resources"]]
    parts.append(f"## references.bib\n\nBibTeX, one entry a source.\n\n```bibtex\n{BIBLIOGRAPHY}```\n")
    return "\n".join(parts)


_INTRODUCTION = """# {title}

A data package for `recount`: the numbers of a report, the quantities they measure, and the relations
between these. 本数据包登记一篇报道的全部数字、所度量的量和它们之间的关系，由 `recount` 逐数复算。

1. `numerals.csv` lists every numeric expression of the text. Correct the role of each.
2. Give each statistic a row in `statistics.csv`, and what it measures a row in `quantities.csv`.
3. Write what ties the quantities together in `relations.csv`, outside figures in `references.csv`.

```sh
recount audit --data .                        # a verdict on every statistic, or all that is wrong here
recount coverage --source TEXT --data .       # is every expression of the text registered?
```

The rows shown below belong together. They register this made-up text, of which the audit confirms the share:

> {text}
"""


def _section(resource: Mapping[str, Any]) -> str:
    name, fields = resource["name"], resource["schema"]["fields"]
    row = EXAMPLE[name][0]
    lines = [f"## {name}.csv", "", f"{resource['description']} {_NOTES[name]}", ""]
    lines += ["| column | meaning | example |", "|---|---|---|"]
    lines += [f"| `{f['name']}` | {_meaning(f)} | {_cell(row.get(f['name'], ''))} |" for f in fields]
    return "\n".join([*lines, "", "```csv", _rows(name, [f["name"] for f in fields]) + "```", ""])


def _meaning(field: Mapping[str, Any]) -> str:
    allowed = [f"`{value}`" for value in field.get("constraints", {}).get("enum", ()) if value]
    description = " / ".join(field[key] for key in ("description", "description_zh") if key in field)
    return description + (f" ({', '.join(allowed)})" if allowed else "")


def _cell(text: str) -> str:
    return f"`{text}`" if text else ""


def _rows(table: str, columns: list[str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(EXAMPLE[table])
    return out.getvalue()
