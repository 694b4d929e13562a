"""PDF files (pikepdf to take apart, pdfium to read): cutting a composed file, and proving what a piece says."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import io
import math
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.doors.cutting import QUICKLY, Cover, Cut, Piece, drawings, embedded, named_in, trim_forms, trimmed
from pipeline.doors.frames import Frame, bounds, frames
from pipeline.doors.office import Unusable
from pipeline.doors.page_codes import IDENTITY_FONT, room, stamp

_AS_EVER: Final = -1
"""The default level of zlib."""
_STATIC = b"<31415926535897932384626433832795>"
"""The identifier that qpdf writes where it is told to take no other one."""
_COARSE, _WHITE = 0.4, bytes(range(250, 256))
"""Pixels a point, and the grays that count as white."""


def split(blob: bytes, marks: Sequence[str], cover: Callable[[int, range], Cover]) -> Iterator[Piece]:
    """Cut a PDF at its named destinations, one piece a mark.

    Args:
        blob: a PDF in which every mark is a named destination on the first page of its document.
        marks: the names, in the order of the documents.
        cover: given the number of a piece and those of its pages, what it is given.

    Yields:
        One PDF a mark. The same input gives the same bytes: no dates, identifier from the content.

    Raises:
        Unusable: damaged, a mark missing, marks out of order, or pages before the first.
    """
    try:
        with pikepdf.open(io.BytesIO(blob)) as whole:
            pages = list(whole.pages)
            numbers = {page.objgen: number for number, page in enumerate(pages)}
            named = _destinations(whole)
            starts = [_page_of(named, mark, numbers) for mark in marks]
            if starts[:1] != [0] or any(one >= two for one, two in pairwise(starts)):
                raise Unusable("documents do not start on pages of their own")
            ends = [*starts[1:], len(pages)]
            documents = [range(start, end) for start, end in zip(starts, ends, strict=True)]
            covers = [cover(number, own) for number, own in enumerate(documents)]
            parts = [(pages[own.start : own.stop], one) for own, one in zip(documents, covers, strict=True)]
            drawn = drawings(parts)
            trim_forms(whole)
            cut = Cut(whole)
            for (own, one), codes in zip(parts, drawn, strict=True):
                yield cut.piece(own, one, codes)
    except Unusable:
        raise
    except Exception as error:  # a broken file raises whatever the missing piece is needed for
        raise Unusable("the PDF cannot be opened") from error


def whole(blob: bytes, cover: Cover) -> bytes:
    """A PDF of one document as it is, without dates and other traces of its making.

    Raises:
        Unusable: the PDF cannot be opened, or has no page.
    """
    try:
        with pikepdf.open(io.BytesIO(blob)) as document:
            if not document.pages:
                raise Unusable("the PDF has no page")
            return _piece(document, cover)
    except Unusable:
        raise
    except Exception as error:  # a broken file raises whatever the missing piece is needed for
        raise Unusable("the PDF cannot be opened") from error


def joined(blobs: Iterable[bytes]) -> bytes:
    """The pages of several PDFs, in order.

    Raises:
        Unusable: one cannot be opened.
    """
    try:
        with pikepdf.new() as document, contextlib.ExitStack() as stack:
            for blob in blobs:
                source = stack.enter_context(pikepdf.open(io.BytesIO(blob)))
                document.pages.extend(source.pages)
            buffer = io.BytesIO()
            document.save(buffer)
    except Exception as error:  # a broken file raises whatever the missing piece is needed for
        raise Unusable("the PDF cannot be opened") from error
    return buffer.getvalue()


def _page_of(named: Mapping[str, Any], mark: str, pages: Mapping[Any, int]) -> int:
    destination = named.get(mark)
    if destination is None:
        raise Unusable("the start of a document is missing")
    return pages[destination[0].objgen]


def _destinations(whole: pikepdf.Pdf) -> dict[str, Any]:
    """Named destinations, from the name tree or the dictionary of PDF 1.1 (ISO 32000-1, 12.3.2.3)."""
    root = whole.Root
    named: dict[str, Any] = {}
    if "/Dests" in root:
        named |= {str(key).removeprefix("/"): value for key, value in root.Dests.items()}
    if "/Names" in root and "/Dests" in root.Names:
        named |= {str(key): value for key, value in pikepdf.NameTree(root.Names.Dests).items()}
    return {name: value.D if isinstance(value, pikepdf.Dictionary) else value for name, value in named.items()}


def _in_use(page: pikepdf.Page) -> set[str]:
    """Names of the fonts, pictures and forms that a page's content names."""
    contents = page.obj.Contents
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return {name for one in streams for name in named_in(one.read_bytes())}


def _piece(whole: pikepdf.Pdf, cover: Cover) -> bytes:
    """All pages as a PDF of their own, with those of the shared resources that they use."""
    used = frozenset().union(*map(_in_use, whole.pages))
    piece = pikepdf.new()
    for page in whole.pages:
        resources = page.obj.Resources
        # The shared dictionary stays as it is: the copy is of this piece alone.
        page.obj.Resources = trimmed(resources, used)
        piece.pages.append(page)
        page.obj.Resources = resources
        for key in ("/StructParents", "/Annots"):
            if key in piece.pages[-1].obj:
                del piece.pages[-1].obj[key]
    if cover.codes:
        stamp(piece, cover.codes, cover.font_file)
    piece.docinfo["/Title"] = cover.title
    piece.docinfo["/Producer"] = "hyeopyak"
    return _saved(piece)


