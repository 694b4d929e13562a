"""Candidates: 후보, 지역, what is proposed to them, what they adopted, who signs, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.korean.titles import council_member_of, head_of
from pipeline.model.book import Book, Candidacy
from pipeline.model.campaign import Kind
from pipeline.model.choices import Answer, Office, Yes
from pipeline.model.documents import Context, Subject
from pipeline.model.records import Progress
from pipeline.subjects.common import INDEPENDENT, adoptions, area, folders, printed_position, proposals

_DISTRICT_OFFICES = frozenset({Office.PROVINCIAL_COUNCIL, Office.MUNICIPAL_COUNCIL, Office.ASSEMBLY})


def candidates(book: Book, _: Kind) -> Iterator[Subject]:
    """Everybody who stands."""
    blank = _blank(book.progress)
    for one in book.candidacies:
        person = _person(one)
        yield Subject(
            key=one.candidate.key,
            region=one.region.code,
            folders=folders(one.region),
            place=one.region.name,
            label=f"{person['직함']} {one.candidate.name}",
            # A party-list or an education row of the sheet may know no 시·도 of its own: papers lie by region.
            columns={**person, "시도": one.region.province, "시군구": one.region.municipality},
            offers=_offers(book, one, person, blank),
        )


def _person(one: Candidacy) -> dict[str, str]:
    # The law prints neither party nor ballot number for superintendents of education, whatever the list says.
    hidden = {"정당": "", "기호": ""} if one.candidate.office is Office.SUPERINTENDENT else {}
    answered = any(position.answer is not Answer.NONE for position in one.positions)
    return {
        **one.candidate.printed(),
        "직함": full_title(one),
        "직위": post(one),
        "협약": Yes.YES.value if one.adopted else "",
        "회신": Yes.YES.value if answered else "",
        **hidden,
    }


def _blank(progress: Mapping[tuple[str, str], Progress]) -> Mapping[str, str]:
    """What stands beside a pledge of which nothing was recorded: every field there is, empty."""
    first = next(iter(progress.values()), None)
    names = first.printed() if first else [header.name for header in Progress.headers().values()]
    return dict.fromkeys(names, "")


def _offers(book: Book, one: Candidacy, person: Mapping[str, str], blank: Mapping[str, str]) -> Context:
    candidate = one.candidate
    party = person["정당"]
    return {
        "후보": person,
        "지역": area(one.region),
        **proposals((position.pledge for position in one.positions), book.asked),
        **adoptions(one.adopted),
        "점검": [
            {**printed_position(position), **(found.printed() if found else blank)}
            for position in one.adopted
            for found in [book.progress.get((candidate.key, position.pledge.number))]
        ],
        "서명": {
            "정당": "" if party in INDEPENDENT else party,
            "직함": person["직함"],
            "선거구": candidate.district if candidate.office in _DISTRICT_OFFICES else "",
            "이름": candidate.name,
            "대리": bool(candidate.deputy),
            "대리인": candidate.deputy,
            "대리인직함": candidate.deputy_title,
        },
    }


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
