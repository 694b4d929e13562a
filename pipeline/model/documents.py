"""Jobs, plans and results: one document from decision to record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, overload

from pipeline.model.changes import Difference
from pipeline.model.scans import SignBox

Context = Mapping[str, Any]
"""What a template sees: plain JSON values only (text, whole numbers, booleans, lists, mappings)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is made for: a candidate, a party, a region, an event."""

    key: str
    """Its own among all subjects of every sort."""
    region: str
    """Region code, part of the number."""
    folders: tuple[str, ...]
    """Below the kind's folder: 시·도, 시·군·구."""
    place: str
    """Region name."""
    label: str
    """Title and name, for people at the screen; never logged."""
    columns: Mapping[str, str]
    """What `filter`, `order` and file-name patterns may name."""
    offers: Context
    """Its part of what templates see."""


class Issued(NamedTuple):
    """The latest record of a document in the register. A tuple: 9,316 of them are made in every run."""

    number: str
    kind: str
    key: str
    """The subject's key: 후보자ID."""
    region: str
    serial: int
    revision: int
    fingerprint: str
    docx: str
    """Path relative to the outputs folder."""
    docx_sha256: str
    pdf: str
    pdf_sha256: str
    """Empty while the PDF is waiting for LibreOffice."""
    pages: int
    converter: str
    """Program and version that made the PDF."""
    renderer: str = ""
    """Version of what made the Word file; '' with `said`: recorded before these were."""
    template: str = ""
    """SHA-256."""
    said: str = ""
    """SHA-256 of what the document says, whichever program makes it: template, what that reads, pictures."""


def _nothing(_: str) -> Context:
    return {}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a plan may know of the world: the register's records and the files' present hashes."""

    issued: Mapping[tuple[str, str], Issued]
    """By kind and subject key."""
    serials: Mapping[tuple[str, str], int]
    """The highest serial given, by kind and region code."""
    made_before: frozenset[str]
    """Hashes of all files that were ever published."""
    sha256: Mapping[str, str]
    """Of the files that exist, by path relative to outputs."""
    templates: Mapping[str, str]
    """SHA-256 of each kind's template."""
    pictures: Mapping[str, str]
    """SHA-256 of each picture, by path below `inputs/pictures`."""
    converter: str = ""
    """Program and version at hand; empty without LibreOffice."""
    gone_out: frozenset[tuple[str, int]] = frozenset()
    """Numbers and revisions that were delivered or came back: they are never overwritten."""
    context_of: Callable[[str], Context] = _nothing
    """What a number's latest edition was made from; looked up only for what has changed."""


class Reason(StrEnum):
    """Why a document is made; CURRENT: it is not."""

    CURRENT = "current"
    NEW = "new"
    CHANGED = "text changed"
    LOST = "file missing"
    ALTERED = "file changed by hand"
    MOVED = "file name changed"
    WAITING = "PDF waiting"
    CONVERTER = "LibreOffice changed"


@dataclass(frozen=True, slots=True)
class Job:
    """One document to be made."""

    campaign: str
    """Its short name, part of every page's identity."""
    kind: str
    key: str
    number: str
    serial: int
    revision: int
    subject: str
    """Title and name, for people at the screen; never logged."""
    region: str
    """Region code."""
    place: str
    """Region name."""
    context: Context
    fingerprint: str
    docx: str
    pdf: str
    reason: Reason
    former: tuple[str, ...] = ()
    """Files of the latest edition under other names: removed once this one is published."""
    renderer: str = ""
    template: str = ""
    said: str = ""
    """As in `Issued`."""
    changes: tuple[Difference, ...] = ()
    """Why it is made, in detail."""


class Unread(Sequence[Job]):
    """Documents of which only those that are due are known; the others are looked up when somebody asks for them.

    Args:
        due: those that have to be made.
        count: how many there are.
        look: all of them, in the order of papers.
    """

    def __init__(self, due: tuple[Job, ...], count: int, look: Callable[[], Sequence[Job]]) -> None:
        self.due, self._count, self._look = due, count, look
        self._jobs: Sequence[Job] | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Job: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Job]: ...

    def __getitem__(self, place: int | slice) -> Job | Sequence[Job]:
        return self._all[place]

    def __iter__(self) -> Iterator[Job]:
        return iter(self._all)

    @property
    def _all(self) -> Sequence[Job]:
        if self._jobs is None:
            self._jobs = self._look()
        return self._jobs


@dataclass(frozen=True, slots=True)
class Plan:
    """All documents of a run, due or current, in the order of papers."""

    jobs: Sequence[Job]

    @property
    def due(self) -> tuple[Job, ...]:
        """Those that have to be made."""
        if isinstance(self.jobs, Unread):
            return self.jobs.due
        return tuple(job for job in self.jobs if job.reason is not Reason.CURRENT)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A checked Word file and, for composing, the parts that are its own."""

    job: Job
    parts: Mapping[str, bytes]
    docx: bytes


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of a PDF, as the register keeps it."""

    check: str
    """Check code of its identity."""
    text: str
    """Without blanks."""
    boxes: tuple[SignBox, ...] = ()


Chunks = tuple[bytes, ...]
"""A file's bytes in order. What several files hold may be one object, which takes memory and transport once."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A checked PDF that bears its identity."""

    job: Job
    pdf: Chunks
    printed: tuple[PrintedPage, ...]

    @property
    def pages(self) -> int:
        """How many."""
        return len(self.printed)


@dataclass(frozen=True, slots=True)
class Made:
    """A document ready to be published: bytes, and nothing of the machine that made it.

    What takes time is done here already: workers are many, and who publishes is one.
    """

    job: Job
    context: bytes
    """What it was made from, as the register keeps it."""
    docx: bytes
    docx_sha256: str
    pdf: Chunks = ()
    """Empty while it is waiting for LibreOffice."""
    pdf_sha256: str = ""
    printed: tuple[PrintedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """What the register keeps of a published document beside its job."""

    docx_sha256: str
    pdf_sha256: str
    printed: tuple[PrintedPage, ...]
    converter: str
    made_at: str
    """ISO 8601, UTC."""

    @property
    def pages(self) -> int:
        """How many."""
        return len(self.printed)
