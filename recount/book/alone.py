"""The frame of a page that needs no other file: style, icon and the Chinese characters it uses are in it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from recount.book.editions import edition_config
from recount.book.webfont import characters, subset

_PAGE = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
$head<title>$title</title>
<link rel="icon" href="$icon">
<style>
@font-face { font-family: "Recount SC"; src: url("data:font/woff2;base64,$font"); }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem;
  box-sizing: border-box; line-height: 1.7; background: Canvas; color: CanvasText;
  font-family: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Recount SC", sans-serif; }
main { max-width: 34rem; }
h1 { margin: 0; }
$style</style>
</head>
<body>
<main>
$body
</main>
$script
</body>
</html>
""")


def standalone(*, lang: str, title: str, body: str, style: str, fonts: Path, head: str = "",
               icon: bytes = b"", script: str = "") -> str:  # fmt: skip
    """The page as HTML.

    All but `icon`, an SVG, is put in as it is: text must be escaped already. `fonts` is a folder for
    fonts that were cut before.
    """
    held = f"image/svg+xml;base64,{b64encode(icon).decode()}" if icon else ","
    font = b64encode(subset(characters([title, body]), fonts).read_bytes()).decode()
    return _PAGE.substitute(lang=lang, title=title, body=body, style=style, head=head, icon=f"data:{held}",
                            font=font, script=script)  # fmt: skip


def language_code(config: Mapping[str, Any], lang: str) -> str:
    """What an edition's pages say in `lang=`, such as `zh-CN`."""
    return str(edition_config(config, lang)["sphinx"]["config"]["language"]).replace("_", "-")
