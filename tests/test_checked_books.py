"""Copies of workbooks with findings in their cells: what is marked, what is said, what is kept and what goes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
from conftest import CANDIDATES, Folder
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from verdict import in_excel, workbook

from pipeline.doors.books import checked_books
from pipeline.korean.privacy import RESIDENT_NUMBER, hide
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.run import Options, check_copies, check_inputs, write_copies
from pipeline.show import language, report

IMPOSSIBLE = "900101-1234567"
"""The form of a resident registration number; the check digit of this one is wrong."""
RED, YELLOW = "00FFC7CE", "00FFEB9C"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    language.use("en")


def run(folder: Folder) -> tuple[list[str], list[Finding]]:
    """What `check` writes and finds besides."""
    return write_copies(folder.root, check_inputs(Options(folder.root)).findings, report.voice())


def opened(folder: Folder, name: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder.root / "outputs/check" / name)


def page(folder: Folder, name: str, sheet: str) -> Worksheet:
    found = opened(folder, name)[sheet]
    assert isinstance(found, Worksheet)
    return found


def with_candidates(folder: Folder, then: Callable[[Worksheet], object], rows: str = CANDIDATES) -> None:
    in_excel(folder, "candidates", workbook(rows, "후보자", then), sheet="후보자")


def said(cell: Any) -> str:
    return str(cell.comment.text) if cell.comment else ""


# --- what is marked ----------------------------------------------------------------------------------------------


def test_a_bad_cell_is_coloured_and_says_what_to_do(folder: Folder) -> None:
    with_candidates(folder, lambda sheet: sheet.__setitem__("B3", "시장님"))
    assert run(folder) == (["outputs/check/candidates.xlsx"], [])
    sheet = page(folder, "candidates.xlsx", "후보자")
    assert sheet["B3"].fill.fgColor.rgb == RED
    assert sheet["B3"].border.left.style == "medium", "the level is seen without colours, too"
    assert said(sheet["B3"]).startswith("error: '선거종류': '시장님' is not one of the possible answers.\nAllowed: ")
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["B3"]
    assert sheet["G3"].value == "서다온"


def test_the_summary_comes_first_with_links_to_the_cells(folder: Folder) -> None:
    with_candidates(folder, lambda sheet: sheet.__setitem__("B3", "시장님"))
    run(folder)
    book = opened(folder, "candidates.xlsx")
    summary = book.worksheets[0]
    assert (summary.title, book.active, summary["A1"].value) == (
        "Findings",
        summary,
        "Findings: inputs/candidates.xlsx",
    )
    assert summary["A3"].value == "error 1 · warning 0 · note 0"
    assert [cell.value for cell in summary[6]][:2] == ["error", "후보자!B3"]
    assert summary["B6"].hyperlink.location == "'후보자'!B3"
    assert (summary.auto_filter.ref, summary.freeze_panes) == ("A5:D6", "A6")
    assert summary["A6"].font.name == "맑은 고딕"


def test_a_warning_looks_different_and_several_findings_share_a_comment(folder: Folder) -> None:
    row = "104,구·시·군의 장,서울특별시,종로구,무소속,4,서다온"
    with_candidates(folder, lambda sheet: sheet.append(row.split(",")))
    findings = check_inputs(Options(folder.root)).findings
    cell = next(one.cell for one in findings if one.code == "candidate.namesake")
    write_copies(folder.root, [*findings, finding("hanja.damaged", cell)], report.voice())
    marked = page(folder, "candidates.xlsx", "후보자")["G5"]
    assert (marked.fill.fgColor.rgb, marked.border.left.style) == (YELLOW, "mediumDashed")
    assert said(marked).count("warning: ") == 2


def test_what_is_about_a_row_or_a_sheet_stands_at_its_first_cell(folder: Folder) -> None:
    blob = workbook([[None] * 3, [None, "지역코드", "이름"], [None, "1100", "둘"]], "지역")
    told = [
        finding("column.missing", Cell("inputs/r.xlsx", "지역", 2), header="시도", aliases=""),
        finding("sheet.empty", Cell("inputs/r.xlsx", "지역")),
        finding("candidate.nameless", Cell("inputs/r.xlsx", "지역", 3)),
        finding("sheet.missing", Cell("inputs/r.xlsx", "없음"), sheet="없음", sheets="지역"),
    ]
    book = openpyxl.load_workbook(io.BytesIO(checked_books.annotated(blob, told, report.voice())))
    assert said(book["지역"]["B2"]).count("error: ") == 2
    assert said(book["지역"]["B3"]).startswith("error: The row has neither")
    links = [bool(row[1].hyperlink) for row in book.worksheets[0].iter_rows(min_row=6)]
    assert links == [False, True, True, True], "a sheet that does not exist has no link"


def test_hidden_and_merged_cells_are_shown_where_they_can_be_mended(folder: Folder) -> None:
    def hide_them(sheet: Worksheet) -> None:
        sheet["B3"] = "시장님"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("F3:F4")

    with_candidates(folder, hide_them)
    findings = [*check_inputs(Options(folder.root)).findings]
    findings.append(finding("cell.blank", Cell("inputs/candidates.xlsx", "후보자", 4, "F"), header="기호"))
    write_copies(folder.root, findings, report.voice())
    sheet = page(folder, "candidates.xlsx", "후보자")
    assert not sheet.row_dimensions[3].hidden
    assert not sheet.column_dimensions["B"].hidden
    assert "'기호' is empty" in said(sheet["F3"]), "the cells below the first of a merge bear no comment"


def test_remarks_of_others_stay(folder: Folder) -> None:
    def remark(sheet: Worksheet) -> None:
        sheet["B3"] = "시장님"
        sheet["B3"].comment = Comment("전화로 확인", "실무자")
        sheet["A1"].comment = Comment("선관위 자료", "실무자")

    with_candidates(folder, remark)
    run(folder)
    sheet = page(folder, "candidates.xlsx", "후보자")
    assert said(sheet["B3"]).endswith("\n\n전화로 확인")
    assert said(sheet["A1"]) == "선관위 자료"


def test_notes_alone_make_no_copy_and_mark_nothing(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "이름\n", "이름,메모\n")
    assert run(folder) == ([], [])
    assert not (folder.root / "outputs").exists()


@pytest.mark.parametrize("name", ["candidates.csv", "candidates.tsv"])
def test_a_table_without_a_workbook_gets_one(folder: Folder, name: str) -> None:
    text = CANDIDATES.replace("교육감,", "교육장,").replace("남궁한결", "=1+1")
    folder.write(f"inputs/{name}", text if name.endswith("csv") else text.replace(",", "\t"))
    folder.change("inputs/campaign.toml", '"candidates.csv"', f'"{name}"')
    assert f"outputs/check/{name}.xlsx" in run(folder)[0]
    book = opened(folder, f"{name}.xlsx")
    sheet = book[name]
    assert said(sheet["B4"]).startswith("error: ")
    assert (sheet["G2"].value, sheet["G2"].data_type, sheet["G2"].quotePrefix) == ("=1+1", "s", True)
    assert book.worksheets[0]["B6"].hyperlink.location == f"'{name}'!B4"


# --- what is safe ------------------------------------------------------------------------------------------------


def test_no_resident_number_gets_into_a_copy(folder: Folder) -> None:
    def type_them(sheet: Worksheet) -> None:
        sheet["H1"], sheet["H2"], sheet["H3"] = "비고", f"본인 {IMPOSSIBLE}", "９００１０１－１２３４５６７"
        sheet["J9"] = 9001011234567
        sheet["A1"].comment = Comment(IMPOSSIBLE, "실무자")

    with_candidates(folder, type_them)
    run(folder)
    with zipfile.ZipFile(folder.root / "outputs/check/candidates.xlsx") as package:
        text = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert "1234567" not in text
    assert "１２３４５６７" not in text
    sheet = page(folder, "candidates.xlsx", "후보자")
    assert sheet["H2"].value == "본인 ●●●●●●-●●●●●●●"
    assert "resident registration number" in said(sheet["H2"])


@pytest.mark.parametrize(
    "text",
    [
        IMPOSSIBLE,
        "900101 1234567",
        "9001011234567",
        "９００１０１-１２３４５６７",
        "90\u200b0101-123\ufeff4567",
        "900101–1234567",
        "900101ㅡ1234567",
        "90.01.01-1234567",
    ],
)
def test_what_reading_refuses_is_blacked_out(text: str) -> None:
    assert RESIDENT_NUMBER.search(text)
    assert hide(f"가 {text}.") == "가 ●●●●●●-●●●●●●●."


@pytest.mark.parametrize("text", ["4110100", "9788912345678", "2018-05-23", "02-1234-5678", "110-123-456789"])
def test_other_numbers_stay(text: str) -> None:
    assert hide(text) == text


def test_formulas_become_the_values_that_were_read(folder: Folder) -> None:
    with_candidates(folder, lambda sheet: (sheet.__setitem__("B3", "시장님"), sheet.__setitem__("H2", "=1+1")))
    run(folder)
    with zipfile.ZipFile(folder.root / "outputs/check/candidates.xlsx") as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets/sheet" in name)


def test_the_original_stays_as_it_is_and_the_copy_is_always_the_same(folder: Folder) -> None:
    with_candidates(folder, lambda sheet: sheet.__setitem__("B3", "시장님"))
    original = (folder.root / "inputs/candidates.xlsx").read_bytes()
    run(folder)
    first = (folder.root / "outputs/check/candidates.xlsx").read_bytes()
    assert run(folder)[1] == []
    assert (folder.root / "outputs/check/candidates.xlsx").read_bytes() == first
    assert (folder.root / "inputs/candidates.xlsx").read_bytes() == original


def test_signs_that_no_workbook_can_hold_are_replaced(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "서다온", "서\x01다온")
    run(folder)
    assert page(folder, "candidates.csv.xlsx", "candidates.csv")["G3"].value == "서�다온"


def test_a_file_that_cannot_be_read_has_no_copy(folder: Folder) -> None:
    in_excel(folder, "candidates", b"PK\x03\x04 half a workbook")
    findings = check_inputs(Options(folder.root)).findings
    assert [one.code for one in errors(findings)] == ["file.damaged"]
    assert check_copies(folder.root, findings, report.voice()).written == []


# --- how much ----------------------------------------------------------------------------------------------------


def many(count: int) -> Sequence[Finding]:
    return [finding("cell.blank", Cell("inputs/a.xlsx", "표", row, "A"), header="이름") for row in range(2, count + 2)]


def test_thousands_of_findings_are_coloured_but_not_all_commented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_books, "MOST_COMMENTS", 3)
    blob = workbook([["이름", "값"], *([None, number] for number in range(5))], "표")
    book = openpyxl.load_workbook(io.BytesIO(checked_books.annotated(blob, many(5), report.voice())))
    sheet = book["표"]
    assert [bool(sheet.cell(row, 1).comment) for row in range(2, 7)] == [True, True, True, False, False]
    assert {sheet.cell(row, 1).fill.fgColor.rgb for row in range(2, 7)} == {RED}
    assert book.worksheets[0]["A4"].value == "2 more cells are coloured but bear no comment."


def test_of_a_large_workbook_only_rows_with_findings_are_copied(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100,000 rows would take openpyxl half a minute; the rows keep their numbers."""
    monkeypatch.setattr(checked_books, "_LARGEST", 1000)
    monkeypatch.setattr(checked_books, "_MOST_ROWS", 10)
    rows = [CANDIDATES.splitlines()[0].split(",")]
    rows += [[str(number), "교육감", "서울특별시", "서울특별시", "", "", f"후보{number}"] for number in range(2, 60)]
    rows[49][1] = "교육장"
    in_excel(folder, "candidates", workbook(rows, "후보자"), sheet="후보자")
    run(folder)
    sheet = page(folder, "candidates.xlsx", "후보자")
    assert [row[0].row for row in sheet.iter_rows() if row[0].value] == [*range(1, 21), 50]
    assert said(sheet["B50"]).startswith("error: ")
    assert sheet.sheet_format.zeroHeight
    assert opened(folder, "candidates.xlsx").worksheets[0]["A4"].value.startswith("The table is long")


