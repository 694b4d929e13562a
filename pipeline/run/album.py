"""The campaign's pictures: which there are, and which of them some documents need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.doors import files
from pipeline.model.documents import Context

FOLDER = "inputs/pictures"
_MOST_BYTES = 20_000_000
"""What `doors.pictures` takes; of a larger file it only has to see that it is larger."""


@dataclass(frozen=True, slots=True)
class Album:
    """Pictures by name below `inputs/pictures`."""

    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Album:
        """All of a campaign.

        Raises:
            Trouble: file.unreadable.
        """
        return cls(files.pictures(folder / FOLDER, _MOST_BYTES))

    def digests(self) -> dict[str, str]:
        """SHA-256 by name."""
        return {name: hashlib.sha256(blob).hexdigest() for name, blob in self.pictures.items()}

    def named(self, words: str, contexts: Iterable[Context]) -> dict[str, bytes]:
        """Those that a template's own words or its values name: what a worker has to be given."""
        if not self.pictures:
            return {}
        texts = _texts(contexts)
        return {name: blob for name, blob in self.pictures.items() if name in texts or name in words}


def _texts(contexts: Iterable[Context]) -> set[str]:
    """All texts of contexts: some 500 in a paper, so this is a loop."""
    found: set[str] = set()
    left: list[Any] = list(contexts)
    while left:
        value = left.pop()
        for one in value.values() if isinstance(value, Mapping) else value:
            if isinstance(one, str):
                found.add(one)
            elif isinstance(one, Mapping | list | tuple):
                left.append(one)
    return found
