"""안내와 식순: when, where, fee, account, how to apply, whom to ask; and the programme with its speakers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import Cell, Row, choose, each, loop, para, rows_if, run, table, when
from tools.house.look import GRAY, INK, SANS
from tools.house.package import word_file
from tools.house.styles import LIST_STYLES, LOGO_STYLE, PART_HEAD, TITLE, Style
from tools.papers.parts import bodies, logo, masthead, text

_STYLES: Final = (
    *LIST_STYLES,
    LOGO_STYLE,
    replace(TITLE, id="EventTitle", name="행사 이름", size=20, tracking=0.8, line=1.4, next_id="Invitation"),
    Style("Invitation", "초대 글", size=11.5, line=1.75, after=6, align="left"),
    Style("QrCode", "큐알", SANS, 8.5, color=GRAY, align="right", line=1.2),
    PART_HEAD,
    replace(PART_HEAD, id="PartHeadNewPage", name="부 제목(새 쪽)", before=0, new_page=True),
    Style("TimeText", "식순 시각", SANS, 10, bold=True, color=INK, align="left", line=1.4),
    Style("MinuteText", "식순 분", SANS, 9.5, color=GRAY, align="right", line=1.5),
    Style("ItemText", "식순 내용", SANS, 10.5, bold=True, align="left", line=1.35),
    Style("ItemField", "식순 구분", SANS, 9, color=GRAY, align="left", line=1.35),
    Style("Speaker", "식순 담당", SANS, 10, align="left", line=1.4, hanging=10),
    Style("Quiet", "조용한 글", SANS, 9, color=GRAY, letters_only=True),
)


_SHORT: Final = 6
"""So many items of a programme fit below the facts."""


def _facts() -> str:
    time = (
        "{{ 행사.날짜|날짜요일 }}{% if 행사.시작 %} {{ 행사.시작|시각 }}{% endif %}"
        "{% if 행사.종료 %}~{{ 행사.종료|시각 }}{% endif %}"
    )
    until = text("{{ 행사.신청기한|날짜요일 }}까지")
    how = when("행사.신청방법", text("{{ 행사.신청방법 }}"))
    link = how + text("{{ 행사.신청링크 }}", "FactSmall") + when("행사.신청기한", until)
    # Without a link, one of the two is there: a cell must never be empty.
    no_link = choose("행사.신청방법", text("{{ 행사.신청방법 }}") + when("행사.신청기한", until), until)
    code = Cell(para("QrCode", "{{ 행사.신청링크|큐알(24) }}"), valign="center")

    def line(label: str, *texts: str, condition: str = "") -> list[Row]:
        rows = [Row([Cell(para("FactLabel", label)), Cell("".join(texts), 2)])]
        return rows_if(condition, 3, rows) if condition else rows

    with_code = Row([Cell(para("FactLabel", "신청")), Cell(link), code])
    fee = "{% if 행사.참가비 == '0' %}무료{% else %}{{ 행사.참가비|원 }}{% endif %}"
    rows = [
        *line("일시", text(time)),
        *line("장소", text("{{ 행사.장소 }}"), when("행사.주소", text("{{ 행사.주소 }}", "FactSmall"))),
        *line("참가비", text(fee), condition="행사.참가비"),
        *line("계좌", text("{{ 행사.계좌 }}"), condition="행사.계좌"),
        *rows_if("행사.신청링크", 3, [with_code]),
        *line("신청", no_link, condition="not 행사.신청링크 and (행사.신청방법 or 행사.신청기한)"),
        *line("문의", text("{{ 행사.문의 }}"), condition="행사.문의"),
        *line("주최", text("{{ 행사.주최 }}"), condition="행사.주최"),
        *line("주관", text("{{ 행사.주관 }}"), condition="행사.주관"),
    ]
    return table("Hairlines", (28, 104, 28), rows, headed=False, air=(4, 4)) + para("AfterTable", "")


def _programme() -> str:
    """The items in order: from when to when, what, by whom, how many minutes."""
    time = "{% if 차례.시작 %}{{ 차례.시작|시각 }}{% endif %}{% if 차례.끝 %}~{{ 차례.끝|시각 }}{% endif %}"
    post = "{% if 사람.소속 %}  {{ 사람.소속 }}{% endif %}{% if 사람.직함 %} {{ 사람.직함 }}{% endif %}"
    speakers = each("사람 in 차례.담당", para("Speaker", "{{ 사람.이름 }}", run(post, "Quiet")))
    item = Row(
        [
            Cell(para("TimeText", time)),
            Cell(
                when("차례.구분 and 차례.구분 not in 차례.내용", para("ItemField", "{{ 차례.구분 }}"))
                + para("ItemText", "{{ 차례.내용 }}")
                + when("차례.비고", para("ItemField", "{{ 차례.비고 }}"))
            ),
            Cell(speakers + para("AfterTable", "")),
            Cell(para("MinuteText", "{% if 차례.분 %}{{ 차례.분 }}분{% endif %}")),
        ]
    )
    head = Row([Cell(para("TableHeadText", word)) for word in ("시각", "내용", "담당", "")], head=True)
    items = table("Hairlines", (28, 56, 63, 13), [head, *loop("차례 in 식순", 4, item)], air=(4, 4.25))
    # A long programme gets a page of its own, to be handed to those who lead through it.
    head_line = choose(f"식순|length > {_SHORT}", para("PartHeadNewPage", "식순"), para("PartHead", "식순"))
    return when("식순", head_line + items + para("AfterTable", ""))


def notice() -> bytes:
    """Of one event: a signing ceremony, a debate."""
    host = f"{{% if 행사.주최 %}}{{{{ 행사.주최|은는 }}}}{{% else %}}{bodies('은는')}{{% endif %}}"
    body = (
        logo("단체.로고")
        + masthead("{{ 문서.제목 }}", "{{ 행사.이름 }}", "EventTitle")
        + when("행사.취지", para("Invitation", "{{ 행사.취지 }}"))
        + para(
            "Invitation",
            f"{host} 다음과 같이 {{{{ 행사.이름|을를 }}}} 마련하오니 바쁘시더라도 참석하여 주시기 바랍니다.",
        )
        + _facts()
        + _programme()
    )
    return word_file("안내와 식순", body, _STYLES)
