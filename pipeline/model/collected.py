"""What collecting comes to: cases for people, their decisions, and where every paper stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.model.scans import Box, IssuedPage, Original, PageSeen, Place, Sheet, State, Verdict


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A returned file and what was seen on its pages."""

    original: Original
    pages: tuple[PageSeen, ...]


class Ruling(StrEnum):
    """What a person can decide, as it stands in the review table."""

    SIGNED = "서명 있음"
    UNSIGNED = "서명 없음"
    UNCHANGED = "변경 아님"
    CHANGED = "고쳐 씀"
    MATCH = "이 문서"
    """With number and page."""
    ACCEPT = "인정"
    TAKE = "이 사본"
    DISCARD = "제외"


class Ask(StrEnum):
    """Why a person has to look."""

    SIGNATURE = "Is this box signed? The ink is too faint or too little to tell."
    ONE_BIT = "The scan is black and white only: faint ink is lost. Is this box signed?"
    ONE_BIT_PAGE = "The scan is black and white only. Was anything on this page changed by hand?"
    UNJUDGED = "The page could not be compared with the one issued. Is this box signed?"
    UNJUDGED_PAGE = "The page could not be compared with the one issued. Was anything on it changed by hand?"
    INK = "Something was written here that was not printed. Does it change the text?"
    STRUCK = "Printed words seem to be crossed out. Were they?"
    UNREADABLE = "No page code can be read. Which page is it?"
    FORGED = "The page code is not one that was issued. It may be forged or damaged: which page is it?"
    OLDER = "The page is of an earlier revision; the present one has not come back. Is it accepted?"
    CONFLICT = "Copies of this page differ in what was signed or changed by hand. Which one counts?"
    BROKEN_SEAL = "The digital signature does not hold. Is the file accepted as signed?"
    OTHER_SIGNER = "The file is signed digitally, but not by a person of this name. Is this box signed?"


_SIGN = (Ruling.SIGNED, Ruling.UNSIGNED)
_HAND = (Ruling.UNCHANGED, Ruling.CHANGED)
_PLACE = (Ruling.MATCH, Ruling.DISCARD)
CHOICES: Mapping[Ask, tuple[Ruling, ...]] = {
    Ask.SIGNATURE: _SIGN,
    Ask.ONE_BIT: _SIGN,
    Ask.UNJUDGED: _SIGN,
    Ask.OTHER_SIGNER: _SIGN,
    Ask.BROKEN_SEAL: _SIGN,
    Ask.ONE_BIT_PAGE: _HAND,
    Ask.UNJUDGED_PAGE: _HAND,
    Ask.INK: _HAND,
    Ask.STRUCK: _HAND,
    Ask.UNREADABLE: _PLACE,
    Ask.FORGED: _PLACE,
    Ask.OLDER: (Ruling.ACCEPT, Ruling.DISCARD),
    Ask.CONFLICT: (Ruling.TAKE, Ruling.DISCARD),
}
"""What can be decided of each."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a case. The last one of a case counts."""

    case: str
    ruling: Ruling
    who: str
    at: str = ""
    """ISO 8601, UTC; when the program learned of it."""
    number: str = ""
    page: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Something that a person has to decide."""

    key: str
    """Stable over runs: the sheet's place and what it is about."""
    ask: Ask
    place: Place
    file: str
    page: IssuedPage | None = None
    """The issued page in question."""
    box: Box | None = None
    """Where to look on it."""
    side: str = ""
    name: str = ""
    """Of the signature box."""
    words: str = ""
    """Under a mark; of an older page what has changed since; of an unreadable one what OCR suggests."""
    turn: int = 0
    """Degrees clockwise until the sheet can be read."""


class How(StrEnum):
    """By what a signature is known."""

    INK = "ink"
    DIGITAL = "digital"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature box of a paper and what came back of it."""

    page: int
    side: str
    name: str
    verdict: Verdict
    how: How = How.INK


@dataclass(frozen=True, slots=True)
class Collection:
    """All that came back."""

    sheets: tuple[Sheet, ...] = ()
    cases: tuple[Case, ...] = ()
    """Open ones."""
    signed: Mapping[str, tuple[Signed, ...]] = field(default_factory=dict)
    """By number: boxes of pages that came back."""
    changed: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By number: pages of which a person said that they were changed by hand."""


class Stage(StrEnum):
    """Where a paper stands."""

    COMPLETE = "complete"
    DIGITAL = "digitally signed"
    WAITING = "waiting for a person"
    CHANGED = "changed by hand"
    PAGES = "signed, pages missing"
    SIGNATURES = "signatures missing"
    NOTHING = "not returned"

    @property
    def is_done(self) -> bool:
        """Nothing is missing."""
        return self in {Stage.COMPLETE, Stage.DIGITAL}


@dataclass(frozen=True, slots=True)
class About:
    """What the register knows of an issued paper."""

    number: str
    kind: str
    region: str
    """Code."""
    serial: int
    title: str
    area: str
    """The region's name."""
    council: str
    """협의회; '' where the paper belongs to none."""
    key: str = ""
    """Of the row it was made for: 후보자ID."""
    province: str = ""
    """'' for the nation."""
    office: str = ""
    who: str = ""
    """The person or body it was made for; '' where it was made for an area."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is expected back signed, or of which something came back."""

    about: About
    stage: Stage
    pages: int
    missing_pages: tuple[int, ...]
    missing_signatures: tuple[Signed, ...]
    """Boxes without a signature, those of missing pages included."""
    expected: bool
    """It has signature boxes."""
    open_cases: int = 0


_SPOKEN = {
    State.MATCHED: "matched",
    State.DUPLICATE: "duplicate",
    State.BLANK: "blank",
    State.UNREADABLE: "unreadable",
    State.FOREIGN: "foreign",
    State.OLDER: "of an earlier revision",
    State.OTHER_CAMPAIGN: "of another campaign",
    State.DISCARDED: "put aside by a person",
}


def in_words(state: State) -> str:
    """A state as people read it, in English."""
    return _SPOKEN[state]
