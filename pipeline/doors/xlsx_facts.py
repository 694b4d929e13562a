"""What a workbook's XML says beside the values: number formats, error cells, stale formulas, merges.

One streaming pass over the sheet's part (ECMA-376 part 1, 18.3.1). Rows and columns count from 0 here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a grid of values does not show."""

    formats: Mapping[Place, str] = field(default_factory=dict)
    """Number formats of cells that are not General."""
    errors: Mapping[Place, str] = field(default_factory=dict)
    """Cells that show #N/A, #REF! and the like."""
    stale: frozenset[Place] = frozenset()
    """Formulas without a stored value."""
    merges: tuple[str, ...] = ()
    """Merged ranges, `B3:B5`."""


def place(reference: str) -> Place:
    """`B3` → (2, 1)."""
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", reference)
    if match is None:
        raise ValueError(f"not a cell reference: {reference!r}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def read_facts(blob: bytes, index: int) -> Facts:
    """The facts of the sheet at `index` in the order of the workbook.

    Raises:
        KeyError, zipfile.BadZipFile, lxml.etree.XMLSyntaxError: the workbook is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        formats = _cell_formats(package)
        with package.open(_sheet_part(package, index)) as stream:
            return _scan(stream, formats)


def _parse(package: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    return etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _sheet_part(package: zipfile.ZipFile, index: int) -> str:
    sheet = _parse(package, "xl/workbook.xml").findall(f"{_MAIN}sheets/{_MAIN}sheet")[index]
    for relation in _parse(package, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == sheet.get(_REL):
            return posixpath.normpath(posixpath.join("/xl", relation.get("Target"))).lstrip("/")
    raise KeyError(sheet.get(_REL))


def _cell_formats(package: zipfile.ZipFile) -> list[str]:
    if "xl/styles.xml" not in package.namelist():
        return []
    styles = _parse(package, "xl/styles.xml")
    own = {int(one.get("numFmtId")): one.get("formatCode") for one in styles.iter(f"{_MAIN}numFmt")}
    used = styles.find(f"{_MAIN}cellXfs")
    ids = [int(one.get("numFmtId", 0)) for one in ([] if used is None else used)]
    return [own.get(one, _BUILT_IN.get(one, "")) for one in ids]


def _is_stale(cell: Any, value: Any) -> bool:
    """A formula without a stored value; an empty text is a value (18.3.1.4: `t="str"`)."""
    empty = value is None or not value.text
    return empty and cell.find(f"{_MAIN}f") is not None and (value is None or cell.get("t") != "str")


def _scan(stream: Any, formats: list[str]) -> Facts:
    from lxml import etree

    shown: dict[Place, str] = {}
    errors: dict[Place, str] = {}
    stale: set[Place] = set()
    merges: list[str] = []
    tags = (f"{_MAIN}row", f"{_MAIN}mergeCell")
    for _, element in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
        if element.tag == tags[1]:
            merges.append(element.get("ref"))
            continue
        for cell in element:
            value = cell.find(f"{_MAIN}v")
            style = int(cell.get("s", 0))
            if cell.get("t") == "e":
                errors[place(cell.get("r"))] = value.text if value is not None else "#"
            elif _is_stale(cell, value):
                stale.add(place(cell.get("r")))
            elif style < len(formats) and formats[style] and value is not None:
                shown[place(cell.get("r"))] = formats[style]
        element.clear()
    return Facts(shown, errors, frozenset(stale), tuple(merges))
