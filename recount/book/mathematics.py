"""Formulas as MathML, written when the book is built: a page needs no script to show them.

Browsers draw MathML themselves (MathML Core: Chromium since version 109, Firefox, Safari); docutils
translates. A font for mathematics, in which brackets grow with what they enclose, comes with the package.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

LOGGER = logging.getLogger(__name__)
RENDERER = "recount"

_OTHERWISE = (
    (r">\s+<", "><"),
    # words are no `mtext`: beside an operator that counts as space, and the operator loses its own
    (r"<mtext>(.*?)</mtext>", r'<mi class="words" mathvariant="normal">\1</mi>'),
    (r"<mo>([a-z]+)</mo>", r"<mi>\1</mi>"),  # a function's name stands close to its bracket
    (r'<mo stretchy="false">/</mo>', '<mo stretchy="false" lspace="0" rspace="0">/</mo>'),
    (r'<mover accent="true">', "<mover>"),  # or Chromium draws the bar through a capital
    (r'class="capital-greek"', 'mathvariant="normal"'),  # upright, as TeX has them
)
"""What docutils writes otherwise than TeX would set it, and what becomes of it."""


def add_renderer(app: Sphinx) -> None:
    """Register the renderer; a book chooses it with `html_math_renderer: recount`."""
    app.add_html_math_renderer(RENDERER, (_visit_inline, None), (_visit_block, None))


def mathml(latex: str, block: bool = False) -> str:
    """A formula as a `math` element. Raises MathError where a part of it is not understood."""
    html = str(tex2mathml(latex, as_block=block))
    for written, becomes in _OTHERWISE:
        html = re.sub(written, becomes, html)
    return html


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
    except MathError as error:
        LOGGER.warning(
            "the formula %s cannot be drawn: %s", latex, error, location=node, type="recount", subtype="math"
        )
        return f"<code>{escape(latex)}</code>"
