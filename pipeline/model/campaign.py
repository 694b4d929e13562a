"""A campaign: what `inputs/campaign.toml` says."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.model.choices import Office

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
    logo: str = ""
    seal: str = ""
    """Files below `inputs/pictures/`."""


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _inside(path: str) -> str:
    """No path from data leaves the campaign folder."""
    if path.startswith(("/", "\\")) or re.search(r"[:\x00-\x1f]", path) or ".." in path.replace("\\", "/").split("/"):
        raise ValueError("must be a path inside the campaign folder")
    return path


def _key(named: str) -> str:
    return named if named.startswith("pkcs11:") else _inside(named)


Inside = Annotated[NonBlank, AfterValidator(_inside)]
Key = Annotated[NonBlank, AfterValidator(_key)]
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
    parties: Sources = ()
    activists: Sources = ()
    bodies: Sources = ()
    events: Sources = ()
    programme: Sources = ()
    progress: Sources = ()
    demands: Sources = ()


class Each(StrEnum):
    """What a document is made for each of."""

    CAMPAIGN = "campaign"
    PROVINCE = "province"
    REGION = "region"
    CANDIDATE = "candidate"
    PARTY = "party"
    EVENT = "event"
    BODY = "body"

    @property
    def is_area(self) -> bool:
        """Papers of an area may carry a roll."""
        return self in {Each.CAMPAIGN, Each.PROVINCE, Each.REGION}

    @property
    def tables(self) -> tuple[str, ...]:
        """Entries of `[tables]` that only papers of this sort read."""
        if self.is_area:
            return ("activists", "demands")
        return {
            Each.EVENT: ("events", "programme"),
            Each.BODY: ("bodies",),
            Each.CANDIDATE: ("progress", "demands"),
            Each.PARTY: ("demands",),
        }.get(self, ())

    @property
    def file(self) -> str:
        """File names, where a kind has no pattern of its own."""
        return "{번호}_{직위}_{이름}" if self is Each.CANDIDATE else "{번호}_{이름}"

    @property
    def table(self) -> str:
        """The entry of `[tables]` that has to be there; '' where nothing more is needed."""
        return {Each.PARTY: "parties", Each.EVENT: "events", Each.BODY: "bodies"}.get(self, "")


class Signer(StrEnum):
    """Who signs a document."""

    ORGANISATIONS = "organisations"
    CANDIDATE = "candidate"
    PARTY = "party"
    BODY = "body"


class Roll(Part):
    """`[kinds.NAME.roll]`: how the people who sign a declaration stand in it."""

    order: Annotated[tuple[NonBlank, ...], BeforeValidator(_several)] = ("이름",)
    """Columns; Hangul in 가나다 order."""
    group: str = ""
    """A column; 지역 is the 시도 in papers of the nation, else the 시군구. Blank: one roll."""
    rows: Annotated[int, Field(ge=1, le=100)] = 100
    """Of one table: LibreOffice's cost of a table grows with its square (measured, 7.4.7)."""


Wanted = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Kind(Part):
    """`[kinds.NAME]`: a kind of document."""

    title: NonBlank
    letter: Annotated[str, Field(pattern=r"^[A-Z]$")]
    """Opens the document number."""
    template: Inside
    for_each: Annotated[tuple[Each, ...], Field(min_length=1), BeforeValidator(_several)] = (Each.CANDIDATE,)
    filter: Mapping[str, Wanted] = Field(default_factory=dict)
    """Column to the values of which it has to hold one; '' is a blank cell."""
    order: Annotated[tuple[NonBlank, ...], BeforeValidator(_several)] = ()
    """Columns; absent: the neutral order of ballots, of regions, of dates."""
    folder: Inside
    file: str = ""
    """Pattern of file names; absent: `Each.file`."""
    signers: Annotated[tuple[Signer, ...], BeforeValidator(_several)] = ()
    copies: Annotated[int, Field(ge=1)] | None = None
    """Absent: one for each signing party."""
    consent: bool = True
    """People of rolls and member bodies must have agreed to be named; others are left out."""
    roll: Roll | None = None

    @property
    def pattern(self) -> str:
        """Of file names."""
        return self.file or self.for_each[0].file


