"""`python -m recount.book.links`: do the book's outside addresses still answer?

Every address of the bibliographies, the tables, the prose and the built pages is asked for once.
Only what is certainly gone makes the check fail: a page that is missing, a host that has no
address, a redirect from a page to the site's front. A site that refuses programs, is slow or out
of order may be well tomorrow, and is only listed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from recount.book.outside import Places, collect
from recount.book.visiting import Answer, Waits, visit_all

# how each kind of answer is headed, in the order in which it is told; only the first makes the check fail
HEADINGS = {
    "gone": "Gone: find where it went, or name an archived copy",
    "moved": "Moved for good: write the new address",
    "silent": "No answer now",
    "refused": "Refused to a program: open by hand",
}
_AT_ONCE = 8


class NoNetworkError(RuntimeError):
    """Not one address answered."""


@dataclass(frozen=True)
class Checked:
    """What came of every address, and where each is written."""

    answers: Mapping[str, Answer]
    places: Places

    def of(self, kind: str) -> list[str]:
        """The addresses with this kind of answer, sorted."""
        return sorted(address for address, answer in self.answers.items() if answer.kind == kind)

    @property
    def broken(self) -> list[str]:
        return self.of("gone")

    def markdown(self) -> str:
        """The addresses that want attention, by kind, with their places."""
        counts = [f"{len(self.of('good'))} good", *(f"{len(self.of(kind))} {kind}" for kind in HEADINGS)]
        parts = ["## Outside addresses", f"{len(self.answers)} asked for: {', '.join(counts)}."]
        for kind, heading in HEADINGS.items():
            rows = [self._row(address) for address in self.of(kind)]
            if rows:
                heads = ["| address | answer | written in |", "| --- | --- | --- |"]
                parts.append("\n".join([f"### {heading}", "", *heads, *rows]))
        return "\n\n".join(parts) + "\n"

    def _row(self, address: str) -> str:
        cells = (f"<{address}>", self.answers[address].words, "; ".join(self.places[address]))
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def check(places: Places, waits: Waits | None = None) -> Checked:
    """Ask for every address, and after a while again for those that no server answered well.

    Raises NoNetworkError where nothing at all answered.
    """
    waits = waits or Waits()
    answers = _ask(places, waits)
    if answers and not any(answer.answered for answer in answers.values()):
        raise NoNetworkError(f"none of {len(answers)} addresses answered; expected a network")
    for seconds in waits.again:
        open_ = [address for address, answer in answers.items() if answer.may_change]
        if open_:
            time.sleep(seconds)
            answers |= _ask(open_, waits)
    return Checked(answers, places)


def _ask(addresses: Iterable[str], waits: Waits) -> dict[str, Answer]:
    """Ask several hosts at a time, each for one address at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda part: visit_all(part, waits), _by_host(addresses))
        return {address: answer for part in found for address, answer in part.items()}


def _by_host(addresses: Iterable[str]) -> list[list[str]]:
    """The addresses of each host together, the host with most of them first."""
    hosts: dict[str, list[str]] = {}
    for address in sorted(addresses):
        hosts.setdefault(urlsplit(address).netloc, []).append(address)
    return sorted(hosts.values(), key=len, reverse=True)


def main(arguments: list[str] | None = None, waits: Waits | None = None) -> int:
    """Check; returns the exit code: 1 where an address is gone, 2 where nothing could be checked."""
    parser = argparse.ArgumentParser(prog="python -m recount.book.links", description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path.cwd(), help="the book's folder")
    parser.add_argument("--out", type=Path, help="write the result to this file, too")
    options = parser.parse_args(arguments)
    places = collect(options.root)
    print(f"asking for {len(places)} addresses", file=sys.stderr, flush=True)
    try:
        found = check(places, waits)
    except NoNetworkError as error:
        print(f"No outside address was checked: {error}", file=sys.stderr)
        return 2
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(found.markdown(), encoding="utf-8")
    print(found.markdown(), end="")
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
