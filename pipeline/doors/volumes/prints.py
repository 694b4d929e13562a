"""Whether a page of a volume shows the page it is said to show (pikepdf): content and pictures, byte for byte."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf


class Unreadable(Exception):  # noqa: N818 - a value for who asked
    """The PDF cannot be opened."""


Prints = frozenset[str]
"""SHA-256 of the streams of a page: of pictures as they lie in the file, of the rest as it is without compression."""


def prints(blob: bytes, pages: Sequence[int] = ()) -> dict[int, Prints]:
    """Of pages by number from 1; of all when none is named.

    Raises:
        Unreadable: damaged, or without such a page.
    """
    try:
        with pikepdf.open(io.BytesIO(blob)) as document:
            numbers = pages or range(1, len(document.pages) + 1)
            return {number: frozenset(_streams(document.pages[number - 1])) for number in numbers}
    except (pikepdf.PdfError, IndexError) as error:
        raise Unreadable from error


def front_matter(blob: bytes) -> int:
    """How many pages come before page 1, by the page labels.

    Raises:
        Unreadable: damaged, or without page labels.
    """
    try:
        with pikepdf.open(io.BytesIO(blob)) as document:
            return int(list(document.Root.PageLabels.Nums)[-2])
    except (pikepdf.PdfError, AttributeError, IndexError, ValueError, TypeError) as error:
        raise Unreadable from error


def _streams(page: pikepdf.Page) -> Iterator[str]:
    content = page.obj.get("/Contents")
    several = content if isinstance(content, pikepdf.Array) else [content] if content is not None else []
    for one in several:
        yield _digest(one)
    resources: Any = page.obj.get("/Resources", pikepdf.Dictionary())
    for one in dict(resources.get("/XObject", pikepdf.Dictionary()).items()).values():
        yield _digest(one)


def _digest(stream: Any) -> str:
    # What lay in a file without compression is compressed when a volume is written.
    plain = str(stream.get("/Filter", "/FlateDecode")) == "/FlateDecode"
    return hashlib.sha256(stream.read_bytes() if plain else stream.read_raw_bytes()).hexdigest()


def shows(page: Prints, source: Prints, whole: str) -> bool:
    """Whether a page holds all of its source: the source's streams, or the picture file itself.

    Args:
        page: of the volume.
        source: of the page it was taken from; empty for a picture.
        whole: SHA-256 of the source file.
    """
    return (bool(source) and source <= page) or whole in page
