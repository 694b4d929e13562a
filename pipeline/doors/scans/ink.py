"""Ink that was not printed (OpenCV): in signature boxes, and elsewhere on the page.

All pictures are laid over the issued page at `issued.DPI`. Thresholds and their error rates: docs/decisions/0014.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from pipeline.doors.scans.issued import DOTS, IssuedImage
from pipeline.model.scans import Box

_FAINTEST = 0.13
"""Contrast against the paper around: what is fainter is paper."""
_NOISE = 6.0
"""Median deviations of the paper's grain: ink is darker than these, too."""
_BESIDE_PRINT = 0.6
"""Millimetres around print in which ink is left out: there print is never quite where it was."""
_SHORTEST = 2.0
_SMALLEST = 0.3
"""Millimetres, mm²: smaller components are dust."""
_LINES = ((40.0, 3.0), (20.0, 1.5))
"""Length and width (mm): what is longer and thinner was drawn by a machine, or is a fold."""
_STREAK = 0.5
_END = 20.0
_WANDER = 7
"""Of both ends of a row or column (mm) as much ink, in so many dots, is a feed line or a fold."""
_THIN, _LONG_LINE = 0.7, 9.0
"""Millimetres: pieces as thin on one line, as long together."""
_HOLE, _HOLES_WITHIN = (4.5, 8.0), 20.0
"""Millimetres: sides of a punched hole, and how near the edge its middle is."""
_EDGE = 5.0
"""Millimetres at the paper's edges: shadows, holes, the table behind a photograph."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink on a page that was not printed there."""

    contrast: Any
    """0 paper to 1 black."""
    labels: Any
    """Number of each dot's component, 0 for none."""
    components: tuple[tuple[int, Box, float], ...]
    """Number, place (mm), area (mm²)."""

    def score(self, box: Box, margin: float) -> float:
        """Contrast times area (mm²) of the components in a box and so many millimetres around it."""
        rows, columns = dots(box, margin, self.labels.shape)
        within = self.labels[rows, columns] > 0
        return float(self.contrast[rows, columns][within].sum()) / DOTS**2

    def depth(self, number: int) -> float:
        """Mean contrast of a component."""
        return float(self.contrast[self.labels == number].mean())

    def numbers(self, box: Box) -> set[int]:
        """Of the components that reach into a box."""
        rows, columns = dots(box, 0, self.labels.shape)
        return set(np.unique(self.labels[rows, columns]).tolist()) - {0}


def dots(box: Box, margin: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a box with a margin (mm), cut at the page's edges."""
    top, left = max(0, round((box.y - margin) * DOTS)), max(0, round((box.x - margin) * DOTS))
    bottom, right = round((box.y + box.height + margin) * DOTS), round((box.x + box.width + margin) * DOTS)
    return slice(top, min(shape[0], bottom)), slice(left, min(shape[1], right))


def contrast(warped: Any) -> Any:
    """How much darker each dot is than the paper around it, 0 to 1; in colour, in its darkest channel."""
    gray = _darkest(warped) if warped.ndim > 2 else warped  # noqa: PLR2004 - rows and columns
    gray = cv2.medianBlur(gray, 3)
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (0, 0), 6)
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.clip(1 - gray.astype(np.float32) / np.maximum(paper, 40), 0, 1)


def _darkest(coloured: Any) -> Any:
    """Of each dot its darkest channel; ten times as quick as numpy's own."""
    blue, green, red = cv2.split(coloured)
    return cv2.min(cv2.min(blue, green), red)


def threshold(darker: Any, issued: IssuedImage, seen: Any) -> float:
    """The contrast from which on a dot is ink on this scan: grainy paper asks for more."""
    few = (slice(None, None, 2), slice(None, None, 3))
    grain = darker[few][(issued.near_print(1.5)[few] == 0) & (seen[few] > 0)]
    if not grain.size:
        return _FAINTEST
    return max(_FAINTEST, float(np.median(grain) + _NOISE * np.median(np.abs(grain - np.median(grain)))))


