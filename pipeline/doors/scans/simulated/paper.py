"""Sheets of paper as images: rasters of issued pages (pdfium), their words with boxes, and where their codes stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

from pipeline.doors.page_codes import LOWER, MARGIN, UPPER
from pipeline.doors.scans.simulated.truth import Matrix
from pipeline.model.scans import Box

Image: TypeAlias = npt.NDArray[np.uint8]
"""Blue, green, red; or gray alone (two axes)."""
Points: TypeAlias = npt.NDArray[np.float64]
"""Rows of x, y."""
Generator: TypeAlias = np.random.Generator

MM = 25.4
"""Of an inch."""
A4 = (210.0, 297.0)
_SAME_LINE = 0.5
"""Share of a word's height by which the next character's middle may be off."""
_WORD_GAP = 0.28
"""Of the height: a wider gap begins a new word."""
_CELL_GAP = 2.5
"""Of the height: a wider one a new cell of a table."""


@dataclass(frozen=True, slots=True)
class Word:
    """A printed word."""

    text: str
    box: Box
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A sheet on its way through hands and machines."""

    image: Image
    dpi: int
    size: tuple[float, float] = A4
    """Of the paper, mm."""
    words: tuple[Word, ...] = ()
    to_pixels: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(3))
    hidden: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        """Pixels a mm, while the sheet still lies straight."""
        return self.dpi / MM

    def shown(self, image: Image, moved: npt.NDArray[np.float64] | None = None) -> Shot:
        """The sheet after something was done to its image.

        Args:
            image: the new one.
            moved: where old pixels went, 3 x 3; None when they stayed.
        """
        return replace(self, image=image, to_pixels=self.to_pixels if moved is None else moved @ self.to_pixels)

    def matrix(self) -> Matrix:
        """Where millimetres of the issued page went."""
        rows = (self.to_pixels / self.to_pixels[2, 2]).tolist()
        return (tuple(rows[0]), tuple(rows[1]), tuple(rows[2]))


def pixels(values: Any) -> Image:
    """An image, whatever OpenCV calls it."""
    return np.asarray(values, dtype=np.uint8)


def code_places(size: tuple[float, float]) -> dict[str, Box]:
    """Where the codes of a page of this size stand, quiet zone included."""
    width, height = size
    return {
        "lower": Box(MARGIN, height - LOWER - MARGIN, LOWER, LOWER),
        "upper": Box(width - UPPER - MARGIN, MARGIN, UPPER, UPPER),
    }


def corners(box: Box, margin: float = 0) -> Points:
    """The corners of a box, clockwise from the upper left one."""
    left, top = box.x + margin, box.y + margin
    right, bottom = box.x + box.width - margin, box.y + box.height - margin
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def sheets_of(pdf: bytes, dpi: int, numbers: list[int] | None = None) -> Iterator[Shot]:
    """Pages of a PDF as clean sheets.

    Args:
        pdf: the file.
        dpi: of the raster.
        numbers: of the pages, from 1; None for all.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in numbers or range(1, len(document) + 1):
            page = document[number - 1]
            width, height = page.get_size()
            image = page.render(scale=dpi / 72).to_numpy()[:, :, :3].copy()
            size = (width / 72 * MM, height / 72 * MM)
            scale = np.diag([dpi / MM, dpi / MM, 1.0])
            yield Shot(pixels(image), dpi, size, _words(page, height), scale)
    finally:
        document.close()


def empty_sheet(dpi: int, size: tuple[float, float] = A4) -> Shot:
    """A sheet without print."""
    width, height = (round(side / MM * dpi) for side in size)
    return Shot(np.full((height, width, 3), 255, np.uint8), dpi, size, (), np.diag([dpi / MM, dpi / MM, 1.0]))


def cut_codes(shot: Shot) -> Shot:
    """Notes codes of which a part fell off the image."""
    height, width = shot.image.shape[:2]
    gone = list(shot.hidden)
    for side, box in code_places(shot.size).items():
        # the outer 8 % are quiet zone
        seen = cv2.perspectiveTransform(corners(box, box.width * 0.08)[None], shot.to_pixels)[0]
        if side not in gone and (seen.min() < 0 or seen[:, 0].max() > width or seen[:, 1].max() > height):
            gone.append(side)
    return replace(shot, hidden=tuple(gone))


def _words(page: Any, height: float) -> tuple[Word, ...]:
    """Words of a page in reading order; a line ends where pdfium says so or the print drops."""
    reader = page.get_textpage()
    found: list[Word] = []
    text, box, line = "", (0.0, 0.0, 0.0, 0.0), 0

    def close() -> None:
        nonlocal text
        if text:
            left, bottom, right, top = (value / 72 * MM for value in box)
            found.append(Word(text, Box(left, height / 72 * MM - top, right - left, top - bottom), line))
        text = ""

    whole = reader.get_text_range()
    for place in range(min(reader.count_chars(), len(whole))):
        sign = whole[place]
        if not sign.strip():
            close()
            line += sign == "\n"
            continue
        mine = reader.get_charbox(place)
        tall = max(box[3] - box[1], 1.0)
        gap = mine[0] - box[2]
        off = abs((mine[1] + mine[3]) - (box[1] + box[3])) / 2 > _SAME_LINE * tall
        if off or gap > _WORD_GAP * tall:
            close()
            line += off or gap > _CELL_GAP * tall
        grown = (min(box[0], mine[0]), min(box[1], mine[1]), max(box[2], mine[2]), max(box[3], mine[3]))
        box = grown if text else mine
        text += sign
    close()
    return tuple(found)
