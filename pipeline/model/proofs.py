"""What a verification has shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Strength(StrEnum):
    """Of a statement."""

    PROVEN = "proven"
    CLAIMED = "only claimed"
    FAILED = "failed"


class Statement(StrEnum):
    """What an archive may prove; names in braces are parameters."""

    SEALED = "The list of files is sealed."
    LIST = "The list of files is as it was sealed; fingerprint of the certificate: {fingerprint}"
    WHO = "It was sealed by {who}."
    WHEN = "It was sealed on {day}."
    FILES = "All {count} files are there and unchanged, and no other."
    VOLUMES = "All {count} volumes are those that were recorded."
    APPROVED = "{file} is as it was approved."
    APPROVED_BY = "{file} was approved by {people}."
    UNAPPROVED = "No volume has been approved."
    LOG = "The log of {count} events is unbroken."
    REGISTER = "The register agrees with its tables, the log and the files."
    PAGES = "Each of {count} pages of the volumes shows the page it is said to show."
    PURGED = "{count} files with personal data were removed when their time was up, last on {day}."
    PICTURES = "{count} further pages are pictures of what came back."


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement and where it stands."""

    statement: Statement
    strength: Strength
    params: tuple[tuple[str, str | int], ...] = ()
