"""Photographs of papers: perspective on a table, shade of the lens, a finger over the edge, a screen's moiré."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.doors.scans.simulated.machine import Effect, jpeg, noise, times
from pipeline.doors.scans.simulated.paper import Generator, Image, Points, Shot, code_places, corners, pixels

_RATIO = 0.75
"""Short to long side of a photograph."""
_TABLES = ((70, 95, 130), (40, 55, 80), (150, 160, 165), (60, 60, 62), (120, 140, 175), (205, 208, 210))
"""Wood, stone, cloth."""
_SKIN = (120, 150, 205)


def photographed(long_side: int, tilt: float = 0.06, *, fingers: bool = False, quality: int = 85) -> Effect:
    """Photographed by hand.

    Args:
        long_side: of the photograph, pixels.
        tilt: how far corners stray, share of the sheet.
        fingers: a finger holds the sheet at an edge.
        quality: of the JPEG, per cent.
    """

    def effect(shot: Shot, rng: Generator) -> Shot:
        return photograph([shot], long_side, rng, tilt, fingers=fingers, quality=quality)[0]

    return effect


def photograph(
    shots: Sequence[Shot],
    long_side: int,
    rng: Generator,
    tilt: float = 0.06,
    *,
    fingers: bool = False,
    quality: int = 85,
) -> list[Shot]:
    """One photograph of one paper, or of two beside each other; every shot has the same image."""
    size = (round(long_side * _RATIO), long_side) if len(shots) == 1 else (long_side, round(long_side * _RATIO))
    canvas = _table(size, rng)
    placed = []
    for place, shot in enumerate(shots):
        move = _move(shot, size, place, len(shots), tilt, rng)
        canvas = _onto(canvas, shot, move)
        placed.append(shot.shown(shot.image, move))
    if fingers:
        placed = [_held(canvas, shot, rng) for shot in placed]
    canvas = _lens(canvas, rng)
    soft = placed[0].shown(pixels(cv2.GaussianBlur(canvas, (0, 0), float(rng.uniform(0.4, 0.8)))))
    taken = jpeg(quality)(noise(float(rng.uniform(2, 6)))(soft, rng), rng)
    return [replace(shot, image=taken.image) for shot in placed]


def from_screen(long_side: int) -> Effect:
    """A photograph of a screen: the grid of its dots beats with the camera's."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        height, width = shot.image.shape[:2]
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        period, angle = rng.uniform(5.5, 9.5), rng.uniform(-0.15, 0.15)
        bands = np.sin((x * np.cos(angle) + y * np.sin(angle)) * np.float32(2 * np.pi / period))
        bands += np.sin(y * np.float32(2 * np.pi / (period * 1.13)))
        light = (232 + 11 * bands).astype(np.uint8)
        tinted = times(shot.image, light)
        tinted[:, :, 2] = (tinted[:, :, 2] * 0.94).astype(np.uint8)
        return photographed(long_side, 0.04)(shot.shown(tinted), rng)

    return effect


def _table(size: tuple[int, int], rng: Generator) -> Image:
    """Wood or stone: a colour with long soft grain."""
    base = np.array(_TABLES[int(rng.integers(len(_TABLES)))], np.float32)
    grain = rng.normal(0, 9, (96, 14, 1)).astype(np.float32) + rng.normal(0, 3, (96, 14, 3)).astype(np.float32)
    small = np.clip(base + grain, 0, 255).astype(np.uint8)
    return pixels(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC))


def _move(
    shot: Shot, size: tuple[int, int], place: int, count: int, tilt: float, rng: Generator
) -> npt.NDArray[np.float64]:
    """Where pixels of the sheet go: somewhat turned, corners strayed, all of it on the photograph."""
    height, width = shot.image.shape[:2]
    room = np.array([size[0] / count, size[1]])
    fill = rng.uniform(0.84, 0.93)
    scale = fill * min(room[0] / width, room[1] / height)
    middle = np.array([room[0] * (place + 0.5), room[1] / 2])
    ends = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) * scale / 2
    angle = float(rng.normal(0, 0.025))
    ends = ends @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    ends = ends * (1 - rng.uniform(0, tilt, (4, 2))) + middle
    low, high = room * (place, 0), room * (place + 1, 1)
    ends = np.clip(ends, low + 4, np.array([high[0], size[1]]) - 4)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(source, ends.astype(np.float32)), np.float64)


