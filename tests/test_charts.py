"""What the charts draw equals what they are given, in both languages, and can be read."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib as mpl
import pandas as pd
import pytest
from drawn import TITLES, across, artists, frame
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle

from recount import charts
from recount.charts import Band, Chart, Gap, Level, Option, Pair, Path, Share, State, Stock
from recount.charts.style import PALETTE, text_width, wrap
from recount.words import LANGS, VERDICTS, verdict_word

INF = math.inf


@pytest.fixture
def ledger() -> pd.DataFrame:
    return frame()


ITEMS = pd.DataFrame(
    {"quantity": ["items"] * 2, "item_zh": ["信息", "抵押"], "item_en": ["information", "pledge"]}
)


def _growth(lang: str) -> Chart:
    path = Path(
        "余额",
        Level(2024.0, 9.55e12, 9.65e12),
        [Level(2014.0, 2.27e12, 2.31e12)],
        [Level(2020.25, 4.195e12, 4.205e12, "4.2")],
        "stock",
        "consistent",
    )
    return charts.growth_path([path], lang, TITLES[lang], draws=("rate",))


def _shares(lang: str) -> Chart:
    parts = [
        Share("本省", 0.545, 0.555, "share", "55%", "bounded"),
        Share("全国", 0.43, 0.45, implied=True),
        Share("覆盖", 0.4, INF, "cover"),
    ]
    return charts.shares(
        parts, lang, TITLES[lang], gaps=[Gap(0, 1, 0.105, 0.115, "lead")], thresholds=[(1 / 3, "1/3")]
    )


def _change(lang: str) -> Chart:
    pairs = [
        Pair("同城", State(40, 64, "5~8天", "local"), State(1, 5, "", "now"), "", "bounded"),
        Pair("异地", State(80, INF, "", "remote"), State(1, 5, "", "now")),
    ]
    return charts.before_after(pairs, lang, TITLES[lang], unit="hour")


def _bases(lang: str) -> Chart:
    stock = Stock(
        "担保",
        1285.5e8,
        1286.5e8,
        (0.22585, 0.22595),
        "2023",
        "2022",
        "guarantee",
        "guarantee_growth",
        verdict="bounded",
    )
    return charts.stock_bars([stock], lang, TITLES[lang])


def _options(lang: str) -> Chart:
    options = [Option(str(n), 3.965 ** (1 / n) - 1, 3.998 ** (1 / n) - 1) for n in (8, 9, 10)]
    band = Band("growth", "增长", 0.16625, 0.16635, "ratio", "16.63%", "contradicted")
    return charts.alternatives(options, band, lang, TITLES[lang], draws=("increase",))


Make = Callable[[pd.DataFrame, str], Chart]
KINDS: dict[str, Make] = {
    "printed": lambda rows, lang: charts.printed_vs_recomputed(rows, lang, TITLES[lang]),
    "counts": lambda rows, lang: charts.counts(
        rows.loc[["items", "kinds", "outlets", "jobs"]], lang, TITLES[lang]
    ),
    "alternatives": lambda rows, lang: _options(lang),
    "tiles": lambda rows, lang: charts.tiles(rows, lang, TITLES[lang], link="l.html#{id}"),
    "growth": lambda rows, lang: _growth(lang),
    "shares": lambda rows, lang: _shares(lang),
    "change": lambda rows, lang: _change(lang),
    "bases": lambda rows, lang: _bases(lang),
    "list": lambda rows, lang: charts.enumeration(rows.loc[["items"]], ITEMS, lang, TITLES[lang]),
}
every = pytest.mark.parametrize("kind", KINDS)
both = pytest.mark.parametrize("lang", LANGS)


@both
@every
def test_text_stays_inside_and_apart(kind: str, lang: str, ledger: pd.DataFrame) -> None:
    assert charts.layout_problems(KINDS[kind](ledger, lang).figure) == []


@both
@every
def test_svg_is_stable_dark_safe_and_without_text(kind: str, lang: str, ledger: pd.DataFrame) -> None:
    svg = KINDS[kind](ledger, lang).svg()
    assert svg == KINDS[kind](ledger, lang).svg()
    root = ET.fromstring(svg)
    assert not [node for node in root.iter() if node.tag.endswith("}text")]
    assert "prefers-color-scheme:dark" in svg
    inline = re.sub(r"<style>.*?</style>", "", svg, flags=re.DOTALL)
    lights = {light for light, _ in PALETTE.values()}
    assert set(re.findall(r"#[0-9a-f]{6}\b", inline)) <= lights


@both
@every
def test_every_chart_says_in_words_what_it_draws(kind: str, lang: str, ledger: pd.DataFrame) -> None:
    chart = KINDS[kind](ledger, lang)
    assert chart.draws
    assert len(set(chart.draws)) == len(chart.draws)
    assert chart.alt.startswith(TITLES[lang])
    assert re.search(r"\d", chart.alt)
    assert chart.caption
    assert chart.name.startswith("fig-")
    assert list(chart.values.columns) == ["id", "series", "lower", "upper", "unit", "label", "note"]
    assert set(chart.values["id"]) & set(chart.draws)


def test_the_page_shows_through(ledger: pd.DataFrame) -> None:
    figure = KINDS["printed"](ledger, "zh").figure
    assert not figure.patch.get_visible()
    assert not [axes for axes in figure.axes if axes.axison and axes.patch.get_visible()]


@both
def test_alt_of_strips_holds_figures_and_verdicts(lang: str, ledger: pd.DataFrame) -> None:
    alt = KINDS["printed"](ledger, lang).alt
    for verdict in VERDICTS:
        assert verdict_word(verdict, lang) in alt
    expected = {
        "zh": ["报道9.6万亿元，复算9.1万亿～9.8万亿元，相符", "11个百分点", "网点数：报道20463个，无从复算"],
        "en": [
            "printed 9.6 trillion yuan, recomputed 9.1–9.8 trillion yuan, consistent",
            "printed more than 40%, recomputed at least 33.33%",
            "11 percentage points",
        ],
    }
    for words in expected[lang]:
        assert words in alt


def test_strips_draw_the_ledger(ledger: pd.DataFrame) -> None:
    chart = KINDS["printed"](ledger, "zh")
    for row in ledger.itertuples():
        (printed,) = artists(chart, f"{row.id}:printed")
        low, high = across(printed)
        assert low == pytest.approx(row.lower)
        if math.isfinite(row.upper) and row.id != "cover":
            assert high == pytest.approx(row.upper)
    (recomputed,) = artists(chart, "stock:recomputed")
    assert across(recomputed) == pytest.approx((9.1e12, 9.8e12))
    assert artists(chart, "outlets:recomputed") == []
    assert recomputed.get_facecolor()[3] == 0 < artists(chart, "stock:printed")[0].get_facecolor()[3]


def test_open_ends_point_to_the_edge(ledger: pd.DataFrame) -> None:
    (open_bar,) = artists(KINDS["printed"](ledger.loc[["jobs"]], "en"), "jobs:printed")
    assert open_bar.axes is not None
    assert across(open_bar)[1] == pytest.approx(open_bar.axes.get_xlim()[1])
    assert len(open_bar.get_xy()) == 6  # four corners, the tip, and the first again
    (share,) = artists(KINDS["printed"](ledger.loc[["cover"]], "en"), "cover:printed")
    assert across(share)[1] == pytest.approx(1.0)  # a share's arrow ends at 100%


def test_contradictions_far_apart_are_logarithmic(ledger: pd.DataFrame) -> None:
    (bar,) = artists(KINDS["printed"](ledger.loc[["credit"]], "zh"), "credit:printed")
    assert bar.axes is not None
    assert bar.axes.get_xscale() == "log"


def test_counts_are_dots_when_exact_and_bars_when_not(ledger: pd.DataFrame) -> None:
    chart = KINDS["counts"](ledger, "zh")
    (dot,) = artists(chart, "outlets:printed")
    assert isinstance(dot, Line2D)
    assert across(dot) == (20463, 20463)
    (bar,) = artists(chart, "kinds:printed")
    assert isinstance(bar, Polygon)
    assert across(bar) == pytest.approx((121, 129))
    with pytest.raises(ValueError, match="one unit expected"):
        charts.counts(ledger, "zh", "x")


@both
def test_only_nine_steps_fit(lang: str) -> None:
    chart = _options(lang)
    (bar,) = artists(chart, "9:fits")
    assert across(bar) == pytest.approx((3.965 ** (1 / 9) - 1, 3.998 ** (1 / 9) - 1))
    words = [text.get_text() for axes in chart.figure.axes for text in axes.texts]
    fits, out = {"zh": ("成立", "不成立"), "en": ("fits", "ruled out")}[lang]
    assert words.count(fits) == 1
    assert words.count(out) == 2
    assert chart.draws == ("growth", "increase")


def test_tiles_are_in_order_and_linked(ledger: pd.DataFrame) -> None:
    chart = KINDS["tiles"](ledger, "en")
    assert chart.draws == tuple(ledger.index)
    svg = chart.svg()
    for id in ledger.index:
        assert f'id="tile-{id}"' in svg
        assert f'href="l.html#{id}"' in svg
    assert (
        "10 statistics: 3 confirmed, 2 consistent, 2 bounded only, 1 contradicted, 1 undecided" in chart.alt
    )


@both
def test_the_key_of_the_tiles_names_the_verdicts_that_occur(lang: str, ledger: pd.DataFrame) -> None:
    chart = KINDS["tiles"](ledger[ledger["verdict"] != "undecided"], lang)
    texts = " ".join(text.get_text() for axes in chart.figure.axes for text in axes.texts)
    for verdict in VERDICTS:
        assert (f"{verdict_word(verdict, lang)} " in texts) == (verdict != "undecided")


def test_growth_draws_level_base_and_outside_figures() -> None:
    chart = _growth("en")
    (level,) = artists(chart, "stock:printed")
    (base,) = artists(chart, "stock:base")
    (seen,) = artists(chart, "stock:observed")
    (year, *_), (least, value, most) = seen.get_data()
    assert (least, most) == (4.195e12, 4.205e12)
    for shape, ends in ((level, (9.55e12, 9.65e12)), (base, (2.27e12, 2.31e12))):
        assert isinstance(shape, Rectangle)
        drawn = (shape.get_y(), shape.get_y() + shape.get_height())
        assert drawn == pytest.approx(ends)
    assert base.get_facecolor()[3] == 0
    assert year == 2020.25
    assert 4.195e12 < value < 4.205e12
    assert "9.55–9.65 trillion yuan" in chart.alt
    with pytest.raises(ValueError, match="positive ends"):
        charts.growth_path([Path("x", Level(2024, 0, 1))], "en", "x")


def test_shares_bases_and_changes_draw_their_ends() -> None:
    (bar,) = artists(_shares("zh"), "share:printed")
    assert across(bar) == pytest.approx((0, 0.545))
    (before,) = artists(_change("zh"), "local:before printed")
    assert across(before) == pytest.approx((40, 64))
    chart = _bases("zh")
    (base,) = artists(chart, "guarantee:base")
    assert across(base)[1] == pytest.approx(1285.5e8 / 1.22595)
    assert "推得 1048.5亿～1049.5亿元" in chart.alt


def test_an_item_counted_but_not_named_is_hollow(ledger: pd.DataFrame) -> None:
    chart = KINDS["list"](ledger, "en")
    assert len(artists(chart, "items:named")) == 2
    (missing,) = artists(chart, "items:missing")
    assert missing.get_markerfacecolor() == "none"


def test_missing_glyph_and_foreign_colour_are_errors(ledger: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="Glyph"):
        charts.printed_vs_recomputed(ledger.iloc[:1], "zh", "标题\U0001f600").svg()
    chart = KINDS["tiles"](ledger, "zh")
    chart.figure.axes[0].plot([0, 1], [0, 1], color="#123456")
    with pytest.raises(ValueError, match="#123456"):
        chart.svg()


def test_drawing_leaves_the_settings_alone(ledger: pd.DataFrame) -> None:
    before = dict(mpl.rcParams)
    KINDS["printed"](ledger, "zh").svg()
    assert dict(mpl.rcParams) == before


PHONE = 358  # pixels: the width of a picture on a page 390 pixels wide


@both
@every
def test_small_text_can_be_read_on_a_phone(kind: str, lang: str, ledger: pd.DataFrame) -> None:
    figure = KINDS[kind](ledger, lang).figure
    sizes = [float(text.get_fontsize()) for axes in figure.axes for text in axes.texts]
    assert min(sizes) * PHONE / (figure.get_figwidth() * 72) >= 10


def test_long_titles_wrap_and_keep_words_and_marks_together() -> None:
    title = "十年增长对得上，户数增长对不上：四个数字可以复算（含9.6万亿元），一个互相矛盾"
    lines = wrap(title, 200, 15)
    assert "".join(lines) == title
    assert len(lines) > 1
    assert all(text_width(line, 15) <= 200 for line in lines)
    assert not [line for line in lines if line[0] in "，：）、" or line[-1] in "（"]
    assert wrap("a price of 128.6 billion", 60, 12)[-1] == "billion"


def test_lines_break_after_marks_and_leave_no_word_alone() -> None:
    source = "Share read by amount; lower end of the amount: credit that banks offered; scope: the platform"
    for width in (150, 200, 250, 300, 400):
        lines = wrap(source, width, 12, phrases=True)
        assert " ".join(lines) == source
        assert all(text_width(line, 12) <= width for line in lines)
    assert wrap("one two three four five six", text_width("one two three four five", 12) + 1, 12) == [
        "one two three four",
        "five six",
    ]


def test_dollar_signs_are_not_mathematics(ledger: pd.DataFrame) -> None:
    chart = charts.printed_vs_recomputed(ledger.iloc[:1], "en", "From $5 to $6")
    assert chart.svg()
