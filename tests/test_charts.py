"""Charts: the numbers of the document and nobody else's, in a form that LibreOffice draws."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from lxml import etree
from test_compose import libre
from test_word import by_docxtpl, canonical, parts_of, without_charts
from verdict import workbook

from pipeline.doors import office, pdf
from pipeline.doors.word import compose
from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS

__all__ = ["libre"]

MAIN = "http://schemas.openxmlformats.org"
CHART = f"{MAIN}/drawingml/2006/chart"
RELATION = f"{MAIN}/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument"
C = f"{{{CHART}}}"
REGIONS = [
    {"이름": name, "후보자": number * 3, "회신": number * 2, "협약": number}
    for name, number in (("서울특별시", 31), ("강원도 & 춘천", 7), ("제주특별자치도", 0))
]
PLEDGES = [{"번호": "공통-1", "제목": "기본 조례 제정", "수용": 12}, {"번호": "공통-2", "제목": "우선구매", "수용": 9}]
CONTEXT: dict[str, Any] = {"제목": "현황", "현황": {"지역별": REGIONS, "공약별": PLEDGES, "없음": [], "수": 3}}


def series(name: str, place: int, *, cat: bool = True) -> str:
    """A series as Word writes it, with three numbers of the template's author."""
    column = chr(ord("B") + place)
    points = "".join(f'<c:pt idx="{n}"><c:v>{{}}</c:v></c:pt>' for n in range(4)).format
    labels = (
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A$5</c:f><c:strCache><c:ptCount val='4'/>"
        f"{points('보기 가', '보기 나', '보기 다', '보기 라')}</c:strCache></c:strRef></c:cat>"
    )
    return (
        f"<c:ser><c:idx val='{place}'/><c:order val='{place}'/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f>"
        f"<c:strCache><c:ptCount val='1'/><c:pt idx='0'><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        f"{labels if cat else ''}<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}$5</c:f><c:numCache>"
        f"<c:formatCode>#,##0</c:formatCode><c:ptCount val='4'/>{points(987, 986, 985, 984)}</c:numCache></c:numRef>"
        "</c:val></c:ser>"
    )


def bars(*names: str) -> str:
    return (
        "<c:barChart><c:barDir val='col'/><c:grouping val='clustered'/>"
        f"{''.join(series(name, place) for place, name in enumerate(names))}"
        "<c:axId val='1'/><c:axId val='2'/></c:barChart>"
        "<c:catAx><c:axId val='1'/><c:scaling><c:orientation val='minMax'/></c:scaling><c:delete val='0'/>"
        "<c:axPos val='b'/><c:crossAx val='2'/></c:catAx>"
        "<c:valAx><c:axId val='2'/><c:scaling><c:orientation val='minMax'/></c:scaling><c:delete val='0'/>"
        "<c:axPos val='l'/><c:crossAx val='1'/></c:valAx>"
    )


PIE = f"<c:pieChart>{series('수용', 0, cat=False)}</c:pieChart>"
SCATTER = "<c:scatterChart><c:ser><c:idx val='0'/><c:order val='0'/><c:xVal/><c:yVal/></c:ser></c:scatterChart>"


