"""Spreadsheets with something wrong in them: each input beside the verdict it gets."""

from __future__ import annotations

import datetime
import io
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from conftest import ANSWERS, CANDIDATES, REGIONS, Folder, word
from docx import Document
from openpyxl.worksheet.worksheet import Worksheet
from verdict import DATA, Verdict, here, in_excel, judge, names, with_papers, workbook

IMPOSSIBLE = "991332-1000000"
"""Has the shape of a resident registration number and can be nobody's: month 13, day 32."""


@pytest.fixture
def made(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The three candidates' campaign, its papers made before something went wrong."""
    return with_papers(folder, tmp_path_factory.getbasetemp())


# --- files that cannot be read -----------------------------------------------------------------------------------


def test_missing_file(made: Folder) -> None:
    (made.root / "inputs/candidates.csv").unlink()
    assert judge(made) == Verdict(5, ["file.missing inputs/candidates.csv"])


def test_folder_in_place_of_a_file(made: Folder) -> None:
    (made.root / "inputs/candidates.csv").unlink()
    (made.root / "inputs/candidates.csv").mkdir()
    assert judge(made) == Verdict(5, ["file.unreadable inputs/candidates.csv"])


def test_kind_of_file_that_is_not_read(made: Folder) -> None:
    in_excel(made, "candidates", "HWP Document File", "candidates.hwp")
    verdict = judge(made)
    assert verdict == Verdict(5, ["file.kind inputs/candidates.hwp"])
    assert "(.hwp)" in verdict.said


def test_workbook_with_a_password(made: Folder) -> None:
    in_excel(made, "candidates", (DATA / "encrypted.xlsx").read_bytes(), sheet="후보자")
    verdict = judge(made)
    assert verdict == Verdict(5, ["file.encrypted inputs/candidates.xlsx[후보자]"])
    assert "remove the password" in verdict.said


def test_truncated_workbook(made: Folder) -> None:
    in_excel(made, "candidates", workbook(CANDIDATES, "후보자")[:3000])
    assert judge(made) == Verdict(5, ["file.damaged inputs/candidates.xlsx"])


def test_empty_file_called_xlsx(made: Folder) -> None:
    in_excel(made, "candidates", b"")
    assert judge(made) == Verdict(5, ["file.damaged inputs/candidates.xlsx"])


def test_old_xls_renamed_to_xlsx_is_read_for_what_it_is(made: Folder) -> None:
    in_excel(made, "candidates", (DATA / "old.xls").read_bytes())
    verdict = judge(made, "check")
    assert not [one for one in verdict.found if one.startswith("file.")]
    assert [one["subject"] for one in verdict.documents] == ["서울특별시장 후보 남궁한결"]


def test_web_page_called_xls(made: Folder) -> None:
    in_excel(made, "candidates", "<html><table><tr><td>후보자ID</td></tr></table></html>", "candidates.xls")
    verdict = judge(made)
    assert verdict == Verdict(5, ["file.kind inputs/candidates.xls"])
    assert "(HTML)" in verdict.said


def test_pdf_renamed_to_xlsx(made: Folder) -> None:
    paper = pikepdf.new()
    paper.add_blank_page()
    buffer = io.BytesIO()
    paper.save(buffer)
    in_excel(made, "candidates", buffer.getvalue())
    assert judge(made) == Verdict(5, ["file.damaged inputs/candidates.xlsx"])


def test_word_file_renamed_to_xlsx(made: Folder) -> None:
    in_excel(made, "candidates", word("가"))
    assert judge(made) == Verdict(5, ["file.damaged inputs/candidates.xlsx"])


def test_workbook_renamed_to_csv(made: Folder) -> None:
    made.write("inputs/candidates.csv", workbook(CANDIDATES, "후보자"))
    assert judge(made) == Verdict(5, ["file.kind inputs/candidates.csv"])


def test_csv_in_utf16_without_its_mark(made: Folder) -> None:
    made.write("inputs/candidates.csv", CANDIDATES.encode("utf-16-le"))
    assert judge(made) == Verdict(5, ["file.encoding inputs/candidates.csv"])


def test_encoding_asked_for_by_name(made: Folder) -> None:
    made.write("inputs/candidates.csv", CANDIDATES.encode("utf-16-le"))
    made.change("inputs/campaign.toml", '"candidates.csv"', '"candidates.csv?encoding=utf-16-le"')
    assert judge(made, "check") == Verdict(0, [])
    made.change("inputs/campaign.toml", "utf-16-le", "johab")
    assert judge(made) == Verdict(5, ["file.encoding_wrong inputs/candidates.csv"])
    made.change("inputs/campaign.toml", "johab", "rot13")
    assert judge(made) == Verdict(1, ["file.encoding_name inputs/candidates.csv"])


def test_csv_cut_in_the_middle_of_a_sign(made: Folder) -> None:
    whole = CANDIDATES.strip().encode()
    made.write("inputs/candidates.csv", whole[:-1])
    verdict = judge(made)
    assert verdict == Verdict(5, ["file.encoding inputs/candidates.csv"])
    assert f"byte {len(whole) - 2} " in verdict.said, "all before the last sign is good UTF-8"


@pytest.mark.parametrize("tail", ["", "다음 줄\n" * 40_000], ids=["short", "longer than a csv field may be"])
def test_csv_whose_quotation_mark_is_never_closed(made: Folder, tail: str) -> None:
    """Else the rest of the table becomes one cell, and candidates are gone without a word."""
    made.write("inputs/answers.csv", ANSWERS.replace("예산 범위", '"예산 범위') + tail)
    verdict = judge(made)
    assert verdict.exit in {1, 5}
    assert [one.split("!")[0].split()[-1] for one in verdict.found] == ["inputs/answers.csv"]


# --- files that look odd and are fine ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        CANDIDATES.encode("utf-8-sig"),
        CANDIDATES.encode("cp949"),
        CANDIDATES.encode("utf-16"),
        CANDIDATES.replace(",", "\t").encode("utf-16"),
        CANDIDATES.replace(",", ";").encode("utf-8-sig"),
        unicodedata.normalize("NFD", CANDIDATES).encode(),
        CANDIDATES.replace("\n", "\r\n").encode(),
        ("제7회 지방선거 후보자 명단,,,,,,\n,,,,,,\n" + CANDIDATES).encode(),
        CANDIDATES.replace("후보자ID", "후보자 ID").replace("선거종류", '"선거\n종류"').encode(),
    ],
    ids=[
        "UTF-8 with BOM",
        "CP949",
        "UTF-16 with BOM",
        "Unicode text of Excel",
        "semicolons",
        "NFD from a Mac",
        "CRLF",
        "title above the headers",
        "blanks in headers",
    ],
)
def test_csv_that_people_really_send(made: Folder, content: bytes) -> None:
    made.write("inputs/candidates.csv", content)
    verdict = judge(made, "check")
    assert verdict == Verdict(0, [])
    assert [one["subject"] for one in verdict.documents] == [
        "서울특별시장 후보 남궁한결",
        "서울특별시교육감 후보 도하늘",
        "서울특별시 종로구청장 후보 서다온",
    ]
    assert [one["reason"] for one in verdict.documents] == ["PDF waiting"] * 3, "not a letter differs from before"


