"""Candidates: 후보, 지역, what is proposed to them, what they adopted, who signs, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.korean.titles import council_member_of, head_of
from pipeline.model.book import Book, Candidacy, Position
from pipeline.model.campaign import Kind
from pipeline.model.choices import Answer, Office, Yes
from pipeline.model.documents import Context, Subject
from pipeline.model.records import Progress
from pipeline.subjects.common import INDEPENDENT, Proposals, adoptions, area, folders, printed_position

_DISTRICT_OFFICES = frozenset({Office.PROVINCIAL_COUNCIL, Office.MUNICIPAL_COUNCIL, Office.ASSEMBLY})


def candidates(book: Book, _: Kind) -> Iterator[Subject]:
    """Everybody who stands."""
    asked, checked = Proposals(book.asked), _Checked(book.progress)
    for one in book.candidacies:
        adopted = one.adopted
        person = _person(one, adopted)
        yield Subject(
            key=one.candidate.key,
            region=one.region.code,
            folders=folders(one.region),
            place=one.region.name,
            label=f"{person['직함']} {one.candidate.name}",
            # A party-list or an education row of the sheet may know no 시·도 of its own: papers lie by region.
            columns={**person, "시도": one.region.province, "시군구": one.region.municipality},
            offers=_offers(one, adopted, person, asked, checked),
        )


def _person(one: Candidacy, adopted: Sequence[Position]) -> dict[str, str]:
    # The law prints neither party nor ballot number for superintendents of education, whatever the list says.
    hidden = {"정당": "", "기호": ""} if one.candidate.office is Office.SUPERINTENDENT else {}
    answered = any(position.answer is not Answer.NONE for position in one.positions)
    return {
        **one.candidate.printed(),
        "직함": full_title(one),
        "직위": post(one),
        "협약": Yes.YES.value if adopted else "",
        "회신": Yes.YES.value if answered else "",
        **hidden,
    }


class _Checked:
    """점검: what was adopted, with what was recorded of it; where nothing was, every field there is, empty."""

    def __init__(self, progress: Mapping[tuple[str, str], Progress]) -> None:
        self._progress = progress
        first = next(iter(progress.values()), None)
        names = first.printed() if first else [header.name for header in Progress.headers().values()]
        self._blank = dict.fromkeys(names, "")
        self._unchecked: dict[int, Mapping[str, str]] = {}
        """By what is printed of the pledge: it is the same for thousands, and so is this."""

    def of(self, key: str, adopted: Iterable[Position]) -> list[Mapping[str, str]]:
        """Of all that somebody adopted."""
        return [self._of(key, position) for position in adopted]

    def _of(self, key: str, position: Position) -> Mapping[str, str]:
        printed = printed_position(position)
        if found := self._progress.get((key, position.pledge.number)):
            return {**printed, **found.printed()}
        if id(printed) not in self._unchecked:
            self._unchecked[id(printed)] = {**printed, **self._blank}
        return self._unchecked[id(printed)]


def _offers(
    one: Candidacy, adopted: Sequence[Position], person: Mapping[str, str], asked: Proposals, checked: _Checked
) -> Context:
    candidate = one.candidate
    party = person["정당"]
    return {
        "후보": person,
        "지역": area(one.region),
        **asked.of([position.pledge for position in one.positions]),
        **adoptions(adopted),
        "점검": checked.of(candidate.key, adopted),
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
