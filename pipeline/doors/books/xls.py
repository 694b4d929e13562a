"""Workbooks of Excel 97 and older (.xls), through xlrd: values, formats, and what is hidden.

xlrd gives no formulas; those that were never calculated, and active filters, are looked up in the records themselves
([MS-XLS] 2.4.127 Formula, 2.4.104 FilterMode).
"""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Iterator
from typing import Any

from pipeline.doors.books.number_formats import look
from pipeline.doors.books.sheet_zip import Budget, Damaged, choose
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding
from pipeline.model.sheets import Facts, Place, Sheet, area

_FORMULA, _FILTER_MODE, _END, _STRING = 0x0006, 0x009B, 0x000A, 0x0207
_SHARED = frozenset({0x04BC, 0x0221, 0x0236})
_ALWAYS_CALCULATE = 0x0001


def read_xls(blob: bytes, where: Cell) -> Sheet:
    """The sheet that `where` names, or the first one.

    Raises:
        Trouble: sheet.missing, file.encrypted.
        xlrd.XLRDError and many others: it cannot be read.
    """
    import xlrd

    try:
        # xlrd talks to its log file, standard output else.
        book = xlrd.open_workbook(
            file_contents=blob, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Trouble(finding("file.encrypted", where)) from error
        raise
    names = book.sheet_names()
    visible = [book._sheet_visibility[at] == 0 for at in range(len(names))]  # noqa: SLF001 - before sheets are loaded
    chosen = choose(names, [not one for one in visible], where)
    sheet = book.sheet_by_index(chosen)
    reading = _Reading(book, sheet)
    rows = [reading.row(row) for row in range(sheet.nrows)]
    stale, filtered = _records(book, chosen)
    hidden = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
    facts = Facts(
        errors=reading.errors,
        stale=frozenset(stale),
        merges=tuple(area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells),
        looks=reading.looks,
        struck=reading.struck,
        hidden_rows=hidden,
        filtered_rows=hidden if filtered else frozenset(),
        hidden_columns=frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden),
        hidden=not visible[chosen],
    )
    return Sheet(where.file, unicodedata.normalize("NFC", names[chosen]), rows, facts)


class _Reading:
    """Turns the cells of a sheet into text and notes what they hide."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._book, self._sheet, self._budget = book, sheet, Budget()
        self._styles = [self._style(one) for one in book.xf_list]
        self.errors: dict[Place, str] = {}
        self.looks: dict[Place, tuple[str, str]] = {}
        self.struck: dict[Place, bool] = {}

    def _style(self, xf: Any) -> tuple[str, bool]:
        number = self._book.format_map.get(xf.format_key)
        code = number.format_str if number else ""
        fonts = self._book.font_list
        struck = xf.font_index < len(fonts) and bool(fonts[xf.font_index].struck_out)
        return ("" if code.casefold() == "general" else code), struck

    def row(self, row: int) -> list[str]:
        """The texts of a row."""
        types, values = self._sheet.row_types(row), self._sheet.row_values(row)
        line = [
            self._text((row, column), kind, value)
            for column, (kind, value) in enumerate(zip(types, values, strict=True))
        ]
        while line and not line[-1]:
            line.pop()
        self._budget.take(len(line))
        return line

    def _text(self, at: Place, kind: int, value: Any) -> str:
        import xlrd

        if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return ""
        code, struck = self._styles[self._sheet.cell_xf_index(*at)]
        text = self._shown(at, kind, value, code)
        runs = self._sheet.rich_text_runlist_map.get(at, ())
        marks = {bool(self._book.font_list[font].struck_out) for _, font in runs if font < len(self._book.font_list)}
        if text and (struck or True in marks):
            self.struck[at] = struck and False not in marks
        return text

    def _shown(self, at: Place, kind: int, value: Any, code: str) -> str:
        import xlrd

        if kind == xlrd.XL_CELL_ERROR:
            self.errors[at] = xlrd.error_text_from_code.get(value, "#")
            return ""
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            seen = look(value, code, from_1904=self._book.datemode == 1)
            if seen.differs:
                self.looks[at] = (seen.shown, seen.held)
            return seen.text
        return str(value)


def _records(book: Any, sheet: int) -> tuple[set[Place], bool]:
    """Formulas to be calculated on opening (they hold 0 until then), and whether a filter is active."""
    stale: set[Place] = set()
    filtered = False
    waiting: Place | None = None
    for kind, body in _walk(book, sheet):
        if kind == _FILTER_MODE:
            filtered = True
        # The text of a formula stands in a record of its own, after those that several formulas share.
        if waiting and kind not in _SHARED:
            stale |= {waiting} if kind != _STRING else set()
            waiting = None
        if kind == _FORMULA and len(body) >= 16:  # noqa: PLR2004 - row, column, style, value, flags
            row, column, _, value, flags = struct.unpack_from("<3H8sH", body)
            if value[:1] == b"\0" and value[6:] == b"\xff\xff":
                waiting = (row, column)
            elif flags & _ALWAYS_CALCULATE and value == bytes(8):
                stale.add((row, column))
    return stale, filtered


def _walk(book: Any, sheet: int) -> Iterator[tuple[int, bytes]]:
    """The records of a sheet, as (kind, content)."""
    if book.biff_version < 50:  # noqa: PLR2004 - Excel 4 and older: one sheet a file, other records
        return
    position = book._sh_abs_posn[sheet]  # noqa: SLF001 - xlrd has no name for it
    data = book.mem
    if position < 0:
        raise Damaged
    depth = 0
    while position + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, position)
        yield kind, bytes(data[position + 4 : position + 4 + length])
        position += 4 + length
        depth += (kind == 0x0809) - (kind == _END)  # noqa: PLR2004 - charts inside have a beginning and end of their own
        if not depth:
            return
