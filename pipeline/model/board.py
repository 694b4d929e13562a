"""The board: what a page for the browser shows of a campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.model.findings import Finding
from pipeline.model.status import Counts, Reached, Shelf, Standing
from pipeline.model.volumes import Edition


@dataclass(frozen=True, slots=True)
class Wording:
    """How things are said in one language."""

    language: str
    """`ko` or `en`."""
    say: Callable[[str], str]
    message: Callable[[Finding], str]
    """What is wrong."""
    remedy: Callable[[Finding], str]
    """What to do; may be ''."""
    reasons: Callable[[Standing], Iterable[str]]
    """Why a document stands where it stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """A document. What follows `state` is left out of the public edition."""

    number: str
    kind: str
    """Title."""
    province: str
    """'' for the nation."""
    place: str
    state: Reached
    marks: frozenset[str] = frozenset()
    """Of `Counts`: what it is counted as."""
    subject: str = ""
    reasons: tuple[str, ...] = ()
    docx: str = ""
    """Path below outputs; '' where there is no file."""
    pdf: str = ""
    picture: str = ""
    """Of its first page: path below the page's folder; '' where there is none."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    level: str
    """error, warning or note."""
    code: str
    place: str
    """File and cell."""
    message: str
    remedy: str
    subject: str
    """A document's number, or ''."""


@dataclass(frozen=True, slots=True)
class Past:
    """A line of the register's log. For the house only: the public edition has none."""

    at: str
    """ISO 8601, UTC."""
    what: str
    subject: str
    """Of what: a number, the beginning of a hash, an area with its edition, a council, a file or a path."""


@dataclass(frozen=True, slots=True)
class Board:
    """What an edition of the page shows, in neutral order: by region code, then number."""

    edition: Edition
    campaign: str
    made_at: str
    """ISO 8601, UTC."""
    lines: Sequence[Line]
    counts: Counts
    provinces: Sequence[tuple[str, Counts]]
    """'' is the nation."""
    shelves: Sequence[Shelf] = ()
    findings: Sequence[Told] = ()
    history: Sequence[Past] = ()
