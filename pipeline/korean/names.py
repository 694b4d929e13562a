"""People's names: for signature lines, for lists that hide them, for matching, and the hanja in them."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pipeline.korean.text import clean

_HANJA = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAS_HANJA = re.compile(f"[{_HANJA}]")
_SYLLABLES = re.compile(f"[가-힣{_HANJA}]+")
_GAPS = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad\u115f\u1160\u3164]+")

_NAME_LENGTHS = (2, 3, 4)
# As wide as one syllable with a space on either side, so that 김 구 and 홍 길 동 end at the same place. The
# ideographic space is not white space to XML, which may fold any other run of spaces into one.
_WIDE_GAP = " \u3000 "


def spaced(name: str) -> str:
    """Return a name for a signature line: 홍 길 동.

    Two syllables stand further apart, to the same width. Names of other lengths and scripts stay unspaced.
    """
    plain = _printed(name)
    if not _SYLLABLES.fullmatch(plain):
        return clean(name)
    if len(plain) not in _NAME_LENGTHS:
        return plain
    return (_WIDE_GAP if len(plain) == min(_NAME_LENGTHS) else " ").join(plain)


def masked(name: str) -> str:
    """Return a name of which first and last syllable show: 홍*동, 홍**동, and 홍* for two."""
    plain = _printed(name)
    shown_at_end = plain[-1] if len(plain) > min(_NAME_LENGTHS) else ""
    shown = plain[:1] if len(plain) > 1 else ""
    return shown + "*" * (len(plain) - len(shown) - len(shown_at_end)) + shown_at_end


def compare_key(name: str) -> str:
    """Return what to match names by: NFC, without inner spaces ('강 현 중') and characters without width.

    Never print it: NFC changes compatibility hanja (李 U+F9E1 becomes U+674E), which a quarter of the
    registered names hold.
    """
    return unicodedata.normalize("NFC", _GAPS.sub("", name))


def sort_key(text: str) -> tuple[bool, str]:
    """가나다 order: Hangul before all else, then by code point, which for syllables is the order of dictionaries."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return (not "가" <= plain[:1] <= "힣", plain)


def has_hanja(text: str) -> bool:
    """Whether any character is hanja, compatibility ideographs included."""
    return _HAS_HANJA.search(text) is not None


def hanja_font_class(one: str) -> Literal["ks", "rare"]:
    """Return 'ks' for the 4,888 hanja of KS X 1001, else 'rare'.

    Measured: UnBatang holds exactly those that EUC-KR encodes; the rest needs Noto Serif CJK KR.

    Raises:
        ValueError: Not one hanja.
    """
    if len(one) != 1 or not has_hanja(one):
        raise ValueError(f"not one hanja: {one!r}")
    try:
        one.encode("euc_kr")
    except UnicodeEncodeError:
        return "rare"
    return "ks"


def _printed(name: str) -> str:
    """Compose Hangul and drop gaps; compatibility hanja stay as they were registered."""
    return clean(_GAPS.sub("", name))
