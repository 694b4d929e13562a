"""The issued page that a returned sheet is laid over (pdfium): its picture, its features, its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import pypdfium2

from pipeline.doors.scans.codes import Corners, read_codes
from pipeline.model.scans import Box

DPI = 150
"""Of everything that is compared: a thin pen's stroke is two dots wide."""
FEATURES_DPI = 110
DOTS = DPI / 25.4
"""A millimetre."""
_FEATURES = 1_500
_PALEST = 246
"""Gray below which a dot is print: a hairline is narrower than a dot, and pale."""
_ANCHORS = 400
_POINTS = 72 / 25.4
_SAME_LINE = 0.5
"""Of a letter's height: letters whose middles are nearer stand on one line."""
_GAP = 1.2
"""Of a letter's height: a wider gap begins another line, as between the cells of a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """Printed words beside each other."""

    box: Box
    words: tuple[tuple[str, Box], ...]


@dataclass(frozen=True)
class IssuedImage:
    """A page as it was issued."""

    gray: Any
    """At `DPI`, bytes."""
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, blob: bytes, page: int) -> IssuedImage:
        """A page of a PDF, from 1."""
        with pypdfium2.PdfDocument(blob) as document:
            one = document[page - 1]
            gray = one.render(scale=DPI / 72, grayscale=True).to_numpy()
            gray = gray[:, :, 0] if gray.ndim > 2 else gray  # noqa: PLR2004 - rows and columns
            return cls(np.ascontiguousarray(gray), tuple(_lines(_words(one))))

    @cached_property
    def codes(self) -> tuple[Corners, ...]:
        """Where the page's own codes stand, the larger first; found as those of a scan are."""
        found = read_codes(self.gray)
        return found[0].places if len(found) == 1 else ()

    @cached_property
    def features(self) -> tuple[Any, Any]:
        """Points (pixels at `DPI`) and descriptors."""
        scale = FEATURES_DPI / DPI
        small = cv2.resize(self.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return features(small, 1 / scale)

    @cached_property
    def anchors(self) -> Any:
        """Corners of letters, points (pixels at `DPI`) that can be followed from one picture to another."""
        small = cv2.resize(self.gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        found = cv2.goodFeaturesToTrack(small, _ANCHORS, 0.05, 2 * DOTS)
        return np.empty((0, 1, 2), np.float32) if found is None else found * 2 + 0.5

    @cached_property
    def size(self) -> tuple[int, int]:
        """Columns and rows at `DPI`."""
        rows, columns = self.gray.shape[:2]
        return columns, rows

    @cached_property
    def rules(self) -> Any:
        """Long level lines, as of tables."""
        across = np.ones((1, round(8 * DOTS)), np.uint8)
        return cv2.morphologyEx((self.gray < _PALEST).astype(np.uint8), cv2.MORPH_OPEN, across)

    def near_print(self, mm: float, darker_than: int = _PALEST) -> Any:
        """Print and what is nearer to it than so much, as bytes of 0 and 1."""
        return grown((self.gray < darker_than).astype(np.uint8), mm)


def grown(mask: Any, mm: float) -> Any:
    """A mask widened on all sides."""
    side = 2 * round(mm * DOTS) + 1
    return cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def features(gray: Any, scale: float) -> tuple[Any, Any]:
    """Points of a picture times `scale`, and their descriptors (ORB)."""
    finder = cv2.ORB.create(nfeatures=_FEATURES, fastThreshold=10)
    points, described = finder.detectAndCompute(gray, None)
    return np.array([one.pt for one in points], np.float32).reshape(-1, 2) * scale, described


def _words(page: Any) -> Iterator[tuple[str, Box]]:
    """Words with their boxes in mm from the upper left corner, in the order of the file."""
    reader = page.get_textpage()
    text = reader.get_text_range()
    _, height = page.get_size()
    word, box = "", (0.0, 0.0, 0.0, 0.0)
    for place in range(min(reader.count_chars(), len(text))):
        sign = text[place]
        own = reader.get_charbox(place) if sign.strip() else box
        tall = max(1.0, box[3] - box[1])
        if word and (not sign.strip() or abs(own[1] + own[3] - box[1] - box[3]) / 2 > _SAME_LINE * tall):
            yield word, _box(box, height)
            word = ""
        if sign.strip():
            box = (min(box[0], own[0]), min(box[1], own[1]), max(box[2], own[2]), max(box[3], own[3])) if word else own
            word += sign
    if word:
        yield word, _box(box, height)


def _box(sides: tuple[float, float, float, float], height: float) -> Box:
    left, bottom, right, top = (side / _POINTS for side in sides)
    return Box(left, height / _POINTS - top, right - left, top - bottom)


def _lines(words: Iterator[tuple[str, Box]]) -> Iterator[Line]:
    line: list[tuple[str, Box]] = []
    for text, box in words:
        if line:
            last = line[-1][1]
            off = abs(box.y + box.height / 2 - last.y - last.height / 2) > _SAME_LINE * max(last.height, 1)
            if off or not -1 < box.x - last.x - last.width < _GAP * max(last.height, 2):
                yield _line(line)
                line = []
        line.append((text, box))
    if line:
        yield _line(line)


def _line(words: list[tuple[str, Box]]) -> Line:
    left, top = min(box.x for _, box in words), min(box.y for _, box in words)
    right, bottom = max(box.x + box.width for _, box in words), max(box.y + box.height for _, box in words)
    return Line(Box(left, top, right - left, bottom - top), tuple(words))