def _saved(piece: pikepdf.Pdf) -> bytes:
    """The file; what is in it decides its identifier.

    That of qpdf is an MD5 of everything, and it deflates anew what we have drawn or moved: at the default level both
    together took half of the time of saving, for 0.4 % of the size (measured, qpdf 12 within pikepdf 10).
    """
    buffer = io.BytesIO()
    pikepdf.settings.set_flate_compression_level(QUICKLY)
    try:
        piece.save(buffer, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    finally:
        pikepdf.settings.set_flate_compression_level(_AS_EVER)
    blob = buffer.getvalue()
    own = b"<%s>" % hashlib.sha256(blob).hexdigest()[:32].encode()
    start = blob.rindex(_STATIC + _STATIC)
    return b"".join((blob[:start], own, own, blob[start + 2 * len(_STATIC) :]))


def page_count(blob: bytes) -> int:
    """How many pages a reader finds.

    Raises:
        Unusable: it cannot be opened.
    """
    try:
        with pypdfium2.PdfDocument(blob) as document:
            return len(document)
    except pypdfium2.PdfiumError as error:
        raise Unusable("the PDF cannot be opened") from error


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader finds on a page, composed (NFC)."""

    text: str
    """Without blanks: lines break where they must, words do not matter."""
    words: frozenset[str]
    """What stands between blanks and line breaks."""
    frames: tuple[Frame, ...] = ()
    """Of the captions that were asked for."""
    has_room: bool = True
    """Whether nothing stands where page codes are drawn."""


def pages(blob: bytes, captions: Collection[str] = ()) -> list[Page]:
    """What each page says, and where captions stand in frames.

    Raises:
        Unusable: the PDF cannot be opened.
    """
    try:
        with pypdfium2.PdfDocument(blob) as document:
            return [_page(document, number, captions) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise Unusable("the PDF cannot be opened") from error


def _page(document: Any, number: int, captions: Collection[str]) -> Page:
    """Without the objects of pypdfium2, each of which has to be known to another, and ended with it."""
    page = pdfium.FPDF_LoadPage(document, number)
    reader = pdfium.FPDFText_LoadPage(page) if page else None
    if not reader:
        raise pypdfium2.PdfiumError("a page cannot be read")
    try:
        # pdfium writes U+0002 for a hyphen at the end of a line (measured, 5.15.2).
        words = nfc(_text(page, reader).replace("\x02", "-")).split()
        text = "".join(words)
        asked = [one for one in captions if squeeze(one) in text]
        found = frames(page, reader, asked) if asked else ()
        return Page(text, frozenset(words), tuple(found), _has_room(page))
    finally:
        pdfium.FPDFText_ClosePage(reader)
        pdfium.FPDF_ClosePage(page)


def _text(page: Any, reader: Any) -> str:
    """What stands within the page. pypdfium2 would collect it twice, the first time to know its length."""
    left, bottom, right, top = bounds(page)
    # Before each sign a line may end (CR and LF); a NUL ends them all.
    most = 3 * pdfium.FPDFText_CountChars(reader) + 1
    buffer = (ctypes.c_ushort * most)()
    length = pdfium.FPDFText_GetBoundedText(reader, left, top, right, bottom, buffer, most)
    return bytes(memoryview(buffer)[:length]).decode("utf-16-le", "ignore").removesuffix("\0")


def _has_room(page: Any) -> bool:
    """Looked at, so that pictures and lines count as words do; a page that was read is drawn in 0.1 ms (measured)."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    across, down = (math.ceil(side * _COARSE) for side in (width, height))
    for left, bottom, right, top in room(width, height):
        # Whole pixels, and the rest of the page beyond the edges of the picture.
        before, below, behind, above = (
            math.ceil(side * _COARSE) for side in (left, bottom, width - right, height - top)
        )
        if not _is_white(page, (across - before - behind, down - below - above), (-before, -above, across, down)):
            return False
    return True


def _is_white(page: Any, size: tuple[int, int], place: tuple[int, int, int, int]) -> bool:
    """Whether a picture of a part of a page is; `place` is that of the page on the picture, in pixels."""
    buffer = ctypes.create_string_buffer(b"\xff" * (size[0] * size[1]), size[0] * size[1])
    picture = pdfium.FPDFBitmap_CreateEx(*size, pdfium.FPDFBitmap_Gray, buffer, size[0])
    pdfium.FPDF_RenderPageBitmap(picture, page, *place, 0, pdfium.FPDF_GRAYSCALE | pdfium.FPDF_ANNOT)
    pdfium.FPDFBitmap_Destroy(picture)
    return not buffer.raw.translate(None, _WHITE)


def texts(blob: bytes) -> list[str]:
    """The text of each page without blanks.

    Raises:
        Unusable: the PDF cannot be opened.
    """
    return [page.text for page in pages(blob)]


def nfc(text: str) -> str:
    """Text in NFC: extraction unifies compatibility hanja."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """Composed text without blanks."""
    return "".join(nfc(text).split())


def fonts(blob: bytes) -> set[tuple[str, bool]]:
    """Family as the file names it, without the subset's prefix, and whether it is embedded."""
    with pikepdf.open(io.BytesIO(blob)) as document:
        named = [one for page in document.pages for one in page.resources.get("/Font", {}).items()]
        # The font of the words that we drew is none of the paper's.
        return {embedded(font) for name, font in named if name != IDENTITY_FONT}
