"""Both editions as one site, put in place whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import yaml

from recount.book.addresses import site_address, sitemap
from recount.book.alone import landing_page, missing_page
from recount.book.assets import needed_static, pages_of
from recount.book.editions import edition_config
from recount.book.execution import execute
from recount.book.fetching import require_setup
from recount.book.layout import LANGUAGES, Book, BookError
from recount.book.ledgers import book_records, copy_ledger, statistic_pages
from recount.files import write_text
from recount.runs.keys import digest, digest_files, fallbacks, versions
from recount.runs.locks import locked
from recount.runs.running import LIMIT

MOST_WARNINGS = 30
"""Lines shown of a failed build; the first tell most."""

JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]


def build_site(
    root: Path | str | None = None,
    jobs: int | None = None,
    say: Callable[[str], None] = print,
    limit: float = LIMIT,
) -> Path:
    """Build the site of both editions and return its folder, `_build/site`.

    Chapters that are stale are executed, `jobs` at a time, each for `limit` seconds at most; a site
    that is up to date is left alone. Raises BookError when a chapter fails, a page gives a warning or
    a page is missing; the last good site then stays as it was.
    """
    book = Book.find(root)
    with locked(book.build / ".building") as held:
        recover(book)
        require_setup(book)
        key = site_key(book)  # as things are before: what is edited meanwhile is for the next build
        outcome = execute(book, LANGUAGES, jobs, say, limit)
        say(str(outcome))
        if not outcome.executed and read_stamp(book) == key:
            say(f"the site is up to date: {book.site}")
        elif outcome.warnings:
            raise BookError("\n".join(outcome.warnings))
        else:
            compile_site(book, say, held)
            write_text(stamp(book), key)
    return book.site


def compile_site(book: Book, say: Callable[[str], None], held: Sequence[int] = ()) -> None:
    """Compile both editions side by side and put them in place together.

    `held` are the descriptors of the lock on the book's build.
    """
    config = book.config()
    for lang in LANGUAGES:
        content = yaml.safe_dump(edition_config(config, lang), allow_unicode=True, sort_keys=True)
        write_text(config_file(book, lang), content)
    book_records(book)  # kept for both editions, which would else compute it twice
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        compiled = list(pool.map(lambda lang: compile_edition(book, lang, held), LANGUAGES))
    failed = [message for message in compiled if message]
    if failed:
        raise BookError("\n\n".join(failed))
    with new_site(book) as folder:
        for lang in LANGUAGES:
            pages = copy_edition(html_folder(book, lang), folder / lang)
            say(f"  {lang}: {pages} pages")
        fonts, icon = book.build / "fonts", book.root / "_static" / "favicon.svg"
        page = landing_page(config, first_pages(book), statistic_pages(book), fonts, icon.read_bytes())
        (folder / "index.html").write_text(page, "utf-8")
        base = config.get("sphinx", {}).get("config", {}).get("recount_base_url", "")
        page = missing_page(config, first_pages(book), base, fonts)
        (folder / "404.html").write_text(page, "utf-8")
        copy_ledger(folder / LANGUAGES[0], folder)
        write_sitemap(book, folder)


def first_pages(book: Book) -> dict[str, str]:
    """The address of the first page of each edition, from the top of the site."""
    root = book.docnames()[0]
    return {lang: f"{lang}/{root}.html" for lang in LANGUAGES}


def write_sitemap(book: Book, folder: Path) -> None:
    """List the chapters for search engines, where the site's address is known."""
    base = book.config().get("sphinx", {}).get("config", {}).get("recount_base_url", "")
    if base:
        (folder / "sitemap.xml").write_text(sitemap(base, book.docnames()), "utf-8")
        (folder / "robots.txt").write_text(
            f"User-agent: *\nAllow: /\nSitemap: {site_address(base, 'sitemap.xml')}\n", "utf-8"
        )


def edition_folder(book: Book, lang: str) -> Path:
    return book.build / "editions" / lang


def html_folder(book: Book, lang: str) -> Path:
    return edition_folder(book, lang) / "_build" / "html"


