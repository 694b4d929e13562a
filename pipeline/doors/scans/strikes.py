"""Printed words that were crossed out.

A stroke through words is covered by print, and shows only between it: on straight paths along a line of text, nearly
every dot that should be paper is ink. Print that has grown in copying shows beside letters, not along a path.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np

from pipeline.doors.scans.ink import streaks
from pipeline.doors.scans.issued import DOTS, IssuedImage, Line, grown
from pipeline.model.scans import Box

_BESIDE_PRINT = 0.28
"""Millimetres around print that are left out."""
_LETTERS = 215
"""Gray below which a dot is part of a letter."""
_BESIDE_RULES = 0.8
_FAINTEST = 0.16
"""Contrast: what is fainter is a fold."""
_BESIDE_FOLDS = 0.5
_WINDOW = 14.0
"""Millimetres of a path that are looked at together."""
_SCRIBBLED = 0.42
"""Of the columns of a window."""
_SLOPES = (-0.2, -0.12, -0.07, -0.035, 0.0, 0.035, 0.07, 0.12, 0.2)
_REACH = 0.18
"""Of a line's height above and below it: underlining is none of it."""
_HANDS = ((0.25, 0.72, 0.1), (0.6, 0.84, 0.2))
"""How far a hand strays from its path (mm), how much of the paper there has to be ink, how much of the path paper."""


def find_strikes(
    darker: Any, issued: IssuedImage, seen: Any, limit: float, lines: Sequence[Line]
) -> list[tuple[Box, str]]:
    """Crossed-out passages and their words, at most one a line of text.

    Args:
        darker: contrast against the paper.
        issued: the page as printed.
        seen: where the scan shows the page.
        limit: contrast from which on a dot is ink.
        lines: of text, that are looked at.
    """
    print_ = issued.near_print(_BESIDE_PRINT, _LETTERS) | grown(issued.rules, _BESIDE_RULES)
    free = ((print_ == 0) & (seen > 0)).astype(np.uint8)
    ink = ((darker > max(limit, _FAINTEST)) & (free > 0)).astype(np.uint8)
    folds = grown(streaks(ink, free), _BESIDE_FOLDS)
    free[folds > 0], ink[folds > 0] = 0, 0
    return [found for line in lines if line.box.width >= _WINDOW for found in _struck(line, ink, free)]


def _struck(line: Line, ink: Any, free: Any) -> Iterator[tuple[Box, str]]:
    box = line.box
    rise = round(_SLOPES[-1] * _WINDOW * DOTS) + 2
    top = round((box.y + _REACH * box.height) * DOTS)
    bottom = round((box.y + (1 - _REACH) * box.height) * DOTS)
    left, right = round(box.x * DOTS), round((box.x + box.width) * DOTS)
    rows = slice(max(0, top - rise), bottom + rise)
    band_ink, band_free = ink[rows, left:right], free[rows, left:right]
    window = round(_WINDOW * DOTS)
    if band_ink.shape[1] <= window or not band_ink.any():
        return
    hit = np.zeros(band_ink.shape[1], bool)
    first, last = top - rows.start, bottom - rows.start
    for slope in _SLOPES:
        hit |= _along(band_ink, band_free, slope, window, (first, last))
    hit |= _scribbled(band_ink[first:last], window)
    if hit.any():
        columns = np.flatnonzero(hit)
        start, end = (left + columns[0]) / DOTS, (left + columns[-1]) / DOTS
        words = [text for text, word in line.words if word.x < end and word.x + word.width > start]
        yield Box(*(round(float(side), 1) for side in (start, box.y, end - start, box.height))), " ".join(words)


def _along(ink: Any, free: Any, slope: float, window: int, rows: tuple[int, int]) -> Any:
    """Columns that lie on an inked path of this slope whose middle is within the rows."""
    if slope:
        height, width = ink.shape
        shear = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]], np.float32)
        ink, free = (cv2.warpAffine(one, shear, (width, height), flags=cv2.INTER_NEAREST) for one in (ink, free))
    columns = np.zeros(ink.shape[1] - window, bool)
    for strays, share, least in _HANDS:
        # A path is as wide as a hand strays: it is ink where any of it is.
        near = cv2.dilate(ink, np.ones((2 * round(strays * DOTS) + 1, 1), np.uint8))
        inked, paper = _sums(near, window), _sums(free | near, window)
        struck = (paper >= least * window) & (inked >= share * paper)
        columns |= struck[rows[0] : rows[1]].max(axis=0)
    hit = np.zeros(ink.shape[1], bool)
    for start in np.flatnonzero(columns):
        hit[start : start + window] = True
    return hit


def _scribbled(ink: Any, window: int) -> Any:
    """Columns of windows in which a hand went up and down over the line: most columns hold some of its ink."""
    solid: Any = cv2.morphologyEx(np.ascontiguousarray(ink), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    held = _sums(solid.any(axis=0).astype(np.uint8)[None], window)[0]
    hit = np.zeros(ink.shape[1], bool)
    for start in np.flatnonzero(held >= _SCRIBBLED * window):
        hit[start : start + window] = True
    return hit


def _sums(mask: Any, window: int) -> Any:
    """Of each row, over every window."""
    summed = np.cumsum(mask, axis=1, dtype=np.int32)
    return summed[:, window:] - summed[:, :-window]
