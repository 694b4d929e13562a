"""Step 2, check: what only a rule of the field or two tables together can tell.

Enters: `Tables`. Leaves: findings. A rule is one function; `RULES` lists them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.korean.names import compare_key
from pipeline.korean.similar import nearest
from pipeline.korean.titles import is_area
from pipeline.model.book import Tables
from pipeline.model.choices import Answer, Decision, Status
from pipeline.model.findings import Finding, finding
from pipeline.model.identity import REGION_CODE
from pipeline.model.records import Candidate, Demand, Progress, Record, Response, Row, cited

_HANJA = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")


def check(tables: Tables) -> list[Finding]:
    """Apply all rules."""
    return [found for rule in RULES for found in rule(tables)]


def unique_keys(tables: Tables) -> Iterator[Finding]:
    """후보자ID, 공약 번호, 지역코드, names of regions and 협의회 stand once each in their tables."""
    fields: Sequence[tuple[Iterable[Record], str]] = (
        ([one for one in tables.candidates if one.key], "key"),
        (tables.pledges, "number"),
        (tables.regions, "code"),
        (tables.councils, "name"),
        (tables.parties, "key"),
        (tables.bodies, "key"),
        (tables.events, "key"),
        (tables.demands, "number"),
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


def codes_in_numbers(tables: Tables) -> Iterator[Finding]:
    """지역코드 can be carried by numbers of papers."""
    for region in tables.regions:
        if not re.fullmatch(REGION_CODE, region.code, re.ASCII):
            yield finding("region.code", region.at.cell("code"), value=region.code)


def references(tables: Tables) -> Iterator[Finding]:
    """Councils of regions, regions of pledges, candidates and pledges of answers exist."""
    councils = {one.name for one in tables.councils}
    areas = {one.name for one in tables.regions} | {one.province for one in tables.regions}
    for region in tables.regions:
        if region.council and councils and region.council not in councils:
            yield region.unknown("council", region.council, "협의회", nearest(region.council, councils))
    for pledge in tables.pledges:
        area = f"{pledge.province} {pledge.municipality}".strip()
        if area and area not in areas:
            field = "municipality" if pledge.municipality else "province"
            yield pledge.unknown(field, area, "지역", nearest(area, areas))
    keys = {one.key for one in tables.candidates} | {one.key for one in tables.parties}
    numbers = {one.number for one in tables.pledges}
    # No suggestions for keys: the nearest one is somebody else's. Where a key is blank, any answer may be its row's.
    unsure = tables.rejected | ({one.candidate for one in tables.answers or ()} if "" in keys else set())
    known, known_pledges = keys | unsure, numbers | tables.rejected
    said: tuple[Response | Progress, ...] = (*(tables.answers or ()), *tables.progress)
    for answer in said:
        if answer.candidate not in known:
            yield answer.unknown("candidate", answer.candidate, "후보자", "")
        if answer.pledge not in known_pledges:
            yield answer.unknown("pledge", answer.pledge, "공약", "")


def answers_once(tables: Tables) -> Iterator[Finding]:
    """One answer a candidate and pledge, 무응답 aside; what is not a plain yes carries a remark."""
    first: dict[tuple[str, str], Row] = {}
    for answer in tables.answers or ():
        key = (answer.candidate, answer.pledge)
        if answer.answer is Answer.NONE:
            continue
        if key in first:
            shown = str(first[key].cell())
            yield finding("answer.twice", answer.at.cell("pledge"), pledge=answer.pledge, first=shown)
        first.setdefault(key, answer.at)
        if not answer.remark and answer.answer in {Answer.PARTIAL, Answer.REFUSED, Answer.OTHER}:
            yield finding("answer.no_remark", answer.at.cell("remark"), answer=answer.answer.value)


def progress_once(tables: Tables) -> Iterator[Finding]:
    """One state a candidate and pledge."""
    first: dict[tuple[str, str], Row] = {}
    for one in tables.progress:
        key = (one.candidate, one.pledge)
        if key in first:
            header, shown = one.headers()["pledge"].name, str(first[key].cell("pledge"))
            yield finding("key.duplicate", one.at.cell("pledge"), header=header, value=one.pledge, first=shown)
        first.setdefault(key, one.at)


def demands_decided(tables: Tables) -> Iterator[Finding]:
    """What was adopted names its pledge, what was merged its demand, what was declined a reason."""
    needs = {
        Decision.ADOPTED: ("pledge", "demand.pledge"),
        Decision.MERGED: ("target", "demand.target"),
        Decision.DECLINED: ("reason", "demand.reason"),
    }
    demands = {one.number: one for one in tables.demands}
    known = {"pledge": {one.number for one in tables.pledges}, "target": set(demands)}
    for one in tables.demands:
        field, code = needs.get(one.decision, ("", ""))
        value = getattr(one, field, "")
        if field and not value:
            yield finding(code, one.at.cell(field), demand=one.number)
        elif field in known and value not in known[field] | tables.rejected:
            yield one.unknown(field, value, "공약" if field == "pledge" else "제도개선요구", "")
    yield from _circles(demands)


def _circles(demands: Mapping[str, Demand]) -> Iterator[Finding]:
    """Merged demands that lead back to themselves; each circle once."""
    done: set[str] = set()
    for start in demands:
        path: list[str] = []
        number = start
        while number in demands and number not in done and demands[number].decision is Decision.MERGED:
            path.append(number)
            done.add(number)
            number = demands[number].target
        if number in path:
            circle = [*path[path.index(number) :], number]
            yield finding("demand.circle", demands[number].at.cell("target"), path=" → ".join(circle))


def demands_cited(tables: Tables) -> Iterator[Finding]:
    """A pledge cites demands that are there and were not declined."""
    demands = {one.number: one for one in tables.demands}
    for pledge in tables.pledges if demands else ():
        for number in cited(pledge):
            if number not in demands.keys() | tables.rejected:
                yield pledge.unknown("answers", number, "제도개선요구", "")
            elif number in demands and demands[number].decision is Decision.DECLINED:
                yield finding("demand.cited", pledge.at.cell("answers"), demand=number)


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


def one_district_each(tables: Tables) -> Iterator[Finding]:
    """Nobody stands in two districts: the same name, hanja and year of birth twice is one person, or a slip."""
    first: dict[tuple[str, ...], Candidate] = {}
    for one in tables.candidates:
        if one.name and one.birth and one.hanja and one.status is Status.REGISTERED:
            key = (compare_key(one.name), compare_key(one.hanja), one.birth)
            before = first.setdefault(key, one)
            if (before.office, before.province, before.district) != (one.office, one.province, one.district):
                yield finding("candidate.two_districts", one.at.cell("district"), other=str(before.at.cell("district")))


def councils_represented(tables: Tables) -> Iterator[Finding]:
    """A council that is to receive papers has somebody to receive them."""
    for one in tables.councils:
        if not one.representative:
            yield finding("council.nobody", one.at.cell("representative"))


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
    codes_in_numbers,
    references,
    answers_once,
    progress_once,
    demands_decided,
    demands_cited,
    namesakes,
    one_district_each,
    councils_represented,
    areas_named,
    hanja_whole,
)
