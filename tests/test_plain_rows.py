"""Rows read by pattern and rows read by a parser say the same; only rows without any doubt are read by pattern."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import books
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook

from pipeline.doors.books import xlsx
from pipeline.doors.books.plain_rows import PlainCell, Take, WithoutPlainRows
from pipeline.doors.books.sheet_zip import Damaged, Huge
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell
from pipeline.model.sheets import Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = (
    f'<sst xmlns="{MAIN}"><si><t>가나</t></si><si><t>다 &amp; 라</t></si>'
    "<si><r><rPr><strike/></rPr><t>줄</t></r></si></sst>"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><cellXfs><xf numFmtId="0" fontId="0"/>'
    '<xf numFmtId="14" fontId="0"/></cellXfs></styleSheet>'
)
PLAIN = {
    "nothing": "",
    "a text of the table": '<c r="A1" t="s"><v>0</v></c>',
    "a text of the table, struck through": '<c r="B1" t="s"><v>2</v></c>',
    "a number": '<c r="A1"><v>12.50</v></c>',
    "a number that says so": '<c r="A1" t="n"><v>1E3</v></c>',
    "a date": '<c r="A1" s="1"><v>43264</v></c>',
    "a style that is not there": '<c r="A1" s="77"><v>43264</v></c>',
    "its own text": '<c r="A1" t="inlineStr"><is><t>가 나</t></is></c>',
    "its own text, blanks kept": '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 가 </t></is></c>',
    "its own text in references": '<c r="A1" t="inlineStr"><is><t>&#44032;&amp;&#13;_x0041_</t></is></c>',
    "blanks between": '<c r="A1"/><c r="C1" s="1"></c><c r="D1" t="inlineStr"></c><c r="E1"><v>1</v></c>',
    "the last column": '<c r="XFD1"><v>1</v></c>',
}
PARSED = {
    "a formula": '<c r="A1"><f>1+1</f><v>2</v></c>',
    "a formula with a text": '<c r="A1" t="str"><f>A2</f><v>가</v></c>',
    "a truth": '<c r="A1" t="b"><v>1</v></c>',
    "an error": '<c r="A1" t="e"><v>#N/A</v></c>',
    "blanks between cells": '<c r="A1"><v>1</v></c> <c r="B1"><v>1</v></c>',
    "no place": '<c t="s"><v>0</v></c><c><v>2</v></c>',
    "an entity of another name": '<c r="A1" t="inlineStr"><is><t>&nbsp;</t></is></c>',
    "several runs": '<c r="A1" t="inlineStr"><is><r><t>가</t></r><r><t>나</t></r></is></c>',
    "a comment": '<c r="A1"><!-- <v>2</v> --><v>1</v></c>',
    "other quotes": "<c r='A1'><v>1</v></c>",
    "another row's cell": '<c r="A2"><v>1</v></c>',
    "a carriage return": '<c r="A1" t="inlineStr"><is><t>가\r나</t></is></c>',
}


def part(*rows: str, before: str = "", after: str = "") -> bytes:
    """A worksheet's part."""
    text = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'
    return text.encode()


