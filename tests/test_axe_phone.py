"""What axe-core finds on every page of both editions in the window of a phone, light and dark."""

from __future__ import annotations

from browser import open_browser

from benchmarks.axe import WIDTHS, all_pages, look

PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title><style>
  @media (prefers-color-scheme: dark) { p { color: #222; background: #111; } }
</style></head><body><main><h1>Title</h1><p>Words.</p><details><summary>More</summary>%s</details></main></body></html>"""


def test_axe_finds_nothing_on_a_phone(site):
    with open_browser() as browser:
        assert list(map(str, look(site, browser, all_pages(site), min(WIDTHS)))) == []


def test_what_is_wrong_is_found_in_what_opens_on_demand_and_in_the_dark(tmp_path):
    (tmp_path / "page.html").write_text(PAGE % '<img src="data:,">', encoding="utf-8")
    with open_browser() as browser:
        broken = {
            (finding.rule, finding.scheme) for finding in look(tmp_path, browser, ["page.html"], min(WIDTHS))
        }
    assert broken == {("image-alt", "light"), ("color-contrast", "dark")}
