"""Invented activists who sign the declaration: the hard cases of `sample/activists.toml`, others drawn around them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tools.sample_regions import Region, load, regions, short_names
from tools.sample_sheets import YES_OR_NO, Column, Sheet, Value, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

WAYS = ("온라인 신청서", "서면 동의서", "현장 서명")
DAYS = tuple(dt.date(2018, 4, 30) + dt.timedelta(days) for days in range(16))
"""From the call for signatures to the day before the declaration."""
REFUSED = ("공개를 원하지 않음", "5. 14. 동의 철회", "이름 공개에 동의하지 않음", "")
UNASKED = ("동의 여부 확인 중", "동의서를 아직 받지 못함", "")
ALONE = frozenset({"이사장", "사무국장", "대표", "운영위원장", "상임이사"})
"""Titles that one person of an organisation has."""

COLUMNS = (
    Column("이름", 20),
    Column("소속", 40, align="left"),
    Column("직함", 13),
    Column("시도", 15),
    Column("시군구", 10),
    Column("분야", 11),
    Column("동의", 8, choices=YES_OR_NO),
    Column("동의일", 12, number_format="yyyy\\. m\\. d\\."),
    Column("동의방법", 14, choices=WAYS),
    Column("비고", 34, align="left"),
)


@dataclass(frozen=True, slots=True)
class Activist:
    """A row of the activists' sheet."""

    name: str
    affiliation: str
    title: str
    province: str
    municipality: str
    field: str
    remark: str
    consent: str = YES_OR_NO[0]
    came: dt.date = DAYS[0]
    way: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Where people work; `kind` says which titles they have."""

    name: str
    kind: str
    field: str
    region: Region


def activists(random: Random, strangers: frozenset[str]) -> tuple[Activist, ...]:
    """Everybody, in the order in which they came in: staff have not sorted the list.

    Args:
        random: drawn from.
        strangers: names that no activist has, nor any name around them.
    """
    texts = load("activists")
    hard = [Activist(*(part.strip() for part in line.split("|"))) for line in texts["hard"]["people"]]
    names = drawn_names(texts, random, strangers | {one.name for one in hard})
    brands = brand_pairs(texts, random)
    found = list(hard)
    for line in texts["counts"]:
        province, count = line.split()
        missing = int(count) - sum(one.province == province for one in hard)
        found += of_province(province, missing, (names, brands), texts, random)
    return tuple(sorted(with_consent(found, len(hard), random), key=lambda one: one.came))


def drawn_names(texts: dict[str, Any], random: Random, taken: frozenset[str]) -> Iterator[str]:
    """Names, none of them twice, none of those taken and none that holds one of them."""
    people = load("people")
    surnames = [entry.split() for entry in people["surnames"]]
    weights = [int(entry[2]) for entry in surnames]
    given = [*texts["given"], *(entry.split()[0] for entry in people["given"])]
    used: set[str] = set()
    while True:
        for reading in random.sample(given, len(given)):
            name = random.choices(surnames, weights)[0][0] + reading
            if name not in used and not any(other in name for other in taken):
                used.add(name)
                yield name


def brand_pairs(texts: dict[str, Any], random: Random) -> Iterator[tuple[str, str]]:
    """Two words for each organisation."""
    while True:
        words = random.sample(texts["brands"], len(texts["brands"]))
        yield from zip(words, [*words[1:], words[0]], strict=True)


def of_province(
    province: str,
    count: int,
    drawn: tuple[Iterator[str], Iterator[tuple[str, str]]],
    texts: dict[str, Any],
    random: Random,
) -> Iterator[Activist]:
    """Drawn people of a 시·도 in organisations of about three."""
    names, brands = drawn
    here = [one for one in regions() if one.province == province]
    towns = [one for one in here if one.municipality] or here
    own = [organisation(random.choice(towns), next(brands), texts, random) for _ in range(count // 3 + 1)]
    taken: set[tuple[str, str]] = set()
    for _ in range(count):
        place = random.choice(own)
        title = draw(texts["titles"][place.kind], random)
        while title in ALONE and (place.name, title) in taken:
            title = draw(texts["titles"][place.kind], random)
        taken.add((place.name, title))
        # Some are active elsewhere than their organisation, or in the whole 시·도.
        town = random.choices((place.region, random.choice(towns), here[0]), (86, 9, 5))[0]
        title = "" if title == "-" else title
        yield Activist(next(names), place.name, title, province, town.municipality, place.field, "")


def organisation(region: Region, words: tuple[str, str], texts: dict[str, Any], random: Random) -> Organisation:
    """One somewhere."""
    forms = [line.split(" | ") for line in texts["forms"]]
    kind, form, _ = random.choices(forms, [int(one[2]) for one in forms])[0]
    field, _, work = random.choice(texts["fields"]).partition(" = ")
    short = {full: word for word, full in short_names().items()}[region.province]
    # A town of one syllable (중구, 남구) says nothing without its 시·도.
    town = region.municipality[:-1]
    place = town if len(town) > 1 and random.random() < 0.6 else short
    name = form.format(brand=words[0], other=words[1], work=work, place=place)
    return Organisation(name, kind, field, region)


def draw(weighted: list[str], random: Random) -> str:
    """One of "word weight"."""
    rows = [line.rsplit(" ", 1) for line in weighted]
    return random.choices([word for word, _ in rows], [int(weight) for _, weight in rows])[0]


def with_consent(found: list[Activist], asked: int, random: Random) -> list[Activist]:
    """Everybody with the day and the way they came in; about 3 %, none of the first `asked`, have not consented."""
    without = set(random.sample(range(asked, len(found)), round(len(found) * 0.03)))
    answered = []
    for place, one in enumerate(found):
        came = random.choices(DAYS, range(2, 2 + len(DAYS)))[0]
        dated = replace(one, came=came, way=random.choices(WAYS, (70, 18, 12))[0])
        if place in without:
            consent = random.choices((YES_OR_NO[1], ""), (60, 40))[0]
            remark = random.choice(REFUSED if consent else UNASKED)
            dated = replace(dated, consent=consent, way="", remark=remark)
        answered.append(dated)
    return answered


def activist_sheet(people: tuple[Activist, ...]) -> Sheet:
    """활동가, below a blank row and a title that spans the table."""
    rows = table((activist_row(one) for one in people), COLUMNS)
    note = "기준일 2018. 5. 15.  (접수한 차례대로 적음. 동의하지 않은 사람은 문서에 싣지 않음)"
    return Sheet("활동가", "활동가 선언 참여자 명단", note, COLUMNS, rows, "5B4B8A", top=1, merged=True)


def activist_row(one: Activist) -> dict[str, Value]:
    """A row of 활동가."""
    return {
        "이름": one.name,
        "소속": one.affiliation,
        "직함": one.title,
        "시도": one.province,
        "시군구": one.municipality,
        "분야": one.field,
        "동의": one.consent,
        "동의일": one.came if one.consent == YES_OR_NO[0] else None,
        "동의방법": one.way,
        "비고": one.remark,
    }


def counts(people: tuple[Activist, ...]) -> dict[str, int]:
    """How many came in by 시·도."""
    return dict(Counter(one.province for one in people))
