"""What machines and people can take away: ledger, data package, charts, notebooks, citation."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import struct
import zipfile
from pathlib import Path

import fastparquet
import frictionless
import jsonschema
import pandas as pd
import pytest
import yaml
from pages import anchors, pages, parsed
from PIL import Image

import recount
from recount.audit import Audit, records
from recount.book import archive, ledgers, pictures
from recount.book.layout import LANGUAGES, Book
from recount.package import load

ROOT = Path(__file__).resolve().parents[1]
STRUCTURED = ("readings", "slips")
LISTS = ("support", "assumptions", "conflict")


@pytest.fixture(scope="module")
def ledger(site: Path) -> list[dict]:
    return json.loads((site / "ledger.json").read_text(encoding="utf-8"))


def read_csv(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


# -- the ledger ------------------------------------------------------------------------------------


def test_the_ledger_satisfies_the_schema_beside_it(site, ledger):
    schema = json.loads((site / "ledger.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(ledger)
    statistics = pd.read_csv(ROOT / "data" / "statistics.csv", dtype=str, keep_default_na=False)
    assert [row["id"] for row in ledger] == list(statistics["id"])


@pytest.mark.parametrize(
    ("column", "value"),
    [("verdict", "true"), ("lower", "9.6"), ("readings", {}), ("support", "x"), ("address", "national"),
     ("slips", [{"kind": "digit"}]), ("support_kind", "rumour"), ("note", "x")],
)  # fmt: skip
def test_the_schema_refuses_what_is_no_ledger(ledger, column, value):
    broken = [{**ledger[0], column: value}]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, records.schema())


def test_every_column_is_described_in_both_languages():
    for name, column in records.schema()["items"]["properties"].items():
        assert len(column["description"]) > 10, name
        assert re.search("[\u4e00-\u9fff]", column["description_zh"]), name


def test_an_end_that_a_figure_or_the_evidence_does_not_set_is_null(ledger):
    for row in ledger:
        for low, high in (("lower", "upper"), ("recomputed_lower", "recomputed_upper")):
            ends = [row[end] for end in (low, high) if row[end] is not None]
            assert all(map(math.isfinite, ends))
            assert ends == sorted(ends), row["id"]
        assert all(row[f"{end}_open"] for end in ("lower", "upper") if row[end] is None)
    both = [row for row in ledger if None not in (row["recomputed_lower"], row["recomputed_upper"])]
    assert {"confirmed", "consistent"} & {row["verdict"] for row in ledger if row not in both} == set()


def test_csv_and_parquet_hold_what_the_json_holds(site, ledger):
    rows = read_csv(site / "ledger.csv")
    table = fastparquet.ParquetFile(str(site / "ledger.parquet")).to_pandas().to_dict("records")
    assert list(rows[0]) == list(table[0]) == list(ledger[0])
    for plain, typed, row in zip(rows, table, ledger, strict=True):
        for name, value in row.items():
            stored = typed[name]
            if isinstance(stored, float) and math.isnan(stored):
                stored = None
            assert stored == value, (row["id"], name)
            if name in LISTS:
                assert plain[name].split() == value
            elif name in STRUCTURED:
                assert json.loads(plain[name] or "[]") == value
            elif isinstance(value, bool):
                assert plain[name] == str(value).lower()
            elif isinstance(value, (int, float)):
                assert float(plain[name]) == value
            else:
                assert plain[name] == (value or "")


def test_other_programs_see_a_parquet_file_with_json_columns(site):
    """Its first and last bytes are the format's mark, and its own schema names the logical type."""
    content = (site / "ledger.parquet").read_bytes()
    assert content[:4] == content[-4:] == b"PAR1"
    assert 0 < struct.unpack("<I", content[-8:-4])[0] < len(content)
    elements = {e.name: e for e in fastparquet.ParquetFile(str(site / "ledger.parquet")).fmd.schema[1:]}
    json_type = 19  # ConvertedType.JSON of the format
    coded = {name for name, element in elements.items() if element.converted_type == json_type}
    assert coded == {*LISTS, *STRUCTURED}


def test_every_address_of_the_ledger_leads_to_its_statistic_in_both_editions(site, ledger):
    for row in ledger:
        for lang in LANGUAGES:
            page, anchor = row[f"url_{lang}"].split("#")
            assert (site / page).is_file()
            assert anchor == row["id"]
            assert anchor in anchors(site / page)
            assert row[f"url_{lang}"] == f"{lang}/{row['address']}"


def test_the_ledger_gives_the_verdict_its_pages_show(site, ledger):
    for lang in LANGUAGES:
        for row in ledger:
            page, anchor = row[f"url_{lang}"].split("#")
            place = parsed(site / page).find(id=anchor)
            line = place if place.name == "tr" else place.find_parent("tr")
            assert row[f"verdict_{lang}"] in line.get_text(), row["id"]


def test_where_the_address_of_the_site_is_known_the_ledger_has_it_in_full():
    at = ledgers.locator("https://example.org/book/", LANGUAGES, folders=True)
    assert at("en", "chapters/lead.html#x") == "https://example.org/book/en/chapters/lead.html#x"
    alone = ledgers.locator("", ["zh"], folders=False)
    assert alone("zh", "chapters/lead.html#x") == "chapters/lead.html#x"
    assert alone("en", "chapters/lead.html#x") is None


def test_each_chapter_offers_the_ledger_rows_of_its_own_statistics(site, ledger):
    for lang in LANGUAGES:
        for section in {row["section"] for row in ledger}:
            rows = read_csv(site / lang / "downloads" / f"ledger-{section}.csv")
            assert [row["id"] for row in rows] == [row["id"] for row in ledger if row["section"] == section]
            links = [
                a["href"]
                for a in parsed(site / lang / "chapters" / f"{section}.html").find_all("a", href=True)
            ]
            assert f"../downloads/ledger-{section}.csv" in links
            assert f"../_sources/chapters/{section}.ipynb" in links


