"""The page at the top of the site, which offers both editions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from recount.book.alone import language_code, standalone
from recount.book.editions import edition_config
from recount.book.layout import LANGUAGES

_STYLE = """h1 { font-size: 1rem; font-weight: 400; margin-bottom: 1rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; line-height: 1.6; }
a { display: block; padding: 1rem 1.25rem; border: 1px solid GrayText; border-radius: .5rem;
  color: inherit; text-decoration: none; }
a:hover, a:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
strong { display: block; font-size: 1.25rem; }
"""

# An address of a statistic at the top of the site, such as index.html#sme_loans, leads to the edition
# read last or else to that of the browser's language; without one a reader who came before goes on in
# the edition read last. `#choose` stays. What storage or script is lacking leaves the choice.
SCRIPT = Template("""<script>
(() => {
  const first = $first, places = $places;
  let kept = null;
  try { kept = localStorage.getItem("recount-edition"); } catch { /* kept out of storage */ }
  const id = decodeURIComponent(location.hash.slice(1));
  const lang = kept in first ? kept : (navigator.language || "").startsWith("zh") ? "zh" : "en";
  if (id in places) location.replace(lang + "/" + places[id] + "#" + encodeURIComponent(id));
  else if (kept in first && id !== "choose") location.replace(first[kept]);
})();
</script>""")

LINK = Template('<li><a href="$href" lang="$lang" hreflang="$lang"><strong>$title</strong>$text</a></li>')


HEADING = '选择语言 · <span lang="en">Choose a language</span>'


def landing_page(config: Mapping[str, Any], addresses: Mapping[str, str], places: Mapping[str, str],
                 fonts: Path, icon: bytes) -> str:  # fmt: skip
    """The page as HTML, complete in itself, with the Chinese characters it uses.

    `addresses` leads from each language to its edition's first page, `places` from each statistic
    to its page below an edition; `fonts` is a folder for fonts that were cut before. Titles and the
    line under them come from each edition's configuration (`title`, and `recount_invitation` of
    Sphinx's part); `icon` is the site's, an SVG.
    """
    titles, links = [], []
    for lang in LANGUAGES:
        edition = edition_config(config, lang)
        titles.append(edition["title"])
        link = {
            "href": addresses[lang],
            "lang": language_code(config, lang),
            "title": edition["title"],
            "text": edition["sphinx"]["config"].get("recount_invitation", ""),
        }
        links.append(LINK.substitute({key: escape(value) for key, value in link.items()}))
    items = "\n".join(links)
    return standalone(
        lang=escape(language_code(config, LANGUAGES[0])),
        title=escape(" · ".join(titles)),
        body=f"<h1>{HEADING}</h1>\n<ul>\n{items}\n</ul>",
        style=_STYLE,
        fonts=fonts,
        icon=icon,
        script=SCRIPT.substitute(first=_json(addresses), places=_json(places)),
    )


def _json(value: Mapping[str, str]) -> str:
    """A mapping as it can stand in a script element."""
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