@pytest.mark.parametrize(("disk", "campaign"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_file_name_from_a_mac(made: Folder, disk: str, campaign: str) -> None:
    made.write(f"inputs/{unicodedata.normalize(disk, '후보자 명단/서울.csv')}", CANDIDATES)  # type: ignore[arg-type]
    (made.root / "inputs/candidates.csv").unlink()
    named = unicodedata.normalize(campaign, "후보자 명단/서울.csv")  # type: ignore[arg-type]
    made.change("inputs/campaign.toml", "candidates.csv", named)
    assert judge(made, "check") == Verdict(0, [])


def test_columns_that_the_campaign_names(made: Folder) -> None:
    made.change("inputs/candidates.csv", "후보자ID", "일련번호")
    made.change("inputs/campaign.toml", "[kinds.", '[columns.candidates]\n"후보자ID" = "일련 번호"\n[kinds.')
    assert judge(made, "check") == Verdict(0, [])


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ('[columns.candidates]\n"후보자ID" = "없는 열"', "columns.absent"),
        ('[columns.candidates]\n"없는 필드" = "이름"', "columns.field"),
        ('[columns.candidate]\n"이름" = "이름"', "columns.table"),
    ],
)
def test_columns_that_name_nothing(made: Folder, entry: str, found: str) -> None:
    made.change("inputs/campaign.toml", "[kinds.", f"{entry}\n[kinds.")
    assert judge(made, "check") == Verdict(1, [f"{found} inputs/campaign.toml"])


