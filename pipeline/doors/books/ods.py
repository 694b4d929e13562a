"""Workbooks of LibreOffice and of the public offices' OpenDocument duty (.ods; ODF 1.3 part 3, 9).

content.xml holds both what a cell shows (`text:p`) and what it is (`office:value`): the first is what people see.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from pipeline.doors.books.sheet_zip import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Budget, Damaged, Huge, Package, choose
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding
from pipeline.model.sheets import Facts, Place, Sheet, area

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_OFFICE, _TABLE, _TEXT, _STYLE = ("{" + _SPACE.format(name) + "}" for name in ("office", "table", "text", "style"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|Err:[0-9]{3}")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(slots=True)
class _Reading:
    """What is gathered on the way through a table."""

    struck: frozenset[str]
    """Names of cell and text styles that strike through."""
    rows: list[list[str]] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    stale: set[Place] = field(default_factory=set)
    merges: list[str] = field(default_factory=list)
    looks: dict[Place, tuple[str, str]] = field(default_factory=dict)
    struck_cells: dict[Place, bool] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    filtered: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    column_styles: list[tuple[int, str]] = field(default_factory=list)
    """Up to which column (not included) which default cell style goes."""


def read_ods(blob: bytes, where: Cell) -> Sheet:
    """The sheet that `where` names, or the first one.

    Raises:
        Trouble: sheet.missing, file.encrypted.
        Damaged, Huge, Entities, zipfile.BadZipFile, lxml.etree.XMLSyntaxError and others: it cannot be read.
    """
    package = Package(blob)
    if "META-INF/manifest.xml" in package:
        manifest = package.parse("META-INF/manifest.xml")
        if any(str(one.tag).endswith("}encryption-data") for one in manifest.iter()):
            raise Trouble(finding("file.encrypted", where))
    names, hidden, struck = _outline(package)
    chosen = choose(names, hidden, where)
    reading = _Reading(struck)
    _scan(package, chosen, reading)
    facts = Facts(
        errors=reading.errors,
        stale=frozenset(reading.stale),
        merges=tuple(reading.merges),
        looks=reading.looks,
        struck=reading.struck_cells,
        hidden_rows=frozenset(reading.hidden),
        filtered_rows=frozenset(reading.filtered),
        hidden_columns=frozenset(reading.columns),
        hidden=hidden[chosen],
    )
    return Sheet(where.file, unicodedata.normalize("NFC", names[chosen]), reading.rows, facts)


def _outline(package: Package) -> tuple[list[str], list[bool], frozenset[str]]:
    """Names of tables, whether they are hidden, and the styles that strike through."""
    names: list[str] = []
    hidden: list[bool] = []
    struck: set[str] = set()
    unseen: set[str] = set()
    parents: dict[str, str] = {}
    for part in ("styles.xml", "content.xml"):
        if part not in package:
            continue
        tags = [f"{_STYLE}style", f"{_TABLE}table", f"{_TABLE}table-row"]
        for element in package.elements(part, tags):
            if element.tag == f"{_STYLE}style":
                name = element.get(f"{_STYLE}name", "")
                parents[name] = element.get(f"{_STYLE}parent-style-name", "")
                text = element.find(f"{_STYLE}text-properties")
                line = _line_through(text) if text is not None else None
                if line not in {None, "none"} or (line is None and parents[name] in struck):
                    struck.add(name)
                table = element.find(f"{_STYLE}table-properties")
                if table is not None and table.get(f"{_TABLE}display") == "false":
                    unseen.add(name)
            elif element.tag == f"{_TABLE}table" and _is_sheet(element):
                names.append(element.get(f"{_TABLE}name", ""))
                hidden.append(element.get(f"{_TABLE}style-name", "") in unseen)
    return names, hidden, frozenset(struck)


def _line_through(text: Any) -> str | None:
    """Programs write the line's style, its type, or both; None where neither is said."""
    said = {text.get(f"{_STYLE}text-line-through-{name}") for name in ("style", "type")} - {None}
    return None if not said else next(iter(said - {"none"}), "none")


def _is_sheet(table: Any) -> bool:
    above = table.getparent()
    return above is not None and above.tag == f"{_OFFICE}spreadsheet"


def _scan(package: Package, chosen: int, reading: _Reading) -> None:
    budget = Budget()
    row = column = table = 0
    tags = [f"{_TABLE}{name}" for name in ("table", "table-row", "table-column")]
    for element in package.elements("content.xml", tags):
        if element.tag == f"{_TABLE}table":
            if _is_sheet(element):
                table, row, column = table + 1, 0, 0
            if table > chosen:
                break
        elif table != chosen or _inner(element):
            continue
        elif element.tag == f"{_TABLE}table-column":
            count = _repeated(element, "columns")
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                reading.columns |= set(range(column, min(column + count, MAX_COLUMNS)))
            column += count
            reading.column_styles.append((column, element.get(f"{_TABLE}default-cell-style-name", "")))
        else:
            count = _repeated(element, "rows")
            _keep(element, row, count, reading, budget)
            row += count


def _keep(element: Any, row: int, count: int, reading: _Reading, budget: Budget) -> None:
    """A row, or several that are alike."""
    line = _row(element, row, reading)
    if not line:
        return
    if row + count > MAX_ROWS:
        raise Damaged
    budget.take((row - len(reading.rows)) + count * len(line))
    reading.rows.extend([] for _ in range(row - len(reading.rows)))
    reading.rows.extend(line for _ in range(count))
    visibility = element.get(f"{_TABLE}visibility", "visible")
    if visibility != "visible":
        reading.hidden |= set(range(row, row + count))
    if visibility == "filter":
        reading.filtered |= set(range(row, row + count))


