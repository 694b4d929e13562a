"""Events: 행사, 지역, and 식순 with the hours of its items."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from pipeline.model.book import Book, Occasion
from pipeline.model.campaign import Kind
from pipeline.model.documents import Subject
from pipeline.model.records import Item
from pipeline.subjects.common import area, folders


def events(book: Book, _: Kind) -> Iterator[Subject]:
    """All events, by date."""
    for one in book.events:
        printed = {**one.event.printed(), "이름": one.event.name}
        yield Subject(
            key=f"event:{one.event.key}",
            region=one.region.code,
            folders=folders(one.region),
            place=one.region.name,
            label=one.event.name,
            columns=printed,
            offers={"행사": printed, "지역": area(one.region), "식순": list(_programme(one))},
        )


def _programme(one: Occasion) -> Iterator[dict[str, Any]]:
    """An item after the other, from the hour the event begins."""
    clock = datetime.datetime.combine(one.event.date, one.event.begins)
    for place, rows in groupby(one.programme, key=lambda row: row.place):
        item = _item(place, list(rows), clock)
        yield item
        clock += datetime.timedelta(minutes=item["분"])


def _item(place: int, rows: Sequence[Item], begins: datetime.datetime) -> dict[str, Any]:
    minutes = sum(row.minutes for row in rows)
    ends = begins + datetime.timedelta(minutes=minutes)
    return {
        "순서": place,
        "시작": begins.strftime("%H:%M"),
        "끝": ends.strftime("%H:%M"),
        "분": minutes,
        "구분": rows[0].sort,
        "내용": rows[0].title,
        "비고": rows[0].remark,
        "담당": [
            {"이름": row.speaker, "소속": row.affiliation, "직함": row.speaker_title, "비고": row.remark}
            for row in rows
            if row.speaker
        ],
    }
