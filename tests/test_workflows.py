"""The continuous integration: what the workflows call is there, and they may do no more than they must."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from recount.audit.settings import EVIDENCE
from recount.figures.readings import READINGS, ROUNDINGS
from recount.words import LANGS

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
JOBS = [
    (workflow, name, job) for workflow, content in WORKFLOWS.items() for name, job in content["jobs"].items()
]
IDS = [f"{workflow}-{name}" for workflow, name, _ in JOBS]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
ON = True  # YAML 1.1 reads the key `on` as true
MAY_WRITE = {("ci", "publish"): {"pages", "id-token"}, ("ledger", "comment"): {"pull-requests"}}


def commands(job: dict) -> list[tuple[str, dict]]:
    """Each step's commands with the variables set for them."""
    return [(step["run"], step.get("env", {})) for step in job["steps"] if "run" in step]


def make_calls(job: dict) -> list[tuple[str, list[str]]]:
    """Each make target called, with the variables handed to it."""
    calls = []
    for run, env in commands(job):
        for line in run.splitlines():
            if line.startswith("make "):
                words = line.split()[1:]
                given = [word.partition("=")[0] for word in words if "=" in word]
                calls += [(word, given + list(env)) for word in words if "=" not in word and word[0] != "-"]
    return calls


def variables() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z]+) [?:]= ?(.*)$", MAKEFILE, flags=re.M))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.M))


@pytest.mark.parametrize(("workflow", "name", "job"), JOBS, ids=IDS)
def test_a_job_calls_targets_and_scripts_that_are_there(workflow, name, job):
    for target, given in make_calls(job):
        assert target in targets(), target
        assert set(given) <= set(variables()), given
    for run, _ in commands(job):
        for script in re.findall(r"^\.ci/\S+", run, flags=re.M):
            assert os.access(ROOT / script, os.X_OK), script


def test_the_steps_that_matter_are_make_targets():
    called = {target for _, _, job in JOBS for target, _ in make_calls(job)}
    assert called >= {"book", "matrix", "lint", "ledger-diff", "links"}
    assert any(run == ".ci/run" for _, _, job in JOBS for run, _ in commands(job))
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(("workflow", "name", "job"), JOBS, ids=IDS)
def test_a_job_may_write_only_where_it_must_and_then_runs_no_code_of_the_checkout(workflow, name, job):
    top = WORKFLOWS[workflow]["permissions"]
    assert top in ({}, {"contents": "read"})
    allowed = job.get("permissions", top)
    writing = {scope for scope, access in allowed.items() if access != "read"}
    assert writing == MAY_WRITE.get((workflow, name), set())
    checkouts = [step for step in job["steps"] if "actions/checkout" in step.get("uses", "")]
    if writing:
        assert not checkouts
        assert not make_calls(job)
    for step in checkouts:
        assert step["with"]["persist-credentials"] is False


def test_no_workflow_gives_the_code_of_a_fork_a_token():
    for content in WORKFLOWS.values():
        assert not {"pull_request_target", "workflow_run"} & set(content[ON])
        assert "secrets." not in yaml.safe_dump(content)


@pytest.mark.parametrize(("workflow", "name", "job"), JOBS, ids=IDS)
def test_a_job_has_a_machine_and_a_time_limit(workflow, name, job):
    assert job["runs-on"] == "ubuntu-24.04"
    assert 0 < job["timeout-minutes"] <= 60


def test_actions_are_named_by_commit_the_same_everywhere_with_their_version():
    used: dict[str, set[str]] = {}
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        for name, pin in re.findall(r"uses: (\S+?)@(.+)", path.read_text(encoding="utf-8")):
            assert re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", pin), (path.name, name, pin)
            used.setdefault(name, set()).add(pin)
    assert all(len(pins) == 1 for pins in used.values()), used


def test_tested_versions_of_python_are_those_the_package_is_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = SpecifierSet(project["requires-python"])
    versions = set(WORKFLOWS["ci"]["jobs"]["test"]["strategy"]["matrix"]["python"])
    for _, _, job in JOBS:
        for step in job["steps"]:
            named = str(step.get("with", {}).get("python-version", ""))
            versions |= {named} if named and "matrix" not in named else set()
    assert all(version in promised for version in versions)
    oldest = min(versions, key=lambda version: tuple(map(int, version.split("."))))
    assert f"3.{int(oldest.split('.')[1]) - 1}" not in promised, "the oldest promised version is tested"


def test_the_matrix_is_every_combination_of_the_parameters():
    variables_of_make = variables()
    for name, values in {
        "LANGS": LANGS,
        "READINGS": READINGS,
        "ROUNDINGS": ROUNDINGS,
        "EVIDENCE": EVIDENCE,
    }.items():
        assert set(variables_of_make[name].split(",")) == set(values), name
    split = WORKFLOWS["ci"]["jobs"]["matrix"]["strategy"]["matrix"]
    assert set(split["lang"]) == set(LANGS)
    assert set(split["reading"]) == set(READINGS)


