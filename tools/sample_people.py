"""Invented candidates: the hard cases of `sample/people.toml`, and others drawn around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tools.sample_regions import Region, councils, load, regions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

GOVERNOR = "시·도지사"
SUPERINTENDENT = "교육감"
MAYOR = "구·시·군의 장"
PROVINCIAL = "시·도의원"
MUNICIPAL = "구·시·군의원"
OFFICES = (GOVERNOR, SUPERINTENDENT, MAYOR, PROVINCIAL, MUNICIPAL)
"""In the order in which a province's candidates are listed."""

STANDINGS = ("예비후보자", "후보자", "당선인")
STATUSES = ("등록", "사퇴", "사망", "등록무효")
ATTENDANCE = ("참석", "대리 참석", "불참", "미정")

INDEPENDENT = "무소속"
KEYS = range(918_100_101, 918_109_999)
"""The commission's keys begin with 1; these belong to nobody."""


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the candidates' sheet."""

    office: str
    province: str
    district: str
    name: str
    hanja: str
    birth: int
    party: str = ""
    standing: str = STANDINGS[0]
    status: str = STATUSES[0]
    deputy: str = ""
    deputy_title: str = ""
    note: str = ""
    replies: str = ""
    """How the person answers: willing, careful, refuses, silent, absent, regional, common."""
    key: str = ""
    municipality: str = ""
    code: int = 0
    ballot: int | str | None = None
    attends: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """An office in a district, and how many stand for it."""

    office: str
    province: str
    district: str
    seats: int


def people(random: Random) -> tuple[Person, ...]:
    """All candidates, by 시·도, office and district."""
    texts = load("people")
    fixed = [Person(**{"district": row["province"], **row}) for row in texts["people"]]
    # No deputy or council shares a drawn name: papers are checked for names that do not belong there.
    others = {one.representative for one in councils()} | {person.deputy for person in fixed}
    names = drawn_names(texts, random, taken={person.name for person in fixed} | others)
    found: list[Person] = []
    for contest in contests(texts):
        given = [person for person in fixed if belongs(person, contest)]
        drawn = [draw(contest, next(names), random) for _ in range(contest.seats - len(given))]
        found += ballot_order(with_parties(given, drawn, texts, random), texts)
    keys = random.sample(KEYS, len(found))
    placed = [place(replace(person, key=str(key))) for person, key in zip(found, keys, strict=True)]
    return tuple(attendance(person, random) for person in with_replies(placed, random))


def contests(texts: dict[str, Any]) -> Iterator[Contest]:
    """Every contest of the sample, in the order of the sheet."""
    fields = {MAYOR: "mayor", PROVINCIAL: "provincial", MUNICIPAL: "municipal"}
    for entry in texts["contests"]:
        province = entry["province"]
        yield Contest(GOVERNOR, province, province, entry["governor"])
        if "superintendent" in entry:
            yield Contest(SUPERINTENDENT, province, province, entry["superintendent"])
        for office, field in fields.items():
            for district, seats in Counter(entry.get(field, ())).items():
                yield Contest(office, province, district, seats)


def belongs(person: Person, contest: Contest) -> bool:
    """Whether a person stands in a contest."""
    return (person.office, person.province, person.district) == (
        contest.office,
        contest.province,
        contest.district,
    )


def drawn_names(texts: dict[str, Any], random: Random, taken: set[str]) -> Iterator[tuple[str, str]]:
    """Names with their hanja, none of them twice and none of those taken."""
    surnames = [entry.split() for entry in texts["surnames"]]
    weights = [int(entry[2]) for entry in surnames]
    given = [tuple(entry.split()) for entry in texts["given"]]
    used = set(taken)
    while True:
        for reading, characters in random.sample(given, len(given)):
            surname, hanja, _, *compatible = random.choices(surnames, weights)[0]
            if surname + reading in used:
                continue
            used.add(surname + reading)
            if compatible and random.random() < 0.4:
                hanja = compatible[0]
            yield surname + reading, hanja + characters


