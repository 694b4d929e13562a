"""Making documents: batches to workers, results checked, recorded and published one by one."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from pipeline.doors import files, logs, memory, office, workers
from pipeline.doors.books.checked_summary import Voice
from pipeline.doors.books.sheets import bytes_of
from pipeline.doors.digests import Digests
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.doors.scratch import scratch
from pipeline.doors.word.hanja import COMMON, RARE
from pipeline.model.campaign import Campaign, Each
from pipeline.model.documents import Edition, Job, Made, Plan, Reason
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run.again import prepare_again
from pipeline.run.batches import cut, workers_for
from pipeline.run.checked import write_copies
from pipeline.run.holding import held
from pipeline.run.looking import Look, remember
from pipeline.run.outcome import OUTPUTS, Announce, Clock, Options, Outcome, Tell, now, unheard
from pipeline.run.preparing import Prepared, chosen, converter, prepare
from pipeline.run.spreading import Hands, ahead, crew, here
from pipeline.run.working import CAPTIONS, Batch, get_ready, halves, make_batch
from pipeline.steps.read_campaign import read_campaign, settings_text

_SEVERAL = 2
"""Workers: one alone is this process itself."""


def language_of(folder: Path) -> str:
    """The campaign's language, '' while `campaign.toml` cannot be read: reading it properly comes later."""
    try:
        return str(tomllib.loads(settings_text(folder))["campaign"].get("language", "ko"))
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


def make(
    options: Options, kinds: Sequence[str], tell: Tell, clock: Clock = now, announce: Announce = unheard
) -> Outcome:
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
    with held(options.folder, outputs, findings), scratch() as folder, contextlib.ExitStack() as stack:
        _bring_up(outputs)
        hands = stack.enter_context(_ready(options, campaign, kinds, folder))
        look = Look.at(options.folder, campaign, kinds)
        some = partial(get_ready, "" if options.cluster else office.find_office(), folder)
        prepared = prepare_again(options.folder, campaign, look, some) or prepare(
            options.folder, campaign, kinds, only_due=True
        )
        outcome = chosen(prepared, options)
        outcome = replace(outcome, findings=(*findings, *outcome.findings))
        if errors(outcome.findings) and not options.keep_going:
            return outcome
        due = replace(prepared, plan=Plan(outcome.jobs))
        made, found = _produce_by(options, due, folder, hands, tell, clock, announce)
        if prepared.digests:
            prepared.digests.save()
        if not errors(outcome.findings) and _is_complete(prepared.plan, made):
            remember(options.folder, campaign, look, prepared)
    return Outcome((*outcome.findings, *found), outcome.jobs, made)


def _is_complete(plan: Plan, made: Mapping[str, Edition]) -> bool:
    """Whether every document is up to date now."""
    return all(made[job.number].pdf_sha256 if job.number in made else False for job in plan.due)


def _ready(
    options: Options, campaign: Campaign, kinds: Sequence[str], folder: Path
) -> contextlib.AbstractContextManager[Hands]:
    """Who makes papers here. They start meanwhile where all has to be read, and many papers will be due."""
    hands = here(options.jobs)
    size = sum(len(bytes_of(options.folder, source)) for source in campaign.tables.candidates)
    count = min(hands.jobs, workers_for(size))
    if memory.is_there(options.folder / OUTPUTS) or options.cluster or options.only or count < _SEVERAL:
        return contextlib.nullcontext(hands)
    if not any(Each.CANDIDATE in campaign.kinds[kind].for_each for kind in kinds):
        return contextlib.nullcontext(hands)
    return ahead(hands, count, office.find_office(), folder)


def _produce_by(
    options: Options, due: Prepared, folder: Path, hands: Hands, tell: Tell, clock: Clock, announce: Announce
) -> tuple[dict[str, Edition], list[Finding]]:
    """Make what is due, here or on a cluster."""
    outputs = options.folder / OUTPUTS
    if not options.cluster or not due.plan.due:
        return produce(due, outputs, folder, hands, tell, clock)
    made: dict[str, Edition] = {}
    findings: list[Finding] = []
    try:
        with crew(options.cluster, _fonts(due), findings, announce) as others:
            made, found = produce(due, outputs, folder, others, tell, clock)
            findings += found
    except Trouble as trouble:
        findings.append(trouble.finding)
    return made, findings


def _fonts(due: Prepared) -> frozenset[str]:
    """Families that papers which are due need."""
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    kinds = {job.kind for job in due.plan.due} & set(due.templates)
    sources = [due.templates[kind] for kind in kinds]
    named = (WordTemplate(one.blob, FILTERS, one.shown, {}).fonts() for one in sources)
    return frozenset({COMMON, RARE, *CAPTIONS}).union(*named)


def _bring_up(outputs: Path) -> None:
    """A register of an earlier version gets today's layout; planning only reads, and tells what is wrong with it."""
    with contextlib.suppress(Trouble, OSError):
        if (outputs / REGISTER).stat().st_size:
            with Register(outputs):
                pass


