"""True numbers are never called false: reports made from a truth, printed by rounding and honest hedges."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import DATA, quantity, relation, statistic

from recount.audit import Audit
from recount.dataset import Dataset
from recount.numerals import Readings

READINGS = Readings.read(DATA / "readings.csv")
HUNDRED_MILLION = 10**8


def dataset(quantities, statistics, relations) -> Dataset:
    """A package in memory: these are many, and their tables are right by construction."""

    def table(rows, columns) -> pd.DataFrame:
        frame = pd.DataFrame([dict.fromkeys(columns, "") | row for row in rows], columns=columns, dtype=str)
        return frame.set_index("id", drop=False).rename_axis(None) if "id" in columns else frame

    labels = ["label_zh", "label_en"]
    return Dataset(
        folder=DATA,
        statistics=table(statistics, ["id", "section", "printed", "quantity", "kind", "as_of", *labels, "note_zh"]),
        quantities=table(quantities, ["id", "unit", "lower", "upper", "integer", "as_of", "scope", *labels]),
        relations=table(relations, ["id", "relation", "basis", "default", "question", "slip", "note_zh"]),
        numerals=pd.DataFrame(), references=table([], ["id", "quantity", "printed", "source"]),
        enumerations=pd.DataFrame({"quantity": []}), readings=READINGS,
    )  # fmt: skip


def scaled(value: Fraction, places: int, rounding: str) -> Decimal:
    """A value to so many decimal places, rounded exactly."""
    shifted = value * 10**places
    whole = {ROUND_FLOOR: shifted.__floor__(), ROUND_CEILING: shifted.__ceil__(),
             ROUND_HALF_UP: (shifted + Fraction(1, 2)).__floor__()}[rounding]  # fmt: skip
    return Decimal(whole).scaleb(-places)


def printed(value: Fraction, unit: str, places: int, hedge: str) -> str:
    """A true value as a newspaper prints it: rounded, or with a hedge that is true of it."""
    size = {"亿元": Fraction(HUNDRED_MILLION), "%": Fraction(1, 100)}[unit]
    told = value / size
    if hedge == "超过":
        floor = scaled(told, places, ROUND_FLOOR)
        return f"超过{floor}{unit}" if Fraction(floor) < told else f"{floor}{unit}"
    if hedge == "以上":
        return f"{scaled(told, places, ROUND_FLOOR)}{unit}以上"
    if hedge == "不足":
        above = scaled(told, places, ROUND_CEILING)
        return f"不足{above}{unit}" if Fraction(above) > told else f"{above}{unit}"
    return f"{scaled(told, places, ROUND_HALF_UP)}{unit}"


levels = st.integers(10**9, 10**13).map(Fraction)
rates = st.integers(-3000, 9000).map(lambda n: Fraction(n, 10_000))
styles = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["", "", "", "超过", "以上", "不足"])),
                  min_size=16, max_size=16)  # fmt: skip


@st.composite
def reports(draw: st.DrawFn, slip: bool = False) -> Dataset:
    """Parts of a total with their shares, the gap of two shares, and one part's growth over years.

    With a `slip`, everything is printed by rounding and the total is printed ten times too large.
    """
    parts = draw(st.lists(levels, min_size=2, max_size=4))
    growth, years = draw(rates), draw(st.integers(1, 10))
    total = sum(parts, Fraction(0))
    truth: dict[str, tuple[Fraction, str]] = {"total": (total, "亿元")}
    relations = [relation("sum", "total == " + " + ".join(f"part{i}" for i in range(len(parts))))]
    for i, part in enumerate(parts):
        truth[f"part{i}"], truth[f"share{i}"] = (part, "亿元"), (part / total, "%")
        relations.append(relation(f"share_of_{i}", f"share{i} == part{i} / total"))
    truth["gap"] = (parts[0] / total - parts[1] / total, "%")
    relations.append(relation("difference", "gap == share0 - share1"))
    truth["base"], truth["growth"] = (parts[0] / (1 + growth) ** years, "亿元"), (growth, "%")
    relations.append(relation("compound", f"part0 == base * (1 + growth) ** {years}"))
    quantities, statistics = [], []
    for (name, (value, unit)), (places, hedge) in zip(truth.items(), draw(styles), strict=False):
        ratio = unit == "%"
        signed = name in ("gap", "growth")
        quantities.append(quantity(name, "ratio" if ratio else "yuan", "-1" if signed else "0"))
        if slip:
            wrong = value * 10 if name == "total" else value
            statistics.append(statistic(name, printed(wrong, unit, 2, "")))
        elif draw(st.integers(0, 4)):  # one in five stays unsaid
            statistics.append(statistic(name, printed(value, unit, places, "" if signed else hedge)))
    return dataset(quantities, statistics or [statistic("total", printed(total, "亿元", 0, ""))], relations)


@settings(max_examples=80)
@given(reports())
def test_a_true_report_is_never_contradicted(report):
    audit = Audit(report)
    assert audit.conflicts == []
    assert "contradicted" not in audit.verdicts.values()


@settings(max_examples=20)
@given(reports(slip=True))
def test_a_total_ten_times_too_large_is_found_and_its_slip_named(report):
    audit = Audit(report)
    assert audit.verdicts["total"] == "contradicted"
    meant = Decimal(report.statistics.loc["total", "printed"].removesuffix("亿元")) / 10
    named = [slip["printed"] for slip in audit.slips["total"] if slip.get("kind") == "power_of_ten"]
    assert any(Decimal(text.removesuffix("亿元")) == meant for text in named)


@settings(max_examples=30)
@given(reports())
def test_a_support_never_holds_the_statistic_itself(report):
    for id, support in Audit(report).support.items():
        assert id not in support
