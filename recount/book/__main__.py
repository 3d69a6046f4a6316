"""`python -m recount.book`: build the site of both editions and say how to open it."""

from __future__ import annotations

import argparse
import sys
import time

from recount.book import build_site
from recount.runs import InputError
from recount.runs.running import LIMIT


def main(arguments: list[str] | None = None) -> int:
    """Build; returns the exit code, 1 when the book cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m recount.book", description=__doc__)
    parser.add_argument("root", nargs="?", help="folder of the book (default: this checkout)")
    parser.add_argument("--jobs", type=int, help="chapters at a time (default: one a core)")
    parser.add_argument(
        "--limit",
        type=float,
        default=LIMIT,
        metavar="SECONDS",
        help=f"time that a chapter may take (default: {LIMIT})",
    )
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    try:
        site = build_site(options.root, options.jobs, lambda line: print(line, flush=True), options.limit)
    except InputError as error:
        print(f"\nThe book was not built; the last good site is as it was.\n\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept; the last good site is as it was.", file=sys.stderr)
        return 130
    page = site / "index.html"
    print(f"\n{page} ({time.monotonic() - begun:.0f} s)")
    print(f"Open {page.as_uri()} in a browser, or run `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
