"""What all our papers share before a word is written: fonts, colours, measures, lines."""

from __future__ import annotations

from typing import Final

SERIF: Final = "NanumMyeongjo"
SANS: Final = "NanumBarunGothic"
INK: Final = "1D3140"
"""The one accent: so dark that it recalls no party and prints black on a black-and-white copy."""
GRAY: Final = "6E767C"
HAIRLINE: Final = "B4BBC0"
TINT: Final = "EEF1F2"

TEXT_WIDTH: Final = 160
"""Millimetres between the side margins; of a page on its side, `WIDE`."""
WIDE: Final = 247
MARGINS: Final = {"top": 25, "right": 25, "bottom": 20, "left": 25, "header": 12, "footer": 10}
"""Millimetres. The corners outside them belong to the page codes: 16 mm top right, 20 mm bottom left."""

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES: Final = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{OFFICE}"'


def twips(mm: float) -> int:
    """Millimetres as twentieths of a point."""
    return round(mm * 1440 / 25.4)


def edge(side: str, eighths: int, color: str, *, line: str = "single", space: int = 0) -> str:
    """One border of a paragraph, table or cell: eighths of a point thick, `space` points off the text."""
    return f'<w:{side} w:val="{line}" w:sz="{eighths}" w:space="{space}" w:color="{color}"/>'
