"""The nation, 시·도, regions: 지역, the roll of signers, and where the campaign stands there in numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.korean.titles import PROVINCES
from pipeline.model.book import Book
from pipeline.model.campaign import Kind
from pipeline.model.documents import Subject
from pipeline.model.records import NATION, Region, Row
from pipeline.subjects.common import Proposals, area, folders
from pipeline.subjects.numbers import numbers
from pipeline.subjects.roll import roll

# The commission's district codes: the office (2 digits from 10 on, 11 is 교육감), the 시·도, the district in it. Codes
# of 구·시·군 are as long, and built like them.
_DISTRICT_CODE = re.compile(r"(?:1[01]|[2-9])(\d{2})\d{4}")


def nation(book: Book, kind: Kind) -> Iterator[Subject]:
    """The campaign as a whole."""
    yield from _areas(book, kind, [NATION])


def provinces(book: Book, kind: Kind) -> Iterator[Subject]:
    """Every 시·도, those included of which only 시·군·구 are in the table."""
    own = {one.province: one for one in book.regions if not one.municipality}
    for one in book.regions:
        if one.province in PROVINCES and one.province not in own:
            codes = (each.code for each in book.regions if each.province == one.province)
            own[one.province] = whole_province(one.at, one.province, codes)
    yield from _areas(book, kind, sorted(own.values(), key=lambda one: one.code))


def regions(book: Book, kind: Kind) -> Iterator[Subject]:
    """Every region of the table."""
    yield from _areas(book, kind, book.regions)


def whole_province(at: Row, province: str, codes: Iterable[str]) -> Region:
    """A 시·도 without a row of its own.

    Args:
        at: the row that names it.
        province: its name.
        codes: of districts and regions in it; where none tells its code, it gets one of ours.
    """
    known = next((found for code in codes if (found := _DISTRICT_CODE.fullmatch(code))), None)
    # 9: begins no code of a 시·도.
    return Region(at=at, code=f"{known[1]}00" if known else f"9{PROVINCES.index(province):03}", province=province)


def _areas(book: Book, kind: Kind, chosen: Sequence[Region]) -> Iterator[Subject]:
    """Areas in which there is something to say: signers for a paper with a roll, else candidates or pledges."""
    areas: dict[tuple[str, str], int] = {}
    for place, region in enumerate(book.regions):
        areas.setdefault((region.province, ""), place)
        areas[region.province, region.municipality] = place
    proposals = Proposals(book.asked)
    for one in chosen:
        within = _within(one)
        candidacies = [each for each in book.candidacies if within(each.region)]
        people = [each.activist for each in book.signatories if within(each.region)]
        listed = roll(people, kind, areas, nationwide=one is NATION) if kind.roll else {"인원": 0, "묶음": []}
        if kind.roll and not listed["인원"]:
            continue
        # A common pledge has no region, and one of a 시·군·구 is not asked of the whole 시·도.
        asked = [pledge for pledge in book.pledges if pledge.is_common or pledge.area == one.name]
        printed = area(one)
        yield Subject(
            key=f"region:{one.code}",
            region=one.code,
            folders=folders(one),
            place=one.name,
            label=one.name,
            columns={**printed, "인원": str(listed["인원"])},
            offers={
                "지역": printed,
                **proposals.of(asked),
                "연명부": listed,
                "현황": numbers(candidacies, book.campaign.election.offices, one),
            },
        )


def _within(around: Region) -> Callable[[Region], bool]:
    if around is NATION:
        return lambda _: True
    if not around.municipality:
        return lambda region: region.province == around.province
    return lambda region: region.code == around.code
