"""QR symbols (zxing-cpp), many at a time.

Of eight masks a symbol bears the one that leaves it plainest to read (ISO/IEC 18004, 7.8). zxing-cpp tries them module
by module, which takes five sixths of its time; here a line of modules is a whole number of which a bit is a module, and
all lines of many symbols are compared at once. The symbols are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

QUIET = 4
"""Modules left blank around a symbol (ISO/IEC 18004, 6.3.8)."""
Modules = NDArray[np.uint8]
"""A symbol with its quiet zone, row after row from the upper left; 1 is dark."""
Lines = Any
"""An array of numbers of 64 bits, each a line of modules."""
_MASKS = range(8)
_RUN, _BLOCK, _FINDER, _SHARE = 3, 3, 40, 10
"""Points for what is hard to read: five modules alike in a row, four in a square, what looks like a corner of the
symbol, and each 5 % that dark modules are off a half (7.8.3.1)."""
_LINE = 64
"""Bits of the number that holds a line. Ours have 41 modules; for longer ones zxing-cpp looks for the mask itself."""
_AT_ONCE = 16
"""Symbols whose numbers stay near the processor."""


def symbols(texts: Sequence[str]) -> list[Modules]:
    """The symbol of each text, at error correction Q."""
    plain = [_drawn(text, dataMask=0) for text in texts]
    made: dict[int, Modules] = {}
    for places in _alike(plain):
        side = len(plain[places[0]])
        if side > _LINE:
            made |= {place: _drawn(texts[place]) for place in places}
        else:
            own = np.stack([plain[place] for place in places])
            made |= zip(places, _masked(own, _differences(texts[places[0]], side)), strict=True)
    return [made[place] for place in range(len(texts))]


def _drawn(text: str, **how: Any) -> Modules:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q", **how)
    picture = np.asarray(code.to_image(scale=1, add_quiet_zones=True))
    modules: Modules = (picture == 0).view(np.uint8)
    return modules


def _alike(plain: Sequence[Modules]) -> Iterator[list[int]]:
    """The places of symbols of a size, so many at a time."""
    places: dict[int, list[int]] = {}
    for place, one in enumerate(plain):
        places.setdefault(len(one), []).append(place)
    for own in places.values():
        yield from (own[start : start + _AT_ONCE] for start in range(0, len(own), _AT_ONCE))


_known: dict[int, Modules] = {}


def _differences(text: str, side: int) -> Modules:
    """Modules in which symbols of a size differ from those of the first mask, whatever they say."""
    if side not in _known:
        drawn = np.stack([_drawn(text, dataMask=mask) for mask in _MASKS])
        _known[side] = drawn ^ drawn[0]
    return _known[side]


def _masked(plain: Modules, differences: Modules) -> Modules:
    """Symbols that were drawn with the first mask, each with the best."""
    # By row, and by column; of each symbol, with each mask.
    lines = np.stack([_lines(plain), _lines(plain.swapaxes(1, 2))])[:, :, None]
    lines = lines ^ np.stack([_lines(differences), _lines(differences.swapaxes(1, 2))])[:, None]
    best = _points(lines, plain.shape[1] - 2 * QUIET).argmin(axis=1)
    masked: Modules = plain ^ differences[best]
    return masked


def _lines(modules: Modules) -> Lines:
    """The rows of symbols, without those of the quiet zone; their first module is the highest bit."""
    rows = np.packbits(modules[:, QUIET:-QUIET], axis=2)
    numbers = np.zeros((*rows.shape[:2], _LINE // 8), np.uint8)
    numbers[..., : rows.shape[2]] = rows
    return numbers.view(">u8")[..., 0].astype(np.uint64)


def _points(lines: Lines, size: int) -> Any:
    """Of symbols with each mask; those of modules at which something begins are counted as bits.

    Args:
        lines: rows and columns, symbols, masks, and the lines of each.
        size: modules in a line.
    """
    same = ~(lines ^ lines >> 1)
    same &= ((1 << size - 1) - 1) << (_LINE - QUIET - size)
    five = same & same >> 1
    five &= five >> 2
    across, rows = same[0], lines[0]
    block = across[..., 1:] & across[..., :-1]
    block &= ~(rows[..., 1:] ^ rows[..., :-1])
    along = (_RUN - 1) * _count(five & ~(five << 1)) + _count(five) + _FINDER * _count(_corners(lines))
    share = _SHARE * (abs(20 * _count(rows) - 10 * size**2) // size**2)
    return along.sum(axis=0) + _BLOCK * _count(block) + share


def _corners(lines: Lines) -> Lines:
    """Where 1011101 ends, with four light modules before it or behind."""
    found = lines & lines >> 2
    found &= found >> 4
    found &= lines >> 3
    found &= ~(lines >> 1 | lines >> 5)
    before, behind = lines >> 7 | lines >> 8, lines << 1 | lines << 2
    before |= before >> 2
    behind |= behind << 2
    found &= ~(before & behind)
    return found


def _count(lines: Lines) -> Any:
    """Bits of all lines of a symbol."""
    return np.bitwise_count(lines).sum(axis=-1, dtype=np.int64)
