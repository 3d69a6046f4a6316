"""The fonts that the package carries: small, free, with every character that the book uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from recount.book.mathematics import mathml
from recount.book.webfont import characters
from recount.charts.style import font_path, house_style, render

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "recount" / "resources" / "fonts"


def test_fonts_are_small_and_their_licences_lie_beside_them():
    fonts = [path for path in FONTS.iterdir() if path.suffix in (".xz", ".woff2")]
    assert {path.name.partition(".")[0] for path in fonts} == {"NotoSansSC", "STIXTwoMath"}
    for path in fonts:
        assert path.stat().st_size < 1_000_000
        licence = (FONTS / f"{path.name.partition('.')[0]}-OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence


@pytest.mark.parametrize("pattern", ["data/*", "chapters/*.ipynb", "examples/**/*.csv", "recount/words/*.py"])
def test_every_chinese_character_of_the_book_is_in_the_font_of_charts(pattern):
    drawn = TTFont(font_path()).getBestCmap()
    texts = (path.read_text(encoding="utf-8") for path in ROOT.glob(pattern) if path.is_file())
    assert [character for character in characters(texts) if ord(character) not in drawn] == []


def test_letters_and_signs_of_formulas_are_in_the_font_for_mathematics():
    drawn = TTFont(FONTS / "STIXTwoMath.woff2").getBestCmap()
    formula = mathml(
        r"\frac{\Delta x_{i}}{\bar{B}} \le \left[ a - \tau, \infty \right) \cdot \sum_i \sqrt{k} \times 10 \%"
    )
    signs = {character for character in formula if not character.isascii()}
    assert [sign for sign in sorted(signs | set("abxABX0123456789()[]=+−𝑎𝜏")) if ord(sign) not in drawn] == []


def test_a_character_that_no_font_has_is_named_with_what_to_do():
    with house_style():
        figure = Figure()
        figure.text(0, 0, "金\U00020000", color="#1f2933")
    with pytest.raises(ValueError, match="use another character, or install a font") as error:
        render(figure)
    assert str(error.value).startswith("'\U00020000'")


def test_the_font_is_found_by_matplotlib_under_a_name_of_its_own():
    assert "Recount Noto Sans SC" in fontManager.get_font_names()
    assert font_path().is_file()