def _onto(canvas: Image, shot: Shot, move: npt.NDArray[np.float64]) -> Image:
    """The sheet on the table, with the shadow it throws."""
    height, width = canvas.shape[:2]
    image = shot.image if shot.image.ndim == 3 else cv2.cvtColor(shot.image, cv2.COLOR_GRAY2BGR)  # noqa: PLR2004 - colour
    # shrinking by more than a half would skip pixels, as no lens does
    shrink = float(np.sqrt(abs(np.linalg.det(move[:2, :2]))))
    if shrink < 0.7:  # noqa: PLR2004 - see above
        image = cv2.GaussianBlur(image, (0, 0), 0.4 / shrink)
    ends = _ends(shot, move)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, (ends * 8).round().astype(np.int32), 255, cv2.LINE_AA, 3)
    out = canvas.copy()
    small = cv2.resize(mask, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    dark = cv2.resize(cv2.GaussianBlur(small, (0, 0), 3), (width, height), interpolation=cv2.INTER_LINEAR)
    out = times(out, pixels(255 - (dark * 0.45).astype(np.uint8)))
    paper = cv2.warpPerspective(image, move, (width, height), flags=cv2.INTER_LINEAR, borderValue=(245, 245, 245))
    cv2.copyTo(paper, mask, out)
    return out


def _ends(shot: Shot, move: npt.NDArray[np.float64]) -> Points:
    height, width = shot.image.shape[:2]
    ends = np.array([[(0, 0), (width, 0), (width, height), (0, height)]], float)
    return np.asarray(cv2.perspectiveTransform(ends, move)[0], np.float64)


def _held(canvas: Image, shot: Shot, rng: Generator) -> Shot:
    """A finger over an edge, in place; a code under it counts as hidden."""
    side = str(rng.choice(["lower", "upper", "edge"], p=[0.35, 0.2, 0.45]))
    width, height = shot.size
    tips = {"lower": (9.0, height - 9.0), "upper": (width - 9.0, 9.0), "edge": (width - 6.0, height * 0.55)}
    roots = {"lower": (-25.0, height + 18.0), "upper": (width + 25.0, -15.0), "edge": (width + 35.0, height * 0.62)}
    line = cv2.perspectiveTransform(np.array([[tips[side], roots[side]]]), shot.to_pixels)[0]
    scale = float(np.linalg.norm(line[0] - line[1]) / np.linalg.norm(np.subtract(tips[side], roots[side])))
    thick = round(15 * scale)
    one, two = line.round().astype(int).tolist()
    for share, light in ((1.0, 0.82), (0.86, 0.93), (0.6, 1.0)):
        colour = tuple(int(part * light) for part in _SKIN)
        cv2.line(canvas, one, two, colour, max(1, round(thick * share)), cv2.LINE_AA)
    return replace(shot, hidden=(*shot.hidden, *(name for name in code_places(shot.size) if name == side)))


def _lens(canvas: Image, rng: Generator) -> Image:
    """Darker to the corners, and light from one side."""
    height, width = canvas.shape[:2]
    y, x = np.mgrid[0:48, 0:48] / 47 - 0.5
    light = 1 - (x**2 + y**2) * rng.uniform(0.25, 0.6) + (x * rng.normal(0, 0.18) + y * rng.normal(0, 0.18))
    field = (np.clip(light * rng.uniform(0.85, 1.0), 0.25, 1) * 255).astype(np.uint8)
    lit = times(canvas, pixels(cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR)))
    warm = np.array([rng.uniform(0.86, 1.0), rng.uniform(0.94, 1.0), 1.0])
    tables = (np.arange(256)[:, None] * warm).astype(np.uint8).reshape(1, 256, 3)
    return pixels(cv2.LUT(lit, tables))


def shown_quads(shot: Shot) -> dict[str, Points]:
    """Where the codes of a sheet lie on its image, pixels."""
    return {
        side: np.asarray(cv2.perspectiveTransform(corners(box)[None], shot.to_pixels)[0])
        for side, box in code_places(shot.size).items()
    }
