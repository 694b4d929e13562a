"""서명 문서 안내: what a council receives, by when, how to print, sign, scan and send; then a list to tick off."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import Cell, Row, loop, para, table, when
from tools.house.look import GRAY, INK, SANS, TEXT_WIDTH
from tools.house.package import word_file
from tools.house.styles import LIST_STYLES, LOGO_STYLE, PART_HEAD, Style
from tools.papers.parts import bodies, facts, logo, masthead

_STYLES: Final = (
    *LIST_STYLES,
    LOGO_STYLE,
    Style("Receiver", "받는 곳", SANS, 12, bold=True, color=INK, align="left", line=1.4, before=2, after=4),
    Style("LetterText", "안내 글", size=10.5, line=1.6, after=7, align="left"),
    replace(PART_HEAD, size=11.5, before=11, after=4),
    replace(PART_HEAD, id="PartHeadNewPage", name="부 제목(새 쪽)", before=0, new_page=True),
    Style("StepNumber", "순서 번호", SANS, 15, bold=True, color=INK, align="center", line=1.3),
    Style("StepTitle", "순서 제목", SANS, 10.5, bold=True, color=INK, align="left", line=1.35, keep_next=True),
    Style("StepText", "순서 글", SANS, 9.5, align="left", line=1.4),
    Style("LetterEnd", "보내는 곳", size=13, bold=True, tracking=1, align="center", line=1.5, before=14),
    Style("LetterNote", "맺음 글", SANS, 9, color=GRAY, align="left", line=1.4, before=5),
    Style("ListLead", "확인표 설명", SANS, 9.5, color=GRAY, align="left", line=1.45, after=5),
    Style("TickBox", "확인 칸", SANS, 13, color=INK, align="center", line=1.1),
    Style("TickHead", "확인 칸 머리", SANS, 8.5, bold=True, color=INK, align="center", line=1.4, keep_next=True),
    Style("ListNumber", "확인표 번호", SANS, 9, bold=True, color=INK, align="left", line=1.35),
    Style("ListTitle", "확인표 제목", SANS, 9.5, align="left", line=1.35),
    Style("ListSmall", "확인표 대상", SANS, 8.5, color=GRAY, align="left", line=1.35),
    Style("ListCount", "확인표 숫자", SANS, 9, align="center", line=1.35),
    Style("Strong", "굵은 글", SANS, 9.5, bold=True, color=INK, letters_only=True),
)
_STEPS: Final = (
    (
        "인쇄",
        (
            "PDF 폴더의 파일을 A4 용지에 실제 크기(100%)로 인쇄합니다. 크기를 바꾸거나 한 장에 여러 쪽을 넣지 "
            "않습니다. 서명할 문서는 확인표에 적힌 부수만큼 인쇄합니다."
        ),
    ),
    (
        "서명",
        (
            "서명 칸 안에 검은색이나 파란색 펜으로 서명하거나 도장을 찍습니다. 문구를 고치지 않으며, "
            "쪽 모서리의 네모 무늬(QR)에는 아무것도 적지 않습니다."
        ),
    ),
    (
        "스캔",
        (
            "서명한 문서의 모든 쪽을 컬러, 200~300dpi로 스캔해 PDF로 저장합니다. 여러 문서를 한 파일에 담아도 되고 "
            "순서는 상관없습니다. 휴대전화로 찍을 때에는 한 쪽씩, 네 모서리가 다 보이게 찍습니다."
        ),
    ),
    (
        "회신",
        (
            "전자우편에 파일로 붙여 보냅니다. 카카오톡 같은 메신저로 보내면 사진이 줄어들어 읽을 수 없게 되므로 "
            "쓰지 않습니다. 원본은 문서에 적힌 대로 서명한 쪽이 1부씩 나누어 갖고, 협약단체의 몫은 협의회에서 "
            "보관합니다."
        ),
    ),
)


def _what() -> str:
    """What is in the packet, sort by sort."""
    sort = Row(
        [
            Cell(para("TableTitle", "{{ 묶음.제목 }}")),
            Cell(para("ListCount", "{{ 묶음.건수|수 }}건")),
            Cell(para("ListCount", "{{ 묶음.쪽수|수 }}쪽")),
            Cell(para("ListCount", "{% if 묶음.서명 %}서명 받아 회신{% else %}전달·참고{% endif %}")),
        ]
    )
    heads = [Cell(para(style, word)) for style, word in (
        ("TableHeadText", "들어 있는 문서"), ("TickHead", "건수"), ("TickHead", "쪽수"), ("TickHead", "할 일"),
    )]  # fmt: skip
    return table(
        "Hairlines", (82, 22, 22, 34), [Row(heads, head=True), *loop("묶음 in 꾸러미.종류", 4, sort)], air=(2, 4)
    )


def _how() -> str:
    rows = [
        Row(
            [
                Cell(para("StepNumber", str(number)), valign="center"),
                Cell(para("StepTitle", title) + para("StepText", words)),
            ]
        )
        for number, (title, words) in enumerate(_STEPS, start=1)
    ]
    return table("Hairlines", (14, TEXT_WIDTH - 14), rows, headed=False, air=(4, 4)) + para("AfterTable", "")


def _until() -> str:
    until = "{% if 꾸러미.기한 %}{{ 꾸러미.기한|날짜요일 }}까지{% else %}서명이 끝나는 대로{% endif %}"
    return facts(
        ("기한", until),
        ("보낼 곳", "{% if 꾸러미.회신 %}{{ 꾸러미.회신 }}{% else %}이 문서를 보내 드린 곳{% endif %}"),
    )


def _list() -> str:
    def tick() -> Cell:
        return Cell(para("TickBox", "{% if 문서.서명 %}□{% else %}–{% endif %}"), valign="center")

    row = Row(
        [
            Cell(para("ListNumber", "{{ 문서.번호 }}") + when("문서.판 > 1", para("ListSmall", "{{ 문서.판 }}판"))),
            Cell(para("ListTitle", "{{ 문서.제목 }}") + para("ListSmall", "{{ 문서.대상 }}")),
            Cell(para("ListCount", "{{ 문서.쪽 }}")),
            Cell(para("ListCount", "{{ 문서.부수 }}")),
            Cell(para("TickBox", "□"), valign="center"),
            tick(),
            tick(),
            tick(),
        ]
    )
    words = ("쪽", "부수", "인쇄", "서명", "스캔", "회신")
    heads = [
        *(Cell(para("TableHeadText", word)) for word in ("문서번호", "문서와 대상")),
        *(Cell(para("TickHead", word)) for word in words),
    ]
    rows = [Row(heads, head=True), *loop("문서 in 꾸러미.목록", 8, row)]
    return (
        para("PartHeadNewPage", "문서 확인표")
        + para(
            "ListLead",
            "한 일에 표시합니다. 문서번호는 문서의 모든 쪽 모서리에 적혀 있습니다. 이 표는 보내지 않아도 됩니다.",
        )
        + table("Hairlines", (30, 61, 10, 11, 12, 12, 12, 12), rows, air=(1.5, 3))
        + para("AfterTable", "")
    )


def cover_letter() -> bytes:
    """Of a council's packet."""
    locked = "압축 파일을 여는 암호는 따로 알려 드립니다. 암호를 이 문서나 압축 파일과 함께 보내지 마십시오."
    body = (
        logo("단체.로고")
        + masthead("{{ 캠페인.이름 }}", "서명 문서 안내")
        + para(
            "Receiver",
            "{{ 협의회.이름 }}{% if 협의회.대표 %}  {{ 협의회.직함 }} {{ 협의회.대표 }} 귀하{% else %} 귀중{% endif %}",
        )
        + para(
            "LetterText",
            "정책협약에 함께해 주셔서 고맙습니다. 귀 협의회에서 맡아 주실 문서 "
            "{{ 꾸러미.건수|수 }}건({{ 꾸러미.쪽수|수 }}쪽)을 보내 드립니다. "
            "{% if 꾸러미.서명건수 %}아래 순서에 따라 그 가운데 {{ 꾸러미.서명건수|수 }}건에 서명을 받아 "
            "보내 주시기 바랍니다."
            "{% else %}돌려보내실 문서는 없습니다.{% endif %}",
        )
        + _what()
        + para("PartHead", "언제까지, 어디로")
        + _until()
        + para("PartHead", "인쇄에서 회신까지")
        + _how()
        + when("꾸러미.잠금", para("LetterNote", locked))
        + para(
            "LetterNote",
            "이 안내는 {{ 꾸러미.기준일|날짜 }} 발급분까지의 문서를 담았습니다. "
            "나중에 새 판을 받으시면 새 판을 쓰십시오.",
        )
        + para("LetterEnd", bodies())
        + _list()
    )
    return word_file("서명 문서 안내", body, _STYLES, numbered=False)
