"""The glossary and the bibliography: complete, sourced, in order, and where links say they are."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from packages import DATA, make, quantity, statistic
from pages import Page
from pybtex.database import parse_file

from recount.book.layout import LANGUAGES
from recount.chapter import glossary
from recount.package import DataError, load
from recount.words import VERDICTS

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def data():
    return load()


def page(site, lang: str, name: str) -> BeautifulSoup:
    return Page(site, site / lang / "chapters" / f"{name}.html").html


def term(id: str, **cells: str) -> dict[str, str]:
    words = {"term_zh": id, "term_en": id, "definition_zh": id, "definition_en": id}
    return {"id": id, "group": "method"} | words | cells


def test_each_term_has_both_words_and_both_definitions_each_in_its_language(data):
    for row in data.terms.itertuples():
        assert HAN.search(row.term_zh), row.id
        assert HAN.search(row.definition_zh), row.id
        assert not HAN.search(row.term_en + row.definition_en), row.id
        assert row.definition_zh.endswith("。"), row.id
        assert row.definition_en.endswith("."), row.id


def test_no_two_terms_share_a_word_in_either_language(data):
    for lang in LANGUAGES:
        assert data.terms[f"term_{lang}"].is_unique


def test_the_terms_that_verdicts_and_chapters_rest_on_are_there(data):
    wanted = {
        *VERDICTS,
        "stock",
        "flow",
        "compound_growth",
        "percentage_point",
        "interval",
        "reading",
        "rounding_rule",
        "leave_one_out",
        "relation",
        "assumption",
        "witness",
        "slip",
        "province",
        "jurisdiction",
        "borrower",
        "borrower_times",
    }
    assert wanted <= set(data.terms.index)


def test_a_verdict_s_term_is_worded_as_the_verdict(data):
    for key, verdict in VERDICTS.items():
        assert (data.terms.loc[key, "term_zh"], data.terms.loc[key, "term_en"]) == (verdict.zh, verdict.en)


def test_every_group_of_terms_is_known_and_used(data):
    assert set(data.terms["group"]) == set(glossary.GROUPS)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": "nowhere"}, "terms.csv, row 2, column source: found 'nowhere'"),
        ({"see_also": "other missing"}, "terms.csv, row 2, column see_also: found 'missing'"),
        ({"statistics": "missing"}, "terms.csv, row 2, column statistics: found 'missing'"),
        ({"group": "weather"}, "terms.csv, row 2, column group"),
    ],
)
def test_a_term_that_names_what_is_not_there_is_told_with_its_place(tmp_path, wrong, message):
    rows = [term("one", **wrong), term("other", source="a_source", statistics="a")]
    folder = make(
        tmp_path, quantities=[quantity("a", "yuan")], statistics=[statistic("a", "5亿元")], terms=rows
    )
    with pytest.raises(DataError) as error:
        load(folder)
    assert [str(problem) for problem in error.value.problems if message in str(problem)]
    assert len(error.value.problems) == 1


def test_a_definition_without_a_source_is_called_the_book_s_own(data):
    for lang, words in (("zh", "本书自己的定义"), ("en", "the book's own definition")):
        html = "".join(glossary.table(data, group, lang) for group in glossary.GROUPS)
        rows = BeautifulSoup(html, "html.parser")
        for id, source in data.terms["source"].items():
            assert (words in rows.find(id=id).get_text()) == (source == ""), id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_is_on_the_page_with_both_words_its_definition_and_links(site, data, lang):
    html = page(site, lang, "glossary")
    headings = " ".join(heading.get_text() for heading in html.find_all("h2"))
    assert all(glossary.GROUPS[group][LANGUAGES.index(lang)] in headings for group in glossary.GROUPS)
    for row in data.terms.to_dict("records"):
        shown = html.find(id=row["id"])
        text = shown.get_text().lower()
        assert row["term_zh"].lower() in text
        assert row["term_en"].lower() in text
        assert row[f"definition_{lang}"].lower() in text
        links = {link["href"] for link in shown.find_all("a")}
        assert {glossary.sources(DATA)[key].address for key in row["source"].split()} <= links
        for id in row["statistics"].split():
            assert f"{data.statistics.loc[id, 'section']}.html#{id}" in links


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_index_names_every_term_once_in_order(site, data, lang):
    shown = [link.get_text() for link in page(site, lang, "glossary").select(".recount-index a")]
    assert sorted(shown) == sorted(data.terms[f"term_{lang}"])
    assert shown == sorted(shown, key=lambda word: glossary.dictionary_order(word, lang))


def test_chinese_terms_sort_by_pinyin(data):
    """Worked by hand: baifendian, bi, chacuo, chongshu, cunliang, hu, huci, quanxia, zengsu."""
    words = ["增速", "户次", "存量", "重述", "百分点", "全辖", "户", "差错", "笔"]
    ordered = sorted(words, key=lambda word: glossary.dictionary_order(word, "zh"))
    assert ordered == ["百分点", "笔", "差错", "重述", "存量", "户", "户次", "全辖", "增速"]
    # the order holds for the common characters, and no term begins with another
    assert all(glossary.dictionary_order(word, "zh")[0] == 0 for word in data.terms["term_zh"])


def test_the_tier_of_a_figure_is_the_group_of_its_source(data):
    known = glossary.sources(DATA)
    groups = {"1": "official", "2": "press"}
    wrong = [row.id for row in data.references.itertuples() if known[row.source].group != groups[row.tier]]
    assert wrong == []


def test_every_source_has_an_address_and_is_used(data):
    counted = glossary.uses(data)
    for name in ("references", "methods"):
        for key, entry in parse_file(str(DATA / f"{name}.bib")).entries.items():
            assert entry.fields.get("url", "").startswith("http") or entry.fields.get("doi"), key
            if name == "references":
                assert counted.loc[key, ["figures", "terms"]].sum() > 0, key


def test_uses_are_counted_from_the_tables(data):
    counted = glossary.uses(data)
    assert counted["figures"].sum() == len(data.references)
    assert counted["terms"].sum() == sum(len(cell.split()) for cell in data.terms["source"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_source_stands_once_in_the_bibliography_with_its_address(site, lang):
    html, known = page(site, lang, "bibliography"), glossary.sources(DATA)
    for name in ("references", "methods"):
        for key, entry in parse_file(str(DATA / f"{name}.bib")).entries.items():
            (shown,) = html.find_all(id=known[key].address.partition("#")[2])
            links = {link["href"] for link in shown.find_all("a")}
            fields = entry.fields
            assert {fields.get("url", ""), f"https://doi.org/{fields.get('doi')}"} & links, key
            if lang == "en" and "title_en" in fields:
                assert fields["title_en"] in shown.get_text(), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_citations_in_the_methods_chapter_lead_to_the_bibliography(site, lang):
    wanted = {source.address for source in glossary.sources(DATA).values() if source.group == "methods"}
    assert {link["href"] for link in page(site, lang, "methods").find_all("a", href=True)} >= wanted
