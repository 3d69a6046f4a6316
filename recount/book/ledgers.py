"""The ledger's files in the site: computed once for all editions, written where each can link to it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from recount.audit import records
from recount.audit.records import Record
from recount.book.addresses import site_address
from recount.book.layout import CHAPTERS, Book
from recount.files import write_text
from recount.runs.keys import digest, surroundings

FILES = ("ledger.json", "ledger.csv", "ledger.parquet", "ledger.schema.json")
PARTS = "downloads"


def book_records(book: Book) -> list[Record]:
    """The records of the book's data, without addresses; computed anew only where something changed.

    Empty for a book without a data package.
    """
    if not (book.data / "datapackage.json").is_file():
        return []
    kept = book.build / "ledger" / f"{digest(surroundings(book.root))[:24]}.json"
    if not kept.is_file():
        from recount.audit import Audit
        from recount.package import load

        rows = records.records(Audit(load(book.data)))
        shutil.rmtree(kept.parent, ignore_errors=True)
        write_text(kept, records.to_json(rows))
    kept_rows: list[Record] = json.loads(kept.read_text(encoding="utf-8"))
    return kept_rows


def statistic_pages(book: Book) -> dict[str, str]:
    """The page below an edition where each statistic of the data has its address."""
    pages = set(book.docnames())
    sections = {row["id"]: f"{CHAPTERS}/{row['section']}" for row in book_records(book)}
    return {id: f"{page}.html" for id, page in sections.items() if page in pages}


def locator(base: str, langs: Sequence[str], folders: bool) -> Callable[[str, str], str | None]:
    """A function from a language and a path below its edition to the web address, or None.

    `langs` are the editions that are built, each in a folder of its own where `folders` is true.
    Without a `base` addresses begin at the site's root.
    """

    def address(lang: str, path: str) -> str | None:
        if lang not in langs:
            return None
        page, mark, anchor = path.partition("#")
        return site_address(base, f"{lang}/{page}" if folders else page) + mark + anchor

    return address


def write_ledger(rows: Sequence[Record], url: Callable[[str, str], str | None], target: Path) -> None:
    """Write the ledger's files, and in `PARTS` the rows of each section as a CSV file of its own."""
    if not rows:
        return
    placed = records.addressed(rows, CHAPTERS, url)
    fields = records.columns()
    write_text(target / "ledger.json", records.to_json(placed))
    write_text(target / "ledger.csv", records.to_csv(placed, fields))
    records.write_parquet(placed, draft := target / ".ledger.parquet")
    os.replace(draft, target / "ledger.parquet")
    shutil.copyfile(records.SCHEMA, target / "ledger.schema.json")
    for section in dict.fromkeys(row["section"] for row in placed):
        own = [row for row in placed if row["section"] == section]
        write_text(target / PARTS / f"ledger-{section}.csv", records.to_csv(own, fields))


def copy_ledger(source: Path, target: Path) -> None:
    """Put the ledger's files of an edition at the top of the site too; both say the same."""
    for name in FILES:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
