"""Pledges of the sample campaign and what candidates answered.

Texts: `sample/pledges.toml`, `sample/remarks.toml`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.sample_people import GOVERNOR, MAYOR, MUNICIPAL, PROVINCIAL, SUPERINTENDENT, Person
from tools.sample_regions import load, short_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

PROVINCE_SCOPE = "시·도"
MUNICIPALITY_SCOPE = "시·군·구"
EDUCATION_SCOPE = "교육청"
SCOPES = (PROVINCE_SCOPE, MUNICIPALITY_SCOPE, EDUCATION_SCOPE)

ACCEPTED, PARTIAL, REFUSED, NONE = ANSWERS = ("수용", "부분수용", "불수용", "무응답")

WEIGHTS = {"willing": (82, 13, 3, 2), "careful": (48, 34, 12, 6)}
"""How often each answer comes, by the candidate's way of answering."""

POST_DAYS = tuple(dt.date(2018, 5, day) for day in (8, 9, 10, 11, 14, 15, 16, 17))
"""Working days between the sending of the proposals and the lists' reference date."""


@dataclass(frozen=True, slots=True)
class Pledge:
    """A common pledge (no province, no scope) or a regional one."""

    number: str
    field: str
    title: str
    demand: str
    detail: str
    province: str = ""
    municipality: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One candidate's answer to one pledge."""

    person: Person
    pledge: Pledge
    answer: str
    remark: str
    came: dt.date | None


def pledges() -> tuple[Pledge, ...]:
    """Common pledges, then regional ones by 시·도."""
    texts, provinces = load("pledges"), short_names()
    common = [Pledge(number=f"공통-{serial}", **row) for serial, row in enumerate(texts["common"], start=1)]
    # 서울종로-1 belongs to 서울특별시: all short names are two syllables.
    regional = [Pledge(province=provinces[row["number"][:2]], **row) for row in texts["regional"]]
    return (*common, *regional)


def reaches(pledge: Pledge, person: Person) -> bool:
    """Whether a candidate is asked about a pledge."""
    if not pledge.province:
        return True
    if pledge.province != person.province or pledge.municipality not in {"", person.municipality}:
        return False
    scope = {GOVERNOR: PROVINCE_SCOPE, PROVINCIAL: PROVINCE_SCOPE, SUPERINTENDENT: EDUCATION_SCOPE}
    return pledge.scope == scope.get(person.office, MUNICIPALITY_SCOPE)


def answers(people: tuple[Person, ...], random: Random) -> tuple[Answer, ...]:
    """What came back, candidate by candidate; nothing at all from those who are absent."""
    texts, everything = load("remarks"), pledges()
    return tuple(
        answer
        for person in people
        if person.replies != "absent"
        for answer in of_person(person, [one for one in everything if reaches(one, person)], texts, random)
    )


def of_person(person: Person, asked: list[Pledge], texts: dict[str, Any], random: Random) -> Iterator[Answer]:
    """One candidate's sheet: it comes back on one day, and nobody gives the same reason twice."""
    came = None if person.replies == "silent" else random.choice(POST_DAYS)
    principle = random.choice(texts["refused"]["everything"])
    said: set[str] = set()
    for pledge in asked:
        answer = choose(person, pledge, random)
        if person.replies == "refuses":
            remark = principle
        else:
            remark = explain(answer, remarks(answer, person, pledge, texts), said, random)
        if answer in {PARTIAL, REFUSED} and not remark:
            answer = ACCEPTED
        yield Answer(person, pledge, answer, remark, came)


def choose(person: Person, pledge: Pledge, random: Random) -> str:
    """An answer in the candidate's manner."""
    match person.replies:
        case "refuses":
            return REFUSED
        case "silent":
            return NONE
        case "regional":
            return ACCEPTED if pledge.province else NONE
        case "common":
            return NONE if pledge.province else random.choices(ANSWERS[:2], (85, 15))[0]
    return random.choices(ANSWERS, WEIGHTS[person.replies])[0]


def remarks(answer: str, person: Person, pledge: Pledge, texts: dict[str, Any]) -> list[str]:
    """Remarks that suit the answer, the office and the pledge."""
    council = person.office in {PROVINCIAL, MUNICIPAL}
    if answer == NONE:
        return []
    if answer == ACCEPTED:
        return [*texts["accepted"]["anybody"], *texts["accepted"]["council" if council else "heads"]]
    offered = texts["partial" if answer == PARTIAL else "refused"]
    if pledge.province:
        return list(offered["regional"])
    if person.office in {GOVERNOR, MAYOR}:
        return list(offered["common"][int(re.sub(r"\D", "", pledge.number)) - 1])
    return list(offered["council" if council else "education"])


def explain(answer: str, offered: list[str], said: set[str], random: Random) -> str:
    """A remark that was not yet made; few have anything to add where they agree."""
    fresh = [remark for remark in offered if remark not in said]
    if not fresh or (answer == ACCEPTED and random.random() > 0.03):
        return ""
    remark = random.choice(fresh)
    said.add(remark)
    return remark
