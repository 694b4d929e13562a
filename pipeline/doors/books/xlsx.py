"""Workbooks of Excel since 2007 (.xlsx, .xlsm; ECMA-376 part 1, 18): values and what they hide, in one pass.

Read here and not by a library, since what people see needs more than values: number formats, struck-through text,
hidden rows, formulas never calculated. Macros are never looked at.
"""

from __future__ import annotations

import io
import math
import posixpath
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from pipeline.doors.books.number_formats import BUILT_IN, look
from pipeline.doors.books.plain_rows import PlainCell, WithoutPlainRows, only, text_of, unescaped
from pipeline.doors.books.sheet_zip import (
    MAX_COLUMNS,
    MAX_ROWS,
    Budget,
    Damaged,
    Package,
    Readable,
    choose,
)
from pipeline.model.findings import Cell
from pipeline.model.sheets import Facts, Place, Sheet, place

_KIND = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_KIND = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_NONE: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Style:
    """What matters of a cell style."""

    code: str = ""
    struck: bool = False


@dataclass(slots=True)
class _Reading:
    """What is gathered on the way through a sheet."""

    texts: list[tuple[str, bool | None]]
    """The table of texts; whether struck through as a whole (True) or in part (False)."""
    styles: list[_Style]
    from_1904: bool
    wanted: Iterable[int] | None = None
    """Rows, from 1, that have to be read; None: all."""
    strikes: bool = False
    """Whether any style strikes through."""
    rows: list[Sequence[str]] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    stale: set[Place] = field(default_factory=set)
    merges: list[str] = field(default_factory=list)
    looks: dict[Place, tuple[str, str]] = field(default_factory=dict)
    struck: dict[Place, bool] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    filters: list[str] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Located:
    """A sheet of a workbook, and the parts that it is read from."""

    name: str
    hidden: bool
    from_1904: bool
    path: str
    styles: str
    texts: str


def locate(package: Package, where: Cell) -> Located:
    """The sheet that `where` names, or the first one.

    Raises:
        as `read_xlsx`.
    """
    main = _main_part(package)
    book = package.parse(main)
    relations = _relations(package, main)
    sheets = [one for one in _all(book, "sheet") if "worksheet" in relations.get(_id_of(one), ("", ""))[0]]
    names = [str(one.get("name", "")) for one in sheets]
    hidden = [one.get("state", "visible") != "visible" for one in sheets]
    chosen = choose(names, hidden, where)
    properties = _all(book, "workbookPr")
    return Located(
        unicodedata.normalize("NFC", names[chosen]),
        hidden[chosen],
        bool(properties) and _is_on(properties[0].get("date1904", "0")),
        relations[_id_of(sheets[chosen])][1],
        _target(relations, "styles"),
        _target(relations, "sharedStrings"),
    )


def read_xlsx(blob: bytes, where: Cell, wanted: Iterable[int] | None = None) -> Sheet:
    """The sheet that `where` names, or the first one.

    Args:
        blob: the file.
        where: the sheet.
        wanted: rows, from 1, that have to be read; None: all. Others may be left empty.

    Raises:
        Trouble: sheet.missing.
        Damaged, Huge, Entities, zipfile.BadZipFile, lxml.etree.XMLSyntaxError and others: it cannot be read.
    """
    package = Package(blob)
    sheet = locate(package, where)
    reading = _Reading(_shared_texts(package, sheet.texts), _styles(package, sheet.styles), sheet.from_1904, wanted)
    reading.strikes = any(style.struck for style in reading.styles)
    _scan(package, sheet.path, reading)
    return Sheet(where.file, sheet.name, reading.rows, _facts(reading, hidden=sheet.hidden))


def _facts(reading: _Reading, *, hidden: bool) -> Facts:
    filtered = set[int]()
    for reference in reading.filters:
        top, _, bottom = reference.partition(":")
        first, last = place(top)[0], place(bottom or top)[0]
        filtered |= {row for row in reading.hidden if first < row <= last}
    return Facts(
        errors=reading.errors,
        stale=frozenset(reading.stale),
        merges=tuple(reading.merges),
        looks=reading.looks,
        struck=reading.struck,
        hidden_rows=frozenset(reading.hidden),
        filtered_rows=frozenset(filtered),
        hidden_columns=frozenset(reading.columns),
        hidden=hidden,
    )


