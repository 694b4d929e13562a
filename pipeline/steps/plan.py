"""Step 3, plan: every decision about every document. Numbers, file names, contexts, fingerprints, reasons.

Enters: `Book`, `Evidence`. Leaves: `Plan`, findings. Touches no file: a dry run prints this very plan.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.korean.names import sort_key
from pipeline.korean.particles import decidable
from pipeline.korean.similar import nearest
from pipeline.model.book import Book
from pipeline.model.campaign import Campaign
from pipeline.model.changes import Difference, Thing, differences
from pipeline.model.documents import Context, Evidence, Issued, Job, Plan, Reason, Subject
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.subjects import SUBJECTS
from pipeline.subjects.common import document, everywhere
from pipeline.subjects.paths import SLOT, paths
from pipeline.subjects.roll import columns as roll_columns

_SETTINGS = Cell("inputs/campaign.toml")
_DIGITS = re.compile(r"(\d+)")
_EXAMPLES = 60
"""Subjects enough to find a filled list where there is one."""
OWN_SLOTS = ("번호", "제목")
"""Of a file-name pattern, beside the subject's columns."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What planning borrows from doors."""

    renderer: str
    """Version of what makes Word files; part of every fingerprint."""
    file_name: Callable[[str], str]
    """Makes text safe as a file name."""
    read_by: Callable[[str, Context], Context]
    """The part of a context that a kind's template reads: nothing else may make a document due."""
    spelled: Callable[[str, Context], str]
    """The same as text: JSON, keys sorted."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every decision is made from."""

    campaign: Campaign
    evidence: Evidence
    tools: Tools
    same: Context
    """What every document sees."""


Subjects = Mapping[str, Sequence[Subject]]
"""By kind: all it could be made for, those its filter leaves out included."""


def subjects_of(book: Book, kinds: Iterable[str]) -> Subjects:
    """Whom and what documents of some kinds can be made for."""
    chosen = {name: book.campaign.kinds[name] for name in kinds}
    return {
        name: [one for each in kind.for_each for one in SUBJECTS[each](book, kind)] for name, kind in chosen.items()
    }


def plan(book: Book, subjects: Subjects, evidence: Evidence, tools: Tools) -> tuple[Plan, list[Finding]]:
    """Plan the documents of some kinds.

    Args:
        book: the checked campaign.
        subjects: of the kinds.
        evidence: what was issued and what lies on disk.
        tools: of the doors.
    """
    findings = list(_undecided(book))
    desk = _Desk(book.campaign, evidence, tools, everywhere(book.campaign))
    jobs: list[Job] = []
    for name, everybody in subjects.items():
        chosen, found = _chosen(book, name, everybody)
        findings += found
        findings += _left_out(evidence, name, everybody, chosen)
        try:
            jobs += _jobs(desk, name, chosen)
        except Trouble as trouble:
            findings.append(replace(trouble.finding, cell=_SETTINGS))
    return Plan(tuple(jobs)), [*findings, *_revised(evidence, jobs)]


def _revised(evidence: Evidence, jobs: Iterable[Job]) -> Iterator[Finding]:
    """Papers of which people have an older text in hand."""
    for job in jobs:
        issued = evidence.issued.get((job.kind, job.key))
        if issued and job.revision > issued.revision:
            yield finding("plan.revised", subject=job.number, revision=job.revision)


def _left_out(
    evidence: Evidence, name: str, everybody: Sequence[Subject], chosen: Sequence[Subject]
) -> Iterator[Finding]:
    """Papers on record for whom there is no row any more, or one that the kind's filter leaves out."""
    if not chosen:
        return
    wanted, known = {one.key for one in chosen}, {one.key for one in everybody}
    for (kind, key), issued in evidence.issued.items():
        if kind == name and key not in wanted:
            yield finding("plan.filtered" if key in known else "plan.removed", subject=issued.number)


