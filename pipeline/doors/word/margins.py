"""Whether a template's margins leave the corners free in which page codes are drawn."""

from __future__ import annotations

import re

_MARGINS = re.compile(r"<w:pgMar\b[^>]*>")
_TWIPS_PER_MM = 1440 / 25.4
_CORNERS = (("left", "bottom", 22.5), ("right", "top", 18.5))
"""Text keeps out of a corner where either margin is as wide as the code: lower left, upper right (mm)."""


def narrow(body: str) -> dict[str, str]:
    """The margins (mm) of the first section whose text could run into a corner; empty where none could.

    Args:
        body: `word/document.xml`.
    """
    for margins in _MARGINS.findall(body):
        widths = {side: _millimetres(margins, side) for side in ("left", "right", "top", "bottom")}
        if any(max(widths[beside], widths[over]) < needed for beside, over, needed in _CORNERS):
            return {side: f"{width:g}" for side, width in widths.items()}
    return {}


def _millimetres(margins: str, side: str) -> float:
    value = re.search(rf'\bw:{side}="(-?\d+)', margins)
    return round(abs(int(value[1])) / _TWIPS_PER_MM, 1) if value else 0.0
