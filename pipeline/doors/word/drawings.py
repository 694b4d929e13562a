"""Pictures in a Word file: the filters that print them, and what a package needs to hold them.

A filter returns what docxtpl's InlineImage prints, a run that closes the one around it and opens it again; only that
the text behind keeps its format. Names of parts and of relationships come from the picture's bytes: the same picture
is stored once, and documents can be composed without renaming anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from pipeline.korean.similar import nearest
from pipeline.model.findings import Cell, Finding, finding

if TYPE_CHECKING:
    from pipeline.doors.pictures import Picture

PICTURE_FILTERS = ("그림", "picture", "큐알", "qr")
"""Names of the filters that a `Gallery` adds to a template's."""
TYPES = "[Content_Types].xml"

_EMU_PER_MM = 36000
_SMALLEST, _LARGEST = 1, 500
_PROBLEMS = {
    "size": "its size has to be between 1 and 500 mm",
    "properties": "the document properties can hold no picture",
}
_CODE = "큐알"
_FORMAT = "<?format?>"
"""Where the format of the run around is to stand; no data can hold it, for data are escaped."""
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{path}"'
    for prefix, path in (
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
        ("r", "officeDocument/2006/relationships"),
    )
)
_INLINE = (
    f"</w:t></w:r><w:r>{_FORMAT}<w:drawing><wp:inline {_NAMESPACES}>"
    '<wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="0" name="{name}" descr="{alt}"/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="0" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
    f"</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r>{_FORMAT}"
    '<w:t xml:space="preserve">'
)
_IN_TAG = re.compile(rf"\b(?:{'|'.join(PICTURE_FILTERS)})\b")
_RUN = re.compile(r"<w:r(?: [^>]*)?>(<w:rPr>.*?</w:rPr>|<w:rPr/>)?", re.DOTALL)
_DRAWING = re.compile(rb'(<wp:docPr\b[^>]*?\bid=")(\d+)(?=")')
_DEFAULTS = (("png", "image/png"), ("jpeg", "image/jpeg"))
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def draws(tag: str) -> bool:
    """Whether a tag may print a picture."""
    return bool(_IN_TAG.search(unicodedata.normalize("NFC", tag)))


@dataclass(frozen=True, slots=True)
class Fault:
    """A picture that could not be printed, and in which part."""

    part: str
    code: str
    name: str
    detail: str = ""
    """What is wrong, or the name that may be meant."""

    def finding(self, cell: Cell, part: str, paragraph: str) -> Finding:
        """As people are told."""
        key = "problem" if self.code == "picture.unusable" else "suggestion"
        return finding(self.code, cell, part=part, paragraph=paragraph, name=self.name, **{key: self.detail})


class Sought(ValueError):  # noqa: N818 - not an error: it carries the place where it was raised
    """The fault that was looked for happens here."""


@dataclass(frozen=True, slots=True)
class _Printed:
    picture: Picture
    width: float
    height: float
    name: str
    alt: str


