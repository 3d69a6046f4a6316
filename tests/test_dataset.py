"""The curated dataset is valid, complete and honest; a broken one is told about all at once."""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import shutil
import zipfile

import frictionless
import pytest
import requests
from packages import DATA, loaded, make, quantity, reference, relation, statistic, write_table

from recount import resources
from recount.audit import Audit
from recount.chapter.overview import overview
from recount.figures import numerals
from recount.package import DataError, load, loading, tables
from recount.package.described import known_tables
from recount.words import number

QUANTITIES = [quantity("a", "yuan"), quantity("b", "yuan"), quantity("share", "ratio", "0", "1")]
STATISTICS = [statistic("a", "5亿元"), statistic("share", "40%")]


def problems(tmp_path, **tables) -> list[str]:
    tables = {"quantities": QUANTITIES, "statistics": STATISTICS} | tables
    with pytest.raises(DataError) as error:
        loaded(tmp_path, **tables)
    return [str(problem) for problem in error.value.problems]


@pytest.fixture(scope="module")
def book():
    return load()


def test_frictionless_finds_the_package_valid():
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])


def test_every_numeric_expression_is_classified_and_every_statistic_is_printed(book):
    assert len(book.numerals) == 158
    named = book.numerals[book.numerals["statistic"] != ""]
    assert set(named["statistic"]) == set(book.statistics.index)
    assert set(named["role"]) == {"statistic", "parameter", "enumeration"}
    assert (book.numerals[book.numerals["role"].isin(["date", "name"])]["statistic"] == "").all()
    sections = book.statistics["section"]
    assert all(sections[row.statistic] == row.section for row in named.itertuples())


def test_each_statistic_prints_the_digits_of_its_numerals(book):
    """The registered expression stands inside the statistic's figure, hedge words aside."""
    for id, group in book.numerals.groupby("statistic"):
        if id and id not in ("coverage_one_in_three", "farm_products_rank"):
            printed = book.statistics.loc[id, "printed"]
            tokens = set(group["printed"])
            core = {token.removesuffix("来").removesuffix("以来") for token in tokens}
            assert any(token in printed or printed in token for token in core), (id, printed, tokens)


def test_both_languages_are_there_everywhere(book):
    for table, columns in [
        ("statistics", ("label",)),
        ("quantities", ("label", "definition")),
        ("relations", ("note",)),
    ]:
        rows = getattr(book, table)
        for column in columns:
            for lang in ("zh", "en"):
                assert (rows[f"{column}_{lang}"] != "").all(), (table, column, lang)
    for column in ("note",):
        zh, en = book.statistics[f"{column}_zh"], book.statistics[f"{column}_en"]
        assert ((zh == "") == (en == "")).all()


def test_outside_figures_have_a_source_that_can_be_opened(book):
    from pybtex.database import parse_file

    entries = parse_file(str(DATA / "references.bib")).entries
    for row in book.references.itertuples():
        fields = entries[row.source].fields
        assert fields.get("url", "").startswith("http") or fields.get("doi"), row.source


def test_no_outside_figure_stands_for_a_statistic_of_the_report(book):
    """References measure quantities of their own: a relation says how they bear on the report."""
    cited = set(book.statistics["quantity"])
    assert not cited & set(book.references["quantity"])


def test_every_definition_and_scope_ties_something_the_evidence_measures(book):
    measured = {*book.statistics["quantity"], *book.references["quantity"], *book.enumerations["quantity"]}
    for id, parsed in book.parsed_relations.items():
        if book.relations.loc[id, "basis"] != "assumption":
            assert measured & set(parsed.names), id


def test_assumptions_and_open_answers_are_marked_as_such(book):
    table = book.relations
    assert (table.loc[table["default"] == "off", "basis"] == "assumption").all()
    for question, group in table[table["question"] != ""].groupby("question"):
        assert len(group) > 1, question
        states = set(group["default"])
        assert states == {"open"} or "open" not in states


