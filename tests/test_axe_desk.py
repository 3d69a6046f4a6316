"""What axe-core finds on every page of both editions in the window of a desk, and on the dark English ones."""

from __future__ import annotations

from browser import open_browser

from benchmarks.axe import WIDTHS, all_pages, look


def test_axe_finds_nothing_on_a_desk(site):
    pages = all_pages(site)
    dark = [page for page in pages if not page.startswith("zh/")]  # a colour is the same in both languages
    with open_browser() as browser:
        assert list(map(str, look(site, browser, pages, max(WIDTHS), ["light"]))) == []
        assert list(map(str, look(site, browser, dark, max(WIDTHS), ["dark"]))) == []
