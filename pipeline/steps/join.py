"""Step 2, check, second part: the tables joined into a book; what does not find its other half is told.

Enters: `Campaign`, `Tables`. Leaves: `Book`, findings.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from pipeline.korean.names import compare_key
from pipeline.korean.similar import nearest
from pipeline.korean.titles import PROVINCES, is_area, municipality_of
from pipeline.model.book import Book, Candidacy, Membership, Occasion, Partner, Position, Signatory, Tables
from pipeline.model.campaign import Campaign
from pipeline.model.choices import Answer, Consent, Decision, Office, Scope, Status, Yes
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import (
    NATION,
    Activist,
    Candidate,
    Event,
    Item,
    Pledge,
    Record,
    Region,
    Response,
    Row,
    cited,
)
from pipeline.subjects.areas import whole_province

_OF_MUNICIPALITIES = frozenset({Office.MAYOR, Office.MUNICIPAL_COUNCIL})


def join(campaign: Campaign, tables: Tables) -> tuple[Book, list[Finding]]:
    """Everybody and everything that can get papers, with region, answers and what else belongs to it."""
    standing, findings = _standing(campaign, tables.candidates)
    regions, found = _regions_of(standing, tables.regions)
    findings += found
    areas = {area.name: area for area in (*tables.regions, *regions.values())}
    pledges = tuple(sorted(tables.pledges, key=lambda one: not one.is_common))
    replies = _Replies(tables, pledges)
    candidacies = []
    concerning = _Concerning(pledges)
    for one in standing:
        if region := regions.get(one.key):
            concerned = concerning.of(one, region)
            positions, found = replies.positions(one.key, concerned, one.at, "candidate.unanswered")
            findings += found
            candidacies.append(Candidacy(one, region, positions))
    order = {office: place for place, office in enumerate(campaign.election.offices)}
    # Neutral order (Public Official Election Act 108-3): region, office, district, then ballot number and name.
    candidacies.sort(key=lambda one: (one.region.code, order[one.candidate.office], *_ballot_order(one.candidate)))
    parties, found = _parties(tables, areas, pledges, replies)
    findings += found
    signatories, found = _signatories(tables, areas)
    findings += found
    bodies, found = _bodies(tables, areas)
    findings += found
    events, found = _events(tables, areas)
    book = Book(
        campaign=campaign,
        candidacies=tuple(candidacies),
        names=frozenset(compare_key(one.name) for one in tables.candidates if one.name),
        regions=tuple(sorted(areas.values(), key=lambda one: one.code)),
        pledges=pledges,
        parties=tuple(parties),
        signatories=tuple(signatories),
        bodies=tuple(bodies),
        events=tuple(events),
        progress={(one.candidate, one.pledge): one for one in reversed(tables.progress)},
        asked=_asked(tables),
    )
    return book, [*findings, *found, *_counts(book)]


def _counts(book: Book) -> Iterator[Finding]:
    """What the campaign says it has, against what is there; tables that nobody read now are not counted."""
    counts = {
        "candidates": len(book.candidacies),
        "regions": len(book.regions),
        "pledges": len(book.pledges),
        "activists": sum(bool(one.activist.consent) for one in book.signatories),
        "bodies": len(book.bodies),
    }
    for table, count in counts.items():
        stated = getattr(book.campaign.counts, table)
        if stated is not None and stated != count and (count or table not in {"activists", "bodies"}):
            where = Cell("inputs/campaign.toml")
            yield finding("count.differs", where, table=table, stated=stated, count=count)


_LEGAL_FORM = re.compile(r"\((?:주|사|재|유|사단|재단)\)|㈜|주식회사|사단법인|재단법인|유한회사")


def _asked(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Who asked for each pledge: bodies of the demands that it answers, and of those that were merged with them."""
    demands = {one.number: one for one in tables.demands}
    answered: dict[str, set[str]] = defaultdict(set)
    for pledge in tables.pledges:
        for number in cited(pledge):
            answered[number].add(pledge.number)
    asked: dict[str, dict[str, str]] = defaultdict(dict)
    for one in tables.demands:
        last, seen = one, {one.number}
        while last.decision is Decision.MERGED and last.target in demands.keys() - seen:
            last = demands[last.target]
            seen.add(last.number)
        pledges = set().union(*(answered[number] for number in seen))
        pledges |= {last.pledge} if last.decision is Decision.ADOPTED else set()
        for number in pledges if last.decision is not Decision.DECLINED else ():
            asked[number].setdefault(compare_key(_LEGAL_FORM.sub("", one.body)), one.body)
    return {number: tuple(bodies.values()) for number, bodies in asked.items()}


