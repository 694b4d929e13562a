"""A Word file before anything opens it: is it one, and is there anything in it that runs, fetches or hides.

A template comes from whoever wrote it last. What would run (macros), fetch (linked pictures and files, fields that
load them) or carry foreign programs along (embedded objects) is refused and named; a linked Word template (.dotx) only
gives styles to its author's Word, and is left out of papers.

ECMA-376 part 2 (packages, relationships); [MS-CFB] for what is no package.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from lxml import etree

from pipeline.model.findings import Cell, Finding, finding

_MOST_BYTES = 200_000_000
_MOST_MEMBERS = 5_000
_MOST_TIMES = 200
_SMALL = 20_000_000
"""Below this a file may be packed as tightly as it likes."""
UNREADABLE = frozenset(
    {"template.kind", "template.password", "template.damaged", "template.huge", "template.entities", "template.missing"}
)
"""Findings of files that nothing must open, or can."""
REFUSED = frozenset({"template.macros", "template.embedded", "template.external"})
"""Findings of files that can be looked at, and must not become papers."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROBLEMS = {
    "hwp": "it is a Hangul document (HWP)",
    "hwpx": "it is a Hangul document (HWPX)",
    "doc": "it is a document of Word 97 to 2003 (DOC)",
    "xls": "it is an Excel workbook",
    "ppt": "it is a PowerPoint presentation",
    "odt": "it is an OpenDocument text (ODT)",
    "pages": "it is a document of Apple Pages",
    "pdf": "it is a PDF",
    "rtf": "it is a rich text document (RTF)",
    "html": "it is a web page",
    "xml": "it is an XML file",
    "dotx": "it is a template of Word itself (DOTX)",
    "strict": "it was saved as a Strict Open XML document",
    "parts": "its parts do not bear the names that Word gives them",
}
_BEGINNINGS = (
    (b"%PDF", "pdf"),
    (b"{\\rt", "rtf"),
    (b"HWP Document File", "hwp"),
    (b"<!DOCTYPE html", "html"),
    (b"<html", "html"),
    (b"MIME-Version:", "html"),
    (b"<?xml", "xml"),
)
_STREAMS = (
    ("HwpSummaryInformation", "hwp"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
)
_MAIN = re.compile(r'ContentType="application/(?:vnd\.openxmlformats-officedocument\.|vnd\.ms-)(\w+)[^"]*\.main\+xml"')
_STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_FETCHING = frozenset({"INCLUDETEXT", "INCLUDEPICTURE", "DDEAUTO", "DDE", "LINK", "IMPORT", "RD", "DATABASE"})
_SOURCE = re.compile(rb'<v:\w+\s[^>]*\bsrc="([^"]+)"')
_FIELD = re.compile(
    r'w:fldCharType="(?P<mark>begin|separate|end)"|<w:instrText[^>]*>(?P<text>[^<]*)<|<w:fldSimple[^>]*w:instr="(?P<whole>[^"]*)'
)
_EMBEDDED = re.compile(r"word/(?:embeddings|activeX|controls)/|.*/afchunk", re.IGNORECASE)
_CHART = re.compile(r"word/charts/_rels/")
_ATTACHED = re.compile(rb"<w:attachedTemplate\b[^>]*?(?:/>|>\s*</w:attachedTemplate>)")


def inspect(blob: bytes, shown: str) -> list[Finding]:
    """What is wrong with a file as a file; errors mean that nothing must open it."""
    cell = Cell(shown)
    kind = _kind_of(blob)
    if kind == "password":
        return [finding("template.password", cell)]
    if kind:
        return [finding("template.kind", cell, problem=_PROBLEMS[kind])]
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            names = package.namelist()
            # Of two parts of one name, each program takes another.
            twice = len({name.casefold() for name in names}) < len(names)
            if twice or any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
                return [finding("template.damaged", cell)]
            return list(_of_package(package, len(blob), cell))
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        LookupError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        # RuntimeError: a member with a password.
        return [finding("template.damaged", cell)]


def neutral(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Parts of a package without links to other files; hyperlinks stay, for they are followed by people only."""
    out = dict(parts)
    for name, content in parts.items():
        if name.endswith(".rels") and b"External" in content:
            root = etree.fromstring(content, _parser())
            outside = [one for one in root if _is_outside(one)]
            for one in outside:
                root.remove(one)
            if outside:
                out[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    settings = "word/settings.xml"
    if settings in out:
        out[settings] = _ATTACHED.sub(b"", out[settings])
    return out


def mended(blob: bytes) -> bytes:
    """The package as python-docx needs it, which would else give it other properties, with the time of day in them.

    LibreOffice 7.4 misspells the relationship to a document's properties, so that they are not found; Google Docs
    writes none at all.
    """
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        relations = package.read(_PACKAGE_RELATIONS)
        if _PROPERTIES in relations:
            return blob
        parts = {name: package.read(name) for name in package.namelist()}
    if _MISSPELT in relations:
        parts[_PACKAGE_RELATIONS] = relations.replace(_MISSPELT, _PROPERTIES)
    else:
        parts |= _blank_properties(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _blank_properties(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of a package that change with properties that say nothing."""
    relation = b'<Relationship Id="rIdCore" Type="%s" Target="docProps/core.xml"/></Relationships>' % _PROPERTIES
    override = b'<Override PartName="/docProps/core.xml" ContentType="%s"/></Types>' % _CORE_TYPE
    return {
        _PACKAGE_RELATIONS: parts[_PACKAGE_RELATIONS].replace(b"</Relationships>", relation),
        _TYPES: parts[_TYPES].replace(b"</Types>", override),
        "docProps/core.xml": b'<cp:coreProperties xmlns:cp="%s"/>' % _CORE,
    }


def _kind_of(blob: bytes) -> str:
    """What the file is instead of a package; empty for a package, and for what cannot be told."""
    head = blob[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if blob.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in blob:
            return "password"
        return next((kind for name, kind in _STREAMS if name.encode("utf-16-le") in blob), "doc")
    return next((kind for start, kind in _BEGINNINGS if head.lower().startswith(start.lower())), "")


_PACKAGE_RELATIONS = "_rels/.rels"
_TYPES = "[Content_Types].xml"
_PROPERTIES = b"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_MISSPELT = b"http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"
_CORE_TYPE = b"application/vnd.openxmlformats-package.core-properties+xml"
_CORE = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def _of_package(package: zipfile.ZipFile, size: int, cell: Cell) -> Iterator[Finding]:
    members = package.infolist()
    total = sum(one.file_size for one in members)
    if total > _MOST_BYTES or len(members) > _MOST_MEMBERS or (total > _SMALL and total > _MOST_TIMES * size):
        yield finding("template.huge", cell, size=total // 1_000_000)
        return
    names = package.namelist()
    kind = _kind_of_package(package, names)
    if kind:
        yield finding("template.kind", cell, problem=_PROBLEMS[kind])
        return
    parts = {name: package.read(name) for name in names if name.endswith((".xml", ".rels"))}
    fault = next(filter(None, map(_fault_of, parts.values())), "")
    if fault:
        yield finding(fault, cell)
        return
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroEnabled" in parts[_TYPES]:
        yield finding("template.macros", cell)
    yield from _embedded(names, parts, cell)
    yield from _linked(parts, cell)


def _kind_of_package(package: zipfile.ZipFile, names: list[str]) -> str:
    """What a zip is instead of a Word document; empty for one."""
    if "mimetype" in names:
        mimetype = package.read("mimetype")[:100]
        found = {b"application/hwp+zip": "hwpx", b"application/vnd.oasis.opendocument.text": "odt"}
        return next((kind for sign, kind in found.items() if mimetype.startswith(sign)), "")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        return "pages"
    types = package.read(_TYPES).decode("utf-8", "replace")
    start = package.read(_PACKAGE_RELATIONS)
    main = _MAIN.search(types)
    signs = (
        ("xls", main is not None and main[1] in {"spreadsheetml", "excel"}),
        ("ppt", main is not None and main[1] in {"presentationml", "powerpoint"}),
        ("dotx", "wordprocessingml.template.main+xml" in types),
        ("strict", _STRICT in start),
        ("parts", b'officeDocument"' in start and b"word/document.xml" not in start),
    )
    return next((kind for kind, holds in signs if holds), "")


def _fault_of(part: bytes) -> str:
    """What is wrong with a part's XML: it breaks off, or it declares entities, as no word processor does."""
    try:
        tree = etree.fromstring(part, _parser()).getroottree()
    except etree.XMLSyntaxError:
        return "template.entities" if b"<!ENTITY" in part else "template.damaged"
    return "template.entities" if tree.docinfo.doctype else ""


def _embedded(names: list[str], parts: Mapping[str, bytes], cell: Cell) -> Iterator[Finding]:
    """Objects of other programs. The workbooks of charts are none: they hold a chart's numbers."""
    of_charts = {
        target.rpartition("/")[2]
        for name, content in parts.items()
        if _CHART.match(name)
        for target in re.findall(r'Target="([^"]+\.xlsx)"', content.decode("utf-8", "replace"))
    }
    for name in names:
        if _EMBEDDED.match(name) and not name.endswith(("/", ".rels")) and name.rpartition("/")[2] not in of_charts:
            yield finding("template.embedded", cell, name=name.rpartition("/")[2])


def _linked(parts: Mapping[str, bytes], cell: Cell) -> Iterator[Finding]:
    """What is outside the file: named by relationships, by fields, by old drawings."""
    found: dict[tuple[str, str], None] = {}
    for name, content in sorted(parts.items()):
        if name.endswith(".rels"):
            for one in _relationships(content):
                kind = one.get("Type", "").rpartition("/")[2]
                if _is_outside(one):
                    code = "template.attached" if kind == "attachedTemplate" else "template.external"
                    found[code, one.get("Target", "")] = None
        elif name.startswith("word/"):
            fields = _fields(content.decode("utf-8", "replace"))
            found |= {("template.external", field): None for field in fields if field in _FETCHING}
            sources = (one.decode("utf-8", "replace") for one in _SOURCE.findall(content))
            found |= {("template.external", source): None for source in sources if ":" in source or "\\" in source}
    for code, target in found:
        yield finding(code, cell, target=target[:80])


def _fields(part: str) -> Iterator[str]:
    """Commands of field codes (PAGE, INCLUDETEXT): the first word, which may be cut into runs."""
    code = ""
    for match in _FIELD.finditer(part):
        code = code + match["text"] if match["text"] is not None else match["whole"] or ""
        # While it grows, too: a field may stand in another.
        yield from code.upper().split()[:1]


def _relationships(content: bytes) -> list[etree._Element]:
    try:
        return list(etree.fromstring(content, _parser()))
    except etree.XMLSyntaxError:
        return []


def _is_outside(relationship: etree._Element) -> bool:
    """Whether it names something outside that a program would load by itself."""
    kind = relationship.get("Type", "").rpartition("/")[2]
    return bool(relationship.get("TargetMode") == "External" and kind != "hyperlink")


def _parser() -> etree.XMLParser:
    """Neither the network nor the disk, no entities, no depth without end."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
