"""Broken templates: each beside the findings it must give, no more and no fewer.

Every one is a small Word file made here, as people make them: typed wrong, saved by another program, sent with
something in it that must not reach a paper.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conftest import word
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

CONTEXT: dict[str, Any] = {
    "문서": {"번호": "A-1100-0001", "판": 1, "제목": "정책협약서", "부수": 2},
    "캠페인": {"이름": "시험 협약", "협약일": "2018-05-23"},
    "단체": {"이름": "한빛협의회", "직함": "상임대표", "대표": "진하율"},
    "단체들": [{"이름": "한빛협의회", "직함": "상임대표", "대표": "진하율"}],
    "후보": {"이름": "남궁한결", "정당": "푸른내일당", "한자": "", "당선": ""},
    "공통공약": [
        {"번호": "1", "제목": "기본 조례 제정", "답변": "수용", "의견": ""},
        {"번호": "2", "제목": "우선구매 확대", "답변": "부분수용", "의견": "예산 범위"},
    ],
    "지역공약": [],
    "약속": ["함께 산다", "고루 나눈다"],
}


@dataclass(frozen=True)
class Broken:
    """A template, and the codes of what is to be found in it, without `template.`."""

    make: Callable[[], bytes]
    codes: frozenset[str]

    @property
    def name(self) -> str:
        return self.make.__name__


BROKEN: list[Broken] = []


def gives(*codes: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """The findings of what the function makes."""

    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        BROKEN.append(Broken(make, frozenset(codes)))
        return make

    return keep


def typed(name: str, code: str, *paragraphs: str, footer: str = "{{ 문서.번호 }}") -> None:
    """A plain template of these paragraphs, with one thing wrong."""

    def make() -> bytes:
        return word(*paragraphs, "끝.", footer=footer)

    make.__name__ = name
    BROKEN.append(Broken(make, frozenset(code.split())))


# --- tools -------------------------------------------------------------------------------------------------------


def edited(edit: Callable[[Any], object], *paragraphs: str) -> bytes:
    """A plain template after somebody changed it in Word."""
    document = Document(io.BytesIO(word(*paragraphs)))
    edit(document)
    return saved(document)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_parts(blob: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The package with other parts; None takes one away."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def replaced(blob: bytes, part: str, old: str, new: str) -> bytes:
    """The package with a piece of a part's XML exchanged."""
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        text = package.read(part).decode()
    assert old in text, f"{old} is not in {part}"
    return with_parts(blob, {part: text.replace(old, new).encode()})


def related(blob: bytes, kind: str, target: str, *, outside: bool = False, part: str = "document") -> bytes:
    """The package with another relationship of the text, or of another part."""
    name = f"word/_rels/{part}.xml.rels"
    mode = ' TargetMode="External"' if outside else ""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = f'<Relationship Id="rId900" Type="{kinds}/{kind}" Target="{target}"{mode}/>'
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        if name in package.namelist():
            return replaced(blob, name, "</Relationships>", f"{line}</Relationships>")
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    return with_parts(blob, {name: f"{head}{line}</Relationships>".encode()})


def typed_part(blob: bytes, name: str, content: bytes, kind: str) -> bytes:
    """The package with a part more, and its content type."""
    line = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    return with_parts(replaced(blob, "[Content_Types].xml", "</Types>", line), {name: content})


def in_body(xml: str, *paragraphs: str) -> bytes:
    """A plain template with a piece of WordprocessingML before its section's end."""
    return edited(lambda document: document.element.body[-1].addprevious(parse_xml(xml)), *paragraphs)


