"""What pages say to machines in schema.org's words, held against its vocabulary and the ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import parsed

from recount.book import linked
from recount.book.citation import Citation, citation
from recount.book.layout import LANGUAGES, Book
from recount.book.ledgers import book_records
from recount.words import VERDICTS, capitalised, printed_words, shown_unit, verdict_word

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = json.loads((ROOT / "tests" / "schemas" / "schemaorg.json").read_text(encoding="utf-8"))
FORMS = {
    "Date": re.compile(r"\d{4}(-\d\d(-\d\d)?)?"),
    "URL": re.compile(r"(https?://|(\.\./)*[\w./-]+\.\w+|#)\S*"),
    "Text": re.compile(r".*\S.*", re.DOTALL),
}


def kinds(name: str) -> set[str]:
    """A type and all it inherits from."""
    return {name}.union(*(kinds(above) for above in VOCABULARY["types"][name]))


def problems(node: Any, graph: dict[str, Any], where: str = "") -> Iterator[str]:
    """What a node says that schema.org's vocabulary does not have, in words."""
    if node.get("@type") not in VOCABULARY["types"]:
        yield f"{where}: type {node.get('@type')!r} is not in the vocabulary's excerpt"
        return
    own = kinds(node["@type"])
    for term, values in node.items():
        if term in ("@type", "@id"):
            continue
        place = f"{where}/{node['@type']}.{term}"
        known = VOCABULARY["properties"].get(term)
        if known is None or not own & set(known["domain"]):
            yield f"{place}: no property of {node['@type']}"
            continue
        for value in values if isinstance(values, list) else [values]:
            yield from value_problems(value, set(known["range"]), graph, place)


def value_problems(value: Any, allowed: set[str], graph: dict[str, Any], place: str) -> Iterator[str]:
    if isinstance(value, bool):
        if "Boolean" not in allowed:
            yield f"{place}: found {value}, expected {sorted(allowed)}"
    elif isinstance(value, str):
        if not any(kind in allowed and form.fullmatch(value) for kind, form in FORMS.items()):
            yield f"{place}: found {value!r}, expected {sorted(allowed)}"
    elif set(value) == {"@id"}:
        meant = graph.get(value["@id"])
        if meant is not None and not kinds(meant["@type"]) & allowed:
            yield f"{place}: refers to a {meant['@type']}, expected {sorted(allowed)}"
    else:
        yield from problems(value, graph, place)
        if not kinds(value["@type"]) & allowed:
            yield f"{place}: found a {value['@type']}, expected {sorted(allowed)}"


def said(path: Path) -> list[dict[str, Any]]:
    """The nodes of a page's JSON-LD, of which there is one piece."""
    scripts = parsed(path).find_all("script", type="application/ld+json")
    assert len(scripts) <= 1, path
    if not scripts:
        return []
    content = json.loads(scripts[0].string)
    assert content["@context"] == "https://schema.org"
    return content["@graph"]


@pytest.fixture(scope="module")
def rows():
    return {row["id"]: row for row in book_records(Book(ROOT))}


@pytest.fixture(scope="module", params=LANGUAGES)
def edition(request, site):
    folder = site / request.param / "chapters"
    return request.param, {path.stem: said(path) for path in sorted(folder.glob("*.html"))}


def of(nodes, kind: str) -> list[dict[str, Any]]:
    return [node for node in nodes if node["@type"] == kind]


def test_all_that_pages_say_is_in_the_vocabulary(edition):
    _, pages = edition
    for name, nodes in pages.items():
        graph = {node["@id"]: node for node in nodes}
        assert [fault for node in nodes for fault in problems(node, graph, name)] == []


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Fact"}, "type 'Fact'"),
        ({"@type": "Rating", "claimReviewed": "x"}, "no property of Rating"),
        ({"@type": "ClaimReview", "reviewRating": {"@type": "Place", "name": "x"}}, "found a Place"),
        ({"@type": "Book", "datePublished": "spring"}, "found 'spring'"),
        ({"@type": "Book", "isBasedOn": {"@id": "a"}}, "refers to a Place"),
        ({"@type": "Dataset", "isAccessibleForFree": "yes"}, "found 'yes'"),
    ],
)
def test_the_check_of_the_vocabulary_sees_what_is_wrong(node, fault):
    faults = list(problems(node, {"a": {"@type": "Place"}}))
    assert len(faults) == 1
    assert fault in faults[0]


