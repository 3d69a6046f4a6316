"""Packages found sound are opened again without being read anew, and never as they were."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from recount.package import DataError, load

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow  # processes that each import frictionless
OPEN = "import sys, recount.package as p; p.load(sys.argv[1]); print('frictionless' in sys.modules)"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, still empty."""
    monkeypatch.setenv("RECOUNT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "data", tmp_path / "data")


def is_read(folder: Path, source: Path = ROOT) -> bool:
    """Whether a process of its own reads the package with frictionless, or opens what is kept."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(folder)],
        env={**os.environ, "PYTHONPATH": str(source)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip() == "True"


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def test_the_same_content_is_read_once_wherever_it_lies(cache: Path, folder: Path, tmp_path: Path):
    assert is_read(folder)
    assert not is_read(folder)
    assert not is_read(shutil.copytree(folder, tmp_path / "other"))


def test_what_is_kept_is_what_was_read(cache: Path, folder: Path, tmp_path: Path):
    read = load(folder)
    opened = load(shutil.copytree(folder, tmp_path / "other"))
    assert list(cache.glob("*.json"))
    assert list(read.frames()) == list(opened.frames())
    for name, table in read.frames().items():
        pd.testing.assert_frame_equal(opened.frames()[name], table)
    assert opened.origins == read.origins


def test_a_change_of_any_file_is_read(cache: Path, folder: Path):
    descriptor = folder / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    table = next(table for table in package["resources"] if table["name"] == "enumerations")
    (folder / "enumerations.json").write_text(json.dumps(table["schema"]), encoding="utf-8")
    table["schema"] = "enumerations.json"
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    assert is_read(folder)
    assert not is_read(folder)
    for name in ("datapackage.json", "enumerations.json", "references.bib"):
        append(folder / name, "\n")
        assert is_read(folder), name
        assert not is_read(folder), name


def test_what_is_wrong_is_said_each_time(cache: Path, folder: Path):
    load(folder)
    statistics = folder / "statistics.csv"
    statistics.write_text(
        statistics.read_text(encoding="utf-8").replace("万亿元", "万亿圆", 1), encoding="utf-8"
    )
    for _ in range(2):
        with pytest.raises(DataError, match=r"statistics\.csv, row"):
            load(folder)


def test_another_reader_reads_anew(cache: Path, folder: Path, tmp_path: Path):
    source = tmp_path / "source"
    shutil.copytree(ROOT / "recount", source / "recount", ignore=shutil.ignore_patterns("__pycache__"))
    assert is_read(folder, source)
    assert not is_read(folder, source)
    append(source / "recount" / "package" / "meaning.py", "\n# another rule\n")
    assert is_read(folder, source)


def test_a_damaged_copy_is_not_used(cache: Path, folder: Path):
    assert is_read(folder)
    (copy,) = cache.glob("*.json")
    copy.write_text(copy.read_text(encoding="utf-8")[:100], encoding="utf-8")
    assert is_read(folder)
    assert not is_read(folder)


def test_without_a_place_to_keep_them_packages_are_read(cache: Path, folder: Path):
    cache.write_text("no folder", encoding="utf-8")
    assert is_read(folder)
    assert is_read(folder)
