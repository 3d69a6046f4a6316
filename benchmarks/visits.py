"""Opening a site's pages in Chromium, as a reader's first visit: what is asked for, and what goes wrong."""

from __future__ import annotations

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from recount.book import browser

# Without a network every other host is unknown at once, so no page waits for one.
FLAGS = (*browser.FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
TEXT = {".html", ".css", ".js", ".svg", ".json", ".csv", ".ipynb", ".xml", ".txt"}
SETTLED = 250  # milliseconds after `load` in which a page's own scripts ask for what they need


@contextmanager
def open_browser() -> Iterator[Any]:
    """A browser without a window. Raises NoBrowserError."""
    from playwright.sync_api import sync_playwright

    path = browser.find_browser()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield opened
        finally:
            opened.close()


@cache
def compressed(path: Path) -> bytes:
    """A file as a host sends it: text through gzip at level 6, fonts and bitmaps as they are."""
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if path.suffix in TEXT else content


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = compressed(path)
        self.send_response(200)
        self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        if path.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes a page drops its connections: nothing to tell."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at an address of this machine, such as `http://127.0.0.1:40001`."""
    server = _Server(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Visit:
    """The first load of a page."""

    page: str
    files: list[Path] = field(default_factory=list)
    """What was asked for of the site, the page first."""
    outside: list[str] = field(default_factory=list)
    """Addresses that leave the site."""
    errors: list[str] = field(default_factory=list)
    """What the browser's console calls an error, and what a script did not catch."""

    @property
    def bytes(self) -> int:
        """Bytes of all files, compressed."""
        return sum(len(compressed(path)) for path in self.files)


def visit(browser: Any, site: Path, page: str, base: str, **options: Any) -> Visit:
    """Open a page with an empty cache, neither scrolling nor clicking.

    `base` is the site's address: one of `served`, or `site.as_uri()` for pages opened from disk.
    `options` are those of a Playwright context, such as `color_scheme`.
    """
    seen = Visit(page)
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    tab = context.new_page()

    def asked(request: Any) -> None:
        url = urlsplit(request.url)
        if url.scheme == "data" or url.scheme == "blob":
            return
        if not request.url.startswith(base + "/"):
            seen.outside.append(request.url)
            return
        path = site / unquote(url.path)[len(unquote(urlsplit(base).path)) :].lstrip("/")
        if path.is_file():
            seen.files.append(path)
        else:
            seen.errors.append(f"not in the site: {request.url}")

    tab.on("request", asked)
    tab.on("pageerror", lambda error: seen.errors.append(str(error)))
    tab.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
    tab.goto(f"{base}/{page}", wait_until="load")
    tab.wait_for_timeout(SETTLED)
    context.close()
    return seen


def page_names(site: Path) -> list[str]:
    """Every page of a site, from its top."""
    paths = (path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts)
    return [path.relative_to(site).as_posix() for path in paths]


def dead_links(site: Path) -> list[str]:
    """`page: address` for every address inside the site that leads to no file or to no anchor of it."""
    from bs4 import BeautifulSoup

    parsed = {
        n: BeautifulSoup((site / n).read_text(encoding="utf-8"), "html.parser") for n in page_names(site)
    }
    anchors = {
        (site / name).resolve(): {str(tag.get("id") or tag.get("name")) for tag in html.find_all(True)}
        for name, html in parsed.items()
    }
    dead = []
    for name, html in parsed.items():
        here = (site / name).resolve()
        links = [tag[kind] for kind in ("href", "src") for tag in html.find_all(attrs={kind: True})]
        for link in links:
            parts = urlsplit(str(link))
            if parts.scheme or parts.netloc:
                continue
            target = (here.parent / unquote(parts.path)).resolve() if parts.path else here
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and anchor not in anchors.get(target, {anchor})):
                dead.append(f"{name}: {link}")
    return dead
