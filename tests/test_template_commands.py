"""`template check`, `template fields`, `preview`: what they print and write, and that papers and register stay."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from conftest import Folder, word
from docx import Document
from verdict import Verdict, here, judge, names, with_papers

from pipeline.doors import pdf

BROKEN = word("{{ 후보.이룸 }}", "{{ 후보.직함 }} {{ 후보.이름 }}")


@pytest.fixture
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A campaign with papers."""
    return with_papers(folder, tmp_path_factory.getbasetemp())


def register(folder: Folder) -> bytes:
    return (folder.root / "outputs/register.sqlite").read_bytes()


# --- fields ------------------------------------------------------------------------------------------------------


def test_fields_come_with_an_example_of_the_campaign(folder: Folder) -> None:
    result = here(folder, "template", "fields", "agreement", "--json")
    fields = {one["path"]: one["example"] for one in result.json["fields"]}
    assert result.code == 0
    assert fields["후보.이름"] == "남궁한결"
    assert fields["공통공약[].의견"] == "예산 범위에서 한다."
    assert fields["단체.이름"] == "한빛사회적경제협의회"
    assert "후보.생년" not in fields


def test_fields_are_lined_up_for_people(folder: Folder) -> None:
    result = here(folder, "template", "fields", "agreement")
    lines = [line for line in result.out.splitlines() if line.startswith("후보.")]
    assert lines
    columns = {len(line[: line.index(" 글 ")].encode("euc-kr")) for line in lines if " 글 " in line}
    assert len(columns) == 1


def test_fields_of_a_kind_that_does_not_exist(folder: Folder) -> None:
    result = here(folder, "template", "fields", "agrement")
    assert (result.code, result.out) == (2, "")
    assert "Kinds of this campaign: agreement." in result.err


# --- check -------------------------------------------------------------------------------------------------------


def test_a_good_template_is_silent_and_nothing_is_written(made: Folder) -> None:
    assert judge(made, "template", "check") == Verdict(0, [])


def test_a_broken_template_gets_a_copy_with_comments(made: Folder) -> None:
    made.write("templates/agreement.docx", BROKEN)
    before = made.outputs()
    result = here(made, "template", "check")
    assert result.code == 1
    assert result.out == "outputs/check/agreement.docx\n"
    assert (made.root / "templates/agreement.docx").read_bytes() == BROKEN
    after = made.outputs()
    copy = Document(io.BytesIO(after.pop("check/agreement.docx")))
    assert after == before
    (comment,) = [one.text for one in copy.comments if "이룸" in one.text]
    assert "Did you mean 이름?" in comment


def test_comments_are_in_the_language_of_the_person(made: Folder) -> None:
    made.write("templates/agreement.docx", BROKEN)
    assert here(made, "template", "check", "--lang", "ko").code == 1
    copy = Document(str(made.root / "outputs/check/agreement.docx"))
    assert any("오류" in one.text for one in copy.comments)


def test_a_file_from_elsewhere_is_checked_for_a_kind(made: Folder, tmp_path: Path) -> None:
    path = tmp_path / "new wording.docx"
    path.write_bytes(BROKEN)
    told = here(made, "template", "check", str(path))
    assert told.code == 2
    assert "Say with --kind which one it is for: agreement." in told.err
    result = here(made, "template", "check", str(path), "--kind", "agreement")
    assert result.code == 1
    assert result.out == "outputs/check/new wording.docx\n"


def test_a_file_of_the_name_of_a_template_needs_no_kind(made: Folder, tmp_path: Path) -> None:
    path = tmp_path / "agreement.docx"
    path.write_bytes(word("{{ 후보.이름 }}"))
    assert here(made, "template", "check", str(path)).code == 0


def test_a_file_that_is_not_there(made: Folder) -> None:
    result = here(made, "template", "check", "agreement.docx")
    assert result.code == 5
    assert "The template does not exist." in result.err


def test_a_checked_copy_is_no_paper(folder: Folder) -> None:
    """Without a register, papers would mean that it was lost; a copy with comments does not."""
    folder.write("outputs/check/agreement.docx", BROKEN)
    folder.write("outputs/preview/x.docx", BROKEN)
    assert here(folder, "make", "--jobs", "1").code == 3


# --- preview -----------------------------------------------------------------------------------------------------


def test_a_preview_is_marked_and_bears_no_number(made: Folder) -> None:
    before, numbers = made.outputs(), register(made)
    result = here(made, "preview", "agreement", "--only", "서다온")
    assert result.code == 3
    assert result.out == "outputs/preview/견본_agreement_서울특별시 종로구청장 후보 서다온.docx\n"
    after = made.outputs()
    blob = after.pop("preview/견본_agreement_서울특별시 종로구청장 후보 서다온.docx")
    assert after == before
    assert register(made) == numbers
    document = Document(io.BytesIO(blob))
    assert 'string="견본"' in document.sections[0].header._element.xml
    assert document.sections[0].footer.paragraphs[0].text == "A-견본"
    assert any("서다온" in one.text for one in document.paragraphs)


def test_a_preview_of_nobody(made: Folder) -> None:
    files = names(made.root)
    assert here(made, "preview", "agreement", "--only", "부산").code == 2
    assert names(made.root) == files


def test_a_preview_of_a_broken_template(made: Folder) -> None:
    made.write("templates/agreement.docx", BROKEN)
    result = here(made, "preview", "agreement")
    assert (result.code, result.out) == (1, "")


@pytest.mark.office
def test_a_preview_becomes_a_pdf_on_which_the_mark_is_seen(folder: Folder) -> None:
    result = folder.run("preview", "agreement", "--only", "서다온")
    assert result.code == 0
    docx, path = result.out.splitlines()
    assert docx.endswith(".docx")
    blob = (folder.root / path).read_bytes()
    assert "서다온" in pdf.texts(blob)[0]
    plain = folder.run("make", "agreement", "--only", "서다온")
    assert plain.code == 0
    # The mark is drawn as shapes: gray that the paper itself, codes and all, hardly has.
    assert grays(blob) > 5 * max(
        1, grays(folder.outputs()[next(n for n in folder.outputs() if "A-411" in n and n.endswith("pdf"))])
    )


def grays(blob: bytes) -> int:
    """Pixels of the mark's gray on the first page."""
    import numpy as np
    import pypdfium2

    with pypdfium2.PdfDocument(blob) as document:
        page = document[0].render(scale=1).to_numpy()[:, :, :3].astype(int)
    light = np.all((page > 200) & (page < 250), axis=2)
    return int(light.sum())
