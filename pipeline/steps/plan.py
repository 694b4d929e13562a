"""Step 3, plan: every decision about every document. Numbers, file names, contexts, fingerprints, reasons.

Enters: `Book`, `Evidence`. Leaves: `Plan`, findings. Touches no file: a dry run prints this very plan.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.korean.particles import decidable
from pipeline.korean.titles import council_member_of, head_of
from pipeline.model.book import Adoption, Book, Candidacy
from pipeline.model.campaign import Campaign, Kind
from pipeline.model.documents import Context, Evidence, Issued, Job, Plan, Reason
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import Office

_SETTINGS = Cell("inputs/campaign.toml")
_SLOT = re.compile(r"\{([^{}]*)\}")
_DISTRICT_OFFICES = frozenset({Office.PROVINCIAL_COUNCIL, Office.MUNICIPAL_COUNCIL, Office.ASSEMBLY})
_INDEPENDENT = frozenset({"", "무소속"})


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every decision is made from."""

    campaign: Campaign
    evidence: Evidence
    renderer: str
    file_name: Callable[[str], str]


def plan(
    book: Book, evidence: Evidence, kinds: Sequence[str], renderer: str, file_name: Callable[[str], str]
) -> tuple[Plan, list[Finding]]:
    """Plan the documents of some kinds.

    Args:
        book: the checked campaign.
        evidence: what was issued and what lies on disk.
        kinds: names of document kinds.
        renderer: version of what makes Word files; part of every fingerprint.
        file_name: makes text safe as a file name.
    """
    findings = list(_undecided(book))
    desk = _Desk(book.campaign, evidence, renderer, file_name)
    jobs: list[Job] = []
    for name in kinds:
        unknown = _unknown_slots(book.campaign.kinds[name].file)
        if unknown:
            known = ", ".join(sorted(SLOTS))
            findings.append(finding("kind.file", _SETTINGS, kind=name, unknown=", ".join(unknown), known=known))
            continue
        try:
            jobs += _jobs(desk, name, book.candidacies)
        except Trouble as trouble:
            findings.append(replace(trouble.finding, cell=_SETTINGS))
    return Plan(tuple(jobs)), [*findings, *_shared(jobs)]


def _unknown_slots(pattern: str) -> list[str]:
    """Slots that do not exist, and braces that are none."""
    rest = _SLOT.sub("", pattern)
    return sorted(f"{{{slot}}}" for slot in set(_SLOT.findall(pattern)) - SLOTS) + [one for one in "{}" if one in rest]


def _shared(jobs: Iterable[Job]) -> Iterator[Finding]:
    """Documents whose files have one name: the second would take the place of the first."""
    by_path: dict[str, list[Job]] = {}
    for job in jobs:
        # Windows and macOS tell no capitals from small letters.
        by_path.setdefault(job.docx.casefold(), []).append(job)
    counts: dict[str, int] = {}
    for group in by_path.values():
        if len(group) > 1:
            counts[group[-1].kind] = counts.get(group[-1].kind, 0) + len(group)
    for kind, count in counts.items():
        yield finding("kind.shared", _SETTINGS, kind=kind, count=count)


def _jobs(desk: _Desk, name: str, candidacies: Iterable[Candidacy]) -> Iterator[Job]:
    """Jobs of one kind; a subject without a number gets the next one of its region."""
    serials = dict(desk.evidence.serials)
    for one in candidacies:
        issued = desk.evidence.issued.get((name, one.candidate.key))
        place = (name, one.region.code)
        if issued is None:
            serials[place] = serials.get(place, 0) + 1
        yield _job(desk, name, one, issued, issued.serial if issued else serials[place])


