"""What comes back, as values: what was seen on scans, and what it means. No pixels here.

A *sheet* is a paper page seen on a page of a returned file; a photograph may show two. Lengths are millimetres of the
issued page, from its upper left corner.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on an issued page."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class SignBox:
    """Where somebody signs."""

    side: str
    """협약단체, 후보자."""
    name: str
    box: Box


class _OfSomebody(Protocol):
    @property
    def side(self) -> str: ...
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_OfSomebody)


def told_apart(boxes: Iterable[_T]) -> dict[tuple[str, str, int], _T]:
    """Signature boxes of one page, or what is known of them, by side, name, and which of that side and name each is.

    One person may sign for two bodies: side and name alone would make one box of two.

    Args:
        boxes: in the order in which the page has them.
    """
    count: Counter[tuple[str, str]] = Counter()
    found = {}
    for one in boxes:
        count[one.side, one.name] += 1
        found[one.side, one.name, count[one.side, one.name]] = one
    return found


@dataclass(frozen=True, slots=True)
class IssuedPage:
    """A page of an edition as it was issued."""

    number: str
    revision: int
    edition: int
    """Its row in the register; a higher one of the same number came later."""
    page: int
    pages: int
    check: str
    text: str
    """Without blanks."""
    boxes: tuple[SignBox, ...]
    pdf: str
    """Path below outputs."""
    pdf_sha256: str


def present(
    pages: Iterable[IssuedPage], revisions: Mapping[str, int] = MappingProxyType({})
) -> dict[str, list[IssuedPage]]:
    """Pages of each number's present edition: the last one of its latest revision.

    Args:
        pages: every page of every edition.
        revisions: the latest of each number. One whose PDF is waiting has no pages yet, and those of the revision
            before are not present. Of a number that is not named here, the latest that has pages counts.
    """
    printed: dict[str, dict[tuple[int, int], list[IssuedPage]]] = defaultdict(lambda: defaultdict(list))
    for page in pages:
        printed[page.number][page.revision, page.edition].append(page)
    found = {}
    for number, editions in printed.items():
        last = max(editions)
        found[number] = editions[last] if last[0] == revisions.get(number, last[0]) else []
    return found


class Verdict(StrEnum):
    """Whether a box is signed: that there is ink which was not printed, not whose it is."""

    SIGNED = "signed"
    EMPTY = "empty"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature box shows."""

    side: str
    name: str
    verdict: Verdict
    score: float
    """Ink: contrast times area, mm²."""
    box: Box


class Change(StrEnum):
    """What a hand did outside the boxes."""

    INK = "ink"
    """Something was written, drawn or spilt."""
    STRUCK = "struck"
    """Printed words were crossed out."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A change by hand."""

    change: Change
    box: Box
    words: str
    """Printed words under it, or beside it on its line."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A sheet compared with the issued page."""

    signatures: tuple[Signature, ...]
    marks: tuple[Mark, ...]
    one_bit: bool
    """Black or white only: faint ink is lost, and a person has to look."""
    registered: bool
    """Whether the sheet could be laid over the issued page at all; if not, nothing was judged."""
    quality: float
    """0 to 1, to choose the better of two copies: resolution, sharpness, how much of the page is there."""


class Method(StrEnum):
    """How a sheet's code was found."""

    PLAIN = "plain"
    LADDER = "ladder"
    """At a second chance: other binarisers, corners enlarged, colour channels."""
    TEXT = "text"
    """Suggested by printed words (OCR): a person decides."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet as it was read, before anybody says what it means."""

    code: str = ""
    """Text of its code; '' when none was found."""
    method: Method = Method.NONE
    suggestion: str = ""
    """`A-4110100-0003`, or with a page `A-4110100-0003/2`: what OCR makes of the printed number."""
    turn: int = 0
    """Degrees clockwise until it can be read, as its codes lie."""
    judgement: Judgement | None = None
    """Only where the code is that of an issued page of the latest edition."""


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page of a returned file."""

    page: int
    """Of the file, from 1."""
    sheets: tuple[SheetSeen, ...]
    """At least one; without a code where none was found."""
    blank: bool = False
    foreign_codes: tuple[str, ...] = ()
    """Texts of codes that are none of ours, shortened."""
    problem: str = ""
    """Why the page could not be read at all (a message id); ''."""


@dataclass(frozen=True, slots=True)
class DigitalSignature:
    """A signature inside a PDF."""

    signer: str
    """As its certificate names the signer."""
    signed_at: str
    """ISO 8601, '' where the signature does not say."""
    intact: bool
    """The signed bytes are those that were signed, and the signature fits them."""
    whole_file: bool
    """It covers the file from beginning to end."""
    changes: str
    """What was done after signing: '' nothing, else a message id."""


@dataclass(frozen=True, slots=True)
class Original:
    """A returned file, known by its content."""

    sha256: str
    name: str
    """Path below inputs/signed, NFC; inside an archive `a.zip/b.pdf`."""
    size: int
    pages: int
    """0 when it could not be opened."""
    signatures: tuple[DigitalSignature, ...] = ()


class State(StrEnum):
    """What became of a sheet: exactly one of these."""

    MATCHED = "matched"
    DUPLICATE = "duplicate"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"
    OLDER = "older"
    OTHER_CAMPAIGN = "other campaign"
    DISCARDED = "discarded"
    """A person said that it does not belong here."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet lies."""

    original: str
    """SHA-256 of the file."""
    page: int
    sheet: int = 1

    @property
    def key(self) -> str:
        """Short and stable: names the sheet in review tables and picture files."""
        return f"{self.original[:10]}-{self.page:04d}-{self.sheet}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and what became of it."""

    place: Place
    file: str
    """The returned file's name, for people."""
    seen: SheetSeen
    state: State
    page: IssuedPage | None = None
    """The issued page it is, or is an older edition of."""
    better: Place | None = None
    """Of a duplicate: the copy that was taken."""
    reason: str = ""
    """A code of the catalogue that says why a person has to look; '' where nobody has to."""
    params: Mapping[str, str | int] | None = None
