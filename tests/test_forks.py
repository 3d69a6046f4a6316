"""Notebooks in forks of a process with everything imported: as in a kernel, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tiny_book import cell, notebook, parameters

from recount.runs import forks
from recount.runs.running import Ran, RunError, run_notebook

pytestmark = pytest.mark.skipif(not forks.AVAILABLE, reason="this system has no safe fork: kernels run notebooks")

CELLS = {
    "streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "result": "{'a': 1}",
    "displays": "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'), metadata={'k': 1})\nMarkdown('*y*')",
    "update": "h = display('first', display_id='one')\nh.update('second')",
    "clear": "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('stays')",
    "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "frame": "import pandas as pd\npd.DataFrame({'x': [1]})",
    "await": "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
    "magic": "%who_ls int",
    "empty": "   ",
}


def written(folder: Path, *cells: dict, name: str = "tried") -> Path:
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    return path


def run(folder: Path, *sources: str, **options) -> Ran:
    cells = [cell("code", f"cell-{number}", source) for number, source in enumerate(sources, 1)]
    return run_notebook(written(folder, parameters(), *cells), {}, **options)


def printed(ran: Ran) -> str:
    outputs = [output for each in ran.notebook["cells"] for output in each.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def test_a_fork_puts_out_what_a_kernel_puts_out(tmp_path, monkeypatch):
    cells = [cell("code", name, source) for name, source in CELLS.items()]
    cells += [
        cell("code", "skipped", "print('never')", "skip-execution"),
        cell("markdown", "prose", "words"),
    ]
    path = written(tmp_path, parameters(), *cells)
    forked = run_notebook(path, {"lang": "en"}).notebook
    monkeypatch.setenv("RECOUNT_ENGINE", "kernels")
    assert forked == run_notebook(path, {"lang": "en"}).notebook
    outputs = {each["id"]: each.get("outputs") for each in forked["cells"]}
    assert outputs["skipped"] == []
    assert "second" in json.dumps(outputs["update"])


def test_a_cell_can_change_what_an_earlier_one_displayed(tmp_path):
    ran = run(tmp_path, "shown = display('first', display_id='one')", "shown.update('second')")
    outputs = [each["outputs"] for each in ran.notebook["cells"]]
    assert "second" in json.dumps(outputs[1])


def test_a_cell_that_raises_is_named_and_is_the_last(tmp_path):
    with pytest.raises(RunError, match=r"cell 3, id 'cell-2' \(1 / 0\):\n  ZeroDivisionError") as error:
        run(tmp_path, "print('so far')", "1 / 0", "print('never')")
    assert "so far" in json.dumps(error.value.notebook)
    assert "never" not in [output.get("text") for each in error.value.notebook["cells"] for output in each.get("outputs", [])]


def test_runs_share_neither_names_nor_random_numbers(tmp_path):
    source = "import random\nimport numpy as np\nprint('left' in globals(), random.random(), np.random.rand())\nleft = 1"
    one, other = printed(run(tmp_path, source)), printed(run(tmp_path, source))
    assert one.startswith("False")
    assert other.startswith("False")
    assert not set(one.split()[1:]) & set(other.split()[1:])


def test_a_notebook_runs_in_its_folder_and_tells_what_it_used(tmp_path):
    (tmp_path / "table.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "other.csv").write_text("a\n1\n", encoding="utf-8")
    ran = run(tmp_path, "import pandas\nprint(pandas.read_csv('table.csv').a.sum())", "import recount.figures.digits")
    assert printed(ran) == "1\n"
    used = {Path(path).name for path in ran.used if str(tmp_path) in path or "recount" in path}
    assert {"table.csv", "digits.py"} <= used
    assert not {"other.csv", "audit.py", "execution.py"} & used


def test_what_is_only_checked_is_not_used(tmp_path):
    ran = run(tmp_path, "from recount.package.dataset import load\nd = load()\nw = d.for_language('zh').statistics, d.terms")
    used = {path.rpartition("/")[2] for path in ran.used if "/data/" in path}
    assert {"statistics.csv#zh", "terms.csv#"} == used


def test_each_cell_is_timed_and_the_memory_is_told(tmp_path):
    heard = []
    ran = run(tmp_path, "import time\ntime.sleep(0.3)", "block = b'x' * 300_000_000", on_cell=lambda: heard.append(1))
    assert list(ran.cells) == ["parameters", "cell-1", "cell-2"]
    assert len(heard) == 3
    assert ran.cells["cell-1"] >= 0.3
    assert ran.seconds >= sum(ran.cells.values())
    assert ran.memory > 300_000_000


@pytest.mark.parametrize("engine", ["forks", "kernels"])
def test_a_notebook_that_takes_too_long_is_stopped(tmp_path, monkeypatch, engine):
    monkeypatch.setenv("RECOUNT_ENGINE", engine)
    note = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(100)"
    with pytest.raises(RunError, match="CellTimeout"):
        run(tmp_path, note, limit=5)
    pid = int((tmp_path / "pid").read_text())
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=20)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_fork_that_ends_early_fails_its_notebook_alone(tmp_path, end):
    with pytest.raises(RunError, match=r"DeadKernelError.*\n.*last words: goodbye") as error:
        run(tmp_path, "print('so far')", f"import os\nos.write(2, b'goodbye')\n{end}")
    assert "so far" in json.dumps(error.value.notebook)
    assert printed(run(tmp_path, "print('well')")) == "well\n"


def test_where_the_process_to_fork_from_died_another_is_started(tmp_path):
    run(tmp_path, "1")
    before = forks.preloaded()
    os.kill(before._process.pid, signal.SIGKILL)
    before._process.wait()
    assert printed(run(tmp_path, "print('well')")) == "well\n"
    assert forks.preloaded() is not before


def test_forks_end_with_a_killed_owner(tmp_path):
    """Whoever is killed cannot tidy up; what it started must notice by itself."""
    note = f"import os, time\nopen({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}')\ntime.sleep(100)"
    path = written(tmp_path, parameters(), cell("code", "wait", note))
    code = "import sys\nfrom pathlib import Path\nfrom recount.runs.running import run_notebook\nrun_notebook(Path(sys.argv[1]), {})"
    owner = subprocess.Popen([sys.executable, "-c", code, str(path)])
    while not (tmp_path / "pids").exists() or not (tmp_path / "pids").read_text():
        assert owner.poll() is None
        time.sleep(0.1)
    started = [psutil.Process(int(pid)) for pid in (tmp_path / "pids").read_text().split()]
    owner.kill()
    owner.wait()
    _, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []
