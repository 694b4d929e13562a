"""What has changed between two texts, in a few words."""

from __future__ import annotations

import difflib
import re

_AROUND = 6
_LONGEST = 60
_MOST = 5


_REVISION = re.compile(r"([A-Z]-[0-9]+-[0-9]+\W{0,3})[0-9]+판")
"""As templates print it beside the number; blanks are gone from what was read back."""


def differences(old: str, new: str) -> str:
    """Changed places as `…before [old → new] after…`, the first few of them, each cut short.

    That one is another revision is what whoever asks knows: it is none of them.
    """
    old, new = (_REVISION.sub(r"\1판", text) for text in (old, new))
    told = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            before, after = old[max(0, start - _AROUND) : start], old[end : end + _AROUND]
            told.append(f"{before}[{_cut(old[start:end])} → {_cut(new[new_start:new_end])}]{after}")
    more = f" (+{len(told) - _MOST})" if len(told) > _MOST else ""
    return " · ".join(told[:_MOST]) + more


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
