"""Pictures and QR codes (Pillow, segno): what a campaign folder holds becomes what a paper may hold.

A picture is decoded and written anew: whatever else its file held (place and time of a photograph, comments, a
thumbnail, bytes behind its end) stays behind. Nothing is decoded before its head has said how large it will be.
The same file and size give the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import math
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import segno
from PIL import Image, ImageCms, ImageOps

_MOST_BYTES = 20_000_000
_MOST_PIXELS = 60_000_000
_MOST_SIDES = 20
"""Length to breadth: 60 megapixels in one line of pixels would print as nothing."""
_DOTS_PER_MM = 300 / 25.4
_QUALITY = 92
_SMALLEST_MODULE = 0.33
"""Millimetres: four dots of a laser printer of 300 dpi, which telephones still read from a copy."""
_DOTS_A_MODULE = 10
_QUIET = 4
"""Modules left blank around a code (ISO/IEC 18004, 6.3.8)."""
_LONGEST_CODE = 1000

# Pillow refuses by itself what is more than twice this; what lies between is refused here.
Image.MAX_IMAGE_PIXELS = _MOST_PIXELS

_OURS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_STRANGERS = (
    (b"GIF8", 0, "GIF"),
    (b"BM", 0, "BMP"),
    (b"II*\0", 0, "TIFF"),
    (b"MM\0*", 0, "TIFF"),
    (b"WEBP", 8, "WEBP"),
    (b"ftyphei", 4, "HEIC"),
    (b"ftyphev", 4, "HEIC"),
    (b"ftypmif1", 4, "HEIC"),
    (b"ftypavif", 4, "AVIF"),
    (b"%PDF", 0, "PDF"),
)
"""Sign, where it stands, and what it says."""
_PROBLEMS = {
    "GIF": "it is a GIF; save it as PNG or JPEG",
    "BMP": "it is a BMP; save it as PNG or JPEG",
    "TIFF": "it is a TIFF; save it as PNG or JPEG",
    "WEBP": "it is a WEBP; save it as PNG or JPEG",
    "HEIC": "it is a HEIC; save it as PNG or JPEG",
    "AVIF": "it is an AVIF; save it as PNG or JPEG",
    "SVG": "it is an SVG; save it as PNG or JPEG",
    "PDF": "it is a PDF; save it as PNG or JPEG",
    "": "it is not a picture (PNG or JPEG)",
}


class Unusable(ValueError):  # noqa: N818 - becomes a finding, never seen by people
    """This cannot be printed; the text says why (a message id)."""


@dataclass(frozen=True)
class Picture:
    """A picture ready for paper."""

    data: bytes
    suffix: str
    """`png` or `jpeg`."""
    width: int
    """In pixels."""
    height: int

    @cached_property
    def digest(self) -> str:
        """Of its bytes: names it, so that the same picture has the same name everywhere."""
        return hashlib.sha256(self.data).hexdigest()[:16]


def read(blob: bytes) -> Image.Image:
    """Decode a PNG or JPEG: upright, and in one of the modes L, RGB and RGBA; `format` as it was.

    Raises:
        Unusable: it is neither, too large, or damaged.
    """
    _refuse_strangers(blob)
    if len(blob) > _MOST_BYTES:
        raise Unusable("the file is larger than 20 MB")
    # What Pillow only warns of (a damaged EXIF) does not reach the paper.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(blob), formats=("PNG", "JPEG"))
            width, height = image.size
            if width * height > _MOST_PIXELS:
                raise Unusable("it has more than 60 million pixels")
            if max(width, height) > _MOST_SIDES * min(width, height):
                raise Unusable("it is a line rather than a picture")
            kind = image.format
            image.load()
            plain = _plain(ImageOps.exif_transpose(image))
        except Unusable:
            raise
        except Image.DecompressionBombError:
            raise Unusable("it has more than 60 million pixels") from None
        except Exception as error:  # a damaged file raises whatever the missing piece is needed for
            raise Unusable("the file is damaged") from error
    plain.format = "PNG" if kind == "PNG" else "JPEG"
    return plain


def _refuse_strangers(blob: bytes) -> None:
    if blob.startswith(_OURS):
        return
    found = (kind for sign, place, kind in _STRANGERS if blob[place : place + len(sign)] == sign)
    kind = next(found, "SVG" if b"<svg" in blob[:1000].lower() else "")
    raise Unusable(_PROBLEMS[kind])


def _plain(image: Image.Image) -> Image.Image:
    """Grey or coloured, eight bits, with transparency only where something is transparent; nothing but pixels."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        # Pillow's own conversion clips: the upper byte of each is the grey.
        order = image.mode.endswith("B")
        image = Image.frombytes("L", image.size, image.tobytes()[0 if order else 1 :: 2])
    elif image.mode in {"I", "F"}:
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() == (255, 255):
            image = image.convert("RGB")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode not in {"L", "RGB"}:
        image = _in_srgb(image, profile) if image.mode == "CMYK" else image.convert("RGB")
        profile = None
    if image.mode == "RGB" and profile:
        image = _in_srgb(image, profile)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """The colours that the picture's profile means; the plain conversion where it has none, or a broken one."""
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if changed is not None:
                return changed
    return image.convert("RGB")


def fit(size: tuple[int, int], width: float, height: float = 0.0) -> tuple[float, float]:
    """Printed size in mm of so many pixels: as wide as asked, or as large as the box allows; always in proportion."""
    across, down = size
    tall = width * down / across
    return (width, tall) if not height or tall <= height else (height * across / down, height)


def prepare(image: Image.Image, width: float) -> Picture:
    """A decoded picture for paper, `width` mm wide there: not finer than 300 dpi.

    Args:
        image: as `read` gives it.
        width: in millimetres.
    """
    most = max(1, math.ceil(width * _DOTS_PER_MM))
    if most < image.width:
        size = (most, max(1, round(image.height * most / image.width)))
        scaled = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    else:
        scaled = image
    buffer = io.BytesIO()
    if image.format == "PNG":
        scaled.save(buffer, "PNG", optimize=True)
        return Picture(buffer.getvalue(), "png", *scaled.size)
    scaled.save(buffer, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return Picture(buffer.getvalue(), "jpeg", *scaled.size)


def qr(text: str, width: float) -> Picture:
    """A QR code of error level M with its quiet zone, in black and white.

    Args:
        text: what a telephone is to read.
        width: of the code with its quiet zone, in millimetres.

    Raises:
        Unusable: there is more text than can be read at this size.
    """
    if len(text) > _LONGEST_CODE:
        raise Unusable("the text is too long for a QR code")
    try:
        code = segno.make_qr(text, error="M", encoding="utf-8", boost_error=False)
    except segno.DataOverflowError:
        raise Unusable("the text is too long for a QR code") from None
    modules = int(code.symbol_size(border=_QUIET)[0])
    if width / modules < _SMALLEST_MODULE:
        raise Unusable("its text is too long for this size: telephones could not read the QR code; make it larger")
    buffer = io.BytesIO()
    code.save(buffer, kind="png", scale=_DOTS_A_MODULE, border=_QUIET)
    return Picture(buffer.getvalue(), "png", modules * _DOTS_A_MODULE, modules * _DOTS_A_MODULE)
