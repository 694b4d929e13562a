"""A run after one that left everything up to date: only what has changed since is read and planned again.

What this gives is what `prepare` would give, or nothing at all, and then `prepare` is asked. It knows two cases:
nothing has changed but files of papers, or cells in rows of answers, each of which is still the same person's. All
else, from a new row to a letter in the settings, is for `prepare`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doors import logs
from pipeline.doors.register import Register
from pipeline.model.campaign import Campaign, Each
from pipeline.model.documents import Issued, Job, Plan, Unread
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, errors
from pipeline.model.memory import Memory
from pipeline.run.album import Album
from pipeline.run.looking import ONCE, Look, Outputs
from pipeline.run.outcome import OUTPUTS
from pipeline.run.preparing import Desk, Prepared, compiled, converter, read_book, read_templates, tables_for
from pipeline.run.working import Source
from pipeline.steps.plan import current, plan

if TYPE_CHECKING:
    from pipeline.doors.word.template import WordTemplate

_SHARE = 10
"""Where more than one paper in so many has to be looked at, all are."""
_HEAD = range(1, 31)
"""Rows among which headers are looked for, and some below them."""
_RANGES = frozenset({"rows", "range", "count"})
"""Parameters of findings that tell of many rows at once."""
_NOBODY = "kind.nothing"
"""The finding of a kind that leaves out whoever is looked at: others get papers of it."""
_UNTOUCHED = frozenset({Each.CANDIDATE, Each.PARTY, Each.EVENT, Each.BODY})
"""Papers that other people's answers do not change; papers of areas count them."""


class _All(Exception):  # noqa: N818 - no error: everything has to be looked at
    """The text says why, for the log."""


def prepare_again(
    folder: Path, campaign: Campaign, look: Look, some: Callable[[], None] = lambda: None
) -> Prepared | None:
    """What `prepare` would give where it need not be asked; nothing is written.

    Args:
        folder: the campaign's.
        campaign: its settings.
        look: at what has to be read.
        some: called as soon as it is seen that some papers may have to be made.
    """
    if look.known is None or look.outputs is None:
        return None
    try:
        with logs.step("compared with the last run"):
            return _again(folder, campaign, look.known, look, look.outputs, some)
    except _All as reason:
        logs.note(f"all is looked at: {reason}")
    except Trouble as trouble:
        logs.note(f"all is looked at: {trouble.finding.code}")
    return None


def _again(
    folder: Path, campaign: Campaign, known: Memory, look: Look, looked: Callable[[], Outputs], some: Callable[[], None]
) -> Prepared:
    spans = _changed(campaign, known, look)
    if any(spans.values()):
        some()
    outputs = looked()
    if outputs.link != known.register:
        raise _All("the register has changed")
    if not outputs.has_all:
        raise _All("the register has changed")
    if (office := converter()) and not outputs.converters <= {office}:
        raise _All("there is another LibreOffice")
    keys = {key for _, key in outputs.altered} | _owners(known, spans)
    if any(spans.values()) and any(not _UNTOUCHED.issuperset(campaign.kinds[kind].for_each) for kind in known.samples):
        raise _All("papers count answers")
    prepared = Prepared(Plan(()), {}, {}, known.findings)
    if keys:
        with Register(folder / OUTPUTS, readonly=True) as register:
            prepared = _Part(folder, campaign, known, keys).prepared(outputs, register)
    planned = {(job.kind, job.key): job for job in prepared.plan.jobs}

    def all_of_them() -> list[Job]:
        with Register(folder / OUTPUTS, readonly=True) as register:
            issued = register.issued()
        own = [(one.kind, one.key) for one in known.papers]
        return [
            planned.get(each) or current(campaign, issued[each], one.label, one.place)
            for each, one in zip(own, known.papers, strict=True)
        ]

    jobs = Unread(prepared.plan.due, len(known.papers), all_of_them)
    return replace(prepared, plan=Plan(jobs), places=known.places, samples=known.samples, told=known.findings)


def _changed(campaign: Campaign, known: Memory, look: Look) -> dict[str, list[range]]:
    """Rows of answers that may be others now, by source."""
    before, now = known.inputs, look.inputs
    changed = [source for source, digest in now.sheets.items() if before.sheets[source] != digest]
    if not set(changed) <= set(campaign.tables.answers):
        raise _All("another table than that of answers has changed")
    spans: dict[str, list[range]] = {}
    for source in changed:
        _, found = look.traces.get(source, (None, None))
        if found is None:
            raise _All("more has changed than cells of answers")
        spans[source] = found
    return spans


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

    def prepared(self, outputs: Outputs, register: Register) -> Prepared:
        """These papers alone, with all findings."""
        due = {(one.kind, one.key): one for one in self.known.papers if one.key in self.keys}
        if len(due) * _SHARE > len(self.known.papers):
            raise _All("much has changed")
        # Somebody without a paper of a kind may get one now.
        kinds = [kind for kind in self.known.samples if Each.CANDIDATE in self.campaign.kinds[kind].for_each]
        sources, _ = read_templates(self.folder, self.campaign, kinds, {})
        album = Album.of(self.folder)
        templates = {kind: one for kind, source in sources.items() if (one := compiled(source, album))}
        desk, found = self._desk(sources, templates, album)
        subjects = {kind: [one for one in own if one.key in self.keys] for kind, own in desk.subjects.items()}
        seen = outputs.evidence(register, self.keys, desk.hashes(), album.digests())
        seen = replace(seen, issued={own: one for own, one in seen.issued.items() if own in due})
        planned, more = plan(desk.book, subjects, seen, desk.tools())
        once = [one for one in more if one.code in ONCE]
        self._must_be_alike(
            planned.jobs, seen.issued, [*found, *(one for one in more if one.code not in {*ONCE, _NOBODY})]
        )
        for kind in dict.fromkeys(job.kind for job in planned.due):
            if kind not in self.known.tried:
                raise _All("a template was not tried")
            once += self.known.tried[kind]
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
        """Whose rows are read: also those of who shows what templates can see, of parties, and beside the headers."""
        candidates = {key for source in self.campaign.tables.candidates for key in self.known.places[source]}
        if not candidates.issuperset(self.keys):
            raise _All("no candidate's papers")
        shown = {key for kind in kinds for key in self.known.samples[kind]} & candidates
        heads = {key for own in self.known.places.values() for key, rows in own.items() if rows[0] in _HEAD}
        others = {key for own in self.known.places.values() for key in own} - candidates
        return {*self.keys, *shown, *heads, *others}

    def _must_be_alike(
        self, jobs: Sequence[Job], issued: Mapping[tuple[str, str], Issued], found: Sequence[Finding]
    ) -> None:
        """The same papers in the same places, and nothing else to be told of whom was looked at."""
        if errors(found):
            raise _All("there are errors")
        if {(job.kind, job.key) for job in jobs} != issued.keys():
            raise _All("other papers")
        labels = {(one.kind, one.key): one.label for one in self.known.papers if one.key in self.keys}
        for job in jobs:
            before = issued[job.kind, job.key]
            if (job.region, job.subject) != (before.region, labels[job.kind, job.key]):
                raise _All("a subject is another one")
            if job.revision == before.revision and job.docx != before.docx:
                raise _All("a paper gets another name")
        files = {_shown(source) for source in self.campaign.tables.answers}
        if any(
            one.cell and one.cell.file in files and one.params.keys() & _RANGES
            for one in (*found, *self.known.findings)
        ):
            raise _All("many rows are told of together")
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


def _file(source: str) -> str:
    return source.partition("#")[0].partition("?")[0]


def _shown(source: str) -> str:
    return f"inputs/{_file(source)}"
