"""The charts can be told apart without colour, and read against the page, light and dark."""

from __future__ import annotations

from itertools import combinations

import pytest
from drawn import TITLES, artists, frame

from recount import charts
from recount.charts import Band, Level, Option, Pair, Path, Share, State, Stock
from recount.charts.style import LOOKS, PALETTE, SERIES, ink, shape_style
from recount.words import VERDICTS

MODES = ("light", "dark")
PAGE = "paper"  # the palette's name for the page's own colour
TEXT = ("ink", "muted", "printed", *SERIES, *VERDICTS)
UNSAID = ("grid", PAGE)  # lines that only guide the eye
modes = pytest.mark.parametrize("mode", MODES)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, of #rrggbb."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, other: str) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(colour), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def shade(name: str, mode: str) -> str:
    return PALETTE[name][MODES.index(mode)]


def over(colour: str, ground: str, alpha: float) -> str:
    """A colour laid over another."""
    mixed = [
        round(alpha * int(colour[n : n + 2], 16) + (1 - alpha) * int(ground[n : n + 2], 16))
        for n in (1, 3, 5)
    ]
    return "#" + "".join(f"{value:02x}" for value in mixed)


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@modes
@pytest.mark.parametrize("name", TEXT)
def test_text_stands_out_from_the_page(name: str, mode: str) -> None:
    assert contrast(shade(name, mode), shade(PAGE, mode)) >= 4.5


@modes
@pytest.mark.parametrize("name", [name for name in PALETTE if name not in UNSAID])
def test_marks_stand_out_from_the_page(name: str, mode: str) -> None:
    assert contrast(shade(name, mode), shade(PAGE, mode)) >= 3


@modes
def test_words_on_a_bar_can_be_read(mode: str) -> None:
    bar, page = shade("blue", mode), shade(PAGE, mode)
    assert contrast(page, bar) >= 4.5  # inside a solid bar
    track = over(shade("grid", mode), page, 0.35)
    assert contrast(shade("ink", mode), over(bar, track, 0.36)) >= 4.5  # on its pale part
    assert contrast(shade("ink", mode), track) >= 4.5


def test_verdicts_differ_in_shape() -> None:
    shapes = [(verdict.marker, verdict.filled) for verdict in VERDICTS.values()]
    assert len(set(shapes)) == len(VERDICTS)
    assert len({verdict.glyph for verdict in VERDICTS.values()}) == len(VERDICTS)


def test_kinds_of_value_differ_without_colour() -> None:
    assert set(LOOKS) == {"printed", "recomputed", "implied", "observed"}
    for first, second in combinations(LOOKS, 2):
        styles = [
            {key: value for key, value in shape_style(look, "blue").items() if "color" not in key}
            | {"filled": shape_style(look, "blue")["facecolor"] != "none"}
            for look in (first, second)
        ]
        assert styles[0] != styles[1], (first, second)


def plain(artist: object) -> tuple[object, ...]:
    """How a patch is drawn, but for its colour: filled, outline, hatch."""
    patch: object = artist
    return (patch.get_facecolor()[3] > 0, patch.get_linestyle(), patch.get_hatch())  # type: ignore[attr-defined]


def test_implied_values_look_different_from_printed_and_from_outside_ones() -> None:
    shares = charts.shares(
        [Share("a", 0.4, 0.5, "stock"), Share("b", 0.2, 0.3, implied=True), Share("c", 0.6, 0.7)],
        "en",
        TITLES["en"],
    )
    change = charts.before_after(
        [Pair("d", State(1, 2, "", "stock"), State(5, 6, implied=True)), Pair("e", State(1, 2), State(3, 4))],
        "en",
        TITLES["en"],
        unit="day",
    )
    triples = [
        [artists(shares, gid)[0] for gid in ("stock:printed", "b:implied", "c:observed")],
        [artists(change, gid)[0] for gid in ("stock:before printed", "d:after implied", "e:before observed")],
    ]
    for kinds in triples:
        assert len({plain(artist) for artist in kinds}) == 3
    stock = Stock("f", 10.0, 11.0, (0.1, 0.2), "now", "then", "stock", "rate")
    bars = charts.stock_bars([stock], "en", TITLES["en"])
    path = Path("g", Level(2024.0, 9.0, 10.0), [Level(2014.0, 3.0, 4.0)], [Level(2020.0, 5.0, 6.0)], "stock")
    growth = charts.growth_path([path], "en", TITLES["en"])
    for chart in (bars, growth):
        (printed,), (base,) = artists(chart, "stock:printed"), artists(chart, "stock:base")
        assert plain(printed) != plain(base)
    (seen,) = artists(growth, "stock:observed")
    assert seen.get_marker() == "o"
    assert {line.get_marker() for axes in growth.figure.axes for line in axes.lines} >= {"o", "s"}


def test_what_fits_and_what_does_not_differ_by_mark_and_word() -> None:
    band = Band("stock", "h", 2.0, 3.0, "year")
    chart = charts.alternatives([Option("i", 2.0, 2.5), Option("j", 4.0, 5.0)], band, "en", TITLES["en"])
    marks = {line.get_marker() for line in chart.figure.axes[0].lines}
    assert {"o", "X"} <= marks
    words = {text.get_text() for axes in chart.figure.axes for text in axes.texts}
    assert {"fits", "ruled out"} <= words


def test_the_recomputed_interval_is_hollow() -> None:
    chart = charts.printed_vs_recomputed(frame().loc[["stock"]], "en", TITLES["en"])
    assert artists(chart, "stock:printed")[0].get_facecolor()[3] == 1
    assert artists(chart, "stock:recomputed")[0].get_facecolor()[3] == 0


def test_a_hatch_follows_the_page_into_the_dark() -> None:
    svg = charts.shares([Share("c", 0.6, 0.7)], "en", TITLES["en"], draws=("stock",)).svg()
    pattern = svg[svg.index("<pattern") : svg.index("</pattern>")]
    assert f"stroke: {ink('blue')}" in pattern
    assert "var(--recount-blue)" in svg
