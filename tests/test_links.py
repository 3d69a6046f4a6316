"""Outside addresses: found wherever they are written, and asked for, of a server on this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from recount.book.links import NoNetworkError, check, main
from recount.book.outside import addresses, collect
from recount.book.visiting import Waits, visit_all

QUICK = Waits(answer=0.5, again=(0.1,), between=0)
ROOT = Path(__file__).resolve().parents[1]


REPLIES = {"/good": 200, "/": 200, "/new": 200, "/missing": 404, "/removed": 410, "/refused": 403, "/broken": 500}
REDIRECTS = {"/moved": (301, "/new"), "/moved-for-good": (308, "/new"), "/for-now": (302, "/new"),
             "/slash": (301, "/slash/"), "/to-front": (302, "/"), "/to-missing": (301, "/missing"),
             "/round": (302, "/round")}  # fmt: skip


class Server(BaseHTTPRequestHandler):
    """Good, moved, missing and slow addresses; `/flaky` is well when it is asked for again."""

    asked: list[str]
    wait: threading.Event
    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/slow":
            self.wait.wait(30)
        if self.path in REDIRECTS:
            status, target = REDIRECTS[self.path]
            self.send_response(status)
            self.send_header("Location", target)
        elif self.path == "/flaky":
            self.send_response(503 if self.asked.count("/flaky") == 1 else 200)
        else:
            self.send_response(REPLIES.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server():
    handler = type("Handler", (Server,), {"asked": [], "wait": threading.Event()})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    running.base = f"http://127.0.0.1:{running.server_address[1]}"
    yield running
    handler.wait.set()
    running.shutdown()
    running.server_close()


def answer(server, path: str):
    return visit_all([server.base + path], QUICK)[server.base + path]


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/good", "good", "200"),
        ("/moved", "moved", "/new"),
        ("/moved-for-good", "moved", "/new"),
        ("/for-now", "good", "200"),
        ("/slash", "good", "200"),
        ("/missing", "gone", "404"),
        ("/removed", "gone", "410"),
        ("/to-missing", "gone", "404"),
        ("/to-front", "gone", "front page"),
        ("/", "good", "200"),
        ("/refused", "refused", "403"),
        ("/broken", "silent", "500"),
        ("/slow", "silent", "nothing within 0.5 s"),
        ("/round", "silent", "redirects without end"),
    ],
)
def test_what_an_answer_says_of_the_address(server, path, kind, words):
    found = answer(server, path)
    assert found.kind == kind
    assert words in found.words


def test_a_host_that_does_not_exist_is_gone():
    found = visit_all(["http://no-such-host.invalid/page"], QUICK)
    assert [each.kind for each in found.values()] == ["gone"]


def test_a_port_that_nothing_listens_on_is_silent(server):
    server.shutdown()
    server.server_close()
    assert answer(server, "/good").kind == "silent"


def test_what_does_not_answer_is_asked_again_and_what_does_is_not(server):
    places = {server.base + path: ["here"] for path in ("/flaky", "/broken", "/good", "/missing")}
    found = check(places, QUICK)
    assert found.of("good") == [server.base + "/flaky", server.base + "/good"]
    assert found.of("silent") == [server.base + "/broken"]
    asked = server.RequestHandlerClass.asked
    assert {path: asked.count(path) for path in ("/flaky", "/broken", "/good", "/missing")} == {
        "/flaky": 2, "/broken": 2, "/good": 1, "/missing": 1}  # fmt: skip


def test_without_a_network_nothing_is_called_gone():
    with pytest.raises(NoNetworkError, match="expected a network"):
        check({"http://no-such-host.invalid/": ["here"]}, QUICK)


def book(folder: Path, prose: str) -> Path:
    """A folder with one address in each kind of file that is looked through."""
    for name in ("data", "chapters", "_build/site/en"):
        (folder / name).mkdir(parents=True)
    (folder / "data" / "references.bib").write_text(
        "@online{source, title = {T}, url = {https://a.org/bib}}\n@article{paper, title = {T}, doi = {10.1000/1}}\n",
        encoding="utf-8",
    )
    (folder / "data" / "terms.csv").write_text("id,source\nx,https://a.org/csv\n", encoding="utf-8")
    (folder / "CITATION.cff").write_text('url: "https://a.org/cff"\n', encoding="utf-8")
    cell = {"cell_type": "markdown", "id": "prose-en", "metadata": {}, "source": [prose]}
    (folder / "chapters" / "one.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    (folder / "_build" / "site" / "en" / "one.html").write_text(
        '<link href="https://a.org/head"><a class="x" href="https://a.org/page?a=1&amp;b=2#part">y</a>', encoding="utf-8"
    )
    return folder


def test_addresses_are_found_with_their_places(tmp_path):
    found = collect(book(tmp_path, "See [it](https://a.org/prose) and https://a.org/csv."))
    assert found == {
        "https://a.org/bib": ["data/references.bib, source"],
        "https://doi.org/10.1000/1": ["data/references.bib, paper"],
        "https://a.org/cff": ["CITATION.cff:1"],
        "https://a.org/csv": ["data/terms.csv:2", "chapters/one.ipynb, cell prose-en"],
        "https://a.org/prose": ["chapters/one.ipynb, cell prose-en"],
        "https://a.org/page?a=1&b=2": ["_build/site/en/one.html"],
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("见https://a.org/x。", ["https://a.org/x"]),
        ("(https://a.org/x_(y)), and", ["https://a.org/x_(y)"]),
        ("<https://a.org/x>; `http://b.org`", ["https://a.org/x", "http://b.org"]),
        ('"https://a.org/x?y=1&z=%E4"', ["https://a.org/x?y=1&z=%E4"]),
        ("no address", []),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text, found):
    assert addresses(text) == found


def test_the_book_s_sources_all_count():
    """Each outside figure's source can be opened: its address is among those that are checked."""
    places = [place for each in collect(ROOT).values() for place in each]
    for file in ("data/references.bib", "data/methods.bib", "data/datapackage.json", "examples/press-cases/references.bib"):
        assert any(place.startswith(file) for place in places), file


def test_the_command_tells_what_is_gone_and_where_it_is_written(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("recount.book.outside._RESERVED", ())
    base = server.base
    (tmp_path / "README.md").write_text(f"{base}/good\n{base}/moved\n{base}/missing\n{base}/slow\n", encoding="utf-8")
    assert main([str(tmp_path), "--out", str(tmp_path / "out" / "links.md")], QUICK) == 1
    told = capsys.readouterr().out
    assert told == (tmp_path / "out" / "links.md").read_text(encoding="utf-8")
    assert "4 asked for: 1 good, 1 gone, 1 moved, 1 silent, 0 refused." in told
    assert f"| <{base}/missing> | 404 Not Found | README.md:3 |" in told
    assert f"| <{base}/moved> | now {base}/new | README.md:2 |" in told
    (tmp_path / "README.md").write_text(f"{base}/good\n{base}/moved\n{base}/slow\n", encoding="utf-8")
    assert main([str(tmp_path)], QUICK) == 0
