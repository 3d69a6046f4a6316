"""Runs on this machine, several at a time, each notebook in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from recount.runs.running import GLANCE, cores
from recount.sweep.task import Outcome, Task, perform


def local(tasks: Sequence[Task], keep: Callable[[int, Outcome], None], jobs: int | None = None) -> None:
    """Do the tasks, `jobs` at a time (default: the cores), and hand each outcome with its number to `keep`.

    Threads suffice, for they only wait. Whatever ends this early (Ctrl-C, a store that is full) lets
    those under way come to their end and be kept, and begins no other.
    """
    with ThreadPoolExecutor(jobs or cores()) as pool:
        left = {pool.submit(lambda n, task: keep(n, perform(task)), n, task) for n, task in enumerate(tasks)}
        try:
            while left:
                done, left = wait(left, GLANCE, FIRST_COMPLETED)
                for future in done:
                    future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
