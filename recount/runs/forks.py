"""A papermill engine that runs a notebook in a fork of a process with everything imported.

See `recount.runs.preloaded` for that process and what it buys. One is started when the first notebook
asks for it, and ends with this process. Where the system cannot fork safely, `recount.runs.kernel` has
the engine to use.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.notebooknode import from_dict
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines

from recount.runs.kernel import environment

ENGINE = "recount-forks"
AVAILABLE = sys.platform == "linux"
"""Elsewhere there is no fork, or system libraries do not survive one (macOS)."""

_LONGEST_START = 120  # seconds that the first answer may take while imports are made


class Preloaded:
    """The process to fork from, and the socket it answers at."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="recount-"))
        self._address = str(self._folder / "socket")
        self._said = self._folder / "stderr"
        script = Path(__file__).with_name("preloaded.py")
        with open(self._said, "wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(script), self._address],
                env={**environment(self._folder), "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,  # an interrupt at the terminal is for us, who then end it
            )
        atexit.register(self.close)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @contextmanager
    def connection(self) -> Iterator[socket.socket]:
        """A new connection. Raises DeadKernelError where the process ended."""
        with socket.socket(socket.AF_UNIX) as connected:
            for _ in range(100 * _LONGEST_START):
                with suppress(FileNotFoundError, ConnectionRefusedError):
                    connected.connect(self._address)
                    break
                if not self.alive:
                    raise DeadKernelError(self._said.read_text(encoding="utf-8", errors="replace")[-500:])
                time.sleep(0.01)
            yield connected

    def close(self) -> None:
        """End the process; its forks end with it."""
        atexit.unregister(self.close)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


_lock = threading.Lock()
_current: Preloaded | None = None


def preloaded() -> Preloaded:
    """The process to fork from; a new one where there is none or it died."""
    global _current
    with _lock:
        if _current is None or not _current.alive:
            if _current is not None:
                _current.close()
            _current = Preloaded()
        return _current


def stop() -> None:
    """End the process to fork from, and with it all notebooks that run."""
    with _lock:
        if _current is not None:
            _current.close()


class ForkedEngine(Engine):
    """Runs one notebook in a fork."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> None:
        """Run the cells. Options: `folder` (working directory), `stderr` (file of what is printed past
        the notebook), `execution_timeout` (seconds for the notebook), `on_cell` (called after each),
        `facts` (a mapping that gets the `notebook`, the `memory` in bytes, the `seconds` by cell and the
        files that were `used`)."""
        cells = [i for i, cell in enumerate(nb_man.nb.cells) if _runs(cell)]
        facts: dict[str, Any] = options["facts"]
        facts |= {"notebook": nb_man.nb, "seconds": {}}
        request = {
            "cells": [[i, nb_man.nb.cells[i].source] for i in cells],
            "folder": str(options["folder"]),
            "stderr": str(options["stderr"]),
        }
        for event in _events(request, options["execution_timeout"]):
            if "done" in event:
                for place, outputs in event["done"].items():
                    nb_man.nb.cells[int(place)].outputs = from_dict(outputs)
                facts |= {"memory": event["memory"], "used": event["used"]}
                nb_man.nb.metadata["language_info"] = event["language"]
                return
            cell = nb_man.nb.cells[event["index"]]
            cell.outputs, cell.execution_count = from_dict(event["outputs"]), event["count"]
            facts["seconds"][cell["id"]] = event["seconds"]
            options["on_cell"]()
            if event["failed"]:
                nb_man.cell_exception(cell, event["index"])
                return
        raise DeadKernelError("its process ended before the notebook did")


def _runs(cell: NotebookNode) -> bool:
    skipped = "skip-execution" in cell.metadata.get("tags", [])
    return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped


def _events(request: dict[str, Any], limit: float) -> Iterator[dict[str, Any]]:
    """What the fork tells, until it ends. Raises DeadKernelError for a fault that is of no cell, and
    CellTimeoutError, after ending it, when `limit` seconds have passed since it began."""
    with preloaded().connection() as connected, connected.makefile("rwb") as lines:
        lines.write(json.dumps(request).encode() + b"\n")
        lines.flush()
        connected.settimeout(_LONGEST_START)
        fork = json.loads(lines.readline() or b"{}").get("pid")
        deadline = time.monotonic() + limit
        try:
            while fork:
                connected.settimeout(max(0.01, deadline - time.monotonic()))
                line = lines.readline()
                if not line:
                    return
                event = json.loads(line)
                if "fault" in event:
                    raise DeadKernelError(event["fault"])
                yield event
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(fork, signal.SIGKILL)
            raise CellTimeoutError(f"the notebook took longer than {limit:g} s and was stopped") from None


papermill_engines.register(ENGINE, ForkedEngine)
