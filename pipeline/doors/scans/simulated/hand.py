"""What hands do in signature boxes: cursive lines, names, initials, loops, seals, and seals over signatures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.doors.scans.simulated.ink import draw, some_pen
from pipeline.doors.scans.simulated.letters import some_name, written
from pipeline.doors.scans.simulated.paper import Generator, Image, Points, Shot
from pipeline.doors.scans.simulated.seals import press_seal
from pipeline.doors.scans.simulated.truth import Signed
from pipeline.model.scans import Box, SignBox

WAYS = ("cursive", "name", "initials", "loops", "seal", "seal over signature")
_SHARES = (0.28, 0.26, 0.06, 0.12, 0.16, 0.12)


def sign(
    shot: Shot, box: SignBox, rng: Generator, how: str | None = "any", family: str = "tuning"
) -> tuple[Shot, Signed]:
    """Signs in a box.

    Args:
        shot: a sheet that still lies straight.
        box: where.
        rng: the hand.
        how: one of `WAYS`, 'any', or None to leave the box empty.
        family: of pens, `tuning` or `proving`.
    """
    if how is None:
        return shot, Signed(box.side, box.name, "", "")
    way = str(rng.choice(WAYS, p=_SHARES)) if how == "any" else how
    image = shot.image.copy()
    name, faint = "", False
    if way != "seal":
        pen = some_pen(rng, family)
        draw(image, _strokes(way, box.box, rng), pen, rng, shot.scale)
        name, faint = pen.name, pen.faint
    if way.startswith("seal"):
        pale = _seal(image, box.box, rng, shot.scale, alone=way == "seal")
        faint = pale if way == "seal" else faint and pale
    return replace(shot, image=image), Signed(box.side, box.name, way, name, faint)


def _seal(image: Image, box: Box, rng: Generator, scale: float, *, alone: bool) -> bool:
    size = float(rng.uniform(11, 17))
    share = rng.uniform(0.2, 0.8) if alone else rng.uniform(0.6, 0.95)
    out = rng.normal(0, 0.12) + 0.5  # of the height: some stand partly outside the frame
    middle = (box.x + box.width * float(share), box.y + box.height * float(out))
    return press_seal(image, middle, size, rng, scale)


def _strokes(way: str, box: Box, rng: Generator) -> list[Points]:
    """Strokes of a signature, mm of the page."""
    if way == "initials":
        curves = [_cursive(rng, int(rng.integers(2, 4)))]
        wide = float(rng.uniform(4, 8))
    elif way == "name":
        curves = written(some_name(rng), 10, rng, float(rng.uniform(0, 0.8)))
        wide = box.width * float(rng.uniform(0.35, 0.6))
    elif way == "loops":
        curves = [_loops(rng)]
        wide = box.width * float(rng.uniform(0.35, 0.65))
    else:
        curves = [_cursive(rng, int(rng.integers(5, 11)))]
        if rng.random() < 0.5:  # noqa: PLR2004 - every other hand
            curves.append(_flourish(rng))
        wide = box.width * float(rng.uniform(0.45, 0.8))
    return _fitted(curves, box, wide, rng)


def _fitted(curves: list[Points], box: Box, wide: float, rng: Generator) -> list[Points]:
    """The strokes in the box, as wide as asked unless too tall: hands leave a frame upwards more than sideways."""
    every = np.vstack(curves)
    low, span = every.min(axis=0), np.maximum(np.ptp(every, axis=0), 1e-6)
    size = min(wide / span[0], box.height * rng.uniform(0.7, 1.15) / span[1])
    used = span * size
    free = np.array([max(0.0, box.width - used[0]), box.height - used[1]])
    share = np.array([rng.uniform(0.05, 0.75), rng.uniform(0.3, 0.6)])
    at = np.array([box.x, box.y]) + free * share
    angle = float(rng.normal(-0.05, 0.07))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = at + used / 2
    return [((curve - low) * size + at - middle) @ turn + middle for curve in curves]


def _cursive(rng: Generator, humps: int) -> Points:
    """A tall first letter, then humps that grow smaller and flatter towards the end."""
    points = [(0.0, -2.2), (-0.5, -0.8), (-0.2, 0.5), (0.6, -0.4)] if rng.random() < 0.6 else [(0.0, 0.0)]  # noqa: PLR2004 - most begin with a capital
    x = points[-1][0]
    lean = rng.uniform(0.1, 0.5)
    for hump in range(humps):
        high = rng.uniform(0.5, 1.2) * (rng.uniform(1.5, 2.6) if rng.random() < 0.25 else 1)  # noqa: PLR2004 - some letters are tall
        high *= 1 - 0.5 * hump / humps
        low = rng.uniform(0.6, 1.6) if rng.random() < 0.18 else rng.uniform(-0.1, 0.2)  # noqa: PLR2004 - some go below
        loop = rng.uniform(-0.35, 0.45)
        points += [(x + lean + loop * 0.5, -high), (x + lean - loop * 0.3 + 0.3, -high * 0.6), (x + 0.45, low)]
        x += rng.uniform(0.5, 1.1)
    points.append((x + rng.uniform(0.5, 2.5), rng.uniform(-0.8, 0.4)))
    return np.array(points)


def _flourish(rng: Generator) -> Points:
    """A line below, drawn from the end back or forth."""
    start, end = (-0.5, float(rng.uniform(4, 8)))
    low = rng.uniform(0.7, 1.3)
    points = np.array([(start, low), ((start + end) / 2, low - rng.uniform(0, 0.5)), (end, low - rng.uniform(0, 0.8))])
    return points if rng.random() < 0.5 else points[::-1]  # noqa: PLR2004 - a choice


def _loops(rng: Generator) -> Points:
    """Round and round, moving right."""
    turns = rng.uniform(2.5, 5.5)
    angle = np.linspace(0, turns * 2 * np.pi, int(turns * 9))
    wide, tall, drift = rng.uniform(0.6, 1.2), rng.uniform(0.7, 1.4), rng.uniform(0.08, 0.25)
    fade = np.linspace(1, rng.uniform(0.3, 0.9), len(angle))
    jitter = rng.normal(0, 0.06, (2, len(angle)))
    return np.column_stack(
        [np.cos(angle) * wide * fade + angle * drift + jitter[0], np.sin(angle) * tall * fade + jitter[1]]
    )
