"""Pens, and ink on paper: smooth curves drawn with changing width, laid over the print as ink lies over print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.doors.scans.simulated.paper import Generator, Image, Points, pixels

_FINE = 4
"""Ink is drawn this much larger and shrunk: soft edges, widths between whole pixels."""
_BITS = 3
"""Of the fractions OpenCV draws with."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Something that leaves ink."""

    name: str
    colour: tuple[int, int, int]
    """Blue, green, red."""
    width: float
    """Mm."""
    strength: float = 1.0
    """Of full ink."""
    grain: float = 0.0
    """How much of it the paper's tooth leaves out."""
    press: float = 0.15
    """How much the width changes along a stroke."""

    @property
    def faint(self) -> bool:
        """Whether black-and-white scanning may lose it."""
        return self.strength < 0.6  # noqa: PLR2004 - pencils lie below, pens above


BLACK_GEL = Pen("black gel", (30, 26, 25), 0.5)
TUNING: tuple[Pen, ...] = (
    BLACK_GEL,
    Pen("blue ballpoint", (150, 50, 35), 0.4, 0.88, 0.15),
    Pen("thin black ballpoint", (45, 40, 40), 0.3, 0.85, 0.2),
    Pen("black felt tip", (22, 20, 20), 0.8, 1.0, 0.0, 0.08),
    Pen("pencil", (70, 68, 66), 0.45, 0.5, 0.5, 0.3),
)
"""Pens that thresholds are set with."""
PROVING: tuple[Pen, ...] = (
    Pen("blue gel", (165, 40, 20), 0.55),
    Pen("black ballpoint", (52, 44, 46), 0.38, 0.9, 0.12),
    Pen("thin blue ballpoint", (170, 70, 50), 0.3, 0.82, 0.2),
    Pen("blue felt tip", (140, 35, 20), 0.9, 0.97, 0.0, 0.1),
    Pen("brush pen", (28, 28, 30), 0.75, 0.98, 0.05, 0.5),
    Pen("soft pencil", (84, 80, 80), 0.5, 0.55, 0.4, 0.35),
)
"""Others, to measure rates with."""
PENS = {"tuning": TUNING, "proving": PROVING}
RED = Pen("red pen", (40, 35, 205), 0.5, 0.95)
MARKER = Pen("marker", (35, 32, 32), 3.2, 0.9, 0.0, 0.1)


def some_pen(rng: Generator, family: str) -> Pen:
    """A pen of a family, a little different each time."""
    pen = PENS[family][int(rng.integers(len(PENS[family])))]
    return replace(
        pen,
        width=float(np.clip(pen.width * rng.uniform(0.88, 1.12), 0.3, 0.95)),
        strength=min(1.0, pen.strength * rng.uniform(0.92, 1.06)),
    )


def smooth(points: Points, step: float = 0.35) -> Points:
    """A curve through points (centripetal enough: uniform Catmull-Rom), a sample every `step` mm or so."""
    if len(points) < 3:  # noqa: PLR2004 - two points are a straight line
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    parts = []
    for place in range(1, len(padded) - 2):
        before, one, two, after = padded[place - 1 : place + 3]
        many = max(2, int(np.hypot(*(two - one)) / step))
        share = np.linspace(0, 1, many, endpoint=False)[:, None]
        parts.append(
            one
            + 0.5 * share * (two - before)
            + share**2 * (before - 2.5 * one + 2 * two - 0.5 * after)
            + share**3 * (1.5 * (one - two) + 0.5 * (after - before))
        )
    return np.vstack([*parts, points[-1:]])


def draw(image: Image, curves: Sequence[Points], pen: Pen, rng: Generator, scale: float) -> None:
    """Draws curves (mm) into the image, in place; `scale` in pixels a mm."""
    drawn = [smooth(curve) for curve in curves if len(curve) > 1]
    if not drawn:
        return
    room = pen.width * 2 + 0.5
    low = np.floor((np.vstack(drawn).min(axis=0) - room) * scale).astype(int)
    high = np.ceil((np.vstack(drawn).max(axis=0) + room) * scale).astype(int)
    low, high = np.maximum(low, 0), np.minimum(high, (image.shape[1], image.shape[0]))
    if (high <= low).any():
        return
    wide, tall = (high - low).tolist()
    mask = np.zeros((tall * _FINE, wide * _FINE), np.uint8)
    for curve in drawn:
        _stroke(mask, (curve * scale - low) * _FINE, pen, rng, scale)
    small = cv2.resize(mask, (wide, tall), interpolation=cv2.INTER_AREA)
    lay(image, small.astype(np.float32) * (pen.strength / 255), pen, rng, (int(low[0]), int(low[1])))


def lay(image: Image, cover: npt.NDArray[np.float32], pen: Pen, rng: Generator, at: tuple[int, int]) -> None:
    """Lays ink over the image, in place: what is dark stays dark.

    Args:
        image: the sheet.
        cover: how much ink, 0 to 1.
        pen: its colour and grain.
        rng: of the grain.
        at: upper left pixel of `cover`; all of it lies inside the image.
    """
    tall, wide = cover.shape
    if pen.grain:
        cover = cover * np.clip(1 - pen.grain * np.abs(rng.standard_normal((tall, wide), np.float32)), 0, 1)
    part = image[at[1] : at[1] + tall, at[0] : at[0] + wide]
    lacks = 1 - np.array(pen.colour, np.float32) / 255
    part[:] = pixels(part * (1 - cover[:, :, None] * lacks))


def _stroke(mask: Image, curve: Points, pen: Pen, rng: Generator, scale: float) -> None:
    """One curve, in pieces of a width each: ends are thinner, slow parts thicker."""
    count = len(curve) - 1
    swell = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, 6), rng.uniform(-1, 1, 6))
    ends = np.minimum(1, 0.6 + np.minimum(np.arange(count), np.arange(count)[::-1]) * 0.2)
    widths = np.maximum(1, pen.width * scale * _FINE * (1 + pen.press * swell) * ends).round().astype(int)
    points = (curve * (1 << _BITS)).round().astype(np.int32)
    for place, width in enumerate(widths.tolist()):
        cv2.line(mask, points[place].tolist(), points[place + 1].tolist(), 255, width, cv2.LINE_8, _BITS)
