"""Everything before anything is made: read, check, join, plan, and templates tried. Nothing is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.doors import files, office
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.model.book import Book
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Context, Evidence, Plan
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run.outcome import OUTPUTS, Options, Outcome
from pipeline.steps.check import check
from pipeline.steps.join import join
from pipeline.steps.plan import Tools, plan
from pipeline.steps.read import read_tables


@dataclass(frozen=True, slots=True)
class Source:
    """A template: its bytes, and its path as findings name it."""

    blob: bytes
    shown: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before anything is made."""

    plan: Plan
    templates: Mapping[str, Source]
    """By kind; only those that can be used."""
    findings: Sequence[Finding]


def prepare(folder: Path, campaign: Campaign, kinds: Sequence[str]) -> Prepared:
    """Read, check and plan; nothing is written."""
    book, findings = _book(folder, campaign, kinds)
    templates, found = _read_templates(folder, campaign, kinds)
    findings += found
    try:
        planned, found = _plan(book, templates, folder / OUTPUTS)
    except Trouble as trouble:
        return Prepared(Plan(()), {}, [*findings, trouble.finding])
    findings += found
    # Documents that would share a file are not made even if people go on: one would take the other's place.
    shared = {str(one.params["kind"]) for one in found if one.code == "kind.shared"}
    templates = {kind: source for kind, source in templates.items() if kind not in shared}
    for kind in list(templates):
        found = _try_template(templates[kind], kind, book, planned)
        findings += found
        if errors(found):
            del templates[kind]
    return Prepared(planned, templates, findings)


def _book(folder: Path, campaign: Campaign, kinds: Sequence[str]) -> tuple[Book, list[Finding]]:
    needed = {table for name in kinds for each in campaign.kinds[name].for_each for table in each.tables}
    tables, findings = read_tables(folder, campaign, needed)
    book, found = join(campaign, tables)
    found = [*check(tables), *found]
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
            pictures={},
            converter=converter(),
        )
    return plan(book, evidence, list(templates), Tools(RENDERER, files.file_name, _read_by))


def _read_by(kind: str, context: Context) -> Context:
    return context


def chosen(prepared: Prepared, options: Options) -> Outcome:
    """The part of the plan that `--only` asks for."""
    jobs = prepared.plan.jobs
    if options.only:
        wanted = options.only.casefold()
        jobs = tuple(one for one in jobs if wanted in f"{one.number}\n{one.subject}\n{one.place}".casefold())
        if not jobs and not errors(prepared.findings):
            return Outcome((*prepared.findings, finding("only.nothing", pattern=options.only)))
    return Outcome(tuple(prepared.findings), jobs)


def converter() -> str:
    program = office.find_office()
    shown = office.version(program) if program else ""
    return shown if office.is_new_enough(shown) else ""
