"""Fonts for the few words that we draw on PDF pages (reportlab): made once, then copied into documents."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pikepdf
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LATIN = "Vera.ttf"
"""Comes with reportlab, for systems that have no font with Hangul."""
_MOST = 200
"""Signs of one subset: reportlab begins another after 256 codes, of which some are its own."""


@dataclass(frozen=True, slots=True)
class Face:
    """A subset ready to be copied, and how it writes each sign."""

    pdf: pikepdf.Pdf
    font: Any
    codes: Mapping[str, str]
    """Of signs, as two hexadecimal digits."""
    file: str

    @property
    def has_hangul(self) -> bool:
        """Whether it can write Korean."""
        return self.file != LATIN

    def shown(self, text: str) -> str:
        """A text as an operand of `Tj`; signs that the subset lacks are left out."""
        return f"<{''.join([self.codes.get(sign, '') for sign in text])}>"

    def width(self, text: str, size: float) -> float:
        """Points."""
        return float(stringWidth(text, registered(self.file), size))


@cache
def registered(font_file: str) -> str:
    """A font file as reportlab's canvas knows it."""
    registerFont(TTFont(font_file, font_file))
    return font_file


@cache
def face(font_file: str, signs: str) -> Face:
    """A subset of at most 200 different signs.

    Args:
        font_file: TrueType; '' for `LATIN`.
        signs: what can be written.
    """
    file = font_file or LATIN
    wanted = "".join(sorted(set(signs)))[:_MOST]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    canvas.setFont(registered(file), 8)
    canvas.drawString(0, 0, wanted)
    pieces = getFont(file).splitString(wanted, canvas._doc)  # noqa: SLF001 - reportlab's own canvas asks in the same way
    canvas.save()
    shown = b"".join(piece for _, piece in pieces)
    codes = {sign: f"{code:02X}" for sign, code in zip(wanted, shown, strict=True)}
    pdf = _deflated(buffer)
    used = next(one for name, one in pdf.pages[0].resources.Font.items() if "+" in str(one.BaseFont))
    return Face(pdf, used, codes, file)


def _deflated(made: io.BytesIO) -> pikepdf.Pdf:
    """The file with its streams as they will be saved: reportlab's ASCII85 would be undone anew in every document."""
    buffer = io.BytesIO()
    with pikepdf.open(made) as document:
        document.save(buffer)
    return pikepdf.open(buffer)
