"""Public test vectors: interval arithmetic by IEEE 1788, and means that no whole numbers give (GRIM).

The vectors of IEEE 1788 are those of ITF1788 (https://github.com/oheim/ITF1788), which are fetched at one
commit and not kept here; `ITF1788` in the environment names a folder of its `.itl` files instead.
"""

from __future__ import annotations

import io
import os
import re
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor, inf
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.results import Result, exactly, missing, share
from recount.arithmetic import ends
from recount.arithmetic.ends import Ends, Nothing
from recount.audit import Audit
from recount.package.small import report

_COMMIT = "b6ee1e24d209c289f99a68ddc357839935799eae"
_ARCHIVE = f"https://github.com/oheim/ITF1788/archive/{_COMMIT}.zip"
FOLDER = "ITF1788"
_SECONDS = 60

Box = Ends | None  # None is the empty interval
Operand = Box | int

# -- IEEE 1788 ----------------------------------------------------------------------------------


class Vector(NamedTuple):
    """An operation on intervals (None for the empty one) and whole numbers, and the smallest result."""

    operation: str
    operands: tuple[Operand, ...]
    results: tuple[Box, ...]
    text: str


def _squared(a: float, b: float) -> Ends:
    return ends.power(a, b, 2.0, 2.0)


def _to_the(a: float, b: float, n: int) -> Ends:
    return ends.power(a, b, float(n), float(n))


def _base(*operands: float) -> Ends:
    """The base among some values, of a power among others, with a whole exponent; by default any base."""
    *power, n = operands if len(operands) == 3 else (*operands[:2], operands[4])
    within = operands[2:4] if len(operands) == 5 else ends.EVERYTHING
    return ends.meet(*ends.base_of(*power, float(n), float(n), *within), *within)


def _base_of(c: float, d: float, z: float, zz: float, a: float, b: float) -> Ends:
    return ends.meet(*ends.base_of(z, zz, c, d, a, b), a, b)


def _exponent_of(a: float, b: float, z: float, zz: float, c: float, d: float) -> Ends:
    return ends.meet(*ends.exponent_of(z, zz, max(a, 0.0), b, c, d), c, d)


def _factor(a: float, b: float, z: float, zz: float, *within: float) -> Ends:
    return ends.meet(*ends.quotient(z, zz, a, b), *(within or ends.EVERYTHING))


#: The operations of the standard that the engine has, as its functions of ends.
OPERATIONS: dict[str, Callable[..., Ends]] = {
    "add": ends.add,
    "sub": ends.subtract,
    "mul": ends.multiply,
    "div": ends.divide,
    "neg": lambda a, b: ends.subtract(0.0, 0.0, a, b),
    "recip": lambda a, b: ends.divide(1.0, 1.0, a, b),
    "sqr": _squared,
    "sqrt": lambda a, b: ends.power(a, b, 0.5, 0.5),
    "pow": ends.power,
    "pown": _to_the,
    "log": ends.logarithm,
    "intersection": ends.meet,
    "mulRev": _factor,
    "mulRevTen": _factor,
    "mulRevToPair": _factor,
    "sqrRev": lambda z, zz: _base(z, zz, 2),
    "sqrRevBin": lambda z, zz, a, b: _base(z, zz, a, b, 2),
    "pownRev": _base,
    "pownRevBin": _base,
    "powRev1": _base_of,
    "powRev2": _exponent_of,
}
#: A vector whose result is not the smallest: 0.25 to the power of y is 2 or more for y up to -0.5 only.
_TOO_WIDE = "powRev2 [0.25, 0.5] [2.0, infinity] [entire] = [entire];"
_LINE = re.compile(r"^\s*(\w+)\s+([^=;]*?)\s*=\s*([^;]*?);")
_OPERAND = re.compile(r"\[([^\]]*)\](?:_\w+)?|([-+]?\d+)(?![\w.])")


def vectors(text: str) -> Iterator[Vector]:
    """The vectors of a file of the format ITL of operations that the engine has, without decorations."""
    for line in re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL).splitlines():
        match = _LINE.match(line)
        if not match or match[1] not in OPERATIONS or "nai" in line or "signal" in line:
            continue
        if line.strip() == _TOO_WIDE:
            continue
        operands, results = (tuple(_operands(part)) for part in match.group(2, 3))
        yield Vector(match[1], operands, results, line.strip())


def _operands(text: str) -> Iterator[Operand]:
    for inside, number in _OPERAND.findall(text):
        yield int(number) if number else _box(inside)


def _box(inside: str) -> Box:
    """An interval as the format writes it: two ends, one number, `entire` or `empty`."""
    words = [word.strip().lower() for word in inside.split(",")]
    if words == ["empty"]:
        return None
    if words == ["entire"]:
        return ends.EVERYTHING
    low, high = _number(words[0]), _number(words[-1])
    return low, high


def _number(word: str) -> float:
    return float.fromhex(word) if "0x" in word else float(word)


def computed(vector: Vector) -> Box:
    """What the engine makes of a vector's operands: empty where one of them is, or where nothing follows."""
    if None in vector.operands:
        return None
    flat = [
        end for operand in vector.operands for end in (operand if isinstance(operand, tuple) else [operand])
    ]
    try:
        return OPERATIONS[vector.operation](*flat)
    except Nothing:
        return None


def encloses(outer: Box, inner: Box) -> bool:
    """Whether an interval holds another."""
    return inner is None or (outer is not None and outer[0] <= inner[0] and inner[1] <= outer[1])


