"""What is drawn on every PDF page (pikepdf): who it is, as two codes and in words.

Both codes say the same, at opposite corners: a stroke or a seal over one leaves the other. They are vectors, one form
used at two sizes. Lengths are millimetres unless a name says points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import SupportsFloat

import numpy as np
import pikepdf

from pipeline.doors.faces import Face
from pipeline.doors.faces import face as words
from pipeline.doors.qr_symbols import QUIET, Modules, symbols
from pipeline.model.identity import PageCode

LOWER, UPPER = 20.0, 16.0
"""Sides of the codes with their quiet zones: lower left, upper right."""
MARGIN = 2.5
"""From the paper's edges to the quiet zones: with these, print begins 4 mm from the edge."""
_POINTS = 72 / 25.4
_SIZE, _LINE = 6.5, 8.5
_GRAY = 0.45
_WORDS = "판쪽중·-./ 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
INSIDE, IDENTITY_FONT = "/Identity", "/IdentityFont"
"""Names of the code and the font among a page's resources."""
BEFORE, BEHIND = b"q\n", b"\nQ\n"
"""Close in the content of a page, so that its last matrix does not move what is drawn behind it."""


def room(width: float, height: float) -> list[tuple[float, float, float, float]]:
    """What has to be free on a page of this size: left, bottom, right, top in points from the lower left corner."""
    lower, upper = ((side + MARGIN) * _POINTS for side in (LOWER, UPPER))
    return [(0, 0, lower, lower), (width - upper, height - upper, width, height)]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page's identity is drawn with."""

    squares: bytes
    """The dark modules of its code: content of a form, whose unit is a module."""
    side: int
    """Modules in a row of the code."""
    content: bytes
    """What stands behind that of the page and `BEHIND`."""


def face(font_file: str) -> Face:
    """For the words beside codes.

    Args:
        font_file: a TrueType font with Hangul; '' where there is none.
    """
    return words(font_file, _WORDS)


def stamp(document: pikepdf.Pdf, codes: Sequence[PageCode], font_file: str) -> None:
    """Draw its identity on every page of a document.

    Args:
        document: with as many pages as there are codes.
        codes: of the pages, in order.
        font_file: a TrueType font with Hangul, for the words beside the lower code; '' where there is none.
    """
    captions = face(font_file)
    font = document.copy_foreign(captions.font)
    made = symbols([code.payload for code in codes])
    for page, code, modules in zip(document.pages, codes, made, strict=True):
        drawn = drawing(code, modules, page.mediabox, captions)
        form = document.make_stream(drawn.squares)
        form.Type, form.Subtype, form.FormType = pikepdf.Name.XObject, pikepdf.Name.Form, 1
        form.BBox = [0, 0, drawn.side, drawn.side]
        resources = page.obj.Resources
        for kind, name, what in (("/XObject", INSIDE, form), ("/Font", IDENTITY_FONT, font)):
            resources[kind] = pikepdf.Dictionary({**dict(resources.get(kind, {}).items()), name: what})
        page.contents_add(BEFORE, prepend=True)
        page.contents_add(BEHIND + drawn.content)


def drawing(code: PageCode, modules: Modules, paper: Iterable[SupportsFloat], captions: Face) -> Drawing:
    """How a page's identity is drawn.

    Args:
        code: the identity.
        modules: the symbol of its payload.
        paper: edges of the page in points: left, bottom, right, top.
        captions: `face`.
    """
    side = len(modules)
    size = side - 2 * QUIET
    left, bottom, right, top = map(float, paper)
    lower, upper = (wide * _POINTS / side for wide in (LOWER, UPPER))
    x, y = left + MARGIN * _POINTS + QUIET * lower, bottom + MARGIN * _POINTS + QUIET * lower
    across = right - MARGIN * _POINTS - (size + QUIET) * upper
    above = top - MARGIN * _POINTS - (size + QUIET) * upper
    word_x, word_y = left + (LOWER + MARGIN + 2) * _POINTS, y
    drawn = (
        f"q 0 g {lower:.4f} 0 0 {lower:.4f} {x:.3f} {y:.3f} cm {INSIDE} Do Q "
        f"q 0 g {upper:.4f} 0 0 {upper:.4f} {across:.3f} {above:.3f} cm {INSIDE} Do Q "
        f"q {_GRAY} g BT {IDENTITY_FONT} {_SIZE} Tf {_LINE} TL {word_x:.3f} {word_y + _LINE:.3f} Td "
        f"{captions.shown(_first(code, captions))} Tj T* {captions.shown(f'{code.campaign} · {code.check}')} Tj ET Q"
    )
    return Drawing(_squares(modules), size, drawn.encode())


def _first(code: PageCode, face: Face) -> str:
    if not face.has_hangul:
        return f"{code.number} · {code.revision} · {code.page}/{code.pages}"
    return f"{code.number} · {code.revision}판 · {code.pages}쪽 중 {code.page}쪽"


def _squares(modules: Modules) -> bytes:
    """Dark modules as rectangles, a run in a row as one; the unit is a module."""
    line = modules.ravel()
    edges = np.flatnonzero(line[1:] != line[:-1]).tolist()
    known = _rectangles(len(modules))
    return b"\n".join([*map(known.__getitem__, zip(edges[::2], edges[1::2], strict=True)), b"f"])


class _Rectangles(dict[tuple[int, int], bytes]):
    """Runs of modules by the places before their first and of their last."""

    def __init__(self, side: int) -> None:
        self._side = side

    def __missing__(self, run: tuple[int, int]) -> bytes:
        row, column = divmod(run[0] + 1, self._side)
        self[run] = b"%d %d %d 1 re" % (column - QUIET, self._side - QUIET - 1 - row, run[1] - run[0])
        return self[run]


@cache
def _rectangles(side: int) -> _Rectangles:
    return _Rectangles(side)
