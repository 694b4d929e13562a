"""활동가 선언문 with its roll of signers, and 실천 선언문 of one member body: papers that say We."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import Cell, Row, each, loop, para, rows_if, run, table, when
from tools.house.look import GRAY, INK, SANS
from tools.house.package import word_file
from tools.house.signature import lone_signature
from tools.house.styles import LOGO_STYLE, PART_HEAD, TITLE, Style
from tools.papers.parts import logo, masthead

_WE_STYLES: Final = (
    replace(TITLE, id="WeTitle", name="선언문 제목", size=28, tracking=3, after=22, next_id="Speech"),
    Style("Speech", "선언 글", size=12.5, line=1.85, before=8, align="left"),
    Style("Vow", "다짐", size=13, bold=True, color=INK, line=1.65, before=9, hanging=36.5, align="left"),
    Style("Air", "빈 자리", size=12, line=3.1, align="left"),
    Style("SpeechDate", "선언일", size=13, align="center", line=1.4, before=30, after=12, keep_next=True),
)
_ROLL_STYLES: Final = (
    *_WE_STYLES,
    Style("Together", "선언자 일동", size=16, bold=True, color=INK, tracking=1, align="center", line=1.4),
    replace(PART_HEAD, id="Annex", name="붙임 제목", size=13, before=20, after=6),
    replace(PART_HEAD, id="AnnexNewPage", name="붙임 제목(새 쪽)", size=13, before=0, after=6, new_page=True),
    replace(PART_HEAD, id="RollGroup", name="연명부 묶음", size=11, before=10, after=3),
    Style("RollCaption", "연명부 범위", SANS, 8.5, color=GRAY, align="right", before=6, after=2, keep_next=True),
    Style("RollHead", "연명부 머리", SANS, 9, bold=True, color=INK, align="left", line=1.35, keep_next=True),
    Style("RollOrder", "연명부 연번", SANS, 8.5, color=GRAY, align="left", line=1.45),
    Style("RollName", "연명부 이름", SANS, 9.5, bold=True, align="left", line=1.3),
    Style("RollText", "연명부 글", SANS, 9.5, align="left", line=1.3),
    Style("RollTotal", "연명부 합계", SANS, 10, bold=True, color=INK, align="right", line=1.4),
    Style("Quiet", "조용한 글", SANS, 10, color=GRAY, letters_only=True),
)
_COUNT: Final = "{{{{ 연명부.인원|수 }}}}{}"
_WHERE: Final = "{% if 지역.이름 == '전국' %}전국 곳곳에서{% else %}{{ 지역.이름 }}에서{% endif %}"
_VOWS: Final = (
    "우리는 이웃의 필요에서 일을 시작하고, 그 성과를 지역에 되돌린다.",
    "우리는 민주적으로 운영하고, 살림과 결정을 투명하게 공개한다.",
    "우리는 서로의 물건과 서비스를 먼저 쓰며, 협력으로 좋은 일자리를 늘린다.",
    "우리는 세대와 지역, 부문의 다름을 넘어 연대하고 누구도 홀로 두지 않는다.",
    "우리는 정책을 제안하는 데 머물지 않고, 이행을 함께 살펴 주민에게 알린다.",
)


def _speech() -> str:
    return (
        para(
            "Speech",
            f"우리는 {_WHERE} {{{{ 용어.분야|을를 }}}} 일구어 온 활동가로서, {{{{ 선거.이름|을를 }}}} 앞두고 "
            "다음과 같이 뜻을 모은다.",
        )
        + para(
            "Speech",
            "우리가 일하는 자리에는 늘 이웃이 있었다. 함께 출자하고, 함께 일하고, 함께 결정하는 작은 경험들이 모여 "
            "마을의 살림을 바꾸어 왔다. 돌봄과 먹거리, 일자리와 배움을 이웃과 더불어 풀어 가는 것이 우리가 걸어온 "
            "길이다.",
        )
        + para(
            "Speech",
            "선거는 지역의 앞날을 함께 정하는 일이다. 우리는 어느 정당이나 후보자의 편에 서지 않는다. 사람이 바뀌어도 "
            "주민의 삶에 필요한 정책은 이어져야 한다고 믿기에, 정책을 말하고 스스로 할 일을 다짐한다.",
        )
    )


def _vows() -> str:
    return "".join(para("Vow", f"하나,  {vow}") for vow in _VOWS)


def _closing() -> str:
    return para("SpeechDate", "{{ 용어.선언일|날짜|replace(' ', '  ') }}") + para(
        "Together", "{{ 지역.이름 }} {{ 용어.분야 }} 활동가 선언자 일동"
    )


def _policies() -> str:
    """What the signers propose, by number and title."""

    def rows(name: str) -> list[Row]:
        cells = [
            Cell(para("TableNumber", "{{ 제안.번호 }}")),
            Cell(para("TableField", "{{ 제안.분야 }}")),
            Cell(para("TableText", "{{ 제안.제목 }}")),
        ]
        return loop(f"제안 in {name}", 3, Row(cells))

    head = Row([Cell(para("TableHeadText", text)) for text in ("번호", "분야", "정책")], head=True)
    body = table("Hairlines", (24, 30, 106), [head, *rows("제안공통"), *rows("제안지역")], air=(2.5, 4.25))
    return when(
        "제안공통 or 제안지역",
        para("AnnexNewPage", "붙임 1  함께 제안하는 정책") + body + para("AfterTable", ""),
    )


def _roll() -> str:
    """Everybody who signs: a heading a group, a table a hundred, and the total."""
    head = Row(
        [Cell(para("RollHead", text)) for text in ("연번", "이름", "소속", "직함", "지역")],
        head=True,
    )
    person = Row(
        [
            Cell(para("RollOrder", "{{ 줄.연번 }}")),
            Cell(para("RollName", "{{ 줄.이름 }}")),
            *(
                Cell(para("RollText", f"{{{{ {column} }}}}"))
                for column in ("줄.소속", "줄.직함", "줄.시군구 or 줄.시도")
            ),
        ]
    )
    # In the last table, not below it: alone on a page it would say nothing.
    sum_ = Row([Cell(para("RollTotal", f"모두 {_COUNT.format('명')}"), 5)])
    total = rows_if("표.끝 == 연명부.인원", 5, [sum_])
    people = table("Hairlines", (15, 29, 53, 34, 29), [head, *loop("줄 in 표.줄", 5, person), *total], air=(1.6, 4.25))
    group = para("RollGroup", "{{ 묶음.이름 }}", run("  {{ 묶음.인원 }}명", "Quiet"))
    return (
        when("제안공통 or 제안지역", para("Annex", "붙임 2  선언자 연명부"))
        + when("not 제안공통 and not 제안지역", para("AnnexNewPage", "붙임  선언자 연명부"))
        + each(
            "묶음 in 연명부.묶음",
            when("묶음.이름", group),
            each(
                "표 in 묶음.표",
                when("묶음.표|length > 1", para("RollCaption", "{{ 표.처음 }}~{{ 표.끝 }}")),
                people,
                para("AfterTable", ""),
            ),
        )
    )


def declaration() -> bytes:
    """Of activists of the nation or a province; it addresses policies and names no candidate and no party."""
    above = f"{{{{ 지역.이름 }}}} {{{{ 용어.분야 }}}} 활동가 {_COUNT.format('인')} 선언"
    body = masthead(above, style="WeTitle") + _speech() + _vows() + _closing() + _policies() + _roll()
    return word_file("활동가 선언문", body, _ROLL_STYLES)


def practice() -> bytes:
    """Of one member body, signed by its head, on one page."""
    vows = when("약속", each("다짐 in 약속", para("Vow", "하나,  {{ 다짐 }}")))
    air = when("약속|length < 5", para("Air", ""))
    what = para("SignFirst", "{{ 서명.단체 }}") + para("SignText", "{{ 서명.직함 }}")
    body = (
        logo("회원단체.로고")
        + masthead("{{ 회원단체.이름 }}", style="WeTitle")
        + para(
            "Speech",
            "{{ 회원단체.이름|은는 }} {{ 용어.분야 }}의 가치를 일터와 마을에서 먼저 실천하고자 다음과 같이 약속합니다.",
        )
        + air
        + vows
        + air
        + para(
            "Speech",
            "우리는 실천한 결과를 {{ 용어.점검주기 }}마다 돌아보고 주민에게 알리겠습니다.",
        )
        + air
        + para("SpeechDate", "{{ 용어.선언일|날짜|replace(' ', '  ') }}")
        + lone_signature("실천하는 단체", what, para("SignName", "{{ 서명.이름|띄움 }}"), "서명.이름")
    )
    return word_file("실천 선언문", body, (*_WE_STYLES, LOGO_STYLE))
