"""Awkward templates: what Word files hold in the wild. Each is made here, so that input and verdict stand together."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from PIL import Image

CONTEXT: dict[str, Any] = {
    "이름": "남궁 & <한결> \"'",
    "긴글": "첫째 줄\n둘째 줄\t칸\n\n셋째 😀 🇰🇷",
    "빈글": "",
    "참": True,
    "거짓": False,
    "수": 10,
    "날짜": "2018-05-23",
    "목록": [
        {"제목": f"제목 {number}", "값": "a < b & c > d", "속": [{"이름": f"속 {inner}"} for inner in range(number)]}
        for number in range(4)
    ],
    "없음": [],
    "열": ["하나", "둘", "셋"],
    "로고": "로고.png",
    "사진": "단체/사진 & 얼굴.jpeg",
    "링크": "https://example.org/신청?행사=1&쪽=2",
}


def png(width: int = 1, height: int = 1, color: str = "black", mode: str = "RGB") -> bytes:
    """A PNG of one colour."""
    return _saved(Image.new(mode, (width, height), color), "PNG")


def photograph(width: int = 400, height: int = 300) -> bytes:
    """A JPEG in which no two places are alike."""
    rows = [bytes((x * 255 // width, y * 255 // height, (x * y) % 256)) for y in range(height) for x in range(width)]
    return _saved(Image.frombytes("RGB", (width, height), b"".join(rows)), "JPEG")


def _saved(image: Any, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


PICTURES = {
    "로고.png": png(120, 60, "#c04020"),
    "직인.png": png(80, 80, "#ff000080", "RGBA"),
    "단체/사진 & 얼굴.jpeg": photograph(),
}
"""Pictures that the contexts name."""


def _blob(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _paragraphs(*texts: str) -> bytes:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    return _blob(document)


def special_signs() -> bytes:
    return _paragraphs("{{ 이름 }} & {{ 목록[0].값 }}", "{{ 긴글 }}", "앞 {{ 빈글 }} 뒤")


def newlines_in_styled_runs() -> bytes:
    document = Document()
    paragraph = document.add_paragraph(style="Quote")
    run = paragraph.add_run("{{ 긴글 }}")
    run.bold = True
    paragraph.add_run(" 다음")
    return _blob(document)


def paragraph_conditions() -> bytes:
    inline = "{% if 거짓 %}x{% else %}y{% endif %}"
    return _paragraphs("{%p if 참 %}", "보임 {{ 이름 }}", "{%p else %}", "안 보임", "{%p endif %}", inline)


def nested_loops() -> bytes:
    return _paragraphs(
        "{%p for 하나 in 목록 %}",
        "{{ loop.index }}. {{ 하나.제목 }}",
        "{%p for 속 in 하나.속 %}",
        "- {{ 속.이름 }}",
        "{%p endfor %}",
        "{%p endfor %}",
        "끝",
    )


def row_loops() -> bytes:
    document = Document()
    table = document.add_table(rows=4, cols=3)
    for cell, text in zip(table.rows[0].cells, ("번호", "제목", "값"), strict=True):
        cell.text = text
    table.cell(1, 0).text = "{%tr for 하나 in 목록 %}"
    for cell, text in zip(table.rows[2].cells, ("{{ loop.index }}", "{{ 하나.제목 }}", "{{ 하나.값 }}"), strict=True):
        cell.text = text
    table.cell(3, 0).text = "{%tr endfor %}"
    document.add_paragraph("뒤")
    return _blob(document)


def row_conditions() -> bytes:
    document = Document()
    table = document.add_table(rows=5, cols=2)
    texts = ("처음", "{%tr if 거짓 %}", "숨은 줄", "{%tr endif %}", "{{ 이름 }}")
    for row, text in zip(table.rows, texts, strict=True):
        row.cells[0].text = text
    document.add_paragraph("뒤")
    return _blob(document)


def column_loops() -> bytes:
    document = Document()
    table = document.add_table(rows=2, cols=3)
    for row, text in zip(table.rows, ("머리 {{ 칸 }}", "{{ 칸 }}"), strict=True):
        row.cells[0].text = "{%tc for 칸 in 열 %}"
        row.cells[1].text = text
        row.cells[2].text = "{%tc endfor %}"
    document.add_paragraph("뒤")
    return _blob(document)


def spanned_cells() -> bytes:
    document = Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "{{ 이름 }}"
    table.cell(1, 0).text = "{% colspan 수 %}넓게"
    document.add_paragraph("뒤")
    return _blob(document)


def shaded_cells() -> bytes:
    document = Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "{% cellbg 'EEEEEE' %}{{ 이름 }}"
    document.add_paragraph("뒤")
    return _blob(document)


def headers_of_sections() -> bytes:
    document = Document()
    document.add_paragraph("첫 구역 {{ 이름 }}")
    document.sections[0].header.paragraphs[0].text = "머리말 {{ 이름 }}"
    document.sections[0].footer.paragraphs[0].text = "꼬리말 {{ 긴글 }}"
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "둘째 머리말 {% if 참 %}{{ 수 }}{% endif %}"
    document.add_paragraph("둘째 구역")
    return _blob(document)


def first_page_header() -> bytes:
    document = Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "첫 쪽 {{ 이름 }}"
    section.header.paragraphs[0].text = "다음 쪽 {{ 수 }}"
    section.footer.paragraphs[0].text = "글만 있는 꼬리말"
    for number in range(60):
        document.add_paragraph(f"본문 {number} {{{{ 이름 }}}}")
    return _blob(document)


def split_tags() -> bytes:
    """Word cuts tags into runs wherever the spelling checker or a format begins."""
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ 이", "름 }", "} 뒤 {% if", " 참 %}", "보임{% end", "if %}"):
        paragraph.add_run(piece).italic = piece.startswith("{")
    return _blob(document)


def properties() -> bytes:
    document = Document()
    document.core_properties.title = "{{ 날짜 }} 협약"
    document.core_properties.subject = "고정"
    document.add_paragraph("{{ 날짜 }}")
    return _blob(document)


def comments_and_whitespace() -> bytes:
    return _paragraphs("{#p 지워지는 문단 #}", "앞 {# 지움 #} 뒤", "{%- if 참 %}", "붙는 글", "{%- endif %}", "끝")


def pictures() -> bytes:
    document = Document()
    document.add_picture(io.BytesIO(png()), width=Mm(20))
    document.add_paragraph("{{ 이름 }}")
    document.add_picture(io.BytesIO(png()), width=Mm(10))
    return _blob(document)


def picture_in_cell() -> bytes:
    """One for each row, beside text in a format of its own, and one that the template holds itself."""
    document = Document()
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = "{%tr for 하나 in 목록 %}"
    table.cell(1, 0).text = "{{ 하나.제목 }} {{ 빈글|그림(10) }}"
    run = table.cell(1, 1).paragraphs[0].add_run("앞 {{ 사진|그림(20) }} 뒤 {{ 로고|그림(5) }}")
    run.bold = True
    table.cell(2, 0).text = "{%tr endfor %}"
    document.add_picture(io.BytesIO(png()), width=Mm(10))
    document.add_paragraph("뒤 {{ 이름 }}")
    return _blob(document)


def qr_in_footer() -> bytes:
    document = Document()
    document.add_paragraph("{{ 이름 }}")
    document.add_paragraph("끝")
    document.sections[0].footer.paragraphs[0].text = "신청 {{ 링크|큐알(24) }} {{ 이름 }}"
    document.sections[0].header.paragraphs[0].text = "{{ 이름|qr(20) }}"
    return _blob(document)


def two_pictures() -> bytes:
    """The same one twice, in the body and in a header; one that fits into a box."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ 로고|picture(30) }}"
    document.add_paragraph("{{ 로고|그림(30) }}{{ 로고|그림(30) }}")
    document.add_paragraph("{% if 참 %}{{ '직인.png'|그림(40, 10) }}{% endif %} {{ 이름 }}")
    return _blob(document)