def test_each_statistic_is_one_review_on_its_chapters_page(edition, rows):
    _, pages = edition
    reviewed = [(name, node["url"]) for name, nodes in pages.items() for node in of(nodes, "ClaimReview")]
    assert reviewed == [
        (name, f"{name}.html#{id}") for name in pages for id, row in rows.items() if row["section"] == name
    ]
    assert len(reviewed) == len(rows)


def test_a_review_says_name_and_figure_and_the_verdict_in_words_only(edition, rows):
    lang, pages = edition
    for nodes in pages.values():
        for node in of(nodes, "ClaimReview"):
            row = rows[node["url"].split("#")[1]]
            name, figure = (
                capitalised(row[f"label_{lang}"]),
                printed_words(row["printed"], lang, shown_unit(row)),
            )
            assert node["claimReviewed"] == name + ("：" if lang == "zh" else ": ") + figure
            rating = node["reviewRating"]
            assert rating["alternateName"] == verdict_word(row["verdict"], lang)
            assert not {"ratingValue", "bestRating", "worstRating"} & set(rating)


def test_the_recomputed_interval_is_told_where_there_is_evidence_for_one(rows):
    explained = {id for id, row in rows.items() if "Recomputed" in linked.explanation(row, "en")}
    assert explained == {id for id, row in rows.items() if row["verdict"] != "unchecked"}


def test_the_package_is_a_dataset_on_the_data_page_and_the_first_and_its_files_are_there(edition, site):
    lang, pages = edition
    for name in ("data", "index"):
        (node,) = of(pages[name], "Dataset")
        files = [part["contentUrl"] for part in node["distribution"]]
        assert any(file.endswith(".zip") for file in files)
        assert all((site / lang / "chapters" / file).is_file() for file in files)
        assert re.fullmatch(r"\d{4}/\d{4}", node["temporalCoverage"])
    (ledger,) = of(pages["ledger"], "Dataset")
    assert ledger["isBasedOn"] == {"@id": of(pages["data"], "Dataset")[0]["@id"]}


def test_the_book_and_all_its_data_are_of_the_date_and_version_of_the_citation(edition):
    _, pages = edition
    cited = citation(Book(ROOT))
    (book,) = of(pages["index"], "Book")
    assert (book["version"], book["datePublished"]) == (cited.version, cited.released)
    dated = [n for nodes in pages.values() for n in nodes if n["@type"] in ("ClaimReview", "Dataset")]
    assert {node["datePublished"] for node in dated} == {cited.released}


SETTING = linked.Setting(
    "en",
    "A book",
    Citation(title="t", released="2026-01-02", authors=("We",)),
    {"name": "</script><b>&", "published": "2024", "place": "x", "language": "zh"},
)


def test_nothing_that_is_said_can_end_the_script_element():
    html = linked.script([linked.article(SETTING, lambda path: path)])
    assert html.count("<") == 2
    assert html.count("</script>") == 1
    inner = html.split(">", 1)[1].rsplit("<", 1)[0]
    assert json.loads(inner)["@graph"][0]["name"] == "</script><b>&"
    assert linked.script([]) == ""


def test_with_a_base_address_every_address_is_in_full(rows):
    row = next(iter(rows.values()))
    nodes = linked.reviews([row], SETTING, lambda path: f"https://example.org/en/{path}")
    assert nodes[1]["url"] == f"https://example.org/en/chapters/{row['section']}.html#{row['id']}"
    assert nodes[1]["itemReviewed"]["appearance"] == {"@id": nodes[0]["@id"]}


def test_every_verdict_is_explained_in_a_sentence(rows):
    row = next(row for row in rows.values() if row["verdict"] == "confirmed")
    for lang, stop in (("zh", "。"), ("en", ".")):
        for verdict in VERDICTS:
            words = linked.explanation(row | {"verdict": verdict}, lang)
            assert words.endswith(stop)
            assert f"{stop}{stop}" not in words
