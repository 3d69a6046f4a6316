"""Where the files and words for machines meet Sphinx: downloads, and JSON-LD in the pages' heads."""

from __future__ import annotations

import posixpath
import shutil
from functools import partial
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from recount.audit.records import Record
from recount.book import linked
from recount.book.addresses import site_address
from recount.book.archive import write_archive
from recount.book.citation import citation
from recount.book.execution import executed_key
from recount.book.layout import CHAPTERS, LANGUAGES, Book
from recount.book.ledgers import FILES, PARTS, book_records, locator, write_ledger
from recount.book.pictures import FOLDER, write_pictures
from recount.chapter.dictionary import read
from recount.runs.notebooks import read_notebook
from recount.words import pick

_AFTER_THE_THEME = 900  # which sets out its buttons at the default of 500 and shortly after
_LAST = 950  # after the pages are finished and `data/` is filled
_TIP = ("下载{}", "Download {}")
_ROWS = ("本章统计数的总账（CSV）", "the ledger rows of this chapter (CSV)")
_WHOLE = ("总账（{}）", "the ledger ({})")
_PACKAGE = ("数据包（ZIP）", "the data package (ZIP)")
_TABLE = ("本页的数据（{}）", "the data of this page ({})")
_TABLES = {"glossary": ("data/terms.csv", "CSV"), "bibliography": ("data/references.bib", "BibTeX")}


def connect(app: Sphinx) -> None:
    """Register settings and events."""
    app.add_config_value("recount_report", {}, "html", dict)
    app.connect("builder-inited", _compute)
    app.connect("html-page-context", _mark_up)
    app.connect("html-page-context", _offer, priority=_AFTER_THE_THEME)
    app.connect("build-finished", _write, priority=_LAST)


def _compute(app: Sphinx) -> None:
    """The ledger, once, before pages are written."""
    app.recount_records = (  # type: ignore[attr-defined]
        book_records(Book.find(app.srcdir)) if app.builder.format == "html" else []
    )


def _records(app: Sphinx) -> list[Record]:
    rows: list[Record] = app.recount_records  # type: ignore[attr-defined]
    return rows


def _mark_up(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put a page's JSON-LD into its head."""
    config = app.config
    rows = _records(app)
    if doctree is None or not rows or not config.recount_report:
        return
    book = Book.find(app.srcdir)
    setting = linked.Setting(
        lang=config.recount_lang,
        book=config.html_title,
        citation=citation(book),
        report=config.recount_report,
        invitation=config.recount_invitation,
    )
    locate = partial(_located, config.recount_base_url, _folder(app), posixpath.dirname(pagename))
    nodes = _nodes(pagename, book, rows, setting, locate)
    context["metatags"] = context.get("metatags", "") + linked.script(nodes)


def _nodes(
    pagename: str, book: Book, rows: list[Record], setting: linked.Setting, locate: linked.Locate
) -> list[linked.Node]:
    """What the page of a section, the first, the data page and the ledger have to say."""
    name = pagename.removeprefix(f"{CHAPTERS}/")
    first = book.docnames()[0]
    package = read(book.data)
    if pagename == first:
        about = linked.book_nodes(setting, f"{first}.html", locate)
        return [*about, linked.dataset(package, rows, setting, locate)]
    if name == "data":
        return [linked.dataset(package, rows, setting, locate)]
    if name == "ledger":
        return [linked.ledger(FILES, setting, locate)]
    return linked.reviews([row for row in rows if row["section"] == name], setting, locate)


def _located(base: str, folder: str, here: str, path: str) -> str:
    """A path below an edition: in full where the site's address is known, else from the folder `here`."""
    page, mark, anchor = path.partition("#")
    address = site_address(base, folder + page) if base else posixpath.relpath(page, here or ".")
    return address + mark + anchor


def _folder(app: Sphinx) -> str:
    return f"{app.config.recount_lang}/" if app.config.recount_switch else ""


def _offer(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Add a page's data to what its download button offers."""
    groups = [g for g in context.get("header_buttons", []) if g.get("label") == "download-buttons"]
    if not groups or not _records(app):
        return
    for path, words in _data_of(app, pagename.removeprefix(f"{CHAPTERS}/")):
        suffix = Path(path).suffix
        groups[0]["buttons"].append(
            {
                "type": "link",
                "url": context["pathto"](path, True),
                "text": suffix,
                "tooltip": pick(_TIP, app.config.recount_lang).format(words),
                "icon": "fas fa-file",
                "label": f"download-{suffix[1:]}-button",
            }
        )


def _data_of(app: Sphinx, name: str) -> list[tuple[str, str]]:
    """The files with the data of a page, and what each is called."""
    lang = app.config.recount_lang
    if any(row["section"] == name for row in _records(app)):
        return [(f"{PARTS}/ledger-{name}.csv", pick(_ROWS, lang))]
    if name == "data":
        return [(f"data/{read(Book.find(app.srcdir).data)['name']}.zip", pick(_PACKAGE, lang))]
    if name in _TABLES:
        return [(path, pick(_TABLE, lang).format(kind)) for path, kind in [_TABLES[name]]]
    if name in ("index", "ledger", "robustness"):
        kinds = {".json": "JSON", ".csv": "CSV", ".parquet": "Parquet"}
        return [(f"ledger{suffix}", pick(_WHOLE, lang).format(word)) for suffix, word in kinds.items()]
    return []


def _write(app: Sphinx, exception: Exception | None) -> None:
    """Write the ledger, the zipped data package and the charts' files beside the pages."""
    if exception is not None or app.builder.format != "html":
        return
    book, lang, outdir = Book.find(app.srcdir), app.config.recount_lang, Path(app.outdir)
    langs = LANGUAGES if app.config.recount_switch else (lang,)
    url = locator(app.config.recount_base_url, langs, app.config.recount_switch)
    write_ledger(_records(app), url, outdir)
    write_archive(outdir / "data")
    shutil.rmtree(outdir / FOLDER, ignore_errors=True)
    for chapter in book.chapters():
        output = book.executed(lang, chapter.name)
        if executed_key(output):
            write_pictures(chapter.name, read_notebook(output), outdir, book.build / "png")
