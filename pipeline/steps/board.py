"""What the board shows: a line for each document, in an internal and a public edition.

Enters: a `Status`, papers as `missing` sees them, findings, the register's log. Leaves: `Board`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pipeline.model.board import Board, Line, Past, Told, Wording
from pipeline.model.collected import Paper
from pipeline.model.documents import Reason
from pipeline.model.findings import Finding
from pipeline.model.identity import NUMBER
from pipeline.model.status import Counts, Reached, Standing, Status
from pipeline.model.volumes import Edition, Event

_NUMBER = re.compile(NUMBER)
_FILE = re.compile(r"[0-9a-f]{64}")
_SHOWN = 12
"""Signs of a hash."""
_INSIDE = frozenset({"due"})
"""Of `Counts`: what is nobody's business outside."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside where documents stand."""

    papers: Sequence[Paper] = ()
    findings: Sequence[Finding] = ()
    events: Sequence[Event] = ()
    files: frozenset[str] = frozenset()
    """Those there are, by path below outputs."""


def board(status: Status, known: Known, wording: Wording, campaign: str, made_at: str) -> Board:
    """The internal edition; its lines have no pictures yet.

    Args:
        status: where documents stand.
        known: what else is told of them.
        wording: the language of the page.
        campaign: its name.
        made_at: ISO 8601, UTC.
    """
    ordered = sorted(status.standings, key=lambda one: (one.region, one.number))
    papers = {one.about.number: one for one in known.papers}
    return Board(
        Edition.INTERNAL,
        campaign,
        made_at,
        tuple(_line(one, papers.get(one.number), status.titles, known.files, wording) for one in ordered),
        Counts.of(ordered),
        sorted(status.provinces(), key=lambda pair: _first_code(pair[0], ordered)),
        status.shelves,
        tuple(_told(one, wording) for one in known.findings),
        tuple(_past(one) for one in reversed(known.events)),
    )


def _first_code(province: str, standings: Sequence[Standing]) -> str:
    return min(one.region for one in standings if one.province == province)


def _line(
    one: Standing, paper: Paper | None, titles: Mapping[str, str], files: frozenset[str], wording: Wording
) -> Line:
    marks = frozenset(name for name, count in asdict(Counts.of([one])).items() if count)
    return Line(
        one.number,
        titles[one.kind],
        one.province,
        one.place,
        one.reached,
        marks,
        one.subject,
        tuple(_reasons(one, paper, wording)),
        one.docx if one.docx in files else "",
        one.pdf if one.pdf in files else "",
    )


def _reasons(one: Standing, paper: Paper | None, wording: Wording) -> Iterator[str]:
    """What the state does not say by itself."""
    said = {wording.say(Reason.CURRENT.value), wording.say(one.reached.value)}
    yield from (text for text in (*wording.reasons(one), *_lacking(paper, wording)) if text not in said)


def _lacking(paper: Paper | None, wording: Wording) -> Iterator[str]:
    """What has not come back of a paper that came back in part."""
    if not paper or len(paper.missing_pages) == paper.pages:
        return
    if paper.missing_pages:
        yield wording.say("pages: {pages}").format(pages=", ".join(map(str, paper.missing_pages)))
    if paper.missing_signatures:
        names = ", ".join(f"{one.side} {one.name}".strip() for one in paper.missing_signatures)
        yield wording.say("signatures: {names}").format(names=names)


def _told(one: Finding, wording: Wording) -> Told:
    subject = one.subject if _NUMBER.fullmatch(one.subject) else ""
    place = str(one.cell or "")
    return Told(one.level.value, one.code, place, wording.message(one), wording.remedy(one), subject)


def _past(one: Event) -> Past:
    subject = one.subject
    if one.what == "decided":
        subject = str(json.loads(one.detail).get("number", "")) or subject
    if not _NUMBER.fullmatch(subject):
        subject = _FILE.sub(lambda found: found[0][:_SHOWN], subject)
    return Past(one.at, one.what, subject)


def public(inside: Board) -> Board:
    """The public edition: numbers, kinds, regions, states, and nothing else."""
    lines = tuple(
        Line(one.number, one.kind, one.province, one.place, one.state, one.marks - _INSIDE) for one in inside.lines
    )
    return Board(Edition.PUBLIC, inside.campaign, inside.made_at, lines, inside.counts, inside.provinces)


def with_pictures(inside: Board, pictures: Mapping[str, str]) -> Board:
    """With pictures of first pages, by number: paths below the page's folder."""
    lines = tuple(replace(one, picture=pictures.get(one.number, "")) for one in inside.lines)
    return replace(inside, lines=lines)


def first_seen(lines: Iterable[Line]) -> list[Line]:
    """Documents in the order in which they get pictures: those that wait for somebody first, then in neutral order."""
    waiting = {Reached.REVIEW, Reached.PART}
    return sorted((one for one in lines if one.pdf), key=lambda one: one.state not in waiting)
