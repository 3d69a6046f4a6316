"""What the built site asks of a reader's device, measured in Chromium: `make check-site`.

    python -m benchmarks.site [--turns N]

Every page of both editions is opened as on a first visit, with an empty cache, without scrolling
or clicking. Bytes are those of the files asked for, text through gzip at level 6, fonts as they are.

The time to the first chart is told as a ratio, against a page that Jupyter Book makes of the same
executed notebook with its own settings. Both are opened in turns, from the same server on this
machine. The clock runs from the start of the navigation to the frame after the page's first chart is
loaded, decoded and within the window, to which the page is scrolled as soon as the chart's place is
there. Other hosts are unknown at once: the plain page does not wait for MathJax, which it asks
another host for, nor does it count against it.

Exit code 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.results import Result, most, table
from benchmarks.visits import Visit, dead_links, open_browser, page_names, served, visit
from recount.book import build_site
from recount.book.layout import LANGUAGES
from recount.runs import InputError

CHAPTER_LIMIT, LANDING_LIMIT = 500.0, 250.0  # kB of 1000 bytes
RATIO_LIMIT = 0.9
COMPARED = "chapters/national"  # the chapter with the most charts
LINES = {  # latency in milliseconds, bytes a second; None: as fast as this machine
    "this machine": None,
    "10 Mbit/s, 40 ms": (40, 10e6 / 8),
}

FIRST_CHART = """
(() => {
  const charts = ".cell_output img, figure img";
  const look = async () => {
    const chart = document.querySelector(charts);
    if (chart) {
      chart.scrollIntoView({ block: "center", behavior: "instant" });
      const box = chart.getBoundingClientRect();
      if (chart.complete && chart.naturalWidth && box.height && box.top < innerHeight && box.bottom > 0) {
        await chart.decode();
        requestAnimationFrame(() => { window.firstChart = performance.now(); });
        return;
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def measure(site: Path, browser: Any, turns: int) -> tuple[list[Result], list[Visit]]:
    """All figures of a site, and what each page asked for."""
    with served(site) as base:
        visits = [visit(browser, site, page, base) for page in page_names(site)]
    results = [
        _none("requests that leave the site", [url for seen in visits for url in seen.outside]),
        _none("console errors", [f"{seen.page}: {error}" for seen in visits for error in seen.errors]),
        _none("dead links", dead_links(site)),
        _axe(site, browser),
        *_weights(visits),
        *_first_chart(site, browser, turns),
    ]
    return results, visits


def _none(figure: str, complaints: list[str]) -> Result:
    """A count that should be nought, with the first few found."""
    return most(f"{figure}, over all pages", 0, len(complaints), "; ".join(complaints[:3]))


def _axe(site: Path, browser: Any) -> Result:
    """Findings of axe-core, where the module that runs it is there."""
    if find_spec("benchmarks.axe") is None:
        return Result("axe findings, over all pages", "at most 0", "not measured", None)
    return _none("axe findings", importlib.import_module("benchmarks.axe").findings(site, browser))


def _weights(visits: list[Visit]) -> list[Result]:
    """First loads: the page at the top, the editions' first pages, the heaviest chapter."""
    weight = {seen.page: seen for seen in visits}
    landing = [weight["index.html"], *(weight[f"{lang}/chapters/index.html"] for lang in LANGUAGES)]
    chapters = [seen for seen in visits if "/chapters/" in seen.page]
    return [
        _weight("first load of the landing page", LANDING_LIMIT, max(landing, key=lambda seen: seen.bytes)),
        _weight("first load of the heaviest chapter", CHAPTER_LIMIT, max(chapters, key=lambda s: s.bytes)),
    ]


def _weight(figure: str, limit: float, seen: Visit) -> Result:
    where = f"{seen.page}, {len(seen.files)} requests"
    return most(figure, limit, seen.bytes / 1000, where, " kB")


def plain_book(notebook: Path, folder: Path) -> Path:
    """A Jupyter Book with its own settings and one executed notebook; its folder of pages.

    Raises RuntimeError where it cannot be built.
    """
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for output in (out for cell in content["cells"] for out in cell.get("outputs", [])):
        output.get("metadata", {}).pop("recount", None)  # or our own renderer would draw the charts
    (folder / "chapter.ipynb").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (folder / "_config.yml").write_text('title: plain\nexecute:\n  execute_notebooks: "off"\n', "utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapter\n", "utf-8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(folder)]
    run = subprocess.run([*command, "-q"], cwd=folder, capture_output=True, text=True)
    pages = folder / "_build" / "html"
    if not (pages / "chapter.html").is_file():
        raise RuntimeError(f"a plain Jupyter Book cannot be built:\n{run.stderr[-2000:]}")
    return pages


def first_chart(browser: Any, address: str, line: tuple[float, float] | None) -> float:
    """Milliseconds from navigation to the first chart in view."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    if line:
        session = context.new_cdp_session(tab)
        session.send("Network.enable")
        limits = {
            "offline": False,
            "latency": line[0],
            "downloadThroughput": line[1],
            "uploadThroughput": line[1],
        }
        session.send("Network.emulateNetworkConditions", limits)
    tab.add_init_script(FIRST_CHART)
    tab.goto(address, wait_until="commit")
    took = tab.wait_for_function("window.firstChart", timeout=60_000).json_value()
    context.close()
    return float(took)


def _first_chart(site: Path, browser: Any, turns: int) -> list[Result]:
    """The ratio of the medians, over each line, of the book's page and the plain one."""
    lang = LANGUAGES[0]
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        plain = plain_book(site / lang / "_sources" / f"{COMPARED}.ipynb", Path(temporary))
        with served(site) as ours, served(plain) as theirs:
            pages = (f"{ours}/{lang}/{COMPARED}.html", f"{theirs}/chapter.html")
            for name, line in LINES.items():
                # the first turn warms what the machine keeps, and is not counted
                taken = [[first_chart(browser, page, line) for page in pages] for _ in range(turns + 1)][1:]
                own, other = (statistics.median(column) for column in zip(*taken, strict=True))
                medians = f"medians of {turns} turns: {own:.0f} ms against {other:.0f} ms"
                figure = f"time to the first chart against a plain Jupyter Book ({name})"
                results.append(most(figure, RATIO_LIMIT, own / other, medians, " times"))
    return results


def page_table(visits: list[Visit]) -> str:
    """Requests and compressed kB of every page."""
    rows = (f"| {seen.page} | {len(seen.files)} | {seen.bytes / 1000:.1f} |" for seen in visits)
    return "| page | requests | kB |\n|---|---:|---:|\n" + "\n".join(rows)


def main(arguments: list[str] | None = None) -> int:
    """Build the site where need be, measure it and tell it; 1 where a target is missed."""
    parser = argparse.ArgumentParser("python -m benchmarks.site", description="What the site asks for.")
    parser.add_argument("--turns", type=int, default=7, help="openings of each page timed (default: 7)")
    options = parser.parse_args(arguments)
    try:
        with open_browser() as browser:
            site = build_site(say=lambda line: print(line, flush=True))
            results, visits = measure(site, browser, options.turns)
    except InputError as error:
        print(f"not measured: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"\n{page_table(visits)}\n\n{table(results)}\n{len(visits)} pages, {size / 1e6:.1f} MB on disk.")
    missed = [result.figure for result in results if result.met is False]
    shortfall = f"{len(missed)} not reached: {'; '.join(missed)}"
    print(shortfall if missed else "All targets that were measured are reached.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
