"""What several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# a busy machine is no failure: examples are bounded in number, never in time
settings.register_profile("book", deadline=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def site() -> Path:
    """The real book's site, built now where it is not up to date."""
    from recount.book import build_site

    return build_site(Path(__file__).resolve().parents[1])
