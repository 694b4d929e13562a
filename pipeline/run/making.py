"""Making documents: batches to workers, results checked, recorded and published one by one."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.doors import files, logs, office, workers
from pipeline.doors.books.checked_summary import Voice
from pipeline.doors.register import Register
from pipeline.doors.scratch import scratch
from pipeline.doors.word.hanja import COMMON, RARE
from pipeline.model.documents import Edition, Job, Made, Plan, Reason
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run.checked import write_copies
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Clock, Options, Outcome, Tell, now
from pipeline.run.preparing import Prepared, Source, chosen, converter, prepare
from pipeline.steps.read_campaign import CAMPAIGN_FILE, read_campaign

_LARGEST_BATCH = 400
"""LibreOffice's cost is linear so far (measured, 7.4.7: 800 pages, 265 MB); more would only cost memory."""


def language_of(folder: Path) -> str:
    """The campaign's language, '' while `campaign.toml` cannot be read: reading it properly comes later."""
    try:
        text = (folder / CAMPAIGN_FILE).read_text(encoding="utf-8-sig")
        return str(tomllib.loads(text)["campaign"].get("language", "ko"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""


def check_inputs(options: Options, voice: Voice | None = None) -> Outcome:
    """`hyeopyak check`: all findings of spreadsheets and templates.

    Args:
        options: what was asked for.
        voice: the language of checked copies; None: none are written.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    prepared = prepare(options.folder, campaign, list(campaign.kinds))
    findings += prepared.findings
    copies: list[str] = []
    if voice:
        sources = [one for several in campaign.tables.model_dump().values() for one in several]
        copies, found = write_copies(options.folder, findings, voice, sources)
        findings += found
    return Outcome(tuple(findings), prepared.plan.jobs, files=tuple(copies))


def make(options: Options, kinds: Sequence[str], tell: Tell, clock: Clock = now) -> Outcome:
    """`hyeopyak make`: documents of some kinds, all when none is named."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    unknown = [name for name in kinds if name not in campaign.kinds]
    if unknown:
        return Outcome((finding("kind.unknown", kind=unknown[0], kinds=", ".join(campaign.kinds)),))
    kinds = kinds or list(campaign.kinds)
    if options.dry_run:
        outcome = chosen(prepare(options.folder, campaign, kinds), options)
        return replace(outcome, findings=(*findings, *outcome.findings), dry_run=True)
    outputs = options.folder / OUTPUTS
    # Planning gives numbers: nobody else may do so until they are in the register.
    with held(options.folder, outputs, findings):
        prepared = prepare(options.folder, campaign, kinds, only_due=True)
        outcome = chosen(prepared, options)
        outcome = replace(outcome, findings=(*findings, *outcome.findings))
        if errors(outcome.findings) and not options.keep_going:
            return outcome
        due = replace(prepared, plan=Plan(outcome.jobs))
        made, found = produce(due, outputs, options.jobs or workers.cores(), tell, clock)
    return Outcome((*outcome.findings, *found), outcome.jobs, made)


CAPTIONS = ("NanumBarunGothic", "NanumGothic", "Noto Sans KR", "Malgun Gothic")
"""Families for the words beside page codes: the first that is installed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A unit of work: all that a worker needs, wherever it runs."""

    template: Source
    jobs: tuple[Job, ...]
    program: str
    """Path of soffice; empty: no PDFs."""
    folder: str
    """For the worker's profile."""


def make_batch(batch: Batch) -> tuple[list[Made], list[Finding]]:
    """Render and convert. Pure: bytes in, bytes out."""
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.convert import Fonts, convert
    from pipeline.steps.render import render

    template = WordTemplate(batch.template.blob, FILTERS, batch.template.shown, batch.template.pictures)
    rendered, findings = render(template, batch.jobs)
    if not batch.program:
        return [Made(one.job, one.docx) for one in rendered], findings
    folder = Path(batch.folder) / f"worker-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    fonts = Fonts(_expected_fonts(template.fonts()), office.font_file(*CAPTIONS))
    broken = Path(batch.folder) / "office-is-broken"
    converted, found = (
        ([], []) if broken.exists() else convert(rendered, template.static, office.Office(batch.program, folder), fonts)
    )
    if any(one.code == "convert.office" for one in found):
        # Each further batch of this machine would only wait for it in vain.
        broken.touch()
    pdfs = {one.job.number: one for one in converted}
    made = [
        Made(one.job, one.docx, pdf.pdf, pdf.printed) if (pdf := pdfs.get(one.job.number)) else Made(one.job, one.docx)
        for one in rendered
        # An earlier paper stays whole, Word and PDF, until both can take its place.
        if one.job.number in pdfs or one.job.reason in {Reason.NEW, Reason.WAITING}
    ]
    return made, [*findings, *found]


def _expected_fonts(families: frozenset[str]) -> frozenset[str]:
    """Beginnings of PostScript names that PDFs may hold; empty when the system does not tell."""
    installed = office.installed_fonts()
    named = {name for family in (*families, COMMON) for name in installed.get(family, ())}
    # A face of a Noto collection is written as `…CJKjp`, whichever language was asked for (measured, 7.4.7).
    return frozenset({*named, RARE.removesuffix(" KR").replace(" ", "")} if named else ())


def produce(
    prepared: Prepared, outputs: Path, jobs: int, tell: Tell, clock: Clock
) -> tuple[dict[str, Edition], list[Finding]]:
    """Make what is due, batch by batch, and publish each as soon as it is checked."""
    due = tuple(job for job in prepared.plan.due if job.kind in prepared.templates)
    if not due:
        return {}, []
    findings = list(_missing_office(due))
    program = "" if findings else office.find_office()
    if not program:
        due = tuple(job for job in due if job.reason is not Reason.WAITING)
    editions: dict[str, Edition] = {}
    done = 0
    tell(0, len(due))
    with scratch() as folder, Register(outputs) as register:
        batches = list(_batches(due, prepared, jobs, program, str(folder)))
        processes = jobs if len(batches) > 1 else 1
        try:
            for batch, result in workers.run(make_batch, batches, processes, _halves):
                if isinstance(result, workers.Lost):
                    logs.note(f"a worker was lost with {len(batch.jobs)} papers")
                    findings += [finding("worker.lost", subject=job.number) for job in batch.jobs]
                else:
                    made, found = result
                    # That LibreOffice does not work is true of every batch, and told once.
                    findings += [one for one in found if one.code != "convert.office" or one not in findings]
                    logs.note(f"{batch.jobs[0].kind}: {len(made)} of {len(batch.jobs)} made")
                    with logs.step("published"):
                        findings += _publish(made, outputs, register, editions, program, clock)
                done += len(batch.jobs)
                tell(done, len(due))
        except Trouble as trouble:
            # What was found and made before it is told, too.
            findings.append(trouble.finding)
    order = {job.number: place for place, job in enumerate(due)}
    return editions, sorted(findings, key=lambda one: order.get(one.subject, -1))


def _missing_office(due: Sequence[Job]) -> Iterator[Finding]:
    program = office.find_office()
    if not program or not (shown := office.version(program)):
        yield finding("office.missing", count=len(due))
    elif not office.is_new_enough(shown):
        yield finding("office.old", version=shown, needed=".".join(map(str, office.OLDEST)))


def _batches(due: Sequence[Job], prepared: Prepared, jobs: int, program: str, folder: str) -> Iterator[Batch]:
    """Batches of one kind each, of like size, so that no worker waits for the last one."""
    for kind, source in prepared.templates.items():
        own = [job for job in due if job.kind == kind]
        rounds = -(-len(own) // (jobs * _LARGEST_BATCH))
        size = max(1, -(-len(own) // max(1, jobs * rounds)))
        for start in range(0, len(own), size):
            part = tuple(own[start : start + size])
            pictures = prepared.album.named(prepared.words[kind], (job.context for job in part))
            yield Batch(replace(source, pictures=pictures), part, program, folder)


def _halves(batch: Batch) -> tuple[Batch, ...]:
    middle = (len(batch.jobs) + 1) // 2
    parts = (batch.jobs[:middle], batch.jobs[middle:])
    return tuple(replace(batch, jobs=jobs) for jobs in parts if jobs)


def _publish(
    made: Sequence[Made],
    outputs: Path,
    register: Register,
    editions: dict[str, Edition],
    program: str,
    clock: Clock,
) -> list[Finding]:
    """Record, then write: a run that dies in between leaves a record whose file is missing, and is made again."""
    maker = converter() if program else ""
    stamp = clock().isoformat(timespec="seconds")
    findings: list[Finding] = []
    pairs = []
    for one in made:
        digests = [hashlib.sha256(blob).hexdigest() if blob else "" for blob in (one.docx, one.pdf)]
        pairs.append((one, Edition(digests[0], digests[1], one.printed, maker, stamp)))
    register.record((one.job, edition) for one, edition in pairs)
    for one, edition in pairs:
        job = one.job
        if job.reason is Reason.ALTERED:
            findings += _set_aside(outputs, job, register.made_before())
        files.publish(outputs, [(job.docx, one.docx), *([(job.pdf, one.pdf)] if one.pdf else [])])
        # A PDF that says something else than the Word file beside it must not be printed.
        for name in (*job.former, *(() if one.pdf else (job.pdf,))):
            files.remove(outputs / name)
        editions[job.number] = edition
    return findings


def _set_aside(outputs: Path, job: Job, known: Container[str]) -> Iterator[Finding]:
    """Keep a file that somebody changed by hand beside the one that takes its place."""
    for name in (job.docx, job.pdf, *job.former):
        kept = files.set_aside(outputs, name, known)
        if kept:
            yield finding("output.altered", Cell(f"{OUTPUTS}/{name}"), kept=kept, subject=job.number)