def test_the_matrix_hands_its_parameters_to_the_sweep():
    done = subprocess.run(
        ["make", "-n", "matrix", "LANGS=en", "READINGS=loose", "CHAPTERS=lead", "JOBS=3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    command = " ".join(done.stdout.split())
    for part in (
        "sweep lead ",
        "--set lang=en ",
        "--set reading=loose ",
        "--set rounding=half_up,",
        "--jobs 3",
    ):
        assert part in command


def test_only_what_passed_on_main_is_published():
    jobs = WORKFLOWS["ci"]["jobs"]
    assert set(jobs["publish"]["needs"]) == set(jobs) - {"publish"}
    for condition in (jobs["publish"]["if"], jobs["test"]["steps"][-1]["if"]):
        assert "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'" in condition


def test_make_help_tells_of_every_target():
    help_text = "".join(re.findall(r"^# (.*)$", MAKEFILE, flags=re.M))
    assert {target for target in targets() if f"make {target}" not in help_text} <= {
        "help",
        "setup",
        "setup-test",
    }


# -- the comment on a pull request ----------------------------------------------------------------

FAKE_GH = """#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in *--paginate*) cat "$ANSWER";; esac
"""


def comment(folder: Path, answer: str) -> list[str]:
    """The calls of `gh` that the comment's step makes when GitHub answers that `found` is there."""
    (folder / "gh").write_text(FAKE_GH, encoding="utf-8")
    (folder / "gh").chmod(0o755)
    (folder / "answer").write_text(answer, encoding="utf-8")
    step = WORKFLOWS["ledger"]["jobs"]["comment"]["steps"][-1]
    env = {name: re.sub(r"\$\{\{.*?\}\}", "x", value) for name, value in step["env"].items()}
    env |= {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "LOG": str(folder / "log"),
        "ANSWER": str(folder / "answer"),
    }
    subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=folder, env=env, check=True)
    return (folder / "log").read_text(encoding="utf-8").splitlines()


def test_the_comment_is_written_once_and_then_anew(tmp_path):
    asked, written = comment(tmp_path, "")
    assert "<!-- recount ledger-diff -->" in asked
    assert written == "api --silent --method POST repos/x/issues/x/comments --field body=@ledger-diff.md"
    (tmp_path / "log").unlink()
    _, written = comment(tmp_path, "41\n42\n")
    assert written == "api --silent --method PATCH repos/x/issues/comments/41 --field body=@ledger-diff.md"


def test_a_fork_s_pull_request_gets_the_summary_only():
    jobs = WORKFLOWS["ledger"]["jobs"]
    assert "head.repo.full_name == github.repository" in jobs["comment"]["if"]
    assert any("GITHUB_STEP_SUMMARY" in run for run, _ in commands(jobs["difference"]))


# -- what the targets call ------------------------------------------------------------------------

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A repository with the package, its data and the scripts, and one commit."""
    for name in ("recount", "data", ".ci"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *words], cwd=tmp_path, check=True)
    return tmp_path


def script(folder: Path, *words: str) -> subprocess.CompletedProcess:
    env = os.environ | {"BIN": str(Path(sys.executable).parent)}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "data" / "statistics.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@needs_git
def test_the_ledger_of_a_commit_is_compared_with_the_checkout_s(checkout):
    change(checkout, ",24万亿元,", ",2.4万亿元,")
    done = script(checkout, ".ci/ledger-diff", "HEAD", "out/diff.md")
    assert done.returncode == 0, done.stderr
    assert "| `platform_credit` | contradicted | **consistent** |" in done.stdout
    assert "| statistic | HEAD | here |" in done.stdout
    assert (checkout / "out" / "diff.md").read_text(encoding="utf-8") == done.stdout
    wrong = script(checkout, ".ci/ledger-diff", "no-such-commit", "out/diff.md")
    assert wrong.returncode == 2
    assert "no-such-commit: no such commit here" in wrong.stderr


def test_the_dataset_check_names_file_row_and_column(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    change(tmp_path, ",24万亿元,", ",24万亿块,")
    done = script(ROOT, sys.executable, ".ci/check_data.py", str(tmp_path / "data"))
    assert done.returncode == 1
    assert re.search(
        r"data/statistics\.csv, row \d+, column printed: found '24万亿块'; expected", done.stdout
    )
    assert script(ROOT, sys.executable, ".ci/check_data.py").stdout == ""


def test_every_hook_s_command_is_there():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert all(repo["repo"] == "local" for repo in hooks), "the desk needs no network"
    for hook in (hook for repo in hooks for hook in repo["hooks"]):
        for word in hook["entry"].split():
            if word.startswith(".ci/"):
                assert (ROOT / word).exists(), word
    assert (ROOT / ".ci" / "strip-notebooks").stat().st_mode & stat.S_IXUSR


def test_stripping_takes_out_a_run_and_nothing_else(tmp_path):
    pytest.importorskip("nbstripout", reason="in requirements-dev.txt: make hooks")
    source = ROOT / "chapters" / "closing.ipynb"
    path = tmp_path / "closing.ipynb"
    shutil.copy(source, path)
    assert script(ROOT, ".ci/strip-notebooks", str(path)).returncode == 0
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"]["language_info"]["version"] = "3.11.7"
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"editable": True, "execution": {"iopub.status.idle": "now"}}
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["12"]}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    done = script(ROOT, ".ci/strip-notebooks", str(path))
    assert done.returncode == 1
    assert f"{path}: held outputs" in done.stdout
    assert path.read_bytes() == source.read_bytes()
