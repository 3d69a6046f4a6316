"""A sweep on this machine: what is kept of each run, what fails, what is taken up again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import fastparquet
import fsspec
import pytest
from packages import make, quantity, statistic
from sweeping import COMMAND, begun, done, records, sweep, write_notebook
from tiny_book import cell, make_book, notebook, parameters, second_chapter, write_chapter

from recount.runs.notebooks import INJECTED, read_notebook
from recount.sweep.engine import prepare, run
from recount.sweep.grid import Grid, SweepError
from recount.sweep.local import local
from recount.sweep.store import Store
from recount.sweep.table import DONE
from recount.sweep.task import Outcome

FAILS_AT_TWO = "print('so far')\nif n == 2:\n    raise ValueError('two is too many')\nn * 10"
SLOW = "import time\ntime.sleep(0.4)"


def content(out: Path | str, name: str) -> bytes:
    files, root = fsspec.url_to_fs(str(out))
    return files.cat_file(f"{root}/{name}")


def csv_rows(out: Path | str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(out, "runs.csv").decode(), newline="")))


def parquet_rows(out: Path | str) -> list[dict[str, object]]:
    return fastparquet.ParquetFile(io.BytesIO(content(out, "runs.parquet"))).to_pandas().to_dict("records")


def as_csv(value: object) -> str:
    """A value of the Parquet table as CSV has it."""
    if value is None or value != value or str(value) == "<NA>":
        return ""
    return str(value).lower() if str(value) in ("True", "False") else str(value)


# -- end to end -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> tuple[Path, Path]:
    """A sweep of three values by two, of which one value fails: the notebook's folder and the outcome's."""
    folder = tmp_path_factory.mktemp("swept")
    path, out = write_notebook(folder, code=FAILS_AT_TWO), folder / "out"
    result = sweep(path, "--set", "n=1,2,3", "--set", "word=one,two", "--out", out, "--jobs", 2)
    assert result.exit_code == 1
    assert "6 runs: 4 done, 2 failed" in result.stdout
    failed = sorted(line.split(": ")[1] for line in result.stderr.splitlines() if line.startswith("failed: "))
    assert failed == sorted(row["run"] for row in csv_rows(out) if row["status"] == "failed")
    return folder, out


def test_every_combination_is_run_once(swept):
    assert begun(swept[0]) == Counter(f"tiny {n} {word}" for n in (1, 2, 3) for word in ("one", "two"))


def test_a_run_s_folder_holds_the_executed_notebook(swept):
    for row in csv_rows(swept[1]):
        if row["status"] == "done":
            cells = {
                cell["id"]: cell for cell in read_notebook(swept[1] / row["run"] / "tiny.ipynb")["cells"]
            }
            assert list(cells) == ["parameters", INJECTED, "note", "work"]  # and none that the sweep added
            result = cells["work"]["outputs"][-1]["data"]["text/plain"]
            assert "".join(result) == str(10 * int(row["n"]))


def test_a_failed_run_has_its_error_and_its_notebook_and_stops_no_other(swept):
    for row in csv_rows(swept[1]):
        assert row["status"] == ("failed" if row["n"] == "2" else "done")
        if row["n"] == "2":
            assert "ValueError: two is too many" in row["error"]
            assert "cell 3, id 'work'" in row["error"]
            partial = (swept[1] / row["run"] / "tiny.ipynb").read_text(encoding="utf-8")
            assert "so far" in partial
            assert "recount.chapter" not in partial


def test_parquet_and_csv_hold_the_same(swept):
    rows, others = csv_rows(swept[1]), parquet_rows(swept[1])
    assert [{name: as_csv(value) for name, value in row.items()} for row in others] == rows
    assert list(rows[0]) == ["run", "chapter", "label", "n", "word", "status", "error", "seconds", "memory"]
    assert [(row["n"], row["word"]) for row in others] == [(n, w) for n in (1, 2, 3) for w in ("one", "two")]
    assert all(row["seconds"] > 0 for row in others)


def test_the_same_command_repeats_nothing_but_what_failed(swept):
    folder, out = swept
    before, known = begun(folder), csv_rows(out)
    result = sweep(folder / "tiny.ipynb", "--set", "n=1,2,3", "--set", "word=one,two", "--out", out)
    assert "4 of 6 runs done before, 2 to go" in result.stderr
    assert begun(folder) - before == Counter(["tiny 2 one", "tiny 2 two"])
    assert [row for row in csv_rows(out) if row["n"] != "2"] == [row for row in known if row["n"] != "2"]


def test_all_chapters_of_a_book(tmp_path, monkeypatch):
    monkeypatch.chdir(make_book(tmp_path / "book"))
    result = done("first", "second", "--set", "lang=zh,en")
    (out,) = (tmp_path / "book" / "_build" / "sweeps").iterdir()
    assert [line for line in result.stdout.splitlines() if line.endswith(".csv")] == [
        f"_build/sweeps/{out.name}/runs.csv"
    ]
    assert [(row["chapter"], row["lang"], row["status"]) for row in csv_rows(out)] == [
        (name, lang, "done") for name in ("first", "second") for lang in ("zh", "en")
    ]
    assert json.loads((out / "sweep.json").read_text(encoding="utf-8"))["parameters"] == {
        "lang": ["zh", "en"]
    }


def test_a_notebook_without_a_grid_is_one_run(tmp_path):
    done(write_notebook(tmp_path), "--out", tmp_path / "out")
    assert len(csv_rows(tmp_path / "out")) == 1
    assert INJECTED not in next((tmp_path / "out").glob("*/tiny.ipynb")).read_text(encoding="utf-8")


def test_labels_and_mappings_reach_the_table(tmp_path):
    path = write_notebook(tmp_path, declares="n = 0\nword = ''\noverrides = None")
    values = tmp_path / "overrides.yml"
    values.write_text("more: {b: 6%, a: 五成}\nas printed: null\n", encoding="utf-8")
    out = tmp_path / "out"
    done(path, "--set", f"overrides=@{values}", "--set", "n=1,2.5", "--set", "word=true,x", "--out", out)
    rows = csv_rows(out)
    assert [row["label"] for row in rows] == ["more"] * 4 + ["as printed"] * 4
    assert {row["overrides"] for row in rows} == {'{"a":"五成","b":"6%"}', ""}
    assert {row["word"] for row in rows} == {"true", '"x"'}  # a mixture is JSON, so that no two look alike
    assert {row["n"] for row in parquet_rows(out)} == {1.0, 2.5}
    assert [{name: as_csv(value) for name, value in row.items()} for row in parquet_rows(out)] == rows
    values.write_text("many: {b: 6%, a: 五成}\nas printed: null\n", encoding="utf-8")
    before = begun(tmp_path)
    done(path, "--set", f"overrides=@{values}", "--set", "n=1,2.5", "--set", "word=true,x", "--out", out)
    assert begun(tmp_path) == before  # another label is no other run
    assert [row["label"] for row in csv_rows(out)] == ["many"] * 4 + ["as printed"] * 4


# -- what runs again --------------------------------------------------------------------------------


def test_changed_code_runs_again_and_nothing_else(tmp_path):
    changed, other, out = write_notebook(tmp_path, "one"), write_notebook(tmp_path, "other"), tmp_path / "out"
    arguments = (changed, other, "--set", "n=1,2", "--out", out)
    done(*arguments)
    before = begun(tmp_path)
    write_notebook(tmp_path, "one", code="print('changed')")
    done(*arguments)
    assert begun(tmp_path) - before == Counter(["one 1", "one 2"])
    assert all("changed" in path.read_text(encoding="utf-8") for path in out.glob("*/one.ipynb"))


def test_changed_data_runs_again_and_a_larger_grid_takes_over_what_it_has(tmp_path):
    data, out = (
        make(tmp_path / "data", quantities=[quantity("a")], statistics=[statistic("a", "5家")]),
        tmp_path / "out",
    )
    path = write_notebook(tmp_path, declares="n = 0\nword = ''\ndata_dir = None")
    arguments = (path, "--set", f"data_dir={data}", "--out", out)
    done(*arguments, "--set", "n=1,2")
    done(*arguments, "--set", "n=1,2,3")
    assert begun(tmp_path) == Counter(["tiny 1", "tiny 2", "tiny 3"])
    (data / "notes.csv").write_text("a\n1\n", encoding="utf-8")
    done(*arguments, "--set", "n=1,2,3")
    assert begun(tmp_path) == Counter({"tiny 1": 2, "tiny 2": 2, "tiny 3": 2})


def test_a_sweep_depends_on_the_files_around_its_notebook(tmp_path):
    """By the same key as the chapters of a book."""
    path, out = write_notebook(tmp_path, code="import beside"), tmp_path / "out"
    values = tmp_path / "n.yml"
    values.write_text("[1, 2]", encoding="utf-8")
    (tmp_path / "beside.py").write_text("a = 1", encoding="utf-8")
    done(path, "--set", f"n=@{values}", "--out", out)
    values.write_text("[1, 2, 3]", encoding="utf-8")  # the grid itself is in each run's parameters
    done(path, "--set", f"n=@{values}", "--out", out)
    assert begun(tmp_path) == Counter(["tiny 1", "tiny 2", "tiny 3"])
    (tmp_path / "beside.py").write_text("a = 2", encoding="utf-8")
    done(path, "--set", f"n=@{values}", "--out", out)
    assert begun(tmp_path) == Counter({"tiny 1": 2, "tiny 2": 2, "tiny 3": 2})


def test_a_chapter_of_a_book_depends_on_the_whole_book_but_not_on_other_chapters(tmp_path, monkeypatch):
    root = make_book(tmp_path / "book")
    monkeypatch.chdir(root)
    done("first", "--set", "lang=zh", "--out", tmp_path / "out")
    write_chapter(root, "second", second_chapter("print('other')"))
    assert "1 of 1 run done before" in done("first", "--set", "lang=zh", "--out", tmp_path / "out").stderr
    (root / "data" / "table.csv").write_text("a,b\n1,3\n", encoding="utf-8")
    assert "done before" not in done("first", "--set", "lang=zh", "--out", tmp_path / "out").stderr


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"status": "done"}'])
def test_a_record_that_is_not_whole_is_none(tmp_path, damage):
    path, out = write_notebook(tmp_path), tmp_path / "out"
    done(path, "--set", "n=1,2", "--out", out)
    victim = next(out.glob("*n-1*/run.json"))
    victim.write_text(damage, encoding="utf-8")
    done(path, "--set", "n=1,2", "--out", out)
    assert begun(tmp_path) == Counter({"tiny 1": 2, "tiny 2": 1})
    assert len(csv_rows(out)) == 2


def wait_for(condition, process: subprocess.Popen) -> None:
    """Wait for what the process is to bring about."""
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def started(path: Path, out: Path) -> subprocess.Popen:
    command = [*COMMAND, str(path), "--set", "n=1,2,3,4,5,6,7,8", "--out", str(out), "--jobs", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for(lambda: len(records(out)) >= 2, process)
    return process


def test_a_sweep_that_is_killed_goes_on_where_it_was(tmp_path):
    path, out = write_notebook(tmp_path, code=SLOW), tmp_path / "out"
    process = started(path, out)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept, before = records(out), begun(tmp_path)
    assert 2 <= len(kept) < 8
    assert not (out / "runs.csv").exists()
    done(path, "--set", "n=1,2,3,4,5,6,7,8", "--out", out)
    ran = begun(tmp_path) - before
    assert not {f"tiny {record['parameters']['n']}" for record in kept.values()} & set(ran)
    assert len(records(out)) == len(csv_rows(out)) == 8
    assert {name: record for name, record in records(out).items() if name in kept} == kept


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_sweep_that_is_stopped_keeps_what_is_under_way_and_says_so(tmp_path, number, code):
    path, out = write_notebook(tmp_path, code=SLOW), tmp_path / "out"
    process = started(path, out)
    os.killpg(process.pid, number)  # as a terminal does: everything below it gets the signal too
    _, said = process.communicate()
    assert process.returncode == code, said
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    kept = {f"tiny {record['parameters']['n']}" for record in records(out).values()}
    assert set(begun(tmp_path)) == kept  # none begun in vain
    assert len(kept) == len(csv_rows(out)) < 8
    assert {record["status"] for record in records(out).values()} == {"done"}


# -- where it is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["memory://sweep-test", "file://{}/out", "dir://out::file://{}"])
def test_outcomes_go_to_any_file_system(tmp_path, kind):
    address, path = kind.format(tmp_path), write_notebook(tmp_path)
    result = done(path, "--set", "n=1,2", "--out", address)
    assert f"{address}/runs.parquet" in result.stdout
    files, root = fsspec.url_to_fs(address)
    names = sorted(name.removeprefix(root).lstrip("/") for name in files.find(root))
    runs = sorted(row["run"] for row in parquet_rows(address))
    assert names == sorted(
        [
            "runs.csv",
            "runs.parquet",
            "sweep.json",
            *(f"{run}/{name}" for run in runs for name in ("run.json", "tiny.ipynb")),
        ]
    )
    done(path, "--set", "n=1,2", "--out", address)
    assert begun(tmp_path) == Counter(["tiny 1", "tiny 2"])


@pytest.mark.parametrize("address", ["nosuch://bucket/x", "http://127.0.0.1:1/x", "{}/file.txt"])
def test_a_place_that_cannot_be_written_is_named_before_anything_runs(tmp_path, address):
    (tmp_path / "file.txt").write_text("in the way", encoding="utf-8")
    address = address.format(tmp_path)
    result = sweep(write_notebook(tmp_path), "--out", address)
    assert result.exit_code == 1
    assert f"Error: --out {address}: cannot be" in result.stderr
    assert "expected a folder, or an address that fsspec can write to" in result.stderr
    assert not begun(tmp_path)


def test_a_store_that_fails_half_way_ends_the_sweep_and_keeps_what_it_has(tmp_path, monkeypatch):
    prepared = prepare([str(write_notebook(tmp_path))], Grid.of(n=[1, 2, 3]), str(tmp_path / "out"))
    keep = Store.keep

    def full(store, name, *rest):
        if prepared.records:
            raise SweepError("--out: the disk is full")
        keep(store, name, *rest)

    monkeypatch.setattr(Store, "keep", full)
    with pytest.raises(SweepError, match="disk is full"):
        run(prepared, lambda tasks, kept: local(tasks, kept, 1))
    assert len(csv_rows(tmp_path / "out")) == len(records(tmp_path / "out")) == 1


def test_a_notebook_is_never_beside_the_record_of_another_run(tmp_path):
    store = Store(str(tmp_path))
    store.keep("run", ("a.ipynb", b"old"), {"key": "old"})

    class StoppedError(Exception):
        pass

    def write(name, content):
        raise StoppedError

    whole, store.write = store.write, write
    with pytest.raises(StoppedError):
        store.keep("run", ("a.ipynb", b"new"), {"key": "new"})
    assert store.records(["run"]) == {}
    store.write = whole
    store.keep("run", ("a.ipynb", b"new"), {"key": "new"})
    assert store.records(["run"]) == {"run": {"key": "new"}}
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["a.ipynb", "run.json"]


# -- verdicts ------------------------------------------------------------------------------------------


def test_verdicts_are_those_of_the_audit_under_the_same_settings(tmp_path):
    out = tmp_path / "out"
    done("closing", "--set", "reading=loose", "--set", "overrides={issuing_agencies: 七部门}", "--out", out)
    (row,) = csv_rows(out)
    command = [
        *COMMAND[:-1],
        "audit",
        "--format",
        "json",
        "--reading",
        "loose",
        "--override",
        "issuing_agencies=七部门",
    ]
    ledger = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert {name: value for name, value in row.items() if name.startswith("verdict_")} == {
        f"verdict_{record['id']}": record["verdict"] for record in ledger
    }
    assert row["verdict_issuing_agencies"] == "contradicted"
    (kept,) = out.glob("*/closing.ipynb")
    assert "vnd.recount.verdicts" not in kept.read_text(encoding="utf-8")


def test_verdicts_are_those_of_the_chapter_opened_first(tmp_path):
    data = make(
        tmp_path / "data", quantities=[quantity("a", integer=True)], statistics=[statistic("a", "5家")]
    )
    opens = (
        "from recount.chapter import Chapter\nchapter = Chapter('x', data_dir=data_dir)\nother = Chapter('y')"
    )
    out = tmp_path / "out"
    done(
        write_notebook(tmp_path, code=opens, declares="n = 0\nword = ''\ndata_dir = None"),
        write_notebook(tmp_path, "plain", declares="n = 0\nword = ''\ndata_dir = None"),
        "--set",
        f"data_dir={data}",
        "--out",
        out,
    )
    rows = csv_rows(out)
    assert [row["verdict_a"] for row in rows] == ["unchecked", ""]
    assert [name for name in rows[0] if name.startswith("verdict_")] == ["verdict_a"]


# -- what is refused before anything runs ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "found no chapter; expected one or more, such as lead"),
        (["leed"], "leed: no such chapter; expected one of index, lead, "),
        (["leed"], "or the path of an .ipynb file (did you mean lead?)"),
        (["missing.ipynb"], "missing.ipynb: no such file; expected a notebook"),
        (["closing", "--set", "readng=loose"], "--set readng: closing.ipynb has no such parameter; expected one of lang, "),
        (["closing", "--set", "readng=loose"], "(did you mean reading?)"),
        (["closing", "--set", "reading=strict"], "--set reading: found 'strict'; expected one of 'literal', "),
        (["closing", "--set", "lang=fr"], "--set lang: found 'fr'; expected one of 'zh', 'en'"),
        (["closing", "--set", "evidence=none"], "--set evidence: found 'none'; expected one of"),
        (["closing", "--set", "overrides={platform_credit: a lot}"], "--set overrides['platform_credit']: found 'a lot'"),
        (["closing", "--set", "overrides={platfrom: 5%}"], "--set overrides: found 'platfrom'; expected one of"),
        (["closing", "--set", "assumptions={borrowers_one_year: 1}"], "found 1; expected true or false"),
        (["closing", "--set", "data_dir=/no/such"], "--set data_dir: "),
        (["closing", "--set", "data_dir=5"], "--set data_dir: found 5; expected the path of a data package"),
        (["closing", "--jobs", "2", "--dask", "tcp://127.0.0.1:1"], "with --dask the workers' threads decide"),
        (["closing", "--bounds"], "--bounds: expected together with --audit-only"),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_named_before_anything_runs(arguments, message, tmp_path):
    result = sweep(*arguments, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert message in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (notebook(cell("code", "work", "1")), "tiny.ipynb: found no cell tagged `parameters`"),
        (notebook(cell("code", "parameters", "n = ", "parameters")), "tiny.ipynb, cell 'parameters': invalid syntax"),
        (notebook(cell("code", "parameters", "status = 0", "parameters")), "has no such parameter; expected one of status"),
        ({"cells": [{"cell_type": "code", "source": ""}]}, "found no list of cells of nbformat 4"),
        (notebook(parameters()) | {"metadata": {"kernelspec": {"name": "ir", "display_name": "R"}}}, "found code for ir"),
        ("nothing", "is not a notebook that can be read"),
    ],
)  # fmt: skip
def test_a_notebook_that_cannot_be_swept_is_named(content, message, tmp_path):
    path = tmp_path / "tiny.ipynb"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    result = sweep(path, "--set", "n=1", "--out", tmp_path / "out")
    assert (result.exit_code, message in result.stderr) == (1, True), result.stderr


def test_a_parameter_called_as_a_column_is_refused(tmp_path):
    path = write_notebook(tmp_path, declares="status = 0")
    result = sweep(path, "--set", "status=1", "--out", tmp_path / "out")
    assert "--set status: the table has a column status that means something else" in result.stderr


def test_two_notebooks_of_one_name_are_refused(tmp_path):
    (tmp_path / "other").mkdir()
    first, second = write_notebook(tmp_path), write_notebook(tmp_path / "other")
    assert (
        f"another notebook is called tiny too, {first}"
        in sweep(first, second, "--out", tmp_path / "out").stderr
    )


@pytest.mark.parametrize("missing", ["papermill", "fastparquet", "fsspec"])
def test_what_is_not_installed_is_named(missing, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("recount.sweep.") and "command" not in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    result = sweep(write_notebook(tmp_path), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert (
        f"Error: `recount sweep` needs {missing}, which is not installed: `pip install 'recount[sweep]'`"
        in result.stderr
    )


# -- how far it is ---------------------------------------------------------------------------------------


def test_without_a_terminal_there_is_a_line_for_each_run(tmp_path):
    result = done(write_notebook(tmp_path), "--set", "n=1,2", "--out", tmp_path / "out", "--jobs", 1)
    lines = [line for line in result.stderr.splitlines() if line.startswith("[")]
    assert [re.sub("[0-9a-f]{10} .*", "…", line) for line in lines] == [
        "[1/2] done tiny-n-1-…",
        "[2/2] done tiny-n-2-…",
    ]


def test_outcomes_reach_the_table_in_the_order_of_the_grid(tmp_path):
    """Whatever order they come in."""
    prepared = prepare([str(write_notebook(tmp_path))], Grid.of(n=[1, 2, 3]), "memory://order")

    def backwards(tasks, keep):
        for number in reversed(range(len(tasks))):
            keep(number, Outcome(DONE, "", 1.0, 2**31 + number))

    run(prepared, backwards)
    assert [(row["n"], row["memory"]) for row in parquet_rows("memory://order")] == [
        (n + 1, 2**31 + n) for n in range(3)
    ]
