"""How long the tests take: all of them against before, and the quick ones."""

from __future__ import annotations

import shutil

from benchmarks.results import Result, missing, most, seconds_of
from benchmarks.workshop import Workshop, before, now

_TRACES = ("_build", ".pytest_cache", ".hypothesis")


def measure(quick: bool = False) -> list[Result]:
    """Once each, from a built environment and no built book; a trial only lists the tests."""
    options = "--collect-only -q" if quick else ""
    all, former = (_seconds(shop, "test", options) for shop in (now(), before()))
    results = [most("`make test`, wall time: of before", 0.7, all / former, seconds_of(all, former))]
    figure = "`make quick`, wall time: of `make test`"
    if not now().has("quick"):
        return [*results, missing(figure, "at most 0.1", "the Makefile has no target `quick`")]
    few = _seconds(now(), "quick", options)
    return [*results, most(figure, 0.1, few / all, seconds_of(few, all, "all"))]


def _seconds(shop: Workshop, target: str, options: str) -> float:
    for setup in ("setup", "setup-test"):  # requirements were not always split
        if shop.has(setup):
            shop.make(setup)
    for name in _TRACES:
        shutil.rmtree(shop.root / name, ignore_errors=True)
    return shop.make(target, PYTEST_ADDOPTS=options).wall
