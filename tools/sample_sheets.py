"""Workbooks the way staff keep them: title rows, filled headers, drop-down lists, ready to print."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | dt.date | dt.time | None

FONT = "맑은 고딕"
INK = "1F2933"
LINE = Side(style="thin", color="BFC7CF")
YES_OR_NO = ("예", "아니오")
SPARE_ROWS = 100
"""Drop-down lists reach this far below the last row, for rows still to come."""

MADE = dt.datetime(2018, 4, 16, 9, 0, 0)  # noqa: DTZ001 - a workbook's properties have no zone
SAVED = dt.datetime(2018, 5, 18, 18, 0, 0)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Column:
    """A column: header, width in characters, how values stand in it, and its closed list if it has one."""

    header: str
    width: float
    align: str = "center"
    number_format: str = "General"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and where it begins: `top` counts the blank rows, `left` the blank columns before the title."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    colour: str
    top: int = 0
    left: int = 0
    gap: int = 0
    """Blank rows between the title rows and the header."""
    frozen: int = 1
    """Columns that stay in sight when the sheet is scrolled sideways."""
    row_height: float | None = 19
    """None where text wraps and Excel finds the height itself."""
    merged: bool = False
    """Whether the title's cell spans the table."""

    @property
    def header_row(self) -> int:
        """Counted from 1, as Excel shows it."""
        return self.top + (2 if self.note else 1) + self.gap + 1


def write(path: Path, title: str, sheets: Sequence[Sheet]) -> None:
    """Write a workbook; the same sheets give the same bytes."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    # The style of empty cells: widths are counted in its digits. openpyxl has no public way to set it.
    workbook._fonts = IndexedList([letters(10)])  # type: ignore[attr-defined]  # noqa: SLF001
    workbook._named_styles["Normal"].font = letters(10)  # type: ignore[attr-defined]  # noqa: SLF001
    for sheet in sheets:
        fill(workbook.create_sheet(sheet.name), sheet)
    properties = workbook.properties
    properties.title = title
    properties.creator = properties.lastModifiedBy = "정책협약 실무팀"
    properties.created = MADE
    saved = io.BytesIO()
    workbook.save(saved)
    path.write_bytes(timeless(saved.getvalue()))


def letters(size: float, colour: str = INK, *, bold: bool = False) -> Font:
    """The one font of all sheets, declared as a Korean one (character set 129)."""
    return Font(name=FONT, charset=129, family=3, size=size, bold=bold, color=colour)


def timeless(workbook: bytes) -> bytes:
    """The workbook with fixed dates: openpyxl writes the clock into its properties and into the zip."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                stamp = rb"\g<1>" + SAVED.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", stamp, content)
            entry = zipfile.ZipInfo(name, SAVED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return packed.getvalue()


def fill(page: Worksheet, sheet: Sheet) -> None:
    """Put a sheet on its page."""
    first = sheet.left + 1
    heading(page, sheet)
    for index, column in enumerate(sheet.columns, start=first):
        page.column_dimensions[get_column_letter(index)].width = column.width
        cell = page.cell(sheet.header_row, index, column.header)
        cell.font = letters(10, "FFFFFF", bold=True)
        cell.fill = PatternFill("solid", fgColor=sheet.colour)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
    page.row_dimensions[sheet.header_row].height = 26
    if sheet.left:
        page.column_dimensions["A"].width = 2.5
    last = body(page, sheet)
    page.auto_filter.ref = f"{get_column_letter(first)}{sheet.header_row}:{page.cell(last, page.max_column).coordinate}"
    page.freeze_panes = f"{get_column_letter(first + sheet.frozen)}{sheet.header_row + 1}"
    page.sheet_view.showGridLines = False
    lists(page, sheet, last)
    print_setup(page, sheet)


def heading(page: Worksheet, sheet: Sheet) -> None:
    """Title, and below it what the list is based on."""
    row, column = sheet.top + 1, sheet.left + 1
    title = page.cell(row, column, sheet.title)
    title.font = letters(16, bold=True)
    title.alignment = Alignment(vertical="center")
    page.row_dimensions[row].height = 30
    if sheet.merged:
        page.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + len(sheet.columns) - 1)
    if sheet.note:
        note = page.cell(row + 1, column, sheet.note)
        note.font = letters(9, "5A6672")
        note.alignment = Alignment(vertical="center")
        page.row_dimensions[row + 1].height = 18


def body(page: Worksheet, sheet: Sheet) -> int:
    """Write the rows and tell the number of the last one."""
    font = letters(10)
    border = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
    styles = [
        Alignment(
            horizontal=one.align,
            vertical="center",
            indent=1 if one.align == "left" else 0,
            wrap_text=one.align == "left" and sheet.row_height is None,
        )
        for one in sheet.columns
    ]
    number = sheet.header_row
    for number, row in enumerate(sheet.rows, start=sheet.header_row + 1):
        for index, (column, style, value) in enumerate(zip(sheet.columns, styles, row, strict=True)):
            cell = page.cell(number, sheet.left + 1 + index, value if value != "" else None)
            cell.font, cell.border, cell.alignment = font, border, style
            cell.number_format = column.number_format
        if sheet.row_height:
            page.row_dimensions[number].height = sheet.row_height
    return number


def lists(page: Worksheet, sheet: Sheet, last: int) -> None:
    """Drop-down lists for the columns with a closed list."""
    for index, column in enumerate(sheet.columns, start=sheet.left + 1):
        if not column.choices:
            continue
        rule = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True, showErrorMessage=True)
        rule.errorTitle = column.header
        rule.error = "목록에 있는 값 가운데 하나를 고르세요."
        letter = get_column_letter(index)
        rule.add(f"{letter}{sheet.header_row + 1}:{letter}{last + SPARE_ROWS}")
        page.add_data_validation(rule)


def print_setup(page: Worksheet, sheet: Sheet) -> None:
    """A4 landscape, as wide as the page, the header row on every page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.sheet_properties.tabColor = sheet.colour
    page.print_title_rows = f"{sheet.header_row}:{sheet.header_row}"
    page.print_options.horizontalCentered = True
    margins = page.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.6, 0.6
    footer = page.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:
        footer.left.text, footer.right.text = sheet.title, "&P / &N"


def table(records: Iterable[Mapping[str, Value]], columns: Iterable[Column]) -> list[tuple[Value, ...]]:
    """Rows in the order of the columns; a record without a column's value, or with one more, is a mistake."""
    headers = [column.header for column in columns]
    rows = []
    for record in records:
        if unknown := set(record) ^ set(headers):
            raise KeyError(*sorted(unknown))
        rows.append(tuple(record[header] for header in headers))
    return rows
