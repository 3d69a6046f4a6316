"""`python -m recount.book.pdf`: each edition of the built site as one PDF, by a Chromium that is there.

The PDF is tagged, has the chapters and their parts as bookmarks, links within itself, and carries its
fonts, so that its Chinese can be searched and copied. The site's pages then offer it; a site that is built
anew does not, until its PDFs are printed again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from recount.book.addresses import site_address
from recount.book.assets import pages_of
from recount.book.browser import FLAGS, find_browser
from recount.book.citation import citation
from recount.book.editions import edition_config
from recount.book.layout import LANGUAGES, Book, BookError
from recount.book.printing import print_page
from recount.book.webfont import subset
from recount.files import write_text
from recount.runs import InputError
from recount.words import pick

_SECONDS = 300
_VERSION = ("版本 {version}，{released}", "Version {version}, {released}")
_WHOLE = ("全书（PDF）", "The whole book (PDF)")
_ENTRY = Template(
    '<li data-offers="pdf"><a href="$href" download><i class="fas fa-file-pdf"></i> $text</a></li>'
)
_OFFERED = re.compile(r'<li data-offers="pdf">.*?</li>', re.DOTALL)
_MENU = re.compile(r'(<ul class="download-buttons">.*?)(</ul>)', re.DOTALL)
_FOOTER = (
    '<div style="width:100%;font-size:7pt;text-align:center;color:#555">'
    '<span class="pageNumber"></span></div>'
)


def make_pdf(book: Book, lang: str, browser: str, docnames: Sequence[str] | None = None) -> Path:
    """Print an edition of the built site, all of it or some pages, and return the file.

    Raises BookError where the edition was not built.
    """
    names = list(docnames or book.docnames())
    edition = book.site / lang
    lacking = [name for name in names if not (edition / f"{name}.html").is_file()]
    if lacking:
        raise BookError(f"{edition} lacks {', '.join(lacking)}: run `make book` first")
    page = write_print_page(book, lang, names)
    target = book.build / "pdf" / f"{name_of(book)}-{lang}.pdf"
    target.parent.mkdir(exist_ok=True)
    draft = target.with_suffix(".part")
    print_with(browser, page, draft)
    os.replace(draft, target)
    return target


def name_of(book: Book) -> str:
    """What the files are called: the data package's name, or else the folder's."""
    described = book.data / "datapackage.json"
    if not described.is_file():
        return book.root.name
    return str(json.loads(described.read_text(encoding="utf-8"))["name"])


def write_print_page(book: Book, lang: str, names: Sequence[str]) -> Path:
    """Write the page to be printed, with a font cut to its characters beside it."""
    config = edition_config(book.config(), lang)
    cited = citation(book)
    base = str(config["sphinx"]["config"].get("recount_base_url", ""))
    about = [str(config.get("author", ""))]
    if cited.version:
        about.append(pick(_VERSION, lang).format(version=cited.version, released=cited.released))
    about += list(cited.licences) + ([site_address(base, f"{lang}/")] if base else [])
    folder = book.build / "print"
    folder.mkdir(exist_ok=True)
    root = Path(os.path.relpath(book.site / lang, folder)).as_posix()
    address = site_address(base, lang) if base else ""
    sheets = sorted((book.root / "_static").glob("*.css"))
    style = "\n".join(path.read_text(encoding="utf-8") for path in sheets)
    font = f"{lang}-font"
    html = print_page(
        book.site / lang,
        names,
        lang,
        str(config["title"]),
        about,
        style=style,
        font=font,
        root=root,
        base=address,
    )
    characters = "".join(sorted({character for character in html if character.isprintable()}))
    shutil.copyfile(subset(characters, book.build / "fonts"), folder / font)
    write_text(folder / f"{lang}.html", html)
    return folder / f"{lang}.html"


def offer_pdf(book: Book, lang: str, printed: Path) -> None:
    """Put a PDF into the edition it was printed from and into the menu of downloads of its pages."""
    edition = book.site / lang
    shutil.copyfile(printed, edition / printed.name)
    for path in pages_of(edition):
        html = path.read_text(encoding="utf-8")
        up = "../" * (len(path.relative_to(edition).parts) - 1)
        entry = _ENTRY.substitute(href=escape(up + printed.name), text=pick(_WHOLE, lang))
        offered = _MENU.sub(rf"\1{entry}\2", _OFFERED.sub("", html))
        if offered != html:
            write_text(path, offered)


def print_with(browser: str, page: Path, target: Path) -> None:
    """Print a page with this browser into a PDF file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        try:
            tab = chromium.new_page(color_scheme="light")
            tab.set_default_timeout(_SECONDS * 1000)
            tab.emulate_media(media="print", color_scheme="light")
            tab.goto(page.as_uri(), wait_until="load")
            tab.evaluate("document.fonts.ready.then(() => true)")
            tab.pdf(
                path=target,
                format="A4",
                outline=True,
                tagged=True,
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=_FOOTER,
                margin={"top": "18mm", "bottom": "18mm", "left": "20mm", "right": "20mm"},
            )
        finally:
            chromium.close()


def main(arguments: list[str] | None = None) -> int:
    """Print both editions and offer them in the site; returns the exit code, 1 where that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m recount.book.pdf", description=__doc__)
    parser.add_argument("root", nargs="?", help="folder of the book (default: this checkout)")
    parser.add_argument("--browser", help="a Chromium to print with (default: the one on the path)")
    options = parser.parse_args(arguments)
    try:
        book, browser = Book.find(options.root), options.browser or find_browser()
        for lang in LANGUAGES:
            printed = make_pdf(book, lang, browser)
            offer_pdf(book, lang, printed)
            print(f"{printed} ({printed.stat().st_size / 1e6:.1f} MB)", flush=True)
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
