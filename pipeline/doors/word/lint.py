"""What docxtpl does to a template in silence: text that vanishes, cells that are cut. Found before it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WHOLE = re.compile(r"\{[{%#](p|tr|tc) .*?[}%#]\}")
_LEVELS = {"p": f"{_W}p", "tr": f"{_W}tr", "tc": f"{_W}tc"}
_BEGIN = re.compile(r"\{%-?\s*(?:for|if)\b")
_END = re.compile(r"\{%-?\s*end(?:for|if)\b")


def beside(part: bytes) -> Iterator[str]:
    """Texts that stand beside a command which docxtpl puts in the place of their whole paragraph, row or cell."""
    from lxml import etree

    root = etree.fromstring(part)
    for command, tag in _LEVELS.items():
        for element in root.iter(tag):
            text = _text(element)
            commands = [match for match in _WHOLE.finditer(text) if match[1] == command]
            # docxtpl takes the innermost element: an outer one with the command in an inner one stays.
            if commands and not any(_has(inner, command) for inner in element.iter(tag) if inner is not element):
                rest = _WHOLE.sub("", text).strip()
                if rest or len(commands) > 1:
                    yield text.strip()


def _has(element: Any, command: str) -> bool:
    return any(match[1] == command for match in _WHOLE.finditer(_text(element)))


def cut_cells(part: bytes) -> bool:
    """Whether a loop or condition begins in one cell of a table and ends in another."""
    from lxml import etree

    cells = etree.fromstring(part).iter(f"{_W}tc")
    texts = (_WHOLE.sub("", _text(cell)) for cell in cells)
    return any(len(_BEGIN.findall(text)) != len(_END.findall(text)) for text in texts)


def _text(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(f"{_W}t"))


def needs_repair(document: bytes) -> bool:
    """Whether rendering can leave a table with another number of columns than its grid, or drawings to number.

    It cannot where no tag makes cells and every row fills the grid: any choice of such rows fills it too.
    """
    if b"docPr" in document or re.search(rb"\{%tc |\{\{tc |\{%\s*(?:colspan|hm|cellbg|vm)\b", document):
        return True
    from lxml import etree

    root = etree.fromstring(document)
    for table in root.iter(f"{_W}tbl"):
        grid = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        for row in table.iter(f"{_W}tr"):
            spans = row.findall(f"{_W}tc/{_W}tcPr/{_W}gridSpan")
            cells = len(row.findall(f"{_W}tc"))
            if cells - len(spans) + sum(int(one.get(f"{_W}val", 1)) for one in spans) != grid:
                return True
    return False
