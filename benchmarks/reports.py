"""Reports made from a truth: exact values, tied by exact relations, printed as newspapers print.

`newspaper` reports hold many small groups of three to eight statistics and some that nothing ties;
`dense` ones a few tables in which every row, column, share, growth rate and average is printed. Of a
`series`, years of a part and a whole, and of a `table`, a single large one, all statistics are tied.
The same seed gives the same report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import isqrt
from random import Random

import pandas as pd

from benchmarks.figures import Figure, money_unit, printed
from recount.figures.numerals import default_readings
from recount.package import Dataset, default_folder

NOW, BEFORE = "2023-12-31", "2022-12-31"
PROVINCE, CITY, NATION = "province", "city", "national"
# Of 110 statistics of a newspaper the report that this project began with has 74 relations.
_RELATIONS = (74, 110)
_LONE, _UNSAID = 0.12, 0.15


@dataclass(frozen=True)
class Quantity:
    """A magnitude with its true value; `what` is shared by its other dates and territories."""

    value: Fraction
    unit: str
    kind: str
    what: str
    as_of: str = NOW
    scope: str = PROVINCE

    @property
    def signed(self) -> bool:
        """Whether it can be negative: growth rates, gaps and increases can."""
        return self.kind in ("growth", "compound_growth", "gap", "increase")

    @property
    def lowest(self) -> str:
        """The lowest possible value, as the table of quantities has it."""
        if not self.signed:
            return "0"
        return "" if self.unit == "yuan" else "-1"

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are possible."""
        return self.unit in ("count", "year")


@dataclass
class Report:
    """A truth, the relations that hold of it, and how its statistics are printed (one per quantity)."""

    truth: dict[str, Quantity] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    plain: bool = False

    def dataset(self) -> Dataset:
        """The report as a data package in memory; its tables are right by construction."""
        quantities = [
            {
                "id": id,
                "unit": q.unit,
                "lower": q.lowest,
                "integer": str(q.whole and not self.plain).lower(),
                "as_of": q.as_of,
                "scope": q.scope,
                "label_zh": q.what,
                "label_en": q.what,
            }
            for id, q in self.truth.items()
        ]
        statistics = [
            {
                "id": id,
                "section": "report",
                "printed": figure.text,
                "quantity": id,
                "kind": self.truth[id].kind,
                "as_of": self.truth[id].as_of,
                "label_zh": self.truth[id].what,
                "label_en": self.truth[id].what,
            }
            for id, figure in self.figures.items()
        ]
        relations = [
            {"id": id, "relation": text, "basis": "definition" if "==" in text else "scope", "default": "on"}
            for id, text in self.relations.items()
        ]
        return Dataset(
            folder=default_folder(),
            readings=default_readings(),
            numerals=pd.DataFrame(),
            statistics=_table(statistics, _STATISTICS),
            quantities=_table(quantities, _QUANTITIES),
            relations=_table(relations, _RELATION),
            references=_table([], _REFERENCES),
            enumerations=pd.DataFrame({"quantity": []}),
        )


_LABELS = ["label_zh", "label_en"]
_STATISTICS = ["id", "section", "printed", "quantity", "kind", "as_of", *_LABELS, "note_zh", "note_en"]
_QUANTITIES = ["id", "unit", "lower", "upper", "integer", "as_of", "scope", *_LABELS,
               "definition_zh", "definition_en"]  # fmt: skip
_RELATION = ["id", "relation", "basis", "default", "question", "slip", "note_zh", "note_en"]
_REFERENCES = ["id", "quantity", "printed", "as_of", "scope", "source", "tier"]


def _table(rows: Iterable[dict[str, str]], columns: list[str]) -> pd.DataFrame:
    full = [dict.fromkeys(columns, "") | row for row in rows]
    return pd.DataFrame(full, columns=columns, dtype=str).set_index("id", drop=False).rename_axis(None)


def make(kind: str, statistics: int, seed: int, rounding: str = "half_up", plain: bool = False) -> Report:
    """A report of one of `KINDS` with so many statistics, printed by one rounding rule.

    A `plain` one has nothing that asks for whole numbers, and the years of compound growth are part
    of the relation, not a quantity.
    """
    rng = Random(f"{kind} {statistics} {seed}")
    report = Report(plain=plain)
    if kind not in KINDS:
        raise ValueError(f"kind: found {kind!r}; expected one of {', '.join(KINDS)}")
    stated = KINDS[kind](report, statistics, rng)
    for id in stated:
        quantity = report.truth[id]
        report.figures[id] = printed(quantity.value, unit_word(quantity), rng, rounding)
    return report


