"""Numbers that must not be kept: resident registration numbers (개인정보 보호법 24조의2)."""

from __future__ import annotations

import re

# With any dash, or none where the first six digits are a date: codes of regions and offices have no such form.
# `\d` takes full-width digits, too.
RESIDENT_NUMBER = re.compile(
    r"(?<!\d)\d{2}(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0０][1-9１-９]|[12１２]\d|[3３][01０１])[1-8１-８]\d{6}(?!\d)"
    r"|(?<!\d)\d{6}\s*[-‐-―−－~～]\s*[1-8１-８]\d{6}(?!\d)"
)
_HIDDEN = "●●●●●●-●●●●●●●"


def hide(text: str) -> str:
    """The text with each such number blacked out."""
    return RESIDENT_NUMBER.sub(_HIDDEN, text)
