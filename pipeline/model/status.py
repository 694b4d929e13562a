"""Where everything stands: a line for each document, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.changes import Difference
from pipeline.model.collected import Stage
from pipeline.model.documents import Reason
from pipeline.model.volumes import Edition


class Reached(StrEnum):
    """How far a document has come, in one word; what waits for somebody comes first."""

    REVIEW = "to review"
    NEW = "not made yet"
    ISSUED = "issued"
    DELIVERED = "delivered"
    PART = "returned in part"
    SIGNED = "complete"
    SEALED = "sealed"
    UNSIGNED = "not for signature"


@dataclass(frozen=True, slots=True)
class Standing:
    """A document: what is to be done with it, and how far it has come."""

    number: str
    kind: str
    subject: str
    """Title and name, for people at the screen."""
    region: str
    """Code."""
    province: str
    """'' for the nation."""
    place: str
    revision: int
    docx: str
    """Path below outputs."""
    pdf: str
    reason: Reason | None
    """Why it would be made now; None: it is not planned."""
    changes: tuple[Difference, ...] = ()
    is_issued: bool = False
    """It has a record."""
    delivered: str = ""
    """When the present revision was last handed over: ISO 8601, UTC."""
    stage: Stage | None = None
    """What came back of this revision; None: nobody signs it."""
    is_sealed: bool = False
    """It is whole, in this revision, in a volume that somebody has approved."""
    is_removed: bool = False
    """No row makes it any more, or none that its kind takes. Unknown while a table cannot be read."""

    @property
    def is_due(self) -> bool:
        """Whether `make` would make it."""
        return self.reason not in {None, Reason.CURRENT}

    @property
    def is_open(self) -> bool:
        """Whether somebody signs it, and something of it has not come back."""
        return self.stage is not None and not self.stage.is_done

    @property
    def reached(self) -> Reached:
        """How far it has come; a word for each document."""
        for reached, holds in (
            (Reached.NEW, not self.is_issued),
            (Reached.REVIEW, self.stage in {Stage.WAITING, Stage.CHANGED}),
            (Reached.PART, self.is_open and self.stage is not Stage.NOTHING),
            (Reached.DELIVERED, self.is_open and bool(self.delivered)),
            (Reached.ISSUED, self.is_open),
            (Reached.SEALED, self.is_sealed),
            (Reached.UNSIGNED, self.stage is None),
        ):
            if holds:
                return reached
        return Reached.SIGNED


@dataclass(frozen=True, slots=True)
class Shelf:
    """A volume."""

    area: str
    edition: Edition
    pages: int
    open: int
    """Papers of which something is missing."""
    made_at: str
    approved: tuple[str, ...]
    """Who has approved it as it is now."""
    wanted: int
    """How many have to."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many documents have come how far."""

    documents: int = 0
    issued: int = 0
    due: int = 0
    delivered: int = 0
    signing: int = 0
    """That somebody signs."""
    returned: int = 0
    """Of which something came back."""
    signed: int = 0
    """All pages and signatures are there."""
    missing: int = 0
    """Nothing, or not all, came back."""
    review: int = 0
    """A person has to look."""
    sealed: int = 0

    @classmethod
    def of(cls, standings: Iterable[Standing]) -> Counts:
        """Count documents."""
        found = list(standings)
        stages = [one.stage for one in found if one.stage]
        return cls(
            documents=len(found),
            issued=sum(one.is_issued for one in found),
            due=sum(one.is_due for one in found),
            delivered=sum(bool(one.delivered) for one in found),
            signing=len(stages),
            returned=sum(one is not Stage.NOTHING for one in stages),
            signed=sum(one.is_done for one in stages),
            missing=sum(one in {Stage.NOTHING, Stage.PAGES, Stage.SIGNATURES} for one in stages),
            review=sum(one in {Stage.WAITING, Stage.CHANGED} for one in stages),
            sealed=sum(one.is_sealed for one in found),
        )


@dataclass(frozen=True, slots=True)
class Status:
    """Of a campaign, in neutral order."""

    standings: tuple[Standing, ...]
    titles: Mapping[str, str]
    """Of kinds."""
    shelves: tuple[Shelf, ...] = ()
    cases: int = 0
    """Questions of the review table that nobody has answered."""

    def kinds(self) -> list[tuple[str, Counts]]:
        """Counts by kind of document."""
        return _grouped([one.kind for one in self.standings], self.standings)

    def provinces(self) -> list[tuple[str, Counts]]:
        """Counts by 시·도; '' is the nation."""
        return _grouped([one.province for one in self.standings], self.standings)


def _grouped(names: Sequence[str], standings: Sequence[Standing]) -> list[tuple[str, Counts]]:
    groups: dict[str, list[Standing]] = {}
    for name, one in zip(names, standings, strict=True):
        groups.setdefault(name, []).append(one)
    return [(name, Counts.of(own)) for name, own in groups.items()]