def _main_part(package: Package) -> str:
    found = [target for kind, target in _relations(package, "").values() if kind.endswith("/officeDocument")]
    return found[0] if found else "xl/workbook.xml"


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Kind and target of each relation of a part, by id."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in package:
        return {}
    return {
        one.get("Id", ""): (
            one.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, one.get("Target", "").replace("\\", "/"))),
        )
        for one in package.parse(path)
        if one.get("TargetMode") != "External"
    }


def _target(relations: dict[str, tuple[str, str]], kind: str) -> str:
    return next((target for own, target in relations.values() if own.endswith(f"/{kind}")), "")


def _id_of(sheet: Any) -> str:
    return str(sheet.get(f"{_KIND}id") or sheet.get(f"{_STRICT_KIND}id") or "")


def _all(root: Any, name: str) -> list[Any]:
    return list(root.iter(f"{{*}}{name}"))


def _is_on(value: str) -> bool:
    return value.strip().casefold() not in {"0", "false", "off"}


def _strikes(properties: Any) -> bool:
    mark = properties.find("{*}strike") if properties is not None else None
    return mark is not None and _is_on(mark.get("val", "1"))


def _styles(package: Package, path: str) -> list[_Style]:
    if path not in package:
        return []
    root = package.parse(path)
    own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in _all(root, "numFmt")}
    fonts = root.find("{*}fonts")
    struck = [_strikes(one) for one in fonts] if fonts is not None else []
    used = root.find("{*}cellXfs")
    styles = []
    for one in used if used is not None else ():
        number, font = one.get("numFmtId", "0"), int(one.get("fontId", "0"))
        code = own.get(number, BUILT_IN.get(int(number), ""))
        styles.append(_Style("" if code.casefold() == "general" else code, font < len(struck) and struck[font]))
    return styles


def _shared_texts(package: Package, path: str) -> list[tuple[str, bool | None]]:
    if path not in package:
        return []
    return [_rich(one) for one in package.elements(path, ["{*}si"])]


def _rich(element: Any) -> tuple[str, bool | None]:
    """The text of an `si` or `is`, without how it is read aloud (`rPh`), and whether it is struck through."""
    namespace = element.tag[: element.tag.index("}") + 1]
    plain, run = f"{namespace}t", f"{namespace}r"
    if len(element) == 1 and element[0].tag == plain:
        return unescaped(element[0].text or ""), None
    parts: list[str] = []
    marks: set[bool] = set()
    for child in element:
        if child.tag == plain:
            parts.append(child.text or "")
            marks |= {False} if parts[-1].strip() else set()
        elif child.tag == run:
            text = "".join(one.text or "" for one in child.iter(plain))
            parts.append(text)
            if text.strip():
                marks.add(_strikes(child.find(f"{namespace}rPr")))
    text = unescaped("".join(parts))
    struck = marks == {True} if True in marks else None
    return text, struck


def _scan(package: Package, path: str, reading: _Reading) -> None:
    """Go through a sheet's part."""
    budget = Budget()
    tags = [f"{{*}}{name}" for name in ("row", "mergeCell", "col", "autoFilter")]
    columns: dict[str, int] = {}
    last = -1

    def take(row: int, cells: Sequence[PlainCell]) -> None:
        _keep(_plain_row(row, cells, columns, reading), row, reading, budget)

    def sieve(stream: IO[bytes]) -> Readable:
        # What is struck through has to be noted cell by cell.
        some = stream if reading.wanted is None else io.BytesIO(only(stream.read(), reading.wanted))
        return some if reading.strikes else WithoutPlainRows(some, take)

    for element in package.elements(path, tags, sieve):
        name = element.tag[element.tag.index("}") + 1 :]
        if name == "row":
            last = int(element.get("r", last + 2)) - 1
            _keep(_row(element, last, columns, reading), last, reading, budget)
            if _is_on(element.get("hidden", "0")):
                reading.hidden.add(last)
        elif name == "mergeCell":
            reading.merges.append(_range(element.get("ref", "")))
        elif name == "autoFilter":
            reading.filters += [_range(element.get("ref", ""))] if len(element) else []
        elif _is_on(element.get("hidden", "0")):
            first, end = int(element.get("min", "0")), int(element.get("max", "0"))
            reading.columns |= set(range(max(first, 1) - 1, min(end, MAX_COLUMNS)))


