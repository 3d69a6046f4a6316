"""What axe-core finds on pages in the window of a phone; `make check-site` looks at all of them in light and dark."""

from __future__ import annotations

from browser import open_browser

from benchmarks.axe import WIDTHS, all_pages, look

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title><style>
  @media (prefers-color-scheme: dark) { p { color: #222; background: #111; } }
</style></head><body><main><h1>Title</h1><p>Words.</p><details><summary>More</summary>%s</details></main></body></html>"""


def test_axe_finds_nothing_on_a_phone(site):
    # what a phone lays out otherwise it does in either language; the Chinese pages are the denser ones
    pages = [page for page in all_pages(site) if not page.startswith("en/")]
    # the words of a page are as dark on a desk; what only a phone shows is the same on every page
    around = [page for page in pages if page.endswith("index.html")]
    with open_browser() as browser:
        assert list(map(str, look(site, browser, pages, min(WIDTHS), ["light"]))) == []
        assert list(map(str, look(site, browser, around, min(WIDTHS), ["dark"]))) == []


def test_what_is_wrong_is_found_in_what_opens_on_demand_and_in_the_dark(tmp_path):
    (tmp_path / "page.html").write_text(PAGE % '<img src="data:,">', encoding="utf-8")
    with open_browser() as browser:
        broken = {
            (finding.rule, finding.scheme) for finding in look(tmp_path, browser, ["page.html"], min(WIDTHS))
        }
    assert broken == {("image-alt", "light"), ("color-contrast", "dark")}
