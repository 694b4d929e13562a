"""협약 현황 보고서: numbers by region, office and pledge, with charts; no names of candidates, no parties, no ranks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.house.blocks import Cell, Row, loop, para, run, table, when
from tools.house.charts import DARK, EMPTY, HATCHED, LIGHT, MIDDLE, Bars, chart_drawing
from tools.house.look import GRAY, INK, SANS, TEXT_WIDTH, edge
from tools.house.package import word_file
from tools.house.styles import NUMBER_STYLES, PART_HEAD, Style
from tools.papers.parts import bodies, masthead

_STYLES: Final = (
    *NUMBER_STYLES,
    PART_HEAD,
    replace(PART_HEAD, id="PartHeadNewPage", name="부 제목(새 쪽)", before=0, new_page=True),
    Style("Report", "보고 글", size=11, line=1.7, after=6, align="left"),
    Style("ReportBeforeTable", "보고 글(표 앞)", size=11, line=1.7, after=6, align="left", keep_next=True),
    Style("LegendLight", "범례(옅음)", SANS, 11, color="CFD6DA", letters_only=True),
    Style("LegendMiddle", "범례(중간)", SANS, 11, color="8B949A", letters_only=True),
    Style("LegendDark", "범례(짙음)", SANS, 11, color=INK, letters_only=True),
    Style("Chart", "도표", SANS, 9, align="center", line=1.15, before=8, after=6),
    Style("TableNote", "표 아래 글", SANS, 9, color=GRAY, align="left", line=1.5, before=6),
)
_FUNNEL: Final = {"후보자": LIGHT, "회신": MIDDLE, "협약": DARK}
_ANSWERS: Final = {"수용": DARK, "부분수용": MIDDLE, "불수용": LIGHT, "기타의견": HATCHED, "무응답": EMPTY}
_SAMPLE_PLACES: Final = ("보기 가", "보기 나", "보기 다", "보기 라", "보기 마")
_SAMPLE_FUNNEL: Final = ((24, 31, 18, 27, 12), (18, 20, 11, 19, 9), (14, 15, 9, 16, 8))
_SAMPLE_PLEDGES: Final = ("공통-1 보기 공약", "공통-2 보기 공약", "공통-3 보기 공약", "공통-4 보기 공약")
_SAMPLE_ANSWERS: Final = ((41, 38, 44, 35), (9, 12, 6, 14), (3, 4, 2, 5), (2, 1, 3, 1), (12, 12, 12, 12))

_WRITTEN: Final = frozenset({"수용", "부분수용", "불수용", "무응답"})

CHARTS: Final = (
    Bars("도표: 현황.지역별", _SAMPLE_PLACES, _FUNNEL, _SAMPLE_FUNNEL, height=84, legend=False),
    Bars("도표: 현황.지역별", _SAMPLE_PLACES, _FUNNEL, _SAMPLE_FUNNEL, height=205, legend=False),
    Bars("도표: 현황.지역별", _SAMPLE_PLACES, _FUNNEL, _SAMPLE_FUNNEL, height=160, nested=True, legend=False),
    Bars("도표: 현황.선거별", _SAMPLE_PLACES, _FUNNEL, _SAMPLE_FUNNEL, height=84, legend=False),
    Bars("도표: 현황.공약별", _SAMPLE_PLEDGES, _ANSWERS, _SAMPLE_ANSWERS, height=112, stacked=True, told=_WRITTEN),
)
_SUM: Final = edge("top", 4, INK)
_FEW, _SOME = 8, 20
"""So many places fit the small chart, and the tall one; more of them have a bar each instead of three."""


def _number(field: str) -> str:
    """A count with commas."""
    return f"{{{{ {field}|수 }}}}"


def _chart(number: int, above: str = "") -> str:
    return chart_drawing(CHARTS[number - 1], number, above)


def _funnel(number: int, title: str) -> str:
    """A chart of candidates, replies, agreements. LibreOffice 7.4 would turn the order of its legend round."""
    looks = zip(_FUNNEL, ("Light", "Middle", "Dark"), strict=True)
    marks = [run("■", f"Legend{look}") + run(f" {name}      ") for name, look in looks]
    return _chart(number, "".join([run(f"{title}      "), *marks]))


def _figures() -> str:
    columns = (
        ("공통 제안", "{{ 현황.공약별|length }}"),
        ("후보자", _number("현황.후보자")),
        ("회신", _number("현황.회신")),
        ("협약", _number("현황.협약")),
        ("협약률", "{{ 현황.협약률 }}%"),
    )
    cells = [Cell(para("FigureBig", number) + para("FigureName", name)) for name, number in columns]
    widths = (TEXT_WIDTH / len(columns),) * len(columns)
    return table("Hairlines", widths, [Row(cells)], headed=False) + para("AfterTable", "")


def _counts(name: str, first: str) -> str:
    """Candidates, replies and agreements of each place or office, with their total."""
    keys = tuple(_FUNNEL)
    head = Row([Cell(para("TableHeadText", first)), *(Cell(para("TableHead", key)) for key in keys)], head=True)
    line = Row(
        [
            Cell(para("TableText", "{{ 줄.이름 }}")),
            *(Cell(para("TableFigure", _number(f"줄.{key}"))) for key in keys),
        ]
    )
    total = Row(
        [
            Cell(para("TableTotalText", "합계"), edges=_SUM),
            *(Cell(para("TableTotal", _number(f"{name}|sum(attribute='{key}')")), edges=_SUM) for key in keys),
        ]
    )
    rows = [head, *loop(f"줄 in {name}", 4, line), total]
    return table("Hairlines", (70, 30, 30, 30), rows, air=(2.4, 4.25)) + para("AfterTable", "")


def _summary() -> str:
    return (
        para(
            "Report",
            f"{bodies('은는')} {{{{ 선거.이름|을를 }}}} 맞아 {{{{ 지역.이름 }}}}의 후보자에게 {{{{ 용어.분야 }}}} "
            f"정책을 제안하였다. {{{{ 용어.기준일|날짜 }}}} 현재 후보자 {_number('현황.후보자')}명 가운데 "
            f"{_number('현황.회신')}명이 답변을 보내 왔고, {_number('현황.협약')}명이 정책협약을 맺었다.",
        )
        + _figures()
        + para(
            "TableNote",
            "답변과 협약의 수만 적었으며, 후보자나 정당의 순위를 매기지 않는다. 지역과 선거는 정해진 순서를 따른다.",
        )
    )


def _regions() -> str:
    nested = "막대 하나가 한 지역이며, 옅은 막대(후보자) 안에 회신과 협약을 겹쳐 그렸다. 수는 위의 표에 있다."
    return (
        para("PartHead", "1. 지역별 현황")
        + _counts("현황.지역별", "지역")
        + when(f"현황.지역별|length <= {_FEW}", _funnel(1, "지역별"))
        + when(f"현황.지역별|length > {_FEW} and 현황.지역별|length <= {_SOME}", _funnel(2, "지역별"))
        + when(f"현황.지역별|length > {_SOME}", _funnel(3, "지역별"), para("TableNote", nested))
    )


def _offices() -> str:
    return para("PartHeadNewPage", "2. 선거별 현황") + _counts("현황.선거별", "선거") + _funnel(4, "선거별")


def _pledges() -> str:
    keys = tuple(_ANSWERS)
    head = Row(
        [
            *(Cell(para("TableHeadText", word)) for word in ("번호", "정책")),
            *(Cell(para("TableHead", key)) for key in keys),
        ],
        head=True,
    )
    line = Row(
        [
            Cell(para("TableNumber", "{{ 공약.번호 }}")),
            Cell(para("TableText", "{{ 공약.제목 }}")),
            *(Cell(para("TableFigure", _number(f"공약.{key}"))) for key in keys),
        ]
    )
    total = Row(
        [
            Cell(para("TableTotalText", "합계"), 2, edges=_SUM),
            *(Cell(para("TableTotal", _number(f"현황.공약별|sum(attribute='{key}')")), edges=_SUM) for key in keys),
        ]
    )
    rows = [head, *loop("공약 in 현황.공약별", 7, line), total]
    return (
        para("PartHeadNewPage", "3. 공약별 답변")
        + table("Hairlines", (22, 63, 15, 15, 15, 15, 15), rows, air=(2.4, 3))
        + para("AfterTable", "")
        + _chart(5)
    )


def report() -> bytes:
    """Of the nation or a province."""
    body = (
        masthead("{{ 지역.이름 }} · {{ 용어.기준일|날짜 }} 현재")
        + _summary()
        + when("현황.지역별", _regions())
        + when("현황.선거별", _offices())
        + when("현황.공약별", _pledges())
    )
    return word_file("협약 현황 보고서", body, _STYLES, charts=CHARTS)
