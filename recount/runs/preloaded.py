"""A process that has imported what chapters import, and runs each notebook in a fork of itself.

It is started as a script by `recount.runs.forks`, speaks lines of JSON over a Unix socket, and ends
with the process that started it. Nothing of this package is imported here: each fork imports the
package as it lies on disk at that moment, and what it then holds tells what the notebook has used.

Against a kernel of its own for every notebook a fork saves the start of an interpreter, the imports
(a second or two of computing for a chapter) and the waiting for sockets, heartbeats and shutdown.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import resource
import signal
import socketserver
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PRELOADED = (
    "ipykernel.inprocess.manager", "nbclient", "nbformat", "jedi", "numpy", "pandas", "frictionless",
    "matplotlib.figure", "matplotlib.pyplot", "matplotlib.backends.backend_svg", "seaborn",
    "babel.dates", "babel.numbers", "fontTools.ttLib", "pybtex.database", "yaml", "bs4",
)  # fmt: skip
MEMORY_UNIT = 1024  # of ru_maxrss, in bytes, on Linux

Event = dict[str, Any]


class Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Answers each connection in a fork."""

    request_queue_size = 128  # they wait here while the imports are made
    max_children = 128  # how many run at once is decided by those who ask
    parent = os.getppid()

    def service_actions(self) -> None:
        """Twice a second: look after children, and end with the process that wanted them."""
        super().service_actions()
        if os.getppid() != self.parent:
            for child in self.active_children or ():
                os.kill(child, signal.SIGKILL)
            sys.exit()


class Handler(socketserver.StreamRequestHandler):
    """Runs the one notebook that is asked for."""

    def handle(self) -> None:
        """Read the request, tell the fork's number, then what each cell put out."""
        request = json.loads(self.rfile.readline())
        self.tell({"pid": os.getpid()})
        try:
            for event in run(request):
                self.tell(event)
        except Exception:  # not of a cell: nothing else would ever tell of it
            self.tell({"fault": traceback.format_exc()})

    def tell(self, event: Event) -> None:
        self.wfile.write(json.dumps(event).encode() + b"\n")


def run(request: Event) -> Iterator[Event]:
    """Run the cells in order, an event for each, and one at the end.

    `request` has `cells` (`[index, source]`), the working `folder`, and the file `stderr` for what is
    printed past the notebook. A cell that raises is the last.
    """
    os.chdir(request["folder"])
    with open(request["stderr"], "ab", buffering=0) as file:
        for descriptor in (1, 2):
            os.dup2(file.fileno(), descriptor)
    random.seed()  # or all forks would draw the same numbers
    sys.modules["numpy"].random.seed()
    opened: list[str] = []
    sys.addaudithook(listener(opened))
    execute, language = shell()
    told: dict[int, Any] = {}
    for index, source in request["cells"]:
        begun = time.perf_counter()
        outputs, count, failed = execute(source)
        seconds = time.perf_counter() - begun
        yield {"index": index, "outputs": outputs, "count": count, "seconds": seconds, "failed": failed}
        if failed:
            return
        told[index] = outputs
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MEMORY_UNIT
    # the outputs once more, for a cell can change what an earlier one has displayed
    yield {"done": told, "language": language, "memory": memory, "used": [*opened, *imported()]}


def shell() -> tuple[Callable[[str], tuple[list[Any], int | None, bool]], Event]:
    """A function that runs a cell in a new kernel (its outputs, its number, whether it raised), and
    what the kernel says of its language."""
    import nbclient
    import nbformat.v4 as v4
    from ipykernel.inprocess.manager import InProcessKernelManager

    manager = InProcessKernelManager()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    kernel: Any = manager.kernel
    kernel.shell.history_manager.enabled = False
    # when a cell awaits something, ipykernel 7 asks even a kernel without threads for its thread's parent
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
    type(kernel)._supports_kernel_subshells = False
    sys.stdout, sys.stderr = kernel.stdout, kernel.stderr
    reader = nbclient.NotebookClient(v4.new_notebook(), record_timing=False)
    reader.reset_execution_trackers()
    cells: list[Any] = reader.nb.cells

    def execute(source: str) -> tuple[list[Any], int | None, bool]:
        cells.append(v4.new_code_cell(source))
        reader.clear_before_next_output = False
        asked = client.execute(source, store_history=True, allow_stdin=False)
        while True:  # until the kernel is idle again
            message = client.get_iopub_msg(timeout=None)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["content"].get("execution_state") == "idle":
                break
            reader.process_message(message, cells[-1], len(cells) - 1)
        reply = client.get_shell_msg(timeout=None)["content"]
        return cells[-1]["outputs"], reply.get("execution_count"), reply["status"] == "error"

    return execute, kernel.language_info


def listener(opened: list[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """A hook for Python's audit events that lists files and folders that are read.

    A data package's tables are all read to be checked, whether the notebook needs them or not: what
    happens between `recount.checking` and `recount.checked` does not count. `recount.used` names a table
    when it is used.
    """
    checking = 0

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal checking
        if event in ("recount.checking", "recount.checked"):
            checking += 1 if event == "recount.checking" else -1
        elif checking:
            return
        elif event == "recount.used":
            opened.append(os.path.abspath(str(arguments[0])))
        elif event in ("open", "os.listdir", "os.scandir") and not _importing():
            path = arguments[0]
            if isinstance(path, (str, bytes, os.PathLike)):
                opened.append(os.path.abspath(os.fsdecode(path)))

    return hear


def _importing() -> bool:
    """Whether it is the import system that reads; what it loads is told by `imported`."""
    return sys._getframe(2).f_code.co_filename.startswith("<frozen importlib")


def imported() -> list[str]:
    """The files of this project's own modules that are loaded."""
    project = Path(__file__).parents[1].name
    modules = [module for name, module in list(sys.modules.items()) if name.split(".")[0] == project]
    files = [getattr(module, "__file__", None) for module in modules]
    return [os.path.abspath(file) for file in files if file]


def main() -> None:
    """Listen at the address given as first argument, import, then answer."""
    with Server(sys.argv[1], Handler) as server:
        for name in PRELOADED:
            try:
                importlib.import_module(name)
            except ImportError:  # not every notebook needs it, and this one says so itself
                continue
        server.serve_forever()


if __name__ == "__main__":
    main()