def test_numbers_and_dates_are_what_the_cell_shows(folder: Folder) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["A3"], sheet["F3"], sheet["H1"], sheet["H3"] = 102, 3, "등록일", datetime.datetime(2018, 5, 25)  # noqa: DTZ001
        sheet["A3"].number_format = "00000"

    in_excel(folder, "candidates", workbook(CANDIDATES, "후보자", edit))
    folder.change("inputs/answers.csv", "102,", "00102,")
    folder.write("templates/agreement.docx", word("{{ 후보.후보자ID }} {{ 후보.기호 }} {{ 후보.등록일 }}."))
    assert here(folder, "make", "--jobs", "1").code == 3
    texts = {Document(io.BytesIO(blob)).paragraphs[0].text for blob in folder.outputs().values()}
    assert texts == {"101 1 .", "00102 3 2018-05-25.", "103  ."}


def test_sheet_name_from_a_mac(made: Folder) -> None:
    in_excel(made, "candidates", workbook(CANDIDATES, unicodedata.normalize("NFD", "후보자")), sheet="후보자")
    assert judge(made, "check") == Verdict(0, [])


# --- sheets and columns ------------------------------------------------------------------------------------------


def test_missing_sheet_names_those_that_are_there(made: Folder) -> None:
    in_excel(made, "candidates", workbook(CANDIDATES, "명단 2018"), sheet="후보자")
    verdict = judge(made)
    assert verdict == Verdict(1, ["sheet.missing inputs/candidates.xlsx[후보자]"])
    assert "Sheets here: 명단 2018." in verdict.said


def test_empty_sheet(made: Folder) -> None:
    in_excel(made, "candidates", workbook("", "후보자"), sheet="후보자")
    assert judge(made) == Verdict(1, ["header.missing inputs/candidates.xlsx[후보자]"])


def test_sheet_of_headers_alone(made: Folder) -> None:
    made.write("inputs/candidates.csv", CANDIDATES.splitlines()[0])
    assert judge(made) == Verdict(1, ["sheet.empty inputs/candidates.csv"])


def test_missing_column(made: Folder) -> None:
    made.change("inputs/candidates.csv", "기호,이름", "기호,별명")
    verdict = judge(made)
    assert verdict == Verdict(1, ["column.missing inputs/candidates.csv!1"])
    assert "'이름' is missing" in verdict.said
    assert "성명" in verdict.said, "other names that would do"


def test_duplicate_column(made: Folder) -> None:
    made.change("inputs/candidates.csv", "정당,기호", "정당,정 당")
    assert judge(made) == Verdict(1, ["column.duplicate inputs/candidates.csv!F1"])


def test_duplicate_column_in_a_workbook(made: Folder) -> None:
    in_excel(made, "candidates", workbook(CANDIDATES, "후보자", lambda sheet: sheet.cell(1, 9, "이름")))
    assert judge(made) == Verdict(1, ["column.duplicate inputs/candidates.xlsx[후보자]!I1"])


# --- cells -------------------------------------------------------------------------------------------------------


def excel_answers(made: Folder, edit: Callable[[Worksheet], object]) -> None:
    in_excel(made, "answers", workbook(ANSWERS, "답변", edit), sheet="답변")


def test_error_cell(made: Folder) -> None:
    excel_answers(made, lambda sheet: sheet.cell(4, 3, "#N/A"))
    verdict = judge(made)
    assert verdict == Verdict(1, ["cell.error inputs/answers.xlsx[답변]!C4"])
    assert "(#N/A)" in verdict.said