def files() -> dict[str, str]:
    """The texts of ITF1788 by name, from the folder that the environment names or fetched; OSError."""
    if FOLDER in os.environ:
        return {path.name: path.read_text("utf-8") for path in sorted(Path(os.environ[FOLDER]).glob("*.itl"))}
    with urllib.request.urlopen(_ARCHIVE, timeout=_SECONDS) as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    names = [name for name in sorted(archive.namelist()) if name.endswith(".itl")]
    return {Path(name).name: archive.read(name).decode("utf-8") for name in names}


def interval_arithmetic() -> list[Result]:
    target = "vectors of IEEE 1788 that the engine does not enclose"
    try:
        texts = files()
    except OSError as error:
        return [missing(target, "0", f"not fetched ({error}); name a folder of .itl files in {FOLDER}")]
    all = [vector for text in texts.values() for vector in vectors(text)]
    if not all:
        return [missing(target, "0", f"no vectors in {', '.join(texts) or 'an empty folder'}")]
    wrong = [vector for vector in all if not all_enclosed(computed(vector), vector.results)]
    tight = sum(nearly(computed(vector), vector.results) for vector in all)
    note = "; ".join(f"`{vector.text}`" for vector in wrong[:3])
    return [
        exactly(f"{target}, of {len(all):,}", 0, len(wrong), note),
        share("of these as narrow as possible, up to 8 floats at an end", None, tight, len(all)),
    ]


def all_enclosed(outer: Box, results: Sequence[Box]) -> bool:
    """Whether an interval holds all parts of a result."""
    return all(encloses(outer, result) for result in results)


def nearly(outer: Box, results: Sequence[Box]) -> bool:
    """Whether an interval is the hull of a result's parts, or a few floats wider."""
    parts = [result for result in results if result is not None]
    if outer is None or not parts:
        return outer is None and not parts
    low, high = ends.hull(*parts)
    return _away(outer[0], low) <= 8 and _away(outer[1], high) <= 8


def _away(end: float, other: float) -> float:
    """How many floats one end is from the other."""
    if end == other:
        return 0.0
    if inf in (abs(end), abs(other)):
        return inf
    return abs(end - other) / max(abs(other) * 2.0**-52, 5e-324)


# -- GRIM ---------------------------------------------------------------------------------------


class Mean(NamedTuple):
    """A mean, or a share in percent, printed of so many whole numbers, and whether there are such."""

    printed: str
    number: int
    possible: bool


#: Published examples. Brown and Heathers, "The GRIM test", Social Psychological and Personality Science 8,
#: 2017 (5.19 of 28); the Wikipedia article "GRIM test" (3.48 of 20); The Economist, "Come again", 18 June
#: 2016 (5.93 of 49); and of the R package scrutiny (Jung) the data sets pigs1 and pigs2 with the results that
#: its README prints, and the first example of its vignette (5.27 of 43).
PUBLISHED = tuple(
    Mean(printed, int(number), possible == "possible")
    for printed, number, possible in (
        entry.split()
        for entry in """
            5.19 28 impossible; 3.48 20 impossible; 5.93 49 impossible; 5.27 43 impossible;
            7.22 32 possible; 4.74 25 impossible; 5.23 29 impossible; 2.57 24 impossible;
            6.77 27 impossible; 2.68 28 possible; 7.01 29 impossible; 7.38 26 possible;
            3.14 27 impossible; 6.89 31 impossible; 5.00 25 possible; 0.24 28 impossible;
            67.4% 150 impossible; 54.2% 150 impossible; 54.0% 150 possible; 69.8% 150 impossible;
            68.1% 150 impossible; 55.4% 150 impossible
        """.replace("\n", " ").strip().split(";")
    )
)  # fmt: skip


def possible(printed: str, number: int) -> bool:
    """Whether some whole number over `number` prints so, by the published formula: rounded half up."""
    mean = Fraction(Decimal(printed.rstrip("%"))) / (100 if printed.endswith("%") else 1)
    digits = len(printed.rstrip("%").partition(".")[2]) + 2 * printed.endswith("%")
    unit = Fraction(1, 10**digits)
    near = floor(mean * number)
    return any(
        floor(Fraction(total, number) / unit + Fraction(1, 2)) * unit == mean for total in (near, near + 1)
    )


def drawn(number: int) -> Mean:
    """A mean or a share at random of 5 to 99 whole numbers."""
    rng = Random(f"mean {number}")
    of = rng.randint(5, 99)
    text = f"{rng.uniform(0, 100):.1f}%" if number % 4 == 0 else f"{rng.uniform(0.2, 7):.2f}"
    return Mean(text, of, possible(text, of))


def contradicted(mean: Mean) -> bool:
    """Whether the audit says that the mean and the number cannot both be true."""
    figures = {"mean": mean.printed, "people": f"{mean.number}人"}
    data = report(figures, ["mean == total / people"], units={"total": "count"}, whole=["total", "people"])
    return bool(Audit(data).conflicts)


def _means(quick: bool) -> list[Result]:
    lines = []
    for name, means in (
        ("published means (GRIM)", PUBLISHED),
        ("means drawn at random (GRIM)", [drawn(number) for number in range(40 if quick else 1_000)]),
    ):
        called = {mean: contradicted(mean) for mean in means}
        false = sum(called[mean] for mean in called if mean.possible)
        impossible = [mean for mean in called if not mean.possible]
        lines += [
            exactly(f"{name}: possible ones contradicted, of {len(called) - len(impossible):,}", 0, false),
            share(
                f"{name}: impossible ones found",
                100,
                sum(called[mean] for mean in impossible),
                len(impossible),
            ),
        ]
    return lines


def measure(quick: bool = False) -> list[Result]:
    """How the engine and the audit do by both kinds of vectors."""
    return [*interval_arithmetic(), *_means(quick)]
