"""The charts of the real chapters: what they draw is what the ledger holds, and they can be read."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import IPython.display
import pandas as pd
import pytest
from drawn import artists, counted, gids, spans

from recount.audit import Audit, worth
from recount.audit import whatif as robustness
from recount.chapter import chapter as chapters
from recount.chapter.values import drawn, series_words
from recount.charts import Chart, layout_problems
from recount.charts.rows import natural
from recount.words import LANGS, VERDICTS, bracket, interval, number, printed_words, verdict_word

ROOT = Path(__file__).resolve().parents[1]
NAMES = sorted(path.stem for path in (ROOT / "chapters").glob("*.ipynb"))
SPANNING = ("printed_vs_recomputed", "counts", "alternatives", "growth_path", "shares", "before_after",
            "stock_bars", "in_turn", "spans", "gains")  # fmt: skip
COUNTING = ("firmness", "moves", "switches", "years")
pytestmark = pytest.mark.slow
both = pytest.mark.parametrize("lang", LANGS)
Drawings = dict[str, list[tuple[str, chapters.Chapter, Chart]]]


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    """Every chart that the chapters draw under their defaults: chapter's name, chapter, chart; by language."""
    audits: dict[str, Audit] = {}

    def shared(data: Any, settings: Any) -> Audit:
        """One audit for all chapters of a language, whose parameters are the same."""
        return audits.setdefault(f"{data.folder} {data.lang} {settings}", Audit(data, settings))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chapters, "Audit", shared)
        patch.setattr(robustness, "tried", _once(robustness.tried))
        patch.setattr(worth, "worth", _once(worth.worth))
        for module in (chapters, IPython.display):
            patch.setattr(module, "display", lambda *shown, **options: None)
        return {lang: [(name, *pair) for name in NAMES for pair in _run(patch, name, lang)] for lang in LANGS}


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of an audit that asks for the same thing once for both languages."""
    known: dict[str, Any] = {}

    def remembered(audit: Audit, *asked: Any) -> Any:
        key = f"{id(audit)} {asked}"
        known[key] = known[key] if key in known else function(audit, *asked)
        return known[key]

    return remembered


def _run(patch: pytest.MonkeyPatch, name: str, lang: str) -> list[tuple[chapters.Chapter, Chart]]:
    """The charts of one chapter, from its code cells up to the last that draws."""
    charts: list[tuple[chapters.Chapter, Chart]] = []
    patch.setattr(chapters.Chapter, "draw", lambda chapter, chart: charts.append((chapter, chart)))
    notebook = json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    last = max((n for n, cell in enumerate(cells) if ".draw(" in "".join(cell["source"])), default=-1)
    space: dict[str, Any] = {}
    for cell in cells[: last + 1]:
        exec(compile("".join(cell["source"]), f"{name}:{cell['id']}", "exec"), space)
        if "parameters" in cell["metadata"].get("tags", []):
            space["lang"] = lang
    return charts


def rows(chart: Chart) -> list[dict[str, Any]]:
    return chart.values.to_dict("records")


def gid(row: dict[str, Any]) -> str:
    """Under what id a row of the values is drawn."""
    return f"{row['id'] or row['label']}:{row['series'] or row['note']}"


def same(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return all(a == b or math.isclose(a, b, rel_tol=1e-9) for a, b in zip(first, second, strict=True))


def ends(record: pd.Series, series: str) -> list[tuple[float, float]]:
    """A ledger row's interval, as it stands and without ends that say no more than the quantity's nature."""
    before = "recomputed_" if series == "recomputed" else ""
    pair = float(record[f"{before}lower"]), float(record[f"{before}upper"])
    limits, kind = (record["lowest"], record["highest"]), record["kind"]
    return [
        pair,
        natural(*pair, record["unit"], kind, limits),
        natural(*pair, record["unit"], kind, limits, pair),
    ]


@both
def test_every_chapter_s_statistics_are_drawn_as_the_ledger_has_them(drawings: Drawings, lang: str) -> None:
    checked = 0
    for name, chapter, chart in drawings[lang]:
        for row in rows(chart):
            series = row["series"].split()[-1] if row["series"] else ""
            if row["id"] not in chapter.audit.printed or series not in ("printed", "recomputed"):
                continue
            record = chapter.ledger.loc[row["id"]]
            shown = row["lower"], row["upper"]
            if row["unit"] == "hour" != record["unit"]:  # a day is counted as so many hours
                factor = round(
                    row["upper"] / record["upper"]
                    if math.isfinite(row["upper"])
                    else row["lower"] / record["lower"],
                    9,
                )
                shown = shown[0] / factor, shown[1] / factor
                assert factor in (8, 24)
            known = ends(record, series)
            if series == "printed":  # of a count the whole numbers inside
                known.append((float(chapter[row["id"]].lower), float(chapter[row["id"]].upper)))
            assert any(same(shown, pair) for pair in known), (name, chart.name, row)
            checked += 1
    assert checked > 100


@both
def test_every_value_is_drawn_at_its_place(drawings: Drawings, lang: str) -> None:
    for name, _, chart in drawings[lang]:
        if chart.kind not in SPANNING:
            continue
        for row in rows(chart):
            if row["series"] in ("gap", "growth"):
                continue
            places = spans(chart, gid(row))
            ends = row["lower"], row["upper"]
            assert any(same(ends, place) for place in places), (name, chart.name, row, places)


@both
def test_every_count_is_drawn_as_so_many(drawings: Drawings, lang: str) -> None:
    kinds = set()
    for name, _, chart in drawings[lang]:
        if chart.kind not in COUNTING:
            continue
        kinds.add(chart.kind)
        for row in rows(chart):
            assert counted(chart, gid(row)) == row["lower"] == row["upper"], (name, chart.name, row)
    assert kinds == set(COUNTING)


@both
def test_what_is_drawn_beside_is_drawn_from_the_values_too(drawings: Drawings, lang: str) -> None:
    for name, _, chart in drawings[lang]:
        for row in rows(chart):
            if chart.kind in (*SPANNING, "nine_ways", "what_ifs", "misses", "steps", "missing"):
                assert artists(chart, gid(row)), (name, chart.name, row)
            if row["series"] == "named":
                assert len(artists(chart, gid(row))) == row["lower"], (name, chart.name, row)
            if row["series"] == "growth":
                (words,) = artists(chart, gid(row))
                assert words.get_text().startswith("+") == (row["lower"] >= 0), (name, chart.name, row)


@both
def test_nothing_is_drawn_that_the_values_do_not_hold(drawings: Drawings, lang: str) -> None:
    for name, _, chart in drawings[lang]:
        if chart.kind not in (
            *SPANNING,
            *COUNTING,
            "nine_ways",
            "what_ifs",
            "misses",
            "steps",
            "missing",
            "enumeration",
        ):
            continue
        held = {gid(row) for row in rows(chart)}
        beside = {f"{id_drawn} between" for id_drawn in held} | {
            f"{id_drawn.rpartition(':')[0]}:path" for id_drawn in held
        }
        beside |= {f"{id_drawn} number" for id_drawn in held} | {
            f"{row['id']}:missing" for row in rows(chart)
        }
        if chart.kind == "switches":
            beside |= {f"{verdict_word(key, lang)}:column" for key in VERDICTS}
        if chart.kind == "spans":  # the date that the spans are held against
            beside |= {id_drawn for id_drawn in gids(chart) if id_drawn.endswith(":threshold")}
        assert gids(chart) <= held | beside, (name, chart.name, gids(chart) - held - beside)


@both
def test_texts_stay_inside_and_apart(drawings: Drawings, lang: str) -> None:
    problems = {(name, chart.name): layout_problems(chart.figure) for name, _, chart in drawings[lang]}
    assert {key: value for key, value in problems.items() if value} == {}


@both
def test_the_alternative_text_holds_the_title_and_a_drawn_value(drawings: Drawings, lang: str) -> None:
    for name, chapter, chart in drawings[lang]:
        assert chart.title
        assert chart.title.rstrip("。.") in chart.alt, (name, chart.name)
        words = (
            {verdict_word(key, lang) for key in VERDICTS}
            if chart.kind in ("tiles", "nine_ways", "what_ifs")
            else set()
        )
        for row in rows(chart):
            if not math.isnan(row["lower"]):
                for said in (interval, bracket):
                    if said is interval or row["unit"] not in ("rank", "date"):
                        words.add(said(row["lower"], row["upper"], row["unit"], lang))
            ends = row["lower"], row["upper"]
            for value in (*ends, sum(ends) / 2):
                if math.isfinite(value):
                    words |= {number(value, row["unit"], lang, digits) for digits in (None, 2, 3, 4)}
            if row["id"] in chapter.audit.printed:
                words.add(printed_words(chapter.audit.printed[row["id"]], lang, row["unit"]))
        assert any(word in chart.alt for word in words), (name, chart.name, chart.alt)


@both
def test_no_two_charts_draw_the_same_statistics_in_the_same_way(drawings: Drawings, lang: str) -> None:
    drawn_by = defaultdict(list)
    for name, _, chart in drawings[lang]:
        about = frozenset(chart.draws) or frozenset(chart.values["id"]) | frozenset(chart.values["label"])
        drawn_by[chart.kind, about].append((name, chart.name))
    assert [names for names in drawn_by.values() if len(names) > 1] == []
    assert len({chart.name for _, _, chart in drawings[lang]}) == len(drawings[lang])


def test_both_editions_draw_the_same_values(drawings: Drawings) -> None:
    assert [chart.name for _, _, chart in drawings["zh"]] == [chart.name for _, _, chart in drawings["en"]]
    for (name, _, zh), (_, _, en) in zip(drawings["zh"], drawings["en"], strict=True):
        columns = ["id", "lower", "upper", "unit"]
        assert zh.values[columns].equals(en.values[columns]), (name, zh.name)


@both
def test_every_chart_s_values_can_be_read_in_a_table(drawings: Drawings, lang: str) -> None:
    for name, chapter, chart in drawings[lang]:
        html = drawn(chart, chapter.audit, lang, chapter.section)
        assert bool(html) == (chart.kind != "tiles"), (name, chart.name)
        if chart.kind not in ("tiles", "nine_ways", "what_ifs"):
            for row in rows(chart):
                assert series_words(row["series"], lang) or row["note"] or row["label"], (
                    name,
                    chart.name,
                    row,
                )
