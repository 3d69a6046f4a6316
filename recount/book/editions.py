"""One set of notebooks, two editions: outputs put back, one language kept, one configuration each."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from recount.book.layout import LANGUAGES, BookError
from recount.runs.keys import tags, text
from recount.runs.notebooks import INJECTED, Notebook


def merge_outputs(raw: Notebook, executed: Notebook) -> Notebook:
    """A copy of `raw` whose code cells have the outputs of the cells of `executed` with their id.

    So the prose is that of now and the outputs are those of the last run. Cells of `executed`
    that `raw` does not have (papermill's parameters) are left out.
    """
    ran = {cell["id"]: cell for cell in executed["cells"] if cell["cell_type"] == "code"}
    merged = copy.deepcopy(raw)
    for cell in merged["cells"]:
        if cell["cell_type"] == "code":
            source = ran.get(cell["id"], {})
            cell["outputs"] = copy.deepcopy(source.get("outputs", []))
            cell["execution_count"] = source.get("execution_count")
    return merged


def keep_language(notebook: Notebook, lang: str) -> Notebook:
    """A copy without the markdown cells of other languages. Cells without a language tag stay."""
    others = set(LANGUAGES) - {lang}

    def belongs(cell: Mapping[str, Any]) -> bool:
        marked = set(tags(cell))
        return cell["cell_type"] == "code" or lang in marked or not others & marked

    return {**notebook, "cells": [cell for cell in notebook["cells"] if belongs(cell)]}


def page(raw: Notebook, executed: Notebook | None, lang: str, name: str) -> Notebook:
    """The notebook Sphinx is given for a page: outputs of the last run, prose of one language.

    What a cell wrote to stderr is no part of a page (the build reports it), and the parameters
    are folded. Each heading has an address besides its own that is the same in every edition:
    the page's `name` and the cell's id without its language.
    """
    notebook = keep_language(merge_outputs(raw, executed or {"cells": []}), lang)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [out for out in cell["outputs"] if out.get("name") != "stderr"]
        if "parameters" in tags(cell):
            cell["metadata"]["tags"] = [*tags(cell), "hide-input"]
        if cell["cell_type"] == "markdown" and text(cell["source"]).startswith("##"):
            stem = str(cell["id"]).removesuffix(f"-{lang}")
            cell["source"] = f"({name}-{stem})=\n{text(cell['source'])}"
    return notebook


def download(raw: Notebook, executed: Notebook, lang: str) -> Notebook:
    """The notebook a reader of one edition takes away: one language, outputs, and the parameters
    it was run with, so that it says the same when run again."""
    notebook = keep_language(merge_outputs(raw, executed), lang)
    injected = [cell for cell in executed["cells"] if INJECTED in tags(cell)]
    at = next((i for i, c in enumerate(notebook["cells"], 1) if "parameters" in tags(c)), 0)
    notebook["cells"][at:at] = copy.deepcopy(injected)
    return notebook


def html_anchors(html: str) -> list[str]:
    """The ids of the elements of a piece of HTML, in order."""
    return re.findall(r"""<[^<>]*?\sid=["']([^"']+)["']""", html)


def edition_config(config: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The Jupyter Book configuration of one edition as part of the two-edition site.

    It is `_config.yml` with what stands there under `sphinx: config: recount_editions: LANG` put
    over it, and with the links between the editions switched on. Raises BookError when the
    language is not described.
    """
    base: dict[str, Any] = copy.deepcopy(dict(config))
    settings = base.setdefault("sphinx", {}).setdefault("config", {})
    editions = settings.get("recount_editions", {})
    if lang not in editions:
        known = ", ".join(editions) or "none"
        raise BookError(f"_config.yml, sphinx: config: recount_editions: found {known}, expected {lang}")
    edition = overlay(base, copy.deepcopy(editions[lang] or {}))
    edition["sphinx"]["config"]["recount_switch"] = True
    # Jupyter Book keeps the repository's address to itself where the theme shows no button for it
    edition["sphinx"]["config"]["recount_repository"] = dict(edition.get("repository") or {})
    return edition


def overlay(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over` put in, mappings key by key. `base` is left as it is."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = overlay(result[key], value) if both else value
    return result
