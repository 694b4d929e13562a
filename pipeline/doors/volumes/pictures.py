"""Pictures as pages of a PDF (Pillow, pikepdf): JPEG data as they are, other pictures without loss."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageOps

from pipeline.doors.pdfa import obstacles
from pipeline.doors.scans.intake import Unusable, open_returned

_A4_LONG = 841.89
_DPI = (72, 1200)
"""Resolutions that are believed."""
_TURNS = {1: 0, 3: 180, 6: 90, 8: 270}
"""EXIF orientations that are plain turns, and degrees clockwise."""
_MODES = {"1": ("/DeviceGray", 1), "L": ("/DeviceGray", 8), "RGB": ("/DeviceRGB", 8)}
_ORIENTATION = 0x0112
_DRAWN_DPI, _QUALITY = 200, 88


def picture_page(name: str, blob: bytes, number: int) -> tuple[bytes, int]:
    """A picture as a PDF of one page.

    Args:
        name: for messages.
        blob: JPEG, PNG, TIFF, HEIC.
        number: of the frame, from 1.

    Returns:
        The PDF, and how many degrees clockwise it has to be turned for what EXIF says.

    Raises:
        Unusable: of `pipeline.doors.scans.intake`; damaged.
    """
    returned = open_returned(name, blob)
    if returned.media == "jpeg":
        with Image.open(io.BytesIO(blob)) as picture:
            turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
            if turn is not None and picture.mode in {"L", "RGB"}:
                colours = _MODES[picture.mode][0]
                return _page(blob, "/DCTDecode", picture.size, colours, 8, _dpi(picture)), turn
    if returned.media in {"png", "tiff"}:
        with Image.open(io.BytesIO(blob)) as picture:
            picture.seek(number - 1)
            dpi = _dpi(picture)
            turned = ImageOps.exif_transpose(picture)
            plain = turned if turned.mode in _MODES else _on_paper(turned)
            colours, bits = _MODES[plain.mode]
            return _page(zlib.compress(plain.tobytes(), 6), "/FlateDecode", plain.size, colours, bits, dpi), 0
    # Others (HEIC) are photographs: without loss they would be twenty times as large.
    pixels = next(iter(returned.images((number,))))
    return _jpeg(pixels, 0.0), 0


def unfit_pages(blob: bytes, numbers: Iterable[int]) -> frozenset[int]:
    """Pages of somebody else's PDF that cannot be part of a PDF/A as they are.

    Raises:
        Unusable: damaged.
    """
    try:
        with pikepdf.open(io.BytesIO(blob)) as document:
            return frozenset(number for number in numbers if obstacles(document.pages[number - 1]))
    except (pikepdf.PdfError, IndexError) as error:
        raise Unusable("original.damaged") from error


def drawn_page(blob: bytes, number: int) -> bytes:
    """A page of a PDF as a picture, for pages that cannot be bound as they are.

    Raises:
        pypdfium2.PdfiumError: it cannot be drawn.
    """
    with pypdfium2.PdfDocument(blob) as document:
        return _jpeg(document[number - 1].render(scale=_DRAWN_DPI / 72).to_numpy(), _DRAWN_DPI)


def _jpeg(pixels: Any, dpi: float) -> bytes:
    picture = Image.fromarray(pixels if pixels.ndim == 2 else pixels[:, :, 2::-1])  # noqa: PLR2004 - rows and columns
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return _page(buffer.getvalue(), "/DCTDecode", picture.size, _MODES[picture.mode][0], 8, dpi)


def _on_paper(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        return paper.convert("RGB")
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def _dpi(picture: Image.Image) -> float:
    dpi = picture.info.get("dpi", (0, 0))[0]
    return float(dpi) if _DPI[0] < dpi <= _DPI[1] else 0.0


def _page(data: bytes, coding: str, size: tuple[int, int], colours: str, bits: int, dpi: float) -> bytes:
    """As large as its resolution says; else as long as A4."""
    width, height = size
    scale = 72 / dpi if dpi else _A4_LONG / max(size)
    wide, high = round(width * scale, 2), round(height * scale, 2)
    pdf = pikepdf.new()
    image = pikepdf.Stream(
        pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
        ColorSpace=pikepdf.Name(colours), BitsPerComponent=bits, Filter=pikepdf.Name(coding),
    )  # fmt: skip
    pdf.add_blank_page(page_size=(wide, high))
    page = pdf.pages[0].obj
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=image))
    page.Contents = pikepdf.Stream(pdf, f"q {wide} 0 0 {high} 0 0 cm /Picture Do Q".encode())
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()
