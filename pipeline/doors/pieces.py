"""Pieces of a PDF as files of their own, put together from bytes (pikepdf takes the PDF apart).

What pages share, above all fonts, is spelled once and is one object in memory, however many pieces hold it: qpdf would
copy, number and write it anew for each, and pickle would send it as often. It comes first in a file, so that pieces
that use the same begin with the same bytes.

ISO 32000-1: objects 7.3, object streams 7.5.7, cross-reference streams 7.5.8.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import pikepdf

from pipeline.model.documents import Chunks

_HEADER = b"%PDF-1.5\n%\xbf\xf7\xa2\xfe\n"
_REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|(\d+) (\d+) R\b", re.DOTALL)
"""A reference, or a text in parentheses, in which there is none: qpdf escapes those that are in it."""
_ROW = struct.Struct(">BIH")
_FREE, _PLAIN, _PACKED = 0, 1, 2
_WELL, _QUICKLY = 9, 1
"""Levels of zlib: for what is packed once, and once a piece."""
_LONG = 2_000
"""Bytes: what is shorter is not worth a chunk of its own."""


class Head(NamedTuple):
    """What a page's dictionary holds beside its contents, each without the marks around it."""

    entries: bytes
    resources: bytes
    """Without forms and pictures."""
    drawings: bytes
    """Forms and pictures among the resources."""


@dataclass(frozen=True, slots=True)
class Content:
    """A stream of a piece."""

    data: bytes
    entries: bytes = b""
    """Of its dictionary, without its length."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a piece."""

    head: Head
    contents: Sequence[Content]
    forms: Mapping[bytes, Content]
    """Of this page alone, by their names."""


@dataclass(frozen=True, slots=True)
class _Shared:
    """How pieces that use the same begin."""

    chunks: Chunks
    rows: bytes
    """Of the table of objects."""
    heads: Mapping[Head, Head]
    """With the numbers that objects have in these pieces."""
    digest: Any

    @property
    def following(self) -> int:
        """The number of the next object."""
        return len(self.rows) // _ROW.size


@dataclass(frozen=True, slots=True)
class _Object:
    """An object of the source: a dictionary or another value, and the stream that may follow it."""

    text: bytes
    stream: bytes | None = None


_Number = tuple[int, int]


class Pieces:
    """Makes pieces of a PDF.

    Args:
        source: the PDF. It is not changed any more.
    """

    def __init__(self, source: pikepdf.Pdf) -> None:
        self._source = source
        self._known: dict[_Number, _Object] = {}
        self._shared: dict[frozenset[Head], _Shared] = {}

    def piece(self, leaves: Sequence[Leaf], info: bytes) -> Chunks:
        """A file of some pages; its identifier is made of what it holds.

        Args:
            leaves: the pages; references in their heads are those of the source.
            info: the document information dictionary.
        """
        heads = dict.fromkeys(leaf.head for leaf in leaves)
        shared = self._shared.get(frozenset(heads))
        if shared is None:
            shared = self._shared[frozenset(heads)] = self._begun(heads)
        return (*shared.chunks, _rest(shared, leaves, info))

    def _begun(self, heads: Iterable[Head]) -> _Shared:
        numbers = self._reached(heads)
        packed = len(numbers) + 1
        plain: list[tuple[int, bytes]] = []
        streams: list[tuple[int, bytes, bytes]] = []
        for one, number in numbers.items():
            text, stream = _renumbered(self._object(one).text, numbers), self._object(one).stream
            if stream is None:
                plain.append((number, text))
            else:
                streams.append((number, text, stream))
        rows = {0: _ROW.pack(_FREE, 0, 65_535)}
        rows |= {number: _ROW.pack(_PACKED, packed, place) for place, (number, _) in enumerate(plain)}
        parts = [_HEADER]
        for number, text, stream in [*streams, (packed, *_object_stream(plain, _WELL))]:
            rows[number] = _ROW.pack(_PLAIN, sum(map(len, parts)), 0)
            parts += [b"%d 0 obj\n%b\nstream\n" % (number, text), stream, b"\nendstream\nendobj\n"]
        chunks = tuple(_merged(parts))
        return _Shared(
            chunks,
            b"".join(rows[number] for number in sorted(rows)),
            {head: Head(*(_renumbered(text, numbers) for text in head)) for head in heads},
            hashlib.sha256(b"".join(chunks)),
        )

    def _reached(self, heads: Iterable[Head]) -> dict[_Number, int]:
        """All objects that pages lead to, and their numbers in a piece."""
        numbers: dict[_Number, int] = {}
        waiting = [text for head in heads for text in head]
        for text in waiting:
            for one in _references(text):
                if one not in numbers:
                    numbers[one] = len(numbers) + 1
                    waiting.append(self._object(one).text)
        return numbers

    def _object(self, number: _Number) -> _Object:
        if number not in self._known:
            self._known[number] = _spelled(self._source.get_object(number))
        return self._known[number]


def inner(dictionary: Any) -> bytes:
    """The entries of a dictionary without the marks around them, as pieces take them."""
    return bytes(dictionary.unparse()[2:-2].strip())