def test_a_merge_of_millions_of_cells_is_no_trap(folder: Folder) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet["B3"] = "시장님"
        sheet.merged_cells.add("A900:XFD900000")

    with_candidates(folder, merge)
    run(folder)
    assert said(page(folder, "candidates.xlsx", "후보자")["B3"]).startswith("error: ")


# --- from run to run ---------------------------------------------------------------------------------------------


def test_a_copy_goes_when_its_workbook_has_been_mended(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "교육감,", "교육장,")
    run(folder)
    folder.change("inputs/candidates.csv", "교육장,", "교육감,")
    assert run(folder) == ([], [])
    assert not list((folder.root / "outputs/check").glob("*.xlsx"))


def test_a_copy_that_somebody_mended_by_mistake_is_kept(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "교육감,", "교육장,")
    run(folder)
    path = folder.root / "outputs/check/candidates.csv.xlsx"
    book = openpyxl.load_workbook(path)
    book["candidates.csv"]["B4"] = "교육감"
    book.save(path)
    mended = path.read_bytes()
    _, told = run(folder)
    assert [(one.code, str(one.cell)) for one in told] == [("copy.altered", "outputs/check/candidates.csv.xlsx")]
    assert (path.parent / str(told[0].params["kept"])).read_bytes() == mended
    assert run(folder)[1] == [], "it is told once"


def test_a_copy_that_cannot_be_written_holds_up_nothing(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "교육감,", "교육장,")
    folder.write("outputs", "a file in the place of the folder")
    written, told = run(folder)
    assert (written, [one.code for one in told], errors(told)) == ([], ["copy.failed"], ())


def test_copies_speak_the_language_of_the_person(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ko")
    language.use("ko")
    folder.change("inputs/candidates.csv", "교육감,", "교육장,")
    run(folder)
    assert said(page(folder, "candidates.csv.xlsx", "candidates.csv")["B4"]).startswith("오류: ")
