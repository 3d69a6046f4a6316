"""What several test files share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def site() -> Path:
    """The real book's site, built now where it is not up to date."""
    from recount.book import build_site

    return build_site(Path(__file__).resolve().parents[1])
