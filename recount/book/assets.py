"""What pages load: one style sheet and one script, cut to what the pages of an edition use.

The theme's style sheets hold rules for all that a site might contain, its scripts and icon fonts
likewise. Here they are joined with the book's own, in the order the theme loads them, and rules
that no page can use are left out. Pages name the two files in `templates/layout.html`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

_NESTED = {"media", "supports", "layer", "container"}
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_VERSION = re.compile(r"""(_static/(book\.(?:css|js)))(?:\?v=\w+)?(?=["'])""")
_NAMED = re.compile(r"""_static/([^"'?#\s)<>]+)""")
_FILE = re.compile(r"[\w./-]+\.(?:css|js|svg|png|woff2?)\b")
_UNUSED_FONT = re.compile(r"Font ?Awesome")


def pages_of(outdir: Path) -> list[Path]:
    """The HTML files of an edition; the theme's own are not pages."""
    return [path for path in sorted(outdir.rglob("*.html")) if "_static" not in path.parts]


def bundle(outdir: Path, own: Path) -> None:
    """Write `_static/book.css` and `_static/book.js` of an edition and name their versions in its pages.

    `own` is the book's folder of style sheets and scripts, which come last.
    """
    static = outdir / "_static"
    pages = {path: path.read_text(encoding="utf-8") for path in pages_of(outdir)}
    script = "\n".join(_texts([*_found(static, SCRIPTS), *sorted(own.glob("*.js"))]))
    script = re.sub(r"//# sourceMappingURL=\S+", "", script)
    late = _texts(path for path in sorted(static.glob("*.js")) if path.name != SCRIPT)
    css = "\n".join(_texts([*_found(static, STYLES), *sorted(own.glob("*.css"))]))
    files = {STYLE: pruned(css, words(pages.values(), [script, *late])), SCRIPT: script}
    for name, content in files.items():
        (static / name).write_text(content, encoding="utf-8")
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
    found: set[str] = set()
    for html in pages:
        for value in re.findall(r"""\s(?:class|id)=["']([^"']*)["']""", html):
            found.update(value.split())
        found.update(re.findall(r"<([A-Za-z][\w-]*)", html))
        found.update(re.findall(r"var\(\s*(--[\w-]+)", html))
        for script in re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL):
            found.update(_WORD.findall(script))
    for script in scripts:
        found.update(_WORD.findall(script))
    return frozenset(found)


@dataclass(frozen=True)
class Rule:
    """A rule of declarations or, with `rules`, of other rules."""

    head: str
    declarations: tuple[tuple[str, str], ...] = ()
    """Each declaration's name and its text."""
    rules: tuple[Rule, ...] = ()

    def text(self) -> str:
        """The rule as CSS; the empty string where nothing is in it."""
        inner = "".join(rule.text() for rule in self.rules) or ";".join(text for _, text in self.declarations)
        return f"{self.head}{{{inner}}}" if inner else ""

    def without(self, names: frozenset[str]) -> Rule:
        """The rule without the declarations of these names."""
        kept = tuple(entry for entry in self.declarations if entry[0] not in names)
        return Rule(self.head, kept, tuple(rule.without(names) for rule in self.rules))

    def names(self) -> set[str]:
        """The custom properties it declares."""
        own = {name for name, _ in self.declarations if name.startswith("--")}
        return own.union(*(rule.names() for rule in self.rules))


def pruned(css: str, used: frozenset[str]) -> str:
    """A style sheet without comments, and without what names a class, an id or an element that
    nothing has. Custom properties and animations that no rule asks for go too."""
    sheet = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    rules = list(_kept(sheet, used))
    while True:
        text = "\n".join(filter(None, (rule.text() for rule in rules))) + "\n"
        asked = set(re.findall(r"var\(\s*(--[\w-]+)", text)) | used
        idle = frozenset(set().union(*(rule.names() for rule in rules)) - asked)
        if not idle:
            break
        rules = [rule.without(idle) for rule in rules]
    return "".join(line for line in text.splitlines(keepends=True) if not _idle_animation(line, text))


def _idle_animation(line: str, text: str) -> bool:
    named = re.match(r"@(?:-webkit-)?keyframes\s+([\w-]+)", line)
    return named is not None and not re.search(
        rf"animation[\w-]*:[^;}}]*(?<![\w-]){re.escape(named[1])}\b", text
    )


def _kept(rules: Iterable[Any], used: frozenset[str]) -> Iterator[Rule]:
    for rule in rules:
        if rule.type == "qualified-rule":
            chosen = [s for s in _selectors(rule.prelude) if _may_match(s, used)]
            if chosen:
                yield Rule(",".join(_text(s) for s in chosen), tuple(_declarations(rule.content)))
        elif rule.type == "at-rule" and rule.content is not None:
            word, prelude = rule.lower_at_keyword, _text(rule.prelude)
            head = f"@{rule.at_keyword} {prelude}".strip()
            if word in _NESTED:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                yield Rule(head, rules=tuple(_kept(inner, used)))
            elif not (word == "font-face" and _UNUSED_FONT.search(_text(rule.content))):
                yield Rule(head, (("", _text(rule.content)),))


def _declarations(content: list[Any]) -> Iterator[tuple[str, str]]:
    """The declarations of a rule that stands in no other; one that is not understood is left out, as
    a browser leaves it out."""
    for entry in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if entry.type == "declaration":
            important = "!important" if entry.important else ""
            value = _text(entry.value)
            # a custom property may hold nothing, but not without a space
            yield entry.name, f"{entry.name}:{value or ' '}{important}"


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


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


def needed_static(source: Path) -> set[str]:
    """The files below `_static` that pages name, or a file that they name."""
    static, found = source / "_static", set()
    new = {name for path in pages_of(source) for name in _NAMED.findall(path.read_text(encoding="utf-8"))}
    while new:
        found |= new
        named = set()
        for path in (static / name for name in new):
            if path.suffix in (".css", ".js") and path.is_file():
                named.update(_FILE.findall(path.read_text(encoding="utf-8")))
        new = {name for name in named if (static / name).is_file()} - found
    return {name for name in found if (static / name).is_file()}
