"""What a council receives: its papers, under names that any system takes, with a letter, and how they travel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.findings import Cell


@dataclass(frozen=True, slots=True)
class Receiver:
    """A council."""

    name: str
    title: str = ""
    representative: str = ""
    email: str = ""
    """As the sheet has it."""
    cell: Cell | None = None
    """Of the address."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """An issued paper in a packet."""

    number: str
    revision: int
    title: str
    who: str
    """Whom it is made for: title and name, or an area."""
    place: str
    pages: int
    copies: int
    is_signed: bool
    files: Mapping[str, tuple[str, str]]
    """By path in the packet: path below outputs, SHA-256."""

    def file(self, ending: str) -> str:
        """Its path in the packet: of the Word file (`.docx`), of the PDF (`.pdf`)."""
        return next(name for name in self.files if name.endswith(ending))


@dataclass(frozen=True, slots=True)
class Packet:
    """What one council receives."""

    receiver: Receiver
    name: str
    """Of its folder and, with an ending, of its ZIP and its mail."""
    papers: tuple[Enclosed, ...]
    made_at: str
    """When the latest of its papers was issued: ISO 8601, UTC."""

    @property
    def revisions(self) -> tuple[tuple[str, int], ...]:
        """Number and revision of each paper."""
        return tuple((one.number, one.revision) for one in self.papers)

    @property
    def digest(self) -> str:
        """Of whom it is for and which revisions are in it."""
        said = "\n".join([self.receiver.name, *sorted(f"{number} {revision}" for number, revision in self.revisions)])
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Packed:
    """A packet on disk, as `packets.json` remembers it."""

    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by path in the packet."""
    letter: str = ""
    """SHA-256 of the Word file that the letter's PDF was made from; '': there is no PDF."""
    archive: str = ""
    """SHA-256 of the ZIP."""
    encrypted: bool = False
    draft: str = ""
    """SHA-256 of the mail that holds this very ZIP; '': none was written."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done with packets once they are made."""

    encrypt: bool | None = None
    """None: as the settings say, and as was chosen before."""
    handed_over: bool = False
    drafts: bool = False
    send: bool = False
    test_to: str = ""
    """Address that gets all mails in place of the councils."""
    again: tuple[str, ...] = ()
    """Councils that get a mail although they may have it."""
