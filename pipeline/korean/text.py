"""Cell text made comparable without changing what was registered."""

from __future__ import annotations

import re
import unicodedata

# NFC replaces compatibility ideographs (李 U+F9E1 becomes U+674E); a quarter of the registered hanja names hold
# one, and a name is printed as registered.
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
# No width, or marks of direction that come along when people copy from web pages.
_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")
)
_FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
"""Letters that show nothing, typed where a blank was not allowed."""
_TABLE = {**_INVISIBLE, **_FILLERS, 0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
_UNCLEAN = re.compile(
    r"^\s|\s\s|[^\S \n\t]|\s$|[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\u115f\u1160\u3164\uffa0\u2800]"
)
_SPACES = re.compile(r"[^\S\n\t]+")


def clean(text: str) -> str:
    """Hangul composed (files from a Mac come in NFD), invisible signs and outer blanks removed.

    Line breaks and tabs inside stay; every other run of blanks becomes one space.
    """
    if unicodedata.is_normalized("NFC", text) and not _UNCLEAN.search(text):
        return text
    composed = _COMPOSABLE.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    plain = composed.translate(_TABLE).replace("\r\n", "\n").replace("\r", "\n")
    return _SPACES.sub(" ", plain).strip()
