"""현황: where the campaign stands, in numbers. By region, office and pledge; never by party, never by candidate.

Public Official Election Act 108-3 allows no scores or ranks of candidates: nothing here is sorted by size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline.model.book import Candidacy
from pipeline.model.choices import Answer, Office
from pipeline.model.records import NATION, Pledge, Region


def numbers(candidacies: Sequence[Candidacy], offices: Iterable[Office], around: Region) -> dict[str, Any]:
    """Totals, and lists 지역별, 선거별, 공약별.

    Args:
        candidacies: those of the area.
        offices: in the order in which they are listed.
        around: the area; the nation is listed by 시·도, others by region.
    """
    answers = Counter(position.answer for one in candidacies for position in one.positions)
    total = _count("", candidacies)
    return {
        "후보자": total["후보자"],
        "회신": total["회신"],
        "협약": total["협약"],
        "협약률": round(100 * total["협약"] / total["후보자"]) if total["후보자"] else 0,
        **{answer.value: answers[answer] for answer in Answer},
        "지역별": [_count(name, own) for name, own in _by_region(candidacies, around)],
        "선거별": [
            _count(office.value, own)
            for office in offices
            if (own := [one for one in candidacies if one.candidate.office is office])
        ],
        "공약별": list(_by_pledge(candidacies)),
    }


def _count(name: str, candidacies: Sequence[Candidacy]) -> dict[str, Any]:
    return {
        "이름": name,
        "후보자": len(candidacies),
        "회신": sum(any(each.answer is not Answer.NONE for each in one.positions) for one in candidacies),
        "협약": sum(bool(one.adopted) for one in candidacies),
    }


def _by_region(candidacies: Iterable[Candidacy], around: Region) -> Iterator[tuple[str, list[Candidacy]]]:
    """In the order of the candidacies, which is neutral."""
    groups: dict[str, list[Candidacy]] = {}
    for one in candidacies:
        name = one.region.province if around is NATION else one.region.municipality or one.region.province
        groups.setdefault(name, []).append(one)
    yield from groups.items()


def _by_pledge(candidacies: Iterable[Candidacy]) -> Iterator[dict[str, Any]]:
    """Common pledges only: they alone were asked of everybody."""
    counts: dict[str, Counter[Answer]] = {}
    pledges: dict[str, Pledge] = {}
    for one in candidacies:
        for position in one.positions:
            if position.pledge.is_common:
                pledges.setdefault(position.pledge.number, position.pledge)
                counts.setdefault(position.pledge.number, Counter())[position.answer] += 1
    for number, pledge in pledges.items():
        answered = {answer.value: counts[number][answer] for answer in Answer}
        yield {"번호": number, "분야": pledge.field, "제목": pledge.title, **answered}