@pytest.mark.parametrize(
    ("tables", "pieces"),
    [
        ({"statistics": [statistic("a", "5亿吨")]}, ["statistics.csv, row 2, column printed: found '5亿吨'", "expected"]),
        ({"statistics": [statistic("a", "颇超5亿元")]}, ["row 2, column printed", "'颇超5亿元'"]),
        ({"statistics": [statistic("a", "5%")]}, ["'5%' in ratio; expected a figure in yuan, the unit of a"]),
        ({"statistics": [statistic("share", "140%")]}, ["'140%'", "expected a value possible for share: [0, 1]"]),
        ({"statistics": [statistic("a", "5亿元", of="c")]}, ["statistics.csv, row 2", "c"]),
        ({"statistics": [*STATISTICS, statistic("a", "6亿元")]}, ["statistics.csv, row 4", "a"]),
        ({"statistics": [statistic("a", "5亿元", kind="guess")]}, ["row 2, column kind", "guess", "enum"]),
        ({"statistics": [statistic("A b", "5亿元", of="a")]}, ["row 2, column id", "'A b'", "pattern"]),
        ({"relations": [relation("r", "a == c")]}, ["relations.csv, row 2, column relation: found 'c'", "quantities.csv"]),
        ({"relations": [relation("r", "1 == 2")]}, ["relations.csv, row 2", "found '1 == 2'", "the id of a quantity"]),
        ({"relations": [relation("r", "a == __import__('os')")]}, ["relations.csv, row 2", "is not a quantity"]),
        ({"relations": [relation("r", "a < b")]}, ["relations.csv, row 2", "expected one comparison"]),
        ({"relations": [relation("r", "a == b", "belief")]}, ["row 2, column basis", "belief"]),
        ({"relations": [relation("r", "a == b", default="open")]}, ["column question: found nothing"]),
        ({"relations": [relation("a", "a == b")]}, ["relations.csv, row 2, column id: found 'a'", "rename one"]),
        ({"references": [reference("r", "b", "5亿元", "nowhere")]}, ["column source: found 'nowhere'", "references.bib"]),
        ({"references": [reference("r", "b", "five billions")]}, ["references.csv, row 2, column printed"]),
        ({"quantities": [*QUANTITIES, quantity("z", "yuan", "5", "3")]}, ["quantities.csv, row 5", "[5, 3]", "Exchange"]),
        ({"quantities": [*QUANTITIES, quantity("z", "parsec")]}, ["quantities.csv, row 5, column unit", "parsec"]),
        ({"quantities": [*QUANTITIES, quantity("z", "yuan", "much")]}, ["row 5, column lower", "much", "number"]),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_place(tmp_path, tables, pieces):
    lines = problems(tmp_path, **tables)
    assert any(all(piece in line for piece in pieces) for line in lines), lines


def test_all_mistakes_are_told_at_once(tmp_path):
    lines = problems(
        tmp_path,
        statistics=[statistic("a", "5亿吨"), statistic("share", "140%")],
        relations=[relation("r", "a == c"), relation("s", "a = b")],
    )
    assert len(lines) == 4


def test_a_malformed_row_is_told_by_file_and_row(tmp_path):
    folder = make(tmp_path, quantities=QUANTITIES, statistics=STATISTICS)
    with (folder / "statistics.csv").open("a", encoding="utf-8") as file:
        file.write("b,lead,5亿元\n")
    with pytest.raises(DataError, match=r"statistics\.csv, row 4"):
        load(folder)


def test_a_missing_table_a_missing_folder_and_a_broken_descriptor(tmp_path):
    with pytest.raises(DataError, match=r"no such folder; expected a data package\. Name a folder"):
        load(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"no datapackage\.json in it"):
        load(tmp_path / "empty")
    folder = make(tmp_path / "torn", quantities=QUANTITIES, statistics=STATISTICS)
    (folder / "relations.csv").unlink()
    with pytest.raises(DataError, match=r"relations\.csv"):
        load(folder)
    (folder / "datapackage.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage\.json"):
        load(folder)


def test_a_package_may_leave_out_what_it_does_not_need(tmp_path):
    folder = make(tmp_path, quantities=QUANTITIES, statistics=STATISTICS)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    optional = {"numerals", "references", "enumerations"}
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] not in optional]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for name in optional:
        (folder / f"{name}.csv").unlink()
    assert load(folder).references.empty


