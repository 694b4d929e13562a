r"""The corpus of awkward workbooks: `tests/data/books/NAME` and what must be said of it in `NAME.txt`.

A line of NAME.txt is one of

    table: activists            which table it is read as (the first line)
    source: NAME#sheet          how campaign.toml would name it, where that is not the file alone
    column: 후보자ID = 일련번호    an entry of [columns.TABLE]
    records: 3                  how many records come out
    is 3 날짜 2018-05-23         what the record of row 3 has in a column (blanks of the header as _, breaks as \n)
    row.total A9                a finding: its code, and its cell where it has one
    # ...                       a remark

Notes on columns that the program does not know are left out. Dates without a year are read as of 2018.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.doors.books.sheets import read_source
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding
from pipeline.model.records import MODELS
from pipeline.steps.read import read_records

BOOKS = Path(__file__).parent / "data" / "books"
YEAR = 2018


@dataclass
class Case:
    """A workbook and what is expected of it."""

    table: str = ""
    source: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    records: int = 0
    lines: list[str] = field(default_factory=list)
    """Findings and cells, sorted."""

    @classmethod
    def of(cls, path: Path) -> Case:
        case = cls(source=path.name.removesuffix(".txt"))
        for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())):
            key, _, value = line.partition(": ")
            if line.startswith("#"):
                continue
            if key in {"table", "source"}:
                setattr(case, key, value)
            elif key == "column":
                own, _, theirs = value.partition(" = ")
                case.columns[own] = theirs
            elif key == "records":
                case.records = int(value)
            else:
                case.lines.append(line)
        case.lines.sort()
        return case


def said(case: Case, folder: Path) -> tuple[int, list[str]]:
    """Number of records; findings and, of the cells that the case names, what was read."""
    try:
        sheet = read_source(folder, case.source)
    except Trouble as trouble:
        return 0, [line(trouble.finding)]
    records, findings, _ = read_records(sheet, MODELS[case.table], case.columns, YEAR)
    lines = [line(one) for one in findings if one.code != "column.unknown"]
    by_row = {record.at.row: record for record in records}
    for one in case.lines:
        if one.startswith("is "):
            _, row, header, *_ = one.split(" ", 3)
            lines.append(f"is {row} {header} {shown(by_row.get(int(row)), header)}".rstrip())
    return len(records), sorted(lines)


def line(one: Finding) -> str:
    """A finding as the files write it."""
    place = f"{one.cell.column}{one.cell.row or ''}" if one.cell else ""
    return f"{one.code} {place}".strip()


def shown(record: Any, header: str) -> str:
    """A cell of a record as a template would print it."""
    values = (
        {**{mark.name: getattr(record, name) for name, mark in record.headers().items()}, **record.more}
        if record
        else {}
    )
    return str(values.get(header.replace("_", " "), "(no record)")).replace("\n", "\\n")
