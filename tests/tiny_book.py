"""A book of two short chapters, to try the build on without the real one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]

CHART = """
for number in (1, 2):
    display(
        {"image/svg+xml": SVG % (10 * number), "text/plain": "chart"},
        raw=True,
        metadata={"recount": {
            "alt": f"{word} {number}", "caption": f"{word} *{number}*", "name": f"fig-{number}",
        }},
    )
"""

SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 20'>"
    "<rect width='%d' height='9' fill='#246'/></svg>"
)


def cell(kind: str, name: str, source: str, *tags: str) -> dict[str, Any]:
    """A notebook cell; `kind` is markdown or code."""
    content: dict[str, Any] = {
        "cell_type": kind,
        "id": name,
        "metadata": {"tags": list(tags)},
        "source": source,
    }
    return content if kind == "markdown" else {**content, "outputs": [], "execution_count": None}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    """A notebook of nbformat 4.5 for the Python kernel."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def parameters() -> dict[str, Any]:
    return cell("code", "parameters", 'lang = "zh"', "parameters")


def first_chapter() -> dict[str, Any]:
    """Prose in two languages, a number in it, a formula, and two charts from one cell."""
    return notebook(
        cell("markdown", "title-zh", "# 贷款\n\n见[另一章](second.ipynb)。", "zh"),
        cell("markdown", "title-en", "# Loans\n\nSee [the other](second.ipynb).", "en"),
        parameters(),
        cell("code", "compute", 'word = {"zh": "图", "en": "chart"}[lang]\n6 * 7'),
        cell("code", "chart", f"SVG = {SVG!r}\n{CHART}", "hide-input"),
        cell("markdown", "formula", "$a^2$"),
    )


def second_chapter(code: str = "print('fine')") -> dict[str, Any]:
    return notebook(
        cell("markdown", "title-zh", "# 另一章", "zh"),
        cell("markdown", "title-en", "# The other", "en"),
        parameters(),
        cell("code", "work", code),
    )


def make_book(root: Path) -> Path:
    """Write the book, with the configuration and style of the real one, and return its folder."""
    for folder in ("chapters", "data"):
        (root / folder).mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", root)
    shutil.copytree(ROOT / "_static", root / "_static")
    for name in ("references.bib", "methods.bib"):
        (root / "data" / name).write_text("", encoding="utf-8")
    (root / "data" / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    toc = {"format": "jb-book", "root": "chapters/first", "chapters": [{"file": "chapters/second"}]}
    (root / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    write_chapter(root, "first", first_chapter())
    write_chapter(root, "second", second_chapter())
    return root


def write_chapter(root: Path, name: str, content: dict[str, Any]) -> None:
    path = root / "chapters" / f"{name}.ipynb"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
