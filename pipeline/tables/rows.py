"""Rows that stand in a table and are none of its records: totals, remarks below it, its headers once more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.model.choices import squeeze
from pipeline.model.findings import Finding, finding
from pipeline.model.records import Record
from pipeline.model.sheets import Sheet
from pipeline.tables.layout import Layout

_UNIT = "명|인|건|개|곳|표|줄|행"
_TOTAL = re.compile(
    rf"(?:총합계|합계|소계|총계|누계|계|합|총원|총인원|총수)[:：]?(?P<count>[0-9,]+)?(?:{_UNIT})?|총(?P<all>[0-9,]+)(?:{_UNIT})"
)
_REMARK = re.compile(
    r"[※＊*☞▶]|주\s*[0-9]*\s*[:：)）.]|\(주\s*[0-9]*\)|(?:비고|참고|자료|출처|기준|기준일|작성|작성자|작성일|문의|단위)\s*[:：]"
)
_END = frozenset({"이하여백", "이하빈칸", "끝", "이상", "以上", "이상끝"})
_WHOLE = re.compile(rf"([0-9][0-9,]*)\s*(?:{_UNIT})?")
_FIRST_SIGNS = frozenset("합소총누계※＊*☞▶주(비참자출기작문단이끝以-[<〈")
"""With which such rows can begin: all others need no second look."""
_FEW = 2
"""A remark stands in one cell, or in one beside its mark."""


class Unlike:
    """Tells rows that are no records, and compares the totals they state."""

    def __init__(self, sheet: Sheet, layout: Layout, model: type[Record]) -> None:
        self._sheet, self._layout, self._model = sheet, layout, model
        self._headers = {squeeze(title) for title in layout.titles.values()}
        self._since = self._all = 0
        self._numbers = self._number_columns()

    def _number_columns(self) -> frozenset[int]:
        """Columns that hold numbers: what a total says of them is a sum, not a count of rows."""
        rows = self._sheet.rows[self._layout.header + 1 :]
        found = set()
        for column in self._layout.titles:
            if any(
                column < len(row) and row[column].strip() and _WHOLE.fullmatch(row[column].strip()) for row in rows[:5]
            ):
                found.add(column)
        return frozenset(found)

    def record(self) -> None:
        """Count a row that belongs to the table."""
        self._since += 1
        self._all += 1

    def findings(self, index: int, row: Sequence[str], texts: Mapping[str, str]) -> list[Finding]:
        """What kind of row it is; nothing for a row of the table."""
        first = row[0].strip() if row[0] else ""
        first = first or next((text for cell in row if cell and (text := cell.strip())), "")
        if not first or (first[0] not in _FIRST_SIGNS and squeeze(first) not in self._headers):
            return []
        filled = [(column, text) for column, cell in enumerate(row) if (text := cell.strip())]
        column = filled[0][0]
        where = self._sheet.cell(index, column)
        if (match := _TOTAL.fullmatch(squeeze(first))) and not self._is_record(texts, first):
            return [finding("row.total", where), *self._compared(index, filled, match)]
        if len(filled) <= _FEW and not self._is_record(texts, first):
            word = squeeze(first).strip("<>〈〉")
            if _REMARK.match(first.lstrip("([<〈-– ")) or word in _END or _REMARK.match(first):
                return [finding("row.remark", where)]
        keys = [squeeze(text) for _, text in filled]
        if len(keys) > 1 and all(key in self._headers for key in keys) and len(set(keys)) > len(self._headers) // 2:
            return [finding("row.header_again", where)]
        return []

    def _is_record(self, texts: Mapping[str, str], first: str) -> bool:
        """Whether all that a record needs is there, its first word aside."""
        needed = [texts.get(name, "") for name in self._model.required if name not in self._layout.derived]
        return all(one and (one == first or not _WHOLE.fullmatch(one)) for one in needed) and len(needed) > 1

    def _compared(self, index: int, filled: Sequence[tuple[int, str]], match: re.Match[str]) -> Iterator[Finding]:
        word = squeeze(filled[0][1])
        stated = [(filled[0][0], match["count"] or match["all"])] if match["count"] or match["all"] else []
        for column, text in filled[1:]:
            # The number of a column of numbers is their sum, unless it says what it counts.
            number = _WHOLE.fullmatch(text)
            if number and (column not in self._numbers or not text[-1].isdigit()):
                stated.append((column, number[1]))
        count = self._since if word.startswith("소계") else self._all
        self._since = 0
        for column, number_ in stated[:1]:
            said = int(number_.replace(",", ""))
            if said != count:
                yield finding("row.total_differs", self._sheet.cell(index, column), stated=said, count=count)
