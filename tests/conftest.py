"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no failure: examples are bounded in number, never in time. On CI they are the
# same ones every time, so that a run that was green stays green; at the desk they are new ones.
settings.register_profile("book", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("book")


@pytest.fixture(scope="session")
def site() -> Path:
    """The real book's site, built now where it is not up to date."""
    from recount.book import build_site

    return build_site(Path(__file__).resolve().parents[1])


#: What tests have that build a book, run notebooks or open a browser: one of these helper modules, or the site.
HELPERS = {"tiny_book", "sweeping", "browser"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="leave out what builds a book, runs notebooks or opens a browser"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins first; with --quick only tests that need no more than a short process."""
    slow = {item for item in items if _is_slow(item)}
    if config.getoption("--quick"):
        config.hook.pytest_deselected(items=list(slow))
        items[:] = [item for item in items if item not in slow]
    else:
        ranks = {item.path: _rank(item) for item in slow}
        items.sort(key=lambda item: ranks.get(item.path, len(FIRST) + 1))


#: Who builds the book, and what goes on beside that without it; then all that is slow, then the rest.
FIRST = ("test_site", "test_book_killed", "test_axe_desk", "test_axe_phone", "test_chapters")


def _rank(item: pytest.Item) -> int:
    return FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST)


def _is_slow(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    helpers = {
        getattr(value, "__module__", None) or getattr(value, "__name__", "")
        for value in vars(module).values()
    }
    return (
        "site" in getattr(item, "fixturenames", ())
        or item.get_closest_marker("slow") is not None
        or not helpers.isdisjoint(HELPERS)
    )