def _spelled(value: Any) -> _Object:
    if isinstance(value, pikepdf.Stream):
        raw = value.read_raw_bytes()
        entries = {key: one for key, one in value.stream_dict.items() if key != "/Length"}
        return _Object(pikepdf.Dictionary({**entries, "/Length": len(raw)}).unparse(), raw)
    if isinstance(value, pikepdf.Dictionary) and str(value.get("/Type")) in {"/Page", "/Pages"}:
        # The way from a resource to a page leads out of the piece.
        return _Object(b"null")
    return _Object(value.unparse(resolved=True))


def _references(text: bytes) -> Iterator[_Number]:
    return ((int(number), int(generation)) for number, generation in _REFERENCE.findall(text) if number)


def _renumbered(text: bytes, numbers: Mapping[_Number, int]) -> bytes:
    def new(found: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % numbers[int(found[1]), int(found[2])] if found[1] else found[0]

    return _REFERENCE.sub(new, text)


def _object_stream(packed: Iterable[tuple[int, bytes]], level: int) -> tuple[bytes, bytes]:
    """Dictionary and data of the stream that holds these objects."""
    places, texts, end = [], [], 0
    for number, text in packed:
        places.append(b"%d %d" % (number, end))
        texts.append(text)
        end += len(text) + 1
    table = b" ".join(places) + b"\n"
    data = zlib.compress(table + b"\n".join(texts), level)
    said = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode /Length %d >>"
    return said % (len(texts), len(table), len(data)), data


def _merged(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Short ones in a row as one."""
    for is_long, some in groupby(parts, lambda one: len(one) >= _LONG):
        if is_long:
            yield from some
        else:
            yield b"".join(some)


def _rest(shared: _Shared, leaves: Sequence[Leaf], info: bytes) -> bytes:
    """A file from where it is its own."""
    tree = shared.following + sum(1 + len(leaf.contents) + len(leaf.forms) for leaf in leaves)
    writing = _Writing(sum(map(len, shared.chunks)), shared.following)
    kids = [_leaf(writing, leaf, shared.heads[leaf.head], tree) for leaf in leaves]
    writing.add(b"<< /Type /Pages /Count %d /Kids %b >>" % (len(kids), _listed(kids)))
    root = writing.add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)
    said = writing.add(info)
    return writing.ended(shared, b"/Root %d 0 R /Info %d 0 R" % (root, said))


def _leaf(writing: _Writing, leaf: Leaf, head: Head, tree: int) -> int:
    contents = [writing.add_stream(one) for one in leaf.contents]
    forms = b"".join(b" %b %d 0 R" % (name, writing.add_stream(form)) for name, form in leaf.forms.items())
    return writing.add(
        b"<< %b /Contents %b /Parent %d 0 R /Resources << %b /XObject << %b%b >> >> >>"
        % (head.entries, _listed(contents), tree, head.resources, head.drawings, forms)
    )


def _listed(numbers: Iterable[int]) -> bytes:
    return b"[%b]" % b" ".join(b"%d 0 R" % number for number in numbers)


class _Writing:
    """Objects one after the other.

    Args:
        start: where the first begins in the file.
        first: its number.
    """

    def __init__(self, start: int, first: int) -> None:
        self._parts: list[bytes] = []
        self._packed: dict[int, bytes] = {}
        self._rows: list[bytes] = []
        self._end = start
        self._first = first

    def add(self, text: bytes) -> int:
        """An object that is no stream; its number."""
        number = self._first + len(self._rows)
        self._packed[number] = text
        self._rows.append(b"")
        return number

    def add_stream(self, content: Content) -> int:
        """A stream; its number."""
        return self._add(b"<< %b/Length %d >>" % (content.entries, len(content.data)), content.data)

    def _add(self, text: bytes, data: bytes) -> int:
        number = self._first + len(self._rows)
        self._parts.append(b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, text, data))
        self._rows.append(_ROW.pack(_PLAIN, self._end, 0))
        self._end += len(self._parts[-1])
        return number

    def ended(self, shared: _Shared, trailer: bytes) -> bytes:
        """All of them and the end of the file: objects that are no streams, and the table of all.

        Args:
            shared: what stands before.
            trailer: entries of the trailer.
        """
        packed = self._add(*_object_stream(self._packed.items(), _QUICKLY))
        for place, number in enumerate(self._packed):
            self._rows[number - self._first] = _ROW.pack(_PACKED, packed, place)
        digest = shared.digest.copy()
        digest.update(b"".join(self._parts))
        identifier = digest.hexdigest()[:32].encode()
        place = self._end
        table = b"".join([shared.rows, *self._rows, _ROW.pack(_PLAIN, place, 0)])
        said = b"/Type /XRef /Size %d /W [1 4 2] %b /ID [<%b> <%b>] "
        self.add_stream(Content(table, said % (packed + 2, trailer, identifier, identifier)))
        return b"%bstartxref\n%d\n%%%%EOF\n" % (b"".join(self._parts), place)