def draw(contest: Contest, name: tuple[str, str], random: Random) -> Person:
    """Somebody for a contest, still without a party."""
    standing = random.choices(STANDINGS[:2], (82, 18))[0]
    return Person(
        office=contest.office,
        province=contest.province,
        district=contest.district,
        name=name[0],
        hanja=name[1],
        birth=random.randint(1949, 1984),
        standing=standing,
        note="5. 24. 후보자 등록 예정" if standing == STANDINGS[1] else "",
    )


def with_parties(given: list[Person], drawn: list[Person], texts: dict[str, Any], random: Random) -> list[Person]:
    """The contest's people; those drawn get parties that nobody else in the contest has."""
    left = {name: weight for name, (_, weight) in parties(texts).items() if name not in {one.party for one in given}}
    found = list(given)
    for person in drawn:
        if person.office == SUPERINTENDENT:
            found.append(person)
            continue
        party = random.choices(list(left), list(left.values()))[0]
        del left[party]
        found.append(replace(person, party=party))
    return found


def parties(texts: dict[str, Any]) -> dict[str, tuple[int | None, int]]:
    """Ballot number and weight by name."""
    rows = [line.rsplit(" ", 2) for line in texts["parties"]]
    return {name: (None if number == "-" else int(number), int(weight)) for name, number, weight in rows}


def ballot_order(standing: list[Person], texts: dict[str, Any]) -> list[Person]:
    """People with their ballot numbers, lowest first, those without last.

    In 구·시·군의원 districts the two large parties put up several people: theirs are 1-가, 1-나.
    """
    numbers = {name: number for name, (number, _) in parties(texts).items()}
    letters: Counter[str] = Counter()
    found = []
    for person in sorted(standing, key=lambda one: numbers.get(one.party) or len(numbers)):
        number = numbers.get(person.party)
        ballot: int | str | None = number
        if person.office == MUNICIPAL and number in {1, 2}:
            ballot = f"{number}-{'가나다라'[letters[person.party]]}"
            letters[person.party] += 1
        found.append(replace(person, ballot=ballot))
    return found


def place(person: Person) -> Person:
    """The person with the 시·군·구 of the district, '' where it spans more or there is none, and its code."""
    here = [region for region in regions() if region.province == person.province]
    region = max((one for one in here if covers(one, person)), key=lambda one: len(one.municipality))
    return replace(person, municipality=region.municipality, code=region.code)


def covers(region: Region, person: Person) -> bool:
    """Whether a district's name begins with the region's."""
    if person.office in {GOVERNOR, SUPERINTENDENT}:
        return not region.municipality
    return person.district.startswith(region.municipality)


def with_replies(found: list[Person], random: Random) -> list[Person]:
    """Everybody with a way of answering: some never adopt anything, as in every campaign."""
    kinds = ["refuses"] * 3 + ["silent"] * 4 + ["absent"] * 6 + ["common"] * 4 + ["careful"] * 22
    free = [person.key for person in found if not person.replies]
    dealt = dict(zip(random.sample(free, len(kinds)), kinds, strict=True))
    # To adopt regional pledges alone one must be reached by some, as the first superintendent is.
    regional = next(one.key for one in found if one.office == SUPERINTENDENT and one.key in set(free) - set(dealt))
    dealt[regional] = "regional"
    return [replace(one, replies=one.replies or dealt.get(one.key, "willing")) for one in found]


def attendance(person: Person, random: Random) -> Person:
    """The column that staff added for the ceremony."""
    if person.status != STATUSES[0]:
        return person
    if person.deputy:
        return replace(person, attends=ATTENDANCE[1])
    if person.replies in {"refuses", "silent", "absent"}:
        return replace(person, attends=random.choice(ATTENDANCE[2:]))
    return replace(person, attends=random.choices(("참석", "불참", "미정"), (70, 10, 20))[0])