def numbered_lists() -> bytes:
    document = Document()
    document.add_paragraph("{%p for 하나 in 목록 %}")
    document.add_paragraph("{{ 하나.제목 }}", style="List Number")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("끝")
    return _blob(document)


def run_tags() -> bytes:
    return _paragraphs("앞 {%r if 참 %}가운데{%r endif %} 뒤 {{r 이름 }}")


def page_count_field() -> bytes:
    document = Document()
    document.add_paragraph("{{ 이름 }}")
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    document.sections[0].footer.paragraphs[0]._p.append(parse_xml(field))
    return _blob(document)


def ends_with_table() -> bytes:
    document = Document()
    document.add_paragraph("{{ 이름 }}")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "{{ 수 }}"
    return _blob(document)


def late_header() -> bytes:
    """A header that begins in the second section: the first one of the next document would inherit it."""
    document = Document()
    document.add_paragraph("{{ 이름 }}")
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "늦은 머리말"
    document.add_paragraph("뒤")
    return _blob(document)


def many_signs() -> bytes:
    """More signs of a face than a font in a PDF holds, among signs of another face."""
    syllables = [chr(0xAC00 + number * 28) for number in range(399)]
    lines = [" ".join(("{{ 이름 }}", *syllables[start::19], "☐ 樂", *syllables[:12])) for start in range(19)]
    return _paragraphs(*lines, "{% for 하나 in 목록 %}{{ 하나.제목 }} {% endfor %}", "끝")


TEMPLATES: tuple[Callable[[], bytes], ...] = (
    special_signs, newlines_in_styled_runs, paragraph_conditions, nested_loops, row_loops, row_conditions,
    column_loops, spanned_cells, shaded_cells, headers_of_sections, first_page_header, split_tags, properties,
    comments_and_whitespace, pictures, numbered_lists, run_tags, page_count_field, ends_with_table, late_header,
    picture_in_cell, qr_in_footer, two_pictures, many_signs,
)  # fmt: skip
