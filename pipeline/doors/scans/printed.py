"""The printed document number, read by OCR (Tesseract): a suggestion for a person, never a match."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from typing import Any

import cv2

_NUMBER = re.compile(r"\b([A-Z])\s?-\s?(\d{2,10})\s?-\s?(\d{4,6})\b")
_SECONDS = 20
_STRIP = 0.12
"""Of the page, above and below: where numbers stand."""


@cache
def _program() -> str:
    return shutil.which("tesseract") or ""


def suggest(image: Any) -> str:
    """What the page's number seems to be; '' without Tesseract, or where none can be read.

    Args:
        image: bytes, gray or blue-green-red.
    """
    if not _program():
        return ""
    for turned in (image, cv2.rotate(image, cv2.ROTATE_180)):
        high = round(turned.shape[0] * _STRIP)
        found = _NUMBER.search(_said(cv2.vconcat([turned[-high:], turned[:high]])))
        if found:
            return "-".join(found.groups())
    return ""


def _said(strip: Any) -> str:
    written, png = cv2.imencode(".png", strip)
    if not written:
        return ""
    command = [_program(), "stdin", "stdout", "-l", "eng", "--psm", "6"]
    try:
        done = subprocess.run(command, input=png.tobytes(), capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
