"""Papers that have left the house, and those whose text changed after that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Revision = tuple[str, int]
"""A number and one of its revisions."""

UNKNOWN = "?"
"""Receiver of papers that may have gone out, nobody knows to whom: the register was made anew from them."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A paper handed over."""

    number: str
    revision: int
    receiver: str
    way: str
    """How: packet, mail, by hand."""
    at: str
    """ISO 8601, UTC."""


class Doubt(StrEnum):
    """Why nobody knows whether a council has its papers."""

    MAIL = "a run ended or the connection broke while its mail was on the way"
    REGISTER = "the register was rebuilt, and what it knew of deliveries is lost"


class MailState(StrEnum):
    """What became of a mail; the value is its name in the register's log."""

    SENDING = "mail sending"
    """The server may have it: recorded before it is asked to take it."""
    ACCEPTED = "mail accepted"
    REFUSED = "mail refused"
    """It was not sent."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """A step of a mail's way to a council."""

    receiver: str
    state: MailState
    message: str
    """Message-ID."""
    papers: tuple[Revision, ...]
    at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A paper that somebody has received or signed, and whose text has changed since."""

    number: str
    title: str
    who: str
    area: str
    council: str
    revision: int
    """That they have."""
    latest: int
    received: tuple[Delivery, ...]
    """Of that revision."""
    came_back: bool
    signed: tuple[str, ...]
    """Names at boxes in which it is signed."""
    again: bool
    """Whether the latest revision has been delivered or came back."""
    words: str
    """What has changed, as `…before [old → new] after…`."""
