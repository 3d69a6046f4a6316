"""The public vectors: how they are read, and what counts as enclosed."""

from __future__ import annotations

from math import inf

import pytest

from benchmarks import vectors
from benchmarks.vectors import PUBLISHED, Vector, computed, contradicted, encloses, nearly, possible

TEXT = """/* testcase of { no } such */
testcase minimal {
    add [1.0,2.0] [-infinity,0X1P+1] = [-infinity,4.0]; // add [0.0] [0.0] = [9.0];
    add [empty]_trv [1.0,2.0]_com = [empty]_trv;
    add [nai] [nai] = [nai];
    pown [-2.0,3.0] 2 = [0.0,9.0];
    mulRevToPair [-2.0, 1.1] [-2.1, -0.4] = [-infinity, -0X1.745D1745D1745P-2] [0X1.999999999999AP-3, infinity];
    cosh [entire] = [1.0,infinity];
}
"""


def test_a_file_of_vectors_is_read_without_comments_and_other_operations():
    read = list(vectors.vectors(TEXT))
    assert [vector.operation for vector in read] == ["add", "add", "pown", "mulRevToPair"]
    assert read[0].operands == ((1.0, 2.0), (-inf, 2.0))
    assert read[0].results == ((-inf, 4.0),)
    assert read[1].operands == (None, (1.0, 2.0))
    assert read[1].results == (None,)
    assert read[2].operands == ((-2.0, 3.0), 2)
    assert len(read[3].results) == 2


def test_what_the_engine_computes_encloses_the_vectors_that_were_read():
    for vector in vectors.vectors(TEXT):
        assert vectors.all_enclosed(computed(vector), vector.results), vector.text


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [((0, 1), (0, 1), True), ((0, 1), (0, 2), False), (None, (0, 0), False), (None, None, True), ((0, 1), None, True)],
)  # fmt: skip
def test_an_interval_encloses_what_lies_within(outer, inner, expected):
    assert encloses(outer, inner) is expected


def test_a_result_a_few_floats_wider_is_nearly_the_smallest_and_a_wide_one_is_not():
    assert nearly((1 - 2**-52, 2.0), [(1.0, 2.0)])
    assert not nearly((0.9, 2.0), [(1.0, 2.0)])
    assert not nearly((0.0, inf), [(0.0, 1.0)])
    assert not nearly((0.0, 1.0), [None])


def test_a_folder_that_the_environment_names_is_read(tmp_path, monkeypatch):
    (tmp_path / "some.itl").write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv(vectors.FOLDER, str(tmp_path))
    assert vectors.files() == {"some.itl": TEXT}


def test_an_empty_folder_is_told_as_not_measured(tmp_path, monkeypatch):
    monkeypatch.setenv(vectors.FOLDER, str(tmp_path))
    (line,) = vectors.interval_arithmetic()
    assert line.met is False
    assert "no vectors" in line.note


@pytest.mark.parametrize("mean", PUBLISHED)
def test_a_published_mean_is_judged_alike_by_the_formula_and_by_the_audit(mean):
    assert possible(mean.printed, mean.number) is mean.possible
    assert contradicted(mean) is not mean.possible


def test_a_vector_that_is_not_enclosed_is_told():
    wrong = Vector("add", ((1.0, 1.0), (1.0, 1.0)), ((2.5, 2.5),), "")
    assert not vectors.all_enclosed(computed(wrong), wrong.results)
