"""Building the book: from nothing against before, again, and after one thing was changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.results import Result, compared, exactly, most, seconds_of
from benchmarks.workshop import BUILD, Run, Workshop, before, now, temporary

_TINY = "import pathlib, sys, tests.tiny_book as tiny; tiny.make_book(pathlib.Path(sys.argv[1]))"


def measure(quick: bool = False) -> list[Result]:
    """Once each, both editions; in a trial a book of two chapters without numbers."""
    new, old = now(), before()
    books = {shop: _tiny(shop) if quick else shop.root for shop in (new, old)}
    cold, was = (shop.run(*BUILD, str(books[shop])) for shop in (new, old))
    note = f"{seconds_of(cold.cpu, was.cpu)}; {chapters_run(cold)} and {chapters_run(was)} chapters run"
    wall = seconds_of(cold.wall, was.wall)
    results = [
        most("cold build of both editions, CPU time: of before", 0.6, cold.cpu / was.cpu, note),
        compared("the same, wall time: of before", cold.wall / was.wall, wall),
        _again(new, books[new], "nothing changed"),
    ]
    chapter = min((books[new] / "chapters").glob("*.ipynb"))
    text = chapter.read_text(encoding="utf-8")
    _edit(chapter, "markdown", "\n\nEdited.")
    results.append(_again(new, books[new], "the prose of one chapter edited"))
    _edit(chapter, "code", "\n# edited")
    run = new.run(*BUILD, str(books[new]))
    note = f"{run.wall:.1f} s; {chapters_run(run)} chapters run"
    results.append(compared("build, its code edited: of a cold build", run.wall / cold.wall, note))
    chapter.write_text(text, encoding="utf-8")
    return results


def _tiny(shop: Workshop) -> Path:
    """A book of two short chapters, as the checkout's own tests make it."""
    folder = temporary("book") / "book"
    shop.run("-c", _TINY, str(folder))
    return folder


def _again(shop: Workshop, book: Path, change: str) -> Result:
    run = shop.run(*BUILD, str(book))
    return exactly(f"build, {change}: chapters run", 0, chapters_run(run), f"{run.wall:.1f} s")


def chapters_run(build: Run) -> int:
    """How many chapters a build says that it has run. Raises ValueError where it does not say."""
    said = re.findall(r"(\d+) chapters? executed", build.printed)
    if not said and "up to date" not in build.printed:
        raise ValueError(f"the build does not say how many chapters it executed:\n{build.printed[-2000:]}")
    return sum(map(int, said))


def _edit(path: Path, kind: str, added: str) -> None:
    """Add to the last cell of a kind."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [cell for cell in notebook["cells"] if cell["cell_type"] == kind][-1]
    cell["source"] = "".join(cell["source"]) + added
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
