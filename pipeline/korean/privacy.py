"""Numbers that must not be kept: resident registration numbers (개인정보 보호법 24조의2)."""

from __future__ import annotations

import re

# Invisible signs may stand anywhere in a number that was pasted.
_UNSEEN = "[\u200b-\u200f\u2060\ufeff\u00ad]*"
_ANY, _LEAD = f"[0-9０-９]{_UNSEEN}", f"[1-8１-８]{_UNSEEN}"
_MONTH = f"(?:[0０]{_UNSEEN}[1-9１-９]|[1１]{_UNSEEN}[0-2０-２]){_UNSEEN}"
_DAY = f"(?:[0０]{_UNSEEN}[1-9１-９]|[12１２]{_UNSEEN}[0-9０-９]|[3３]{_UNSEEN}[01０１]){_UNSEEN}"
_DATE = f"(?:{_ANY}){{2}}{_MONTH}{_DAY}"
_REST = f"{_LEAD}(?:[0-9０-９]{_UNSEEN}){{5}}[0-9０-９]"
# With any dash, or none where the first six digits are a date: codes of regions and offices have no such form.
RESIDENT_NUMBER = re.compile(
    rf"(?<![0-9０-９])(?:{_DATE}[\s./·_~～]{{0,2}}|(?:{_ANY}){{6}}\s*[-‐-―−－]\s*{_UNSEEN}){_REST}(?!{_UNSEEN}[0-9０-９])"
)
_SHORTEST = 13
_HIDDEN = "●●●●●●-●●●●●●●"


def hide(text: str) -> str:
    """The text with each such number blacked out."""
    return RESIDENT_NUMBER.sub(_HIDDEN, text) if len(text) >= _SHORTEST else text


_PHONE = re.compile(r"(?<![0-9])0(?:2|[1-9][0-9])[-. )]{0,2}[0-9]{3,4}[-. ]{0,2}[0-9]{4}(?![0-9])")


def untold(text: str) -> str:
    """A value as messages may repeat it: telephone numbers are blacked out, too, wherever they were typed."""
    return _PHONE.sub("●●●-●●●●-●●●●", hide(text))
