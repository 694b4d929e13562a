"""Text runs of LibreOffice's PDFs, put where they would stand had the document been converted alone.

LibreOffice (measured, 7.4.7) places glyphs on a grid of 0.1 pt and writes a run as one `TJ`, whose whole-number
adjustments miss the grid by some hundredths of a point. A subset font holds at most 255 glyphs: in a composed file a
face has several, and a run that passes from one to the next starts anew, exactly on the grid. The paper would differ
from one converted alone by fractions of a pixel. Here the start of such a continuation is computed as the single run
would have reached it.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_BLOCK = re.compile(rb"BT\n(?:(?!ET).)*?1 0 0 1 (?:(?!ET).)*?ET", re.DOTALL)
_SEGMENT = re.compile(
    rb"(?P<start>(?P<x>[-\d.]+) (?P<y>[-\d.]+) Td |1 0 0 1 (?P<tx>[-\d.]+) (?P<ty>[-\d.]+) Tm\s+)"
    rb"/(?P<font>\S+) (?P<size>[-\d.]+) Tf\s*(?P<show>\[[^\]]*\]TJ|<[0-9A-F]*>Tj)\s*"
)
_ITEM = re.compile(rb"<([0-9A-F]*)>|([-\d.]+)")
_GRID = 10
"""Steps of the grid in a point."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a subset font says."""

    name: str
    """The face it is cut from."""
    widths: Mapping[int, float]
    """What the file says a code moves the pen, in whole 1/1000 em."""
    native: Mapping[int, float] = field(default_factory=dict)
    """What the font itself says, with its fraction: LibreOffice computes with it."""


def native_widths(font: bytes) -> dict[int, float]:
    """Widths of a TrueType file's glyphs in 1/1000 em; LibreOffice's codes are its subsets' glyph numbers.

    OpenType 1.9: `head` (unitsPerEm at 18), `hhea` (numberOfHMetrics at 34), `hmtx`.
    """
    count = int.from_bytes(font[4:6], "big")
    entries = range(12, 12 + 16 * count, 16)
    tables = {font[at : at + 4]: int.from_bytes(font[at + 8 : at + 12], "big") for at in entries}
    units = int.from_bytes(font[tables[b"head"] + 18 : tables[b"head"] + 20], "big")
    metrics = int.from_bytes(font[tables[b"hhea"] + 34 : tables[b"hhea"] + 36], "big")
    advances = struct.iter_unpack(">Hh", font[tables[b"hmtx"] : tables[b"hmtx"] + 4 * metrics])
    return {code: advance * 1000 / units for code, (advance, _) in enumerate(advances)}


def settle(content: bytes, faces: Mapping[str, Face]) -> bytes:
    """The content stream with continued runs in their places; streams without any come back as they are.

    Args:
        content: an uncompressed content stream of LibreOffice.
        faces: the page's fonts by resource name, without the slash.
    """
    return _BLOCK.sub(lambda block: _settle_block(block[0], faces), content)


def _settle_block(block: bytes, faces: Mapping[str, Face]) -> bytes:
    segments = list(_SEGMENT.finditer(block))
    if len(segments) < 2 or any(one["font"].decode() not in faces for one in segments):  # noqa: PLR2004
        return block
    out, end = [], 0
    true = grid = 0.0
    before: re.Match[bytes] | None = None
    for one in segments:
        x = float(one["x"] or one["tx"])
        if before is not None and _continues(before, one, faces):
            advance = x - grid
            true += _step(before, faces, advance)
            start = b"1 0 0 1 %s %s Tm\n" % (_number(true), one["ty"])
        else:
            true, start = x, one["start"]
        out += [block[end : one.start()], start, block[one.end("start") : one.end()]]
        end = one.end()
        true, grid = _walk(one, faces, true, x)
        before = one
    return b"".join([*out, block[end:]])


def _continues(before: re.Match[bytes], one: re.Match[bytes], faces: Mapping[str, Face]) -> bool:
    """The same line and face at the same size: only the subset changed."""
    level = before["y"] or before["ty"]
    same_face = faces[before["font"].decode()].name == faces[one["font"].decode()].name
    return same_face and before["font"] != one["font"] and before["size"] == one["size"] and level == one["ty"]


def _walk(one: re.Match[bytes], faces: Mapping[str, Face], true: float, grid: float) -> tuple[float, float]:
    """Where a segment's last glyph starts: as adjusted, and on the grid."""
    size = float(one["size"])
    for width, adjustment in _glyphs(one, faces)[:-1]:
        step = (width - adjustment) * size / 1000
        true += step
        grid = round((grid + step) * _GRID) / _GRID
    return true, grid


def _step(before: re.Match[bytes], faces: Mapping[str, Face], advance: float) -> float:
    """How far a run moves from a segment's last glyph for an advance on the grid.

    LibreOffice writes the difference to the glyph's own width, plus a half, cut to a whole number: -5.5 gives -5.
    """
    face, size = faces[before["font"].decode()], float(before["size"])
    code = bytes.fromhex(_ITEM.findall(before["show"])[-1][0].decode())[-1]
    width = face.widths.get(code, 0.0)
    adjustment = math.trunc(face.native.get(code, width) - round(advance * _GRID) / _GRID * 1000 / size + 0.5)
    return (width - adjustment) * size / 1000


def _glyphs(one: re.Match[bytes], faces: Mapping[str, Face]) -> list[tuple[float, float]]:
    """Width of each glyph and the adjustment that follows it, in 1/1000 em."""
    widths = faces[one["font"].decode()].widths
    glyphs: list[tuple[float, float]] = []
    for codes, adjustment in _ITEM.findall(one["show"]):
        if adjustment:
            glyphs[-1] = (glyphs[-1][0], float(adjustment))
        else:
            glyphs += [(widths.get(code, 0.0), 0.0) for code in bytes.fromhex(codes.decode())]
    return glyphs


def _number(value: float) -> bytes:
    return f"{value:.5f}".rstrip("0").rstrip(".").encode()
