"""The data dictionary: whole in both languages, true to the descriptor, its files on the site."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import frictionless
import pytest
from bs4 import BeautifulSoup
from packages import DATA, quantity, statistic
from packages import make as package
from pages import Page

from recount.book.layout import LANGUAGES
from recount.chapter import dictionary
from recount.charts import layout_problems
from recount.charts.years import years
from recount.package import load
from recount.package.described import table_path, write_whole

PACKAGE = dictionary.read(DATA)
TABLES = [table["name"] for table in PACKAGE["resources"]]
FIELDS = [
    (table["name"], field["name"]) for table in PACKAGE["resources"] for field in table["schema"]["fields"]
]


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def rules(html: str, id: str) -> str:
    """What the dictionary says of a field's type and constraints."""
    return soup(html).find(id=id).td.small.get_text()


@pytest.mark.parametrize("thing", [PACKAGE, *PACKAGE["resources"]], ids=lambda thing: thing["name"])
def test_the_package_and_each_table_are_described_in_both_languages(thing):
    for key in ("title", "title_zh", "description", "description_zh"):
        assert thing.get(key, "").strip(), key
    assert thing["sources"]
    assert thing["licenses"]


@pytest.mark.parametrize(("table", "name"), FIELDS, ids=[".".join(pair) for pair in FIELDS])
def test_each_field_is_described_in_both_languages(table, name):
    fields = dictionary.resource(PACKAGE, table)["schema"]["fields"]
    field = next(candidate for candidate in fields if candidate["name"] == name)
    for key in ("title", "title_zh", "description", "description_zh"):
        assert field.get(key, "").strip(), key
    assert not any("\u4e00" <= char <= "\u9fff" for char in field["description"] + field["title"])
    assert any("\u4e00" <= char <= "\u9fff" for char in field["description_zh"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_and_field_is_on_the_page_of_each_edition(site, lang):
    page = Page(site, site / lang / "chapters" / "data.html").html
    headings = [heading.get_text() for heading in page.find_all("h2")]
    text = page.get_text()
    for table in PACKAGE["resources"]:
        title = dictionary.said(table, "title", lang)
        assert any(title in heading and table["name"] in heading for heading in headings), title
        assert dictionary.said(table, "description", lang) in text
        for field in table["schema"]["fields"]:
            row = page.find(id=f"{table['name']}.{field['name']}")
            assert dictionary.said(field, "description", lang) in row.get_text(), field["name"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_of_the_package_can_be_taken_from_the_site_as_it_is(site, lang):
    """With what the package leaves to recount: its readings and units, and a descriptor that names them."""
    page = site / lang / "chapters" / "data.html"
    wanted = {
        "datapackage.json",
        *(table["path"] for table in PACKAGE["resources"]),
        "references.bib",
        "methods.bib",
    }
    linked = {Path(link).name: link for link in Page(site, page).links() if link.startswith("../data/")}
    assert wanted <= set(linked)
    files = {table["path"]: table_path(DATA, table) for table in PACKAGE["resources"]}
    for name in wanted - {"datapackage.json"}:
        assert (page.parent / linked[name]).resolve().read_bytes() == files.get(
            name, DATA / name
        ).read_bytes()
    copy = (page.parent / linked["datapackage.json"]).resolve()
    assert json.loads(copy.read_text(encoding="utf-8")) == PACKAGE
    assert frictionless.validate(str(copy)).valid


def test_the_site_s_copy_is_a_package_that_loads(site):
    assert len(load(site / "en" / "data").statistics) == len(load().statistics)


def test_a_package_written_whole_is_understood_without_recount(tmp_path):
    folder = package(tmp_path, quantities=[quantity("a", "yuan")], statistics=[statistic("a", "5亿元")])
    bare = {
        "resources": [
            {"name": name, "path": f"{name}.csv"} for name in ("statistics", "quantities", "relations")
        ]
    }
    (folder / "datapackage.json").write_text(json.dumps(bare), encoding="utf-8")
    write_whole(folder)
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert [table["name"] for table in described] == [
        "statistics",
        "quantities",
        "relations",
        "readings",
        "units",
    ]
    assert all(table["schema"]["fields"] and (folder / table["path"]).is_file() for table in described)
    assert load(folder).statistics.at["a", "printed"] == "5亿元"


def test_a_field_s_constraints_and_keys_are_told():
    html = dictionary.fields(DATA, "statistics", "en")
    assert rules(html, "statistics.id") == "text; primary key; required; unique; of the form [a-z][a-z0-9_]*"
    assert rules(html, "statistics.quantity") == "text; required; refers to quantities.id"
    zh = rules(dictionary.fields(DATA, "references", "zh"), "references.tier")
    assert zh.replace(" ", "") == "文本；必填；取值：1、2"
    assert rules(dictionary.fields(DATA, "numerals", "en"), "numerals.n").endswith("at least 1")


def test_what_is_said_of_a_table_is_counted_from_its_file(tmp_path):
    rows = [quantity("a", "yuan"), quantity("b", "yuan")]
    folder = package(tmp_path, quantities=rows, statistics=[statistic("a", "5亿元")])
    assert "rows: 2" in soup(dictionary.about(folder, "quantities", "en")).get_text("|")
    assert "行数：1" in soup(dictionary.about(folder, "statistics", "zh")).get_text("|")


def test_every_foreign_key_is_among_the_links():
    items = soup(dictionary.links(DATA, "en")).find_all("li")
    linked = {tuple(code.get_text() for code in item.find_all("code")) for item in items}
    keys = {
        (
            f"{table['name']}.{key['fields'][0]}",
            f"{key['reference']['resource']}.{key['reference']['fields'][0]}",
        )
        for table in PACKAGE["resources"]
        for key in table["schema"].get("foreignKeys", [])
    }
    assert linked == keys
    assert ("statistics.quantity", "quantities.id") in linked


def test_examples_are_rows_of_the_table_from_its_first_to_its_last():
    table = dictionary.rows(DATA, dictionary.resource(PACKAGE, "references"))
    html = soup(dictionary.examples(DATA, "references", "en"))
    shown = [int(head.get_text().removeprefix("row ")) for head in html.thead.find_all("th")[1:]]
    assert shown[0] == 1
    assert 1 < shown[1] < len(table)
    assert shown[2:] == [len(table)]
    lines = {
        row.th.get_text(): [cell.get_text() for cell in row.find_all("td")]
        for row in html.tbody.find_all("tr")
    }
    assert list(lines) == list(table.columns)
    assert lines["id"] == [table["id"].iloc[number - 1] for number in shown]
    assert lines["note_en"] == [table["note_en"].iloc[number - 1] or "—" for number in shown]


def test_text_of_a_package_stays_text(tmp_path):
    folder = Path(shutil.copytree(DATA, tmp_path / "copy"))
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described["resources"][0]["description"] = "<script>alert(1)</script>"
    described["resources"][0]["schema"]["fields"][0]["description"] = "<b>bold</b>"
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    html = dictionary.about(folder, "numerals", "en") + dictionary.fields(folder, "numerals", "en")
    assert "<script>" not in html
    assert "<b>" not in html


def test_a_package_that_says_less_shows_less(tmp_path):
    folder = package(tmp_path, quantities=[quantity("a", "yuan")], statistics=[statistic("a", "5亿元")])
    bare = {"resources": [{"name": "statistics", "path": "statistics.csv"}]}
    (folder / "datapackage.json").write_text(json.dumps(bare), encoding="utf-8")
    assert dictionary.about(folder, "terms", "zh") == ""
    assert "statistics.csv" in dictionary.about(folder, "statistics", "zh")
    assert dictionary.examples(folder, "references", "zh") == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chart_has_a_dot_for_each_dated_figure_solid_where_it_is_official(lang):
    references = load().references
    chart = years(references, lang, "Figures" if lang == "en" else "数字")
    assert layout_problems(chart.figure) == []
    dated = references[references["as_of"] != ""]
    dots = [line.get_gid() for axes in chart.figure.axes for line in axes.lines if line.get_gid()]
    assert len(dots) == len(dated)
    for tier, words in (("1", ("官方公布", "official")), ("2", ("报刊等刊载", "press and others"))):
        drawn = sum(dot.endswith(f":{words[lang == 'en']}") for dot in dots)
        assert drawn == (dated["tier"] == tier).sum()
    assert chart.values["lower"].sum() == len(dated)
