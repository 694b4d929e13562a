"""Small pictures of papers (pdfium)."""

from __future__ import annotations

import io

import pypdfium2

_WIDTH = 480
"""Pixels: headings and boxes can be told apart."""
_QUALITY = 60


def first_page(blob: bytes) -> bytes:
    """The first page of a PDF as WebP; b'' where it cannot be drawn."""
    buffer = io.BytesIO()
    try:
        with pypdfium2.PdfDocument(blob) as document:
            sheet = document[0]
            sheet.render(scale=_WIDTH / sheet.get_width()).to_pil().save(buffer, "WEBP", quality=_QUALITY)
    except pypdfium2.PdfiumError:
        return b""
    return buffer.getvalue()
