"""A sweep on a Dask cluster of workers in processes of their own: the same outcome, and none lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from packages import make, quantity, statistic
from sweeping import COMMAND, begun, done, records, sweep, write_notebook

from recount.sweep import cluster as on_cluster
from recount.sweep.cluster import differences, fingerprint
from recount.sweep.grid import SweepError
from recount.sweep.task import Task

Client = pytest.importorskip("distributed", reason="in recount[dask], of requirements-test.txt").Client

SLOW = "import time\ntime.sleep(0.5)"


class Cluster:
    """A scheduler and workers without nannies, which would start a lost one again.

    A task is given up when it has lost more workers than `losses`.
    """

    def __init__(self, folder: Path, losses: int):
        self.folder, self.workers = folder, []
        self.scheduler = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_scheduler",
                "--port",
                "0",
                "--no-dashboard",
                "--scheduler-file",
                str(folder / "scheduler.json"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(losses)},
        )
        while not (folder / "scheduler.json").exists():
            time.sleep(0.05)
            assert self.scheduler.poll() is None
        self.address = json.loads((folder / "scheduler.json").read_text(encoding="utf-8"))["address"]

    def add(self, **environment: str) -> subprocess.Popen:
        """A worker of one thread, with another environment; it is there when this returns."""
        known = len([worker for worker in self.workers if worker.poll() is None])
        worker = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                self.address,
                "--no-nanny",
                "--nthreads",
                "1",
                "--no-dashboard",
                "--local-directory",
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=os.environ | environment,
        )
        self.workers.append(worker)
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(known + 1, timeout=60)
        return worker

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path, request):
    (tmp_path / "cluster").mkdir()
    started = Cluster(tmp_path / "cluster", getattr(request, "param", 3))
    yield started
    started.close()


def notebooks(out: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text(encoding="utf-8") for path in out.glob("*/*.ipynb")}


def test_a_cluster_does_what_this_machine_does(cluster, tmp_path):
    """Data and notebook travel: the workers know neither, and the kept notebooks are the same bytes."""
    cluster.add()
    data = make(
        tmp_path / "data", quantities=[quantity("a", integer=True)], statistics=[statistic("a", "5家")]
    )
    opens = "from recount.chapter import Chapter\nif n == 3:\n    raise ValueError('no')\nchapter = Chapter('x', data_dir=data_dir)"
    path = write_notebook(tmp_path, code=opens, declares="n = 0\nword = ''\ndata_dir = None")
    there, here = tmp_path / "there", tmp_path / "here"
    grid = ["--set", "n=1,2,3", "--set", f"data_dir={data}"]
    assert sweep(path, *grid, "--out", there, "--dask", cluster.address).exit_code == 1
    assert sweep(path, *grid, "--out", here).exit_code == 1
    varying = {"seconds": None, "memory": None}
    assert {n: r | varying for n, r in records(there).items()} == {
        n: r | varying for n, r in records(here).items()
    }
    assert [record["verdicts"] for record in records(there).values()].count({"a": "unchecked"}) == 2
    done_there = {name: text for name, text in notebooks(there).items() if "n-3" not in name}
    assert done_there == {name: text for name, text in notebooks(here).items() if "n-3" not in name}


def test_a_lost_worker_s_runs_are_done_by_the_other(cluster, tmp_path):
    victim = cluster.add()
    cluster.add()
    path, out = write_notebook(tmp_path, code=SLOW), tmp_path / "out"
    command = [
        *COMMAND,
        str(path),
        "--set",
        "n=1,2,3,4,5,6,7,8",
        "--out",
        str(out),
        "--dask",
        cluster.address,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while len(records(out)) < 2:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    before = set(records(out))
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert "8 runs: 8 done, 0 failed" in said
    assert len(before) < 8
    assert {record["parameters"]["n"] for record in records(out).values()} == set(range(1, 9))
    # what the lost one was at, and may have had ready, is done again, and no other run
    assert sum((begun(tmp_path) - Counter(f"tiny {n}" for n in range(1, 9))).values()) <= 2


# finds the worker among the processes above it
SUICIDE = """
import os, pathlib, signal
above = os.getppid()
while b"dask_worker" not in pathlib.Path(f"/proc/{above}/cmdline").read_bytes():
    above = int(pathlib.Path(f"/proc/{above}/stat").read_text().rpartition(")")[2].split()[1])
