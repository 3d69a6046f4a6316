"""What axe-core finds on the pages of a built site, in light and dark, on a desk and on a phone.

The rules are those of WCAG 2.2 at levels A and AA and axe-core's own good practice. What opens on
demand (`details`, which hold code, supports and values drawn) is open while a page is looked at. Colours
alone differ between light and dark, so the dark page is held against the rules of colour only. Contrast
is asked of one element of each look: a page has a thousand of a few dozen looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.visits import page_names, served

SEARCHES = {"zh": "贷款", "en": "loans"}
"""What is searched for in each edition, so that the page of results is looked at with results on it."""

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

_OPEN = "document.querySelectorAll('details:not(.page-menu)').forEach((box) => { box.open = true; })"
_FOUND = """() => {
  const results = document.querySelectorAll("#search-results ul.search > li");
  const done = /\\d/.test(document.querySelector("#search-results .search-summary")?.textContent);
  return done && results.length && [...results].every((result) => result.querySelector(".context"));
}"""
_STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
# An element with text of its own looks as its colours, size and weight, its parent's colour, and all
# that lies behind it make it look.
_MARK_LOOKS = """() => {
  const behind = (element) => {
    const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
    const own = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none" && opacity === "1"
      ? "" : `${backgroundColor} ${backgroundImage} ${opacity};`;
    return own + (element.parentElement ? behind(element.parentElement) : "");
  };
  const looks = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    element.removeAttribute("data-look");
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const look = [element.tagName, style.color, style.fontSize, style.fontWeight,
      getComputedStyle(element.parentElement).color, behind(element)].join("|");
    if (!looks.has(look)) element.setAttribute("data-look", "");
    looks.add(look);
  }
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
}"""
_OF_COLOUR = """(standards) => axe.getRules(["cat.color"])
  .filter((rule) => rule.tags.some((tag) => standards.includes(tag))).map((rule) => rule.ruleId)"""
_LOOK = """async (only) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], runOnly: only });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => ({
    rule: id, place: node.target.flat().join(" "),
    failure: node.failureSummary.split("\\n").slice(1).join(" ").trim(),
  })));
}"""


@dataclass(frozen=True)
class Finding:
    """One element of a page that breaks a rule."""

    page: str
    width: int
    scheme: str
    rule: str
    place: str
    """A selector of the element."""
    failure: str

    def __str__(self) -> str:
        return f"{self.page} ({self.width} px, {self.scheme}): {self.rule} at {self.place}: {self.failure}"


def axe_source() -> str:
    """axe-core's script, as the package `axe-playwright-python` holds it."""
    import axe_playwright_python

    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def findings(site: Path, browser: Any) -> list[str]:
    """All findings over all pages of a site, in words."""
    pages = all_pages(site)
    return [str(finding) for width in WIDTHS for finding in look(site, browser, pages, width)]


def all_pages(site: Path) -> list[str]:
    """Every page of a site, and the results of a search in each edition."""
    asked = [f"{lang}/search.html?q={quote(query)}" for lang, query in SEARCHES.items()]
    return page_names(site) + [page for page in asked if (site / page.split("?")[0]).is_file()]


def look(
    site: Path, browser: Any, pages: Iterable[str], width: int, schemes: Iterable[str] = SCHEMES
) -> Iterator[Finding]:
    """What is found on these pages in a window of that width, in these colour schemes."""
    script, size = axe_source(), {"width": width, "height": 900}
    # served, for a page from disk may not read others, from which search takes its excerpts
    with served(site) as base, browser.new_context(viewport=size, reduced_motion="reduce") as context:
        tab = context.new_page()
        for page in pages:
            file, _, query = page.partition("?")
            if 'http-equiv="refresh"' in (site / file).read_text(encoding="utf-8"):
                continue  # it only leads on
            tab.emulate_media(color_scheme="light")
            # the page at the top leads on to the edition read last, unless it is asked to stay
            tab.goto(f"{base}/{page}{'#choose' if page == 'index.html' else ''}")
            if query:
                tab.wait_for_function(_FOUND)
            tab.add_style_tag(content=_STILL)
            tab.evaluate(_OPEN)
            tab.evaluate(script)
            for scheme in schemes:
                tab.emulate_media(color_scheme=scheme)
                tab.evaluate(_MARK_LOOKS)
                only = {"type": "tag", "values": STANDARDS}
                if scheme == "dark":
                    only = {"type": "rule", "values": tab.evaluate(_OF_COLOUR, STANDARDS)}
                for element in tab.evaluate(_LOOK, only):
                    yield Finding(page, width, scheme, **element)
