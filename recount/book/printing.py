"""The pages of an edition as one page to be printed: no controls, links between chapters within it.

Code that a page folds is left out, as are the tables of drawn values; what a table folds is shown, and
of an exercise's solution the answer. Anchors get the chapter's name before them, so that each is one
of its kind in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader
from pygments.formatters import HtmlFormatter

from recount.book.addresses import CODES
from recount.book.alone import TEMPLATES
from recount.book.layout import CHAPTERS
from recount.words import pick

_GONE = (
    "script, template, noscript, .headerlink, .permalink, .report, .copybtn, .toctree-wrapper, "
    "button, .recount-controls, .recount-files, .recount-values, .recount-more"
)
_PLAIN = ".highlight :is(span.n, span.p, span.o, span.w)"  # each an element of the PDF, and none coloured
_REFERRING = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_ANSWER = ("参考答案", "Answer")
_CONTENTS = ("目录", "Contents")
_CODE = (
    "网页上收起的代码和图中数值没有印出，见本书网站和笔记本。",
    "Code and tables of values that the pages fold are not printed; the book's site and notebooks have them.",
)
_UP = re.compile(r"^(\.\./)+")
_PRINT = Path(__file__).with_name("print.css")


def print_page(
    edition: Path,
    docnames: Sequence[str],
    lang: str,
    title: str,
    about: Sequence[str],
    *,
    style: str,
    font: str,
    root: str,
    base: str = "",
) -> str:
    """The HTML of one page with all chapters of a built edition.

    `edition` is the edition's folder and `root` its address seen from where the page will lie; `about`
    are lines under the title, `style` holds the book's style sheets and `font` is the address of a font
    with all characters. With a `base`, links to files beside the pages lead to the edition's address
    there, else they are plain text.
    """
    parsed = {name: _soup(edition / f"{name}.html") for name in docnames}
    articles = []
    for name in docnames:
        article = parsed[name].select_one("article.bd-article")
        assert article is not None, f"{name}.html has no article"
        articles.append(_chapter(parsed[name], article, name, docnames, lang, root, base))
    template = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True).get_template("print.html")
    return template.render(
        lang=CODES[lang],
        title=title,
        font=font,
        style=_style(style, root),
        about=[*about, pick(_CODE, lang)],
        contents=pick(_CONTENTS, lang),
        chapters=[(str(article["id"]), _heading(article), str(article)) for article in articles],
    )


def _soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def _stem(docname: str) -> str:
    """What a chapter's anchors begin with."""
    return docname.removeprefix(f"{CHAPTERS}/")


def _style(own: str, root: str) -> str:
    """The book's own style sheets, colours of code, and what print adds. The theme's are for screens."""
    placed = re.sub(r"""url\((["']?)fonts/""", rf"url(\1{root}/_static/fonts/", own)
    code = HtmlFormatter(style="friendly").get_style_defs(".highlight")
    return "\n".join([placed, code, _PRINT.read_text(encoding="utf-8")])


def _from_root(address: str, root: str) -> str:
    return f"{root}/{_UP.sub('', address)}"


def _chapter(
    page: BeautifulSoup, article: Tag, docname: str, docnames: Sequence[str], lang: str, root: str, base: str
) -> Tag:
    """The article of a page, made ready: controls gone, folds resolved, anchors and links its own."""
    for element in article.select(_GONE):
        element.decompose()
    _unfold(page, article, lang)
    stem = _stem(docname)
    for element in article.find_all(True):
        if element.get("id"):
            element["id"] = f"{stem}--{element['id']}"
        for name in _REFERRING:
            if element.get(name):
                words = element[name] if isinstance(element[name], list) else str(element[name]).split()
                element[name] = " ".join(f"{stem}--{word}" for word in words)
        if element.get("src"):
            element["src"] = _from_root(str(element["src"]), root)
            element["loading"] = "eager"
    for link in article.find_all("a", href=True):
        address = _target(str(link["href"]), stem, docnames, base)
        if address:
            link["href"] = address
        else:
            link.name = "span"
            del link["href"]
    article.name = "section"
    article["class"] = "print-chapter"
    article["id"] = stem
    return article


def _unfold(page: BeautifulSoup, article: Tag, lang: str) -> None:
    """Code a page folds goes, an answer stays, and what is left of code is in few pieces; the details of
    a table are opened."""
    for fold in article.select("div.cell details.hide"):
        cell = fold.find_parent("div", class_="cell")
        if cell is not None and "tag_solution" in cell.get_attribute_list("class"):
            label = page.new_tag("p", attrs={"class": "print-answer"})
            label.string = pick(_ANSWER, lang)
            fold.insert_before(label)
        for output in fold.select(".cell_output"):
            fold.insert_before(output.extract())
        fold.decompose()
    for span in article.select(_PLAIN):
        span.unwrap()
    for details in article.find_all("details"):
        details["open"] = ""


def _target(address: str, stem: str, docnames: Sequence[str], base: str) -> str:
    """Where a link of the printed page leads; '' where it can lead nowhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return address
    path = _UP.sub("", parts.path)
    if not path:
        return f"#{stem}--{parts.fragment}" if parts.fragment else f"#{stem}"
    names = {name.rsplit("/", 1)[-1]: _stem(name) for name in docnames}
    page = path.rsplit("/", 1)[-1].removesuffix(".html")
    if path.endswith(".html") and page in names:
        return f"#{names[page]}--{parts.fragment}" if parts.fragment else f"#{names[page]}"
    return f"{base.rstrip('/')}/{path}" if base else ""


def _heading(article: Tag) -> str:
    heading = article.find("h1")
    return heading.get_text(" ", strip=True) if heading else ""
