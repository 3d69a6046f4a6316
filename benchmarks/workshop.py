"""A copy of the checkout to build in, and commands timed as a user would wait for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
BUILD = ("-m", "recount.book", ".")


@dataclass(frozen=True)
class Workshop:
    """A copy of the checkout, without what was built."""

    root: Path

    @property
    def chapters(self) -> list[Path]:
        """The notebooks that `_toc.yml` names, in its order."""
        from recount.book.layout import Book

        return [chapter.path for chapter in Book.find(self.root).chapters()]

    def clean(self) -> None:
        """As on a fresh checkout."""
        shutil.rmtree(self.root / "_build", ignore_errors=True)

    def seconds(self, *command: str) -> float:
        """How long a Python command takes that has to do well."""
        return self.timed(*command)[0]

    def timed(self, *command: str) -> tuple[float, str]:
        """The same, and what it printed. Raises RuntimeError with its last words where it fails."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONWARNINGS": "ignore"}
        begun = time.perf_counter()
        run = subprocess.run(
            [sys.executable, *command], cwd=self.root, env=environment, capture_output=True, text=True
        )
        taken = time.perf_counter() - begun
        if run.returncode:
            raise RuntimeError(f"{' '.join(command)}:\n{(run.stdout + run.stderr)[-2000:]}")
        return taken, run.stdout


@contextmanager
def workshop(chapters: tuple[str, ...] = ()) -> Iterator[Workshop]:
    """A copy in a temporary folder; with `chapters` its book has only these, in this order."""
    left_out = shutil.ignore_patterns("_build", ".*", "tests", "__pycache__", "*.egg-info")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(CHECKOUT, Path(folder) / "checkout", ignore=left_out))
        if chapters:
            rest = "".join(f"  - file: chapters/{name}\n" for name in chapters[1:])
            toc = f"format: jb-book\nroot: chapters/{chapters[0]}\nchapters:\n{rest}"
            (root / "_toc.yml").write_text(toc, encoding="utf-8")
        yield Workshop(root)
