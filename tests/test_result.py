"""One result of plain frames: an audit computes what is asked for, and its tables go where tables go."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings

import pandas as pd
import pytest

from recount.audit import Audit, Settings
from recount.package import load, report

FIGURES = {"loans": "9.6亿元", "farm_loans": "2.5亿元", "farm_share": "36%"}
SHARE = ["farm_share == farm_loans / loans"]
FRAMES = ("ledger", "alternatives")
TABLES = (
    "statistics",
    "quantities",
    "relations",
    "references",
    "terms",
    "numerals",
    "enumerations",
    "sections",
)


@pytest.fixture(scope="module")
def audit() -> Audit:
    return Audit(load())


def test_a_recomputed_interval_is_had_without_explanations_and_proofs():
    audit = Audit(report(FIGURES, SHARE))
    assert audit.recomputed["farm_share"].unit == "ratio"
    assert {"explanations", "slips", "witness", "support", "readings"}.isdisjoint(vars(audit))


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_s_index_is_no_column_and_it_can_be_grouped_merged_and_reset(audit, name):
    frame = getattr(audit, name)
    assert frame.index.name not in frame.columns
    flat = frame.reset_index()
    key = "id" if "id" in flat else "index"
    assert list(flat[key]) == list(frame.index)
    assert flat.groupby(key).size().eq(1).all()
    assert len(flat.merge(flat, on=key)) == len(frame)


def test_the_ledger_can_be_grouped_and_merged_by_id(audit):
    assert audit.ledger.groupby("id")["verdict"].first().loc["platform_credit"] == "contradicted"
    labels = audit.data.statistics[["id", "label_en"]]
    assert len(audit.ledger.merge(labels, on="id")) == len(audit.ledger)
    assert len(audit.data.statistics.merge(audit.data.quantities, left_on="quantity", right_on="id")) == len(
        audit.ledger
    )


def test_the_ledger_goes_to_parquet_and_back(audit, tmp_path):
    with warnings.catch_warnings():  # pandas announces the end of the engine that is installed
        warnings.simplefilter("ignore")
        audit.ledger.to_parquet(tmp_path / "ledger.parquet")
        back = pd.read_parquet(tmp_path / "ledger.parquet")
    assert list(back["id"]) == list(audit.ledger["id"])
    assert list(back["recomputed_lower"]) == list(audit.ledger["recomputed_lower"])


def test_cells_are_plain_values(audit):
    kinds = {type(cell) for row in audit.ledger.itertuples(index=False) for cell in row}
    assert kinds <= {str, float, int, bool, list, dict, type(None)}


@pytest.mark.parametrize(
    "changes",
    [
        {"rounding": "ceiling"},
        {"reading": "literal", "evidence": "report"},
        {"overrides": {"platform_credit": "2.4万亿元"}},
        {"assumptions": {"borrowers_one_year": False}},
    ],
    ids=str,
)
def test_an_audit_with_changes_is_the_audit_of_those_settings(audit, changes):
    changed, fresh = audit.with_(**changes), Audit(load(), Settings(**changes))
    assert changed.settings == fresh.settings
    assert changed.recomputed == fresh.recomputed
    assert changed.verdicts == fresh.verdicts
    assert Audit(load(), **changes).verdicts == fresh.verdicts


def test_a_dataset_names_its_tables(audit):
    assert set(TABLES) <= set(dir(audit.data))
    with pytest.raises(AttributeError):
        _ = audit.data.no_such_table


def test_the_same_data_gives_the_same_numbers_to_the_last_bit_in_every_process():
    code = (
        "from recount.audit import Audit; from recount.package import load; a = Audit(load());"
        "print([(i.lower, i.upper) for i in (*a.recomputed.values(), *a.implied.values())], a.witness)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
