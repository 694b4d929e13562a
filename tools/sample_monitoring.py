"""After the election: who was elected, and what became of what they had adopted; texts: `sample/monitoring.toml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.sample_answers import ACCEPTED, PARTIAL, Answer
from tools.sample_people import GOVERNOR, MAYOR, MUNICIPAL, PROVINCIAL, STATUSES, SUPERINTENDENT, Person
from tools.sample_regions import load, regions
from tools.sample_sheets import Column, Sheet, Value, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

STATES = ("미착수", "추진중", "일부이행", "이행완료", "보류", "폐기", "확인불가")
SIGNATORIES, OTHERS = 24, 5
"""How many of those elected had signed, and how many had not."""
RECORDED = 20
"""Of how many signatories anything was found out."""
DAYS = tuple(dt.date(2019, 12, day) for day in (9, 10, 11, 12, 13, 16, 17, 18, 19, 20))

COLUMNS = (
    Column("후보자ID", 12, number_format="@"),
    Column("후보자", 20),
    Column("공약번호", 12),
    Column("공약", 38, align="left"),
    Column("상태", 10, choices=STATES),
    Column("소관부서", 20),
    Column("추진내용", 52, align="left"),
    Column("근거자료", 36, align="left"),
    Column("점검일", 13, number_format="yyyy\\. m\\. d\\."),
    Column("점검자", 36, align="left"),
    Column("다음조치", 36, align="left"),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was found out about one adopted pledge."""

    adopted: Answer
    state: str
    department: str
    done: str
    evidence: str
    checked: dt.date
    checker: str
    following: str


def elected(people: tuple[Person, ...], replies: tuple[Answer, ...], random: Random) -> frozenset[str]:
    """Keys of those elected: no more than one for an office of a single seat."""
    standing = [one for one in people if one.status == STATUSES[0]]
    signed = {one.person.key for one in adoptions(replies)}
    first = {tuple(line.split(" | ")) for line in load("monitoring")["elected"]}
    # Those who stand in the list come first, the others in any order.
    drawn = sorted(
        random.sample(standing, len(standing)), key=lambda one: (one.province, one.district, one.name) not in first
    )
    seats: set[tuple[str, str, str]] = set()
    left = {True: SIGNATORIES, False: OTHERS}
    winners = set()
    for one in drawn:
        seat = (one.office, one.province, one.district)
        full = one.office != MUNICIPAL and seat in seats
        if not full and left[one.key in signed]:
            left[one.key in signed] -= 1
            seats.add(seat)
            winners.add(one.key)
    return frozenset(winners)


def adoptions(replies: tuple[Answer, ...]) -> list[Answer]:
    """Answers that went into an agreement."""
    return [one for one in replies if one.answer in {ACCEPTED, PARTIAL} and one.person.status == STATUSES[0]]


def monitoring(replies: tuple[Answer, ...], winners: frozenset[str], random: Random) -> tuple[Progress, ...]:
    """What was found out: of some people nothing, of the last one not yet everything."""
    texts = load("monitoring")
    adopted: dict[str, list[Answer]] = {}
    for answer in adoptions(replies):
        if answer.person.key in winners:
            adopted.setdefault(answer.person.key, []).append(answer)
    chosen = set(random.sample(list(adopted), RECORDED))
    kept = [answers for key, answers in adopted.items() if key in chosen]
    kept[-1] = kept[-1][:-3]
    return tuple(found for answers in kept for found in of_person(answers, texts, random))


def of_person(adopted: list[Answer], texts: dict[str, Any], random: Random) -> Iterator[Progress]:
    """One person's sheet: looked into on one day by the council of the region; no note twice while there are others."""
    person = adopted[0].person
    checker = next(one.council for one in regions() if one.code == person.code) + " 정책점검단"
    checked = random.choice(DAYS)
    said: set[str] = set()
    for answer in adopted:
        state = random.choices(list(texts["weights"]), list(texts["weights"].values()))[0]
        offered = notes(answer, state, texts)
        noted = random.choice([note for note in offered if note not in said] or offered)
        said.add(noted)
        done, evidence, following = ("" if part == "-" else part for part in noted.split(" | "))
        department = asked(answer, texts)
        yield Progress(answer, state, department, done, evidence, checked, checker, following)


def notes(answer: Answer, state: str, texts: dict[str, Any]) -> list[str]:
    """Notes that suit the office, the pledge and the state."""
    office = answer.person.office
    if office in {PROVINCIAL, MUNICIPAL}:
        found = texts["council"]
    elif office == SUPERINTENDENT:
        found = texts["education"]
    elif answer.pledge.province:
        found = {**texts["heads"], **texts["regional"]}
    else:
        found = {**texts["heads"], **texts["common"][int(answer.pledge.number.partition("-")[2]) - 1]}
    return list(found[state])


def asked(answer: Answer, texts: dict[str, Any]) -> str:
    """Who of the administration is asked; of a council, a committee."""
    office, field = answer.person.office, answer.pledge.field
    if office in {PROVINCIAL, MUNICIPAL}:
        return str(texts["committees"][field])
    place = (GOVERNOR, MAYOR, SUPERINTENDENT).index(office)
    return str(texts["departments"][field].split(" | ")[place])


def monitoring_sheet(found: tuple[Progress, ...]) -> Sheet:
    """이행, with a blank first column and the header in row 4."""
    rows = table((progress_row(one) for one in found), COLUMNS)
    note = "기준일 2019. 12. 31.  (문서와 공개 자료로 확인한 것만 적음)"
    return Sheet("이행", "정책협약 이행 점검", note, COLUMNS, rows, "4A5A24", left=1, gap=1, frozen=2, row_height=None)


def progress_row(one: Progress) -> dict[str, Value]:
    """A row of 이행."""
    return {
        "후보자ID": one.adopted.person.key,
        "후보자": one.adopted.person.name,
        "공약번호": one.adopted.pledge.number,
        "공약": one.adopted.pledge.title,
        "상태": one.state,
        "소관부서": one.department,
        "추진내용": one.done,
        "근거자료": one.evidence,
        "점검일": one.checked,
        "점검자": one.checker,
        "다음조치": one.following,
    }
