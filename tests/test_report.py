"""The audit of the real report: its findings, and a ledger whose every change is a visible diff.

After a change that is meant, write the expected ledger anew with
`python tests/test_report.py` and read the diff.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from recount.audit import VERDICTS, Audit, Settings
from recount.chapter.picture import overview
from recount.package import load

LEDGER = Path(__file__).parent / "expected" / "ledger.csv"
COLUMNS = ("id", "printed", "recomputed", "verdict", "support_kind", "support", "assumptions", "slips")


@pytest.fixture(scope="module")
def audit() -> Audit:
    return Audit(load())


def lines(audit: Audit) -> list[dict[str, str]]:
    """The ledger as text, bounds to six digits."""
    rows = []
    for row in audit.ledger.to_dict("records"):
        ends = f"{row['recomputed_lower']:.6g} .. {row['recomputed_upper']:.6g}"
        slips = [slip.get("printed") or f"{slip['relation']}:{slip['kind']}" for slip in row["slips"]]
        rows.append(
            {
                **{key: row[key] for key in ("id", "printed", "verdict", "support_kind")},
                "recomputed": ends,
                "support": " ".join(row["support"]),
                "assumptions": " ".join(row["assumptions"]),
                "slips": " ".join(slips),
            }
        )
    return rows


def test_the_ledger_is_the_expected_one(audit):
    with LEDGER.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert lines(audit) == expected


def test_every_statistic_has_a_verdict_and_says_what_it_rests_on(audit):
    for row in audit.ledger.itertuples():
        assert row.verdict in VERDICTS
        assert (row.support == []) == (row.verdict == "unchecked")
        assert bool(row.conflict) == (row.verdict == "contradicted")
        assert len(row.readings) == 9
        assert (len(row.contradicted_under) == 9) == (row.verdict == "contradicted")
        assert bool(row.slips) <= bool(row.conflict)


def test_the_figures_left_standing_can_all_be_true(audit):
    assert audit.unproved == []
    assert set(audit.witness) == set(audit.data.quantities.index)


def conflict_of(audit: Audit, id: str):
    return next(conflict for conflict in audit.conflicts if id in conflict.statistics)


def test_platform_credit_number_and_share_cannot_all_hold_under_the_cap(audit):
    conflict = conflict_of(audit, "platform_credit")
    assert set(conflict.statistics) == {"platform_credit", "platform_credits", "platform_inclusive_share"}
    assert "platform_cap" in conflict.pieces
    assert conflict.assumptions == ("platform_share_by_amount",)
    # fewer than 345,000 credits of 10 million yuan each, over a share of at least 93.25%
    assert float(audit.recomputed["platform_credit"].upper) == pytest.approx(344_999 * 1e7 / 0.9325)
    slips = [slip.get("printed") for slip in audit.slips["platform_credit"]]
    assert "2.4万亿元" in slips
    credits = [slip.get("printed") for slip in audit.slips["platform_credits"]]
    assert {"340万笔", "3400万笔"} <= set(credits)


def test_by_number_of_credits_the_share_is_possible_and_what_that_takes(audit):
    assert audit.alternatives.loc["platform_share_by_number", "status"] == "tenable"
    others = audit.evaluate(
        "(platform_credit - platform_credits * inclusive_loan_cap) / ((1 - platform_inclusive_share) * platform_credits)"
    )
    assert float(others.lower) > 8e8  # the other credits would average over 800 million yuan


def test_borrowers_cannot_have_grown_so_in_one_year_but_in_nine(audit):
    conflict = conflict_of(audit, "borrowers_growth")
    assert set(conflict.statistics) == {"borrowers", "borrowers_growth", "borrowers_increase"}
    assert conflict.assumptions == ("borrowers_one_year",)
    period = {
        "relation": "borrowers_one_year",
        "kind": "period",
        "implied": {"borrowers_growth_years": [9.0, 9.0]},
    }
    assert period in audit.slips["borrowers_growth"]
    freed = Audit(audit.data, Settings(assumptions={"borrowers_one_year": False}))
    assert not any("borrowers" in conflict.statistics for conflict in freed.conflicts)


def test_both_routes_to_all_loan_growth_agree_on_fifteen_point_four(audit):
    routes = [
        audit.evaluate("inclusive_growth - inclusive_growth_gap"),
        audit.evaluate("inclusive_agri_growth - agri_growth_gap"),
    ]
    for route in routes:
        assert (float(route.lower), float(route.upper)) == pytest.approx((0.153, 0.155))
    for id in ("inclusive_growth", "inclusive_growth_gap", "inclusive_agri_growth", "agri_growth_gap"):
        assert audit.verdicts[id] == "consistent"
        assert audit.support_kind(id) == "report"


def test_which_borrower_count_can_carry_the_national_share(audit):
    status = audit.alternatives["status"]
    assert status["share_borrowers_with"] == "tenable"
    assert status["share_borrowers_without"] == "refuted"
    # 508.8万 over 20.2% is a nation smaller than it was in May 2021
    assert float(audit.evaluate("borrowers / national_share_borrowers").upper) < 28_630_000
    assert "national_borrowers_rise" in audit.alternatives.loc["share_borrowers_without", "conflict"]


def test_which_date_the_national_share_of_loans_fits(audit):
    status = audit.alternatives["status"]
    assert status["share_loans_2023_12"] == "tenable"
    assert status["share_loans_2024_01"] == status["share_loans_2024_02"] == "refuted"


def test_figures_in_a_conflict_carry_nothing_outside_it(audit):
    disputed = {id for conflict in audit.conflicts for id in conflict.statistics}
    for id, support in audit.support.items():
        if id not in disputed:
            assert not disputed & set(support), id


def test_a_support_carries_its_recomputed_interval_alone(audit):
    """Recomputing from nothing but the support gives the same interval, and without any part of it a wider one."""
    for id in ("inclusive_growth", "park_loans", "national_share_loans", "self_employed_jobs"):
        quantity = audit.data.statistics.loc[id, "quantity"]
        system = next(j.system for j in audit.judgements if quantity in j.system.network.index)
        support = audit.support[id]

        def width(kept, system=system, quantity=quantity):
            lower, upper = system.at(system.possible(kept), quantity)
            return upper - lower

        whole = audit.recomputed[id].width
        assert width(support) == pytest.approx(whole, rel=5e-3)
        for left_out in support:
            assert width([piece for piece in support if piece != left_out]) > whole * (1 + 1e-6)


@pytest.mark.parametrize("reading", ["literal", "customary", "loose"])
@pytest.mark.parametrize("rounding", ["half_up", "truncation", "ceiling"])
def test_the_platform_is_impossible_under_every_reading(reading, rounding):
    audit = Audit(load(), Settings(reading=reading, rounding=rounding))
    assert audit.verdicts["platform_credit"] == "contradicted"
    assert audit.verdicts["borrowers_growth"] == "contradicted"
    assert np.all([verdict in VERDICTS for verdict in audit.verdicts.values()])


def test_the_report_alone_already_contradicts_itself():
    audit = Audit(load(), Settings(evidence="report"))
    assert audit.verdicts["platform_credit"] == "contradicted"
    assert not any(kind for kind in audit.ledger["support_kind"] if "reference" in kind)


def test_a_lost_decimal_point_would_mend_the_platform():
    audit = Audit(load(), Settings(overrides={"platform_credit": "2.4万亿元"}))
    assert audit.verdicts["platform_credit"] != "contradicted"
    assert audit.verdicts["platform_credits"] != "contradicted"


def test_the_readme_tells_the_same_counts_and_shows_the_same_picture(audit):
    root = Path(__file__).resolve().parents[1]
    readme = (root / "README.md").read_text(encoding="utf-8")
    counts = dict.fromkeys(VERDICTS, 0) | audit.ledger["verdict"].value_counts().to_dict()
    rows = dict(re.findall(rf"^\| ({'|'.join(VERDICTS)})(?: only)? \| (\d+) \|$", readme, flags=re.M))
    assert {verdict: int(count) for verdict, count in rows.items()} == counts
    assert (root / "_static" / "overview.svg").read_text(encoding="utf-8") == overview(), (
        "draw it anew: python -m recount.chapter.picture _static/overview.svg"
    )


if __name__ == "__main__":
    LEDGER.parent.mkdir(exist_ok=True)
    with LEDGER.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines(Audit(load())))
