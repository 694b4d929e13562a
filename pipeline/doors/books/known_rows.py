"""Worksheets that were read before: which of their rows are others now.

Nothing is parsed here. Rows are compared as the bytes that the file holds, so that one changed cell among 93,160 rows
costs a twentieth of a second, and what is not the same to the last byte counts as changed.
"""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from pipeline.doors.books.plain_rows import may_hide
from pipeline.doors.books.sheet_zip import Package
from pipeline.doors.books.xlsx import locate
from pipeline.model.findings import Cell
from pipeline.model.memory import Trace

_ROWS = 16
"""A block: rows that have one digest together."""
_SIGNS = 24
"""Of a digest: 96 bits."""
_MOST = 150_000_000
"""Bytes of a worksheet's XML that are held at once."""
_END = b"</row>"
_NUMBER = re.compile(rb'<row r="([1-9][0-9]{0,6})"')
_MOVES = re.compile(rb"<sheetViews>.*?</sheetViews>|<dimension [^<>]*/>", re.DOTALL)
"""What changes when somebody only looks at another cell, or adds a row."""


def trace(blob: bytes, where: Cell, before: Trace | None = None) -> tuple[Trace, list[range] | None] | None:
    """The trace of a sheet of a workbook, and its rows that may be others than before.

    Args:
        blob: an .xlsx that was read before, or one that takes its place.
        where: the sheet.
        before: its trace then.

    Returns:
        Ranges of rows, from 1, block by block; None in their place where more than single rows has changed. Nothing at
        all where rows cannot be told apart without a parser.
    """
    package = Package(blob)
    sheet = locate(package, where)
    if any(package.size(name) > _MOST for name in (sheet.path, sheet.texts) if name in package):
        return None
    xml, texts, styles = (_content(package, name) for name in (sheet.path, sheet.texts, sheet.styles))
    if may_hide(xml):
        return None
    *parts, tail = xml.split(_END)
    start = parts[0].find(b"<row ") if parts else -1
    if start < 0:
        return None
    head, parts[0] = parts[0][:start], parts[0][start:]
    found = [_NUMBER.match(part, part.rfind(b"<row ")) for part in (*parts[::_ROWS], parts[-1])]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < len(found) or any(one > two for one, two in pairwise(numbers)):
        return None
    begin, end = texts.find(b"<si"), texts.rfind(b"</sst>")
    body = texts[begin:end] if 0 <= begin < end else texts
    now = Trace(
        _digest(repr(sheet).encode(), styles, _MOVES.sub(b"", head), tail),
        (len(body), _digest(body)),
        tuple(numbers),
        tuple(_digest(_END.join(parts[place : place + _ROWS])) for place in range(0, len(parts), _ROWS)),
        _ROWS,
        len(parts),
    )
    if before is None:
        return now, None
    # Texts may have been added behind the others, whose places rows name.
    is_like = now.frame == before.frame and _digest(body[: before.texts[0]]) == before.texts[1]
    return now, _changed(before, now) if is_like else None


def _changed(before: Trace, now: Trace) -> list[range] | None:
    """Rows of blocks that differ, where all blocks begin where they began, and end where they ended."""
    if before.numbers != now.numbers or before.rows != now.rows:
        return None
    *firsts, last = now.numbers
    spans = (range(one, two) for one, two in pairwise((*firsts, last + 1)))
    return [span for one, two, span in zip(before.digests, now.digests, spans, strict=True) if one != two]


def _content(package: Package, name: str) -> bytes:
    if name not in package:
        return b""
    with package.open(name) as stream:
        return stream.read()


def _digest(*pieces: bytes) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(b"%d " % len(piece))
        digest.update(piece)
    return digest.hexdigest()[:_SIGNS]
