"""Rows that changed are found by the bytes of a worksheet, and some rows are read as all of them would be."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_plain_rows import PARSED, PLAIN, SHARED, book, part

from pipeline.doors.books import xlsx
from pipeline.doors.books.known_rows import trace
from pipeline.doors.books.sheets import read_source, trace_of
from pipeline.model.findings import Cell
from pipeline.model.memory import Trace

WHERE = Cell("표.xlsx")
VIEW = '<sheetViews><sheetView workbookViewId="0"><selection activeCell="{}"/></sheetView></sheetViews>'


def row(number: int, text: str = "가") -> str:
    return f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def many(changed: Collection[int] = (), last: int = 50) -> list[str]:
    return [row(number, "나" if number in changed else "가") for number in range(1, last + 1)]


BEFORE = book(part(*many(), before='<dimension ref="A1:A50"/>' + VIEW.format("A1")))


def before() -> Trace:
    found = trace(BEFORE, WHERE)
    assert found
    assert found[1] is None
    return found[0]


SAME: dict[str, tuple[bytes, list[range] | None]] = {
    "nothing": (BEFORE, []),
    "another cell was looked at": (book(part(*many(), before=VIEW.format("C9"))), []),
    "one row": (book(part(*many([20]))), [range(17, 33)]),
    "first and last": (book(part(*many([1, 50]))), [range(1, 17), range(49, 51)]),
    "a row more": (book(part(*many(last=51))), None),
    "a row less": (book(part(*many()[:-1])), None),
    "another number": (book(part(*many()[:-1], row(51))), None),
    "a hidden column": (book(part(*many(), before='<cols><col min="1" max="1" hidden="1"/></cols>')), None),
    "a merge": (book(part(*many(), after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')), None),
}


@pytest.mark.parametrize("name", SAME)
def test_rows_that_may_be_others(name: str) -> None:
    blob, ranges = SAME[name]
    found = trace(blob, WHERE, before())
    assert found
    assert found[1] == ranges


@pytest.mark.parametrize(
    ("texts", "ranges"),
    [
        (SHARED, []),
        (SHARED.replace("</sst>", "<si><t>새</t></si></sst>"), []),
        (SHARED.replace("가나", "나가"), None),
        (SHARED.replace("<si><t>가나</t></si>", ""), None),
        (SHARED.replace("<sst", '<sst count="9"'), []),
        (SHARED.replace("si>", "x:si>").replace("sst", "x:sst"), None),
        ("", None),
    ],
)
def test_a_table_of_texts(texts: str, ranges: list[range] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    known = before()
    monkeypatch.setattr("test_plain_rows.SHARED", texts)
    found = trace(book(part(*many(), before='<dimension ref="A1:A50"/>' + VIEW.format("A1"))), WHERE, known)
    assert found
    assert found[1] == ranges


@pytest.mark.parametrize(
    "sheet",
    [
        part(),
        part(*many(), "<!-- </row> -->"),
        part("<row><c><v>1</v></c></row>"),
        part(*many(), row(3)),
        part("<row r='1'><c r='A1'><v>1</v></c></row>"),
    ],
)
def test_sheets_that_are_not_compared(sheet: bytes) -> None:
    assert trace(book(sheet), WHERE, before()) is None


@given(
    kinds=st.lists(st.sampled_from([*PLAIN.values(), *PARSED.values()]), min_size=1, max_size=30),
    wanted=st.sets(st.integers(1, 32)),
)
def test_some_rows_are_read_as_all_would_be(kinds: list[str], wanted: set[int]) -> None:
    rows = [
        f'<row r="{number}">{cells.replace("1", str(number))}</row>' if "1" in cells else f'<row r="{number}"/>'
        for number, cells in enumerate(kinds, start=1)
    ]
    blob = book(part(*rows))
    try:
        whole = xlsx.read_xlsx(blob, WHERE).rows
    except Exception:  # noqa: BLE001 - what cannot be read has no rows to compare
        return
    some = xlsx.read_xlsx(blob, WHERE, wanted).rows
    for number in wanted & set(range(1, len(whole) + 1)):
        assert list(some[number - 1] if number <= len(some) else []) == list(whole[number - 1])


@pytest.mark.parametrize("source", ["list.csv", "book.xlsx#표"])
def test_rows_that_are_not_wanted_are_empty(source: str, tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs/list.csv").write_text("가\n나\n다\n", encoding="utf-8")
    (tmp_path / "inputs/book.xlsx").write_bytes(book(part(*many(last=3))))
    rows = read_source(tmp_path, source, {2}).rows
    assert [bool(row) for row in rows] == [False, True, False][: len(rows)]
    assert (trace_of(tmp_path, source) is None) == source.endswith(".csv")
