"""Data that stays data: text which a spreadsheet would take for a formula, written so that it takes it for text.

A value that begins with one of these signs calculates, fetches or starts something when the table is opened, or when
its cell is edited: =, +, -, @ in every spreadsheet, their wide forms where Korean or Japanese is typed, and blanks in
front of them, which some take away.
"""

from __future__ import annotations

import re
from typing import Any

_FORMULA = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n]")
# XML 1.0, section 2.2: what no document may hold. Surrogates and the last two signs of a plane are no text either.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_767
"""Signs that Excel takes in a cell."""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take it for a formula."""
    return bool(_FORMULA.match(text))


def in_csv(text: str) -> str:
    """The text as a field of a CSV (RFC 4180): an apostrophe in front of a formula; quoted where it must be.

    Python's own writer leaves a carriage return bare that does not end its lines: a new line, for those who read it.
    """
    text = f"'{text}" if is_formula(text) else text
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def in_cell(text: str) -> str:
    """The text as a cell of a workbook can hold it."""
    return _NO_XML.sub("\ufffd", text)[:LONGEST]


def put(cell: Any, text: str) -> None:
    """Write text into a cell (openpyxl) that stays text, and that remains text when somebody edits it."""
    cell.value = in_cell(text) or None
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = is_formula(text)
