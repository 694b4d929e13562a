"""Empty workbooks to begin with: headers with help, drop-down lists, formats, ready to print (openpyxl)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from pipeline.doors.books.inert import put
from pipeline.doors.word.zip_parts import PreparedZip

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MARK = " *"
"""Behind headers of columns that have to be there; reading overlooks it."""
_HEADER = 3
_ROWS = 5000
"""Drop-down lists and what may be typed reach this far."""
_FONT = "맑은 고딕"
_INK, _GREY, _LINE = "1F2933", "5A6672", "BFC7CF"
_LONGEST_LIST = 255
"""Signs of a list that stands in the rule itself (ECMA-376, part 1, 18.3.1.33)."""
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


class Sort(Enum):
    """What stands in a column, by its number format."""

    TEXT = "@"
    """Codes keep their zeros, and nothing turns into a date."""
    DATE = "yyyy-mm-dd"
    TIME = "hh:mm"
    WHOLE = "#,##0"


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column of an empty sheet."""

    header: str
    width: float
    help: str
    """For the comment on the header."""
    required: bool = False
    choices: tuple[str, ...] = ()
    sort: Sort = Sort.TEXT


@dataclass(frozen=True, slots=True)
class NewSheet:
    """An empty sheet."""

    name: str
    note: str
    """Below the title."""
    columns: tuple[NewColumn, ...]
    colour: str


def new_book(sheets: Sequence[NewSheet], wrong_choice: str) -> bytes:
    """A workbook of empty sheets; the same sheets give the same bytes.

    Args:
        sheets: in order.
        wrong_choice: what is said when something is typed that no list holds.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        _head(page, sheet)
        for number, column in enumerate(sheet.columns, start=1):
            _column(page, number, column, sheet.colour, wrong_choice)
        _lay_out(page, sheet)
    book.properties.creator = book.properties.lastModifiedBy = "hyeopyak"
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["docProps/core.xml"] = _DATES.sub(b"", members["docProps/core.xml"])
    return PreparedZip(members).build({})


def _font(size: float = 10, colour: str = _INK, *, bold: bool = False) -> Any:
    from openpyxl.styles import Font

    return Font(name=_FONT, charset=129, family=3, size=size, color=colour, bold=bold)


def _head(page: Worksheet, sheet: NewSheet) -> None:
    for row, text, font, height in (
        (1, sheet.name, _font(16, bold=True), 30),
        (2, sheet.note, _font(9, _GREY), 18),
    ):
        put(page.cell(row, 1), text)
        page.cell(row, 1).font = font
        page.row_dimensions[row].height = height
    page.row_dimensions[_HEADER].height = 26


def _column(page: Worksheet, number: int, column: NewColumn, colour: str, wrong_choice: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, PatternFill, Side
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(number)
    side = Side(style="thin", color=_LINE)
    cell: Any = page.cell(_HEADER, number)
    put(cell, column.header + (MARK if column.required else ""))
    cell.font = _font(10, "FFFFFF" if column.required else _INK, bold=True)
    # Columns that have to be there are dark, the others pale.
    cell.fill = PatternFill("solid", fgColor=colour if column.required else "E4E7EB")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.comment = Comment(column.help, "hyeopyak", width=320, height=40 + 20 * (1 + len(column.help) // 22))
    dimension = page.column_dimensions[letter]
    dimension.width = column.width
    dimension.font = _font()
    dimension.number_format = column.sort.value
    long = column.width >= 40  # noqa: PLR2004 - texts of several lines
    dimension.alignment = Alignment(vertical="center", wrap_text=long, horizontal=None if long else "center")
    _rules(page, f"{letter}{_HEADER + 1}:{letter}{_ROWS}", column, wrong_choice)


def _rules(page: Worksheet, cells: str, column: NewColumn, wrong_choice: str) -> None:
    """A list to choose from. What it refuses can be typed all the same: `check` understands more than the list."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = ",".join(column.choices)
    if not listed or len(listed) > _LONGEST_LIST:
        return
    rule = DataValidation("list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = column.header, wrong_choice
    rule.add(cells)
    page.add_data_validation(rule)


def _lay_out(page: Worksheet, sheet: NewSheet) -> None:
    """What stays in sight, A4 landscape with the header on every page."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    last = get_column_letter(len(sheet.columns))
    page.freeze_panes = f"B{_HEADER + 1}"
    page.auto_filter.ref = f"A{_HEADER}:{last}{_HEADER}"
    page.sheet_properties.tabColor = sheet.colour
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_options.gridLines = True
    page.print_title_rows = f"{_HEADER}:{_HEADER}"
    margins = page.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.6, 0.75, 0.35
    footer = page.oddFooter
    if footer is not None and footer.left is not None and footer.right is not None:
        footer.left.text, footer.right.text = sheet.name, "&P / &N"
