"""Step 1, read: the spreadsheets into typed records. All that is wrong comes out in one run.

Enters: the campaign folder and its `Campaign`. Leaves: `Tables`, findings. What only two tables together can tell, or a
rule of the field, does not belong here but in `check`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.doors.sheets import Sheet, letters, read_sheet
from pipeline.doors.xlsx_facts import place
from pipeline.korean.similar import nearest
from pipeline.korean.text import clean
from pipeline.model.book import Tables
from pipeline.model.campaign import Campaign
from pipeline.model.choices import Choice, squeeze
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, finding
from pipeline.model.records import (
    Activist,
    Body,
    Candidate,
    Council,
    Event,
    Header,
    Item,
    Party,
    Pledge,
    Progress,
    Record,
    Region,
    Response,
    Row,
    field_name,
)

_HEADER_ROWS = 20
"""The header row is looked for this far down: titles, dates and notes stand above it."""
# With any dash, or none where the first six digits are a date: codes of regions and offices have no such form.
_RESIDENT_NUMBER = re.compile(
    r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[1-8]\d{6}(?!\d)|(?<!\d)\d{6}\s*[-‐-―−]\s*[1-8]\d{6}(?!\d)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TAG = re.compile(r"\{[{%#_]|[}%#_]\}")

# pydantic's error types, in our words; texts that are not here are shown as pydantic has them.
_PROBLEMS = {
    "missing": "it is missing",
    "date_from_datetime_parsing": "not a date; write it as 2018-05-23",
    "date_parsing": "not a date; write it as 2018-05-23",
    "date_from_datetime_inexact": "not a date; write it as 2018-05-23",
    "time_parsing": "not a time; write it as 14:00",
    "int_parsing": "not a whole number",
    "int_from_float": "not a whole number",
    "greater_than_equal": "the number is too small",
}

R = TypeVar("R", bound=Record)


_ALWAYS = frozenset({"regions", "councils", "candidates", "pledges"})
_MODELS: Mapping[str, type[Record]] = {
    "regions": Region,
    "councils": Council,
    "candidates": Candidate,
    "pledges": Pledge,
    "parties": Party,
    "activists": Activist,
    "bodies": Body,
    "events": Event,
    "programme": Item,
    "progress": Progress,
}
"""By entry of `[tables]`."""


def read_tables(folder: Path, campaign: Campaign, needed: Collection[str]) -> tuple[Tables, list[Finding]]:
    """Tables of the campaign; wrong rows are left out and told, broken files give an empty table.

    Args:
        folder: the campaign's.
        campaign: says where the tables are.
        needed: further entries of `[tables]`: an error in the activists' sheet must not hold up agreements.
    """
    sources = campaign.tables
    findings: list[Finding] = []
    rejected: set[str] = set()

    def table(model: type[R], names: Sequence[str]) -> tuple[R, ...]:
        records: list[R] = []
        for name in names:
            try:
                sheet = read_source(folder, name)
            except Trouble as trouble:
                findings.append(trouble.finding)
                continue
            more, found, texts = read_records(sheet, model)
            records += more
            findings.extend(found)
            rejected.update(texts)
        return tuple(records)

    # Answers may be a party's: without the parties they would seem to be nobody's.
    chosen = {*_ALWAYS, *needed, *(["parties"] if sources.answers else [])}
    found = {name: table(model, getattr(sources, name)) for name, model in _MODELS.items() if name in chosen}
    answers = table(Response, sources.answers) if sources.answers else None
    return Tables(**found, answers=answers, rejected=frozenset(rejected)), findings  # type: ignore[arg-type]


def read_source(folder: Path, source: str) -> Sheet:
    """`file.xlsx#sheet` below `inputs/`.

    Raises:
        Trouble: as `read_sheet`.
    """
    name, _, sheet = source.partition("#")
    return read_sheet(folder / "inputs" / name, f"inputs/{name}", sheet)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a table's columns stand in its sheet."""

    header: int
    """Index of the header row."""
    fields: Mapping[str, int]
    """Column index by field."""
    others: Mapping[str, int]
    """Column index by header, for columns that no field has."""


def read_records(sheet: Sheet, model: type[R]) -> tuple[list[R], list[Finding], set[str]]:
    """The rows of a sheet as records of `model`, everything wrong by cell, and all texts of rows left out for it."""
    header = _find_header(sheet, model)
    if header is None:
        names = ", ".join(one.name for name, one in model.headers().items() if name in model.required)
        where = Cell(sheet.file, sheet.name)
        return [], [finding("header.missing", where, rows=_HEADER_ROWS, headers=names)], set()
    layout, findings = _lay_out(sheet, header, model)
    findings += _merged(sheet, layout)
    if any(one.code == "column.missing" for one in findings):
        return [], findings, set()
    records = []
    rejected: set[str] = set()
    rows = 0
    for index in range(header + 1, len(sheet.rows)):
        texts, found = _texts(sheet, index, layout)
        if not texts and not found:
            continue
        rows += 1
        record, more = _record(sheet, index, layout, texts, model)
        # A cell that already has its finding is missing to the record; once is enough.
        told = {one.cell for one in found}
        findings += [*found, *(one for one in more if one.cell not in told)]
        if record and not found:
            records.append(record)
        else:
            rejected |= set(texts.values())
    if not rows:
        findings.append(finding("sheet.empty", Cell(sheet.file, sheet.name)))
    return records, findings, rejected


