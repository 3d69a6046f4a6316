"""The grid of a sweep: what is read, every combination, names that tell runs apart, what is refused."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sweeping import write_notebook

from recount.sweep.grid import Grid, SweepError
from recount.sweep.plan import declared, plan, run_name, sources


def values(*options: str) -> dict[str, list]:
    grid = Grid.parsed(options)
    return {name: grid.values(name) for name in grid.parameters}


def test_values_are_yaml_scalars_and_mappings():
    assert values("reading=literal, customary", "rounding=half_up") == {
        "reading": ["literal", "customary"],
        "rounding": ["half_up"],
    }
    assert values("n=1,2.5,true,null,'1',\"a, b\"") == {"n": [1, 2.5, True, None, "1", "a, b"]}
    assert values("overrides={platform_credit: 2.4万亿元},null") == {
        "overrides": [{"platform_credit": "2.4万亿元"}, None]
    }
    assert values("assumptions={a: false, b: true}") == {"assumptions": [{"a": False, "b": True}]}


def test_a_file_is_a_list_or_names_its_values(tmp_path):
    listed, named, texts = (tmp_path / name for name in ("listed.yml", "named.yml", "texts.yml"))
    listed.write_text("- {a: 5%}\n- {a: 6%, b: 三成}\n- null\n", encoding="utf-8")
    named.write_text("ten times less: {a: 0.5%}\nas printed: null\n", encoding="utf-8")
    texts.write_text("low: literal\nhigh: loose\n", encoding="utf-8")
    assert values(f"overrides=@{listed}") == {"overrides": [{"a": "5%"}, {"a": "6%", "b": "三成"}, None]}
    grid = Grid.parsed([f"overrides=@{named}", f"reading=@{texts}"])
    assert [(point.values["overrides"], point.values["reading"], point.label) for point in grid] == [
        ({"a": "0.5%"}, "literal", "ten times less, low"),
        ({"a": "0.5%"}, "loose", "ten times less, high"),
        (None, "literal", "as printed, low"),
        (None, "loose", "as printed, high"),
    ]


def test_every_combination_occurs_once_and_the_last_varies_fastest():
    grid = Grid.parsed(["a=1,2", "b=x,y,z"])
    assert [tuple(point.values.values()) for point in grid] == [
        (1, "x"),
        (1, "y"),
        (1, "z"),
        (2, "x"),
        (2, "y"),
        (2, "z"),
    ]
    assert [dict(point.values) for point in Grid.parsed([])] == [{}]


def test_python_makes_the_same_grid():
    assert Grid.of(a=[1, 2], overrides={"less": {"x": "5%"}}) == Grid.of(
        a=[1, 2], overrides={"less": {"x": "5%"}}
    )
    assert [p.label for p in Grid.of(a=[1], overrides={"less": {"x": "5%"}, "more": {"x": "6%"}})] == [
        "less",
        "more",
    ]
    with pytest.raises(SweepError, match="found nan"):
        Grid.of(a=[math.nan])


def test_a_run_is_called_by_what_it_is():
    names = {
        run_name("closing", point) for point in Grid.parsed(["reading=literal", "overrides={a_b: 5%},null"])
    }
    assert {re.sub("[0-9a-f]{10}$", "…", name) for name in names} == {
        "closing-a_b-literal-…",
        "closing-overrides-none-literal-…",
    }


def test_names_are_the_same_on_every_machine_and_in_every_order():
    grid, other = (
        Grid.parsed(["reading=literal", "rounding=half_up"]),
        Grid.parsed(["rounding=half_up", "reading=literal"]),
    )
    assert [run_name("lead", point) for point in grid] == [run_name("lead", point) for point in other]
    # worked out by hand: sha256 of {"chapter":"lead","parameters":{"reading":"literal","rounding":"half_up"}}
    assert [run_name("lead", point) for point in grid] == ["lead-literal-half_up-e7e16e83ec"]


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = SCALARS | st.dictionaries(st.text(), SCALARS, max_size=3)
NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True).filter(
    lambda name: name not in ("assumptions", "overrides", "published")
)


def one_of_each(values: list) -> list:
    from recount.sweep.grid import canonical

    return list({canonical(value): value for value in values}.values())


@given(st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=4).map(one_of_each), max_size=3))
def test_as_many_runs_as_the_product_each_with_a_folder_of_its_own(parameters):
    grid = Grid.of(**parameters)
    names = [run_name("chapter", point) for point in grid]
    assert len(names) == len(grid) == math.prod(map(len, parameters.values()))
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", name) for name in names)
    turned = Grid.of(**dict(reversed(parameters.items())))
    assert {run_name("chapter", point) for point in turned} == set(names)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("reading", "--set 'reading': expected NAME=VALUE,VALUE or NAME=@FILE"),
        ("=literal", "expected NAME=VALUE,VALUE"),
        ("read-ing=literal", "expected NAME=VALUE,VALUE"),
        ("reading=", "--set reading: found no value"),
        ("reading=literal,literal", '--set reading: found "literal" twice; expected each value once'),
        ("reading=[literal", "--set reading=[literal: cannot be read as a list of YAML values"),
        ("n=.nan", "--set n: found nan (float); expected text, a finite number"),
        ("n=2024-01-01", "(date); expected text, a finite number, true, false, null"),
        ("n={1: a}", "--set n: found 1 (int); expected text"),
        ("overrides=platform_credit", "--set overrides: found 'platform_credit'; expected a mapping, such as {id: …}"),
        ("overrides=@missing.yml", "--set overrides=@missing.yml: No such file or directory; expected a YAML file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(option, message):
    with pytest.raises(SweepError) as error:
        Grid.parsed([option])
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "found nothing; expected a list of values"),
        ("just words", "found str; expected a list of values, or a mapping"),
        ("a: [", "cannot be read as YAML"),
        (
            "platform_credit: 2.4万亿元",
            "found one mapping, {'platform_credit': '2.4万亿元'}; expected a list of mappings",
        ),
        ("- a\n- b", "found 'a'; expected a mapping"),
        ("x: {a: 1}\ny: {a: 1}", 'found {"a":1} twice'),
    ],
)
def test_a_file_that_holds_something_else_is_named(content, message, tmp_path):
    path = tmp_path / "values.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SweepError) as error:
        Grid.parsed([f"overrides=@{path}"])
    assert message in str(error.value)


def test_a_parameter_is_given_once():
    with pytest.raises(SweepError, match="--set a: given twice; name all its values in one --set a="):
        Grid.parsed(["a=1", "a=2"])


def test_chapters_are_found_by_name_or_path(tmp_path):
    path = write_notebook(tmp_path)
    notebooks = sources(["closing", str(path), "closing"])
    assert [source.name for source in notebooks] == ["closing", "tiny"]
    assert declared(notebooks[1]) == ["n", "word"]
    assert [run.source.name for run in plan(notebooks, Grid.parsed(["n=1,2"]))] == [
        "closing",
        "closing",
        "tiny",
        "tiny",
    ]


def test_a_run_s_key_follows_code_parameters_and_data(tmp_path):
    (tmp_path / "data").mkdir()
    table = tmp_path / "data" / "table.csv"
    path = write_notebook(tmp_path, declares="n = 0\ndata_dir = None")
    grid = Grid.parsed(["n=1,2", f"data_dir={tmp_path / 'data'}"])

    def keys() -> list[str]:
        return [run.key for run in plan(sources([str(path)]), grid)]

    table.write_text("a\n1\n", encoding="utf-8")
    first = keys()
    assert keys() == first
    assert len(set(first)) == 2
    table.write_text("a\n2\n", encoding="utf-8")
    second = keys()
    assert not set(second) & set(first)
    write_notebook(tmp_path, code="print('other')", declares="n = 0\ndata_dir = None")
    assert not set(keys()) & set(second)
