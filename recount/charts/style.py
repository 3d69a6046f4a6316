"""House style: one font, one palette, and SVG that is stable and follows the reader's dark mode.

matplotlib draws in the light colours. `render` leaves them in the SVG and adds a style sheet that
gives each one a custom property (`--recount-ink` …) with a dark value under `prefers-color-scheme`.
A viewer without CSS shows the light colours; a page that inlines the SVG may set the properties.
"""

from __future__ import annotations

import hashlib
import io
import logging
import lzma
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

from recount.words import VERDICTS

# name: (on a light page, on a dark page)
PALETTE: dict[str, tuple[str, str]] = {
    "ink": ("#1f2933", "#e8eaed"),
    "muted": ("#56616d", "#a9b1ba"),
    "grid": ("#cfd5db", "#47505b"),
    "paper": ("#ffffff", "#121212"),
    "printed": ("#37475a", "#cdd6e0"),
    "blue": ("#0b62a9", "#6db8f3"),
    "orange": ("#b04f0a", "#f0a45f"),
    "teal": ("#09706a", "#4fcabe"),
    "purple": ("#7b3f9e", "#c99ce8"),
    **{key: (verdict.light, verdict.dark) for key, verdict in VERDICTS.items()},
}
SERIES = ("blue", "orange", "teal", "purple")

WIDTH = 410.4  # points: 5.7 inches; SMALL is 10.5 pixels where the picture is 358 wide, on a phone
TITLE, BODY, SMALL = 15.2, 12.6, 12.05  # type sizes in points
LEADING = 1.36  # line height over type size

# What a value is, told by more than colour: printed ones are filled, what other evidence allows is
# hollow, what was computed for the chart has a broken outline, and outside figures are hatched.
# name: (filled, line style, hatch)
LOOKS: dict[str, tuple[bool, Any, str]] = {
    "printed": (True, "solid", ""),
    "recomputed": (False, "solid", ""),
    "implied": (False, (0, (4.0, 1.7)), ""),
    "observed": (False, "solid", "////"),
}

_FONT = "NotoSansSC.ttf.xz"
_SPARE_FONTS = ("Noto Sans SC", "Noto Sans CJK SC")
"""Fonts of the system that draw what the package's font lacks."""


def ink(name: str) -> str:
    """The light colour of a palette name; `render` takes care of the dark one."""
    return PALETTE[name][0]


def shape_style(look: str, colour: str, width: float = 1.6) -> dict[str, Any]:
    """How a shape of a kind of value is drawn: arguments of a patch; `width` is of its outline."""
    filled, line, hatch = LOOKS[look]
    return {
        "facecolor": ink(colour) if filled else "none",
        "edgecolor": ink(colour),
        "linestyle": line,
        "linewidth": width,
        "hatch": hatch or None,
    }


@cache
def font_path() -> Path:
    """The font that charts are drawn with, from the package's resources, unpacked once for all runs.

    FileNotFoundError where the package was installed without it.
    """
    packed = files("recount.resources").joinpath("fonts", _FONT)
    if not packed.is_file():
        raise FileNotFoundError(f"{packed}: the package's font is not there; install recount anew")
    content = packed.read_bytes()
    name = f"{_FONT.partition('.')[0]}-{hashlib.sha256(content).hexdigest()[:8]}.ttf"
    path = Path(mpl.get_cachedir()) / name
    if not path.is_file():
        draft = path.with_suffix(f".{os.getpid()}")  # several chapters may be the first to draw
        draft.write_bytes(lzma.decompress(content))
        os.replace(draft, path)
    fontManager.addfont(path)
    return path


@cache
def _settings() -> dict[str, Any]:
    family = FontProperties(fname=str(font_path())).get_name()
    installed = fontManager.get_font_names()
    return {
        **sns.axes_style("ticks"),
        **sns.plotting_context("paper"),
        "font.family": "sans-serif",
        "font.sans-serif": [family, *(name for name in _SPARE_FONTS if name in installed)],
        "font.size": BODY,
        "axes.unicode_minus": True,
        "svg.fonttype": "path",
        "svg.hashsalt": "recount",
        "savefig.dpi": 72,
        "figure.dpi": 72,
        "hatch.linewidth": 1.2,
        "text.hinting": "none",  # widths as in the SVG, where text is paths
        "text.color": ink("ink"),
        "text.parse_math": False,  # a dollar sign is a dollar sign
    }


@contextmanager
def house_style() -> Iterator[None]:
    """Draw under the house settings; a glyph that the font lacks raises ValueError."""
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcParams.update(_settings())  # type: ignore[arg-type]
        warnings.filterwarnings("error", message=r"Glyph .* missing from")
        handler = _FontComplaints()
        loggers = [logging.getLogger(f"matplotlib.{name}") for name in ("font_manager", "mathtext")]
        for logger in loggers:
            logger.addHandler(handler)
        try:
            yield
        except UserWarning as warning:
            number = re.search(r"Glyph (\d+)", str(warning))
            character = f"{chr(int(number[1]))!r}: " if number else ""
            remedy = f"use another character, or install a font that has it, such as {_SPARE_FONTS[0]}"
            raise ValueError(f"{character}{warning}; {remedy}") from warning
        finally:
            for logger in loggers:
                logger.removeHandler(handler)


class _FontComplaints(logging.Handler):
    """Turns matplotlib's quiet font complaints into errors."""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "does not have a glyph" in message or "findfont" in message:
            raise ValueError(f"font: {message}")


