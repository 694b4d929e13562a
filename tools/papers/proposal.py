"""정책 제안서: what a candidate is asked to adopt, and from a new page the answer sheet, 답변서."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import Cell, Row, loop, para, table, when
from tools.house.look import HAIRLINE, SANS, edge
from tools.house.package import word_file
from tools.house.signature import HANJA, lone_signature
from tools.house.styles import ELECTION, LIST_STYLES, LOGO_STYLE, PART_HEAD, Style
from tools.papers.parts import bodies, facts, logo, masthead, text

_STYLES: Final = (
    *LIST_STYLES,
    LOGO_STYLE,
    Style("Letter", "편지 글", line=1.7, before=9, align="left"),
    PART_HEAD,
    Style("TableDetail", "표 설명", SANS, 9.5, color="4A5258", align="left", line=1.45, before=2),
    Style("SenderBody", "보내는 단체", SANS, 11, align="right", line=1.4, keep_next=True),
    Style("SenderName", "보내는 이", size=14, bold=True, align="left", line=1.4, keep_next=True),
    Style("Seal", "직인", SANS, 9, align="left", line=1.2, keep_next=True),
    Style("BeforeSenders", "보내는 단체 앞", SANS, 2, align="center", line=1.2, before=6, keep_next=True),
    replace(ELECTION, id="ElectionNewPage", name="선거 이름(새 쪽)", new_page=True),
    Style("Instruction", "답변 방법", SANS, 10, align="left", line=1.55, before=9, after=8, keep_next=True),
    Style("Choices", "답변 고르기", SANS, 10.5, align="left", line=1.4, before=6),
    Style("SignStatement", "답변 확인", align="center", before=16, keep_next=True),
    Style("SignBlankDate", "적을 날짜", size=12, align="center", line=1.4, before=6, after=12, keep_next=True),
)
CHOICES: Final = "□ 수용  □ 부분수용  □ 불수용  □ 기타의견"
"""As it stands in every row of the answer sheet: a program reads the sheet when it comes back."""


def _addressed() -> str:
    counts = (
        "{% if 제안공통 %}공통 {{ 제안공통|length }}건{% endif %}{% if 제안공통 and 제안지역 %}, {% endif %}"
        "{% if 제안지역 %}지역 {{ 제안지역|length }}건{% endif %}"
    )
    return facts(
        ("받는 분", "{{ 후보.직함 }} {{ 후보.이름 }} 귀하"),
        ("보내는 곳", bodies()),
        ("제안", f"{{{{ 용어.분야 }}}} 정책 {counts}"),
        ("답변 기한", "{{ 용어.회신기한|날짜요일 }}까지"),
        ("답변 방법", "{{ 용어.회신방법 }}"),
    )


def _letter() -> str:
    return para(
        "Letter",
        f"{bodies('은는')} {{{{ 선거.이름|을를 }}}} 앞두고 {{{{ 지역.이름 }}}}의 {{{{ 용어.분야 }}}} 활성화를 위한 "
        "정책을 다음과 같이 제안드립니다.",
    ) + para(
        "Letter",
        "제안마다 수용, 부분수용, 불수용, 기타의견 가운데 하나를 붙임 답변서에 표시하여 보내 주시기 바랍니다. "
        "답변은 적어 주신 그대로 정리하며, 후보자를 견주어 점수나 순위를 매기지 않습니다.",
    )


def _proposals(name: str, title: str) -> str:
    """The proposals of one sort: number and field, title, what is asked, why and how, whose task it is."""
    proposal = Row(
        [
            Cell(
                para("TableNumber", "{{ 제안.번호 }}")
                + para("TableField", "{{ 제안.분야 }}")
                + when("제안.소관 and 제안.소관 != '공통'", para("TableField", "{{ 제안.소관 }}"))
            ),
            Cell(
                para("TableTitle", "{{ 제안.제목 }}")
                + para("TableText", "{{ 제안.요구 }}")
                + when("제안.내용", para("TableDetail", "{{ 제안.내용 }}"))
                + when(
                    "제안.요구단체수", para("TableDetail", "현장의 {{ 제안.요구단체수 }}개 단체가 요구한 정책입니다.")
                )
            ),
        ]
    )
    head = Row([Cell(para("TableHeadText", word)) for word in ("번호·분야", "정책 제안")], head=True)
    body = table("Hairlines", (28, 132), [head, *loop(f"제안 in {name}", 2, proposal)])
    return when(name, para("PartHead", f"{title} {{{{ {name}|length }}}}건") + body + para("AfterTable", ""))


def _senders() -> str:
    """The organisations that send it: body and title up to the middle, the name after it, a seal if there is one."""
    sender = Row(
        [
            Cell(para("SenderBody", "{{ 곳.이름 }}  {{ 곳.직함 }}"), valign="center"),
            Cell(para("SenderName", "{{ 곳.대표|띄움 }}"), valign="center"),
            Cell(para("Seal", "{{ 곳.직인|그림(16, 16) }}"), valign="center"),
        ],
        11,
    )
    end = Row([Cell(para("AfterTable", ""), 3)])
    return (
        para("BeforeSenders", "")
        + table("SignTable", (84, 31, 45), [*loop("곳 in 단체들", 3, sender), end], headed=False, air=(0, 4))
        + para("AfterTable", "")
    )


def _answer_head() -> str:
    def pair(label: str, words: str, span: int = 1) -> list[Cell]:
        return [Cell(para("FactLabel", label)), Cell(text(words), span)]

    office = "{{ 후보.직함 }}{% if 서명.선거구 %} ({{ 서명.선거구 }}){% endif %}"
    rows = [
        Row([*pair("후보자", "{{ 후보.이름 }}"), *pair("문서번호", "{{ 문서.번호 }}")]),
        Row(pair("직함", office, 3)),
        Row([*pair("답변 기한", "{{ 용어.회신기한|날짜요일 }}까지", 3)]),
        Row([*pair("답변 방법", "{{ 용어.회신방법 }}", 3)]),
    ]
    return (
        para("ElectionNewPage", "{{ 선거.이름 }}")
        + para("DocTitle", "정책 제안 답변서")
        + table("Hairlines", (24, 60, 24, 52), rows, headed=False, air=(3, 4.25))
        + para("AfterTable", "")
        + para(
            "Instruction",
            "제안마다 하나에만 표시해 주십시오(□를 ■로 바꾸거나 √). 부분수용, 불수용, 기타의견은 의견을 반드시 "
            "적어 주십시오. 자리가 모자라면 따로 적어 붙이셔도 됩니다.",
        )
    )


def _answers() -> str:
    """One table, a row for each proposal: number, title with the choices, and room for the candidate's remark."""
    words = ("번호", "제안과 답변", "의견 (부분수용·불수용·기타의견은 반드시)")
    head = Row([Cell(para("TableHeadText", word)) for word in words], head=True)

    def rows(name: str) -> list[Row]:
        cells = [
            Cell(para("TableNumber", "{{ 제안.번호 }}")),
            Cell(para("TableTitle", "{{ 제안.제목 }}") + para("Choices", CHOICES)),
            Cell(para("TableText", ""), edges=edge("left", 2, HAIRLINE)),
        ]
        return loop(f"제안 in {name}", 3, Row(cells, 21))

    return table("Hairlines", (22, 74, 64), [head, *rows("제안공통"), *rows("제안지역")], air=(4, 4.25))


def _signed() -> str:
    year = "{{ 선거.날짜[:4] }}년        월        일"
    what = para("SignFirst", "{{ 후보.직함 }}") + when("서명.선거구", para("SignText", "{{ 서명.선거구 }}"))
    name = para("SignName", "{{ 후보.이름|띄움 }}", HANJA)
    return (
        para("SignStatement", "위와 같이 답변합니다.")
        + para("SignBlankDate", year)
        + lone_signature("후보자", what, name)
    )


def proposal() -> bytes:
    """To one candidate, with the sheet to answer on."""
    body = (
        logo("단체.로고")
        + masthead()
        + _addressed()
        + _letter()
        + _senders()
        + _proposals("제안공통", "공통 제안")
        + _proposals("제안지역", "{{ 지역.이름 }} 제안")
        + _answer_head()
        + _answers()
        + _signed()
    )
    return word_file("정책 제안서", body, _STYLES)
