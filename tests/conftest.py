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