class Gallery:
    """The pictures of one template: what its filters may print, and what they printed in the present document.

    Args:
        files: contents by name below the campaign's folder of pictures.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        # A name typed on a Mac comes decomposed (NFD), and so does the name of a file copied from one.
        self._files = {unicodedata.normalize("NFC", name): name for name in files}
        self._contents = files
        self._printed: dict[tuple[str, str, float, float], _Printed | Fault] = {}
        self._part = ""
        self._sought: Fault | None = None
        self._used: dict[str, dict[str, Picture]] = {}
        self.faults: dict[Fault, None] = {}

    @property
    def filters(self) -> Mapping[str, Callable[..., str]]:
        """For Jinja; they must not be evaluated before a document is rendered."""
        return dict(zip(PICTURE_FILTERS, (self.picture, self.picture, self.code, self.code), strict=True))

    def clear(self) -> None:
        """A new document begins."""
        self._used = {}
        self.faults = {}

    def enter(self, part: str, sought: Fault | None = None) -> None:
        """A part is about to be rendered; `Sought` is raised where the fault happens that is looked for."""
        self._part = part
        self._sought = sought

    def picture(self, name: Any, width: Any, height: Any = 0) -> str:
        """`{{ 단체.로고|그림(28) }}`: 28 mm wide; with two numbers as large as fits into them."""
        return self._print("picture", name, width, height)

    def code(self, text: Any, width: Any) -> str:
        """`{{ 행사.신청링크|큐알(24) }}`: a QR code of 24 mm."""
        return self._print("code", text, width, width)

    def parts(self, static: Mapping[str, bytes], drawn: frozenset[str]) -> dict[str, bytes]:
        """Pictures of this document and the relationships of its parts.

        Args:
            static: the template's parts.
            drawn: parts whose tags may print pictures.
        """
        found: dict[str, bytes] = {}
        for part in sorted(drawn):
            used = self._used.get(part, {})
            name = relations_of(part)
            if used or name in static:
                found[name] = _related(static.get(name, b""), used)
            found |= {_member(one): one.data for one in used.values()}
        return found

    @property
    def is_empty(self) -> bool:
        """Whether this document has no picture of ours."""
        return not self._used

    def _print(self, kind: str, value: Any, width: Any, height: Any) -> str:
        text = "" if value is None else str(value).strip()
        if not text:
            return ""
        result = self._place(kind, text, width, height)
        if isinstance(result, _Printed) and not self._part.startswith("word/"):
            result = Fault("", "picture.unusable", result.name, _PROBLEMS["properties"])
        if isinstance(result, Fault):
            fault = Fault(self._part, result.code, result.name, result.detail)
            if fault == self._sought:
                raise Sought
            self.faults[fault] = None
            return ""
        picture = result.picture
        self._used.setdefault(self._part, {})[picture.digest] = picture
        inline = _INLINE.format(
            cx=round(result.width * _EMU_PER_MM),
            cy=round(result.height * _EMU_PER_MM),
            name=escape(result.name),
            alt=escape(result.alt),
            relation=_relation(picture),
        )
        return Markup(inline)  # noqa: S704 - built here; what comes from data is escaped

    def _place(self, kind: str, text: str, width: Any, height: Any) -> _Printed | Fault:
        sizes = (width, height or _SMALLEST)
        if any(isinstance(one, bool) or not isinstance(one, int | float) for one in sizes) or not all(
            _SMALLEST <= one <= _LARGEST for one in sizes
        ):
            name = text if kind == "picture" else _CODE
            return Fault("", "picture.unusable", name, _PROBLEMS["size"])
        key = (kind, text, float(width), float(height))
        if key not in self._printed:
            make = self._read if kind == "picture" else self._encode
            self._printed[key] = make(*key[1:])
        return self._printed[key]

    def _read(self, name: str, width: float, height: float) -> _Printed | Fault:
        from pipeline.doors import pictures

        name = unicodedata.normalize("NFC", name)
        if name not in self._files:
            return Fault("", "picture.missing", name, nearest(name, tuple(self._files)))
        try:
            image = pictures.read(self._contents[self._files[name]])
        except pictures.Unusable as problem:
            return Fault("", "picture.unusable", name, str(problem))
        size = pictures.fit(image.size, width, height)
        file = name.rpartition("/")[2]
        return _Printed(pictures.prepare(image, size[0]), *size, file, file.rpartition(".")[0] or file)

    def _encode(self, text: str, width: float, _: float) -> _Printed | Fault:
        from pipeline.doors import pictures

        try:
            code = pictures.qr(text, width)
        except pictures.Unusable as problem:
            return Fault("", "picture.unusable", _CODE, str(problem))
        return _Printed(code, width, width, f"{_CODE}.png", " ".join(text.split()))


def keep_formats(text: str) -> str:
    """Give the format of the run around a picture to the picture's own run and to the one that follows."""
    pieces = text.split(_FORMAT)
    out = [pieces[0]]
    # Pieces come in pairs: the text up to a picture, and the picture.
    properties = ""
    for number, piece in enumerate(pieces[1:], 1):
        if number % 2:
            before = pieces[number - 1].removesuffix("<w:r>")
            start = max(before.rfind("<w:r>"), before.rfind("<w:r "))
            # Without a beginning of a run it is the text behind the picture before, in that one's format.
            if start >= 0 and (run := _RUN.match(before, start)):
                properties = run[1] or ""
        out += (properties, piece)
    return "".join(out)


def renumber(part: bytes, ids: Iterator[int]) -> bytes:
    """Give the drawings of a part ids that are theirs alone: Word lets pictures vanish that share one."""
    return _DRAWING.sub(lambda drawing: drawing[1] + str(next(ids)).encode(), part)


def highest_id(parts: Mapping[str, bytes]) -> int:
    """The highest id of a drawing in parts of Word."""
    pages = (content for name, content in parts.items() if name.startswith("word/") and name.endswith(".xml"))
    return max((int(drawing[2]) for content in pages for drawing in _DRAWING.finditer(content)), default=0)


def with_defaults(types: bytes) -> bytes:
    """[Content_Types].xml that knows PNG and JPEG."""
    known = {one.lower() for one in re.findall(rb'<Default\b[^>]*\bExtension="([^"]+)"', types)}
    missing = "".join(
        f'<Default Extension="{suffix}" ContentType="{kind}"/>'
        for suffix, kind in _DEFAULTS
        if suffix.encode() not in known
    )
    return re.sub(rb"(<Types\b[^>]*>)", lambda start: start[1] + missing.encode(), types, count=1)


def relations_of(part: str) -> str:
    """The name of the part that holds a part's relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _relation(picture: Picture) -> str:
    return f"rIdPic{picture.digest}"


def _member(picture: Picture) -> str:
    return f"word/media/{picture.digest}.{picture.suffix}"


def _related(relations: bytes, used: Mapping[str, Picture]) -> bytes:
    """A part of relationships with those of pictures added."""
    added = "".join(
        f'<Relationship Id="{_relation(one)}" Type="{_IMAGE}" Target="{_member(one).removeprefix("word/")}"/>'
        for _, one in sorted(used.items())
    ).encode()
    if not added:
        return relations
    if b"</Relationships>" in relations:
        return relations.replace(b"</Relationships>", added + b"</Relationships>")
    # None yet, or an element without content.
    head = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    return head + f'<Relationships xmlns="{_RELATIONS}">'.encode() + added + b"</Relationships>"
