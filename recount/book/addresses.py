"""Where a page is: its twin in the other edition, its address in the world, and a site's list of pages.

Only a site whose address is configured (`recount_base_url`) can say where it is; without one, links
between the editions are relative and nothing claims to be canonical.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote, urlencode

from recount.book.layout import LANGUAGES
from recount.words import pick

CODES = {"zh": "zh-Hans", "en": "en"}
LOCALES = {"zh": "zh_CN", "en": "en_US"}
_LONGEST = 200  # characters of a description

_REPORT = ("报告错误", "report an error")
_REPORT_TITLE = ("统计数 {id}", "Statistic {id}")
_REPORT_BODY = (
    "页面：{page}#{id}\n\n有误的是（报道数字、读法、关系、外部资料、判定或文字）：\n\n应当是：\n\n依据（可打开的网址）：\n",
    "Page: {page}#{id}\n\nWhat is wrong (printed figure, reading, relation, outside figure, verdict or text):"
    "\n\nWhat it should be:\n\nSource (an address that can be opened):\n",
)


def site_address(base: str, path: str) -> str:
    """The full address of a path of the site, or the path where no base is configured."""
    return f"{base.rstrip('/')}/{quote(path)}" if base else path


def twins(pagename: str, base: str, up: str) -> dict[str, str]:
    """The address of a page in each edition; without a base from where the page lies, by `up`."""
    return {
        lang: site_address(base, f"{lang}/{pagename}.html") if base else f"{up}{lang}/{pagename}.html"
        for lang in LANGUAGES
    }


def shortened(text: str) -> str:
    """The beginning of a text, as long as a description may be."""
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def sitemap(base: str, pagenames: Iterable[str]) -> str:
    """The pages of both editions as a sitemap (sitemaps.org), each with its twin."""
    entries = []
    for pagename in pagenames:
        addresses = twins(pagename, base, "")
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{CODES[lang]}" href="{escape(address)}"/>'
            for lang, address in addresses.items()
        )
        entries += [f"<url><loc>{escape(address)}</loc>{links}</url>" for address in addresses.values()]
    lines = "\n".join(entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{lines}\n</urlset>\n'
    )


def report_link(repository: str, page: str, id: str, lang: str) -> str:
    """A link that opens a message on a statistic, filled in, at GitHub and what is like it.

    `page` is the address of the statistic's page.
    """
    words = {
        "title": pick(_REPORT_TITLE, lang).format(id=id),
        "body": pick(_REPORT_BODY, lang).format(id=id, page=page),
    }
    address = f"{repository.rstrip('/').removesuffix('.git')}/issues/new?{urlencode(words)}"
    return f'<a class="report" href="{escape(address)}" rel="nofollow">{pick(_REPORT, lang)}</a>'
