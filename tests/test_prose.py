"""The lint of the chapters' prose: no number is typed, no language lacks what the other says."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from prose import problems, typed_digits

from recount.book.layout import Book

BOOK = Book.find()

# Texts with digits that are names, looked at one by one; at most ten.
REVIEWED = ("HC4", "UTF-8", "IEEE 1788", "GB/T 8170", "article 1259", "Attribution 4.0", "署名 4.0")


@pytest.mark.parametrize("chapter", BOOK.chapters(), ids=lambda chapter: chapter.name)
def test_numbers_in_prose_come_from_code_and_both_languages_say_the_same(chapter):
    assert problems(chapter.path, REVIEWED) == []


def test_the_reviewed_list_is_short_and_in_use():
    assert len(REVIEWED) <= 10
    prose = "".join(chapter.path.read_text(encoding="utf-8") for chapter in BOOK.chapters())
    assert [name for name in REVIEWED if name not in prose] == []


@pytest.mark.parametrize(
    "source",
    [
        "截至2024年2月末，全省余额", "2019年11月13日上线", "到7月末", "As of February 2024,", "on 13 November 2019",
        "from April 9, 2024 on", "in 2020", "1. 第一题\n2. 第二题", "## 3. The third part", "见第2节", "see part 4",
        "$g = 0.1$ 时", "$$x^2 + 1$$", "`half_up2`", "{glue:text}`route_1`", "[表](a.html#x1)",
        '<a href="national.html#x2">x</a>', "https://example.org/1", "```python\nx = 5\n```", "三分之一、一半、ten",
    ],
)  # fmt: skip
def test_dates_numbers_of_parts_formulas_and_code_may_hold_digits(source):
    assert typed_digits(source) == []


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("余额9.6万亿元，增长", "余额9.6万亿元"), ("Loans grew by 15.4% a year", "15.4%"), ("about 40 banks", "40"),
        ("共100个统计数", "共100个统计数"), ("2024年增加3倍", "增加3倍"), ("In 2024 it was 12.", "12."),
    ],
)  # fmt: skip
def test_any_other_digit_is_found(source, word):
    assert typed_digits(source) == [word]


def test_a_name_on_the_reviewed_list_may_stand():
    assert typed_digits("contraction (HC4) of 5") == ["HC4", "5"]
    assert typed_digits("contraction (HC4) of 5", ["HC4"]) == ["5"]


def notebook(tmp_path, *cells):
    path = tmp_path / "made.ipynb"
    written = [new_markdown_cell(source, id=id, metadata={"tags": [lang]}) for id, lang, source in cells]
    nbformat.write(new_notebook(cells=written), path)
    return path


def test_an_error_names_file_cell_what_was_found_and_what_was_expected(tmp_path):
    path = notebook(tmp_path, ("banks-zh", "zh", "四十家"), ("banks-en", "en", "40 banks"))
    assert problems(path) == [
        "made.ipynb, cell 'banks-en': found the typed number '40'; expected a glued value, `{glue:text}`, "
        "from chapter.glue"
    ]


def test_a_text_without_its_twin_is_found(tmp_path):
    path = notebook(
        tmp_path, ("a-zh", "zh", "甲"), ("b-zh", "zh", "乙"), ("b-en", "en", "b"), ("c-en", "en", "c")
    )
    assert problems(path) == [
        "made.ipynb, cell 'a-zh': found no English twin; expected the cell 'a-en' after it",
        "made.ipynb, cell 'c-en': found a text tagged en; expected a Chinese one before its English twin",
    ]


def test_twins_that_glue_different_values_are_found(tmp_path):
    path = notebook(
        tmp_path, ("a-zh", "zh", "{glue:text}`x`和{glue:text}`y`"), ("a-en", "en", "{glue:text}`x`")
    )
    assert problems(path) == [
        "made.ipynb, cell 'a-zh': found 'y' in the Chinese text alone; expected it in both"
    ]
