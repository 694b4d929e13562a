"""What paper and machines do to a sheet: each effect takes it and a generator, and gives it back worse.

Effects that bend the geometry say so in `to_pixels`; lengths are mm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.doors.scans.simulated.crossing import code_stroke
from pipeline.doors.scans.simulated.ink import Pen
from pipeline.doors.scans.simulated.paper import MM, Generator, Image, Shot, code_places, cut_codes, pixels
from pipeline.doors.scans.simulated.seals import press_seal

Effect = Callable[[Shot, Generator], Shot]
_FAX = (204, 98)
"""Dots an inch, across and along the page."""


def turned(degrees: float) -> Effect:
    """Laid askew by up to so many degrees; the glass is as large as the turned sheet, its lid white or gray."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        angle = float(np.deg2rad(rng.uniform(-degrees, degrees)))
        return _warped(shot, np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]), rng)

    return effect


def skewed(share: float = 0.01, size: float = 0.0) -> Effect:
    """Pulled through askew: sheared by up to `share`, larger or smaller by up to `size`, shifted a little."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        shear = rng.uniform(-share, share)
        wide, tall = 1 + rng.uniform(-size, size, 2)
        return _warped(shot, np.array([[wide, shear], [-shear * 0.6, tall]]), rng)

    return effect


def shifted(most: float = 2.0) -> Effect:
    """Moved on a glass of its own size: what lies beyond the edge is lost."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        height, width = shot.image.shape[:2]
        move = np.eye(3)
        move[:2, 2] = rng.uniform(-most, most, 2) * shot.scale
        image = cv2.warpAffine(shot.image, move[:2], (width, height), borderValue=(250, 250, 250))
        return cut_codes(shot.shown(pixels(image), move))

    return effect


