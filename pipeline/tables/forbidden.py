"""What no cell may hold, and what a cell holds when something was lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.korean.privacy import RESIDENT_NUMBER
from pipeline.model.findings import Cell, Finding, finding

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TAG = re.compile(r"\{[{%#_]|[}%#_]\}")
_LOST = re.compile("[^ ]{0,4}(?:\ufffd|占쏙옙)[^ ]{0,4}")
ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!)|Err:[0-9]{3}|#{3,}")
"""Errors that were written as text, and columns too narrow for their numbers, in files that know no error cells."""

JOINT = "\uffff"
"""No text holds it: it is not a character."""
SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]|[{}][{%#_}]|[%#_]\\}|占쏙옙|#[A-Z#]|Err:[0-9]"
    f"|{RESIDENT_NUMBER.pattern}"
)
"""Seen in a row joined by JOINT, its cells have to be looked at one by one. Quick, and never less than the others:
cells are looked at clean, and what cleaning takes away may stand anywhere in a number."""


def forbidden(text: str, where: Cell) -> Iterator[Finding]:
    """What is wrong with a text whatever its column. The text itself is never repeated."""
    if _CONTROL.search(text):
        yield finding("cell.control", where)
    if tag := _TAG.search(text):
        yield finding("cell.tag", where, value=tag[0])
    if RESIDENT_NUMBER.search(text):
        yield finding("cell.resident_number", where)


def lost(text: str, where: Cell) -> Iterator[Finding]:
    """Signs that stand for characters which a wrong encoding destroyed."""
    if (match := _LOST.search(text)) and not RESIDENT_NUMBER.search(text):
        yield finding("cell.lost", where, value=match[0])
