"""Builds that are killed, builds at once, builds elsewhere: the cache stays sound, the site the same."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tiny_book import make_book, second_chapter, write_chapter

from recount.book.layout import LANGUAGES, Book

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 1200  # no wait of these tests takes so long, unless it is in vain
WAITING = "import time\nfrom pathlib import Path\nwhile not Path('.go').exists():\n    time.sleep(0.05)\nprint('went')"


def start(root: Path, *command: str, **environment: str) -> subprocess.Popen[str]:
    words = command or ("-m", "recount.book", ".")
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # whoever runs the tests may ignore it
    )


def finish(*builds: subprocess.Popen[str]) -> list[str]:
    """Wait for builds, all of which must do well; what each said."""
    said = [build.communicate(timeout=SECONDS)[0] for build in builds]
    assert [build.returncode for build in builds] == [0] * len(builds), said
    return said


def wait_for(happened: Callable[[], object], build: subprocess.Popen[str]) -> None:
    end = time.monotonic() + SECONDS
    while not happened():
        assert build.poll() is None, build.communicate()[0]
        assert time.monotonic() < end
        time.sleep(0.02)


def executed(said: str) -> list[str]:
    return sorted(re.findall(r"executed (\w+ \(\w+\))", said))


def snapshot(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A book of which nothing is built."""
    return make_book(tmp_path / "book")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that was built under a mask that lets others read."""
    root = make_book(tmp_path_factory.mktemp("built") / "book")
    old = os.umask(0o022)
    try:
        finish(start(root))
    finally:
        os.umask(old)
    return root


@pytest.fixture
def run(built: Path, tmp_path: Path) -> Path:
    """A copy of the built book without its pages: its chapters have run."""
    root = shutil.copytree(built, tmp_path / "book")
    for name in ("site", "site.key", "editions"):
        path = root / "_build" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return root


def test_a_build_killed_while_chapters_run_keeps_what_was_done(root: Path):
    write_chapter(root, "second", second_chapter(WAITING))
    book = Book.find(root)
    build = start(root)
    wait_for(lambda: book.executed("zh", "first").exists() and book.executed("en", "first").exists(), build)
    started = psutil.Process(build.pid).children(recursive=True)
    build.kill()
    _, alive = psutil.wait_procs(started, timeout=SECONDS)
    assert alive == []
    assert not book.executed("zh", "second").exists()
    (root / "chapters" / ".go").touch()
    (said,) = finish(start(root))
    assert executed(said) == ["second (en)", "second (zh)"]
    assert "went" in (book.site / "zh/chapters/second.html").read_text(encoding="utf-8")


def test_a_build_killed_while_pages_are_written_begins_them_anew(run: Path, built: Path):
    book = Book.find(run)
    build = start(run)
    wait_for(lambda: list((book.build / "editions").glob("*/_build/html/*/*.html")), build)
    for process in [*psutil.Process(build.pid).children(recursive=True), psutil.Process(build.pid)]:
        process.kill()
    build.wait()
    assert not book.site.exists()
    (said,) = finish(start(run))
    assert executed(said) == []
    assert snapshot(book.site) == snapshot(built / "_build" / "site")


def test_what_outlives_a_killed_build_is_waited_for(run: Path):
    """Only the build itself is killed; the compilers it started go on writing."""
    book = Book.find(run)
    build = start(run)
    wait_for(lambda: list((book.build / "editions").glob("*/_build/.doctrees")), build)
    compilers = [
        child for child in psutil.Process(build.pid).children() if "jupyter_book" in " ".join(child.cmdline())
    ]
    assert compilers
    for compiler in compilers:
        compiler.suspend()
    build.kill()
    build.wait()
    again = start(run)
    time.sleep(3)
    assert again.poll() is None
    assert not book.site.exists()
    for compiler in compilers:
        compiler.resume()
    finish(again)
    assert (book.site / "index.html").is_file()
    assert not any(
        compiler.is_running() and compiler.status() != psutil.STATUS_ZOMBIE for compiler in compilers
    )


def test_two_builds_at_once_execute_each_chapter_once_and_both_do_well(root: Path):
    said = finish(start(root), start(root))
    both = sorted(title for output in said for title in executed(output))
    assert both == ["first (en)", "first (zh)", "second (en)", "second (zh)"]
    assert (root / "_build/site/index.html").is_file()


def test_jupyter_book_alone_and_a_build_at_once_do_well(run: Path):
    alone = "import sys; sys.argv = ['jupyter-book', 'build', '.', '-W']; from jupyter_book.cli.main import main; main()"
    finish(start(run, "-c", alone), start(run))
    assert (run / "_build/site/index.html").is_file()
    assert (run / "_build/html/chapters/first.html").is_file()


def test_an_interrupt_ends_a_build_and_all_it_started(root: Path):
    write_chapter(root, "second", second_chapter(WAITING))
    build = start(root)
    wait_for(lambda: Book.find(root).executed("zh", "first").exists(), build)
    started = psutil.Process(build.pid).children(recursive=True)
    build.send_signal(signal.SIGINT)
    said, _ = build.communicate(timeout=SECONDS)
    assert build.returncode != 0
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(started, timeout=SECONDS)
    assert alive == []


INTERRUPTED = """
import os, signal, sys, time
from recount.book import execution
from recount.book.layout import Book

def late(*arguments, **options):
    time.sleep(float(sys.argv[1]))
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)
    return run_notebook(*arguments, **options)

run_notebook, execution.run_notebook = execution.run_notebook, late
execution.execute(Book.find("."), ["zh"], 1)
"""


@pytest.mark.parametrize("after", ["0", "0.5"])
def test_an_interrupt_before_a_kernel_is_there_ends_it_too(root: Path, after: str):
    """While threads are begun, or once all are waited for."""
    write_chapter(root, "first", second_chapter(WAITING))
    said, _ = start(root, "-c", INTERRUPTED, after).communicate(timeout=SECONDS)
    assert said.rstrip().endswith("KeyboardInterrupt"), said


def test_two_folders_give_the_same_bytes(built: Path, tmp_path: Path):
    """Other places, hash seeds, time zones and orders of files."""
    other = make_book(tmp_path / "else" / "where it is called otherwise")
    write_chapter(other, "first", {})
    shutil.copy(built / "chapters" / "first.ipynb", other / "chapters")
    finish(start(other, PYTHONHASHSEED="2", TZ="Asia/Shanghai"))
    here, there = snapshot(built / "_build/site"), snapshot(other / "_build/site")
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []


ANEW = ("index", "national")


def test_the_book_itself_is_the_same_in_another_folder(site: Path, tmp_path: Path):
    """Some chapters executed anew and all compiled anew, from a copy of the checkout."""
    left_out = shutil.ignore_patterns("_build", ".*", "tests", "benchmarks", "__pycache__", "*.egg-info")
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=left_out)
    shutil.copytree(ROOT / "_build/executed", copy / "_build/executed")
    for path in copy.glob("_build/executed/*/*.ipynb"):
        if path.stem in ANEW:
            path.unlink()
    (said,) = finish(start(copy, PYTHONPATH=str(copy), PYTHONHASHSEED="3", TZ="America/New_York"))
    assert executed(said) == sorted(f"{name} ({lang})" for name in ANEW for lang in LANGUAGES)
    here, there = snapshot(site), snapshot(copy / "_build/site")
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []


def test_a_site_can_be_read_by_others(built: Path):
    folder = built / "_build" / "site"
    assert [path for path in folder.rglob("*") if path.stat().st_mode & 0o044 != 0o044] == []
