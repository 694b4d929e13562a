"""A run after one that left everything up to date: only what has changed since is read and planned again.

What this gives is what `prepare` would give, or nothing at all, and then `prepare` is asked. It knows two cases:
nothing has changed but files of papers, or cells in rows of answers, each of which is still the same person's. All
else, from a new row to a letter in the settings, is for `prepare`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doors import files, logs, machine, memory
from pipeline.doors.books.sheets import bytes_of, trace_of
from pipeline.doors.digests import Digests
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign, Each
from pipeline.model.documents import Evidence, Issued, Job, Plan
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, errors
from pipeline.model.memory import Inputs, Memory, Paper, Trace
from pipeline.run.album import Album
from pipeline.run.outcome import OUTPUTS
from pipeline.run.preparing import (
    Desk,
    Prepared,
    compiled,
    evidence,
    read_book,
    read_templates,
    tables_for,
    try_template,
)
from pipeline.run.working import Source
from pipeline.steps.plan import current, has_its_files, plan
from pipeline.steps.read import chosen_tables

if TYPE_CHECKING:
    from pipeline.doors.word.template import WordTemplate

_SETTINGS = "inputs/campaign.toml"
_SHARE = 10
"""Where more than one paper in so many has to be looked at, all are."""
_HEAD = range(1, 31)
"""Rows among which headers are looked for, and some below them."""
_ONCE = frozenset({"plan.revised"})
"""Findings that only the run tells which makes the paper."""
_DERIVED = "region.derived"
"""The finding of the first candidate of a 시·도 that has no row: the region is made from that one."""
_UNTOUCHED = frozenset({Each.CANDIDATE, Each.PARTY, Each.EVENT, Each.BODY})
"""Papers that other people's answers do not change; papers of areas count them."""


class _All(Exception):  # noqa: N818 - no error: everything has to be looked at
    """The text says why, for the log."""


def inputs_of(folder: Path, campaign: Campaign, kinds: Iterable[str], before: Memory | None) -> Inputs:
    """By what everything is known again that a run reads; to be taken before it is read.

    Args:
        folder: the campaign's.
        campaign: its settings.
        kinds: names of kinds.
        before: what is known already of the same files.
    """
    kinds = list(kinds)
    versions = [machine.program(), sys.version, *(machine.version(name) for name in machine.LIBRARIES)]
    digest = hashlib.sha256(f"{versions} {kinds}".encode())
    for name in (_SETTINGS, *(f"templates/{campaign.kinds[kind].template}" for kind in kinds)):
        digest.update(_digest(_whole(folder / name)).encode())
    for name, blob in Album.of(folder).pictures.items():
        digest.update(f"{name} {_digest(blob)}".encode())
    files = _files(folder, campaign, kinds)
    sheets: dict[str, str] = {}
    for source, own in files.items():
        if before and before.inputs.files.get(source) == own:
            sheets[source] = before.inputs.sheets[source]
        else:
            found = _trace(folder, source)
            sheets[source] = _digest(repr(found).encode()) if found else own
    return Inputs(digest.hexdigest(), files, sheets)


def _files(folder: Path, campaign: Campaign, kinds: Iterable[str]) -> dict[str, str]:
    """Digests of the files of all tables that a run may read."""
    needed = {table for name in kinds for each in campaign.kinds[name].for_each for table in each.tables}
    tables = sorted(chosen_tables(campaign, needed))
    sources = [source for table in tables for source in getattr(campaign.tables, table)]
    return {source: _digest(bytes_of(folder, source)) for source in sources}


def _file(source: str) -> str:
    return source.partition("#")[0].partition("?")[0]


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def _whole(path: Path) -> bytes:
    try:
        return files.whole(path)
    except OSError:
        return b""


def remember(folder: Path, campaign: Campaign, kinds: Iterable[str], inputs: Inputs, prepared: Prepared) -> None:
    """Keep what the next run needs, after a run that left every document up to date.

    Args:
        folder: the campaign's.
        campaign: its settings.
        kinds: names of kinds.
        inputs: as they were before anything was read.
        prepared: what was made, if anything was due, and from what.
    """
    # Whoever saved a workbook meanwhile finds the next run reading all of it.
    if errors(prepared.told) or inputs.files != _files(folder, campaign, kinds):
        return
    traces = {source: prepared.traces.get(source) or _trace(folder, source) for source in campaign.tables.answers}
    with Register(folder / OUTPUTS, readonly=True) as register:
        link = register.last_link()
    kept = Memory(
        inputs,
        link,
        tuple(Paper(job.kind, job.key, job.subject, job.place) for job in prepared.plan.jobs),
        prepared.samples,
        tuple(one for one in prepared.told if one.code not in _ONCE),
        {source: one for source, one in traces.items() if one},
        prepared.places,
    )
    memory.keep(folder / OUTPUTS, kept)