def _ballot_order(candidate: Candidate) -> tuple[str, int, str, str]:
    ballot = candidate.ballot if candidate.office is not Office.SUPERINTENDENT else ""
    return (candidate.district, int(ballot) if ballot.isdecimal() else 999, candidate.name, candidate.key)


def _standing(campaign: Campaign, candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Finding]]:
    """Those who get papers: people who stand for one of the campaign's offices."""
    standing: list[Candidate] = []
    findings: list[Finding] = []
    candidates = list(candidates)
    keys = Counter(one.key for one in candidates)
    for one in candidates:
        if one.key and keys[one.key] > 1:
            # Told by `unique_keys`; nobody can say whose answers and whose number they are.
            continue
        if one.office.is_party_list and not one.name:
            findings.append(finding("candidate.party_list", one.at.cell("office")))
        elif not one.name:
            findings.append(finding("candidate.nameless", one.at.cell("name")))
        elif not one.key:
            findings.append(finding("cell.blank", one.at.cell("key"), header=one.headers()["key"].name))
        elif one.status is not Status.REGISTERED:
            findings.append(
                finding("candidate.withdrawn", one.at.cell("status"), subject=one.key, status=one.status.value)
            )
        elif not (one.province or one.office.is_provincewide):
            findings.append(finding("cell.blank", one.at.cell("province"), header=one.headers()["province"].name))
        elif one.office not in campaign.election.offices:
            findings.append(finding("candidate.office_outside", one.at.cell("office"), office=one.office.value))
        else:
            standing.append(one)
    return standing, findings


def _regions_of(candidates: Iterable[Candidate], regions: Iterable[Region]) -> tuple[dict[str, Region], list[Finding]]:
    """The region of each candidate by key.

    A whole 시·도 without a row of its own (the commission's list of 구·시·군 has none) is taken from the
    candidates' sheet; a 시·군·구 without a row is an error.
    """
    by_name = {area.name: area for area in regions if is_area(area.municipality or area.province)}
    below: dict[str, list[str]] = defaultdict(list)
    for area in by_name.values():
        if area.municipality:
            below[area.province].append(area.municipality)
    found: dict[str, Region] = {}
    findings: list[Finding] = []
    for one in candidates:
        province = one.district if one.office.is_provincewide else one.province
        municipality = "" if one.office.is_provincewide else one.municipality or _district_area(one, below[province])
        region = by_name.get(f"{province} {municipality}".strip())
        if region is None and province in PROVINCES and not municipality and one.office not in _OF_MUNICIPALITIES:
            codes = [one.district_code, *(area.code for area in by_name.values() if area.province == province)]
            region = by_name[province] = whole_province(one.at, province, codes)
            findings.append(finding("region.derived", one.at.cell("province"), region=province))
        if region is None:
            value = f"{province} {municipality}".strip()
            field = "municipality" if one.municipality else "district"
            findings.append(one.unknown(field, value, "지역", nearest(value, by_name)))
        else:
            found[one.key] = region
    return found, findings


def _district_area(candidate: Candidate, municipalities: Sequence[str]) -> str:
    """The 시·군·구 a district's name opens with; the whole name where the 시·도 has 시·군·구 but none fits."""
    area = municipality_of(candidate.district, candidate.province, municipalities)
    return area or (candidate.district if municipalities or candidate.office in _OF_MUNICIPALITIES else "")


