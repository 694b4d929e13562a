"""Worksheets that were read before: which of their rows are others now.

Nothing is parsed here. Rows are compared as the bytes that the file holds, so that one changed cell among 93,160 rows
costs a twentieth of a second, and what is not the same to the last byte counts as changed.
"""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from pipeline.doors.books.sheet_zip import Package
from pipeline.doors.books.xlsx import Located, locate
from pipeline.model.findings import Cell
from pipeline.model.memory import Trace

_ROWS = 16
"""A block: rows that have one digest together."""
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
    # Comments, and sections that are not parsed, may hold what looks like a row.
    start, end = xml.find(b"<row "), xml.rfind(_END) + len(_END)
    if b"<!" in xml or start < 0 or end < start:
        return None
    parts = xml[start:end].split(_END)[:-1]
    found = [_NUMBER.match(part, part.rfind(b"<row ")) for part in (*parts[::_ROWS], parts[-1])]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < len(found) or any(one > two for one, two in pairwise(numbers)):
        return None
    blocks = (_END.join(parts[place : place + _ROWS]) for place in range(0, len(parts), _ROWS))
    body = texts[max(texts.find(b"<si"), 0) : max(texts.rfind(b"</sst>"), 0)]
    now = Trace(
        _digest(_frame(sheet), styles, _MOVES.sub(b"", xml[:start]), xml[end:]),
        (len(body), _digest(body)),
        tuple(numbers),
        tuple(_digest(block) for block in blocks),
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


def _frame(sheet: Located) -> bytes:
    return repr(sheet).encode()


def _digest(*pieces: bytes) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for piece in pieces:
        digest.update(b"%d " % len(piece))
        digest.update(piece)
    return digest.hexdigest()
