"""The book: checked records, joined. What a plan is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.campaign import Campaign
from pipeline.model.choices import Answer
from pipeline.model.memory import Places
from pipeline.model.records import (
    Activist,
    Body,
    Candidate,
    Council,
    Demand,
    Event,
    Item,
    Party,
    Pledge,
    Progress,
    Region,
    Response,
)


@dataclass(frozen=True, slots=True)
class Tables:
    """Typed rows, each table by itself, in the order of the sheets. Names as in `[tables]`."""

    regions: tuple[Region, ...] = ()
    councils: tuple[Council, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    answers: tuple[Response, ...] | None = None
    """None: the campaign keeps no answers."""
    parties: tuple[Party, ...] = ()
    activists: tuple[Activist, ...] = ()
    bodies: tuple[Body, ...] = ()
    events: tuple[Event, ...] = ()
    programme: tuple[Item, ...] = ()
    progress: tuple[Progress, ...] = ()
    demands: tuple[Demand, ...] = ()
    rejected: frozenset[str] = frozenset()
    """All texts of rows that were left out as wrong: what refers to one of them is not unknown."""
    places: Places = field(default_factory=dict)
    """Of candidates and answers."""


@dataclass(frozen=True, slots=True)
class Position:
    """A pledge that concerns somebody, with the answer that was given."""

    pledge: Pledge
    answer: Answer
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Candidacy:
    """A candidate with the region whose papers it belongs to and where it stands on the pledges that concern it."""

    candidate: Candidate
    region: Region
    positions: tuple[Position, ...]

    @property
    def adopted(self) -> tuple[Position, ...]:
        """What goes into an agreement."""
        return adopted(self.positions)


@dataclass(frozen=True, slots=True)
class Partner:
    """A party or a branch of it, with where it stands."""

    party: Party
    region: Region
    positions: tuple[Position, ...]

    @property
    def adopted(self) -> tuple[Position, ...]:
        """What goes into an agreement."""
        return adopted(self.positions)


def adopted(positions: tuple[Position, ...]) -> tuple[Position, ...]:
    """Positions that adopt their pledge."""
    return tuple(one for one in positions if one.answer.adopts)


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event with its region and its programme, in order."""

    event: Event
    region: Region
    programme: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """A member body with its region."""

    body: Body
    region: Region


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person of a roll with the region it is counted to."""

    activist: Activist
    region: Region


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a plan needs, in neutral order."""

    campaign: Campaign
    candidacies: tuple[Candidacy, ...]
    """Of people who stand; whether they have adopted anything is for kinds to ask."""
    names: frozenset[str]
    """Names of all candidates of the sheet: no paper may bear another's."""
    regions: tuple[Region, ...] = ()
    """By code, those included that only the candidates' sheet knows."""
    pledges: tuple[Pledge, ...] = ()
    """Common ones first."""
    parties: tuple[Partner, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    bodies: tuple[Membership, ...] = ()
    events: tuple[Occasion, ...] = ()
    progress: Mapping[tuple[str, str], Progress] = field(default_factory=dict)
    """By candidate's key and pledge's number."""
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By pledge's number: the bodies whose demands it answers, each once, in the order in which they asked."""
