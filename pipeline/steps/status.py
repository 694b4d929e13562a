"""Where everything stands, from evidence alone: the plan, the register, what came back, the volumes.

Enters: jobs of a plan, records of the register, papers as `missing` sees them. Leaves: `Status`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.model.collected import About, Paper, Stage
from pipeline.model.deliveries import Delivery
from pipeline.model.documents import Issued, Job
from pipeline.model.status import Shelf, Standing, Status
from pipeline.model.volumes import Basis, Binding, SignOff


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


def status(
    jobs: Sequence[Job], kinds: Mapping[str, str], records: Records, approvers: int, *, is_whole: bool = True
) -> Status:
    """Where each document stands.

    Args:
        jobs: of the plan.
        kinds: titles by name of those that were planned.
        records: what is known of papers.
        approvers: how many people have to approve a volume.
        is_whole: every row could be read; else nobody knows of which papers the row is gone.
    """
    planned, wanted = {job.number for job in jobs}, frozenset(kinds)
    left = [one for one in records.issued.values() if one.number not in planned and one.kind in wanted]
    desk = _Desk(records, is_whole=is_whole)
    standings = [desk.planned(job) for job in jobs] + [desk.left(one) for one in left]
    order = {kind: place for place, kind in enumerate(kinds)}
    standings.sort(key=lambda one: (order[one.kind], one.region, one.number))
    return Status(tuple(standings), kinds, tuple(_shelves(records, approvers)), records.cases)


class _Desk:
    """Looks things up."""

    def __init__(self, records: Records, *, is_whole: bool) -> None:
        self._is_whole = is_whole
        self._about = records.about
        self._issued = {one.number: one.revision for one in records.issued.values()}
        self._papers = {one.about.number: one for one in records.papers}
        self._delivered = {(one.number, one.revision): one.at for one in records.deliveries}
        approved = {one.volume for one in records.signoffs}
        # A page that is bound as it was issued, because it has not come back, was approved as missing.
        self._approved = {
            (line["number"], line["revision"])
            for one in records.volumes
            if one.sha256 in approved
            for line in one.sources
            if line["basis"] != Basis.ISSUED.value
        }

    def _stage(self, number: str, revision: int) -> Stage | None:
        """What came back of a revision: of one that is not on record nothing has, whatever came back of another."""
        paper = self._papers.get(number)
        if paper is None or self._issued.get(number) == revision:
            return paper.stage if paper else None
        return Stage.NOTHING if paper.expected else None

    def _sealed(self, one: Standing) -> Standing:
        return replace(one, is_sealed=not one.is_open and (one.number, one.revision) in self._approved)

    def planned(self, job: Job) -> Standing:
        """A document that a row makes."""
        return self._sealed(
            Standing(
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
                self._stage(job.number, job.revision),
            )
        )

    def left(self, one: Issued) -> Standing:
        """A document on record that is not planned."""
        about = self._about[one.number]
        return self._sealed(
            Standing(
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
                stage=self._stage(one.number, one.revision),
                is_removed=self._is_whole,
            )
        )


def _shelves(records: Records, approvers: int) -> Iterator[Shelf]:
    for one in records.volumes:
        names = tuple(dict.fromkeys(by.who for by in records.signoffs if by.volume == one.sha256))
        yield Shelf(one.area, one.edition, one.pages, one.open, one.made_at, names, approvers)
