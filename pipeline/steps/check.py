"""Step 2, check: what only a rule of the field or two tables together can tell; and the tables joined into a book.

Enters: `Campaign`, `Tables`. Leaves: `Book`, findings. A rule is one function; `RULES` lists those that only look.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.korean.names import compare_key
from pipeline.korean.similar import nearest
from pipeline.korean.titles import PROVINCES, is_area, municipality_of
from pipeline.model.book import Adoption, Book, Candidacy, Tables
from pipeline.model.campaign import Campaign
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import (
    Answer,
    Candidate,
    Office,
    Pledge,
    Record,
    Region,
    Response,
    Row,
    Scope,
    Status,
)

# The commission's district codes open with the office's code (1 digit, 2 for 교육감), then the region's.
_DISTRICT_CODE = re.compile(r"(?:11|[3-9])?(\d{2})\d{5}$")
_OF_MUNICIPALITIES = frozenset({Office.MAYOR, Office.MUNICIPAL_COUNCIL})
_HANJA = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")


def check(campaign: Campaign, tables: Tables) -> tuple[Book, list[Finding]]:
    """Apply all rules and join: each candidate that gets papers, with its region and adopted pledges."""
    findings = [found for rule in RULES for found in rule(tables)]
    standing, found = _standing(campaign, tables.candidates)
    findings += found
    regions, found = _regions_of(standing, tables.regions)
    findings += found
    adopted, found = _adoptions(standing, regions, tables)
    findings += found
    order = {office: place for place, office in enumerate(campaign.election.offices)}
    candidacies = [
        Candidacy(one, regions[one.key], adopted[one.key])
        for one in standing
        if one.key in regions and adopted[one.key]
    ]
    # Neutral order (Public Official Election Act 108-3): region, office, district, then ballot number and name.
    candidacies.sort(key=lambda one: (one.region.code, order[one.candidate.office], *_ballot_order(one.candidate)))
    names = frozenset(compare_key(one.name) for one in tables.candidates if one.name)
    return Book(campaign, tuple(candidacies), names), findings


def _ballot_order(candidate: Candidate) -> tuple[str, int, str, str]:
    ballot = candidate.ballot if candidate.office is not Office.SUPERINTENDENT else ""
    return (candidate.district, int(ballot) if ballot.isdecimal() else 999, candidate.name, candidate.key)


def unique_keys(tables: Tables) -> Iterator[Finding]:
    """후보자ID, 공약 번호, 지역코드, names of regions and 협의회 stand once each in their tables."""
    fields: Sequence[tuple[Iterable[Record], str]] = (
        ([one for one in tables.candidates if one.key], "key"),
        (tables.pledges, "number"),
        (tables.regions, "code"),
        (tables.councils, "name"),
    )
    named: dict[str, Row] = {}
    for region in tables.regions:
        if region.name in named:
            field = "municipality" if region.municipality else "province"
            header = region.headers()[field].name
            first_row = str(named[region.name].cell(field))
            yield finding("key.duplicate", region.at.cell(field), header=header, value=region.name, first=first_row)
        named.setdefault(region.name, region.at)
    for records, field in fields:
        first: dict[str, Row] = {}
        for record in records:
            value = getattr(record, field)
            if value in first:
                header = record.headers()[field].name
                shown = str(first[value].cell(field))
                yield finding("key.duplicate", record.at.cell(field), header=header, value=value, first=shown)
            first.setdefault(value, record.at)


def references(tables: Tables) -> Iterator[Finding]:
    """Councils of regions, regions of pledges, candidates and pledges of answers exist."""
    councils = {one.name for one in tables.councils}
    areas = {one.name for one in tables.regions} | {one.province for one in tables.regions}
    for region in tables.regions:
        if region.council and councils and region.council not in councils:
            yield _unknown(region, "council", region.council, "협의회", councils)
    for pledge in tables.pledges:
        area = f"{pledge.province} {pledge.municipality}".strip()
        if area and area not in areas:
            yield _unknown(pledge, "municipality" if pledge.municipality else "province", area, "지역", areas)
    keys = {one.key for one in tables.candidates}
    numbers = {one.number for one in tables.pledges}
    # No suggestions for keys: the nearest one is somebody else's. Where a key is blank, any answer may be its row's.
    unsure = tables.rejected | ({one.candidate for one in tables.answers or ()} if "" in keys else set())
    for answer in tables.answers or ():
        if answer.candidate not in keys | unsure:
            yield _unknown(answer, "candidate", answer.candidate, "후보자", ())
        if answer.pledge not in numbers | tables.rejected:
            yield _unknown(answer, "pledge", answer.pledge, "공약", ())


def _unknown(record: Record, field: str, value: str, table: str, known: Iterable[str]) -> Finding:
    header = record.headers()[field].name
    return finding(
        "reference.unknown",
        record.at.cell(field),
        header=header,
        value=value,
        table=table,
        suggestion=nearest(value, known),
    )


def answers_once(tables: Tables) -> Iterator[Finding]:
    """One answer a candidate and pledge; what is not a plain yes carries a remark."""
    first: dict[tuple[str, str], Row] = {}
    for answer in tables.answers or ():
        key = (answer.candidate, answer.pledge)
        if key in first:
            shown = str(first[key].cell())
            yield finding("answer.twice", answer.at.cell("pledge"), pledge=answer.pledge, first=shown)
        first.setdefault(key, answer.at)
        if not answer.remark and answer.answer in {Answer.PARTIAL, Answer.REFUSED, Answer.OTHER}:
            yield finding("answer.no_remark", answer.at.cell("remark"), answer=answer.answer.value)


def namesakes(tables: Tables) -> Iterator[Finding]:
    """Two of one name in one district: two people, or one row twice. Names alone never tell people apart."""
    groups: dict[tuple[str, ...], list[Candidate]] = defaultdict(list)
    for one in tables.candidates:
        if one.name:
            groups[one.office, one.province, one.district, compare_key(one.name)].append(one)
    for group in groups.values():
        for before, after in pairwise(group):
            if before.key != after.key:
                yield finding("candidate.namesake", after.at.cell("name"), other=str(before.at.cell("name")))


def areas_named(tables: Tables) -> Iterator[Finding]:
    """Names of regions in full: titles such as 도지사 and 구청장 are made from their ends."""
    for one in tables.regions:
        for field in ("province", "municipality"):
            name = getattr(one, field)
            if name and not is_area(name):
                yield finding("region.name", one.at.cell(field), value=name)


def hanja_whole(tables: Tables) -> Iterator[Finding]:
    """Hanja cells that lost a character on their way ('姜宇?') are told, never mended in silence."""
    for one in tables.candidates:
        if one.hanja and compare_key(one.hanja) != compare_key(one.name) and not _HANJA.fullmatch(one.hanja):
            yield finding("hanja.damaged", one.at.cell("hanja"))


RULES: tuple[Callable[[Tables], Iterable[Finding]], ...] = (
    unique_keys,
    references,
    answers_once,
    namesakes,
    areas_named,
    hanja_whole,
)


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
            region = by_name[province] = _derived(one, province, by_name.values())
            findings.append(finding("region.derived", one.at.cell("province"), region=province))
        if region is None:
            value = f"{province} {municipality}".strip()
            findings.append(_unknown(one, "municipality" if one.municipality else "district", value, "지역", by_name))
        else:
            found[one.key] = region
    return found, findings


def _district_area(candidate: Candidate, municipalities: Sequence[str]) -> str:
    """The 시·군·구 a district's name opens with; the whole name where the 시·도 has 시·군·구 but none fits."""
    area = municipality_of(candidate.district, candidate.province, municipalities)
    return area or (candidate.district if municipalities or candidate.office in _OF_MUNICIPALITIES else "")


