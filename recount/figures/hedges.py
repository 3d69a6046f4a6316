"""Hedge words around a figure: taken off one by one, then read together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from recount.figures.digits import NumeralError
from recount.figures.readings import Readings, Word

#: Two hedges on one figure: the weaker claim that both of them make. Other pairs disagree.
_TOGETHER = {
    frozenset({"above", "at_least"}): "at_least",
    frozenset({"above", "odd"}): "above",
    frozenset({"at_least", "odd"}): "at_least",
    frozenset({"about", "odd"}): "about",
    frozenset({"about", "nearly"}): "about",
    frozenset({"below", "at_most"}): "at_most",
}


@dataclass(frozen=True)
class Vocabulary:
    """The words of one language that may stand around a figure, longest first.

    `neutral` words leave the figure as it is; `reaching` ones among them (高达) join a hedge that
    follows the number. `gap` is what separates words: nothing in Chinese, a space in English.
    """

    words: tuple[Word, ...]
    senses: dict[str, str]
    before: tuple[str, ...]
    inside: tuple[str, ...]
    after: tuple[str, ...]
    neutral_before: frozenset[str]
    neutral_after: frozenset[str]
    reaching: frozenset[str]

    @classmethod
    def of(
        cls,
        readings: Readings,
        lang: str,
        before: Iterable[str],
        after: Iterable[str],
        reaching: Iterable[str] = (),
    ) -> Vocabulary:
        """The hedge words of `readings` in `lang` and the neutral words given."""
        words = tuple(word for word in readings.words if word.lang == lang)
        reach = frozenset(reaching)

        def place(position: str, neutral: Iterable[str] = ()) -> tuple[str, ...]:
            placed = {word.text for word in words if position in word.positions}
            return tuple(sorted(placed.union(neutral), key=len, reverse=True))

        return cls(
            words,
            {word.text: word.sense for word in words},
            place("before", reach.union(before)),
            place("inside"),
            place("after", after),
            frozenset(before),
            frozenset(after),
            reach,
        )


@dataclass
class Hedges:
    """The hedge words found so far before (`front`) and inside or after (`back`) the number."""

    text: str
    vocabulary: Vocabulary
    reach: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)

    def strip_before(self, text: str) -> str:
        """Take known words off the start of `text`; returns what is left."""
        while word := _first(text, self.vocabulary.before):
            if word in self.vocabulary.reaching:
                self.reach.append(word)
            elif word not in self.vocabulary.neutral_before:
                self.front.append(word)
            text = text[len(word) :].lstrip()
        return text

    def strip_after(self, text: str) -> str:
        """Take known words off the start of the text after a unit; returns what is left."""
        while word := _first(text, self.vocabulary.after):
            if word not in self.vocabulary.neutral_after:
                self.back.append(word)
            text = text[len(word) :].lstrip()
        return text

    def expected(self, position: str) -> str:
        """The hedge words that could stand there, for an error message."""
        words = (w.text for w in self.vocabulary.words if position in w.positions)
        return "nothing, or a hedge: " + ", ".join(words)

    def sense(self) -> str:
        """The one sense of all hedges found; raises NumeralError where they disagree."""
        sense = "exact"
        for word in self.front + self.back:
            other = self.vocabulary.senses[word]
            if sense not in ("exact", other):
                both = frozenset({sense, other})
                if both not in _TOGETHER:
                    raise NumeralError(self.text, f"hedges that disagree ({sense} and {other})", "one hedge")
                other = _TOGETHER[both]
            sense = other
        return sense

    def printed(self) -> str:
        """The hedge words as printed, … where they straddle the number; '' if there is none."""
        front = self.front or (self.reach if self.back else [])
        return "…".join(filter(None, (" ".join(front), " ".join(self.back))))


def _first(text: str, words: tuple[str, ...]) -> str:
    """The longest of `words` that `text` starts with; an English word must end there."""
    if not text.startswith(words):  # the common case, in one call
        return ""
    for word in words:
        if text.startswith(word):
            following = text[len(word) : len(word) + 1]
            if not (word[-1].isascii() and word[-1].isalpha() and following.isalpha()):
                return word
    return ""
