"""What has changed between two texts, in a few words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

_AROUND = 6
_LONGEST = 60
_MOST = 5
_SQUARE = 25_000_000
"""Signs times signs: 0.2 s. A roll of 10,000 signers would take 7 minutes, one of 100,000 half a day."""

_REVISION = re.compile(r"([A-Z]-[0-9]+-[0-9]+\W{0,3})[0-9]+판")
"""As templates print it beside the number; blanks are gone from what was read back."""


def differences(old: str, new: str) -> str:
    """Changed places as `…before [old → new] after…`, the first few of them, each cut short.

    That one is another revision is what whoever asks knows: it is none of them. Of long texts all that lies between the
    first changed sign and the last is one place.
    """
    old, new = (_REVISION.sub(r"\1판", text) for text in (old, new))
    told = []
    for start, end, new_start, new_end in _changed(old, new):
        before, after = old[max(0, start - _AROUND) : start], old[end : end + _AROUND]
        told.append(f"{before}[{_cut(old[start:end])} → {_cut(new[new_start:new_end])}]{after}")
    more = f" (+{len(told) - _MOST})" if len(told) > _MOST else ""
    return " · ".join(told[:_MOST]) + more


def _changed(old: str, new: str) -> Iterator[tuple[int, int, int, int]]:
    """Where signs of the old text are, and those that stand in their place: from and to in each."""
    if old == new:
        return
    if len(old) * len(new) <= _SQUARE:
        for kind, *place in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                yield place[0], place[1], place[2], place[3]
        return
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    yield head, len(old) - tail, head, len(new) - tail


def _alike(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
