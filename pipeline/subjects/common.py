"""What templates of every kind see, and what several sorts of subject share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model.book import Position
from pipeline.model.campaign import Campaign, Kind, Signer
from pipeline.model.documents import Context
from pipeline.model.records import NATION, Pledge, Region

INDEPENDENT = frozenset({"", "무소속"})


def document(campaign: Campaign, kind: Kind, number: str, revision: int) -> Context:
    """문서, 캠페인, 선거, 용어, 단체, 단체들."""
    bodies = [
        {"이름": one.name, "직함": one.title, "대표": one.representative, "로고": one.logo, "직인": one.seal}
        for one in campaign.organisations
    ]
    return {
        "문서": {
            "번호": number,
            "판": revision,
            "제목": kind.title,
            "부수": kind.copies or _parties(kind, len(bodies)),
        },
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


def proposals(pledges: Iterable[Pledge], asked: Mapping[str, Sequence[str]]) -> Context:
    """제안공통, 제안지역: what is asked, whatever the answer, and which bodies asked for it (`Book.asked`)."""
    printed = [
        (one.is_common, {**one.printed(), "요구단체수": len(bodies), "요구단체들": list(bodies)})
        for one in pledges
        for bodies in [asked.get(one.number, ())]
    ]
    return {
        "제안공통": [one for common, one in printed if common],
        "제안지역": [one for common, one in printed if not common],
    }


def adoptions(adopted: Sequence[Position]) -> Context:
    """공통공약, 지역공약: what was adopted, with answer and remark."""
    printed = [(one.pledge.is_common, printed_position(one)) for one in adopted]
    return {
        "공통공약": [one for common, one in printed if common],
        "지역공약": [one for common, one in printed if not common],
    }


def printed_position(position: Position) -> dict[str, Any]:
    """A pledge with its 답변 and 의견."""
    return {**position.pledge.printed(), "답변": position.answer.value, "의견": position.remark}
