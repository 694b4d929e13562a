"""Small pictures of returned pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.doors.scans.thumbnails import thumbnail

PAGE = np.full((400, 300), 255, np.uint8)
PAGE[:100] = 0
"""An upright page with a dark head."""


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_shown_upright_however_it_was_scanned(turn: int) -> None:
    scanned = np.rot90(PAGE, turn // 90)
    shown = cv2.imdecode(np.frombuffer(thumbnail(scanned, turn), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert shown.shape == (400, 300)
    assert shown[:90].max() < 20
    assert shown[110:].min() > 235
