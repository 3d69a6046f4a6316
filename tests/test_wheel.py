"""The installed package by itself: a wheel in an environment of what it declares to need, away from the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow
SOURCES = ("recount", "pyproject.toml", "README.md", "LICENSE")
TEXT = "In 2023 the bank lent 50 billion yuan. Of this 20.4 billion yuan, more than 40%, went to 1,200 small firms.\n"


def needed(requirement: Requirement, known: dict[str, set[str]]) -> dict[str, set[str]]:
    """The distributions that a requirement brings, by name, with the extras asked of each."""
    name = canonicalize_name(requirement.name)
    if name in known and requirement.extras <= known[name]:
        return known
    extras = known.setdefault(name, set())
    extras |= requirement.extras
    for text in distribution(name).requires or ():
        further = Requirement(text)
        if any(not further.marker or further.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            needed(further, known)
    return known


def offer(names: set[str], folder: Path) -> None:
    """Show in a folder these distributions of the environment that the tests run in, and no others."""
    folder.mkdir()
    for name in names:
        installed = distribution(name)
        for top in {
            file.parts[0] for file in installed.files or () if file.parts[0] not in ("..", "__pycache__")
        }:
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(installed.locate_file(top))))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy, so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else shutil.copy(
            source, folder
        )
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    subprocess.run([*build, "--wheel-dir", "dist", "."], cwd=folder, check=True)
    (built,) = (folder / "dist").glob("*.whl")
    return built


class Installed:
    """An environment that holds the wheel, and what it says that it needs."""

    def __init__(self, folder: Path, wheel: Path):
        self.folder, self.away = folder, folder / "away"
        self.away.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
        self.bin = folder / "env" / "bin"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "--python",
                self.bin / "python",
                "install",
                "--quiet",
                "--no-index",
                "--no-deps",
                wheel,
            ],
            check=True,
        )
        (self.site,) = (folder / "env" / "lib").glob("python*/site-packages")
        (metadata,) = self.site.glob("recount-*.dist-info")
        requires = re.findall(
            r"^Requires-Dist: (.+)$", (metadata / "METADATA").read_text(encoding="utf-8"), re.M
        )
        names: dict[str, set[str]] = {}
        for text in requires:
            if (requirement := Requirement(text)).marker is None:
                needed(requirement, names)
        offer(set(names), folder / "needs")
        (self.site / "needs.pth").write_text(f"{folder / 'needs'}\n", encoding="utf-8")

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        program, *arguments = map(str, command)
        bare = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "RECOUNT"))}
        return subprocess.run(
            [self.bin / program, *arguments], cwd=self.away, env=bare, capture_output=True, text=True
        )

    def output(self, *command: str | Path) -> str:
        done = self.run(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheel) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"), wheel)


def test_it_is_the_installed_package_that_runs(installed):
    where = installed.output("python", "-c", "import recount; print(recount.__file__)").strip()
    assert installed.site in Path(where).parents
    for absent in ("matplotlib", "IPython", "sphinx", "pytest"):
        assert installed.run("python", "-c", f"import {absent}").returncode != 0


def test_it_parses_figures(installed):
    lines = installed.output("recount", "parse", "9.6万亿元", "120所学校", "1,200 patients").splitlines()
    assert [json.loads(line)["unit"] for line in lines] == ["yuan", "count", "count"]


def test_it_audits_a_package(installed):
    case = shutil.copytree(ROOT / "examples/press-cases/grim_28", installed.away / "case")
    records = json.loads(installed.output("recount", "audit", "--data", case, "--format", "json"))
    assert "contradicted" in {record["verdict"] for record in records}


def test_it_starts_a_package_from_a_text_and_audits_it(installed):
    (installed.away / "text.txt").write_text(TEXT, encoding="utf-8")
    assert "4 statistic" in installed.output("recount", "init", "new", "--from", "text.txt")
    complaint = installed.run("recount", "audit", "--data", "new").stderr
    assert "found no statistics; expected rows in statistics.csv" in complaint


def test_it_audits_a_report_of_a_few_lines(installed):
    code = (
        "from recount.audit import Audit\nfrom recount.package import report\n"
        "data = report({'share': '26%', 'part': '2.50亿元', 'whole': '9.60亿元'}, ['share == part / whole'])\n"
        "print(Audit(data).verdicts['share'])"
    )
    assert installed.output("python", "-c", code).strip() == "confirmed"


def test_it_says_what_a_sweep_does_and_needs(installed):
    assert "Usage: recount sweep" in installed.output("recount", "sweep", "--help")


def test_it_runs_as_a_module(installed):
    parsed = installed.output("python", "-m", "recount", "parse", "40%")
    assert parsed == installed.output("recount", "parse", "40%")
    assert "Usage: python -m recount" in installed.output("python", "-m", "recount", "--help")


def test_without_a_package_the_audit_says_what_to_name(installed):
    done = installed.run("recount", "audit")
    assert done.returncode == 1
    assert "expected a data package. Name the folder of one (--data DIR" in done.stderr


def test_charts_say_what_they_need(installed):
    assert "pip install 'recount[charts]'" in installed.run("python", "-c", "import recount.charts").stderr


@pytest.mark.parametrize("name", ["units.csv", "readings.csv"])
def test_a_wheel_without_its_resources_names_place_and_remedy(installed, name):
    resource = installed.site / "recount" / "resources" / name
    content = resource.read_bytes()
    resource.unlink()
    try:
        done = installed.run("recount", "parse", "40%")
    finally:
        resource.write_bytes(content)
    assert done.returncode == 1
    assert f"Error: {resource}: found no such file" in done.stderr
    assert "install recount again" in done.stderr
    assert "Traceback" not in done.stderr