def unit_word(quantity: Quantity) -> str:
    """The unit word that a quantity is printed under."""
    if quantity.unit == "yuan":
        return money_unit(quantity.value)
    if quantity.unit == "count":
        return "万户" if quantity.value >= 10**4 else "户"
    if quantity.unit == "year":
        return "年"
    return "个百分点" if quantity.kind == "gap" else "%"


# -- small groups -----------------------------------------------------------------------------------


def _newspaper(report: Report, statistics: int, rng: Random) -> list[str]:
    groups: list[list[str]] = []
    stated: list[str] = []
    while len(stated) < statistics:
        room, name = statistics - len(stated), f"g{len(groups)}"
        before = set(report.truth)
        if room < 3 or rng.random() < _LONE:
            report.truth[f"{name}_lone"] = Quantity(_level(rng), "yuan", "stock", f"{name}_lone")
        else:
            rng.choice(_TEMPLATES)(_Group(report, name, rng))
        group = [id for id in report.truth if id not in before]
        said = [id for id in group if len(group) < 4 or rng.random() > _UNSAID]
        stated += sorted(rng.sample(said, min(len(said), room)), key=group.index)
        groups.append(group)
    wanted = statistics * _RELATIONS[0] // _RELATIONS[1]
    for id, text in _scopes(report, groups, rng, wanted - len(report.relations)):
        report.relations[id] = text
    return stated


def _scopes(report: Report, groups: list[list[str]], rng: Random, wanted: int) -> list[tuple[str, str]]:
    """True comparisons of sums of money within the groups, one smaller than another."""
    pairs = [
        pair
        for group in groups
        for pair in combinations([id for id in group if report.truth[id].lowest == "0"], 2)
        if report.truth[pair[0]].unit == report.truth[pair[1]].unit
    ]
    comparisons = []
    for a, b in rng.sample(pairs, max(0, min(wanted, len(pairs)))):
        low, high = (a, b) if report.truth[a].value <= report.truth[b].value else (b, a)
        comparisons.append((f"{low}_within_{high}", f"{low} <= {high}"))
    return comparisons


def _level(rng: Random) -> Fraction:
    """A sum of money between 0.1 and 10,000 billion yuan, each order of magnitude as likely."""
    return Fraction(round(10 ** rng.uniform(8, 13)))


def _rate(rng: Random) -> Fraction:
    """A growth rate between -20% and 60%."""
    return Fraction(rng.randint(-2000, 6000), 10_000)


class _Group:
    """Adds the quantities and relations of one group, under names of its own."""

    def __init__(self, report: Report, name: str, rng: Random):
        self.report, self.name, self.rng = report, name, rng

    def add(
        self,
        id: str,
        value: Fraction,
        unit: str,
        kind: str,
        what: str = "",
        as_of: str = NOW,
        scope: str = PROVINCE,
    ) -> Fraction:
        what = f"{self.name}_{what or id}"
        self.report.truth[f"{self.name}_{id}"] = Quantity(value, unit, kind, what, as_of, scope)
        return value

    def tie(self, id: str, text: str) -> None:
        """A relation over this group's quantities, each written `.id`."""
        self.report.relations[f"{self.name}_{id}_rule"] = text.replace(".", f"{self.name}_")


def _partition(group: _Group) -> None:
    """A total, its parts, shares of some of them, and the gap between two shares."""
    count = group.rng.randint(2, 3)
    total_size = _level(group.rng)
    parts = [
        group.add(f"part{i}", Fraction(round(total_size * group.rng.randint(5, 100))) / 100, "yuan", "stock")
        for i in range(count)
    ]
    total = group.add("total", sum(parts, Fraction(0)), "yuan", "stock")
    group.tie("sum", ".total == " + " + ".join(f".part{i}" for i in range(count)))
    for i in range(group.rng.randint(1, count)):
        group.add(f"share{i}", parts[i] / total, "ratio", "share")
        group.tie(f"share{i}", f".share{i} == .part{i} / .total")
    if f"{group.name}_share1" in group.report.truth and group.rng.random() < 0.5:
        group.add("gap", (parts[0] - parts[1]) / total, "ratio", "gap")
        group.tie("gap", ".gap == .share0 - .share1")


