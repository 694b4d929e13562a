"""Cutting: a document with a very long roll as several Word files, which are converted one after another.

LibreOffice's cost grows with the square of a document's pages once there are many. Measured with 7.4.7, a roll of
names: 10,000 rows in 18 s, 30,000 in 70 s, 100,000 in 430 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.doors.word.compose import compose, insert_in_order
from pipeline.doors.word.template import Parts

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_TABLES = 200
"""Of a piece: 20,000 rows of a roll. Shorter documents stay whole."""


class Pieces:
    """A document's body in stretches of so many tables, each cut where a table and the blank line below it end."""

    def __init__(self, static: Parts, rendered: Parts, tables: int = _TABLES) -> None:
        self._static, self._rendered = static, rendered
        self._root = etree.fromstring(rendered[_BODY])
        body = self._root.find(f"{_W}body")
        self._section = body[-1]
        one_section = next(body.iter(f"{_W}sectPr"), None) is self._section
        self._stretches = list(_stretches(list(body)[:-1], tables)) if one_section else [list(body)[:-1]]

    def __len__(self) -> int:
        return len(self._stretches)

    def package(self, number: int, page: int) -> bytes:
        """A piece as a Word file.

        Args:
            number: which, from 0.
            page: number of its first page.
        """
        root = etree.Element(self._root.tag, nsmap=self._root.nsmap)
        body = etree.SubElement(root, f"{_W}body")
        section = etree.fromstring(etree.tostring(self._section))
        if number:
            _go_on(section, page)
        body.extend([*self._stretches[number], section])
        return compose(self._static, [{**self._rendered, _BODY: etree.tostring(root)}])


def _stretches(elements: list[Any], tables: int) -> Iterator[list[Any]]:
    own: list[Any] = []
    count = 0
    for element in elements:
        after_table = bool(own) and own[-1].tag == f"{_W}tbl"
        own.append(element)
        count += element.tag == f"{_W}tbl"
        if count >= tables and after_table and element.tag == f"{_W}p" and not "".join(element.itertext()).strip():
            yield own
            own, count = [], 0
    if own:
        yield own


def _go_on(section: Any, page: int) -> None:
    """Pages are counted on, and the first of them is no first page."""
    for first in section.findall(f"{_W}titlePg"):
        section.remove(first)
    numbering = section.find(f"{_W}pgNumType")
    if numbering is None:
        numbering = section.makeelement(f"{_W}pgNumType")
        insert_in_order(section, numbering)
    numbering.set(f"{_W}start", str(page))
