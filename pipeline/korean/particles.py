"""Particles (josa): 김철수는, 부산으로, LG는.

68 % of the names in the candidate list of 2026 end in a consonant, so no fixed form is right. A pair is
written 'closed/open', the form after a consonant first: '은/는', '으로/로', '이라고/라고'.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from pipeline.korean.readings import last_syllable

_RIEUL = 8
"""ㄹ among the 28 finals; 으로/로 treats it as a vowel: 서울로, 1로."""

# What a closed and an open form begin with; the rest of both is the same (과의/와의, 이며/며).
_BEGINNINGS = (
    ("으로", "로"),
    ("은", "는"),
    ("을", "를"),
    ("과", "와"),
    ("아", "야"),
    ("이", "가"),
    ("이에", "예"),
    ("이어", "여"),
    ("이었", "였"),
    ("이", ""),
)
_WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff"


def particle(text: str, pair: str, reading: str = "") -> str:
    """Return the form of the pair that follows the text, or both as in 은(는) if it cannot be decided.

    Args:
        text: What is printed before the particle.
        pair: The two forms; the order of the known ones does not matter.
        reading: How the text is spoken, where a person has said so; decides instead of the text.

    Raises:
        ValueError: The pair is not one.
    """
    closed, opened = _forms(pair)
    syllable = last_syllable(reading) or last_syllable(text)
    if syllable is None:
        return _both(closed, opened)
    final = (ord(syllable) - ord("가")) % 28
    if final == 0 or (final == _RIEUL and closed.startswith("으로")):
        return opened
    return closed


def with_particle(text: str, pair: str, reading: str = "") -> str:
    """Return the text as it stands, less spaces at its end, with its particle."""
    return _less_spaces_at_end(text) + particle(text, pair, reading)


def decidable(text: str) -> bool:
    """Whether a particle can be chosen; if not, the paper would read 은(는) and deserves a finding."""
    return last_syllable(text) is not None


@cache
def _forms(pair: str) -> tuple[str, str]:
    parts = [part.strip() for part in unicodedata.normalize("NFC", pair).split("/")]
    if len(parts) == 2 and all(parts):  # noqa: PLR2004 - a pair
        for closed, opened in (parts, parts[::-1]):
            for head, other in _BEGINNINGS:
                if closed.startswith(head) and opened == other + closed.removeprefix(head):
                    return closed, opened
    raise ValueError(f"not a pair of particles such as '은/는': {pair!r}")


def _both(closed: str, opened: str) -> str:
    """Write both as Koreans do: 은(는), (으)로, (이)라, 과(와)의."""
    if closed.endswith(opened):
        return f"({closed.removesuffix(opened)}){opened}"
    same = 0
    while closed[-1 - same] == opened[-1 - same]:
        same += 1
    cut = len(closed) - same
    return f"{closed[:cut]}({opened[: len(opened) - same]}){closed[cut:]}"


def _less_spaces_at_end(text: str) -> str:
    end = len(text)
    while end and (text[end - 1].isspace() or text[end - 1] in _WIDTHLESS):
        end -= 1
    return text[:end]
