"""Cold builds against Jupyter Book's own execution, and of books of more and more chapters."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.results import Result, compared
from benchmarks.workshop import BUILD, workshop

COPIED = "glossary"
TITLE = {"zh": "# 副本", "en": "# A copy"}
JUPYTER_BOOK = """import sys
sys.argv = ["jupyter-book", "build", ".", "-q"]
from jupyter_book.cli.main import main
main()
"""
PLAIN = "title: plain\nonly_build_toc_files: true\nexecute:\n  execute_notebooks: force\n  timeout: 600\n"



def measure(quick: bool = False) -> list[Result]:
    """Once each."""
    return [_against_plain(), _growth(quick)]


def _against_plain() -> Result:
    """One edition by our build, and the same notebooks by Jupyter Book with its own execution."""
    with workshop() as shop:
        ours = shop.seconds("-c", JUPYTER_BOOK)
        shop.clean()
        (shop.root / "_config.yml").write_text(PLAIN, encoding="utf-8")
        plain = shop.seconds("-c", JUPYTER_BOOK)
    figure = "cold `jupyter-book build .`, one edition: of the same with Jupyter Book's execution"
    return compared(figure, ours / plain, f"{ours:.1f} s; {plain:.1f} s")


def _growth(quick: bool) -> Result:
    """Cold builds of books of more and more copies of one light chapter's code."""
    seconds = {}
    for count in (2, 4) if quick else (8, 16, 32):
        names = tuple(f"copy-{number}" for number in range(count))
        with workshop(names) as shop:
            _copy(shop.root / "chapters", names)
            seconds[count] = shop.seconds(*BUILD)
    told = "; ".join(f"{count} chapters {taken:.1f} s" for count, taken in seconds.items())
    least, greatest = min(seconds), max(seconds)
    figure = f"cold build of {greatest} chapters: times one of {least}"
    return compared(figure, seconds[greatest] / seconds[least], told)


def _copy(chapters: Path, names: tuple[str, ...]) -> None:
    """Its code under a title; the prose has links to pages that such a book lacks."""
    notebook = json.loads((chapters / f"{COPIED}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    titles = [
        {"cell_type": "markdown", "id": f"title-{lang}", "metadata": {"tags": [lang]}, "source": source}
        for lang, source in TITLE.items()
    ]
    content = json.dumps({**notebook, "cells": [*titles, *code]}, ensure_ascii=False)
    for name in names:
        (chapters / f"{name}.ipynb").write_text(content, encoding="utf-8")
