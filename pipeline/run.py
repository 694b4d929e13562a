"""The composition root: each job of the product as a short list of steps.

    read → check → plan → render → convert, then publish

Steps do not know each other; here they are joined, and here alone results reach the disk and the register.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import tempfile
import tomllib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.doors import files, office, workers
from pipeline.doors.hanja import COMMON, RARE
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.model.book import Book
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Edition, Evidence, Job, Made, Plan, Reason
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.steps.check import check
from pipeline.steps.plan import plan
from pipeline.steps.read import CAMPAIGN_FILE, read_campaign, read_tables

OUTPUTS = "outputs"
_LARGEST_BATCH = 400
"""LibreOffice's cost is linear so far (measured, 7.4.7: 800 pages, 265 MB); more would only cost memory."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for."""

    folder: Path
    only: str = ""
    dry_run: bool = False
    keep_going: bool = False
    jobs: int = 0
    """0: as many as there are cores."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run ends with."""

    findings: tuple[Finding, ...] = ()
    jobs: tuple[Job, ...] = ()
    """All documents of the plan."""
    made: Mapping[str, Edition] = field(default_factory=dict)
    """What was published, by number."""

    dry_run: bool = False


Tell = Callable[[int, int], None]
"""Called with documents done and documents due, as they are done."""
Clock = Callable[[], datetime.datetime]


