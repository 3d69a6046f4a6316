"""Run every benchmark, print one table, and write it into the README between its markers.

    python -m benchmarks [--quick] [execution] [building] [sweeping] [speed] …

With `--quick` or with some of the benchmarks only, the README stays as it is.
"""

from __future__ import annotations

import argparse
import importlib
import time
from pathlib import Path

from benchmarks.results import Result, table

NAMES = ("size", "speed", "scale", "scenarios", "execution", "building", "sweeping", "soundness")
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: written by make bench -->\n", "<!-- end of results -->\n"


def written(text: str, results: str) -> str:
    """The README with these results between its markers; ValueError where a marker is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README.name}: expected the markers {BEGIN.strip()} and {END.strip()}")
    return before + begin + "\n" + results + "\n" + end + after


def main() -> None:
    """Measure what is asked for and tell it."""
    parser = argparse.ArgumentParser("python -m benchmarks", description="What the audit reaches, measured.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"some of {', '.join(NAMES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="few reports and runs: a trial, not a result")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(NAMES)}")
    results: list[Result] = []
    for name in arguments.names or NAMES:
        start = time.monotonic()
        results += importlib.import_module(f"benchmarks.{name}").measure(arguments.quick)
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    print("\n" + table(results))
    missed = [result.figure for result in results if result.met is False]
    print(f"\n{len(missed)} not reached: {'; '.join(missed)}" if missed else "\nAll targets reached.")
    if not arguments.quick and not arguments.names:
        README.write_text(written(README.read_text(encoding="utf-8"), table(results)), encoding="utf-8")
        print("The table is in benchmarks/README.md.")


if __name__ == "__main__":
    main()
