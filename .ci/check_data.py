"""Check the data packages of this checkout: the book's own, and each published case's.

    python .ci/check_data.py [FOLDER ...]

Prints every problem with its file, row and column and what to do, and exits with 1 if there are any.
"""

from __future__ import annotations

import sys
from pathlib import Path

from recount.package import DataError, load

ROOT = Path(__file__).resolve().parents[1]


def problems(folder: Path) -> list[str]:
    """What is wrong in a package, one line for each problem, headed by the package's folder."""
    try:
        load(ROOT / folder)
    except DataError as error:
        return [f"{folder}/{problem}" for problem in error.problems]
    return []


def main(named: list[str]) -> int:
    """Check the folders named (default: all); returns the exit code."""
    examples = sorted(path.parent.relative_to(ROOT) for path in ROOT.glob("examples/*/*/datapackage.json"))
    folders = [Path(name) for name in named] or [Path("data"), *examples]
    complaints = [line for folder in folders for line in problems(folder)]
    for line in complaints:
        print(line)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