def paragraph(runs: str) -> str:
    return f"<w:p {nsdecls('w', 'r')}>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def ole(*streams: str) -> bytes:
    """As much of a compound file as anybody looks at."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + b"".join(one.encode("utf-16-le") for one in streams)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def plain() -> bytes:
    return word("{{ 후보.이름|은는 }} 협약한다.")


# --- not a Word file, or one that must not be opened ---------------------------------------------------------------


@gives("damaged")
def empty_file() -> bytes:
    return b""


@gives("damaged")
def half_copied() -> bytes:
    return plain()[:9000]


@gives("damaged")
def footnotes_break_off() -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    return related(typed_part(plain(), "word/footnotes.xml", b"<w:footnotes", kind), "footnotes", "footnotes.xml")


@gives("kind")
def hangul_renamed() -> bytes:
    return ole("Root Entry", "FileHeader", "HwpSummaryInformation", "BodyText")


@gives("kind")
def hangul_xml_renamed() -> bytes:
    return zipped({"mimetype": b"application/hwp+zip", "Contents/section0.xml": b"<x/>"})


@gives("kind")
def old_word_renamed() -> bytes:
    return ole("Root Entry", "WordDocument", "1Table")


@gives("kind")
def open_document_renamed() -> bytes:
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"})


@gives("kind")
def pdf_renamed() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@gives("kind")
def rich_text_renamed() -> bytes:
    return rb"{\rtf1\ansi\ansicpg949 \'c7\'f9\'be\'e0}"


@gives("kind")
def web_page_renamed() -> bytes:
    return "<!DOCTYPE html><html><body>{{ 후보.이름 }}</body></html>".encode()


@gives("kind")
def workbook_renamed() -> bytes:
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return with_parts(zipped({"_rels/.rels": b"<x/>"}), {"[Content_Types].xml": f'<x ContentType="{types}"/>'.encode()})


@gives("kind")
def template_of_word() -> bytes:
    return replaced(plain(), "[Content_Types].xml", "document.main+xml", "template.main+xml")


@gives("kind")
def strict_format() -> bytes:
    relations = "officeDocument/2006/relationships/officeDocument"
    return replaced(
        plain(),
        "_rels/.rels",
        f"http://schemas.openxmlformats.org/{relations}",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
    )


@gives("kind")
def text_under_another_name() -> bytes:
    blob = replaced(plain(), "_rels/.rels", "word/document.xml", "word/document2.xml")
    return replaced(blob, "[Content_Types].xml", "/word/document.xml", "/word/document2.xml")


@gives("password")
def with_a_password() -> bytes:
    return ole("Root Entry", "EncryptedPackage", "EncryptionInfo")


@gives("huge")
def zip_bomb() -> bytes:
    return with_parts(plain(), {"word/media/image9.bmp": bytes(150_000_000)})


@gives("entities")
def reads_a_file() -> bytes:
    declared = '<!DOCTYPE w [<!ENTITY host SYSTEM "file:///etc/hostname">]>\n<w:document'
    blob = replaced(plain(), "word/document.xml", "<w:document", declared)
    return replaced(blob, "word/document.xml", "협약한다", "&host;")


@gives("entities")
def entities_in_another_encoding() -> bytes:
    laughs = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "하하하">]><a>&b;&b;</a>'
    return with_parts(plain(), {"customXml/item1.xml": laughs.encode("utf-16")})


@gives("macros")
def with_macros() -> bytes:
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    blob = replaced(plain(), "[Content_Types].xml", types, "application/vnd.ms-word.document.macroEnabled.main+xml")
    return with_parts(blob, {"word/vbaProject.bin": ole("VBA")})


@gives("macros")
def macros_left_behind() -> bytes:
    blob = typed_part(plain(), "word/vbaProject.bin", ole("VBA"), "application/vnd.ms-office.vbaProject")
    return related(blob, "vbaProject", "vbaProject.bin")


@gives("embedded")
def embedded_workbook() -> bytes:
    blob = typed_part(plain(), "word/embeddings/oleObject1.bin", ole("Workbook"), "application/vnd.openxml-ole")
    return related(blob, "oleObject", "embeddings/oleObject1.bin")


@gives("embedded")
def another_document_inside() -> bytes:
    blob = typed_part(plain(), "word/afchunk.html", b"<html/>", "text/html")
    return related(blob, "aFChunk", "afchunk.html")


@gives("embedded")
def active_control() -> bytes:
    blob = typed_part(plain(), "word/activeX/activeX1.bin", b"x", "application/vnd.ms-office.activeX")
    return related(blob, "control", "activeX/activeX1.bin")


@gives("external")
def linked_picture() -> bytes:
    return related(plain(), "image", "https://example.org/logo.png", outside=True)


@gives("external")
def linked_file_of_the_computer() -> bytes:
    return related(plain(), "subDocument", "file:///C:/부속.docx", outside=True)


@gives("external")
def field_that_reads_a_file() -> bytes:
    code = "".join(
        f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in (" INCLUDE", 'TEXT "C:/x" ')
    )
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return in_body(paragraph(mark.format("begin") + code + mark.format("end")))


@gives("external")
def field_that_fetches_a_picture() -> bytes:
    return in_body(paragraph('<w:fldSimple w:instr=" INCLUDEPICTURE &quot;https://example.org/x.png&quot; "/>'))


@gives("attached")
def template_of_its_author() -> bytes:
    blob = replaced(plain(), "word/settings.xml", "<w:zoom", '<w:attachedTemplate r:id="rId900"/><w:zoom')
    return related(blob, "attachedTemplate", "file:///C:/Users/a/Normal.dotm", outside=True, part="settings")


# --- fields ------------------------------------------------------------------------------------------------------

typed("field_misspelt", "field", "{{ 후보.이룸 }}")
typed("group_misspelt", "field", "{{ 후부.이름 }}")
typed("group_forgotten", "field", "{{ 이름 }}")
typed("field_misspelt_in_a_filter", "field", "{{ 후보.이룸|은는 }}")
typed("field_misspelt_in_a_condition", "field", "{% if 후보.정단 == '무소속' %}가{% endif %}")
typed("field_misspelt_where_nobody_is", "field", "{% if 후보.당선 %}{{ 후보.직책 }}{% endif %}")
typed("field_misspelt_in_a_footer", "field", "본문", footer="{{ 문서.변호 }}")
typed("item_misspelt", "field", "{%p for 하나 in 공통공약 %}", "{{ 하나.제묵 }}", "{%p endfor %}")
typed("list_misspelt", "field", "{%p for 하나 in 공통공악 %}", "{{ 하나.제목 }}", "{%p endfor %}")
typed("name_of_another_loop", "field", "{% for 하나 in 공통공약 %}{{ 둘.제목 }}{% endfor %}")
typed("name_after_its_loop", "field", "{% for 하나 in 약속 %}{{ 하나 }}{% endfor %}{{ 하나 }}")
typed("field_of_the_loop_misspelt", "field", "{% for 하나 in 약속 %}{{ loop.indx }}{% endfor %}")
typed("field_misspelt_in_a_choice", "field", "{{ 공통공약|selectattr('담변', 'equalto', '수용')|list|length }}")
typed(
    "field_misspelt_in_a_sorting",
    "field",
    "{% for 하나 in 공통공약|sort(attribute='번오') %}{{ 하나.번호 }}{% endfor %}",
)
typed("field_misspelt_of_the_first", "field", "{{ (공통공약|first).제몫 }} {{ 단체들[0].대료 }}")
typed("field_misspelt_behind_another_name", "field", "{% set 분 = 후보 %}{{ 분.이룸 }}")
typed("field_in_brackets", "field", "{{ 후보['이룸'] }}")
typed("field_with_a_default", "default", "{{ 후보.별명|default('없음') }}")
typed("field_asked_for", "default", "{% if 후보.별명 is defined %}가{% endif %}")
typed("list_without_a_loop", "list", "{{ 공통공약.제목 }}")
typed("value_with_a_dot", "leaf", "{{ 후보.이름.성 }}")
typed("item_with_a_dot", "leaf", "{% for 하나 in 약속 %}{{ 하나.글 }}{% endfor %}")
typed("whole_list", "whole", "{{ 공통공약 }}")
typed("whole_group", "whole", "{{ 후보 }}")
typed("whole_group_in_a_filter", "whole", "{{ 후보|은는 }}")
typed("inside_of_a_value", "whole", "{{ 후보.이름|list }}")
typed("list_made_on_the_way", "whole", "{{ 후보.이름.split() }}", "{{ 후보|items }}", "{{ 약속|map('upper') }}")
typed("groups_joined", "whole", "{{ 공통공약|join(', ') }}")
typed("loop_through_a_value", "loop", "{% for 하나 in 후보.이름 %}{{ 하나 }}{% endfor %}")
typed("filter_misspelt", "filter", "{{ 후보.이름|은능 }}")
typed("filter_misspelt_in_map", "filter", "{{ 약속|map('띄우')|join(' ') }}")
typed("test_misspelt", "test", "{% if 문서.판 is evn %}가{% endif %}")
typed("test_misspelt_in_a_choice", "test", "{{ 공통공약|selectattr('답변', 'equalti', '수용')|list|length }}")
typed("value_taken_for_markup", "web", "{{ 후보.이름|safe }}")
typed("escaping_switched_off", "web", "{% autoescape false %}{{ 후보.이름 }}{% endautoescape %}")
typed("left_to_chance", "chance", "{{ 약속|random }}")
typed("filter_that_cannot_take_it", "syntax", "{{ 후보.이름|날짜 }}")
typed("several_at_once", "field filter list", "{{ 후보.이룸 }}", "{{ 후보.이름|은능 }}", "{{ 공통공약.제목 }}")
typed("unclear_tag_beside_others", "syntax field", "{{ 후보 이름 }}", "{{ 후보.정단 }}")


@gives("field")
def field_misspelt_in_properties() -> bytes:
    def edit(document: Any) -> None:
        document.core_properties.title = "{{ 문서.제묵 }}"

    return edited(edit, "본문")


@gives("twice", "field")
def field_misspelt_in_a_text_box() -> bytes:
    return in_body(paragraph(text_box("{{ 후보.이룸 }}", "{{ 후보.이룸 }}")))


# --- commands ----------------------------------------------------------------------------------------------------

typed("loop_without_end", "syntax", "{%p for 하나 in 공통공약 %}", "{{ 하나.제목 }}")
typed("condition_without_end", "syntax", "{% if 후보.정당 %}정당")
typed("end_without_loop", "syntax", "가나다 {% endfor %}")
typed("wrong_end", "syntax", "{% if 후보.정당 %}가{% endfor %}")
typed("else_without_if", "syntax", "가 {% else %} 나")
typed("no_such_command", "syntax", "{% fro 하나 in 공통공약 %}")
typed("level_after_a_space", "syntax", "{% p if 후보.정당 %}", "가", "{%p endif %}")
typed("two_words", "syntax", "{{ 후보 이름 }}")
typed("nothing_in_it", "syntax", "{{ }}")
typed("one_closing_brace", "syntax", "{{ 후보.이름 }")
typed("closed_in_the_next_paragraph", "syntax", "{{ 후보.", "이름 }}")
typed("percent_in_a_paragraph_command", "syntax", "{%p if 문서.판 % 2 == 0 %}", "짝", "{%p endif %}")
typed("another_file", "syntax", "{% include '/etc/hostname' %}")
typed("changes_the_data", "syntax", "{{ 공통공약.append(1) }}")
typed("nested_beyond_measure", "syntax", "{{ " + "(" * 500 + "1" + ")" * 500 + " }}")
typed("braces_without_end", "syntax", "{{" * 200)
typed("inside_of_the_program", "field", "{{ self }} {{ range }}")
typed("two_faults_of_syntax", "syntax", "{{ 후보 이름 }}", "가 {% endif %}")


# --- what Word and docxtpl do in silence ---------------------------------------------------------------------------

typed("text_beside_a_command", "beside", "앞말 {%p if 후보.이름 %}", "가", "{%p endif %}")
typed("row_command_in_the_text", "place", "{%tr for 하나 in 공통공약 %}", "{{ 하나.제목 }}", "{%tr endfor %}")
typed("full_width_braces", "braces", "｛｛ 후보.이름 ｝｝")
typed("single_braces", "braces", "{후보.이름} 귀하")
typed("spaced_braces", "braces", "{ { 후보.이름 } }")
typed("opened_with_one_brace", "braces", "{후보.이름}}")
typed("mail_merge_field", "braces", "«이름» 귀하")
typed("angle_brackets", "braces", "<<후보.이름>> 귀하")
typed("curly_quotes", "quotes", "{% if 후보.정당 == “무소속” %}가{% endif %}")
typed("typed_on_a_mac", "nfd", unicodedata.normalize("NFD", "{{ 후보.이름 }}"))
typed("run_tag", "run", "{{r 후보.이름 }} 귀하")


@gives("section")
def command_at_the_end_of_a_section() -> bytes:
    def edit(document: Any) -> None:
        document.add_section()
        document.paragraphs[1].add_run("{%p if 후보.정당 %}")
        document.add_paragraph("{%p endif %}")

    return edited(edit, "앞", "")


@gives("section")
def section_in_a_condition() -> bytes:
    def edit(document: Any) -> None:
        document.add_section()
        document.add_paragraph("{%p endif %}")

    return edited(edit, "{%p if 후보.정당 %}", "가")


@gives("rows")
def table_that_loses_its_rows() -> bytes:
    return edited(rows("{%tr for 하나 in 지역공약 %}", "{{ 하나.제목 }}", "{%tr endfor %}"))


@gives("rows")
def table_under_the_wrong_condition() -> bytes:
    def edit(document: Any) -> None:
        rows("{%tr for 하나 in 지역공약 %}", "{{ 하나.제목 }}", "{%tr endfor %}")(document)
        document.add_paragraph("{%p endif %}")

    return edited(edit, "{%p if 공통공약 %}")


@gives("columns")
def row_that_loses_its_cells() -> bytes:
    def edit(document: Any) -> None:
        cells = document.add_table(1, 3).rows[0].cells
        for cell, text in zip(cells, ("{%tc for 하나 in 약속 %}", "{{ 하나 }}", "{%tc endfor %}"), strict=True):
            cell.text = text

    return edited(edit)


@gives("cell")
def cell_that_loses_its_paragraphs() -> bytes:
    def edit(document: Any) -> None:
        cell = document.add_table(1, 2).cell(0, 0)
        cell.text = "{%p if 후보.한자 %}"
        cell.add_paragraph("{{ 후보.한자 }}")
        cell.add_paragraph("{%p endif %}")

    return edited(edit)


@gives("cut")
def loop_through_cells() -> bytes:
    def edit(document: Any) -> None:
        row = document.add_table(1, 2).rows[0]
        row.cells[0].text, row.cells[1].text = "{% for 하나 in 공통공약 %}{{ 하나.제목 }}", "{% endfor %}"

    return edited(edit)


@gives("cut")
def loop_from_the_text_into_a_table() -> bytes:
    def edit(document: Any) -> None:
        document.add_paragraph("{% for 하나 in 공통공약 %}{{ 하나.제목 }}")
        document.add_table(1, 2).cell(0, 0).text = "{% endfor %}"

    return edited(edit)


@gives("cut")
def begun_with_a_row_ended_with_a_paragraph() -> bytes:
    return edited(rows("머리", "{%tr for 하나 in 공통공약 %}", "{{ 하나.제목 }}", "{%p endfor %}"))


@gives("cut")
def content_control_around_a_condition() -> bytes:
    inner = paragraph(run("{%p if 후보.정당 %}"))
    xml = f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    def edit(document: Any) -> None:
        document.element.body[-1].addprevious(parse_xml(xml))
        document.add_paragraph("정당")
        document.add_paragraph("{%p endif %}")

    return edited(edit)


@gives("place", "beside", "twice")
def command_beside_a_text_box() -> bytes:
    box = text_box("글상자 {{ 후보.이름 }}", "글상자 {{ 후보.이름 }}")

    def edit(document: Any) -> None:
        document.element.body[-1].addprevious(parse_xml(paragraph(box + run("{%p if 후보.정당 %}"))))
        document.add_paragraph("정당")
        document.add_paragraph("{%p endif %}")

    return edited(edit)


@gives("inside")
def field_code_in_a_tag() -> bytes:
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    return in_body(paragraph(run("{{ 후보.") + field + run("이름 }}") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'))


@gives("inside")
def link_that_begins_in_a_tag() -> bytes:
    return in_body(paragraph(run("{{ 후보.") + f'<w:hyperlink w:anchor="가">{run("이름 }}")}</w:hyperlink>'))


@gives("bookmark")
def bookmark_in_a_tag() -> bytes:
    mark = '<w:bookmarkStart w:id="7" w:name="가"/>'
    return in_body(paragraph(run("{{ 후보.") + mark + run("이름 }}") + '<w:bookmarkEnd w:id="7"/>'))


@gives("formats")
def format_that_changes_in_a_tag() -> bytes:
    return in_body(paragraph(run("{{ 후보.") + run("이름", "<w:b/>") + run(" }}")))


CHANGE = 'w:author="가" w:date="2018-05-01T00:00:00Z"'


@gives("tracked")
def change_in_a_tag() -> bytes:
    new = f'<w:ins w:id="8" {CHANGE}>{run("이름")}</w:ins>'
    old = f'<w:del w:id="9" {CHANGE}><w:r><w:delText>성명</w:delText></w:r></w:del>'
    return in_body(paragraph(run("{{ 후보.") + old + new + run(" }}")))


@gives("tracked")
def deleted_tag() -> bytes:
    gone = "<w:r><w:delText>{{ 후보.정당 }}</w:delText></w:r>"
    return in_body(paragraph(run("귀하 ") + f'<w:del w:id="9" {CHANGE}>{gone}</w:del>'))


@gives("changes")
def change_away_from_tags() -> bytes:
    old = f'<w:del w:id="9" {CHANGE}><w:r><w:delText>지난 후보 이름</w:delText></w:r></w:del>'
    return in_body(paragraph(run("함께 ") + old))


@gives("comments")
def comment_left_behind() -> bytes:
    def edit(document: Any) -> None:
        document.add_comment(document.paragraphs[0].runs, text="{{ 후보.이름 }} 맞나요?", author="가")

    return edited(edit, "{{ 후보.이름 }}")


@gives("unrendered")
def tag_in_an_endnote() -> bytes:
    content = (
        f'<w:endnotes {nsdecls("w")}><w:endnote w:id="2">{paragraph(run("{{ 후보.이름 }}"))}</w:endnote></w:endnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
    return related(typed_part(plain(), "word/endnotes.xml", content.encode(), kind), "endnotes", "endnotes.xml")


@gives("unrendered")
def tag_in_a_property_that_is_not_filled_in() -> bytes:
    def edit(document: Any) -> None:
        document.core_properties.keywords = "{{ 캠페인.이름 }}"

    return edited(edit, "본문")


@gives("unrendered")
def tag_in_a_link() -> bytes:
    return related(plain(), "hyperlink", "https://example.org/%7B%7B%20후보.이름%20%7D%7D", outside=True)


@gives("bound")
def content_control_that_takes_its_text_back() -> bytes:
    binding = '<w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{00000000-0000-0000-0000-000000000000}"/></w:sdtPr>'
    inner = paragraph(run("{{ 후보.이름 }}"))
    return in_body(f"<w:sdt {nsdecls('w')}>{binding}<w:sdtContent>{inner}</w:sdtContent></w:sdt>")


@gives("twice")
def text_box_with_a_tag() -> bytes:
    return in_body(paragraph(text_box("{{ 후보.이름 }}", "{{ 후보.이름 }}")))


@gives("twins")
def text_box_whose_copies_differ() -> bytes:
    return in_body(paragraph(text_box("{{ 후보.이름 }}", "{{ 후보.정당 }}")))


@gives("merge")
def merged_by_command() -> bytes:
    return edited(rows("머리", "{%tr for 하나 in 공통공약 %}", "{% vm %}{{ 하나.제목 }}", "{%tr endfor %}"))


@gives("hangul")
def style_for_latin_letters_alone() -> bytes:
    def edit(document: Any) -> None:
        document.styles["Heading 1"].font.name = "NanumMyeongjo"
        document.add_heading("제1조 {{ 캠페인.이름 }}", 1)

    return edited(edit)


@gives("hangul")
def saved_by_google_docs() -> bytes:
    """One font for everything, Arial, and every run with formats that say nothing."""
    runs = "".join(run(piece, '<w:rtl w:val="0"/>') for piece in ("{{ 후보", ".이름 ", "}} 귀하"))
    blob = in_body(paragraph(runs))
    fonts = '<w:rFonts w:ascii="Arial" w:cs="Arial" w:eastAsia="Arial" w:hAnsi="Arial"/>'
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        styles = package.read("word/styles.xml").decode()
    return with_parts(blob, {"word/styles.xml": re.sub(r"<w:rFonts [^>]*/>", fonts, styles).encode()})


def rows(*texts: str) -> Callable[[Any], None]:
    """A table of one column."""

    def edit(document: Any) -> None:
        for row, text in zip(document.add_table(len(texts), 1).rows, texts, strict=True):
            row.cells[0].text = text

    return edit


def text_box(choice: str, fallback: str) -> str:
    """A run with a text box, as Word writes it: for itself, and for older programs."""
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    inner = [f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>" for text in (choice, fallback)]
    return (
        f'<w:r {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inner[0]}</wps:txbx>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner[1]}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


# --- good ones that look awkward -----------------------------------------------------------------------------------


def saved_by_hancom() -> bytes:
    """Hangul's export: its fonts on every run, tags cut into syllables, a section with a grid."""
    fonts = '<w:rFonts w:ascii="함초롬바탕" w:eastAsia="함초롬바탕" w:hAnsi="함초롬바탕"/>'
    runs = "".join(run(piece, fonts) for piece in ("{{ 후", "보.이", "름|은", "는 }} 협", "약한다."))
    return in_body(paragraph(runs))