def test_formula_that_was_never_calculated(made: Folder) -> None:
    excel_answers(made, lambda sheet: sheet.cell(4, 3, '="수"&"용"'))
    assert judge(made) == Verdict(1, ["cell.uncalculated inputs/answers.xlsx[답변]!C4"])


def test_wrong_cell_of_a_candidate_is_one_finding(made: Folder) -> None:
    """Not one more for each answer, saying that the candidate does not exist and naming somebody else."""
    in_excel(made, "candidates", workbook(CANDIDATES, "후보자", lambda sheet: sheet.cell(3, 4, "#N/A")))
    assert judge(made) == Verdict(1, ["cell.error inputs/candidates.xlsx[후보자]!D3"])


def test_merged_cells_of_one_candidate(made: Folder) -> None:
    excel_answers(made, lambda sheet: sheet.merge_cells("A2:A3"))
    verdict = judge(made)
    assert verdict.exit == 1
    assert "cell.merged inputs/answers.xlsx[답변]!A2" in verdict.found
    assert "(A2:A3)" in verdict.said


def test_merged_cells_of_a_region(made: Folder) -> None:
    edit: Callable[[Worksheet], object] = lambda sheet: sheet.merge_cells("C2:C4")  # noqa: E731
    in_excel(made, "candidates", workbook(CANDIDATES, "후보자", edit))
    verdict = judge(made)
    assert verdict.exit == 1
    assert "cell.merged inputs/candidates.xlsx[후보자]!C2" in verdict.found


def test_merged_title_above_the_table_is_nobodys_business(made: Folder) -> None:
    edit: Callable[[Worksheet], object] = lambda sheet: sheet.merge_cells("A1:G1")  # noqa: E731
    in_excel(made, "candidates", workbook("후보자 명단\n" + CANDIDATES, "후보자", edit))
    assert judge(made, "check") == Verdict(0, [])


@pytest.mark.parametrize(
    ("table", "before", "after", "found"),
    [
        ("answers", "102,1,수용", "102,,수용", "cell.blank inputs/answers.csv!B4"),
        ("answers", "102,1,수용", " ,1,수용", "cell.blank inputs/answers.csv!A4"),
        ("candidates", "103,교육감", "103,", "cell.blank inputs/candidates.csv!B4"),
        ("candidates", "102,구·시·군의 장", ",구·시·군의 장", "cell.blank inputs/candidates.csv!A3"),
        ("candidates", "무소속,3,서다온", "무소속,3,", "candidate.nameless inputs/candidates.csv!G3"),
        ("pledges", "2,판로,우선구매 확대", "2,판로,", "cell.blank inputs/pledges.csv!C3"),
        ("regions", "4110200,서울특별시", ",서울특별시", "cell.blank inputs/regions.csv!A4"),
        ("regions", "4110200,", "종로,", "region.code inputs/regions.csv!A4"),
        ("regions", "4110200,", "41102-00,", "region.code inputs/regions.csv!A4"),
    ],
)
def test_required_cell_blank_or_unfit(made: Folder, table: str, before: str, after: str, found: str) -> None:
    made.change(f"inputs/{table}.csv", before, after)
    assert judge(made) == Verdict(1, [found])


def test_blank_province(made: Folder) -> None:
    made.change("inputs/candidates.csv", "구·시·군의 장,서울특별시,", "구·시·군의 장,,")
    verdict = judge(made)
    assert (verdict.exit, [one.split()[1] for one in verdict.found]) == (1, ["inputs/candidates.csv!C3"])


@pytest.mark.parametrize(
    ("table", "before", "after", "found", "meant"),
    [
        ("answers", "102,1,수용", "102,1,부분 수욤", "cell.choice inputs/answers.csv!C4", "부분수용"),
        ("candidates", "103,교육감", "103,교육강", "cell.choice inputs/candidates.csv!B4", "교육감"),
    ],
)
def test_wrong_choice(made: Folder, table: str, before: str, after: str, found: str, meant: str) -> None:
    made.change(f"inputs/{table}.csv", before, after)
    verdict = judge(made)
    assert verdict == Verdict(1, [found])
    assert f"Did you mean {meant}?" in verdict.said


