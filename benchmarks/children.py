"""Processes that answer one line of JSON with another, asked in turns."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.before import ROOT
from benchmarks.workshop import before

TIMED = Path(__file__).with_name("timed.py")


class Child:
    """A process of this Python that runs a script with the packages of a checkout."""

    def __init__(self, script: Path, root: Path = ROOT):
        # by its text: a script's own folder would come before the checkout's on the path
        command = [sys.executable, "-c", script.read_text(encoding="utf-8")]
        # numpy's threads would wait in a busy loop, which is CPU time, and the old engine uses numpy
        environment = os.environ | {"PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command, cwd=root, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._name = f"{script.name} in {root}"

    def ask(self, message: Any) -> Any:
        """The answer to a message. Raises RuntimeError where the process has ended instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # then there is no answer either
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._name}: expected an answer, but it ended (its error stands above)")
        return json.loads(line)

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


@contextmanager
def children() -> Iterator[tuple[Child, Child]]:
    """A process each of the engine now and of the engine before."""
    now, old = Child(TIMED), Child(TIMED, before().root)
    try:
        yield now, old
    finally:
        now.close()
        old.close()


def in_turns(times: int, *sides: Callable[[], float], warm: bool = True) -> Sequence[float]:
    """The median of what each side took, run in turns; if they are to be `warm`, after a turn for nothing."""
    turns = [[side() for side in sides] for _ in range(times + warm)][warm:]
    return [statistics.median(taken) for taken in zip(*turns, strict=True)]


def seconds(child: Child, job: str, **arguments: Any) -> Callable[[], float]:
    """A side of `in_turns`: the CPU seconds of a job of `timed.py`."""
    return lambda: float(child.ask([job, arguments]))
