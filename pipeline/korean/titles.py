"""Titles of offices and names of districts, as people are addressed on paper."""

from __future__ import annotations

from collections.abc import Iterable


def head_of(area: str) -> str:
    """Who leads an area: 서울특별시장, 경기도지사, 종로구청장, 장수군수.

    Raises:
        ValueError: the area ends in none of 시, 도, 구, 군.
    """
    endings = {"시": "시장", "도": "도지사", "구": "구청장", "군": "군수"}
    if area[-1:] not in endings:
        raise ValueError(f"not the name of a 시, 도, 구 or 군: {area!r}")
    return area[:-1] + endings[area[-1]]


def council_member_of(area: str) -> str:
    """서울특별시의회의원, 종로구의회의원."""
    return f"{area}의회의원"


def municipality_of(district: str, province: str, municipalities: Iterable[str]) -> str:
    """The 시·군·구 that an electoral district lies in, or '' where none of those given begins its name.

    Lists spell districts with and without the 시·도 and the space before 제 ('서울특별시 마포구제2선거구',
    '중구제1선거구', measured in the commission's lists of 1995-2026).
    """
    rest = district.removeprefix(province).strip()
    matches = [name for name in municipalities if rest.startswith(name)]
    return max(matches, key=len, default="")
