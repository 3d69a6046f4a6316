"""A papermill engine that runs a notebook in an IPython kernel of this Python, with nothing of the user's.

Against papermill's own engine it leaves out the user's kernels and start-up files, IPython's history,
the wait at shutdown and the threads of linear algebra (several kernels run at once), and it keeps what a
dying kernel printed.
"""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

import recount

ENGINE = "recount"
START_LIMIT = 120
"""Seconds that a kernel may take to start."""

LONGEST_PATH = 70
"""Characters of a folder in which a socket can still lie as a file (its address holds 104)."""

_running: set[AsyncKernelManager] = set()


class KernelEngine(Engine):
    """Runs one notebook in a kernel of its own."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> None:
        """Run the cells. Options: `folder` (working directory), `stderr` (file of the kernel's own
        messages), `execution_timeout` (seconds for the notebook), `on_cell` (called after each),
        `facts` (a mapping that gets the `notebook` and the `memory` in bytes)."""
        facts: dict[str, Any] = options["facts"]
        facts["notebook"] = nb_man.nb
        deadline = time.monotonic() + options["execution_timeout"]
        with (
            tempfile.TemporaryDirectory(prefix="recount-") as own,
            open(options["stderr"], "w", encoding="utf-8") as stderr,
        ):
            manager = _manager(kernel_name, Path(own))

            def executed(**_: Any) -> None:
                facts["memory"] = peak_memory(manager)
                options["on_cell"]()

            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                timeout_func=lambda cell: max(1, round(deadline - time.monotonic())),
                startup_timeout=START_LIMIT,
                resources={"metadata": {"path": str(options["folder"])}},
                extra_arguments=["--HistoryManager.enabled=False"],
                record_timing=False,
                shutdown_kernel="immediate",
                on_cell_executed=executed,
                log=logger,
            )
            _running.add(manager)
            try:
                client.execute(cleanup_kc=True, env=environment(Path(own)), stderr=stderr)
            finally:
                _running.discard(manager)


def _manager(kernel_name: str, own: Path) -> AsyncKernelManager:
    """What starts and ends a kernel that keeps its sockets in a folder of its own.

    They are files where they can be: a port that is free when it is chosen can be taken a moment later.
    """
    files = os.name != "nt" and len(str(own)) < LONGEST_PATH
    return AsyncKernelManager(
        kernel_name=kernel_name,
        # no folders of specifications: the user's `python3` may be another Python than this one
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        connection_file=str(own / "kernel.json"),
        transport="ipc" if files else "tcp",
    )


def stop(ended: Callable[[], bool]) -> None:
    """End all kernels that run or are about to, until `ended` tells that whoever started them is done.

    Their notebooks fail.
    """
    while not ended():
        for manager in list(_running):
            if pid := _pid(manager):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        time.sleep(0.05)


def peak_memory(manager: AsyncKernelManager) -> int | None:
    """The most that a kernel has held so far, in bytes; None where the system does not tell."""
    try:
        status = Path(f"/proc/{_pid(manager)}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    peak = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(peak[1]) * 1024 if peak else None


def _pid(manager: AsyncKernelManager) -> int | None:
    return getattr(manager.provisioner, "pid", None)


def environment(ipython: Path) -> dict[str, str]:
    """The environment that notebooks run in, with a folder for IPython's settings.

    The package comes first on the path, so that the kernel computes with the very source that is
    hashed into the key; a reader's own IPython start-up files have no part in the book.
    """
    package = str(Path(recount.__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    one_thread = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {
        **os.environ,
        **dict.fromkeys(one_thread, "1"),
        "IPYTHONDIR": str(ipython),
        "PYTHONPATH": path,
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


papermill_engines.register(ENGINE, KernelEngine)
