"""Cell text made comparable without changing what was registered."""

from __future__ import annotations

import re
import unicodedata

# NFC replaces compatibility ideographs (李 U+F9E1 becomes U+674E); a quarter of the registered hanja names hold
# one, and a name is printed as registered.
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"[^\S\n\t]+")


def clean(text: str) -> str:
    """Hangul composed (files from a Mac come in NFD), invisible signs and outer blanks removed.

    Line breaks and tabs inside stay; every other run of blanks becomes one space.
    """
    if text.isascii():
        return _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    composed = _COMPOSABLE.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    plain = composed.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    return _SPACES.sub(" ", plain).strip()
