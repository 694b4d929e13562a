"""이행점검표: what became of each pledge that an elected signatory had adopted, on a page on its side."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import Cell, Row, choose, loop, para, run, table, when
from tools.house.look import GRAY, INK, SANS, WIDE
from tools.house.package import word_file
from tools.house.styles import LIST_STYLES, NUMBER_STYLES, PART_HEAD, Style
from tools.papers.parts import bodies, masthead, text

_STYLES: Final = (
    *LIST_STYLES,
    *NUMBER_STYLES,
    Style("Demand", "협약 문구", SANS, 9, align="left", line=1.4, before=1),
    Style("StateText", "상태", SANS, 10, bold=True, color=INK, align="center", line=1.4),
    Style("StateNone", "상태(기록 없음)", SANS, 9.5, color=GRAY, align="center", line=1.4),
    Style("Office", "소관부서", SANS, 9, color=GRAY, align="left", line=1.4, after=1),
    Style("Done", "추진 내용", SANS, 9, align="left", line=1.4),
    Style("Next", "다음 조치", SANS, 9, color=GRAY, align="left", line=1.4, before=2),
    replace(PART_HEAD, before=12),
    Style("Quiet", "조용한 글", SANS, 9, color=GRAY, letters_only=True),
)
STATES: Final = ("미착수", "추진중", "일부이행", "이행완료", "보류", "폐기", "확인불가")


def _whose() -> str:
    def pair(label: str, words: str) -> list[Cell]:
        return [Cell(para("FactLabel", label)), Cell(text(words))]

    rows = [
        Row(pair("대상", "{{ 후보.직위 }} {{ 후보.이름 }}") + pair("점검 기준일", "{{ 용어.점검기준일|날짜 }}")),
        Row(pair("협약단체", bodies()) + pair("협약일", "{{ 캠페인.협약일|날짜 }}")),
    ]
    return table("Hairlines", (26, 110, 30, WIDE - 166), rows, headed=False, air=(3.5, 4)) + para("AfterTable", "")


def _states() -> str:
    """How many of the pledges stand where: counts, in the order of the states, without a verdict."""

    def count(state: str) -> str:
        return f"{{{{ 점검|selectattr('상태', 'equalto', '{state}')|list|length }}}}"

    columns = [
        ("협약 공약", "{{ 점검|length }}"),
        *((state, count(state)) for state in STATES),
        ("기록 없음", count("")),
    ]
    cells = [Cell(para("FigureBig", number) + para("FigureName", name)) for name, number in columns]
    widths = (WIDE / len(columns),) * len(columns)
    note = "    상태는 점검 기준일까지 확인한 자료에 따라 적은 것으로, 평가나 등급이 아니다."
    strip = table("Hairlines", widths, [Row(cells)], headed=False)
    return para("PartHead", "한눈에 보기", run(note, "Quiet")) + strip + para("AfterTable", "")


def _progress() -> str:
    pledge = Row(
        [
            Cell(para("TableNumber", "{{ 공약.번호 }}") + para("TableField", "{{ 공약.분야 }}")),
            Cell(
                para("TableTitle", "{{ 공약.제목 }}")
                + para("Demand", "{{ 공약.요구 }}")
                + when("공약.답변 == '부분수용'", para("Next", "부분 수용 · {{ 공약.의견 }}"))
            ),
            Cell(choose("공약.상태", para("StateText", "{{ 공약.상태 }}"), para("StateNone", "기록 없음"))),
            Cell(
                when("공약.소관부서", para("Office", "{{ 공약.소관부서 }}"))
                + para("Done", "{{ 공약.추진내용 }}")
                + when("공약.다음조치", para("Next", "다음 조치 · {{ 공약.다음조치 }}"))
            ),
            Cell(para("Done", "{{ 공약.근거자료 }}")),
            Cell(
                choose("공약.점검일", para("Done", "{{ 공약.점검일|점날짜 }}"), para("Done", ""))
                + when("공약.점검자", para("Office", "{{ 공약.점검자 }}"))
            ),
        ]
    )
    words = (
        "번호·분야",
        "협약 공약(협약서 문구 그대로)",
        "상태",
        "소관 부서와 추진 내용",
        "근거 자료",
        "점검일·점검자",
    )
    heads = [Cell(para("TableHead" if word == "상태" else "TableHeadText", word)) for word in words]
    rows = [Row(heads, head=True), *loop("공약 in 점검", len(words), pledge)]
    body = table("Hairlines", (24, 78, 20, 63, 34, 28), rows, air=(3, 4.25))
    return when("점검", para("PartHead", "공약별 이행 상황") + body + para("AfterTable", ""))


def monitoring() -> bytes:
    """Of one elected signatory."""
    body = masthead("{{ 캠페인.이름 }}") + _whose() + _states() + _progress()
    return word_file("이행점검표", body, _STYLES, wide=True)
