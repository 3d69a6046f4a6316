"""One at a time: builds and runs that write to the same place wait for each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[list[int]]:
    """Hold the lock file at `path`, after whoever holds it now.

    It ends with its process, however that ends, and with the processes that are given the descriptors
    that this yields: those who outlive a killed build still hold it. (Where the system has no `flock`,
    nobody waits, and there are none.)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        except ImportError:
            yield []
        else:
            yield [file.fileno()]
