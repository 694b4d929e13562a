"""Draw the awkward workbooks below tests/data/books, by the programs that people use.

    python -m tools.draw_books

Beside each lies NAME.txt, written by a person: what the program must say of it. A new case is two new files and needs
no line here; what is drawn here can be drawn again. All names are invented. LibreOffice
Calc, xlwt and pandas are needed.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import functools
import io
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas  # type: ignore[import-untyped]
import xlwt  # type: ignore[import-untyped]
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

BOOKS = Path(__file__).parent.parent / "tests" / "data" / "books"
Rows = Sequence[Sequence[Any]]
Draw = Callable[[], bytes]
DRAWN: dict[str, Draw] = {}

ACTIVISTS: Rows = (
    ("이름", "소속", "직함", "시도", "시군구", "동의"),
    ("남궁한결", "한빛협동조합", "이사", "서울특별시", "종로구", "예"),
    ("서다온", "햇빛마을", "", "서울특별시", "", "예"),
    ("도하늘", "느루빛", "대표", "서울특별시", "중구", "아니오"),
)
EVENTS: Rows = (
    ("행사ID", "행사명", "날짜", "시작", "종료", "장소", "참가비"),
    ("E1", "정책협약식", "2018-05-23", "14:00", "16:00", "한빛시민회관", "0"),
    ("E2", "정책토론회", "2018-05-16", "10:00", "12:00", "햇빛도서관", "10000"),
)
CANDIDATES: Rows = (
    ("후보자ID", "선거종류", "시도", "선거구", "정당", "기호", "이름", "한자"),
    ("101", "시·도지사", "서울특별시", "서울특별시", "푸른내일당", "1", "남궁한결", ""),
    ("102", "구·시·군의 장", "서울특별시", "종로구", "무소속", "3", "서다온", "徐多溫"),
)
PLEDGES: Rows = (
    ("번호", "분야", "제목", "요구"),
    ("1", "제도", "기본 조례 제정", "기본 조례를 만든다."),
    ("2", "판로", "우선구매 확대", "우선구매 비율을 높인다."),
)
REGIONS: Rows = (
    ("지역코드", "시도", "시군구"),
    ("1100", "서울특별시", ""),
    ("4110100", "서울특별시", "종로구"),
)


def book(name: str) -> Callable[[Draw], Draw]:
    """Register what draws a file."""

    def keep(draw: Draw) -> Draw:
        DRAWN[name] = draw
        return draw

    return keep


def excel(rows: Rows, then: Callable[[Any], object] | None = None, title: str = "명단") -> bytes:
    """As openpyxl saves it; `then` is what somebody did to the sheet."""
    made = openpyxl.Workbook()
    page: Any = made.active
    page.title = title
    for row in rows:
        page.append([cell if cell != "" else None for cell in row])
    if then:
        then(page)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def old(rows: Rows, then: Callable[[Any, Any], object] | None = None) -> bytes:
    """As xlwt saves it."""
    made = xlwt.Workbook(encoding="utf-8")
    page = made.add_sheet("명단", cell_overwrite_ok=True)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell != "":
                page.write(row, column, cell)
    if then:
        then(made, page)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def text(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    """As programs export a table."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(rows)
    return buffer.getvalue()


def changed(blob: bytes, part: str, pattern: str, new: str) -> bytes:
    """A workbook with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                content = re.sub(pattern, new, content.decode(), flags=re.DOTALL).encode()
            target.writestr(info, content)
    return buffer.getvalue()


def calc(blob: bytes, suffix: str, kind: str) -> bytes:
    """The workbook as LibreOffice saves it in another format."""
    with tempfile.TemporaryDirectory(prefix="draw-books-") as folder:
        source = Path(folder) / "in" / f"book{suffix}"
        source.parent.mkdir()
        source.write_bytes(blob)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
        command += ["--convert-to", kind, "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, "LANG": "C.UTF-8"})
        return next(Path(folder).glob("book.*")).read_bytes()


def cell(where: str, value: Any, number_format: str = "") -> Callable[[Any], None]:
    """Type something into a cell."""

    def edit(page: Any) -> None:
        page[where] = value
        if number_format:
            page[where].number_format = number_format

    return edit


def several(*edits: Callable[[Any], object]) -> Callable[[Any], None]:
    """One after the other."""

    def edit(page: Any) -> None:
        for one in edits:
            one(page)

    return edit


def strike(*cells: str) -> Callable[[Any], None]:
    """Strike cells through."""

    def edit(page: Any) -> None:
        for one in cells:
            page[one].font = Font(strike=True)

    return edit


def hide_rows(*rows: int) -> Callable[[Any], None]:
    """Hide rows."""

    def edit(page: Any) -> None:
        for row in rows:
            page.row_dimensions[row].hidden = True

    return edit


def hide_column(letter: str) -> Callable[[Any], None]:
    """Hide a column."""
    return lambda page: setattr(page.column_dimensions[letter], "hidden", True)


def filter_by(page: Any) -> None:
    """Filter by consent; openpyxl hides no rows itself."""
    page.auto_filter.ref = f"A1:F{page.max_row}"
    page.auto_filter.add_filter_column(5, ["예"])
    page.row_dimensions[4].hidden = True


def hide_sheet(page: Any) -> None:
    """Another sheet in front, the table's own hidden."""
    page.parent.create_sheet("표지", 0)
    page.sheet_state = "hidden"
    page.parent.active = 0