def table_under_its_condition() -> bytes:
    def edit(document: Any) -> None:
        rows("{%tr for 하나 in 지역공약 %}", "{{ 하나.제목 }}", "{%tr endfor %}")(document)
        document.add_paragraph("{%p endif %}")

    return edited(edit, "{%p if 지역공약|length > 0 and 후보.정당 %}")


def many_ways_to_a_field() -> bytes:
    return word(
        "{{ 단체들[0].대표 }} {{ (공통공약|first).제목 }} {{ 공통공약|map(attribute='제목')|join(', ') }}",
        "{% for 답, 것 in 공통공약|groupby('답변') %}{{ 답 }}{% for 한 in 것 %}{{ 한.제목 }}{% endfor %}{% endfor %}",
        "{% for 줄 in 약속|batch(2) %}{% for 하나 in 줄 %}{{ loop.index }} {{ 하나 }}{% endfor %}{% endfor %}",
        "{% for 하나 in 공통공약 + 지역공약 if 하나.답변 == '수용' %}{{ 하나.번호|조 }}{% else %}없음{% endfor %}",
        "{% set 분 = 후보 %}{{ 분.이름|은는 }} {{ '당선' if 분.당선 }} {{ 분.한자 or 분.이름 }}",
        "{% for 이름, 값 in 단체.items() %}{{ 이름 }} {{ 값 }} {% endfor %}{{ 캠페인.협약일|날짜|replace(' ', '') }}",
        "{% macro 칸(글) %}[{{ 글 }}]{% endmacro %}{{ 칸(후보.정당) }} {{ 문서.판 + 1 }} {{ 공통공약|length }}",
    )


def linked_page() -> bytes:
    """A hyperlink is followed by people only."""
    return related(plain(), "hyperlink", "https://example.org/", outside=True)


GOOD: tuple[Callable[[], bytes], ...] = (
    plain, saved_by_hancom, table_under_its_condition, many_ways_to_a_field, linked_page,
)  # fmt: skip
