"""The Sphinx extension: runs stale chapters, hands Sphinx each notebook of one language.

All it does is done by the functions of the other modules; here they meet Sphinx's events.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.util import logging

from recount.book import (
    addresses,
    assets,
    bibliography,
    cards,
    editions,
    heard,
    launch,
    machines,
    mathematics,
)
from recount.book.execution import execute, executed_key
from recount.book.interface import add_translations
from recount.book.layout import LANGUAGES, Book
from recount.book.links import AddressesOfTables
from recount.book.search import SearchBothLanguages, SearchChinese
from recount.book.webfont import characters, subset
from recount.files import write_bytes, write_text
from recount.package.described import DESCRIPTOR, write_whole
from recount.runs import InputError
from recount.runs.notebooks import read_notebook, write_notebook

LOGGER = logging.getLogger(__name__)
HERE = Path(__file__).parent
MATH_FONT = "STIXTwoMath.woff2"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.add_config_value("recount_lang", LANGUAGES[0], "env", str)
    app.add_config_value("recount_editions", {}, "html", dict)
    app.add_config_value("recount_switch", False, "html", bool)
    app.add_config_value("recount_invitation", "", "html", str)
    app.add_config_value("recount_base_url", "", "html", str)
    mathematics.add_renderer(app)
    app.add_search_language(SearchChinese)
    app.add_search_language(SearchBothLanguages)
    app.connect("config-inited", add_translations)
    app.connect("config-inited", _prepare_templates)
    app.connect("builder-inited", _execute_chapters)
    app.connect("source-read", _give_edition)
    app.connect("doctree-read", _note_anchors)
    app.connect("html-page-context", _add_context)
    app.connect("build-finished", _finish, priority=900)  # after the theme has written its own
    app.add_post_transform(AddressesOfTables)
    heard.connect(app)
    machines.connect(app)
    launch.connect(app)
    return {
        "version": "1",
        "env_version": _source_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _source_version() -> int:
    """A number that changes with this package's source, so that pages are then read again."""
    sources = sorted(HERE.glob("*.py"))
    content = b"".join(path.read_bytes() for path in sources)
    return int.from_bytes(hashlib.sha256(content).digest()[:6], "big")


def _prepare_templates(app: Sphinx, config: Config) -> None:
    config.templates_path = [str(HERE / "templates"), *config.templates_path]
    options = config.html_theme_options
    options["article_header_end"] = ["edition-switch.html", "page-tools.html"]
    bibliography.register(config.recount_lang)
    config.bibtex_default_style = bibliography.STYLE
    # an entry's address; the number tells the lists of a page apart, for each has ids for all keys
    config.bibtex_cite_id = "{key}-{bibliography_count}"


def _execute_chapters(app: Sphinx) -> None:
    try:
        outcome = execute(Book.find(app.srcdir), [app.config.recount_lang], say=LOGGER.info)
    except InputError as error:
        raise ExtensionError(str(error)) from None
    LOGGER.info(str(outcome))
    for warning in outcome.warnings:
        LOGGER.warning(warning, type="recount", subtype="stderr")


