"""Did you mean: the nearest known spelling, compared letter by letter (자모), not syllable by syllable.

By syllables '이룸' and '이름' are half different; by letters they share four of five.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable
from difflib import get_close_matches

_CLOSE = 0.65


def nearest(text: str, known: Iterable[str]) -> str:
    """The known spelling nearest to `text`, or '' where none is near."""
    return _among(tuple(known))(text)


@functools.lru_cache(maxsize=16)
def _among(known: tuple[str, ...]) -> Callable[[str], str]:
    """What finds the nearest of these spellings, once for each text: a table says the same wrong thing row by row."""
    spelt = {unicodedata.normalize("NFD", word): word for word in sorted(known)}

    @functools.lru_cache(maxsize=10_000)
    def found(text: str) -> str:
        match = get_close_matches(unicodedata.normalize("NFD", text), spelt, n=1, cutoff=_CLOSE)
        return spelt[match[0]] if match else ""

    return found