def template(*charts: tuple[str, str]) -> bytes:
    """A Word file with charts, each given by its alternative text and its plot, and with its workbook inside."""
    document = Document()
    document.add_paragraph("{{ 제목 }}")
    for number, (alt, plot) in enumerate(charts, 1):
        chart = (
            f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{MAIN}/drawingml/2006/main" xmlns:r="{RELATION}"><c:chart>'
            f"<c:autoTitleDeleted val='1'/><c:plotArea><c:layout/>{plot}</c:plotArea><c:legend><c:legendPos val='r'/>"
            '</c:legend></c:chart><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900"><a:latin typeface="NanumGothic"/>'
            '<a:ea typeface="NanumGothic"/></a:defRPr></a:pPr></a:p></c:txPr>'
            "<c:externalData r:id='rId1'><c:autoUpdate val='0'/></c:externalData></c:chartSpace>"
        )
        package = document.part.package
        part = Part(
            PackURI(f"/word/charts/chart{number}.xml"), f"{CONTENT}.drawingml.chart+xml", chart.encode(), package
        )
        sheet = Part(
            PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
            f"{CONTENT}.spreadsheetml.sheet",
            workbook("비밀,1\n", "Sheet1"),
            package,
        )
        part.relate_to(sheet, f"{RELATION}/package")
        identifier = document.part.relate_to(part, f"{RELATION}/chart")
        drawing = (
            f'<w:r xmlns:w="{MAIN}/wordprocessingml/2006/main"><w:drawing>'
            f'<wp:inline xmlns:wp="{MAIN}/drawingml/2006/wordprocessingDrawing">'
            f'<wp:extent cx="5400000" cy="2400000"/><wp:docPr id="{number}" name="차트" descr="{alt}"/>'
            f'<a:graphic xmlns:a="{MAIN}/drawingml/2006/main"><a:graphicData uri="{CHART}">'
            f'<c:chart xmlns:c="{CHART}" xmlns:r="{RELATION}" r:id="{identifier}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
        document.add_paragraph()._p.append(parse_xml(drawing))
    document.add_paragraph("끝")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def filled(blob: bytes, context: dict[str, Any] | None = None) -> dict[str, bytes]:
    compiled = WordTemplate(blob, FILTERS, "t")
    rendered, findings = compiled.render(context or CONTEXT)
    assert findings == []
    return parts_of(compiled.pack(rendered))


def points(element: Any, kind: str) -> list[str]:
    found = element.findall(f"{C}{kind}//{C}pt")
    assert [one.get("idx") for one in found] == [str(place) for place in range(len(found))]
    assert {one.get("val") for one in element.findall(f"{C}{kind}//{C}ptCount")} == {str(len(found))}
    return [one.findtext(f"{C}v") for one in found]


def test_categories_and_numbers_come_from_the_list() -> None:
    parts = filled(template(("도표: 현황.지역별", bars("후보자", "협약"))))
    root = etree.fromstring(parts["word/charts/chart1.xml"])
    candidates, agreed = root.iter(f"{C}ser")
    for one in (candidates, agreed):
        assert points(one, "cat") == ["서울특별시", "강원도 & 춘천", "제주특별자치도"]
    assert points(candidates, "val") == ["93", "21", "0"]
    assert points(agreed, "val") == ["31", "7", "0"]
    assert [one.text for one in root.iter(f"{C}f")] == [
        "Sheet1!$B$1", "Sheet1!$A$2:$A$4", "Sheet1!$B$2:$B$4", "Sheet1!$C$1", "Sheet1!$A$2:$A$4", "Sheet1!$C$2:$C$4",
    ]  # fmt: skip
    assert {one.text for one in root.iter(f"{C}formatCode")} == {"#,##0"}
    assert b"987" not in parts["word/charts/chart1.xml"]


def test_pledges_are_called_by_number_and_title() -> None:
    root = etree.fromstring(filled(template(("도표: 현황.공약별", PIE)))["word/charts/chart1.xml"])
    (one,) = root.iter(f"{C}ser")
    assert points(one, "cat") == ["공통-1 기본 조례 제정", "공통-2 우선구매"]
    assert [inner.tag for inner in one][-2:] == [f"{C}cat", f"{C}val"]


def test_the_authors_workbook_is_taken_out() -> None:
    blob = template(("도표: 현황.지역별", bars("협약")), ("그냥 그림", bars("협약")))
    parts = filled(blob)
    assert "word/embeddings/Microsoft_Excel_Sheet1.xlsx" not in parts
    assert b"externalData" not in parts["word/charts/chart1.xml"]
    assert b"Sheet1.xlsx" not in parts["word/charts/_rels/chart1.xml.rels"] + parts["[Content_Types].xml"]
    # A chart that asks for nothing stays what it is.
    before = parts_of(blob)
    for name in ("word/charts/chart2.xml", "word/charts/_rels/chart2.xml.rels"):
        assert canonical(name, parts[name]) == canonical(name, before[name])
    assert "word/embeddings/Microsoft_Excel_Sheet2.xlsx" in parts


def test_all_else_equals_plain_docxtpl() -> None:
    blob = template(("도표: 현황.지역별", bars("협약")))
    ours, theirs = without_charts(filled(blob)), without_charts(by_docxtpl(blob, CONTEXT))
    assert set(ours) == set(theirs)
    for name in theirs:
        if name != "[Content_Types].xml":
            assert canonical(name, ours[name]) == canonical(name, theirs[name]), name


def test_documents_leave_no_trace_in_each_other() -> None:
    compiled = WordTemplate(template(("도표: 현황.지역별", bars("협약"))), FILTERS, "t")
    first = compiled.pack(compiled.render(CONTEXT)[0])
    compiled.render({**CONTEXT, "현황": {"지역별": REGIONS[:1]}})
    assert compiled.pack(compiled.render(CONTEXT)[0]) == first


@pytest.mark.parametrize(
    ("alt", "plot", "told"),
    [
        ("도표: 현왕.지역별", bars("협약"), ("chart.field", "현왕", "현황")),
        ("도표: 현황.지역", bars("협약"), ("chart.field", "지역", "지역별")),
        ("도표: 제목.지역별", bars("협약"), ("chart.field", "지역별", "")),
        ("도표: 현황.지역별", bars("협약", "회시"), ("chart.field", "회시", "회신")),
        ("도표: 현황.지역별", bars("이름"), ("chart.value", "이름", "이름")),
        ("도표: 현황.지역별", "<c:barChart/>", ("chart.kind", "", "")),
        ("도표: 현황.지역별", SCATTER, ("chart.kind", "", "")),
        ("도표: 현황.수", bars("협약"), ("chart.list", "", "")),
        ("도표: 현황", bars("협약"), ("chart.list", "", "")),
    ],
)
def test_what_cannot_be_drawn(alt: str, plot: str, told: tuple[str, str, str]) -> None:
    compiled = WordTemplate(template((alt, plot)), FILTERS, "t.docx")
    (found,) = compiled.render(CONTEXT)[1]
    assert (found.code, found.params["name"], found.params["suggestion"] or "") == (
        told[0], told[1], "" if told[0] == "chart.value" else told[2],
    )  # fmt: skip
    assert found.params["chart"] == re.sub(r"^도표: ", "", alt)
    assert str(found.cell) == "t.docx"


@pytest.mark.parametrize("value", [1.5, "12", True, None])
def test_only_whole_numbers_are_drawn(value: Any) -> None:
    compiled = WordTemplate(template(("도표: 목록", bars("협약"))), FILTERS, "t")
    (found,) = compiled.render({"제목": "", "목록": [{"이름": "가", "협약": 1}, {"이름": "나", "협약": value}]})[1]
    assert (found.code, found.params["name"]) == ("chart.value", "협약")


def test_items_without_a_name_are_told() -> None:
    compiled = WordTemplate(template(("도표: 목록", bars("협약"))), FILTERS, "t")
    (found,) = compiled.render({"제목": "", "목록": [{"지역": "가", "협약": 1}]})[1]
    assert (found.code, found.params["name"], found.params["known"]) == ("chart.field", "이름", "지역, 협약")


def test_fonts_of_charts_count_as_fonts_of_the_template() -> None:
    assert "NanumGothic" in WordTemplate(template(("도표: 현황.지역별", bars("협약"))), FILTERS, "t").fonts()


def test_documents_with_charts_are_converted_one_by_one() -> None:
    compiled = WordTemplate(template(("도표: 현황.지역별", bars("협약"))), FILTERS, "t")
    assert compose.obstacle(compiled.static, compiled.render(CONTEXT)[0]) == "charts"


@pytest.mark.office
def test_libreoffice_draws_what_the_list_says(libre: office.Office) -> None:
    blob = template(
        ("도표: 현황.지역별", bars("후보자", "협약")), ("도표: 현황.공약별", PIE), ("chart: 현황.없음", bars("가"))
    )
    compiled = WordTemplate(blob, FILTERS, "t")
    rendered, findings = compiled.render(CONTEXT)
    assert findings == []
    text = "".join(pdf.texts(libre.convert([compiled.pack(rendered)], 1)[0]))
    for name in ("서울특별시", "강원도&춘천", "제주특별자치도", "후보자", "협약", "우선구매", "끝"):
        assert name in text
    assert "보기" not in text
