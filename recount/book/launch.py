"""Where a chapter can be run: links to Binder, Colab and a JupyterHub, from `repository` in `_config.yml`.

Binder and a JupyterHub take the whole repository; `.binder/` tells Binder what to install. Colab opens
one notebook of a repository at GitHub and nothing else. So the notebooks themselves must fetch the
package and the data there. For that they need the repository's address, and only `_config.yml` knows
it: `python -m recount.book.launch` writes it into each chapter, as a cell that does nothing where the
package is, and the build refuses chapters whose cell says otherwise. Without an address there is no
cell, and no link.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from recount.book.keys import tags, text
from recount.book.layout import CHAPTERS, Book, BookError, Chapter
from recount.book.notebooks import Notebook, read_notebook, write_notebook
from recount.wording import pick

if TYPE_CHECKING:  # Sphinx is not needed to write the chapters' cells
    from sphinx.application import Sphinx

BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com/github"
GITHUB = "https://github.com/"
SETUP = "setup"
"""Id of the cell that fetches the package."""

_SOURCE = Template("""\
# Fetches the package and its data where a notebook comes alone, as to Colab; else does nothing.
import importlib.util
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

if importlib.util.find_spec("recount") is None:
    checkout = Path("recount-book").resolve()
    if not checkout.exists():
        clone = ["git", "clone", "--quiet", "--depth=1", "--branch", $branch]
        subprocess.run([*clone, $url, checkout], check=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--editable", checkout], check=True)
    sys.path.insert(0, str(checkout))
    importlib.invalidate_caches()
    loaded = [name for name in ("numpy", "pandas", "matplotlib") if name in sys.modules]
    if any(version(name) != sys.modules[name].__version__ for name in loaded):
        raise RuntimeError("请重启会话后重新运行 / restart the session and run again")""")

_RUN = ("在 {} 上运行本章", "Run this chapter on {}")
_DESK = ("在自己的电脑上：", "At your own desk:")
_BOTH = (
    "",  # the notebooks begin in Chinese
    'The notebook holds both languages: set lang = "en" in its cell of parameters.',
)
_MENU = ("运行本章", "Run this chapter")
_AFTER_THE_THEME = 900


@dataclass(frozen=True)
class Repository:
    """A repository that is open to all, as `_config.yml` names it."""

    url: str
    """Its address; empty where there is none yet."""
    branch: str = "main"
    hub: str = ""
    """A JupyterHub with nbgitpuller, for those who have an account there."""

    @classmethod
    def of(cls, said: Mapping[str, Any] | None) -> Repository:
        """What stands under `repository` in `_config.yml`. Raises BookError where an address is none."""
        said = said or {}
        url, hub = (str(said.get(key) or "").rstrip("/").removesuffix(".git") for key in ("url", "hub"))
        for key, address in (("url", url), ("hub", hub)):
            if address and "://" not in address:
                raise BookError(f"_config.yml, repository: {key}: found {address!r}, expected https://…")
        return cls(url, str(said.get("branch") or "main"), hub)

    @property
    def at_github(self) -> str:
        """`OWNER/NAME` at GitHub; empty elsewhere."""
        return self.url.removeprefix(GITHUB) if self.url.startswith(GITHUB) else ""

    @property
    def folder(self) -> str:
        """What a clone of it is called."""
        return self.url.rsplit("/", 1)[-1]


def addresses(repository: Repository, docname: str) -> dict[str, str]:
    """Where a chapter's notebook can be run, by the name of the host; empty without an address."""
    if not repository.url:
        return {}
    notebook, branch = quote(f"{docname}.ipynb"), quote(repository.branch, safe="")
    lab, own = f"lab/tree/{notebook}", repository.at_github
    source = f"gh/{own}" if own else f"git/{quote(repository.url, safe='')}"
    found = {"Binder": f"{BINDER}/{source}/{branch}?{urlencode({'urlpath': lab}, safe='/')}"}
    if own:
        found["Colab"] = f"{COLAB}/{own}/blob/{quote(repository.branch)}/{notebook}"
    if repository.hub:
        place = f"lab/tree/{repository.folder}/{notebook}"
        asked = urlencode({"repo": repository.url, "branch": repository.branch, "urlpath": place}, safe="/")
        found["JupyterHub"] = f"{repository.hub}/hub/user-redirect/git-pull?{asked}"
    return found


def menu(repository: Repository, docname: str, lang: str) -> dict[str, Any] | None:
    """The menu of a page that leads there, as the theme describes menus; None without an address."""
    hosts = addresses(repository, docname)
    if not hosts:
        return None
    entries: list[dict[str, Any]] = [
        {
            "type": "link",
            "url": address,
            "text": host,
            "tooltip": pick(_RUN, lang).format(host),
            "icon": "fas fa-arrow-up-right-from-square",
            "label": f"launch-{host.lower()}-button",
        }
        for host, address in hosts.items()
    ]
    commands = [f"git clone {repository.url}", f"cd {repository.folder}", "make lab"]
    entries.append({"type": "note", "text": pick(_DESK, lang), "commands": commands})
    if pick(_BOTH, lang):
        entries.append({"type": "note", "text": pick(_BOTH, lang), "commands": []})
    return {
        "type": "group",
        "tooltip": pick(_MENU, lang),
        "icon": "fas fa-rocket",
        "buttons": entries,
        "label": "launch-buttons",
    }


def connect(app: Sphinx) -> None:
    """Register the setting and put the menu on the pages of chapters."""
    app.add_config_value("recount_repository", {}, "html", dict)
    app.connect("html-page-context", _offer, priority=_AFTER_THE_THEME)


def _offer(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    if doctree is None or not pagename.startswith(f"{CHAPTERS}/"):
        return
    group = menu(Repository.of(app.config.recount_repository), pagename, app.config.recount_lang)
    if group:
        context["header_buttons"].insert(0, group)


def setup_cell(repository: Repository) -> dict[str, Any] | None:
    """The cell that makes a chapter run where it comes alone; None without an address."""
    if not repository.url:
        return None
    told = {"url": json.dumps(repository.url), "branch": json.dumps(repository.branch)}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": SETUP,
        "metadata": {"tags": ["remove-cell"]},
        "outputs": [],
        "source": _SOURCE.substitute(told).splitlines(keepends=True),
    }


def with_setup(notebook: Notebook, repository: Repository) -> Notebook:
    """A copy of a chapter whose set-up cell is as the repository asks, before that of the parameters."""
    cells = [cell for cell in notebook["cells"] if cell["id"] != SETUP]
    cell = setup_cell(repository)
    if cell:
        at = next((i for i, other in enumerate(cells) if "parameters" in tags(other)), 0)
        cells.insert(at, cell)
    return {**notebook, "cells": cells}


def out_of_date(book: Book) -> list[Chapter]:
    """The chapters whose set-up cell is not as `_config.yml` asks."""
    repository = Repository.of(book.config().get("repository"))
    wanted = [text(cell["source"]) for cell in filter(None, [setup_cell(repository)])]

    def found(chapter: Chapter) -> list[str]:
        cells = read_notebook(chapter.path)["cells"]
        return [text(cell["source"]) for cell in cells if cell["id"] == SETUP]

    return [chapter for chapter in book.chapters() if found(chapter) != wanted]


def require_setup(book: Book) -> None:
    """Raises BookError where a chapter would be linked to and not run, or names an old address."""
    stale = [f"{CHAPTERS}/{chapter.name}.ipynb" for chapter in out_of_date(book)]
    if stale:
        raise BookError(
            f"{', '.join(stale)}: the cell {SETUP!r} is not what `repository` in _config.yml asks for; "
            "run `make launch` (python -m recount.book.launch), which writes it, and commit the chapters"
        )


def main(arguments: list[str] | None = None) -> int:
    """Write the set-up cell into each chapter, or take it out; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m recount.book.launch", description=__doc__)
    parser.add_argument("root", nargs="?", help="folder of the book (default: this checkout)")
    options = parser.parse_args(arguments)
    try:
        book = Book.find(options.root)
        repository, stale = Repository.of(book.config().get("repository")), out_of_date(book)
        for chapter in stale:
            write_notebook(with_setup(read_notebook(chapter.path), repository), chapter.path)
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(stale)} chapters written; repository: {repository.url or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
