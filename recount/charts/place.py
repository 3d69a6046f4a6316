"""Direct labels that keep out of each other's way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from recount.charts.canvas import Canvas
from recount.charts.style import LEADING, ink, text_width

Box = tuple[float, float, float, float]  # left, top, right, bottom in points
_OWN = 11.0  # a label further from its point than this gets a leader line
_GAPS = (7.0, 15.0, 25.0, 38.0, 54.0, 72.0)
_PASSES = 4
_LINE, _TEXT, _OUTSIDE = 4.0, 12.0, 1000.0  # weights: line over ink, over a label, outside


@dataclass
class _Label:
    point: tuple[float, float]
    text: str
    size: float
    colour: str
    boxes: list[Box]  # the label at its place, then its leader line


class Placer:
    """Places labels beside their points, inside bounds, away from what is drawn and each other.

    Labels are put one after the other, each at its cheapest place, and then moved in turn while
    the others stay: a coordinate descent, which is enough for the dozen labels of a chart.
    """

    def __init__(self, canvas: Canvas, bounds: Box) -> None:
        self._canvas, self._bounds = canvas, bounds
        self._taken: list[Box] = []
        self._labels: list[_Label] = []

    def block(self, box: Box) -> None:
        """Keep labels out of a box."""
        self._taken.append(box)

    def free(self, box: Box) -> bool:
        """Whether a box lies inside the bounds and clear of all that is blocked."""
        taken = np.array(self._taken, dtype=float).reshape(-1, 4)
        return self._outside(box) < 0.01 and _common(np.array([box]), taken) < 0.01

    def put(self, x: float, y: float, text: str, size: float, colour: str) -> None:
        """Ask for a label at a point of the page; `settle` writes it."""
        self._labels.append(_Label((x, y), text, size, colour, []))

    def settle(self) -> None:
        """Find the places and write all labels, with a leader line where one is far away."""
        taken = np.array(self._taken, dtype=float).reshape(-1, 4)
        for _ in range(_PASSES):
            for label in self._labels:
                self._move(label, taken)
        for label in self._labels:
            box = label.boxes[0]
            self._canvas.write(box[0], box[1], label.text, label.size, label.colour)
            end = _nearest(label.point, box)
            if math.dist(label.point, end) > _OWN:
                across, down = (label.point[0], end[0]), (label.point[1], end[1])
                self._canvas.page.plot(across, down, color=ink(label.colour), lw=0.7, zorder=3)

    def _move(self, label: _Label, taken: np.ndarray) -> None:
        others = [box for other in self._labels if other is not label for box in other.boxes]
        texts = np.array(others, dtype=float).reshape(-1, 4)
        best = math.inf
        for nth, place in enumerate(_places(label)):
            box = self._inside(place)
            boxes = [box, *_leader(label.point, box)]
            inked = np.array(boxes)
            cost = _common(inked[:1], taken) + _LINE * _common(inked[1:], taken) + nth // 12
            cost += _TEXT * _common(inked, texts)
            cost += _OUTSIDE * self._outside(box)
            if cost < best - 1e-9:
                best, label.boxes = cost, boxes

    def _inside(self, box: Box) -> Box:
        """A box moved sideways into the bounds, as far as it fits."""
        move = max(self._bounds[0] - box[0], 0) or min(self._bounds[2] - box[2], 0)
        return box[0] + move, box[1], box[2] + move, box[3]

    def _outside(self, box: Box) -> float:
        left, top, right, bottom = self._bounds
        return (
            max(left - box[0], 0)
            + max(box[2] - right, 0)
            + max(top - box[1], 0)
            + max(box[3] - bottom, 0)
        )


def _places(label: _Label) -> list[Box]:
    """Where a label may go: twelve directions at growing distances, the nearest first."""
    (x, y), width = label.point, text_width(label.text, label.size)
    height = label.size * LEADING
    corners = [
        corner
        for gap in _GAPS
        for corner in (
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
        )
    ]
    return [(left, top, left + width, top + height) for left, top in corners]


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
        (point[0] + (end[0] - point[0]) * share, point[1] + (end[1] - point[1]) * share)
        for share in shares
    ]
    return [(x - 3, y - 3, x + 3, y + 3) for x, y in middles]


def _common(boxes: np.ndarray, others: np.ndarray) -> float:
    """The area that two sets of boxes have in common, pair by pair."""
    if not len(others) or not len(boxes):
        return 0.0
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    return float(np.prod(np.clip(high - low, 0, None), axis=2).sum())
