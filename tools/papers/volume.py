"""자료집 표지: what the volume is, of which region, for whom, and where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import each, para, when
from tools.house.look import GRAY, INK, SANS
from tools.house.package import word_file
from tools.house.styles import ELECTION, LIST_STYLES, LOGO_STYLE, TITLE, Style
from tools.papers.parts import facts, logo

_STYLES: Final = (
    *LIST_STYLES,
    LOGO_STYLE,
    replace(ELECTION, id="CoverElection", name="표지 선거", size=13, before=96, after=10),
    replace(TITLE, id="CoverTitle", name="표지 제목", size=30, tracking=3, line=1.4, after=22),
    Style("CoverRegion", "표지 지역", size=22, bold=True, color=INK, tracking=1.6, align="center", line=1.4, after=6),
    Style("CoverEdition", "표지 판", SANS, 12, color=GRAY, tracking=0.6, align="center", line=1.5, after=110),
    Style("CoverBody", "표지 단체", size=15, bold=True, tracking=1.2, align="center", line=1.6, before=26),
)


def volume() -> bytes:
    """Of one region or the nation."""
    body = (
        logo("단체.로고")
        + para("CoverElection", "{{ 선거.이름 }}")
        + para("CoverTitle", "{{ 권.제목 }}")
        + para("CoverRegion", "{{ 권.지역 }}")
        + para("CoverEdition", "{{ 권.판 }}")
        + facts(
            ("캠페인", "{{ 캠페인.이름 }}"),
            ("서명 대상", "{{ 권.대상|수 }}건 가운데 {{ 권.완료|수 }}건 완료"),
            ("수록", "{{ 권.수록|수 }}건, {{ 권.쪽|수 }}쪽"),
            ("기준", "{{ 권.기준일|날짜 }}까지 돌아온 서명본"),
        )
        + when("단체들", each("곳 in 단체들", para("CoverBody", "{{ 곳.이름 }}")))
    )
    return word_file("자료집 표지", body, _STYLES, numbered=False)
