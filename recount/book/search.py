"""Search that finds Chinese words without a dictionary: single characters and pairs are indexed.

A query is cut the same way in the browser, so every run of Chinese characters is found. Latin
words are stemmed as in Sphinx's own English search; a number keeps its decimal point.
"""

from __future__ import annotations

import re

from sphinx.search.en import SearchEnglish

HAN = "㐀-鿿豈-﫿"
_TOKEN = re.compile(rf"[{HAN}]+|[0-9]+(?:\.[0-9]+)?|[^\W{HAN}]+")


def pieces(text: str) -> list[str]:
    """The terms a text is indexed under.

    A run of Chinese characters gives each character and each pair of neighbours; numbers and
    other words are given as they are, a whole number with a mark before it, because Sphinx's
    search drops a term of digits only.
    """
    terms: list[str] = []
    for token in _TOKEN.findall(text):
        if re.match(f"[{HAN}]", token):
            terms.extend(token)
            terms.extend(token[i : i + 2] for i in range(len(token) - 1))
        else:
            terms.append(f"№{token}" if token.isascii() and token.isdigit() else token)
    return terms


SPLITTER = r"""
function splitQuery(query) {
  const terms = [];
  const han = /^[\u3400-\u9fff\uf900-\ufaff]/;
  const token = new RegExp(
    "[\\u3400-\\u9fff\\uf900-\\ufaff]+|[0-9]+(?:\\.[0-9]+)?" +
    "|(?:(?![\\u3400-\\u9fff\\uf900-\\ufaff])[\\p{L}\\p{N}_])+", "gu");
  for (const [word] of query.matchAll(token)) {
    if (han.test(word)) {
      if (word.length === 1) terms.push(word);
      for (let i = 0; i + 1 < word.length; i++) terms.push(word.slice(i, i + 2));
    } else {
      terms.push(/^[0-9]+$/.test(word) ? "\u2116" + word : word);
    }
  }
  return terms;
}
"""


class SearchBothLanguages(SearchEnglish):
    """Sphinx's English search that also indexes Chinese. Used for both editions."""

    js_splitter_code = SPLITTER

    def split(self, input: str) -> list[str]:
        """The terms of a text, see `pieces`."""
        return pieces(input)


class SearchChinese(SearchBothLanguages):
    """The same under the name Sphinx looks up for `zh_CN`."""

    lang = "zh"
    language_name = "Chinese"
