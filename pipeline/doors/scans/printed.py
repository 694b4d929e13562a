"""The printed document number, read by OCR (Tesseract): a suggestion for a person, never a match."""

from __future__ import annotations

import re
import shutil
from functools import cache
from typing import Any

import cv2

from pipeline.doors import programs

_NUMBER = re.compile(r"\b([A-Z])\s?-\s?(\d{2,10})\s?-\s?(\d{4,6})\b")
_SECONDS = 20
_STRIP = 0.12
"""Of the page, above and below: where numbers stand."""


_SILENT: list[str] = []
"""Programs that did not answer once: on the next page they would not, either."""


@cache
def _program() -> str:
    return shutil.which("tesseract") or ""


def suggest(image: Any) -> str:
    """What the page's number seems to be; '' without Tesseract, or where none can be read.

    Args:
        image: bytes, gray or blue-green-red.
    """
    for turned in (image, cv2.rotate(image, cv2.ROTATE_180)):
        high = round(turned.shape[0] * _STRIP)
        found = _NUMBER.search(_said(cv2.vconcat([turned[-high:], turned[:high]])))
        if found:
            return "-".join(found.groups())
    return ""


def _said(strip: Any) -> str:
    if not _program() or _program() in _SILENT:
        return ""
    written, png = cv2.imencode(".png", strip)
    if not written:
        return ""
    command = [_program(), "stdin", "stdout", "-l", "eng", "--psm", "6"]
    told = programs.answer(command, _SECONDS, png.tobytes())
    if told is None:
        _SILENT.append(_program())
    return told or ""
