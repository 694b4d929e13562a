"""Demands of the sample campaign: what member bodies and councils asked to be changed; texts: `sample/demands.toml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipeline.korean.alike import Shelf
from tools.sample_bodies import bodies
from tools.sample_regions import councils, load
from tools.sample_sheets import Column, Sheet, Value, table

OPEN = "검토중"
DECISIONS = (OPEN, "채택", "병합", "거절")
COLUMNS = (
    Column("요구번호", 11, number_format="@"),
    Column("단체", 32, align="left"),
    Column("분과", 12),
    Column("시도", 16),
    Column("시군구", 10),
    Column("내용", 72, align="left"),
    Column("받은 날", 12, number_format="yyyy\\. m\\. d\\."),
    Column("처리", 9, choices=DECISIONS),
    Column("공약번호", 12),
    Column("병합 대상", 11, number_format="@"),
    Column("사유", 44, align="left"),
    Column("비슷한 요구", 18),
)


@dataclass(frozen=True, slots=True)
class Demand:
    """A demand and what was decided of it."""

    number: str
    body: str
    province: str
    municipality: str
    committee: str
    received: dt.date
    text: str
    decision: str = OPEN
    pledge: str = ""
    target: str = ""
    reason: str = ""


def demands() -> tuple[Demand, ...]:
    """All of them, in the order in which they came."""
    places = {one.key: (one.name, one.province, one.municipality) for one in bodies()}
    places |= {one.name: (one.name, one.province, "") for one in councils()}
    found = []
    for serial, row in enumerate(load("demands")["demand"], start=1):
        name, province, municipality = places[row["body"]]
        place = {"body": name, "province": province, "municipality": municipality}
        found.append(Demand(**{**row, "number": f"D-{serial:04d}", **place}))
    return tuple(found)


def demand_sheet() -> Sheet:
    """제도개선요구, as the import leaves it: the last column lists what says nearly the same."""
    similar = _similar(demands())
    rows: list[dict[str, Value]] = [
        {
            "요구번호": one.number,
            "단체": one.body,
            "분과": one.committee,
            "시도": one.province,
            "시군구": one.municipality,
            "내용": one.text,
            "받은 날": one.received,
            "처리": one.decision,
            "공약번호": one.pledge,
            "병합 대상": one.target,
            "사유": one.reason,
            "비슷한 요구": similar[one.number],
        }
        for one in demands()
    ]
    note = "회원단체와 협의회가 양식으로 보낸 것  (채택은 공약번호, 병합은 병합 대상, 거절은 사유를 적음)"
    title = "제도개선요구 목록"
    return Sheet("제도개선요구", title, note, COLUMNS, table(rows, COLUMNS), "4A6B8A", frozen=2, row_height=None)


def _similar(found: tuple[Demand, ...]) -> dict[str, str]:
    shelf: Shelf[str] = Shelf()
    for one in found:
        shelf.put(one.number, one.text)
    return {one.number: ", ".join(key for key, _ in shelf.like(one.text) if key != one.number) for one in found}
