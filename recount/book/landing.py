"""The page at the top of the site, which offers both editions."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from recount.book.editions import edition_config
from recount.book.layout import LANGUAGES
from recount.book.webfont import characters, subset

PAGE = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<link rel="icon" href="data:image/svg+xml;base64,$icon">
<style>
@font-face { font-family: "Recount SC"; src: url("data:font/woff2;base64,$font"); }
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem;
  box-sizing: border-box; line-height: 1.6; background: Canvas; color: CanvasText;
  font-family: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Recount SC", sans-serif; }
h1 { font-size: 1rem; font-weight: 400; margin: 0 0 1rem; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; max-width: 34rem; }
a { display: block; padding: 1rem 1.25rem; border: 1px solid GrayText; border-radius: .5rem;
  color: inherit; text-decoration: none; }
a:hover, a:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
strong { display: block; font-size: 1.25rem; }
</style>
</head>
<body>
<main>
<h1>$heading</h1>
<ul>
$links
</ul>
</main>
$script
</body>
</html>
""")

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
        settings = edition["sphinx"]["config"]
        titles.append(edition["title"])
        link = {
            "href": addresses[lang],
            "lang": str(settings["language"]).replace("_", "-"),
            "title": edition["title"],
            "text": settings.get("recount_invitation", ""),
        }
        links.append(LINK.substitute({key: escape(value) for key, value in link.items()}))
    first = edition_config(config, LANGUAGES[0])["sphinx"]["config"]["language"]
    content = {
        "lang": escape(str(first).replace("_", "-")),
        "title": escape(" · ".join(titles)),
        "heading": HEADING,
        "links": "\n".join(links),
    }
    font = subset(characters(content.values()), fonts).read_bytes()
    script = SCRIPT.substitute(first=_json(addresses), places=_json(places))
    held = {"font": b64encode(font).decode(), "icon": b64encode(icon).decode()}
    return PAGE.substitute(content, **held, script=script)


def _json(value: Mapping[str, str]) -> str:
    """A mapping as it can stand in a script element."""
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
