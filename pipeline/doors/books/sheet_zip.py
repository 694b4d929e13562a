"""Workbooks that are zip archives of XML (.xlsx, .ods): opened with bounds on what they may unpack to.

A bomb is refused, not survived: sizes are looked at before anything is unpacked, and no document type, thus no entity,
is let in (no spreadsheet program writes one).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Protocol

from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, finding

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
MAX_CELLS = 5_000_000
MAX_TEXT = 100_000
"""Signs in a cell; Excel allows 32,767."""
_MAX_UNPACKED = 400_000_000
_MAX_MEMBERS = 5_000
_MAX_BETWEEN = 16_000_000
"""Bytes of XML between one row (or text of the table of texts) and the next: a tree is kept for them."""
_SWEPT = 200
"""Emptied elements are taken out of the tree by so many at a time."""


class Damaged(Exception):  # noqa: N818 - a fact about a file
    """The workbook does not hold together."""


class Huge(Exception):  # noqa: N818
    """More than a person's workbook ever holds."""


class Entities(Exception):  # noqa: N818
    """XML that declares a document type."""


class Readable(Protocol):
    """As much of a stream as a parser needs."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


class Package:
    """Members of an archive by their path, letter case and direction of slashes aside."""

    def __init__(self, blob: bytes) -> None:
        """Look at sizes and names.

        Raises:
            Huge, zipfile.BadZipFile.
        """
        self._zip = zipfile.ZipFile(io.BytesIO(blob))
        infos = self._zip.infolist()
        if len(infos) > _MAX_MEMBERS or sum(one.file_size for one in infos) > _MAX_UNPACKED:
            raise Huge
        self._infos = {_name(one.filename): one for one in infos}

    def __contains__(self, name: str) -> bool:
        return _name(name) in self._infos

    def size(self, name: str) -> int:
        """Bytes of a member that is there."""
        return self._infos[_name(name)].file_size

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream.

        Raises:
            Damaged: there is none.
        """
        info = self._infos.get(_name(name))
        if info is None:
            raise Damaged(name)
        return self._zip.open(info)

    def parse(self, name: str) -> Any:
        """The root of a small member.

        Raises:
            Damaged, Huge, Entities, lxml.etree.XMLSyntaxError.
        """
        from lxml import etree

        with self.open(name) as stream:
            content = stream.read(_MAX_BETWEEN + 1)
        if len(content) > _MAX_BETWEEN:
            raise Huge(name)
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        _refuse_types(root)
        return root

    def elements(
        self, name: str, tags: Iterable[str], sieve: Callable[[IO[bytes]], Readable] = lambda stream: stream
    ) -> Iterator[Any]:
        """Elements with these tags in order, each emptied when the next is asked for.

        Args:
            name: of the member.
            tags: of the elements.
            sieve: gives a stream from which something is left out.

        Raises:
            as `parse`.
        """
        from lxml import etree

        with self.open(name) as stream:
            source = _Bounded(sieve(stream))
            events = etree.iterparse(
                source, tag=tuple(tags), resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
            )
            for count, (_, element) in enumerate(events):
                if not count:
                    _refuse_types(element)
                yield element
                source.since = 0
                element.clear()
                if not count % _SWEPT:
                    above = element.getparent()
                    while above is not None and element.getprevious() is not None:
                        del above[0]


class _Bounded:
    """A stream that counts what it gave since `since` was last set to 0."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.since = 0
        self._first = True

    def read(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            Huge, Entities.
        """
        piece = self._stream.read(size)
        self.since += len(piece)
        if self.since > _MAX_BETWEEN:
            raise Huge
        if self._first and b"<!DOCTYPE" in piece:
            raise Entities
        self._first = False
        return piece


def _name(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").casefold()


def _refuse_types(element: Any) -> None:
    if element.getroottree().docinfo.doctype:
        raise Entities


class Budget:
    """How many cells and signs a sheet may still hold."""

    def __init__(self) -> None:
        self._cells = MAX_CELLS
        self.last = ""

    def take(self, cells: int) -> None:
        """Count cells.

        Raises:
            Huge.
        """
        self._cells -= cells
        if self._cells < 0:
            raise Huge


def choose(names: list[str], hidden: list[bool], where: Cell) -> int:
    """The sheet that is asked for, else the first that can be seen.

    Raises:
        Trouble: sheet.missing.
        Damaged: the workbook has no sheet.
    """
    import unicodedata

    if not names:
        raise Damaged
    if not where.sheet:
        return hidden.index(False) if False in hidden else 0
    # Names typed on a Mac come decomposed; outer blanks nobody sees.
    composed = [unicodedata.normalize("NFC", one).strip() for one in names]
    wanted = unicodedata.normalize("NFC", where.sheet).strip()
    if wanted not in composed:
        shown = Cell(where.file, wanted)
        raise Trouble(finding("sheet.missing", shown, sheet=wanted, sheets=", ".join(composed)))
    return composed.index(wanted)
