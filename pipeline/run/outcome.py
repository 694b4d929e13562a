"""What a person asks of a run, and what the run ends with."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model.documents import Edition, Job
from pipeline.model.findings import Finding

if TYPE_CHECKING:
    from pipeline.model.collected import Collection, Paper
    from pipeline.model.deliveries import Affected
    from pipeline.model.explained import Explanation
    from pipeline.model.proofs import Proof
    from pipeline.model.status import Status

OUTPUTS = "outputs"
CHECKED, PREVIEW, PACKETS = "check", "preview", "packets"
"""Folders below outputs whose files are no papers, or copies of them."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for."""

    folder: Path
    only: str = ""
    dry_run: bool = False
    keep_going: bool = False
    jobs: int = 0
    """0: as many as there are cores."""
    cluster: str = ""
    """Address of a Dask scheduler, or path of its file; '': this machine."""

    def wants(self, *texts: str) -> bool:
        """Whether one of a document's texts (number, name, region) holds what `only` asks for."""
        wanted = self.only.casefold()
        return any(wanted in one.casefold() for one in texts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run ends with."""

    findings: tuple[Finding, ...] = ()
    jobs: Sequence[Job] = ()
    """All documents of the plan."""
    made: Mapping[str, Edition] = field(default_factory=dict)
    """What was published, by number."""

    dry_run: bool = False
    files: tuple[str, ...] = ()
    """Written beside papers, by path below the campaign folder."""
    fields: tuple[Sequence[str], ...] = ()
    """Merge fields: path, sort, example."""
    explained: Explanation | None = None
    collection: Collection | None = None
    papers: tuple[Paper, ...] = ()
    """Where papers stand that are expected back."""
    affected: tuple[Affected, ...] = ()
    """Papers that somebody has, and whose text has changed since."""
    status: Status | None = None
    proofs: tuple[Proof, ...] = ()
    """What a verification has shown."""


Announce = Callable[[Finding], None]
"""Called with what should be known while the run goes on."""
Tell = Callable[[int, int], None]
"""Called with documents done and documents due, as they are done."""


def unheard(_: Finding) -> None:
    """Where nobody listens."""


Clock = Callable[[], datetime.datetime]


def now() -> datetime.datetime:
    """The present, in UTC."""
    return datetime.datetime.now(datetime.UTC)
