"""Amounts, articles and the numbering of lists.

Numbers enter as int or as digits in text, with or without thousands commas; anything else raises ValueError.
"""

from __future__ import annotations

import re

from pipeline.korean.spoken import DIGITS

_PLACES = ("천", "백", "십", "")
_MYRIADS = ("", "만", "억", "조", "경")
_LIMIT = 10 ** (4 * len(_MYRIADS))
_WHOLE = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)")

_GANADA = "가나다라마바사아자차카타파하"
_VOWELS = (0, 4, 8, 13, 18, 20)  # 가 거 고 구 그 기, among the 21 vowels of a syllable
_CIRCLED = 20


def count(value: int | str) -> str:
    """Return 20,000."""
    return f"{_whole(value):,}"


def won(value: int | str) -> str:
    """Return 20,000원."""
    return f"{_whole(value):,}원"


def spelled(value: int | str) -> str:
    """Return the number in sino-Korean words with every 일 written: 일만, 일십일만삼천오백육십.

    Everyday spelling drops 일 (만, 십일만); official papers keep it, so that nothing can be put before.
    """
    number = _whole(value)
    if not 0 <= number < _LIMIT:
        raise ValueError(f"cannot be spelled out, not from 0 to below {_LIMIT:,}: {number}")
    if number == 0:
        return DIGITS[0]
    groups = []
    for name in _MYRIADS:
        number, group = divmod(number, 10_000)
        if group:
            groups.append(_below_myriad(group) + name)
    return "".join(reversed(groups))


def won_formal(value: int | str) -> str:
    """Return 일금 이만원정."""
    return f"일금 {spelled(value)}원정"


def article(value: int | str) -> str:
    """Return 제3조."""
    return f"제{_counted(value)}조"


def ganada(value: int | str) -> str:
    """Return 가 for 1 to 하 for 14; then 거, 너 ..., as lists in official papers go on."""
    round_, place = divmod(_counted(value) - 1, len(_GANADA))
    if round_ >= len(_VOWELS):
        raise ValueError(f"가나다 numbering ends at {len(_GANADA) * len(_VOWELS)}: {value!r}")
    return chr(ord(_GANADA[place]) + 28 * _VOWELS[round_])


def circled(value: int | str) -> str:
    """Return ① to ⑳, the circled numbers that Korean body fonts hold, and (21) beyond."""
    number = _counted(value)
    return chr(ord("①") + number - 1) if number <= _CIRCLED else f"({number})"


def _below_myriad(number: int) -> str:
    spoken = zip(f"{number:04}", _PLACES, strict=True)
    return "".join(DIGITS[int(digit)] + place for digit, place in spoken if digit != "0")


def _whole(value: int | str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value.replace(",", ""))
    raise ValueError(f"not a whole number: {value!r}")


def _counted(value: int | str) -> int:
    number = _whole(value)
    if number < 1:
        raise ValueError(f"numbering starts at 1: {value!r}")
    return number
