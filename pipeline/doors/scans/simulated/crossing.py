"""What hands do to the print: crossing out, inserting, noting in the margin, ticking, overwriting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from pipeline.doors.scans.simulated.ink import MARKER, RED, Pen, draw, some_pen
from pipeline.doors.scans.simulated.letters import moved, some_name, written
from pipeline.doors.scans.simulated.paper import Generator, Points, Shot, Word
from pipeline.doors.scans.simulated.truth import Struck, Written
from pipeline.model.scans import Box

STYLES = ("single", "double", "wavy", "slanted", "cross", "zigzag", "marker")
HANDS = ("insert", "note", "tick", "overwrite")
_MARGIN = 8.0
"""Words nearer to the upper or lower edge are no text of the paper, mm from code or caption."""


def strike(
    shot: Shot,
    length: float,
    rng: Generator,
    style: str | None = None,
    family: str = "tuning",
    avoid: Sequence[Box] = (),
) -> tuple[Shot, Struck | None]:
    """Crosses out printed words of one line.

    Args:
        shot: a sheet that still lies straight.
        length: of the passage, mm at least (shorter only where no line is as long).
        rng: the hand.
        style: one of `STYLES`; None for any.
        family: of pens.
        avoid: where nothing is struck: signature boxes.

    Returns:
        The sheet, and what was struck; None where nothing is printed.
    """
    words = _passage(shot, length, rng, avoid)
    if not words:
        return shot, None
    style = style or str(rng.choice(STYLES))
    box = _around(words)
    pen = MARKER if style == "marker" else RED if rng.random() < 0.2 else some_pen(rng, family)  # noqa: PLR2004 - one in five corrects in red
    if style == "marker":
        pen = replace(pen, width=float(np.clip(box.height * 0.8, 2.2, 4.0)))
    image = shot.image.copy()
    draw(image, _crossing(style, box, rng), pen, rng, shot.scale)
    return replace(shot, image=image), Struck(box, " ".join(word.text for word in words), style, pen.name)


def write(shot: Shot, what: str, rng: Generator, family: str = "tuning") -> tuple[Shot, Written | None]:
    """Inserts words, notes in the margin, ticks, or overwrites a character (one of `HANDS`)."""
    words = _passage(shot, 6, rng)
    if not words:
        return shot, None
    pen = some_pen(rng, family)
    curves = _writing(what, words[0].box, shot.size[0], rng)
    every = np.vstack(curves)
    image = shot.image.copy()
    draw(image, curves, pen, rng, shot.scale)
    low, span = every.min(axis=0), np.ptp(every, axis=0)
    return replace(shot, image=image), Written(what, Box(*low.tolist(), *span.tolist()), pen.name)


def code_stroke(shot: Shot, place: Box, pen: Pen, rng: Generator, times: int = 1) -> Shot:
    """Draws strokes right across a code."""
    image = shot.image.copy()
    for _ in range(times):
        ends = np.array(
            [(-0.15, rng.uniform(0.15, 0.85)), (0.5, rng.uniform(0.3, 0.7)), (1.15, rng.uniform(0.15, 0.85))]
        )
        if rng.random() < 0.4:  # noqa: PLR2004 - some run down
            ends = ends[:, ::-1]
        curve = ends * (place.width, place.height) + (place.x, place.y)
        draw(image, [curve], pen, rng, shot.scale)
    return replace(shot, image=image)


def _passage(shot: Shot, length: float, rng: Generator, avoid: Sequence[Box] = ()) -> list[Word]:
    """Neighbouring words of one line, `length` mm together at least."""
    width, height = shot.size
    inner = [
        word
        for word in shot.words
        if _MARGIN + 14 < word.box.y < height - _MARGIN - 20
        and 0 < word.box.x < width
        and word.box.height > 1
        and not any(_inside(word.box, box) for box in avoid)
    ]
    lines = [list(line) for _, line in groupby(inner, key=lambda word: word.line)]
    lines = [line for line in lines if _even(line)]
    if not lines:
        return []
    long = [line for line in lines if _around(line).width >= length]
    line = long[int(rng.integers(len(long)))] if long else max(lines, key=lambda one: _around(one).width)
    starts = [start for start in range(len(line)) if _around(line[start:]).width >= length] or [0]
    start = starts[int(rng.integers(len(starts)))]
    end = start + 1
    while end < len(line) and _around(line[start:end]).width < length:
        end += 1
    return line[start:end]


def _inside(one: Box, box: Box) -> bool:
    """Whether a word stands in a box, or so near that a stroke through it would enter."""
    across = box.x - 2 < one.x + one.width and one.x < box.x + box.width + 2
    return across and box.y - 2 < one.y + one.height and one.y < box.y + box.height + 2


def _even(line: list[Word]) -> bool:
    """Whether the words stand beside each other (cells of a table may share a line number)."""
    return _around(line).height < 2.2 * min(max(word.box.height, 2.0) for word in line)


def _around(words: list[Word]) -> Box:
    left, top = min(word.box.x for word in words), min(word.box.y for word in words)
    right = max(word.box.x + word.box.width for word in words)
    return Box(left, top, right - left, max(word.box.y + word.box.height for word in words) - top)


def _crossing(style: str, box: Box, rng: Generator) -> list[Points]:
    """Strokes that cross out a passage."""
    over = rng.uniform(-0.3, 1.5, 2)
    left, right = box.x - over[0], box.x + box.width + over[1]
    middle = box.y + box.height * rng.uniform(0.42, 0.62)
    if style == "double":
        apart = box.height * rng.uniform(0.14, 0.24)
        return [_line(left, right, middle + side * apart, box.height, rng) for side in (-1, 1)]
    if style == "wavy":
        return [_wave(left, right, middle, box.height * rng.uniform(0.25, 0.5), rng.uniform(4, 8), rng)]
    if style == "zigzag":
        return [_wave(left, right, middle, box.height * rng.uniform(0.7, 1.0), rng.uniform(3, 5), rng, sharp=True)]
    if style == "cross":
        tops = box.y - rng.uniform(0, 0.6), box.y + box.height + rng.uniform(0, 0.6)
        return [np.array([(left, tops[one]), (right, tops[1 - one])]) + rng.normal(0, 0.2, (2, 2)) for one in (0, 1)]
    if style == "slanted":
        drop = box.height * rng.uniform(0.25, 0.45) * rng.choice([-1, 1])
        return [
            np.array([(left, middle - drop), ((left + right) / 2, middle + rng.normal(0, 0.2)), (right, middle + drop)])
        ]
    return [_line(left, right, middle, box.height, rng)]


def _line(left: float, right: float, middle: float, height: float, rng: Generator) -> Points:
    """A line by hand: it bends and climbs a little."""
    steps = max(3, int((right - left) / 14))
    x = np.linspace(left, right, steps)
    y = middle + np.cumsum(rng.normal(0, height * 0.05, steps)) + np.linspace(0, rng.normal(0, height * 0.12), steps)
    return np.column_stack([x, np.clip(y, middle - height * 0.4, middle + height * 0.4)])


def _wave(
    left: float, right: float, middle: float, tall: float, period: float, rng: Generator, *, sharp: bool = False
) -> Points:
    x = np.arange(left, right + period / 2, period / 2)
    y = middle + np.where(np.arange(len(x)) % 2, -1, 1) * tall / 2 * rng.uniform(0.8, 1.2, len(x))
    points = np.column_stack([x + rng.normal(0, period * 0.06, len(x)), y])
    if not sharp:
        return points
    # a corner stays sharp when its point comes twice, a little apart
    twice = np.repeat(points, 2, axis=0) + np.tile([(-0.05, 0.0), (0.05, 0.0)], (len(points), 1))
    return np.asarray(twice, np.float64)


def _writing(what: str, box: Box, wide: float, rng: Generator) -> list[Points]:
    if what == "note":
        right = bool(rng.random() < 0.5)  # noqa: PLR2004 - either margin
        at = (wide - 17.0, box.y) if right else (3.0, box.y)
        return [moved(curve, *at) for curve in written(some_name(rng), 4.2, rng, 0.4)]
    if what == "insert":
        caret = moved(np.array([(-1.2, 1.6), (0.0, 0.0), (1.2, 1.6)]), box.x, box.y + box.height)
        word = [moved(curve, box.x + 1.0, box.y - 4.2) for curve in written(some_name(rng), 3.6, rng, 0.5)]
        return [caret, *word]
    if what == "overwrite":
        sign = written(some_name(rng)[0], max(3.0, box.height * 1.1), rng, 0.6)
        return [moved(curve, box.x, box.y - 0.2) for curve in sign]
    size = float(rng.uniform(4, 8))
    return [np.array([(0.0, 0.5), (0.3, 1.0), (1.0, -0.3)]) * size + np.array([box.x - 9, box.y - 1])]
