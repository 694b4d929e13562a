"""What templates of every kind see, and what several sorts of subject share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model.book import Position
from pipeline.model.campaign import Campaign, Kind, Signer
from pipeline.model.documents import Context
from pipeline.model.records import NATION, Pledge, Region

INDEPENDENT = frozenset({"", "무소속"})


def everywhere(campaign: Campaign) -> Context:
    """캠페인, 선거, 용어, 단체, 단체들: what is the same in every document."""
    bodies = [
        {"이름": one.name, "직함": one.title, "대표": one.representative, "로고": one.logo, "직인": one.seal}
        for one in campaign.organisations
    ]
    return {
        "캠페인": {
            "이름": campaign.campaign.name,
            "협약일": campaign.campaign.agreement_date.isoformat(),
            "협약장소": campaign.campaign.place,
        },
        "선거": {"이름": campaign.election.name, "날짜": campaign.election.date.isoformat()},
        "용어": dict(campaign.terms),
        "단체": bodies[0],
        "단체들": bodies,
    }


def document(same: Context, kind: Kind, number: str, revision: int) -> Context:
    """문서, and what `everywhere` gives."""
    copies = kind.copies or _parties(kind, len(same["단체들"]))
    return {"문서": {"번호": number, "판": revision, "제목": kind.title, "부수": copies}, **same}


def _parties(kind: Kind, organisations: int) -> int:
    """How many sign; each keeps a copy."""
    return sum(organisations if one is Signer.ORGANISATIONS else 1 for one in kind.signers) or 1


def area(region: Region) -> Mapping[str, str]:
    """지역."""
    printed = {**region.printed(), "이름": region.name}
    return {**printed, "시도": ""} if region is NATION else printed


def folders(region: Region) -> tuple[str, ...]:
    """Where a region's papers lie."""
    return tuple(part for part in (region.province, region.municipality) if part)


class Proposals:
    """제안공통, 제안지역: what is asked, whatever the answer, and which bodies asked for it (`Book.asked`).

    Papers of people to whom the same is proposed share it.
    """

    def __init__(self, asked: Mapping[str, Sequence[str]]) -> None:
        self._asked = asked
        self._known: dict[tuple[str, ...], Context] = {}

    def of(self, pledges: Sequence[Pledge]) -> Context:
        """Both lists."""
        numbers = tuple([one.number for one in pledges])
        if numbers not in self._known:
            printed = [(one.is_common, self._printed(one)) for one in pledges]
            self._known[numbers] = {
                "제안공통": [one for common, one in printed if common],
                "제안지역": [one for common, one in printed if not common],
            }
        return self._known[numbers]

    def _printed(self, pledge: Pledge) -> dict[str, Any]:
        bodies = self._asked.get(pledge.number, ())
        return {**pledge.printed(), "요구단체수": len(bodies), "요구단체들": list(bodies)}


def adoptions(adopted: Iterable[Position]) -> Context:
    """공통공약, 지역공약: what was adopted, with answer and remark."""
    adopted = list(adopted)
    return {
        "공통공약": [printed_position(one) for one in adopted if one.pledge.is_common],
        "지역공약": [printed_position(one) for one in adopted if not one.pledge.is_common],
    }


def printed_position(position: Position) -> Mapping[str, Any]:
    """A pledge with its 답변 and 의견."""
    return position.pledge.answered(position.answer, position.remark)
