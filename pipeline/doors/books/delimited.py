"""Tables as text: .csv, .tsv and .txt, in the encodings in which they really come."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from pipeline.doors.books.sheet_zip import MAX_TEXT, Budget
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.sheets import Facts, Sheet

ENCODINGS = (
    "utf-8", "cp949", "johab", "utf-16", "utf-16-le", "utf-16-be", "iso2022_kr", "latin-1", "cp1252", "shift_jis",
    "gb18030", "big5",
)  # fmt: skip
"""Those that may be asked for by name. Others, such as rot13, are none of text or none of spreadsheets."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT = 20
_NAMES = {"\t": "tab", ";": ";", "|": "|", ",": ","}


def read_delimited(blob: bytes, where: Cell, delimiter: str, encoding: str = "") -> Sheet:
    """The table of a text file.

    Args:
        blob: its bytes.
        where: its name.
        delimiter: what its suffix promises.
        encoding: asked for by name; '' is UTF-8, CP949, or UTF-16 with its mark.

    Raises:
        Trouble: file.encoding, file.encoding_name, file.damaged, file.huge.
    """
    text = _decode(blob, where, encoding)
    told: list[Finding] = []
    lines = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    used = _delimiter(lines, delimiter)
    if used != delimiter:
        told.append(finding("file.delimiter", where, sign=_NAMES.get(used, used)))
    csv.field_size_limit(MAX_TEXT)
    budget = Budget()
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=used, strict=True):
            budget.take(len(row))
            rows.append(row)
    except csv.Error as error:
        raise Trouble(finding("file.damaged", where)) from error
    if rows and lines[0].lower().startswith("sep="):
        rows[0] = []
    return Sheet(where.file, "", rows, Facts(), tuple(told))


def _decode(blob: bytes, where: Cell, encoding: str) -> str:
    """UTF-8 or strict CP949: detectors misjudge EUC-KR, so nothing is guessed."""
    if encoding:
        return _decode_as(blob, where, encoding)
    if blob.startswith(_UTF16):
        try:
            return blob.decode("utf-16")
        except UnicodeDecodeError as error:
            raise Trouble(finding("file.encoding", where, byte=error.start + 1)) from None
    if (null := blob.find(b"\0")) >= 0:  # UTF-16 without a mark, mostly
        raise Trouble(finding("file.encoding", where, byte=null + 1))
    try:
        return blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return blob.decode("cp949")
        except UnicodeDecodeError:
            raise Trouble(finding("file.encoding", where, byte=error.start + 1)) from None


def _decode_as(blob: bytes, where: Cell, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if name not in {codecs.lookup(one).name for one in (*ENCODINGS, "euc_kr", "utf-8-sig")}:
        raise Trouble(finding("file.encoding_name", where, name=encoding, known=", ".join(ENCODINGS)))
    try:
        return blob.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Trouble(finding("file.encoding_wrong", where, name=encoding, byte=error.start + 1)) from None


def _delimiter(lines: list[str], promised: str) -> str:
    """The sign that really parts the cells, where the promised one stands in no line at all."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == len("sep=") + 1:
        return lines[0].strip()[-1]
    filled = [line for line in lines if line.strip()]
    if not filled or any(promised in line for line in filled):
        return promised
    counts = Counter(sign for line in filled for sign in _NAMES if sign in line)
    most = counts.most_common(1)
    return most[0][0] if most and most[0][1] * 2 > len(filled) else promised
