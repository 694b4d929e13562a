"""Papers that have left the house, and those whose text changed after that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    papers: tuple[tuple[str, int], ...]
    """Number and revision of each."""
    at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A paper that somebody has received or signed, and whose text is another one now."""

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
