"""QR symbols (zxing-cpp), as whole numbers: a bit is a module, row after row from the upper left, 1 is dark.

Of eight masks a symbol bears the one that leaves it plainest to read (ISO/IEC 18004, 7.8). zxing-cpp tries them module
by module, which takes five sixths of its time; whole numbers compare all modules of a symbol at once. The symbols are
the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import zxingcpp

QUIET = 4
"""Modules left blank around a symbol (ISO/IEC 18004, 6.3.8)."""
_MASKS = range(8)
_BITS = bytes.maketrans(b"\x00\xff", b"10")
_RUN, _BLOCK, _FINDER, _SHARE = 3, 3, 40, 10
"""Points for what is hard to read: five modules alike in a row, four in a square, what looks like a corner of the
symbol, and each 5 % that dark modules are off a half (7.8.3.1)."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol with its quiet zone."""

    side: int
    """Modules in a row."""
    dark: int


def symbol(text: str) -> Symbol:
    """The symbol of a text, at error correction Q."""
    plain = _drawn(text, 0)
    candidates = [plain.dark ^ other for other in _differences(text, plain.side)]
    return Symbol(plain.side, min(candidates, key=lambda dark: _penalty(dark, plain.side)))


def _drawn(text: str, mask: int) -> Symbol:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q", dataMask=mask)
    image: Any = code.to_image(scale=1, add_quiet_zones=True)
    return Symbol(image.shape[0], int(bytes(image).translate(_BITS), 2))


_known: dict[int, list[int]] = {}


def _differences(text: str, side: int) -> list[int]:
    """Modules in which symbols of a size differ from those of the first mask, whatever they say."""
    if side not in _known:
        first = _drawn(text, 0).dark
        _known[side] = [_drawn(text, mask).dark ^ first for mask in _MASKS]
    return _known[side]


@cache
def _pairs(side: int) -> tuple[tuple[int, int], ...]:
    """Across and down: the step from a module to the next, and the modules that have a next one in the symbol."""
    size = side - 2 * QUIET

    def filled(wide: int, high: int) -> int:
        return sum(((1 << wide) - 1) << (QUIET + side * (QUIET + row)) for row in range(high))

    return (1, filled(size - 1, size)), (side, filled(size, size - 1))


def _penalty(dark: int, side: int) -> int:
    """Points of a symbol; those of modules at which something begins are counted as bits."""
    points, alike = 0, []
    for step, inside in _pairs(side):
        behind = [dark >> step * place for place in range(11)]
        same = ~(dark ^ behind[1]) & inside
        five = same & same >> step
        five &= five >> 2 * step
        points += (_RUN - 1) * (five & ~(five << step)).bit_count() + five.bit_count()
        corner = dark & behind[2] & behind[3] & behind[4] & behind[6] & ~(behind[1] | behind[5])
        after = behind[7] | behind[8] | behind[9] | behind[10]
        before = dark << step | dark << 2 * step | dark << 3 * step | dark << 4 * step
        points += _FINDER * (corner & ~(before & after)).bit_count()
        alike.append(same)
    across, down = alike
    points += _BLOCK * (across & across >> side & down).bit_count()
    modules = (side - 2 * QUIET) ** 2
    return points + _SHARE * (abs(20 * dark.bit_count() - 10 * modules) // modules)
