"""This checkout and the one before, each copied to a temporary folder, to build, sweep and test in."""

from __future__ import annotations

import atexit
import functools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.before import ROOT, checkout

BUILD = ("-m", "recount.book")
RECOUNT = ("-c", "from recount.cli import main; main()")


@dataclass(frozen=True)
class Run:
    """What a command cost, itself and the processes that it waited for, and what it printed."""

    wall: float
    cpu: float
    printed: str


@dataclass(frozen=True)
class Workshop:
    """A checkout in a temporary folder, without what was built."""

    root: Path

    @functools.cached_property
    def python(self) -> str:
        """The Python of an environment from the checkout's own requirements, made when first asked for."""
        self.make("setup")
        return str(self.root / ".venv" / "bin" / "python")

    def has(self, target: str) -> bool:
        """Whether the Makefile has a target."""
        return f"\n{target}:" in (self.root / "Makefile").read_text(encoding="utf-8")

    def make(self, target: str, **environment: str) -> Run:
        """Run a target of the Makefile."""
        return self._timed(["make", target], environment | {"PYTHON": sys.executable})

    def run(self, *command: str, python: str = "", folder: Path | None = None) -> Run:
        """Run a Python command, by default by the checkout's own Python and in its folder.

        Raises
        ------
        RuntimeError
            With its last words, where it fails.
        """
        environment = {"PYTHONPATH": str(self.root), "PYTHONWARNINGS": "ignore"}
        return self._timed([python or self.python, *command], environment, folder)

    def _timed(self, command: list[str], environment: dict[str, str], folder: Path | None = None) -> Run:
        wall, cpu = time.perf_counter(), _cpu_of_children()
        done = subprocess.run(
            command, cwd=folder or self.root, env=os.environ | environment, capture_output=True, text=True
        )
        wall, cpu = time.perf_counter() - wall, _cpu_of_children() - cpu
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{(done.stdout + done.stderr)[-2000:]}")
        return Run(wall, cpu, done.stdout)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def temporary(name: str) -> Path:
    """A folder that is there until this process ends."""
    folder = tempfile.TemporaryDirectory(prefix=f"recount-{name}-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


@functools.cache
def before() -> Workshop:
    """The commit that figures are measured against. Raises HistoryError."""
    return Workshop(checkout(temporary("before") / "checkout"))


@functools.cache
def now() -> Workshop:
    """This checkout as it lies there: what is committed with its history, and what is not yet."""
    root = checkout(temporary("now") / "checkout", "HEAD")
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        source, copy = ROOT / name, root / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
        else:
            copy.unlink(missing_ok=True)
    return Workshop(root)