def produce(
    prepared: Prepared, outputs: Path, folder: Path, hands: Hands, tell: Tell, clock: Clock
) -> tuple[dict[str, Edition], list[Finding]]:
    """Make what is due, batch by batch, and publish each as soon as it is checked.

    Args:
        prepared: what is due, and from what.
        outputs: the folder.
        folder: a scratch one.
        hands: who makes it.
        tell: how far it has come.
        clock: the time.
    """
    due = tuple(job for job in prepared.plan.due if job.kind in prepared.templates)
    if not due:
        return {}, []
    findings = list(_missing_office(due))
    program = "" if findings else office.find_office()
    if not program:
        due = tuple(job for job in due if job.reason is not Reason.WAITING and not _would_lose(job, outputs))
    editions: dict[str, Edition] = {}
    done = 0
    tell(0, len(due))
    with Register(outputs) as register:
        batches = list(_batches(due, prepared, hands, program, str(folder)))
        processes = hands.jobs if len(batches) > 1 else 1
        if processes > 1:  # each has a LibreOffice of its own
            office.end_waiting(folder)
        try:
            for batch, result in hands.run(make_batch, batches, processes, halves):
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
                        if prepared.digests:
                            _note(prepared.digests, made, editions)
                    # The next result finds the memory of this one free.
                    del made
                del result
                done += len(batch.jobs)
                tell(done, len(due))
        except Trouble as trouble:
            # What was found and made before it is told, too.
            findings.append(trouble.finding)
    order = {job.number: place for place, job in enumerate(due)}
    return editions, sorted(findings, key=lambda one: order.get(one.subject, -1))


def _would_lose(job: Job, outputs: Path) -> bool:
    """Whether a Word file alone would take the place of a PDF that says the same, and may have gone out."""
    pdfs = [name for name in (job.pdf, *job.former) if name.endswith(".pdf")]
    return job.reason not in {Reason.NEW, Reason.CHANGED} and any((outputs / name).exists() for name in pdfs)


def _missing_office(due: Sequence[Job]) -> Iterator[Finding]:
    program = office.find_office()
    if not program or not (shown := office.version(program)):
        yield finding("office.missing", count=len(due))
    elif not office.is_new_enough(shown):
        yield finding("office.old", version=shown, needed=".".join(map(str, office.OLDEST)))


def _batches(due: Sequence[Job], prepared: Prepared, hands: Hands, program: str, folder: str) -> Iterator[Batch]:
    """Batches of one kind each."""
    parts = [
        part
        for kind in prepared.templates
        for part in cut(
            [job for job in due if job.kind == kind],
            hands.jobs,
            always=hands.always,
            alone=bool(program) and kind in prepared.alone,
        )
    ]
    # The dearest first: what comes last is soon done.
    for part in sorted(parts, key=lambda one: -one.cost):
        kind = part.jobs[0].kind
        pictures = prepared.album.named(prepared.words[kind], (job.context for job in part.jobs))
        yield Batch(replace(prepared.templates[kind], pictures=pictures), part.jobs, program, folder)


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
    pairs = [(one, Edition(one.docx_sha256, one.pdf_sha256, one.printed, maker, stamp)) for one in made]
    register.record(((one.job, edition) for one, edition in pairs), {one.job.number: one.context for one in made})
    if altered := [one.job for one in made if one.job.reason is Reason.ALTERED]:
        known = register.made_before()
        findings += [found for job in altered for found in _set_aside(outputs, job, known)]
    arrived: set[str] = set()
    try:
        files.publish(outputs, (file for one in made for file in _files_of(one)), arrived.add)
    finally:
        for one, edition in pairs:
            if {one.job.docx, *([one.job.pdf] if one.pdf else [])} <= arrived:
                # A PDF that says something else than the Word file beside it must not be printed.
                for name in (*one.job.former, *(() if one.pdf else (one.job.pdf,))):
                    files.remove(outputs / name)
                editions[one.job.number] = edition
    return findings


def _files_of(one: Made) -> Iterator[tuple[str, bytes]]:
    yield one.job.docx, one.docx
    if one.pdf:
        yield one.job.pdf, b"".join(one.pdf)


def _note(digests: Digests, made: Sequence[Made], editions: Mapping[str, Edition]) -> None:
    """The next run need not read what this one wrote."""
    for one in made:
        edition = editions[one.job.number]
        digests.note(one.job.docx, edition.docx_sha256)
        if edition.pdf_sha256:
            digests.note(one.job.pdf, edition.pdf_sha256)


def _set_aside(outputs: Path, job: Job, known: Container[str]) -> Iterator[Finding]:
    """Keep a file that somebody changed by hand beside the one that takes its place."""
    for name in (job.docx, job.pdf, *job.former):
        kept = files.set_aside(outputs, name, known)
        if kept:
            yield finding("output.altered", Cell(f"{OUTPUTS}/{name}"), kept=kept, subject=job.number)
