"""Both editions as one site, put in place whole or not at all."""

from __future__ import annotations

import json
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
from typing import Any

import yaml

from recount.book.addresses import site_address, sitemap
from recount.book.alone import landing_page, missing_page
from recount.book.assets import needed_static, pages_of
from recount.book.citation import FILE as CITATION
from recount.book.editions import edition_config
from recount.book.execution import Outcome, execute, executed_key
from recount.book.fetching import require_setup
from recount.book.layout import LANGUAGES, Book, BookError
from recount.book.ledgers import book_records, copy_ledger, statistic_pages
from recount.runs.files import write_text
from recount.runs.keys import digest, digest_files, surroundings
from recount.runs.locks import locked
from recount.runs.running import LIMIT

MOST_WARNINGS = 30
"""Lines shown of a failed build; the first tell most."""

FRAME = "frame"
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
        sources = site_sources(book)  # as they are before: what is edited meanwhile is for the next build
        outcome = report(execute(book, LANGUAGES, jobs, say, limit), say)
        key = site_key(book, sources)
        if read_stamp(book) == key:
            say(f"the site is up to date: {book.site}")
        else:
            require_quiet(outcome)
            compile_site(book, say, held)
            write_text(stamp(book), json.dumps({"key": key}) + "\n")
    return book.site


def report(outcome: Outcome, say: Callable[[str], None]) -> Outcome:
    """Say what was executed, and return it."""
    say(str(outcome))
    return outcome


def require_quiet(outcome: Outcome) -> None:
    """A site is made only of chapters that ran without complaint. Raises BookError."""
    if outcome.warnings:
        raise BookError("\n".join(outcome.warnings))


def compile_site(book: Book, say: Callable[[str], None], held: Sequence[int] = ()) -> None:
    """Compile both editions side by side and put them in place together.

    `held` are the descriptors of the lock on the book's build.
    """
    config = book.config()
    frames = {lang: prepare_edition(book, lang, edition_config(config, lang)) for lang in LANGUAGES}
    book_records(book)  # kept for both editions, which would else compute it twice
    with ThreadPoolExecutor(len(LANGUAGES)) as pool:
        compiled = list(pool.map(lambda lang: compile_edition(book, lang, held), LANGUAGES))
    failed = [message for message in compiled if message]
    if failed:
        raise BookError("\n\n".join(failed))
    for lang, frame in frames.items():
        write_text(edition_folder(book, lang) / FRAME, frame)
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


def prepare_edition(book: Book, lang: str, config: dict[str, Any]) -> str:
    """Write an edition's configuration; begin anew where old pages could not be carried over.

    Returns a hash of what all its pages depend on. It is written beside them when they are finished:
    pages without it, or with another, are of another book or of a build that was cut off.
    """
    content = yaml.safe_dump(config, allow_unicode=True, sort_keys=True)
    frame = digest(
        {
            "config": content,
            "toc": (book.root / "_toc.yml").read_text(encoding="utf-8"),
            "citation": digest_files(book.root, book.root.glob(CITATION)),
            "static": digest_files(book.root, book.root.glob("_static/**/*")),
            "builder": builder_digest(),
        }
    )
    mark = edition_folder(book, lang) / FRAME
    if not mark.is_file() or mark.read_text(encoding="utf-8") != frame:
        shutil.rmtree(edition_folder(book, lang), ignore_errors=True)
    mark.unlink(missing_ok=True)
    write_text(book.build / "config" / f"{lang}.yml", content)
    return frame


def compile_edition(book: Book, lang: str, held: Sequence[int] = ()) -> str:
    """Compile one edition; the empty string, or what went wrong.

    Any warning is an error. Pages read in a failed run are forgotten, or a second run would not
    read them again and would pass.
    """
    command = [
        *JUPYTER_BOOK,
        *("build", str(book.root), "--path-output", str(edition_folder(book, lang))),
        *("--config", str(book.build / "config" / f"{lang}.yml")),
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
    shutil.rmtree(edition_folder(book, lang), ignore_errors=True)
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

    Sphinx leaves images of earlier builds in `_images`; those that no page names stay behind, and
    so does what no page asks for of all that the theme puts into `_static`.
    """
    pages, used = pages_of(source), set()
    static = needed_static(source)
    for path in pages:
        used.update(re.findall(r"_images/([^\"'\s?#)]+)", path.read_text(encoding="utf-8")))

    def unused(folder: str, names: list[str]) -> set[str]:
        place = Path(folder).relative_to(source)
        if place.name == "_images":
            return set(names) - used
        hidden = {name for name in names if name.startswith(".")}
        if place.parts[:1] != ("_static",):
            return hidden
        below = {name: (place / name).relative_to("_static").as_posix() for name in names}
        kept = {n for n, path in below.items() if any(f"{file}/".startswith(f"{path}/") for file in static)}
        return hidden | (set(names) - kept)

    shutil.copytree(source, target, ignore=unused)
    return len(pages)


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
    return book.build / "site.json"


def read_stamp(book: Book) -> str | None:
    """The key of the site that is there; None where there is none."""
    try:
        key = json.loads(stamp(book).read_text(encoding="utf-8"))["key"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return key if (book.site / "index.html").is_file() else None


def site_sources(book: Book) -> dict[str, Any]:
    """Hashes of all that a site is made from besides the executed chapters."""
    pages = ("_config.yml", "_toc.yml", CITATION, "chapters/**/*", "_static/**/*")
    return {
        "pages": digest_files(book.root, (p for pat in pages for p in book.root.glob(pat))),
        "surroundings": surroundings(book.data),
        "builder": builder_digest(),
    }


def site_key(book: Book, sources: dict[str, Any]) -> str:
    """A hash of these sources and of the chapters as they were last executed."""
    kept = [book.executed(lang, chapter.name) for chapter in book.chapters() for lang in LANGUAGES]
    return digest({**sources, "runs": [executed_key(path) for path in kept]})


def builder_digest() -> str:
    """A hash of this package's part that compiles, and of the pinned versions it compiles with."""
    here = Path(__file__).parent
    root = here.parents[1]
    pins = sorted(root.glob("*.txt"))
    return digest([digest_files(here, here.rglob("*")), digest_files(root, pins)])
