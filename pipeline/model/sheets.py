"""A sheet as a person sees it, a grid of text, and what the grid does not show."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model.findings import Cell, Finding

Place = tuple[int, int]
"""Row and column, from 0."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a grid of text does not show."""

    errors: Mapping[Place, str] = field(default_factory=dict)
    """Cells that show #N/A, #REF! and the like."""
    stale: frozenset[Place] = frozenset()
    """Formulas without a stored value."""
    merges: tuple[str, ...] = ()
    """Merged ranges, `B3:B5`."""
    looks: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    """What a cell shows and what it holds, where the two differ."""
    struck: Mapping[Place, bool] = field(default_factory=dict)
    """Struck-through cells; False: only a part of the text is."""
    hidden_rows: frozenset[int] = frozenset()
    filtered_rows: frozenset[int] = frozenset()
    """Those of the hidden rows that a filter hides."""
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    """The sheet itself is."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a grid of text; `rows[0][0]` is cell A1."""

    file: str
    name: str
    rows: Sequence[Sequence[str]]
    facts: Facts = field(default_factory=Facts)
    told: tuple[Finding, ...] = ()
    """What had to be decided to read it."""

    def cell(self, row: int, column: int) -> Cell:
        """The address of `rows[row][column]`."""
        return Cell(self.file, self.name, row + 1, letters(column))


@functools.cache
def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def place(reference: str) -> Place:
    """`B3` → (2, 1).

    Raises:
        ValueError: it is no reference of one cell.
    """
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", reference)
    if match is None:
        raise ValueError(f"not a cell reference: {reference!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def area(top: int, left: int, bottom: int, right: int) -> str:
    """A range as spreadsheets write it: (0, 0, 4, 0) → `A1:A5`."""
    return f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
