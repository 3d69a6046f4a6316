"""The chapters: whole in both languages, complete in what they list and draw, runnable anywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import papermill
import pytest
from bs4 import BeautifulSoup

from recount.book.layout import LANGUAGES, Book
from recount.chapter import Chapter
from recount.package import load

ROOT = Path(__file__).resolve().parents[1]
BOOK = Book(ROOT)
NAMES = [chapter.name for chapter in BOOK.chapters()]
SECTIONS = ["lead", "national", "bottlenecks", "precision", "integration", "closing"]
pytestmark = pytest.mark.slow
PARAMETERS = {"lang", "reading", "rounding", "evidence", "assumptions", "overrides", "data_dir"}


def read(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def facts(cells: list[dict], key: str) -> list[str]:
    """What charts and tables of an executed notebook say they draw or list."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [id for output in outputs for id in output.get("metadata", {}).get("recount", {}).get(key, [])]


def glued(cells: list[dict]) -> dict[str, str]:
    values = {}
    for cell in cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                values[name] = literal_eval(
                    "".join(output["data"]["application/papermill.record/text/plain"])
                )
    return values


def straight(words: str) -> str:
    """Without the curved quotation marks that Sphinx sets for straight ones."""
    return re.sub("[‘’]", "'", re.sub("[“”]", '"', words))


@pytest.fixture(scope="module")
def executed(site) -> dict[tuple[str, str], list[dict]]:
    """Every chapter as the built site shows it, by name and language."""
    return {(name, lang): read(BOOK.executed(lang, name)) for name in NAMES for lang in LANGUAGES}


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_is_committed_without_outputs_and_with_ids_that_mean_something(name):
    for cell in read(ROOT / "chapters" / f"{name}.ipynb"):
        assert not cell.get("outputs")
        assert not cell.get("execution_count")
        assert re.fullmatch(r"[a-z][a-z0-9-]*", cell["id"]), cell["id"]
        if cell["cell_type"] == "code":
            assert len(text(cell).splitlines()) <= 25, cell["id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_can_be_parameterised(name):
    cell = next(cell for cell in read(ROOT / "chapters" / f"{name}.ipynb") if "parameters" in tags(cell))
    assert set(re.findall(r"^(\w+) = ", text(cell), flags=re.M)) == PARAMETERS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_statistic_is_listed_and_drawn_in_the_chapter_of_its_section(executed, lang):
    statistics = load().statistics
    for section in SECTIONS:
        own = set(statistics.index[statistics["section"] == section])
        cells = executed[section, lang]
        assert own <= set(facts(cells, "lists")), (section, own - set(facts(cells, "lists")))
        assert own <= set(facts(cells, "draws")), (section, own - set(facts(cells, "draws")))
    assert set(statistics.index) == set(facts(executed["ledger", lang], "lists"))


def test_prose_uses_every_glued_value_that_it_names(executed):
    for (name, lang), cells in executed.items():
        source = read(ROOT / "chapters" / f"{name}.ipynb")
        named = {key for cell in source for key in re.findall(r"\{glue:text\}`([^`]+)`", text(cell))}
        values = glued(cells)
        assert named <= set(values), (name, lang, named - set(values))
        assert all(value.strip() for value in values.values()), (name, lang)


def test_every_glued_value_reaches_its_page_as_it_was_worded(executed, site):
    for (name, lang), cells in executed.items():
        page = (site / lang / "chapters" / f"{name}.html").read_text(encoding="utf-8")
        pasted = BeautifulSoup(page, "html.parser").select("span.pasted-text")
        shown = {straight(node.get_text()) for node in pasted}
        source = read(ROOT / "chapters" / f"{name}.ipynb")
        named = {key for cell in source for key in re.findall(r"\{glue:text\}`([^`]+)`", text(cell))}
        values = glued(cells)
        assert {straight(values[key]) for key in named} == shown, (name, lang)


def test_both_languages_draw_the_same_statistics_in_the_same_charts(executed):
    for name in NAMES:
        assert facts(executed[name, "zh"], "draws") == facts(executed[name, "en"], "draws")


def test_every_chart_tells_its_message_in_words(executed):
    for (name, lang), cells in executed.items():
        for cell in cells:
            for output in cell.get("outputs", []):
                record = output.get("metadata", {}).get("recount", {})
                if "alt" in record:
                    assert len(record["alt"]) > 25, (name, lang, record["name"])
                    assert re.search(r"[\d一二三四五六七八九十]|[a-z]", record["alt"]), (
                        name,
                        lang,
                        record["name"],
                    )
                    assert record["caption"], (name, lang, record["name"])


VARIATIONS = [
    {
        "lang": "zh",
        "reading": "literal",
        "rounding": "ceiling",
        "overrides": {"platform_credit": "2.4万亿元"},
        "assumptions": {"borrowers_one_year": False},
    },
    {"lang": "en", "reading": "loose", "rounding": "truncation", "evidence": "report"},
]


@pytest.mark.parametrize("parameters", VARIATIONS, ids=["literal-what-if", "loose-report"])
@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_runs_under_other_parameters_from_another_folder(name, parameters, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = ROOT / "chapters" / f"{name}.ipynb"
    notebook = papermill.execute_notebook(str(source), "out.ipynb", parameters, progress_bar=False)
    notes = [
        output["data"]["text/html"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "recount-settings" in output.get("data", {}).get("text/html", "")
    ]
    # exercises may open the data again with parameters of their own: the page's note is the first
    for key, value in parameters.items():
        if key != "lang":
            assert f"{key}: {value}" in BeautifulSoup(notes[0], "html.parser").get_text()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"lang": "fr"}, "lang: found 'fr'; expected one of 'zh', 'en'"),
        ({"reading": "strict"}, "reading: found 'strict'; expected one of"),
        ({"rounding": 2}, "rounding: found 2; expected one of"),
        ({"overrides": {"platform_credit": "a lot"}}, "overrides['platform_credit']: found 'a lot'"),
        ({"overrides": "platform_credit"}, "overrides: found 'platform_credit'; expected a mapping"),
        ({"data_dir": "/no/such/folder"}, "no such folder; expected a data package"),
        ({"data_dir": 5}, "data_dir: found 5; expected the path"),
    ],
)
def test_a_wrong_parameter_is_named(parameters, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Chapter("closing", **{"lang": "zh"} | parameters)


def test_a_wrong_parameter_stops_the_chapter(tmp_path):
    out = str(tmp_path / "out.ipynb")
    with pytest.raises(
        papermill.PapermillExecutionError, match="lang: found 'fr'; expected one of 'zh', 'en'"
    ):
        papermill.execute_notebook(
            str(ROOT / "chapters" / "closing.ipynb"), out, {"lang": "fr"}, progress_bar=False
        )


def test_papermill_s_command_runs_a_chapter(tmp_path):
    command = [
        sys.executable,
        "-m",
        "papermill",
        str(ROOT / "chapters" / "lead.ipynb"),
        "out.ipynb",
        "-p",
        "lang",
        "en",
        "-p",
        "reading",
        "literal",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "reading: literal" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")
