"""Numbers that must not be kept: resident registration numbers (개인정보 보호법 24조의2)."""

from __future__ import annotations

import re

# Runs are taken whole (possessive): a cell of thousands of blanks is searched as quickly as any other.
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Signs without width, which may stand anywhere in a number that was pasted."""
_DIGIT = "0-9０-９"
_GAP = rf"[\s{_UNSEEN}\u115f\u1160\u3164\uffa0\u2800]*+"
"""Blanks, and letters that show nothing."""
_DASH = "-‐-―⁃−─━ㅡᅳￚー﹘﹣－ｰ"
"""Whatever people type for one; ㅡ is beside the keys of the Korean keyboard."""
_DOT = "./·ㆍ"


def _one(digits: str) -> str:
    return f"[{digits}][{_UNSEEN}]*+"


_ANY = _one(_DIGIT)
_MONTH = f"(?:{_one('0０')}{_one('1-9１-９')}|{_one('1１')}{_one('0-2０-２')})"
_DAY = f"(?:{_one('0０')}{_one('1-9１-９')}|{_one('12１２')}{_ANY}|{_one('3３')}{_one('01０１')})"
_DASHED = f"{_GAP}(?:[{_DASH}]{_GAP}){{1,3}}"
# A comma with a blank behind it stands between two things.
_LOOSE = f"(?:[,，][{_UNSEEN}]*+|{_GAP}(?:[{_DASH}{_DOT}_~～]{_GAP}){{0,3}})"
_PART = f"{_GAP}[{_DASH}{_DOT}]{_GAP}"
RESIDENT_NUMBER = re.compile(
    # Its first digit: none stands before it.
    rf"[{_DIGIT}](?<![{_DIGIT}][{_DIGIT}])[{_UNSEEN}]*+{_ANY}(?:"
    # Without a dash only where the first six digits are a date: codes of regions and offices have no such form.
    rf"{_MONTH}{_DAY}{_LOOSE}|(?:{_ANY}){{4}}{_DASHED}|{_PART}{_MONTH}{_PART}{_DAY}(?:[{_DOT}]{_GAP})?{_DASHED}"
    rf"){_one('1-8１-８')}(?:{_ANY}){{5}}[{_DIGIT}](?![{_UNSEEN}]*+[{_DIGIT}])"
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
