"""How the end of a written text is spoken: numbers, units, Latin letters, brackets.

What enters is any text; what leaves is its last spoken syllable as Hangul, or None where only a person can
say (Latin words, hanja, nothing at all). Which particle follows does not belong here, see `particles`.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.korean.spoken import CONSONANTS, CURRENCIES, DIGITS, LETTERS, PLACES, SYMBOLS, UNITS, WORDS

_DAY, _MONTH = r"(?:0?[1-9]|[12][0-9]|3[01])", r"(?:0?[1-9]|1[0-2])"
_HOUR, _SIXTY = r"(?:[01]?[0-9]|2[0-4])", r"[0-5][0-9]"
_NOT_INSIDE = r"(?<![0-9.,:/-])"
# Read before anything else. None: the readings take different forms, so a person decides.
_SPECIAL = tuple(
    (re.compile(rf"{pattern}\Z"), reading)
    for pattern, reading in (
        (rf"{_NOT_INSIDE}[0-9]{{4}}(?P<mark>[./-])\s*{_MONTH}(?P=mark)\s*{_DAY}", "일"),  # 2018. 6. 13.
        (rf"{_NOT_INSIDE}(?:[0-9]{{2}}\.\s+)?{_MONTH}\.\s+{_DAY}", "일"),  # 18. 6. 13. and 6. 13.
        (rf"{_NOT_INSIDE}[0-9]{{4}}\.\s+{_MONTH}", "월"),  # 2018. 6.
        (rf"{_NOT_INSIDE}(?:19|20)[0-9]{{2}}\.{_MONTH}", None),  # 2018.4 is April, or a decimal
        (rf"{_NOT_INSIDE}{_HOUR}:{_SIXTY}:{_SIXTY}", "초"),
        (rf"{_NOT_INSIDE}{_HOUR}:00", None),  # 14:00 is 열네 시, or 영 분
        (rf"{_NOT_INSIDE}{_HOUR}:{_SIXTY}", "분"),
        (r"[0-9]\s*[/⁄]\s*[0-9]+", None),  # a fraction ends in its numerator, a date in 일
        (r"\^[0-9]+", None),  # a power, or the mark of a note
        (r"[A-Za-z][0136789]", None),  # F1 원, G7 세븐: English or Korean; 2, 4 and 5 agree
        (r"[0-9]\s*[TM]", None),  # 톤 or 티, 미터 or 엠
        (r"%[pP]", "트"),  # 퍼센트포인트
    )
)
_LATIN = re.compile(r"(?P<number>[0-9]\s*)?(?P<letters>[A-Za-zμ]+[23]?)\Z")
_PRICE = re.compile(rf"(?P<sign>[{''.join(CURRENCIES)}])\s*[0-9][0-9,]*(?:\.[0-9]+)?\Z")
_NUMBER = re.compile(r"[0-9][0-9,]*(?P<decimals>\.[0-9]+)?\Z")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
# Capitals that look like a word, with a last letter whose name may take another form than the word would
# (OPEC: 오펙은, but C 씨는). Nothing is guessed.
_LOOKS_LIKE_A_WORD = re.compile(r"(?=.*[AEIOU])[A-Z]{3,}[BCDGKPQRT]")

_BRACKETS = {")": "(", "]": "[", "}": "{", "〕": "〔", "】": "【", "〗": "〖"}
# Marks of Unicode category P that are spoken, or stand for something left out (홍*).
_NOT_SILENT = frozenset("%‰&@#*")
# Marks of other categories that Koreans use as quotes: <함께>, ≪마을≫.
_SILENT_TOO = frozenset("<>≪≫`")
_HANJA_AT_END = re.compile(r"[㐀-䶿一-鿿\U00020000-\U0003FFFF]+\Z")
_HANGUL = re.compile(r"[가-힣]+")

_ROMAN_NUMERALS = [chr(code) for start in (0x2160, 0x2170) for code in range(start, start + 12)]
# What NFKC would turn into something that is read otherwise.
_BEFORE_NFKC = str.maketrans(
    {"ℓ": "리터", "º": "°", "˚": "°", "¹": "^1", "²": "^2", "³": "^3", "ㆍ": "·"}
    | {numeral: f"{unicodedata.numeric(numeral):.0f}" for numeral in _ROMAN_NUMERALS}
)
# Fillers and variation selectors; those of category Cf go by their category.
_INVISIBLE = re.compile("[\u115f\u1160\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def last_syllable(text: str) -> str | None:
    """Return the last spoken syllable as Hangul, or None if it cannot be known.

    Closing quotes are skipped, and the word before a bracket decides: 과일(딸기) gives 일. Hanja count only
    with their reading behind them: 金哲洙(김철수) gives 수. NFD and NFC give the same answer.
    """
    text = _plain(text)
    while text := _without_silent_end(text):
        if text[-1] not in _BRACKETS:
            return _read(text)
        opening = _opening_of(text)
        before, inside = text[: max(opening, 0)], text[opening + 1 : -1]
        if opening < 0 or not _without_silent_end(before, brackets=True):
            text = inside
        elif _spells_out(inside, before):
            return inside.strip()[-1]
        else:
            text = before
    return None


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_BEFORE_NFKC))
    text = "".join(one for one in text if unicodedata.category(one) != "Cf")
    # Once more: a character without width may have stood between two that belong together.
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _without_silent_end(text: str, *, brackets: bool = False) -> str:
    end = len(text)
    while end and _is_silent(text[end - 1], brackets=brackets):
        end -= 1
    return text[:end]


def _is_silent(one: str, *, brackets: bool) -> bool:
    if one in _BRACKETS:
        return brackets
    return one.isspace() or unicodedata.category(one) == "Cc" or _is_silent_mark(one)


def _is_silent_mark(one: str) -> bool:
    return one in _SILENT_TOO or (unicodedata.category(one)[0] == "P" and one not in _NOT_SILENT)


def _opening_of(text: str) -> int:
    """Return where the bracket that closes the text opens, or -1."""
    closing, opening, depth = text[-1], _BRACKETS[text[-1]], 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == closing) - (text[place] == opening)
        if depth == 0:
            return place
    return -1


def _spells_out(inside: str, before: str) -> bool:
    """Whether a bracket gives the reading of the hanja before it, syllable by syllable."""
    hanja = _HANJA_AT_END.search(_without_silent_end(before, brackets=True))
    inside = inside.strip()
    return bool(hanja and _HANGUL.fullmatch(inside) and len(inside) == len(hanja.group()))


def _read(text: str) -> str | None:
    last = text[-1]
    if _HANGUL.fullmatch(last):
        return last
    latin = _LATIN.search(text.replace("m^", "m"))
    unit = latin and _unit(latin["letters"], after_number=latin["number"] is not None)
    if unit:
        return unit[-1]
    for pattern, reading in _SPECIAL:
        if pattern.search(text):
            return reading
    name = SYMBOLS.get(last) or _price(text) or _number(text) or _acronym(latin) or _jamo(text)
    return name[-1] if name else None


def _unit(letters: str, *, after_number: bool) -> str | None:
    if len(letters) == 1 and not after_number:
        return None  # a letter, or anything
    if letters in UNITS or not after_number or len(letters) == 1:
        return UNITS.get(letters)
    return UNITS.get(letters.lower())  # 5KG


def _price(text: str) -> str | None:
    found = _PRICE.search(text)
    return CURRENCIES[found["sign"]] if found else None


def _number(text: str) -> str | None:
    found = _NUMBER.search(text)
    if not found:
        return None
    digits = found.group()
    if not found["decimals"]:
        digits = digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.split(",")[-1]
        zeros = len(digits) - len(digits.rstrip("0"))
        if 0 < zeros < len(digits):
            return PLACES[zeros - 1] if zeros <= len(PLACES) else None
    return DIGITS[int(digits[-1])]


def _acronym(latin: re.Match[str] | None) -> str | None:
    letters = latin["letters"] if latin else ""
    if letters in WORDS:
        return WORDS[letters]
    if not re.fullmatch("[A-Z]+", letters) or _LOOKS_LIKE_A_WORD.fullmatch(letters):
        return None
    return LETTERS[letters[-1]]


def _jamo(text: str) -> str | None:
    last, before = text[-1], text[-2:-1]
    if "\u1100" <= before <= "\u11ff":
        return None  # ㅇㅇㅇ and ㅋㅋ are not read by the names of the letters
    if "\u1100" <= last <= "\u1112":
        return CONSONANTS[ord(last) - 0x1100]
    # A vowel is called as it sounds: with the silent ㅇ it is a syllable.
    return unicodedata.normalize("NFC", "\u110b" + last) if "\u1161" <= last <= "\u1175" else None
