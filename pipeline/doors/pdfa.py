"""PDF/A made (pikepdf): an assembled document given what ISO 19005 asks, and what of a stranger's page forbids it.

Repaired is what changes nothing that is seen on paper. What would (a font that is not there, inks without a profile)
is found by `obstacles`; a picture of the page takes its place. What holds is measured in `verapdf`, not here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

PRODUCER = "hyeopyak"
_PROFILE = Path(__file__).with_name("srgb.icc")
_CATALOGUE = frozenset({
    "/Type", "/Pages", "/Names", "/Dests", "/PageLabels", "/ViewerPreferences", "/PageLayout", "/PageMode", "/Outlines",
    "/OpenAction",
})  # fmt: skip
_PAGE = frozenset({
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate",
    "/UserUnit", "/Contents", "/Annots", "/Group",
})  # fmt: skip
"""What is kept of the catalogue and of pages: scripts, forms, structure and private data are not among it."""
_ACTIONS = frozenset({"/GoTo", "/GoToR", "/URI", "/Thread"})
_STATES = ("/TR", "/TR2", "/HT", "/HTP", "/HTO")
"""Of graphics states: for a printing press of the page's own time."""
_PRINTED, _HIDDEN = 4, 2
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3
"""Text rendering mode of the words behind a scan (ISO 32000-1, table 106)."""
_DEEPEST = 28
"""Saved graphics states within each other (ISO 19005-2, 6.1.13)."""
_SHORTEST, _LONGEST = 3, 14400
_DRAWN = frozenset({
    "/Ink", "/FreeText", "/Square", "/Circle", "/Line", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret",
})  # fmt: skip
"""Comments that readers draw by themselves where no drawing comes with them."""
_RESTS_ON = {"/Indexed": 1, "/I": 1, "/Pattern": 1, "/Separation": 2, "/DeviceN": 2}
"""Where in a colour space stands the one that it is made of."""
_PARSED = "q Q Tr Tf Tj TJ ' \" k K cs CS gs BI ID EI"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the document."""

    name: str
    blob: bytes
    media: str
    """Such as `application/pdf`."""
    relationship: str
    """`Source`, `Data`, `Supplement`, `Alternative` or `Unspecified` (ISO 19005-3, 6.8)."""
    description: str


@dataclass(frozen=True, slots=True)
class Described:
    """What the document says of itself."""

    title: str
    author: str
    subject: str
    keywords: tuple[str, ...]
    language: str
    """Such as `ko-KR`."""
    created: datetime
    """With its zone."""


def archival(document: pikepdf.Pdf, described: Described, attachments: Sequence[Attachment] = ()) -> None:
    """Make an assembled document PDF/A-2b, or 3b where it carries files; in place.

    Comments and fields become part of their pages as a reader shows them; links stay. Of pages of strangers ask for
    `obstacles` before.

    Raises:
        ValueError: `created` has no time zone, or two attachments have one name.
    """
    if described.created.tzinfo is None:
        raise ValueError("created needs a time zone")
    if len({one.name for one in attachments}) != len(attachments):
        raise ValueError("two attachments have one name")
    kinds = {str(one.get("/Subtype", "")) for page in document.pages for one in page.obj.get("/Annots", [])}
    if kinds - {"/Link", ""}:
        # Signing on a tablet is often an annotation.
        document.flatten_annotations("all")
    _strip(document)
    seen: set[tuple[int, int]] = set()
    for page in document.pages:
        _mend_page(page)
        for owner, resources in _resources(page.obj, page.resources, seen):
            _mend(owner, resources)
    for one in document.objects:
        if isinstance(one, Stream | Dictionary):
            _mend_object(one)
    _intend(document)
    _describe(document, described, 3 if attachments else 2)
    _attach(document, attachments, described.created)


def save(document: pikepdf.Pdf, target: Path | BinaryIO) -> None:
    """Write it without a password; the same document gives the same bytes."""
    # LZW is not allowed: what can be unpacked without loss is packed anew.
    document.save(
        target, force_version="1.7", fix_metadata_version=False, encryption=False, deterministic_id=True,
        compress_streams=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )  # fmt: skip


# --- what is taken away and mended -------------------------------------------------------------------------------


def _strip(document: pikepdf.Pdf) -> None:
    root = document.Root
    _drop(root, *(set(root.keys()) - _CATALOGUE))
    if "/Names" in root:
        root.Names = Dictionary({key: value for key, value in root.Names.items() if key == "/Dests"})
    if isinstance(root.get("/OpenAction"), Dictionary) and not _is_allowed(root.OpenAction):
        del root["/OpenAction"]
    _drop(document.docinfo, *list(document.docinfo.keys()))


def _drop(one: Any, *keys: str) -> None:
    for key in keys:
        if key in one:
            del one[key]


def _is_allowed(action: Any) -> bool:
    return isinstance(action, Dictionary) and str(action.get("/S", "")) in _ACTIONS and "/Next" not in action


def _mend_page(page: pikepdf.Page) -> None:
    own = page.obj
    # Inherited resources are none in PDF/A-2 (6.2.2): a page has its own.
    own.Resources = page.resources if "/Resources" not in own else own.Resources
    links = [_link(one) for one in own.get("/Annots", []) if one.get("/Subtype") == "/Link"]
    _drop(own, "/Annots", *(set(own.keys()) - _PAGE))
    if links:
        own.Annots = Array(links)


def _link(link: Any) -> Any:
    link.F = _PRINTED
    _drop(link, "/AA", "/PA", "/AP", "/AS", "/StructParent", "/OC", "/Parent")
    if "/A" in link and not _is_allowed(link.A):
        del link["/A"]
    return link


def _resources(page: Any, resources: Any, seen: set[tuple[int, int]]) -> Iterator[tuple[Any, Any]]:
    """The page, and each form, pattern and drawn font that it uses, with its resources; what was seen is left out."""
    waiting = [(page, resources)]
    while waiting:
        owner, resources = waiting.pop()
        if owner.objgen != (0, 0):
            if owner.objgen in seen:
                continue
            seen.add(owner.objgen)
        yield owner, resources
        inner = [one for kind in ("/XObject", "/Pattern", "/Font") for one in _values(resources, kind)]
        for state in _values(resources, "/ExtGState"):
            mask = state.get("/SMask")
            inner += [mask.G] if isinstance(mask, Dictionary) and "/G" in mask else []
        # What has no resources of its own uses the page's, which PDF/A-2 does not allow.
        drawn = [one for one in inner if one.get("/Subtype") in {"/Form", "/Type3"} or one.get("/PatternType") == 1]
        waiting += [(one, one.get("/Resources", resources)) for one in drawn]


def _values(resources: Any, kind: str) -> list[Any]:
    found = resources.get(kind)
    return [one for one in found.values() if isinstance(one, Dictionary | Stream)] if found is not None else []


def _mend(owner: Any, resources: Any) -> None:
    if "/Resources" not in owner:
        owner.Resources = resources
    for state in _values(resources, "/ExtGState"):
        _drop(state, *_STATES)
    for image in _values(resources, "/XObject"):
        _drop(image, "/Interpolate", "/Alternates", "/OPI", "/Ref", "/PS", "/Subtype2")


def _mend_object(one: Any) -> None:
    """Wherever it is used: metadata of parts, actions of outlines, lists of glyphs that may be incomplete.

    Told by what it is, as a dictionary of fonts may well call one of them AA or Metadata.
    """
    if isinstance(one.get("/Metadata"), Stream) and one.Metadata.get("/Type") == "/Metadata":
        del one["/Metadata"]
    if "/A" in one and {"/Title", "/Parent"} <= set(one.keys()) and not _is_allowed(one.A):
        del one["/A"]
    if one.get("/Type") == "/FontDescriptor":
        _drop(one, "/CIDSet", "/CharSet")
    for key in ("/BaseFont", "/FontName"):
        if isinstance(one.get(key), Name):
            _rename(one, key)


def _rename(font: Any, key: str) -> None:
    """Old Korean programs name fonts in CP949, but names are UTF-8 (ISO 19005-2, 6.1.8)."""
    written = font[key].unparse(resolved=True)
    raw = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), written[1:])
    try:
        raw.decode()
    except UnicodeDecodeError:
        font[key] = Name("/F" + hashlib.sha256(raw).hexdigest()[:12])


# --- what is added -----------------------------------------------------------------------------------------------


def _intend(document: pikepdf.Pdf) -> None:
    """Colours of devices mean sRGB (ISO 19005-2, 6.2.3)."""
    profile = Stream(document, _PROFILE.read_bytes(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"), DestOutputProfile=profile,
    )  # fmt: skip
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


def _moment(when: datetime) -> str:
    """As PDF writes it (ISO 32000-1, 7.9.4)."""
    return when.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")


def _describe(document: pikepdf.Pdf, described: Described, part: int) -> None:
    keywords = ", ".join(described.keywords)
    info = {"Title": described.title, "Author": described.author, "Subject": described.subject, "Keywords": keywords}
    for key, value in info.items():
        if value:
            document.docinfo[f"/{key}"] = value
    document.docinfo["/Producer"] = PRODUCER
    document.docinfo["/CreationDate"] = document.docinfo["/ModDate"] = _moment(described.created)
    document.Root.Lang = String(described.language)
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        meta["dc:title"] = described.title
        if described.author:
            meta["dc:creator"] = [described.author]
        if described.subject:
            meta["dc:description"] = described.subject
        if described.keywords:
            meta["dc:subject"] = list(described.keywords)
            meta["pdf:Keywords"] = keywords
        meta["dc:language"] = {described.language}
        meta["dc:format"] = "application/pdf"
        meta["pdf:Producer"] = PRODUCER
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = described.created.isoformat(timespec="seconds")
        meta["pdfaid:part"] = str(part)
        meta["pdfaid:conformance"] = "B"


def _attach(document: pikepdf.Pdf, attachments: Sequence[Attachment], created: datetime) -> None:
    """Files with what they are to the document (ISO 19005-3, 6.8)."""
    for one in attachments:
        relation = Name(f"/{one.relationship}")
        spec = pikepdf.AttachedFileSpec(
            document, one.blob, filename=one.name, description=one.description, mime_type=one.media,
            creation_date=_moment(created), mod_date=_moment(created), relationship=relation,
        )  # type: ignore[call-arg,unused-ignore]  # fmt: skip
        document.attachments[one.name] = spec
    if attachments:
        document.Root.AF = Array([document.attachments[one.name].obj for one in attachments])


# --- what stands in the way of a stranger's page -----------------------------------------------------------------


def obstacles(page: pikepdf.Page) -> list[str]:
    """Why a page cannot go into PDF/A as it is, by a quick look at its structure; [] where nothing was found.

    Returns:
        Some of, sorted: `font not embedded`, `CMYK`, `comment without drawing`, `layers`, `JPEG 2000`,
        `outside file`, `size`, `nesting`, `PostScript`, `unreadable`.
    """
    try:
        return sorted(set(_found(page)))
    except Exception:  # noqa: BLE001 - a broken page raises whatever the missing piece is needed for
        return ["unreadable"]


def _found(page: pikepdf.Page) -> Iterator[str]:
    box = [float(edge) for edge in page.mediabox]
    if not all(_SHORTEST <= side <= _LONGEST for side in (abs(box[2] - box[0]), abs(box[3] - box[1]))):
        yield "size"
    for annotation in page.obj.get("/Annots", []):
        yield from _of_annotation(annotation)
    for owner, resources in _resources(page.obj, page.resources, set()):
        yield from _of(owner, resources)


def _of_annotation(annotation: Any) -> Iterator[str]:
    """Its drawing becomes part of the page; a signature without extent is not to be seen."""
    shown = annotation.get("/AP", Dictionary()).get("/N")
    kind = str(annotation.get("/Subtype", ""))
    filled = kind == "/Widget" and ("/V" in annotation or "/V" in annotation.get("/Parent", Dictionary()))
    left, bottom, right, top = (float(side) for side in annotation.get("/Rect", (0, 0, 0, 0)))
    is_seen = left != right and bottom != top
    if is_seen and shown is None and (kind in _DRAWN or filled) and not int(annotation.get("/F", 0)) & _HIDDEN:
        yield "comment without drawing"
    states = [shown] if isinstance(shown, Stream) else [] if shown is None else list(shown.values())
    for state in states:
        for owner, resources in _resources(state, state.get("/Resources", Dictionary()), set()):
            yield from _of(owner, resources)


def _of(owner: Any, resources: Any) -> Iterator[str]:
    yield from _of_resources(resources)
    if _is_cmyk(owner.get("/Group", Dictionary()).get("/CS")):
        yield "CMYK"
    absent = {key for key, font in resources.get("/Font", Dictionary()).items() if not _is_embedded(font)}
    drawn_font = owner.get("/Subtype") == "/Type3"
    for one in owner.get("/CharProcs", Dictionary()).values() if drawn_font else [owner]:
        if isinstance(one, Stream) or "/Contents" in one:
            parsed = pikepdf.parse_content_stream(one if isinstance(one, Stream) else pikepdf.Page(one), _PARSED)
            yield from _of_colours(parsed)
            yield from _of_words(parsed, absent)


def _of_colours(parsed: Sequence[Any]) -> Iterator[str]:
    for one in parsed:
        operator = str(one.operator)
        space = one.operands[0] if operator in {"cs", "CS"} else None
        space = one.iimage.obj.get("/ColorSpace") if operator == "INLINE IMAGE" else space
        if operator in {"k", "K"} or _is_cmyk(space):
            yield "CMYK"


def _of_words(parsed: Sequence[Any], absent: set[str]) -> Iterator[str]:
    font, mode = "", 0
    saved: list[tuple[str, int]] = []
    for one in parsed:
        operator = str(one.operator)
        if operator == "q":
            saved.append((font, mode))
            if len(saved) > _DEEPEST:
                yield "nesting"
        elif operator == "Q" and saved:
            font, mode = saved.pop()
        elif operator == "Tf":
            font = str(one.operands[0])
        elif operator == "Tr":
            mode = int(one.operands[0])
        elif operator in _SHOWING and font in absent and mode != _INVISIBLE:
            yield "font not embedded"


def _of_resources(resources: Any) -> Iterator[str]:
    spaces = resources.get("/ColorSpace", Dictionary())
    shadings = [one.get("/ColorSpace") for one in _values(resources, "/Shading")]
    shadings += [one.Shading.get("/ColorSpace") for one in _values(resources, "/Pattern") if "/Shading" in one]
    if any(_is_cmyk(one) for one in [*spaces.values(), *shadings]):
        yield "CMYK"
    if any(one.get("/Type") in {"/OCG", "/OCMD"} for one in _values(resources, "/Properties")):
        yield "layers"
    for one in _values(resources, "/XObject"):
        yield from _of_drawing(one)


def _of_drawing(one: Any) -> Iterator[str]:
    if "/OC" in one:
        yield "layers"
    if one.get("/Subtype") == "/PS":
        yield "PostScript"
    if "/F" in one:
        yield "outside file"
    if _is_cmyk(one.get("/ColorSpace")):
        yield "CMYK"
    if "/JPXDecode" in str(one.get("/Filter")):
        yield "JPEG 2000"
    for mask in (one.get("/SMask"), one.get("/Mask")):
        if isinstance(mask, Stream):
            yield from _of_drawing(mask)


def _is_cmyk(space: Any) -> bool:
    """Whether a colour space is, or rests on, inks without a profile."""
    if isinstance(space, Name):
        return str(space) in {"/DeviceCMYK", "/CMYK"}
    if not isinstance(space, Array) or not len(space):
        return False
    place = _RESTS_ON.get(str(space[0]), 0)
    return len(space) > place and _is_cmyk(space[place])


def _is_embedded(font: Any) -> bool:
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = inner.get("/FontDescriptor", Dictionary())
    return font.get("/Subtype") == "/Type3" or any(key in descriptor for key in _FONT_FILES)