def _find_header(sheet: Sheet, model: type[Record]) -> int | None:
    """The row, among the first ones, that holds most of the headers; at least two, or all that are required."""
    known = {squeeze(name) for one in model.headers().values() for name in (one.name, *one.aliases)}
    scores = [len({squeeze(clean(text)) for text in row} & known) for row in sheet.rows[:_HEADER_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) if best >= min(2, len(model.required)) else None


def _lay_out(sheet: Sheet, header: int, model: type[Record]) -> tuple[_Layout, list[Finding]]:
    findings: list[Finding] = []
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    for column, text in enumerate(sheet.rows[header]):
        title = " ".join(clean(text).split())
        key = squeeze(title)
        forbidden = list(_forbidden(title, sheet.cell(header, column)))
        findings += forbidden
        if forbidden:
            continue
        if key in columns:
            findings.append(finding("column.duplicate", sheet.cell(header, column), header=title))
        elif key:
            columns[key], titles[key] = column, title
    fields: dict[str, int] = {}
    for name, mark in model.headers().items():
        known = next((one for one in map(squeeze, (mark.name, *mark.aliases)) if one in columns), "")
        if known:
            fields[name] = columns.pop(known)
        elif name in model.required:
            where = sheet.cell(header, 0)
            where = Cell(where.file, where.sheet, where.row)
            findings.append(finding("column.missing", where, header=mark.name, aliases=", ".join(mark.aliases)))
    others = {titles[key]: column for key, column in columns.items()}
    findings += [
        finding("column.unknown", sheet.cell(header, column), header=title, field=field_name(title))
        for title, column in others.items()
    ]
    return _Layout(header, fields, others), findings


def _merged(sheet: Sheet, layout: _Layout) -> Iterator[Finding]:
    """Merges that swallow cells of the table; those in titles above it are none of our business."""
    used = {*layout.fields.values(), *layout.others.values()}
    for merge in sheet.facts.merges:
        (top, left), (bottom, right) = (place(corner) for corner in merge.split(":"))
        if bottom > layout.header and used & set(range(left, right + 1)):
            yield finding("cell.merged", sheet.cell(top, left), range=merge)


def _texts(sheet: Sheet, index: int, layout: _Layout) -> tuple[dict[str, str], list[Finding]]:
    """The filled cells of a row by field or header, and what no cell may hold."""
    row = sheet.rows[index]
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for name, column in (*layout.fields.items(), *layout.others.items()):
        place_ = (index, column)
        if place_ in sheet.facts.errors:
            error = sheet.facts.errors[place_]
            findings.append(finding("cell.error", sheet.cell(*place_), value=error))
        elif place_ in sheet.facts.stale:
            findings.append(finding("cell.uncalculated", sheet.cell(*place_)))
        elif column < len(row) and (text := clean(row[column])):
            findings += _forbidden(text, sheet.cell(*place_))
            texts[name] = text
    return texts, findings


def _forbidden(text: str, where: Cell) -> Iterator[Finding]:
    if _CONTROL.search(text):
        yield finding("cell.control", where)
    if tag := _TAG.search(text):
        yield finding("cell.tag", where, value=tag[0])
    if _RESIDENT_NUMBER.search(text):
        yield finding("cell.resident_number", where)


def _record(
    sheet: Sheet, index: int, layout: _Layout, texts: Mapping[str, str], model: type[R]
) -> tuple[R | None, list[Finding]]:
    columns = {name: letters(column) for name, column in (*layout.fields.items(), *layout.others.items())}
    at = Row(sheet.file, sheet.name, index + 1, columns)
    values: dict[str, Any] = {name: texts[name] for name in layout.fields if name in texts}
    # A column without a cell in this row is still a field: templates must not fail on an empty remark.
    values["more"] = {title: texts.get(title, "") for title in layout.others}
    try:
        return model.model_validate({**values, "at": at}), []
    except ValidationError as error:
        return None, [_cell_finding(one, at, model) for one in error.errors()]


def _cell_finding(error: ErrorDetails, at: Row, model: type[Record]) -> Finding:
    name = str(error["loc"][0])
    header: Header = model.headers()[name]
    where = at.cell(name)
    if error["type"] == "missing":
        return finding("cell.blank", where, header=header.name)
    annotation: Any = model.model_fields[name].annotation
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        allowed = [member.value for member in annotation]
        return finding(
            "cell.choice",
            where,
            header=header.name,
            value=str(error["input"]),
            allowed=", ".join(allowed),
            suggestion=nearest(str(error["input"]), allowed),
        )
    return finding("cell.value", where, header=header.name, problem=_PROBLEMS.get(error["type"], error["msg"]))
