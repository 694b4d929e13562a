"""PDF/A (pikepdf): what ISO 19005-2 and -3 ask of a file, and what of a page cannot be part of one."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

_ICC = "srgb.icc"
"""Fixed: Pillow writes the time of day into a profile that it makes."""
_PRODUCER = "hyeopyak"
_GONE = (
    "/StructTreeRoot", "/MarkInfo", "/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Requirements", "/Perms",
    "/PieceInfo", "/Collection", "/NeedsRendering", "/URI", "/Threads",
)  # fmt: skip
"""Entries of a catalogue that PDF/A forbids, or that speak of a file's former pages (level B claims no structure)."""
_PRINT = 4
_STANDARD = frozenset({"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased", "/Lab", "/G", "/RGB"})
_FILTERS_FORBIDDEN = frozenset({"/LZWDecode", "/LZW", "/Crypt"})
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a PDF; it makes the PDF a PDF/A-3."""

    name: str
    blob: bytes
    media: str
    relationship: str
    """Source, Data, Supplement (ISO 19005-3, annex E)."""
    description: str


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says of itself."""

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str
    """ko-KR."""
    created: datetime.datetime


def archival(document: pikepdf.Pdf, described: Described, attachments: Sequence[Attachment] = ()) -> None:
    """Make an assembled document PDF/A-2b, with attachments 3b, in place.

    Pages are taken as they are: ask `obstacles` of each that somebody else has made.
    """
    root = document.Root
    for key in _GONE:
        if key in root:
            del root[key]
    root.Lang = String(described.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    _intend(document)
    _attach(document, attachments, described.created)
    _describe(document, described, part=3 if attachments else 2)
    for page in document.pages:
        for annotation in page.obj.get("/Annots", ()):
            annotation.F = int(annotation.get("/F", 0)) | _PRINT


def save(document: pikepdf.Pdf, target: Path) -> None:
    """Write the file; the same document gives the same bytes."""
    document.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _intend(document: pikepdf.Pdf) -> None:
    """Colours of devices mean sRGB (ISO 19005-2, 6.2.3)."""
    profile = Stream(document, (files("pipeline.doors") / _ICC).read_bytes(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


def _attach(document: pikepdf.Pdf, attachments: Sequence[Attachment], when: datetime.datetime) -> None:
    """Attached files with what they are to the document (ISO 19005-3, 6.8)."""
    names = document.Root.get("/Names")
    if names is not None:
        for key in ("/EmbeddedFiles", "/JavaScript"):
            if key in names:
                del names[key]
    if not attachments:
        return
    specs = []
    for one in sorted(attachments, key=lambda one: one.name):
        stream = Stream(
            document, one.blob, Type=Name.EmbeddedFile, Subtype=Name(f"/{one.media}"),
            Params=Dictionary(Size=len(one.blob), ModDate=String(_date(when)), CheckSum=_md5(one.blob)),
        )  # fmt: skip
        spec = Dictionary(
            Type=Name.Filespec,
            F=String(one.name),
            UF=String(one.name),
            Desc=String(one.description),
            AFRelationship=Name(f"/{one.relationship}"),
            EF=Dictionary(F=stream, UF=stream),
        )
        specs.append((one.name, document.make_indirect(spec)))
    tree = Dictionary(Names=Array([part for name, spec in specs for part in (String(name), spec)]))
    if names is None:
        names = document.Root.Names = Dictionary()
    document.Root.Names.EmbeddedFiles = document.make_indirect(tree)
    document.Root.AF = Array([spec for _, spec in specs])


def _md5(blob: bytes) -> String:
    """The check sum that ISO 32000-1, 7.11.4.1 names; nothing relies on it."""
    return String(hashlib.md5(blob, usedforsecurity=False).digest())


def _describe(document: pikepdf.Pdf, described: Described, part: int) -> None:
    stamp = described.created.isoformat(timespec="seconds")
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        for key in list(meta):
            del meta[key]
        meta["dc:title"] = described.title
        meta["dc:creator"] = [described.author]
        meta["dc:description"] = described.subject
        meta["pdf:Keywords"] = ", ".join(described.keywords)
        meta["pdf:Producer"] = _PRODUCER
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = stamp
        meta["pdfaid:part"] = str(part)
        meta["pdfaid:conformance"] = "B"
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    document.docinfo["/Title"] = described.title
    document.docinfo["/Author"] = described.author
    document.docinfo["/Subject"] = described.subject
    document.docinfo["/Keywords"] = ", ".join(described.keywords)
    document.docinfo["/Producer"] = _PRODUCER
    document.docinfo["/CreationDate"] = document.docinfo["/ModDate"] = _date(described.created)


def _date(when: datetime.datetime) -> str:
    """As PDF writes it (ISO 32000-1, 7.9.4)."""
    return when.astimezone(datetime.UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


# --- pages of others ---------------------------------------------------------------------------------------------


def obstacles(page: pikepdf.Page) -> list[str]:
    """Why a page that somebody else has made cannot be part of a PDF/A as it is; empty when it can.

    A quick look at structure: whoever gets an answer draws the page as a picture instead. It rather says too much.
    """
    found: dict[str, None] = {}
    resources = page.obj.get("/Resources") or Dictionary()
    for problem in (*_of_resources(resources, set(), 0), *_of_content(page)):
        found[problem] = None
    return list(found)


def _of_content(page: pikepdf.Page) -> Iterator[str]:
    content = page.obj.get("/Contents")
    streams = content if isinstance(content, Array) else [content] if content is not None else []
    for stream in streams:
        yield from _of_stream(stream)
        try:
            data = stream.read_bytes()
        except pikepdf.PdfError:
            yield "its content cannot be read"
            return
        if b" k\n" in data or b" K\n" in data or b" k " in data or b" K " in data:
            yield "CMYK"


def _of_stream(stream: Any) -> Iterator[str]:
    coding = stream.get("/Filter")
    filters = list(coding) if isinstance(coding, Array) else [coding]
    if any(str(one) in _FILTERS_FORBIDDEN for one in filters):
        yield "a forbidden compression"
    if "/F" in stream or "/FFilter" in stream:
        yield "content outside the file"


def _of_resources(resources: Any, seen: set[tuple[int, int]], depth: int) -> Iterator[str]:
    if depth > 8:  # noqa: PLR2004 - nobody nests forms as deep
        yield "forms nested too deep"
        return
    for font in dict(resources.get("/Font", Dictionary()).items()).values():
        yield from _of_font(font)
    for space in dict(resources.get("/ColorSpace", Dictionary()).items()).values():
        yield from _of_space(space)
    for state in dict(resources.get("/ExtGState", Dictionary()).items()).values():
        if {"/TR", "/TR2", "/HTP"} & set(state.keys()):
            yield "transfer functions"
    for one in dict(resources.get("/XObject", Dictionary()).items()).values():
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        yield from _of_stream(one)
        if one.get("/Subtype") == "/Image":
            yield from _of_image(one)
        elif one.get("/Subtype") == "/PS" or "/Ref" in one or "/OPI" in one:
            yield "PostScript, or a reference to another file"
        else:
            yield from _of_resources(one.get("/Resources") or Dictionary(), seen, depth + 1)


def _of_image(image: Any) -> Iterator[str]:
    if "/Alternates" in image or "/OPI" in image or image.get("/Interpolate", False):
        yield "alternates or interpolation"
    coding = image.get("/Filter")
    if str(coding) == "/JPXDecode":
        yield "JPEG 2000"
    if not image.get("/ImageMask", False) and str(coding) != "/JPXDecode":
        yield from _of_space(image.get("/ColorSpace"))


def _of_space(space: Any) -> Iterator[str]:
    if space is None:
        return
    if isinstance(space, Array) and len(space):
        kind = str(space[0])
        if kind in {"/Indexed", "/I"}:
            yield from _of_space(space[1])
        elif kind == "/ICCBased":
            if int(space[1].get("/N", 3)) not in {1, 3}:
                yield "CMYK"
        elif kind not in _STANDARD:
            yield "colours of a printer"
    elif str(space) not in _STANDARD:
        yield "colours of a printer"


def _of_font(font: Any) -> Iterator[str]:
    if font.get("/Subtype") == "/Type3":
        return
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = inner.get("/FontDescriptor")
    if descriptor is None or not any(key in descriptor for key in _FONT_FILES):
        yield "a font that is not embedded"
