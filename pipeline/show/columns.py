"""Text in columns on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence


def wide(text: str) -> int:
    """Columns on a terminal: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: Sequence[Sequence[str]], *, numbers: int = 1) -> Iterator[str]:
    """Rows of like length, straight; from column `numbers` on to the right."""
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for place, (text, width) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (width - wide(text))
            cells.append(blanks + text if place >= numbers else text + blanks)
        yield "  ".join(cells).rstrip()
