"""How far many runs have come: a bar at a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from tqdm import tqdm


def to_stderr(line: str) -> None:
    """Print a line beside what is asked for."""
    print(line, file=sys.stderr, flush=True)


class Progress:
    """Counts what has been done of a `total`; a context manager that threads can share.

    Lines go to `say`. Where standard error is a terminal (or `bar` is true) a bar shows what has been
    done and what is under way.
    """

    def __init__(
        self, total: int, unit: str, say: Callable[[str], None] = to_stderr, bar: bool | None = None
    ):
        self.total, self.done = total, 0
        self._say, self._lock = say, threading.Lock()
        self._under_way: dict[str, str] = {}
        shown = sys.stderr.isatty() if bar is None else bar
        self._bar = tqdm(total=total, unit=unit, leave=False, dynamic_ncols=True, disable=not shown)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bar.close()

    def advance(self, count: int = 1, title: str = "", place: str = "") -> int:
        """So much more has been done, which is how much? `title` has come to `place` (empty: its end)."""
        with self._lock:
            self.done += count
            self._under_way.pop(title, None)
            if place:
                self._under_way[title] = f"{title} {place}"
            self._bar.set_postfix_str(", ".join(self._under_way.values()), refresh=False)
            self._bar.update(count)
            return self.done

    def tell(self, line: str, *, also_beside_a_bar: bool = True) -> None:
        """Say a line, above the bar where there is one."""
        if also_beside_a_bar or self._bar.disable:
            with self._lock, tqdm.external_write_mode(file=sys.stderr):
                self._say(line)
