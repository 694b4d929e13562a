"""`hyeopyak compile`: volumes of what came back, each region's and the nation's, internal and public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.doors import files, logs, office, workers
from pipeline.doors.register import Register
from pipeline.doors.scratch import scratch
from pipeline.korean.dates import day_of
from pipeline.model.campaign import Campaign, Unsigned
from pipeline.model.collected import Collection, Paper
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.model.volumes import Binding, Edition, Volume
from pipeline.run.binding import Bounded, Say, Task, bind
from pipeline.run.collecting import ORIGINALS, passwords_of
from pipeline.run.holding import held
from pipeline.run.outcome import OUTPUTS, Options, Outcome, Tell
from pipeline.run.reading import READER
from pipeline.run.working import CAPTIONS
from pipeline.steps.collect import collect as sort_returned
from pipeline.steps.compile import Evidence, compile_volumes
from pipeline.steps.missing import missing
from pipeline.steps.read_campaign import read_campaign

VOLUMES = "volumes"
_TEMPLATES = "templates"


@dataclass(slots=True)
class _Run:
    folder: Path
    campaign: Campaign
    register: Register
    say: Say
    tell: Tell
    jobs: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def outputs(self) -> Path:
        return self.folder / OUTPUTS


def compile_(options: Options, tell: Tell, say: Say, editions: Sequence[Edition] = tuple(Edition)) -> Outcome:
    """Bind volumes.

    Args:
        options: what was asked for; `only` is part of an area's name.
        tell: told of volumes done and due.
        say: the language of what is drawn; it has to be picklable.
        editions: which.
    """
    campaign, findings = read_campaign(options.folder)
    if campaign is None:
        return Outcome(tuple(findings))
    outputs = options.folder / OUTPUTS
    with (
        held(options.folder, outputs, findings, only_look=options.dry_run),
        Register(outputs, readonly=options.dry_run) as register,
    ):
        run = _Run(options.folder, campaign, register, say, tell, options.jobs or workers.cores(), findings)
        with logs.step("sorted"):
            collection, papers = state_of(register, campaign)
        evidence = _evidence(run, collection, papers)
        volumes = [
            volume
            for edition in editions
            for volume in compile_volumes(evidence, edition)
            if options.only in volume.area
        ]
        if not volumes:
            return Outcome((*findings, finding("return.unissued")))
        if collection.cases:
            findings.append(finding("volume.cases", count=len(collection.cases)))
        if options.dry_run:
            return Outcome(tuple(findings), files=tuple(file_of(one) for one in volumes), dry_run=True)
        with logs.step(f"{len(volumes)} volumes bound"):
            made = _bind_all(run, volumes)
    return Outcome(tuple(run.findings), files=tuple(f"{OUTPUTS}/{one.file}" for one in made), papers=papers)


def state_of(register: Register, campaign: Campaign) -> tuple[Collection, tuple[Paper, ...]]:
    """What came back and where every paper stands, by the register alone."""
    issued, revisions = register.issued_pages(), register.latest()
    returned = register.returned(READER).values()
    decisions, since = register.decisions(), register.revised_at()
    collection, _ = sort_returned(returned, issued, campaign.campaign.id, decisions, revisions, since)
    return collection, missing(collection, issued, register.about())


def kinds_of(campaign: Campaign) -> tuple[str, ...]:
    """Kinds that are bound."""
    own = (name for name, kind in campaign.kinds.items() if kind.signers or kind.roll)
    return campaign.volumes.kinds or tuple(own)


def file_of(volume: Volume) -> str:
    """Path below outputs."""
    return f"{VOLUMES}/{volume.edition.value}/{files.file_name(volume.area)}.pdf"


def _evidence(run: _Run, collection: Collection, papers: Sequence[Paper]) -> Evidence:
    kept = {path.stem: f"{ORIGINALS}/{path.name}" for path in sorted((run.outputs / ORIGINALS).glob("[!.]*"))}
    return Evidence(
        collection,
        papers,
        run.register.issued_pages(),
        run.register.latest(),
        run.register.about(),
        {digest: one.original for digest, one in run.register.returned(READER).items()},
        kept,
        kinds_of(run.campaign),
        lists_unsigned=run.campaign.volumes.unsigned is Unsigned.LIST,
    )


def _bind_all(run: _Run, volumes: Sequence[Volume]) -> list[Binding]:
    stamp = _last(run.register)
    font = office.font_file(*CAPTIONS)
    if not font:
        # Lists of a volume are in Hangul.
        run.findings.append(finding("font.missing", font=CAPTIONS[0]))
        return []
    with logs.step("covers"):
        covers = _covers(run, volumes, stamp)
    if not covers:
        return []
    names = ", ".join(one.name for one in run.campaign.organisations)
    passwords = passwords_of(run.folder)
    tasks = []
    for volume, cover in zip(volumes, covers, strict=True):
        file = file_of(volume)
        target = run.outputs / file
        with files.writing(run.outputs, target):
            target.parent.mkdir(parents=True, exist_ok=True)
        temporary = str(files.temporary_of(target))
        tasks.append(
            Task(
                volume, run.campaign.campaign.name, names, str(run.outputs), file, temporary, cover, font, stamp,
                run.say, passwords,
            )
        )  # fmt: skip
    made: list[Binding] = []
    run.tell(0, len(tasks))
    try:
        for task, result in workers.run(bind, tasks, run.jobs if len(tasks) > 1 else 1, lambda one: (one,)):
            made += _published(run, task, result)
            run.tell(len(made), len(tasks))
    finally:
        for task in tasks:
            files.remove(Path(task.target))
    order = {volume: place for place, volume in enumerate(file_of(one) for one in volumes)}
    return sorted(made, key=lambda one: order[one.file])


def _published(run: _Run, task: Task, result: Bounded | list[Finding] | workers.Lost) -> Iterator[Binding]:
    volume = task.volume
    if isinstance(result, workers.Lost):
        run.findings.append(finding("volume.lost", subject=volume.area))
        return
    if isinstance(result, list):
        # A file that is gone is told once, though it is part of two volumes.
        run.findings += [one for one in result if one not in run.findings]
        return
    file = task.file
    before = {one.file: one for one in run.register.volumes()}.get(file)
    binding = Binding(
        0,
        volume.area,
        volume.edition,
        file,
        result.sha256,
        result.pages,
        len(volume.open),
        task.made_at,
        result.sources,
    )
    if before is None or before.sha256 != result.sha256:
        run.register.record_volumes([binding])
    try:
        files.put_in_place(Path(task.target), run.outputs / file)
    except OSError as error:
        raise files.unwritable(error, f"{OUTPUTS}/{file}") from error
    yield binding


def _last(register: Register) -> str:
    """When something was last issued, returned or decided: a volume is as old as that, whenever it is bound."""
    own = [one.at for one in register.events() if one.what in {"issued", "returned", "decided"}]
    return max(own, default="1970-01-01T00:00:00+00:00")


# --- covers ------------------------------------------------------------------------------------------------------


def _covers(run: _Run, volumes: Sequence[Volume], stamp: str) -> list[bytes]:
    """A PDF for each volume; none at all where the template or LibreOffice is missing."""
    from pipeline.doors import pdf
    from pipeline.doors.cutting import Cover
    from pipeline.doors.word.template import WordTemplate
    from pipeline.korean.filters import FILTERS

    name = f"{_TEMPLATES}/{run.campaign.volumes.template}"
    program = office.find_office()
    if not program:
        run.findings.append(finding("office.missing", count=len(volumes)))
        return []
    blob = files.read(run.folder / name, name, "template.missing")
    used = {one for body in run.campaign.organisations for one in (body.logo, body.seal) if one}
    pictures = {
        key: one for key, one in files.pictures(run.folder / "inputs" / "pictures", 1 << 24).items() if key in used
    }
    template = WordTemplate(blob, FILTERS, name, pictures)
    documents = []
    for volume in volumes:
        parts, found = template.render(_context(run, volume, stamp))
        run.findings += [one for one in found if one not in run.findings]
        documents.append(template.pack(parts))
    if errors(run.findings):
        return []
    with scratch() as folder:
        try:
            made = office.Office(program, folder).convert(documents, len(documents), sum(map(len, documents)))
            return [pdf.whole(one, Cover("")) for one in made]
        except office.Failure as failure:
            run.findings.append(finding("volume.cover", Cell(name), problem=str(failure)))
            return []


def _context(run: _Run, volume: Volume, stamp: str) -> Mapping[str, object]:
    campaign, say = run.campaign, run.say
    bodies = [
        {"이름": one.name, "직함": one.title, "대표": one.representative, "로고": one.logo, "직인": one.seal}
        for one in campaign.organisations
    ]
    return {
        "캠페인": {"이름": campaign.campaign.name, "협약장소": campaign.campaign.place},
        "선거": {"이름": campaign.election.name, "날짜": campaign.election.date.isoformat()},
        "용어": dict(campaign.terms),
        "단체": bodies[0],
        "단체들": bodies,
        "권": {
            "제목": "정책협약 자료집",
            "지역": volume.area,
            "판": say("public edition") if volume.edition is Edition.PUBLIC else say("internal edition"),
            "대상": str(sum(one.expected for one in volume.counts)),
            "완료": str(sum(one.complete for one in volume.counts)),
            "수록": str(sum(bool(one.leaves) for one in volume.papers)),
            "쪽": str(len(volume.leaves)),
            "기준일": day_of(stamp).isoformat(),
        },
    }
