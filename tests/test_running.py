"""Notebooks in kernels of their own: what comes of them, and nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tiny_book import ROOT, cell, notebook, parameters

from recount.runs import InputError, kernel
from recount.runs.notebooks import INJECTED, NotebookError, read_notebook, write_notebook, written
from recount.runs.progress import Progress
from recount.runs.running import Ran, RunError, run_notebook


def run(folder: Path, *sources: str, **options) -> Ran:
    cells = [cell("code", f"cell-{number}", source) for number, source in enumerate(sources, 1)]
    return run_notebook(notebook(parameters(), *cells), {}, folder, **options)


def printed(content: dict) -> str:
    outputs = [output for content_cell in content["cells"] for output in content_cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


# -- what comes of them ---------------------------------------------------------------------------


def test_a_run_has_its_parameters_and_no_time_path_or_random_id(tmp_path):
    content = notebook(parameters(), cell("code", "a", "print(lang)"))
    first, second = (run_notebook(content, {"lang": "en"}, tmp_path).notebook for _ in range(2))
    assert written(first) == written(second)
    assert [kept["id"] for kept in first["cells"]] == ["parameters", INJECTED, "a"]
    assert printed(first) == "en\n"
    assert str(tmp_path) not in written(first)


def test_what_is_printed_little_by_little_is_one_output(tmp_path):
    ran = run(tmp_path, "import time\nfor i in range(4):\n    print(i, flush=True)\n    time.sleep(0.3)")
    assert [output["text"] for output in ran.notebook["cells"][1]["outputs"]] == ["0\n1\n2\n3\n"]


def test_a_cell_that_raises_is_named_and_is_the_last(tmp_path):
    with pytest.raises(RunError, match=r"cell 3, id 'cell-2' \(1 / 0\):\n  ZeroDivisionError") as error:
        run(tmp_path, "print('so far')", "1 / 0", "print('never')")
    assert printed(error.value.notebook) == "so far\n"


def test_a_cell_may_raise_where_its_tag_says_so(tmp_path):
    allowed = cell("code", "allowed", "1 / 0", "raises-exception")
    ran = run_notebook(notebook(allowed, cell("code", "next", "print('on')")), {}, tmp_path)
    assert ran.notebook["cells"][0]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert printed(ran.notebook) == "on\n"
    with pytest.raises(RunError, match=r"cell 2, id 'next' .*\n  KeyError"):
        run_notebook(notebook(allowed, cell("code", "next", "{}['x']")), {}, tmp_path)


def test_a_notebook_that_leaves_early_has_not_run_through(tmp_path):
    with pytest.raises(RunError, match=r"id 'cell-1' .*\n  SystemExit"):
        run(tmp_path, "raise SystemExit(0)", "print('never')")


def test_a_module_that_cannot_be_imported_is_named_with_a_remedy(tmp_path):
    with pytest.raises(
        RunError, match=r"id 'cell-1' \(import nowhere\):\n.*'nowhere'\n.*install what is missing"
    ):
        run(tmp_path, "import nowhere")


def test_modules_and_files_beside_a_notebook_are_found(tmp_path):
    (tmp_path / "beside.py").write_text("value = 7", encoding="utf-8")
    (tmp_path / "table.csv").write_text("a\n1\n", encoding="utf-8")
    assert (
        printed(run(tmp_path, "import beside\nprint(beside.value, open('table.csv').read())").notebook)
        == "7 a\n1\n\n"
    )


def test_the_reader_s_own_jupyter_has_no_part(tmp_path, monkeypatch):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("print = None", encoding="utf-8")
    kernels = tmp_path / "jupyter" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    assert printed(run(tmp_path, "import sys\nprint(sys.executable)").notebook) == f"{sys.executable}\n"


def test_each_cell_is_timed_and_the_memory_is_told(tmp_path):
    heard = []
    ran = run(
        tmp_path,
        "import time\ntime.sleep(0.3)",
        "block = b'x' * 300_000_000\ndel block",
        on_cell=lambda: heard.append(1),
    )
    assert list(ran.cells) == ["parameters", "cell-1", "cell-2"]
    assert len(heard) == 3
    assert ran.cells["cell-1"] >= 0.3
    assert ran.seconds >= sum(ran.cells.values())
    if Path("/proc/self/status").exists():
        assert ran.memory > 300_000_000


# -- nothing left behind --------------------------------------------------------------------------


def gone(pid: int) -> bool:
    if psutil.pid_exists(pid):
        psutil.wait_procs([psutil.Process(pid)], timeout=30)
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_notebook_that_takes_too_long_is_stopped(tmp_path):
    note = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(100)"
    with pytest.raises(RunError, match="CellTimeout"):
        run(tmp_path, note, limit=5)
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("end", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_kernel_that_dies_fails_its_notebook_with_its_last_words(tmp_path, end):
    with pytest.raises(RunError, match=r"DeadKernelError.*\n.*last words: goodbye") as error:
        run(tmp_path, "print('so far')", f"import os\nos.write(2, b'goodbye')\n{end}")
    assert printed(error.value.notebook) == "so far\n"


OWNER = """
import sys, threading
from pathlib import Path
from recount.runs import kernel
from recount.runs.notebooks import read_notebook
from recount.runs.running import run_notebook
path = Path(sys.argv[1])
run = threading.Thread(target=lambda: run_notebook(read_notebook(path), {}, path.parent))
run.start()
sys.stdin.readline()
kernel.stop(lambda: not run.is_alive())
"""


@pytest.mark.parametrize("end", ["killed", "stopped"])
def test_kernels_end_with_their_owner(tmp_path, end):
    """Whoever is killed cannot tidy up; what it started must notice by itself."""
    note = (
        f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(f'{{os.getpid()}}\\n')\ntime.sleep(100)"
    )
    path = tmp_path / "tried.ipynb"
    write_notebook(notebook(parameters(), cell("code", "wait", note)), path)
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(path)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith("\n"):
        assert owner.poll() is None
        time.sleep(0.1)
    if end == "killed":
        owner.kill()
        owner.wait()
    else:
        owner.communicate(b"\n", timeout=60)
    assert gone(int((tmp_path / "pid").read_text()))


def test_nothing_is_stopped_where_nothing_runs():
    kernel.stop(lambda: True)


# -- notebooks on disk ----------------------------------------------------------------------------


def older(minor: int, **metadata) -> dict:
    """A notebook of an older format: cells without ids, sources as lines."""
    code = {
        "cell_type": "code",
        "metadata": {},
        "source": ["a = 1\n", "a"],
        "outputs": [],
        "execution_count": None,
    }
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["words"]}
    return {"cells": [prose, code, prose, code], "metadata": metadata, "nbformat": 4, "nbformat_minor": minor}


@pytest.mark.parametrize("minor", range(6))
def test_a_notebook_of_any_format_from_4_0_gets_ids_that_prose_does_not_move(tmp_path, minor):
    path, content = tmp_path / "old.ipynb", older(minor)
    path.write_text(json.dumps(content), encoding="utf-8")
    read = read_notebook(path)
    assert [kept["id"] for kept in read["cells"]] == ["markdown-1", "code-1", "markdown-2", "code-2"]
    assert read["cells"][1]["source"] == "a = 1\na"
    content["cells"].insert(0, content["cells"][0])
    path.write_text(json.dumps(content), encoding="utf-8")
    assert [kept["id"] for kept in read_notebook(path)["cells"] if kept["cell_type"] == "code"] == [
        "code-1",
        "code-2",
    ]


def test_an_id_that_is_given_is_one_that_no_cell_has(tmp_path):
    content = older(5)
    content["cells"][3] = {**content["cells"][3], "id": "code-1"}
    (tmp_path / "some.ipynb").write_text(json.dumps(content), encoding="utf-8")
    assert [kept["id"] for kept in read_notebook(tmp_path / "some.ipynb")["cells"]] == [
        "markdown-1",
        "code-2",
        "markdown-2",
        "code-1",
    ]


R = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "is not a notebook that can be read"),
        ("[]", "found no list of cells of nbformat 4"),
        ("{}", "found no list of cells of nbformat 4"),
        (json.dumps({"worksheets": [], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}), "nbformat: 3.*nbconvert"),
        (json.dumps({**older(4), "cells": [{"cell_type": "code"}]}), "is not a sound notebook"),
        (json.dumps({**older(4), "cells": ["words"]}), "is not a sound notebook"),
        (json.dumps(notebook(parameters(), parameters())), "'parameters' is used twice"),
        (json.dumps(older(4, **R)), "found code for R .kernel 'ir'.; expected Python"),
        (json.dumps(older(4, kernelspec={"name": "julia-1.10", "display_name": "Julia"})), "found code for julia-1.10"),
        (json.dumps(older(4, language_info={"name": "scala"})), "found code for scala"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_notebook_for_python_is_named(tmp_path, content, complaint):
    path = tmp_path / "tried.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotebookError, match=rf"tried\.ipynb.*{complaint}") as error:
        read_notebook(path)
    assert isinstance(error.value, InputError)


@pytest.mark.parametrize("kernel", ["python3", "conda-python-3.12", "xpython", None])
def test_any_kernel_for_python_will_do(tmp_path, kernel):
    metadata = {"kernelspec": {"name": kernel, "display_name": "x"}} if kernel else {}
    write_notebook(older(4, **metadata), tmp_path / "fine.ipynb")
    assert len(read_notebook(tmp_path / "fine.ipynb")["cells"]) == 4


def test_prose_under_another_kernel_is_prose(tmp_path):
    write_notebook({**notebook(cell("markdown", "a", "words")), "metadata": R}, tmp_path / "words.ipynb")
    assert len(read_notebook(tmp_path / "words.ipynb")["cells"]) == 1


# -- how far they are -----------------------------------------------------------------------------


def test_elsewhere_than_at_a_terminal_there_is_a_line_for_each(capsys):
    with Progress(2, "run") as progress:
        progress.tell(f"[{progress.advance()}/2] done first", also_beside_a_bar=False)
        progress.tell(f"[{progress.advance()}/2] failed second")
    assert capsys.readouterr().err.splitlines() == ["[1/2] done first", "[2/2] failed second"]


def test_at_a_terminal_there_is_a_bar_and_only_what_matters_has_a_line(capsys):
    with Progress(2, "run", bar=True) as progress:
        progress.advance(title="first", place="1/7")
        progress.tell("done first", also_beside_a_bar=False)
        progress.advance(title="first")
        progress.tell("failed second")
    said = capsys.readouterr().err
    assert "2/2" in said
    assert "failed second" in said
    assert "done first" not in said
