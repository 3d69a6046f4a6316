"""Do chapters run where the launch links lead? Tried here, without those hosts: `make check-launch`.

    python -m benchmarks.launch [colab] [binder]

The last commit stands as the public repository, at a `file:` address that `make launch` writes into the
chapters. Then, each in a virtual environment of its own and without this checkout on any path:

- Colab: one notebook alone in an empty folder, among the packages that Colab brings along, runs.
- Binder: a clone, after the steps that repo2docker takes from `.binder/` on top of the packages of its
  base image, runs the same notebook in its place, and JupyterLab answers at the link's address.

What the chapter says has to be what it says here. Takes some minutes and packages from PyPI; exit code 1
where something fails.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from recount.book.launch import BINDER, addresses
from recount.book.repository import Repository
from recount.runs.notebooks import read_notebook
from recount.runs.running import run_notebook

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "chapters/closing"
PYTHON = "python3.12"  # that of both hosts; the one that runs this where it is not there
# Those of a host's packages that ours meet. Colab: its release notes; repo2docker: the lock file of its
# environment for Python 3.12.
COLAB_HAS = ("numpy==2.0.2", "pandas==2.2.2", "matplotlib==3.10.0", "seaborn==0.13.2", "ipython==7.34.0",
             "ipykernel==6.17.1")  # fmt: skip
BINDER_HAS = ("jupyterhub==5.4.0", "jupyterlab==4.4.9", "notebook==7.4.7", "jupyter_server==2.17.0",
              "ipykernel==7.0.1", "ipywidgets==8.1.7", "jupyter-resource-usage==1.1.1")  # fmt: skip
PATIENCE = 60  # seconds for a server to answer


class LaunchError(Exception):
    """A chapter does not run there; the message holds what the command said."""


def publish(folder: Path) -> str:
    """A repository with the last commit and, in its chapters, its own address, which is returned."""
    run("git", "clone", "--quiet", ROOT, folder)
    url = folder.as_uri()
    config = yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8"))
    config["repository"] = {"url": url, "branch": "published"}
    (folder / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    run(sys.executable, "-m", "recount.book.launch", folder, cwd=ROOT)
    run("git", "checkout", "--quiet", "-b", "published", cwd=folder)
    author = ("-c", "user.name=check", "-c", "user.email=check@localhost")
    run("git", *author, "commit", "--quiet", "--all", "--message", "The address", cwd=folder)
    return url


def colab(url: str, folder: Path) -> list[Any]:
    """Run one notebook alone, as Colab does; what it shows."""
    python = environment(folder / "python", *COLAB_HAS, "nbclient")
    alone = folder / "content"
    alone.mkdir()
    notebook = alone / f"{Path(CHAPTER).name}.ipynb"
    source = subprocess.run(
        ["git", "show", f"published:{CHAPTER}.ipynb"], cwd=Path(url[7:]), capture_output=True, check=True
    )
    notebook.write_bytes(source.stdout)
    execute(python, notebook)
    return shown(json.loads(notebook.read_text(encoding="utf-8")))


def binder(url: str, folder: Path) -> list[Any]:
    """Run the notebook in a clone, as Binder does; what it shows."""
    python = environment(folder / "python", *BINDER_HAS)
    home = folder / "home"
    run("git", "clone", "--quiet", "--branch", "published", url, home)
    run(python, "-m", "pip", "install", "--quiet", "-r", ".binder/requirements.txt", cwd=home)
    run("./.binder/postBuild", cwd=home, env=surroundings(python))
    answers(python, home, addresses(Repository(url, "published"), CHAPTER)["Binder"])
    notebook = home / f"{CHAPTER}.ipynb"
    execute(python, notebook)
    return shown(json.loads(notebook.read_text(encoding="utf-8")))


def answers(python: Path, home: Path, link: str) -> None:
    """Start JupyterLab where Binder starts it and ask for the place that the link names."""
    assert link.startswith(BINDER)
    place = link.rsplit("urlpath=", 1)[1]
    port = 18888
    command = [
        python,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ServerApp.token=",
        "--ServerApp.port_retries=0",
    ]
    server = subprocess.Popen(command, cwd=home, env=surroundings(python), stderr=subprocess.DEVNULL)
    try:
        for path in (place, place.replace("lab/tree/", "api/contents/")):
            fetch(f"http://127.0.0.1:{port}/{path}", server)
    finally:
        server.terminate()
        server.wait()


def fetch(address: str, server: subprocess.Popen[Any]) -> None:
    """Ask until the server is there. Raises LaunchError where it does not answer with a page."""
    last = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE):
                return
        except urllib.error.HTTPError as error:
            raise LaunchError(f"{address}: {error}") from error
        except OSError as error:
            if server.poll() is not None or time.monotonic() > last:
                raise LaunchError(f"JupyterLab does not answer: {error}") from error
            time.sleep(0.5)


def environment(folder: Path, *packages: str) -> Path:
    """The Python of a new virtual environment with these packages."""
    run(host_python(), "-m", "venv", folder)
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", *packages)
    return python


def host_python() -> str:
    """The Python of the hosts where it is there and runs, else the one that runs this."""
    python = shutil.which(PYTHON)
    works = python and subprocess.run([python, "--version"], capture_output=True).returncode == 0
    return python if python and works else sys.executable


def surroundings(python: Path) -> dict[str, str]:
    """The variables a host has: its Python first, and nothing that leads to this checkout."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "RECOUNT", "JUPYTER"))
    }
    path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "HOME": str(python.parents[2]), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def execute(python: Path, notebook: Path) -> None:
    """Run a notebook where it lies. Raises LaunchError with what failed."""
    run(
        python,
        "-m",
        "jupyter",
        "execute",
        "--inplace",
        notebook,
        cwd=notebook.parent,
        env=surroundings(python),
    )


def shown(notebook: dict[str, Any]) -> list[Any]:
    """The tables and the numbers of a chapter that was run. Charts are left out: they are drawn by the
    versions that are there."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    wanted = ("text/html", "application/papermill.record/text/plain")
    return [
        "".join(content)
        for output in outputs
        for kind, content in output.get("data", {}).items()
        if kind in wanted
    ]


def run(*command: str | Path, **options: Any) -> None:
    """Run a command. Raises LaunchError with the end of what it said."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode:
        raise LaunchError(f"{' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-3000:]}")


def main(arguments: list[str] | None = None) -> int:
    """Try the hosts; 1 where a chapter does not run there or says something else."""
    hosts: dict[str, Callable[[str, Path], list[Any]]] = {"colab": colab, "binder": binder}
    parser = argparse.ArgumentParser("python -m benchmarks.launch", description="Do chapters run there?")
    parser.add_argument("hosts", nargs="*", choices=[*hosts, []], help="which to try (default: both)")
    options = parser.parse_args(arguments)
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        url = publish(folder / "published")
        here = folder / "published" / f"{CHAPTER}.ipynb"
        expected = shown(run_notebook(read_notebook(here), {}, here.parent).notebook)
        for host in options.hosts or hosts:
            begun = time.monotonic()
            (folder / host).mkdir()
            try:
                good = hosts[host](url, folder / host) == expected
                verdict = "says what it says here" if good else "SAYS SOMETHING ELSE than here"
            except LaunchError as error:
                good, verdict = False, f"DOES NOT RUN\n{error}"
            failed += not good
            print(f"{host}: {CHAPTER} {verdict} ({time.monotonic() - begun:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
