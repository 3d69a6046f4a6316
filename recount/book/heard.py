"""What a page tells those who hear it read: a caption for each table, what its headings are for, and
where another language begins; and the size of each picture before it arrives.

Nodes of a page are mended before they are written (`Heard`), and a few of them are written otherwise
than Sphinx and MyST-NB do. Tables of this package say all this themselves; of what other programs put
out as HTML, a pandas frame above all, the parts that lack it are given it.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup, NavigableString
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from recount.book.addresses import report_link, site_address
from recount.book.repository import Repository
from recount.chapter.markup import marked, runs

_NO_PROSE = (nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.comment, nodes.option_string)
_NO_PROSE_TAGS = ("script", "style", "pre", "title", "option", "svg", "math", "code")
_PIXELS_A_POINT = 4 / 3


def connect(app: Sphinx) -> None:
    """Register the transform and the writers."""
    app.add_post_transform(Heard)
    app.add_node(nodes.table, override=True, html=(_visit_table, _depart("table")))
    app.add_node(nodes.entry, override=True, html=(_visit_entry, _depart("entry")))
    app.add_node(nodes.image, override=True, html=(_visit_image, _depart("image")))
    app.add_node(nodes.citation, override=True, html=(_visit_citation, _depart("citation")))
    app.add_node(HideCodeCellNode, override=True, html=(_visit_folded, _depart_folded))


class Heard(SphinxPostTransform):
    """Gives the nodes of a page captions, languages, sizes, and a way to report an error."""

    # After outputs are chosen, references resolved and images fetched; before MyST-NB folds cells (199):
    # what it folds does not know its section.
    default_priority = 190
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Mend the page's document in place."""
        seen = Counter[str]()
        for node in list(self.document.findall(nodes.table)):
            if node.next_node(nodes.title) is None:
                node["heard"] = self._caption(node, seen)
        for node in list(self.document.findall(nodes.raw)):
            if node.get("format") == "html":
                self._mend(node, seen)
        for text in list(self.document.findall(nodes.Text)):
            self._mark(text)
        for place, image in enumerate(self.document.findall(nodes.image)):
            size = pixels(Path(self.app.srcdir) / image["uri"])
            if size:  # under a name of its own: docutils would make a link to the picture in full
                image["room"] = size
                image["loading"] = "lazy" if place else "eager"

    def _caption(self, node: nodes.Node, seen: Counter[str]) -> str:
        """The heading that a table stands under, with a number from the second table on."""
        while node.parent and not isinstance(node, nodes.section):
            node = node.parent
        title = node.next_node(nodes.title)
        heading = title.astext() if title else ""
        seen[heading] += 1
        number = f"（{seen[heading]}）" if self.config.recount_lang == "zh" else f" ({seen[heading]})"
        return heading + (number if seen[heading] > 1 else "")

    def _mark(self, text: nodes.Text) -> None:
        """Put words of the other language into an element of theirs."""
        lang = self.config.recount_lang
        code = lang == "zh" and isinstance(text.parent, nodes.literal)
        if code or isinstance(text.parent, _NO_PROSE):
            return
        pieces = list(runs(text.astext(), lang))
        if any(other for _, other in pieces):
            text.parent.replace(text, [_piece(piece, other) for piece, other in pieces])

    def _mend(self, node: nodes.raw, seen: Counter[str]) -> None:
        html = node.astext()
        ours = 'class="recount' in html
        lacking = html.count("<table") > html.count("<caption")
        repository = Repository.of(self.config.recount_repository).url
        reported = repository and 'class="permalink"' in html
        if not ("<table" in html and not ours) and not lacking and not reported:
            return
        soup = BeautifulSoup(html, "html.parser")
        for table in soup.find_all("table"):
            if table.caption is None:
                caption = soup.new_tag("caption", attrs={"class": "recount-unseen"})
                caption.string = self._caption(node, seen)
                table.insert(0, caption)
        if not ours:
            complete(soup, self.config.recount_lang)
        lang = self.config.recount_lang
        page = site_address(self.config.recount_base_url, f"{lang}/{self.env.docname}.html")
        for link in soup.select("a.permalink") if reported else ():
            report = report_link(repository, page, str(link["href"])[1:], lang)
            link.insert_after(" ", BeautifulSoup(report, "html.parser"))
        node[0] = nodes.Text(str(soup))


def complete(soup: BeautifulSoup, lang: str) -> None:
    """Give tables that another program wrote the `scope` of their headings, and their words a language."""
    for cell in soup.find_all("th", {"scope": False}):
        if cell.get_text(strip=True):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
        else:
            cell.name = "td"  # what heads nothing is no heading
    for text in [*soup.find_all(string=True)]:
        if type(text) is NavigableString and not text.find_parent(_NO_PROSE_TAGS):
            words = marked(text, lang)
            if words != escape(text):
                text.replace_with(BeautifulSoup(words, "html.parser"))


def pixels(path: Path) -> tuple[int, int] | None:
    """Width and height of an SVG in pixels of a style sheet; None where there is no such file or size."""
    if path.suffix != ".svg" or not path.is_file():
        return None
    _, root = next(iter(ElementTree.iterparse(path, events=("start",))))
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) != 4:
        return None
    return round(float(box[2]) * _PIXELS_A_POINT), round(float(box[3]) * _PIXELS_A_POINT)


def _piece(text: str, lang: str) -> nodes.Node:
    # docutils writes a class `language-en` as the attribute `lang`
    return nodes.inline("", text, classes=[f"language-{lang}"]) if lang else nodes.Text(text)


def _depart(name: str) -> Any:
    """The translator's own way to end a node of this name."""

    def depart(self: HTML5Translator, node: nodes.Element) -> None:
        getattr(type(self), f"depart_{name}")(self, node)

    return depart


def _visit_table(self: HTML5Translator, node: nodes.table) -> None:
    type(self).visit_table(self, node)
    if node.get("heard"):
        self.body.append(f'<caption class="recount-unseen">{escape(node["heard"])}</caption>')


def _visit_entry(self: HTML5Translator, node: nodes.entry) -> None:
    type(self).visit_entry(self, node)
    scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
    self.body[-1] = self.body[-1].replace("<th", f'<th scope="{scope}"', 1)


def _visit_image(self: HTML5Translator, node: nodes.image) -> None:
    """An image of known size keeps its room; a page's first is asked for early, the others when near."""
    type(self).visit_image(self, node)
    if "room" in node:
        width, height = node["room"]
        hint = 'fetchpriority="high"' if node["loading"] == "eager" else 'decoding="async"'
        facts = f'width="{width}" height="{height}" loading="{node["loading"]}" {hint}'
        self.body[-1] = self.body[-1].replace("<img ", f"<img {facts} ", 1)


def _visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """docutils gives entries a role that is no longer one, in a list that holds more than entries."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div class="citation-list">\n')
    self.body.append(self.starttag(node, "div", CLASS="citation"))


def _visit_folded(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Folded code, whose summary is named by what it shows."""
    self.body.append(f'<details class="admonition hide {" ".join(node["classes"])}">\n<summary>\n')
    for state in ("show", "hide"):
        name = {"show": "collapsed", "hide": "expanded"}[state]
        self.body.append(f'<p class="{name} admonition-title">{escape(node[f"prompt_{state}"])}</p>\n')
    self.body.append("</summary>\n")


def _depart_folded(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")
