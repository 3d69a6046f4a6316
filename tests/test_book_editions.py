"""Outputs put back by cell id, one language kept, a configuration for each edition."""

from __future__ import annotations

import copy

import pytest
from tiny_book import cell, notebook, parameters

from recount.book import editions
from recount.book.layout import BookError
from recount.runs.notebooks import INJECTED

RAW = notebook(
    cell("markdown", "zh-1", "中文", "zh"),
    cell("markdown", "en-1", "English", "en"),
    cell("markdown", "both", "$x$"),
    parameters(),
    cell("code", "a", "1 + 1"),
    cell("code", "b", "2 + 2", "hide-input"),
)


def stream(name: str, text: str) -> dict:
    return {"output_type": "stream", "name": name, "text": text}


def executed(**outputs: list[dict]) -> dict:
    """RAW as papermill leaves it: an injected cell, and outputs by cell id."""
    done = copy.deepcopy(RAW)
    done["cells"].insert(4, cell("code", INJECTED, 'lang = "en"', INJECTED))
    for number, content in enumerate(done["cells"]):
        if content["cell_type"] == "code":
            content["outputs"] = outputs.get(content["id"], [])
            content["execution_count"] = number
    return done


def ids(book: dict) -> list[str]:
    return [content["id"] for content in book["cells"]]


def by_id(book: dict, name: str) -> dict:
    return next(content for content in book["cells"] if content["id"] == name)


def test_outputs_go_to_the_cell_of_the_same_id_whatever_the_order():
    moved = copy.deepcopy(RAW)
    moved["cells"] = [*moved["cells"][4:][::-1], *moved["cells"][:4]]
    outputs = {"a": [stream("stdout", "of a")], "b": [stream("stdout", "of b")]}
    merged = editions.merge_outputs(moved, executed(**outputs))
    assert ids(merged) == ids(moved)
    assert by_id(merged, "a")["outputs"] == outputs["a"]
    assert by_id(merged, "b")["outputs"] == outputs["b"]


def test_merging_takes_prose_from_the_raw_notebook_and_changes_neither():
    raw, done = copy.deepcopy(RAW), executed(a=[stream("stdout", "x")])
    raw["cells"][0]["source"] = "新的"
    kept_raw, kept_done = copy.deepcopy(raw), copy.deepcopy(done)
    assert by_id(editions.merge_outputs(raw, done), "zh-1")["source"] == "新的"
    assert (raw, done) == (kept_raw, kept_done)


def test_old_outputs_of_a_raw_notebook_are_dropped():
    raw = copy.deepcopy(RAW)
    by_id(raw, "a")["outputs"] = [stream("stdout", "saved in JupyterLab")]
    assert by_id(editions.merge_outputs(raw, executed()), "a")["outputs"] == []


@pytest.mark.parametrize(
    ("lang", "kept"),
    [
        ("zh", ["zh-1", "both", "parameters", "a", "b"]),
        ("en", ["en-1", "both", "parameters", "a", "b"]),
    ],
)
def test_an_edition_keeps_its_language_and_what_has_none(lang, kept):
    assert ids(editions.keep_language(RAW, lang)) == kept


def test_a_page_has_no_injected_cell_no_stderr_and_folded_parameters():
    page = editions.page(RAW, executed(a=[stream("stderr", "hm"), stream("stdout", "2")]), "zh", "made")
    assert INJECTED not in ids(page)
    assert by_id(page, "a")["outputs"] == [stream("stdout", "2")]
    assert "hide-input" in by_id(page, "parameters")["metadata"]["tags"]
    assert "hide-input" not in by_id(page, "a")["metadata"]["tags"]


def test_a_page_of_a_notebook_that_was_never_run_has_no_outputs():
    page = editions.page(RAW, None, "en", "made")
    assert all(content.get("outputs", []) == [] for content in page["cells"])


def test_a_download_carries_the_parameters_it_was_run_with():
    names = ids(editions.download(RAW, executed(), "en"))
    assert names == ["en-1", "both", "parameters", INJECTED, "a", "b"]


CONFIG = {
    "title": "书",
    "html": {"favicon": "x"},
    "sphinx": {
        "config": {
            "language": "zh_CN",
            "recount_editions": {
                "zh": {},
                "en": {"title": "Book", "sphinx": {"config": {"language": "en"}}},
            },
        }
    },
}


def test_an_edition_is_the_configuration_with_its_own_values_over_it():
    english = editions.edition_config(CONFIG, "en")
    assert (english["title"], english["html"]) == ("Book", {"favicon": "x"})
    assert english["sphinx"]["config"]["language"] == "en"
    assert editions.edition_config(CONFIG, "zh")["title"] == "书"


def test_links_between_editions_are_on_in_the_site_only():
    before = copy.deepcopy(CONFIG)
    for lang in ("zh", "en"):
        settings = editions.edition_config(CONFIG, lang)["sphinx"]["config"]
        assert settings["recount_switch"] is True
    assert before == CONFIG


def test_an_edition_that_is_not_described_is_an_error():
    with pytest.raises(BookError, match=r"_config.yml.*expected fr"):
        editions.edition_config(CONFIG, "fr")


def test_anchors_of_html():
    html = '<table><tr id="a"><td>id="b"</td></tr></table><p data-id="c" class="x" id=\'d\'>e</p>'
    assert editions.html_anchors(html) == ["a", "d"]
