"""The review table (openpyxl): a row for each open case, in which a person writes the decision.

Read by way of `doors.books.sheets`, whatever program saved it last.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.doors.books.inert import put
from pipeline.model.collected import Ruling
from pipeline.model.sheets import Sheet

CASE, FILE, PAGE, NUMBER, ASK, HINT = "사례", "파일", "쪽", "문서번호", "무엇을 정해야 하나", "제안"
RULING, TO_NUMBER, TO_PAGE, WHO, NOTE = "결정", "문서번호(결정)", "쪽(결정)", "정한 사람", "메모"
PICTURE = "그림"
ENTRIES = (RULING, TO_NUMBER, TO_PAGE, WHO, NOTE)
"""Columns that a person fills in."""
_WIDTHS = {
    CASE: 26, FILE: 30, PAGE: 6, NUMBER: 20, ASK: 46, HINT: 34, PICTURE: 28,
    RULING: 12, TO_NUMBER: 18, TO_PAGE: 10, WHO: 12, NOTE: 24,
}  # fmt: skip
SHEET, _DONE = "확인할 것", "결정한 것"
_HEADER = 3
_FONT = "맑은 고딕"
_PICTURE_PIXELS = (190, 84)
_MOST_PICTURES = 300
"""Beyond it the workbook would grow too heavy to open; the pictures lie beside the page."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, by header."""

    number: int
    cells: Mapping[str, str]


def read_rows(sheet: Sheet) -> tuple[list[Row], tuple[str, ...], dict[str, int]]:
    """The rows of a table that came back, headers it lacks, and each header's column from 0."""
    needed = (CASE, *ENTRIES)
    for index, row in enumerate(sheet.rows[:20]):
        columns = {text.strip(): column for column, text in enumerate(row) if text.strip()}
        if CASE in columns:
            lacking = tuple(one for one in needed if one not in columns)
            rows = [
                Row(number, cells)
                for number, own in enumerate(sheet.rows[index + 1 :], start=index + 2)
                if (cells := {name: own[at].strip() for name, at in columns.items() if at < len(own)}).get(CASE)
            ]
            return rows, lacking, columns
    return [], needed, {}


def review_book(
    rows: Sequence[Mapping[str, str]],
    choices: Mapping[str, Sequence[Ruling]],
    decided: Iterable[Sequence[str]],
    pictures: Mapping[str, bytes],
    say: Callable[[str], str],
) -> bytes:
    """The workbook.

    Args:
        rows: open cases, by header; what a person has written so far included.
        choices: what can be decided, by case.
        decided: rows of the second sheet: case, decision, number, page, who, when, note.
        pictures: PNG by case.
        say: the language of texts that are not headers.
    """
    from openpyxl import Workbook

    book = Workbook()
    page = book.worksheets[0]
    page.title = SHEET
    _head(page, say("Cases for people"), say("Write a decision and your name in the row; then run collect again."))
    for number, header in enumerate(_WIDTHS, start=1):
        _header(page, number, header, _WIDTHS[header])
    for number, row in enumerate(rows, start=_HEADER + 1):
        _row(page, number, row, choices[row[CASE]])
        blob = pictures.get(row[CASE], b"")
        if blob and number <= _HEADER + _MOST_PICTURES:
            _picture(page, number, blob)
    _print_well(page, len(_WIDTHS))
    done: Any = book.create_sheet(_DONE)
    _head(done, say("What was decided"), say("To change a decision, write its case into a row of the first sheet."))
    for number, (header, width) in enumerate(
        ((CASE, 26), (RULING, 12), (TO_NUMBER, 18), (TO_PAGE, 10), (WHO, 12), ("정한 때", 22), (NOTE, 40)), start=1
    ):
        _header(done, number, header, width)
    for number, cells in enumerate(decided, start=_HEADER + 1):
        for column, text in enumerate(cells, start=1):
            put_text(done.cell(number, column), text)
    _print_well(done, 7)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put_text(cell: Any, text: str) -> None:
    """Data in a cell of a table, in the look of one."""
    from openpyxl.styles import Alignment, Font

    put(cell, text)
    cell.number_format = "@"
    cell.font = Font(name=_FONT, size=10)
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _head(page: Any, title: str, note: str) -> None:
    from openpyxl.styles import Font

    page.cell(1, 1, title).font = Font(name=_FONT, size=16, bold=True)
    page.cell(2, 1, note).font = Font(name=_FONT, size=9, color="5A6672")
    page.row_dimensions[1].height = 30


def _header(page: Any, column: int, text: str, width: float) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    cell = page.cell(_HEADER, column, text)
    mine = text in ENTRIES
    cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF" if mine else "1F2933")
    cell.fill = PatternFill("solid", fgColor="2F5D62" if mine else "E4E7EB")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    page.column_dimensions[get_column_letter(column)].width = width


def _row(page: Any, number: int, row: Mapping[str, str], choices: Sequence[Ruling]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for column, header in enumerate(_WIDTHS, start=1):
        put_text(page.cell(number, column), row.get(header, ""))
    formula = f'"{",".join(one.value for one in choices)}"'
    rule = next((one for one in page.data_validations.dataValidation if one.formula1 == formula), None)
    if rule is None:
        rule = DataValidation("list", formula1=formula, allow_blank=True)
        page.add_data_validation(rule)
    rule.add(f"{get_column_letter(list(_WIDTHS).index(RULING) + 1)}{number}")


def _picture(page: Any, number: int, blob: bytes) -> None:
    from openpyxl.drawing.image import Image
    from openpyxl.utils import get_column_letter

    image = Image(io.BytesIO(blob))
    scale = min(_PICTURE_PIXELS[0] / image.width, _PICTURE_PIXELS[1] / image.height, 1)
    image.width, image.height = int(image.width * scale), int(image.height * scale)
    page.add_image(image, f"{get_column_letter(list(_WIDTHS).index(PICTURE) + 1)}{number}")
    page.row_dimensions[number].height = _PICTURE_PIXELS[1] * 0.75 + 4


def _print_well(page: Any, columns: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{_HEADER}:{_HEADER}"
    page.freeze_panes = f"B{_HEADER + 1}"
    page.auto_filter.ref = f"A{_HEADER}:{get_column_letter(columns)}{max(page.max_row, _HEADER)}"
