"""The Chromium that PDFs are printed with, and that measurements and tests open pages in."""

from __future__ import annotations

import shutil

from recount.book.layout import BookError

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


class NoBrowserError(BookError):
    """There is no Chromium; the message says what to install."""


def find_browser() -> str:
    """The path of a Chromium. Raises NoBrowserError."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        names = ", ".join(NAMES)
        raise NoBrowserError(
            f"no browser: Chromium is needed, and none of {names} is on the path; "
            "on Debian: apt-get install chromium"
        )
    return path