def quarters(times: int | None = None) -> Effect:
    """Turned by quarters: 1 clockwise, 2 upside down; None for any of 1 to 3."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        turns = times or int(rng.integers(1, 4))
        height, width = shot.image.shape[:2]
        moves = {
            1: [[0, -1, height], [1, 0, 0], [0, 0, 1]],
            2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            3: [[0, 1, 0], [-1, 0, width], [0, 0, 1]],
        }
        image = np.ascontiguousarray(np.rot90(shot.image, -turns))
        return shot.shown(image, np.array(moves[turns], float))

    return effect


def noise(deviation: float) -> Effect:
    """Grain of a sensor: normal, standard deviation in steps of 255."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        side = 512
        tile = rng.standard_normal((side, side, 3), np.float32) * np.float32(deviation)
        if shot.image.ndim == 2:  # noqa: PLR2004 - gray
            tile = tile[:, :, 0]
        height, width = shot.image.shape[:2]
        times = (height // side + 1, width // side + 1, 1)[: shot.image.ndim]
        grain = np.tile(tile.astype(np.int16), times)[:height, :width]
        return shot.shown(pixels(cv2.add(shot.image, grain, dtype=cv2.CV_8U)))

    return effect


def blurred(deviation: float) -> Effect:
    """Out of focus: a normal blur, mm."""

    def effect(shot: Shot, _rng: Generator) -> Shot:
        return shot.shown(pixels(cv2.GaussianBlur(shot.image, (0, 0), deviation * shot.scale)))

    return effect


def jpeg(quality: int) -> Effect:
    """Packed by a careless machine."""

    def effect(shot: Shot, _rng: Generator) -> Shot:
        _, packed = cv2.imencode(".jpg", shot.image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return shot.shown(pixels(cv2.imdecode(packed, cv2.IMREAD_UNCHANGED)))

    return effect


def gray(shot: Shot, _rng: Generator) -> Shot:
    """Scanned without colour."""
    return shot if shot.image.ndim == 2 else shot.shown(pixels(cv2.cvtColor(shot.image, cv2.COLOR_BGR2GRAY)))  # noqa: PLR2004 - gray


def one_bit(shot: Shot, rng: Generator) -> Shot:
    """Black or white only, at one threshold for the page."""
    plain = gray(shot, rng).image
    level = float(rng.uniform(125, 170))
    return shot.shown(pixels(cv2.threshold(plain, level, 255, cv2.THRESH_BINARY)[1]))


def fax(shot: Shot, rng: Generator) -> Shot:
    """Sent by fax in standard mode (204 x 98 dots an inch, black or white), stretched back to square dots."""
    height, width = shot.image.shape[:2]
    dots = (round(width / shot.dpi * _FAX[0]), round(height / shot.dpi * _FAX[1]))
    small = shot.shown(pixels(cv2.resize(gray(shot, rng).image, dots, interpolation=cv2.INTER_AREA)))
    square = (dots[0], round(height / shot.dpi * _FAX[0]))
    sent = cv2.resize(one_bit(small, rng).image, square, interpolation=cv2.INTER_NEAREST)
    return shot.shown(pixels(sent), np.diag([square[0] / width, square[1] / height, 1.0]))


def copied(times: int = 3) -> Effect:
    """A copy of a copy: each blurs, hardens and dirties, and never keeps the size."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        shot = gray(shot, rng)
        for _ in range(times):
            size = 1 + rng.uniform(-0.008, 0.008)
            shot = _warped(shot, np.eye(2) * size, rng)
            soft = cv2.GaussianBlur(shot.image, (0, 0), 0.07 * shot.scale)
            steep = np.clip((np.arange(256) - 128) * rng.uniform(1.2, 1.5) + rng.uniform(112, 138), 0, 255)
            shot = dust(noise(5)(shot.shown(pixels(cv2.LUT(soft, steep.astype(np.uint8)))), rng), rng)
        return shot

    return effect


def shadow(shot: Shot, rng: Generator) -> Shot:
    """Light falls unevenly, and the open lid throws a soft shadow over one side."""
    height, width = shot.image.shape[:2]
    field = 1 - rng.uniform(0, 0.18, (4, 3)).astype(np.float32)
    wide = cv2.resize(field, (64, 64), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:64, 0:64] / 64
    angle = rng.uniform(0, 2 * np.pi)
    edge = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) - rng.uniform(0.05, 0.3)
    wide = wide * (1 - rng.uniform(0.2, 0.45) / (1 + np.exp(-edge * rng.uniform(12, 40))))
    light = cv2.resize((np.clip(wide, 0.2, 1) * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    return shot.shown(times(shot.image, pixels(light)))


def yellowed(shot: Shot, rng: Generator) -> Shot:
    """Old or recycled paper, with a cloudy tint."""
    height, width = shot.image.shape[:2]
    tint = np.array([rng.uniform(0.72, 0.86), rng.uniform(0.88, 0.95), rng.uniform(0.95, 0.99)])
    cloud = np.clip(tint + rng.normal(0, 0.015, (9, 6, 1)), 0, 1)
    field = cv2.resize((cloud * 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    return shot.shown(pixels(cv2.multiply(shot.image, field, scale=1 / 255)))


def folded(shot: Shot, rng: Generator) -> Shot:
    """Folded for an envelope: lines across that are dark on one side and light on the other."""
    image = shot.image.copy()
    height, width = image.shape[:2]
    thirds = rng.random() < 0.6  # noqa: PLR2004 - letters are folded in three, others in two
    for share in (rng.uniform(0.31, 0.36), rng.uniform(0.64, 0.69)) if thirds else (rng.uniform(0.48, 0.52),):
        middle, reach = round(height * share), max(2, round(1.6 * shot.scale))
        rows = np.arange(-reach, reach)
        bend = rng.uniform(0.1, 0.28) * np.exp(-np.abs(rows) / (0.35 * shot.scale)) * np.where(rows < 0, 1, -0.4)
        along = np.clip(1 + cv2.resize(rng.normal(0, 0.3, (1, 12)), (width, 1)), 0, 1.5)
        part = image[middle - reach : middle + reach]
        gain = 1 - bend[:, None] * along
        part[:] = pixels(np.clip(part * (gain if image.ndim == 2 else gain[:, :, None]), 0, 255))  # noqa: PLR2004 - gray
    return shot.shown(image)


def punched(shot: Shot, rng: Generator) -> Shot:
    """Two holes of 6 mm, 80 mm apart, 12 mm from the left edge; the lid shows through."""
    image = shot.image.copy()
    dark = int(rng.integers(20, 120))
    for side in (-40, 40):
        at = (round(12 * shot.scale), round((shot.size[1] / 2 + side) * shot.scale))
        cv2.circle(image, at, round(3 * shot.scale), (dark, dark, dark), -1, cv2.LINE_AA)
    return shot.shown(image)


def feed_lines(shot: Shot, rng: Generator) -> Shot:
    """Dirt on the glass of a feeder: thin lines from end to end."""
    image = shot.image.copy()
    for _ in range(int(rng.integers(1, 4))):
        x = int(rng.integers(image.shape[1] - 4))
        column = image[:, x : x + int(rng.integers(1, 3))]
        column[:] = pixels(column * rng.uniform(0.45, 0.85))
    return shot.shown(image)


def dust(shot: Shot, rng: Generator) -> Shot:
    """Specks of 0.05 to 0.4 mm."""
    image = shot.image.copy()
    count = int(rng.integers(40, 160))
    at = rng.uniform(0, 1, (count, 2)) * (image.shape[1], image.shape[0])
    for (x, y), size in zip(at.astype(int).tolist(), rng.exponential(0.07, count), strict=True):
        dark = int(rng.integers(40, 190))
        cv2.circle(image, (x, y), round(min(size, 0.4) * shot.scale / 2), (dark, dark, dark), -1)
    return shot.shown(image)


def bleed(shot: Shot, rng: Generator) -> Shot:
    """The other side shines through: mirrored, blurred, faint."""
    back = cv2.GaussianBlur(cv2.flip(shot.image, 1), (0, 0), 0.25 * shot.scale)
    amount = rng.uniform(0.06, 0.15)
    pale = cv2.LUT(back, np.round(255 - (255 - np.arange(256)) * amount).astype(np.uint8))
    return shot.shown(pixels(cv2.multiply(shot.image, pale, scale=1 / 255)))


def over_code(side: str, pen: Pen, strokes: int = 1) -> Effect:
    """Strokes right across a code, before anything else happens to the sheet."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        drawn = code_stroke(shot, code_places(shot.size)[side], pen, rng, strokes)
        return replace(drawn, hidden=(*shot.hidden, side))

    return effect


def stamp_over_code(side: str) -> Effect:
    """A red stamp pressed onto a code."""

    def effect(shot: Shot, rng: Generator) -> Shot:
        box = code_places(shot.size)[side]
        image = shot.image.copy()
        middle = (box.x + box.width * rng.uniform(0.35, 0.65), box.y + box.height * rng.uniform(0.35, 0.65))
        press_seal(image, middle, float(rng.uniform(14, 22)), rng, shot.scale)
        return replace(shot, image=image, hidden=(*shot.hidden, side))

    return effect


def times(image: Image, light: Image) -> Image:
    """An image under a light (gray, 255 full)."""
    if image.ndim == 3:  # noqa: PLR2004 - colour
        light = pixels(cv2.merge([light, light, light]))
    return pixels(cv2.multiply(image, light, scale=1 / 255))


def _warped(shot: Shot, matrix: npt.NDArray[np.float64], rng: Generator) -> Shot:
    """The sheet turned or pulled, on a canvas that holds all of it."""
    height, width = shot.image.shape[:2]
    ends = np.array([(0, 0), (width, 0), (width, height), (0, height)]) @ matrix.T
    edge = rng.uniform(0, 1.5, 2) * shot.dpi / MM
    low, span = ends.min(axis=0) - edge, np.ptp(ends, axis=0) + 2 * edge
    move = np.eye(3)
    move[:2, :2], move[:2, 2] = matrix, -low
    size = (round(float(span[0])), round(float(span[1])))
    lid = int(rng.choice([255, 252, 238, 90]))
    image = cv2.warpAffine(shot.image, move[:2], size, flags=cv2.INTER_LINEAR, borderValue=(lid, lid, lid))
    return shot.shown(pixels(image), move)
