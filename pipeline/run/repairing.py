"""`hyeopyak doctor --repair`: what can be mended is, the register from files and files from the register."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.doors import files, machine
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register, numbers_in
from pipeline.doors.scratch import scratch
from pipeline.model.campaign import Campaign
from pipeline.model.deliveries import UNKNOWN, Delivery
from pipeline.model.documents import Context, Edition, Issued, Job, Plan, Reason, Rendered
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run.album import Album
from pipeline.run.doctor import examine, numbers_below, papers_below
from pipeline.run.holding import held
from pipeline.run.making import produce
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, Tell, now
from pipeline.run.preparing import Prepared, converter, recovered
from pipeline.run.spreading import here
from pipeline.run.working import Source
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
        proven = {one.job.docx for one in _rendered(prepared, jobs) if _digest(one) == present.get(one.job.docx)}
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


def _rendered(prepared: Prepared, jobs: Sequence[Job]) -> Iterator[Rendered]:
    """Word files as they would be made now."""
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    for kind, source in prepared.templates.items():
        own = [job for job in jobs if job.kind == kind]
        if own:
            pictures = prepared.album.named(prepared.words[kind], (job.context for job in own))
            done, _ = render(WordTemplate(source.blob, FILTERS, source.shown, pictures), own)
            yield from done


def _digest(one: Rendered) -> str:
    return hashlib.sha256(one.docx).hexdigest()


# --- papers from the register ------------------------------------------------------------------------------------


def _restore(options: Options, campaign: Campaign, tell: Tell, clock: Clock) -> list[Finding]:
    """Files that are gone, from what the register keeps of them: of the latest editions and of earlier revisions.

    A Word file is made again only if it comes out byte for byte as it was issued: template, pictures and program are
    the same then, and so is what its PDF says.
    """
    outputs = options.folder / OUTPUTS
    prepared = _as_issued(options.folder, campaign)
    templates = {name: hashlib.sha256(one.blob).hexdigest() for name, one in prepared.sources.items()}
    with Register(outputs) as register:
        issued = [*register.revised(), *register.issued().values()]
        present = files.hashes(outputs, [path for one in issued for path in (one.docx, one.pdf)])
        lost = {one: tuple(_lost(one, present)) for one in issued}
        jobs = {
            (one.number, one.revision): _job(campaign, one, register.context_of(one.number, one.revision), present)
            for one, files_of in lost.items()
            if files_of and one.template and one.template == templates.get(one.kind)
        }
    proven = {}
    made = {(one.job.number, one.job.revision): one for one in _rendered(prepared, list(jobs.values()))}
    for one in issued:
        rendered = made.get((one.number, one.revision))
        if rendered and _digest(rendered) == one.docx_sha256:
            proven[one] = rendered
    words = {one.docx: rendered.docx for one, rendered in proven.items() if one.docx in lost[one]}
    files.publish(outputs, words.items())
    waiting = [one for one in proven if one.pdf in lost[one]]
    printed, findings = _print(prepared, [proven[one].job for one in waiting], options, tell, clock)
    back = {*words, *(one.pdf for one in waiting if (one.number, one.revision) in printed)}
    for one, gone in lost.items():
        for path in gone:
            if path in back:
                findings.append(finding("doctor.restored", Cell(f"{OUTPUTS}/{path}"), subject=one.number))
            elif one not in proven:
                findings.append(finding("doctor.beyond", Cell(f"{OUTPUTS}/{path}"), subject=one.number))
    return findings


def _lost(one: Issued, present: Container[str]) -> Iterator[str]:
    if one.docx not in present:
        yield one.docx
    if one.pdf_sha256 and one.pdf not in present:
        yield one.pdf


def _as_issued(folder: Path, campaign: Campaign) -> Prepared:
    """What papers are made again from: templates, and every picture that one may name."""
    sources: dict[str, Source] = {}
    for name, kind in campaign.kinds.items():
        shown = f"templates/{kind.template}"
        try:
            sources[name] = Source(files.read(folder / shown, shown, "template.missing"), shown)
        except Trouble:
            continue
    album = Album.of(folder)
    return Prepared(Plan(()), sources, sources, [], album, dict.fromkeys(sources, "\n".join(album.pictures)))


def _print(
    prepared: Prepared, jobs: Sequence[Job], options: Options, tell: Tell, clock: Clock
) -> tuple[set[tuple[str, int]], list[Finding]]:
    """Make PDFs again; numbers and revisions of those that were made.

    Without LibreOffice nothing is done: an edition would be recorded that has no PDF.
    """
    made: set[tuple[str, int]] = set()
    findings: list[Finding] = []
    if not converter():
        return made, findings
    for revision in sorted({job.revision for job in jobs}):
        # Results are known by number: one revision of each at a time.
        own = replace(prepared, plan=Plan(tuple(job for job in jobs if job.revision == revision)))
        with scratch() as folder:
            editions, found = produce(own, options.folder / OUTPUTS, folder, here(options.jobs), tell, clock)
        made |= {(number, revision) for number in editions}
        findings += found
    return made, findings


def _job(campaign: Campaign, one: Issued, context: Context, present: Mapping[str, str]) -> Job:
    # What somebody changed by hand is kept beside the fresh file.
    reason = Reason.LOST if present.get(one.docx, one.docx_sha256) == one.docx_sha256 else Reason.ALTERED
    return Job(
        campaign.campaign.id, one.kind, one.key, one.number, one.serial, one.revision, one.number, one.region, "",
        context, one.fingerprint, one.docx, one.pdf, reason, (), one.renderer, one.template, one.said,
    )  # fmt: skip