def _give_edition(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace the text of a notebook page by that of its edition, with outputs."""
    book, lang = Book.find(app.srcdir), app.config.recount_lang
    chapter = next((c for c in book.chapters() if c.docname == docname), None)
    if chapter is None:
        return
    output = book.executed(lang, chapter.name)
    executed = None
    if executed_key(output):
        executed = read_notebook(output)
        app.env.note_dependency(str(output))
    raw = read_notebook(chapter.path)
    source[0] = json.dumps(editions.page(raw, executed, lang, chapter.name), ensure_ascii=False)


def _note_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Tell MyST of the anchors inside a page's tables, so that `[text](page.ipynb#anchor)` finds
    them from any page, and one that is not there stays a warning."""
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for table in doctree.findall(nodes.raw):
        if "html" in table.get("format", "").split():
            for anchor in editions.html_anchors(table.astext()):
                slugs.setdefault(anchor, (table.line or 0, anchor, anchor))
    for figure in doctree.findall(nodes.figure):
        for anchor in figure["ids"]:
            slugs.setdefault(anchor, (figure.line or 0, anchor, anchor))


def _add_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the template what it needs to link to the same page of the other edition and to be shared."""
    context["of_others"] = assets.of_others(Path(app.srcdir) / "_static")
    if not app.config.recount_switch:
        return
    lang, base, up = app.config.recount_lang, app.config.recount_base_url, "../" * (pagename.count("/") + 1)
    own = addresses.twins(pagename, "", up)
    context["edition"] = {"lang": lang, "locale": addresses.LOCALES[lang], "base": base}
    context["twins"] = [
        {
            "lang": other,
            "code": addresses.CODES[other],
            "name": NAMES[other],
            "url": own[other],
            "place": place,
        }
        for other, place in addresses.twins(pagename, base, up).items()
    ]
    if doctree is not None:
        context["card"] = _card(app, pagename, doctree, context)


def _card(app: Sphinx, pagename: str, doctree: nodes.document, context: dict[str, Any]) -> dict[str, str]:
    """Draw a page's card; what it shows, and the page in few words, for those who share its address."""
    book, base = app.config.html_title, app.config.recount_base_url
    heading, said = doctree.next_node(nodes.title), doctree.next_node(nodes.paragraph)
    title, path = heading.astext() if heading else book, f"cards/{pagename}.png"
    cards.card(title, book, Path(app.outdir) / path, Book.find(app.srcdir).build / "cards")
    address = addresses.site_address(base, f"{app.config.recount_lang}/{path}")
    description = addresses.shortened(said.astext() if said else app.config.recount_invitation)
    image = address if base else context["pathto"](path, True)
    return {"title": title, "book": book, "image": image, "description": description}


NAMES = {"zh": "中文", "en": "English"}


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    book, lang = Book.find(app.srcdir), app.config.recount_lang
    for chapter in book.chapters():
        output = book.executed(lang, chapter.name)
        if executed_key(output):
            notebook = editions.download(read_notebook(chapter.path), read_notebook(output), lang)
            write_notebook(notebook, outdir / "_sources" / f"{chapter.docname}.ipynb")
    copy_data(book.data, outdir / "data")
    write_text(outdir / "index.html", first_page(app, book.docnames()[0]))
    copy_fonts(outdir, book.build / "fonts")
    assets.bundle(outdir, book.root / "_static")


def copy_fonts(outdir: Path, cache: Path) -> None:
    """Put a font with the Chinese characters of all pages beside them, and one for formulas."""
    pages = [path.read_text(encoding="utf-8") for path in assets.pages_of(outdir)]
    escaped = [path.read_text(encoding="utf-8") for path in outdir.glob("_static/*.js")]
    # Sphinx writes the words of its scripts in escapes
    scripts = [re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), script) for script in escaped]
    target = outdir / "_static" / "fonts"
    target.mkdir(exist_ok=True)
    shutil.copyfile(subset(characters([*pages, *scripts]), cache), target / "recount-sc.woff2")
    write_bytes(target / MATH_FONT, files("recount.resources").joinpath("fonts", MATH_FONT).read_bytes())


def copy_data(data: Path, target: Path) -> None:
    """Put the data package beside the pages, which link to its files; with what it leaves to recount."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(data, target, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    if (target / DESCRIPTOR).is_file():
        write_whole(target)


def first_page(app: Sphinx, docname: str) -> str:
    """The page at the top of an edition, which leads to its first chapter."""
    address, title = f"{docname}.html", app.config.html_title
    return (
        f'<!DOCTYPE html>\n<html lang="{(app.config.language or "en").replace("_", "-")}">\n'
        f'<head><meta charset="utf-8"><title>{title}</title>\n'
        '<link rel="icon" href="_static/favicon.svg" type="image/svg+xml">\n'
        f'<meta http-equiv="refresh" content="0; url={address}"></head>\n'
        f'<body><main><a href="{address}">{title}</a></main></body>\n</html>\n'
    )
