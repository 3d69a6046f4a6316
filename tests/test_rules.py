"""Figure, quantity and reading apart: whole numbers by quantity, and rounding rules that are declared."""

from __future__ import annotations

import csv
import json

import pytest
from packages import loaded, make, quantity, reference, relation, statistic

from recount import resources
from recount.audit import Audit, AuditError
from recount.chapter.tables import read_as
from recount.figures.numerals import Readings, default_readings, parse
from recount.package import DataError, load, report
from recount.words import ways_named

# -- whole numbers are the quantity's --------------------------------------------------------------


def households(integer: bool) -> dict[str, object]:
    """152 people in 50 households, 3.04 to each, printed as 3."""
    return {
        "quantities": [
            quantity("people", integer=True),
            quantity("households", integer=True),
            quantity("each", integer=integer),
        ],
        "statistics": [
            statistic("people", "152人"),
            statistic("households", "50户"),
            statistic("each", "3人", kind="average"),
        ],
        "relations": [relation("average", "each == people / households")],
    }


def test_an_average_printed_without_decimals_agrees_and_a_count_does_not(tmp_path):
    average = Audit(loaded(tmp_path / "average", **households(False)))
    assert average.verdicts["each"] == "confirmed"
    assert (average.meant("each").lower, average.meant("each").upper) == (2.5, 3.5)
    count = Audit(loaded(tmp_path / "count", **households(True)))
    assert set(count.readings["each"].values()) == {"contradicted"}
    assert (count.meant("each").lower, count.meant("each").upper) == (3, 3)


def test_a_period_of_whole_years_is_told_as_it_is_used(tmp_path):
    for integer, ends in ((True, (5, 5)), (False, (4.5, 5.5))):
        folder = tmp_path / str(integer)
        years = quantity("years", "year", "1", integer=integer)
        audit = Audit(loaded(folder, quantities=[years], statistics=[statistic("years", "5年")]))
        row = audit.ledger.loc["years"]
        assert (row["lower"], row["upper"]) == ends
        assert audit.value("years").lower == pytest.approx(ends[0])


@pytest.mark.parametrize(("printed", "ends"), [("近1家", (1, 1)), ("11余家", (11, 12)), ("不到1家", (0, 0))])
def test_a_hedged_figure_of_few_whole_things_is_evidence(tmp_path, printed, ends):
    tables = {"quantities": [quantity("firms", integer=True)], "statistics": [statistic("firms", printed)]}
    audit = Audit(loaded(tmp_path, **tables))
    assert audit.implied["firms"].lower == ends[0]
    assert audit.implied["firms"].upper == ends[1]


@pytest.mark.parametrize("printed", ["2.9家", "约2.9家"])
def test_a_figure_that_no_whole_number_meets_is_named_with_its_quantity(tmp_path, printed):
    tables = {"quantities": [quantity("firms", integer=True)], "statistics": [statistic("firms", printed)]}
    with pytest.raises(DataError) as error:
        loaded(tmp_path, **tables)
    (line,) = map(str, error.value.problems)
    assert "statistics.csv, row 2, column printed" in line
    for piece in (
        printed,
        "no whole number from 2.",
        "firms, which takes whole numbers only",
        "integer: false",
    ):
        assert piece in line
    tables["statistics"] = [statistic("firms", "3家")]
    audit = Audit(loaded(tmp_path / "other", **tables))
    for change in ({"overrides": {"firms": printed}}, {"published": {"firms": printed}}):
        with pytest.raises(AuditError, match=r"no whole number from .* for firms"):
            audit.with_(**change)


def test_a_small_report_names_a_figure_that_no_whole_number_meets():
    with pytest.raises(DataError, match=r"2\.9家.*no whole number"):
        report({"firms": "2.9家"}, whole=["firms"])


