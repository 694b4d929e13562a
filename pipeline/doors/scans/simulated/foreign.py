"""Sheets that are none of ours, or pretend to be: blank, letters of others, other codes, forged codes."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import segno

from pipeline.doors.scans.simulated.ink import BLACK_GEL, draw
from pipeline.doors.scans.simulated.letters import moved, some_name, written
from pipeline.doors.scans.simulated.paper import Generator, Image, Shot, code_places, empty_sheet, pixels
from pipeline.model.identity import PageCode
from pipeline.model.scans import Box

ELSEWHERE = ("https://example.org/parking?id=20180523", "01234567890128", "WIFI:S:guest;T:nopass;;")
"""What codes on other people's papers hold."""
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def letter(dpi: int, rng: Generator, code: str = "") -> Shot:
    """A letter or form that somebody put into the pile.

    Args:
        dpi: of the raster.
        rng: chance.
        code: text of a QR code on it; '' for none.
    """
    sheet = empty_sheet(dpi)
    image = sheet.image.copy()
    pen = replace(BLACK_GEL, width=0.35)
    y = 35.0
    while y < 35 + rng.uniform(80, 200):
        text = " ".join(some_name(rng) for _ in range(int(rng.integers(2, 7))))
        draw(image, [moved(curve, 25.0, y) for curve in written(text, 5.0, rng, 0.8)], pen, rng, sheet.scale)
        y += 10
    if rng.random() < 0.5:  # noqa: PLR2004 - every other is a form
        for row in np.arange(40.0, 250.0, 20.0):
            cv2.line(image, _at(20, row, sheet.scale), _at(190, row, sheet.scale), (90, 90, 90), 2)
    if code:
        _put(image, code, Box(float(rng.uniform(20, 160)), float(rng.uniform(220, 255)), 25, 25), sheet.scale)
    return replace(sheet, image=image)


def recoded(shot: Shot, code: str) -> Shot:
    """The sheet with other text in both its codes (the print beside them stays)."""
    image = shot.image.copy()
    for place in code_places(shot.size).values():
        _put(image, code, place, shot.scale)
    return replace(shot, image=image)


def forged(code: str, rng: Generator) -> str:
    """The payload with one sign of its check code changed."""
    parsed = PageCode.parse(code)
    if parsed is None:
        raise ValueError(f"no code of ours: {code}")
    place = int(rng.integers(len(parsed.check)))
    others = [sign for sign in _SIGNS if sign != parsed.check[place]]
    sign = others[int(rng.integers(len(others)))]
    return replace(parsed, check=parsed.check[:place] + sign + parsed.check[place + 1 :]).payload


def other_campaign(code: str) -> str:
    """The payload as another campaign would write it."""
    parsed = PageCode.parse(code)
    if parsed is None:
        raise ValueError(f"no code of ours: {code}")
    return replace(parsed, campaign="XSEN-2014").payload


def _put(image: Image, code: str, place: Box, scale: float) -> None:
    """Draws a QR code with its quiet zone into the image, in place."""
    made = segno.make(code, error="q", micro=False, boost_error=False)
    modules = np.array([[0 if dark else 255 for dark in row] for row in made.matrix_iter(border=4)], np.uint8)
    side = round(place.width * scale)
    fine = cv2.resize(modules, (len(modules) * 8, len(modules) * 8), interpolation=cv2.INTER_NEAREST)
    face = cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
    x, y = _at(place.x, place.y, scale)
    part = image[y : y + side, x : x + side]
    part[:] = pixels(face)[: part.shape[0], : part.shape[1], None]


def _at(x: float, y: float, scale: float) -> tuple[int, int]:
    return round(x * scale), round(y * scale)
