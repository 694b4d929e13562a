"""Files as scanners and phones write them: PDF of JPEG pages, JPEG, PNG, TIFF, ZIP; the same pages, the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
from PIL import Image as Pictures

from pipeline.doors.scans.simulated.paper import Image

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_TWO_TONES = 2


def jpeg_bytes(image: Image, quality: int = 80) -> bytes:
    """A JPEG file."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def png_bytes(image: Image) -> bytes:
    """A PNG file."""
    return cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()


def tiff_bytes(images: Sequence[Image], dpi: int) -> bytes:
    """A TIFF of several pages; black and white ones packed as a fax does."""
    pages = [_picture(image) for image in images]
    out = io.BytesIO()
    packing = "group4" if all(page.mode == "1" for page in pages) else "tiff_lzw"
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression=packing, dpi=(dpi, dpi))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Packed:
    """A page as JPEG: a batch is never kept as pixels."""

    blob: bytes
    width: int
    height: int
    colour: bool


def packed(image: Image, quality: int = 80) -> Packed:
    """A page ready for a PDF."""
    height, width = image.shape[:2]
    return Packed(jpeg_bytes(image, quality), width, height, image.ndim == 3)  # noqa: PLR2004 - blue, green, red


def pdf_bytes(images: Sequence[Image], dpi: int, quality: int = 80) -> bytes:
    """A PDF as a copier writes it: one JPEG a page."""
    return pdf_of([packed(image, quality) for image in images], dpi)


def pdf_of(pages: Sequence[Packed], dpi: int) -> bytes:
    """A PDF of packed pages; `dpi` says how large they are."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for page in pages:
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        across, down = page.width / dpi * 72, page.height / dpi * 72
        drawn = f"q {across:.3f} 0 0 {down:.3f} 0 0 cm /I Do Q".encode()
        space = "/DeviceRGB" if page.colour else "/DeviceGray"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across:.3f} {down:.3f}]/Contents {number + 1} 0 R"
            f"/Resources<</XObject<</I {number + 2} 0 R>>>>>>".encode(),
            b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
            f"<</Type/XObject/Subtype/Image/Width {page.width}/Height {page.height}/ColorSpace{space}"
            f"/BitsPerComponent 8/Filter/DCTDecode/Length {len(page.blob)}>>stream\n".encode()
            + page.blob
            + b"\nendstream",
        ]
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return _file(objects)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, blob in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), blob)
    return out.getvalue()


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _picture(image: Image) -> Pictures.Image:
    if image.ndim == 3:  # noqa: PLR2004 - colour
        return Pictures.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    plain = Pictures.fromarray(image)
    colours = plain.getcolors(_TWO_TONES)
    return plain.convert("1") if colours and {value for _, value in colours} <= {0, 255} else plain
