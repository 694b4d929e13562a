"""The nation, 시·도, regions: 지역, the roll of signers, and where the campaign stands there in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.model.book import Book
from pipeline.model.campaign import Kind
from pipeline.model.documents import Subject
from pipeline.model.records import NATION, Region
from pipeline.subjects.common import Proposals, area, folders
from pipeline.subjects.numbers import numbers
from pipeline.subjects.roll import roll


def nation(book: Book, kind: Kind) -> Iterator[Subject]:
    """The campaign as a whole."""
    yield from _areas(book, kind, [NATION])


def provinces(book: Book, kind: Kind) -> Iterator[Subject]:
    """Every 시·도, those included of which only 시·군·구 are in the table."""
    yield from _areas(book, kind, [one for one in book.regions if not one.municipality])


def regions(book: Book, kind: Kind) -> Iterator[Subject]:
    """Every region of the table."""
    yield from _areas(book, kind, book.regions)


def _areas(book: Book, kind: Kind, chosen: Sequence[Region]) -> Iterator[Subject]:
    """Areas in which there is something to say: signers for a paper with a roll, else candidates or pledges."""
    areas = {region.municipality or region.province: place for place, region in enumerate(book.regions)}
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
