"""The page shown for an address that the site does not have (`404.html`), in both languages.

A host shows it at whatever depth the address had, so nothing in it is relative: it holds its own
style, and its links are full addresses where the site's address is configured. Where it is not, a
script finds the top of the site: it is what stands before the first `zh` or `en` of the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from recount.book.addresses import site_address
from recount.book.alone import language_code, standalone
from recount.book.editions import edition_config
from recount.book.layout import LANGUAGES

_STYLE = """h1 { font-size: 1.4rem; }
p { margin: 0 0 1.5rem; }
a { color: LinkText; }
[hidden] { display: none; }
"""

_PART = Template("""<section lang="$code">
<h1>$heading</h1>
<p>$text <a data-path="$path"$href>$link</a></p>
</section>""")

_WORDS = {
    "zh": ("没有这一页", "这个地址在本书里找不到，也许页面换了名字。", "打开目录"),
    "en": ("There is no such page", "The book has nothing at this address; the page may have been renamed.",
           "Go to the contents"),
}  # fmt: skip

_SCRIPT = Template("""<script>
const top_ = location.pathname.match(new RegExp("^(.*?)/(?:$languages)/"));
for (const link of document.querySelectorAll("a[data-path]")) {
  if (top_ && location.protocol !== "file:") link.href = top_[1] + "/" + link.dataset.path;
  else link.hidden = true;
}
</script>""")


def missing_page(config: Mapping[str, Any], addresses: Mapping[str, str], base: str, fonts: Path) -> str:
    """The page as HTML.

    `addresses` leads from each language to its edition's first page, from the top of the site;
    `base` is the site's address or empty; `fonts` is a folder for fonts that were cut before.
    """
    titles, parts = [], []
    for lang in LANGUAGES:
        heading, text, link = _WORDS[lang]
        title = edition_config(config, lang)["title"]
        titles.append(f"{heading} · {title}" if lang == LANGUAGES[0] else heading)
        href = f' href="{escape(site_address(base, addresses[lang]))}"' if base else ""
        told = {"heading": heading, "text": text, "link": link, "path": addresses[lang],
                "code": language_code(config, lang)}  # fmt: skip
        parts.append(_PART.substitute({key: escape(value) for key, value in told.items()}, href=href))
    return standalone(
        lang=escape(language_code(config, LANGUAGES[0])),
        title=escape(" · ".join(titles)),
        body="\n".join(parts),
        style=_STYLE,
        fonts=fonts,
        head='<meta name="robots" content="noindex">\n',
        script="" if base else _SCRIPT.substitute(languages="|".join(LANGUAGES)),
    )