def sampled(subjects: Sequence[Subject], keys: Iterable[str] | None = None) -> list[Subject]:
    """Subjects that show what templates of their kind can see: some of them, or those with `keys`, in that order."""
    if keys is None:
        return list(subjects[:: len(subjects) // _EXAMPLES + 1])
    known = {one.key: one for one in subjects}
    return [known[key] for key in keys if key in known]


def offered(book: Book, name: str, subjects: Iterable[Subject]) -> Iterator[Context]:
    """What templates of a kind can see of some of its subjects."""
    same = everywhere(book.campaign)
    for one in subjects:
        yield {**document(same, book.campaign.kinds[name], "", 1), **one.offers}


def _chosen(book: Book, name: str, subjects: Sequence[Subject]) -> tuple[list[Subject], list[Finding]]:
    """The subjects of a kind that its filter leaves, in its order."""
    kind = book.campaign.kinds[name]
    if not subjects:
        return [], [finding("kind.nothing", _SETTINGS, kind=name)]
    findings = list(_unknown_columns(book, name, subjects))
    if findings:
        return [], findings
    wanted = {column: frozenset(values) for column, values in kind.filter.items()}
    chosen = [one for one in subjects if all(one.columns.get(column, "") in wanted[column] for column in wanted)]
    if kind.order:
        chosen.sort(key=lambda one: [_order_key(one.columns.get(column, "")) for column in kind.order])
    return chosen, [] if chosen else [finding("kind.nothing", _SETTINGS, kind=name)]


def _order_key(text: str) -> list[tuple[bool, int, bool, str]]:
    """Numbers by size, before words in 가나다 order: 2선거구 before 10선거구."""
    pieces = [piece for piece in _DIGITS.split(text) if piece]
    return [(False, int(one), False, "") if one.isdecimal() else (True, 0, *sort_key(one)) for one in pieces]


def _unknown_columns(book: Book, name: str, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Columns named in `campaign.toml` that no subject of the kind has."""
    kind = book.campaign.kinds[name]
    known = list(dict.fromkeys(column for one in subjects for column in one.columns))
    asked = [("filter", column, known) for column in kind.filter]
    asked += [("order", column, known) for column in kind.order]
    asked += [("file", slot, [*OWN_SLOTS, *known]) for slot in SLOT.findall(kind.pattern)]
    asked += [("file", brace, [*OWN_SLOTS, *known]) for brace in "{}" if brace in SLOT.sub("", kind.pattern)]
    if kind.roll:
        on_roll = roll_columns([one.activist for one in book.signatories])
        asked += [("roll", column, on_roll) for column in (*kind.roll.order, kind.roll.group) if column]
    for entry, column, columns in asked:
        if column not in columns:
            close = nearest(column, columns)
            shown = ", ".join(columns)
            yield finding(
                "kind.column", _SETTINGS, kind=name, entry=entry, column=column, suggestion=close, known=shown
            )


def _jobs(desk: _Desk, name: str, subjects: Iterable[Subject]) -> Iterator[Job]:
    """Jobs of one kind; a subject without a number gets the next one of its region."""
    serials = dict(desk.evidence.serials)
    for one in subjects:
        issued = desk.evidence.issued.get((name, one.key))
        place = (name, one.region)
        if issued is None:
            serials[place] = serials.get(place, 0) + 1
        yield _job(desk, name, one, issued, issued.serial if issued else serials[place])


def _job(desk: _Desk, name: str, subject: Subject, issued: Issued | None, serial: int) -> Job:
    kind = desk.campaign.kinds[name]
    number = issued.number if issued else f"{kind.letter}-{subject.region}-{serial:04d}"
    revision = issued.revision if issued else 1
    has_gone_out = (number, revision) in desk.evidence.gone_out
    text = _Text.of(desk, name, subject, number, revision)
    if issued and has_gone_out and text.fingerprint != issued.fingerprint:
        if text.said == issued.said:
            # It says the same: a new version of this program is no reason to print and sign it again.
            text = replace(text, fingerprint=issued.fingerprint)
        else:
            revision, has_gone_out = revision + 1, False
            text = _Text.of(desk, name, subject, number, revision)
    files = paths(kind, subject, number, revision, desk.tools.file_name)
    former: tuple[str, ...] = ()
    if issued and revision == issued.revision:
        kept = (issued.docx, issued.pdf)
        files = kept if has_gone_out else files
        former = tuple(one for one in kept if one not in files)
    reason = _reason(issued, text.fingerprint, files, desk.evidence, has_gone_out=has_gone_out)
    return Job(
        campaign=desk.campaign.campaign.id,
        kind=name,
        key=subject.key,
        number=number,
        serial=serial,
        revision=revision,
        subject=subject.label,
        region=subject.region,
        place=subject.place,
        context=text.context,
        fingerprint=text.fingerprint,
        docx=files[0],
        pdf=files[1],
        reason=reason,
        former=former,
        renderer=desk.tools.renderer,
        template=desk.evidence.templates[name],
        said="" if reason is Reason.CURRENT else text.said,
        changes=tuple(_changes(desk, name, issued, text, files, reason)) if issued else (),
    )


def current(campaign: Campaign, issued: Issued, label: str, place: str) -> Job:
    """The job of a document that is known to be up to date, without its context.

    Args:
        campaign: whose it is.
        issued: its record.
        label: of its subject.
        place: likewise.
    """
    return Job(
        campaign=campaign.campaign.id,
        kind=issued.kind,
        key=issued.key,
        number=issued.number,
        serial=issued.serial,
        revision=issued.revision,
        subject=label,
        region=issued.region,
        place=place,
        context={},
        fingerprint=issued.fingerprint,
        docx=issued.docx,
        pdf=issued.pdf,
        reason=Reason.CURRENT,
        renderer=issued.renderer,
        template=issued.template,
    )


def has_its_files(issued: Issued, sha256: Mapping[str, str]) -> bool:
    """Whether a document's files are those of its record.

    Args:
        issued: its record.
        sha256: as in `Evidence`.
    """
    return (
        bool(issued.pdf_sha256)
        and sha256.get(issued.docx) == issued.docx_sha256
        and sha256.get(issued.pdf) == issued.pdf_sha256
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """What a document is to say."""

    context: Context
    fingerprint: str
    """SHA-256 over renderer, template, the part of the context that it reads, and the pictures that this names."""
    said: str
    """The same without the renderer."""

    @classmethod
    def of(cls, desk: _Desk, name: str, subject: Subject, number: str, revision: int) -> _Text:
        context = {**document(desk.same, desk.campaign.kinds[name], number, revision), **subject.offers}
        template = desk.evidence.templates[name]
        said = f"{json.dumps(template)}, {desk.tools.spelled(name, context)}]"
        shown = [f"{picture} {digest}" for picture, digest in desk.evidence.pictures.items() if f'"{picture}"' in said]
        before = f"[{json.dumps(desk.tools.renderer)}, "
        hashed = (hashlib.sha256("\n".join([text, *shown]).encode()).hexdigest() for text in (before + said, said))
        return cls(context, *hashed)


def _reason(
    issued: Issued | None, fingerprint: str, files: tuple[str, str], evidence: Evidence, *, has_gone_out: bool
) -> Reason:
    """Why a document is due, from evidence alone: the first of these that holds."""
    if issued is None:
        return Reason.NEW
    docx, pdf = (evidence.sha256.get(name, "") for name in (issued.docx, issued.pdf))
    waiting = not issued.pdf_sha256
    reasons = (
        (Reason.ALTERED, any(digest and digest not in evidence.made_before for digest in (docx, pdf))),
        (Reason.CHANGED, fingerprint != issued.fingerprint),
        (Reason.MOVED, files != (issued.docx, issued.pdf)),
        (Reason.LOST, docx != issued.docx_sha256 or (not waiting and pdf != issued.pdf_sha256)),
        (Reason.WAITING, waiting),
        (Reason.CONVERTER, not has_gone_out and evidence.converter not in {"", issued.converter}),
    )
    return next((reason for reason, holds in reasons if holds), Reason.CURRENT)


def _changes(
    desk: _Desk, name: str, issued: Issued, text: _Text, files: tuple[str, str], reason: Reason
) -> Iterator[Difference]:
    """What a reason means, in detail."""
    if text.fingerprint != issued.fingerprint:
        said = [desk.tools.read_by(name, one) for one in (desk.evidence.context_of(issued.number), text.context)]
        fields = list(differences(*said))
        yield from fields
        if issued.template != desk.evidence.templates[name]:
            yield Difference(Thing.TEMPLATE)
        elif issued.said != text.said and not fields:
            yield Difference(Thing.PICTURE)
        if issued.renderer != desk.tools.renderer:
            yield Difference(Thing.PROGRAM, issued.renderer, desk.tools.renderer)
    if reason is Reason.MOVED:
        yield Difference(Thing.FILE, issued.docx, files[0])
    if reason is Reason.CONVERTER:
        yield Difference(Thing.OFFICE, issued.converter, desk.evidence.converter)
    if reason in {Reason.ALTERED, Reason.LOST}:
        recorded = {issued.docx: issued.docx_sha256, issued.pdf: issued.pdf_sha256}
        for path, digest in recorded.items():
            if digest and desk.evidence.sha256.get(path) != digest:
                yield Difference(Thing.FILE, path)


def _undecided(book: Book) -> Iterator[Finding]:
    """Names after which no particle can be chosen: the paper would show '은(는)'."""
    for one in book.candidacies:
        if not decidable(one.candidate.name):
            yield finding("particle.undecided", one.candidate.at.cell("name"), subject=one.candidate.key)
    for body in book.campaign.organisations:
        if not decidable(body.name):
            yield finding("particle.undecided", _SETTINGS, subject="organisations")