def _trace(folder: Path, source: str) -> Trace | None:
    try:
        found = trace_of(folder, source)
    except Trouble:
        return None
    return found[0] if found else None


def prepare_again(folder: Path, campaign: Campaign, known: Memory | None, inputs: Inputs) -> Prepared | None:
    """What `prepare` would give where it need not be asked; nothing is written.

    Args:
        folder: the campaign's.
        campaign: its settings.
        known: of the last run.
        inputs: as they are now.
    """
    if known is None:
        return None
    try:
        with logs.step("compared with the last run"):
            return _again(folder, campaign, known, inputs)
    except _All as reason:
        logs.note(f"all is looked at: {reason}")
    except Trouble as trouble:
        logs.note(f"all is looked at: {trouble.finding.code}")
    return None


def _again(folder: Path, campaign: Campaign, known: Memory, inputs: Inputs) -> Prepared:
    spans, traces = _changed(folder, campaign, known, inputs)
    digests = Digests.remembered(folder / OUTPUTS)
    with Register(folder / OUTPUTS, readonly=True) as register:
        if register.last_link() != known.register:
            raise _All("the register has changed")
        sources, _ = read_templates(folder, campaign, list(known.samples), {})
        album = Album.of(folder)
        hashes = {kind: _digest(one.blob) for kind, one in sources.items()}
        seen = evidence(register, digests, hashes, album.digests())
        missed = [one for one in known.papers if not has_its_files(seen.issued[one.kind, one.key], seen)]
        keys = {one.key for one in missed} | _owners(known, spans)
        if any(spans.values()) and not all(
            each in _UNTOUCHED for kind in sources for each in campaign.kinds[kind].for_each
        ):
            raise _All("papers count answers")
        if keys:
            prepared = _Part(folder, campaign, known, keys).prepared(sources, album, seen)
        else:
            prepared = Prepared(Plan(()), {}, sources, known.findings, album)
    planned = {(job.kind, job.key): job for job in prepared.plan.jobs}
    jobs = [
        planned.get((one.kind, one.key)) or current(campaign, seen.issued[one.kind, one.key], one.label, one.place)
        for one in known.papers
    ]
    return replace(
        prepared,
        plan=Plan(tuple(jobs)),
        digests=digests,
        places=known.places,
        samples=known.samples,
        told=known.findings,
        traces=traces,
    )


def _changed(
    folder: Path, campaign: Campaign, known: Memory, inputs: Inputs
) -> tuple[dict[str, list[range]], dict[str, Trace]]:
    """Rows of answers that may be others now, by source, and the traces of all sources as they are now."""
    if known.inputs.settings != inputs.settings or known.inputs.sheets.keys() != inputs.sheets.keys():
        raise _All("settings, templates, pictures or the program have changed")
    changed = [source for source, digest in inputs.sheets.items() if known.inputs.sheets[source] != digest]
    if not set(changed) <= set(campaign.tables.answers):
        raise _All("another table than that of answers has changed")
    traces = dict(known.traces)
    spans: dict[str, list[range]] = {}
    for source in changed:
        before = known.traces.get(source)
        found = trace_of(folder, source, before) if before else None
        if not found or found[1] is None:
            raise _All("more has changed than cells of answers")
        traces[source], spans[source] = found[0], found[1]
    return spans, traces


def _owners(known: Memory, spans: Mapping[str, Iterable[range]]) -> set[str]:
    """Whose the rows were; every one of them has to have been somebody's."""
    keys: set[str] = set()
    for source, ranges in spans.items():
        rows = {row: key for key, own in known.places.get(source, {}).items() for row in own}
        for span in ranges:
            found = [rows.get(row, "") for row in span]
            if not all(found):
                raise _All("a row that was no answer")
            keys.update(found)
    return keys