def book(sheet: bytes) -> bytes:
    """The smallest workbook around it."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = ("worksheet", "sharedStrings", "styles")
    relations = "".join(f'<Relationship Id="r{one}" Type="{relation}/{one}" Target="{one}.xml"/>' for one in names)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{relation}"><sheets><sheet name="표" r:id="rworksheet"/></sheets>'
            "</workbook>",
        )
        package.writestr("xl/sharedStrings.xml", SHARED)
        package.writestr("xl/styles.xml", STYLES)
        package.writestr("xl/worksheet.xml", sheet)
    return buffer.getvalue()


def read(blob: bytes) -> Any:
    """The sheet; None: it was refused."""
    try:
        return xlsx.read_xlsx(blob, Cell("표.xlsx"))
    except (Damaged, Huge, Trouble, etree.XMLSyntaxError, ValueError, IndexError):
        return None


def parsed(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    """As `read`, all rows by the parser."""
    with monkeypatch.context() as patched:
        patched.setattr(xlsx, "WithoutPlainRows", lambda stream, _: stream)
        return read(blob)


def by_pattern(sheet: bytes, size: int = 64) -> tuple[list[int], bytes]:
    """Rows that a pattern reads, and what is left for the parser."""
    rows: list[int] = []

    def take(row: int, _: Sequence[PlainCell]) -> None:
        rows.append(row)

    stream = WithoutPlainRows(io.BytesIO(sheet), take)
    left = b"".join(iter(lambda: stream.read(size), b""))
    return rows, left


@pytest.mark.parametrize("name", PLAIN)
def test_plain_rows_are_read_by_pattern(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = part(f'<row r="1" spans="1:3" x:d="0.3">{PLAIN[name]}</row>')
    rows, left = by_pattern(sheet)
    assert rows == [0]
    assert b"<c" not in left
    etree.fromstring(left)
    blob = book(part(f'<row r="1">{PLAIN[name]}</row>'))
    assert isinstance(read(blob), Sheet)
    assert read(blob) == parsed(blob, monkeypatch)


@pytest.mark.parametrize("name", PARSED)
def test_all_others_are_left_to_the_parser(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = f'<row r="1">{PARSED[name]}</row>'
    assert by_pattern(part(row)) == ([], part(row))
    blob = book(part(row))
    assert read(blob) == parsed(blob, monkeypatch)


@pytest.mark.parametrize(
    ("sheet", "rows"),
    [
        (part('<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>'), []),
        (part('<row><c r="A1"><v>1</v></c></row>'), []),
        (part('<row r="0"><c r="A0"><v>1</v></c></row>'), []),
        (part('<row r="1"/>', '<row r="2"><c r="A2"><v>1</v></c></row>'), [1]),
        (part("<!-- ", '<row r="1"><c r="A1"><v>1</v></c></row>', " -->"), []),
        (part("<![CDATA[", '<row r="1"><c r="A1"><v>1</v></c></row>', "]]>"), []),
        (b'<?xml version="1.0" encoding="EUC-KR"?>' + part('<row r="1"><c r="A1"><v>1</v></c></row>'), []),
        (b'<?xml version="1.0" encoding="utf-8"?>' + part('<row r="1"><c r="A1"><v>1</v></c></row>'), [0]),
        (part('<row r="1"><c r="A1"><v>1</v></c></row>').decode().encode("utf-16"), []),
        (part('<row r="1"><c r="A1"><v>1</v></c></row>').replace(b"<row", b"<x:row"), []),
    ],
    ids=["hidden", "no number", "0", "after an empty row", "comment", "section", "EUC-KR", "UTF-8", "UTF-16", "name"],
)  # fmt: skip
def test_where_there_is_doubt(sheet: bytes, rows: list[int]) -> None:
    assert by_pattern(sheet)[0] == rows


def test_rows_without_numbers_count_on_from_those_read_by_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'
    blob = book(
        part(plain.format(1), plain.format(4), "<row><c><v>5</v></c></row>", plain.format(9), "<row><c/></row>")
    )
    sheet = read(blob)
    assert [list(row) for row in sheet.rows] == [["1"], [], [], ["4"], ["5"], [], [], [], ["9"]]
    assert sheet == parsed(blob, monkeypatch)


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


_SIGNS = st.characters(exclude_categories=("Cs", "Cc"))
_CELLS = st.one_of(
    st.sampled_from([*PLAIN.values(), *PARSED.values()]),
    st.text(_SIGNS, max_size=5).map(
        lambda text: f'<c r="A1" t="inlineStr"><is><t>{"".join(map(_reference, text))}</t></is></c>'
    ),
    st.floats().map(lambda number: f'<c r="B1"><v>{number}</v></c>'),
    st.integers(0, 1_200_000).map(lambda code: f'<c r="B1" t="inlineStr"><is><t>&#{code};</t></is></c>'),
    st.integers(-2, 9).map(lambda at: f'<c r="C1" t="s"><v>{at}</v></c>'),
)


@given(cells=st.lists(_CELLS, max_size=12), cut=st.integers(1, 200))
def test_both_ways_say_the_same(cells: list[str], cut: int) -> None:
    own = [cell.replace('1"', f'{at}"', 1) for at, cell in enumerate(cells, start=1)]
    blob = book(part(*(f'<row r="{at}">{cell}</row>' for at, cell in enumerate(own, start=1))))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipeline.doors.books.plain_rows._PIECE", cut)
        assert read(blob) == parsed(blob, patched)


@pytest.mark.parametrize("path", sorted(books.BOOKS.glob("*.xls[xm]")), ids=lambda path: path.name)
def test_workbooks_of_the_corpus_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(path.read_bytes()) == parsed(path.read_bytes(), monkeypatch)


def _openpyxl(rows: list[list[Any]], path: Path) -> None:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    workbook.save(path)


def _pandas(rows: list[list[Any]], path: Path) -> None:
    pandas.DataFrame(rows[1:], columns=rows[0]).to_excel(path, index=False)


@pytest.mark.parametrize("write", [_openpyxl, _pandas])
def test_tables_of_other_programs_are_read_by_pattern(
    write: Callable[[list[list[Any]], Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all of this would be for nothing."""
    count: list[int] = []

    class Counting(WithoutPlainRows):
        def __init__(self, stream: IO[bytes], take: Take) -> None:
            super().__init__(stream, lambda row, cells: (count.append(row), take(row, cells))[1])

    write([["후보자ID", "득표", "날짜"], *([f"K{at}", at, None] for at in range(50))], tmp_path / "a.xlsx")
    monkeypatch.setattr(xlsx, "WithoutPlainRows", Counting)
    sheet = read((tmp_path / "a.xlsx").read_bytes())
    assert list(sheet.rows[50]) == ["K49", "49"]
    assert len(count) >= 50
