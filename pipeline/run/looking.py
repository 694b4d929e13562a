"""What a run is going to read, looked at before it is read, and what is kept of it for the next run."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from pipeline.run.preparing import Prepared, converter, evidence
from pipeline.steps.read import chosen_tables

_SETTINGS = "inputs/campaign.toml"
ONCE = frozenset({"plan.revised"})
"""Findings that only the run tells which makes the paper."""
_NOTHING = Inputs("", {}, {})


@dataclass(frozen=True, slots=True)
class Look:
    """What a run is going to read, as it was before it was read."""

    known: Memory | None
    """Of the last run."""
    inputs: Inputs
    traces: Mapping[str, tuple[Trace, list[range] | None]]
    """Of sheets whose file is another one than in the last run, with the rows that may be others."""
    outputs: Callable[[], Outputs] | None = None
    """Looked at meanwhile, where the program and its settings are those of the last run."""

    @property
    def is_as_before(self) -> bool:
        """Whether the program, the settings, templates and pictures are those of the last run."""
        return self.known is not None and self.known.inputs.settings == self.inputs.settings

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
        before = known.inputs if known and known.inputs.settings == settings else _NOTHING
        # Looking at 18,000 files and asking LibreOffice for its version is mostly waiting.
        workers.beside(converter)
        outputs = workers.beside(partial(Outputs.at, folder / OUTPUTS)) if before is not _NOTHING else None
        files = _files(folder, campaign, kinds)
        found = {source: _trace(folder, source, known) for source in files if before.files.get(source) != files[source]}
        sheets = {source: _digest(repr(one[0]).encode()) if one else files[source] for source, one in found.items()}
        same = {source: before.sheets[source] for source in files.keys() - found.keys()}
        traces = {source: one for source, one in found.items() if one}
        return cls(known, Inputs(settings, files, same | sheets), traces, outputs)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was issued, and what lies on disk."""

    link: str
    digests: Digests
    evidence: Evidence
    """Without templates, pictures and contexts."""

    @classmethod
    def at(cls, folder: Path) -> Outputs:
        """Look into an outputs folder.

        Raises:
            Trouble: of the register.
        """
        digests = Digests.remembered(folder)
        with Register(folder, readonly=True) as register:
            return cls(register.last_link(), digests, evidence(register, digests, {}, {}))


def _settings(folder: Path, campaign: Campaign, kinds: Iterable[str]) -> str:
    """Digest of all that decides what a run makes of its tables."""
    versions = [machine.program(), sys.version, *(machine.version(name) for name in machine.LIBRARIES)]
    fonts = sorted(f"{family}: {sorted(names)}" for family, names in office.installed_fonts().items())
    digest = hashlib.sha256(f"{versions} {fonts} {kinds}".encode())
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
    kinds = list(prepared.samples)
    # The template of a kind without papers is tried in every run.
    if errors(prepared.told) or {job.kind for job in prepared.plan.jobs} != set(kinds):
        return
    # Whoever saved a workbook meanwhile finds the next run reading all of it.
    if look.inputs.files != _files(folder, campaign, kinds):
        return
    with Register(folder / OUTPUTS, readonly=True) as register:
        link = register.last_link()
    before = look.known.traces if look.known else {}
    traces = {source: one for source in campaign.tables.answers if (one := _now(look, source) or before.get(source))}
    if look.known and prepared.places is look.known.places:
        kept = replace(look.known, inputs=look.inputs, register=link, traces=traces)
    else:
        kept = Memory(
            look.inputs,
            link,
            tuple(Paper(job.kind, job.key, job.subject, job.place) for job in prepared.plan.jobs),
            prepared.samples,
            tuple(one for one in prepared.told if one.code not in ONCE),
            {**(look.known.tried if look.known and look.is_as_before else {}), **prepared.tried},
            traces,
            prepared.places,
        )
    if kept != look.known:
        memory.keep(folder / OUTPUTS, kept)


def _now(look: Look, source: str) -> Trace | None:
    return look.traces[source][0] if source in look.traces else None
