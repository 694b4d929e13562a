"""`hyeopyak doctor --repair`: what can be mended is, the register from files and files from the register."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.doors import files, machine
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register, numbers_in
from pipeline.model.campaign import Campaign
from pipeline.model.deliveries import UNKNOWN, Delivery
from pipeline.model.documents import Context, Edition, Issued, Job, Plan, Reason
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run.album import Album
from pipeline.run.doctor import examine, numbers_below, papers_below
from pipeline.run.holding import held
from pipeline.run.making import produce
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, Tell, now
from pipeline.run.preparing import Prepared, Source, recovered
from pipeline.run.spreading import here
from pipeline.steps.read_campaign import read_campaign
from pipeline.steps.recover import settle
from pipeline.steps.render import render

_INPUTS = "inputs"


def repair(options: Options, tell: Tell, clock: Clock = now) -> Outcome:
    """Mend what can be mended, then look at everything again.

    Args:
        options: what was asked for.
        tell: told of documents done and due.
        clock: the present.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    outputs = options.folder / OUTPUTS
    with held(options.folder, outputs, findings):
        count = files.sweep(outputs) + files.sweep(options.folder / _INPUTS)
        opened = machine.open_to_others(outputs)
        with files.writing(outputs, outputs):
            machine.close_to_others(opened)
        if count or opened:
            findings.append(finding("doctor.mended", count=count, opened=len(opened)))
        findings += _put_aside(outputs)
        findings += _take_in(options.folder, campaign, clock().isoformat(timespec="seconds"))
        findings += _restore(options, campaign, tell, clock)
    return Outcome((*findings, *examine(options, clock).findings))


def _put_aside(outputs: Path) -> list[Finding]:
    """Rename a register that cannot be read. One of a newer version of this program is not damaged."""
    path = outputs / REGISTER
    try:
        with Register(outputs) as register:
            register.examine()
    except Trouble as trouble:
        if trouble.finding.code != "register.damaged":
            raise
        kept = files.put_aside(path)
        return [finding("doctor.aside", Cell(f"{OUTPUTS}/{REGISTER}"), name=kept)]
    return []


def _take_in(folder: Path, campaign: Campaign, stamp: str) -> list[Finding]:
    """Numbers that are in use and that the register does not know: all of them where it was lost.

    A number belongs to the subject at whose path its Word file lies, and bytes prove its text. One that is nobody's is
    reserved. Whatever is taken in may have gone out: nobody knows any more, so it is never overwritten.
    """
    outputs = folder / OUTPUTS
    where = Cell(f"{OUTPUTS}/{REGISTER}")
    with Register(outputs) as register:
        given, taken = register.numbers(), set(register.issued())
        used = numbers_below(outputs) | numbers_in(outputs, campaign.kinds)
        if not (unknown := used - given):
            return []
        papers = [path for path, number in papers_below(outputs).items() if number in unknown]
        prepared = recovered(folder, campaign, [path for path in papers if path.endswith(".docx")])
        jobs = [job for job in prepared.plan.jobs if (job.kind, job.key) not in taken]
        present = files.hashes(outputs, [job.docx for job in jobs])
        proven = {job.docx for job, digest in _rendered(prepared, jobs) if digest == present.get(job.docx)}
        held_by = settle(jobs, lambda job: job.docx in proven)
        strange = unknown - {job.number for job in held_by}
        wrong = errors(prepared.findings)
        if wrong and (strange or any(job.docx not in proven for job in held_by)):
            # A row that cannot be read is not a row that was taken away.
            return [*wrong, finding("doctor.unready", where)]
        # What the others say is not known: it will be another text.
        known = [job if job.docx in proven else replace(job, fingerprint="", said="", template="") for job in held_by]
        count = sum(job.docx in proven for job in known)
        told = {"proven": count, "unproven": len(known) - count, "strange": len(strange)}
        letters = {kind.letter: name for name, kind in campaign.kinds.items()}
        with register.together():
            register.record_event(stamp, "rebuilt", REGISTER, told)
            register.record((job, Edition(present.get(job.docx, ""), "", (), "", stamp)) for job in known)
            register.record_deliveries([Delivery(one.number, one.revision, UNKNOWN, "unknown", stamp) for one in known])
            register.reserve({number: letters.get(number[0], number[0]) for number in strange})
    code = "doctor.taken_in" if given else "doctor.rebuilt"
    return [finding(code, where, proven=count, unproven=len(known) - count, strange=len(strange))]


def _rendered(prepared: Prepared, jobs: Sequence[Job]) -> Iterator[tuple[Job, str]]:
    """SHA-256 of Word files as they would be made now."""
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    for kind, source in prepared.templates.items():
        own = [job for job in jobs if job.kind == kind]
        if own:
            pictures = prepared.album.named(prepared.words[kind], (job.context for job in own))
            done, _ = render(WordTemplate(source.blob, FILTERS, source.shown, pictures), own)
            yield from ((one.job, hashlib.sha256(one.docx).hexdigest()) for one in done)


def _restore(options: Options, campaign: Campaign, tell: Tell, clock: Clock) -> list[Finding]:
    """Files that are gone, from what the register keeps of their latest edition."""
    outputs = options.folder / OUTPUTS
    with Register(outputs) as register:
        issued = register.issued().values()
        paths = [path for one in issued for path in (one.docx, one.pdf)]
        present = files.hashes(outputs, paths)
        gone = [one for one in issued if one.docx not in present or (one.pdf_sha256 and one.pdf not in present)]
        contexts = {one.number: register.context_of(one.number) for one in gone}
    sources: dict[str, Source] = {}
    for name, kind in campaign.kinds.items():
        shown = f"templates/{kind.template}"
        try:
            sources[name] = Source(files.read(options.folder / shown, shown, "template.missing"), shown)
        except Trouble:
            continue
    hashes = {name: hashlib.sha256(one.blob).hexdigest() for name, one in sources.items()}
    can = [one for one in gone if one.template and hashes.get(one.kind) == one.template]
    findings = [
        finding("doctor.beyond", Cell(f"{OUTPUTS}/{one.docx}"), subject=one.number) for one in gone if one not in can
    ]
    if can:
        jobs = tuple(_job(campaign, one, contexts[one.number]) for one in can)
        album = Album.of(options.folder)
        every = "\n".join(album.pictures)
        prepared = Prepared(Plan(jobs), sources, sources, [], album, dict.fromkeys(sources, every))
        made, found = produce(prepared, outputs, here(options.jobs), tell, clock)
        findings += found
        findings += [
            finding("doctor.restored", Cell(f"{OUTPUTS}/{one.docx}"), subject=one.number)
            for one in can
            if one.number in made
        ]
    return findings


def _job(campaign: Campaign, one: Issued, context: Context) -> Job:
    return Job(
        campaign.campaign.id, one.kind, one.key, one.number, one.serial, one.revision, one.number, one.region, "",
        context, one.fingerprint, one.docx, one.pdf, Reason.LOST, (), one.renderer, one.template, one.said,
    )  # fmt: skip