Count = Annotated[int, Field(ge=0)]


class Counts(Part):
    """`[counts]`: what people counted themselves; the tables have to agree."""

    candidates: Count | None = None
    """Who stand for one of the campaign's offices."""
    regions: Count | None = None
    pledges: Count | None = None
    activists: Count | None = None
    """On the roll: with consent, each once."""
    bodies: Count | None = None


class Unsigned(StrEnum):
    """What stands in a volume for a paper of which nothing came back."""

    PAPER = "paper"
    """The paper as it was issued, marked."""
    LIST = "list"
    """Its line in the list of what is missing."""


class Volumes(Part):
    """`[volumes]`."""

    template: Inside = "volume.docx"
    """Of covers."""
    kinds: Annotated[tuple[NonBlank, ...], BeforeValidator(_several)] = ()
    """Absent: those that somebody signs, and those with a roll."""
    unsigned: Unsigned = Unsigned.PAPER


class SignOffs(Part):
    """`[signoff]`."""

    people: Annotated[tuple[NonBlank, ...], BeforeValidator(_several)] = ()
    """Who approves volumes, in this order; absent: whoever holds the certificate."""
    certificate: Key = "inputs/seal.p12"
    """PKCS#12 or PEM, below the campaign folder; or the address of a token (RFC 7512)."""
    timestamp: str = ""
    """Address of a time stamp authority (RFC 3161)."""
    roots: str = ""
    """File with certificates of authorities (PEM): with it, seals carry what proves them years later."""


class Archives(Part):
    """`[archive]`."""

    keep_until: datetime.date | None = None
    """Until when personal data may be kept: returned files, inputs, the register. Absent: nothing is ever due."""


class Packets(Part):
    """`[packets]`: what a council receives."""

    template: Inside = "cover-letter.docx"
    """Of cover letters."""
    kinds: Annotated[tuple[NonBlank, ...], BeforeValidator(_several)] = ()
    """Absent: papers of every kind."""
    deadline: datetime.date | None = None
    """By when signed papers should be back."""
    answer_to: str = ""
    """How scans come back, in words: an address."""
    encrypt: bool = False


class Security(StrEnum):
    """How a connection to a mail server is protected; there is no other way."""

    STARTTLS = "starttls"
    TLS = "tls"

    @property
    def port(self) -> int:
        """Where servers listen (RFC 6409, RFC 8314)."""
        return 587 if self is Security.STARTTLS else 465


class Mail(Part):
    """`[mail]`. The password never stands here: `HYEOPYAK_SMTP_PASSWORD`, or it is asked for."""

    sender: str = ""
    """Address mails come from."""
    reply_to: str = ""
    server: str = ""
    """Name of the mail server (SMTP)."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Absent: `Security.port`."""
    security: Security = Security.STARTTLS
    user: str = ""
    """Blank: the server asks for no password."""
    per_hour: Annotated[int, Field(ge=1)] = 100
    most_megabytes: Annotated[int, Field(ge=1)] = 20
    """Of a mail as it travels: a third more than what is attached."""


class Campaign(Part):
    """The whole file."""

    campaign: Identity
    election: Election
    terms: Mapping[str, str] = Field(default_factory=dict)
    organisations: Annotated[tuple[Organisation, ...], Field(min_length=1)]
    tables: Tables
    columns: Mapping[str, Mapping[str, NonBlank]] = Field(default_factory=dict)
    """`[columns.TABLE]`: a column as the program calls it to its header in the sheet."""
    counts: Counts = Field(default_factory=Counts)
    volumes: Volumes = Field(default_factory=Volumes)
    signoff: SignOffs = Field(default_factory=SignOffs)
    archive: Archives = Field(default_factory=Archives)
    packets: Packets = Field(default_factory=Packets)
    mail: Mail = Field(default_factory=Mail)
    kinds: Annotated[Mapping[str, Kind], Field(min_length=1)]