def _job(desk: _Desk, name: str, candidacy: Candidacy, issued: Issued | None, serial: int) -> Job:
    kind = desk.campaign.kinds[name]
    candidate, region = candidacy.candidate, candidacy.region
    number = issued.number if issued else f"{kind.letter}-{region.code}-{serial:04d}"
    revision = issued.revision if issued else 1
    context = agreement_context(desk.campaign, kind, candidacy, number, revision)
    said = json.dumps([desk.renderer, desk.evidence.templates[name], context], ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    files = _files(desk, kind, candidacy, number)
    former = tuple(one for one in (issued.docx, issued.pdf) if one not in files) if issued else ()
    return Job(
        kind=name,
        key=candidate.key,
        number=number,
        serial=serial,
        revision=revision,
        subject=f"{full_title(candidacy)} {candidate.name}",
        region=region.code,
        place=region.name,
        context=context,
        fingerprint=fingerprint,
        docx=files[0],
        pdf=files[1],
        reason=_reason(issued, fingerprint, files, desk.evidence),
        former=former,
    )


def _files(desk: _Desk, kind: Kind, candidacy: Candidacy, number: str) -> tuple[str, str]:
    """Paths of the Word file and the PDF below outputs: a folder a 시·도, in it one a 시·군·구."""
    candidate, region = candidacy.candidate, candidacy.region
    values = {
        "번호": number,
        "직위": post(candidacy),
        "이름": candidate.name,
        "시도": region.province,
        "시군구": region.municipality,
        "선거구": candidate.district,
        "후보자ID": candidate.key,
        "제목": kind.title,
    }
    stem = desk.file_name(_SLOT.sub(lambda slot: values[slot[1]], kind.file))
    folders = [kind.folder, *(desk.file_name(part) for part in (region.province, region.municipality) if part)]
    path = "/".join([*folders, stem])
    return f"{path}.docx", f"{path}.pdf"


def _reason(issued: Issued | None, fingerprint: str, files: tuple[str, str], evidence: Evidence) -> Reason:
    """Why a document is due, from evidence alone: the first of these that holds."""
    if issued is None:
        return Reason.NEW
    docx, pdf = (evidence.sha256.get(name, "") for name in (issued.docx, issued.pdf))
    waiting = not issued.pdf_sha256
    reasons = (
        (Reason.ALTERED, any(digest and digest not in evidence.made_before for digest in (docx, pdf))),
        (Reason.CHANGED, fingerprint != issued.fingerprint),
        (Reason.MOVED, files != (issued.docx, issued.pdf)),
        (Reason.LOST, docx != issued.docx_sha256 or (not waiting and pdf != issued.pdf_sha256)),
        (Reason.WAITING, waiting),
        (Reason.CONVERTER, evidence.converter not in {"", issued.converter}),
    )
    return next((reason for reason, holds in reasons if holds), Reason.CURRENT)


SLOTS = frozenset({"번호", "직위", "이름", "시도", "시군구", "선거구", "후보자ID", "제목"})
"""What a file-name pattern may hold in braces."""


def post(candidacy: Candidacy) -> str:
    """The post alone, short: 종로구청장, 서울특별시의회의원."""
    office, region = candidacy.candidate.office, candidacy.region
    match office:
        case Office.GOVERNOR:
            return head_of(region.province)
        case Office.SUPERINTENDENT:
            return f"{region.province}교육감"
        case Office.MAYOR:
            return head_of(region.municipality or region.province)
        case Office.MUNICIPAL_COUNCIL:
            return council_member_of(region.municipality or region.province)
        case Office.PROVINCIAL_COUNCIL:
            return council_member_of(region.province)
        case _:
            return office.value


def full_title(candidacy: Candidacy) -> str:
    """As addressed: 서울특별시 중구청장 후보. Always with the 시·도, since six cities have a 중구."""
    short = post(candidacy)
    province = candidacy.region.province
    place = "" if short.startswith(province) or short == head_of(province) else f"{province} "
    return f"{place}{short} {candidacy.candidate.standing.printed}"


def agreement_context(campaign: Campaign, kind: Kind, one: Candidacy, number: str, revision: int) -> Context:
    """What an agreement's template sees. Keys are the headers of the sheets, so that staff know them."""
    candidate, region = one.candidate, one.region
    bodies = [{"이름": body.name, "직함": body.title, "대표": body.representative} for body in campaign.organisations]
    title = full_title(one)
    # The law prints neither party nor ballot number for superintendents of education, whatever the list says.
    hidden = {"정당": "", "기호": ""} if candidate.office is Office.SUPERINTENDENT else {}
    person = {**candidate.printed(), "직함": title, "직위": post(one), **hidden}
    party = person["정당"]
    return {
        "문서": {"번호": number, "판": revision, "제목": kind.title, "부수": kind.copies or len(bodies) + 1},
        "캠페인": {
            "이름": campaign.campaign.name,
            "협약일": campaign.campaign.agreement_date.isoformat(),
            "협약장소": campaign.campaign.place,
        },
        "선거": {"이름": campaign.election.name, "날짜": campaign.election.date.isoformat()},
        "용어": dict(campaign.terms),
        "단체": bodies[0],
        "단체들": bodies,
        "후보": person,
        "지역": {**region.printed(), "이름": region.name},
        "공통공약": list(_pledges(one.adoptions, common=True)),
        "지역공약": list(_pledges(one.adoptions, common=False)),
        "서명": {
            "정당": "" if party in _INDEPENDENT else party,
            "직함": title,
            "선거구": candidate.district if candidate.office in _DISTRICT_OFFICES else "",
            "이름": candidate.name,
            "대리": bool(candidate.deputy),
            "대리인": candidate.deputy,
            "대리인직함": candidate.deputy_title,
        },
    }


def _pledges(adoptions: Iterable[Adoption], *, common: bool) -> Iterator[Mapping[str, Any]]:
    for one in adoptions:
        if one.pledge.is_common is common:
            yield {**one.pledge.printed(), "답변": one.answer.value, "의견": one.remark}


def _undecided(book: Book) -> Iterator[Finding]:
    """Names after which no particle can be chosen: the paper would show '은(는)'."""
    for one in book.candidacies:
        if not decidable(one.candidate.name):
            yield finding("particle.undecided", one.candidate.at.cell("name"), subject=one.candidate.key)
    for body in book.campaign.organisations:
        if not decidable(body.name):
            yield finding("particle.undecided", _SETTINGS, subject="organisations")
