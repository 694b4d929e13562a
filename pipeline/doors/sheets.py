"""Spreadsheets (calamine, csv): a grid of text as a person sees it, and what the grid hides.

calamine reads values ten times faster than openpyxl but loses number formats, error cells and merges (measured,
0.9.1); `xlsx_facts` reads those from the workbook's XML in one pass.
"""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.doors.xlsx_facts import Facts, read_facts
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_TEXTS = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as a grid of text; `rows[0][0]` is cell A1."""

    file: str
    name: str
    rows: Sequence[Sequence[str]]
    facts: Facts

    def cell(self, row: int, column: int) -> Cell:
        """The address of `rows[row][column]`."""
        return Cell(self.file, self.name, row + 1, letters(column))


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def read_sheet(path: Path, shown: str, sheet: str = "") -> Sheet:
    """Read one sheet (the first when not named) of an .xlsx or .xlsm, or a .csv or .tsv.

    Args:
        path: the file.
        shown: its path as findings name it.
        sheet: name of the sheet; ignored for text files.

    Raises:
        Trouble: file.missing, file.kind, file.encrypted, file.damaged, file.encoding, file.unreadable,
            sheet.missing.
    """
    where = Cell(shown, sheet)
    kind = path.suffix.lower()
    if kind not in _WORKBOOKS and kind not in _TEXTS:
        raise Trouble(finding("file.kind", where, kind=kind or path.name))
    try:
        blob = path.read_bytes()
    except FileNotFoundError:
        raise Trouble(finding("file.missing", where)) from None
    except OSError as error:
        raise Trouble(finding("file.unreadable", where, problem=error.strerror or type(error).__name__)) from error
    if kind in _TEXTS:
        return _read_text(blob, where, _TEXTS[kind])
    return _read_workbook(blob, where)


def _read_text(blob: bytes, where: Cell, delimiter: str) -> Sheet:
    if blob.startswith((_ZIP, _OLE)):
        raise Trouble(finding("file.kind", where, kind="Excel"))
    text = _decode(blob, where)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Trouble(finding("file.damaged", where)) from error
    return Sheet(where.file, "", rows, Facts())


def _decode(blob: bytes, where: Cell) -> str:
    """UTF-8 or strict CP949: detectors misjudge EUC-KR, so nothing is guessed."""
    if (null := blob.find(b"\0")) >= 0:  # UTF-16, mostly
        raise Trouble(finding("file.encoding", where, byte=null + 1))
    try:
        return blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return blob.decode("cp949")
        except UnicodeDecodeError:
            raise Trouble(finding("file.encoding", where, byte=error.start + 1)) from None


def _read_workbook(blob: bytes, where: Cell) -> Sheet:
    if blob.startswith(_OLE):
        # A workbook with a password is an OLE container around the encrypted package (MS-OFFCRYPTO 2.3).
        encrypted = "EncryptedPackage".encode("utf-16-le") in blob
        raise Trouble(finding("file.encrypted" if encrypted else "file.kind", where, kind=".xls"))
    if not blob.startswith(_ZIP):
        raise Trouble(finding("file.damaged", where))
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(blob))
        names = book.sheet_names
        # Names typed on a Mac come decomposed.
        composed = [unicodedata.normalize("NFC", one) for one in names]
        wanted = unicodedata.normalize("NFC", where.sheet) or next(iter(composed), "")
        if wanted not in composed:
            raise Trouble(finding("sheet.missing", where, sheet=wanted, sheets=", ".join(composed)))
        name = names[composed.index(wanted)]
        values = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        facts = read_facts(blob, names.index(name))
    except Trouble:
        raise
    except Exception as error:  # calamine raises half a dozen kinds for one fact
        raise Trouble(finding("file.damaged", where)) from error
    rows = [
        [_seen(value, facts.formats.get((row, column), "")) for column, value in enumerate(line)]
        for row, line in enumerate(values)
    ]
    return Sheet(where.file, wanted, rows, facts)


def _seen(value: Any, number_format: str) -> str:
    """A value as its cell shows it; dates as ISO text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat(" ") if isinstance(value, datetime.datetime) else str(value)


def _number(value: float, number_format: str) -> str:
    shown = number_format.split(";", maxsplit=1)[0].replace("\\", "").replace('"', "")
    if shown and set(shown) == {"0"}:
        return f"{value:0{len(shown)}.0f}"
    percent = shown.endswith("%")
    digits = shown.removesuffix("%")
    if digits and set(digits) <= set("#,0."):
        scaled = value * 100 if percent else value
        decimals = len(digits.partition(".")[2])
        return f"{scaled:{',' if ',' in digits else ''}.{decimals}f}" + ("%" if percent else "")
    return f"{value:.0f}" if float(value).is_integer() else repr(value)
