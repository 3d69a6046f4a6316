"""A papermill engine that runs a notebook in a kernel of its own, for systems without forks.

Against papermill's own engine it leaves out IPython's history, the times in each cell, the wait at
shutdown and the threads of linear algebra (several kernels run at once), and it keeps what a dying
kernel printed.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.log import logger

import recount

ENGINE = "recount-kernels"


class KernelEngine(Engine):
    """Runs one notebook in a kernel of its own."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> None:
        """Run the cells. Options: `folder` (working directory), `stderr` (file of the kernel's
        own messages), `execution_timeout` (seconds for the notebook), `on_cell` (called after each),
        `facts` (a mapping that gets the `notebook`)."""
        options["facts"]["notebook"] = nb_man.nb
        deadline = time.monotonic() + options["execution_timeout"]
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            timeout_func=lambda cell: max(1, round(deadline - time.monotonic())),
            startup_timeout=options.get("start_timeout", 60),
            resources={"metadata": {"path": str(options["folder"])}},
            extra_arguments=["--HistoryManager.enabled=False"],
            record_timing=False,
            shutdown_kernel="immediate",
            on_cell_executed=lambda **_: options["on_cell"](),
            log=logger,
        )
        with (
            tempfile.TemporaryDirectory() as ipython,
            open(options["stderr"], "w", encoding="utf-8") as stderr,
        ):
            client.execute(env=environment(Path(ipython)), stderr=stderr)


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
