"""Run benchmarks, print their tables, and write each into the README between its markers.

    python -m benchmarks [--quick] [audit] [speed] [scale] …

With `--quick` the README stays as it is.
"""

from __future__ import annotations

import argparse
import importlib
import time
from pathlib import Path

from benchmarks.results import Result, table

NAMES = (
    "audit",
    "speed",
    "scale",
    "conflicts",
    "browser",
    "size",
    "building",
    "sweeping",
    "testing",
    "soundness",
    "tables",
    "vectors",
)
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- {name}: written by make bench -->\n", "<!-- end of {name} -->\n"


def written(text: str, name: str, results: str) -> str:
    """The README with one benchmark's results between its markers; ValueError where one is missing."""
    opening, closing = BEGIN.format(name=name), END.format(name=name)
    before, begin, rest = text.partition(opening)
    _, end, after = rest.partition(closing)
    if not begin or not end:
        raise ValueError(f"{README.name}: expected the markers {opening.strip()} and {closing.strip()}")
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
    missed: list[str] = []
    for name in arguments.names or NAMES:
        start = time.monotonic()
        results: list[Result] = importlib.import_module(f"benchmarks.{name}").measure(arguments.quick)
        print(f"\n{name}: {time.monotonic() - start:.0f} s\n\n{table(results)}", flush=True)
        missed += [result.figure for result in results if result.met is False]
        if not arguments.quick:
            text = README.read_text(encoding="utf-8")
            README.write_text(written(text, name, table(results)), encoding="utf-8")
            print(f"The table of {name} is in benchmarks/README.md.")
    print(f"\n{len(missed)} not reached: {'; '.join(missed)}" if missed else "\nAll targets reached.")


if __name__ == "__main__":
    main()
