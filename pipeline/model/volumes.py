"""Volumes, sign-offs and events, as values: what is bound from what, who approved it, what happened when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.collected import About, Stage
from pipeline.model.scans import Box

NATION = "전국"
"""Area of the national volume."""


class Edition(StrEnum):
    """For whom a volume is."""

    INTERNAL = "internal"
    """Everything that came back, as it came back."""
    PUBLIC = "public"
    """Complete papers only, as they were issued: no handwriting, and nobody who did not sign."""


class Basis(StrEnum):
    """What a page of a volume shows."""

    RETURNED = "returned"
    """The page as it came back: a scan, or a page of a digitally signed file."""
    ISSUED = "issued"
    """The page as it was issued, because nothing has come back of it."""
    CONFIRMED = "confirmed"
    """The page as it was issued; its signatures were seen on the paper that came back."""
    PLAIN = "plain"
    """The page as it was issued, of a paper that nobody signs."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a paper in a volume, and where it is taken from."""

    number: str
    revision: int
    page: int
    """Of the paper, from 1."""
    basis: Basis
    file: str
    """Path below outputs."""
    sha256: str
    file_page: int
    """From 1."""
    turn: int = 0
    """Degrees clockwise until it can be read."""
    boxes: tuple[Box, ...] = ()
    """Signature boxes of a confirmed page (mm)."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A digitally signed file that is attached as it came."""

    file: str
    sha256: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A paper in a volume; without leaves it is only listed."""

    about: About
    stage: Stage | None
    """None: nobody signs it."""
    leaves: tuple[Leaf, ...]
    attached: tuple[Attached, ...] = ()
    missing: str = ""
    """Pages that have not come back: `1, 3`."""
    unsigned: str = ""
    """Signatures that are missing: sides and names."""

    @property
    def is_open(self) -> bool:
        """Whether something of it is missing."""
        return self.stage is not None and not self.stage.is_done


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the table of state."""

    area: str
    expected: int
    """Papers that are to come back signed."""
    complete: int
    waiting: int
    """Something came back, and something is missing or has to be looked at."""
    nothing: int
    pages: int
    """Bound."""


@dataclass(frozen=True, slots=True)
class Volume:
    """What is to be bound, in neutral order."""

    area: str
    """A 시·도, or the nation."""
    edition: Edition
    papers: tuple[Bound, ...]
    counts: tuple[Counted, ...]
    """The nation's by 시·도, a region's by 시·군·구."""

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Pages of papers, in order."""
        return tuple(leaf for paper in self.papers for leaf in paper.leaves)

    @property
    def open(self) -> tuple[Bound, ...]:
        """Papers of which something is missing."""
        return tuple(one for one in self.papers if one.is_open)


@dataclass(frozen=True, slots=True)
class Binding:
    """A volume as it was published and recorded."""

    id: int
    area: str
    edition: Edition
    file: str
    """Path below outputs."""
    sha256: str
    pages: int
    open: int
    """Papers of which something is missing."""
    made_at: str
    sources: tuple[Mapping[str, object], ...] = ()
    """A line a page of a paper."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """A named person's approval of a volume, sealed."""

    volume: str
    """SHA-256 of the volume as it was bound."""
    who: str
    at: str
    accepted: str
    """Why missing papers were accepted; '' when nothing was missing."""
    file: str
    """The sealed volume, below outputs."""
    sha256: str
    """Of the sealed volume."""
    level: str
    """PAdES: B-B, B-T, B-LT, B-LTA."""
    certificate: str
    """SHA-256 of the certificate."""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log. Each bears the hash of all before it."""

    id: int
    at: str
    what: str
    subject: str
    detail: str
    """JSON."""
    chain: str
    """SHA-256 over the chain before, and this line."""
