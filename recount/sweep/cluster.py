"""Runs on a Dask cluster: each a task of its own, done by another worker where one is lost.

The notebook travels with the task, and the data package with it where the notebook has a parameter
`data_dir` to be told of it; what comes back is written by this side. So a worker needs nothing but the
package, of the same source and the same versions.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from recount.runs.keys import computing, digest
from recount.sweep.grid import SweepError
from recount.sweep.table import FAILED
from recount.sweep.task import Outcome, Task, perform, zipped

_CONNECT = 5  # seconds that a scheduler has to answer
_RETRIES = 3  # times that a task is tried again when a worker has trouble of its own
Found = dict[str, Any]


def cluster(tasks: Sequence[Task], keep: Callable[[int, Outcome], None], address: str) -> None:
    """Do the tasks on the cluster of this scheduler, and hand each outcome with its number to `keep`.

    Raises SweepError where the scheduler cannot be reached or is lost, or its workers are of another
    version.
    """
    with _connected(address) as client, client.as_current():
        _check_workers(client)
        _run_all(client, tasks, keep, address)


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise SweepError(
            "--dask needs dask.distributed, which is not installed; expected it after "
            "`pip install 'recount[dask]'`"
        ) from None
    for name in ("distributed", "distributed.client"):  # what it has to say is said below
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        asyncio.run(_greeted(address))
        return Client(address, timeout=_CONNECT, set_as_default=False)
    except Exception as error:  # of many kinds: no such host, refused, no answer, no scheduler
        said = f"no scheduler answered within {_CONNECT} seconds ({type(error).__name__})"
        if isinstance(error, ValueError):
            said = f"not an address ({error})"
        raise SweepError(
            f"--dask {address}: {said}; expected what `dask scheduler` prints, such as tcp://127.0.0.1:8786"
        ) from None


async def _greeted(address: str) -> None:
    """Connect and say no more: a Client that has not reached its scheduler takes long to give up."""
    from distributed import Security
    from distributed.comm import connect

    greeting = await connect(address, timeout=_CONNECT, **Security().get_connection_args("client"))
    greeting.abort()


def _run_all(client: Any, tasks: Sequence[Task], keep: Callable[[int, Outcome], None], address: str) -> None:
    from distributed import as_completed

    futures, expected = {}, fingerprint()
    for number, task in enumerate(tasks):
        # inputs are tasks too: what a lost worker held of them is made again
        notebook = client.submit(_same, task.notebook, key=f"recount-notebook-{digest(task.notebook)}")
        package = _zipped(task.package)
        data = client.submit(_same, package, key=f"recount-data-{hashlib.sha256(package).hexdigest()}")
        light = replace(task, notebook={}, data=None)
        future = client.submit(perform_there, light, notebook, data, expected, pure=False, retries=_RETRIES)
        futures[future] = number
    lost = 0
    for future in as_completed(list(futures)):
        if future.status == "finished":
            keep(futures[future], future.result())
        elif future.status == "error":
            keep(futures[future], Outcome(FAILED, _said(future.exception()), 0.0, None))
        else:
            lost += 1
        future.release()
    if lost:
        raise SweepError(
            f"--dask {address}: the scheduler was lost with {lost} runs to go; the same command "
            "goes on from here"
        )


@cache
def _zipped(package: str) -> bytes:
    return zipped(Path(package)) if package else b""


def _same(content: Any) -> Any:
    """A task that is its input."""
    return content


def _said(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "the workers that began this run were lost, one after the other; perhaps it needs more memory"
    return f"{type(error).__name__}: {error}"


# -- on the worker ----------------------------------------------------------------------------------


def perform_there(task: Task, notebook: Any, package: bytes, expected: Found) -> Outcome:
    """Do a task on a worker, with the data that came along."""
    wrong = differences(expected, fingerprint())
    if wrong:
        raise SweepError(f"this worker computes with {wrong}; expected what the sweep was begun with")
    return perform(replace(task, notebook=notebook, data=str(_unpacked(package)) if package else None))


@cache
def fingerprint() -> Found:
    """What this process computes with: the package's source, its versions; data apart."""
    return computing()


@cache
def _unpacked(package: bytes) -> Path:
    """The data package in a folder of this process."""
    folder = Path(_scratch().name) / hashlib.sha256(package).hexdigest()[:16]
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        archive.extractall(folder)
    return folder


@cache
def _scratch() -> Any:
    return tempfile.TemporaryDirectory(prefix="recount-data-")


def differences(expected: Found, given: Found) -> str:
    """In what two fingerprints differ, for a message; '' where they do not.

    What only one of them has installed does not count: what a run misses there, it says itself.
    """
    versions = given["versions"]
    parts = [
        f"{name} {versions[name]} (here {version})"
        for name, version in expected["versions"].items()
        if versions.get(name, version) != version
    ]
    if expected["package"] != given["package"]:
        parts.append("another source of recount")
    return ", ".join(parts)


def _check_workers(client: Any) -> None:
    try:
        fingerprints = client.run(fingerprint)
    except Exception as error:  # what a worker cannot import, it cannot name either
        said = f"{type(error).__name__}: {error}"
        raise SweepError(
            f"--dask: a worker cannot do what is asked ({said}); expected this package, of the "
            "same version, to be installed on every worker"
        ) from None
    for worker, prints in fingerprints.items():
        if wrong := differences(fingerprint(), prints):
            raise SweepError(
                f"--dask: worker {worker} computes with {wrong}; expected the same package and "
                "versions on every worker as here"
            )
