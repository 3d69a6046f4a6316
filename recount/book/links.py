"""`python -m recount.book.links`: do the book's outside addresses still answer?

Sphinx's `linkcheck` asks for every address that a page of either edition, a table on it, its
bibliography or a README leads to. Only what is certainly gone makes the check fail: a page that is
missing, a host that has no address, a redirect from a page to a site's front. A site that refuses
programs, is slow or out of order may be well tomorrow, and is only listed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from recount.book.editions import edition_config
from recount.book.layout import LANGUAGES, Book, BookError
from recount.book.site import JUPYTER_BOOK
from recount.files import write_text

# how each kind of answer is headed, in the order in which it is told; only the first makes the check fail
HEADINGS = {
    "gone": "Gone: find where it went, or name an archived copy",
    "moved": "Moved for good: write the new address",
    "silent": "No answer now",
    "refused": "Refused to a program: open by hand",
}
SETTINGS: dict[str, Any] = {
    "linkcheck_anchors": False,
    "linkcheck_retries": 2,
    "linkcheck_rate_limit_timeout": 60,
    "linkcheck_report_timeouts_as_broken": False,
    "user_agent": "Mozilla/5.0 (compatible; recount link check)",
}
"""Of linkcheck, besides those in `_config.yml`."""

_TEXTS = "*.md,examples/**/*.md,benchmarks/*.md"
_RESOLVER = "doi.org"  # its redirect says that the DOI is registered; what follows may refuse programs

Entry = Mapping[str, Any]
"""A line of linkcheck's `output.json`."""


class NothingCheckedError(RuntimeError):
    """Not one address answered, or linkcheck did not run."""


class AddressesOfTables(SphinxPostTransform):
    """Shows linkcheck the links in HTML that cells put out, which it does not read."""

    builders = ("linkcheck",)
    default_priority = 3  # before MyST-NB chooses among the forms of an output

    def run(self, **kwargs: Any) -> None:
        """Add a reference for each link to the page's document."""
        for node in list(self.document.findall(nodes.raw)):
            for link in BeautifulSoup(node.astext(), "html.parser").select('a[href^="http"]'):
                self.document += nodes.reference("", "", refuri=str(link["href"]))


def check(book: Book) -> dict[str, Entry]:
    """What linkcheck says of each outside address of the book. Raises NothingCheckedError."""
    entries: dict[str, Entry] = {}
    folder = book.build / "links"
    for lang in LANGUAGES:
        config = edition_config(book.config(), lang)
        settings = config["sphinx"]["config"]
        asked = [f"{re.escape(address)}$" for address in entries]
        settings |= SETTINGS | {"linkcheck_ignore": [*settings.get("linkcheck_ignore", []), *asked]}
        write_text(folder / f"{lang}.yml", yaml.safe_dump(config, allow_unicode=True))
        place = ["--config", str(folder / f"{lang}.yml"), "--path-output", str(folder / lang)]
        command = [*JUPYTER_BOOK, "build", ".", "--builder", "linkcheck", *place, "-q"]
        entries |= _run(book, command, folder / lang / "_build" / "html")
    if (book.root / "README.md").is_file():
        values = {key: int(value) if isinstance(value, bool) else value for key, value in SETTINGS.items()}
        values |= {"extensions": "myst_parser", "root_doc": "README", "include_patterns": _TEXTS}
        options = [part for key, value in values.items() for part in ("-D", f"{key}={value}")]
        command = [sys.executable, "-m", "sphinx", "-b", "linkcheck", "-C", "-q", *options, "."]
        entries = _run(book, [*command, str(folder / "texts")], folder / "texts") | entries
    if not any(kind(entry) in ("good", "moved") or _status(entry) for entry in entries.values()):
        raise NothingCheckedError(f"none of {len(entries)} addresses answered; expected a network")
    return entries


