"""Codes on a page image (zxing-cpp), with second chances for those that ink, wear or a telephone have spoilt.

The ladder and its rates stand in docs/decisions/0014. An image is an array of bytes: gray, or blue-green-red.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from pipeline.model.identity import PageCode
from pipeline.model.scans import Method

Image = npt.NDArray[Any]
Corners = tuple[tuple[float, float], ...]
"""Of a code, in pixels, from its own upper left clockwise."""

_CORNER_WIDTH, _CORNER_HEIGHT = 0.4, 0.5
"""Of the page: what of it is looked at again, enlarged and reduced."""
_COLOURS = 3
_STROKE = 0.012
"""Of the page's height: longer ink is a stroke of a pen or a letter, and no dust."""
_EDGE = 0.04
"""Of the page: shadows and punch holes lie there."""
_INK = 40
"""Gray levels darker than the paper around."""


@dataclass(frozen=True, slots=True)
class Found:
    """A code on the image."""

    text: str
    method: Method
    places: tuple[Corners, ...]
    """Where it stands, the largest first."""

    @property
    def turn(self) -> int:
        """Degrees clockwise, in quarters, until the code stands upright."""
        (left, top), (right, lower), *_ = self.places[0]
        return round(-math.degrees(math.atan2(lower - top, right - left)) / 90) * 90 % 360

    @property
    def is_ours(self) -> bool:
        """Whether it is made as our codes are; whether we made it only the register knows."""
        return PageCode.parse(self.text) is not None


def read_codes(image: Image) -> list[Found]:
    """All codes of a page, each text once.

    Those of a plain look come first; where none of ours is among them, each rung of the ladder is tried until one is.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == _COLOURS else image
    found = _read(gray, Method.PLAIN)
    if any(one.is_ours for one in found):
        return _once(found)
    for view, binarizer, scale, origin in _ladder(image, gray):
        found += _read(view, Method.LADDER, binarizer, scale, origin)
        if any(one.is_ours for one in found):
            break
    return _once(found)


def _once(found: list[Found]) -> list[Found]:
    return list({one.text: one for one in reversed(found)}.values())[::-1]


_Rung = tuple[Image, Any, float, tuple[float, float]]


def _ladder(image: Image, gray: Image) -> Iterator[_Rung]:
    """Views of the page that are looked at in turn: array, binarizer, pixels of it for one of the image, origin."""
    usual = zxingcpp.Binarizer.LocalAverage
    yield gray, zxingcpp.Binarizer.GlobalHistogram, 1.0, (0.0, 0.0)
    yield gray, zxingcpp.Binarizer.FixedThreshold, 1.0, (0.0, 0.0)
    if image.ndim == _COLOURS:
        # Red and blue ink is as light as paper in its own channel.
        yield image.max(axis=2), usual, 1.0, (0.0, 0.0)
    yield from _corners(gray)
    yield from _corners(cv2.medianBlur(gray, 3))
    if image.ndim == _COLOURS:
        for channel in (2, 0, 1):
            yield np.ascontiguousarray(image[:, :, channel]), usual, 1.0, (0.0, 0.0)
        yield from _corners(image.max(axis=2))
    for scale in (1.5, 0.7):
        yield cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), usual, scale, (0.0, 0.0)


def _corners(gray: Image) -> Iterator[_Rung]:
    height, width = gray.shape[:2]
    tall, wide = round(height * _CORNER_HEIGHT), round(width * _CORNER_WIDTH)
    for top in (height - tall, 0):
        for left in (0, width - wide):
            part = gray[top : top + tall, left : left + wide]
            for scale, way in ((2.0, cv2.INTER_CUBIC), (0.6, cv2.INTER_AREA)):
                view = cv2.resize(part, None, fx=scale, fy=scale, interpolation=way)
                yield view, zxingcpp.Binarizer.LocalAverage, scale, (float(left), float(top))


def _read(
    view: Any,
    method: Method,
    binarizer: Any = zxingcpp.Binarizer.LocalAverage,
    scale: float = 1.0,
    origin: tuple[float, float] = (0.0, 0.0),
) -> list[Found]:
    codes = zxingcpp.read_barcodes(np.ascontiguousarray(view), formats=_QR, binarizer=binarizer, text_mode=_PLAIN)
    places: dict[str, list[Corners]] = {}
    for one in codes:
        if one.text:
            places.setdefault(one.text, []).append(_corners_of(one.position, scale, origin))
    return [Found(text, method, tuple(sorted(own, key=_spread, reverse=True))) for text, own in places.items()]


def _spread(corners: Corners) -> float:
    (left, top), _, (right, bottom), _ = corners
    return (right - left) ** 2 + (bottom - top) ** 2


_PLAIN = zxingcpp.TextMode.Plain
_QR: Any = zxingcpp.BarcodeFormat.QRCode


def _corners_of(position: Any, scale: float, origin: tuple[float, float]) -> Corners:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((point.x / scale + origin[0], point.y / scale + origin[1]) for point in points)


def is_blank(image: Image) -> bool:
    """Whether nothing was printed, written or stamped on the page, holes and shadows at its edges aside."""
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == _COLOURS else image
    small = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    high, wide = (round(side * _EDGE) for side in small.shape[:2])
    small = cv2.medianBlur(small[high:-high, wide:-wide], 3)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    ink = (cv2.subtract(paper, small) > _INK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return bool(sides.max(initial=0) < _STROKE * small.shape[0])
