"""Cutting pieces out of a composed PDF (pikepdf): their pages settled, stamped and with what they use alone."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pikepdf

from pipeline.doors.glyph_runs import Face, Named, named, native_widths, settle, subsets
from pipeline.doors.page_codes import BEFORE, BEHIND, IDENTITY_FONT, INSIDE, Drawing, drawing, face
from pipeline.doors.pieces import Content, Head, Leaf, Pieces, inner
from pipeline.doors.qr_symbols import symbols
from pipeline.model.documents import Chunks
from pipeline.model.identity import PageCode

QUICKLY: Final = 1
"""The level of zlib for what is drawn or moved."""
_OWN = frozenset({"/Parent", "/Contents", "/Resources", "/StructParents", "/Annots"})
"""Entries of a page that a piece does not take as they are."""
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate", "/Resources")
_SHARED = ("/Font", "/XObject")
"""Resources that LibreOffice keeps in one dictionary for all pages (and all forms): fonts, pictures and forms."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a paper's PDF is given beside its pages."""

    title: str
    """What readers show in place of the file's name."""
    codes: Sequence[PageCode] = ()
    """Drawn on its pages; none: nothing is drawn."""
    font_file: str = ""
    """For the words beside the codes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One of many PDFs of a composed file."""

    pdf: Chunks
    """What several hold is one object."""
    fonts: frozenset[tuple[str, bool]]
    """Of its pages, each as `embedded` has it."""


def drawings(documents: Sequence[tuple[Sequence[pikepdf.Page], Cover]]) -> list[list[Drawing]]:
    """How the identity of the pages of documents is drawn; none where a cover has no codes."""
    made = iter(symbols([code.payload for _, cover in documents for code in cover.codes]))
    return [
        [
            drawing(code, next(made), page.mediabox, face(cover.font_file))
            for page, code in zip(pages, cover.codes, strict=True)
        ]
        if cover.codes
        else []
        for pages, cover in documents
    ]


class Cut:
    """Cuts pieces out of a PDF whose forms hold what they use."""

    def __init__(self, whole: pikepdf.Pdf) -> None:
        self._whole = whole
        self._pieces = Pieces(whole)
        self._faces: dict[Any, Mapping[str, Face]] = {}
        self._settled: tuple[Mapping[str, Face], dict[bytes, bytes]] = {}, {}
        """Fonts of the last piece, and what `settle` knows with them."""
        self._resources: dict[Any, _Resources] = {}
        self._captions: dict[str, Any] = {}

    def piece(self, pages: Sequence[pikepdf.Page], cover: Cover, drawn: Sequence[Drawing]) -> Piece:
        """Some pages as a PDF of their own, with those of the shared resources that they use.

        Args:
            pages: of the PDF.
            cover: what the piece is given.
            drawn: `drawings` of these pages.
        """
        entries = [_entries(page) for page in pages]
        contents = [one["/Contents"].read_bytes() for one in entries]
        faces: dict[str, Face] = {}
        for one in entries:
            faces |= self._known_faces(one["/Resources"].get("/Font", pikepdf.Dictionary()))
        shown = [one for content in contents for one in named(content)]
        alone, used = subsets(shown, faces), _names(shown)
        if self._settled[0] != faces:
            self._settled = faces, {}
        resources = [self._known_resources(one["/Resources"], used, cover) for one in entries]
        leaves = [
            Leaf(_head(one, own), (_moved(one["/Contents"], content, settle(content, *self._settled, alone)),), {})
            for one, own, content in zip(entries, resources, contents, strict=True)
        ]
        if drawn:
            leaves = [_stamped(leaf, one) for leaf, one in zip(leaves, drawn, strict=True)]
        info = pikepdf.Dictionary({"/Producer": "hyeopyak", "/Title": cover.title})
        made = self._pieces.piece(leaves, info.unparse())
        return Piece(made, frozenset().union(*(own.fonts for own in resources)))

    def _known_faces(self, fonts: Any) -> Mapping[str, Face]:
        if not fonts.is_indirect or fonts.objgen not in self._faces:
            self._faces[fonts.objgen] = {name.removeprefix("/"): _face(font) for name, font in fonts.items()}
        return self._faces[fonts.objgen]

    def _known_resources(self, resources: Any, used: frozenset[str], cover: Cover) -> _Resources:
        key = resources.objgen, used, cover.font_file if cover.codes else None
        if not resources.is_indirect or key not in self._resources:
            kept = trimmed(resources, used)
            named = dict(kept.get("/Font", {}).items())
            fonts = frozenset(map(embedded, named.values()))
            if cover.codes:
                kept.Font = pikepdf.Dictionary({**named, IDENTITY_FONT: self._caption_font(cover.font_file)})
            drawings = kept.get("/XObject", pikepdf.Dictionary())
            rest = pikepdf.Dictionary({name: one for name, one in kept.items() if name != "/XObject"})
            self._resources[key] = _Resources(inner(rest), inner(drawings), fonts)
        return self._resources[key]

    def _caption_font(self, font_file: str) -> Any:
        if font_file not in self._captions:
            self._captions[font_file] = self._whole.copy_foreign(face(font_file).font)
        return self._captions[font_file]


