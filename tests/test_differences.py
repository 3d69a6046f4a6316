"""The difference of two ledgers: what is told, what is not, and that it stays readable."""

from __future__ import annotations

import copy
import json

import pytest
from click.testing import CliRunner

from recount.audit.differences import MARKER, LedgerError, compare, markdown, read_ledger
from recount.cli import main

READINGS = {
    f"{reading} {rule}": "consistent"
    for reading in ("literal", "customary", "loose")
    for rule in ("half_up", "truncation", "ceiling")
}


def record(id: str, **changes) -> dict:
    """A statistic of 9.6 trillion yuan that two others confirm to be 9 to 10."""
    return {
        "id": id,
        "section": "lead",
        "printed": "9.6万亿元",
        "unit": "yuan",
        "lower": 9.55e12,
        "upper": 9.65e12,
        "recomputed_lower": 9e12,
        "recomputed_upper": 1e13,
        "verdict": "consistent",
        "support": ["a", "b"],
        "support_kind": "report",
        "conflict": [],
        "slips": [],
        "assumptions": ["a"],
        "alternatives": [],
        "readings": dict(READINGS),
        "contradicted_under": [],
        "witness": 9.6e12,
    } | changes


def told(old: list[dict], new: list[dict], **options) -> str:
    return markdown(compare(old, new), **options)


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]


def test_equal_ledgers_make_one_line():
    text = told([record("loans"), record("farms")], [record("loans"), record("farms")])
    assert text == f"{MARKER}\n\n## Ledger: 2 statistics, nothing changed\n"
    assert "1 statistic," in told([record("loans")], [record("loans")])


def test_a_verdict_that_changes_is_told_with_both_and_counted():
    text = told(
        [record("loans"), record("farms")],
        [record("loans", verdict="contradicted"), record("farms")],
        before="main",
        after="branch",
    )
    assert "## Ledger: 1 of 2 statistics changed (1 verdict)" in text
    assert "| `loans` | consistent | **contradicted** |" in text
    assert "| verdict | main | branch |" in text
    assert "| consistent | 2 | 1 |" in text
    assert "| contradicted | 0 | 1 |" in text
    assert "farms" not in text


def test_bounds_are_told_in_words_of_their_unit():
    text = told([record("loans")], [record("loans", recomputed_lower=9.2e12)])
    assert "| `loans` | recomputed | 9–10 trillion yuan | 9.2–10.0 trillion yuan |" in text
    text = told([record("loans")], [record("loans", recomputed_upper=None)])
    assert "| 9–10 trillion yuan | at least 9 trillion yuan |" in text
    gap = {"printed": "12.4个百分点", "unit": "ratio", "lower": 0.1235, "upper": 0.1245}
    text = told([record("gap", **gap)], [record("gap", **gap, recomputed_lower=0.1, recomputed_upper=0.2)])
    assert "10–20 percentage points" in text


def test_bounds_that_words_round_alike_are_told_with_every_digit():
    old, new = (record("loans", recomputed_upper=upper) for upper in (9.96123e12, 9.96124e12))
    assert "| 9000000000000.0 to 9961230000000.0 | 9000000000000.0 to 9961240000000.0 |" in told([old], [new])


def test_the_rounding_of_another_machine_is_no_change():
    text = told([record("loans")], [record("loans", recomputed_upper=1e13 * (1 + 1e-12), witness=9.61e12)])
    assert "nothing changed" in text


def test_a_printed_figure_that_changes_is_told_with_its_bounds():
    text = told([record("loans")], [record("loans", printed="9.7万亿元", lower=9.65e12, upper=9.75e12)])
    assert "| `loans` | 9.6万亿元 | 9.7万亿元 |" in text
    assert "| `loans` | printed | 9.55–9.65 trillion yuan | 9.65–9.75 trillion yuan |" in text


def test_what_a_verdict_rests_on_is_told_by_what_went_and_what_came():
    text = told([record("loans")], [record("loans", support=["b", "c"], assumptions=[], conflict=["x"])])
    assert "| `loans` | support | `a` | `c` |" in text
    assert "| `loans` | assumption | `a` |  |" in text
    assert "| `loans` | conflict |  | `x` |" in text


def test_the_order_of_a_support_is_no_change():
    assert "nothing changed" in told([record("loans")], [record("loans", support=["b", "a"])])


def test_ways_of_reading_that_changed_alike_are_told_together():
    new = READINGS | {way: "contradicted" for way in READINGS if "ceiling" in way}
    text = told([record("loans")], [record("loans", readings=new)])
    assert "| `loans` | rounded up | consistent | contradicted |" in text
    assert len(rows(text)) == 2


def test_statistics_that_come_and_go_are_told():
    text = told([record("loans"), record("farms")], [record("loans"), record("banks")])
    assert "## Ledger: 1 added, 1 removed" in text
    assert "### Added\n\n| statistic | printed | verdict |\n| --- | --- | --- |\n| `banks` |" in text
    assert "### Removed\n\n| statistic | printed | verdict |\n| --- | --- | --- |\n| `farms` |" in text


def test_slips_and_rival_answers_are_named_only():
    text = told([record("loans")], [record("loans", slips=[{"printed": "96"}])])
    assert "| `loans` | slips |" in text


def test_a_name_that_one_ledger_lacks_is_not_compared():
    old = {
        name: value for name, value in record("loans").items() if name not in ("readings", "slips", "support")
    }
    assert "nothing changed" in told([old], [record("loans")])
    assert "nothing changed" in told([record("loans")], [old])


def test_what_would_break_a_table_is_escaped():
    text = told([record("loans")], [record("loans", printed="9|6 <b>\n")])
    assert "9\\|6 &lt;b>" in text


def test_a_long_difference_is_cut_and_says_so():
    old = [record(f"number_{number}") for number in range(2000)]
    new = [record(row["id"], verdict="bounded", support=["c"], printed="9.7万亿元") for row in old]
    text = told(old, new, most=20_000)
    assert len(text) < 21_500
    assert "## Ledger: 2,000 of 2,000 statistics changed" in text
    shown, more = rows(text), [line for line in text.splitlines() if line.endswith("more, not shown here.")]
    assert len(shown) > 100
    assert more


def test_the_command_reads_two_files_and_tells_the_difference(tmp_path):
    run = CliRunner().invoke
    printed = run(main, ["audit", "--format", "json"]).stdout
    (tmp_path / "old.json").write_text(printed, encoding="utf-8")
    changed = copy.deepcopy(json.loads(printed))
    next(row for row in changed if row["id"] == "coverage")["verdict"] = "confirmed"
    (tmp_path / "new.json").write_text(json.dumps(changed), encoding="utf-8")
    result = run(
        main, ["ledger-diff", str(tmp_path / "old.json"), str(tmp_path / "new.json"), "--names", "v1", "v2"]
    )
    assert result.exit_code == 0, result.output
    assert "| statistic | v1 | v2 |" in result.stdout
    assert "| `coverage` | bounded | **confirmed** |" in result.stdout
    assert "1 of 100 statistics changed (1 verdict)" in result.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,verdict\n", "not JSON"),
        ('{"a": 1}', "found no array of records"),
        ('[{"id": "a"}]', "record 1 has no printed, unit, verdict"),
    ],
)
def test_what_is_no_ledger_is_named(text, message, tmp_path):
    path = tmp_path / "ledger.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=message) as error:
        read_ledger(path)
    assert str(path) in str(error.value)
    result = CliRunner().invoke(main, ["ledger-diff", str(path), str(path)])
    assert result.exit_code == 1
    assert "recount audit --format json" in result.output
