"""Charts of how firm verdicts are: dots, bands, arrows and bars, read back from what is drawn."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from drawn import TITLES, across, artists, counted, deep, solid, spans

from recount import charts
from recount.audit.whatif import changed
from recount.charts.robustness import UNIT, Gain, Switch, firmness, gains, moves, switches
from recount.charts.years import years
from recount.words import LANGS

both = pytest.mark.parametrize("lang", LANGS)
BEFORE = {"a": "confirmed", "b": "confirmed", "c": "consistent", "d": "contradicted", "e": "unchecked"}
AFTER = {"a": "confirmed", "b": "bounded", "c": "unchecked", "d": "unchecked", "e": "unchecked"}
HEADS = ("before", "after")


def test_a_solid_dot_never_changes_and_a_hollow_one_does() -> None:
    kept = {
        "a": ("confirmed", True),
        "b": ("confirmed", False),
        "c": ("confirmed", True),
        "d": ("bounded", False),
    }
    chart = firmness(kept, "en", TITLES["en"])
    firm, varying = artists(chart, "confirmed:never changing"), artists(chart, "confirmed:changing")
    assert [len(firm), len(varying)] == [2, 1]
    assert all(map(solid, firm))
    assert not any(map(solid, varying))
    assert max(dot.get_xdata()[0] for dot in firm) < varying[0].get_xdata()[0]
    assert counted(chart, "bounded only:never changing") == 0
    assert not solid(artists(chart, "bounded only:changing")[0])


def test_dots_start_a_new_line_where_one_is_full() -> None:
    chart = firmness({str(n): ("unchecked", n < 30) for n in range(45)}, "en", TITLES["en"])
    dots = artists(chart, "unchecked:never changing") + artists(chart, "unchecked:changing")
    places = {(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots}
    assert len(places) == 45
    assert len({y for _, y in places}) == 3


def test_bands_lead_from_block_to_block_as_wide_as_they_have_statistics() -> None:
    chart = moves(BEFORE, AFTER, HEADS, "en", TITLES["en"])
    assert counted(chart, "confirmed → bounded only:") == 1
    for (start, end), ids in changed(BEFORE, AFTER, BEFORE).items():
        words = " → ".join({"bounded": "bounded only"}.get(key, key) for key in (start, end))
        (band,) = artists(chart, f"{words}:")
        assert counted(chart, f"{words}:") == len(ids)
        for side, verdict in zip((0, -1), words.split(" → "), strict=True):
            (block,) = artists(chart, f"{verdict}:{HEADS[side]}")
            top, foot = deep(band, side)
            assert foot - top == pytest.approx(UNIT * len(ids))
            assert block.get_y() - 1e-9 <= top <= foot <= block.get_y() + block.get_height() + 1e-9
    assert counted(chart, "unchecked:after") == 3
    assert counted(chart, "unchecked:before") == 1


def test_bands_fill_their_blocks_without_overlap() -> None:
    chart = moves(BEFORE, AFTER, HEADS, "en", TITLES["en"])
    bands = [artists(chart, f"{row.label}:")[0] for row in chart.values.itertuples() if not row.note]
    for side in (0, -1):
        reach = sorted(deep(band, side) for band in bands)
        assert all(lower[1] <= upper[0] + 1e-9 for lower, upper in pairwise(reach))


@both
def test_an_arrow_leads_from_the_column_of_one_verdict_to_that_of_the_other(lang: str) -> None:
    turned = {("confirmed", "unchecked"): ["a", "b"], ("contradicted", "consistent"): ["c"]}
    chart = switches([Switch("one", turned)], lang, TITLES[lang])
    words = {
        "zh": [("证实", "无从复算", 2), ("矛盾", "相符", 1)],
        "en": [("confirmed", "unchecked", 2), ("contradicted", "consistent", 1)],
    }[lang]
    columns = {
        artist.get_gid(): artist.get_xdata()[0] for artist in chart.figure.axes[0].lines if artist.get_gid()
    }
    for start, end, count in words:
        (arrow,) = artists(chart, f"one:{start} → {end}")
        xs = arrow.get_path().vertices[:-1, 0]  # but for the closing point
        low, high = sorted((columns[f"{start}:column"], columns[f"{end}:column"]))
        assert low - 4 < min(xs) < low + 10
        assert high - 10 < max(xs) < high + 4
        assert counted(chart, arrow.get_gid()) == count
        (number,) = artists(chart, f"{arrow.get_gid()} number")
        tip = columns[f"{end}:column"]
        assert (number.get_position()[0] > tip) == (tip == high)
    assert chart.draws == ("a", "b", "c")
    with pytest.raises(ValueError, match="at least one change"):
        switches([], lang, TITLES[lang])


def test_a_bar_is_solid_to_the_least_and_hollow_to_the_most() -> None:
    chart = gains([Gain("x", "X", 1.5, 2.5), Gain("y", "Y", 1.0, 1.0)], "en", TITLES["en"])
    assert spans(chart, "x:implied") == [(1.5, 2.5)]
    assert spans(chart, "y:implied") == [(1.0, 1.0)]
    (least,), (most,) = artists(chart, "x:implied"), artists(chart, "x:implied between")
    assert across(least)[0] == 0
    assert across(most) == (1.5, 2.5)
    assert least.get_facecolor()[3] == 1
    assert most.get_facecolor()[3] == 0
    assert artists(chart, "y:implied between") == []


@both
def test_every_year_has_its_row_of_dots_solid_where_official(lang: str) -> None:
    references = [
        ("a", "2020-06", "1"),
        ("b", "2020", "2"),
        ("c", "2020", "2"),
        ("d", "2022-01", "1"),
        ("e", "", "1"),
    ]
    chart = years(pd.DataFrame(references, columns=["id", "as_of", "tier"]), lang, TITLES[lang])
    official, press = {"zh": ("官方公布", "报刊等刊载"), "en": ("official", "press and others")}[lang]
    assert [counted(chart, f"{year}:{official}") for year in (2020, 2021, 2022)] == [1, 0, 1]
    assert [counted(chart, f"{year}:{press}") for year in (2020, 2021, 2022)] == [2, 0, 0]
    assert solid(artists(chart, f"2020:{official}")[0])
    assert not any(solid(dot) for dot in artists(chart, f"2020:{press}"))
    labels = {text.get_text(): text.get_position()[1] for text in chart.figure.axes[0].texts}
    for year in ("2020", "2022"):
        height = artists(chart, f"{year}:{official}")[0].get_ydata()[0]
        assert abs(height - labels[year]) < 12
    assert labels["2020"] < labels["2021"] < labels["2022"]
    assert charts.layout_problems(chart.figure) == []