def test_control_character(made: Folder) -> None:
    made.change("inputs/answers.csv", "예산 범위", "예산\x01범위")
    assert judge(made) == Verdict(1, ["cell.control inputs/answers.csv!D3"])


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% for x in 단체들 %}", "{# 메모 #}", "{_{ 7*7 }_}"])
def test_template_signs_in_data_are_data(made: Folder, text: str) -> None:
    made.change("inputs/answers.csv", "예산 범위에서 한다.", text)
    verdict = judge(made)
    assert verdict == Verdict(1, ["cell.tag inputs/answers.csv!D3"])
    assert "49" not in verdict.said


@pytest.mark.parametrize(
    ("table", "before", "found"),
    [
        ("answers", "예산 범위에서 한다.", "inputs/answers.csv!D3"),
        ("answers", "부분수용", "inputs/answers.csv!C3"),
        ("answers", "102", "inputs/answers.csv!A4"),
        ("candidates", "서다온", "inputs/candidates.csv!G3"),
        ("candidates", "종로구", "inputs/candidates.csv!D3"),
        ("regions", "중구", "inputs/regions.csv!C4"),
    ],
)
def test_resident_number_is_found_and_never_repeated(made: Folder, table: str, before: str, found: str) -> None:
    made.change(f"inputs/{table}.csv", before, f"{before} {IMPOSSIBLE}")
    assert judge(made).found[:1] == [f"cell.resident_number {found}"]
    for arguments in (["make", "-v"], ["make", "--json", "--keep-going"], ["make", "--dry-run"]):
        result = here(made, *arguments, "--jobs", "1")
        assert result.code in {1, 3}
        assert IMPOSSIBLE not in result.out + result.err
    kept = [name for name in names(made.root) if IMPOSSIBLE.encode() in (made.root / name).read_bytes()]
    assert kept == [f"inputs/{table}.csv"], "it stands in no paper and not in the register"


# --- two tables together -----------------------------------------------------------------------------------------


def test_unknown_region(made: Folder) -> None:
    made.change("inputs/candidates.csv", "종로구", "종루구")
    verdict = judge(made)
    assert verdict == Verdict(1, ["reference.unknown inputs/candidates.csv!D3"])
    assert "Did you mean 서울특별시 종로구?" in verdict.said


def test_unknown_province_makes_nobody_stand_for_another_office(made: Folder) -> None:
    """'서을시' for '서울특별시': the candidate for 종로구청장 must not get a paper for 서을시장."""
    made.change("inputs/candidates.csv", "구·시·군의 장,서울특별시,", "구·시·군의 장,서을시,")
    verdict = judge(made)
    assert (verdict.exit, [one.split()[0] for one in verdict.found]) == (1, ["reference.unknown"])
    assert not [one["subject"] for one in verdict.documents if "서을시장" in one["subject"]]


def test_unknown_candidate_in_answers(made: Folder) -> None:
    made.change("inputs/answers.csv", "102,1,", "192,1,")
    assert judge(made) == Verdict(1, ["reference.unknown inputs/answers.csv!A4"])


def test_unknown_pledge_in_answers(made: Folder) -> None:
    made.change("inputs/answers.csv", "102,1,", "102,7,")
    assert judge(made) == Verdict(1, ["reference.unknown inputs/answers.csv!B4"])


def test_unknown_region_of_a_pledge(made: Folder) -> None:
    made.write("inputs/pledges.csv", "번호,시도,시군구,제목\n1,,,기본 조례\n2,서울특별시,종노구,우선구매\n")
    verdict = judge(made)
    assert "reference.unknown inputs/pledges.csv!C3" in verdict.found
    assert "Did you mean 서울특별시 종로구?" in verdict.said


@pytest.mark.parametrize(
    ("table", "before", "after", "found", "first"),
    [
        ("candidates", "102,구", "101,구", "key.duplicate inputs/candidates.csv!A3", "inputs/candidates.csv!A2"),
        ("pledges", "2,판로", "1,판로", "key.duplicate inputs/pledges.csv!A3", "inputs/pledges.csv!A2"),
        ("regions", "4110200", "4110100", "key.duplicate inputs/regions.csv!A4", "inputs/regions.csv!A3"),
        ("answers", "101,2,부분수용", "101,1,부분수용", "answer.twice inputs/answers.csv!B3", "inputs/answers.csv:2"),
    ],
)
def test_duplicate(made: Folder, table: str, before: str, after: str, found: str, first: str) -> None:
    made.change(f"inputs/{table}.csv", before, after)
    verdict = judge(made)
    assert verdict.exit == 1
    assert found in verdict.found
    assert f"in {first}." in verdict.said, "where it stands the first time"


def test_duplicate_region_under_another_code(made: Folder) -> None:
    made.write("inputs/regions.csv", f"{REGIONS}4110300,서울특별시,종로구\n")
    verdict = judge(made)
    assert verdict.exit == 1, "which of the two codes numbers the papers?"
    assert "inputs/regions.csv!" in "".join(verdict.found)


# --- many at once ------------------------------------------------------------------------------------------------

SEVERAL = [
    "file.missing inputs/regions.csv",
    "cell.choice inputs/candidates.csv!B4",
    "cell.blank inputs/answers.csv!B5",
    "cell.tag inputs/answers.csv!D3",
    "key.duplicate inputs/pledges.csv!A3",
    "template.field templates/agreement.docx",
]


def several(made: Folder) -> None:
    (made.root / "inputs/regions.csv").unlink()
    made.change("inputs/candidates.csv", "103,교육감", "103,교육")
    made.change("inputs/answers.csv", "103,2,", "103,,")
    made.change("inputs/answers.csv", "예산 범위에서 한다.", "{{ 7*7 }}")
    made.change("inputs/pledges.csv", "2,판로", "1,판로")
    made.write("templates/agreement.docx", word("{{ 후보.이릅 }}"))


@pytest.mark.parametrize("command", ["make", "check"])
def test_several_problems_come_out_in_one_run(made: Folder, command: str) -> None:
    several(made)
    verdict = judge(made, command)
    assert verdict.exit == 5, "a file that cannot be read outweighs wrong cells"
    assert set(SEVERAL) <= set(verdict.found)


def test_people_and_programs_are_told_the_same(made: Folder) -> None:
    several(made)
    spoken = made.no_office("make", "-v").err
    written = [f"{one['message']} {one['remedy']}" for one in here(made, "make", "--json").json["findings"]]
    assert [text for text in written if text.strip() not in spoken] == []
    for one in SEVERAL:
        file, _, cell = one.split()[1].partition("!")
        # Files are headings, and cells stand below them.
        part = spoken.partition(f"{file} (error ")[2].partition("\ninputs/")[0]
        assert f"\n  {cell}: error: " in part or (not cell and "\n  error: " in part)


def test_keep_going_makes_what_can_be_made(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "종로구", "종루구")
    result = here(folder, "make", "--keep-going", "--json", "--jobs", "1")
    assert [Path(name).stem for name in folder.outputs()] == [
        "A-1100-0001_서울특별시장_남궁한결",
        "A-1100-0002_서울특별시교육감_도하늘",
    ]
    assert result.code == 3, "LibreOffice is missing, too, and has to be mended first"
    assert "reference.unknown" in result.codes


def test_keep_going_leaves_out_both_of_two_candidates_with_one_key(folder: Folder) -> None:
    """Which of the two the answers are from, nobody can tell."""
    folder.change("inputs/candidates.csv", "103,", "101,")
    folder.change("inputs/answers.csv", "103,2,수용,\n", "")
    result = here(folder, "make", "--keep-going", "--json", "--jobs", "1")
    assert result.codes == {"key.duplicate", "office.missing"}
    assert [Path(name).stem for name in folder.outputs()] == ["A-4110100-0001_종로구청장_서다온"]


def test_dry_run_tells_the_same_and_writes_nothing(folder: Folder) -> None:
    folder.change("inputs/candidates.csv", "종로구", "종루구")
    assert judge(folder, "make", "--dry-run") == Verdict(1, ["reference.unknown inputs/candidates.csv!D3"])
    assert not (folder.root / "outputs").exists()
