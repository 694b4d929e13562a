"""A sheet into records of one model: each row a record, or a finding that says why not."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.korean.similar import nearest
from pipeline.korean.text import clean
from pipeline.model.choices import Choice
from pipeline.model.findings import Cell, Finding, errors, finding
from pipeline.model.records import Candidate, Header, Pledge, Record, Region, Row
from pipeline.model.sheets import Sheet, letters
from pipeline.tables.forbidden import ERROR_TEXT, JOINT, SUSPECT, forbidden, lost
from pipeline.tables.hidden import hidden
from pipeline.tables.layout import HEADER_ROWS, Layout, layout_findings, understood
from pipeline.tables.rows import Unlike
from pipeline.tables.sources import source_of

R = TypeVar("R", bound=Record)
_SEARCHED = 200
"""Rows searched at once."""
_SHORT = 60
"""Signs: a table says short things over and over, long ones once."""
_clean_short = functools.lru_cache(maxsize=50_000)(clean)


def _cleaned(cell: str) -> str:
    return _clean_short(cell) if len(cell) <= _SHORT else clean(cell)


_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})

# pydantic's error types, in our words; texts that are not here are shown as pydantic has them.
_PROBLEMS = {
    "missing": "it is missing",
    "date_from_datetime_parsing": "not a date; write it as 2018-05-23",
    "date_parsing": "not a date; write it as 2018-05-23",
    "date_from_datetime_inexact": "not a date; write it as 2018-05-23",
    "time_parsing": "not a time; write it as 14:00",
    "int_parsing": "not a whole number",
    "int_from_float": "not a whole number",
    "int_parsing_size": "not a whole number",
    "greater_than_equal": "the number is too small",
}


@dataclass(frozen=True, slots=True)
class _Table:
    """What is the same for all rows of a sheet."""

    sheet: Sheet
    layout: Layout
    model: type[Record]
    fields: tuple[tuple[str, int], ...]
    """Each with its column."""
    others: tuple[tuple[str, int], ...]
    """Headers of further columns, which may be called as a field of ours is: party, title."""
    letters: Mapping[str, str]
    context: Mapping[str, Any]
    odd: frozenset[int]
    """Rows with errors or formulas without a value."""

    @classmethod
    def of(cls, sheet: Sheet, layout: Layout, model: type[Record], year: int | None) -> _Table:
        fields, others = tuple(layout.fields.items()), tuple(layout.others.items())
        columns = {name: letters(column) for name, column in (*others, *fields)}
        if "province" in layout.derived and "district" in columns:
            columns["province"] = columns["district"]
        odd = frozenset(row for row, _ in (*sheet.facts.errors, *sheet.facts.stale))
        return cls(sheet, layout, model, fields, others, columns, {"year": year}, odd)


def read_records(
    sheet: Sheet, model: type[R], columns: Mapping[str, str] = _NO_COLUMNS, year: int | None = None, name: str = ""
) -> tuple[list[R], list[Finding], set[str]]:
    """The rows of a sheet as records of `model`, everything wrong by cell, and all texts of rows left out for it.

    Args:
        sheet: as a door read it.
        model: what its rows are.
        columns: `[columns.TABLE]` of the campaign.
        year: the campaign's, for dates such as 6/13; None where it has several.
        name: of the table in the campaign.
    """
    layout = understood(sheet, model, columns)
    if layout is None:
        names = ", ".join(one.name for key, one in model.headers().items() if key in model.required)
        missing = finding("header.missing", Cell(sheet.file, sheet.name), rows=HEADER_ROWS, headers=names)
        return [], [*sheet.told, missing, *_resident_numbers(sheet)], set()
    findings = [*sheet.told, *layout_findings(sheet, layout, model, name), *hidden(sheet, layout)]
    if any(one.code in {"column.missing", "column.several"} for one in findings):
        return [], [*findings, *_resident_numbers(sheet, layout.header + 1)], set()
    table = _Table.of(sheet, layout, model, year)
    records, found, rejected = _records(table, model)
    return records, findings + found, rejected


def _resident_numbers(sheet: Sheet, start: int = 0) -> Iterator[Finding]:
    """Told of a sheet, too, of which nothing else is understood."""
    for index, row in enumerate(sheet.rows[start:], start=start):
        if SUSPECT.search(JOINT.join(row)):
            for column, text in enumerate(row):
                yield from (one for one in forbidden(text, sheet.cell(index, column)) if "resident" in one.code)


def _records(table: _Table, model: type[R]) -> tuple[list[R], list[Finding], set[str]]:
    sheet, layout = table.sheet, table.layout
    records: list[R] = []
    findings: list[Finding] = []
    rejected: set[str] = set()
    source, unlike = source_of(model, layout.derived), Unlike(sheet, layout, model)
    fields = tuple(layout.fields) + tuple(layout.derived)
    rows = 0
    suspicious = frozenset(_suspicious(table))
    for index in range(layout.header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if not row:
            continue
        texts, more = _texts(row, table.fields), _texts(row, table.others)
        found = _cell_by_cell(table, index, texts, more) if index in suspicious else []
        if kinds := unlike.findings(index, row, texts):
            # A total may be a formula that was never calculated; only what must stand nowhere is told of it.
            findings += [*kinds, *(one for one in found if one.code == "cell.resident_number")]
            continue
        if not texts and not more:
            findings += found
            continue
        if source.skips(texts, more):
            continue
        rows += 1
        unlike.record()
        at = Row(sheet.file, sheet.name, index + 1, table.letters)
        values: dict[str, Any] = {key: texts[key] for key in fields if key in texts}
        # A column without a cell in this row is still a field: templates must not fail on an empty remark.
        values["more"] = {title: more.get(title, "") for title, _ in table.others}
        values["at"] = at
        wrong = bool(errors(found))
        try:
            record = model.model_validate(values, context=table.context)
        except ValidationError as error:
            # A cell that already has its finding is missing to the record; once is enough.
            told = {one.cell for one in found}
            refused = [_cell_finding(one, at, model) for one in error.errors()]
            found = [*found, *(one for one in refused if one.cell not in told)]
            wrong = True
        findings += found
        if wrong:
            rejected |= {*texts.values(), *more.values()}
        else:
            records.append(record)
    findings += source.told(sheet)
    if not rows:
        # Nothing can be made without these; the others are filled in as a campaign goes on.
        code = "sheet.empty" if issubclass(model, (Candidate, Pledge, Region)) else "sheet.unfilled"
        findings.append(finding(code, Cell(sheet.file, sheet.name)))
    return records, findings, rejected


def _texts(row: Sequence[str], columns: Iterable[tuple[str, int]]) -> dict[str, str]:
    width = len(row)
    return {key: text for key, at in columns if at < width and (cell := row[at]) and (text := _cleaned(cell))}


def _suspicious(table: _Table) -> Iterator[int]:
    """Rows whose cells have to be looked at one by one. Many rows at once are searched as quickly as one."""
    yield from table.odd
    rows = table.sheet.rows
    for start in range(table.layout.header + 1, len(rows), _SEARCHED):
        some = range(start, min(start + _SEARCHED, len(rows)))
        if SUSPECT.search(JOINT.join(JOINT.join(rows[index]) for index in some)):
            yield from (index for index in some if SUSPECT.search(JOINT.join(rows[index])))


def _cell_by_cell(table: _Table, index: int, texts: dict[str, str], more: dict[str, str]) -> list[Finding]:
    """What is wrong with single cells of a row; those that hold no text of a person are taken out of both."""
    findings: list[Finding] = []
    sheet = table.sheet
    pairs = [(texts, *pair) for pair in table.fields] + [(more, *pair) for pair in table.others]
    for own, key, column in pairs:
        at = (index, column)
        text = own.get(key, "")
        if (error := sheet.facts.errors.get(at)) or (text and ERROR_TEXT.fullmatch(text)):
            findings.append(finding("cell.error", sheet.cell(*at), value=error or text[:20]))
            own.pop(key, None)
        elif at in sheet.facts.stale:
            findings.append(finding("cell.uncalculated", sheet.cell(*at)))
        elif text:
            findings += forbidden(text, sheet.cell(*at))
            findings += lost(text, sheet.cell(*at))
    used = {column for _, _, column in pairs}
    for column, text in enumerate(sheet.rows[index]):
        if column not in used:
            findings += (one for one in forbidden(text, sheet.cell(index, column)) if "resident" in one.code)
    return findings


def _cell_finding(error: ErrorDetails, at: Row, model: type[Record]) -> Finding:
    name = str(error["loc"][0])
    header: Header = model.headers()[name]
    where = at.cell(name)
    if error["type"] == "missing":
        return finding("cell.blank", where, header=header.name)
    annotation: Any = model.model_fields[name].annotation
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        allowed = [member.value for member in annotation if member.value]
        return finding(
            "cell.choice",
            where,
            header=header.name,
            value=str(error["input"])[:100],
            allowed=", ".join(allowed),
            suggestion=nearest(str(error["input"])[:100], allowed),
        )
    if error["type"] == "value_error":
        problem = str(error["ctx"]["error"])
    else:
        problem = _PROBLEMS.get(error["type"], error["msg"])
    return finding("cell.value", where, header=header.name, problem=problem)
