"""A relation of percentage points read as one of percent, and the reverse."""

from __future__ import annotations

import pytest

from recount.arithmetic.points import counterpart
from recount.arithmetic.relations import parse


@pytest.mark.parametrize(
    ("text", "subject", "points", "other"),
    [
        ("rise == after / before - 1", "rise", True, "rise == (after - before)"),
        ("after == before * (1 + rise)", "rise", True, "rise == (after - before)"),
        ("(after - before) / before == rise", "rise", True, "rise == (after - before)"),
        ("rise == after - before", "rise", False, "rise == ((after / before) - 1)"),
        ("after == before + rise", "rise", False, "rise == ((after / before) - 1)"),
        ("rise == after / before", "rise", True, None),
        ("rise <= after - before", "rise", False, None),
        ("rise == after - before", "rise", True, None),
    ],
)
def test_percent_and_points_of_one_relation(text, subject, points, other):
    relation = counterpart(parse(text), subject, points)
    assert (relation and relation.text) == other
