"""Each chart as files of its own: a plain SVG, and a PNG on white of twice the size, for slides.

On the page a chart is an SVG that changes its colours in the dark. That takes CSS variables, which
editors and slide programs do not know; the files to take away are in the light colours only.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recount.files import write_bytes, write_text
from recount.runs.keys import text
from recount.runs.notebooks import Notebook

FOLDER = "figures"
FORMATS = ("svg", "png")
_SWITCH = re.compile(r"<style>:root\{.*?</style>", re.DOTALL)
_ZOOM = 2
_COLOURS = 64  # a chart has about eight; the rest are steps of smoothed edges


def charts(notebook: Notebook) -> Iterator[tuple[str, str]]:
    """Name and SVG text of each chart that an executed notebook shows."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("recount", {}).get("name")
            svg = output.get("data", {}).get("image/svg+xml")
            if name and svg:
                yield str(name), text(svg)


def picture_path(chapter: str, name: str, suffix: str) -> str:
    """Where a chart's file lies below an edition."""
    return f"{FOLDER}/{chapter}/{name}.{suffix}"


def plain(svg: str) -> str:
    """A chart in its light colours, without style sheets that refer to variables."""
    return _SWITCH.sub("", svg)


def write_pictures(chapter: str, notebook: Notebook, target: Path, cache: Path) -> None:
    """Write all charts of an executed notebook; a PNG that was drawn before is taken from `cache`."""
    for name, svg in charts(notebook):
        light = plain(svg)
        write_text(target / picture_path(chapter, name, "svg"), light)
        shutil.copyfile(png(light, cache), target / picture_path(chapter, name, "png"))


def png(svg: str, cache: Path) -> Path:
    """The file in `cache` with the picture of an SVG on white, at two pixels for each of CSS."""
    import resvg_py

    key = f"{resvg_py.__version__} {_ZOOM} {_COLOURS} {svg}"
    kept = cache / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.png"
    if not kept.is_file():
        drawn = resvg_py.svg_to_bytes(
            svg_string=svg, background="white", zoom=_ZOOM, dpi=96, skip_system_fonts=True
        )
        write_bytes(kept, _smaller(bytes(drawn)))
    return kept


def _smaller(drawn: bytes) -> bytes:
    """The same picture with a palette: less than half the bytes, and no difference to the eye."""
    from PIL import Image

    out = io.BytesIO()
    picture: Any = Image.open(io.BytesIO(drawn)).convert("RGB")
    picture.quantize(_COLOURS).save(out, "png", optimize=True)
    return out.getvalue()
