"""Tables of what is outstanding: as a workbook (openpyxl), and as CSV that Excel opens by a double click."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.doors.books.inert import in_csv, put
from pipeline.doors.books.review_book import put_text

_FONT = "맑은 고딕"


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, lines as in RFC 4180; a cell that a spreadsheet would take for a formula is defused."""
    return b"\xef\xbb\xbf" + "".join(f"{','.join(map(in_csv, row))}\r\n" for row in rows).encode()


def missing_book(sheets: Sequence[tuple[str, str, Sequence[int], Sequence[Sequence[str]]]]) -> bytes:
    """A workbook.

    Args:
        sheets: name, title, widths of columns in signs, rows with the header first.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, title, widths, rows in sheets:
        _fill(book.create_sheet(name), title, widths, rows)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(page: Any, title: str, widths: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    put(page.cell(1, 1), title)
    page.cell(1, 1).font = Font(name=_FONT, size=16, bold=True)
    page.row_dimensions[1].height = 30
    # The first column holds codes.
    counts = {at for at in range(1, len(widths)) if len(rows) > 1 and all(row[at].isdecimal() for row in rows[1:])}
    for number, row in enumerate(rows, start=2):
        for column, text in enumerate(row, start=1):
            cell = page.cell(number, column)
            if number > 2 and column - 1 in counts:  # noqa: PLR2004 - below the header
                cell.value = int(text)
                cell.font = Font(name=_FONT, size=10)
                continue
            put_text(cell, text)
            if number == 2:  # noqa: PLR2004 - the header
                cell.font = Font(name=_FONT, size=10, bold=True)
                cell.fill = PatternFill("solid", fgColor="E4E7EB")
    for column, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "2:2"
    page.freeze_panes = "A3"
    page.auto_filter.ref = f"A2:{get_column_letter(len(widths))}{max(page.max_row, 2)}"
