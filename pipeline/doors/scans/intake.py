"""Returned files opened (pdfium, pikepdf, Pillow, pillow-heif, zipfile): whatever they are called, page by page.

What a file is, its first bytes say. Nothing in it is run or followed; nothing is decoded before its head has said how
large it will be. Pages are drawn whole, as a reader would see them: the picture in a PDF may be a part of its page.
"""

from __future__ import annotations

import io
import lzma
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pikepdf
import pillow_heif
import pypdfium2
from PIL import Image, ImageOps, ImageSequence

_ACTIONS = frozenset({"/JavaScript", "/Launch", "/URI", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"})
"""What a PDF may want to do when it is opened (ISO 32000-1, 12.6.4): run or reach something."""
_MOST_ACTIONS = 20
"""In a chain; where there are more, something is hidden."""
MOST_BYTES = 2_000_000_000
_MOST_MEMBERS = 5_000
_MOST_UNPACKED = 4_000_000_000
_MOST_RATIO = 200
_MOST_PIXELS = 120_000_000
_MOST_PAGES = 20_000
_LONGEST = 4_000
"""Pixels of the long side of what is looked at: more tell nothing more."""
_LEAST = 100
"""Pixels of either side: what looks at pages takes halves and edges of them."""
_INCH = 72
_COLOURED, _ROUNDING = 3, 2
_ARCHIVES = 1
"""Archives within archives."""
_HEADS = (
    (b"%PDF", 0, "pdf"),
    (b"\xff\xd8\xff", 0, "jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"II*\0", 0, "tiff"),
    (b"MM\0*", 0, "tiff"),
    (b"PK\x03\x04", 0, "zip"),
    (b"PK\x05\x06", 0, "zip"),
)
_HEIC = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc"})
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError,
    ValueError,
)  # fmt: skip
"""What zipfile and its decoders say of damaged archives."""
_OF_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype"})
"""Members of ZIPs that are one document: Office Open XML (ECMA-376 part 2); OpenDocument, HWPX, EPUB."""
_SYSTEM = ("__MACOSX/", "Thumbs.db", ".DS_Store", "desktop.ini")

warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\..*")


class Unusable(Exception):  # noqa: N818 - becomes a finding, never seen by people
    """The file cannot be used; `code` is that of the finding."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


Pixels = npt.NDArray[Any]
"""Bytes: gray, or blue-green-red."""


def sort_of(blob: bytes) -> str:
    """`pdf`, `jpeg`, `png`, `tiff`, `heic`, `zip`; '' for anything else."""
    for head, place, sort in _HEADS:
        if blob[place : place + len(head)] == head:
            return sort
    if blob[4:8] == b"ftyp" and blob[8:12] in _HEIC:
        return "heic"
    # Mail programs and printers put lines before a PDF; readers look for its head in the first kilobyte.
    return "pdf" if b"%PDF-" in blob[:1024] else ""


def members(name: str, blob: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The file itself, or what an archive holds, by names with slashes; documents that are ZIPs stay whole.

    Raises:
        Unusable: original.damaged, original.bomb, original.encrypted.
    """
    if sort_of(blob) != "zip" or depth > _ARCHIVES:
        yield name, blob
        return
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            if not _OF_DOCUMENTS.isdisjoint(archive.namelist()):
                yield name, blob
                return
            for entry in _within_bounds(archive):
                yield from members(f"{name}/{_name(entry)}", archive.read(entry), depth + 1)
    except RuntimeError as error:  # zipfile's word for a password
        raise Unusable("original.encrypted") from error
    except _BROKEN as error:
        raise Unusable("original.damaged") from error


def _within_bounds(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [one for one in archive.infolist() if not one.is_dir() and not _is_system(one.filename)]
    unpacked = sum(one.file_size for one in entries)
    packed = max(1, sum(one.compress_size for one in entries))
    if len(entries) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED or unpacked / packed > _MOST_RATIO:
        raise Unusable("original.bomb")
    return entries


def _is_system(name: str) -> bool:
    return any(one in name for one in _SYSTEM)


def _name(entry: zipfile.ZipInfo) -> str:
    """NFC; names that say nothing of their encoding are Korean Windows' (CP949), not CP437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("cp949")
        except UnicodeError:
            name = entry.filename
    parts = [
        part for part in unicodedata.normalize("NFC", name).replace("\\", "/").split("/") if part not in {"", ".", ".."}
    ]
    return "/".join(parts)


@dataclass(frozen=True, slots=True)
class Returned:
    """An open file. `blob` is what pages are drawn from: repaired, and without its password."""

    media: str
    pages: int
    blob: bytes
    notes: tuple[str, ...] = ()
    """Codes of findings: original.repaired, original.active."""

    def images(self, numbers: Iterable[int], dpi: int = 200) -> Iterator[Pixels]:
        """Pages by number, from 1.

        Raises:
            Unusable: original.damaged for a page that cannot be drawn.
        """
        if self.media == "pdf":
            yield from map(_laid, _drawn(self.blob, numbers, dpi))
        else:
            yield from map(_laid, _decoded(self.blob, numbers))


def open_returned(name: str, blob: bytes, passwords: Sequence[str] = ()) -> Returned:
    """Open a file that is no archive.

    Args:
        name: for messages.
        blob: its bytes.
        passwords: tried in turn on a protected PDF.

    Raises:
        Unusable: original.empty, original.large, original.kind, original.encrypted, original.damaged,
            original.pixels.
    """
    del name
    if not blob:
        raise Unusable("original.empty")
    if len(blob) > MOST_BYTES:
        raise Unusable("original.large")
    sort = sort_of(blob)
    if sort == "pdf":
        return _pdf(blob, passwords)
    if sort in {"", "zip"}:
        raise Unusable("original.kind")
    try:
        with _picture(blob) as picture:
            return Returned(sort, getattr(picture, "n_frames", 1) if sort == "tiff" else 1, blob)
    except Unusable:
        raise
    except Exception as error:  # a broken picture raises whatever its decoder met
        raise Unusable("original.damaged") from error


# --- PDF ---------------------------------------------------------------------------------------------------------


def _pdf(blob: bytes, passwords: Sequence[str]) -> Returned:
    for password in ("", *passwords):
        try:
            with pikepdf.open(io.BytesIO(blob), password=password) as document:
                return _opened(document, blob, password)
        except pikepdf.PasswordError:
            continue
        except Unusable:
            raise
        except Exception as error:  # pikepdf raises whatever the missing piece is needed for
            raise Unusable("original.damaged") from error
    raise Unusable("original.encrypted")


def _opened(document: pikepdf.Pdf, blob: bytes, password: str) -> Returned:
    count = len(document.pages)
    if not count:
        raise Unusable("original.damaged")
    if count > _MOST_PAGES:
        raise Unusable("original.large")
    repaired = bool(document.get_warnings())
    notes = [*(["original.repaired"] if repaired else []), *(["original.active"] if _is_active(document) else [])]
    if repaired or password or document.is_encrypted:
        buffer = io.BytesIO()
        document.save(buffer)
        blob = buffer.getvalue()
    with pypdfium2.PdfDocument(blob) as reader:
        if len(reader) != count:
            raise Unusable("original.damaged")
    return Returned("pdf", count, blob, tuple(notes))


def _is_active(document: pikepdf.Pdf) -> bool:
    """Whether it holds scripts, actions that are no plain links, XFA forms or files. None is ever run or opened."""
    root = document.Root
    names, form = root.get("/Names"), root.get("/AcroForm")
    return (
        (isinstance(names, pikepdf.Dictionary) and bool({"/JavaScript", "/EmbeddedFiles"} & set(names.keys())))
        or (isinstance(form, pikepdf.Dictionary) and "/XFA" in form)
        or _acts(root, "/OpenAction", _ACTIONS)
        or any(_acts(page.obj, "", _ACTIONS) for page in document.pages)
        or any(_acts(one, "/A", _ACTIONS - {"/URI"}) for page in document.pages for one in _annotations(page))
    )


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    own = page.obj.get("/Annots")
    yield from own if isinstance(own, pikepdf.Array) else ()


def _acts(one: Any, key: str, kinds: Collection[str]) -> bool:
    """Whether a part does something by itself (/AA), or by its action, or by one of those that follow it."""
    if not isinstance(one, pikepdf.Dictionary):
        return False
    if "/AA" in one:
        return True
    waiting = [one.get(key)] if key else []
    for _ in range(_MOST_ACTIONS):
        action = waiting.pop() if waiting else None
        if isinstance(action, pikepdf.Dictionary):
            if str(action.get("/S", "")) in kinds:
                return True
            then = action.get("/Next")
            waiting += then if isinstance(then, pikepdf.Array) else [then]
    return bool(waiting)


def _drawn(blob: bytes, numbers: Iterable[int], dpi: int) -> Iterator[Pixels]:
    with pypdfium2.PdfDocument(blob) as document:
        for number in numbers:
            try:
                page = document[number - 1]
                scale = min(dpi / _INCH, _LONGEST / max(1.0, *page.get_size()))
                pixels = page.render(scale=scale, may_draw_forms=False).to_numpy()
                page.close()
            except pypdfium2.PdfiumError as error:
                raise Unusable("original.damaged") from error
            yield _plain(pixels)


def _laid(pixels: Pixels) -> Pixels:
    """A page of a few pixels on white paper, which is looked at as any other."""
    missing = [(0, max(0, _LEAST - side)) for side in pixels.shape[:2]]
    if not any(map(any, missing)):
        return pixels
    return np.pad(pixels, [*missing, *[(0, 0)] * (pixels.ndim - len(missing))], constant_values=255)


def _plain(pixels: Pixels) -> Pixels:
    """In gray where it has no colour."""
    if pixels.ndim == _COLOURED and np.ptp(pixels[::7, ::7].astype(np.int16), axis=2).max(initial=0) <= _ROUNDING:
        return np.ascontiguousarray(pixels[:, :, 0])
    return pixels


# --- pictures ----------------------------------------------------------------------------------------------------


def _picture(blob: bytes) -> Image.Image:
    """Opened, not yet decoded.

    Raises:
        Unusable: original.pixels.
    """
    if sort_of(blob) == "heic":
        heif = pillow_heif.open_heif(io.BytesIO(blob), convert_hdr_to_8bit=True)
        _bound(*heif.size)
        return heif.to_pillow()
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(io.BytesIO(blob))
    _bound(*picture.size)
    return picture


def _bound(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise Unusable("original.pixels")


def _decoded(blob: bytes, numbers: Iterable[int]) -> Iterator[Pixels]:
    wanted = set(numbers)
    try:
        with _picture(blob) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture), start=1):
                if number in wanted:
                    _bound(*frame.size)
                    yield _seen(frame)
    except Unusable:
        raise
    except Exception as error:  # a broken picture raises whatever its decoder met
        raise Unusable("original.damaged") from error


def _seen(frame: Image.Image) -> Pixels:
    turned = ImageOps.exif_transpose(frame)
    if turned.mode in {"RGBA", "LA", "P", "PA"}:
        paper = Image.new("RGBA", turned.size, "white")
        paper.alpha_composite(turned.convert("RGBA"))
        turned = paper.convert("RGB")
    if turned.mode.startswith("I"):
        turned = turned.point(lambda value: value / 256)
    turned = turned.convert("L" if turned.mode in {"1", "L", "I", "F"} else "RGB")
    longest = max(turned.size)
    if longest > _LONGEST:
        turned = turned.resize([round(side * _LONGEST / longest) for side in turned.size], Image.Resampling.BOX)
    pixels = np.asarray(turned)
    return _plain(np.ascontiguousarray(pixels[:, :, ::-1]) if pixels.ndim == _COLOURED else pixels)
