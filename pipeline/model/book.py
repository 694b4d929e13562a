"""The book: checked records, joined. What a plan is made from."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.campaign import Campaign
from pipeline.model.records import Answer, Candidate, Council, Pledge, Region, Response


@dataclass(frozen=True, slots=True)
class Tables:
    """Typed rows, each table by itself, in the order of the sheets."""

    regions: tuple[Region, ...]
    councils: tuple[Council, ...]
    candidates: tuple[Candidate, ...]
    pledges: tuple[Pledge, ...]
    answers: tuple[Response, ...] | None
    """None: the campaign keeps no answers."""
    rejected: frozenset[str] = frozenset()
    """All texts of rows that were left out as wrong: what refers to one of them is not unknown."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """A pledge that goes into a candidate's agreement, with the answer that was given."""

    pledge: Pledge
    answer: Answer
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Candidacy:
    """A candidate with the region whose papers it belongs to and what was adopted."""

    candidate: Candidate
    region: Region
    adoptions: tuple[Adoption, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a plan needs. Candidacies are those that get papers, in the order of papers."""

    campaign: Campaign
    candidacies: tuple[Candidacy, ...]
    names: frozenset[str]
    """Names of all candidates of the sheet: no paper may bear another's."""