def config_file(book: Book, lang: str) -> Path:
    return book.build / "config" / f"{lang}.yml"


def compile_edition(book: Book, lang: str, held: Sequence[int] = ()) -> str:
    """Compile one edition; the empty string, or what went wrong.

    It is compiled from nothing: that takes seconds more than to go on from what is there, which Sphinx
    holds for good by the times of files. Any warning is an error.
    """
    shutil.rmtree(edition_folder(book, lang), ignore_errors=True)
    command = [
        *JUPYTER_BOOK,
        *("build", str(book.root), "--path-output", str(edition_folder(book, lang))),
        *("--config", str(config_file(book, lang))),
        *("-W", "--keep-going", "-q"),
    ]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    run = subprocess.run(
        command,
        cwd=book.root,
        env=environment,
        pass_fds=held,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    missing = [name for name in book.docnames() if not (html_folder(book, lang) / f"{name}.html").is_file()]
    if run.returncode == 0 and not missing:
        return ""
    if run.returncode == 0:
        return f"the {lang} edition lacks pages: {', '.join(missing)}"
    lines = re.sub(r"\x1b\[[0-9;]*m", "", run.stderr + run.stdout).splitlines()
    said = [line for line in lines if re.search(r"WARNING|ERROR|CRITICAL|rror:", line)]
    shown = said[:MOST_WARNINGS] or lines[-MOST_WARNINGS:]
    if len(said) > len(shown):
        shown.append(f"... and {len(said) - len(shown)} more")
    return f"the {lang} edition cannot be compiled:\n" + "\n".join(shown)


def copy_edition(source: Path, target: Path) -> int:
    """Copy an edition's pages and what they use; returns the number of pages.

    What no page asks for of all that the theme puts into `_static` stays behind.
    """
    static = needed_static(source)

    def unused(folder: str, names: list[str]) -> set[str]:
        place = Path(folder).relative_to(source)
        hidden = {name for name in names if name.startswith(".")}
        if place.parts[:1] != ("_static",):
            return hidden
        below = {name: (place / name).relative_to("_static").as_posix() for name in names}
        kept = {n for n, path in below.items() if any(f"{file}/".startswith(f"{path}/") for file in static)}
        return hidden | (set(names) - kept)

    shutil.copytree(source, target, ignore=unused)
    return len(pages_of(source))


@contextmanager
def new_site(book: Book) -> Iterator[Path]:
    """A folder to assemble a site in; it takes the place of `_build/site` if all goes well."""
    folder = Path(tempfile.mkdtemp(prefix="site.new.", dir=book.build))
    folder.chmod(0o755)
    try:
        yield folder
        stamp(book).unlink(missing_ok=True)
        if book.site.exists():
            os.replace(book.site, old_site(book))
        os.replace(folder, book.site)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        recover(book)


def recover(book: Book) -> None:
    """Put back the last good site if a build was killed while it was being replaced."""
    old = old_site(book)
    if old.exists() and not book.site.exists():
        os.replace(old, book.site)
    shutil.rmtree(old, ignore_errors=True)
    for left in book.build.glob("site.new.*"):
        shutil.rmtree(left, ignore_errors=True)


def old_site(book: Book) -> Path:
    return book.build / "site.old"


def stamp(book: Book) -> Path:
    """The file that says from what the site was made."""
    return book.build / "site.key"


def read_stamp(book: Book) -> str | None:
    """The key of the site that is there; None where there is none."""
    whole = (book.site / "index.html").is_file() and stamp(book).is_file()
    return stamp(book).read_text(encoding="utf-8") if whole else None


def site_key(book: Book) -> str:
    """A hash of all that a site is made from: the book's files, this package, and what is installed."""
    package = Path(__file__).resolve().parents[1]
    return digest(
        {
            "book": digest_files(book.root, lambda name: name.parts[0] not in ("tests", "benchmarks")),
            "package": digest_files(package),
            "versions": versions(),
            "fallbacks": fallbacks(book.root),
        }
    )
