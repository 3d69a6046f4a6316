"""Numbers in prose come from code: digits typed in a chapter's text, and cells whose twins differ.

A digit may be part of a date, of a list's or a section's number, of a formula, of code or of an
address. Anything else is a number that nothing recomputes; it belongs in `chapter.glue` and
`{glue:text}`, or, where it is part of a name, on the book's reviewed list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from recount.book.layout import LANGUAGES
from recount.runs.keys import tags, text
from recount.runs.notebooks import read_notebook

_GLUE = re.compile(r"\{glue:text\}`([^`]+)`")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEAR = r"(?:19|20)\d\d"
# What digits may be part of, longest first; each is taken out before digits are looked for.
_ALLOWED = [
    re.compile(pattern, re.MULTILINE | re.DOTALL)
    for pattern in (
        r"^(`{3,}|:{3,}).*?^\1",  # a block of code, a directive
        r"\$\$.*?\$\$", r"\$[^$\n]+\$",  # formulas
        r"\{[a-z:]+\}`[^`]*`", r"`[^`]*`",  # roles and code
        r"<[^>]+>", r"\]\([^)]*\)", r"https?://\S+",  # addresses
        r"^#+ \d+(?:\.\d+)*\.? ", r"^ *\d+\. ",  # a section's number, a list's
        r"第\d+[节章]", r"\b(?:[Pp]art|[Ss]ection|[Cc]hapter)s? \d+(?:\.\d+)*",
        rf"{_YEAR}年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?", r"\d{1,2}月(?:\d{1,2}日)?",
        rf"\b(?:\d{{1,2}} )?(?:{_MONTHS})(?: \d{{1,2}},)? {_YEAR}\b", rf"\b{_YEAR}\b",
    )
]  # fmt: skip


def problems(path: Path, reviewed: Collection[str] = ()) -> list[str]:
    """What is wrong with the prose of a notebook: file, cell, what was found and what was expected.

    `reviewed` are texts with digits that may stand as they are, such as names. Raises BookError
    where the file is no notebook.
    """
    prose = [cell for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown"]
    lines = [*_untwinned(prose), *(line for cell in prose for line in _digits(cell, reviewed))]
    return [f"{path.name}, {line}" for line in lines]


def typed_digits(source: str, reviewed: Collection[str] = ()) -> list[str]:
    """The words with digits in a text that are none of what may hold digits."""
    for name in reviewed:
        source = source.replace(name, " ")
    for pattern in _ALLOWED:
        source = pattern.sub(" ", source)
    return re.findall(r"[^\s，。；：、（）“”,;:()]*\d[^\s，。；：、（）“”,;:()]*", source)


def _digits(cell: Mapping[str, Any], reviewed: Collection[str]) -> Iterator[str]:
    for word in typed_digits(text(cell["source"]), reviewed):
        yield (
            f"cell {cell['id']!r}: found the typed number {word!r}; expected a glued value, "
            "`{glue:text}`, from chapter.glue"
        )


def _untwinned(prose: list[Mapping[str, Any]]) -> Iterator[str]:
    """Chinese cells without an English one right after them, and twins with different keys."""
    left = list(prose)
    while left:
        zh, *left = left
        name, langs = str(zh["id"]), [tag for tag in tags(zh) if tag in LANGUAGES]
        if langs != ["zh"]:
            what = f"tagged {', '.join(langs)}" if langs else "without a language tag"
            yield f"cell {name!r}: found a text {what}; expected a Chinese one before its English twin"
            continue
        if not left or "en" not in tags(left[0]) or _stem(left[0]) != _stem(zh):
            yield f"cell {name!r}: found no English twin; expected the cell {_stem(zh) + '-en'!r} after it"
            continue
        en, *left = left
        keys, others = (set(_GLUE.findall(text(cell["source"]))) for cell in (zh, en))
        for key in sorted(keys ^ others):
            where = "Chinese" if key in keys else "English"
            yield f"cell {name!r}: found {key!r} in the {where} text alone; expected it in both"


def _stem(cell: Mapping[str, Any]) -> str:
    return re.sub(r"-(zh|en)$", "", str(cell["id"]))
