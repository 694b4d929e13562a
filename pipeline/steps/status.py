"""Where everything stands, from evidence alone: the plan, the register, what came back, the volumes.

Enters: jobs of a plan, records of the register, papers as `missing` sees them. Leaves: `Status`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model.collected import About, Paper
from pipeline.model.deliveries import Delivery
from pipeline.model.documents import Issued, Job
from pipeline.model.status import Shelf, Standing, Status
from pipeline.model.volumes import Binding, SignOff


@dataclass(frozen=True, slots=True)
class Records:
    """What the register knows."""

    issued: Mapping[tuple[str, str], Issued] = field(default_factory=dict)
    """By kind and subject key."""
    about: Mapping[str, About] = field(default_factory=dict)
    """By number."""
    deliveries: Sequence[Delivery] = ()
    papers: Sequence[Paper] = ()
    """That are signed, or of which something came back."""
    volumes: Sequence[Binding] = ()
    signoffs: Sequence[SignOff] = ()
    cases: int = 0


def status(jobs: Sequence[Job], kinds: Mapping[str, str], records: Records, approvers: int) -> Status:
    """Where each document stands.

    Args:
        jobs: of the plan.
        kinds: titles by name of those that were planned.
        records: what is known of papers.
        approvers: how many people have to approve a volume.
    """
    planned, wanted = {job.number for job in jobs}, frozenset(kinds)
    left = [one for one in records.issued.values() if one.number not in planned and one.kind in wanted]
    desk = _Desk(records)
    standings = [desk.planned(job) for job in jobs] + [desk.left(one) for one in left]
    order = {kind: place for place, kind in enumerate(kinds)}
    standings.sort(key=lambda one: (order[one.kind], one.region, one.number))
    return Status(tuple(standings), kinds, tuple(_shelves(records, approvers)), records.cases)


class _Desk:
    """Looks things up."""

    def __init__(self, records: Records) -> None:
        self._about = records.about
        self._issued = {one.number for one in records.issued.values()}
        self._stages = {one.about.number: one.stage for one in records.papers}
        self._delivered = {(one.number, one.revision): one.at for one in records.deliveries}
        approved = {one.volume for one in records.signoffs}
        self._sealed = {
            str(line["number"]) for one in records.volumes if one.sha256 in approved for line in one.sources
        }

    def planned(self, job: Job) -> Standing:
        """A document that a row makes."""
        return Standing(
            job.number,
            job.kind,
            job.subject,
            job.region,
            str(job.context.get("지역", {}).get("시도", "")),
            job.place,
            job.revision,
            job.docx,
            job.pdf,
            job.reason,
            job.changes,
            job.number in self._issued,
            self._delivered.get((job.number, job.revision), ""),
            self._stages.get(job.number),
            job.number in self._sealed,
        )

    def left(self, one: Issued) -> Standing:
        """A document on record that no row makes."""
        about = self._about[one.number]
        return Standing(
            one.number,
            one.kind,
            f"{about.title} {about.who}".strip(),
            one.region,
            about.province,
            about.area,
            one.revision,
            one.docx,
            one.pdf,
            None,
            is_issued=True,
            delivered=self._delivered.get((one.number, one.revision), ""),
            stage=self._stages.get(one.number),
            is_sealed=one.number in self._sealed,
        )


def _shelves(records: Records, approvers: int) -> Iterator[Shelf]:
    for one in records.volumes:
        names = tuple(dict.fromkeys(by.who for by in records.signoffs if by.volume == one.sha256))
        yield Shelf(one.area, one.edition, one.pages, one.open, one.made_at, names, approvers)