def reaches(pledge: Pledge, candidate: Candidate, region: Region) -> bool:
    """Whether a pledge concerns a candidate: its scope covers the office, its area the region."""
    if pledge.scope is not Scope.ALL and pledge.scope is not candidate.office.scope:
        return False
    if pledge.is_common:
        return True
    in_province = pledge.province in {region.province, candidate.province}
    return in_province and pledge.municipality in {"", region.municipality}


class _Concerning:
    """Pledges by whom they concern: candidates of one office in one region share them."""

    def __init__(self, pledges: Sequence[Pledge]) -> None:
        self._pledges = pledges
        self._known: dict[tuple[str, ...], tuple[Pledge, ...]] = {}

    def of(self, one: Candidate, region: Region) -> tuple[Pledge, ...]:
        """Those that reach a candidate."""
        place = (one.office, one.province, region.province, region.municipality)
        if place not in self._known:
            self._known[place] = tuple(pledge for pledge in self._pledges if reaches(pledge, one, region))
        return self._known[place]


class _Replies:
    """Answers by who gave them."""

    def __init__(self, tables: Tables, pledges: Iterable[Pledge]) -> None:
        self._kept = tables.answers is not None
        self._known = {pledge.number for pledge in pledges}
        self._given: dict[str, dict[str, Response]] = defaultdict(dict)
        # A row that says 무응답 holds the place of an answer that may have come elsewhere.
        for answer in sorted(tables.answers or (), key=lambda one: one.answer is Answer.NONE):
            self._given[answer.candidate].setdefault(answer.pledge, answer)

    def positions(
        self, key: str, concerned: Sequence[Pledge], at: Row, unanswered: str
    ) -> tuple[tuple[Position, ...], list[Finding]]:
        """Where somebody stands on the pledges that concern it; a campaign without answers takes all as adopted."""
        if not self._kept:
            return tuple(Position(pledge, Answer.ACCEPTED) for pledge in concerned), []
        own = self._given[key]
        positions = tuple(
            Position(pledge, own[pledge.number].answer, own[pledge.number].remark)
            if pledge.number in own
            else Position(pledge, Answer.NONE)
            for pledge in concerned
        )
        reached = {pledge.number for pledge in concerned}
        findings = [
            finding("answer.unreached", answer.at.cell("pledge"), pledge=number)
            for number, answer in own.items()
            if number in self._known and number not in reached and answer.answer is not Answer.NONE
        ]
        if not any(one.answer.adopts for one in positions):
            findings.append(finding(unanswered, Cell(at.file, at.sheet, at.row), subject=key))
        return positions, findings


def _place(record: Record, areas: Mapping[str, Region]) -> tuple[Region | None, list[Finding]]:
    """The region of a row with 시도 and 시군구; the nation where both are blank."""
    province, municipality = getattr(record, "province", ""), getattr(record, "municipality", "")
    name = f"{province} {municipality}".strip()
    if not name:
        return NATION, []
    if region := areas.get(name):
        return region, []
    field = "municipality" if municipality else "province"
    return None, [record.unknown(field, name, "지역", nearest(name, areas))]


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=_Keyed)


def _once(records: Sequence[K]) -> list[K]:
    """Rows whose key is theirs alone; `check` tells the others, and nobody can say which of them is meant."""
    counts = Counter(one.key for one in records)
    return [one for one in records if counts[one.key] == 1]


def _parties(
    tables: Tables, areas: Mapping[str, Region], pledges: Sequence[Pledge], replies: _Replies
) -> tuple[list[Partner], list[Finding]]:
    """Parties take a stand on the common pledges, branches also on those of their 시·도."""
    partners: list[Partner] = []
    findings: list[Finding] = []
    for party in _once(tables.parties):
        region, found = _place(party, areas)
        findings += found
        if region:
            concerned = [
                one for one in pledges if (one.is_common and one.scope is Scope.ALL) or _of_branch(one, party.province)
            ]
            positions, found = replies.positions(party.key, concerned, party.at, "party.unanswered")
            findings += found
            partners.append(Partner(party, region, positions))
    return partners, findings


def _of_branch(pledge: Pledge, province: str) -> bool:
    return bool(province) and pledge.province == province and not pledge.municipality