def render(figure: Figure) -> str:
    """The figure as SVG text: transparent, text as paths, the same bytes for the same figure.

    Raises ValueError for a colour outside the palette (it could not follow the dark mode) and for
    a character the font lacks.
    """
    buffer = io.StringIO()
    with house_style():
        metadata = dict.fromkeys(("Date", "Creator"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=metadata)
    return _switchable(_compact(buffer.getvalue()))


def _switchable(svg: str) -> str:
    used = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", svg))
    names = {light: name for name, (light, _) in PALETTE.items()}
    unknown = sorted(used - names.keys())
    if unknown:
        raise ValueError(f"colours {', '.join(unknown)}: expected colours of the house palette")
    lights = [f"--recount-{names[light]}:{light}" for light in sorted(used)]
    darks = [f"--recount-{names[light]}:{PALETTE[names[light]][1]}" for light in sorted(used)]
    rules = [
        f'[style*="{prop}: {light}"]{{{prop}:var(--recount-{names[light]})!important}}'
        for light in sorted(used)
        for prop in ("fill", "stroke")
        if f"{prop}: {light}" in svg
    ]
    style = (
        f":root{{{';'.join(lights)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{';'.join(darks)}}}}}{''.join(rules)}"
    )
    head, tag, rest = svg.partition("<defs>")
    return f"{head}<style>{style}</style>{tag}{rest}"


_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")


def _compact(svg: str) -> str:
    """Outlines in relative coordinates of two decimals, short glyph names, no white space."""
    svg = svg.replace(f"{font_path().stem}-", "g")
    svg = re.sub(r"translate\((-?[\d.]+) 0\)", lambda at: f"translate({float(at[1]):.1f})", svg)
    svg = re.sub(r"<!--.*?-->|(?<=>)\s+(?=<)", "", svg, flags=re.DOTALL)
    return re.sub(r'( d=")([^"]*)"', lambda path: f'{path[1]}{_relative(path[2])}"', svg)


@lru_cache(maxsize=4096)  # the charts of a notebook are written with the same glyphs
def _relative(outline: str) -> str:
    parts: list[str] = []
    x = y = start_x = start_y = 0.0
    for letter, tail in _STEP.findall(outline):
        if letter == "z":
            parts.append("z")
            x, y = start_x, start_y
            continue
        numbers = [float(word) for word in tail.split()]
        steps = [round(value - (x, y)[n % 2], 2) + 0.0 for n, value in enumerate(numbers)]
        parts.append(letter.lower() + " ".join(f"{step:g}" for step in steps))
        x, y = x + steps[-2], y + steps[-1]
        if letter == "M":
            start_x, start_y = x, y
    return "".join(parts).replace(" -", "-")


@cache
def _face() -> FT2Font:
    return FT2Font(str(font_path()))


@cache
def text_width(text: str, size: float) -> float:
    """Width in points of one line of text."""
    text = straight(text)
    face = _face()
    face.set_size(size, 72)
    face.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(face.get_width_height()[0]) / 64


_LAST = 0.18  # a last line shorter than this share of the width is made longer
_CJK = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_QUOTES = str.maketrans("“”‘’", "\"\"''")


def straight(text: str) -> str:
    """Text without Chinese in straight quotes: the font's curly ones are a character wide."""
    return text if _CJK.search(text) else text.translate(_QUOTES)


_CLOSING = "，。、；：？！）》」』”’％%,.;:?!)]}·～–"
_PAUSES = tuple("，；：。,;:")
_OPENING = "（《「『“‘([{"
_ATOM = re.compile(r"[A-Za-z0-9.,'’+\-−–%/]+|\s+|.", re.DOTALL)


def wrap(text: str, width: float, size: float, phrases: bool = False) -> list[str]:
    """Break text into lines no wider than `width` points.

    Chinese may break between any two characters but not before closing or after opening marks;
    words and numbers in Latin script stay whole. With `phrases` a line ends after a punctuation
    mark in its second half if it has one and that costs no further line.
    """
    least = 1.0
    lines = _fill(text, width, size, least)
    if phrases and len(kind := _fill(text, width, size, 0.45)) <= len(lines):
        lines, least = kind, 0.45
    for share in (0.9, 0.8, 0.7):  # no word alone on the last line
        if len(lines) == 1 or text_width(lines[-1], size) >= _LAST * width:
            break
        closer = _fill(text, share * width, size, least)
        lines = closer if len(closer) == len(lines) else lines
    return lines


def _fill(text: str, width: float, size: float, least: float) -> list[str]:
    """Fill lines; a line may end early, after a mark that stands beyond `least` of the width."""
    lines: list[str] = []
    line: list[str] = []
    for piece in _pieces(text):
        if line and text_width("".join([*line, piece]).rstrip(), size) > width:
            cut = next(
                (
                    n
                    for n in range(len(line), 0, -1)
                    if line[n - 1].rstrip()[-1:] in _PAUSES
                    and text_width("".join(line[:n]), size) >= least * width
                ),
                len(line),
            )
            lines.append("".join(line[:cut]).rstrip())
            line = line[cut:]
            if line and not line[0].strip():  # no space at the head of a line
                line = line[1:]
            piece = piece if line else piece.lstrip()
        line.append(piece)
    return [*lines, "".join(line).strip()]


def _pieces(text: str) -> list[str]:
    """The smallest parts of a text that must not be broken."""
    pieces: list[str] = []
    for atom in _ATOM.findall(" ".join(text.split())):
        glued = pieces and (atom[0] in _CLOSING or pieces[-1][-1] in _OPENING)
        if glued:
            pieces[-1] += atom
        else:
            pieces.append(atom)
    return pieces