def test_whole_numbers_beyond_what_floats_tell_apart_are_not_accused():
    figures = {"first": "9007199254740993人", "second": "1人", "both": "9007199254740994人"}
    audit = Audit(report(figures, ["both == first + second"], whole=list(figures)))
    assert audit.disputed == []
    assert audit.verdicts["first"] in ("confirmed", "consistent")
    assert Audit(report(figures | {"both": "9007199254750994人"}, ["both == first + second"])).disputed


# -- rules that are declared -----------------------------------------------------------------------


def table_with_rules(folder, name, rules):
    """Write a rule into each row of a table."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"rounding": rules.get(row["id"], "")} for row in rows)


def described(folder, name, rounding):
    """Give a table's resource in the descriptor a rule."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    next(table for table in package["resources"] if table["name"] == name)["rounding"] = rounding
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    return folder


ROUND = {
    "quantities": [quantity(id, "yuan") for id in ("total", "first", "second")],
    "statistics": [
        statistic("total", "100亿元"),
        statistic("first", "62.3亿元"),
        statistic("second", "41.2亿元"),
    ],
    "relations": [relation("sum", "total == first + second")],
}


def test_a_round_number_is_read_so_where_it_is_declared_and_that_is_told(tmp_path):
    folder = make(tmp_path, **ROUND)
    audit = Audit(load(folder))
    assert set(audit.readings["total"].values()) == {"contradicted"}
    assert set(audit.ledger["rounding"]) == {"half_up"}
    table_with_rules(folder, "statistics", {"total": "round_number"})
    audit = Audit(load(folder), rounding="ceiling")
    assert audit.verdicts["total"] == "confirmed"
    assert audit.ledger["rounding"].to_dict() == {
        "total": "round_number",
        "first": "ceiling",
        "second": "ceiling",
    }
    assert read_as(audit, "total", "zh").endswith("（约整数）")
    assert read_as(audit, "total", "en").endswith("(a round number)")
    assert "(" not in read_as(audit, "first", "zh").replace("（", "(")[-2:]


def test_shares_adjusted_to_their_total_agree_where_the_table_says_so(tmp_path):
    thirds = ("north", "south", "east")
    tables = {
        "quantities": [
            quantity("all", "yuan"),
            *(quantity(id, "yuan") for id in thirds),
            *(quantity(f"{id}_share", "ratio", "0", "1") for id in thirds),
        ],
        "statistics": [
            *(statistic(id, "10.0亿元") for id in ("all", *thirds) if id != "all"),
            statistic("all", "30.0亿元"),
            *(
                statistic(f"{id}_share", share, kind="share")
                for id, share in zip(thirds, ("33.3%", "33.3%", "33.4%"), strict=True)
            ),
        ],
        "relations": [
            relation("total", "all == north + south + east"),
            relation("one", "north_share + south_share + east_share == 1"),
            *(relation(f"of_{id}", f"{id}_share == {id} / all") for id in thirds),
            relation("alike", "north == south"),
            relation("too", "south == east"),
        ],
    }
    folder = make(tmp_path, **tables)
    plain = Audit(load(folder))
    assert plain.disputed
    rules = {f"{id}_share": "adjusted" for id in thirds}
    table_with_rules(folder, "statistics", rules)
    assert Audit(load(folder)).disputed == []
    # the whole table by the descriptor: what a row says comes first
    table_with_rules(folder, "statistics", {"east_share": "half_up"})
    declared = load(described(folder, "statistics", "adjusted")).rules
    assert declared["north_share"] == declared["all"] == "adjusted"
    assert declared["east_share"] == "half_up"
    assert Audit(load(folder)).disputed


OUTSIDE = {
    "quantities": [quantity("loans", "yuan")],
    "statistics": [statistic("loans", "5.29亿元")],
    "references": [
        reference("cut", "loans", "5.2亿元"),
        reference("other", "loans", "超5亿元", "b_source"),
    ],
}


