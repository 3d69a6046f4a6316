"""How a sweep tells how far it is: a bar on a terminal, else a line for each run."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

import click


class Progress:
    """Counts what has ended; writes to stderr."""

    def __init__(self, total: int, unit: str, bar: bool | None = None):
        self._total, self._done, self._unit = total, 0, unit
        self._bar: Any = None
        if sys.stderr.isatty() if bar is None else bar:
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit=unit, file=sys.stderr, dynamic_ncols=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        if self._bar is not None:
            self._bar.close()

    def ended(self, words: str, count: int = 1, loud: bool = False) -> None:
        """So many more have ended; `words` say what, on a terminal only where they are `loud`."""
        self._done += count
        if self._bar is None:
            click.echo(f"[{self._done}/{self._total}] {words}", err=True)
            return
        if loud:
            self._bar.write(words, file=sys.stderr)
        self._bar.update(count)
