"""Spreadsheets: whatever program wrote them, a `Sheet`. Each format has a door of its own behind this one.

What a file is, its content says and not its name: lists travel as .xls that are .xlsx, or web pages.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from pipeline.doors import files
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding
from pipeline.model.memory import Trace
from pipeline.model.sheets import Sheet, letters

__all__ = ["Sheet", "bytes_of", "letters", "located", "read_sheet", "read_source", "trace_of"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
"""Streams of Excel 2 to 95 that stand alone."""
_ZIP = b"PK\x03\x04"
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_COMPARED = frozenset({".xlsx", ".xlsm"})
_TEXTS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
_LARGEST = 200_000_000


def read_source(folder: Path, source: str, wanted: Collection[int] | None = None) -> Sheet:
    """An entry of `[tables]`: `file.xlsx#sheet` or `file.csv?encoding=johab` below `inputs/`.

    Args:
        folder: of the campaign.
        source: the entry.
        wanted: rows, from 1, that have to be read, the others are empty; None: all.

    Raises:
        Trouble: as `read_sheet`.
    """
    path, where, encoding = _named(folder, source)
    sheet = read_sheet(path, where.file, where.sheet, encoding, wanted)
    if wanted is None:
        return sheet
    return replace(sheet, rows=[row if number in wanted else () for number, row in enumerate(sheet.rows, start=1)])


def bytes_of(folder: Path, source: str) -> bytes:
    """The file of an entry of `[tables]`; b"" where it cannot be read."""
    try:
        return files.whole(_named(folder, source)[0])
    except OSError:
        return b""


def trace_of(folder: Path, source: str, before: Trace | None = None) -> tuple[Trace, list[range] | None] | None:
    """As `known_rows.trace`, of an entry of `[tables]`; None, too, where it is no workbook that can be compared.

    Raises:
        Trouble: file.damaged.
    """
    from pipeline.doors.books import known_rows

    path, where, _ = _named(folder, source)
    if path.suffix.lower() not in _COMPARED:
        return None
    try:
        return known_rows.trace(files.whole(path), where, before)
    except Exception as error:  # foreign libraries raise some dozen kinds for one fact
        raise Trouble(finding("file.damaged", where)) from error


def _named(folder: Path, source: str) -> tuple[Path, Cell, str]:
    """File, sheet and encoding of an entry of `[tables]`."""
    name, _, sheet = source.partition("#")
    name, _, option = name.partition("?")
    encoding = option.removeprefix("encoding=").strip()
    return located(folder / "inputs", name), Cell(f"inputs/{name}", sheet), encoding


def located(folder: Path, name: str) -> Path:
    """A file below a folder, also where the disk spells its name in the other of the two ways to write Hangul (Mac)."""
    path = folder / name
    with contextlib.suppress(OSError):  # a name longer than any disk's
        if path.exists():
            return path
    for part in Path(name).parts:
        wanted = unicodedata.normalize("NFC", part)
        same = (one for one in _entries(folder) if unicodedata.normalize("NFC", one.name) == wanted)
        folder = next(same, folder / part)
    return folder


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def read_sheet(
    path: Path, shown: str, sheet: str = "", encoding: str = "", wanted: Collection[int] | None = None
) -> Sheet:
    """Read one sheet (the first that can be seen when not named) of a workbook, or a table as text.

    Args:
        path: the file.
        shown: its path as findings name it.
        sheet: name of the sheet; ignored for text files.
        encoding: of a text file, where it is not UTF-8, CP949 or UTF-16 with its mark.
        wanted: rows, from 1, that have to be read; None: all. Others may be empty.

    Raises:
        Trouble: file.missing, file.kind, file.encrypted, file.damaged, file.huge, file.entities, file.encoding,
            file.encoding_name, file.encoding_wrong, file.unreadable, sheet.missing.
    """
    where = Cell(shown, sheet)
    kind = path.suffix.lower()
    if kind not in _WORKBOOKS and kind not in _TEXTS:
        raise Trouble(finding("file.kind", where, kind=kind or path.name))
    try:
        if path.stat().st_size > _LARGEST:
            raise Trouble(finding("file.huge", where))
        blob = files.whole(path)
    except FileNotFoundError:
        raise Trouble(finding("file.missing", where)) from None
    except OSError as error:
        raise Trouble(finding("file.unreadable", where, problem=error.strerror or type(error).__name__)) from error
    return read_blob(blob, kind, where, encoding, wanted)


def read_blob(blob: bytes, kind: str, where: Cell, encoding: str = "", wanted: Collection[int] | None = None) -> Sheet:
    """As `read_sheet`, of bytes; `kind` is the suffix."""
    from pipeline.doors.books.sheet_zip import Huge

    if kind not in _TEXTS:
        return _read_workbook(blob, where, wanted)
    if blob.startswith((_ZIP, _OLE)):
        raise Trouble(finding("file.kind", where, kind="Excel"))
    from pipeline.doors.books.delimited import read_delimited

    try:
        return read_delimited(blob, where, _TEXTS[kind], encoding)
    except Huge as error:
        raise Trouble(finding("file.huge", where)) from error


def _read_workbook(blob: bytes, where: Cell, wanted: Collection[int] | None) -> Sheet:
    from pipeline.doors.books.sheet_zip import Entities, Huge

    try:
        return _by_content(blob, where, wanted)
    except Trouble:
        raise
    except (Huge, MemoryError) as error:
        raise Trouble(finding("file.huge", where)) from error
    except Entities as error:
        raise Trouble(finding("file.entities", where)) from error
    except Exception as error:  # foreign libraries raise some dozen kinds for one fact
        raise Trouble(finding("file.damaged", where)) from error


def _by_content(blob: bytes, where: Cell, wanted: Collection[int] | None) -> Sheet:
    if blob.startswith(_OLE):
        # A workbook with a password is an OLE container around the encrypted package (MS-OFFCRYPTO 2.3).
        if "EncryptedPackage".encode("utf-16-le") in blob:
            raise Trouble(finding("file.encrypted", where))
        if not any(name.encode("utf-16-le") in blob for name in ("Workbook", "Book")):
            raise Trouble(finding("file.kind", where, kind=_ole_kind(blob)))
        from pipeline.doors.books.xls import read_xls

        return read_xls(blob, where)
    if blob.startswith(_ZIP):
        return _zipped(blob, where, wanted)
    head = blob[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style")):
        raise Trouble(finding("file.kind", where, kind="HTML"))
    if head.startswith(b"<?xml") and b"office:spreadsheet" in head:
        raise Trouble(finding("file.kind", where, kind="XML 2003"))
    if blob.startswith(_OLD_EXCEL):
        from pipeline.doors.books.xls import read_xls

        return read_xls(blob, where)
    raise Trouble(finding("file.damaged", where))


def _ole_kind(blob: bytes) -> str:
    kinds = {"HwpSummaryInformation": ".hwp", "WordDocument": ".doc", "PowerPoint Document": ".ppt"}
    return next((kind for name, kind in kinds.items() if name.encode("utf-16-le") in blob), "OLE")


def _zipped(blob: bytes, where: Cell, wanted: Collection[int] | None) -> Sheet:
    from pipeline.doors.books.sheet_zip import Package

    package = Package(blob)
    if "content.xml" in package and "xl/workbook.xml" not in package:
        from pipeline.doors.books.ods import read_ods

        return read_ods(blob, where)
    if "xl/workbook.bin" in package:
        raise Trouble(finding("file.kind", where, kind=".xlsb"))
    from pipeline.doors.books.xlsx import read_xlsx

    return read_xlsx(blob, where, wanted)
