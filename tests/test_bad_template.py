"""Word templates with something wrong in them: each beside the verdict it gets."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from conftest import CANDIDATES, TEMPLATE, Folder, word
from docx import Document
from verdict import DATA, Verdict, here, judge, with_papers, workbook

FILE = "templates/agreement.docx"


@pytest.fixture
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The three candidates' campaign, its papers made before something went wrong."""
    return with_papers(folder, tmp_path_factory.getbasetemp())


def edited(template: bytes, edit: Callable[[Any], object]) -> bytes:
    """The template after somebody changed it in Word."""
    document = Document(io.BytesIO(template))
    edit(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def without(template: bytes, part: str, content: bytes | None = None) -> bytes:
    """The template's package with a part taken out, or with another content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if name != part or content is not None:
                new.writestr(name, content if name == part and content is not None else old.read(name))
    return buffer.getvalue()


# --- not a Word file ---------------------------------------------------------------------------------------------


def test_missing_template(made: Folder) -> None:
    (made.root / FILE).unlink()
    assert judge(made) == Verdict(5, [f"template.missing {FILE}"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "협약서".encode(),
        TEMPLATE[:9000],
        TEMPLATE[1000:],
        without(TEMPLATE, "word/document.xml"),
        without(TEMPLATE, "word/document.xml", b"<w:document"),
        without(TEMPLATE, "[Content_Types].xml"),
        without(TEMPLATE, "word/footer1.xml", b"<w:ftr"),
    ],
    ids=[
        "empty",
        "text",
        "truncated",
        "beginning lost",
        "no body",
        "body cut",
        "no types",
        "footer",
    ],
)
def test_what_is_no_word_file(made: Folder, content: bytes) -> None:
    made.write(FILE, content)
    verdict = judge(made)
    assert verdict == Verdict(5, [f"template.damaged {FILE}"])
    assert not any(name in verdict.said for name in ("Error", "BadZipFile")), "words for people, not for programmers"


@pytest.mark.parametrize(
    "content", [(DATA / "old.xls").read_bytes(), workbook(CANDIDATES, "후보자")], ids=["OLE", "workbook"]
)
def test_file_of_another_program(made: Folder, content: bytes) -> None:
    made.write(FILE, content)
    verdict = judge(made)
    assert verdict == Verdict(5, [f"template.kind {FILE}"])
    assert "it is an Excel workbook" in verdict.said


def test_folder_in_place_of_the_template(made: Folder) -> None:
    (made.root / FILE).unlink()
    (made.root / FILE).mkdir()
    assert judge(made) == Verdict(5, [f"file.unreadable {FILE}"])


# --- fields ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraph", "field", "meant"),
    [
        ("서울 {{ 후보.이릅 }} 귀하", "후보.이릅", "이름"),
        ("서울 {{ 후보.이릅|은는 }} 협약한다.", "후보.이릅", "이름"),
        ("{{ 캠페인.협약알|날짜 }}", "캠페인.협약알", "협약일"),
        ("{{ 캠패인.이름 }}", "캠패인", "캠페인"),
        ("{% if 후보.정단 %}가{% endif %}", "후보.정단", "정당"),
        ("{% if 후보.정단 == '무소속' %}가{% endif %}", "후보.정단", "정당"),
        ("{% if 후보.정단 in ['무소속'] %}가{% endif %}", "후보.정단", "정당"),
        ("{% if not 후보.정단 %}가{% endif %}", "후보.정단", "정당"),
        ("{% if 문서.브수 > 1 %}가{% endif %}", "문서.브수", "부수"),
        ("{% for 하나 in 공통공악 %}{{ 하나.제목 }}{% endfor %}", "공통공악", "공통공약"),
        ("{% for 하나 in 공통공약 %}{{ 하나.제묵 }}{% endfor %}", "하나.제묵", "제목"),
        ("{{ 단체들[0].대료 }}", "대료", "대표"),
    ],
)
def test_unknown_field(made: Folder, paragraph: str, field: str, meant: str) -> None:
    made.write(FILE, word("정책협약서", paragraph, "끝."))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.field {FILE}"])
    assert f"In the text, near '{paragraph}': the field " in verdict.said
    assert f"{field} does not exist. Did you mean {meant}?" in verdict.said


def test_unknown_fields_of_all_parts_come_out_in_one_run(made: Folder) -> None:
    made.write(FILE, word("{{ 후보.이릅 }} {{ 선거.날자 }}", "{{ 지역.이릅 }}", footer="{{ 문서.변호 }}"))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.field {FILE}"] * 4)
    assert [line.partition(" does not")[0] for line in verdict.said.splitlines() if "near" in line] == [
        "In the text, near '{{ 후보.이릅 }} {{ 선거.날자 }}': the field 후보.이릅",
        "In the text, near '{{ 후보.이릅 }} {{ 선거.날자 }}': the field 선거.날자",
        "In the text, near '{{ 지역.이릅 }}': the field 지역.이릅",
        "In a footer, near '{{ 문서.변호 }}': the field 문서.변호",
    ]


def test_tag_typed_on_a_mac(made: Folder) -> None:
    made.write(FILE, word(unicodedata.normalize("NFD", "{{ 후보.이름 }}")))
    assert judge(made, "check") == Verdict(0, [])


# --- commands ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraphs", "near", "problem"),
    [
        (["{%p for 하나 in 공통공약 %}", "{{ 하나.제목 }}", "끝."], "for 하나 in 공통공약", "a for or if has no end"),
        (["{% if 후보.정당 %}정당", "끝."], "if 후보.정당", "a for or if has no end"),
        (["앞", "가나다 {% endfor %}", "끝."], "가나다 {% endfor %}", "an end stands without its beginning"),
        (["앞", "{% if 후보.정당 %}가{% endfor %}", "끝."], "{% endfor %}", "an end stands without its beginning"),
        (["앞", "{% fro 하나 in 공통공약 %}", "끝."], "{% fro", "there is no such command"),
        (["앞", "{{ 후보.이름 }", "끝."], "{{ 후보.이름 }", "braces are opened and not closed in this paragraph"),
        (["앞", "{{ 후보 이름 }}", "끝."], "{{ 후보 이름 }}", "the signs between the braces do not make sense"),
        (["앞", "{{ }}", "끝."], "{{ }}", "the signs between the braces do not make sense"),
    ],
)
def test_syntax(made: Folder, paragraphs: list[str], near: str, problem: str) -> None:
    made.write(FILE, word(*paragraphs))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.syntax {FILE}"])
    place, _, rest = verdict.said.partition("': ")
    assert place.startswith("In the text, near '")
    assert near in place
    assert rest.startswith(problem)


def test_unknown_filter(made: Folder) -> None:
    made.write(FILE, word("앞", "{{ 후보.이름|은능 }}", "끝."))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.filter {FILE}"])
    assert "In the text, near '{{ 후보.이름|은능 }}': there is no filter 은능. Did you mean 은는?" in verdict.said


def test_filter_given_what_it_cannot_take(made: Folder) -> None:
    """Once, not for each candidate, and without their names: the template is wrong, not they."""
    made.write(FILE, word("{{ 후보.이름|날짜 }}"))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.syntax {FILE}"])
    assert not any(name in verdict.said for name in ("남궁한결", "서다온", "도하늘"))


@pytest.mark.parametrize(
    "paragraph", ["앞말 {%p if 후보.이름 %}", "{%p if 후보.이름 %} 뒷말", "앞말 {%p if 후보.이름 %} 뒷말"]
)
def test_text_beside_a_paragraph_command_does_not_vanish(made: Folder, paragraph: str) -> None:
    made.write(FILE, word(paragraph, "가", "{%p endif %}"))
    verdict = judge(made)
    assert verdict.exit in {1, 4}
    assert "말" in verdict.said, "the paragraph that would be lost is named"


def test_loop_from_a_paragraph_into_a_table_row(made: Folder) -> None:
    def edit(document: Any) -> None:
        document.add_paragraph("{% for 하나 in 공통공약 %}{{ 하나.제목 }}")
        document.add_table(1, 2).cell(0, 0).text = "{% endfor %}"

    made.write(FILE, edited(TEMPLATE, edit))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.cut {FILE}"])
    assert "ends in another cell, box or table" in verdict.said


def test_loop_that_cuts_a_table_row(made: Folder) -> None:
    """The XML would stay whole, but the row would have three cells for two pledges, and one for none."""

    def edit(document: Any) -> None:
        row = document.add_table(1, 2).rows[0]
        row.cells[0].text, row.cells[1].text = "{% for 하나 in 공통공약 %}{{ 하나.제목 }}", "{% endfor %}"

    made.write(FILE, edited(TEMPLATE, edit))
    verdict = judge(made)
    assert verdict == Verdict(1, [f"template.cut {FILE}"])


def test_table_that_loses_all_its_rows(made: Folder) -> None:
    def edit(document: Any) -> None:
        table = document.add_table(3, 1)
        for row, text in zip(
            table.rows, ("{%tr for 하나 in 지역공약 %}", "{{ 하나.제목 }}", "{%tr endfor %}"), strict=True
        ):
            row.cells[0].text = text

    made.write(FILE, edited(TEMPLATE, edit))
    assert judge(made) == Verdict(1, [f"template.rows {FILE}"])


# --- what was left over ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "paragraph",
    [
        "서울특별시장 후보 남궁한결",
        "남궁한결은 협약한다.",
        "“남궁한결”과 협의회",
        "남 궁 한 결 (서명)",
        "서명: 남궁 한결",
    ],
)
def test_name_left_over_from_an_earlier_paper(made: Folder, paragraph: str) -> None:
    made.write(FILE, word("{{ 후보.이름 }}", paragraph))
    verdict = judge(made, "check")
    assert verdict == Verdict(0, [f"template.name {FILE}"])
    assert "(남궁한결)" in verdict.said


def test_name_left_over_in_a_footer_without_tags(made: Folder) -> None:
    made.write(FILE, word("{{ 후보.이름 }}", footer="남궁한결 후보 정책협약서"))
    assert judge(made, "check") == Verdict(0, [f"template.name {FILE}"])


def test_name_that_is_part_of_a_word_is_none(made: Folder) -> None:
    made.change("inputs/candidates.csv", "도하늘", "정책협")
    made.write(FILE, word("{{ 후보.이름 }}", "정책협약서"))
    assert judge(made, "check") == Verdict(0, [])


def test_font_that_is_not_installed(made: Folder) -> None:
    def edit(document: Any) -> None:
        document.add_paragraph("끝.").runs[0].font.name = "없는글꼴체"

    made.write(FILE, edited(TEMPLATE, edit))
    verdict = judge(made)
    assert verdict == Verdict(3, [f"font.missing {FILE}"])
    assert "'없는글꼴체'" in verdict.said
    assert "apt-get install" in verdict.said


def test_font_of_a_style_in_use(made: Folder) -> None:
    def edit(document: Any) -> None:
        document.styles["Heading 1"].font.name = "없는글꼴체"
        document.styles["Heading 2"].font.name = "아무도안쓰는체"
        document.add_heading("제1조", 1)

    made.write(FILE, edited(TEMPLATE, edit))
    verdict = judge(made)
    assert (verdict.exit, "'없는글꼴체'" in verdict.said, "아무도안쓰는체" in verdict.said) == (3, True, False)


# --- what must not run -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "paragraph",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 문서.__class__ }}",
        "{{ 문서['__class__'] }}",
        "{{ 문서|attr('__class__') }}",
        "{{ '{0.__class__}'.format(문서) }}",
        "{{ 후보.이름.__len__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ lipsum.__globals__['os'].popen('id').read() }}",
        "{{ self.__init__ }}",
        "{{ 단체들.append(1) }}",
        "{% include '/etc/hostname' %}",
        "{% for 하나 in range(1000000000) %}가{% endfor %}",
        "{% macro 가() %}{{ 가() }}{% endmacro %}{{ 가() }}",
        "{{ 1 / 0 }}",
    ],
)
def test_template_runs_no_code(made: Folder, paragraph: str) -> None:
    made.write(FILE, word("정책협약서", paragraph))
    verdict = judge(made)
    assert verdict.exit == 1
    assert {one.split()[0] for one in verdict.found} <= {"template.field", "template.syntax", "template.chance"}
    assert f"near '{paragraph}'" in verdict.said


# --- the real command --------------------------------------------------------------------------------------------


def test_real_command_names_the_field_and_makes_nothing(folder: Folder) -> None:
    folder.write(FILE, word("서울 {{ 후보.이릅 }} 귀하"))
    result = folder.no_office("make")
    assert result.code == 1
    assert result.err.startswith(f"{FILE} (error 1)\n")
    assert "error: In the text, near '서울 {{ 후보.이릅 }} 귀하': the field 후보.이릅" in result.err
    assert result.out == ""
    assert folder.outputs() == {}


def test_bad_template_of_one_kind_stops_no_other(folder: Folder) -> None:
    other = '[kinds.proposal]\ntitle = "제안서"\nletter = "B"\ntemplate = "bad.docx"\nfolder = "proposals"\n'
    folder.write("inputs/campaign.toml", (folder.root / "inputs/campaign.toml").read_text(encoding="utf-8") + other)
    folder.write("templates/bad.docx", "협약서")
    assert here(folder, "make", "--jobs", "1").code == 5
    assert folder.outputs() == {}
    assert here(folder, "make", "--keep-going", "--jobs", "1").code == 5
    assert {name.split("/")[0] for name in folder.outputs()} == {"agreements"}
    assert here(folder, "make", "agreement", "--jobs", "1").code == 3, "the other kind's template is not even read"
