"""What spreadsheets hide, told by cell: merges, hidden rows and columns, struck-through text, looks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.sheets import Place, Sheet, area, letters, place
from pipeline.tables.layout import Layout

_SHOWN = 10
"""Ranges of rows that a finding names."""


def hidden(sheet: Sheet, layout: Layout) -> Iterator[Finding]:
    """All that the table's own cells hide."""
    facts = sheet.facts
    used = {*layout.fields.values(), *layout.others.values()}
    if facts.hidden:
        yield finding("sheet.hidden", Cell(sheet.file, sheet.name))
    for column in sorted(facts.hidden_columns & used):
        yield finding("column.hidden", sheet.cell(layout.header, column), header=layout.titles[column])
    yield from _merged(sheet, layout, used)
    filled = {row for row in range(layout.header + 1, len(sheet.rows)) if any(sheet.rows[row])}
    if facts.hidden_rows:
        yield from _rows(sheet, "row.filtered", facts.filtered_rows & filled)
        yield from _rows(sheet, "row.hidden", (facts.hidden_rows - facts.filtered_rows) & filled)
    if facts.struck:
        yield from _struck(sheet, used, filled)
    yield from _looks(sheet, used, filled)
    yield from _headerless(sheet, layout, filled)


def _merged(sheet: Sheet, layout: Layout, used: Collection[int]) -> Iterator[Finding]:
    """Merges that swallow cells of the table; those in titles above it are none of our business."""
    for merge in sheet.facts.merges:
        (top, left), (bottom, right) = (place(corner) for corner in merge.split(":"))
        if bottom > layout.header and any(left <= column <= right for column in used):
            # Below the last row, or across a remark, nothing is swallowed.
            inside = [
                (row, column) for row in range(max(top, layout.header + 1), min(bottom, len(sheet.rows) - 1) + 1)
                for column in used if left <= column <= right
            ]  # fmt: skip
            lone = top == bottom and sum(1 for text in _row(sheet, top) if text) <= 1
            if inside and not lone:
                yield finding("cell.merged", sheet.cell(top, left), range=merge)


def _row(sheet: Sheet, row: int) -> Sequence[str]:
    return sheet.rows[row] if row < len(sheet.rows) else ()


def _rows(sheet: Sheet, code: str, rows: Collection[int]) -> Iterator[Finding]:
    if rows:
        first = min(rows) + 1
        yield finding(code, Cell(sheet.file, sheet.name, first), count=len(rows), rows=spans(rows))


def spans(rows: Iterable[int]) -> str:
    """Rows as people write them, from 1: `3-5, 9`; of many spans only the first."""
    found: list[list[int]] = []
    for row in sorted(rows):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    shown = [f"{one + 1}" if one == last else f"{one + 1}-{last + 1}" for one, last in found[:_SHOWN]]
    return ", ".join(shown) + (", …" if len(found) > _SHOWN else "")


def _struck(sheet: Sheet, used: Collection[int], filled: Collection[int]) -> Iterator[Finding]:
    """Rows of which every filled cell is struck through, and single cells."""
    marked = {at: whole for at, whole in sheet.facts.struck.items() if at[0] in filled and at[1] in used}
    whole = set()
    for row in {row for row, _ in marked}:
        cells = [column for column in used if column < len(sheet.rows[row]) and sheet.rows[row][column].strip()]
        if all(marked.get((row, column), False) for column in cells):
            whole.add(row)
    yield from _rows(sheet, "row.struck", whole)
    alone = {at: () for at in marked if at[0] not in whole}
    for top, bottom, column, _ in _runs(alone):
        yield finding("cell.struck", sheet.cell(top, column), range=_range(top, bottom, column))


def _looks(sheet: Sheet, used: Collection[int], filled: Collection[int]) -> Iterator[Finding]:
    looks = {at: () for at in sheet.facts.looks if at[0] in filled and at[1] in used}
    for top, bottom, column, _ in _runs(looks):
        shown, held = sheet.facts.looks[top, column]
        # Readers drop blank cells at the end of a row: one whose format shows nothing has a look and no text.
        row = sheet.rows[top]
        used_ = row[column] if column < len(row) else ""
        span = _range(top, bottom, column)
        yield finding("cell.look", sheet.cell(top, column), shown=shown, held=held, used=used_, range=span)


def _runs(cells: Mapping[Place, Any]) -> Iterator[tuple[int, int, int, Any]]:
    """Cells under each other as (top, bottom, column, value): thousands of them are one thing to tell."""
    ordered = sorted(cells, key=lambda at: (at[1], at[0]))
    for _, group in groupby(enumerate(ordered), key=lambda pair: (pair[1][1], cells[pair[1]], pair[1][0] - pair[0])):
        places = [at for _, at in group]
        yield places[0][0], places[-1][0], places[0][1], cells[places[0]]


def _range(top: int, bottom: int, column: int) -> str:
    return f"{letters(column)}{top + 1}" if top == bottom else area(top, column, bottom, column)


def _headerless(sheet: Sheet, layout: Layout, filled: Collection[int]) -> Iterator[Finding]:
    """Columns with text in rows of the table and nothing in the header row."""
    width = max((len(sheet.rows[row]) for row in filled), default=0)
    for column in range(width):
        if column not in layout.titles:
            rows = [row for row in filled if column < len(sheet.rows[row]) and sheet.rows[row][column].strip()]
            if rows and not _remarks_only(sheet, layout, rows):
                span = _range(min(rows), max(rows), column)
                yield finding("column.headerless", sheet.cell(min(rows), column), range=span)


def _remarks_only(sheet: Sheet, layout: Layout, rows: Sequence[int]) -> bool:
    """Rows that hold nothing below any header: titles of parts, remarks. They have findings of their own."""
    return all(
        not any(column < len(sheet.rows[row]) and sheet.rows[row][column].strip() for column in layout.titles)
        for row in rows
    )
