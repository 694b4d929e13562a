"""Papers that have left the house, and those whose text changed after that."""

from __future__ import annotations

from dataclasses import dataclass


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
