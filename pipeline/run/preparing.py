"""Everything before anything is made: read, check, join, plan, and templates tried. Nothing is written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.doors import files, logs, office
from pipeline.doors.digests import Digests
from pipeline.doors.register import FILE as REGISTER
from pipeline.doors.register import Register
from pipeline.model.book import Book
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Context, Evidence, Issued, Job, Plan
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.model.identity import LOOK
from pipeline.model.memory import Places
from pipeline.run.album import Album
from pipeline.run.outcome import CHECKED, OUTPUTS, PREVIEW, Options, Outcome
from pipeline.run.working import Source
from pipeline.steps.check import check
from pipeline.steps.join import join
from pipeline.steps.plan import Subjects, Tools, offered, plan, sampled, subjects_of
from pipeline.steps.read import read_tables
from pipeline.steps.read_campaign import located
from pipeline.steps.recover import recognise
from pipeline.steps.unify import unify

if TYPE_CHECKING:
    from pipeline.doors.word.contract import Group
    from pipeline.doors.word.template import WordTemplate


_ALL: Mapping[str, Collection[int]] = MappingProxyType({})
_LEFT_OUT = frozenset({"plan.removed", "plan.filtered"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that is known before anything is made."""

    plan: Plan
    templates: Mapping[str, Source]
    """By kind; only those that can be used."""
    sources: Mapping[str, Source]
    """By kind; all that could be read."""
    findings: Sequence[Finding]
    album: Album = field(default_factory=Album)
    words: Mapping[str, str] = field(default_factory=dict)
    """Of each template, tags and all: they may name pictures."""
    shapes: Mapping[str, Group] = field(default_factory=dict)
    """What templates of each kind can see."""
    digests: Digests | None = None
    """Of the files that were issued."""
    places: Places = field(default_factory=dict)
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: Sequence[Finding] = ()
    """Those of `findings` that tables and plan gave."""
    tried: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    """By kind: those that trying its template gave. This and the three before the next run may remember."""
    alone: frozenset[str] = frozenset()
    """Kinds whose documents LibreOffice converts one by one, as far as many are due."""


