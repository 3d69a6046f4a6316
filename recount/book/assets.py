"""What pages load: one style sheet and one script, cut to what the pages of an edition use.

The theme's style sheets hold rules for all that a site might contain, its scripts and icon fonts
likewise. Here they are joined with the book's own, in the order the theme loads them, and rules
that no page can use are left out. Pages name the two files in `templates/layout.html`; a style
sheet or script that is none of these, of an extension, is loaded after them as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import tinycss2

STYLES = (
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "mystnb.*.css",
)
SCRIPTS = ("scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js")
STYLE, SCRIPT = "book.css", "book.js"

_FOR_SEARCH = ("documentation_options.js", "doctools.js", "sphinx_highlight.js", "translations.js")
"""Sphinx's scripts, which `layout.html` loads where one searches, and `tools.js` where one has."""
_IDLE = ("scripts/*", "styles/*", "vendor/*", "locales/*", "images/logo_*", "*webpack-macros.html")
"""The theme's files that no page asks for once its style sheets and scripts are joined."""

_NESTED = {"media", "supports", "layer", "container"}
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_VERSION = re.compile(r"""(_static/(book\.(?:css|js)))(?:\?v=\w+)?(?=["'])""")
_UNUSED_FONT = re.compile(r"Font ?Awesome")


def pages_of(outdir: Path) -> list[Path]:
    """The HTML files of an edition; the theme's own are not pages."""
    return [path for path in sorted(outdir.rglob("*.html")) if "_static" not in path.parts]


def of_others(own: Path) -> Callable[[Any], bool]:
    """A test whether a style sheet or script that Sphinx lists for a page is an extension's own.

    `own` is the book's folder of style sheets and scripts.
    """
    names = {path.name for path in own.glob("*")}
    patterns = (*STYLES, *SCRIPTS, *_FOR_SEARCH, "styles/theme.css")

    def other(file: Any) -> bool:
        name = str(file.filename or "").removeprefix("_static/")
        return name not in names and not any(fnmatch(name, pattern) for pattern in patterns)

    return other


def needed_static(source: Path) -> set[str]:
    """The files below `_static` of an edition that its site has: all but what was joined and is idle."""
    static = source / "_static"
    paths = (path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file())
    return {path for path in paths if not any(fnmatch(path, pattern) for pattern in (*_IDLE, *STYLES))}


def bundle(outdir: Path, own: Path) -> None:
    """Write `_static/book.css` and `_static/book.js` of an edition and name their versions in its pages.

    `own` is the book's folder of style sheets and scripts, which come last.
    """
    static = outdir / "_static"
    pages = {path: path.read_text(encoding="utf-8") for path in pages_of(outdir)}
    script = "\n".join(_texts([*_found(static, SCRIPTS), *sorted(own.glob("*.js"))]))
    script = re.sub(r"//# sourceMappingURL=\S+", "", script)
    late = _texts(path for path in sorted(static.rglob("*.js")) if "scripts" not in path.parts)
    css = "\n".join(_texts([*_found(static, STYLES), *sorted(own.glob("*.css"))]))
    files = {STYLE: pruned(css, words(pages.values(), [script, *late])), SCRIPT: script}
    for name, content in files.items():
        (static / name).write_text(content, encoding="utf-8")
    for path in (path for path in own.iterdir() if path.suffix in (".css", ".js")):
        (static / path.name).unlink(missing_ok=True)  # it is in the bundle now
    marks = {name: hashlib.sha256(content.encode()).hexdigest()[:8] for name, content in files.items()}
    for path, html in pages.items():
        marked = _VERSION.sub(lambda m: f"{m[1]}?v={marks[m[2]]}", html)
        if marked != html:
            path.write_text(marked, encoding="utf-8")


def _found(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(folder.glob(pattern))]


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in paths)


def words(pages: Iterable[str], scripts: Iterable[str]) -> frozenset[str]:
    """All classes, ids and element names that pages have or a script of theirs may give them."""
    names: set[str] = set()
    for html in pages:
        for value in re.findall(r"""\s(?:class|id)=["']([^"']*)["']""", html):
            names.update(value.split())
        names.update(re.findall(r"<([A-Za-z][\w-]*)", html))
        for script in re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL):
            names.update(_WORD.findall(script))
    for script in scripts:
        names.update(_WORD.findall(script))
    return frozenset(names)


def pruned(css: str, used: frozenset[str]) -> str:
    """A style sheet without comments and without rules for a class, id or element that nothing has."""
    return "".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used))


def _kept(rules: Iterable[Any], used: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            chosen = [_text(s) for s in _selectors(rule.prelude) if _may_match(s, used)]
            if chosen:
                yield f"{','.join(chosen)}{{{_text(rule.content)}}}\n"
        elif rule.type == "at-rule" and rule.content is not None:
            word, head = rule.lower_at_keyword, f"@{rule.at_keyword} {_text(rule.prelude)}".strip()
            content = _text(rule.content)
            if word in _NESTED:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                content = "".join(_kept(inner, used))
            if content and not (word == "font-face" and _UNUSED_FONT.search(content)):
                yield f"{head}{{{content}}}\n"


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _may_match(selector: list[Any], used: frozenset[str]) -> bool:
    """False where a class, id or element of the selector is nowhere. What stands in `:is(…)`,
    `:not(…)` and the like is not looked at."""
    before = ""
    for token in selector:
        if token.type == "ident" and before not in (":", "\\") and token.value not in used:
            return False
        if token.type == "hash" and token.value not in used:
            return False
        before = token.value if token.type == "literal" else ""
    return True


def _text(tokens: list[Any]) -> str:
    """Tokens as CSS, comments and needless space left out."""
    return " ".join(tinycss2.serialize([t for t in tokens if t.type != "comment"]).split())
