"""Which choice of an answer sheet is marked: `□ 수용  ■ 부분수용  □ 불수용  □ 기타의견`, in all the ways people mark.

They replace a box by ■ ☑ √ v O ○ x, write a sign before or after a word or into brackets, delete the other choices, or
type the answer beside them. Where a sign could belong to two words, both count: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pipeline.model.choices import Answer


class _Sign(Enum):
    BLANK = auto()
    """An empty box, or brackets without anything in them."""
    MARK = auto()
    """A filled or ticked box, a tick, a V."""
    CIRCLE = auto()
    """A mark, but for a row of circles of which one is filled."""
    CROSS = auto()
    """A mark where it is the only sign among several choices; 'no' beside a circle or a tick."""


_SIGNS = {
    sign: kind
    for kind, signs in {
        _Sign.BLANK: "□☐◻◽▢⬜▯❏❐❑❒⃞",
        _Sign.MARK: "■◼◾▣▪⬛☑☒✅⊠⊡✓✔√∨⋁vV●◉⦿⚫★✱*",
        _Sign.CIRCLE: "○◯〇⚪◎oO0ㅇㆁ",
        _Sign.CROSS: "xXｘＸ×✕✖✗✘╳☓⨯❌❎",
    }.items()
    for sign in signs
}
_OPEN, _CLOSE = "([{<〔【［", ")]}>〕】］"
_WORDS: Mapping[str, Answer] = {
    "부분수용": Answer.PARTIAL,
    "일부수용": Answer.PARTIAL,
    "조건부수용": Answer.PARTIAL,
    "불수용": Answer.REFUSED,
    "미수용": Answer.REFUSED,
    "수용불가": Answer.REFUSED,
    "기타의견": Answer.OTHER,
    "기타": Answer.OTHER,
    "수용": Answer.ACCEPTED,
}
_ENDINGS = r"(?:\s?(?:합니다|입니다|하겠습니다|함|임))?"
_BLANK = r"\s?"
# Longest first; blanks may stand inside; no other Hangul before or after, or 수용시설 would be an answer.
_SPELT = "|".join(_BLANK.join(word) for word in sorted(_WORDS, key=len, reverse=True))
_WORD = re.compile(rf"(?<![가-힣])(?P<word>{_SPELT}){_ENDINGS}(?![가-힣])")
_LETTERS = re.compile(r"[0-9A-Za-z가-힣]")
_NONE = re.compile(r"\s*(?:무\s?응답|미\s?회신)\s*")


class _Order(Enum):
    """Where the boxes stand."""

    BEFORE = auto()
    AFTER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the choices of a row say."""

    chosen: tuple[Answer, ...] = ()
    """In the order of the sheet; more than one: somebody has to be asked."""
    beside: str = ""
    """What was typed beside the choices."""
    spoken: bool = False
    """Nothing is marked, but the answer itself is written beside the choices."""
    offered: int = 0
    """How many choices stand there."""

    @property
    def marked(self) -> str:
        """The choices that are marked and no others, as `read` understands them again."""
        return "  ".join(f"■ {one.value}" for one in self.chosen)


@dataclass(frozen=True, slots=True)
class _Word:
    answer: Answer
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    sign: _Sign
    start: int
    end: int


def read(text: str) -> Reading:
    """The choices marked in a text that holds the choices and nothing before them."""
    text = unicodedata.normalize("NFC", text)
    words = _choices(text)
    if not words or _NONE.fullmatch(text):
        return Reading(beside="" if _NONE.fullmatch(text) else text.strip())
    tokens = list(_tokens(text, words))
    owned = _owners(words, tokens)
    marked = _marked([owned[place] for place in range(len(words))])
    beside = _beside(text, words, tokens)
    chosen = tuple(words[place].answer for place in marked)
    if len(words) == 1 and _Sign.CROSS in owned[0]:
        # 수용 X: beside a single choice O is yes and X is no, or both were printed to choose from.
        return Reading(beside=text.strip(), offered=1)
    if not chosen and len(words) == 1:
        # The others were deleted. What else stands there may turn it round: 수용 어려움.
        alone = not _LETTERS.search(beside)
        return Reading((words[0].answer,) if alone else (), "" if alone else text.strip(), offered=1)
    said = spoken(beside)
    if said and said not in chosen:
        return Reading((*chosen, said), spoken=not chosen, offered=len(words))
    return Reading(chosen, "" if said else beside, offered=len(words))


def spoken(text: str) -> Answer | None:
    """The answer that a text is and nothing else, such as `수용함`."""
    match = _WORD.fullmatch(unicodedata.normalize("NFC", text).strip(" \t\n.,:;()[]\"'-→"))
    return _answer(match) if match else None


def offers(text: str) -> int:
    """How many different choices a text names."""
    return len(_choices(unicodedata.normalize("NFC", text)))


