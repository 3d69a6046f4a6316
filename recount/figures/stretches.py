"""Where a text is cut before it is scanned: around doubled headings, and where the language changes.

Offsets count characters of the text without any white space, so that wrapping changes nothing.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

#: A heading, taken from a page with its table of contents or its print version, wraps to so many lines.
_HEADING_LINES = 3
_HAN = r"\u3007\u3400-\u9fff"
_NO_CHINESE = re.compile(rf"[^{_HAN}\u3000-\u3006\u3008-\u303f\uff00-\uffef]+")
_WORD = re.compile(r"(?<!\S)[a-z]{2,}(?=[\s,.;:]|$)")


@dataclass(frozen=True)
class Stretch:
    """A part of a text in one language, `zh` or `en`, and its offset without white space."""

    offset: int
    text: str
    lang: str


def strip_space(text: str) -> str:
    """The text without any white space, which is what offsets count in."""
    return re.sub(r"\s", "", text)


def stretches(text: str) -> list[Stretch]:
    """The parts of `text` that are scanned each for itself.

    No number runs on from a heading into its copy, or from the copy into the text below it. A text
    without Chinese characters is English if it has letters; of a text with some, a stretch with
    three words in small letters and no Chinese is.
    """
    alone = not re.search(f"[{_HAN}]", text) and re.search("[A-Za-z]", text) is not None
    parts: list[Stretch] = []
    offset = 0
    for part in _between_headings(text):
        for lang, piece in [("en", part)] if alone else _by_language(part):
            parts.append(Stretch(offset, piece, lang))
            offset += len(strip_space(piece))
    return parts


def doubled(text: str) -> list[int]:
    """The offset of each heading that is printed twice in a row, wrapped alike or not."""
    lines = text.splitlines(keepends=True)
    return [len(strip_space("".join(lines[:first]))) for first, _, _ in _doubled_lines(lines)]


def _doubled_lines(lines: list[str]) -> list[tuple[int, int, int]]:
    """Line numbers where a doubled heading, its copy, and what comes after them begin."""
    filled = [(at, content) for at, line in enumerate(lines) if (content := strip_space(line))]
    headings, at = [], 0
    while at < len(filled):
        sizes = _sizes([content for _, content in filled[at : at + 2 * _HEADING_LINES]])
        if sizes is None:
            at += 1
            continue
        copy, after = at + sizes[0], at + sum(sizes)
        end = filled[after][0] if after < len(filled) else len(lines)
        headings.append((filled[at][0], filled[copy][0], end))
        at = after
    return headings


def _sizes(lines: list[str]) -> tuple[int, int] | None:
    """How many lines at the start say something, and how many then say the same again."""
    for first in range(1, _HEADING_LINES + 1):
        said = "".join(lines[:first])
        for second in range(1, _HEADING_LINES + 1):
            if first + second <= len(lines) and "".join(lines[first : first + second]) == said:
                return first, second
    return None


def _between_headings(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    cuts = sorted({0, len(lines), *(line for cut in _doubled_lines(lines) for line in cut)})
    return ["".join(lines[start:stop]) for start, stop in itertools.pairwise(cuts)]


def _by_language(text: str) -> list[tuple[str, str]]:
    """English stretches and what lies between them, in order."""
    pieces, end = [], 0
    for match in _NO_CHINESE.finditer(text):
        if len(_WORD.findall(match.group())) >= 3:
            pieces += [("zh", text[end : match.start()]), ("en", match.group())]
            end = match.end()
    return [(lang, piece) for lang, piece in [*pieces, ("zh", text[end:])] if piece]