def _signatories(tables: Tables, areas: Mapping[str, Region]) -> tuple[list[Signatory], list[Finding]]:
    """Who is on the roll: one entry a person, known by name, affiliation and region; names alone tell nobody apart."""
    signatories: list[Signatory] = []
    findings: list[Finding] = []
    people: dict[tuple[str, ...], list[Activist]] = defaultdict(list)
    for one in tables.activists:
        people[compare_key(one.name), compare_key(one.affiliation), one.province, one.municipality].append(one)
    for first, *again in people.values():
        shown = str(first.at.cell("name"))
        findings += [finding("signer.twice", one.at.cell("name"), first=shown) for one in again]
        region, found = _place(first, areas)
        one, differing = _least(first, again)
        findings += [*found, *differing]
        if region:
            findings += _signer_notes(one)
            if one.barred is Yes.NO:
                signatories.append(Signatory(one, region))
    return signatories, findings


def _least(first: Activist, again: Sequence[Activist]) -> tuple[Activist, list[Finding]]:
    """A person as the row has it that allows least: a consent withdrawn in a later row must not be overlooked."""
    if not again:
        return first, []
    least = min((first, *again), key=lambda one: one.consent.reach)
    barred = Yes.YES if any(one.barred is Yes.YES for one in (first, *again)) else Yes.NO
    differ = any(one.consent is not first.consent for one in again)
    told = [finding("signer.consent_differs", least.at.cell("consent"))] if differ else []
    return first.model_copy(update={"consent": least.consent, "barred": barred}), told


def _signer_notes(one: Activist) -> Iterator[Finding]:
    if one.barred is Yes.YES:
        yield finding("signer.barred", one.at.cell("barred"))
    elif one.consent is Consent.NONE:
        yield finding("signer.no_consent", one.at.cell("consent"))
    elif not one.affiliation:
        yield finding("signer.no_affiliation", one.at.cell("affiliation"))


def _bodies(tables: Tables, areas: Mapping[str, Region]) -> tuple[list[Membership], list[Finding]]:
    bodies: list[Membership] = []
    findings: list[Finding] = []
    for one in _once(tables.bodies):
        region, found = _place(one, areas)
        findings += found
        if region:
            bodies.append(Membership(one, region))
            if one.consent is Yes.NO:
                findings.append(finding("signer.no_consent", one.at.cell("consent")))
    return bodies, findings


def _events(tables: Tables, areas: Mapping[str, Region]) -> tuple[list[Occasion], list[Finding]]:
    """Events by date, with the rows of their programme in order."""
    findings: list[Finding] = []
    programme: dict[str, list[Item]] = defaultdict(list)
    keys = [one.key for one in tables.events]
    for row in tables.programme:
        programme[row.event].append(row)
        if row.event not in {*keys, *tables.rejected}:
            header, close = row.headers()["event"].name, nearest(row.event, keys)
            where = row.at.cell("event")
            findings.append(finding("programme.orphan", where, header=header, value=row.event, suggestion=close))
    events = []
    for one in sorted(_once(tables.events), key=lambda one: (one.date, one.begins, one.key)):
        region, found = _place(one, areas)
        rows = sorted(programme[one.key], key=lambda row: row.place)
        findings += [*found, *_programme_problems(one, rows)]
        if region:
            events.append(Occasion(one, region, tuple(rows)))
    return events, findings


def _programme_problems(event: Event, rows: Sequence[Item]) -> Iterator[Finding]:
    firsts = {row.place: row for row in reversed(rows)}
    for row in firsts.values():
        if not row.title:
            yield finding("programme.headless", row.at.cell("title"))
    if event.ends:
        begins, ends = (datetime.datetime.combine(event.date, clock) for clock in (event.begins, event.ends))
        minutes = sum(row.minutes for row in rows)
        if begins + datetime.timedelta(minutes=minutes) > ends:
            shown = event.ends.isoformat("minutes")
            yield finding("programme.long", event.at.cell("ends"), minutes=minutes, ends=shown)
