"""The commit that the tables call "before", checked out of this repository's own history."""

from __future__ import annotations

import subprocess
from pathlib import Path

COMMIT = "abe1030"
ROOT = Path(__file__).resolve().parents[1]


class HistoryError(Exception):
    """The commit is not to be had; the message says what to do."""


def checkout(folder: Path, commit: str = COMMIT, repository: Path = ROOT) -> Path:
    """Put a commit of a repository into a new folder, as a repository of its own.

    Parameters
    ----------
    folder : where to; it must not be there yet
    commit : by default the one that figures are measured against
    repository : by default this checkout's

    Raises
    ------
    HistoryError
        Where the repository is none, or its history does not reach back to the commit.
    """
    there = _git("-C", repository, "cat-file", "-e", f"{commit}^{{commit}}")
    if there.returncode:
        raise HistoryError(
            f"{repository}: found no commit {commit} ({there.stderr.strip()}); expected a clone with all its "
            "history, for figures are measured against that commit; in a shallow clone: git fetch --unshallow"
        )
    # a clone, for tests of that commit look into its history
    for command in (
        ("clone", "--quiet", "--no-checkout", repository, folder),
        ("-C", folder, "checkout", "--quiet", "--detach", commit),
    ):
        done = _git(*command)
        if done.returncode:
            raise HistoryError(f"git {' '.join(map(str, command))}: {done.stderr.strip()}")
    return folder


def _git(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *map(str, arguments)], capture_output=True, text=True)
