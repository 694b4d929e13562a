"""Events of the sample campaign and their programmes; texts: `sample/events.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.sample_regions import load
from tools.sample_sheets import Column, Sheet, Value, table

if TYPE_CHECKING:
    from collections.abc import Iterator

SORTS = ("협약식", "토론회", "설명회", "간담회")
COLOUR = "2B5C8A"
DAY, CLOCK = "yyyy\\. m\\. d\\.", "hh:mm"

EVENT_COLUMNS = (
    Column("행사ID", 9, number_format="@"),
    Column("행사명", 30, align="left"),
    Column("유형", 9, choices=SORTS),
    Column("날짜", 12, number_format=DAY),
    Column("시작", 8, number_format=CLOCK),
    Column("종료", 8, number_format=CLOCK),
    Column("장소", 26, align="left"),
    Column("주소", 36, align="left"),
    Column("참가비", 9, number_format="0"),
    Column("계좌", 34, align="left"),
    Column("신청방법", 40, align="left"),
    Column("신청링크", 32, align="left"),
    Column("신청기한", 12, number_format=DAY),
    Column("문의", 34, align="left"),
    Column("주최", 24, align="left"),
    Column("주관", 28, align="left"),
    Column("취지", 60, align="left"),
    Column("시도", 14),
    Column("시군구", 9),
)
ITEM_COLUMNS = (
    Column("행사ID", 9, number_format="@"),
    Column("순서", 7, number_format="0"),
    Column("구분", 11),
    Column("내용", 36, align="left"),
    Column("분", 6, number_format="0"),
    Column("담당", 24),
    Column("소속", 36, align="left"),
    Column("직함", 12),
    Column("비고", 28, align="left"),
)
TEXTS = {
    "행사ID": "key",
    "행사명": "name",
    "유형": "sort",
    "날짜": "date",
    "시작": "begins",
    "종료": "ends",
    "장소": "place",
    "주소": "address",
    "참가비": "fee",
    "계좌": "account",
    "신청방법": "apply",
    "신청링크": "link",
    "신청기한": "deadline",
    "문의": "contact",
    "주최": "host",
    "주관": "organiser",
    "취지": "purpose",
    "시도": "province",
    "시군구": "municipality",
}
"""Header to name in the text file."""


def event_sheets() -> list[Sheet]:
    """행사, and 식순 below two blank rows with the header in row 5."""
    events = load("events")["event"]
    if unknown := {name for one in events for name in one} - {*TEXTS.values(), "programme"}:
        raise KeyError(*sorted(unknown))
    rows = table((event_row(one) for one in events), EVENT_COLUMNS)
    items = table((item for one in events for item in items_of(one)), ITEM_COLUMNS)
    note = "한 순서에 여러 사람이 있으면 같은 순서로 줄을 더하고, 내용과 분은 첫 줄에만 적음"
    return [
        Sheet("행사", "협약식과 토론회", "", EVENT_COLUMNS, rows, COLOUR, frozen=2, row_height=None),
        Sheet("식순", "행사 식순", note, ITEM_COLUMNS, items, COLOUR, top=2, row_height=None),
    ]


def event_row(event: dict[str, Any]) -> dict[str, Value]:
    """A row of 행사; a fee of nothing is written out, other blanks stay blank."""
    return {header: event.get(name, 0 if name == "fee" else "") for header, name in TEXTS.items()}


def items_of(event: dict[str, Any]) -> Iterator[dict[str, Value]]:
    """Rows of 식순: one for each person, at least one for each item."""
    for place, item in enumerate(event["programme"], start=1):
        first: dict[str, Value] = {"구분": item["sort"], "내용": item["title"], "분": item["minutes"]}
        for person in item["people"] or [""]:
            name, body, title, remark = (part.strip() for part in f"{person} | | | ".split("|")[:4])
            who: dict[str, Value] = {"담당": name, "소속": body, "직함": title, "비고": remark}
            yield {"행사ID": event["key"], "순서": place, **first, **who}
            first = dict.fromkeys(first)