def test_the_ledger_page_leads_to_every_form_of_the_ledger(site):
    for lang in LANGUAGES:
        prose = parsed(site / lang / "chapters" / "ledger.html").select("article a[href]")
        assert {f"../{name}" for name in ledgers.FILES} <= {link["href"] for link in prose}
        for name in ledgers.FILES:
            assert (site / name).read_bytes() == (site / lang / name).read_bytes()


# -- the data package ------------------------------------------------------------------------------


def the_zip(site: Path, lang: str) -> Path:
    (archive,) = (site / lang / "data").glob("*.zip")
    return archive


def test_the_zip_unpacks_to_a_valid_data_package(site, tmp_path):
    with zipfile.ZipFile(the_zip(site, "zh")) as packed:
        packed.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    originals = {path.name for path in (ROOT / "data").iterdir() if path.is_file()}
    # what the package leaves to recount, readings and units, is written into what readers take away
    assert {path.name for path in folder.iterdir()} == {*originals, "readings.csv", "units.csv"}
    for name in originals - {"datapackage.json"}:
        assert (folder / name).read_bytes() == (ROOT / "data" / name).read_bytes(), name
    assert Audit(load(folder)).verdicts == Audit(load(ROOT / "data")).verdicts


def test_the_same_package_is_the_same_zip(site, tmp_path):
    assert the_zip(site, "zh").read_bytes() == the_zip(site, "en").read_bytes()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        files = [("t.csv", "x\n1\n"), ("datapackage.json", '{"name": "p"}')]
        for file, content in files if name == "a" else reversed(files):
            (tmp_path / name / file).write_text(content, encoding="utf-8")
    assert (
        archive.write_archive(tmp_path / "a").read_bytes()
        == archive.write_archive(tmp_path / "b").read_bytes()
    )
    again = archive.write_archive(tmp_path / "a")
    assert zipfile.ZipFile(again).namelist() == ["p/datapackage.json", "p/t.csv"]


def test_the_data_page_and_the_ledger_page_lead_to_the_zip(site):
    for lang in LANGUAGES:
        name = f"../data/{the_zip(site, lang).name}"
        for page in ("data", "ledger"):
            links = {
                a["href"] for a in parsed(site / lang / "chapters" / f"{page}.html").select("article a[href]")
            }
            assert name in links


# -- charts ----------------------------------------------------------------------------------------


def figures(site: Path):
    for page in pages(site):
        for figure in page.html.select("figure.recount-figure"):
            yield page, figure


def test_every_chart_is_offered_as_svg_and_png(site):
    for page, figure in figures(site):
        links = [link["href"] for link in figure.select(".recount-files a")]
        stem = f"../figures/{page.path.stem}/{figure['id']}"
        assert links == [f"{stem}.svg", f"{stem}.png"], page.name
        assert all((page.path.parent / link).is_file() for link in links)


def test_a_png_shows_the_chart_on_white_at_twice_its_size(site):
    for page, figure in figures(site):
        svg = (page.path.parent / figure.select_one(".recount-files a")["href"]).read_text(encoding="utf-8")
        assert "var(" not in svg
        assert "prefers-color-scheme" not in svg
        points = float(re.search(r'width="([\d.]+)pt"', svg)[1])
        picture = Image.open(page.path.parent / figure.select(".recount-files a")[1]["href"]).convert("RGB")
        assert abs(picture.width - 2 * points * 96 / 72) <= 1
        corners = {picture.getpixel((x, y)) for x in (0, picture.width - 1) for y in (0, picture.height - 1)}
        assert corners == {(255, 255, 255)}
        dark = sum(picture.convert("L").histogram()[:128])
        assert 0.002 < dark / (picture.width * picture.height) < 0.6, figure["id"]


def test_a_chart_loses_its_dark_colours_and_nothing_else():
    svg = '<svg><style>:root{--recount-ink:#1}@media (x){:root{}}[a]{fill:var(--recount-ink)}</style><defs><style type="text/css">*{}</style></defs></svg>'
    assert pictures.plain(svg) == '<svg><defs><style type="text/css">*{}</style></defs></svg>'


# -- notebooks and citation ------------------------------------------------------------------------


def test_a_downloaded_notebook_runs_again_and_says_the_same(site, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    path = site / "en" / "_sources" / "chapters" / "closing.ipynb"
    before = nbformat.read(path, as_version=4)
    after = nbformat.read(path, as_version=4)
    NotebookClient(
        after, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()

    def results(notebook):
        return [out["data"] for cell in notebook.cells for out in cell.get("outputs", []) if "data" in out]

    assert results(after) == results(before)


@pytest.fixture(scope="module")
def cited() -> dict:
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_citation_file_is_valid(cited):
    schema = json.loads((ROOT / "tests" / "schemas" / "cff.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(cited)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate({**cited, "date-released": "spring"})


def test_the_citation_is_of_this_version_of_package_and_data(cited):
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert cited["version"] == recount.__version__ == package["version"]


def test_chapters_say_how_to_cite_by_the_citations_title(site, cited, ledger):
    titles = {"en": cited["title"], "zh": Book(ROOT).config()["title"]}
    for lang, heading in (("en", "How to cite"), ("zh", "如何引用")):
        for chapter in {row["section"] for row in ledger} | {"data"}:
            page = parsed(site / lang / "chapters" / f"{chapter}.html")
            (h2,) = [h2 for h2 in page.select("article h2") if h2.get_text().startswith(heading)]
            assert titles[lang] in h2.parent.get_text(), (lang, chapter)