@dataclass(frozen=True, slots=True)
class _Resources:
    """What pages of a piece use, as `Head` has it, and what fonts these are."""

    rest: bytes
    drawings: bytes
    fonts: frozenset[tuple[str, bool]]


def _entries(page: pikepdf.Page) -> dict[str, Any]:
    """A page's dictionary, with what it has from those above it (ISO 32000-1, 7.7.3.4)."""
    entries = dict(page.obj.items())
    above = entries.get("/Parent")
    while above is not None:
        for key in _INHERITED:
            if key in above:
                entries.setdefault(key, above[key])
        above = above.get("/Parent")
    return entries


def _head(entries: Mapping[str, Any], resources: _Resources) -> Head:
    own = pikepdf.Dictionary({key: value for key, value in entries.items() if key not in _OWN})
    return Head(inner(own), resources.rest, resources.drawings)


def _moved(stream: Any, content: bytes, settled: bytes) -> Content:
    """A page's content; as it lies in the file where nothing had to be settled."""
    deflated = b"/Filter /FlateDecode "
    if settled == content and set(stream.keys()) == {"/Filter", "/Length"} and stream.Filter == "/FlateDecode":
        return Content(stream.read_raw_bytes(), deflated)
    return Content(zlib.compress(settled, QUICKLY), deflated)


def _stamped(leaf: Leaf, drawn: Drawing) -> Leaf:
    """A page with its identity."""
    side = drawn.side
    said = b"/Type /XObject /Subtype /Form /FormType 1 /BBox [0 0 %d %d] /Filter /FlateDecode " % (side, side)
    code = Content(zlib.compress(drawn.squares, QUICKLY), said)
    contents = Content(BEFORE), *leaf.contents, Content(BEHIND + drawn.content)
    return replace(leaf, contents=contents, forms={INSIDE.encode(): code})


def _face(font: Any) -> Face:
    first = int(font.get("/FirstChar", 0))
    widths = {first + place: float(width) for place, width in enumerate(font.get("/Widths", []))}
    file = font.get("/FontDescriptor", pikepdf.Dictionary()).get("/FontFile2")
    native = native_widths(file.read_bytes()) if file is not None else {}
    return Face(str(font.get("/BaseFont", "")).rpartition("+")[2], widths, native)


def named_in(content: bytes) -> frozenset[str]:
    """Names of the fonts, pictures and forms that a content stream names."""
    return _names(named(content))


def _names(shown: Iterable[Named]) -> frozenset[str]:
    return frozenset(f"/{name.decode()}" for name in {name for name, _ in shown})


def trim_forms(document: pikepdf.Pdf) -> None:
    """Leave each form what it uses: through one that is shared by all, a piece would hold the others' pictures."""
    for one in document.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form" and "/Resources" in one:
            one.Resources = trimmed(one.Resources, named_in(one.read_bytes()))


def trimmed(resources: Any, used: Collection[str]) -> pikepdf.Dictionary:
    """Resources with those fonts, pictures and forms alone that are used."""
    kept = pikepdf.Dictionary({key: value for key, value in resources.items() if key not in _SHARED})
    for kind in _SHARED:
        if kind in resources:
            kept[kind] = pikepdf.Dictionary({key: value for key, value in resources[kind].items() if key in used})
    return kept


def embedded(font: Any) -> tuple[str, bool]:
    """A font's family as the file names it, without the subset's prefix, and whether it is embedded."""
    inner_font = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    name = str(inner_font.BaseFont).removeprefix("/").rpartition("+")[2]
    descriptor = inner_font.get("/FontDescriptor", pikepdf.Dictionary())
    return name, any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
