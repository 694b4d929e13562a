"""Lists of a volume: what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from pipeline.doors.volumes.lists import PAGE, Column, Listing, Row
from pipeline.model.volumes import NATION, Bound, Volume

Say = Callable[[str], str]


def state(volume: Volume, say: Say) -> Listing:
    """The table of state: how many papers of each region are complete."""
    heads = (say("To be signed"), say("Complete"), say("Being checked"), say("Not returned"), say("Pages"))
    columns = (Column(say("Region"), 60), *(Column(head, 20, is_number=True) for head in heads))
    rows = [
        Row((one.area, *map(str, (one.expected, one.complete, one.waiting, one.nothing, one.pages))))
        for one in volume.counts
    ]
    sums = [
        sum(getattr(one, name) for one in volume.counts)
        for name in ("expected", "complete", "waiting", "nothing", "pages")
    ]
    rows.append(Row((say("Total"), *map(str, sums)), strong=True))
    note = say("Regions stand in their fixed order; nothing here is a ranking.")
    return Listing(say("Where papers stand"), columns, tuple(rows), note)


def contents(volume: Volume, say: Say) -> Listing:
    """The papers, with their pages."""
    columns = (
        Column(say("Number"), 36),
        Column(say("Document"), 32),
        Column(say("For"), 76),
        Column(say("Page"), 16, is_number=True),
    )
    rows: list[Row] = []
    for area, own in by_area(volume):
        rows.append(Row((area,)))
        rows += [
            Row((one.about.number, one.about.title, _whose(one), PAGE), one.about.number) for one in own if one.leaves
        ]
        if not any(one.leaves for one in own):
            rows.pop()
    return Listing(say("Contents"), columns, tuple(rows))


def missing(volume: Volume, say: Say) -> Listing:
    """Papers that are not complete, and why."""
    columns = (
        Column(say("Number"), 36),
        Column(say("For"), 44),
        Column(say("State"), 26),
        Column(say("What is missing"), 54),
    )
    rows: list[Row] = []
    for area, own in by_area(volume):
        lacking = [one for one in own if one.is_open]
        if lacking:
            rows.append(Row((area,)))
        rows += [
            Row(
                (one.about.number, _whose(one), say(one.stage.value if one.stage else ""), _lacks(one, say)),
                one.about.number if one.leaves else "",
            )
            for one in lacking
        ]
    note = say("By what had come back and been decided when this volume was bound.")
    return Listing(say("What is missing"), columns, tuple(rows), note)


def _lacks(paper: Bound, say: Say) -> str:
    parts = []
    if paper.missing:
        parts.append(say("pages {pages}").format(pages=paper.missing))
    if paper.unsigned:
        parts.append(say("signatures: {names}").format(names=paper.unsigned))
    return "; ".join(parts)


def index(volume: Volume, say: Say) -> Listing:
    """Names, with pages."""
    columns = (
        Column(say("Name"), 50),
        Column(say("Region"), 54),
        Column(say("Number"), 40),
        Column(say("Page"), 16, is_number=True),
    )
    named = sorted(
        (one for one in volume.papers if one.about.who and one.leaves),
        key=lambda one: (one.about.who, one.about.number),
    )
    rows = [
        Row((one.about.who, one.about.area or volume.area, one.about.number, PAGE), one.about.number) for one in named
    ]
    return Listing(say("Index of names"), columns, tuple(rows))


def by_area(volume: Volume) -> Iterator[tuple[str, list[Bound]]]:
    """Papers as they stand: by 시·도 in the nation's volume, by region in a region's."""

    def area(one: Bound) -> str:
        return (one.about.province or NATION) if volume.area == NATION else one.about.area

    for name, own in groupby(volume.papers, key=area):
        yield name, list(own)


def _whose(paper: Bound) -> str:
    about = paper.about
    if not about.who:
        return about.area
    return f"{about.office} {about.who}" if about.office and about.office != about.who else about.who
