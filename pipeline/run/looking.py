"""What a run is going to read, looked at before it is read, and what is kept of it for the next run."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.doors import files, machine, memory, office, workers
from pipeline.doors.books.sheets import bytes_of, trace_of
from pipeline.doors.digests import Digests
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Evidence
from pipeline.model.errors import Trouble
from pipeline.model.findings import errors
from pipeline.model.memory import Inputs, Memory, Paper, Trace
from pipeline.run.album import Album
from pipeline.run.outcome import OUTPUTS
from pipeline.run.preparing import Prepared, converter
from pipeline.steps.plan import has_its_files
from pipeline.steps.read import chosen_tables

_SETTINGS = "inputs/campaign.toml"
ONCE = frozenset({"plan.revised"})
"""Findings that only the run tells which makes the paper."""
_NOTHING = Inputs("", {}, {})


@dataclass(frozen=True, slots=True)
class Look:
    """What a run is going to read, as it was before it was read."""

    known: Memory | None
    """Of the last run, where program, settings, templates and pictures are the same."""
    inputs: Inputs
    traces: Mapping[str, tuple[Trace, list[range] | None]]
    """Of sheets whose file is another one than in the last run, with the rows that may be others."""
    office: str
    """By what LibreOffice is known again."""
    outputs: Callable[[], Outputs] | None = None
    """Looked at meanwhile, where a run is known."""

    @classmethod
    def at(cls, folder: Path, campaign: Campaign, kinds: Sequence[str]) -> Look:
        """Look at everything.

        Args:
            folder: the campaign's.
            campaign: its settings.
            kinds: names of kinds.
        """
        known = memory.remembered(folder / OUTPUTS)
        settings = _settings(folder, campaign, kinds)
        known = known if known and known.inputs.settings == settings else None
        before = known.inputs if known else _NOTHING
        outputs = workers.apart(partial(Outputs.at, folder / OUTPUTS, known.papers)) if known else None
        stamp = _ask_office(known)
        files = _files(folder, campaign, kinds)
        found = {source: _trace(folder, source, known) for source in files if before.files.get(source) != files[source]}
        sheets = {source: _digest(repr(one[0]).encode()) if one else files[source] for source, one in found.items()}
        same = {source: before.sheets[source] for source in files.keys() - found.keys()}
        traces = {source: one for source, one in found.items() if one}
        return cls(known, Inputs(settings, files, same | sheets), traces, stamp, outputs)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was issued, and what lies on disk: as far as it is not as recorded."""

    link: str
    """The last of the register's chain of events."""
    has_all: bool
    """Whether every document of the last run is on record."""
    converters: frozenset[str]
    """What made those that have not gone out."""
    altered: frozenset[tuple[str, str]]
    """By kind and subject key: documents whose files are not as recorded."""
    sha256: Mapping[str, str]
    """Of the files of those, as in `Evidence`."""
    ours: frozenset[str]
    """Those of `sha256` that are hashes of files that were ever published."""

    @classmethod
    def at(cls, folder: Path, papers: Collection[Paper]) -> Outputs:
        """Look into an outputs folder; what files were seen to hold is remembered for the next time.

        Args:
            folder: the outputs folder.
            papers: of the last run.

        Raises:
            Trouble: of the register.
        """
        digests = Digests.remembered(folder)
        with Register(folder, readonly=True) as register:
            issued, gone_out, link = register.issued(), register.gone_out(), register.last_link()
            # Others, of people who withdrew, are never made again.
            known = {own: issued[own] for one in papers if (own := (one.kind, one.key)) in issued}
            sha256 = digests.of(name for one in issued.values() for name in (one.docx, one.pdf))
            altered = {own: one for own, one in known.items() if not has_its_files(one, sha256)}
            ours = register.made_before() if altered else frozenset()
        digests.save()
        names = {name for one in altered.values() for name in (one.docx, one.pdf)} & sha256.keys()
        found = {name: sha256[name] for name in names}
        free = (one.converter for one in known.values() if (one.number, one.revision) not in gone_out)
        has_all = len(known) == len(papers)
        return cls(link, has_all, frozenset(free), frozenset(altered), found, ours & set(found.values()))

    def evidence(
        self, register: Register, keys: Collection[str], templates: Mapping[str, str], pictures: Mapping[str, str]
    ) -> Evidence:
        """What a plan may know of the documents of some subjects; the register stays open while it is used."""
        issued = register.issued(keys)
        recorded = {
            name: digest for one in issued.values() for name, digest in zip(
                (one.docx, one.pdf), (one.docx_sha256, one.pdf_sha256), strict=True
            )
        }  # fmt: skip
        changed = {name for own in issued.keys() & self.altered for name in (issued[own].docx, issued[own].pdf)}
        sound = {name: digest for name, digest in recorded.items() if name not in changed}
        return Evidence(
            issued=issued,
            serials=register.serials(),
            made_before=self.ours.union(filter(None, recorded.values())),
            sha256={**sound, **self.sha256},
            templates=templates,
            pictures=pictures,
            converter=converter(),
            gone_out=register.gone_out(),
            context_of=register.context_of,
        )