def _compound(group: _Group) -> None:
    """A level, its base years before, the compound rate, the number of years and the increase."""
    base, rate, years = _level(group.rng), _rate(group.rng), group.rng.randint(2, 10)
    group.add("base", base, "yuan", "stock", "level", BEFORE)
    end = group.add("level", base * (1 + rate) ** years, "yuan", "stock", "level")
    group.add("rate", rate, "ratio", "compound_growth")
    if not group.report.plain:
        group.add("years", Fraction(years), "year", "duration")
    exponent = str(years) if group.report.plain else ".years"
    group.tie("compound", f".level == .base * (1 + .rate) ** {exponent}")
    if group.rng.random() < 0.6:
        group.add("increase", end - base, "yuan", "increase")
        group.tie("increase", ".increase == .level - .base")


def _two_dates(group: _Group) -> None:
    """One year's growth of a part and a whole, the part's share at both dates and its change."""
    whole = group.add("whole_before", _level(group.rng), "yuan", "stock", "whole", BEFORE)
    part = group.add("before", whole * group.rng.randint(5, 80) / 100, "yuan", "stock", "level", BEFORE)
    rate = group.add("growth", _rate(group.rng), "ratio", "growth")
    now = group.add("now", part * (1 + rate), "yuan", "stock", "level")
    rest_now = (whole - part) * (1 + _rate(group.rng))
    whole_now = group.add("whole_now", now + rest_now, "yuan", "stock", "whole")
    group.add("share_before", part / whole, "ratio", "share", "share", BEFORE)
    group.add("share_now", now / whole_now, "ratio", "share", "share")
    group.add("change", now / whole_now - part / whole, "ratio", "gap")
    group.tie("growth", ".now == .before * (1 + .growth)")
    group.tie("share_before", ".share_before == .before / .whole_before")
    group.tie("share_now", ".share_now == .now / .whole_now")
    group.tie("change", ".change == .share_now - .share_before")


def _per_head(group: _Group) -> None:
    """A sum of money, the households of two parts of the province, and the average."""
    counts = [Fraction(round(10 ** group.rng.uniform(4, 7))) for _ in range(2)]
    city = group.add("heads_city", counts[0], "count", "count", "heads", scope=CITY)
    heads = group.add("heads", city + counts[1], "count", "count", "heads")
    group.add("heads_rest", counts[1], "count", "count")
    level = group.add("level", _level(group.rng), "yuan", "stock")
    group.add("average", level / heads, "yuan", "average")
    group.tie("heads", ".heads == .heads_city + .heads_rest")
    group.tie("average", ".average == .level / .heads")


def _growth_gap(group: _Group) -> None:
    """Two levels with their growth over the year, and the gap between the two rates."""
    rates = []
    for which in ("a", "b"):
        base = group.add(f"before_{which}", _level(group.rng), "yuan", "stock", which, BEFORE)
        rates.append(group.add(f"growth_{which}", _rate(group.rng), "ratio", "growth"))
        group.add(f"now_{which}", base * (1 + rates[-1]), "yuan", "stock", which)
        group.tie(f"growth_{which}", f".now_{which} == .before_{which} * (1 + .growth_{which})")
    group.add("gap", rates[0] - rates[1], "ratio", "gap")
    group.tie("gap", ".gap == .growth_a - .growth_b")


def _territories(group: _Group) -> None:
    """A province of its nation, a city of its province, and their shares."""
    nation = group.add("nation", _level(group.rng), "yuan", "stock", "level", scope=NATION)
    province = group.add("province", nation * group.rng.randint(2, 30) / 100, "yuan", "stock", "level")
    city = group.add("city", province * group.rng.randint(5, 60) / 100, "yuan", "stock", "level", scope=CITY)
    group.add("rest", province - city, "yuan", "stock")
    group.add("of_nation", province / nation, "ratio", "share")
    group.add("of_province", city / province, "ratio", "share")
    group.tie("territory", ".province == .city + .rest")
    group.tie("of_nation", ".of_nation == .province / .nation")
    group.tie("of_province", ".of_province == .city / .province")


_TEMPLATES = (_partition, _compound, _two_dates, _per_head, _growth_gap, _territories)

# -- tables -----------------------------------------------------------------------------------------


def _dense(report: Report, statistics: int, rng: Random) -> list[str]:
    stated: list[str] = []
    number = 0
    while len(stated) < statistics:
        before = set(report.truth)
        _cross_table(_Group(report, f"t{number}", rng), rng.randint(2, 4), rng.randint(2, 4))
        group = [id for id in report.truth if id not in before]
        said = rng.sample(group, min(statistics - len(stated), round(0.95 * len(group))))
        stated += sorted(said, key=group.index)
        number += 1
    return stated


