"""Published numbers: the audit says of them what arithmetic by hand says, and finds the known slips."""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import Any

import frictionless
import pytest
from pybtex.database import parse_file

from recount.audit import Audit, Settings
from recount.figures.readings import READINGS, ROUNDINGS
from recount.package import load
from recount.words import slip_words

CASES = Path(__file__).resolve().parent.parent / "examples" / "press-cases"
KEY = ("case", "assume", "without", "override")


def table(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EXPECTED = table("expected.csv")
FOLDERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
OUTRIGHT = [
    row["case"]
    for row in EXPECTED
    if row["verdict"] == "contradicted"
    and not any(row[key] for key in ("assume", "without", "override", "statistic"))
]


@functools.cache
def package(case: str) -> Any:
    return load(CASES / case)


@functools.cache
def audited(case: str, assume: str = "", without: str = "", override: str = "") -> Audit:
    assumptions = dict.fromkeys(assume.split(), True) | dict.fromkeys(without.split(), False)
    statistic, _, printed = override.partition("=")
    overrides = {statistic: printed} if override else None
    return Audit(package(case), Settings(assumptions=assumptions, overrides=overrides))


def named(row: dict[str, str]) -> str:
    return "-".join(filter(None, (*(row[key] for key in KEY), row["statistic"], row["slip"])))


def shown(audit: Audit, statistic: str) -> list[tuple[str, str]]:
    return [(slip["kind"], slip.get("printed") or slip["relation"]) for slip in audit.slips[statistic]]


@pytest.mark.parametrize("row", EXPECTED, ids=named)
def test_the_verdict_is_what_the_arithmetic_says(row):
    audit = audited(*(row[key] for key in KEY))
    if row["statistic"]:
        assert audit.verdicts[row["statistic"]] == row["verdict"]
    else:
        assert ("contradicted" if audit.conflicts else "consistent") == row["verdict"]


@pytest.mark.parametrize("row", [row for row in EXPECTED if row["slip"]], ids=named)
def test_the_slip_is_among_those_shown(row):
    slips = shown(audited(*(row[key] for key in KEY)), row["statistic"])
    assert (row["slip"], row["becomes"]) in slips
    if row["rank"]:
        assert slips.index((row["slip"], row["becomes"])) == int(row["rank"]) - 1
    assert slip_words(row["slip"], "zh") != slip_words(row["slip"], "en")


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("case", OUTRIGHT)
def test_what_contradicts_itself_does_so_however_it_is_read(case, reading, rounding):
    assert Audit(package(case), Settings(reading, rounding)).conflicts


def test_of_three_single_changes_only_the_swap_of_two_digits_is_a_simple_slip():
    audit = audited("wholesale_typo")
    alone = {id: (float(bounds.lower), float(bounds.upper)) for id, bounds in audit.recomputed.items()}
    assert alone == {"turnover": (398, 398), "costs": (238, 238), "profit": (70, 70)}
    slips = {id: shown(audit, id) for id in audit.printed}
    assert slips == {"turnover": [], "costs": [("digits_swapped", "238")], "profit": []}


@pytest.mark.parametrize(
    ("case", "base"),
    # the figure of 2020 over one plus its printed growth, 亿元
    [("nbs_investment_2020", 433066), ("nbs_profits_2020", 38878), ("nbs_retail_2020", 294530)],
)
def test_a_free_base_is_recomputed_from_the_growth(case, base):
    (slip,) = [slip for slip in audited(case).slips["growth"] if slip["kind"] == "basis"]
    lower, upper = slip["implied"]["base"]
    assert lower <= base * 1e8 <= upper
    assert upper - lower < 2e-3 * lower


def test_either_scope_stands_by_itself_and_one_scope_is_refuted():
    assert audited("power_profit_2010").alternatives.loc["one_scope", "status"] == "refuted"


@pytest.mark.parametrize("case", ["insurance_rate", "fourfold"])
def test_of_two_ways_to_read_growth_one_is_tenable(case):
    assert sorted(audited(case).alternatives["status"]) == ["refuted", "tenable"]


@pytest.mark.parametrize("case", FOLDERS)
def test_a_case_is_a_valid_package_with_words_in_both_languages(case):
    assert frictionless.validate(str(CASES / case / "datapackage.json")).valid
    data = package(case)
    for name, column in (("statistics", "label"), ("quantities", "definition"), ("relations", "note")):
        rows = getattr(data, name)
        assert ((rows[f"{column}_zh"] != "") & (rows[f"{column}_en"] != "")).all(), name


def test_every_case_is_described_sourced_and_expected():
    described = {row["case"]: row for row in table("cases.csv")}
    assert sorted(described) == FOLDERS == sorted({row["case"] for row in EXPECTED})
    entries = parse_file(str(CASES / "references.bib")).entries
    cited = {key for row in described.values() for key in row["source"].split()}
    assert cited == set(entries)
    for key in cited:
        assert entries[key].fields.get("url", "").startswith("http") or "doi" in entries[key].fields, key
