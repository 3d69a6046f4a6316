"""Where a chapter can be run: links to Binder, Colab and a JupyterHub, from `repository` in `_config.yml`.

Binder and a JupyterHub take the whole repository; `.binder/` tells Binder what to install. Colab opens
one notebook of a repository at GitHub and nothing else, so the notebooks fetch the rest themselves, see
`recount.book.fetching`; `python -m recount.book.launch` tells them from where. Without an address there
is no link.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from recount.book.fetching import out_of_date, with_setup
from recount.book.layout import CHAPTERS, Book
from recount.book.repository import Repository
from recount.runs import InputError
from recount.runs.notebooks import read_notebook, write_notebook
from recount.words import counted, pick

if TYPE_CHECKING:  # Sphinx is not needed to write the chapters' cells
    from sphinx.application import Sphinx

BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com/github"

_RUN = ("在 {} 上运行本章", "Run this chapter on {}")
_DESK = ("在自己的电脑上：", "At your own desk:")
_BOTH = (
    "",  # the notebooks begin in Chinese
    'The notebook holds both languages: set lang = "en" in its cell of parameters.',
)
_MENU = ("运行本章", "Run this chapter")
_AFTER_THE_THEME = 900


def addresses(repository: Repository, docname: str) -> dict[str, str]:
    """Where a chapter's notebook can be run, by the name of the host; empty without an address."""
    if not repository.url:
        return {}
    notebook, branch = quote(f"{docname}.ipynb"), quote(repository.branch, safe="")
    lab, own = f"lab/tree/{notebook}", repository.at_github
    source = f"gh/{own}" if own else f"git/{quote(repository.url, safe='')}"
    hosts = {"Binder": f"{BINDER}/{source}/{branch}?{urlencode({'urlpath': lab}, safe='/')}"}
    if own:
        hosts["Colab"] = f"{COLAB}/{own}/blob/{quote(repository.branch)}/{notebook}"
    if repository.hub:
        place = f"lab/tree/{repository.folder}/{notebook}"
        asked = urlencode({"repo": repository.url, "branch": repository.branch, "urlpath": place}, safe="/")
        hosts["JupyterHub"] = f"{repository.hub}/hub/user-redirect/git-pull?{asked}"
    return hosts


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
    if not str(app.env.doc2path(pagename)).endswith(".ipynb"):
        return
    group = menu(Repository.of(app.config.recount_repository), pagename, app.config.recount_lang)
    if group:
        context["header_buttons"].insert(0, group)


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
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{counted(len(stale), 'chapter')} written; repository: {repository.url or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
