"""The simple slips by which a printed figure can come to say something else.

Each candidate is the figure as it might have been meant, printed the same way, and the kind of
slip that would have turned it into what was printed. Kinds follow the error classes of data
editing (Scholtus, "Automatic correction of simple typing errors in numerical data", Statistics
Netherlands, 2009), with unit words and percent for percentage point added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from recount import numerals

# In order of how often each is met: a list of candidates is ranked by it.
KINDS = (
    "power_of_ten", "unit_word", "percent_or_point", "digits_swapped",
    "digit_changed", "digit_dropped", "digit_doubled", "sign",
)  # fmt: skip

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MULTIPLES = ("万亿", "亿", "万")
_ENGLISH_MULTIPLES = ("trillion", "billion", "million", "thousand")


@dataclass(frozen=True)
class Slip:
    """A figure that may have been meant, and the slip that would explain what was printed."""

    printed: str
    kind: str


def candidates(printed: str) -> list[Slip]:
    """Every figure one simple slip away from a printed one, in the order of `KINDS`, each once.

    Figures without Arabic digits, and ranges, have none.
    """
    numbers = _NUMBER.findall(printed)
    if len(numbers) != 1:
        return []
    start, end = next(_NUMBER.finditer(printed)).span()
    before, number, after = printed[:start], printed[start:end], printed[end:]
    makers = (_scaled, _swapped, _changed, _with_extra, _with_less, _signed)
    made = [Slip(before + other + after, kind) for maker in makers for other, kind in maker(number)]
    made += [Slip(before + number + other, kind) for other, kind in _other_words(after)]
    readable = (slip for slip in made if slip.printed != printed and _parses(slip.printed))
    first = {slip.printed: slip for slip in sorted(readable, key=lambda slip: -KINDS.index(slip.kind))}
    return sorted(first.values(), key=lambda s: (KINDS.index(s.kind), _size(s, number), s.printed))


def _parses(text: str) -> bool:
    try:
        numerals.parse(text)
    except numerals.NumeralError:
        return False
    return True


def _size(slip: Slip, number: str) -> float:
    """How far the slip moves the number: small moves rank first within a kind."""
    found = _NUMBER.search(slip.printed)
    old, new = abs(float(number)), abs(float(found.group())) if found else 0.0
    return max(old, new) / min(old, new) if old and new else float("inf")


def _scaled(number: str) -> Iterator[tuple[str, str]]:
    digits, _, decimals = number.partition(".")
    for places in (-3, -2, -1, 1, 2, 3):
        if places > 0:
            moved = decimals.ljust(places, "0")
            text = digits + moved[:places] + ("." + moved[places:] if moved[places:] else "")
        else:
            padded = digits.lstrip("-").rjust(-places + 1, "0")
            sign = "-" if number.startswith("-") else ""
            text = f"{sign}{padded[:places]}.{padded[places:]}{decimals}"
        yield _trimmed(text), "power_of_ten"


def _trimmed(text: str) -> str:
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = text.partition(".")
    whole = whole.lstrip("0") or "0"
    return sign + whole + ("." + decimals if decimals else "")


def _swapped(number: str) -> Iterator[tuple[str, str]]:
    places = [i for i, character in enumerate(number) if character.isdigit()]
    for i, j in pairwise(places):
        letters = list(number)
        letters[i], letters[j] = letters[j], letters[i]
        text = "".join(letters)
        if _trimmed(text) == text:  # nobody prints a leading zero
            yield text, "digits_swapped"


def _changed(number: str) -> Iterator[tuple[str, str]]:
    for i, character in enumerate(number):
        if character.isdigit():
            for other in "0123456789":
                text = number[:i] + other + number[i + 1 :]
                if other != character and _trimmed(text) == text:
                    yield text, "digit_changed"


def _with_extra(number: str) -> Iterator[tuple[str, str]]:
    """A digit was dropped in print: put any digit back anywhere."""
    for i in range(len(number) + 1):
        if i < len(number) and number[i] == "-":
            continue
        for digit in "0123456789":
            text = number[:i] + digit + number[i:]
            if _trimmed(text) == text:
                yield text, "digit_dropped"


def _with_less(number: str) -> Iterator[tuple[str, str]]:
    """A digit was doubled in print: take one of each neighbouring pair away."""
    for i in range(1, len(number)):
        if number[i].isdigit() and number[i] == number[i - 1]:
            yield _trimmed(number[:i] + number[i + 1 :]), "digit_doubled"


def _signed(number: str) -> Iterator[tuple[str, str]]:
    yield (number[1:] if number.startswith("-") else "-" + number), "sign"


def _other_words(after: str) -> Iterator[tuple[str, str]]:
    for words in (_MULTIPLES, _ENGLISH_MULTIPLES):
        present = next((word for word in words if after.lstrip().startswith(word)), None)
        if present is not None:
            for other in words:
                if other != present:
                    yield after.replace(present, other, 1), "unit_word"
    if "个百分点" in after or "percentage point" in after:
        yield re.sub(r"\s*(个百分点|percentage points?)", "%", after), "percent_or_point"
    elif after.startswith("%"):
        yield "个百分点" + after[1:], "percent_or_point"