def described(folder, **tables):
    """Change what the descriptor says of tables, None for nothing, or add tables to it."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    known = {table["name"]: table for table in package["resources"]}
    for name, changes in tables.items():
        known[name] = {"name": name} | known.get(name, {}) | changes
    package["resources"] = [
        {key: value for key, value in table.items() if value is not None} for table in known.values()
    ]
    path.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")


def bare(folder, **tables):
    """A package that describes its tables by name and path only, and has no readings."""
    make(folder, quantities=QUANTITIES, **tables)
    resources = [{"name": name, "path": f"{name}.csv"} for name in ("statistics", "quantities", "relations")]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return folder


def test_recount_s_readings_stand_in_where_a_package_has_none(tmp_path):
    data = load(bare(tmp_path, statistics=STATISTICS))
    bounds = data.interval("超5亿元", "literal")
    assert (float(bounds.lower), float(bounds.upper)) == (pytest.approx(5e8), float("inf"))


def test_recount_s_schemas_stand_in_where_a_package_has_none(tmp_path):
    broken = [
        statistic("a", "5亿元", kind="guess"),
        statistic("A b", "40%", of="share"),
        statistic("c", "5%", of="d"),
    ]
    with pytest.raises(DataError) as error:
        load(bare(tmp_path, statistics=broken))
    lines = [str(problem) for problem in error.value.problems]
    for row, piece in ((2, "column kind"), (3, "column id"), (4, "d")):
        assert any(f"statistics.csv, row {row}" in line and piece in line for line in lines), lines


def test_sections_are_the_report_s_own_where_the_package_names_none(tmp_path):
    elsewhere = statistic("a", "5亿元") | {"section": "appendix"}
    assert list(load(bare(tmp_path, statistics=[elsewhere])).statistics["section"]) == ["appendix"]


def test_the_readings_of_a_package_are_its_own(tmp_path):
    folder = make(tmp_path, quantities=QUANTITIES, statistics=[statistic("a", "超5亿元")])
    rows = resources.text("readings.csv").splitlines()
    kept = [row for row in rows if not row.startswith("hedge,loose")]
    (folder / "readings.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    described(folder, readings={"path": "readings.csv"})
    data = load(folder)
    with pytest.raises((numerals.NumeralError, ValueError), match="loose"):
        data.interval("超5亿元", "loose")


def test_the_book_s_package_can_be_carried_elsewhere(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "elsewhere")
    assert len(load(folder).statistics) == len(load().statistics)


# -- what a descriptor says of a table's form -------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    return make(tmp_path, quantities=QUANTITIES, statistics=STATISTICS)


def assert_same(folder):
    """The tables are those that were written, in whatever form they lie in."""
    data = load(folder)
    assert list(data.statistics["printed"]) == ["5亿元", "40%"]
    assert list(data.quantities["upper"]) == ["", "", "1"]
    assert list(data.quantities["integer"]) == ["false", "false", "false"]


def text(folder, table):
    return (folder / f"{table}.csv").read_text(encoding="utf-8")


def test_a_table_in_two_parts_is_read_whole(folder):
    head, first, second = text(folder, "statistics").splitlines(keepends=True)
    (folder / "statistics.csv").write_text(head + first, encoding="utf-8")
    (folder / "more.csv").write_text(head + second, encoding="utf-8")
    described(folder, statistics={"path": ["statistics.csv", "more.csv"]})
    assert_same(folder)


def test_a_mistake_in_the_second_part_is_told_with_the_files(folder):
    head, first, second = text(folder, "statistics").splitlines(keepends=True)
    (folder / "statistics.csv").write_text(head + first, encoding="utf-8")
    (folder / "more.csv").write_text(head + second.replace("40%", "140%"), encoding="utf-8")
    described(folder, statistics={"path": ["statistics.csv", "more.csv"]})
    with pytest.raises(DataError, match=r"statistics\.csv \+ more\.csv, row 3, column printed: found '140%'"):
        load(folder)


def test_a_missing_part_is_named(folder):
    described(folder, statistics={"path": ["statistics.csv", "more.csv"]})
    with pytest.raises(
        DataError, match=r"column statistics\.path: found no file more\.csv; expected it in .*Add the file"
    ):
        load(folder)


def test_a_dialect_is_followed(folder):
    semicolons = text(folder, "quantities").replace(",", ";").replace(";0;", ";0,0;")
    (folder / "quantities.csv").write_text(semicolons, encoding="utf-8")
    schema = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"][3]["schema"]
    for column in schema["fields"]:
        column |= {"decimalChar": ","} if column["type"] == "number" else {}
    described(folder, quantities={"dialect": {"csv": {"delimiter": ";"}}, "schema": schema})
    assert_same(folder)
    assert load(folder).natural("a").lower == 0


def test_an_encoding_is_followed(folder):
    (folder / "statistics.csv").write_text(text(folder, "statistics"), encoding="gb18030")
    described(folder, statistics={"encoding": "gb18030"})
    assert_same(folder)


def test_rows_may_stand_in_the_descriptor(folder):
    rows = list(csv.DictReader(io.StringIO(text(folder, "quantities"))))
    for row in rows:
        row |= {"lower": int(row["lower"]), "integer": row["integer"] == "true"}
    (folder / "quantities.csv").unlink()
    inline = dict.fromkeys(("path", "format", "mediatype", "encoding"))
    described(folder, quantities={"data": rows} | inline)
    assert_same(folder)
    described(folder, quantities={"data": [*rows, rows[0] | {"unit": "parsec"}]})
    with pytest.raises(DataError, match=r"datapackage\.json, quantities, row 5"):
        load(folder)


@pytest.mark.parametrize("form", ["gz", "zip"])
def test_compression_is_undone(folder, form):
    content = text(folder, "statistics")
    (folder / "statistics.csv").unlink()
    if form == "gz":
        (folder / "statistics.csv.gz").write_bytes(gzip.compress(content.encode()))
    else:
        with zipfile.ZipFile(folder / "statistics.csv.zip", "w") as archive:
            archive.writestr("statistics.csv", content)
    described(folder, statistics={"path": f"statistics.csv.{form}"})
    assert_same(folder)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"path": "https://example.org/statistics.csv"}, "statistics.path"),
        ({"path": ["statistics.csv", "http://example.org/more.csv"]}, "statistics.path"),
        ({"schema": "https://example.org/schema.json"}, "statistics.schema"),
    ],
)
def test_nothing_is_fetched(folder, monkeypatch, changes, column):
    def fetch(*arguments, **settings):
        raise AssertionError(f"fetched {arguments}")

    monkeypatch.setattr(requests.Session, "request", fetch)
    described(folder, statistics=changes)
    with pytest.raises(
        DataError, match=rf"column {column}: found 'https?://example\.org.*Nothing is fetched"
    ):
        load(folder)


def test_a_profile_that_is_an_address_is_not_fetched(folder, monkeypatch):
    monkeypatch.setattr(requests.Session, "request", lambda *_, **__: pytest.fail("fetched"))
    described(folder, statistics={"profile": "https://datapackage.org/profiles/2.0/dataresource.json"})
    assert_same(folder)


@pytest.mark.parametrize("resources", ["tables", ["statistics.csv"], [{"path": "statistics.csv"}], None])
def test_a_descriptor_without_a_list_of_tables_is_told(folder, resources):
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage\.json, column resources: found no list of tables"):
        load(folder)


def test_other_tables_of_a_package_are_kept_and_other_files_let_be(folder):
    (folder / "extra.csv").write_text("a,b\n007,x\n", encoding="utf-8")
    (folder / "notes.txt").write_text("a note", encoding="utf-8")
    described(folder, extra={"path": "extra.csv"}, notes={"path": "notes.txt"})
    data = load(folder)
    assert data.others["extra"].to_dict("records") == [{"a": "007", "b": "x"}]
    assert set(data.others) == {"extra"}


# -- units, sections --------------------------------------------------------------------------------


def test_an_unknown_unit_is_told_with_the_nearest_known_one(tmp_path):
    lines = problems(tmp_path, quantities=[*QUANTITIES, quantity("z", "yaun")])
    assert any(
        "quantities.csv, row 5, column unit: found 'yaun'; expected yuan, or another of yuan, dollar" in line
        for line in lines
    )
    assert any("a table `units` of the package" in line for line in lines)


MU = {"id": "mu", "dimension": "area", "whole": "false", "level": "true", "lower": "0", "label_zh": "亩", "label_en": "mu",
      "words_zh": "亩; 公顷=15", "words_en": "mu; hectares=15", "scales_zh": "万亩=1e4; 亩", "scales_en": "thousand mu=1e3; mu"}  # fmt: skip


def test_a_package_can_add_units(tmp_path):
    folder = make(
        tmp_path,
        quantities=[quantity("land", "mu"), quantity("a", "yuan")],
        statistics=[statistic("land", "12万亩"), statistic("a", "5亿元")],
    )
    write_table(folder, "units", [MU])
    described(folder, units={"path": "units.csv"})
    data = load(folder)
    assert data.figure("12万亩").unit == "mu"
    assert data.figure("more than 4 hectares").value == 60
    assert data.readings.units.has_size("mu")
    assert Audit(data).verdicts["land"] == "unchecked"
    assert number(120000, "mu", "zh") == "12万亩"
    assert number(120000, "mu", "en") == "120 thousand mu"
    with pytest.raises(numerals.NumeralError):
        numerals.parse("12万亩")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("level", "much", "level"),
        ("words_zh", "亩=x", "the factor of '亩' in words_zh is 'x', expected a number"),
    ],
)
def test_a_wrong_row_of_a_package_s_units_is_told(tmp_path, column, value, message):
    folder = make(tmp_path, quantities=QUANTITIES, statistics=STATISTICS)
    write_table(folder, "units", [MU | {column: value}])
    described(folder, units={"path": "units.csv"})
    with pytest.raises(DataError, match=message):
        load(folder)


def test_sections_have_the_names_that_the_package_gives(tmp_path):
    named = [{"id": "lead", "label_zh": "开头", "label_en": "Opening"}]
    data = loaded(tmp_path, quantities=QUANTITIES, statistics=STATISTICS, sections=named)
    assert (data.section_names("zh"), data.section_names("en")) == ({"lead": "开头"}, {"lead": "Opening"})
    assert "开头" in overview(Audit(data), "zh")


def test_a_section_without_a_name_is_called_by_its_id(tmp_path):
    data = loaded(tmp_path, quantities=QUANTITIES, statistics=STATISTICS)
    assert data.section_names("en") == {}
    assert ">lead<" in overview(Audit(data), "en")


def test_a_section_that_is_not_among_the_named_ones_is_told_with_the_nearest(tmp_path):
    named = [{"id": id, "label_zh": id, "label_en": id} for id in ("leader", "closing")]
    lines = problems(tmp_path, sections=named)
    assert any(
        "statistics.csv, row 2, column section: found 'lead'; expected leader" in line for line in lines
    )


# -- plain attributes, one reading ------------------------------------------------------------------


def test_a_package_s_tables_are_plain_attributes(book):
    tables = {
        "statistics",
        "quantities",
        "relations",
        "numerals",
        "references",
        "enumerations",
        "sections",
        "terms",
    }
    assert tables <= set(dir(book))
    assert tables == set(book.frames())
    assert copy.deepcopy(book).statistics.equals(book.statistics)
    with pytest.raises(AttributeError):
        book.statistcs  # noqa: B018


def test_what_a_caller_changes_is_not_what_the_next_one_gets(folder):
    first = load(folder)
    first.statistics.loc["a", "printed"] = "9亿元"
    del first.quantities["upper"]
    assert_same(folder)


def test_a_package_is_checked_once_for_its_content(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("RECOUNT_CACHE", str(tmp_path / "cache"))
    read = tables.read
    done = []
    monkeypatch.setattr(tables, "read", lambda *arguments: done.append(1) or read(*arguments))
    for _ in range(3):
        load(folder)
    assert len(done) == 1
    (folder / "statistics.csv").write_text(
        text(folder, "statistics").replace("5亿元", "6亿元"), encoding="utf-8"
    )
    assert load(folder).statistics.at["a", "printed"] == "6亿元"
    (folder / "references.bib").write_text("", encoding="utf-8")
    load(folder)
    assert len(done) == 3


def test_recount_describes_the_book_s_tables_as_the_book_does(book):
    """The data package says of each table what recount says of it, so that both are understood alone."""
    known = known_tables()
    for table in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        for key in ("path", "title", "title_zh", "description", "description_zh", "schema"):
            assert table[key] == known[table["name"]][key], (table["name"], key)


def test_without_a_package_anywhere_the_remedy_is_told(tmp_path, monkeypatch):
    monkeypatch.delenv("RECOUNT_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(loading, "_CHECKOUT", tmp_path / "nowhere")
    with pytest.raises(
        DataError,
        match=r"no datapackage\.json in it; expected a data package\. Name the folder of one \(--data",
    ):
        load()
    make(tmp_path / "data", quantities=QUANTITIES, statistics=STATISTICS)
    assert len(load().statistics) == 2