def merge(*ranges: str) -> Callable[[Any], None]:
    """Merge cells."""
    return several(*(functools.partial(_merge, one) for one in ranges))


def _merge(one: str, page: Any) -> None:
    page.merge_cells(one)


def in_part(page: Any) -> None:
    """A word struck through within a cell."""
    page["B3"] = CellRichText("햇빛", TextBlock(InlineFont(strike=True), "마을"))


def draw_xlsx() -> dict[str, bytes]:
    """What openpyxl draws."""
    day = datetime.datetime(2018, 5, 23)  # noqa: DTZ001
    a, e, c = ACTIVISTS, EVENTS, CANDIDATES
    title = [["제7회 전국동시지방선거 활동가 명단"], [], ["2018. 5. 16. 기준"]]
    groups = [["연번", "담당자", "", "소속", "시도", "동의"], ["", "이름", "전화", "", "", ""]]
    grouped = [*groups, ["1", "남궁한결", "", "한빛협동조합", "서울특별시", "예"]]
    forms: list[list[Any]] = [
        [
            "타임스탬프",
            "성함을 적어 주세요",
            "소속 단체",
            "활동하시는 시도는 어디입니까?",
            "이름을 선언문에 싣는 데 동의하십니까?",
        ],
        [datetime.datetime(2018, 5, 1, 14, 31, 5), "남궁한결", "한빛협동조합", "서울특별시", "예, 동의합니다"],  # noqa: DTZ001
        [datetime.datetime(2018, 5, 2, 9, 3), "서다온", "햇빛마을", "서울특별시", "동의하지 않습니다"],  # noqa: DTZ001
    ]
    two = [[*forms[0], "개인정보 수집에 동의하십니까?"], [*forms[1], "동의합니다"]]
    total = [*a, ["합계", "", "", "", "", "3명"]]
    wrong = [*a, ["합계", "", "", "", "", "5명"]]
    parts = [*a[:3], ["소계", 2], a[3], ["소 계", 1], ["총계", 3]]
    yes = [
        a[0],
        *(
            [f"온새미{mark}", "한빛협동조합", "", "서울특별시", "", mark]
            for mark in ["O", "X", "○", "×", "√", "Y", "N", "ㅇ", "Ｏ"]
        ),
    ]
    decomposed = [[unicodedata.normalize("NFD", one) for one in row] for row in a]
    impossible = "991332-1000000"
    return {
        "plain.xlsx": excel(a),
        "title_above.xlsx": excel([*title, *a]),
        "blank_columns.xlsx": excel([["", "", *row[:3], "", *row[3:]] for row in a]),
        "blank_rows.xlsx": excel([a[0], [], a[1], [], [], a[2], a[3]]),
        "total.xlsx": excel(total),
        "total_differs.xlsx": excel(wrong),
        "subtotals.xlsx": excel(parts),
        "total_never_calculated.xlsx": excel([*a, ["합계", "", "", "", "", "=COUNTA(A2:A4)"]]),
        "remarks_below.xlsx": excel(
            [
                *a,
                [],
                ["※ 5월 16일까지 접수한 명단입니다."],
                ["주: 소속은 본인이 적은 대로"],
                ["* 문의 02"],
                ["", "- 이하 여백 -"],
            ]
        ),
        "headers_again.xlsx": excel([*a, *a[:1], ["진하율", "느루빛", "", "서울특별시", "", "예"]]),
        "two_line_headers.xlsx": excel(grouped, merge("A1:A2", "B1:C1", "D1:D2", "E1:E2", "F1:F2")),
        "two_line_headers_alike.xlsx": excel(
            [
                ["후보자ID", "선거종류", "선거구", "후보자", "", "대리 서명자", ""],
                ["", "", "", "이름", "한자", "이름", "직함"],
                ["101", "교육감", "서울특별시", "남궁한결", "", "서다온", "사무장"],
            ],
            merge("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"),
        ),
        "duplicate_header.xlsx": excel([[*row, row[0]] for row in a]),
        "without_header.xlsx": excel(a[1:]),
        "column_without_header.xlsx": excel([[*a[0], ""], [*a[1], "확인함"], [*a[2], "전화함"], a[3]]),
        "missing_column.xlsx": excel([row[:5] for row in a]),
        "empty.xlsx": excel([]),
        "headers_only.xlsx": excel(a[:1]),
        "hidden_rows.xlsx": excel(a, hide_rows(3, 4)),
        "hidden_column.xlsx": excel(a, hide_column("C")),
        "hidden_sheet.xlsx": excel(a, hide_sheet),
        "filtered.xlsx": excel(a, filter_by),
        "struck_row.xlsx": excel(a, strike("A3", "B3", "C3", "D3", "E3", "F3")),
        "struck_cell.xlsx": excel(a, strike("B2", "B3")),
        "struck_in_part.xlsx": excel(a, in_part),
        "merged.xlsx": excel(a, merge("B2:B4")),
        "errors.xlsx": excel(a, several(cell("B2", "#N/A"), cell("E3", "#REF!"))),
        "never_calculated.xlsx": excel(a, cell("B2", '=C2&"조합"')),
        "decomposed.xlsx": excel(decomposed, title=unicodedata.normalize("NFD", "명단")),
        "invisible_signs.xlsx": excel(
            [a[0], ["남궁한결\u200b", "\xa0한빛협동조합 ", "이사", "서울특별시\ufeff", "종로구\n", "예\u3164"]]
        ),
        "line_breaks.xlsx": excel([["이름", "소\n속", "직 함", "시·도", "시군구\n(선택)", "동의"], a[1]]),
        "wide_signs.xlsx": excel(
            [e[0], ["Ｅ１", "협약식", "２０１８－０５－２３", "１４：００", "", "한빛", "１０，０００"]]
        ),
        "yes_and_no.xlsx": excel(yes),
        "unclear_yes.xlsx": excel([*a, ["진하율", "느루빛", "", "서울특별시", "", "글쎄요"]]),
        "booleans.xlsx": excel([*a[:1], [*a[1][:5], True], [*a[2][:5], False]]),
        "dates_as_dates.xlsx": excel(
            [e[0], ["E1", "협약식", day, datetime.time(14), datetime.time(16, 30), "한빛", 10000]]
        ),
        "dates_korean_look.xlsx": excel(
            e,
            several(
                cell("C2", day, 'yyyy"년" m"월" d"일"'),
                cell("D2", 14 / 24, "[$-412]AM/PM h:mm;@"),
                cell("G2", 10000, '#,##0"원"'),
                cell("G3", 0, "General"),
            ),
        ),
        "dates_without_year.xlsx": excel(e, several(cell("C2", day, 'm"월" d"일"'), cell("C3", day, 'm"월" d"일"'))),
        "dates_month_only.xlsx": excel(e, cell("C2", day, "yyyy-mm")),
        "dates_1904.xlsx": changed(
            excel(e, cell("C2", 41781, "yyyy-mm-dd")),
            "xl/workbook.xml",
            "<workbookPr ?/>",
            '<workbookPr date1904="1"/>',
        ),
        "dates_as_text.xlsx": excel(
            [
                e[0],
                *(
                    [f"E{at}", "토론회", one, "14:00", "", "한빛", ""]
                    for at, one in enumerate(
                        [
                            "2018. 5. 23.",
                            "2018.5.23",
                            "180523",
                            "20180523",
                            "5/23",
                            "5월 23일",
                            "2018년 5월 23일(수)",
                            "18.5.23",
                            "2018/05/23",
                            "2018-05-23 00:00:00",
                        ],
                        1,
                    )
                ),
            ]
        ),
        "dates_unclear.xlsx": excel(
            [
                e[0],
                *(
                    [f"E{at}", "토론회", one, "14:00", "", "한빛", ""]
                    for at, one in enumerate(
                        ["43243", "2018-05", "05/06/2018", "13/13", "2018. 2. 30.", "2018년 5월 23일(목)", "다음 주"], 1
                    )
                ),
            ]
        ),
        "times.xlsx": excel(
            [
                e[0],
                *(
                    [f"E{at}", "토론회", "2018-05-23", one, "", "한빛", ""]
                    for at, one in enumerate(
                        [
                            "오후 2시",
                            "14시 30분",
                            "오후 2:30",
                            "2시 반",
                            "낮 12시",
                            "2:30 PM",
                            "오전 12시",
                            "14:00:00",
                            "점심",
                        ],
                        1,
                    )
                ),
            ]
        ),
        "amounts.xlsx": excel(
            [
                e[0],
                *(
                    [f"E{at}", "토론회", "2018-05-23", "14:00", "", "한빛", one]
                    for at, one in enumerate(
                        [
                            "1,000",
                            "１０００",
                            "10,000원",
                            "무료",
                            "1만 5천원",
                            "₩5,000",
                            "1,00",
                            "약 1만원",
                            "-500",
                            "1.5",
                        ],
                        1,
                    )
                ),
            ]
        ),
        "codes_with_format.xlsx": excel(
            c,
            several(
                cell("A2", 101, "00000"), cell("F2", 1), cell("I1", "연락 번호"), cell("I2", 10000000, "000-0000-0000")
            ),
        ),
        "rounded_look.xlsx": excel(
            [[*PLEDGES[0], "예산"], [*PLEDGES[1], 1234.6], [*PLEDGES[2], 0.125]],
            several(
                lambda page: setattr(page["E2"], "number_format", "#,##0"),
                lambda page: setattr(page["E3"], "number_format", "0%"),
            ),
        ),
        "hidden_by_format.xlsx": excel(c, cell("F2", 1, ";;;")),
        "words_as_formats.xlsx": excel(
            a, several(cell("F2", 1, '[=1]"예";[=0]"아니오"'), cell("F3", 0, '"예";;"아니오"'), cell("F4", 1, ";;;"))
        ),
        "resident_number.xlsx": excel([*a, ["진하율", f"느루빛({impossible})", "", "서울특별시", "", "예"]]),
        "resident_number_number.xlsx": excel([*a, ["진하율", 9912311000000, "", "서울특별시", "", "예"]]),
        "resident_number_wide.xlsx": excel(
            [*a, ["진하율", "９９１３３２－１００００００", "", "서울특별시", "", "예"]]
        ),
        "resident_number_header.xlsx": excel([[*a[0], f"비고 {impossible}"], *a[1:]]),
        "resident_number_beside.xlsx": excel([*a, ["", "", "", "", "", "", "", impossible], [f"※ {impossible}"]]),
        "google_form.xlsx": excel(forms),
        "google_form_two_consents.xlsx": excel(two),
        "mapped_columns.xlsx": excel([["일련번호", *c[0][1:]], *c[1:]]),
        "template_signs.xlsx": excel([*a, ["{{ 7*7 }}", "느루빛", "", "서울특별시", "", "예"]]),
        "blank_required.xlsx": excel([*a, ["", "느루빛", "", "서울특별시", "", "예"]]),
        "compatibility_hanja.xlsx": excel(
            [*c, ["103", "교육감", "서울특별시", "서울특별시", "", "", "이새롬", "\uf9e1新籠"]]
        ),
        "district_with_province.xlsx": excel(
            [
                ["구분", "선거종류", "선거구", "이름", "한자", "출생연도"],
                ["예비후보자", "구·시·군의장선거", "전라북도 장수군", "온새미", "溫", "1976"],
                ["예비후보자", "구·시·군의장선거", "전라북도 장수군", "온새미", "溫", "1953"],
                ["예비후보자", "시·도지사선거", "서울특별시", "도하늘", "", "1960"],
                ["예비후보자", "시·도의회의원선거", "경북 울진군제3", "라온제", "", "1970"],
                ["예비후보자", "구·시·군의장선거", "전라북도 장수군", "온새미", "溫", "1953"],
            ]
        ),
        "openapi.xlsx": excel(
            [
                [
                    "num",
                    "sgId",
                    "sgTypecode",
                    "huboid",
                    "sggName",
                    "sdName",
                    "wiwName",
                    "giho",
                    "jdName",
                    "name",
                    "hanjaName",
                    "birthday",
                    "addr",
                    "status",
                ],
                [
                    1,
                    20180613,
                    4,
                    100000001,
                    "종로구",
                    "서울특별시",
                    "종로구",
                    1,
                    "푸른내일당",
                    "서다온",
                    "徐多溫",
                    19600101,
                    "서울특별시 종로구",
                    "등록",
                ],
            ]
        ),
        "legal_districts.xlsx": excel(
            [
                ["법정동코드", "법정동명", "폐지여부"],
                ["1100000000", "서울특별시", "존재"],
                ["1111000000", "서울특별시 종로구", "존재"],
                ["1111010100", "서울특별시 종로구 청운동", "존재"],
                ["4111000000", "경기도 수원시", "존재"],
                ["4111100000", "경기도 수원시 장안구", "존재"],
                ["2800000000", "경기도 옛날군", "폐지"],
            ]
        ),
        "macros.xlsm": changed(
            excel(a), "[Content_Types].xml", r"spreadsheetml\.sheet\.main", "sheet.macroEnabled.main"
        ),
        "google_export.xlsx": google(a),
    }