def _inner(element: Any) -> bool:
    """Rows of a table within a cell."""
    return sum(1 for _ in element.iterancestors(f"{_TABLE}table")) > 1


def _repeated(element: Any, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))


def _row(element: Any, row: int, reading: _Reading) -> list[str]:
    line: list[str] = []
    column = 0
    for cell in element:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        count = _repeated(cell, "columns")
        at = (row, column)
        text = "" if cell.tag == f"{_TABLE}covered-table-cell" else _cell(cell, at, reading)
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        right = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        if down > 1 or right > 1:
            reading.merges.append(area(row, column, row + down - 1, column + right - 1))
        if text or at in reading.errors or at in reading.stale:
            if column + count > MAX_COLUMNS:
                raise Damaged
            line.extend([""] * (column - len(line)))
            line.extend([text] * count)
        column += count
    return line


def _cell(cell: Any, at: Place, reading: _Reading) -> str:
    parts: list[tuple[str, bool]] = []
    paragraphs = [one for one in cell if one.tag == f"{_TEXT}p"]
    for number, paragraph in enumerate(paragraphs):
        parts += [("\n", False)] if number else []
        _pieces(paragraph, parts, reading.struck, struck=False)
    shown = "".join(text for text, _ in parts)
    if len(shown) > MAX_TEXT:
        raise Huge
    marks = {struck for text, struck in parts if text.strip()}
    style = cell.get(f"{_TABLE}style-name") or next((name for end, name in reading.column_styles if at[1] < end), "")
    if shown and (style in reading.struck or True in marks):
        reading.struck_cells[at] = style in reading.struck or False not in marks
    formula = cell.get(f"{_TABLE}formula") is not None
    kind = cell.get(f"{_OFFICE}value-type")
    if cell.get(f"{_CALC}value-type") == "error" or (formula and _ERROR.fullmatch(shown)):
        reading.errors[at] = shown[:20] or "#"
        return ""
    if formula and kind is None and not shown:
        reading.stale.add(at)
    return _value(cell, kind, shown, at, reading)


def _value(cell: Any, kind: str | None, shown: str, at: Place, reading: _Reading) -> str:
    """What the cell shows; dates and times as ISO text."""
    if kind == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", "")).upper()
    if kind == "date":
        held = str(cell.get(f"{_OFFICE}date-value", "")).replace("T", " ")[:19].removesuffix(" 00:00:00")
        year, _, rest = held.partition("-")
        numbers = {int(one) for one in re.findall(r"\d+", shown)[:10] if len(one) < 5}  # noqa: PLR2004 - years have 4
        day = rest[3:5]
        if (day.isdigit() and int(day) not in numbers) or (
            year.isdigit() and not {int(year), int(year) % 100} & numbers
        ):
            reading.looks[at] = (shown, held)
        return held
    if kind == "time":
        match = _TIME.fullmatch(cell.get(f"{_OFFICE}time-value", ""))
        if not match:
            return shown
        return ":".join(match.groups() if match[3] != "00" else match.groups()[:2])
    held = str(cell.get(f"{_OFFICE}value", ""))
    if kind in {"float", "currency", "percentage"} and _NUMBER.fullmatch(held) and _hides(shown, held, kind):
        reading.looks[at] = (shown, held)
    return shown


def _hides(shown: str, held: str, kind: str) -> bool:
    """Whether digits of a number are not shown."""
    from decimal import Decimal

    match = _NUMBER.search(shown.replace(",", ""))
    if not match:
        # TRUE, or a word that a format puts for the number.
        return not shown and bool(Decimal(held))
    if "E" in shown or match[0].lstrip("-0.") == "":
        return "E" not in shown and Decimal(match[0]) != Decimal(held)
    seen, real = abs(Decimal(match[0])), abs(Decimal(held)) * (100 if kind == "percentage" else 1)
    grouped = re.sub(r"\D", "", shown) == re.sub(r"\D", "", held)
    return not grouped and abs(seen - real) > Decimal("1e-9") * max(Decimal(1), real) and shown.count("-") < 2  # noqa: PLR2004 - phone numbers


def _pieces(element: Any, parts: list[tuple[str, bool]], styles: frozenset[str], *, struck: bool) -> None:
    """The text of a paragraph in pieces, each with whether it is struck through; comments are not text."""
    parts.append((element.text or "", struck))
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            parts.append((" " * min(int(child.get(f"{_TEXT}c", "1")), 1000), struck))
        elif tag == f"{_TEXT}tab":
            parts.append(("\t", struck))
        elif tag == f"{_TEXT}line-break":
            parts.append(("\n", struck))
        elif tag == f"{_TEXT}span":
            _pieces(child, parts, styles, struck=struck or child.get(f"{_TEXT}style-name", "") in styles)
        elif tag in {f"{_TEXT}a", f"{_TEXT}ruby", f"{_TEXT}ruby-base", f"{_TEXT}meta"}:
            _pieces(child, parts, styles, struck=struck)
        elif str(tag).startswith(_TEXT) and not str(tag).endswith(("ruby-text", "note")):
            parts.append(("".join(child.itertext()), struck))
        parts.append((child.tail or "", struck))
