"""A way to report an error from each statistic's row: a link that opens a prefilled message."""

from __future__ import annotations

import re
from html import escape

from recount.book.addresses import report_address
from recount.words import pick

_PERMALINK = re.compile(r'<a class="permalink"[^>]*href="#([^"]+)"[^>]*>.*?</a>')
_LINK = ("报告错误", "report an error")
_TITLE = ("统计数 {id}", "Statistic {id}")
_BODY = (
    "页面：{page}#{id}\n\n有误的是（报道数字、读法、关系、外部资料、判定或文字）：\n\n应当是：\n\n依据（可打开的网址）：\n",
    "Page: {page}#{id}\n\nWhat is wrong (printed figure, reading, relation, outside figure, verdict or text):"
    "\n\nWhat it should be:\n\nSource (an address that can be opened):\n",
)


def with_report_links(html: str, repository: str, page: str, lang: str) -> str:
    """A page whose statistics each have a link to a new message; as it was without a repository.

    `page` is the page's address.
    """
    if not repository:
        return html

    def linked(match: re.Match[str]) -> str:
        told = {"id": match[1], "page": page}
        words = {"title": pick(_TITLE, lang).format(**told), "body": pick(_BODY, lang).format(**told)}
        address = escape(report_address(repository, words))
        return f'{match[0]} <a class="report" href="{address}" rel="nofollow">{pick(_LINK, lang)}</a>'

    return _PERMALINK.sub(linked, html)
