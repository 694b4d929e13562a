"""A volume under way (pikepdf): pages from many files, stamped, linked, with bookmarks and page labels."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pikepdf

from pipeline.doors.faces import Face
from pipeline.doors.volumes.store import Store
from pipeline.model.scans import Box

_POINTS = 72 / 25.4
_SIZE, _NOTE = 8.0, 9.0
_FOOT = 6.0
"""Millimetres from the lower edge to the baseline of page numbers: below the codes' quiet zone, above no printer's."""
_HEAD = 8.0
_MOST_OPEN = 200
_CLOSED = "q\n", "\nQ\n"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is drawn on a page of a volume."""

    foot: str
    """Its number."""
    note: str = ""
    """Above its text: what the page is, where it is not what people would take it for."""
    boxes: tuple[Box, ...] = ()
    """Signature boxes (mm) that are written over."""
    boxed: str = ""
    """With these words."""


@dataclass(slots=True)
class Mark:
    """A bookmark."""

    title: str
    page: int
    below: list[Mark] = field(default_factory=list)


class Binder:
    """Pages of a volume, in order.

    Args:
        face: what stamps are written with.
        folder: for parts of a volume made of more files than can be open at once.
    """

    def __init__(self, face: Face, folder: Path) -> None:
        self._face = face
        self._folder = folder
        self._parts: list[Path] = []
        self._open = ExitStack()
        self._pages: list[Any]
        self._begin()

    def _begin(self) -> None:
        self.pdf = pikepdf.new()
        self._store = Store(self.pdf)
        self._pages = []
        self._font = self.pdf.copy_foreign(self._face.font)
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self.pdf.close()

    def add(self, source: Path | bytes, pages: Iterable[tuple[int, int, Stamp]]) -> None:
        """Add pages of a file.

        Args:
            source: a PDF. One by path may be read again until the volume is written.
            pages: numbers from 1, degrees clockwise until it can be read, stamp.

        Raises:
            pikepdf.PdfError: damaged, or without such a page.
        """
        opened = pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        self._store.begin()
        if any("/Annots" in page.obj for page in opened.pages):
            # Visible signatures and comments are part of what the page shows.
            opened.flatten_annotations("all")
        try:
            for number, turn, stamp in pages:
                self._append(opened.pages[number - 1], turn, stamp)
        finally:
            if self._store.holds_source:
                self._open.callback(opened.close)
                self._held += 1
            else:
                opened.close()
        if self._held >= _MOST_OPEN:
            self._put_aside()

    def _put_aside(self) -> None:
        """Write what there is, so that its sources can be closed."""
        path = self._folder / f"part-{len(self._parts)}.pdf"
        self._plant()
        self.pdf.save(path)
        self._open.close()
        self.pdf.close()
        self._parts.append(path)
        self._begin()

    def _plant(self) -> None:
        """Make the pages the document's, all at once: for each one that is inserted, qpdf walks along the others."""
        root = self.pdf.Root.Pages
        for page in self._pages:
            page.Parent = root
        root.Kids, root.Count = pikepdf.Array(self._pages), len(self._pages)

    def finish(self) -> pikepdf.Pdf:
        """All pages, in one PDF; from now on links and bookmarks can be set."""
        if self._parts:
            self._put_aside()
            for path in self._parts:
                part = pikepdf.open(path)
                self._open.callback(part.close)
                self._store.begin()
                for page in part.pages:
                    self._pages.append(self.pdf.make_indirect(self._store.page(page)))
        self._plant()
        return self.pdf

    def _append(self, page: pikepdf.Page, turn: int, stamp: Stamp) -> None:
        copy = self._store.page(page)
        rotation = (int(copy.get("/Rotate", 0)) + turn) % 360
        copy.Rotate = rotation
        copy.Type = pikepdf.Name.Page
        before, after = (self._store.stream(one.encode()) for one in _CLOSED)
        content = copy.get("/Contents")
        own = list(content) if isinstance(content, pikepdf.Array) else [content] if content is not None else []
        drawn = self._store.stream(self._drawn(_visible(copy), rotation, stamp).encode())
        copy.Contents = pikepdf.Array([before, *own, after, drawn])
        resources: Any = copy.get("/Resources", pikepdf.Dictionary())
        fonts: Any = resources.get("/Font", pikepdf.Dictionary())
        named = pikepdf.Dictionary({**dict(fonts.items()), "/VolumeFont": self._font})
        copy.Resources = self._store.shared(pikepdf.Dictionary({**dict(resources.items()), "/Font": named}))
        self._pages.append(self.pdf.make_indirect(copy))

    def _drawn(self, box: tuple[float, float, float, float], rotation: int, stamp: Stamp) -> str:
        """In the space of the page as people see it: origin at its lower left, in points."""
        left, bottom, right, top = box
        width, height = right - left, top - bottom
        moved = {
            0: f"1 0 0 1 {left:.2f} {bottom:.2f}",
            90: f"0 1 -1 0 {right:.2f} {bottom:.2f}",
            180: f"-1 0 0 -1 {right:.2f} {top:.2f}",
            270: f"0 -1 1 0 {left:.2f} {top:.2f}",
        }[rotation]
        if rotation in {90, 270}:
            width, height = height, width
        # Scans are as large as the scanner made them: a stamp keeps its share of the page.
        scale = min(width / 595.28, height / 841.89) if width < height else min(width / 841.89, height / 595.28)
        parts = [f"q {moved} cm {scale:.4f} 0 0 {scale:.4f} 0 0 cm"]
        width, height = width / scale, height / scale
        parts.append(self._words(stamp.foot, _SIZE, width / 2, _FOOT * _POINTS, "0.35 g"))
        if stamp.note:
            parts.append(self._words(stamp.note, _NOTE, width / 2, height - _HEAD * _POINTS, "0.70 0.15 0.12 rg"))
        for one in stamp.boxes:
            x, y = one.x * _POINTS, height - (one.y + one.height) * _POINTS
            wide, high = one.width * _POINTS, one.height * _POINTS
            parts.append(self._words(stamp.boxed, _NOTE, x + wide / 2, y + high / 2 - _NOTE / 3, "0.35 g"))
        parts.append("Q")
        return "\n".join(parts)

    def _words(self, text: str, size: float, x: float, y: float, colour: str) -> str:
        """Centred, on a white ground: what lies below may be a scan's gray edge."""
        wide = self._face.width(text, size)
        left = x - wide / 2
        ground = f"1 g {left - 3:.2f} {y - 0.3 * size:.2f} {wide + 6:.2f} {1.35 * size:.2f} re f"
        return f"{ground} {colour} BT /VolumeFont {size} Tf {left:.2f} {y:.2f} Td {self._face.shown(text)} Tj ET"

    def link(self, page: int, box: Sequence[float], target: int) -> None:
        """Make a rectangle of a page (points) lead to another page; both from 0."""
        annotation = self.pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Link,
                F=4,
                Rect=[round(side, 2) for side in box],
                Border=[0, 0, 0],
                Dest=[self._pages[target], pikepdf.Name.Fit],
            )
        )
        own = self._pages[page]
        if "/Annots" not in own:
            own.Annots = pikepdf.Array()
        own.Annots.append(annotation)

    def bookmark(self, marks: Sequence[Mark]) -> None:
        """Bookmarks, closed below the first level."""
        outlines = self.pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Outlines))
        self._level(marks, outlines)
        self.pdf.Root.Outlines = outlines
        self.pdf.Root.PageMode = pikepdf.Name.UseOutlines

    def _level(self, marks: Sequence[Mark], parent: Any) -> None:
        made: list[Any] = []
        for mark in marks:
            item = self.pdf.make_indirect(
                pikepdf.Dictionary(
                    Title=pikepdf.String(mark.title),
                    Parent=parent,
                    Dest=[self._pages[mark.page], pikepdf.Name.Fit],
                )
            )
            if made:
                made[-1].Next, item.Prev = item, made[-1]
            made.append(item)
            self._level(mark.below, item)
        if made:
            parent.First, parent.Last = made[0], made[-1]
            parent.Count = len(made) if parent.get("/Type") == "/Outlines" else -len(made)

    def label(self, front: int) -> None:
        """Page labels: small Roman numbers for the front matter, Arabic from 1 for the rest."""
        labels = [0, pikepdf.Dictionary(S=pikepdf.Name.r), front, pikepdf.Dictionary(S=pikepdf.Name.D)]
        self.pdf.Root.PageLabels = pikepdf.Dictionary(Nums=labels if front else labels[2:])


def _visible(page: Mapping[str, Any]) -> tuple[float, float, float, float]:
    box = page.get("/CropBox") or page.get("/MediaBox") or [0, 0, 595.28, 841.89]
    x0, y0, x1, y1 = (float(side) for side in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