def find_ink(darker: Any, issued: IssuedImage, seen: Any, limit: float) -> Ink:
    """Components of ink away from print.

    Args:
        darker: what `contrast` found.
        issued: the page as printed.
        seen: where the scan shows the page.
        limit: what `threshold` found.
    """
    edge = round(_EDGE * DOTS)
    inside = cv2.erode(seen, np.ones((9, 9), np.uint8))
    inside[:edge], inside[-edge:], inside[:, :edge], inside[:, -edge:] = 0, 0, 0, 0
    free = inside & (issued.near_print(_BESIDE_PRINT) == 0)
    mask = ((darker > limit) & (free > 0)).astype(np.uint8)
    mask[streaks(mask, free) > 0] = 0
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    kept = []
    dropped = np.zeros(count, bool)
    for number in range(1, count):
        left, top, wide, high, area = (float(value) / DOTS for value in stats[number])
        area /= DOTS
        if _is_dirt(wide, high, area):
            dropped[number] = True
        else:
            kept.append((number, Box(left, top, wide, high), area))
    machine = _drawn_by_machine([box for _, box, _ in kept], issued)
    for (number, _, _), drawn in zip(kept, machine, strict=True):
        dropped[number] |= drawn
    kept = [one for one, drawn in zip(kept, machine, strict=True) if not drawn]
    labels[dropped[labels]] = 0
    return Ink(darker, labels, tuple(kept))


def _is_dirt(wide: float, high: float, area: float) -> bool:
    """Whether a component is a speck, a scanner's line or a fold's."""
    longest, shortest = max(wide, high), min(wide, high)
    if longest < _SHORTEST or area < _SMALLEST:
        return True
    return any(longest > length and shortest < width for length, width in _LINES)


def streaks(mask: Any, free: Any) -> Any:
    """Lines that run from edge to edge, as bytes of 0 and 1: feed rollers, folds. A hand stays off the edges.

    Args:
        mask: ink.
        free: where ink is looked for.
    """
    found = np.zeros_like(mask)
    for across in (True, False):
        ink, paper, out = (mask, free, found) if across else (mask.T, free.T, found.T)
        tall = cv2.dilate(np.ascontiguousarray(ink), np.ones((_WANDER, 1), np.uint8))
        ends = (slice(None, round(_END * DOTS)), slice(-round(_END * DOTS), None))
        shares = [_row_sums(tall[:, end] & paper[:, end]) / np.maximum(_row_sums(paper[:, end]), 12) for end in ends]
        rows = (shares[0] > _STREAK) & (shares[1] > _STREAK)
        out[np.convolve(rows, np.ones(_WANDER), "same") > 0] = 1
    return found


def _row_sums(mask: Any) -> Any:
    return cv2.reduce(np.ascontiguousarray(mask), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()


def _drawn_by_machine(boxes: list[Box], issued: IssuedImage) -> list[bool]:
    """Which components are pieces of one straight level or upright line, or a punched hole."""
    columns, rows = (side / DOTS for side in issued.size)
    drawn = []
    for one in boxes:
        upright, level = one.width <= _THIN, one.height <= _THIN
        x, y = one.x + one.width / 2, one.y + one.height / 2
        length = 0.0
        if upright:
            length = sum(o.height for o in boxes if o.width <= _THIN and abs(o.x + o.width / 2 - x) < _THIN)
        elif level:
            length = sum(o.width for o in boxes if o.height <= _THIN and abs(o.y + o.height / 2 - y) < _THIN)
        near = min(x, y, columns - x, rows - y) < _HOLES_WITHIN
        low, high = _HOLE
        is_hole = near and low < one.width < high and low < one.height < high and abs(one.width - one.height) < 1
        drawn.append(length >= _LONG_LINE or is_hole)
    return drawn