def google(rows: Rows) -> bytes:
    """As Google Sheets exports: thousand blank rows below, styled cells without values, no dimension."""

    def edit(page: Any) -> None:
        for row in range(1, 200):
            for column in range(1, 27):
                page.cell(row, column).font = Font(name="Arial", size=10)

    blob = excel(rows, edit, "설문지 응답 시트1")
    blob = changed(blob, "xl/worksheets/sheet1.xml", r"<dimension [^>]*/>", "")
    # Others leave out where cells stand, which the format allows.
    return changed(blob, "xl/worksheets/sheet1.xml", r'<c r="[A-Z]+[0-9]+"', "<c")


def draw_others(made: dict[str, bytes]) -> dict[str, bytes]:
    """What xlwt, pandas, LibreOffice and text exports draw."""
    a, e = ACTIVISTS, EVENTS
    hidden = lambda _, page: setattr(page.row(2), "hidden", True)  # noqa: E731

    def struck(_: Any, page: Any) -> None:
        style = xlwt.easyxf("font: struck_out on")
        for column, one in enumerate(a[2]):
            page.write(2, column, one, style)

    def odd(_: Any, page: Any) -> None:
        page.write(1, 2, 43243, xlwt.easyxf(num_format_str='yyyy"년" m"월" d"일"'))
        page.write(2, 2, 43236, xlwt.easyxf(num_format_str="m월"))
        page.write(1, 6, 1234.6, xlwt.easyxf(num_format_str="#,##0"))

    frame = pandas.DataFrame(list(a[1:]), columns=list(a[0]))
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=True, sheet_name="명단")
    table = text(a)
    return {
        "old.xls": old(a),
        "old_hidden_row.xls": old(a, hidden),
        "old_struck_row.xls": old(a, struck),
        "old_dates.xls": old(e, odd),
        "old_merged.xls": old(a, lambda _, page: page.merge(1, 2, 1, 1)),
        "old_formula.xls": old(a, lambda _, page: page.write(1, 1, xlwt.Formula('A1&"조합"'))),
        "old_resident_number.xls": old([*a, ["진하율", 9912311000000, "", "서울특별시", "", "예"]]),
        "newer_called.xls": made["plain.xlsx"],
        "pandas.xlsx": buffer.getvalue(),
        "pandas.csv": frame.to_csv(index=False).encode(),
        "web_page.xls": frame.to_html(index=False).encode(),
        "calc.ods": calc(made["plain.xlsx"], ".xlsx", "ods"),
        "calc_titles_and_totals.ods": calc(
            excel([["활동가 명단"], [], *a, ["합계", "", "", "", "", "4명"], ["※ 5월 기준"]]), ".xlsx", "ods"
        ),
        "calc_hidden.ods": calc(excel(a, several(hide_rows(3), hide_column("C"))), ".xlsx", "ods"),
        "calc_filtered.ods": calc(made["filtered.xlsx"], ".xlsx", "ods"),
        "calc_hidden_sheet.ods": calc(made["hidden_sheet.xlsx"], ".xlsx", "ods"),
        "calc_struck.ods": calc(made["struck_row.xlsx"], ".xlsx", "ods"),
        "calc_struck_in_part.ods": calc(made["struck_in_part.xlsx"], ".xlsx", "ods"),
        "calc_merged.ods": calc(made["merged.xlsx"], ".xlsx", "ods"),
        "calc_errors.ods": calc(excel(a, several(cell("B2", "=1/0"), cell("E3", "=NA()"))), ".xlsx", "ods"),
        "calc_dates.ods": calc(made["dates_korean_look.xlsx"], ".xlsx", "ods"),
        "calc_month_only.ods": calc(made["dates_month_only.xlsx"], ".xlsx", "ods"),
        "calc_words_as_formats.ods": calc(made["words_as_formats.xlsx"], ".xlsx", "ods"),
        "calc_words_as_formats.xls": calc(made["words_as_formats.xlsx"], ".xlsx", "xls"),
        "calc_rounded.ods": calc(made["rounded_look.xlsx"], ".xlsx", "ods"),
        "calc_booleans.ods": calc(made["booleans.xlsx"], ".xlsx", "ods"),
        "calc_line_breaks.ods": calc(made["line_breaks.xlsx"], ".xlsx", "ods"),
        "calc_saved.xlsx": calc(made["dates_korean_look.xlsx"], ".xlsx", "xlsx"),
        "calc_plain.xlsx": calc(made["plain.xlsx"], ".xlsx", "xlsx"),
        "calc_struck_in_part.xlsx": calc(made["struck_in_part.xlsx"], ".xlsx", "xlsx"),
        "calc_line_breaks.xlsx": calc(made["line_breaks.xlsx"], ".xlsx", "xlsx"),
        "calc_decomposed.xlsx": calc(made["decomposed.xlsx"], ".xlsx", "xlsx"),
        "calc_filtered.xlsx": calc(made["filtered.xlsx"], ".xlsx", "xlsx"),
        "calc_filtered.xls": calc(made["filtered.xlsx"], ".xlsx", "xls"),
        "calc_two_lines.xls": calc(made["two_line_headers.xlsx"], ".xlsx", "xls"),
        "calc_codes.xls": calc(made["codes_with_format.xlsx"], ".xlsx", "xls"),
        "calc_struck.xls": calc(made["struck_in_part.xlsx"], ".xlsx", "xls"),
        "calc_export.csv": calc(made["dates_korean_look.xlsx"], ".xlsx", "csv:Text - txt - csv (StarCalc):44,34,76"),
        "utf8.csv": table.encode(),
        "utf8_bom.csv": table.encode("utf-8-sig"),
        "cp949.csv": table.encode("cp949"),
        "utf16.csv": text(a, "\t").encode("utf-16"),
        "utf16.tsv": text(a, "\t").encode("utf-16"),
        "johab.csv": table.encode("johab"),
        "decomposed.csv": unicodedata.normalize("NFD", table).encode(),
        "semicolons.csv": text(a, ";").encode("utf-8-sig"),
        "sep_line.csv": ("sep=;\r\n" + text(a, ";")).encode("utf-8-sig"),
        "tabs.tsv": text(a, "\t").encode(),
        "tabs_in.csv": text(a, "\t").encode("cp949"),
        "line_feeds_in_cells.csv": text([a[0], ["남궁한결", "한빛\n협동조합", "이사", "서울특별시", "", "예"]]).encode(
            "utf-8-sig"
        ),
        "errors_as_text.csv": text([*a, ["진하율", "#N/A", "########", "서울특별시", "", "예"]]).encode("cp949"),
        "lost_signs.csv": text([*a, ["진하\ufffd", "느루빛", "", "서울특별시", "", "예"]]).encode(),
        "two_line_headers.csv": text(
            [
                ["연번", "담당자", "", "소속", "시도", "동의"],
                ["", "이름", "전화", "", "", ""],
                ["1", "남궁한결", "", "한빛", "서울특별시", "예"],
            ]
        ).encode(),
        "cut_sign.csv": table.strip().encode()[:-1],
        "no_text.csv": bytes(range(256)),
    }


def main() -> None:
    """Draw them all."""
    if not shutil.which("soffice"):
        raise SystemExit("LibreOffice Calc is needed")
    BOOKS.mkdir(parents=True, exist_ok=True)
    made = draw_xlsx()
    for name, blob in (made | draw_others(made)).items():
        path = BOOKS / name
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        path.write_bytes(blob)
    print(f"{len(list(BOOKS.iterdir()))} files")


if __name__ == "__main__":
    main()