def _keep(line: list[str], row: int, reading: _Reading, budget: Budget) -> None:
    if not 0 <= row < MAX_ROWS:
        raise Damaged
    while line and not line[-1]:
        line.pop()
    if line:
        budget.take(len(line))
        rows = reading.rows
        if len(rows) <= row:
            rows.extend([_NONE] * (row - len(rows) + 1))
        rows[row] = line


def _range(reference: str) -> str:
    for corner in reference.split(":"):
        place(corner)
    return reference if ":" in reference else f"{reference}:{reference}"


def _row(element: Any, row: int, columns: dict[str, int], reading: _Reading) -> list[str]:
    """The texts of a row. Cells may leave out where they stand (some exports do)."""
    line: list[str] = []
    number = str(row + 1)
    namespace = element.tag[: element.tag.index("}") + 1]
    for cell in element.iterchildren(f"{namespace}c"):
        get = cell.get
        reference = get("r")
        if reference is None:
            column = _within(len(line))
        else:
            letters = reference.removesuffix(number)
            column = _column(letters, columns)
        _put(line, column, _text(cell, (row, column), namespace, reading) if len(cell) else "")
    return line


def _column(letters: str, columns: dict[str, int]) -> int:
    column = columns.get(letters, -1)
    if column < 0:
        column = columns[letters] = _within(place(f"{letters}1")[1])
    return column


def _within(column: int) -> int:
    if column >= MAX_COLUMNS:
        raise Damaged
    return column


def _put(line: list[str], column: int, text: str) -> None:
    if column == len(line):
        line.append(text)
    else:
        line.extend([""] * (column + 1 - len(line)))
        line[column] = text


def _plain_row(row: int, cells: Sequence[PlainCell], columns: dict[str, int], reading: _Reading) -> list[str]:
    """As `_row`, of a row that was read without a tree."""
    line: list[str] = []
    texts = reading.texts
    for _, letters, _, style, shared, number, text in cells:
        column = columns.get(letters, -1)
        if column < 0:
            column = _column(letters, columns)
        if shared:
            shown, struck = texts[int(shared)]
            if shown and struck is not None:
                reading.struck[row, column] = struck
        elif number:
            shown = _plain(number, None, _style_of(style, reading).code, (row, column), reading)
        else:
            shown = text_of(text)
        if column == len(line):
            line.append(shown)
        else:
            _put(line, column, shown)
    return line


def _style_of(index: str, reading: _Reading) -> _Style:
    """A cell without a style has the first one: the workbook's default."""
    at = int(index or "0")
    return reading.styles[at] if 0 <= at < len(reading.styles) else _PLAIN


def _refuse() -> tuple[str, bool | None]:
    raise Damaged


def _text(cell: Any, at: Place, namespace: str, reading: _Reading) -> str:
    """What a cell shows."""
    parts = {part.tag: part for part in cell}
    stored, inline = parts.get(f"{namespace}v"), parts.get(f"{namespace}is")
    value = None if stored is None else stored.text
    style = _style_of(cell.get("s", "0"), reading)
    kind = cell.get("t")
    struck = None
    if inline is not None:
        text, struck = _rich(inline)
    elif value is None:
        # An empty text is a value (18.3.1.4), an absent one is none.
        if f"{namespace}f" in parts and not (kind == "str" and stored is not None):
            reading.stale.add(at)
        return ""
    elif kind == "s":
        text, struck = reading.texts[int(value)] if int(value) >= 0 else _refuse()
    else:
        text = _plain(value, kind, style.code, at, reading)
    if text and (style.struck or struck is not None):
        reading.struck[at] = style.struck or bool(struck)
    return text


_PLAIN = _Style()


def _plain(value: str, kind: str | None, code: str, at: Place, reading: _Reading) -> str:
    """A stored value that is no text of the table, as its cell shows it."""
    if kind == "str":
        return unescaped(value)
    if kind == "b":
        return "TRUE" if _is_on(value) else "FALSE"
    if kind == "e":
        reading.errors[at] = value[:20]
        return ""
    if kind == "d":
        return value.replace("T", " ").removesuffix(" 00:00:00").removesuffix("Z")[:40]
    number = float(value)
    if not math.isfinite(number):
        reading.errors[at] = "#NUM!"
        return ""
    seen = look(number, code, from_1904=reading.from_1904)
    if seen.differs:
        reading.looks[at] = (seen.shown, seen.held)
    return seen.text