def prepare(
    folder: Path,
    campaign: Campaign,
    kinds: Sequence[str],
    instead: Mapping[str, Source] = MappingProxyType({}),
    *,
    only_due: bool = False,
) -> Prepared:
    """Read, check and plan; nothing is written.

    Args:
        folder: the campaign's.
        campaign: its settings.
        kinds: names of kinds.
        instead: templates to try in place of the campaign's own, by kind.
        only_due: try only templates of which a document is due. Where none is, each was made of this very template.
    """
    sources, findings = read_templates(folder, campaign, kinds, instead)
    try:
        with logs.step("templates compiled"):
            album = Album.of(folder)
            templates = {kind: one for kind, source in sources.items() if (one := compiled(source, album))}
        with logs.step("tables read, checked and joined"):
            book, places, found = read_book(folder, campaign, tables_for(campaign, kinds, templates))
        findings += found
        with logs.step("planned"):
            desk = Desk.of(book, sources, album, templates)
            digests = Digests.remembered(folder / OUTPUTS)
            planned, found = _plan(desk, folder / OUTPUTS, digests)
            found = located(folder, found)
    except Trouble as trouble:
        return Prepared(Plan(()), {}, sources, [*findings, trouble.finding])
    # A row that cannot be read is not a row that was taken away.
    findings += [one for one in found if not (one.code in _LEFT_OUT and errors(findings))]
    told = tuple(findings)
    due = {job.kind for job in planned.due} | (set() if only_due else set(sources))
    # A template without documents, one that cannot be compiled included, was never proved by a paper.
    due |= set(sources) - {job.kind for job in planned.jobs} | set(sources) - set(desk.templates)
    tried: dict[str, tuple[Finding, ...]] = {}
    barred: set[str] = set()
    for kind in (kind for kind in sources if kind in due):
        found = try_template(desk, kind, planned)
        tried[kind] = tuple(found)
        findings += found
        barred |= {kind} if errors(found) else set()
    usable = {kind: source for kind, source in sources.items() if kind not in barred}
    words = {kind: desk.words(kind) for kind in usable}
    alone = frozenset(_alone(desk, {job.kind: job for job in planned.due if job.kind in usable}))
    return Prepared(
        planned, usable, sources, findings, desk.album, words, desk.shapes, digests, places, desk.samples, told, tried,
        alone,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What planning is done from."""

    book: Book
    subjects: Subjects
    sources: Mapping[str, Source]
    album: Album
    templates: Mapping[str, WordTemplate]
    """By kind; only those that can be compiled."""
    shapes: Mapping[str, Group]
    """What each kind offers; only of kinds that have subjects."""
    samples: Mapping[str, tuple[str, ...]]
    """By kind: the subjects that show it."""

    @classmethod
    def of(
        cls,
        book: Book,
        sources: Mapping[str, Source],
        album: Album,
        templates: Mapping[str, WordTemplate],
        samples: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> Desk:
        """Look at what the kinds offer; `samples` where it is known which subjects show it."""
        from pipeline.doors.word.contract import shape_of

        subjects = subjects_of(book, sources)
        chosen = {kind: sampled(own, samples.get(kind)) for kind, own in subjects.items()}
        offers = {kind: list(offered(book, kind, own)) for kind, own in chosen.items()}
        return cls(
            book,
            subjects,
            sources,
            album,
            templates,
            {kind: shape_of(contexts) for kind, contexts in offers.items() if contexts},
            {kind: tuple(one.key for one in own) for kind, own in chosen.items()},
        )

    def words(self, kind: str) -> str:
        """Of a kind's template, with its tags: they may name pictures."""
        return _words(self.templates.get(kind))

    def hashes(self) -> dict[str, str]:
        """SHA-256 of each kind's template."""
        return {kind: hashlib.sha256(one.blob).hexdigest() for kind, one in self.sources.items()}

    def tools(self) -> Tools:
        """What planning borrows from doors; of contexts, what a template reads and the pictures that its words name."""
        from pipeline.doors.word.contract import Speller, prune
        from pipeline.doors.word.template import RENDERER

        used = {kind: one.reads(self.shapes[kind]) for kind, one in self.templates.items() if kind in self.shapes}
        words = {kind: self.words(kind) for kind in used}
        named = {kind: [name for name in self.album.pictures if name in words[kind]] for kind in used}
        pictures = {kind: json.dumps(names, ensure_ascii=False) for kind, names in named.items()}
        spellers = {kind: Speller(one) for kind, one in used.items()}

        def read_by(kind: str, context: Context) -> Context:
            return {**prune(context, used[kind]), "": named[kind]} if kind in used else context

        def spelled(kind: str, context: Context) -> str:
            if kind not in used:
                return json.dumps(context, ensure_ascii=False, sort_keys=True)
            rest = spellers[kind].spelled(context)[1:]
            return f'{{"": {pictures[kind]}{", " if len(rest) > 1 else ""}{rest}'

        return Tools(RENDERER, files.file_name, read_by, spelled)


def recovered(folder: Path, campaign: Campaign, papers: Sequence[str]) -> Prepared:
    """What papers below outputs may be that the register does not know.

    Leaves claims: documents as they would be made under the numbers that the papers bear.

    Args:
        folder: the campaign's.
        campaign: its settings.
        papers: paths of Word files below outputs.

    Raises:
        Trouble: a file cannot be read.
    """
    # Whoever a filter leaves out today may have had a paper yesterday.
    kinds = {name: kind.model_copy(update={"filter": {}}) for name, kind in campaign.kinds.items()}
    campaign = campaign.model_copy(update={"kinds": kinds})
    sources, findings = read_templates(folder, campaign, list(kinds), {})
    album = Album.of(folder)
    templates = {kind: one for kind, source in sources.items() if (one := compiled(source, album))}
    book, _, found = read_book(folder, campaign, tables_for(campaign, kinds, templates))
    findings += found
    desk = Desk.of(book, sources, album, templates)
    jobs: list[Job] = []
    for issued in _rounds(recognise(kinds, desk.subjects, papers, files.file_name)):
        evidence = Evidence(issued, {}, frozenset(), {}, desk.hashes(), album.digests())
        planned, found = plan(book, desk.subjects, evidence, desk.tools())
        jobs += (one for one in planned.jobs if (one.kind, one.key) in issued)
        findings += [one for one in found if one.code == "kind.column"]
    words = {kind: desk.words(kind) for kind in sources}
    return Prepared(Plan(tuple(jobs)), sources, sources, findings, album, words)


def _rounds(claims: Iterable[Issued]) -> list[dict[tuple[str, str], Issued]]:
    """Claims so divided that each subject is planned with one number at a time; hardly ever more than one round."""
    rounds: list[dict[tuple[str, str], Issued]] = []
    for one in claims:
        subject = (one.kind, one.key)
        free = next((known for known in rounds if subject not in known), None)
        if free is None:
            rounds.append(free := {})
        free[subject] = one
    return rounds


def _words(template: WordTemplate | None) -> str:
    return "\n".join(source for _, source in template.sources()) if template else ""


def compiled(source: Source, album: Album) -> WordTemplate | None:
    """The template, None where it must not be opened or cannot be: `check_template` says why."""
    from pipeline.doors.word.package import REFUSED, UNREADABLE, inspect
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    if any(one.code in UNREADABLE | REFUSED for one in inspect(source.blob, source.shown)):
        return None
    try:
        return WordTemplate(source.blob, FILTERS, source.shown, album.pictures)
    except Trouble:
        return None


_PROGRESS = re.compile(r"\{[{%][^{}]*\b점검\b")
"""A tag with the field whose table is kept only after the election: agreements must not wait for it."""


def tables_for(campaign: Campaign, kinds: Iterable[str], templates: Mapping[str, WordTemplate]) -> frozenset[str]:
    """Entries of `[tables]` that papers of some kinds need, beside those that all need."""
    needed = {table for name in kinds for each in campaign.kinds[name].for_each for table in each.tables}
    if not any(_PROGRESS.search(_words(templates.get(name))) for name in kinds):
        needed.discard("progress")
    return frozenset(needed)


def read_book(
    folder: Path,
    campaign: Campaign,
    needed: Collection[str],
    only: Mapping[str, Collection[int]] = MappingProxyType({}),
) -> tuple[Book, Places, list[Finding]]:
    """Tables read, checked and joined, and whose rows stand where; arguments as of `read_tables`."""
    tables, findings = read_tables(folder, campaign, needed, only)
    tables, told = unify(tables)
    book, found = join(campaign, tables)
    found = [*told, *check(tables), *found]
    # Where a table could not be read, every reference to it would look wrong.
    unread = any(one.code.startswith(("file.", "sheet.", "header.", "column.")) for one in errors(findings))
    told = [*findings, *(one for one in found if not (unread and one.code == "reference.unknown"))]
    return book, tables.places, told


def read_templates(
    folder: Path, campaign: Campaign, kinds: Sequence[str], instead: Mapping[str, Source]
) -> tuple[dict[str, Source], list[Finding]]:
    """Templates of some kinds, those aside that are given `instead`; what cannot be read is told."""
    sources: dict[str, Source] = dict(instead)
    findings: list[Finding] = []
    for kind in (name for name in kinds if name not in instead):
        name = f"templates/{campaign.kinds[kind].template}"
        try:
            sources[kind] = Source(files.read(folder / name, name, "template.missing"), name)
        except Trouble as trouble:
            findings.append(trouble.finding)
    return sources, findings


def try_template(desk: Desk, kind: str, planned: Plan) -> list[Finding]:
    """What a check of a kind's template, with its papers as planned, finds."""
    from pipeline.korean.filters import FILTERS
    from pipeline.steps.check_template import Offer, check_template

    source = desk.sources[kind]
    jobs = [job for job in planned.jobs if job.kind == kind]
    offer = Offer(
        desk.shapes.get(kind),
        desk.album.pictures,
        desk.templates.get(kind),
        bool(desk.book.campaign.kinds[kind].signers),
    )
    with logs.step(f"template of {kind} tried"):
        return check_template(
            source.blob, source.shown, FILTERS, jobs, desk.book.names, office.installed_fonts(), offer
        )


def _alone(desk: Desk, examples: Mapping[str, Job]) -> Iterator[str]:
    """Kinds that cannot be composed, by an example of each."""
    from pipeline.doors.word.compose import obstacle

    for kind, job in examples.items():
        template = desk.templates[kind]
        parts, found = template.render(job.context)
        if not found and obstacle(template.static, parts):
            yield kind


def _plan(desk: Desk, outputs: Path, digests: Digests) -> tuple[Plan, list[Finding]]:
    with Register(outputs, readonly=True) as register:
        if not register.numbers() and files.holds_papers(outputs, (CHECKED, PREVIEW)):
            raise Trouble(finding("register.lost", Cell(f"{OUTPUTS}/{REGISTER}")))
        known = _evidence(register, digests, desk.hashes(), desk.album.digests())
        return plan(desk.book, desk.subjects, known, desk.tools())


def _evidence(
    register: Register, digests: Digests, templates: Mapping[str, str], pictures: Mapping[str, str]
) -> Evidence:
    """What a plan may know; the register stays open while it is used."""
    issued = register.issued()
    return Evidence(
        issued=issued,
        serials=register.serials(),
        made_before=register.made_before(),
        sha256=digests.of(path for one in issued.values() for path in (one.docx, one.pdf)),
        templates=templates,
        pictures=pictures,
        converter=converter(),
        gone_out=register.gone_out(),
        context_of=register.context_of,
    )


def chosen(prepared: Prepared, options: Options) -> Outcome:
    """The part of the plan that `--only` asks for, without what only authors of templates care for."""
    findings = tuple(one for one in prepared.findings if one.code != "template.unused")
    jobs = prepared.plan.jobs
    if options.only:
        jobs = tuple(one for one in jobs if options.wants(one.number, one.subject, one.place))
        if not jobs and not errors(prepared.findings):
            return Outcome((*findings, finding("only.nothing", pattern=options.only)))
    return Outcome(findings, jobs)


def converter() -> str:
    """Name and version of what makes PDFs; '' without a LibreOffice that will do."""
    program = office.find_office()
    shown = office.version(program) if program else ""
    return f"{shown}, {LOOK}" if office.is_new_enough(shown) else ""