def _derived(candidate: Candidate, province: str, regions: Iterable[Region]) -> Region:
    """A 시·도 that has no row: its code from the row's district code, else from its 시·군·구."""
    code = _DISTRICT_CODE.match(candidate.district_code)
    # Codes of 구·시·군 are as long as district codes and built like them.
    codes = (_DISTRICT_CODE.match(one.code) for one in regions if one.province == province)
    code = code or next((one for one in codes if one), None)
    digits = code[1] if code else ""
    return Region(at=candidate.at, code=f"{digits}00" if digits else province, province=province)


def reaches(pledge: Pledge, candidate: Candidate, region: Region) -> bool:
    """Whether a pledge concerns a candidate: its scope covers the office, its area the region."""
    if pledge.scope is not Scope.ALL and pledge.scope is not candidate.office.scope:
        return False
    if pledge.is_common:
        return True
    in_province = pledge.province in {region.province, candidate.province}
    return in_province and pledge.municipality in {"", region.municipality}


def _adoptions(
    candidates: Iterable[Candidate], regions: Mapping[str, Region], tables: Tables
) -> tuple[dict[str, tuple[Adoption, ...]], list[Finding]]:
    """What each candidate adopted, in the order of the pledges; without an answers table, all that concerns it."""
    pledges = sorted(tables.pledges, key=lambda one: not one.is_common)
    given: dict[str, dict[str, Response]] = defaultdict(dict)
    for answer in tables.answers or ():
        given[answer.candidate].setdefault(answer.pledge, answer)
    known = {pledge.number for pledge in pledges}
    adopted: dict[str, tuple[Adoption, ...]] = {}
    findings: list[Finding] = []
    for one in candidates:
        region = regions.get(one.key)
        concerned = [pledge for pledge in pledges if region and reaches(pledge, one, region)]
        own = given[one.key]
        if tables.answers is None:
            adopted[one.key] = tuple(Adoption(pledge, Answer.ACCEPTED) for pledge in concerned)
            continue
        adopted[one.key] = tuple(
            Adoption(pledge, own[pledge.number].answer, own[pledge.number].remark)
            for pledge in concerned
            if pledge.number in own and own[pledge.number].answer.adopts
        )
        reached = {pledge.number for pledge in concerned}
        findings += [
            finding("answer.unreached", answer.at.cell("pledge"), pledge=number)
            for number, answer in own.items()
            if number in known and number not in reached and region and answer.answer is not Answer.NONE
        ]
        if not adopted[one.key] and region:
            findings.append(
                finding("candidate.unanswered", Cell(one.at.file, one.at.sheet, one.at.row), subject=one.key)
            )
    return adopted, findings