@dataclass(frozen=True, slots=True)
class _Part:
    """The papers of some candidates, planned as if there were no others."""

    folder: Path
    campaign: Campaign
    known: Memory
    keys: Collection[str]
    """Whose papers may have to be made."""

    def prepared(self, sources: Mapping[str, Source], album: Album, seen: Evidence) -> Prepared:
        """These papers alone, with all findings."""
        due = {(one.kind, one.key): one for one in self.known.papers if one.key in self.keys}
        if len(due) * _SHARE > len(self.known.papers):
            raise _All("much has changed")
        kinds = list(dict.fromkeys(kind for kind, _ in due))
        sources = {kind: sources[kind] for kind in kinds}
        templates = {kind: one for kind, source in sources.items() if (one := compiled(source, album))}
        desk, found = self._desk(sources, templates, album)
        subjects = {kind: [one for one in own if one.key in self.keys] for kind, own in desk.subjects.items()}
        issued = {own: one for own, one in seen.issued.items() if own in due}
        planned, more = plan(desk.book, subjects, replace(seen, issued=issued), desk.tools())
        once = [one for one in more if one.code in _ONCE]
        self._must_be_alike(planned.jobs, issued, [*found, *(one for one in more if one not in once)])
        for kind in dict.fromkeys(job.kind for job in planned.due):
            once += try_template(desk, kind, planned)
        if errors(once):
            raise _All("a template cannot be used")
        words = {kind: desk.words(kind) for kind in kinds}
        return Prepared(planned, sources, sources, [*self.known.findings, *once], album, words, desk.shapes)

    def _desk(
        self, sources: Mapping[str, Source], templates: Mapping[str, WordTemplate], album: Album
    ) -> tuple[Desk, list[Finding]]:
        """What they are planned from, which has to be what the whole would have for them."""
        read = self._read(sources)
        only = {
            source: {*_HEAD, *(row for key, rows in own.items() if key in read for row in rows)}
            for source, own in self.known.places.items()
        }
        needed = tables_for(self.campaign, sources, templates)
        book, places, found = read_book(self.folder, self.campaign, needed, only)
        for source, own in self.known.places.items():
            if places.get(source) != {key: rows for key, rows in own.items() if key in read}:
                raise _All("rows have become other people's")
        desk = Desk.of(book, sources, album, templates, self.known.samples)
        if any(desk.samples[kind] != self.known.samples[kind] for kind in sources):
            raise _All("templates may see something else")
        return desk, found

    def _read(self, kinds: Collection[str]) -> set[str]:
        """Whose rows are read: also those of who shows what templates can see, and on whose rows others depend."""
        candidates = {key for source in self.campaign.tables.candidates for key in self.known.places[source]}
        if not candidates.issuperset(self.keys):
            raise _All("no candidate's papers")
        shown = {key for kind in kinds for key in self.known.samples[kind]} & candidates
        heads = {
            key for own in self.known.places.values() for key, rows in own.items() if any(row in _HEAD for row in rows)
        }
        others = {key for own in self.known.places.values() for key in own} - candidates
        rows = {(one.cell.file, one.cell.row) for one in self.known.findings if one.code == _DERIVED and one.cell}
        first = {
            key
            for source in self.campaign.tables.candidates if rows
            for key, own in self.known.places[source].items()
            if any((_shown(source), row) in rows for row in own)
        }  # fmt: skip
        return {*self.keys, *shown, *heads, *others, *first}

    def _must_be_alike(
        self, jobs: Sequence[Job], issued: Mapping[tuple[str, str], Issued], found: Sequence[Finding]
    ) -> None:
        """The same papers in the same places, and nothing else to be told of whom was looked at."""
        if errors(found) or {(job.kind, job.key) for job in jobs} != issued.keys():
            raise _All("other papers")
        labels = {(one.kind, one.key): one.label for one in self.known.papers}
        for job in jobs:
            before = issued[job.kind, job.key]
            if (job.region, job.subject) != (before.region, labels[job.kind, job.key]):
                raise _All("a subject is another one")
            if job.revision == before.revision and job.docx != before.docx:
                raise _All("a paper gets another name")
        if self._of_them(found) != self._of_them(self.known.findings):
            raise _All("something else has to be told")

    def _of_them(self, findings: Iterable[Finding]) -> list[str]:
        """Findings that depend on answers, of those whose papers may have to be made."""
        rows = {
            (_shown(source), row)
            for source in self.campaign.tables.answers
            for key, own in self.known.places[source].items() if key in self.keys
            for row in own
        }  # fmt: skip
        return sorted(
            json.dumps(one, default=astuple)
            for one in findings
            if one.subject in self.keys or (one.cell and (one.cell.file, one.cell.row) in rows)
        )


def _shown(source: str) -> str:
    return f"inputs/{_file(source)}"
