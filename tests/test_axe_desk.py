"""What axe-core finds on every page of both editions in the window of a desk, light and dark."""

from __future__ import annotations

from browser import open_browser

from benchmarks.axe import WIDTHS, all_pages, look


def test_axe_finds_nothing_on_a_desk(site):
    with open_browser() as browser:
        assert list(map(str, look(site, browser, all_pages(site), max(WIDTHS)))) == []
