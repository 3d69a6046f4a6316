"""The curated dataset is valid, complete and honest; a broken one is told about all at once."""

from __future__ import annotations

import json
import shutil

import frictionless
import pytest
from packages import DATA, loaded, make, quantity, reference, relation, statistic

from recount.figures import numerals
from recount.package.dataset import DataError, load

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
    for table, columns in [("statistics", ("label",)), ("quantities", ("label", "definition")), ("relations", ("note",))]:
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
    ("tables", "told"),
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
def test_each_mistake_is_told_with_its_place(tmp_path, tables, told):
    found = problems(tmp_path, **tables)
    assert any(all(piece in line for piece in told) for line in found), found


def test_all_mistakes_are_told_at_once(tmp_path):
    found = problems(
        tmp_path,
        statistics=[statistic("a", "5亿吨"), statistic("share", "140%")],
        relations=[relation("r", "a == c"), relation("s", "a = b")],
    )
    assert len(found) == 4


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


def bare(folder, **tables):
    """A package that describes its tables by name and path only, and has no readings."""
    make(folder, quantities=QUANTITIES, **tables)
    resources = [{"name": name, "path": f"{name}.csv"} for name in ("statistics", "quantities", "relations")]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (folder / "readings.csv").unlink()
    return folder


def test_the_book_s_readings_stand_in_where_a_package_has_none(tmp_path):
    data = load(bare(tmp_path, statistics=STATISTICS))
    found = data.interval("超5亿元", "literal")
    assert (float(found.lower), float(found.upper)) == (pytest.approx(5e8), float("inf"))


def test_the_book_s_schemas_stand_in_where_a_package_has_none(tmp_path):
    broken = [statistic("a", "5亿元", kind="guess"), statistic("A b", "40%", of="share"), statistic("c", "5%", of="d")]
    with pytest.raises(DataError) as error:
        load(bare(tmp_path, statistics=broken))
    told = [str(problem) for problem in error.value.problems]
    for row, piece in ((2, "column kind"), (3, "column id"), (4, "d")):
        assert any(f"statistics.csv, row {row}" in line and piece in line for line in told), told


def test_sections_are_the_report_s_own_where_the_package_names_none(tmp_path):
    elsewhere = statistic("a", "5亿元") | {"section": "appendix"}
    assert list(load(bare(tmp_path, statistics=[elsewhere])).statistics["section"]) == ["appendix"]


def test_the_readings_of_a_package_are_its_own(tmp_path):
    folder = make(tmp_path, quantities=QUANTITIES, statistics=[statistic("a", "超5亿元")])
    rows = (folder / "readings.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("hedge,loose")]
    (folder / "readings.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    data = load(folder)
    with pytest.raises((numerals.NumeralError, ValueError), match="loose"):
        data.interval("超5亿元", "loose")


def test_the_book_s_package_can_be_carried_elsewhere(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "elsewhere")
    assert len(load(folder).statistics) == len(load().statistics)
