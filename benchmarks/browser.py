"""The engine's own files inside a web page: leave-one-out of the report in Chromium, against CPython's.

The files run unchanged, by Brython. The page is given the networks as JSON, in which ends are text, for
JSON has no infinity and must not round; it sends its bounds back in the same way.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from math import isclose
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.before import ROOT
from benchmarks.results import Result, compared, seconds_of, share
from recount.arithmetic.cone import Factor, Factors, Linear
from recount.arithmetic.contraction import Program, Shape
from recount.arithmetic.ends import Ends
from recount.arithmetic.network import System
from recount.audit import Audit
from recount.package import load

NAMES = ("ends", "contraction", "programming", "cone", "network")
ENGINE = tuple(Path("recount/arithmetic", f"{name}.py") for name in NAMES)
_PACKAGES = (Path("recount/__init__.py"), Path("recount/arithmetic/__init__.py"))
_PAGE = """<!doctype html><meta charset="utf-8"><title>engine</title><link rel="icon" href="data:,">
<script src="brython.js"></script><script src="brython_stdlib.js"></script>
<script type="application/json" id="networks" data-turns="{turns}">{networks}</script>
<script type="text/python" src="browser_page.py"></script>
"""
_PATIENCE = 120  # seconds for the page to answer


class PageError(Exception):
    """The engine does not run in the page; the message is what its console said."""


@dataclass(frozen=True)
class Problem:
    """A network with the figures to be left out in turn, and all the pieces that hold."""

    system: System
    left_out: list[str]
    pieces: list[str]

    def solved(self) -> dict[str, Ends | None]:
        """The bounds by this very interpreter."""
        return self.system.leave_one_out(self.left_out, self.pieces)


def problems(audit: Audit) -> list[Problem]:
    """One for each network of a report that prints something, with the disputed figures set aside."""
    disputed = set(audit.disputed)
    return [
        Problem(
            judged.system,
            [id for id in judged.own if id not in disputed],
            [piece for piece in judged.system.pieces if piece not in disputed],
        )
        for judged in audit.judgements
        if judged.own
    ]


def record(problem: Problem) -> dict[str, Any]:
    """A problem as JSON takes it."""
    network = problem.system.network
    natural = zip(network.quantities, network.natural, network.whole, strict=True)
    return {
        "quantities": [(name, *_texts(ends), whole) for name, ends, whole in natural],
        "rules": [(rule.id, _program(rule.program), rule.question, rule.spare) for rule in network.rules],
        "linear": network.linear and _linear(network.linear),
        "figures": [
            (id, figure.quantity, *_texts(figure.ends)) for id, figure in problem.system.figures.items()
        ],
        "left out": problem.left_out,
        "pieces": problem.pieces,
    }


def _program(program: Program) -> tuple[Any, ...]:
    return program.names, _shape(program.shape)


def _shape(shape: Shape) -> Shape:
    return shape._replace(constants=tuple(_texts(ends) for ends in shape.constants))  # type: ignore[arg-type]


def _linear(linear: Linear) -> dict[str, Any]:
    ratios = {id(ratio): ratio for ratios in linear.ratios.values() for ratio in ratios}.values()
    return {
        "sums": [(rule, symbol, _factors(factors)) for rule, symbol, factors in linear.sums],
        "ratios": [
            (ratio.rule, _factors(ratio.over), _factors(ratio.under), _factor(ratio.value))
            for ratio in ratios
        ],
        "gate": list(linear.gate.items()),
    }


def _factors(factors: Factors) -> list[tuple[int, Any]]:
    return [(unknown, _factor(factor)) for unknown, factor in factors.items()]


def _factor(factor: Factor) -> tuple[Shape, tuple[int, ...]]:
    return _shape(factor.shape), factor.slots


def _texts(ends: Ends) -> tuple[str, str]:
    return repr(ends[0]), repr(ends[1])


def solved_in_page(problems: Iterable[Problem], turns: int = 1) -> dict[str, Any]:
    """The bounds that the page finds, and the seconds of each turn.

    Raises
    ------
    NoBrowserError
        Where there is no Chromium.
    PageError
        Where the page fails or does not answer.
    """
    import brython  # only here: what is installed for benchmarks alone

    from benchmarks.visits import open_browser, served

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (*_PACKAGES, *ENGINE):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / file, folder / file)
        for script in ("brython.js", "brython_stdlib.js"):
            shutil.copyfile(Path(brython.__file__).parent / "data" / script, folder / script)
        shutil.copyfile(Path(__file__).with_name("browser_page.py"), folder / "browser_page.py")
        networks = json.dumps([record(problem) for problem in problems]).replace("<", "\\u003c")
        page = _PAGE.format(turns=turns, networks=networks)
        (folder / "index.html").write_text(page, encoding="utf-8")
        with served(folder) as address, open_browser() as browser:
            answer = _answer(browser.new_page(), address)
    answer["bounds"] = {
        id: ends and tuple(float(end) for end in ends) for id, ends in answer["bounds"].items()
    }
    return answer


def _answer(tab: Any, address: str) -> dict[str, Any]:
    said: list[str] = []
    tab.on("console", lambda message: message.type == "error" and said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(address)
    last = time.monotonic() + _PATIENCE
    while not (answer := tab.evaluate("window.answer || ''")):
        if said or time.monotonic() > last:
            raise PageError("\n".join(said) or f"no answer within {_PATIENCE} s")
        tab.wait_for_timeout(50)
    return json.loads(answer)


def measure(quick: bool = False) -> list[Result]:
    """The bounds of every figure of the book's own report; the time is told, the page's beside CPython's."""
    turns, asked = (1 if quick else 5), problems(Audit(load()))
    bounds, taken = {}, []
    for _ in range(turns):
        start = time.perf_counter()
        bounds = {id: ends for problem in asked for id, ends in problem.solved().items()}
        taken.append(time.perf_counter() - start)
    answer = solved_in_page(asked, turns)
    equal = [id for id, ends in bounds.items() if agree(ends, answer["bounds"][id])]
    exact = sum(ends == answer["bounds"][id] for id, ends in bounds.items())
    figure = "the same engine files in Chromium: bounds of leave-one-out of the report equal to CPython's"
    return [
        share(
            figure,
            100,
            len(equal),
            len(bounds),
            f"Brython {version('brython')}; {exact} to the last bit",
        ),
        compared(
            "the same, wall time in the page: times CPython's",
            median(answer["turns"]) / median(taken),
            f"{seconds_of(median(answer['turns']), median(taken), 'CPython')}; "
            f"the first {answer['turns'][0]:.2g} s, reading the networks {answer['prepared']:.2g} s",
        ),
    ]


def agree(ours: Ends | None, theirs: Ends | None) -> bool:
    """Whether bounds are the same but for rounding."""
    if ours is None or theirs is None:
        return ours is theirs
    return all(isclose(a, b, rel_tol=1e-9) for a, b in zip(ours, theirs, strict=True))
