"""Charts of a Word file: filled from the list that their alternative text names (`도표: 현황.지역별`).

Each item of the list is a category, each series is named by the key whose whole numbers it draws. Word keeps a chart's
numbers twice, in the chart and in a workbook inside the file; the workbook would keep the author's numbers and is
taken out. Kind, colours, fonts and size stay as the template has them.

ECMA-376 part 1, 21.2.
"""

from __future__ import annotations

import copy
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.doors.word.text import ON_PAGE
from pipeline.korean.similar import nearest
from pipeline.model.documents import Context
from pipeline.model.findings import Cell, Finding, finding

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_TYPES = "[Content_Types].xml"
_FOLDER = "word/charts/"
_BOUND = re.compile(r"\s*(?:도표|chart)\s*:\s*(\S+)\s*")
_NAME, _NUMBER, _TITLE = "이름", "번호", "제목"
_SHEET = "Sheet1"
"""Where formulas point, as in the workbooks that Word makes itself."""


class _Wrong(Exception):  # noqa: N818 - carries a finding out of the depth of a chart
    def __init__(self, code: str, name: str = "", known: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.name = name
        self.known = known


@dataclass(frozen=True, slots=True)
class _Chart:
    part: str
    path: str
    root: Any


class Charts:
    """The charts of one template.

    Args:
        parts: of the template.
    """

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.sources = [parts[name] for name in sorted(parts) if name.startswith(_FOLDER) and name.endswith(".xml")]
        pages = [name for name in sorted(parts) if ON_PAGE.fullmatch(name) and b":chart " in parts[name]]
        self._charts = [one for name in pages for one in _bound(name, parts)]

    @property
    def paths(self) -> list[str]:
        """The lists that they draw."""
        return [chart.path for chart in self._charts]

    def take(self, parts: dict[str, bytes]) -> frozenset[str]:
        """Take what changes with the document out of a template's parts, and the workbooks with it.

        Returns:
            Names of the charts' parts.
        """
        for chart in self._charts:
            del parts[chart.part]
            for data in chart.root.findall(f"{_C}externalData"):
                _drop_workbook(parts, chart.part, data.get(f"{_R}id"))
                chart.root.remove(data)
        return frozenset(chart.part for chart in self._charts)

    def fill(self, context: Context, shown: str) -> tuple[dict[str, bytes], list[Finding]]:
        """The charts of a document, and what stands in their way."""
        filled: dict[str, bytes] = {}
        findings: list[Finding] = []
        for chart in self._charts:
            try:
                filled[chart.part] = _filled(chart, context)
            except _Wrong as wrong:
                params = {"chart": chart.path, "name": wrong.name, "known": ", ".join(wrong.known)}
                suggestion = nearest(wrong.name, wrong.known)
                findings.append(finding(wrong.code, Cell(shown), **params, suggestion=suggestion))
        return filled, findings


def _bound(page: str, parts: Mapping[str, bytes]) -> Iterator[_Chart]:
    """Charts of a part whose alternative text names a list."""
    targets = _targets(parts, page)
    for drawing in etree.fromstring(parts[page]).iter(f"{_DRAWING}docPr"):
        match = _BOUND.fullmatch(unicodedata.normalize("NFC", drawing.get("descr", "")))
        chart = next(drawing.getparent().iter(f"{_C}chart"), None)
        if match and chart is not None and (name := targets.get(chart.get(f"{_R}id"), "")) in parts:
            yield _Chart(name, match[1], etree.fromstring(parts[name]))


def _relations(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _targets(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    """Names of the parts that a part refers to, by relationship id."""
    relations = _relations(part)
    if relations not in parts:
        return {}
    folder = f"/{posixpath.dirname(part)}"
    return {
        one.get("Id"): posixpath.normpath(posixpath.join(folder, one.get("Target", ""))).lstrip("/")
        for one in etree.fromstring(parts[relations])
        if one.get("TargetMode") != "External"
    }


def _drop_workbook(parts: dict[str, bytes], chart: str, identifier: str) -> None:
    """Take a chart's workbook out of the package; one that lies outside is only forgotten."""
    workbook = _targets(parts, chart).get(identifier, "")
    relations = _relations(chart)
    if relations in parts:
        parts[relations] = _without(parts[relations], "Id", identifier)
    if parts.pop(workbook, None) is not None:
        parts[_TYPES] = _without(parts[_TYPES], "PartName", f"/{workbook}")


def _without(part: bytes, attribute: str, value: str) -> bytes:
    root = etree.fromstring(part)
    for one in [one for one in root if one.get(attribute) == value]:
        root.remove(one)
    return _serialise(root)


def _filled(chart: _Chart, context: Context) -> bytes:
    root = copy.deepcopy(chart.root)
    items = _items(chart.path, context)
    categories = [_category(item) for item in items]
    series = list(root.iter(f"{_C}ser"))
    if not series or any(one.find(f"{_C}val") is None for one in series):
        raise _Wrong("chart.kind")
    for place, one in enumerate(series):
        _fill_series(one, _column(place + 1), categories, items)
    return _serialise(root)


def _items(path: str, context: Context) -> Sequence[Mapping[str, Any]]:
    value: Any = context
    for step in path.split("."):
        if not isinstance(value, Mapping) or step not in value:
            raise _Wrong("chart.field", step, tuple(value) if isinstance(value, Mapping) else ())
        value = value[step]
    if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
        raise _Wrong("chart.list")
    return value


def _category(item: Mapping[str, Any]) -> str:
    if _NAME in item:
        return str(item[_NAME])
    if _TITLE in item:
        return f"{item.get(_NUMBER, '')} {item[_TITLE]}".strip()
    raise _Wrong("chart.field", _NAME, tuple(item))


def _fill_series(series: Any, column: str, categories: Sequence[str], items: Sequence[Mapping[str, Any]]) -> None:
    name = series.find(f"{_C}tx")
    key = "" if name is None else "".join(value.text or "" for value in name.iter(f"{_C}v"))
    key = unicodedata.normalize("NFC", key.strip())
    numbers = [_whole(item, key) for item in items]
    last = max(len(items), 1) + 1
    for formula in () if name is None else name.iter(f"{_C}f"):
        formula.text = f"{_SHEET}!${column}$1"
    values = series.find(f"{_C}val")
    code = next((one.text for one in values.iter(f"{_C}formatCode")), None) or "General"
    labels = series.find(f"{_C}cat")
    if labels is None:
        labels = series.makeelement(f"{_C}cat")
        values.addprevious(labels)
    _fill_reference(labels, "str", f"{_SHEET}!$A$2:$A${last}", categories)
    _fill_reference(values, "num", f"{_SHEET}!${column}$2:${column}${last}", numbers, code)


def _whole(item: Mapping[str, Any], key: str) -> str:
    if key not in item:
        raise _Wrong("chart.field", key, tuple(item))
    value = item[key]
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong("chart.value", key)
    return str(value)


def _fill_reference(parent: Any, kind: str, formula: str, values: Sequence[str], code: str = "") -> None:
    """Put a reference with its cached values in the place of what was there."""
    parent[:] = []
    reference = etree.SubElement(parent, f"{_C}{kind}Ref")
    etree.SubElement(reference, f"{_C}f").text = formula
    cache = etree.SubElement(reference, f"{_C}{kind}Cache")
    if code:
        etree.SubElement(cache, f"{_C}formatCode").text = code
    etree.SubElement(cache, f"{_C}ptCount", val=str(len(values)))
    for place, value in enumerate(values):
        point = etree.SubElement(cache, f"{_C}pt", idx=str(place))
        etree.SubElement(point, f"{_C}v").text = value


def _column(place: int) -> str:
    """A column's letters; 0 is A."""
    first, last = divmod(place, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)


def _serialise(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
