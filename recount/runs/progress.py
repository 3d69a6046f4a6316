"""How far chapters have come: a bar at a terminal, a line for each chapter elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType

from tqdm import tqdm


class Progress:
    """Counts the code cells of several chapters that run at once; a context manager.

    At a terminal a bar shows them all, and the chapters and cells that were last reported; `say` is
    told of finished chapters in any case.
    """

    def __init__(self, cells: int, say: Callable[[str], None]):
        self._say, self._lock, self._open = say, threading.Lock(), ExitStack()
        self._at: dict[str, str] = {}
        self._bar = tqdm(total=cells, unit="cell", leave=False, disable=not sys.stderr.isatty())

    def __enter__(self) -> Progress:
        self._open.enter_context(self._bar)
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._open.close()

    def cell(self, title: str, number: int, of: int) -> None:
        """A chapter has done one more cell."""
        with self._lock:
            self._at[title] = f"{title} {number}/{of}"
            self._bar.set_postfix_str(", ".join(self._at.values()), refresh=False)
            self._bar.update()

    def done(self, title: str, seconds: float) -> None:
        """A chapter has run through."""
        with self._lock, tqdm.external_write_mode(file=sys.stderr):
            self._at.pop(title, None)
            self._say(f"  executed {title}, {seconds:.1f} s")
