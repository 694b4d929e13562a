"""Workbooks of Excel since 2007 (.xlsx, .xlsm; ECMA-376 part 1, 18): values and what they hide, in one pass.

Read here and not by a library, since what people see needs more than values: number formats, struck-through text, hidden
rows, formulas never calculated. Macros are never looked at.
"""

from __future__ import annotations

import math
import posixpath
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.doors.number_formats import BUILT_IN, look
from pipeline.doors.sheet_zip import MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Budget, Damaged, Huge, Package, choose
from pipeline.model.findings import Cell
from pipeline.model.sheets import Facts, Place, Sheet, place

_KIND = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_KIND = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
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
    rows: list[Sequence[str]] = field(default_factory=list)
    errors: dict[Place, str] = field(default_factory=dict)
    stale: set[Place] = field(default_factory=set)
    merges: list[str] = field(default_factory=list)
    looks: dict[Place, tuple[str, str]] = field(default_factory=dict)
    struck: dict[Place, bool] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    filters: list[str] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)


def read_xlsx(blob: bytes, where: Cell) -> Sheet:
    """The sheet that `where` names, or the first one.

    Raises:
        Trouble: sheet.missing.
        Damaged, Huge, Entities, zipfile.BadZipFile, lxml.etree.XMLSyntaxError and others: it cannot be read.
    """
    package = Package(blob)
    main = _main_part(package)
    book = package.parse(main)
    relations = _relations(package, main)
    sheets = [one for one in _all(book, "sheet") if "worksheet" in relations.get(_id_of(one), ("", ""))[0]]
    names = [str(one.get("name", "")) for one in sheets]
    hidden = [one.get("state", "visible") != "visible" for one in sheets]
    chosen = choose(names, hidden, where)
    properties = _all(book, "workbookPr")
    reading = _Reading(
        _shared_texts(package, relations),
        _styles(package, relations),
        bool(properties) and _is_on(properties[0].get("date1904", "0")),
    )
    _scan(package, relations[_id_of(sheets[chosen])][1], reading)
    return Sheet(
        where.file, unicodedata.normalize("NFC", names[chosen]), reading.rows, _facts(reading, hidden=hidden[chosen])
    )


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


def _styles(package: Package, relations: dict[str, tuple[str, str]]) -> list[_Style]:
    path = _target(relations, "styles")
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


def _shared_texts(package: Package, relations: dict[str, tuple[str, str]]) -> list[tuple[str, bool | None]]:
    path = _target(relations, "sharedStrings")
    if path not in package:
        return []
    return [_rich(one) for one in package.elements(path, ["{*}si"])]


def _rich(element: Any) -> tuple[str, bool | None]:
    """The text of an `si` or `is`, without how it is read aloud (`rPh`), and whether it is struck through."""
    namespace = element.tag[: element.tag.index("}") + 1]
    plain, run = f"{namespace}t", f"{namespace}r"
    parts: list[str] = []
    marks: set[bool] = set()
    for child in element:
        if child.tag == plain:
            parts.append(child.text or "")
            if parts[-1].strip():
                marks.add(False)
        elif child.tag == run:
            text = "".join(one.text or "" for one in child.iter(plain))
            parts.append(text)
            if text.strip():
                marks.add(_strikes(child.find(f"{namespace}rPr")))
    text = _unescaped("".join(parts))
    return text, None if True not in marks else marks == {True}


def _unescaped(text: str) -> str:
    """`_x000D_` and the like (ECMA-376 part 1, 22.9.2.19)."""
    if len(text) > MAX_TEXT:
        raise Huge
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _scan(package: Package, path: str, reading: _Reading) -> None:
    """Go through a sheet's part."""
    budget = Budget()
    tags = [f"{{*}}{name}" for name in ("row", "mergeCell", "col", "autoFilter")]
    columns: dict[str, int] = {}
    last = -1
    for element in package.elements(path, tags):
        name = element.tag[element.tag.index("}") + 1 :]
        if name == "row":
            last = int(element.get("r", last + 2)) - 1
            if not 0 <= last < MAX_ROWS:
                raise Damaged
            if "hidden" in element.attrib and _is_on(element.get("hidden")):
                reading.hidden.add(last)
            line = _row(element, last, columns, reading)
            while line and not line[-1]:
                line.pop()
            if line:
                budget.take(len(line))
                rows = reading.rows
                if len(rows) <= last:
                    rows.extend([_NONE] * (last - len(rows) + 1))
                rows[last] = line
        elif name == "mergeCell":
            reading.merges.append(_range(element.get("ref", "")))
        elif name == "col" and _is_on(element.get("hidden", "0")):
            first, end = int(element.get("min", "0")), int(element.get("max", "0"))
            reading.columns |= set(range(max(first, 1) - 1, min(end, MAX_COLUMNS)))
        elif name == "autoFilter" and len(element):
            reading.filters.append(_range(element.get("ref", "")))


def _range(reference: str) -> str:
    for corner in reference.split(":"):
        place(corner)
    return reference if ":" in reference else f"{reference}:{reference}"


def _row(element: Any, row: int, columns: dict[str, int], reading: _Reading) -> list[str]:
    """The texts of a row. Cells may leave out where they stand (Google's and others' exports)."""
    line: list[str] = []
    number = str(row + 1)
    texts, styles = reading.texts, reading.styles
    namespace = element.tag[: element.tag.index("}") + 1]
    value_tag, formula_tag, inline_tag = f"{namespace}v", f"{namespace}f", f"{namespace}is"
    for cell in element.iterchildren(f"{namespace}c"):
        get = cell.get
        reference = get("r")
        if reference is None:
            column = len(line)
        else:
            letters = reference.removesuffix(number)
            known = columns.get(letters)
            column = columns.setdefault(letters, place(f"{letters}1")[1]) if known is None else known
        if column >= MAX_COLUMNS:
            raise Damaged
        value: str | None = None
        formula = False
        inline = None
        for part in cell:
            tag = part.tag
            if tag == value_tag:
                value = part.text
            elif tag == formula_tag:
                formula = True
            elif tag == inline_tag:
                inline = part
        style = get("s")
        # Style 0 may have a format, too: the workbook's default.
        index = 0 if style is None else int(style)
        own = styles[index] if index < len(styles) else _PLAIN
        kind = get("t")
        at = (row, column)
        struck: bool | None = None
        if kind == "s" and value is not None:
            if value.startswith("-"):
                raise Damaged
            text, struck = texts[int(value)]
        elif inline is not None:
            text, struck = _rich(inline)
        elif value is None:
            text = ""
            if formula and not (kind == "str" and cell.find(value_tag) is not None):
                reading.stale.add(at)
        else:
            text = _plain(value, kind, own.code, at, reading)
        if struck is not None or (own.struck and text):
            reading.struck[at] = own.struck or bool(struck)
        if column > len(line):
            line.extend([""] * (column - len(line)))
        if column == len(line):
            line.append(text)
        else:
            line[column] = text
    return line


_PLAIN = _Style()


def _plain(value: str, kind: str | None, code: str, at: Place, reading: _Reading) -> str:
    """A stored value that is no text of the table, as its cell shows it."""
    if kind == "str":
        return _unescaped(value)
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