def shows(text: str) -> bool:
    """Whether a line is one of choices: several of them, one with a sign, or an answer by itself."""
    text = unicodedata.normalize("NFC", text)
    words = _choices(text)
    return len(words) > 1 or spoken(text) is not None or (len(words) == 1 and any(_tokens(text, words)))


def _answer(match: re.Match[str]) -> Answer:
    return _WORDS[re.sub(r"\s", "", match["word"])]


def _choices(text: str) -> list[_Word]:
    """The first mention of each choice."""
    found: dict[Answer, _Word] = {}
    for match in _WORD.finditer(text):
        answer = _answer(match)
        found.setdefault(answer, _Word(answer, match.start(), match.end()))
    return list(found.values())


def _tokens(text: str, words: Sequence[_Word]) -> Iterator[_Token]:
    """Signs that stand by themselves, and brackets with at most one in them, outside of the choices."""
    bounds = [0, *(edge for word in words for edge in (word.start, word.end)), len(text)]
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        place = start
        while place < end:
            token = _bracket(text, place, end) or _lone(text, place)
            if token:
                yield token
            place = token.end if token else place + 1


def _bracket(text: str, place: int, end: int) -> _Token | None:
    """`[ ]`, `(O)`: brackets around blanks or one sign."""
    if text[place] not in _OPEN:
        return None
    close = text.find(_CLOSE[_OPEN.index(text[place])], place, end)
    if close < 0:
        return None
    inside = text[place + 1 : close].strip()
    kind = _Sign.BLANK if not inside else _SIGNS.get(inside)
    return _Token(kind, place, close + 1) if kind else None


def _lone(text: str, place: int) -> _Token | None:
    """A sign that is no letter of a word; choices may follow at once: v수용."""
    sign = _SIGNS.get(text[place])
    if sign is None:
        return None
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    before, after = (bool(re.match(r"[0-9A-Za-z]", one)) for one in around)
    inside = text[place].isalnum() and (before or after)
    return None if inside else _Token(sign, place, place + 1)


def _owners(words: Sequence[_Word], tokens: Sequence[_Token]) -> list[list[_Sign]]:
    """The signs of each choice; one that could belong to two is in both lists."""
    owned: list[list[_Sign]] = [[] for _ in words]
    gaps: list[list[_Token]] = [[] for _ in range(len(words) + 1)]
    for token in tokens:
        gaps[sum(word.end <= token.start for word in words)].append(token)
    owned[0] += [one.sign for one in gaps[0]]
    owned[-1] += [one.sign for one in gaps[-1]]
    order = _Order.BEFORE if gaps[0] else _Order.AFTER if gaps[-1] else _Order.UNKNOWN
    for place, gap in enumerate(gaps[1:-1], start=1):
        for token, owners in _split((words[place - 1], words[place]), gap, order):
            for owner in owners:
                owned[place - 1 + owner].append(token.sign)
    return owned


def _split(
    words: tuple[_Word, _Word], gap: Sequence[_Token], order: _Order
) -> Iterator[tuple[_Token, tuple[int, ...]]]:
    """Whose the signs between two choices are: 0 the word before them, 1 the word after them.

    The last is the box of the word after them (the first that of the word before, where boxes follow their words);
    further ones belong to what they are nearer to.
    """
    if not gap:
        return
    own = gap[0] if order is _Order.AFTER else gap[-1]
    side = 0 if order is _Order.AFTER else 1
    for token in gap:
        left, right = words[0].end, words[1].start
        if token is not own:
            left, right = (own.end, right) if side == 0 else (left, own.start)
        before, after = token.start - left, right - token.end
        if token is own and (token.sign is _Sign.BLANK or (before == after and order is not _Order.UNKNOWN)):
            yield token, (side,)
        elif before == after:
            yield token, (0, 1)
        else:
            yield token, (0 if before < after else 1,)


def _marked(owned: Sequence[Sequence[_Sign]]) -> list[int]:
    """Places of the choices that are marked."""

    def with_(sign: _Sign) -> set[int]:
        return {place for place, signs in enumerate(owned) if sign in signs}

    everybody = set(range(len(owned)))
    marks, circles, crosses = with_(_Sign.MARK), with_(_Sign.CIRCLE), with_(_Sign.CROSS)
    # A row of circles is a row of boxes.
    if len(owned) > 1 and marks | circles == everybody and (marks or circles == everybody):
        circles = set()
    chosen = marks | circles
    # One tick, and a cross at all others.
    if chosen and chosen | crosses == everybody and len(chosen) == 1:
        crosses = set()
    return sorted(chosen | crosses)


def _beside(text: str, words: Sequence[_Word], tokens: Sequence[_Token]) -> str:
    """What is neither choice nor sign."""
    spans = [(one.start, one.end) for one in words] + [(one.start, one.end) for one in tokens]
    taken = {place for start, end in spans for place in range(start, end)}
    rest = "".join(" " if place in taken else sign for place, sign in enumerate(text))
    rest = " ".join(rest.split()).strip(" /,·|:")
    return rest if _LETTERS.search(rest) else ""
