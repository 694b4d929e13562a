"""Workbooks that people and the program keep together (openpyxl): rows added and cells changed, all else left as it is.

The same workbook and the same changes give the same bytes: openpyxl's clock is taken out of the properties and the zip.
"""

from __future__ import annotations

import copy
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.doors.books.inert import put
from pipeline.korean.text import clean
from pipeline.model.choices import squeeze
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FONT = "맑은 고딕"
_FILL = "2F5D62"
_LINE = "BFC7CF"
_HEADER_ROWS = 20
_SPARE = 5000
"""Rows that drop-down lists reach."""
_EPOCH = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 - properties and zip entries have no zone
_LAST = "hyeopyak.last"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: header, width in characters, closed list."""

    header: str
    width: float
    choices: tuple[str, ...] = ()
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet: its name, the title above the table, its columns."""

    sheet: str
    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to a sheet."""

    new: Sequence[Mapping[str, str]] = ()
    """Rows to add below the last one, by header."""
    changes: Mapping[int, Mapping[str, str]] | None = None
    """By number of the row: cells by header."""
    last: int = 0
    """The last number given, to be remembered in the workbook; 0: none."""


def edited(blob: bytes, form: Form, edit: Edit, shown: str) -> bytes:
    """The workbook with an edit.

    Args:
        blob: the workbook; empty: a new one is made.
        form: how the sheet looks when it is made; of one that exists only headers and sheet name count.
        edit: what is to be done.
        shown: its path as findings name it.

    Raises:
        Trouble: file.damaged, sheet.missing.
    """
    import openpyxl

    book: Any
    if blob:
        book = _open(blob, shown)
        if form.sheet not in book.sheetnames:
            names = ", ".join(book.sheetnames)
            raise Trouble(finding("sheet.missing", Cell(shown, form.sheet), sheet=form.sheet, sheets=names))
        page = book[form.sheet]
    else:
        book = openpyxl.Workbook()
        page = book.worksheets[0]
        book.properties.created = _EPOCH
        book.properties.creator = "hyeopyak"
        _draw(page, form)
    columns = _columns(page, form)
    for row, cells in (edit.changes or {}).items():
        for header, text in cells.items():
            put(page.cell(row, columns[header]), text)
    _append(page, edit.new, columns)
    if edit.last:
        _remember(book, edit.last)
    return _saved(book)


def last_number(blob: bytes, shown: str) -> int:
    """The last number that was given, as the workbook remembers it; 0 where it does not.

    Raises:
        Trouble: file.damaged.
    """
    if not blob:
        return 0
    return next((int(one.value) for one in _open(blob, shown).custom_doc_props.props if one.name == _LAST), 0)


def _open(blob: bytes, shown: str) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(blob))
    except Exception as error:  # openpyxl raises a dozen kinds for one fact
        raise Trouble(finding("file.damaged", Cell(shown))) from error


def _remember(book: Any, last: int) -> None:
    from openpyxl.packaging.custom import IntProperty

    if any(one.name == _LAST for one in book.custom_doc_props.props):
        del book.custom_doc_props[_LAST]
    book.custom_doc_props.append(IntProperty(name=_LAST, value=last))


def _columns(page: Worksheet, form: Form) -> dict[str, int]:
    """Column numbers by header; those that somebody deleted are put back at the right end."""
    wanted = {squeeze(one.header): one.header for one in form.columns}
    header, columns = 1, {}  # type: int, dict[str, int]
    for number, row in enumerate(page.iter_rows(max_row=_HEADER_ROWS, values_only=True), start=1):
        keys = [squeeze(clean(str(value or ""))) for value in row]
        found = {wanted[key]: column for column, key in enumerate(keys, start=1) if key in wanted}
        if len(found) > len(columns):
            header, columns = number, found
    for one in form.columns:
        if one.header not in columns:
            columns[one.header] = page.max_column + 1 if columns else 1
            put(page.cell(header, columns[one.header]), one.header)
    return columns


def _append(page: Worksheet, rows: Iterable[Mapping[str, str]], columns: Mapping[str, int]) -> None:
    """Rows below everything that is there, in the look of the last one."""
    last = max((cell.row for row in page.iter_rows() for cell in row if cell.value is not None), default=0)
    row = last
    for row, values in enumerate(rows, start=last + 1):
        for header, column in columns.items():
            cell, above = page.cell(row, column), page.cell(last, column)
            if above.has_style and not _is_head(above.value, header):
                cell._style = copy.copy(above._style)  # type: ignore[union-attr]  # noqa: SLF001 - openpyxl's own recipe
            elif not cell.has_style:
                _style(cell)
            put(cell, values.get(header, ""))
    found = re.fullmatch(r"([A-Z]+\d+:[A-Z]+)\d+", page.auto_filter.ref or "")
    if found and row > last:
        page.auto_filter.ref = f"{found[1]}{row}"


def _is_head(value: object, header: str) -> bool:
    return isinstance(value, str) and squeeze(value) == squeeze(header)


def _style(cell: Any) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side

    line = Side(style="thin", color=_LINE)
    cell.font = Font(name=_FONT, size=10)
    cell.border = Border(left=line, right=line, top=line, bottom=line)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.number_format = "@"


def _draw(page: Worksheet, form: Form) -> None:
    """Title, headers, widths, drop-down lists."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    page.title = form.sheet
    title = page.cell(1, 1, form.title)
    title.font = Font(name=_FONT, size=16, bold=True)
    page.row_dimensions[1].height = 30
    for column, one in enumerate(form.columns, start=1):
        cell = page.cell(2, column, one.header)
        cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_FILL)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = one.width
        if one.choices:
            rule = DataValidation("list", formula1=f'"{",".join(one.choices)}"', allow_blank=True)
            rule.add(f"{letter}3:{letter}{_SPARE}")
            page.add_data_validation(rule)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "2:2"
    page.freeze_panes = "A3"
    page.auto_filter.ref = f"A2:{get_column_letter(len(form.columns))}2"


def _saved(book: Any) -> bytes:
    """The workbook without the time of day."""
    saved = io.BytesIO()
    created = book.properties.created or _EPOCH
    book.save(saved)
    stamp = rb"\g<1>" + created.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>"
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)", stamp, content)
            entry = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return packed.getvalue()
