"""Rows of a worksheet that hold plain values and nothing else, read off the stream before its XML is parsed.

Of a large table nearly all rows are: a text, a number or nothing in every cell. A pattern reads them in a fifth of the
time that a tree of elements takes. Whatever it does not know to the last sign, a row with a formula, a hidden row, an
entity, goes on to the parser as it came.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import IO

from pipeline.doors.books.sheet_zip import MAX_TEXT, Damaged, Huge

_PIECE = 1_000_000
"""Bytes taken from the file at once."""
_LONGEST = 8_000_000
"""Bytes without the end of a row, after which nobody waits for it."""
_END = "</row>"
# What XML 1.0 forbids or changes (a carriage return), and what opens something else, is for the parser.
_SIGNS = "[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*"
# openpyxl, and so pandas, writes every sign of Hangul as a reference.
_TEXT = f"{_SIGNS}(?:&(?:#[0-9]{{1,7}}|amp|lt|gt|quot|apos);{_SIGNS})*"
_REFERENCE = re.compile("&(?:#([0-9]+)|[a-z]+);")
_SIGN = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_HEAD = re.compile(r'<row r="([1-9]\d{0,6})"((?: [A-Za-z0-9:]+="[^"<>&]*")*)>')
_CELL = re.compile(
    r'(<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d{1,6})")?(?:/>|(?:'
    r' t="s"><v>(\d{1,9})</v>|(?: t="n")?><v>([0-9.eE+-]{1,40})</v>|(?: t="(?:inlineStr|n)")?>'
    rf'| t="inlineStr"><is><t(?: xml:space="preserve")?>({_TEXT})</t></is>'
    r")</c>))"
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00")


PlainCell = tuple[str, str, str, str, str, str, str]
"""A cell: its source, the letters of its column, its row, its style, and of the last three one or none: the place of a
text in the table of texts, a number, a text of its own (references and all: see `text_of`)."""


def text_of(source: str) -> str:
    """The text of a cell that holds one of its own.

    Raises:
        Damaged: a reference to what is no sign of XML (1.0, section 2.2).
        Huge: as `unescaped`.
    """
    return _short_text(source) if len(source) <= _SHORT else _text(source)


def _text(source: str) -> str:
    return unescaped(_REFERENCE.sub(_referred, source) if "&" in source else source)


_SHORT = 200
"""Signs: a table says short things over and over, long ones once."""
_short_text = functools.lru_cache(maxsize=50_000)(_text)


def unescaped(text: str) -> str:
    """`_x000D_` and the like (ECMA-376 part 1, 22.9.2.19).

    Raises:
        Huge: more than a cell holds.
    """
    if len(text) > MAX_TEXT:
        raise Huge
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _referred(found: re.Match[str]) -> str:
    if not found[1]:
        return _NAMED[found[0]]
    sign = chr(min(int(found[1]), sys.maxunicode))
    if int(found[1]) > sys.maxunicode or not _SIGN.match(sign):
        raise Damaged
    return sign


Take = Callable[[int, Sequence[PlainCell]], None]


class WithoutPlainRows:
    """A worksheet's part as a stream without its plain rows: these are handed over, numbered from 0."""

    def __init__(self, stream: IO[bytes], take: Take) -> None:
        self._stream, self._take = stream, take
        self._held = b""
        self._known: bool | None = None
        """Whether patterns may be trusted here; None: nothing was seen yet."""

    def read(self, size: int) -> bytes:
        """The next bytes for a parser; more than `size` where that is easier, b"" at the end alone."""
        while True:
            piece = self._stream.read(_PIECE if self._known is not False else size)
            if not piece:
                rest, self._held = self._held, b""
                return rest
            left = self._sifted(self._held + piece)
            if left:
                return left

    def _sifted(self, piece: bytes) -> bytes:
        """A piece without the plain rows that end in it; what comes after the last end is held."""
        if self._known is None:
            self._known = not (piece.startswith(_WIDE) or _ENCODING.match(piece))
        self._known = self._known and not may_hide(piece)
        end = piece.rfind(_END.encode()) + len(_END)
        if not self._known or end < len(_END):
            is_waiting = self._known and len(piece) < _LONGEST
            self._held = piece if is_waiting else b""
            return b"" if is_waiting else piece
        try:
            text = piece[:end].decode()
        except UnicodeDecodeError:
            self._known, self._held = False, b""
            return piece
        self._held = piece[end:]
        return "".join(self._kept(text)).encode()

    def _kept(self, text: str) -> list[str]:
        kept: list[str] = []
        last = ""
        for part in text.split(_END)[:-1]:
            start = part.rfind("<row ")
            head = _HEAD.match(part, start) if start >= 0 else None
            cells: list[PlainCell] = _CELL.findall(part, head.end()) if head else []
            if head and _is_plain(head, cells, len(part)):
                self._take(int(head[1]) - 1, cells)
                last = head[1]
                kept.append(part[:start])
            else:
                # Rows may leave out their numbers: they count on from the one before.
                kept += [f'<row r="{last}"/>' if last else "", part, _END]
                last = ""
        return [*kept, f'<row r="{last}"/>' if last else ""]


def may_hide(xml: bytes) -> bool:
    """Whether there are comments, or sections that are not parsed: they may hold what looks like a row."""
    # One sign alone is found ten times as quickly.
    return b"!" in xml and b"<!" in xml


def only(xml: bytes, wanted: Iterable[int]) -> bytes:
    """A worksheet's XML with some of its rows alone, numbered from 1; where a comment stands in it, all of it.

    A row that bears no number, or stands behind one with a greater number, may be missing.
    """
    place, end = xml.find(b"<row "), xml.rfind(_END.encode())
    if may_hide(xml) or place < 0 or end < place:
        return xml
    kept = [xml[:place]]
    for number in sorted(wanted):
        start = xml.find(b'<row r="%d"' % number, place, end)
        if start >= 0:
            place = xml.find(_END.encode(), start) + len(_END)
            kept.append(xml[start:place])
    return b"".join((*kept, xml[end + len(_END) :]))


def _is_plain(head: re.Match[str], cells: Sequence[PlainCell], length: int) -> bool:
    """Whether the cells are all there is, in this row, and the row can be seen."""
    known = head.end()
    for cell in cells:
        if cell[2] != head[1]:
            return False
        known += len(cell[0])
    return known == length and "hidden" not in head[2]
