"""Makers of PDFs for the measuring of PDF/A: what is good, the same with one fault each, and pages of strangers."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.doors import office, pdfa
from pipeline.run.working import CAPTIONS

DESCRIBED = pdfa.Described(
    "수원시 협약 모음",
    "한빛사회적경제협의회",
    "정책협약서",
    ("협약", "2018"),
    "ko-KR",
    datetime(2018, 5, 23, 9, 0, 0, tzinfo=UTC),
)
NOTE = pdfa.Attachment("쪽 목록.json", b'{"pages": 2}', "application/json", "Data", "쪽마다 온 곳")
A4 = (595.0, 842.0)


def papers() -> bytes:
    """Two pages: words in a Korean font with links, and a scan in colour."""
    registerFont(TTFont("Korean", office.font_file(*CAPTIONS)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setFont("Korean", 14)
    canvas.setFillColorRGB(0.1, 0.2, 0.5)
    canvas.drawString(72, 700, "사회적경제 정책협약서")
    canvas.bookmarkPage("first")
    canvas.linkURL("https://example.org/", (72, 690, 200, 720))
    canvas.linkAbsolute("처음", "first", (72, 600, 200, 620))
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("RGB", (200, 280), "linen")), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def bound(attachments: tuple[pdfa.Attachment, ...] = (), source: bytes | None = None) -> bytes:
    """Assembled and made archival."""
    with pikepdf.new() as volume, pikepdf.open(io.BytesIO(source or papers())) as piece:
        volume.add_pages_from(piece)
        pdfa.archival(volume, DESCRIBED, attachments)
        buffer = io.BytesIO()
        pdfa.save(volume, buffer)
    return buffer.getvalue()


# --- one fault each ----------------------------------------------------------------------------------------------


def _helvetica(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    page.obj.Resources.Font[Name("/Lone")] = document.make_indirect(font)
    page.contents_add(b"BT /Lone 12 Tf 72 400 Td (lone) Tj ET")


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def _no_metadata(document: pikepdf.Pdf) -> None:
    del document.Root.Metadata


def _other_part(document: pikepdf.Pdf) -> None:
    said = document.Root.Metadata.read_bytes()
    assert said.count(b">2</pdfaid:part>") == 1
    document.Root.Metadata.write(said.replace(b">2</pdfaid:part>", b">3</pdfaid:part>"))


def _hidden_link(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Annots[0].F = 0


def _attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.txt"] = pikepdf.AttachedFileSpec(document, b"a", mime_type="text/plain")


def _no_intent(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents
    document.pages[1].contents_add(b"0.5 g 10 10 20 20 re f")


def _inks(document: pikepdf.Pdf) -> None:
    document.pages[1].contents_add(b"0 1 1 0 k 10 10 20 20 re f")


def _smoothed(document: pikepdf.Pdf) -> None:
    next(iter(document.pages[1].obj.Resources.XObject.values())).Interpolate = True


CONTROLS: dict[str, tuple[Callable[[pikepdf.Pdf], None], set[str]]] = {
    "font not embedded": (_helvetica, {"6.2.11.4.1-1"}),
    "script": (_script, {"6.5.1-1"}),
    "no metadata": (_no_metadata, {"6.6.2.1-1"}),
    "claims part 3": (_other_part, {"6.6.4-2"}),
    "link that is not printed": (_hidden_link, {"6.3.2-2"}),
    "attachment in part 2": (_attachment, {"6.8-5"}),
    "no output intent": (_no_intent, {"6.2.4.3-2", "6.2.4.3-4"}),
    "inks": (_inks, {"6.2.4.3-3"}),
    "smoothed picture": (_smoothed, {"6.2.8-3"}),
}
"""What is done to a good file, and the rules that it then breaks."""


def control(spoil: Callable[[pikepdf.Pdf], None], good: bytes) -> bytes:
    """The good file with one fault."""
    with pikepdf.open(io.BytesIO(good)) as document:
        spoil(document)
        buffer = io.BytesIO()
        document.save(buffer, deterministic_id=True, fix_metadata_version=False)
    return buffer.getvalue()


def locked(good: bytes) -> bytes:
    """The good file encrypted, to be opened without a password."""
    with pikepdf.open(io.BytesIO(good)) as document:
        buffer = io.BytesIO()
        document.save(buffer, encryption=pikepdf.Encryption(owner="owner", user="", R=6))
    return buffer.getvalue()


# --- pages of strangers ------------------------------------------------------------------------------------------


def page(content: bytes, change: Callable[[pikepdf.Pdf, pikepdf.Page], None] | None = None) -> bytes:
    """One page with this drawing, and Helvetica, a gray picture and a form at hand."""
    with pikepdf.new() as document:
        one = document.add_blank_page(page_size=A4)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        picture = document.make_stream(bytes(100), Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10)
        picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
        form = document.make_stream(b"0 0 10 10 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        one.obj.Resources = Dictionary(
            Font=Dictionary(F1=document.make_indirect(font)), XObject=Dictionary(Im=picture, Fm=form)
        )
        one.obj.Contents = document.make_stream(content)
        if change:
            change(document, one)
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()
