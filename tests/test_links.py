"""Outside addresses: found on the pages, in tables and texts of a book, and asked for, of a server on this machine."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tiny_book import cell, make_book, notebook, parameters, write_chapter

from recount.book import links
from recount.book.layout import Book

REPLIES = {"/missing": 404, "/removed": 410, "/refused": 403, "/broken": 500}
REDIRECTS = {"/moved": (301, "/new"), "/for-now": (302, "/new"), "/slash": (301, "/slash/"), "/to-front": (302, "/"),
             "/to-missing": (301, "/missing")}  # fmt: skip


class Server(BaseHTTPRequestHandler):
    """Good, moved and missing addresses."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, target = REDIRECTS.get(self.path, (REPLIES.get(self.path, 200), ""))
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server():
    handler = type("Handler", (Server,), {"asked": []})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    running.base = f"http://127.0.0.1:{running.server_address[1]}"
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def book(server, tmp_path_factory) -> Book:
    """A book with addresses in prose of both languages, in a table of a cell, in its bibliography and a README."""
    root = make_book(tmp_path_factory.mktemp("linked") / "book")
    prose = " ".join(f"[{path}]({server.base}{path})" for path in [*REPLIES, *REDIRECTS])
    table = f"from IPython.display import HTML\nHTML('<table><tr><td><a href=\"{server.base}/table\">t</a></td></tr></table>')"
    write_chapter(
        root,
        "second",
        notebook(
            cell("markdown", "title-zh", f"# 另一章\n\n{prose} [站](https://example.org/x)", "zh"),
            cell("markdown", "title-en", f"# The other\n\n{prose} [own]({server.base}/english)", "en"),
            parameters(),
            cell("code", "table", table),
            cell("markdown", "sources", "```{bibliography}\n:all:\n```"),
        ),
    )
    entry = f"@online{{source, title = {{T}}, url = {{{server.base}/bib}}, date = {{2024}}, keywords = {{press}}}}\n"
    (root / "data" / "references.bib").write_text(entry, encoding="utf-8")
    (root / "README.md").write_text(f"# R\n\n<{server.base}/readme>\n", encoding="utf-8")
    return Book.find(root)


@pytest.fixture(scope="module")
def entries(book, server):
    return {address.removeprefix(server.base): entry for address, entry in links.check(book).items()}


def test_addresses_of_prose_tables_bibliographies_and_texts_are_asked_for(entries):
    assert set(entries) == {*REPLIES, *REDIRECTS, "/table", "/english", "/bib", "/readme"}


def test_what_both_editions_lead_to_is_asked_for_once(entries, server):
    assert server.RequestHandlerClass.asked.count("/table") == 1


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/table", "good", ""),
        ("/slash", "good", ""),
        ("/for-now", "good", "/new"),
        ("/moved", "moved", "/new"),
        ("/missing", "gone", "404"),
        ("/removed", "gone", "410"),
        ("/to-missing", "gone", "404"),
        ("/to-front", "gone", "/"),
        ("/refused", "refused", "403"),
        ("/broken", "silent", "500"),
    ],
)
def test_what_an_answer_says_of_the_address(entries, path, kind, words):
    assert links.kind(entries[path]) == kind
    assert words in entries[path]["info"]


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        (
            (
                "https://doi.org/10.1/x",
                "broken",
                0,
                "403 Client Error: Forbidden for url: https://publisher.com/x",
            ),
            "good",
        ),
        (("https://doi.org/10.1/x", "redirected", 302, "https://publisher.com/x"), "good"),
        (
            (
                "https://doi.org/10.1/x",
                "broken",
                0,
                "404 Client Error: Not Found for url: https://doi.org/10.1/x",
            ),
            "gone",
        ),
        (("https://a.org/x", "broken", 0, "Max retries (Caused by NameResolutionError('a.org'))"), "gone"),
        (("https://a.org/x", "timeout", 0, "Read timed out."), "silent"),
        (("https://a.org/x", "ignored", 0, "service unavailable"), "silent"),
        (("https://example.org/x", "ignored", 0, ""), ""),
    ],
)
def test_a_doi_is_good_once_it_is_resolved_and_what_may_come_back_is_not_gone(entry, kind):
    assert links.kind(dict(zip(("uri", "status", "code", "info"), entry, strict=True))) == kind


def run(
    monkeypatch, book: Book, capsys, answers: list[tuple[str, str, int, str]], *more: str
) -> tuple[int, str]:
    """The command where linkcheck found this."""
    entries = [
        dict(zip(("uri", "status", "code", "info", "filename"), (*entry, "chapters/a.ipynb"), strict=True))
        for entry in answers
    ]
    monkeypatch.setattr(links, "check", lambda _: {entry["uri"]: entry for entry in entries})
    return links.main([str(book.root), *more]), capsys.readouterr().out


def test_the_command_tells_what_is_gone_and_where_it_is_written(monkeypatch, book, capsys, tmp_path):
    good, gone = (
        ("https://a.org/g", "working", 0, ""),
        ("https://a.org/m", "broken", 0, "404 Client Error: Not Found"),
    )
    moved = ("https://a.org/o", "redirected", 301, "https://a.org/n")
    code, report = run(
        monkeypatch, book, capsys, [good, gone, moved], "--out", str(tmp_path / "out" / "links.md")
    )
    assert code == 1
    assert report == (tmp_path / "out" / "links.md").read_text(encoding="utf-8")
    assert "3 asked for: 1 good, 1 gone, 1 moved, 0 silent, 0 refused." in report
    assert "| <https://a.org/m> | 404 Client Error: Not Found | chapters/a.ipynb |" in report
    assert "| <https://a.org/o> | now https://a.org/n | chapters/a.ipynb |" in report
    assert run(monkeypatch, book, capsys, [good, moved])[0] == 0


def test_without_a_network_nothing_is_called_gone(monkeypatch, book, capsys):
    entry = {
        "uri": "https://a.org/x",
        "status": "broken",
        "code": 0,
        "info": "NameResolutionError",
        "filename": "x",
    }
    monkeypatch.setattr(links, "_run", lambda *_: {entry["uri"]: entry})
    assert links.main([str(book.root)]) == 2
    assert "expected a network" in capsys.readouterr().err


def test_where_linkcheck_cannot_run_the_reason_is_told(monkeypatch, book, capsys):
    failed = subprocess.CompletedProcess([], 1, "", "Extension error: x")
    monkeypatch.setattr(links.subprocess, "run", lambda *_, **__: failed)
    (book.build / "links" / "zh" / "_build" / "html" / "output.json").unlink(missing_ok=True)
    assert links.main([str(book.root)]) == 2
    assert "Extension error: x" in capsys.readouterr().err


def test_a_folder_without_a_book_is_said(tmp_path, capsys):
    assert links.main([str(Path(tmp_path))]) == 2
    assert "no book" in capsys.readouterr().err
