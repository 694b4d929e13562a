"""Korean handwriting as strokes: letters of a syllable, set into a square, made crooked by the hand that writes."""

from __future__ import annotations

import numpy as np

from pipeline.doors.scans.simulated.paper import Generator, Points

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_PLAIN = dict(zip("ㄲㄸㅃㅆㅉㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ", "ㄱㄷㅂㅅㅈㄱㄴㄴㄹㄹㄹㄹㄹㄹㄹㅂ", strict=True))
"""Double letters are written as their first: nobody reads these."""
# Strokes of a letter in a square of 0..9: each word is a stroke, each pair of digits a point x, y.
_STROKES = {
    "ㄱ": "009079",
    "ㄴ": "000999",
    "ㄷ": "0090 000999",
    "ㄹ": "009094040999",
    "ㅁ": "0009 009099 0999",
    "ㅂ": "0009 9099 0595 0999",
    "ㅅ": "500509 4499",
    "ㅇ": "5012052969958250",
    "ㅈ": "01914509 5599",
    "ㅊ": "4060 02924509 5699",
    "ㅋ": "009079 0585",
    "ㅌ": "0090 0494 000999",
    "ㅍ": "0090 3039 6069 0999",
    "ㅎ": "4060 0292 54252859888554",
    "ㅏ": "3039 3484",
    "ㅐ": "3039 7079 3474",
    "ㅑ": "3039 3383 3686",
    "ㅒ": "3039 7079 3373 3676",
    "ㅓ": "6069 1464",
    "ㅔ": "4049 7079 0444",
    "ㅕ": "6069 1363 1666",
    "ㅖ": "4049 7079 0343 0646",
    "ㅣ": "5059",
    "ㅗ": "5056 0696",
    "ㅛ": "3036 6066 0696",
    "ㅜ": "0393 5359",
    "ㅠ": "0393 3339 6369",
    "ㅡ": "0595",
}
_BELOW = dict(
    zip(
        "ㅘㅙㅚㅝㅞㅟㅢ",
        (("ㅗ", "ㅏ"), ("ㅗ", "ㅐ"), ("ㅗ", "ㅣ"), ("ㅜ", "ㅓ"), ("ㅜ", "ㅔ"), ("ㅜ", "ㅣ"), ("ㅡ", "ㅣ")),
        strict=True,
    )
)
_FIRST, _LAST = 0xAC00, 0xD7A3
SYLLABLES = (
    "가강경고구권기김나남노도동류명문미민박배백봉서선성손송수숙순신심안양영오용우원유"
    "윤은이인임장전정조종주준진차창채철최춘태하한허현혜호홍화황희"
)
"""Of which invented names are made."""


def some_name(rng: Generator) -> str:
    """Three syllables that name nobody."""
    return "".join(SYLLABLES[int(place)] for place in rng.integers(len(SYLLABLES), size=3))


def written(text: str, height: float, rng: Generator, neat: float = 0.5) -> list[Points]:
    """Strokes of a text, its upper left corner at 0, 0.

    Args:
        text: Hangul, digits are skipped; a blank makes room.
        height: of a syllable, mm.
        rng: the hand.
        neat: 1 as taught in school, 0 in great haste.
    """
    strokes: list[Points] = []
    at = 0.0
    slant, rise = rng.normal(0, 0.16), rng.normal(0, 0.05)
    for sign in text:
        if _FIRST <= ord(sign) <= _LAST:
            size = height * rng.uniform(0.88, 1.12)
            for stroke in _syllable(sign):
                points = stroke + rng.normal(0, 0.05 * (1.3 - neat), stroke.shape)
                points = points * (size * 0.85, size)
                points[:, 0] += at - slant * (points[:, 1] - height / 2)
                points[:, 1] += rise * points[:, 0] + rng.normal(0, 0.03 * height)
                strokes.append(_bent(points, rng))
            at += size * 0.95
        else:
            at += height * 0.4
    return _joined(strokes, rng, neat)


def moved(points: Points, x: float, y: float) -> Points:
    """The points, so far to the right and down."""
    return np.asarray(points + np.array([x, y]), np.float64)


def _syllable(sign: str) -> list[Points]:
    initial, rest = divmod(ord(sign) - _FIRST, 588)
    vowel, final = _VOWELS[rest // 28], _FINALS[rest % 28]
    ends = final != " "
    low = 0.6 if ends else 1.0
    first = _PLAIN.get(_INITIALS[initial], _INITIALS[initial])
    if vowel in "ㅗㅛㅜㅠㅡ":
        parts = [(first, 0.2, 0.0, 0.6, low * 0.5), (vowel, 0.02, low * 0.5, 0.96, low * 0.45)]
    elif vowel in _BELOW:
        under, beside = _BELOW[vowel]
        parts = [
            (first, 0.05, 0.0, 0.5, low * 0.5),
            (under, 0.0, low * 0.5, 0.62, low * 0.45),
            (beside, 0.66, 0.0, 0.32, low),
        ]
    else:
        parts = [(first, 0.02, low * 0.08, 0.5, low * 0.75), (vowel, 0.6, 0.0, 0.38, low)]
    if ends:
        parts.append((_PLAIN.get(final, final), 0.2, 0.66, 0.7, 0.34))
    return [_set(stroke, *place) for letter, *place in parts for stroke in _STROKES[letter].split()]


def _set(digits: str, left: float, top: float, width: float, height: float) -> Points:
    points = np.array([(int(digits[place]), int(digits[place + 1])) for place in range(0, len(digits), 2)]) / 9
    return points * (width, height) + (left, top)


def _bent(points: Points, rng: Generator) -> Points:
    """Straight strokes sag a little: a point more between each two."""
    between = (points[:-1] + points[1:]) / 2
    between = between + rng.normal(0, 0.05, between.shape) * np.hypot(*(points[1:] - points[:-1]).T)[:, None]
    bent = np.empty((len(points) * 2 - 1, 2))
    bent[0::2], bent[1::2] = points, between
    return bent


def _joined(strokes: list[Points], rng: Generator, neat: float) -> list[Points]:
    """In haste the pen does not leave the paper between some strokes."""
    out: list[Points] = []
    for stroke in strokes:
        if out and rng.random() > 0.35 + 0.65 * neat:
            out[-1] = np.vstack([out[-1], stroke])
        else:
            out.append(stroke)
    return out
