"""Text as HTML: escaped, with the words of the other language marked as such for those who hear it read.

On an English page Chinese is marked, on a Chinese one English. Abbreviations, letters that stand for
numbers and names of hosts belong to no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

_HAN = re.compile(
    r"[\u3400-\u9fff](?:[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e·“”‘’…0-9.%]*[\u3400-\u9fff\uff05\u300b])?"
)
_WORD = r"[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*"
_ENGLISH = re.compile(
    rf"(?<![\w@./]){_WORD}(?:[ ,.:;&()/0-9%+–—-]{{1,12}}{_WORD})*(?![\w@]|[./][\w])", re.ASCII
)
_WORDS = re.compile(r"(?=[A-Za-z]{3})[A-Za-z]*[a-z]")  # three letters at least, not all of them capitals


def runs(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """The pieces of a plain text in order, each with its language where that is not `lang`, else with ''.

    Examples
    --------
    >>> list(runs("near 近百", "en"))
    [('near ', ''), ('近百', 'zh')]
    """
    pattern, other = (_ENGLISH, "en") if lang == "zh" else (_HAN, "zh")
    end = 0
    for match in pattern.finditer(text):
        run = match[0]
        host = "." in run and " " not in run
        if other == "en" and (host or not _WORDS.search(run)):
            continue
        if match.start() > end:
            yield text[end : match.start()], ""
        yield run, other
        end = match.end()
    if end < len(text):
        yield text[end:], ""


def marked(text: object, lang: str) -> str:
    """Words as HTML of an edition's page."""
    return "".join(
        f'<span lang="{other}">{escape(run)}</span>' if other else escape(run)
        for run, other in runs(str(text), lang)
    )
