"""Titles of offices and names of districts, as people are addressed on paper."""

from __future__ import annotations

from collections.abc import Iterable

PROVINCES = (
    *("서울특별시", "부산광역시", "대구광역시", "인천광역시", "광주광역시", "대전광역시", "울산광역시"),
    *("세종특별자치시", "경기도", "강원도", "강원특별자치도", "충청북도", "충청남도", "전라북도", "전북특별자치도"),
    *("전라남도", "전남광주통합특별시", "경상북도", "경상남도", "제주특별자치도"),
)
"""Full names of 시·도 in the elections of 2014 to 2026; further ones go to the end, papers may bear the place."""
_SPELLINGS = """
서울 서울시 서울특별시
부산 부산시 부산광역시
대구 대구시 대구광역시
인천 인천시 인천광역시
광주 광주광역시
대전 대전시 대전광역시
울산 울산시 울산광역시
세종 세종시 세종특별자치시
경기 경기도
강원 강원도 강원특별자치도
충북 충청북도
충남 충청남도
전북 전라북도 전북특별자치도
전남 전라남도
전남광주통합특별시
경북 경상북도
경남 경상남도
제주 제주도 제주특별자치도
"""
"""A 시·도 a line. 광주시 is in 경기도 as well, so it stands for neither."""
_FAMILIES = {name: line.split()[0] for line in _SPELLINGS.split("\n") if line for name in line.split()}
_HEADS = {"시": "시장", "도": "도지사", "구": "구청장", "군": "군수"}


def is_area(name: str) -> bool:
    """Whether a name ends as the full name of a 시, 도, 구 or 군 does."""
    return name[-1:] in _HEADS


def province_family(name: str) -> str:
    """What all spellings of a 시·도 share, short, old and new ones: 강원 for 강원특별자치도; '' for anything else."""
    return _FAMILIES.get("".join(name.split()), "")


def head_of(area: str) -> str:
    """Who leads an area: 서울특별시장, 경기도지사, 종로구청장, 장수군수.

    Raises:
        KeyError: not an area (`is_area`).
    """
    return area[:-1] + _HEADS[area[-1]]


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