def _ask_office(known: Memory | None) -> str:
    """Its `stamp`, from before it was asked for its version; to say that takes it 0.1 s, and a core."""
    program = office.find_office()
    stamp = office.stamp(program) if program else ""
    before, shown = known.office if known else ("", "")
    if stamp and shown and stamp == before:
        office.is_version(program, shown)
    elif program:
        workers.beside(converter)
    return stamp


def _settings(folder: Path, campaign: Campaign, kinds: Iterable[str]) -> str:
    """Digest of all that decides what a run makes of its tables."""
    versions = [machine.program(), sys.version, *(machine.version(name) for name in machine.LIBRARIES)]
    fonts = sorted(f"{family}: {sorted(names)}" for family, names in office.installed_fonts().items())
    # Settings as they were read, and their file: somebody may have saved another one meanwhile.
    digest = hashlib.sha256(f"{versions} {fonts} {kinds} {campaign.model_dump_json()}".encode())
    for name in (_SETTINGS, *(f"templates/{campaign.kinds[kind].template}" for kind in kinds)):
        digest.update(_digest(_whole(folder / name)).encode())
    try:
        pictures = Album.of(folder).digests()
    except Trouble as trouble:
        pictures = {"": trouble.finding.code}
    digest.update(f"{pictures}".encode())
    return digest.hexdigest()


def _files(folder: Path, campaign: Campaign, kinds: Iterable[str]) -> dict[str, str]:
    """Digests of the files of all tables that a run may read."""
    needed = {table for name in kinds for each in campaign.kinds[name].for_each for table in each.tables}
    tables = sorted(chosen_tables(campaign, needed))
    sources = [source for table in tables for source in getattr(campaign.tables, table)]
    return {source: _digest(bytes_of(folder, source)) for source in sources}


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def _whole(path: Path) -> bytes:
    try:
        return files.whole(path)
    except OSError:
        return b""


def _trace(folder: Path, source: str, known: Memory | None) -> tuple[Trace, list[range] | None] | None:
    try:
        return trace_of(folder, source, known.traces.get(source) if known else None)
    except Trouble:
        return None


def remember(folder: Path, campaign: Campaign, look: Look, prepared: Prepared) -> None:
    """Keep what the next run needs, after a run that left every document up to date.

    Args:
        folder: the campaign's.
        campaign: its settings.
        look: from before anything was read.
        prepared: what was made, if anything was due, and from what.
    """
    again = look.known is not None and prepared.places is look.known.places
    kinds = list(prepared.samples)
    # The template of a kind without papers is tried in every run.
    if errors(prepared.told) or not (again or {job.kind for job in prepared.plan.jobs} == set(kinds)):
        return
    # Whoever saved a workbook meanwhile finds the next run reading all of it.
    if look.inputs.files != _files(folder, campaign, kinds):
        return
    with Register(folder / OUTPUTS, readonly=True) as register:
        link = register.last_link()
    program = office.find_office()
    # The stamp is from before it was asked: one that was installed meanwhile is another one for the next run.
    said = (look.office, office.version(program) if program else "")
    before = look.known.traces if look.known else {}
    traces = {source: one for source in campaign.tables.answers if (one := _now(look, source) or before.get(source))}
    if look.known and again:
        kept = replace(look.known, inputs=look.inputs, register=link, office=said, traces=traces)
    else:
        kept = Memory(
            look.inputs,
            link,
            said,
            tuple(Paper(job.kind, job.key, job.subject, job.place) for job in prepared.plan.jobs),
            prepared.samples,
            tuple(one for one in prepared.told if one.code not in ONCE),
            {**(look.known.tried if look.known else {}), **prepared.tried},
            traces,
            prepared.places,
        )
    if kept != look.known:
        memory.keep(folder / OUTPUTS, kept)


def _now(look: Look, source: str) -> Trace | None:
    return look.traces[source][0] if source in look.traces else None
