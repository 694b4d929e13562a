"""Frames around captions on a PDF page (pdfium): where people sign."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from pipeline.model.scans import Box

_POINTS = 72 / 25.4
_THIN = 3.0
"""Points: a line is no thicker."""
_SHORTEST = 12.0
"""Points: what is shorter is no side of a box to sign in."""
_DEPTH = 4
"""Of forms within forms."""


def _plain(function: Any, result: Any, *arguments: Any) -> Any:
    """A short function of pdfium, called without letting other threads go on, whose pointers are numbers.

    ctypes would make an object of its own of each object of a page.
    """
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _POINTER).value or 0)


_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int
_KIND = _plain(pdfium.FPDFPageObj_GetType, _NUMBER, _POINTER)
_BOUNDS = _plain(pdfium.FPDFPageObj_GetBounds, _NUMBER, _POINTER, *[ctypes.POINTER(ctypes.c_float)] * 4)
_ON_PAGE = (
    _plain(pdfium.FPDFPage_CountObjects, _NUMBER, _POINTER),
    _plain(pdfium.FPDFPage_GetObject, _POINTER, _POINTER, _NUMBER),
)
_IN_FORM = (
    _plain(pdfium.FPDFFormObj_CountObjects, _NUMBER, _POINTER),
    _plain(pdfium.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong),
)
"""How many objects there are, and each of them."""
_PATH, _FORM = pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_FORM


@dataclass(frozen=True, slots=True)
class Frame:
    """A caption and the box around it."""

    caption: str
    box: Box | None
    """None where no lines stand around it."""


class _Line(NamedTuple):
    """At which height it runs and from where to where on the width, or the other way round. Points."""

    at: float
    start: float
    end: float


def frames(page: Any, reader: Any, captions: Iterable[str]) -> list[Frame]:
    """The frames of some captions, in the order of the text.

    Args:
        page: of pdfium.
        reader: its text.
        captions: texts to look for.
    """
    found = sorted((place, caption, centre) for caption in captions for place, centre in _places(reader, caption))
    if not found:
        return []
    across, upright = _lines(page)
    left, _, _, top = bounds(page)
    return [Frame(caption, _around(across, upright, centre, (left, top))) for _, caption, centre in found]


def bounds(page: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of what can be seen of a page, in points."""
    found = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, found)
    return found.left, found.bottom, found.right, found.top


def _places(reader: Any, caption: str) -> Iterator[tuple[int, tuple[float, float]]]:
    """Where a caption begins in the text, and its middle in points."""
    wanted = ctypes.create_string_buffer(f"{caption}\0".encode("utf-16-le"))
    search = pdfium.FPDFText_FindStart(reader, ctypes.cast(wanted, ctypes.POINTER(ctypes.c_ushort)), 0, 0)
    try:
        while pdfium.FPDFText_FindNext(search):
            first, count = pdfium.FPDFText_GetSchResultIndex(search), pdfium.FPDFText_GetSchCount(search)
            left, _, bottom, _ = _sign(reader, first)
            _, right, _, top = _sign(reader, first + count - 1)
            yield first, ((left + right) / 2, (bottom + top) / 2)
    finally:
        pdfium.FPDFText_FindClose(search)


def _sign(reader: Any, place: int) -> tuple[float, ...]:
    """Left, right, bottom and top of a sign of a page's text, in points."""
    edges = [ctypes.c_double() for _ in range(4)]
    pdfium.FPDFText_GetCharBox(reader, place, *edges)
    return tuple(edge.value for edge in edges)


def _lines(page: Any) -> tuple[list[_Line], list[_Line]]:
    """Lines of tables, and the sides of rectangles: those across, and the upright ones."""
    across: list[_Line] = []
    upright: list[_Line] = []
    edges = [ctypes.c_float() for _ in range(4)]
    for one in _paths(ctypes.cast(page, _POINTER), *_ON_PAGE, _DEPTH):
        _BOUNDS(one, *edges)
        left, bottom, right, top = [edge.value for edge in edges]
        wide, high = right - left, top - bottom
        if high <= _THIN < _SHORTEST <= wide:
            across.append(_Line((top + bottom) / 2, left, right))
        elif wide <= _THIN < _SHORTEST <= high:
            upright.append(_Line((left + right) / 2, bottom, top))
        elif min(wide, high) >= _SHORTEST:
            across += (_Line(bottom, left, right), _Line(top, left, right))
            upright += (_Line(left, bottom, top), _Line(right, bottom, top))
    return across, upright


def _paths(holder: Any, count: Callable[..., int], get: Callable[..., Any], depth: int) -> Iterator[Any]:
    """Paths of a page or form; most of its objects are words."""
    objects = list(map(get, repeat(holder), range(count(holder))))
    for one, kind in zip(objects, map(_KIND, objects), strict=True):
        if kind == _PATH:
            yield one
        elif kind == _FORM and depth > 1:
            yield from _paths(one, *_IN_FORM, depth - 1)


def _around(
    across: Iterable[_Line], upright: Iterable[_Line], centre: tuple[float, float], corner: tuple[float, float]
) -> Box | None:
    """The nearest lines on all four sides of a point, as a box in mm from the page's upper left corner."""
    x, y = centre
    left, top = corner
    heights = [at for at, start, end in across if start <= x <= end]
    widths = [at for at, start, end in upright if start <= y <= end]
    below, above = _beside(heights, y)
    before, after = _beside(widths, x)
    if below is None or above is None or before is None or after is None:
        return None
    sides = (before - left, top - above, after - before, above - below)
    return Box(*(round(side / _POINTS, 2) for side in sides))


def _beside(places: Iterable[float], at: float) -> tuple[float | None, float | None]:
    """The nearest places before and behind one."""
    before, after = [one for one in places if one < at], [one for one in places if one > at]
    return max(before, default=None), min(after, default=None)
