"""The report's own text, which is not part of the repository: where it is, and what skips without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[2] / "shared" / "source" / "000_7b1b4c7968c7afb5.txt"
REPORT = Path(os.environ.get("RECOUNT_REPORT") or _BESIDE).resolve()
needs_report = pytest.mark.skipif(
    not REPORT.is_file(),
    reason="the report's text is not part of the repository; set RECOUNT_REPORT to its path",
)
