"""One request for each outside address, and what the answer says of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

AGENT = "Mozilla/5.0 (compatible; recount link check)"
_GONE = (404, 410)
_REFUSED = (400, 401, 402, 403, 405, 406, 412, 418, 429, 451, 521)
_PERMANENT = (301, 308)
_RESOLVER = "doi.org"  # its redirect says that the DOI is registered; what follows refuses programs


@dataclass(frozen=True)
class Waits:
    """Seconds to wait: for an answer, before each further round, between two requests to one host."""

    answer: float = 30
    again: tuple[float, ...] = (2, 10)
    between: float = 1


@dataclass(frozen=True)
class Answer:
    """What came of one address.

    `kind` is good, moved, gone, refused or silent; `words` say it; `answered` tells whether any
    server was reached.
    """

    kind: str
    words: str
    answered: bool = True

    @property
    def may_change(self) -> bool:
        """Whether asking again after a while may help."""
        return self.kind == "silent" or not self.answered


def visit_all(addresses: Iterable[str], waits: Waits) -> dict[str, Answer]:
    """The answer of each of these addresses of one host, asked for one after another."""
    found: dict[str, Answer] = {}
    with requests.Session() as session:
        session.headers["User-Agent"] = AGENT
        for address in addresses:
            if found:
                time.sleep(waits.between)
            found[address] = visit(session, address, waits.answer)
    return found


def visit(session: requests.Session, address: str, seconds: float) -> Answer:
    """Ask once."""
    follow = urlsplit(address).hostname != _RESOLVER
    try:
        # not HEAD, which many servers answer wrongly; without the body
        with session.get(address, timeout=seconds, stream=True, allow_redirects=follow) as response:
            return judged(address, response)
    except requests.exceptions.Timeout:
        return Answer("silent", f"nothing within {seconds:g} s", answered=False)
    except requests.exceptions.TooManyRedirects:
        return Answer("silent", "redirects without end")
    except requests.exceptions.SSLError:
        return Answer("silent", "its certificate is not good")
    except requests.exceptions.ConnectionError as error:
        if "NameResolutionError" in repr(error):
            return Answer("gone", "there is no such host", answered=False)
        return Answer("silent", "no connection", answered=False)
    except (requests.exceptions.RequestException, ValueError):
        return Answer("gone", "no address that can be asked for")


def judged(address: str, response: requests.Response) -> Answer:
    """What a response says of the address that was asked for first."""
    status = response.status_code
    if status in _GONE:
        return Answer("gone", f"{status} {response.reason}")
    if status in _REFUSED:
        return Answer("refused", f"{status} {response.reason}")
    if status >= 400:
        return Answer("silent", f"{status} {response.reason}")
    if _sent_to_front(address, response.url):
        return Answer("gone", f"sent to the front page, {response.url}")
    first = next((hop.status_code for hop in response.history), None)
    if first in _PERMANENT and not _alike(address, response.url):
        return Answer("moved", f"now {response.url}")
    return Answer("good", f"{status}")


def _sent_to_front(address: str, reached: str) -> bool:
    """Whether a page's address leads to the front of a site, as many a removed page's does."""
    asked, end = urlsplit(address), urlsplit(reached)
    return len(asked.path) > 1 and len(end.path) <= 1 and not end.query


def _alike(one: str, other: str) -> bool:
    """Whether two addresses differ by a slash at the end only."""
    return one.rstrip("/") == other.rstrip("/")
