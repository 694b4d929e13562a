"""Parties of the sample campaign and what they answered; texts: `sample/parties.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.sample_answers import ACCEPTED, NONE, PARTIAL, REFUSED, pledges
from tools.sample_regions import load
from tools.sample_sheets import Column, Sheet, Value, table

if TYPE_CHECKING:
    from tools.sample_answers import Pledge

ANSWERS = (ACCEPTED, PARTIAL, REFUSED, "기타의견", NONE)
COLOUR = "7A3B3F"

PARTY_COLUMNS = (
    Column("정당ID", 12, number_format="@"),
    Column("정당", 22),
    Column("시도", 15),
    Column("기구", 14),
    Column("직함", 20),
    Column("대표자", 14),
)
ANSWER_COLUMNS = (
    Column("정당ID", 12, number_format="@"),
    Column("정당", 22),
    Column("공약번호", 12),
    Column("공약", 42, align="left"),
    Column("답변", 10, choices=ANSWERS),
    Column("의견", 70, align="left"),
)


@dataclass(frozen=True, slots=True)
class Party:
    """A party (no province) or a branch of it, with one answer a pledge, or none at all."""

    key: str
    name: str
    body: str
    title: str
    representative: str
    answers: tuple[str, ...]
    province: str = ""


def parties() -> tuple[Party, ...]:
    """All parties, then the branches."""
    return tuple(Party(**{**row, "answers": tuple(row["answers"])}) for row in load("parties")["party"])


def party_sheets() -> list[Sheet]:
    """정당, and 정당 답변 with a blank first column and the header in row 4."""
    rows = table(
        (
            {
                "정당ID": one.key,
                "정당": one.name,
                "시도": one.province,
                "기구": one.body,
                "직함": one.title,
                "대표자": one.representative,
            }
            for one in parties()
        ),
        PARTY_COLUMNS,
    )
    answered = table((answer for one in parties() for answer in answers_of(one)), ANSWER_COLUMNS)
    return [
        Sheet("정당", "정책협약에 참여를 요청한 정당", "시도가 빈 칸이면 중앙당", PARTY_COLUMNS, rows, COLOUR),
        Sheet(
            "정당 답변",
            "정당 답변 취합표",
            "기준일 2018. 5. 18.  (부분수용과 불수용은 의견을 반드시 적음)",
            ANSWER_COLUMNS,
            answered,
            COLOUR,
            left=1,
            gap=1,
            frozen=2,
            row_height=None,
        ),
    ]


def answers_of(party: Party) -> list[dict[str, Value]]:
    """Rows of one party."""
    if not party.answers:
        return []
    rows: list[dict[str, Value]] = []
    for pledge, text in zip(asked(party), party.answers, strict=True):
        answer, _, remark = text.partition(" | ")
        rows.append(
            {
                "정당ID": party.key,
                "정당": party.name,
                "공약번호": pledge.number,
                "공약": pledge.title,
                "답변": ANSWERS[ANSWERS.index(answer)],
                "의견": remark,
            }
        )
    return rows


def asked(party: Party) -> list[Pledge]:
    """The common pledges; branches are also asked about those of their whole 시·도."""
    mine = {"", party.province}
    return [one for one in pledges() if one.province in mine and not one.municipality]