def _cross_table(group: _Group, rows: int, columns: int) -> None:
    """Regions by sectors with all margins, and of each region its share, growth and average."""
    unit = _level(group.rng)
    cells = [[unit * group.rng.randint(5, 100) / 100 for _ in range(columns)] for _ in range(rows)]
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            group.add(f"cell{i}_{j}", cell, "yuan", "stock")
        group.add(f"row{i}", sum(row, Fraction(0)), "yuan", "stock", f"row{i}")
        group.tie(f"row{i}", f".row{i} == " + " + ".join(f".cell{i}_{j}" for j in range(columns)))
    for j in range(columns):
        group.add(f"column{j}", sum((row[j] for row in cells), Fraction(0)), "yuan", "stock")
        group.tie(f"column{j}", f".column{j} == " + " + ".join(f".cell{i}_{j}" for i in range(rows)))
    totals = [sum(row, Fraction(0)) for row in cells]
    _with_margins(group, totals, columns)


def _with_margins(group: _Group, totals: list[Fraction], columns: int) -> None:
    """The grand total and, by region, shares, last year's levels, growth, households and averages."""
    grand = group.add("total", sum(totals, Fraction(0)), "yuan", "stock", "total")
    names = range(len(totals))
    group.tie("by_rows", ".total == " + " + ".join(f".row{i}" for i in names))
    group.tie("by_columns", ".total == " + " + ".join(f".column{j}" for j in range(columns)))
    old, heads = [], []
    for i, total in enumerate(totals):
        group.add(f"share{i}", total / grand, "ratio", "share")
        group.tie(f"share{i}", f".share{i} == .row{i} / .total")
        rate = group.add(f"growth{i}", _rate(group.rng), "ratio", "growth")
        old.append(group.add(f"before{i}", total / (1 + rate), "yuan", "stock", f"row{i}", BEFORE))
        group.tie(f"growth{i}", f".row{i} == .before{i} * (1 + .growth{i})")
        heads.append(group.add(f"heads{i}", Fraction(round(10 ** group.rng.uniform(4, 6))), "count", "count"))
        group.add(f"average{i}", total / heads[-1], "yuan", "average")
        group.tie(f"average{i}", f".average{i} == .row{i} / .heads{i}")
    before = group.add("before", sum(old, Fraction(0)), "yuan", "stock", "total", BEFORE)
    group.tie("before", ".before == " + " + ".join(f".before{i}" for i in names))
    group.add("growth", grand / before - 1, "ratio", "growth")
    group.tie("growth", ".total == .before * (1 + .growth)")
    households = group.add("heads", sum(heads, Fraction(0)), "count", "count")
    group.tie("heads", ".heads == " + " + ".join(f".heads{i}" for i in names))
    group.add("average", grand / households, "yuan", "average")
    group.tie("average", ".average == .total / .heads")


# -- networks in which all is tied ------------------------------------------------------------------


def _series(report: Report, statistics: int, rng: Random) -> list[str]:
    """Year after year a whole with its growth, and a part with its share."""
    group = _Group(report, "s", rng)
    level = group.add("level0", _level(rng), "yuan", "stock")
    for year in range(1, statistics // 4 + 2):
        rate = group.add(f"growth{year}", _rate(rng), "ratio", "growth")
        level = group.add(f"level{year}", level * (1 + rate), "yuan", "stock")
        part = group.add(f"part{year}", level * rng.randint(5, 80) / 100, "yuan", "stock")
        group.add(f"share{year}", part / level, "ratio", "share")
        group.tie(f"growth{year}", f".level{year} == .level{year - 1} * (1 + .growth{year})")
        group.tie(f"share{year}", f".share{year} == .part{year} / .level{year}")
    return list(report.truth)[:statistics]


def _table_of(report: Report, statistics: int, rng: Random) -> list[str]:
    """A cross table, as nearly square as it goes."""
    side = isqrt(statistics)
    rows = next(n for n in range(2, side) if n * n + 7 * n + 5 >= statistics)
    _cross_table(_Group(report, "t", rng), rows, rows)
    return list(report.truth)[:statistics]


KINDS = {"newspaper": _newspaper, "dense": _dense, "series": _series, "table": _table_of}
