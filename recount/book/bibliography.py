"""How an entry of the bibliographies is printed: as pybtex's plain style, with where and when.

The plain style leaves out who published a page on the web and on which day. In the English edition
a Chinese title is followed by what it says in English.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from pybtex.plugin import register_plugin
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.unsrt import Style
from pybtex.style.template import field, href, join, names, optional, sentence

STYLE = "recount"
"""The style's name in `bibtex_default_style`."""

_HAN = re.compile("[\u4e00-\u9fff]")


class RecountStyle(Style):
    """The Chinese edition's style."""

    lang = "zh"
    seen = "（{}查阅）"

    def format_names(self, role: str, as_sentence: bool = True) -> Any:
        """Authors in full; Chinese ones side by side, without “and”."""
        plain = super().format_names(role, as_sentence)

        def joined(children: Any, context: Any) -> Any:
            persons = context["entry"].persons.get(role, [])
            if not any(_HAN.search(str(person)) for person in persons):
                return plain.format_data(context)
            people = names(role, sep="、", sep2="、", last_sep="、")
            return (sentence[people] if as_sentence else people).format_data(context)

        return _Template(joined)

    def get_online_template(self, e: Any) -> Any:
        """A page: authors, title, publisher and date, what has to be said of it, its address."""
        return toplevel[
            optional[self.format_names("author")],
            sentence[self.titled(e)],
            sentence[self.own(e, "organization"), optional[field("date")]],
            optional[sentence[self.own(e, "note")]],
            self.format_web_refs(e),
        ]

    def titled(self, e: Any) -> Any:
        """The title as it stands in the source."""
        return field("title")

    def own(self, e: Any, name: str) -> Any:
        """A field in this edition's language where there is one in it."""
        key = f"{name}_{self.lang}"
        return optional[field(key if key in e.fields else name)]

    def format_url(self, e: Any) -> Any:
        """The address as a link that shows its site, and the day on which it was read."""
        url = e.fields["url"]
        link = href(url)[urlsplit(url).netloc.removeprefix("www.")]
        return join[link, self.seen.format(e.fields["urldate"])] if "urldate" in e.fields else link

    def format_web_refs(self, e: Any) -> Any:
        """The address or the DOI, whichever there is."""
        parts = [self.format_url(e)] if "url" in e.fields else []
        return sentence[[*parts, optional[self.format_doi(e)]]]


class RecountEnglishStyle(RecountStyle):
    """The English edition's style."""

    lang = "en"
    seen = " (read on {})"

    def titled(self, e: Any) -> Any:
        """The title, and what it says where it is in Chinese."""
        english = optional[join[" [", field("title_en"), "]"]]
        return join[field("title"), english]


class _Template:
    """A template whose children and formatting are one function, as pybtex's own nodes have them."""

    def __init__(self, format_data: Any):
        self._format_data = format_data

    def format_data(self, context: Any) -> Any:
        """The text of an entry; `context` is pybtex's."""
        return self._format_data([], context)


def register(lang: str) -> None:
    """Make the style of an edition known to pybtex under `STYLE`."""
    style = RecountStyle if lang == "zh" else RecountEnglishStyle
    register_plugin("pybtex.style.formatting", STYLE, style, force=True)
