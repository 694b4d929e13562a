"""Small pictures of returned pages, for people to look at."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

_LONGEST = 900
"""Pixels of the longer side: handwriting can still be read."""


def thumbnail(image: Any, turn: int = 0) -> bytes:
    """The page as JPEG.

    Args:
        image: BGR or gray, 8 bits.
        turn: degrees clockwise, in quarters, until it can be read.
    """
    image = np.ascontiguousarray(np.rot90(image, -turn // 90))
    height, width = image.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
