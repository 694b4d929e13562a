"""`hyeopyak doctor --repair`: what can be mended is, the register from files and files from the register."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.doors import files, machine, workers
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.deliveries import Delivery
from pipeline.model.documents import Context, Edition, Issued, Job, Plan, Reason, Rendered
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.run.album import Album
from pipeline.run.doctor import examine, papers_below
from pipeline.run.holding import held
from pipeline.run.making import produce
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, Tell, now
from pipeline.run.preparing import Prepared, Source, recovered
from pipeline.steps.read_campaign import read_campaign
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
        papers = papers_below(outputs)
        with Register(outputs) as register:
            is_lost = not register.issued() and bool(papers)
        if is_lost:
            findings += _rebuild(options.folder, campaign, papers, clock().isoformat(timespec="seconds"))
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


def _rebuild(folder: Path, campaign: Campaign, papers: dict[str, str], stamp: str) -> list[Finding]:
    """The register from Word files: a number belongs to the subject at whose path it lies, and bytes prove its text."""
    outputs = folder / OUTPUTS
    prepared, strange = recovered(folder, campaign, [path for path in papers if path.endswith(".docx")])
    rendered = {
        one.job.number: hashlib.sha256(one.docx).hexdigest()
        for kind, source in prepared.templates.items()
        for one in _rendered(prepared, kind, source)
    }
    held_now = files.hashes(outputs, [job.docx for job in prepared.plan.jobs])
    records, unproven = [], []
    for job in prepared.plan.jobs:
        digest = held_now.get(job.docx, "")
        if rendered.get(job.number) != digest:
            unproven.append(job)
            # What it says is not known: it will be another text, and the one that is there may have gone out.
            job = replace(job, fingerprint="", said="")  # noqa: PLW2901 - the same paper
        records.append((job, Edition(digest, "", (), "", stamp)))
    with Register(outputs) as register:
        register.record(records)
        register.record_deliveries([Delivery(one.number, one.revision, "?", "unknown", stamp) for one in unproven])
        letters = {kind.letter: name for name, kind in campaign.kinds.items()}
        register.reserve({number: letters.get(number[0], number[0]) for number in strange})
        proven, other = len(records) - len(unproven), len(unproven)
        told = {"proven": proven, "unproven": other, "strange": len(strange)}
        register.record_event(stamp, "rebuilt", REGISTER, told)
    where = Cell(f"{OUTPUTS}/{REGISTER}")
    return [finding("doctor.rebuilt", where, proven=proven, unproven=other, strange=len(strange))]


def _rendered(prepared: Prepared, kind: str, source: Source) -> Sequence[Rendered]:
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    jobs = [job for job in prepared.plan.jobs if job.kind == kind]
    if not jobs:
        return []
    pictures = prepared.album.named(prepared.words[kind], (job.context for job in jobs))
    done, _ = render(WordTemplate(source.blob, FILTERS, source.shown, pictures), jobs)
    return done


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
        made, found = produce(prepared, outputs, options.jobs or workers.cores(), tell, clock)
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