def _run(book: Book, command: list[str], target: Path) -> dict[str, Entry]:
    """Run a Sphinx of linkcheck and read what it wrote; it fails where an address does."""
    output = target / "output.json"
    output.unlink(missing_ok=True)
    run = subprocess.run(command, cwd=book.root, capture_output=True, text=True, encoding="utf-8")
    if not output.is_file():
        lines = [line for line in run.stderr.splitlines() if "rror" in line] or [run.stderr]
        raise NothingCheckedError("\n".join(["linkcheck did not run:", *lines])[:2000])
    entries = map(json.loads, output.read_text(encoding="utf-8").splitlines())
    return {entry["uri"]: entry for entry in entries if entry["uri"].startswith("http") and kind(entry)}


def kind(entry: Entry) -> str:
    """One of the keys of `HEADINGS`, `good`, or '' for an address that was not asked for."""
    if entry["status"] == "working":
        return "good"
    if entry["status"] == "redirected":
        if _sent_to_front(entry["uri"], entry["info"]):
            return "gone"
        return "moved" if entry["code"] in (301, 308) and not _resolved(entry, entry["info"]) else "good"
    if entry["status"] in ("unchecked", "local") or (entry["status"], entry["info"]) == ("ignored", ""):
        return ""
    if _resolved(entry, entry["info"].rpartition(" for url: ")[2]):
        return "good"
    status = _status(entry)
    if status in (404, 410) or "NameResolutionError" in entry["info"]:
        return "gone"
    return "refused" if 400 <= status < 500 else "silent"


def _status(entry: Entry) -> int:
    """The status of an answer that is told as an error; 0 where there was no answer."""
    number = re.match(r"(\d{3}) ", entry["info"])
    return int(number[1]) if number else 0


def _resolved(entry: Entry, reached: str) -> bool:
    """Whether a DOI led on to a publisher, whatever that answered."""
    asked, end = urlsplit(entry["uri"]).hostname, urlsplit(reached).hostname
    return asked == _RESOLVER and end not in (None, _RESOLVER)


def _sent_to_front(address: str, reached: str) -> bool:
    """Whether a page's address leads to the front of a site, as many a removed page's does."""
    asked, end = urlsplit(address), urlsplit(reached)
    return len(asked.path) > 1 and len(end.path) <= 1 and not end.query


def markdown(entries: Mapping[str, Entry]) -> str:
    """The addresses that want attention, by kind, with where they stand first."""
    by_kind: dict[str, list[Entry]] = {key: [] for key in ("good", *HEADINGS)}
    for _, entry in sorted(entries.items()):
        by_kind[kind(entry)].append(entry)
    counts = ", ".join(f"{len(by_kind[key])} {key}" for key in by_kind)
    parts = ["## Outside addresses", f"{len(entries)} asked for: {counts}."]
    for key, heading in HEADINGS.items():
        if by_kind[key]:
            heads = ["| address | answer | written in |", "| --- | --- | --- |"]
            parts.append("\n".join([f"### {heading}", "", *heads, *map(_row, by_kind[key])]))
    return "\n\n".join(parts) + "\n"


def _row(entry: Entry) -> str:
    words = entry["info"] or entry["status"]
    cells = (
        f"<{entry['uri']}>",
        f"now {words}" if entry["status"] == "redirected" else words,
        entry["filename"],
    )
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def main(arguments: list[str] | None = None) -> int:
    """Check; returns the exit code: 1 where an address is gone, 2 where nothing could be checked."""
    parser = argparse.ArgumentParser(prog="python -m recount.book.links", description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, help="the book's folder (default: this checkout)")
    parser.add_argument("--out", type=Path, help="write the result to this file, too")
    options = parser.parse_args(arguments)
    try:
        entries = check(Book.find(options.root))
    except (BookError, NothingCheckedError) as error:
        print(f"No outside address was checked: {error}", file=sys.stderr)
        return 2
    if options.out:
        write_text(options.out, markdown(entries))
    print(markdown(entries), end="")
    return 1 if any(kind(entry) == "gone" for entry in entries.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
