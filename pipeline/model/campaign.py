"""A campaign: what `inputs/campaign.toml` says."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.model.records import Office

NonBlank = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Strict and frozen: an entry that does not exist is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Identity(Part):
    """`[campaign]`."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,15}$")]
    """Printed in page codes: capitals, digits, dot and hyphen (QR alphanumeric mode)."""
    name: NonBlank
    language: Literal["ko", "en"] = "ko"
    agreement_date: datetime.date
    place: str = ""


class Election(Part):
    """`[election]`."""

    name: NonBlank
    date: datetime.date
    offices: tuple[Annotated[Office, BeforeValidator(Office.parse)], ...] = (
        Office.GOVERNOR,
        Office.MAYOR,
        Office.PROVINCIAL_COUNCIL,
        Office.MUNICIPAL_COUNCIL,
        Office.SUPERINTENDENT,
    )
    """Offices whose candidates get papers, in the order in which they are listed."""


class Organisation(Part):
    """`[[organisations]]`: a body that signs on the council's side."""

    name: NonBlank
    title: NonBlank
    representative: NonBlank


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _inside(path: str) -> str:
    """No path from data leaves the campaign folder."""
    if path.startswith(("/", "\\")) or ":" in path or ".." in path.replace("\\", "/").split("/"):
        raise ValueError("must be a path inside the campaign folder")
    return path


Inside = Annotated[NonBlank, AfterValidator(_inside)]
Sources = Annotated[tuple[Inside, ...], BeforeValidator(_several)]
"""`file.xlsx#sheet`, or several of them whose rows are one table."""


class Tables(Part):
    """`[tables]`: where the rows come from."""

    regions: Sources
    candidates: Sources
    pledges: Sources
    councils: Sources = ()
    answers: Sources = ()
    """Absent: every candidate gets the full list of pledges."""


class Kind(Part):
    """`[kinds.NAME]`: a kind of document."""

    title: NonBlank
    letter: Annotated[str, Field(pattern=r"^[A-Z]$")]
    """Opens the document number."""
    template: Inside
    for_each: Literal["candidate"] = "candidate"
    folder: Inside
    file: NonBlank = "{번호}_{직위}_{이름}"
    copies: Annotated[int, Field(ge=1)] | None = None
    """Absent: one for each signing party."""


class Campaign(Part):
    """The whole file."""

    campaign: Identity
    election: Election
    terms: Mapping[str, str] = Field(default_factory=dict)
    organisations: Annotated[tuple[Organisation, ...], Field(min_length=1)]
    tables: Tables
    kinds: Annotated[Mapping[str, Kind], Field(min_length=1)]