os.kill(above, signal.SIGKILL)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the worker in /proc")
@pytest.mark.parametrize("cluster", [0], indirect=True)
def test_a_run_that_takes_its_worker_with_it_too_often_is_recorded(cluster, tmp_path):
    cluster.add()
    out = tmp_path / "out"
    result = sweep(write_notebook(tmp_path, code=SUICIDE), "--out", out, "--dask", cluster.address)
    assert result.exit_code == 1
    (record,) = records(out).values()
    assert record["status"] == "failed"
    assert record["error"].startswith("the workers that began this run were lost")


def test_a_lost_scheduler_is_told_and_what_is_done_is_kept(cluster, tmp_path):
    cluster.add()
    path, out = write_notebook(tmp_path, code=SLOW), tmp_path / "out"
    command = [*COMMAND, str(path), "--set", "n=1,2,3,4", "--out", str(out)]
    process = subprocess.Popen([*command, "--dask", cluster.address], stderr=subprocess.PIPE, text=True)
    while not records(out):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    cluster.scheduler.kill()
    _, errors = process.communicate(timeout=120)
    kept = len(records(out))
    assert process.returncode == 1
    assert f"the scheduler was lost with {4 - kept} runs to go; the same command goes on from here" in errors
    assert "Traceback" not in errors, errors
    done(path, "--set", "n=1,2,3,4", "--out", out)
    assert len(records(out)) == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [("another", "computes with another source of recount; expected the same package and versions on every worker"),
     ("none", "expected this package, of the same version, to be installed on every worker")],
)  # fmt: skip
def test_a_worker_that_would_compute_otherwise_is_refused(cluster, tmp_path, change, message):
    package = Path(on_cluster.__file__).parents[1]
    if change == "another":
        shutil.copytree(package, tmp_path / "recount", ignore=shutil.ignore_patterns("__pycache__"))
        with (tmp_path / "recount" / "cli.py").open("a", encoding="utf-8") as file:
            file.write("# changed\n")
    else:
        (tmp_path / "recount.py").touch()
    cluster.add(PYTHONPATH=str(tmp_path))
    result = sweep(write_notebook(tmp_path), "--out", tmp_path / "out", "--dask", cluster.address)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not begun(tmp_path)


def test_a_worker_that_comes_later_is_asked_too():
    with pytest.raises(SweepError, match="this worker computes with another source of recount"):
        on_cluster.perform_there(Task("x", {}, {}, ""), {}, b"", fingerprint() | {"package": "another"})


@pytest.mark.parametrize(
    ("address", "message"),
    [("tcp://127.0.0.1:1", "no scheduler answered within 5 seconds (OSError); expected what `dask scheduler` prints"),
     ("tcp//nowhere", "not an address (")],
)  # fmt: skip
def test_a_scheduler_that_does_not_answer_is_named(tmp_path, address, message):
    result = sweep(write_notebook(tmp_path), "--out", tmp_path / "out", "--dask", address)
    assert result.exit_code == 1
    assert f"Error: --dask {address}: {message}" in result.stderr


def test_without_dask_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = sweep(write_notebook(tmp_path), "--out", tmp_path / "out", "--dask", "tcp://127.0.0.1:1")
    assert result.exit_code == 1
    assert (
        "--dask needs dask.distributed, which is not installed; expected it after `pip install 'recount[dask]'`"
        in result.stderr
    )


def test_the_difference_between_two_machines_is_told():
    here = {"package": "a", "versions": {"numpy": "2", "pandas": "3", "only-here": "1"}}
    assert differences(here, here) == ""
    other = {"package": "b", "versions": {"numpy": "1", "pandas": "3", "only-there": "1"}}
    assert differences(here, other) == "numpy 1 (here 2), another source of recount"
    assert set(fingerprint()) == {"package", "versions"}
