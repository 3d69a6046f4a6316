"""What a page tells those who hear it read: a caption for each table, what its headings are for, and
where another language begins.

A table that shows no caption stands under a heading that says what it is. Its caption is that
heading, which nobody sees twice; the second table under one heading has a number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape, unescape

_HEADING = re.compile(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]>", re.DOTALL)
_HEADING_LINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
_TABLE = re.compile(r"(<table\b[^>]*>)(.*?)</table>", re.DOTALL)
_PLACES = re.compile(f"{_HEADING.pattern}|{_TABLE.pattern}", re.DOTALL)
_PART = re.compile(r"<(thead|tbody)\b[^>]*>.*?</\1>", re.DOTALL)
_TH = re.compile(r"<th\b(?![^>]*\sscope=)")
_EMPTY_TH = re.compile(r"<th\b[^>]*>\s*</th>")
_ROLE = re.compile(r'''(<div(?=[^>]*class="citation)[^>]*?) role="(?:list|doc-biblioentry)"''')
_TAG = re.compile(r"<[^>]*>")
_HAN = re.compile(
    r"[\u3400-\u9fff](?:[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e·“”‘’…0-9.%]*[\u3400-\u9fff\uff05\u300b])?"
)
_WORD = r"[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*"
_ENGLISH = re.compile(
    rf"(?<![\w@./]){_WORD}(?:[ ,.:;&()/0-9%+–—-]{{1,12}}{_WORD})*(?![\w@]|[./][\w])", re.ASCII
)
_WORDS = re.compile(r"(?=[A-Za-z]{3})[A-Za-z]*[a-z]")  # three letters at least, not all of them capitals
_PIECE = re.compile(r"<!--.*?-->|<(script|style|pre|title|option|svg|math)\b.*?</\1>|<[^>]*>", re.DOTALL)
_CODE = frozenset(("code", "kbd", "samp"))
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_LANG = re.compile(r"""\slang=["']([^"']*)["']""")
_ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


def spoken(html: str, lang: str) -> str:
    """A page of an edition with captions, scopes and languages of parts."""
    # docutils gives entries a role that is no longer one, in a list that holds more than entries
    html = with_captions(_ROLE.sub(r"\1", html), lang)
    return _ARTICLE.sub(lambda m: with_languages(m[0], lang), html)


def with_captions(html: str, lang: str) -> str:
    """Every table with a caption, and every heading cell of it with the `scope` it is for."""
    above, seen = "", Counter[str]()

    def place(match: re.Match[str]) -> str:
        nonlocal above
        heading, opening, inner = match.groups()
        if opening is None:
            above = _TAG.sub("", _HEADING_LINK.sub("", heading)).strip()
            return match[0]
        inner = _PART.sub(_scoped, inner)
        if not re.match(r"\s*<caption\b", inner):
            seen[above] += 1
            number = f"（{seen[above]}）" if lang == "zh" else f" ({seen[above]})"
            told = above + (number if seen[above] > 1 else "")
            inner = f'<caption class="recount-unseen">{told}</caption>{inner}'
        return f"{opening}{inner}</table>"

    return _PLACES.sub(place, html)


def _scoped(part: re.Match[str]) -> str:
    cells = _EMPTY_TH.sub("<td></td>", part[0])  # what heads nothing is no heading
    return _TH.sub(f'<th scope="{"col" if part[1] == "thead" else "row"}"', cells)


def with_languages(html: str, lang: str) -> str:
    """A piece of a page whose words of the other language are marked as such, where they are not yet:
    Chinese on an English page, English on a Chinese one."""
    return "".join(_marked(html, lang))


def _marked(html: str, lang: str) -> Iterator[str]:
    """The text between tags, each with its foreign words in an element of their language.

    Elements that hold no prose (code, formulas, drawings) are left as they are.
    """
    mark = _chinese if lang != "zh" else _english
    inside: list[tuple[str, bool]] = []  # elements, and whether what is in them needs a mark
    end = 0
    for piece in _PIECE.finditer(html):
        text = html[end : piece.start()]
        yield mark(text) if not inside or inside[-1][1] else text
        end = piece.end()
        yield piece[0]
        name = _NAME.match(piece[0])
        if piece[1] or name is None or name[1] in _VOID:
            continue
        if piece[0].startswith("</"):
            while inside and inside.pop()[0] != name[1]:
                pass  # an element that was left open ends with the one around it
        else:
            own = _LANG.search(piece[0])
            needed = own[1][:2] == lang if own else not inside or inside[-1][1]
            inside.append((name[1], needed and not (lang == "zh" and name[1] in _CODE)))
    yield html[end:]


def _chinese(text: str) -> str:
    return _HAN.sub(lambda m: f'<span lang="zh">{m[0]}</span>', text)


def _english(text: str) -> str:
    """English words marked; abbreviations, letters that stand for numbers and names of hosts are none."""

    def mark(match: re.Match[str]) -> str:
        run = match[0]
        host = "." in run and " " not in run
        return run if host or not _WORDS.search(run) else f"\0{run}\1"

    plain = unescape(text)  # or an entity would be taken for a word
    marked = _ENGLISH.sub(mark, plain)
    if marked == plain:
        return text
    return escape(marked, quote=False).replace("\0", '<span lang="en">').replace("\1", "</span>")