def now() -> datetime.datetime:
    """The present, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def language_of(folder: Path) -> str:
    """The campaign's language, '' while `campaign.toml` cannot be read: reading it properly comes later."""
    try:
        text = (folder / CAMPAIGN_FILE).read_text(encoding="utf-8-sig")
        return str(tomllib.loads(text)["campaign"].get("language", "ko"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def check_inputs(options: Options) -> Outcome:
    """`hyeopyak check`: all findings of spreadsheets and templates."""
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    prepared = _prepare(options.folder, campaign, list(campaign.kinds))
    return Outcome(tuple(prepared.findings), prepared.plan.jobs)


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
        return replace(_chosen(_prepare(options.folder, campaign, kinds), options), dry_run=True)
    outputs = options.folder / OUTPUTS
    files.check_writable(outputs)
    # Planning gives numbers: nobody else may do so until they are in the register.
    with files.hold(outputs):
        prepared = _prepare(options.folder, campaign, kinds)
        outcome = _chosen(prepared, options)
        if errors(outcome.findings) and not options.keep_going:
            return outcome
        chosen = Plan(outcome.jobs)
        made, found = _make(chosen, prepared.templates, outputs, options.jobs or workers.cores(), tell, clock)
    return Outcome((*outcome.findings, *found), outcome.jobs, made)


@dataclass(frozen=True, slots=True)
class Source:
    """A template: its bytes, and its path as findings name it."""

    blob: bytes
    shown: str


@dataclass(frozen=True, slots=True)
class _Prepared:
    """All that is known before anything is made."""

    plan: Plan
    templates: Mapping[str, Source]
    """By kind; only those that can be used."""
    findings: Sequence[Finding]


def _prepare(folder: Path, campaign: Campaign, kinds: Sequence[str]) -> _Prepared:
    """Read, check and plan; nothing is written."""
    book, findings = _book(folder, campaign)
    templates, found = _read_templates(folder, campaign, kinds)
    findings += found
    try:
        planned, found = _plan(book, templates, folder / OUTPUTS)
    except Trouble as trouble:
        return _Prepared(Plan(()), {}, [*findings, trouble.finding])
    findings += found
    # Documents that would share a file are not made even if people go on: one would take the other's place.
    shared = {str(one.params["kind"]) for one in found if one.code == "kind.shared"}
    templates = {kind: source for kind, source in templates.items() if kind not in shared}
    for kind in list(templates):
        found = _try_template(templates[kind], kind, book, planned)
        findings += found
        if errors(found):
            del templates[kind]
    return _Prepared(planned, templates, findings)


def _book(folder: Path, campaign: Campaign) -> tuple[Book, list[Finding]]:
    tables, findings = read_tables(folder, campaign)
    book, found = check(campaign, tables)
    # Where a table could not be read, every reference to it would look wrong.
    unread = any(one.code.startswith(("file.", "sheet.", "header.", "column.")) for one in errors(findings))
    return book, [*findings, *(one for one in found if not (unread and one.code == "reference.unknown"))]


def _read_templates(folder: Path, campaign: Campaign, kinds: Sequence[str]) -> tuple[dict[str, Source], list[Finding]]:
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for kind in kinds:
        name = f"templates/{campaign.kinds[kind].template}"
        try:
            sources[kind] = Source(files.read(folder / name, name, "template.missing"), name)
        except Trouble as trouble:
            findings.append(trouble.finding)
    return sources, findings


def _try_template(source: Source, kind: str, book: Book, planned: Plan) -> list[Finding]:
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.check_template import check_template

    jobs = [job for job in planned.jobs if job.kind == kind]
    return check_template(source.blob, source.shown, FILTERS, jobs, book.names, office.installed_fonts())


def _plan(book: Book, templates: Mapping[str, Source], outputs: Path) -> tuple[Plan, list[Finding]]:
    from pipeline.doors.word import RENDERER

    with Register(outputs, readonly=True) as register:
        issued = register.issued()
        if not issued and files.holds_papers(outputs):
            raise Trouble(finding("register.lost", Cell(f"{OUTPUTS}/{REGISTER}")))
        paths = [path for one in issued.values() for path in (one.docx, one.pdf)]
        evidence = Evidence(
            issued=issued,
            serials=register.serials(),
            made_before=register.made_before(),
            sha256=files.hashes(outputs, paths),
            templates={kind: hashlib.sha256(one.blob).hexdigest() for kind, one in templates.items()},
            converter=_converter(),
        )
    return plan(book, evidence, list(templates), RENDERER, files.file_name)


def _chosen(prepared: _Prepared, options: Options) -> Outcome:
    """The part of the plan that `--only` asks for."""
    jobs = prepared.plan.jobs
    if options.only:
        wanted = options.only.casefold()
        jobs = tuple(one for one in jobs if wanted in f"{one.number}\n{one.subject}\n{one.place}".casefold())
        if not jobs and not errors(prepared.findings):
            return Outcome((*prepared.findings, finding("only.nothing", pattern=options.only)))
    return Outcome(tuple(prepared.findings), jobs)


def _converter() -> str:
    program = office.find_office()
    shown = office.version(program) if program else ""
    return shown if office.is_new_enough(shown) else ""


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
    from pipeline.doors.word import WordTemplate
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.convert import convert
    from pipeline.steps.render import render

    template = WordTemplate(batch.template.blob, FILTERS, batch.template.shown)
    rendered, findings = render(template, batch.jobs)
    if not batch.program:
        return [Made(one.job, one.docx) for one in rendered], findings
    folder = Path(batch.folder) / f"worker-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    expected = _expected_fonts(template.fonts())
    converted, found = convert(rendered, template.static, office.Office(batch.program, folder), expected)
    pdfs = {one.job.number: one for one in converted}
    made = [
        Made(one.job, one.docx, pdf.pdf, pdf.pages) if (pdf := pdfs.get(one.job.number)) else Made(one.job, one.docx)
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


def _make(
    planned: Plan, templates: Mapping[str, Source], outputs: Path, jobs: int, tell: Tell, clock: Clock
) -> tuple[dict[str, Edition], list[Finding]]:
    """Make what is due, batch by batch, and publish each as soon as it is checked."""
    due = tuple(job for job in planned.due if job.kind in templates)
    if not due:
        return {}, []
    findings = list(_missing_office(due))
    program = "" if findings else office.find_office()
    if not program:
        due = tuple(job for job in due if job.reason is not Reason.WAITING)
    editions: dict[str, Edition] = {}
    done = 0
    tell(0, len(due))
    with tempfile.TemporaryDirectory(prefix="hyeopyak-") as folder, Register(outputs) as register:
        batches = list(_batches(due, templates, jobs, program, folder))
        processes = jobs if len(batches) > 1 else 1
        try:
            for batch, result in workers.run(make_batch, batches, processes, _halves):
                if isinstance(result, workers.Lost):
                    findings += [finding("worker.lost", subject=job.number) for job in batch.jobs]
                else:
                    made, found = result
                    findings += found
                    findings += _publish(made, outputs, register, editions, program, clock)
                done += len(batch.jobs)
                tell(done, len(due))
        except Trouble as trouble:
            # What was found and made before it is told, too.
            findings.append(trouble.finding)
        finally:
            office.end_orphans(Path(folder))
    order = {job.number: place for place, job in enumerate(due)}
    return editions, sorted(findings, key=lambda one: order.get(one.subject, -1))


def _missing_office(due: Sequence[Job]) -> Iterator[Finding]:
    program = office.find_office()
    if not program or not (shown := office.version(program)):
        yield finding("office.missing", count=len(due))
    elif not office.is_new_enough(shown):
        yield finding("office.old", version=shown, needed=".".join(map(str, office.OLDEST)))


def _batches(
    due: Sequence[Job], templates: Mapping[str, Source], jobs: int, program: str, folder: str
) -> Iterator[Batch]:
    """Batches of one kind each, of like size, so that no worker waits for the last one."""
    for kind, source in templates.items():
        own = [job for job in due if job.kind == kind]
        rounds = -(-len(own) // (jobs * _LARGEST_BATCH))
        size = max(1, -(-len(own) // max(1, jobs * rounds)))
        for start in range(0, len(own), size):
            yield Batch(source, tuple(own[start : start + size]), program, folder)


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
    converter = office.version(program) if program else ""
    stamp = clock().isoformat(timespec="seconds")
    findings: list[Finding] = []
    pairs = []
    for one in made:
        digests = [hashlib.sha256(blob).hexdigest() if blob else "" for blob in (one.docx, one.pdf)]
        pairs.append((one, Edition(digests[0], digests[1], one.pages, converter, stamp)))
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
