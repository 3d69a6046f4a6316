r"""Formulas as MathML, written when the book is built: a page needs no script to show them.

Browsers draw MathML themselves (MathML Core: Chromium since version 109, Firefox, Safari). The
translation of a formula's parts is that of the package `latex2mathml`; rows and columns
(`aligned`, `gathered`) are put together here, because columns of MathML are aligned by style
sheet, not by attribute, in all of these browsers.

The font is cut from STIX Two Math (SIL Open Font License) to the characters of the book's own
formulas. Brackets and bars only grow with what they enclose in a font made for mathematics, which
most systems lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from recount.book.webfont import cut, package_font

LOGGER = logging.getLogger(__name__)
RENDERER = "recount"

_SPACE = r"\s*"
_ROWS = re.compile(
    rf"{_SPACE}\\begin{{(aligned|align\*?|gathered|gather\*?)}}(.*)\\end{{\1}}{_SPACE}", re.DOTALL
)
_TOKEN = re.compile(r"\\begin\{|\\end\{|\\\\|\\.|[{}&]", re.DOTALL)
_INNER = re.compile(r"<math[^>]*>(.*)</math>", re.DOTALL)
_LEFT_OVER = re.compile(r"\\|<mi>&(?:amp;)?</mi>|<merror")
_MENDED = (
    # words are no `mtext`: beside an operator that counts as space, and the operator loses its own
    (re.compile(r"<mtext>(\w)</mtext>"), r'<mi class="words" mathvariant="normal">\1</mi>'),
    (re.compile(r"<mtext>(.*?)</mtext>", re.DOTALL), r'<mi class="words">\1</mi>'),
    (re.compile(r"<mi>([Α-Ω])</mi>"), r'<mi mathvariant="normal">\1</mi>'),  # upright, as TeX has them
    (re.compile(r"<mo>([a-z]+)</mo>"), r"<mi>\1</mi>"),  # a function's name stands close to its bracket
    (re.compile(r"<mi>:</mi>"), "<mo>:</mo>"),
    (re.compile(r"<mo>/</mo>"), '<mo lspace="0" rspace="0">/</mo>'),
    (re.compile(r"<mrow>(<m[ino]>[^<]*</m[ino]>)</mrow>"), r"\1"),
)
"""What `latex2mathml` writes otherwise than TeX would set it, and what becomes of it."""

_PARTS = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "mover": 2,
    "munder": 2,
    "msubsup": 3,
    "munderover": 3,
}

_MATH = re.compile(r"<math.*?</math>", re.DOTALL)


def add_renderer(app: Sphinx) -> None:
    """Register the renderer; a book chooses it with `html_math_renderer: recount`."""
    app.add_html_math_renderer(RENDERER, (_visit_inline, None), (_visit_block, None))


def mathml(latex: str, block: bool = False) -> str:
    """A formula as a `math` element.

    Raises ValueError where a part of the formula is not understood.
    """
    rows = _ROWS.fullmatch(latex)
    inner = _table(rows.group(2), rows.group(1)[0] == "a") if rows else _part(latex, block)
    display = ' display="block"' if block else ""
    return f"<math{display}>{inner}</math>"


def _part(latex: str, block: bool = True) -> str:
    """The inside of a `math` element for a formula of one row."""
    from latex2mathml.converter import convert

    if not latex.strip():
        return "<mrow></mrow>"
    try:
        whole = convert(latex, display="block" if block else "inline")
    except Exception as error:  # the package has a class of its own for each mistake, and no base
        raise ValueError(f"{type(error).__name__}: {latex.strip()}") from error
    found = _INNER.search(whole)
    # references are written as the characters they stand for, but never those of markup
    inner = re.sub(r"&#x[0-9A-F]+;", lambda m: escape(unescape(m[0])), found.group(1) if found else "")
    if not found or _LEFT_OVER.search(inner) or not _complete(inner):
        raise ValueError(f"a part that is not understood: {latex.strip()}")
    for pattern, becomes in _MENDED:
        inner = pattern.sub(becomes, inner)
    return inner


def _complete(inner: str) -> bool:
    """Whether every element has the parts it is drawn from."""
    parts = ElementTree.fromstring(f"<math>{inner}</math>").iter()
    return all(len(part) == _PARTS.get(part.tag, len(part)) for part in parts)


def _table(body: str, aligned: bool) -> str:
    """Rows as an `mtable`; with `aligned`, columns turn right and left by turns."""
    rows = []
    for row in filter(str.strip, _split(body, "\\\\")):
        cells = _split(row, "&") if aligned else [row]
        sides = ("right", "left") if aligned else ("center",)
        set_ = [f'<mtd class="{sides[i % len(sides)]}">{_part(cell)}</mtd>' for i, cell in enumerate(cells)]
        rows.append(f"<mtr>{''.join(set_)}</mtr>")
    return f'<mtable displaystyle="true">{"".join(rows)}</mtable>'


def _split(latex: str, mark: str) -> list[str]:
    """Cut at a mark where it stands in no braces and no inner environment."""
    parts, begun, depth = [], 0, 0
    for token in _TOKEN.finditer(latex):
        word = token.group()
        if word in ("{", "\\begin{", "\\end{"):
            # the brace of \begin{name} is closed by its own; the environment stays open
            depth += {"{": 1, "\\begin{": 2, "\\end{": 0}[word]
        elif word == "}":
            depth -= 1
        elif word == mark and depth == 0:
            parts.append(latex[begun : token.start()])
            begun = token.end()
    return [*parts, latex[begun:]]


def _visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(f'<span class="math notranslate">{_checked(node, block=False)}</span>')
    raise nodes.SkipNode


def _visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="math notranslate"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({node["number"]})</span>')
    self.body.append(_checked(node, block=True) + "</div>\n")
    raise nodes.SkipNode


def _checked(node: nodes.Element, block: bool) -> str:
    """The formula of a node; one that cannot be drawn is a warning and shown as it was typed."""
    latex = node.astext()
    try:
        return mathml(latex, block)
    except ValueError as error:
        LOGGER.warning("a formula cannot be drawn: %s", error, location=node, type="recount", subtype="math")
        return f"<code>{escape(latex)}</code>"


def math_characters(pages: Iterable[str]) -> str:
    """The characters of all formulas of these pages that the font for mathematics is for.

    A letter standing alone is drawn as its slanted form, which is a character of its own.
    """
    found: set[str] = set()
    for html in pages:
        for formula in _MATH.findall(html):
            found.update(unescape(re.sub(r"<[^>]*>", "", formula)))
    found = {c for c in found if ord(c) < 0x2E80 and not c.isspace()}
    return "".join(sorted(found | {slanted(c) for c in found}))


def slanted(letter: str) -> str:
    """The mathematical italic of a Latin or Greek letter, itself where it has none."""
    if letter == "h":
        return "\u210e"
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter


def math_font(wanted: str, cache: Path) -> Path:
    """A WOFF2 file of the font for mathematics with the characters `wanted`."""
    return cut(package_font("ziamath"), wanted, cache, features=("ssty", "kern"))