def test_a_source_can_have_a_rule_of_its_own(tmp_path):
    folder = make(tmp_path, **OUTSIDE)
    with (folder / "references.bib").open("a", encoding="utf-8") as file:
        file.write("@misc{b_source, title = {B}, year = {2024}}\n")
    assert set(Audit(load(folder)).readings["loans"].values()) == {"contradicted"}
    data = load(described(folder, "references", {"a_source": "truncation"}))
    assert data.rules == {"reference:cut": "truncation"}
    assert Audit(data).verdicts["loans"] == "consistent"


@pytest.mark.parametrize(
    ("table", "rounding", "piece"),
    [
        ("statistics", "bankers", "statistics.csv, row 2, column rounding: found 'bankers'; expected a rounding rule"),
        ("references", {"a_source": "bankers"}, "references.csv, row 2, column rounding: found 'bankers'"),
        ("references", {"nowhere": "half_up"}, "references.rounding: found 'nowhere'; expected the source"),
        ("statistics", 3, "statistics.rounding: found 3; expected the name of a rounding rule"),
        ("statistics", {"a_source": "half_up"}, "statistics.rounding: found 'a_source'"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_told_with_its_place(tmp_path, table, rounding, piece):
    folder = make(tmp_path, **OUTSIDE | {"references": OUTSIDE["references"][:1]})
    with pytest.raises(DataError) as error:
        load(described(folder, table, rounding))
    assert any(piece in str(problem) for problem in error.value.problems), error.value.problems


def test_a_table_may_leave_the_column_out(tmp_path):
    folder = make(tmp_path, **ROUND)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for name in ("statistics", "references"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row[:-1] for row in csv.reader(file)]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    for schema in (True, False):
        if not schema:
            for table in package["resources"]:
                table.pop("schema")
            (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        data = load(folder)
        assert list(data.statistics["printed"]) == ["100亿元", "62.3亿元", "41.2亿元"]
        assert data.rules == {}


# -- ways of reading that are tried ----------------------------------------------------------------


def test_the_ways_that_are_tried_are_those_of_the_package_s_readings(tmp_path):
    folder = make(tmp_path, **ROUND)
    rows = resources.rows("readings.csv")
    kept = [row for row in rows if row["name"] not in ("loose", "customary", "ceiling")]
    kept = [row | ({"tried": "true"} if row["name"] == "round_number" else {}) for row in kept]
    with (folder / "readings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"].append({"name": "readings", "path": "readings.csv"})
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    audit = Audit(load(folder), reading="literal")
    ways = audit.readings["total"]
    assert list(ways) == [f"literal {rule}" for rule in ("half_up", "truncation", "round_number")]
    assert audit.verdicts["total"] == "undecided"  # a round number of 100 holds 103.5
    with pytest.raises(AuditError, match="reading: found 'loose'; expected one of 'literal'"):
        audit.with_(reading="loose")


def test_a_table_of_readings_without_the_later_columns_means_what_it_did():
    rows = [
        {key: cell for key, cell in row.items() if key not in ("place", "by", "tried")}
        for row in resources.rows("readings.csv")
        if row["tried"] != "false"
    ]
    readings = Readings(rows)
    assert readings.ways == default_readings().ways
    bounds = readings.bounds(parse("-3%"))
    assert (float(bounds.lower), float(bounds.upper), bounds.upper_open) == (-0.035, -0.025, True)
    assert readings.bounds(parse("近70%")) == default_readings().bounds(parse("近70%"))


def test_a_contradiction_names_the_ways_that_were_tried():
    every = [f"{reading} {rule}" for reading, rule in default_readings().ways]
    assert ways_named(every, "en") == (
        "all nine ways of reading (literal reading, customary reading, loose reading; "
        "rounded half up, cut off, rounded up)"
    )
    assert ways_named(every[:1], "zh") == "一种读法（字面读法，各配四舍五入）"


def test_a_rule_that_is_not_tried_can_be_the_whole_audit_s():
    data = report(
        {"total": "100亿元", "first": "62.3亿元", "second": "41.2亿元"}, ["total == first + second"]
    )
    assert Audit(data).verdicts["total"] == "contradicted"
    assert Audit(data, rounding="round_number").one_way["total"] == "confirmed"
