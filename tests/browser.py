"""A real browser for the tests that need one; they are skipped, and say so, where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from recount.book import browser


def find_browser() -> str:
    """The path of the browser. Skips the test where there is none."""
    try:
        return browser.find_browser()
    except browser.NoBrowserError as error:
        pytest.skip(str(error))


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser without a window."""
    path = find_browser()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(browser.FLAGS))
        yield opened
        opened.close()
