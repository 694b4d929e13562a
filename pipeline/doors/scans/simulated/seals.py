"""Red seals: a frame and a name cut in it, pressed unevenly."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pipeline.doors.scans.simulated.ink import Pen, lay
from pipeline.doors.scans.simulated.letters import some_name, written
from pipeline.doors.scans.simulated.paper import Generator, Image, Points, pixels

_FINE = 3
_SEAL = Pen("seal", (52, 44, 200), 0.5, 0.9, 0.12)
_FAINT = 0.4
"""Strength of a seal with little ink."""


def press_seal(image: Image, middle: tuple[float, float], size: float, rng: Generator, scale: float) -> bool:
    """Presses a seal into the image, in place.

    Args:
        image: the sheet.
        middle: of the seal, mm.
        size: its width, mm.
        rng: shape, angle and ink.
        scale: pixels a mm.

    Returns:
        Whether it is faint.
    """
    faint = bool(rng.random() < 0.15)  # noqa: PLR2004 - about as often as seen
    reach = round(size * 0.8 * scale)
    side = 2 * reach + 1
    mask = _carved(side, size * scale, rng)
    small = cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    uneven = cv2.resize(rng.random((5, 5), np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    strength = rng.uniform(0.28, _FAINT) if faint else rng.uniform(0.72, 0.98)
    cover = small * np.clip(0.55 + uneven * 0.7, 0.3, 1).astype(np.float32) * np.float32(strength)
    left, top = (round(value * scale) - reach for value in middle)
    x, y = max(0, -left), max(0, -top)
    cover = cover[y : max(y, image.shape[0] - top), x : max(x, image.shape[1] - left)]
    if cover.size:
        ink = replace(_SEAL, colour=(int(rng.integers(40, 75)), int(rng.integers(35, 60)), int(rng.integers(185, 220))))
        lay(image, np.ascontiguousarray(cover), ink, rng, (left + x, top + y))
    return faint


def _carved(side: int, size: float, rng: Generator) -> Image:
    """The face of a seal, `_FINE` times as large: ring and name in red, or the name left white."""
    wide = side * _FINE
    middle = wide / 2
    half = size * _FINE / 2
    mask = np.zeros((wide, wide), np.uint8)
    line = max(2, round(size * _FINE * rng.uniform(0.04, 0.07)))
    square, cut_in = rng.random() < 0.4, rng.random() < 0.2  # noqa: PLR2004 - a choice
    around = -1 if cut_in else line
    low, high = (round(middle - half), round(middle + half))
    if square:
        cv2.rectangle(mask, (low, low), (high, high), 255, around, cv2.LINE_AA)
    else:
        oval = rng.uniform(0.75, 1.0) if rng.random() < 0.5 else 1.0  # noqa: PLR2004 - a choice
        centre, axes = (round(middle), round(middle)), (round(half * oval), round(half))
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 255, around, cv2.LINE_AA)
    for stroke in _name(half, rng):
        points = ((stroke + middle) * 8).round().astype(np.int32)
        cv2.polylines(mask, [points], isClosed=False, color=0 if cut_in else 255, thickness=line, shift=3)
    turn = cv2.getRotationMatrix2D((middle, middle), float(rng.normal(0, 9)), 1)
    return pixels(cv2.warpAffine(mask, turn, (wide, wide)))


def _name(half: float, rng: Generator) -> list[Points]:
    """Three syllables and 印 in a square: two columns, from the right."""
    cell = half * 0.66
    strokes = []
    for place, sign in enumerate(some_name(rng) + "인"):
        column, row = divmod(place, 2)
        corner = (half * 0.06 - column * cell, -cell + row * cell)
        strokes += [stroke + corner for stroke in written(sign, cell * 0.86, rng, 1.0)]
    return strokes
