"""Direct labels that keep out of each other's way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from recount.charts.canvas import Canvas
from recount.charts.style import LEADING, ink, text_width, wrap

Box = tuple[float, float, float, float]  # left, top, right, bottom in points
_OWN = 11.0  # a label further from its point than this gets a leader line
_GAPS = (7.0, 15.0, 25.0, 38.0, 54.0, 72.0)
_PASSES = 5
_LONG = 90.0  # a label wider than this may be broken into two lines, in points
_CROSSING = 70.0  # a label whose place costs more than this crosses something
_LINE, _TEXT, _OUTSIDE = 4.0, 12.0, 1000.0  # weights: line over ink, over a label, outside


@dataclass
class _Label:
    point: tuple[float, float]
    text: str
    size: float
    colour: str
    forms: list[list[str]]  # its lines: all in one, or broken
    spare: bool = False  # whether it may be left out
    lines: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)  # the label at its place, then its leader line
    cost: float = math.inf


class Placer:
    """Places labels beside their points, inside bounds, away from what is drawn and each other.

    Labels are put one after the other, each at its cheapest place, and then moved in turn while
    the others stay: a coordinate descent, which is enough for the dozen labels of a chart.
    """

    def __init__(self, canvas: Canvas, bounds: Box) -> None:
        self._canvas, self._bounds = canvas, bounds
        self._taken: list[Box] = []
        self._weights: list[float] = []
        self._labels: list[_Label] = []
        self._left_out: list[_Label] = []

    def block(self, box: Box, weight: float = 1.0) -> None:
        """Keep labels out of a box, the more so the heavier it is."""
        self._taken.append(box)
        self._weights.append(weight)

    def free(self, box: Box) -> bool:
        """Whether a box lies inside the bounds and clear of all that is blocked."""
        taken = np.array(self._taken, dtype=float).reshape(-1, 4)
        return self._outside(box) < 0.01 and _common(np.array([box]), taken) < 0.01

    def put(self, x: float, y: float, text: str, size: float, colour: str, spare: bool = False) -> None:
        """Ask for a label at a point of the page; `settle` writes it, in two lines if that is better.

        A `spare` one is left out where it or another of its colour would cross what is drawn.
        """
        forms = [[text]]
        if text_width(text, size) > _LONG:
            forms.append(wrap(text, text_width(text, size) * 0.62, size, phrases=True))
        self._labels.append(_Label((x, y), text, size, colour, forms, spare))

    def settle(self) -> list[str]:
        """Find the places and write all labels, with a leader line where one is far away.

        Returns the texts that were left out.
        """
        taken = np.array(self._taken, dtype=float).reshape(-1, 4)
        for _ in range(_PASSES):
            for label in self._labels:
                self._move(label, taken)
            crossing = {label.colour for label in self._labels if label.cost > _CROSSING}
            out = [label for label in self._labels if label.spare and label.colour in crossing]
            if out:  # one goes, and the others find their places anew
                self._left_out.append(max(out, key=lambda label: label.cost))
                self._labels.remove(self._left_out[-1])
        for label in self._labels:
            box = label.boxes[0]
            for nth, line in enumerate(label.lines):
                top = box[1] + nth * label.size * LEADING
                self._canvas.write(box[0], top, line, label.size, label.colour)
            end = _nearest(label.point, box)
            if math.dist(label.point, end) > _OWN:
                across, down = (label.point[0], end[0]), (label.point[1], end[1])
                self._canvas.page.plot(across, down, color=ink(label.colour), lw=0.7, zorder=3)
        return [label.text for label in self._left_out]

    def _move(self, label: _Label, taken: np.ndarray) -> None:
        others = [box for other in self._labels if other is not label for box in other.boxes]
        texts = np.array(others, dtype=float).reshape(-1, 4)
        label.cost = math.inf
        for lines, place, dear in _places(label):
            if dear >= label.cost:  # nothing that it crosses or not makes it cheaper
                continue
            box = self._inside(place)
            boxes = [box, *_leader(label.point, box)]
            inked = np.array(boxes)
            cost = self._crossed(inked[:1], taken) + _LINE * self._crossed(inked[1:], taken) + dear
            cost += _TEXT * _common(inked, texts)
            cost += _OUTSIDE * self._outside(box)
            if cost < label.cost - 1e-9:
                label.cost, label.boxes, label.lines = cost, boxes, lines

    def _crossed(self, boxes: np.ndarray, taken: np.ndarray) -> float:
        """How much of what is blocked some boxes cross, by its weight."""
        return _common(boxes, taken, np.array(self._weights))

    def _inside(self, box: Box) -> Box:
        """A box moved sideways into the bounds, as far as it fits."""
        move = max(self._bounds[0] - box[0], 0) or min(self._bounds[2] - box[2], 0)
        return box[0] + move, box[1], box[2] + move, box[3]

    def _outside(self, box: Box) -> float:
        left, top, right, bottom = self._bounds
        return max(left - box[0], 0) + max(box[2] - right, 0) + max(top - box[1], 0) + max(box[3] - bottom, 0)


def _places(label: _Label) -> Iterator[tuple[list[str], Box, float]]:
    """Where a label may go: twelve directions at growing distances, with its lines and a price."""
    x, y = label.point
    for form, lines in enumerate(label.forms):
        width = max(text_width(line, label.size) for line in lines)
        height = label.size * LEADING * len(lines)
        for dear, gap in enumerate(_GAPS):
            for left, top in (
                (x + gap, y - height / 2),
                (x - gap - width, y - height / 2),
                (x - width / 2, y - gap - height),
                (x - width / 2, y + gap),
                (x + gap, y + gap / 2),
                (x + gap, y - gap / 2 - height),
                (x - gap - width, y + gap / 2),
                (x - gap - width, y - gap / 2 - height),
                (x - 4, y - gap - height),
                (x - 4, y + gap),
                (x + 4 - width, y - gap - height),
                (x + 4 - width, y + gap),
            ):
                yield lines, (left, top, left + width, top + height), dear + 3.0 * form


def _nearest(point: tuple[float, float], box: Box) -> tuple[float, float]:
    """The point of a label's box that its leader line goes to."""
    x, y = min(max(point[0], box[0]), box[2]), min(max(point[1], box[1] + 2), box[3] - 2)
    return x, y


def _leader(point: tuple[float, float], box: Box) -> list[Box]:
    """Small boxes along a label's leader line, none where it needs no line."""
    end = _nearest(point, box)
    if math.dist(point, end) <= _OWN:
        return []
    shares = [n / 10 for n in range(4, 10)]  # what lies close to the point is its own affair
    middles = [
        (point[0] + (end[0] - point[0]) * share, point[1] + (end[1] - point[1]) * share) for share in shares
    ]
    return [(x - 3, y - 3, x + 3, y + 3) for x, y in middles]


def _common(boxes: np.ndarray, others: np.ndarray, weights: np.ndarray | float = 1.0) -> float:
    """The area that two sets of boxes have in common, pair by pair, by the weights of the second."""
    if not len(others) or not len(boxes):
        return 0.0
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return float((np.prod(np.clip(high - low, 0, None), axis=2) * weights).sum())
